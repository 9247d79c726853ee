//! Names for problems that last: the same problem has the same fingerprint in the next run, even when its line moved.
//!
//! GitLab, code scanning and baselines tell old problems from new ones by such names, and keep only one of two that
//! are equal. So a fingerprint is made of the code, the file, the words of the line, and a number that tells equal
//! ones apart; never of line numbers, and not of messages, which change from release to release.

use std::collections::BTreeMap;

use serde::Serialize;

use super::located::{Located, Locator};
use super::{Diagnostic, Level, Report, Sources};
use crate::text::Fingerprint;

/// A settled report whose problems have their fingerprints. Problems can be left out; the others keep theirs.
#[derive(Clone, Debug, Default)]
pub struct Fingerprinted {
    report: Report,
    prints: Vec<String>,
}

impl Fingerprinted {
    /// Names every problem of a settled report: `b3:` and 16 hexadecimal digits, no two alike.
    pub fn new(report: Report, sources: &Sources) -> Fingerprinted {
        let locator = Locator::new(sources);
        let mut seen = BTreeMap::new();
        let prints = report.diagnostics().iter().map(|it| fingerprint(it, &locator, &mut seen)).collect();
        Fingerprinted { report, prints }
    }

    /// The problems that are still in it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The problems, each with its fingerprint.
    pub fn iter(&self) -> impl Iterator<Item = (&Diagnostic, &str)> {
        self.report.diagnostics().iter().zip(self.prints.iter().map(String::as_str))
    }

    /// Leaves out the problems that `keep` does not want, and counts them.
    pub fn retain(&mut self, mut keep: impl FnMut(&Diagnostic, &str) -> bool) -> LeftOut {
        let mut left_out = LeftOut::default();
        let before = std::mem::take(self);
        for (it, print) in before.report.into_diagnostics().into_iter().zip(before.prints) {
            if keep(&it, &print) {
                self.report.add(it);
                self.prints.push(print);
            } else {
                left_out.problems += 1;
                left_out.errors += usize::from(it.level == Level::Error);
            }
        }
        left_out
    }
}

/// How many problems were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// All of them.
    pub problems: usize,
    /// Those that are errors.
    pub errors: usize,
}

fn fingerprint(it: &Diagnostic, locator: &Locator<'_>, seen: &mut BTreeMap<Fingerprint, usize>) -> String {
    let file = it.place.as_ref().map_or("", |place| &*place.file);
    let located = it.place.as_ref().and_then(|place| locator.locate(place));
    // Where there is no line, the message has to tell one problem of a file from another.
    let words = located.as_ref().map_or(&*it.message, Located::line);
    let words: Vec<&str> = words.split_whitespace().collect();
    let base = Fingerprint::of_parts([it.code.name, file, &words.join(" ")].map(str::as_bytes));
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
    use crate::diag::{Code, Place};
    use crate::text::Span;

    static BAD: Code = Code { name: "bad-word", level: Level::Error, manual: "" };
    static ODD: Code = Code { name: "odd-word", level: Level::Warning, manual: "" };

    /// The fingerprints of one problem at each place of `no` in a text.
    fn prints(code: &'static Code, text: &str) -> Vec<String> {
        let file: Arc<str> = Arc::from("content/a.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from(text));
        let mut report = Report::new();
        for (at, _) in text.match_indices("no") {
            report.add(Diagnostic::new(code, Place::span(&file, Span::new(at, at + 2)), format!("at {at}")));
        }
        Fingerprinted::new(report, &sources).prints
    }

    #[test]
    fn a_fingerprint_survives_lines_that_move_and_blanks_that_change() {
        let first = prints(&BAD, "é: no\n");
        assert_eq!(first, prints(&BAD, "\n\r\n  é:   no  \n"));
        assert_ne!(first, prints(&BAD, "b: no\n"));
        assert_ne!(first, prints(&ODD, "é: no\n"));
        assert!(first[0].len() == 19 && first[0].starts_with("b3:"));
    }

    #[test]
    fn equal_problems_are_told_apart_and_keep_their_order() {
        let text = "a: no\nb: no\na: no\n";
        let all = prints(&BAD, text);
        assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2]);
        assert_eq!(prints(&BAD, "a: no\na: no\n"), [all[0].clone(), all[2].clone()]);
    }

    #[test]
    fn problems_without_a_line_are_told_apart_by_their_words() {
        let file: Arc<str> = Arc::from("content/a.md");
        let mut report = Report::new();
        report.add(Diagnostic::new(&BAD, Place::file(&file), "one"));
        report.add(Diagnostic::new(&BAD, Place::file(&file), "two"));
        report.add(Diagnostic::unplaced(&BAD, "one"));
        let all = Fingerprinted::new(report, &Sources::default()).prints;
        assert!(all[0] != all[1] && all[0] != all[2]);
    }

    #[test]
    fn what_is_left_keeps_its_fingerprint_and_what_is_left_out_is_counted() {
        let mut report = Report::new();
        for (code, words) in [(&BAD, "same"), (&BAD, "same"), (&ODD, "other")] {
            report.add(Diagnostic::unplaced(code, words));
        }
        let mut all = Fingerprinted::new(report, &Sources::default());
        let second = all.prints[1].clone();
        let left_out = all.retain(|_, print| print == second);
        assert_eq!(left_out, LeftOut { problems: 2, errors: 1 });
        assert_eq!(
            all.iter().map(|(it, print)| (it.message.as_str(), print)).collect::<Vec<_>>(),
            [("same", second.as_str())]
        );
    }
}
