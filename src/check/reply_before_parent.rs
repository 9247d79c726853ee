//! # reply-before-parent
//!
//! A reply is dated before the statement it answers, or statements answer each other in a circle. One of the dates, or one
//! `replies_to`, must be wrong.
//!
//! Only dates that cannot both be right are reported: a reply in `2025-01` to a post of `2025-01-28` is fine.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Relation};

pub(super) static CODE: Code =
    Code { name: "reply-before-parent", level: Level::Error, manual: include_str!("reply_before_parent.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let Some(parent) = graph.targets(id, Relation::RepliesTo).next() else { continue };
        let node = graph.node(id);
        let place = |field: &str| Place::field(&node.record().origin.file, node.field(field));
        if answers_itself(graph, id) {
            report.add(
                Diagnostic::new(&CODE, place("replies_to"), "these replies answer each other in a circle")
                    .label("leads back to this statement")
                    .help("take out the `replies_to` that is wrong"),
            );
            continue;
        }
        let dates = graph.date_of(id).zip(graph.date_of(parent));
        if let Some((reply, said)) = dates.filter(|(reply, said)| reply.definitely_before(said)) {
            let other = graph.node(parent);
            report.add(
                Diagnostic::new(&CODE, place("date"), "this reply is dated before what it answers")
                    .label(format!("{} is before {}", reply.display(), said.display()))
                    .also(Place::field(&other.record().origin.file, other.field("date")), "what it answers")
                    .help("correct one of the dates, or `replies_to`"),
            );
        }
    }
}

/// Follows `replies_to` until it ends or comes back.
fn answers_itself(graph: &Graph, id: NodeId) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut at = id;
    while let Some(parent) = graph.targets(at, Relation::RepliesTo).next() {
        if parent == id {
            return true;
        }
        if !seen.insert(parent) {
            return false;
        }
        at = parent;
    }
    false
}
