//! # attr-circular
//!
//! Several sources look like several witnesses, and all of them pass on one: two papers that both have it from a third. A
//! reader counts two, and there is one.
//!
//! Followed are `via` in a list of sources and `relays` of a source, however many steps. It is looked at for statements,
//! actions, allegations and figures.
//!
//! **Bad**
//!
//! ```yaml
//! sources:
//!   - { ref: gazette-roundup, via: the-report }
//!   - { ref: example-review, via: the-report }
//! ```
//!
//! **Good**: add a source that has it from elsewhere, or read the origin itself and cite that; or keep one of the two, or
//! mark the copy with `role: pickup`.
//!
//! Not reported: an origin that is in the list itself (then readers see it); an origin by whoever speaks, acts, alleges, or is counted by the figure (ten papers may well quote one
//! post); a list that holds the occasion itself (`role: primary`); an origin that nobody names (see
//! `attr-unnamed-origin`).
//!
//! Sources that relay one another in a circle, and a `via` that in the end has it from the source that names it, are
//! reported too: one of the relations must be wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId, is_by, is_unnamed_source};
use crate::model::{Data, Kind, Relation, SourceRole};

pub(super) static CODE: Code =
    Code { name: "attr-circular", level: Level::Warning, manual: include_str!("attr_circular.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    circles(graph, report);
    let mut origins = Origins { graph, known: BTreeMap::new() };
    let subject = [
        (Kind::Statement, Relation::SaidBy),
        (Kind::Action, Relation::DoneBy),
        (Kind::Claim, Relation::AllegedBy),
        (Kind::Figure, Relation::FigureOf),
    ];
    for (kind, relation) in subject {
        for id in graph.of_kind(kind) {
            let subject = graph.targets(id, relation).next();
            one_origin(&mut origins, id, subject, report);
        }
    }
}

/// Where sources have it from in the end.
struct Origins<'g> {
    graph: &'g Graph,
    known: BTreeMap<NodeId, BTreeSet<NodeId>>,
}

impl Origins<'_> {
    /// The sources at the ends of all ways that lead from one along `relays`: itself, if it relays none. A circle
    /// without an end counts as the first of its sources.
    fn of(&mut self, source: NodeId) -> &BTreeSet<NodeId> {
        let graph = self.graph;
        self.known.entry(source).or_insert_with(|| {
            let reached = reached_from(graph, source);
            let is_end = |it: &NodeId| graph.targets(*it, Relation::Relays).next().is_none();
            let ends: BTreeSet<NodeId> = reached.iter().copied().filter(is_end).collect();
            if ends.is_empty() { reached.first().copied().into_iter().collect() } else { ends }
        })
    }
}

/// A source and all that it relays.
fn reached_from(graph: &Graph, source: NodeId) -> BTreeSet<NodeId> {
    let mut reached = BTreeSet::from([source]);
    let mut next = vec![source];
    while let Some(at) = next.pop() {
        next.extend(graph.targets(at, Relation::Relays).filter(|it| reached.insert(*it)));
    }
    reached
}

fn one_origin(origins: &mut Origins<'_>, id: NodeId, subject: Option<NodeId>, report: &mut Report) {
    let graph = origins.graph;
    let node = graph.node(id);
    let uses = graph.source_uses(id, node.sources());
    for (idx, (_, source, via)) in uses.iter().enumerate() {
        let Some((source, via)) = source.zip(*via) else { continue };
        if source == via || reached_from(graph, via).contains(&source) {
            let message = format!("`{}` has it from the source that names it", graph.node(via).short_key());
            report.add(
                Diagnostic::new(&CODE, node.place(&format!("sources[{idx}].via")), message)
                    .label(format!("relays `{}`", graph.node(source).short_key()))
                    .help("correct `via`, or the `relays` of one of the two"),
            );
            return;
        }
    }
    if uses.iter().any(|(it, ..)| it.role == Some(SourceRole::Primary)) {
        return;
    }
    // A copy that says it is one does not look independent.
    let independent = uses.iter().enumerate().filter(|(_, (it, ..))| it.role != Some(SourceRole::Pickup));
    let independent: Vec<(usize, NodeId, NodeId)> =
        independent.filter_map(|(idx, (_, source, via))| Some((idx, (*source)?, via.or(*source)?))).collect();
    let read: BTreeSet<NodeId> = independent.iter().map(|(_, source, _)| *source).collect();
    if read.len() < 2 {
        return;
    }
    let mut all = BTreeSet::new();
    for (.., from) in &independent {
        all.extend(origins.of(*from));
        if all.len() > 1 {
            return;
        }
    }
    let Some(origin) = all.first().copied() else { return };
    let is_unnamed = matches!(&graph.node(origin).record().data, Data::Source(it) if is_unnamed_source(it));
    if is_unnamed || read.contains(&origin) || is_by(graph, origin, subject) {
        return;
    }
    let first = independent[0].0;
    let message = format!("the {} sources of this {} have it from one", read.len(), node.kind);
    report.add(
        Diagnostic::new(&CODE, node.place(&format!("sources[{first}].ref")), message)
            .label("no witness of its own")
            .also(graph.node(origin).place("title"), "all of them have it from here")
            .help("add a source that has it from elsewhere, or cite the origin itself"),
    );
}

/// Reports each circle of `relays` once, at the first source of it that is met.
fn circles(graph: &Graph, report: &mut Report) {
    let mut done = BTreeSet::new();
    for start in graph.of_kind(Kind::Source) {
        // The way from the start to where we are, with how many of each one's relays have been looked at.
        let mut way: Vec<(NodeId, usize)> = vec![(start, 0)];
        let mut on_way = BTreeSet::from([start]);
        while let Some((at, n_seen)) = way.last_mut().filter(|(at, _)| !done.contains(at)) {
            let (at, idx) = (*at, *n_seen);
            *n_seen += 1;
            match graph.targets(at, Relation::Relays).nth(idx) {
                Some(next) if on_way.contains(&next) => report.add(in_circle(graph, at, idx, next)),
                Some(next) if done.contains(&next) => (),
                Some(next) => {
                    on_way.insert(next);
                    way.push((next, 0));
                }
                None => {
                    done.insert(at);
                    on_way.remove(&at);
                    way.pop();
                }
            }
        }
    }
}

fn in_circle(graph: &Graph, source: NodeId, idx: usize, relayed: NodeId) -> Diagnostic {
    let node = graph.node(source);
    let message = match source == relayed {
        true => "this source relays itself".to_owned(),
        false => "these sources relay each other in a circle".to_owned(),
    };
    Diagnostic::new(&CODE, node.place(&format!("relays[{idx}]")), message)
        .label(format!("`{}` has it from here in the end", graph.node(relayed).short_key()))
        .help("take out the `relays` that is wrong")
}
