//! # attr-anonymous
//!
//! Words, or an allegation, come from somebody who is not named, holds no office, and speaks for nobody: there is no one a
//! reader could ask. The page prints them as "Unconfirmed: anonymous".
//!
//! Many houses print such words only if they are news, can be had in no other way, and come from somebody who is in a
//! position to know. If that is so here, say who they are as far as you can: an office, or on whose behalf they speak.
//!
//! **Bad**
//!
//! ```yaml
//! - { id: insider, type: unnamed, name: an insider }
//! ```
//!
//! **Good**
//!
//! ```yaml
//! - id: insider
//!   type: unnamed
//!   name: an engineer
//!   roles: [{ at: example-corp, title: engineer }]
//! ```

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Attribution, Graph, NodeId};
use crate::model::{Capacity, Kind, Relation};

pub(super) static CODE: Code =
    Code { name: "attr-anonymous", level: Level::Warning, manual: include_str!("attr_anonymous.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let facts = graph.statement_facts(id);
        // A spokesperson for nobody is `attr-role`.
        let capacity = graph.node(id).statement().and_then(|it| it.capacity);
        let facts = facts.filter(|_| capacity != Some(Capacity::Spokesperson));
        if let Some(facts) = facts.filter(|it| it.standing.attribution == Attribution::Anonymous) {
            let alleges = graph.node(id).statement().is_some_and(|it| it.alleges.is_some());
            let what = if alleges { "this allegation" } else { "this statement" };
            report.add(told(graph, id, facts.speaker, ("speaker", what)));
        }
    }
    for id in graph.of_kind(Kind::Claim) {
        let by = graph.targets(id, Relation::AllegedBy).next();
        if let Some(by) = by.filter(|it| graph.is_anonymous(*it)) {
            report.add(told(graph, id, by, ("by", "this allegation")));
        }
    }
}

fn told(graph: &Graph, id: NodeId, actor: NodeId, (field, what): (&str, &str)) -> Diagnostic {
    let (node, actor) = (graph.node(id), graph.node(actor));
    let message = format!("{what} comes from somebody who is not named and speaks for nobody");
    // The reaction's actor, when nobody is named here.
    let named_here = match field {
        "speaker" => node.statement().is_some_and(|it| it.speaker.is_some()),
        _ => node.claim().is_some_and(|it| it.by.is_some()),
    };
    let place = node.place(if named_here { field } else { "id" });
    Diagnostic::new(&CODE, place, message)
        .label("nobody can be asked")
        .also(actor.place("name"), "no name, and no office")
        .help("give the actor a role, or write on whose behalf the words were said (`for:`)")
}
