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
use crate::model::{Data, Wording};
use crate::quote::{Change, Class, Nearest, Note, NoteKind, marked};
use crate::verify::{Comparison, State};

pub(super) static CODE: Code =
    Code { name: "quote-mismatch", level: Level::Error, manual: include_str!("quote_mismatch.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    for it in quotes.comparisons.iter().filter(|it| it.class() == Class::Mismatch) {
        match &it.state {
            State::Compared { found, nearest, .. } => {
                let why: Vec<String> =
                    found.notes.iter().filter(|it| !is_small(it)).map(Note::sentence).collect();
                report.add(told(quotes, it, nearest.as_deref(), &why));
            }
            State::NoCopy { .. } => report.add(recorded(quotes, it)),
        }
    }
}

/// What `quotes.lock` says, where no copy is at hand.
fn recorded(quotes: &Quotes<'_>, it: &Comparison) -> Diagnostic {
    let node = quotes.graph.node(it.subject.statement);
    let place = Place::field(&node.record().origin.file, it.subject.field(quotes.graph));
    let source = quotes.graph.node(it.subject.source).short_key();
    let (class, on) = it.record.as_ref().map_or(("", ""), |it| (it.class.as_str(), it.on.as_str()));
    let told =
        Diagnostic::new(&CODE, place, format!("this quotation is not in `{source}`, as compared on {on}"));
    match Class::parse(class) {
        Some(Class::HouseStyle) => told
            .note("it was found there only by the spelling rules of a house, which are not allowed here")
            .help("spell the words as the source does, or allow `house_style`"),
        _ => told.help("correct the words where the copy is, and run `rejoinder check --update-lock` there"),
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
        told = told.note(format!("the copy has: {}", one_line(&nearest.passage)));
        told = told.note(format!("the difference: {}", marked(&nearest.diff)));
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

/// What differs, in a few words: for under the caret. Case and punctuation are not what is wrong.
fn label(nearest: &Nearest) -> String {
    let is_word = |text: &str| text.contains(char::is_alphanumeric);
    let mut ours: Vec<&str> = Vec::new();
    let mut theirs: Vec<&str> = Vec::new();
    let mut changes = nearest.diff.iter().peekable();
    while let Some(change) = changes.next() {
        match (change, changes.peek()) {
            (Change::Removed(a), Some(Change::Added(b))) if a.to_lowercase() == b.to_lowercase() => {
                changes.next();
            }
            (Change::Removed(text), _) if is_word(text) => ours.push(text.trim()),
            (Change::Added(text), _) if is_word(text) => theirs.push(text.trim()),
            (Change::Same(_) | Change::Removed(_) | Change::Added(_), _) => (),
        }
    }
    match (ours.as_slice(), theirs.as_slice()) {
        ([ours], [theirs]) if is_short(ours) && is_short(theirs) => {
            format!("`{ours}` stands where the copy has `{theirs}`")
        }
        ([ours], []) if is_short(ours) => format!("`{ours}` is not in the copy"),
        ([], [theirs]) if is_short(theirs) => format!("the copy also has `{theirs}`"),
        _ => "not the words of the copy".to_owned(),
    }
}

fn is_short(words: &str) -> bool {
    words.chars().count() <= 40
}

/// Whether a note is about what a passing quotation may have too.
fn is_small(note: &Note) -> bool {
    use NoteKind::{
        Case, DroppedQuestion, Edge, HouseStyle, Hyphenation, Paragraph, Punctuation, RiskyPunctuation,
    };
    matches!(
        note.kind,
        Case { .. }
            | Edge { .. }
            | HouseStyle { .. }
            | Hyphenation { .. }
            | Paragraph { .. }
            | Punctuation { .. }
            | DroppedQuestion
            | RiskyPunctuation { .. }
    )
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
