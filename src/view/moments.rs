//! What happened in a story, for its timeline and for pictures of it, and where the timeline tells of each.

use super::desk::Desk;
use crate::graph::NodeId;
use crate::model::{Kind, Relation};

/// The story's event, what it led to and what led to it, everything said and done, silences and corrections, in the order of
/// time; what has no date comes first.
pub(super) fn of_story(desk: &Desk<'_>, story: NodeId, reactions: &[NodeId]) -> Vec<NodeId> {
    let mut found = std::collections::BTreeSet::new();
    for event in desk.lens.targets(story, Relation::TellsOf) {
        found.insert(event);
        found.extend(desk.lens.targets(event, Relation::LedTo));
        found.extend(desk.lens.origins(event, Relation::LedTo));
    }
    found.extend(desk.lens.origins(story, Relation::Corrects));
    for reaction in reactions.iter().copied() {
        found.extend(desk.lens.targets(reaction, Relation::BroughtAbout));
        found.extend(desk.lens.origins(reaction, Relation::Corrects));
        for kind in [Kind::Statement, Kind::Action, Kind::Silence, Kind::Claim] {
            for part in desk.lens.parts(reaction, kind) {
                found.extend(desk.lens.targets(part, Relation::SaidAt));
                found.extend(desk.lens.origins(part, Relation::Corrects));
                if kind != Kind::Claim {
                    found.insert(part);
                }
            }
        }
    }
    let mut found: Vec<NodeId> = found.into_iter().collect();
    found.sort_by_cached_key(|id| (desk.lens.date_of(*id), *id));
    found
}

/// The fragment of a moment on the timeline's page.
pub(super) fn anchor(desk: &Desk<'_>, id: NodeId) -> String {
    format!("t-{}", desk.anchor(id))
}
