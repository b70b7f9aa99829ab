//! The pictures in `samples/` are what their generator draws.

#[path = "../../samples/generate.rs"]
#[allow(dead_code, unreachable_pub)]
mod generate;

use std::path::Path;

#[test]
fn the_samples_are_what_their_generator_draws() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for (name, bytes) in generate::pictures() {
        let file = std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(
            file == bytes,
            "{name} differs: cargo run --release --example generate-samples"
        );
    }
}

#[test]
fn the_samples_are_small_and_all_accounted_for() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut total = 0;
    for entry in folder.read_dir().unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if name.ends_with(".png") || name.ends_with(".jpg") {
            total += entry.metadata().unwrap().len();
            assert!(
                readme.contains(&format!("`{name}`")),
                "samples/README.md lacks {name}"
            );
        }
    }
    assert!(total < 4_000_000, "{total} bytes");
}
