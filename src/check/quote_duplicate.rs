//! # quote-duplicate
//!
//! Two quotations of one story have the same words. Either one statement was entered twice, and every count of who said how
//! much is wrong; or the words are given to two speakers, and one of them did not say them.
//!
//! Compared are the words alone: marks, spaces and capitals do not count. Not reported:
//!
//! - fewer than four words by different speakers ("no", "of course not");
//! - fewer than four words by one speaker, unless they also rest on the same source and answer the same thing;
//! - the same speaker on days that cannot be one: people repeat themselves;
//! - somebody who `endorses` or replies to the other statement with its own words.
//!
//! **Bad**: the sentence of a spokesperson in the reaction of the company and again in that of its head.
//!
//! **Good**: one statement, in one reaction. From elsewhere it is named: `[[other-corp.nothing-new]]`.
//!
//! If two speakers did publish the same words, as in a joint letter, say so with `accept:`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Form, Kind, Relation};
use crate::quote;

pub(super) static CODE: Code =
    Code { name: "quote-duplicate", level: Level::Error, manual: include_str!("quote_duplicate.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

/// So many words are not said alike by chance.
const ENOUGH: usize = 4;

fn run(graph: &Graph, report: &mut Report) {
    let mut same: BTreeMap<(NodeId, (String, usize)), Vec<NodeId>> = BTreeMap::new();
    // By reaction and in the author's order, so that the second entry is the one that is reported.
    let reactions = graph.of_kind(Kind::Reaction);
    for id in reactions.flat_map(|reaction| graph.parts(reaction, Kind::Statement)) {
        let node = graph.node(id);
        if let Some((statement, story)) = node.statement().zip(node.story)
            && statement.form == Form::Quote
        {
            same.entry((story, quote::joined_words(&statement.words, '\n'))).or_default().push(id);
        }
    }
    for ((_, (_, n_words)), ids) in
        same.iter().filter(|((_, (_, n_words)), ids)| *n_words > 0 && ids.len() > 1)
    {
        let all: BTreeSet<NodeId> = ids.iter().copied().collect();
        // Each is held against the first, and against the first by the same speaker: that is enough to find it, and
        // a thousand alike cost no more than a thousand looks.
        let mut first_by: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        for id in ids {
            let Some(facts) = graph.statement_facts(*id) else { continue };
            let own = *first_by.entry(facts.speaker).or_insert(*id);
            if own != *id {
                if is_one_statement(graph, own, *id, *n_words) {
                    report.add(told(graph, own, *id, "this quotation is entered twice"));
                }
            } else if ids[0] != *id && *n_words >= ENOUGH && !takes_up_any(graph, *id, &all) {
                report.add(told(graph, ids[0], *id, "the same words are given to two speakers"));
            }
        }
    }
}

/// Whether two quotations of one speaker with the same words can be one.
fn is_one_statement(graph: &Graph, one: NodeId, other: NodeId, n_words: usize) -> bool {
    let dates = graph.date_of(one).zip(graph.date_of(other));
    if dates.is_some_and(|(one, other)| one.definitely_before(other) || other.definitely_before(one)) {
        return false;
    }
    let first = |id, relation| graph.targets(id, relation).next();
    let source = || {
        graph.targets(one, Relation::Cites).any(|it| graph.targets(other, Relation::Cites).any(|at| at == it))
    };
    n_words >= ENOUGH || first(one, Relation::RepliesTo) == first(other, Relation::RepliesTo) && source()
}

/// Whether a speaker takes up the words of another on purpose, or another takes up theirs.
fn takes_up_any(graph: &Graph, id: NodeId, alike: &BTreeSet<NodeId>) -> bool {
    [Relation::Endorses, Relation::RepliesTo].iter().any(|it| {
        graph
            .targets(id, *it)
            .chain(graph.origins(id, *it))
            .any(|other| other != id && alike.contains(&other))
    })
}

fn told(graph: &Graph, first: NodeId, second: NodeId, message: &str) -> Diagnostic {
    let (first, second) = (graph.node(first), graph.node(second));
    let label = format!("the same words as `{}`, by {}", first.short_key(), second.name);
    Diagnostic::new(&CODE, second.place("quote"), message)
        .label(label)
        .also(first.place("quote"), format!("by {}", first.name))
        .help("keep one of the two, or correct the speaker")
}
