//! What each key of a recorded read stands for, as a value that differs when the thing does.
//!
//! A page is out of date when a key that it read has another value than it had then. Values of what authors write are digests
//! that nobody can forge; those of which nodes lead where are hashes of nodes' names, which are the authors' own anyway.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::blueprint::Blueprint;
use super::content::Content;
use super::parallel::map_in_order;
use crate::graph::{Graph, Key, NodeId};
use crate::model::{Kind, Origin, Record, Relation};
use crate::plan;
use crate::text::{Fingerprint, join_path};
use crate::view::Assets;

/// What a key stands for, in 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) struct Value([u8; 16]);

impl Value {
    /// The value of anything that says how it is hashed.
    pub(super) fn of(it: &impl Hash) -> Value {
        Value(Fingerprint::of_value(it).half())
    }

    /// The value of a list of nodes and numbers.
    fn of_list(items: impl Iterator<Item = u64>) -> Value {
        let mut halves = [DefaultHasher::new(), DefaultHasher::new()];
        halves.iter_mut().zip(1_u64..).for_each(|(half, start)| start.hash(half));
        for it in items {
            halves.iter_mut().for_each(|half| it.hash(half));
        }
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&halves[0].finish().to_le_bytes());
        bytes[8..].copy_from_slice(&halves[1].finish().to_le_bytes());
        Value(bytes)
    }
}

/// Both digests of a record.
struct Digests {
    /// Everything but its prose.
    card: Value,
    /// What its sentences name.
    sentences: Value,
}

/// Tells values of keys in one blueprint.
pub(super) struct Values<'b> {
    blueprint: &'b Blueprint,
    /// For each node, its kind and key as a number.
    idents: Vec<u64>,
    digests: BTreeMap<&'b Origin, Digests>,
}

impl<'b> Values<'b> {
    /// Digests all records, on all threads.
    pub(super) fn new(blueprint: &'b Blueprint) -> Values<'b> {
        let records: Vec<&Record> =
            blueprint.content.documents.iter().flat_map(|it| &it.facts.records).map(|it| &**it).collect();
        let digests = map_in_order(&records, |record| Digests {
            card: Value::of(&(&record.id, &record.origin, &record.meta, &record.data)),
            sentences: Value::of(&record.prose.mentions),
        });
        let digests = records.into_iter().map(|it| &it.origin).zip(digests).collect();
        let idents = blueprint.graph.nodes().map(|(_, node)| ident(node.kind, &node.key)).collect();
        Values { blueprint, idents, digests }
    }

    /// The values of many keys.
    pub(super) fn of_all(&self, keys: &[Key]) -> Vec<Value> {
        let chunks: Vec<&[Key]> = keys.chunks(1024).collect();
        map_in_order(&chunks, |keys| keys.iter().map(|key| self.of(*key)).collect::<Vec<_>>()).concat()
    }

    /// The value of a key.
    pub(super) fn of(&self, key: Key) -> Value {
        let graph: &Graph = &self.blueprint.graph;
        let audit = &self.blueprint.audit;
        match key {
            Key::Card(id) => self.card(id),
            Key::Name(id) => Value::of(&graph.node(id).name),
            Key::Summary(id) => Value::of(&graph.node(id).record().prose.summary),
            Key::Body(id) => body(graph, &self.blueprint.content, id),
            Key::Sentences(id) => self.digests_of(id).map_or(Value([0; 16]), |it| it.sentences),
            Key::Out(id, relation) => self.nodes(graph.targets(id, relation)),
            Key::In(id, relation) => self.nodes(graph.origins(id, relation)),
            Key::Citations(id) => {
                let citations = graph.citations(id);
                Value::of_list([citations.uses as u64, u64::from(citations.primary)].into_iter())
            }
            Key::Edges(id) => {
                let edges = graph.outgoing(id).iter().chain(graph.incoming(id));
                Value::of_list(edges.flat_map(|edge| {
                    let mention = edge.mention_number().map_or(0, |it| u64::from(it) + 1);
                    [self.ident(edge.from), edge.relation as u64, self.ident(edge.to), mention]
                }))
            }
            Key::List(kind) => self.nodes(graph.of_kind(kind)),
            Key::Verification(id) => Value::of(&format!("{:?}", audit.of(id))),
            Key::Audit => Value::of(&self.named_audit()),
            Key::Addresses => {
                Value::of(&self.blueprint.plan.routes().iter().map(|it| &it.url).collect::<Vec<_>>())
            }
            Key::Address(id) => Value::of(&plan::address(graph, id)),
            // Part of each route's recipe.
            Key::Site => Value([0; 16]),
        }
    }

    fn digests_of(&self, id: NodeId) -> Option<&Digests> {
        self.digests.get(&self.blueprint.graph.node(id).record().origin)
    }

    fn card(&self, id: NodeId) -> Value {
        let graph = &self.blueprint.graph;
        let node = graph.node(id);
        let digest = self.digests_of(id).map(|it| it.card.0);
        let filled = graph.statement_facts(id).map(|it| {
            let speaker = self.ident(it.speaker);
            (speaker, &it.channel, it.has_channel, &it.date, format!("{:?}", it.standing))
        });
        let homes = [node.story, node.reaction].map(|it| it.map(|it| self.ident(it)));
        Value::of(&(self.ident(id), &node.name, digest, filled, homes, node.field("")))
    }

    fn nodes(&self, ids: impl Iterator<Item = NodeId>) -> Value {
        let idents: Vec<u64> = ids.map(|id| self.ident(id)).collect();
        Value::of_list(idents.iter().copied())
    }

    fn ident(&self, id: NodeId) -> u64 {
        self.idents[id.idx()]
    }

    /// The audit with nodes by their names, because their numbers change when a record comes or goes.
    fn named_audit(&self) -> String {
        let audit = &self.blueprint.audit;
        let subject = |id: Option<NodeId>| id.map(|id| self.ident(id));
        let findings = |list: &[crate::graph::Finding]| {
            let shown = list.iter().map(|it| (it.code, it.level, &it.message, subject(it.subject), &it.why));
            format!("{:?}", shown.collect::<Vec<_>>())
        };
        let quotations = audit.quotations.iter().map(|(id, list)| (self.ident(*id), list));
        format!(
            "{:?} {} {} {:?}",
            quotations.collect::<Vec<_>>(),
            findings(&audit.open),
            findings(&audit.accepted),
            audit.checks
        )
    }
}

/// The value of a record's prose.
pub(super) fn body(graph: &Graph, content: &Content, id: NodeId) -> Value {
    let record = graph.node(id).record();
    let body = content.document(&record.origin.file).map(|it| it.body_fingerprint);
    let assets = record.prose.assets.iter().map(|it| {
        let path = join_path(&record.origin.file, &it.path)?;
        let shown = it.shown.then(|| content.image(&path)).flatten();
        Some((content.url(&path), shown))
    });
    Value::of(&(body, assets.collect::<Vec<_>>()))
}

/// A node's kind and key as a number.
fn ident(kind: Kind, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, key).hash(&mut hasher);
    hasher.finish()
}

