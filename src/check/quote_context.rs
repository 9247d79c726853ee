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
//! This is a note and not a warning, because most cuts are fair. Read the whole sentence once more, and quote more of it if
//! readers would understand it otherwise.

use super::{Check, Quotes, Run, notes};
use crate::diag::{Code, Diagnostic, Level, Place, Report};

pub(super) static CODE: Code =
    Code { name: "quote-context", level: Level::Note, manual: include_str!("quote_context.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    notes::each(quotes, CODE.name, |it, note| {
        let node = quotes.graph.node(it.subject.statement);
        let place = Place::field(&node.record().origin.file, it.subject.field(quotes.graph));
        let source = quotes.graph.node(it.subject.source).short_key();
        report.add(
            Diagnostic::new(
                &CODE,
                place,
                "the sentence goes on in the source, with a word that can turn the meaning",
            )
            .label(note.sentence())
            .note(format!("compared with `{source}`"))
            .help("read the whole sentence, and quote more of it if readers need that"),
        );
    });
}
