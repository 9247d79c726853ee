//! All facts linked: ids resolved, edges typed, sorted and two-way.
//!
//! In: every document's [`Facts`](crate::model::Facts). Out: a [`Graph`], immutable and shared, and a report of
//! what does not resolve. Views never see it directly: they read through a [`Lens`], which notes each read.
//! Knows nothing of prose as text, addresses or templates.

mod at_once;
mod audit;
mod evidence;
mod lens;
mod link;
mod patch;
mod problems;
mod references;
mod resolve;
mod statement;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::Place;
use crate::model::{
    Action, Claim, Data, Kind, Mention, Record, Relation, Silence, Site, SourceUse, Statement,
};
use crate::text::{Edtf, QuickMap, SharedList};

pub use at_once::{AtOnce, in_parts};
pub use audit::{Audit, Basis, Finding, Ran, Verification};
pub use evidence::{Attribution, Grade, Standing, is_by, is_unnamed as is_unnamed_source};
pub use lens::{Bodies, Key, Lens, ResolvedUse, Trace};
pub use link::{LinkOptions, link};
pub use problems::CODES;
pub use references::Reference;
pub use resolve::{NotFound, Scope};
pub use statement::StatementFacts;

/// A record, or a part of a reaction, in one graph. Numbers follow kind and key, so that they do not depend on
/// the order files are read in.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct NodeId(u32);

impl NodeId {
    /// Its place among all nodes.
    pub(crate) fn idx(self) -> usize {
        self.0 as usize
    }
}

/// What part of its record a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartIdx {
    Whole,
    Statement(u32),
    Later(u32),
    Action(u32),
    Claim(u32),
    Silence(u32),
}

/// One thing that can be pointed to.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Unique within its kind: `nvidia`, `deepseek-r1/nvidia`, `deepseek-r1/nvidia.advance`.
    pub key: Arc<str>,
    /// What readers call it.
    pub name: String,
    /// The story it belongs to: for reactions, their parts, and corrections.
    pub story: Option<NodeId>,
    /// The reaction it is a part of.
    pub reaction: Option<NodeId>,
    record: Arc<Record>,
    part: PartIdx,
}

impl Node {
    /// The record it is, or is a part of.
    pub fn record(&self) -> &Arc<Record> {
        &self.record
    }

    /// The id without its story: `nvidia.advance` for `deepseek-r1/nvidia.advance`.
    pub fn short_key(&self) -> &str {
        match self.kind {
            Kind::Page | Kind::Section => &self.key,
            _ => self.key.rsplit('/').next().unwrap_or(&self.key),
        }
    }

    /// The last part of the id: `advance` for `deepseek-r1/nvidia.advance`.
    pub fn last_key(&self) -> &str {
        let own = self.statement().map(|it| &it.id);
        let own = own.or_else(|| self.action().map(|it| &it.id)).or_else(|| self.claim().map(|it| &it.id));
        own.map_or(self.short_key(), String::as_str)
    }

    /// The path of one of its fields in its file.
    pub fn field(&self, path: &str) -> String {
        let (list, idx) = match self.part {
            PartIdx::Whole => return self.record.origin.field(path),
            PartIdx::Statement(idx) => ("statements", idx),
            PartIdx::Later(idx) => ("later", idx),
            PartIdx::Action(idx) => ("actions", idx),
            PartIdx::Claim(idx) => ("claims", idx),
            PartIdx::Silence(idx) => ("silences", idx),
        };
        let dot = if path.is_empty() { "" } else { "." };
        self.record.origin.field(&[list, "[", &idx.to_string(), "]", dot, path].concat())
    }

    /// The place of the value of one of its fields.
    pub fn place(&self, path: &str) -> Place {
        Place::field(&self.record.origin.file, self.field(path))
    }

    /// What it rests on: the source uses of the record or the part that it is.
    pub fn sources(&self) -> &[SourceUse] {
        let of_part = self.statement().map(|it| &it.sources);
        let of_part = of_part.or_else(|| self.action().map(|it| &it.sources));
        let of_part = of_part.or_else(|| self.claim().map(|it| &it.sources));
        let of_part = of_part.or_else(|| self.silence().map(|it| &it.sources));
        match (of_part, &self.record.data) {
            (Some(uses), _) => uses,
            (None, Data::Event(event)) => &event.sources,
            (None, Data::Figure(figure)) => &figure.sources,
            (None, _) => &[],
        }
    }

    /// The statement it is, if it is one.
    pub fn statement(&self) -> Option<&Statement> {
        let Data::Reaction(reaction) = &self.record.data else { return None };
        match self.part {
            PartIdx::Statement(idx) => reaction.statements.get(idx as usize),
            PartIdx::Later(idx) => reaction.later.get(idx as usize),
            _ => None,
        }
    }

    /// Whether it is a statement of the `later:` list.
    pub fn is_later(&self) -> bool {
        matches!(self.part, PartIdx::Later(_))
    }

