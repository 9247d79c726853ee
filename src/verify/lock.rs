//! `quotes.lock`: what is known of each quotation and each source it cites, without a word of the source.
//!
//! One line for the format, then one JSON object a line for each pair of a statement and a source, sorted, so that two
//! people's changes merge line by line. A record holds digests, never parts of a text that could be put together again:
//! with the copy of the source anybody can repeat the comparison, and without it nobody learns a word that the site does
//! not print.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diag::{Code, Diagnostic, Level, Place};
use crate::model::Wording;
use crate::quote::Class;
use crate::text::{Sha256, Span};

/// The file, at the top of the project.
pub const LOCK_FILE: &str = "quotes.lock";

/// What the first line says.
const SCHEMA: &str = "rejoinder.quotes.lock/1";

pub(super) static LOCK_UNREADABLE: Code = Code {
    name: "lock-unreadable",
    level: Level::Error,
    manual: "# lock-unreadable

A line of `quotes.lock` cannot be read. The file says which words were compared with which source, so a line that is lost
would let somebody change a quotation unnoticed.

After a merge with conflicts, keep the lines of both sides and take out the markers; lines may stand in any order. Then run
`rejoinder check --update-lock`, which compares again what it can and sorts the file. The file is written by Rejoinder and
never by hand.",
};

/// What a record is found by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The statement: `deepseek-r1/nvidia.advance`.
    pub statement: String,
    /// The source: `euronews-r1`.
    pub source: String,
    /// Which words.
    pub wording: Wording,
    /// Which of several uses of the same source, from 0.
    pub nth: usize,
}

/// What is known of one quotation in one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The digest of the words, as the author typed them.
    pub digest: Sha256,
    /// The digest of the words that the statement prints, where other words were compared (`original`, `as_printed`).
    pub printed: Option<Sha256>,
    /// In whose mouth the words are: an actor's id.
    pub speaker: String,
    /// How the words stood in the source: a class of [`crate::quote::Class`] by name. `no-text` means that no copy was at
    /// hand: the record only holds the words fast.
    pub class: String,
    /// The rules they were compared by: `qm/1`.
    pub rules: String,
    /// What the comparison noted, each as [`crate::quote::Note`] writes itself.
    pub notes: Vec<String>,
    /// The digest of the source as it was saved, when the source's record gives it.
    pub snapshot: Option<Sha256>,
    /// The digest of the text that the words were compared with.
    pub text: Option<Sha256>,
    /// Where in that text, as byte ranges; several when words are left out.
    pub at: Vec<(usize, usize)>,
    /// On which day it was compared: `2025-02-01`.
    pub on: String,
    /// Who compared it: an actor's id or a name; may be empty.
    pub by: String,
}

/// Every record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Several of one key only after a merge that kept both.
    records: BTreeMap<RecordKey, Vec<Record>>,
}

/// What is wrong with the file.
#[derive(Clone, Debug)]
pub struct LockProblem {
    /// The problem, at its line.
    pub diagnostic: Diagnostic,
    /// Whether a record may be lost by it, so that the file must not be written anew.
    pub loses: bool,
}

/// One line, in the order of its keys.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    statement: String,
    source: String,
    wording: Wording,
    #[serde(default, skip_serializing_if = "is_first")]
    nth: usize,
    digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    printed: Option<String>,
    speaker: String,
    class: String,
    rules: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    at: Vec<(usize, usize)>,
    on: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    by: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    schema: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_first(nth: &usize) -> bool {
    *nth == 0
}

impl Lock {
    /// The record of a quotation in a source. After a merge that kept two, the one of these words, else the newer.
    pub fn get(&self, key: &RecordKey, digest: &Sha256) -> Option<&Record> {
        let records = self.records.get(key)?;
        let of_words = records.iter().filter(|it| it.digest == *digest).max_by(|a, b| a.on.cmp(&b.on));
        of_words.or_else(|| records.iter().max_by(|a, b| a.on.cmp(&b.on)))
    }

