//! # quote-bracket
//!
//! A bracket inside a quotation does more than explain: it adds or removes a negation or a number, it is longer than six words,
//! or it is round, so that readers take its words for the speaker's.
//!
//! ```text
//! source:  We will reach AGI and beyond
//! quote:   We will reach AGI (artificial general intelligence) and beyond     warned: nobody said the words in brackets
//! quote:   We will reach AGI [artificial general intelligence] and beyond     fine: an editor's square brackets
//! ```
//!
//! Write an editor's words in square brackets, keep them short, and never let them change what is affirmed, denied or counted.

use super::{Check, Quotes, Run, notes};
use crate::diag::{Code, Diagnostic, Level, Place, Report};

pub(super) static CODE: Code =
    Code { name: "quote-bracket", level: Level::Warning, manual: include_str!("quote_bracket.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    notes::each(quotes, CODE.name, |it, note| {
        let node = quotes.graph.node(it.subject.statement);
        let place = Place::field(&node.record().origin.file, it.subject.field(quotes.graph));
        let source = quotes.graph.node(it.subject.source).short_key();
        report.add(
            Diagnostic::new(&CODE, place, "a bracket in this quotation says more than an editor should")
                .label(note.sentence())
                .note(format!("compared with `{source}`"))
                .help("put short words of the editor into square brackets, and change neither negations nor numbers"),
        );
    });
}
