//! # attr-unnamed-origin
//!
//! Something rests on an origin that nobody names: the only way to it leads through a source of type `unspecified`, such
//! as "media reports". A reader cannot check it, and neither could we.
//!
//! This is a warning and not an error, because a site may have nothing better and says so: the words are printed with the
//! grade "Unconfirmed". An allegation that rests on such an origin is named as one.
//!
//! ```yaml
//! sources: [{ ref: euronews-r1, via: unnamed-media-reports }]   # warned
//! sources: [{ ref: euronews-r1, via: the-information }]         # named: fine
//! ```
//!
//! Find a source that names where it comes from, and add it to the list. One that does is enough.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Attribution, Graph, NodeId, Standing};
use crate::model::{Kind, SourceUse};

pub(super) static CODE: Code = Code {
    name: "attr-unnamed-origin",
    level: Level::Warning,
    manual: include_str!("attr_unnamed_origin.rs"),
};
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        if let Some((statement, facts)) = graph.node(id).statement().zip(graph.statement_facts(id)) {
            let what = if statement.alleges.is_some() { "this allegation" } else { "this statement" };
            look(graph, id, what, facts.standing, &statement.sources, report);
        }
    }
    for id in graph.of_kind(Kind::Action) {
        if let Some(action) = graph.node(id).action() {
            look(
                graph,
                id,
                "this action",
                graph.standing_of(id, &action.sources, None),
                &action.sources,
                report,
            );
        }
    }
    for id in graph.of_kind(Kind::Claim) {
        if let Some(claim) = graph.node(id).claim() {
            look(
                graph,
                id,
                "this allegation",
                graph.standing_of(id, &claim.sources, None),
                &claim.sources,
                report,
            );
        }
    }
}

fn look(graph: &Graph, id: NodeId, what: &str, standing: Standing, uses: &[SourceUse], report: &mut Report) {
    // Without any source that resolves there is nothing to say about origins.
    let Some(best) = standing.best.filter(|_| standing.attribution == Attribution::RelayedUnnamed) else {
        return;
    };
    let node = graph.node(id);
    let field = if uses[best].via.is_some() { "via" } else { "ref" };
    let place = Place::field(&node.record().origin.file, node.field(&format!("sources[{best}].{field}")));
    report.add(
        Diagnostic::new(&CODE, place, format!("{what} rests on an origin that nobody names"))
            .label("names nobody")
            .note("readers cannot check it; the page prints it as unconfirmed")
            .help("add a source that says where the words come from"),
    );
}
