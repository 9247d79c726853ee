//! Slow: the worked example in a real browser, through the W3C's checker and a feed reader. `.ci/test` installs what this needs.

use std::path::PathBuf;
use std::process::Command;

use crate::cli::rejoinder;
use crate::world::{self, repository, run_checker, runs_slow_tests, say, tree};

/// Whether a site that is looked at has share cards, whose drawing takes time.
#[derive(Clone, Copy, PartialEq)]
enum Cards {
    Drawn,
    Off,
}

/// The worked example in a theme, copied and built in a directory of its own: tests run side by side, and one project is delivered once
/// at a time.
fn built(theme: &str, cards: Cards) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let mut files = tree(&repository("content"));
    files = files.into_iter().map(|(path, bytes)| (format!("content/{path}"), bytes)).collect();
    let mut settings = world::settings_with_theme(theme);
    if cards == Cards::Off {
        settings.extend(b"share_cards: false\n");
    }
    files.insert("site.yaml".to_owned(), settings);
    for (path, bytes) in files {
        let place = dir.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
    let ran = rejoinder(dir.path()).args(["build", "--quiet"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let output = dir.path().join("public");
    (dir, output)
}

/// In two views; in six with `EVERY_VIEW=1`.
#[test]
fn every_kind_of_page_is_accessible_steady_and_valid() {
    if !runs_slow_tests("pages in Chromium, and the W3C's checker") {
        return;
    }
    for theme in world::THEMES {
        say(theme);
        let (_dir, site) = built(theme, Cards::Drawn);
        let mut command = Command::new("node");
        command.arg(repository("tests/browser/run.mjs"));
        if std::env::var_os("EVERY_VIEW").is_some() {
            command.arg("--every");
        }
        run_checker(command.arg(&site));
    }
}

#[test]
fn every_feed_can_be_read() {
    if !runs_slow_tests("feeds in feedparser") {
        return;
    }
    let (_dir, site) = built("verbatim", Cards::Off);
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    run_checker(Command::new(python).arg(repository("tests/browser/feeds.py")).arg(&site));
}

#[cfg(feature = "search")]
#[test]
fn the_search_finds_statements_by_their_words() {
    if !runs_slow_tests("the search in Chromium") {
        return;
    }
    for theme in world::THEMES {
        say(theme);
        let (_dir, site) = built(theme, Cards::Off);
        run_checker(Command::new("node").arg(repository("tests/browser/search.mjs")).arg(&site));
    }
}
