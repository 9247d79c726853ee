//! # quote-weak
//!
//! A quotation of fewer than four words, or of fewer than twenty letters, was found in its source, and could have been found there
//! by accident. "Obviously" stands in many texts.
//!
//! Say where it stands, with a few words beside it or a page or time, or cite the speaker's own post:
//!
//! ```yaml
//! quote: obviously
//! sources: [{ ref: round-up, locator: responded to the allegation with one word }]
//! ```

use super::{Check, Quotes, Run, notes};
use crate::diag::{Code, Diagnostic, Level, Place, Report};

pub(super) static CODE: Code =
    Code { name: "quote-weak", level: Level::Warning, manual: include_str!("quote_weak.rs") };
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
                "this quotation is so short that its source may hold it by accident",
            )
            .label(note.sentence())
            .note(format!("compared with `{source}`"))
            .help("add a `locator:` to the source, with words that stand beside the quotation"),
        );
    });
}