    /// The action it is, if it is one.
    pub fn action(&self) -> Option<&Action> {
        match (&self.record.data, self.part) {
            (Data::Reaction(reaction), PartIdx::Action(idx)) => reaction.actions.get(idx as usize),
            _ => None,
        }
    }

    /// The claim it is, if it is one.
    pub fn claim(&self) -> Option<&Claim> {
        match (&self.record.data, self.part) {
            (Data::Reaction(reaction), PartIdx::Claim(idx)) => reaction.claims.get(idx as usize),
            _ => None,
        }
    }

    /// The silence it is, if it is one.
    pub fn silence(&self) -> Option<&Silence> {
        match (&self.record.data, self.part) {
            (Data::Reaction(reaction), PartIdx::Silence(idx)) => reaction.silences.get(idx as usize),
            _ => None,
        }
    }
}

/// A typed connection between two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where it starts.
    pub from: NodeId,
    /// What it means.
    pub relation: Relation,
    /// Where it leads.
    pub to: NodeId,
    /// Its place among the references of its record, so that lists keep the author's order.
    order: u32,
    /// The mention it comes from, when prose made it.
    mention: Option<u32>,
}

impl Edge {
    /// The number, from 0, of the mention that made it, when prose did.
    pub(crate) fn mention_number(&self) -> Option<u32> {
        self.mention
    }
}

/// How a source is cited, in sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citations {
    /// How many things cite it.
    pub uses: usize,
    /// Whether some statement cites it as the occasion itself.
    pub primary: bool,
}

/// All facts linked. Immutable; a copy shares all of it.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Sorted by kind and key; a node's number is its place.
    nodes: SharedList<Node>,
    /// Every node by its key, one map for each kind. A search among the sorted nodes instead, which lie all over memory, took
    /// 3 % of a build's processor time at 10,000 pages.
    by_key: Arc<[QuickMap<Arc<str>, NodeId>; Kind::ALL.len()]>,
    /// Reactions, their parts and corrections, sorted by kind and by their key without its story.
    by_short_key: Arc<Vec<NodeId>>,
    /// Sorted by (from, relation, order).
    outgoing: Arc<Rows>,
    /// Sorted by (to, relation, from, order).
    incoming: Arc<Rows>,
    statements: Arc<BTreeMap<NodeId, StatementFacts>>,
    /// Sources that some statement cites as the occasion itself.
    primary: Arc<BTreeSet<NodeId>>,
    /// Mentions of every record, by the record's node, resolved or not, in reading order.
    mentions: Arc<BTreeMap<NodeId, Vec<Option<NodeId>>>>,
    /// On which page of its list each correction stands that does not stand on the first.
    corrections: Arc<BTreeMap<NodeId, usize>>,
}

/// Edges in rows, one row for each node.
#[derive(Debug, Default)]
struct Rows {
    edges: Vec<Edge>,
    /// Where each node's row starts; its end is the start of the next. A search in all edges instead took 3 % of a
    /// build's processor time at 10,000 pages.
    starts: Vec<u32>,
}

impl Rows {
    /// Edges that are sorted by the node they are to be found by.
    fn new(edges: Vec<Edge>, n_nodes: usize, node_of: impl Fn(&Edge) -> NodeId) -> Rows {
        let mut starts = Vec::with_capacity(n_nodes + 1);
        for (at, edge) in edges.iter().enumerate() {
            starts.resize(starts.len().max(node_of(edge).idx() + 1), at as u32);
        }
        starts.resize(n_nodes + 1, edges.len() as u32);
        Rows { edges, starts }
    }

    fn of(&self, id: NodeId) -> &[Edge] {
        match self.starts.get(id.idx()..id.idx() + 2) {
            Some([start, end]) => &self.edges[*start as usize..*end as usize],
            // No edges have been stored yet.
            _ => &[],
        }
    }
}