/// A key in words, for people who ask why a page was made again.
pub(super) fn in_words(key: Key, name: &dyn Fn(NodeId) -> String) -> String {
    match key {
        Key::Card(id) => format!("the record of {}", name(id)),
        Key::Name(id) => format!("the name of {}", name(id)),
        Key::Summary(id) => format!("how the prose of {} begins", name(id)),
        Key::Body(id) => format!("the prose of {}", name(id)),
        Key::Sentences(id) => format!("the sentences of {} that name others", name(id)),
        Key::Out(id, Relation::Names) => format!("what the prose of {} names", name(id)),
        Key::Out(id, relation) => format!("“{}” of {}", relation.forward(), name(id)),
        Key::In(id, relation) => format!("“{}” of {}", relation.inverse(), name(id)),
        Key::Citations(id) => format!("how often {} is cited", name(id)),
        Key::Edges(id) => format!("everything that points to {}", name(id)),
        Key::List(kind) => format!("which records of the kind {kind} there are"),
        Key::Verification(id) => format!("how the words of {} stand in their sources", name(id)),
        Key::Audit => "what the checks found".to_owned(),
        Key::Addresses => "the list of all addresses".to_owned(),
        Key::Site => "the settings of the site".to_owned(),
        Key::Address(id) => format!("the address of {}", name(id)),
    }
}

/// The node a key is about.
pub(super) fn node_of(key: Key) -> Option<NodeId> {
    match key {
        Key::Card(id)
        | Key::Name(id)
        | Key::Summary(id)
        | Key::Body(id)
        | Key::Sentences(id)
        | Key::Out(id, _)
        | Key::In(id, _)
        | Key::Citations(id)
        | Key::Edges(id)
        | Key::Verification(id)
        | Key::Address(id) => Some(id),
        Key::List(_) | Key::Audit | Key::Addresses | Key::Site => None,
    }
}

/// The same key about another node.
pub(super) fn with_node(key: Key, id: NodeId) -> Key {
    match key {
        Key::Card(_) => Key::Card(id),
        Key::Name(_) => Key::Name(id),
        Key::Summary(_) => Key::Summary(id),
        Key::Body(_) => Key::Body(id),
        Key::Sentences(_) => Key::Sentences(id),
        Key::Out(_, relation) => Key::Out(id, relation),
        Key::In(_, relation) => Key::In(id, relation),
        Key::Citations(_) => Key::Citations(id),
        Key::Edges(_) => Key::Edges(id),
        Key::Verification(_) => Key::Verification(id),
        Key::Address(_) => Key::Address(id),
        Key::List(_) | Key::Audit | Key::Addresses | Key::Site => key,
    }
}
