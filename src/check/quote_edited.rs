//! # quote-edited
//!
//! The words of a quotation are not those that `quotes.lock` holds. Somebody changed them after they were compared with the
//! source.
//!
//! Without the saved copy nobody can say whether the new words are the source's, so they do not pass: not here, not in the
//! checks of a pull request. It is an error until somebody with the copy compares again:
//!
//! ```sh
//! rejoinder check --update-lock
//! ```
//!
//! If you changed the words by mistake, put them back. If they were published before, a changed quotation also needs a
//! correction (`correction-missing`).

use super::{Check, Quotes, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::quote::Class;
use crate::verify::{Comparison, State};

pub(super) static CODE: Code =
    Code { name: "quote-edited", level: Level::Error, manual: include_str!("quote_edited.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    for it in quotes.comparisons {
        let is_lost = matches!(&it.state, State::Compared { found, .. } if found.class == Class::Mismatch);
        // Words that are not in the copy are told by `quote-mismatch`.
        if it.is_as_recorded() == Some(false) && !is_lost {
            report.add(told(quotes, it));
        }
    }
}

fn told(quotes: &Quotes<'_>, it: &Comparison) -> Diagnostic {
    let graph = quotes.graph;
    let node = graph.node(it.subject.statement);
    let place = Place::field(&node.record().origin.file, it.subject.field(graph));
    let on = it.record.as_ref().map_or("", |record| record.on.as_str());
    let source = graph.node(it.subject.source).short_key();
    let message = "these words are not the ones that `quotes.lock` holds";
    let told = Diagnostic::new(&CODE, place, message).label(format!("changed since {on}"));
    match &it.state {
        State::Compared { .. } => told
            .note(format!("the saved copy of `{source}` has the new words"))
            .help("run `rejoinder check --update-lock`, and commit `quotes.lock` with the change"),
        State::NoCopy => told
            .note(format!("there is no saved copy of `{source}` here to compare them with"))
            .help(
                "put the words back, or run `rejoinder check --update-lock` where the copy is, and commit `quotes.lock`",
            ),
    }
}
