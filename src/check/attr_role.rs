//! # attr-role
//!
//! Somebody speaks for an organisation, and no office they are known to hold there covers the day. Either the day is wrong,
//! or they spoke for themselves, or the office is recorded with the wrong years.
//!
//! It is looked at where the statement has `for:`, or `capacity: official` or `spokesperson`, and the speaker has an office
//! that this can rest on: one at the organisation or at a part of it; without `for:`, any. Only periods that cannot cover
//! the day count. Nobody needs an office to speak for somebody: a lawyer has none.
//!
//! **Bad**
//!
//! ```yaml
//! roles: [{ at: other-corp, title: chief executive, to: 2020 }]     # the actor
//!
//! - { id: promise, for: other-corp, date: 2025-03-02, … }           # the statement
//! ```
//!
//! **Good**: `capacity: personal` and no `for:`, or the office they hold now.
//!
//! A person with `capacity: spokesperson` who has neither `for:` nor any office is reported as well: a voice of what?

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{ActorType, Capacity, Data, Kind, Relation, Role};
use crate::text::Edtf;

pub(super) static CODE: Code =
    Code { name: "attr-role", level: Level::Warning, manual: include_str!("attr_role.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let Some((statement, facts)) = graph.node(id).statement().zip(graph.statement_facts(id)) else {
            continue;
        };
        let Data::Actor(speaker) = &graph.node(facts.speaker).record().data else { continue };
        // Any other actor is its own organisation.
        if !matches!(speaker.actor_type, ActorType::Person | ActorType::Unnamed) {
            continue;
        }
        let house = graph.targets(id, Relation::SaidFor).next();
        let in_office = matches!(statement.capacity, Some(Capacity::Official | Capacity::Spokesperson));
        if statement.capacity == Some(Capacity::Spokesperson) && house.is_none() && speaker.roles.is_empty() {
            report.add(
                Diagnostic::new(
                    &CODE,
                    graph.node(id).place("capacity"),
                    "this spokesperson speaks for nobody",
                )
                .label("for which organisation?")
                .help("write `for:` with the organisation, or give the speaker a role there"),
            );
            continue;
        }
        let Some(date) = facts.date.as_ref().filter(|_| house.is_some() || in_office) else { continue };
        let rests_on = |role: &Role| match (house, graph.find(Kind::Actor, role.at.bare())) {
            (None, _) => true,
            (Some(house), Some(at)) => is_part_of(graph, at, house),
            (Some(_), None) => false,
        };
        let offices: Vec<(usize, &Role)> =
            speaker.roles.iter().enumerate().filter(|(_, it)| rests_on(it)).collect();
        let Some((idx, office)) = offices.last().filter(|_| !offices.iter().any(|(_, it)| covers(it, date)))
        else {
            continue;
        };
        let (node, speaker) = (graph.node(id), graph.node(facts.speaker));
        let message = format!("{} held no office then that these words could rest on", speaker.name);
        report.add(
            Diagnostic::new(&CODE, node.place(if house.is_some() { "for" } else { "capacity" }), message)
                .label(format!("not on {}", date.display()))
                .also(speaker.place(&format!("roles[{idx}]")), format!("{} at another time", office.title))
                .help("correct the day or the years of the office, or take it as said by the speaker alone"),
        );
    }
}

/// Whether an office may have been held on that day.
fn covers(role: &Role, date: &Edtf) -> bool {
    let began_later = role.from.as_ref().is_some_and(|from| date.definitely_before(from));
    let ended_earlier = role.to.as_ref().is_some_and(|to| to.definitely_before(date));
    !began_later && !ended_earlier
}

/// Whether one actor is another, or a part of it, or of a part of it.
fn is_part_of(graph: &Graph, part: NodeId, whole: NodeId) -> bool {
    // Longer chains than this are circles.
    const MOST: usize = 16;
    let up = |at: &NodeId| graph.targets(*at, Relation::PartOf).next();
    std::iter::successors(Some(part), up).take(MOST).any(|it| it == whole)
}