    /// Puts a record in the place of older ones.
    pub fn insert(&mut self, key: RecordKey, record: Record) {
        self.records.insert(key, vec![record]);
    }

    /// Every record, by statement and source.
    pub fn records(&self) -> impl Iterator<Item = (&RecordKey, &Record)> {
        self.records.iter().flat_map(|(key, records)| records.iter().map(move |record| (key, record)))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Reads the file. A line that cannot be read is reported at its place in `file`, and the others are kept.
    pub fn parse(file: &std::sync::Arc<str>, text: &str) -> (Lock, Vec<LockProblem>) {
        let mut lock = Lock::default();
        let mut problems = Vec::new();
        let mut start = 0;
        let mut has_head = false;
        for line in text.split_inclusive('\n') {
            let span = Span::new(start, start + line.trim_end().len());
            start += line.len();
            let words = line.trim();
            if words.is_empty() {
                continue;
            }
            let problem = |loses: bool, message: &str, help: &str| LockProblem {
                diagnostic: Diagnostic::new(&LOCK_UNREADABLE, Place::span(file, span), message).help(help),
                loses,
            };
            if let Ok(head) = serde_json::from_str::<Head>(words) {
                has_head = true;
                if head.schema != SCHEMA {
                    let message = format!("this lock file is of the format `{}`", head.schema);
                    let help =
                        format!("use the version of Rejoinder that wrote it; this one reads `{SCHEMA}`");
                    return (Lock::default(), vec![problem(true, &message, &help)]);
                }
                continue;
            }
            match serde_json::from_str::<Line>(words).ok().and_then(record_of) {
                Some((key, record)) => {
                    let records = lock.records.entry(key).or_default();
                    records.push(record);
                    if records.len() > 1 {
                        problems.push(problem(
                            false,
                            "this quotation has two records",
                            "take out the older one, or run `rejoinder check --update-lock`",
                        ));
                    }
                }
                None if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
                    .iter()
                    .any(|it| words.starts_with(it)) =>
                {
                    problems.push(problem(
                        false,
                        "this is a mark of a merge that was not finished",
                        "keep the lines of both sides, take out the marks, and run `rejoinder check --update-lock`",
                    ));
                }
                None => problems.push(problem(
                    true,
                    "this line is no record of a quotation",
                    "take the file from version control again; if that is impossible, take the line out and run `rejoinder check --update-lock` where the copies are",
                )),
            }
        }
        if !has_head && start > 0 && problems.is_empty() {
            let message = format!("the first line of this file is not `{{\"schema\":\"{SCHEMA}\"}}`");
            let diagnostic = Diagnostic::new(&LOCK_UNREADABLE, Place::file(file), message)
                .help("put the line there, or take the file from version control again");
            problems.push(LockProblem { diagnostic, loses: true });
        }
        (lock, problems)
    }

    /// The whole file.
    pub fn render(&self) -> String {
        let mut out = String::new();
        let mut line = |json: Result<String, serde_json::Error>| {
            out.push_str(&json.expect("strings, numbers and lists are JSON"));
            out.push('\n');
        };
        line(serde_json::to_string(&Head { schema: SCHEMA.to_owned() }));
        for (key, record) in self.records() {
            line(serde_json::to_string(&line_of(key, record)));
        }
        out
    }
}

fn record_of(line: Line) -> Option<(RecordKey, Record)> {
    let key =
        RecordKey { statement: line.statement, source: line.source, wording: line.wording, nth: line.nth };
    let read = |written: Option<String>| match written {
        Some(written) => digest(&written).map(Some),
        None => Some(None),
    };
    let record = Record {
        digest: digest(&line.digest)?,
        printed: read(line.printed)?,
        speaker: line.speaker,
        class: line.class,
        rules: line.rules,
        notes: line.notes,
        snapshot: read(line.snapshot)?,
        text: read(line.text)?,
        at: line.at,
        on: line.on,
        by: line.by,
    };
    // A record that says that the words were found says in what.
    let class = Class::parse(&record.class)?;
    (!class.passes() || record.text.is_some() && !record.at.is_empty()).then_some((key, record))
}

fn line_of(key: &RecordKey, record: &Record) -> Line {
    let written = |digest: &Sha256| format!("sha256:{digest}");
    Line {
        statement: key.statement.clone(),
        source: key.source.clone(),
        wording: key.wording,
        nth: key.nth,
        digest: written(&record.digest),
        printed: record.printed.as_ref().map(written),
        speaker: record.speaker.clone(),
        class: record.class.clone(),
        rules: record.rules.clone(),
        notes: record.notes.clone(),
        snapshot: record.snapshot.as_ref().map(written),
        text: record.text.as_ref().map(written),
        at: record.at.clone(),
        on: record.on.clone(),
        by: record.by.clone(),
    }
}

fn digest(written: &str) -> Option<Sha256> {
    Sha256::from_hex(written.strip_prefix("sha256:")?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn lock() -> Lock {
        let mut lock = Lock::default();
        for (statement, nth) in [("tale/b.two", 0), ("tale/a.one", 0), ("tale/a.one", 1)] {
            let key = RecordKey {
                statement: statement.to_owned(),
                source: "article".to_owned(),
                wording: Wording::Quote,
                nth,
            };
            let record = Record {
                digest: Sha256::of(statement.as_bytes()),
                printed: None,
                speaker: "ada".to_owned(),
                class: "edge".to_owned(),
                rules: "qm/1".to_owned(),
                notes: vec!["edge".to_owned()],
                snapshot: None,
                text: Some(Sha256::of(b"text")),
                at: vec![(3, 9), (12, 20)],
                on: "2025-02-01".to_owned(),
                by: "desk".to_owned(),
            };
            lock.insert(key, record);
        }
        lock
    }

    fn parse(text: &str) -> (Lock, Vec<String>) {
        let file: Arc<str> = Arc::from(LOCK_FILE);
        let (lock, problems) = Lock::parse(&file, text);
        let told = problems.into_iter().map(|it| it.diagnostic).map(|it| match it.place.map(|it| it.at) {
            Some(crate::diag::At::Span(span)) => {
                format!("{}: {}", text[..span.start].matches('\n').count() + 1, it.message)
            }
            _ => it.message,
        });
        (lock, told.collect())
    }

    #[test]
    fn what_is_written_is_read_and_sorted() {
        let text = lock().render();
        let statements: Vec<&str> = text.lines().skip(1).map(|it| &it[14..24]).collect();
        assert_eq!(statements, ["tale/a.one", "tale/a.one", "tale/b.two"]);
        assert_eq!(parse(&text), (lock(), vec![]));
        assert_eq!(parse(&text.replace('\n', "\r\n")), (lock(), vec![]));
        let mut lines: Vec<&str> = text.lines().collect();
        lines.reverse();
        assert_eq!(parse(&lines.join("\n")), (lock(), vec![]));
    }

    #[test]
    fn each_line_that_cannot_be_read_is_told_and_the_others_are_kept() {
        let text = lock().render();
        let merged = text.replacen("\n{\"statement\":\"tale/b", "\n<<<<<<< ours\n{\"statement\":\"tale/b", 1);
        let (read, told) = parse(&format!("{merged}nonsense\n"));
        assert_eq!(read, lock());
        assert_eq!(
            told,
            [
                "4: this is a mark of a merge that was not finished",
                "6: this line is no record of a quotation"
            ]
        );
        let last = text.lines().last().unwrap();
        assert_eq!(parse(&format!("{text}{last}\n")).1, ["5: this quotation has two records"]);
        assert_eq!(parse(&text[text.find('\n').unwrap() + 1..]).1.len(), 1);
        let newer = text.replacen("lock/1", "lock/2", 1);
        assert_eq!(parse(&newer).1, ["1: this lock file is of the format `rejoinder.quotes.lock/2`"]);
        let bad = text.replacen("sha256:", "sha512:", 1);
        assert_eq!(parse(&bad).1, ["2: this line is no record of a quotation"]);
        assert_eq!(parse(""), (Lock::default(), vec![]));
    }
}
