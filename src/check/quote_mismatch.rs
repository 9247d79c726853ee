//! # quote-mismatch
//!
//! A quotation is not in the source that is cited for it. The saved copy was read, and the words do not stand there in this
//! order, next to one another.
//!
//! This is the worst mistake a site of quotations can make: words in somebody's mouth. It is an error, and the nearest passage
//! is shown with what differs. Nothing is decided by likeness: one word too many is enough.
//!
//! ```text
//! quote: open source models are surpassing propriety ones        the copy has: surpassing proprietary ones
//! ```
//!
//! Correct the words. If the source itself prints other words than the speaker's, keep the right ones in `quote:` and give the
//! source's own below it, so that readers see both:
//!
//! ```yaml
//! quote: open source models are surpassing proprietary ones
//! sources:
//!   - { ref: primary-post, role: primary }
//!   - { ref: round-up, as_printed: open source models are surpassing propriety ones }
//! ```
//!
//! Words that were left out are marked with `...` or `[...]`, and words that an editor put in stand in square brackets.
//! `rejoinder verify --against FILE ID` compares with a file of your own.

use super::{Check, Quotes, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::model::Data;
use crate::quote::{Change, Class, Nearest};
use crate::verify::{Comparison, State, Wording};

pub(super) static CODE: Code =
    Code { name: "quote-mismatch", level: Level::Error, manual: include_str!("quote_mismatch.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    for it in quotes.comparisons {
        if let State::Compared { found, nearest, .. } = &it.state
            && found.class == Class::Mismatch
        {
            let why: Vec<String> = found.notes.iter().map(crate::quote::Note::sentence).collect();
            report.add(told(quotes, it, nearest.as_deref(), &why));
        }
    }
}

fn told(quotes: &Quotes<'_>, it: &Comparison, nearest: Option<&Nearest>, why: &[String]) -> Diagnostic {
    let graph = quotes.graph;
    let node = graph.node(it.subject.statement);
    let source = graph.node(it.subject.source);
    let message = match it.subject.wording {
        Wording::AsPrinted => {
            format!(
                "these words are not in the saved copy of `{}`, which should print them so",
                source.short_key()
            )
        }
        Wording::Quote | Wording::Original => {
            format!("this quotation is not in the saved copy of `{}`", source.short_key())
        }
    };
    let place = Place::field(&node.record().origin.file, it.subject.field(graph));
    let mut told = Diagnostic::new(&CODE, place, message).label(match nearest {
        Some(nearest) => label(nearest),
        None => "nothing like it stands there".to_owned(),
    });
    if let Some(nearest) = nearest {
        told = told.note(format!("the copy has: {}", one_line(&nearest.text)));
        told = told.note(format!("the difference: {}", difference(&nearest.diff)));
    }
    for sentence in why {
        told = told.note(sentence.clone());
    }
    let path = match &source.record().data {
        Data::Source(source) => source.snapshot.as_ref().map(|it| it.file.clone()),
        _ => None,
    };
    if let Some(path) = path {
        told = told.note(format!("the saved copy is {path}"));
    }
    match it.subject.wording {
        Wording::AsPrinted => {
            told.help("give the words as this source prints them, or take `as_printed` out")
        }
        Wording::Quote | Wording::Original => told.help(format!(
            "correct the words; if they are right and `{}` prints others, add its own as `as_printed`",
            source.short_key()
        )),
    }
}

/// What differs, in a few words: for under the caret.
fn label(nearest: &Nearest) -> String {
    let removed = words(&nearest.diff, |it| matches!(it, Change::Removed(_)));
    let added = words(&nearest.diff, |it| matches!(it, Change::Added(_)));
    match (removed.as_slice(), added.as_slice()) {
        ([ours], [theirs]) if short(ours) && short(theirs) => {
            format!("`{ours}` stands where the copy has `{theirs}`")
        }
        ([ours], []) if short(ours) => format!("`{ours}` is not in the copy"),
        ([], [theirs]) if short(theirs) => format!("the copy also has `{theirs}`"),
        _ => "not the words of the copy".to_owned(),
    }
}

fn short(words: &str) -> bool {
    words.chars().count() <= 40
}

fn words(diff: &[Change], wanted: fn(&Change) -> bool) -> Vec<&str> {
    let text = |it| match it {
        &(Change::Same(ref text) | Change::Removed(ref text) | Change::Added(ref text)) => text.trim(),
    };
    diff.iter().filter(|it| wanted(it)).map(text).filter(|it| !it.is_empty()).collect()
}

/// `it's [-legit-] {+legitimately+} invigorating`, as `git diff --word-diff` writes it.
fn difference(diff: &[Change]) -> String {
    let mut out = String::new();
    for change in diff {
        let (marks, text) = match change {
            Change::Same(text) => (("", ""), text),
            Change::Removed(text) => (("[-", "-]"), text),
            Change::Added(text) => (("{+", "+}"), text),
        };
        let words = text.trim();
        if words.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&format!("{}{words}{}", marks.0, marks.1));
    }
    one_line(&out)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
