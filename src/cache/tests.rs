use super::*;

fn cache() -> (tempfile::TempDir, Cache) {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path().join("some/where"));
    (folder, cache)
}

#[test]
fn what_was_kept_comes_back_and_borders_of_a_key_count() {
    let (_folder, cache) = cache();
    let key = Key::of(["ab", "c"]);
    assert_eq!(cache.get(key), None);
    cache.put(key, b"one");
    assert_eq!(cache.get(key).unwrap(), b"one");
    for other in [vec!["a", "bc"], vec!["ab", "c", ""], vec!["abc"], vec![]] {
        assert_eq!(cache.get(Key::of(other)), None);
    }
    cache.put(key, b"");
    assert_eq!(cache.get(key).unwrap(), b"");
    assert_eq!(cache.kept(), 2);
}

#[test]
fn damage_of_any_kind_is_a_miss_and_can_be_mended() {
    let (_folder, cache) = cache();
    let key = Key::of(["k"]);
    cache.put(key, b"value");
    let path = cache.path(key);
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for damaged in [&whole[..whole.len() - 1], &whole[..10], &flipped, b""] {
        fs::write(&path, damaged).unwrap();
        assert_eq!(cache.get(key), None);
        assert!(!path.exists());
        cache.put(key, b"value");
        assert_eq!(cache.get(key).unwrap(), b"value");
    }
    fs::write(&path, &flipped).unwrap();
    cache.put(Key::of(["other"]), b"v");
    let found = cache.verify().unwrap();
    assert_eq!((found.sound, found.damaged), (1, 1));
    assert_eq!(cache.stats().unwrap().results, 1);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_once_and_reads_as_empty() {
    let (folder, _) = cache();
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let cache = Cache::new(file);
    cache.put(Key::of(["k"]), b"v");
    assert!(cache.trouble().is_some());
    assert_eq!(cache.get(Key::of(["k"])), None);
    assert_eq!(cache.stats().unwrap(), Stats::default());
    assert_eq!(cache.kept(), 0);
}

#[test]
fn trimming_takes_what_was_used_longest_ago_and_nothing_of_others() {
    let (_folder, cache) = cache();
    let keys: Vec<Key> = (0..10).map(|n| Key::of([n.to_string()])).collect();
    let old = |hours: u64| SystemTime::now() - Duration::from_secs(3600 * hours);
    for (n, key) in keys.iter().enumerate() {
        cache.put(*key, &[0; 936]);
        let file = File::open(cache.path(*key)).unwrap();
        file.set_modified(old(20 - n as u64)).unwrap();
    }
    let shard = cache.path(keys[0]).parent().unwrap().to_owned();
    fs::write(shard.join("README"), "mine").unwrap();
    fs::write(shard.join(".tmpabc"), "begun").unwrap();
    let begun = File::open(shard.join(".tmpabc")).unwrap();
    begun.set_modified(old(2)).unwrap();
    // Reading the oldest makes it the newest.
    assert!(cache.get(keys[0]).is_some());
    cache.trim(20_000).unwrap();
    assert_eq!(cache.stats().unwrap().results, 10);
    assert!(!shard.join(".tmpabc").exists());
    cache.trim(9_000).unwrap();
    let left: Vec<bool> = keys.iter().map(|k| cache.path(*k).exists()).collect();
    let expected = [
        true, false, false, false, true, true, true, true, true, true,
    ];
    assert_eq!(left, expected);
    cache.clear().unwrap();
    assert_eq!(cache.stats().unwrap(), Stats::default());
    assert!(shard.join("README").exists());
}

#[test]
fn many_at_once_disturb_nobody() {
    let (_folder, cache) = cache();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for n in 0..50 {
                    let key = Key::of([n.to_string()]);
                    let value = n.to_string().repeat(200);
                    cache.put(key, value.as_bytes());
                    assert_eq!(cache.get(key).unwrap(), value.as_bytes());
                }
            });
        }
    });
    assert_eq!(cache.trouble(), None);
    assert_eq!(cache.verify().unwrap().sound, 50);
}
