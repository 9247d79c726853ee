//! The baseline: problems that are known and wait, as a file that a project keeps and reviews.
//!
//! One line for each problem, sorted, so that a difference between two baselines reads as what came and what went.

use serde::{Deserialize, Serialize};

use super::Fingerprinted;
use super::record::safe_json;

const SCHEMA: &str = "rejoinder.baseline/1";

/// One known problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Known {
    /// Its file; empty when it concerns none.
    pub file: String,
    /// The kind of problem.
    pub code: String,
    /// Its words when the baseline was written; for readers only.
    pub message: String,
    /// What it is recognised by.
    pub fingerprint: String,
}

#[derive(Deserialize)]
struct Document {
    schema: String,
    problems: Vec<Known>,
}

/// Writes all problems of a report as a baseline.
pub fn baseline(report: &Fingerprinted) -> String {
    let known = report.iter().map(|(it, fingerprint)| Known {
        file: it.place.as_ref().map(|place| place.file.to_string()).unwrap_or_default(),
        code: it.code.name.to_owned(),
        message: it.message.clone(),
        fingerprint: fingerprint.to_owned(),
    });
    let mut known: Vec<Known> = known.collect();
    known.sort();
    let lines = known.iter().map(|it| {
        let text = serde_json::to_string(it).expect("the shape has text keys only");
        format!("\n    {}", safe_json(&text))
    });
    let lines = lines.collect::<Vec<_>>().join(",");
    let end = if lines.is_empty() { "" } else { "\n  " };
    format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"problems\": [{lines}{end}]\n}}\n")
}

/// Reads a baseline.
///
/// # Errors
/// Says what about the text is none, with its line where there is one.
pub fn read_baseline(text: &str) -> Result<Vec<Known>, String> {
    let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match document.schema == SCHEMA {
        true => Ok(document.problems),
        false => Err(format!("its schema is `{}`, and this program reads `{SCHEMA}`", document.schema)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Diagnostic, Level, Place, Report, Sources};

    static BAD: Code = Code { name: "bad", level: Level::Error, manual: "" };

    #[test]
    fn a_baseline_is_sorted_one_problem_a_line_and_can_be_read_back() {
        let mut report = Report::new();
        for (file, words) in [("b.md", "x"), ("a.md", "say \"y\"\n\u{202e}"), ("a.md", "w")] {
            report.add(Diagnostic::new(&BAD, Place::file(&Arc::from(file)), words));
        }
        let report = Fingerprinted::new(report, &Sources::default());
        let print = |n: usize| report.iter().nth(n).unwrap().1;
        let expected = format!(
            r#"{{
  "schema": "rejoinder.baseline/1",
  "problems": [
    {{"file":"a.md","code":"bad","message":"say \"y\"\n\u202e","fingerprint":"{}"}},
    {{"file":"a.md","code":"bad","message":"w","fingerprint":"{}"}},
    {{"file":"b.md","code":"bad","message":"x","fingerprint":"{}"}}
  ]
}}
"#,
            print(1),
            print(2),
            print(0)
        );
        let text = baseline(&report);
        assert_eq!(text, expected);
        let read = read_baseline(&text).unwrap();
        assert_eq!((read.len(), read[0].message.as_str()), (3, "say \"y\"\n\u{202e}"));
        assert_eq!(read_baseline(&baseline(&Fingerprinted::default())), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_baseline_is_said() {
        assert!(read_baseline("{\n  \"schema\": 1\n}").unwrap_err().contains("line 2"));
        let other = r#"{ "schema": "rejoinder.baseline/9", "problems": [] }"#;
        assert!(read_baseline(other).unwrap_err().contains("baseline/9"));
    }
}
