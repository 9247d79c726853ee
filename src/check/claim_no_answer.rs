//! # claim-no-answer
//!
//! Somebody is accused, and the story holds no word of theirs about it: no answer, no silence, not even a note that nobody
//! asked. Whoever is accused has a right of reply, and readers must be able to tell "did not answer" from "was not asked".
//!
//! An allegation is an entry of `claims:`, or a statement with `alleges:`, unless it was withdrawn. It counts as answered if,
//! in the same story, the accused (or whoever speaks for them, or the maker of an accused product)
//!
//! - replies to the statement that alleges it or supports the claim (`replies_to`); or
//! - says something, not before it, that is `about` whoever alleges it, or `mentions` them; or
//! - is recorded as silent, in whatever state.
//!
//! **Bad**
//!
//! ```yaml
//! claims:
//!   - { id: copied, about: [example-corp], says: That Gadget Two copies a patent., sources: [gazette-roundup] }
//! ```
//!
//! **Good**: the same, and in any reaction of the story
//!
//! ```yaml
//! silences:
//!   - { actor: example-corp, state: not-asked, scope: public, as_of: 2025-03-31, sources: [gazette-roundup] }
//! ```
//!
//! Look for their answer first. `not-asked` is for an honest "we did not".

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{ActorType, Capacity, ClaimStatus, Data, Kind, Relation};

pub(super) static CODE: Code =
    Code { name: "claim-no-answer", level: Level::Warning, manual: include_str!("claim_no_answer.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    let heard = Heard::collect(graph);
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let Some(alleges) = node.statement().and_then(|it| it.alleges.as_ref()) else { continue };
        if alleges.status != ClaimStatus::Withdrawn {
            let by = graph.statement_facts(id).map(|it| it.speaker);
            look(graph, &heard, id, by, "alleges.about", report);
        }
    }
    for id in graph.of_kind(Kind::Claim) {
        if graph.node(id).claim().is_some_and(|it| it.status != ClaimStatus::Withdrawn) {
            let by = graph.targets(id, Relation::AllegedBy).next();
            look(graph, &heard, id, by, "about", report);
        }
    }
}

/// Who was heard in which story: by actor and story, their statements and whether a silence of theirs is recorded.
#[derive(Default)]
struct Heard {
    said: BTreeMap<(NodeId, NodeId), Vec<NodeId>>,
    silent: BTreeSet<(NodeId, NodeId)>,
}

impl Heard {
    fn collect(graph: &Graph) -> Heard {
        let mut heard = Heard::default();
        for id in graph.of_kind(Kind::Statement) {
            let node = graph.node(id);
            let (Some(story), Some(facts)) = (node.story, graph.statement_facts(id)) else { continue };
            let personal = node.statement().is_some_and(|it| it.capacity == Some(Capacity::Personal));
            let houses = if personal { Vec::new() } else { graph.houses(facts.speaker) };
            let voices = graph.targets(id, Relation::SaidFor).chain(houses).chain([facts.speaker]);
            for voice in voices.collect::<BTreeSet<_>>() {
                heard.said.entry((voice, story)).or_default().push(id);
            }
        }
        for id in graph.of_kind(Kind::Silence) {
            let actor = graph.targets(id, Relation::SilenceOf).next();
            heard.silent.extend(actor.zip(graph.node(id).story));
        }
        heard
    }
}

fn look(graph: &Graph, heard: &Heard, id: NodeId, by: Option<NodeId>, field: &str, report: &mut Report) {
    let node = graph.node(id);
    let Some(story) = node.story else { return };
    for (idx, accused) in graph.targets(id, Relation::AllegesAgainst).enumerate() {
        let Data::Actor(actor) = &graph.node(accused).record().data else { continue };
        // Somebody without a name cannot be asked.
        if actor.actor_type == ActorType::Unnamed || by == Some(accused) {
            continue;
        }
        let voices = voices_of(graph, accused);
        let is_silent = voices.iter().any(|it| heard.silent.contains(&(*it, story)));
        let said = voices.iter().filter_map(|it| heard.said.get(&(*it, story))).flatten();
        if is_silent || said.into_iter().any(|it| answers(graph, *it, id, by)) {
            continue;
        }
        let name = &graph.node(accused).name;
        report.add(
            Diagnostic::new(
                &CODE,
                node.place(&format!("{field}[{idx}]")),
                format!("{name} is accused here, and the story holds no answer"),
            )
            .label("no reply, and no silence recorded")
            .note("whoever is accused has a right of reply")
            .help(format!("add what {name} said about it, or a silence; `state: not-asked` if nobody asked")),
        );
    }
}

/// Whose words answer for an accused: its own, and for a product or a part those of what it belongs to.
fn voices_of(graph: &Graph, accused: NodeId) -> BTreeSet<NodeId> {
    let mut voices = BTreeSet::from([accused]);
    let mut next = vec![accused];
    while let Some(at) = next.pop() {
        let up = graph.targets(at, Relation::MadeBy).chain(graph.targets(at, Relation::PartOf));
        next.extend(up.filter(|it| voices.insert(*it)));
    }
    voices
}

/// Whether a statement of the accused answers an allegation.
fn answers(graph: &Graph, said: NodeId, allegation: NodeId, by: Option<NodeId>) -> bool {
    if said == allegation {
        return false;
    }
    let makes_it = |it: NodeId| {
        it == allegation || graph.targets(it, Relation::Supports).any(|claim| claim == allegation)
    };
    if graph.targets(said, Relation::RepliesTo).any(makes_it) {
        return true;
    }
    let dates = graph.date_of(said).zip(graph.date_of(allegation));
    if dates.is_some_and(|(answer, alleged)| answer.surely_before(alleged)) {
        return false;
    }
    let named = graph.targets(said, Relation::About).chain(graph.targets(said, Relation::Mentions));
    named.into_iter().any(|it| Some(it) == by)
}
