//! Words that an editor took back: where they can still be read in a bucket that everybody may read, and until when.

use std::path::Path;

use rejoinder::publish::Store as _;
use rejoinder::publish::bucket::Limits;

use super::cycle::{expect, run, site_with};
use super::moto::Moto;

/// Words that should never have been published.
const WORDS: &str = "Words that were never said";

fn write(moto: &Moto, dir: &Path, words: &str) {
    let page = format!("---\ntitle: About\n---\n{words}.\n");
    std::fs::write(dir.join("content/about.md"), page).unwrap();
    expect(&run(moto, dir, &["build"]), 0, &[]);
}

/// Where they stand, each read as anybody would.
fn found(moto: &Moto) -> Vec<String> {
    let bucket = moto.bucket(moto.port, None, Limits::default());
    let holds = |key: &String| {
        let bytes = moto.get(key).unwrap_or_else(|| panic!("{key} is listed")).body;
        bytes.windows(WORDS.len()).any(|it| it == WORDS.as_bytes())
    };
    bucket.list().unwrap().into_keys().filter(holds).collect()
}

#[test]
fn what_was_taken_back_can_be_read_aside_until_it_is_pruned() {
    let Some(moto) = Moto::start(false) else { return };
    let dir = site_with(moto.port, "site", "region: us-east-1");
    let publish = |args: &[&str]| run(&moto, dir.path(), &[&["publish", "--yes"], args].concat());
    write(&moto, dir.path(), WORDS);
    expect(&publish(&[]), 0, &["Published r1"]);
    assert!(found(&moto).contains(&"site/about/index.html".to_owned()));

    // The ordinary way keeps the old page for a rollback, and the record, which everybody may read too, says where.
    write(&moto, dir.path(), "Other words");
    expect(&publish(&[]), 0, &["Published r2"]);
    let aside = found(&moto);
    assert!(!aside.is_empty() && aside.iter().all(|it| it.starts_with("site/.rejoinder/kept/")), "{aside:?}");
    let record = String::from_utf8(moto.get("site/.rejoinder/release.json").unwrap().body).unwrap();
    assert!(record.contains(aside[0].rsplit('/').next().unwrap()), "{record}");
    // When what is live is what was built, there is still something to prune.
    expect(&publish(&["--prune"]), 0, &["Published r3"]);
    assert_eq!(found(&moto), Vec::<String>::new());
    expect(&publish(&["--rollback", "r1"]), 5, &["does not keep that release"]);

    // In one step: what is taken back is never kept.
    write(&moto, dir.path(), WORDS);
    expect(&publish(&[]), 0, &["Published r4"]);
    write(&moto, dir.path(), "Other words");
    expect(&publish(&["--prune"]), 0, &["Published r5"]);
    assert_eq!(found(&moto), Vec::<String>::new());

    // Without it they go when the last release that can be brought back is a later one: after three more.
    write(&moto, dir.path(), WORDS);
    expect(&publish(&[]), 0, &["Published r6"]);
    for number in 7..=10 {
        write(&moto, dir.path(), &format!("Edition {number}"));
        expect(&publish(&[]), 0, &[&format!("Published r{number}")]);
        assert_eq!(found(&moto).is_empty(), number == 10, "r{number}");
    }
}
