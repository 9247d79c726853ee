//! Reports for programs, of whole sites: held against their schema, and stable when lines move.

use std::collections::BTreeSet;

use rejoinder::diag::{
    Envelope, Exit, Failure, Fingerprinted, Repository, Sources, concise, gitlab, json, jsonl, sarif,
};
use rejoinder::engine::BuildOptions;
use rejoinder::input::MemoryFiles;
use serde_json::Value;

use crate::schema;
use crate::world::{self, repository, runs_slow_tests, tree};

/// A site of `tests/sites` with something done to the text of each of its Markdown files.
fn report_of(site: &str, change: impl Fn(&str) -> String) -> (Fingerprinted, Sources) {
    let files = tree(&repository("tests/sites").join(site)).into_iter().map(|(path, bytes)| {
        match path.ends_with(".md").then(|| String::from_utf8(bytes.clone())) {
            Some(Ok(text)) => (path, change(&text).into_bytes()),
            Some(Err(_)) | None => (path, bytes),
        }
    });
    let files = MemoryFiles::from_pairs(files);
    let site = world::build(&files, &BuildOptions::default()).unwrap();
    (Fingerprinted::new(site.built.report, &site.built.sources), site.built.sources)
}

fn place() -> Repository {
    Repository { prefix: "docs/site/".to_owned(), config: "site.yaml".to_owned() }
}

fn sarif_of(site: &str) -> String {
    let (report, sources) = report_of(site, str::to_owned);
    sarif(&report, Exit::Problems, None, &sources, &place())
}

/// Every SARIF log that is checked: sites, and runs that were stopped.
fn logs() -> Vec<(&'static str, String)> {
    let stopped = |exit| {
        let failure = Failure::new(exit, "cannot do it").help("do that");
        sarif(&Fingerprinted::default(), exit, Some(&failure), &Sources::default(), &place())
    };
    vec![
        ("broken", sarif_of("broken")),
        ("small", sarif_of("small")),
        ("usage", stopped(Exit::Usage)),
        ("machine", stopped(Exit::Machine)),
    ]
}

fn sarif_schema() -> Value {
    serde_json::from_slice(&std::fs::read(repository("tests/schemas/sarif-2.1.0.json")).unwrap()).unwrap()
}

#[test]
fn sarif_logs_keep_to_their_schema() {
    let schema = sarif_schema();
    for (name, log) in logs() {
        let log: Value = serde_json::from_str(&log).unwrap();
        assert_eq!(schema::problems(&schema, &log), Vec::<String>::new(), "{name}");
    }
    let broken: Value = serde_json::from_str(&sarif_of("broken")).unwrap();
    let results = broken["runs"][0]["results"].as_array().unwrap();
    let has = |key: &str| results.iter().any(|it| it.get(key).is_some());
    assert!(
        results.len() > 20 && has("fixes") && has("relatedLocations"),
        "the broken site shows every part"
    );
}

#[test]
fn the_schema_would_notice() {
    let schema = sarif_schema();
    for (pointer, wrong) in [
        ("/version", Value::from("2.0.0")),
        ("/runs/0/columnKind", Value::from("bytes")),
        ("/runs/0/tool/driver/name", Value::Null),
        ("/runs/0/results/0/level", Value::from("fatal")),
        ("/runs/0/results/0/message", Value::from("text")),
        ("/runs/0/results/0/ruleIndex", Value::from(-2)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", Value::from("a b")),
        ("/runs/0/invocations/0", serde_json::json!({ "exitCode": 1 })),
    ] {
        let mut log: Value = serde_json::from_str(&sarif_of("broken")).unwrap();
        *log.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = wrong;
        assert!(!schema::problems(&schema, &log).is_empty(), "{pointer}");
    }
}

#[test]
fn sarif_logs_keep_to_their_schema_for_others_too() {
    if !runs_slow_tests("SARIF logs in Python's jsonschema") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for (name, log) in logs() {
        std::fs::write(dir.path().join(format!("{name}.sarif")), log).unwrap();
    }
    schema::check_with_python("sarif-2.1.0.json", dir.path());
}

/// Every fingerprint of a report in each format that has them, in its order.
fn prints(report: &Fingerprinted, sources: &Sources) -> Vec<Vec<String>> {
    fn all(list: &Value, pointer: &str) -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items.map(|it| it.pointer(pointer).unwrap().as_str().unwrap().to_owned()).collect()
    }
    let envelope = Envelope::new("check", Exit::Problems);
    let parse = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let lines = jsonl(&envelope, report, sources);
    let mut lines: Vec<Value> = lines.lines().map(parse).collect();
    lines.pop();
    vec![
        all(&parse(&gitlab(report, None, sources, &place())), "/fingerprint"),
        all(&parse(&json(&envelope, report, sources))["diagnostics"], "/fingerprint"),
        all(&Value::from(lines), "/fingerprint"),
        all(
            &parse(&sarif(report, Exit::Problems, None, sources, &place()))["runs"][0]["results"],
            "/partialFingerprints/rejoinder~1v1",
        ),
    ]
}

#[test]
fn fingerprints_are_distinct_and_stay_when_lines_move() {
    let (report, sources) = report_of("broken", str::to_owned);
    let before = prints(&report, &sources);
    let distinct: BTreeSet<&String> = before[0].iter().collect();
    assert!(before[0].len() > 20 && distinct.len() == before[0].len());
    assert!(before.iter().all(|it| *it == before[0]), "one fingerprint for all formats");
    // A comment below the opening fence and a blank line in front of the prose move nearly every line.
    let (moved, moved_sources) = report_of("broken", |text| match text.strip_prefix("---\n") {
        Some(rest) => format!("---\n# moved\n\n{}", rest.replacen("\n---\n", "\n---\n\n", 1)),
        None => text.to_owned(),
    });
    let after = prints(&moved, &moved_sources);
    let at = |report: &Fingerprinted, sources| concise(report.report(), sources);
    let (before_at, after_at) = (at(&report, &sources), at(&moved, &moved_sources));
    let n_same = before_at.lines().filter(|line| after_at.contains(line)).count();
    assert!(n_same < before_at.lines().count() / 2, "{n_same} problems stayed where they were");
    let sorted = |mut prints: Vec<Vec<String>>| {
        prints.iter_mut().for_each(|it| it.sort());
        prints
    };
    assert_eq!(sorted(before), sorted(after));
}
