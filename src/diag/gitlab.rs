//! The report as a GitLab code quality report, which merge requests compare with the one before.
//!
//! GitLab reads six fields (docs.gitlab.com, "Code Quality report format") and tells problems apart by fingerprint.

use serde::Serialize;

use super::located::Locator;
use super::record::safe_json;
use super::{Diagnostic, Failure, Fingerprinted, Level, Repository, Sources};
use crate::text::Fingerprint;

/// Renders one JSON list, ending with a line break. What stopped the run, if anything did, is a problem of its own.
pub fn gitlab(
    report: &Fingerprinted,
    failure: Option<&Failure>,
    sources: &Sources,
    repository: &Repository,
) -> String {
    let locator = Locator::new(sources);
    let problems = report.iter().map(|(it, fingerprint)| Issue {
        description: description(it),
        check_name: it.code.name,
        fingerprint: fingerprint.to_owned(),
        severity: match it.level {
            Level::Error => "major",
            Level::Warning => "minor",
            Level::Note => "info",
        },
        location: Location {
            path: repository.path_of(it),
            lines: Lines {
                begin: it.place.as_ref().and_then(|at| locator.locate(at)).map_or(1, |at| at.start.line),
            },
        },
    });
    let stopped = failure.map(|failure| {
        let description = failure.to_string();
        Issue {
            check_name: "rejoinder",
            fingerprint: format!("b3:{}", &Fingerprint::of(description.as_bytes()).hex()[..16]),
            description,
            severity: "blocker",
            location: Location { path: repository.path(&repository.config), lines: Lines { begin: 1 } },
        }
    });
    let issues: Vec<Issue> = problems.chain(stopped).collect();
    let text =
        serde_json::to_string_pretty(&issues).expect("the shape has text keys and finite numbers only");
    format!("{}\n", safe_json(&text))
}

/// What is wrong and what to do, in one paragraph.
fn description(it: &Diagnostic) -> String {
    let mut words = it.message.clone();
    for help in &it.help {
        words.push_str("; ");
        words.push_str(help);
    }
    words
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Exit, Place, Report};
    use crate::text::Span;

    static BAD: Code = Code { name: "bad", level: Level::Error, manual: "" };
    static ODD: Code = Code { name: "odd", level: Level::Note, manual: "" };

    fn shown(text: &str, failure: Option<&Failure>) -> String {
        let file: Arc<str> = Arc::from("content/a.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from(text));
        let mut report = Report::new();
        let at = text.find("here").expect("the text says where");
        let place = Place::span(&file, Span::new(at, at + 4));
        report.add(Diagnostic::new(&BAD, place, "this is `bad`\u{202e}").help("do that"));
        report.add(Diagnostic::unplaced(&ODD, "nowhere"));
        let repository = Repository { prefix: "docs/".to_owned(), config: "site.yaml".to_owned() };
        gitlab(&Fingerprinted::new(report, &sources), failure, &sources, &repository)
    }

    /// The fingerprints of a report, and the report without them.
    fn apart(report: &str) -> (Vec<String>, String) {
        let is_print = |line: &&str| line.contains("\"fingerprint\": ");
        let prints = report.lines().filter(is_print).map(str::to_owned).collect();
        let rest = report.lines().filter(|line| !is_print(line)).map(|line| format!("{line}\n")).collect();
        (prints, rest)
    }

    #[test]
    fn every_problem_has_the_six_fields() {
        let expected = r#"[
  {
    "description": "this is `bad`\u202e; do that",
    "check_name": "bad",
    "severity": "major",
    "location": {
      "path": "docs/content/a.md",
      "lines": {
        "begin": 2
      }
    }
  },
  {
    "description": "nowhere",
    "check_name": "odd",
    "severity": "info",
    "location": {
      "path": "docs/site.yaml",
      "lines": {
        "begin": 1
      }
    }
  }
]
"#;
        let (prints, rest) = apart(&shown("a\nhere\n", None));
        assert_eq!(rest, expected);
        assert!(prints.len() == 2 && prints[0] != prints[1], "{prints:?}");
        assert_eq!(prints, apart(&shown("a\nb\n\n  here\n", None)).0, "lines that moved");
    }

    #[test]
    fn what_stopped_the_run_is_a_problem_too() {
        let failure = Failure::new(Exit::Machine, "cannot read `a`");
        let out = shown("here", Some(&failure));
        assert!(out.contains(r#""description": "cannot read `a`""#) && out.contains("blocker"), "{out}");
        assert_eq!(apart(&out).0.len(), 3);
    }

    #[test]
    fn no_problem_is_an_empty_list() {
        let repository = Repository { prefix: String::new(), config: "site.yaml".to_owned() };
        assert_eq!(gitlab(&Fingerprinted::default(), None, &Sources::default(), &repository), "[]\n");
    }
}
