//! Linking: from every document's facts to one graph.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::evidence::standing;
use super::resolve::{NotFound, Scope};
use super::statement::{NOWHERE, StatementFacts, channel_and_date};
use super::{AtOnce, Edge, Graph, Node, NodeId, PartIdx, Rows, in_parts, problems};
use crate::diag::Report;
use crate::model::{Actor, Data, Facts, Form, Kind, Record, Ref, Relation, SourceRole, SourceUse, Target};
use crate::text::{QuickMap, SharedList};

/// What the caller wants linked.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkOptions {
    /// Whether records marked `draft: true` take part.
    pub drafts: bool,
    /// How many corrections stand on one page; 0 means all.
    pub corrections_at_once: usize,
}

/// How many nodes are looked at in one go.
const PART: usize = 512;

/// Links facts into a graph, and reports every id that is double, unknown, ambiguous or of the wrong kind.
///
/// The result does not depend on the order of `facts`, nor on who does parts of the work `at_once`. A reference that does
/// not resolve has no edge.
pub fn link(facts: &[&Facts], options: LinkOptions, at_once: AtOnce<'_>) -> (Graph, Report) {
    let mut report = Report::new();
    let mut records: Vec<&Arc<Record>> = facts.iter().flat_map(|it| &it.records).collect();
    records.sort_by(|a, b| a.origin.cmp(&b.origin));
    let hidden = hidden_stories(&records);
    let (drafts, records): (Vec<_>, Vec<_>) = records
        .into_iter()
        .partition(|it| !options.drafts && (it.meta.draft || is_of_hidden_story(it, &hidden)));
    let absent = Absent {
        drafts: drafts.iter().map(|it| (it.kind(), &*it.id)).collect(),
        broken: facts.iter().flat_map(|it| &it.broken).map(|(kind, id)| (*kind, &**id)).collect(),
    };

    let mut graph =
        collect_nodes(&records, absent.broken.iter().any(|(kind, _)| *kind == Kind::Story), &mut report);
    let edges = Edges::resolve(&graph, &absent, at_once, &mut report);
    edges.store(&mut graph);
    fill_statements(&mut graph, at_once);
    name_nodes(&mut graph, at_once);
    graph.corrections = Arc::new(corrections_behind(&graph, options.corrections_at_once));
    (graph, report)
}

/// The number of the page that each correction stands on, but for those on the first.
fn corrections_behind(graph: &Graph, at_once: usize) -> BTreeMap<NodeId, usize> {
    if at_once == 0 {
        return BTreeMap::new();
    }
    let newest_first = graph.newest_first(graph.of_kind(Kind::Correction));
    newest_first.iter().enumerate().skip(at_once).map(|(at, id)| (*id, at / at_once + 1)).collect()
}

/// Stories marked as drafts: id, and the directory they stand in. All that belongs to one is a draft with it.
fn hidden_stories<'a>(records: &[&'a Arc<Record>]) -> Vec<(&'a str, &'a str)> {
    let drafts = records.iter().filter(|it| it.kind() == Kind::Story && it.meta.draft);
    drafts.map(|it| (&*it.id, it.origin.file.rsplit_once('/').map_or("", |(dir, _)| dir))).collect()
}

fn is_of_hidden_story(record: &Record, hidden: &[(&str, &str)]) -> bool {
    let named = match &record.data {
        Data::Reaction(reaction) => reaction.story.as_ref().map(Ref::bare),
        Data::Correction(_) => None,
        _ => return false,
    };
    hidden.iter().any(|(id, dir)| match named {
        Some(story) => story == *id,
        None => record.origin.file.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/')),
    })
}

