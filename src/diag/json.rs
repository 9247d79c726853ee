//! The report for programs. The shape is a contract: `schema` changes when a field changes its meaning or goes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::human::n_files;
use super::located::{Located, Locator};
use super::visible::acts;
use super::{At, Diagnostic, Exit, Failure, Level, Place, Report, Sources};
use crate::text::Fingerprint;

/// What the report says of the run as a whole.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The subcommand: `build`.
    pub command: &'a str,
    /// How the run ended.
    pub exit: Exit,
    /// What stopped it, if it was not the content.
    pub failure: Option<&'a Failure>,
    /// What it wrote.
    pub outputs: Vec<Output>,
}

/// One thing a run wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Output {
    /// The output directory, as the user named it.
    pub path: String,
    /// Files that were new or changed.
    pub written: usize,
    /// Files that stayed as they were.
    pub unchanged: usize,
    /// Files that are gone because nothing makes them any more.
    pub removed: usize,
    /// Bytes of all files together.
    pub bytes: u64,
    /// Files that are not ours and were left alone.
    pub kept: Vec<String>,
}

/// Renders one JSON document, ending with a line break. Columns count Unicode scalar values and bytes count
/// from 0; both `end`s are the first position behind the span.
pub fn json(envelope: &Envelope<'_>, report: &Report, sources: &Sources) -> String {
    let locator = Locator::new(sources);
    let mut seen = BTreeMap::new();
    let document = JsonReport {
        schema: "rejoinder.report/1",
        command: envelope.command,
        ok: envelope.exit == Exit::Done,
        exit: envelope.exit.code(),
        counts: JsonCounts {
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            notes: report.count(Level::Note),
            files: n_files(report),
        },
        diagnostics: report.diagnostics().iter().map(|it| diagnostic(it, &locator, &mut seen)).collect(),
        failure: envelope.failure.map(|failure| JsonFailure {
            message: &failure.message,
            cause: &failure.cause,
            help: &failure.help,
        }),
        outputs: &envelope.outputs,
    };
    let text =
        serde_json::to_string_pretty(&document).expect("the shape has text keys and finite numbers only");
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // Outside ASCII these can only stand inside a JSON string, where an escape means the same.
        if acts(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe.push('\n');
    safe
}

/// The document.
#[derive(Serialize)]
struct JsonReport<'a> {
    /// `rejoinder.report/1`.
    schema: &'static str,
    /// The subcommand.
    command: &'a str,
    /// Whether `exit` is 0.
    ok: bool,
    /// The program's exit code.
    exit: u8,
    /// How many problems there are.
    counts: JsonCounts,
    /// All problems, errors first.
    diagnostics: Vec<JsonDiagnostic<'a>>,
    /// What stopped the run, or `null`.
    failure: Option<JsonFailure<'a>>,
    /// What was written.
    outputs: &'a [Output],
}

#[derive(Serialize)]
struct JsonCounts {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Files that have a problem.
    files: usize,
}

#[derive(Serialize)]
struct JsonFailure<'a> {
    message: &'a str,
    cause: &'a str,
    help: &'a str,
}

/// One problem.
#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    /// The kind of problem: `unknown-actor`.
    code: &'static str,
    /// `error`, `warning` or `note`.
    severity: &'static str,
    /// One sentence.
    message: &'a str,
    /// Path relative to the project, or `null`.
    file: Option<&'a str>,
    /// Where in the file, or `null` for the file as a whole.
    span: Option<JsonSpan>,
    /// What stands under the caret; may be empty.
    label: &'a str,
    /// The address of the page being made, or `null`.
    page: Option<&'a str>,
    /// How the page led here, outermost first.
    trace: &'a [String],
    /// Other places that matter.
    related: Vec<JsonRelated<'a>>,
    /// What to do, one action each.
    help: &'a [String],
    /// Why it matters.
    notes: &'a [String],
    /// A change that would remove the problem, or `null`.
    fix: Option<JsonFix<'a>>,
    /// The same for the same problem on a moved line; unique within the report.
    fingerprint: String,
    /// The address of the code's manual page, or `null` while it has none.
    url: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonSpan {
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Serialize)]
struct JsonPosition {
    line: usize,
    col: usize,
    byte: usize,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    file: &'a str,
    span: Option<JsonSpan>,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    /// `review`: a person should look before it is applied. The only value so far.
    safety: &'static str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    file: &'a str,
    /// First byte to replace.
    start: usize,
    /// One past the last byte to replace.
    end: usize,
    /// What to write there.
    text: &'a str,
}

fn diagnostic<'a>(
    it: &'a Diagnostic,
    locator: &Locator<'_>,
    seen: &mut BTreeMap<Fingerprint, usize>,
) -> JsonDiagnostic<'a> {
    let located = it.place.as_ref().and_then(|place| locator.locate(place));
    JsonDiagnostic {
        code: it.code.name,
        severity: it.level.name(),
        message: &it.message,
        file: it.place.as_ref().map(|place| &*place.file),
        fingerprint: fingerprint(it, located.as_ref(), seen),
        span: located.as_ref().map(span),
        label: &it.label,
        page: it.page.as_deref(),
        trace: &it.trace,
        related: it.labels.iter().map(|label| related(&label.place, &label.text, locator)).collect(),
        help: &it.help,
        notes: &it.notes,
        fix: it.fix.as_ref().map(|fix| JsonFix {
            title: &fix.title,
            safety: "review",
            edits: it.place.as_ref().and_then(|place| edit(place, &fix.replacement)).into_iter().collect(),
        }),
        url: None,
    }
}

