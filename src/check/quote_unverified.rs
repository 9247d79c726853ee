//! # quote-unverified
//!
//! A quotation was never compared with any source: no saved copy of a source that should hold it is here, and `quotes.lock`
//! holds no comparison.
//!
//! Readers see "not compared" beside the words. Save a copy of a source that prints them, and compare:
//!
//! ```sh
//! rejoinder source add saved-page.html gazette-article
//! rejoinder check --update-lock
//! ```
//!
//! It is a warning while nothing holds the words at all. Once `quotes.lock` holds them fast (with the class `no-text`, because
//! no copy was at hand), nobody can change them unnoticed, and it is a note.

use super::{Check, Quotes, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::NodeId;
use crate::verify::Comparison;

pub(super) static CODE: Code =
    Code { name: "quote-unverified", level: Level::Warning, manual: include_str!("quote_unverified.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    let of_one_statement = |a: &Comparison, b: &Comparison| a.subject.statement == b.subject.statement;
    for of_statement in quotes.comparisons.chunk_by(of_one_statement) {
        let known = |it: &Comparison| it.class().passes() || it.is_as_recorded() == Some(false);
        // Words that are wrong somewhere were compared: `quote-mismatch` and `quote-edited` tell of them.
        let compared = |it: &Comparison| matches!(it.state, crate::verify::State::Compared { .. });
        let own = || of_statement.iter().filter(|it| it.subject.wording != crate::verify::Wording::AsPrinted);
        if own().any(|it| known(it) || compared(it) && !matches!(it.class(), crate::quote::Class::NoText)) {
            continue;
        }
        let is_held = of_statement.iter().all(|it| it.record.is_some());
        report.add(told(quotes, of_statement[0].subject.statement, is_held));
    }
}

fn told(quotes: &Quotes<'_>, statement: NodeId, is_held: bool) -> Diagnostic {
    let node = quotes.graph.node(statement);
    let field =
        if node.statement().is_some_and(|it| it.original.is_some()) { "original.text" } else { "quote" };
    let place = Place::field(&node.record().origin.file, node.field(field));
    let told = Diagnostic::new(&CODE, place, "no source was ever compared for this quotation")
        .help("save a copy of a source that prints it (`rejoinder source add FILE ID`), then `rejoinder check --update-lock`");
    match is_held {
        true => Diagnostic { level: Level::Note, ..told }
            .note("`quotes.lock` holds the words fast, so they cannot change unnoticed"),
        false => told,
    }
}