/// Records that exist and take no part.
pub(super) struct Absent<'a> {
    /// Those marked `draft: true`, unless drafts are asked for.
    pub(super) drafts: BTreeSet<(Kind, &'a str)>,
    /// Those that cannot be read. What is wrong with them is reported already, and not again by all who name them.
    pub(super) broken: BTreeSet<(Kind, &'a str)>,
}

/// Which story each directory belongs to.
struct StoryDirs<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> StoryDirs<'a> {
    fn new(records: &[&'a Arc<Record>]) -> StoryDirs<'a> {
        let stories = records.iter().filter(|it| it.kind() == Kind::Story);
        StoryDirs(stories.filter_map(|it| Some((it.origin.file.rsplit_once('/')?.0, &*it.id))).collect())
    }

    /// The story whose directory is the nearest around a file.
    fn around(&self, file: &str) -> Option<&'a str> {
        let mut dir = file;
        while let Some((parent, _)) = dir.rsplit_once('/') {
            if let Some(story) = self.0.get(parent) {
                return Some(story);
            }
            dir = parent;
        }
        None
    }
}

fn collect_nodes(records: &[&Arc<Record>], stories_broken: bool, report: &mut Report) -> Graph {
    let dirs = StoryDirs::new(records);
    let mut by_event: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for record in records {
        if let Data::Story(story) = &record.data {
            by_event.entry(story.event.bare()).or_default().push(&record.id);
        }
    }
    let mut seen: BTreeMap<(Kind, Arc<str>), &Arc<Record>> = BTreeMap::new();
    let mut nodes: Vec<Collected> = Vec::new();
    for record in records {
        let kind = record.kind();
        let story = story_of(record, &dirs, &by_event);
        let key: Arc<str> = match (kind, story) {
            (Kind::Reaction | Kind::Correction, Some(story)) => format!("{story}/{}", record.id).into(),
            (Kind::Reaction, None) => {
                // A story that cannot be read is reported already.
                if !stories_broken {
                    report.add(problems::reaction_without_story(record));
                }
                continue;
            }
            _ => Arc::clone(&record.id),
        };
        if let Some(first) = seen.insert((kind, Arc::clone(&key)), record) {
            report.add(problems::duplicate_id(record, first));
            seen.insert((kind, key), first);
            continue;
        }
        let whole = Node {
            kind,
            key: Arc::clone(&key),
            name: String::new(),
            story: None,
            reaction: None,
            record: Arc::clone(record),
            part: PartIdx::Whole,
        };
        if let Data::Reaction(reaction) = &record.data {
            let mut ids: BTreeMap<(Kind, String), String> = BTreeMap::new();
            let statements = reaction
                .statements
                .iter()
                .enumerate()
                .map(|(idx, it)| (PartIdx::Statement(idx as u32), &it.id));
            let later =
                reaction.later.iter().enumerate().map(|(idx, it)| (PartIdx::Later(idx as u32), &it.id));
            let actions =
                reaction.actions.iter().enumerate().map(|(idx, it)| (PartIdx::Action(idx as u32), &it.id));
            let claims =
                reaction.claims.iter().enumerate().map(|(idx, it)| (PartIdx::Claim(idx as u32), &it.id));
            let silent: Vec<String> =
                (0..reaction.silences.len()).map(|idx| silence_id(reaction, idx)).collect();
            let silences = silent.iter().enumerate().map(|(idx, it)| (PartIdx::Silence(idx as u32), it));
            for (part, id) in statements.chain(later).chain(actions).chain(claims).chain(silences) {
                let part_kind = match part {
                    PartIdx::Statement(_) | PartIdx::Later(_) | PartIdx::Whole => Kind::Statement,
                    PartIdx::Action(_) => Kind::Action,
                    PartIdx::Claim(_) => Kind::Claim,
                    PartIdx::Silence(_) => Kind::Silence,
                };
                let node = Node { kind: part_kind, key: format!("{key}.{id}").into(), part, ..whole.clone() };
                if let Some(first) = ids.insert((part_kind, id.clone()), node.field("id")) {
                    report.add(problems::duplicate_part(&node, id, &first));
                    ids.insert((part_kind, id.clone()), first);
                    continue;
                }
                nodes.push(Collected {
                    node,
                    story: story.map(str::to_owned),
                    reaction: Some(Arc::clone(&key)),
                });
            }
        }
        nodes.push(Collected { node: whole, story: story.map(str::to_owned), reaction: None });
    }
    number(nodes)
}

/// A silence has no id of its own: it is known by its actor, and by a number when there are several.
fn silence_id(reaction: &crate::model::Reaction, idx: usize) -> String {
    let actor = reaction.silences[idx].actor.bare();
    let before = reaction.silences[..idx].iter().filter(|it| it.actor.bare() == actor).count();
    if before == 0 { actor.to_owned() } else { format!("{actor}-{}", before + 1) }
}

fn story_of<'a>(
    record: &'a Record,
    dirs: &StoryDirs<'a>,
    by_event: &BTreeMap<&str, Vec<&'a str>>,
) -> Option<&'a str> {
    match &record.data {
        Data::Reaction(reaction) => {
            let named = reaction.story.as_ref().map(Ref::bare);
            let by_event = || match by_event.get(reaction.to.bare()).map(Vec::as_slice) {
                Some([one]) => Some(*one),
                _ => None,
            };
            named.or_else(|| dirs.around(&record.origin.file)).or_else(by_event)
        }
        Data::Correction(_) | Data::Event(_) => dirs.around(&record.origin.file),
        _ => None,
    }
}

