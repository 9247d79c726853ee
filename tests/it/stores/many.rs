//! A site of many files: the first time, with ten files that changed, and unchanged. Says how long each took, and holds what stands
//! there afterwards against the site. `MANY_FILES=10199` for as many files; 600 unless asked.

use std::collections::BTreeMap;
use std::time::Instant;

use rejoinder::publish::Store;
use rejoinder::publish::bucket::Limits;
use rejoinder::publish::{File, Release};
use rejoinder::text::{Fingerprint, OutPath};

use super::moto::Moto;
use super::shelf::etag;
use super::site::{NoPause, Publisher, Version};
use crate::world::{runs_slow_tests, say};

/// A site whose first pages have other words.
fn version(n_files: usize, n_changed: usize) -> Version {
    let mut files = BTreeMap::new();
    for it in 0..n_files {
        let word = if it < n_changed { "new" } else { "old" };
        let text = format!("<!doctype html><p>{it} {word}</p>{}", "words ".repeat(500));
        files.insert(format!("part{}/p{it}/index.html", it % 100), text.into_bytes());
    }
    let listed = files.iter().map(|(path, bytes)| {
        File::new(OutPath::new(path).unwrap(), bytes.len() as u64, Fingerprint::of(bytes))
    });
    let release = Release { title: "Test".to_owned(), files: listed.collect(), ..Release::default() };
    Version { files, release }
}

#[test]
fn of_many_files_those_that_changed_are_sent() {
    if !runs_slow_tests("many files to a bucket") {
        return;
    }
    let Some(moto) = Moto::start(false) else { return };
    let dir = tempfile::tempdir().unwrap();
    let pace = NoPause::default();
    let n_files = std::env::var("MANY_FILES").ok().and_then(|it| it.parse().ok()).unwrap_or(600);
    let publish = |n_changed: usize, now: i64| {
        let version = version(n_files, n_changed);
        let bucket = moto.bucket(moto.port, Some("site"), Limits::default());
        let journal = dir.path().join("journal");
        let publisher = Publisher { name: "one", journal: &journal, at_once: 16, pace: &pace, now };
        let started = Instant::now();
        publisher.publish(&version, &bucket).unwrap();
        let took = started.elapsed().as_secs_f64();
        let there = bucket.list().unwrap();
        for (path, bytes) in &version.files {
            let listed = there.get(path).and_then(|it| it.etag.clone());
            assert_eq!(listed, Some(etag(bytes)), "{path}");
        }
        took
    };
    let (first, second) = (publish(0, 1_800_000_000), publish(10, 1_800_003_600));
    let unchanged = publish(10, 1_800_007_200);
    say(&format!(
        "{n_files} files to moto: {first:.1} s, with 10 changed {second:.2} s, unchanged {unchanged:.2} s"
    ));
}
