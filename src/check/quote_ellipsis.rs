//! # quote-ellipsis
//!
//! An ellipsis leaves out something that matters: a negation or a hedge ("not", "unless", "may" and others on a closed list for
//! each language), a paragraph break, or more than sixty words.
//!
//! The words on both sides are the speaker's, and still the sentence can say the opposite of what was said. Nothing is decided
//! here about its meaning, because no rule could; an editor must look.
//!
//! ```text
//! source:  The landlord is not permitted to terminate the lease.
//! quote:   The landlord is ... permitted to terminate the lease     warned: the ellipsis leaves out `not`
//! ```
//!
//! An ellipsis that leads out of a quotation of the source, or into one, is warned of, too: the words on both sides may be
//! those of two people.
//!
//! Quote the words that were left out, or look at them and say why the cut is fair: `accept: { code: quote-ellipsis, why: … }`
//! in the statement. Parts that stand in another order, or too far apart without a mark that allows it, do not pass at all
//! (`quote-mismatch`).

use super::{Check, Quotes, Run, notes};
use crate::diag::{Code, Diagnostic, Level, Place, Report};

pub(super) static CODE: Code =
    Code { name: "quote-ellipsis", level: Level::Warning, manual: include_str!("quote_ellipsis.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    notes::each(quotes, CODE.name, |it, note| {
        let node = quotes.graph.node(it.subject.statement);
        let place = Place::field(&node.record().origin.file, it.subject.field(quotes.graph));
        let source = quotes.graph.node(it.subject.source).short_key();
        report.add(
            Diagnostic::new(&CODE, place, "this ellipsis leaves out something that can turn the meaning")
                .label(note.sentence())
                .note(format!("compared with `{source}`"))
                .help("quote the words that are left out, or accept it with the reason why the cut is fair"),
        );
    });
}