/// A node before numbers exist: what it belongs to is still a key.
struct Collected {
    node: Node,
    story: Option<String>,
    reaction: Option<Arc<str>>,
}

/// Gives every node its number: by kind, then key.
fn number(mut nodes: Vec<Collected>) -> Graph {
    nodes.sort_by(|a, b| (a.node.kind, &a.node.key).cmp(&(b.node.kind, &b.node.key)));
    let (nodes, homes): (Vec<Node>, Vec<_>) =
        nodes.into_iter().map(|it| (it.node, (it.story, it.reaction))).unzip();
    let mut by_key: [QuickMap<Arc<str>, NodeId>; Kind::ALL.len()] = Default::default();
    for (idx, node) in nodes.iter().enumerate() {
        by_key[node.kind as usize].insert(Arc::clone(&node.key), NodeId(idx as u32));
    }
    let mut graph = Graph { nodes: SharedList::new(nodes), by_key: Arc::new(by_key), ..Graph::default() };
    let homes: Vec<(Option<NodeId>, Option<NodeId>)> = homes
        .iter()
        .map(|(story, reaction)| {
            let story = graph.find(Kind::Story, story.as_deref().unwrap_or(""));
            (story, graph.find(Kind::Reaction, reaction.as_deref().unwrap_or("")))
        })
        .collect();
    graph.nodes.for_each(|idx, node| (node.story, node.reaction) = homes[idx]);
    let has_short_key =
        |node: &Node| !matches!(node.kind, Kind::Page | Kind::Section) && node.key.contains('/');
    let mut by_short_key: Vec<NodeId> =
        graph.nodes().filter(|(_, node)| has_short_key(node)).map(|(id, _)| id).collect();
    // Nodes of one short key keep the order of their stories.
    by_short_key.sort_by(|a, b| {
        let key = |id: NodeId| (graph.node(id).kind, graph.node(id).short_key());
        key(*a).cmp(&key(*b))
    });
    graph.by_short_key = Arc::new(by_short_key);
    graph
}

/// Edges on their way into the graph.
#[derive(Default)]
struct Edges {
    edges: Vec<Edge>,
    mentions: BTreeMap<NodeId, Vec<Option<NodeId>>>,
}

impl Edges {
    fn resolve(graph: &Graph, absent: &Absent<'_>, at_once: AtOnce<'_>, report: &mut Report) -> Edges {
        let files: BTreeMap<&str, NodeId> = graph
            .nodes()
            .filter(|(_, node)| node.part == PartIdx::Whole)
            .map(|(id, node)| (&*node.record.origin.file, id))
            .collect();
        let wholes: Vec<NodeId> =
            graph.nodes().filter(|(_, node)| node.part == PartIdx::Whole).map(|(id, _)| id).collect();
        let of_part = |ids: &[NodeId]| {
            let (mut edges, mut report) = (Edges::default(), Report::new());
            for id in ids {
                edges.of_fields(graph, *id, absent, &mut report);
                edges.of_defaults(graph, *id);
                edges.of_prose(graph, *id, &files, absent, &mut report);
            }
            (edges, report)
        };
        let mut all = Edges::default();
        for (edges, found) in in_parts(&wholes, PART, at_once, of_part) {
            all.append(edges);
            report.extend(found);
        }
        all
    }

    fn append(&mut self, more: Edges) {
        let before = self.edges.len() as u32;
        self.edges.extend(more.edges.into_iter().map(|edge| Edge { order: before + edge.order, ..edge }));
        self.mentions.extend(more.mentions);
    }

    fn add(&mut self, from: NodeId, relation: Relation, to: NodeId) {
        let order = self.edges.len() as u32;
        self.edges.push(Edge { from, relation, to, order, mention: None });
    }

    fn of_fields(&mut self, graph: &Graph, id: NodeId, absent: &Absent<'_>, report: &mut Report) {
        let record = Arc::clone(&graph.node(id).record);
        let scope = graph.scope_of(id);
        record.each_ref(&mut |site| {
            let from = graph.part_of(id, &site.part);
            match graph.resolve(site.reference.as_str(), site.relation.targets(), scope) {
                Ok(to) => {
                    if let Some(from) = from {
                        self.add(from, site.relation, to);
                    }
                }
                Err(why) => report.add_some(problems::unresolved(graph, &record, &site, &why, absent)),
            }
        });
    }

