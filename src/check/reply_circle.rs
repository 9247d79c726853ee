//! # reply-circle
//!
//! Statements answer each other in a circle, or one answers itself. Nobody answers what is only said in answer to them: one
//! `replies_to` must be wrong.
//!
//! ```yaml
//! - { id: question, replies_to: answer, … }    # wrong
//! - { id: answer, replies_to: question, … }
//! ```
//!
//! Take out the one that is wrong. Replies with dates in the wrong order are `date-conflict`.

use std::collections::BTreeSet;

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Relation};

pub(super) static CODE: Code =
    Code { name: "reply-circle", level: Level::Error, manual: include_str!("reply_circle.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    // A statement answers one other, so each way is followed once and ends, or comes back.
    let mut done: BTreeSet<NodeId> = BTreeSet::new();
    for start in graph.of_kind(Kind::Statement) {
        let mut way = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next.filter(|it| done.insert(*it)) {
            way.push(at);
            next = graph.targets(at, Relation::RepliesTo).next();
        }
        let circle = next.and_then(|end| way.iter().position(|it| *it == end));
        for id in circle.map_or(&[][..], |from| &way[from..]) {
            let place = graph.node(*id).place("replies_to");
            report.add(
                Diagnostic::new(&CODE, place, "these replies answer each other in a circle")
                    .label("leads back to this statement")
                    .help("take out the `replies_to` that is wrong"),
            );
        }
    }
}
