//! Whole sites: every directory of `tests/sites` is built and compared file by file with its `expected/`.
//!
//! A site's `report.txt` is what a person sees. A site that is broken on purpose has no `expected/`. Fingerprints in the names of
//! assets are written as `#`, and assets themselves are listed, not compared: they are the theme's, and change with it.

use std::collections::BTreeMap;
use std::path::Path;

use rejoinder::engine::BuildOptions;
use rejoinder::input::DiskFiles;

use crate::diff::diff;
use crate::world::{self, Site, is_update, repository, tree, write_tree};

#[test]
fn every_site_comes_out_as_expected() {
    let mut failures = String::new();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(repository("tests/sites")).unwrap() {
        names.push(entry.unwrap().file_name().into_string().unwrap());
    }
    names.sort();
    assert!(!names.is_empty(), "no site in tests/sites");
    for name in names {
        let dir = repository("tests/sites").join(&name);
        let site = world::build(&DiskFiles::new(dir.clone()), &BuildOptions::default()).unwrap();
        let mut actual = comparable(&site);
        actual.insert("report.txt".to_owned(), format!("{}\n", site.report()).into_bytes());
        if is_update() {
            update(&dir, &actual);
        }
        failures.push_str(&compare(&name, &expected(&dir), &actual));
    }
    assert!(failures.is_empty(), "\n{failures}UPDATE=1 writes what is there now");
}

/// What is expected of a site: its report, and its files below `expected/`.
fn expected(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = tree(dir);
    files.into_iter().filter(|(path, _)| path.starts_with("expected/") || path == "report.txt").collect()
}

fn update(dir: &Path, actual: &BTreeMap<String, Vec<u8>>) {
    for path in expected(dir).keys() {
        std::fs::remove_file(dir.join(path)).unwrap();
    }
    write_tree(dir, actual);
}

/// A site's output, without what changes with every line of a style sheet.
fn comparable(site: &Site) -> BTreeMap<String, Vec<u8>> {
    if site.built.report.has_errors() {
        return BTreeMap::new();
    }
    let mut files = BTreeMap::new();
    let mut assets = String::new();
    for (path, bytes) in &site.files {
        if path.starts_with("assets/") {
            assets.push_str(&without_fingerprints(path));
            assets.push('\n');
            continue;
        }
        let bytes = match std::str::from_utf8(bytes) {
            Ok(text) => without_fingerprints(text).into_bytes(),
            Err(_) => bytes.clone(),
        };
        files.insert(format!("expected/{path}"), bytes);
    }
    files.insert("expected/assets.txt".to_owned(), assets.into_bytes());
    files
}

/// `assets/verbatim.2ec77235.css` as `assets/verbatim.#.css`.
pub(crate) fn without_fingerprints(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("assets/") {
        let (before, name) = rest.split_at(at);
        out.push_str(before);
        let end = name.find(['"', '\'', ')', ' ', '<', '\n', '\\', ',']).unwrap_or(name.len());
        let parts: Vec<&str> = name[..end].split('.').collect();
        let is_hex = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        out.push_str(
            &parts.iter().map(|part| if is_hex(part) { "#" } else { part }).collect::<Vec<_>>().join("."),
        );
        rest = &name[end..];
    }
    out.push_str(rest);
    out
}

fn compare(site: &str, expected: &BTreeMap<String, Vec<u8>>, actual: &BTreeMap<String, Vec<u8>>) -> String {
    let mut out = String::new();
    for (path, bytes) in actual {
        match expected.get(path) {
            None => out.push_str(&format!("tests/sites/{site}/{path} is new\n")),
            Some(old) if old == bytes => (),
            Some(old) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let words = diff(&text(old), &text(bytes));
                let some: Vec<&str> = words.lines().take(20).collect();
                out.push_str(&format!("tests/sites/{site}/{path} differs:\n{}\n\n", some.join("\n")));
            }
        }
    }
    let left_over = expected.keys().filter(|path| !actual.contains_key(*path));
    left_over.for_each(|path| out.push_str(&format!("tests/sites/{site}/{path} is left over\n")));
    out
}

#[test]
fn fingerprints_in_names_are_left_out() {
    let text = "<link href=\"../assets/verbatim.2ec77235.css\"><img src='/r/assets/a.b.svg'> assets/x.01234567.woff2";
    let expected = "<link href=\"../assets/verbatim.#.css\"><img src='/r/assets/a.b.svg'> assets/x.#.woff2";
    assert_eq!(without_fingerprints(text), expected);
}
