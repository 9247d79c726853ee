//! Who refers to a node, where each reference stands, and which node somebody means who types an id.

use super::problems;
use super::{Graph, NodeId, Scope};
use crate::diag::{Diagnostic, Place};
use crate::model::{Kind, Part, Relation};

/// One place that leads to a node.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What refers to it.
    pub from: NodeId,
    /// By which relation.
    pub relation: Relation,
    /// Where it is written; for what nobody wrote, the place of what it follows from.
    pub place: Place,
    /// Whether somebody wrote it. A statement, for example, is said by its reaction's actor unless it names somebody else.
    pub is_written: bool,
}

impl Graph {
    /// The node that an id means as it may be typed in `[[…]]`: `ada`, `actor:ada`, `[[ada|Ada]]`.
    ///
    /// # Errors
    /// A diagnostic without a place, in the words that a link in prose would get.
    pub fn meant(&self, typed: &str) -> Result<NodeId, Box<Diagnostic>> {
        let id = typed.trim().trim_start_matches("[[").trim_end_matches("]]");
        let id = id.split(['|', '#']).next().unwrap_or(id).trim();
        let word = id.split_once(':').map(|(word, _)| word);
        let kind =
            word.map(Kind::parse).transpose().map_err(|_| Box::new(problems::unknown_kind_typed(id)))?;
        let found = self.resolve(id, &[], Scope::default());
        found.map_err(|why| Box::new(problems::not_meant(self, id, kind, &why)))
    }

    /// Everything that refers to a node, in the order of the records that do; a record that does so several times by one
    /// relation comes several times.
    pub fn references_to(&self, id: NodeId) -> Vec<Reference> {
        let mut found = Vec::new();
        for edge in self.incoming(id) {
            let (from, relation) = (edge.from, edge.relation);
            let node = self.node(from);
            if let Some(mention) = self.mention(edge) {
                let place = Place::span(&node.record.origin.file, mention.span);
                found.push(Reference { from, relation, place, is_written: true });
                continue;
            }
            let places = self.fields_leading(from, relation, id);
            if places.is_empty() {
                let place = node.place("");
                found.push(Reference { from, relation, place, is_written: false });
            }
            let of = |place| Reference { from, relation, place, is_written: true };
            found.extend(places.into_iter().map(of));
        }
        found
    }

    /// The fields of a node that lead to another by one relation.
    fn fields_leading(&self, from: NodeId, relation: Relation, to: NodeId) -> Vec<Place> {
        let node = self.node(from);
        let whole = node.reaction.unwrap_or(from);
        let record = node.record();
        let mut places = Vec::new();
        record.each_ref(&mut |site| {
            if site.relation == relation
                && self.part_of(whole, &site.part) == Some(from)
                && self.resolve(site.reference.as_str(), relation.targets(), self.scope_of(whole)) == Ok(to)
            {
                places.push(Place::field(&record.origin.file, record.origin.field(&site.path.to_string())));
            }
        });
        places
    }

    /// The node of a part of a record.
    pub(super) fn part_of(&self, whole: NodeId, part: &Part<'_>) -> Option<NodeId> {
        let of = |part: &str| [&*self.node(whole).key, ".", part].concat();
        match part {
            Part::Whole => Some(whole),
            Part::Statement(part) => self.find(Kind::Statement, &of(part)),
            Part::Action(part) => self.find(Kind::Action, &of(part)),
            Part::Claim(part) => self.find(Kind::Claim, &of(part)),
            Part::Silence(idx) => self.parts(whole, Kind::Silence).get(*idx).copied(),
        }
    }

    /// Where the references of a whole record stand.
    pub(super) fn scope_of(&self, whole: NodeId) -> Scope<'_> {
        let node = self.node(whole);
        let story = if node.kind == Kind::Story { Some(whole) } else { node.story };
        Scope {
            story: story.map(|story| &*self.node(story).key),
            reaction: (node.kind == Kind::Reaction).then_some(&*node.key),
        }
    }
}
