//! The only way a view reads the graph: every read leaves a key behind.
//!
//! A page must be made again when, and only when, something it read has changed. So what it read is recorded
//! here, as it happens, and nobody has to guess what a template used.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::evidence::is_by;
use super::{Audit, Citations, Edge, Graph, Node, NodeId, Standing, StatementFacts, Verification};
use crate::model::{Kind, Relation, SourceUse};

/// Something that can be read, and so can make a page out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Key {
    /// A node's own fields, its name, and what was filled in for it; nothing of its prose.
    Card(NodeId),
    /// The name readers see, which may be its speaker's.
    Name(NodeId),
    /// How a record's prose begins.
    Summary(NodeId),
    /// A record's prose.
    Body(NodeId),
    /// The sentences of a record's prose that name others.
    Sentences(NodeId),
    /// The edges of one relation that start at a node.
    Out(NodeId, Relation),
    /// The edges of one relation that lead to a node.
    In(NodeId, Relation),
    /// How a source is cited: how often, and whether as the occasion itself.
    Citations(NodeId),
    /// All edges of a node, in both directions.
    Edges(NodeId),
    /// Which nodes of a kind there are.
    List(Kind),
    /// How a statement's words stand in its sources.
    Verification(NodeId),
    /// What checks found, and how all quotations stand.
    Audit,
    /// Every address of the site.
    Addresses,
    /// The site's settings, and what `site` in templates holds of the graph: the publisher's and stories' names.
    Site,
    /// Where a correction stands: the page of the list that it is on follows from all others.
    Address(NodeId),
}

/// The keys one page read, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    keys: Vec<Key>,
}

impl Trace {
    /// The keys, sorted, each once.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
}

/// The prose of records, which the graph does not hold.
pub trait Bodies: Sync {
    /// A record's prose as Markdown; empty when it has none.
    fn body(&self, record: &crate::model::Record) -> &str;
}

/// Keys as they are read, each once, in the order in which they were first read.
///
/// A page reads the same keys again and again, so they are told apart in a table of numbers. Noting reads and sorting them at the
/// end took 3.6 % of a build's processor time when all were kept and sorted now and then, and takes 2.4 % so.
#[derive(Default)]
struct Read {
    /// Each with its number.
    keys: Vec<(u64, Key)>,
    /// The numbers of `keys`, each at the first free place from its own on; as many places as a power of two, of which at
    /// most half are taken.
    table: Vec<u64>,
}

/// No key's number.
const FREE: u64 = u64::MAX;

impl Read {
    fn add(&mut self, key: Key) {
        if 2 * self.keys.len() >= self.table.len() {
            self.grow();
        }
        let number = number(key);
        let at = place(&self.table, number);
        if self.table[at] == FREE {
            self.table[at] = number;
            self.keys.push((number, key));
        }
    }

    fn grow(&mut self) {
        self.table = vec![FREE; (2 * self.table.len()).max(256)];
        for (number, _) in &self.keys {
            let at = place(&self.table, *number);
            self.table[at] = *number;
        }
    }
}

/// Where a number stands in a table that has free places, or is to be put.
fn place(table: &[u64], number: u64) -> usize {
    let mask = table.len() - 1;
    // Multiplying by an odd number spreads neighbours (Knuth, "The Art of Computer Programming" 3, 6.4); its upper half is
    // the one that all bits have a part in.
    let mut at = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
    while table[at] != FREE && table[at] != number {
        at = (at + 1) & mask;
    }
    at
}

/// A number of its own for each key; numbers are in the order of keys.
fn number(key: Key) -> u64 {
    let (variant, node, rest) = match key {
        Key::Card(id) => (0, id.idx(), 0),
        Key::Name(id) => (1, id.idx(), 0),
        Key::Summary(id) => (2, id.idx(), 0),
        Key::Body(id) => (3, id.idx(), 0),
        Key::Sentences(id) => (4, id.idx(), 0),
        Key::Out(id, relation) => (5, id.idx(), relation as u64),
        Key::In(id, relation) => (6, id.idx(), relation as u64),
        Key::Citations(id) => (7, id.idx(), 0),
        Key::Edges(id) => (8, id.idx(), 0),
        Key::List(kind) => (9, 0, kind as u64),
        Key::Verification(id) => (10, id.idx(), 0),
        Key::Audit => (11, 0, 0),
        Key::Addresses => (12, 0, 0),
        Key::Site => (13, 0, 0),
        Key::Address(id) => (14, id.idx(), 0),
    };
    variant << 48 | (node as u64) << 8 | rest
}

/// A use with the source it names, and with what that names as its own origin.
pub type ResolvedUse<'u> = (&'u SourceUse, Option<NodeId>, Option<NodeId>);

/// A recorded view of the graph, made fresh for each route.
pub struct Lens<'a> {
    graph: &'a Graph,
    bodies: &'a dyn Bodies,
    audit: &'a Audit,
    read: RefCell<Read>,
}

