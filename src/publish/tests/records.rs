//! Records come from hosts: what is odd is not read.

use super::model::*;
use crate::publish::record::{Record, RecordProblem};

fn record() -> Record {
    let store = with_site(&two_editions(4).0);
    Publisher::new("me").publish(&two_editions(4).1, &store).unwrap();
    store.record_now().unwrap()
}

#[test]
fn a_record_comes_back_as_it_was_written() {
    let record = record();
    assert!(!record.earlier.is_empty() && !record.kept.is_empty() && !record.retired.is_empty());
    assert_eq!(Record::parse(&record.to_bytes()), Ok(record.clone()));
    assert_eq!(record.to_bytes(), record.clone().to_bytes());
}

#[test]
fn hostile_records_are_refused() {
    let good = String::from_utf8(record().to_bytes()).unwrap();
    let swaps = [
        ("index.html", "../index.html"),
        ("index.html", "/etc/passwd"),
        ("index.html", "a//b"),
        ("index.html", "a/../../b"),
        ("index.html", "a\\\\b"),
        ("index.html", "a\\u0000b"),
        ("index.html", "a\\nb"),
        ("index.html", ".git/config"),
        ("index.html", ".GIT/config"),
        ("index.html", ".rejoinder/release.json"),
        ("index.html", ""),
        ("index.html", "zzz/index.html"),
        ("text/html; charset=utf-8", "text/html\\r\\nSet-Cookie: a=b"),
        ("max-age=300", "max-age=300\\r\\nX: y"),
        ("\"rejoinder\":1", "\"rejoinder\":2"),
        ("\"rejoinder\":1", "\"rejoinder\":1,\"more\":1"),
        ("\"title\"", "\"titel\""),
        ("\"size\":", "\"size\":-"),
        ("\"blake3\":\"", "\"blake3\":\"z"),
    ];
    for (from, to) in swaps {
        assert!(good.contains(from), "{from}");
        let bad = good.replacen(from, to, 1);
        assert!(Record::parse(bad.as_bytes()).is_err(), "{from} → {to}");
    }
    assert_eq!(
        Record::parse(good.replacen("\"rejoinder\":1", "\"rejoinder\":2", 1).as_bytes()),
        Err(RecordProblem::Version(2))
    );
    for end in 0..good.len() - 1 {
        assert!(Record::parse(&good.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}
