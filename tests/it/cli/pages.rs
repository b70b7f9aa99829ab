//! The page for people, and the pictures in it.

use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Desk, said};
use crate::pictures::{glass, photo};

/// What the page's script is told of the pictures.
fn exhibits(page: &str) -> Vec<Value> {
    let marker = "id=\"look-data\">";
    let Some(from) = page.find(marker) else {
        return Vec::new();
    };
    let json = page[from + marker.len()..]
        .split("</script>")
        .next()
        .unwrap();
    serde_json::from_str(json).unwrap()
}

/// A picture in the page, decoded.
fn embedded(page: &str, picture: &Value) -> image::RgbaImage {
    let marker = format!("id=\"{}\">", picture["id"].as_str().unwrap());
    let from = page.find(&marker).unwrap() + marker.len();
    let base64 = page[from..].split("</script>").next().unwrap();
    let png = STANDARD.decode(base64).unwrap();
    image::load_from_memory(&png).unwrap().into_rgba8()
}

fn labels(exhibit: &Value) -> Vec<&str> {
    let pictures = exhibit["pictures"].as_array().unwrap();
    pictures
        .iter()
        .map(|p| p["label"].as_str().unwrap())
        .collect()
}

#[test]
fn a_page_shows_each_original_and_what_its_files_decode_to() {
    let desk = Desk::new();
    let picture = glass(40, 30, 3);
    desk.save("a.png", &picture);
    desk.save("b.png", &photo(32, 32, 2));
    desk.done("compare . -f jpeg,png -t ssimulacra2=60 -o page.html -o plain.json");
    let page = desk.read("page.html");
    let exhibits = exhibits(&page);
    assert_eq!(exhibits.len(), 2);
    assert_eq!(
        labels(&exhibits[0]),
        ["Original", "JPEG at SSIMULACRA2 60", "PNG"]
    );
    let pictures = exhibits[0]["pictures"].as_array().unwrap();
    for lossless in [0, 2] {
        assert_eq!(
            embedded(&page, &pictures[lossless]).as_raw(),
            picture.rgba()
        );
    }
    assert_ne!(embedded(&page, &pictures[1]).as_raw(), picture.rgba());
    // Files are kept for the page only, and nothing tells where.
    let report = desk.report("plain.json");
    assert!(report.measurements().all(|(_, _, m)| m.file.is_none()));
    assert_eq!(desk.names(), ["a.png", "b.png", "page.html", "plain.json"]);
}

#[test]
fn standard_input_and_widths_have_pictures_too() {
    let desk = Desk::with_photo();
    let line = "$0 compare - -f png,webp -q 60 -w 16,40 -o page.html --quiet < a.png";
    assert_eq!(desk.shell(line).code, 0);
    let page = desk.read("page.html");
    let exhibits = exhibits(&page);
    let widths: Vec<&Value> = exhibits.iter().map(|e| &e["width"]).collect();
    assert_eq!(widths, [16, 40]);
    assert_eq!(embedded(&page, &exhibits[0]["pictures"][0]).width(), 16);
}

#[test]
fn a_saved_report_has_pictures_where_its_files_are() {
    let desk = Desk::with_photo();
    desk.done("compare a.png -f jpeg,webp -q 60 -o bare.json -o direct.html");
    desk.done("report bare.json -o page.html");
    assert!(exhibits(&desk.read("page.html")).is_empty());
    assert!(desk.read("page.html").contains("This page has no pictures"));
    desk.done("compare a.png -f jpeg,webp -q 60 --keep kept -o kept.json");
    desk.done("report kept.json -o page.html");
    assert_eq!(exhibits(&desk.read("page.html")).len(), 1);
    // What is not what was measured is not shown.
    desk.save("a.png", &photo(40, 30, 9));
    desk.done("report kept.json -o page.html");
    assert!(
        desk.read("page.html")
            .contains("a.png: it is not the file that was measured")
    );
    desk.save("a.png", &photo(40, 30, 1));
    desk.write("kept/a.png.mozjpeg_q60.jpg", "no longer");
    desk.done("report kept.json -o page.html");
    assert!(
        desk.read("page.html")
            .contains("the kept file is not the one that was measured")
    );
}

#[test]
fn pictures_take_no_more_than_they_may() {
    let desk = Desk::new();
    desk.save("a.png", &photo(400, 300, 1));
    desk.done("compare a.png -f jpeg,webp -q 60 -m none -o page.html --html-max-embed 200kB");
    let page = desk.read("page.html");
    let exhibits = exhibits(&page);
    let [left, top, width, height] = [0, 1, 2, 3].map(|n| exhibits[0]["crop"][n].as_u64().unwrap());
    assert!(left + width <= 400 && top + height <= 300 && width * height < 400 * 300);
    assert_eq!(exhibits[0]["width"], width);
    assert!(page.len() < 200_000 * 4 / 3 + 100_000, "{}", page.len());
    desk.done("compare a.png -f jpeg,webp -q 60 -m none -o page.html --html-max-embed 0");
    assert!(self::exhibits(&desk.read("page.html")).is_empty());
}

#[test]
fn pictures_go_into_a_folder_where_that_is_asked_for() {
    let desk = Desk::with_photo();
    std::fs::create_dir(desk.path("out")).unwrap();
    desk.done("compare a.png -f jpeg,png -q 60 -m none -o out/page.html --html-assets pictures");
    let exhibits = exhibits(&desk.read("out/page.html"));
    for picture in exhibits[0]["pictures"].as_array().unwrap() {
        let url = picture["url"].as_str().unwrap();
        assert!(url.starts_with("./../pictures/"), "{url}");
        let mut bytes = Vec::new();
        let at = desk.path("out").join(Path::new(url));
        std::fs::File::open(at)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 40);
    }
    assert!(
        desk.read("out/page.html")
            .contains("img-src data: &#39;self&#39;")
    );
}

#[test]
fn the_command_on_the_page_measures_the_same_again() {
    let desk = Desk::with_photo();
    desk.done("compare a.png -f jpeg,webp -t ssimulacra2=60 -m ssimulacra2,psnr --lossless --background #123456 --no-timings -o first.json -o page.html");
    let page = desk.read("page.html");
    let marker = "<code id=\"command\">";
    let from = page.find(marker).unwrap() + marker.len();
    let command = page[from..]
        .split("</code>")
        .next()
        .unwrap()
        .replace("&#39;", "'");
    let command = command.strip_prefix("imgbench").unwrap();
    let line = format!("$0{command} --no-timings --quiet -o second.json");
    assert_eq!(desk.shell(&line).code, 0, "{line}");
    assert_eq!(desk.read("first.json"), desk.read("second.json"));
}

#[test]
fn lines_that_are_streamed_name_no_file_that_is_kept_for_the_page_only() {
    let desk = Desk::with_photo();
    let out = desk.done("compare a.png -f jpeg -q 60 --format ndjson -o page.html");
    assert!(
        out.contains("\"file\":null") && !out.contains("mozjpeg_q60"),
        "{out}"
    );
    let kept = said(desk.command().args([
        "compare",
        "a.png",
        "-f",
        "jpeg",
        "-q",
        "60",
        "--format",
        "ndjson",
        "-o",
        "page.html",
        "--keep",
        "kept",
    ]));
    assert!(
        kept.out.contains("kept/a.png.mozjpeg_q60.jpg"),
        "{}",
        kept.out
    );
}
