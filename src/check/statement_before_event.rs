//! # statement-before-event
//!
//! A statement is dated before the event it reacts to. Nobody reacts to what has not happened: one of the dates is wrong, or
//! the words belong to another story.
//!
//! Only dates that cannot both be right are reported. What somebody else said, and is only quoted because the reaction
//! answers it, may be older than the event.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::Graph;
use crate::model::{Kind, Relation};

pub(super) static CODE: Code = Code {
    name: "statement-before-event",
    level: Level::Error,
    manual: include_str!("statement_before_event.rs"),
};
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let Some(reaction) = node.reaction else { continue };
        let Some(event) = graph.targets(reaction, Relation::ReactsTo).next() else { continue };
        let answered_here =
            graph.origins(id, Relation::RepliesTo).any(|it| graph.node(it).reaction == Some(reaction));
        let dates = graph.date_of(id).zip(graph.date_of(event)).filter(|_| !answered_here);
        if let Some((said, happened)) = dates.filter(|(said, happened)| said.definitely_before(happened)) {
            let other = graph.node(event);
            report.add(
                Diagnostic::new(
                    &CODE,
                    Place::field(&node.record().origin.file, node.field("date")),
                    "this statement is dated before the event it reacts to",
                )
                .label(format!("{} is before {}", said.display(), happened.display()))
                .also(Place::field(&other.record().origin.file, other.field("date")), "the event")
                .help("correct one of the dates"),
            );
        }
    }
}
