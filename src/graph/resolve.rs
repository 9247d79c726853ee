//! From an id as written to the node it means.

use super::{Graph, NodeId};
use crate::model::Kind;

/// Where a reference stands, for ids that are shorter at home.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// The story's id.
    pub story: Option<&'a str>,
    /// The reaction's full key.
    pub reaction: Option<&'a str>,
}

/// Why an id means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// No node has it.
    Unknown,
    /// Only nodes of other kinds have it.
    OtherKind(Vec<NodeId>),
    /// Several nodes have it.
    Ambiguous(Vec<NodeId>),
}

/// Kinds that a bare id in prose means first. A reaction usually has its actor's id, so it yields to all of these.
const STANDALONE: [Kind; 9] = [
    Kind::Story,
    Kind::Event,
    Kind::Actor,
    Kind::Source,
    Kind::Term,
    Kind::Figure,
    Kind::Correction,
    Kind::Page,
    Kind::Section,
];

impl Graph {
    /// Resolves a reference that may have one of these kinds (an empty slice means any).
    /// The text may start with `kind:`.
    ///
    /// # Errors
    /// Says why it means nothing.
    pub fn resolve(&self, written: &str, kinds: &[Kind], scope: Scope<'_>) -> Result<NodeId, NotFound> {
        let (kinds_named, id) = match written.split_once(':').map(|(word, id)| (Kind::parse(word), id)) {
            Some((Ok(kind), id)) if kinds.is_empty() || kinds.contains(&kind) => (Some(kind), id),
            Some((Ok(kind), id)) => {
                let others = self.candidates(id, &[kind], scope);
                return Err(if others.is_empty() { NotFound::Unknown } else { NotFound::OtherKind(others) });
            }
            _ => (None, written),
        };
        let wanted: &[Kind] = match &kinds_named {
            Some(kind) => std::slice::from_ref(kind),
            None if kinds.is_empty() => &STANDALONE,
            None => kinds,
        };
        let mut found = self.candidates(id, wanted, scope);
        if found.is_empty() && kinds_named.is_none() && kinds.is_empty() {
            found = self.candidates(
                id,
                &[Kind::Reaction, Kind::Statement, Kind::Action, Kind::Claim, Kind::Silence],
                scope,
            );
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => {
                let others = self.candidates(id, &Kind::ALL, scope);
                Err(if others.is_empty() { NotFound::Unknown } else { NotFound::OtherKind(others) })
            }
            _ => Err(NotFound::Ambiguous(found)),
        }
    }

    /// Every node of these kinds that an id can mean here.
    fn candidates(&self, id: &str, kinds: &[Kind], scope: Scope<'_>) -> Vec<NodeId> {
        let mut found = Vec::new();
        for kind in kinds {
            self.of_kind_called(id, *kind, scope, &mut found);
        }
        found
    }

    fn of_kind_called(&self, id: &str, kind: Kind, scope: Scope<'_>, into: &mut Vec<NodeId>) {
        if let Some(found) = self.find(kind, id) {
            into.push(found);
            return;
        }
        let at_home = match kind {
            Kind::Statement | Kind::Action | Kind::Claim | Kind::Silence => {
                let inside = scope.reaction.and_then(|reaction| self.find(kind, &format!("{reaction}.{id}")));
                inside.or_else(|| scope.story.and_then(|story| self.find(kind, &format!("{story}/{id}"))))
            }
            Kind::Reaction | Kind::Correction => {
                scope.story.and_then(|story| self.find(kind, &format!("{story}/{id}")))
            }
            _ => return,
        };
        match at_home {
            Some(found) => into.push(found),
            None => into.extend(self.of_any_story(id, kind)),
        }
    }

    /// Nodes whose key is this id in whatever story.
    pub(super) fn of_any_story<'a>(&'a self, id: &'a str, kind: Kind) -> impl Iterator<Item = NodeId> + 'a {
        let key = |it: &NodeId| (self.node(*it).kind, self.node(*it).short_key());
        let start = self.by_short_key.partition_point(|it| key(it) < (kind, id));
        self.by_short_key[start..].iter().take_while(move |it| key(it) == (kind, id)).copied()
    }

    /// Ids of these kinds, shortest form first, for suggestions.
    pub fn known_ids<'a>(&'a self, kinds: &'a [Kind]) -> impl Iterator<Item = &'a str> {
        let kinds: &[Kind] = if kinds.is_empty() { &STANDALONE } else { kinds };
        kinds.iter().flat_map(|kind| self.of_kind(*kind)).map(|id| self.node(id).short_key())
    }

    /// Ids of parts of these kinds as they are called inside the reaction of this file, for suggestions.
    pub(super) fn known_parts<'a>(
        &'a self,
        kinds: &'a [Kind],
        file: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let parts = kinds.iter().flat_map(|kind| self.of_kind(*kind)).map(|id| self.node(id));
        let here = parts.filter(move |node| node.reaction.is_some() && &*node.record.origin.file == file);
        here.filter_map(|node| node.short_key().rsplit('.').next())
    }
}