fn related<'a>(place: &'a Place, message: &'a str, locator: &Locator<'_>) -> JsonRelated<'a> {
    JsonRelated { file: &place.file, span: locator.locate(place).as_ref().map(span), message }
}

fn edit<'a>(place: &'a Place, text: &'a str) -> Option<JsonEdit<'a>> {
    match &place.at {
        At::Span(span) => Some(JsonEdit { file: &place.file, start: span.start, end: span.end, text }),
        At::File | At::Field(_) | At::Key(_) => None,
    }
}

fn span(located: &Located) -> JsonSpan {
    let position = |it: crate::text::Position| JsonPosition { line: it.line, col: it.column, byte: it.byte };
    JsonSpan { start: position(located.start), end: position(located.end) }
}

/// Made of the code, the file, the message and the words of the line, so that it survives lines that move.
/// Equal ones are numbered, because readers of such reports keep only the first of two that are equal.
fn fingerprint(
    it: &Diagnostic,
    located: Option<&Located>,
    seen: &mut BTreeMap<Fingerprint, usize>,
) -> String {
    let file = it.place.as_ref().map_or("", |place| &*place.file);
    let line = located.map_or("", Located::line);
    let parts = [it.code.name, file, &it.message, line];
    let base = Fingerprint::of_parts(parts.map(str::as_bytes));
    let n_before = seen.entry(base).or_insert(0);
    let own = match *n_before {
        0 => base,
        n => Fingerprint::of_parts([base.hex().as_bytes(), n.to_string().as_bytes()]),
    };
    *n_before += 1;
    format!("b3:{}", &own.hex()[..16])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::Code;
    use crate::text::Span;

    static BAD: Code = Code { name: "bad-word", level: Level::Error, manual: "" };

    fn report(text: &str, start: usize) -> (Report, Sources) {
        let file: Arc<str> = Arc::from("content/a.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from(text));
        let mut report = Report::new();
        let it =
            Diagnostic::new(&BAD, Place::span(&file, Span::new(start, start + 2)), "`\u{202e}\u{9b}` is bad")
                .also(Place::file(&file), "in all of it")
                .help("do this")
                .fix("Write `ok`", "ok")
                .page("/a/");
        report.add(it);
        (report, sources)
    }

    #[test]
    fn the_document_has_this_shape() {
        let (report, sources) = report("é: no\n", 4);
        let output = Output {
            path: "public".to_owned(),
            written: 1,
            unchanged: 2,
            removed: 3,
            bytes: 4,
            kept: vec!["CNAME".to_owned()],
        };
        let failure = Failure::new(Exit::Machine, "cannot write public/a").help("free some space");
        let envelope = Envelope {
            command: "build",
            exit: Exit::Machine,
            failure: Some(&failure),
            outputs: vec![output],
        };
        let expected = r#"{
  "schema": "rejoinder.report/1",
  "command": "build",
  "ok": false,
  "exit": 3,
  "counts": {
    "errors": 1,
    "warnings": 0,
    "notes": 0,
    "files": 1
  },
  "diagnostics": [
    {
      "code": "bad-word",
      "severity": "error",
      "message": "`\u202e\u009b` is bad",
      "file": "content/a.md",
      "span": {
        "start": {
          "line": 1,
          "col": 4,
          "byte": 4
        },
        "end": {
          "line": 1,
          "col": 6,
          "byte": 6
        }
      },
      "label": "",
      "page": "/a/",
      "trace": [],
      "related": [
        {
          "file": "content/a.md",
          "span": null,
          "message": "in all of it"
        }
      ],
      "help": [
        "do this"
      ],
      "notes": [],
      "fix": {
        "title": "Write `ok`",
        "safety": "review",
        "edits": [
          {
            "file": "content/a.md",
            "start": 4,
            "end": 6,
            "text": "ok"
          }
        ]
      },
      "fingerprint": "b3:FINGERPRINT",
      "url": null
    }
  ],
  "failure": {
    "message": "cannot write public/a",
    "cause": "",
    "help": "free some space"
  },
  "outputs": [
    {
      "path": "public",
      "written": 1,
      "unchanged": 2,
      "removed": 3,
      "bytes": 4,
      "kept": [
        "CNAME"
      ]
    }
  ]
}
"#;
        let text = json(&envelope, &report, &sources);
        assert_eq!(text, expected.replace("FINGERPRINT", &prints(&report, &sources)[0]));
    }

    fn prints(report: &Report, sources: &Sources) -> Vec<String> {
        let envelope =
            Envelope { command: "check", exit: Exit::Problems, failure: None, outputs: Vec::new() };
        let document: serde_json::Value = serde_json::from_str(&json(&envelope, report, sources)).unwrap();
        let list = document["diagnostics"].as_array().unwrap();
        list.iter()
            .map(|it| it["fingerprint"].as_str().unwrap().trim_start_matches("b3:").to_owned())
            .collect()
    }

    #[test]
    fn a_fingerprint_survives_a_moved_line_and_tells_equal_problems_apart() {
        let (first, texts) = report("é: no\n", 4);
        let (moved, moved_texts) = report("\n\né: no\n", 6);
        let (other, other_texts) = report("b:  no\n", 4);
        assert_eq!(prints(&first, &texts), prints(&moved, &moved_texts));
        assert_ne!(prints(&first, &texts), prints(&other, &other_texts));
        let mut twice = first.clone();
        twice.extend(first.clone());
        let both = prints(&twice, &texts);
        assert_eq!(both[0], prints(&first, &texts)[0]);
        assert_ne!(both[0], both[1]);
        assert!(both[0].len() == 16);
    }
}
