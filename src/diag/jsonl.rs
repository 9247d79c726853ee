//! The report for programs that read line by line: one JSON object a line.

use serde::Serialize;

use super::record::{self, JsonDiagnostic, JsonEnd, JsonRun, safe_json};
use super::{Envelope, Fingerprinted, Sources};

/// Renders one line for each problem (`"event":"diagnostic"`) and a last one for the run as a whole
/// (`"event":"end"`). The fields are those of [`super::json`].
pub fn jsonl(envelope: &Envelope<'_>, report: &Fingerprinted, sources: &Sources) -> String {
    let mut out = String::new();
    let mut line = |event: &Event<'_>| {
        let text = serde_json::to_string(event).expect("the shape has text keys and finite numbers only");
        out.push_str(&safe_json(&text));
        out.push('\n');
    };
    for diagnostic in record::diagnostics(report, sources) {
        line(&Event::Diagnostic(Box::new(diagnostic)));
    }
    line(&Event::End { run: record::run(envelope, report.report()), end: record::end(envelope) });
    out
}

/// One line.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event<'a> {
    Diagnostic(Box<JsonDiagnostic<'a>>),
    End {
        #[serde(flatten)]
        run: JsonRun<'a>,
        #[serde(flatten)]
        end: JsonEnd<'a>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Diagnostic, Exit, Failure, Level, Report};

    static BAD: Code = Code { name: "bad-word", level: Level::Error, manual: "" };

    #[test]
    fn each_problem_is_a_line_and_the_last_line_is_the_run() {
        let mut report = Report::new();
        report.add(Diagnostic::unplaced(&BAD, "two\nlines\u{202e}"));
        report.add(Diagnostic::unplaced(&BAD, "more"));
        let report = Fingerprinted::new(report, &Sources::default());
        let out = jsonl(&Envelope::new("check", Exit::Problems), &report, &Sources::default());
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with(r#"{"event":"diagnostic","code":"bad-word","severity":"error""#));
        assert!(lines[0].contains(r#""message":"two\nlines\u202e""#), "{}", lines[0]);
        let expected = r#"{"event":"end","schema":"rejoinder.report/1","command":"check","ok":false,"exit":1,"counts":{"errors":2,"warnings":0,"notes":0,"files":0},"hidden":{"elsewhere":{"problems":0,"errors":0},"baseline":{"problems":0,"errors":0}},"fixed":[],"left_alone":[],"failure":null,"outputs":[]}"#;
        assert_eq!(lines[2], expected);
    }

    #[test]
    fn a_failure_is_one_line() {
        let failure = Failure::machine("cannot read `a`", &"disk\nfull");
        let envelope = Envelope { failure: Some(&failure), ..Envelope::new("check", Exit::Machine) };
        let out = jsonl(&envelope, &Fingerprinted::default(), &Sources::default());
        assert_eq!(out.lines().count(), 1);
        assert!(
            out.contains(r#""failure":{"message":"cannot read `a`","cause":"disk\nfull","help":""}"#),
            "{out}"
        );
    }
}