impl<'a> Lens<'a> {
    /// Opens a lens that has read nothing.
    pub fn new(graph: &'a Graph, bodies: &'a dyn Bodies, audit: &'a Audit) -> Lens<'a> {
        Lens { graph, bodies, audit, read: RefCell::default() }
    }

    /// How a statement's words stand in each of its sources.
    pub fn verifications(&self, statement: NodeId) -> &'a [Verification] {
        self.note(Key::Verification(statement));
        self.audit.of(statement)
    }

    /// What checks found, and how all quotations stand.
    pub fn audit(&self) -> &'a Audit {
        self.note(Key::Audit);
        self.audit
    }

    /// The source uses of a node with what they resolve to.
    pub fn source_uses<'u>(&self, id: NodeId, uses: &'u [SourceUse]) -> Vec<ResolvedUse<'u>> {
        self.note(Key::Out(id, Relation::Cites));
        self.note(Key::Out(id, Relation::OriginatesIn));
        self.by_edges(id, uses).unwrap_or_else(|| self.graph.source_uses(id, uses))
    }

    /// The same from the edges that linking made of these very uses, in their order: names need not be looked up again.
    /// `None` where an edge is missing, because a name did not resolve.
    fn by_edges<'u>(&self, id: NodeId, uses: &'u [SourceUse]) -> Option<Vec<ResolvedUse<'u>>> {
        let mut sources = self.graph.targets(id, Relation::Cites);
        let mut origins = self.graph.targets(id, Relation::OriginatesIn);
        let mut resolved = Vec::with_capacity(uses.len());
        for it in uses {
            let source = sources.next()?;
            let origin = match it.via {
                Some(_) => Some(origins.next()?),
                None => None,
            };
            resolved.push((it, Some(source), origin));
        }
        (sources.next().is_none() && origins.next().is_none()).then_some(resolved)
    }

    /// Both grades of an action or a claim.
    pub fn standing_of(&self, id: NodeId, uses: &[SourceUse]) -> Standing {
        for (_, source, via) in self.source_uses(id, uses) {
            source.into_iter().chain(via).for_each(|it| self.note(Key::Card(it)));
        }
        self.graph.standing_of(id, uses, None)
    }

    /// Whether somebody wrote or said a source themselves, or a house they speak for did.
    pub fn is_by(&self, source: NodeId, speaker: Option<NodeId>) -> bool {
        self.note(Key::Out(source, Relation::AuthoredBy));
        if let Some(speaker) = speaker {
            self.note(Key::Card(speaker));
            self.note(Key::Out(speaker, Relation::HoldsOffice));
        }
        is_by(self.graph, source, speaker)
    }

    /// Closes the lens and gives what was read.
    pub fn trace(self) -> Trace {
        let mut keys = self.read.into_inner().keys;
        keys.sort_unstable_by_key(|(number, _)| *number);
        Trace { keys: keys.into_iter().map(|(_, key)| key).collect() }
    }

    fn note(&self, key: Key) {
        self.read.borrow_mut().add(key);
    }

    /// Notes that the list of all addresses was read.
    pub fn note_addresses(&self) {
        self.note(Key::Addresses);
    }

    /// Notes that the address of a correction was read.
    pub fn note_address(&self, id: NodeId) {
        self.note(Key::Address(id));
    }

    /// Notes that the site's settings were read.
    pub fn note_site(&self) {
        self.note(Key::Site);
    }

    /// A node and its record's fields.
    pub fn node(&self, id: NodeId) -> &'a Node {
        self.note(Key::Card(id));
        self.graph.node(id)
    }

    /// The name readers see.
    pub fn name(&self, id: NodeId) -> &'a str {
        self.note(Key::Name(id));
        &self.graph.node(id).name
    }

    /// How a record's prose begins, as plain text; empty when it has none.
    pub fn summary(&self, id: NodeId) -> &'a str {
        self.note(Key::Summary(id));
        &self.graph.node(id).record().prose.summary
    }

    /// What kind of thing a node is. That is part of its identity, so nothing is noted.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.graph.node(id).kind
    }

    /// The story of a reaction or of a part of one. Its key starts with it, so nothing is noted.
    pub fn story_of_part(&self, id: NodeId) -> Option<NodeId> {
        self.graph.node(id).story
    }

    /// What was filled in for a statement.
    pub fn statement_facts(&self, id: NodeId) -> Option<&'a StatementFacts> {
        self.note(Key::Card(id));
        self.graph.statement_facts(id)
    }

    /// A record's prose as Markdown.
    pub fn body(&self, id: NodeId) -> &'a str {
        self.note(Key::Body(id));
        self.bodies.body(self.graph.node(id).record())
    }

    /// Where the edges of one relation lead, in the author's order.
    pub fn targets(&self, id: NodeId, relation: Relation) -> Vec<NodeId> {
        self.note(Key::Out(id, relation));
        self.graph.targets(id, relation).collect()
    }

    /// Where the first edge of a relation leads.
    pub fn target(&self, id: NodeId, relation: Relation) -> Option<NodeId> {
        self.note(Key::Out(id, relation));
        self.graph.targets(id, relation).next()
    }

    /// Where the edges of one relation start that lead here.
    pub fn origins(&self, id: NodeId, relation: Relation) -> Vec<NodeId> {
        self.note(Key::In(id, relation));
        self.graph.origins(id, relation).collect()
    }

    /// How a source is cited. Asked for each source on each page, so it must not cost a look at all that cites it.
    pub fn citations(&self, source: NodeId) -> Citations {
        self.note(Key::Citations(source));
        self.graph.citations(source)
    }

    /// Every edge that leads here.
    pub fn incoming(&self, id: NodeId) -> &'a [Edge] {
        self.note(Key::Edges(id));
        self.graph.incoming(id)
    }

    /// The sentence an edge was made by, when prose made it.
    pub fn sentence(&self, edge: &Edge) -> Option<&'a str> {
        self.note(Key::Sentences(edge.from));
        self.graph.mention(edge).map(|mention| mention.sentence.as_str())
    }

    /// What the links of a record's prose lead to, in reading order.
    pub fn mentions(&self, id: NodeId) -> &'a [Option<NodeId>] {
        self.note(Key::Sentences(id));
        // A new record can change what an unchanged link means.
        self.note(Key::Out(id, Relation::Names));
        self.graph.mentions(id)
    }

    /// All nodes of a kind, by key.
    pub fn all(&self, kind: Kind) -> Vec<NodeId> {
        self.note(Key::List(kind));
        self.graph.of_kind(kind).collect()
    }

    /// How many nodes of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.note(Key::List(kind));
        self.graph.of_kind(kind).count()
    }

    /// The node with exactly this kind and key.
    pub fn find(&self, kind: Kind, key: &str) -> Option<NodeId> {
        self.note(Key::List(kind));
        self.graph.find(kind, key)
    }

    /// The parts of a reaction with one kind, in the author's order.
    pub fn parts(&self, reaction: NodeId, kind: Kind) -> Vec<NodeId> {
        self.note(Key::Card(reaction));
        self.graph.parts(reaction, kind)
    }

    /// The reactions of a story, in printed order.
    pub fn reactions_of(&self, story: NodeId) -> Vec<NodeId> {
        self.note(Key::Out(story, Relation::Orders));
        self.note(Key::In(story, Relation::BelongsTo));
        let reactions = self.graph.reactions_of(story);
        // Those that the story does not order stand by name.
        reactions.iter().for_each(|it| self.note(Key::Name(*it)));
        reactions
    }

    /// When it happened, as far as that is known.
    pub fn date_of(&self, id: NodeId) -> Option<&'a crate::text::Edtf> {
        self.note(Key::Card(id));
        self.graph.date_of(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Vec<Key> {
        let ids = || [0, 1, 255, 256, 70_000, u32::MAX].map(NodeId).into_iter();
        let relations = [Relation::TellsOf, Relation::Cites, Relation::HoldsOffice, Relation::About];
        let of_one = [
            Key::Card,
            Key::Name,
            Key::Summary,
            Key::Body,
            Key::Sentences,
            Key::Citations,
            Key::Edges,
            Key::Verification,
        ];
        let of_nodes = ids().flat_map(|id| of_one.map(|key| key(id)));
        let of_edges = ids().flat_map(|id| relations.map(|it| [Key::Out(id, it), Key::In(id, it)]));
        let lists = [Key::List(Kind::Story), Key::List(Kind::Section)];
        let others = [Key::Audit, Key::Addresses, Key::Site, Key::Address(NodeId(0))];
        of_nodes.chain(of_edges.flatten()).chain(lists).chain(others).collect()
    }

    #[test]
    fn numbers_are_in_the_order_of_keys() {
        let mut keys = keys();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| number(pair[0]) < number(pair[1])));
        assert!(number(keys[keys.len() - 1]) < FREE);
    }

    #[test]
    fn each_key_is_kept_once() {
        let many = keys().into_iter().chain((0..5_000).map(|n| Key::Card(NodeId(n * 7))));
        let many: Vec<Key> = many.collect();
        let mut read = Read::default();
        for _ in 0..3 {
            many.iter().for_each(|key| read.add(*key));
        }
        let expected: std::collections::BTreeSet<Key> = many.into_iter().collect();
        read.keys.sort_unstable();
        let kept: Vec<Key> = read.keys.into_iter().map(|(_, key)| key).collect();
        assert_eq!(kept, expected.into_iter().collect::<Vec<_>>());
    }
}