    /// Edges that nobody writes because they follow from where a thing stands.
    fn of_defaults(&mut self, graph: &Graph, id: NodeId) {
        let node = graph.node(id);
        let Data::Reaction(reaction) = &node.record.data else { return };
        if let (Some(story), true) = (node.story, reaction.story.is_none()) {
            self.add(id, Relation::BelongsTo, story);
        }
        let Ok(actor) = graph.resolve(reaction.actor.as_str(), &[Kind::Actor], Scope::default()) else {
            return;
        };
        for part in graph.parts(id, Kind::Statement) {
            if graph.node(part).statement().is_some_and(|it| it.speaker.is_none()) {
                self.add(part, Relation::SaidBy, actor);
            }
        }
        for part in graph.parts(id, Kind::Action) {
            if graph.node(part).action().is_some_and(|it| it.by.is_none()) {
                self.add(part, Relation::DoneBy, actor);
            }
        }
        for part in graph.parts(id, Kind::Claim) {
            if graph.node(part).claim().is_some_and(|it| it.by.is_none()) {
                self.add(part, Relation::AllegedBy, actor);
            }
        }
    }

    fn of_prose(
        &mut self,
        graph: &Graph,
        id: NodeId,
        files: &BTreeMap<&str, NodeId>,
        absent: &Absent<'_>,
        report: &mut Report,
    ) {
        let node = graph.node(id);
        let scope = graph.scope_of(id);
        let mut resolved = Vec::with_capacity(node.record.prose.mentions.len());
        for (idx, mention) in node.record.prose.mentions.iter().enumerate() {
            let found = match &mention.target {
                Target::SamePage => Ok(id),
                Target::File(path) => {
                    files.get(format!("content/{path}").as_str()).copied().ok_or(NotFound::Unknown)
                }
                Target::Id { kind: None, id } => graph.resolve(id, &[], scope),
                Target::Id { kind: Some(word), id } => match mention.target.kind() {
                    Some(kind) => graph.resolve(id, &[kind], scope),
                    None => {
                        report.add(problems::unknown_kind(&node.record, mention, word));
                        resolved.push(None);
                        continue;
                    }
                },
            };
            if let Err(why) = &found {
                report.add_some(problems::unresolved_mention(graph, &node.record, mention, why, absent));
            }
            if let (Ok(to), false) = (&found, mention.target == Target::SamePage) {
                let order = self.edges.len() as u32;
                self.edges.push(Edge {
                    from: id,
                    relation: Relation::Names,
                    to: *to,
                    order,
                    mention: Some(idx as u32),
                });
            }
            resolved.push(found.ok());
        }
        if !resolved.is_empty() {
            self.mentions.insert(id, resolved);
        }
    }

    fn store(mut self, graph: &mut Graph) {
        self.edges.sort_by_key(|edge| (edge.from, edge.relation, edge.order));
        // Every field keeps its edge, so that edges and the entries they were written in stay side by side.
        let n_nodes = graph.nodes.len();
        graph.outgoing = Arc::new(Rows::new(self.edges.clone(), n_nodes, |edge| edge.from));
        self.edges.sort_by_key(|edge| (edge.to, edge.relation, edge.from, edge.order));
        // From the other end, a thing that names another twice is one thing. Prose keeps its sentences.
        self.edges
            .dedup_by(|a, b| (a.from, a.relation, a.to) == (b.from, b.relation, b.to) && a.mention.is_none());
        graph.incoming = Arc::new(Rows::new(self.edges, n_nodes, |edge| edge.to));
        graph.mentions = Arc::new(self.mentions);
    }
}

fn fill_statements(graph: &mut Graph, at_once: AtOnce<'_>) {
    let ids: Vec<NodeId> = graph.of_kind(Kind::Statement).collect();
    let of_part = |ids: &[NodeId]| {
        let facts = ids.iter().filter_map(|id| Some((*id, facts_of(graph, *id)?)));
        facts.collect::<Vec<_>>()
    };
    let (mut filled, mut primary) = (BTreeMap::new(), BTreeSet::new());
    for (id, (facts, occasions)) in in_parts(&ids, PART, at_once, of_part).into_iter().flatten() {
        filled.insert(id, facts);
        primary.extend(occasions);
    }
    graph.statements = Arc::new(filled);
    graph.primary = Arc::new(primary);
}

