//! # quote-context
//!
//! A quotation begins or ends inside a sentence of its source, and the part that is cut off holds a negation, a hedge or a
//! condition.
//!
//! ```text
//! source:  We would cut prices if the regulator agreed.
//! quote:   We would cut prices           noted: the source goes on with `if`
//! ```
//!
//! The same code also notes
//!
//! - an amount that goes on beside the quoted words (`5` of `5 million`, `20` of `minus 20`);
//! - a question mark of the source that the quotation drops;
//! - punctuation that differs directly beside a negation, a hedge or a condition (`No looms` for `No, looms`);
//! - words that somebody else says in the speaker's own post;
//! - a language without a list of such words, in which nothing was looked for.
//!
//! This is a note and not a warning, because most cuts are fair. Read the whole sentence once more, and quote more of it if
//! readers would understand it otherwise.

use super::{Check, Quotes, Run, notes};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::quote::NoteKind;

pub(super) static CODE: Code =
    Code { name: "quote-context", level: Level::Note, manual: include_str!("quote_context.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    notes::each(quotes, CODE.name, |it, note| {
        let node = quotes.graph.node(it.subject.statement);
        let place = Place::field(&node.record().origin.file, it.subject.field(quotes.graph));
        let source = quotes.graph.node(it.subject.source).short_key();
        let (what, help) = words(&note.kind);
        report.add(
            Diagnostic::new(&CODE, place, what)
                .label(note.sentence())
                .note(format!("compared with `{source}`"))
                .help(help),
        );
    });
}

/// The message, and what to do.
fn words(kind: &NoteKind) -> (&'static str, &'static str) {
    const READ: &str = "read the whole sentence, and quote more of it if readers need that";
    match kind {
        NoteKind::CutAmount { .. } => {
            ("the quotation cuts an amount of its source", "quote the whole amount")
        }
        NoteKind::Paragraph { .. } => (
            "the quotation runs over a paragraph break of its source, where another voice may begin",
            "mark the break with four dots, or quote the paragraphs apart",
        ),
        NoteKind::DroppedQuestion => {
            ("the source asks what the quotation states", "keep the question mark, or quote another part")
        }
        NoteKind::RiskyPunctuation { .. } => (
            "punctuation differs beside a word that can turn the meaning",
            "print the punctuation of the source, or read the sentence and accept the difference",
        ),
        NoteKind::InnerQuotation { .. } => (
            "the speaker's own post has these words as somebody else's",
            "name the one who is quoted there as the speaker",
        ),
        NoteKind::NoWordList { .. } => ("what the cut leaves out was not looked at", READ),
        _ => ("the sentence goes on in the source, with a word that can turn the meaning", READ),
    }
}
