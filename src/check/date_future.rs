//! # date-future
//!
//! Something is dated after the story's `as_of`, the day up to which its pages know. "Has not commented" beside a statement of
//! the week after makes both doubtful.
//!
//! | reported | instead |
//! | --- | --- |
//! | a statement after `as_of` | put it into `later:`, or look again at everything and move `as_of` |
//! | an action, or an event of the story, after `as_of` | move `as_of` |
//! | a silence known until after `as_of` | the same |
//! | a statement in `later:` that is not after `as_of` | put it into `statements:` |
//!
//! ```yaml
//! as_of: 2025-01-30                         # story.md
//!
//! statements:                               # a reaction
//!   - { id: second, date: 2025-02-20, … }   # reported
//! later:
//!   - { id: second, date: 2025-02-20, … }   # fine
//! ```
//!
//! Sources may be read, and mistakes corrected, on any later day. A date that may fall on either side is fine.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Relation};
use crate::text::Edtf;

pub(super) static CODE: Code =
    Code { name: "date-future", level: Level::Error, manual: include_str!("date_future.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for kind in [Kind::Statement, Kind::Action, Kind::Silence, Kind::Event] {
        for id in graph.of_kind(kind) {
            if let Some(story) = graph.node(id).story {
                report.add_some(look(graph, story, id));
            }
        }
    }
    for story in graph.of_kind(Kind::Story) {
        // An event of the story's directory has been looked at.
        let event = graph.targets(story, Relation::TellsOf).next();
        let event = event.filter(|it| graph.node(*it).story.is_none());
        report.add_some(event.and_then(|it| look(graph, story, it)));
    }
}

fn look(graph: &Graph, story: NodeId, id: NodeId) -> Option<Diagnostic> {
    let (date, as_of) = (graph.date_of(id)?, graph.date_of(story)?);
    let (node, story) = (graph.node(id), graph.node(story));
    let is_later = as_of.definitely_before(date);
    let kind = node.kind;
    let (message, help) = match (is_later, node.is_later()) {
        (true, false) if kind == Kind::Statement => (
            "this statement is dated after what its story knows".to_owned(),
            "put it into `later:`, or move the story's `as_of` when you have looked again at everything",
        ),
        (true, false) => (
            format!("this {kind} is dated after what its story knows"),
            "move the story's `as_of` when you have looked again at everything, or correct the date",
        ),
        (false, true) if ends_by(date, as_of) => (
            "this statement stands in `later:` and is not later than what its story knows".to_owned(),
            "put it into `statements:`, or correct the date",
        ),
        (true, true) | (false, _) => return None,
    };
    let field = match kind {
        Kind::Silence => "as_of",
        Kind::Statement if node.statement().is_some_and(|it| it.date.is_none()) => "id",
        _ => "date",
    };
    let relation = if is_later { "after" } else { "not after" };
    Some(
        Diagnostic::new(&CODE, node.place(field), message)
            .label(format!("{} is {relation} {}", date.display(), as_of.display()))
            .also(story.place("as_of"), "what the story knows")
            .help(help),
    )
}

/// Whether all of a date is on or before the last day of another.
fn ends_by(date: &Edtf, end: &Edtf) -> bool {
    date.latest().zip(end.latest()).is_some_and(|(date, end)| date <= end)
}
