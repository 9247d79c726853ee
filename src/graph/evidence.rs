//! How near we are to the words: the four grades of attribution and the four grades of evidence.
//!
//! A chain, not a flag: a source use says what we read and whom that names as its own origin. The grades are
//! computed from the chain; no author writes them.

use super::{Graph, NodeId};
use crate::model::{ActorType, Data, Form, Relation, Source, SourceRole, SourceUse, Statement};

/// How near the best source of a fact is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribution {
    /// We hold or saw the post, call or document.
    Firsthand,
    /// One named origin passes it on.
    Relayed,
    /// Passed on from an origin that nobody names.
    RelayedUnnamed,
    /// The speaker is nobody we can name, and speaks for nobody.
    Anonymous,
}

/// How a reader should weigh it, best first. Drawn as the rule beside the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Seen at the source.
    Seen,
    /// Printed verbatim by a named outlet.
    Quoted,
    /// Told in other words, or by one outlet after another.
    Reported,
    /// Rests on an unnamed origin, or is contradicted.
    Unconfirmed,
}

/// Both grades of one fact, and which of its source uses gave them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How near the best source is.
    pub attribution: Attribution,
    /// How to weigh it.
    pub grade: Grade,
    /// The number of the best source use, from 0; `None` when no source resolves.
    pub best: Option<usize>,
    /// Whether no source that names its origin is nearer than one step away: another outlet's report, or a document
    /// that nobody here saw, stands between.
    pub second_hand: bool,
}

/// Whether a source names nobody: `type: unspecified`.
pub fn is_unnamed(source: &Source) -> bool {
    source.source_type == "unspecified"
}

/// Grades a fact by its source uses. `form` is absent for actions and claims, which are told and not quoted; `said` is the
/// speaker and the statement.
pub(crate) fn standing(
    graph: &Graph,
    uses: &[(&SourceUse, Option<NodeId>, Option<NodeId>)],
    form: Option<Form>,
    said: Option<(NodeId, &Statement)>,
) -> Standing {
    let speaker = said.map(|(speaker, _)| speaker);
    let doubted = |field: &str| matches!(field, "quote" | "says" | "speaker");
    let contradicted = said.is_some_and(|(_, it)| it.contested.iter().any(|it| doubted(&it.field)));
    let source_of = |id: Option<NodeId>| match id.map(|id| &graph.node(id).record.data) {
        Some(Data::Source(source)) => Some(source),
        _ => None,
    };
    let graded = uses.iter().enumerate().filter_map(|(idx, (it, source_id, via))| {
        let source = source_of(*source_id)?;
        let attribution = match (source_of(*via), it.role) {
            (Some(via), _) if is_unnamed(via) => Attribution::RelayedUnnamed,
            (Some(_), _) => Attribution::Relayed,
            (None, _) if is_unnamed(source) => Attribution::RelayedUnnamed,
            (None, Some(SourceRole::Primary)) if source.seen => Attribution::Firsthand,
            // A post or speech of the speaker's own is the occasion itself, marked or not.
            (None, None) if source.seen && source_id.is_some_and(|it| is_by(graph, it, speaker)) => {
                Attribution::Firsthand
            }
            (None, _) => Attribution::Relayed,
        };
        // An outlet that prints the words from the speaker's own post or speech quotes them: that post is no outlet between.
        let second_hand = via.is_some_and(|via| !is_by(graph, via, speaker))
            || it.role == Some(SourceRole::Pickup)
            || (it.role == Some(SourceRole::Primary) && !source.seen);
        let grade = match attribution {
            Attribution::Firsthand if form == Some(Form::Paraphrase) => Grade::Reported,
            Attribution::Firsthand => Grade::Seen,
            Attribution::Relayed if second_hand || form != Some(Form::Quote) => Grade::Reported,
            Attribution::Relayed => Grade::Quoted,
            Attribution::RelayedUnnamed | Attribution::Anonymous => Grade::Unconfirmed,
        };
        Some((attribution, grade, idx, second_hand))
    });
    let graded: Vec<_> = graded.collect();
    let second_hand = graded
        .iter()
        .all(|(attribution, .., second_hand)| *second_hand || *attribution == Attribution::RelayedUnnamed);
    let best = graded.into_iter().min();
    let (attribution, grade, best) = match best {
        Some((attribution, grade, idx, _)) => (attribution, grade, Some(idx)),
        None => (Attribution::RelayedUnnamed, Grade::Unconfirmed, None),
    };
    // Whoever they speak for can be asked.
    if said.is_some_and(|(speaker, it)| it.on_behalf_of.is_none() && graph.is_anonymous(speaker)) {
        return Standing {
            attribution: Attribution::Anonymous,
            grade: Grade::Unconfirmed,
            best,
            second_hand,
        };
    }
    let grade = if contradicted { Grade::Unconfirmed } else { grade };
    Standing { attribution, grade, best, second_hand }
}

/// Whether a source is by somebody, or by a house they hold an office at today.
pub fn is_by(graph: &Graph, source: NodeId, speaker: Option<NodeId>) -> bool {
    let Some(speaker) = speaker else { return false };
    let houses = graph.houses(speaker);
    graph.targets(source, Relation::AuthoredBy).any(|author| author == speaker || houses.contains(&author))
}

impl Graph {
    /// Where somebody holds an office that has not ended.
    pub fn houses(&self, actor: NodeId) -> Vec<NodeId> {
        let Data::Actor(data) = &self.node(actor).record.data else { return Vec::new() };
        let offices = data.roles.iter().zip(self.targets(actor, Relation::HoldsOffice));
        offices.filter(|(role, _)| role.to.is_none()).map(|(_, house)| house).collect()
    }

    /// Whether an actor is an unnamed person who holds no office anywhere: nobody can be asked.
    pub fn is_anonymous(&self, actor: NodeId) -> bool {
        match &self.node(actor).record.data {
            Data::Actor(actor) => actor.actor_type == ActorType::Unnamed && actor.roles.is_empty(),
            _ => false,
        }
    }
}
