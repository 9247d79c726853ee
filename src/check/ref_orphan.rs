//! # ref-orphan
//!
//! A source, a term or a figure that nothing uses. It has a page, and no way leads there except the lists.
//!
//! Cite it, link to it, or delete it. This is a note: a glossary may hold words that no statement uses yet.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::Graph;
use crate::model::Kind;

pub(super) static CODE: Code =
    Code { name: "ref-orphan", level: Level::Note, manual: include_str!("ref_orphan.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for kind in [Kind::Source, Kind::Term, Kind::Figure] {
        for id in graph.of_kind(kind) {
            if graph.incoming(id).iter().any(|edge| edge.from != id) {
                continue;
            }
            let node = graph.node(id);
            let place = Place::field(&node.record().origin.file, node.field("id"));
            report.add(
                Diagnostic::new(&CODE, place, format!("nothing uses the {kind} `{}`", node.short_key()))
                    .help("cite it, link to it, or delete it"),
            );
        }
    }
}