/// What follows for a statement, and the sources that are the occasion itself; `None` when nobody is known to have said it.
fn facts_of(graph: &Graph, id: NodeId) -> Option<(StatementFacts, Vec<NodeId>)> {
    let statement = graph.node(id).statement()?;
    let speaker = graph.targets(id, Relation::SaidBy).next()?;
    let uses = graph.source_uses(id, &statement.sources);
    let sources: Vec<Option<NodeId>> = uses.iter().map(|(_, source, _)| *source).collect();
    let occasions = uses.iter().filter(|(it, ..)| it.role == Some(SourceRole::Primary));
    let occasions = occasions.filter_map(|(_, source, _)| *source).collect();
    let (channel, date) = channel_and_date(graph, id, &sources);
    let has_channel = channel.is_some();
    let channel = channel.unwrap_or(NOWHERE);
    let standing = standing(graph, &uses, Some(statement.form), Some((speaker, statement)));
    Some((StatementFacts { speaker, channel, has_channel, date, standing }, occasions))
}

impl Graph {
    /// The source uses of a node with what they resolve to: the use, what was read, and whom that names.
    pub fn source_uses<'u>(
        &self,
        id: NodeId,
        uses: &'u [SourceUse],
    ) -> Vec<(&'u SourceUse, Option<NodeId>, Option<NodeId>)> {
        let scope = Scope { story: self.node(id).story.map(|story| &*self.node(story).key), reaction: None };
        let find = |written: &Ref| self.resolve(written.as_str(), &[Kind::Source], scope).ok();
        uses.iter().map(|it| (it, find(&it.source), it.via.as_ref().and_then(find))).collect()
    }

    /// Both grades of an action or a claim.
    pub fn standing_of(&self, id: NodeId, uses: &[SourceUse], form: Option<Form>) -> super::Standing {
        standing(self, &self.source_uses(id, uses), form, None)
    }
}

/// Gives every node the name readers see.
fn name_nodes(graph: &mut Graph, at_once: AtOnce<'_>) {
    let ids: Vec<NodeId> = graph.nodes().map(|(id, _)| id).collect();
    let of_part = |ids: &[NodeId]| -> Vec<String> {
        ids.iter().map(|id| name_of(graph, *id, graph.node(*id))).collect()
    };
    let mut names = in_parts(&ids, PART, at_once, of_part).into_iter().flatten();
    graph.nodes.for_each(|_, node| node.name = names.next().expect("as many names as nodes"));
}

pub(super) fn name_of(graph: &Graph, id: NodeId, node: &Node) -> String {
    let actor_name =
        |relation| match graph.targets(id, relation).next().map(|actor| &graph.node(actor).record.data) {
            Some(Data::Actor(actor)) => spoken_name(graph, actor),
            _ => node.short_key().to_owned(),
        };
    match node.kind {
        Kind::Reaction => actor_name(Relation::ReactionOf),
        Kind::Statement => actor_name(Relation::SaidBy),
        Kind::Action => node.action().map_or_else(String::new, |it| it.did.clone()),
        Kind::Claim => node.claim().map_or_else(String::new, |it| it.says.clone()),
        Kind::Silence => actor_name(Relation::SilenceOf),
        _ => match &node.record.data {
            Data::Story(story) => story.title.clone(),
            Data::Event(event) => event.title.clone(),
            Data::Actor(actor) => spoken_name(graph, actor),
            Data::Source(source) => source.title.clone(),
            Data::Term(term) => term.name.clone(),
            Data::Figure(figure) => figure.measure.clone(),
            Data::Correction(correction) => format!("Correction of {}", correction.date.display()),
            Data::Page(page) => page.title.clone(),
            Data::Section(section) => section.title.clone(),
            Data::Reaction(_) => node.short_key().to_owned(),
        },
    }
}

/// An unnamed person is known by the house they speak for: `a spokesperson for Nvidia`.
fn spoken_name(graph: &Graph, actor: &Actor) -> String {
    let house = actor.roles.first().and_then(|role| graph.find(Kind::Actor, role.at.bare()));
    match (actor.actor_type, house.map(|house| &graph.node(house).record.data)) {
        (crate::model::ActorType::Unnamed, Some(Data::Actor(house))) if !actor.name.contains(&house.name) => {
            format!("{} for {}", actor.name, house.name)
        }
        _ => actor.name.clone(),
    }
}
