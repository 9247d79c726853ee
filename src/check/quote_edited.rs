//! # quote-edited
//!
//! A quotation is not the one that `quotes.lock` holds: its words, or who said them, were changed after they were compared
//! with the source. Its level cannot be changed, and it cannot be accepted.
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
use crate::verify::{Comparison, Edited, State};

pub(super) static CODE: Code =
    Code { name: "quote-edited", level: Level::Error, manual: include_str!("quote_edited.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    for it in quotes.comparisons {
        // Words that are not in the copy are told by `quote-mismatch`.
        let is_lost = matches!(&it.state, State::Compared { found, .. } if found.class == Class::Mismatch);
        if let Some(edited) = it.edited().filter(|_| !is_lost) {
            report.add(told(quotes, it, edited));
        }
    }
}

fn told(quotes: &Quotes<'_>, it: &Comparison, edited: Edited) -> Diagnostic {
    let graph = quotes.graph;
    let node = graph.node(it.subject.statement);
    let on = it.record.as_ref().map_or("", |record| record.on.as_str());
    let source = graph.node(it.subject.source).short_key();
    let (field, message) = match edited {
        Edited::Words => {
            (it.subject.field(graph), "these words are not the ones that `quotes.lock` holds".to_owned())
        }
        Edited::Printed => {
            (node.field("quote"), "these words are not the ones that `quotes.lock` holds".to_owned())
        }
        Edited::Speaker => (
            node.field(if node.statement().is_some_and(|it| it.speaker.is_some()) {
                "speaker"
            } else {
                "id"
            }),
            format!(
                "`quotes.lock` holds these words for another speaker, `{}`",
                it.record.as_ref().map_or("", |it| it.speaker.as_str())
            ),
        ),
    };
    let place = Place::field(&node.record().origin.file, field);
    let told = Diagnostic::new(&CODE, place, message).label(format!("changed since {on}"));
    match (&it.state, edited) {
        (State::Compared { .. }, Edited::Words) => told
            .note(format!("the saved copy of `{source}` has the new words"))
            .help("run `rejoinder check --update-lock`, and commit `quotes.lock` with the change"),
        (State::Compared { .. }, Edited::Printed | Edited::Speaker) => told
            .help("if the change is right, run `rejoinder check --update-lock`, and commit `quotes.lock` with it"),
        (State::NoCopy { .. }, _) => {
            told.note(format!("there is no saved copy of `{source}` here to compare with")).help(
                "put it back, or run `rejoinder check --update-lock` where the copy is, and commit `quotes.lock`",
            )
        }
    }
}
