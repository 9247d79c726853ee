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
use crate::model::Wording;
use crate::quote::Class;
use crate::verify::{Comparison, Edited};

pub(super) static CODE: Code =
    Code { name: "quote-unverified", level: Level::Warning, manual: include_str!("quote_unverified.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    let of_one_statement = |a: &Comparison, b: &Comparison| a.subject.statement == b.subject.statement;
    for of_statement in quotes.comparisons.chunk_by(of_one_statement) {
        let mut own = of_statement.iter().filter(|it| it.subject.wording != Wording::AsPrinted);
        // Words that are wrong somewhere were compared: `quote-mismatch` and `quote-edited` tell of them.
        let is_known = |it: &Comparison| {
            it.class() != Class::NoText || it.edited().is_some_and(|it| it != Edited::Speaker)
        };
        if own.any(is_known) {
            continue;
        }
        report.add(told(quotes, of_statement));
    }
}

fn told(quotes: &Quotes<'_>, of_statement: &[Comparison]) -> Diagnostic {
    let node = quotes.graph.node(of_statement[0].subject.statement);
    let field =
        if node.statement().is_some_and(|it| it.original.is_some()) { "original.text" } else { "quote" };
    let place = Place::field(&node.record().origin.file, node.field(field));
    let others = of_statement.iter().any(|it| it.class() != Class::NoText);
    let message = match others {
        true => "only other wordings of this quotation were compared, not these words",
        false => "no source was ever compared for this quotation",
    };
    let told = Diagnostic::new(&CODE, place, message);
    let told = match others {
        true => told.label("no copy of a source that prints them so"),
        false => told,
    };
    let told = told.help(
        "save a copy of a source that prints it (`rejoinder source add FILE ID`), then `rejoinder check --update-lock`",
    );
    // Each record holds the words that the statement prints, whatever was compared.
    match of_statement.iter().all(|it| it.record.is_some()) {
        true => Diagnostic { level: Level::Note, ..told }
            .note("`quotes.lock` holds the words fast, so they cannot change unnoticed"),
        false => told,
    }
}
