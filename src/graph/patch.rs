//! The same graph with other words: for edits that change what records say and nothing about how they hang together.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::link::name_of;
use super::{Graph, Node, NodeId};
use crate::model::{Data, Kind, Record, Relation};

impl Graph {
    /// The graph that [`link`](super::link) would give if some records said something else: each pair is a record of this graph
    /// as it is, and as it would be. `None` when that cannot be told without linking: when more than titles, names, summaries and
    /// other texts differ that nothing else follows from.
    ///
    /// The result shares with this graph all that stays, so what it costs does not grow with the site.
    pub fn with_words(&self, changed: &[(Arc<Record>, Arc<Record>)]) -> Option<Graph> {
        if !changed.iter().all(|(old, new)| differ_in_words(old, new)) {
            return None;
        }
        let mut next = self.clone();
        let mut renamed: BTreeSet<NodeId> = BTreeSet::new();
        for (old, new) in changed {
            for id in self.nodes_of(old) {
                next.nodes.replace(id.idx(), Node { record: Arc::clone(new), ..self.node(id).clone() });
                renamed.insert(id);
                if self.node(id).kind == Kind::Actor {
                    self.named_after(id, &mut renamed);
                    // Who has no name of their own is called after the house they speak for.
                    for spokesperson in self.origins(id, Relation::HoldsOffice) {
                        renamed.insert(spokesperson);
                        self.named_after(spokesperson, &mut renamed);
                    }
                }
            }
        }
        for id in renamed {
            let name = name_of(&next, id, next.node(id));
            if name != next.node(id).name {
                next.nodes.replace(id.idx(), Node { name, ..next.node(id).clone() });
            }
        }
        Some(next)
    }

    /// The node of a record, and those of its parts; none for a record whose id another has, and for a draft left out.
    fn nodes_of(&self, record: &Arc<Record>) -> Vec<NodeId> {
        let kind = record.kind();
        let called = self.find(kind, &record.id).into_iter().chain(self.of_any_story(&record.id, kind));
        let mut ids: Vec<NodeId> = called.filter(|id| Arc::ptr_eq(&self.node(*id).record, record)).collect();
        ids.dedup();
        if kind == Kind::Reaction {
            let parts = [Kind::Statement, Kind::Action, Kind::Claim, Kind::Silence];
            let of = |id: &NodeId| parts.iter().flat_map(|kind| self.parts(*id, *kind)).collect::<Vec<_>>();
            let parts: Vec<NodeId> = ids.iter().flat_map(of).collect();
            ids.extend(parts);
        }
        ids
    }

    /// What bears an actor's name.
    fn named_after(&self, actor: NodeId, names: &mut BTreeSet<NodeId>) {
        for relation in [Relation::ReactionOf, Relation::SaidBy, Relation::SilenceOf] {
            names.extend(self.origins(actor, relation));
        }
    }
}

/// Whether a record differs from another only in texts that the graph does not look into.
fn differ_in_words(old: &Record, new: &Record) -> bool {
    let mut like_new = old.clone();
    like_new.meta.description.clone_from(&new.meta.description);
    like_new.meta.extra.clone_from(&new.meta.extra);
    let same_links = |it: &Record| -> Vec<_> {
        it.prose.mentions.iter().map(|it| (it.target.clone(), it.anchor.clone())).collect()
    };
    let assets =
        |it: &Record| -> Vec<_> { it.prose.assets.iter().map(|it| (it.path.clone(), it.shown)).collect() };
    if same_links(old) != same_links(new) || assets(old) != assets(new) {
        return false;
    }
    like_new.prose.clone_from(&new.prose);
    match (&mut like_new.data, &new.data) {
        (Data::Story(it), Data::Story(new)) => {
            it.title.clone_from(&new.title);
            it.question.clone_from(&new.question);
            it.methods.clone_from(&new.methods);
        }
        (Data::Event(it), Data::Event(new)) => {
            it.title.clone_from(&new.title);
            it.place.clone_from(&new.place);
        }
        (Data::Actor(it), Data::Actor(new)) => {
            it.name.clone_from(&new.name);
            it.sort.clone_from(&new.sort);
            it.described_as.clone_from(&new.described_as);
            it.stakes.clone_from(&new.stakes);
        }
        (Data::Source(it), Data::Source(new)) => {
            it.title.clone_from(&new.title);
            it.note.clone_from(&new.note);
            it.rights.clone_from(&new.rights);
        }
        (Data::Term(it), Data::Term(new)) => {
            it.name.clone_from(&new.name);
            it.definition.clone_from(&new.definition);
            it.expands_to.clone_from(&new.expands_to);
        }
        (Data::Figure(it), Data::Figure(new)) => it.measure.clone_from(&new.measure),
        (Data::Correction(it), Data::Correction(new)) => it.why.clone_from(&new.why),
        (Data::Reaction(it), Data::Reaction(new)) => it.summary.clone_from(&new.summary),
        (Data::Page(it), Data::Page(new)) => it.title.clone_from(&new.title),
        (Data::Section(it), Data::Section(new)) => it.title.clone_from(&new.title),
        _ => return false,
    }
    like_new.digest() == new.digest()
}
