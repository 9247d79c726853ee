//! Dates of sources: against the words they carry, what they relay, and the days they were looked at.

use super::{CODE, Dated, dated, too_early};
use crate::diag::{Diagnostic, Report};
use crate::graph::{Graph, Node, NodeId, is_by};
use crate::model::{Data, Kind, Relation, Source, SourceRole};

pub(super) fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Source) {
        if let Data::Source(source) = &graph.node(id).record().data {
            looked_at(graph.node(id), source, report);
            relayed(graph, id, source, report);
        }
    }
    for kind in [Kind::Event, Kind::Statement, Kind::Action, Kind::Claim, Kind::Silence, Kind::Figure] {
        for id in graph.of_kind(kind) {
            origins(graph, id, report);
        }
    }
    for id in graph.of_kind(Kind::Statement) {
        report.add_some(statement(graph, id));
    }
}

fn published(graph: &Graph, id: NodeId) -> Option<Dated<'_>> {
    Some(Dated { date: graph.date_of(id)?, place: graph.node(id).place("published") })
}

fn looked_at(node: &Node, source: &Source, report: &mut Report) {
    let Some(date) = &source.published else { return };
    let published = Dated { date, place: node.place("published") };
    if let Some(date) = &source.accessed {
        let accessed = Dated { date, place: node.place("accessed") };
        let message = "this source was accessed before it was published";
        report.add_some(too_early(&accessed, &published, message, "published then"));
    }
    for (idx, copy) in source.archive.iter().enumerate() {
        if let Some(date) = &copy.at {
            let archived = Dated { date, place: node.place(&format!("archive[{idx}].at")) };
            let message = "this source was archived before it was published";
            report.add_some(too_early(&archived, &published, message, "published then"));
        }
    }
}

fn relayed(graph: &Graph, id: NodeId, source: &Source, report: &mut Report) {
    let Some(date) = &source.published else { return };
    for (idx, relayed) in graph.targets(id, Relation::Relays).enumerate() {
        let own = Dated { date, place: graph.node(id).place(&format!("relays[{idx}]")) };
        if let Some(origin) = published(graph, relayed) {
            let message = "this source was published before one that it relays";
            report.add_some(too_early(&own, &origin, message, "published then"));
        }
    }
}

/// A source that names as its origin what was published later.
fn origins(graph: &Graph, id: NodeId, report: &mut Report) {
    let node = graph.node(id);
    if node.sources().iter().all(|it| it.via.is_none()) {
        return;
    }
    for (idx, (_, source, via)) in graph.source_uses(id, node.sources()).into_iter().enumerate() {
        let published = |it: Option<NodeId>| graph.date_of(it?);
        let (Some(read), Some(origin)) = (published(source), published(via)) else { continue };
        if read.surely_before(origin) {
            let place = node.place(&format!("sources[{idx}].via"));
            report.add(
                Diagnostic::new(&CODE, place, "this source was published before the origin it names")
                    .label(format!("{} is before {}", read.display(), origin.display()))
                    .help("correct one of the dates, or `via`"),
            );
        }
    }
}

/// The first source that contradicts the date of a statement. One wrong date contradicts them all, so one is enough.
fn statement(graph: &Graph, id: NodeId) -> Option<Diagnostic> {
    let (statement, facts) = graph.node(id).statement().zip(graph.statement_facts(id))?;
    if statement.contested.iter().any(|it| it.field == "date") {
        return None;
    }
    let uses = graph.source_uses(id, &statement.sources);
    uses.into_iter().enumerate().find_map(|(idx, (it, source, via))| {
        let own = via.filter(|it| is_by(graph, *it, Some(facts.speaker)));
        let occasion = source.filter(|_| it.role == Some(SourceRole::Primary)).or(own);
        occasion
            .and_then(|it| later_than_words(graph, id, it))
            .or_else(|| before_words(graph, id, source?, &format!("sources[{idx}].ref")))
            .or_else(|| before_words(graph, id, own?, &format!("sources[{idx}].via")))
    })
}

/// Nothing carries words that were not yet said.
fn before_words(graph: &Graph, id: NodeId, source: NodeId, field: &str) -> Option<Diagnostic> {
    let source = Dated { date: graph.date_of(source)?, place: graph.node(id).place(field) };
    let message = "this source was published before the words it carries";
    too_early(&source, &dated(graph, id)?, message, "said then")
}

/// A post is said when it is published. A speech or an interview may be published later.
fn later_than_words(graph: &Graph, id: NodeId, occasion: NodeId) -> Option<Diagnostic> {
    let is_post = matches!(&graph.node(occasion).record().data, Data::Source(it) if it.source_type == "post");
    let post = published(graph, occasion).filter(|_| is_post)?;
    let message = "this statement is dated before the post it was made in";
    too_early(&dated(graph, id)?, &post, message, "the post")
}