impl Graph {
    /// The node with this number.
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.idx())
    }

    /// Every node, by kind and key.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(idx, node)| (NodeId(idx as u32), node))
    }

    /// Every node of one kind, by key.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = NodeId> + '_ {
        let start = self.nodes.partition_point(|node| node.kind < kind);
        let end = self.nodes.partition_point(|node| node.kind <= kind);
        (start..end).map(|idx| NodeId(idx as u32))
    }

    /// The node with exactly this kind and key.
    pub fn find(&self, kind: Kind, key: &str) -> Option<NodeId> {
        self.by_key[kind as usize].get(key).copied()
    }

    /// Edges that start here, by relation and then in the author's order.
    pub fn outgoing(&self, id: NodeId) -> &[Edge] {
        self.outgoing.of(id)
    }

    /// Edges that lead here, by relation and then by where they start.
    pub fn incoming(&self, id: NodeId) -> &[Edge] {
        self.incoming.of(id)
    }

    /// The language of the page about a node: its record's, else its story's, else the site's.
    pub fn page_language<'a>(&'a self, id: NodeId, site: &'a Site) -> &'a str {
        let node = self.node(id);
        let of_story = node.story.map(|story| &self.node(story).record.data).and_then(|it| match it {
            Data::Story(story) => story.lang.as_deref(),
            _ => None,
        });
        node.record.meta.lang.as_deref().or(of_story).unwrap_or(&site.language)
    }

    /// Where the edges of one relation lead that start here, in the author's order.
    pub fn targets(&self, id: NodeId, relation: Relation) -> impl Iterator<Item = NodeId> + '_ {
        of_relation(self.outgoing(id), relation).iter().map(|edge| edge.to)
    }

    /// Where the edges of one relation start that lead here.
    pub fn origins(&self, id: NodeId, relation: Relation) -> impl Iterator<Item = NodeId> + '_ {
        of_relation(self.incoming(id), relation).iter().map(|edge| edge.from)
    }

    /// How a source is cited.
    pub fn citations(&self, source: NodeId) -> Citations {
        let uses = of_relation(self.incoming(source), Relation::Cites).len();
        Citations { uses, primary: self.primary.contains(&source) }
    }

    /// What was filled in for a statement: speaker, channel, date, grades.
    pub fn statement_facts(&self, id: NodeId) -> Option<&StatementFacts> {
        self.statements.get(&id)
    }

    /// The mention an edge comes from.
    pub fn mention(&self, edge: &Edge) -> Option<&Mention> {
        self.node(edge.from).record.prose.mentions.get(edge.mention? as usize)
    }

    /// What the mentions of a record lead to, in reading order; `None` for those that lead nowhere.
    pub fn mentions(&self, id: NodeId) -> &[Option<NodeId>] {
        self.mentions.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The parts of a reaction with one kind, in the author's order.
    pub fn parts(&self, reaction: NodeId, kind: Kind) -> Vec<NodeId> {
        let prefix = [&*self.node(reaction).key, "."].concat();
        let start = self.nodes.partition_point(|node| (node.kind, &*node.key) < (kind, prefix.as_str()));
        let mine = (start..self.nodes.len())
            .map(|idx| self.node(NodeId(idx as u32)))
            .take_while(|node| node.kind == kind && node.key.starts_with(&prefix));
        let mut parts: Vec<(u32, NodeId)> = mine
            .enumerate()
            // A reaction `a.b` has parts that start like those of a reaction `a`.
            .filter(|(_, node)| node.reaction == Some(reaction))
            .map(|(idx, node)| {
                let order = match node.part {
                    PartIdx::Whole => 0,
                    PartIdx::Statement(at)
                    | PartIdx::Action(at)
                    | PartIdx::Claim(at)
                    | PartIdx::Silence(at) => at,
                    PartIdx::Later(at) => at + 1_000_000,
                };
                (order, NodeId((start + idx) as u32))
            })
            .collect();
        parts.sort_unstable();
        parts.into_iter().map(|(_, id)| id).collect()
    }

    /// The reactions of a story: those in its `order`, then the rest by their actor's sort name.
    pub fn reactions_of(&self, story: NodeId) -> Vec<NodeId> {
        let mut ordered: Vec<NodeId> = self.targets(story, Relation::Orders).collect();
        let mut listed = BTreeSet::new();
        ordered.retain(|id| listed.insert(*id));
        let mut rest: Vec<NodeId> = self
            .origins(story, Relation::BelongsTo)
            .filter(|id| !listed.contains(id) && self.node(*id).kind == Kind::Reaction)
            .collect();
        rest.sort_by_cached_key(|id| (self.node(*id).name.to_lowercase(), *id));
        ordered.extend(rest);
        ordered
    }

    /// Nodes by when they happened, the newest first and those without a date last; each once.
    pub fn newest_first(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
        let mut ids: Vec<NodeId> = ids.into_iter().collect();
        ids.sort_by_cached_key(|id| (Reverse(self.date_of(*id)), *id));
        ids.dedup();
        ids
    }

    /// The number of the page that a correction stands on, from 1: of those that list all corrections.
    pub fn page_of_correction(&self, id: NodeId) -> usize {
        self.corrections.get(&id).copied().unwrap_or(1)
    }

    /// The earliest point of a date, for sorting nodes by when they happened.
    pub fn date_of(&self, id: NodeId) -> Option<&Edtf> {
        let node = self.node(id);
        match node.kind {
            Kind::Statement => self.statement_facts(id)?.date.as_ref(),
            Kind::Action => node.action()?.date.as_ref(),
            Kind::Silence => Some(&node.silence()?.as_of),
            _ => match &node.record.data {
                Data::Event(event) => Some(&event.date),
                Data::Source(source) => source.published.as_ref(),
                Data::Figure(figure) => figure.on.as_ref(),
                Data::Correction(correction) => Some(&correction.date),
                Data::Page(page) => page.date.as_ref(),
                Data::Story(story) => Some(&story.as_of),
                Data::Actor(_) | Data::Reaction(_) | Data::Term(_) | Data::Section(_) => None,
            },
        }
    }
}

fn of_relation(edges: &[Edge], relation: Relation) -> &[Edge] {
    let start = edges.partition_point(|edge| edge.relation < relation);
    let end = edges.partition_point(|edge| edge.relation <= relation);
    &edges[start..end]
}
