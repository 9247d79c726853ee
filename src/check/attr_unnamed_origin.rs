//! # attr-unnamed-origin
//!
//! Something rests on an origin that nobody names: the only way to it leads through a source of type `unspecified`, such
//! as "media reports". A reader cannot check it, and neither could we.
//!
//! This is a warning, because a site may have nothing better and says so: the words are printed with the grade
//! "Unconfirmed". An allegation that rests on such an origin alone is an error: somebody is accused, and nobody stands up
//! for it.
//!
//! ```yaml
//! sources: [{ ref: euronews-r1, via: unnamed-media-reports }]   # warned
//! sources: [{ ref: euronews-r1, via: the-information }]         # named: fine
//! ```
//!
//! Find a source that names where it comes from, and add it to the list. One that does is enough. Where there is none and
//! readers must know of the allegation all the same, say why, and the reason is printed with it:
//!
//! ```yaml
//! claims:
//!   - id: copied
//!     about: [example-corp]
//!     says: That Gadget Two copies a patent.
//!     sources: [{ ref: gazette-roundup, via: unnamed-reports }]
//!     accept: { code: attr-unnamed-origin, why: The court's order speaks of the same reports without naming them. }
//! ```

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Attribution, Graph, NodeId, Standing};
use crate::model::Kind;

pub(super) static CODE: Code = Code {
    name: "attr-unnamed-origin",
    level: Level::Warning,
    manual: include_str!("attr_unnamed_origin.rs"),
};
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        if let Some((statement, facts)) = graph.node(id).statement().zip(graph.statement_facts(id)) {
            let what = if statement.alleges.is_some() { What::Allegation } else { What::Statement };
            report.add_some(look(graph, id, what, facts.standing));
        }
    }
    for (kind, what) in [(Kind::Action, What::Action), (Kind::Claim, What::Allegation)] {
        for id in graph.of_kind(kind) {
            let standing = graph.standing_of(id, graph.node(id).sources(), None);
            report.add_some(look(graph, id, what, standing));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Statement,
    Action,
    Allegation,
}

fn look(graph: &Graph, id: NodeId, what: What, standing: Standing) -> Option<Diagnostic> {
    // Without any source that resolves there is nothing to say about origins.
    let best = standing.best.filter(|_| standing.attribution == Attribution::RelayedUnnamed)?;
    let node = graph.node(id);
    let field = if node.sources()[best].via.is_some() { "via" } else { "ref" };
    let noun = match what {
        What::Statement => "statement",
        What::Action => "action",
        What::Allegation => "allegation",
    };
    let message = format!("this {noun} rests on an origin that nobody names");
    let mut told = Diagnostic::new(&CODE, node.place(&format!("sources[{best}].{field}")), message)
        .label("names nobody")
        .note("readers cannot check it; the page prints it as unconfirmed")
        .help("add a source that says where the words come from");
    if what == What::Allegation {
        told.level = Level::Error;
        told = told.help("or say with `accept: { code: attr-unnamed-origin, why: … }` why it must stand");
    }
    Some(told)
}
