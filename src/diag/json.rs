//! The report for programs, as one JSON document.

use serde::Serialize;

use super::record::{self, JsonDiagnostic, JsonEnd, JsonRun, safe_json};
use super::{Envelope, Fingerprinted, Sources};

/// Renders one JSON document, ending with a line break. Columns count Unicode scalar values and bytes count
/// from 0; both `end`s are the first position behind the span.
pub fn json(envelope: &Envelope<'_>, report: &Fingerprinted, sources: &Sources) -> String {
    let document = JsonReport {
        run: record::run(envelope, report.report()),
        diagnostics: record::diagnostics(report, sources),
        end: record::end(envelope),
    };
    let text =
        serde_json::to_string_pretty(&document).expect("the shape has text keys and finite numbers only");
    format!("{}\n", safe_json(&text))
}

/// The document.
#[derive(Serialize)]
struct JsonReport<'a> {
    #[serde(flatten)]
    run: JsonRun<'a>,
    /// All problems, errors first.
    diagnostics: Vec<JsonDiagnostic<'a>>,
    #[serde(flatten)]
    end: JsonEnd<'a>,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{
        Code, Diagnostic, Exit, Failure, FixedProblem, Hidden, LeftOut, Level, Mended, Output, Place, Report,
    };
    use crate::text::Span;

    static BAD: Code = Code { name: "bad-word", level: Level::Error, manual: "" };

    fn report(text: &str, start: usize) -> (Fingerprinted, Sources) {
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
        (Fingerprinted::new(report, &sources), sources)
    }

    #[test]
    fn the_document_has_this_shape() {
        let (report, sources) = report("é: no\n", 4);
        let output = Output {
            path: "public".to_owned(),
            written: 1,
            unchanged: 2,
            removed: 3,
            pages_changed: 0,
            bytes: 4,
            kept: vec!["CNAME".to_owned()],
        };
        let failure = Failure::new(Exit::Machine, "cannot write public/a").help("free some space");
        let fixed = FixedProblem {
            code: "odd".to_owned(),
            message: "odd word".to_owned(),
            title: "Write `even`".to_owned(),
            file: "content/b.md".to_owned(),
            line: 2,
        };
        let envelope = Envelope {
            failure: Some(&failure),
            outputs: vec![output],
            hidden: Hidden { elsewhere: LeftOut { problems: 5, errors: 2 }, baseline: LeftOut::default() },
            mended: Mended { fixed: vec![fixed], left_alone: Vec::new() },
            ..Envelope::new("build", Exit::Machine)
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
  "hidden": {
    "elsewhere": {
      "problems": 5,
      "errors": 2
    },
    "baseline": {
      "problems": 0,
      "errors": 0
    }
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
      "fingerprint": "FINGERPRINT",
      "url": null
    }
  ],
  "fixed": [
    {
      "code": "odd",
      "message": "odd word",
      "title": "Write `even`",
      "file": "content/b.md",
      "line": 2
    }
  ],
  "left_alone": [],
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
      "pages_changed": 0,
      "bytes": 4,
      "kept": [
        "CNAME"
      ]
    }
  ]
}
"#;
        let text = json(&envelope, &report, &sources);
        assert_eq!(text, expected.replace("FINGERPRINT", report.iter().next().unwrap().1));
    }
}
