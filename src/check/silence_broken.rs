//! # silence-broken
//!
//! Somebody is recorded as silent, and a statement of theirs is dated after the silence's `as_of`, within its scope. The
//! page would still say "has not commented".
//!
//! Name the statement that ended the silence, and the page says "did not comment until …" instead:
//!
//! ```yaml
//! silences:
//!   - actor: jensen-huang
//!     as_of: 2025-01-30
//!     ended_by: huang-ddn
//! ```
//!
//! If the statement falls on or before `as_of`, the silence was never there: that is reported too, and so is an `ended_by`
//! that names somebody else's words or ones from before `as_of`. An organisation speaks through those who speak for it.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{ActorType, Channel, ChannelType, Data, Kind, Relation, Scope};

pub(super) static CODE: Code =
    Code { name: "silence-broken", level: Level::Error, manual: include_str!("silence_broken.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Silence) {
        let node = graph.node(id);
        let Some(silence) = node.silence() else { continue };
        let Some(actor) = graph.targets(id, Relation::SilenceOf).next() else { continue };
        let ended_by = graph.targets(id, Relation::EndedBy).next();
        let story = node.story;
        if let Some(end) = ended_by {
            report.add_some(not_its_end(graph, id, actor, end));
        }
        // An organisation speaks through those who speak for it.
        let own = graph.origins(actor, Relation::SaidBy);
        let said = own.chain(graph.origins(actor, Relation::SaidFor).filter(|_| !is_person(graph, actor)));
        let said = said.filter(|it| graph.node(*it).story == story && Some(*it) != ended_by);
        let end = ended_by.and_then(|it| graph.date_of(it));
        let broken = said.filter_map(|it| Some((it, graph.statement_facts(it)?))).find(|(_, facts)| {
            let before_its_end = match (end, &facts.date) {
                (Some(end), Some(date)) => date.definitely_before(end),
                (Some(_), None) => false,
                (None, _) => true,
            };
            is_in_scope(&silence.scope, &facts.channel) && before_its_end
        });
        if let Some((statement, facts)) = broken {
            let after = facts.date.as_ref().is_some_and(|date| silence.as_of.definitely_before(date));
            report.add(told(graph, id, statement, after));
        }
    }
}

fn is_person(graph: &Graph, actor: NodeId) -> bool {
    match &graph.node(actor).record().data {
        Data::Actor(actor) => matches!(actor.actor_type, ActorType::Person | ActorType::Unnamed),
        _ => false,
    }
}

/// What is wrong with the statement that `ended_by` names, if anything is.
fn not_its_end(graph: &Graph, silence: NodeId, actor: NodeId, end: NodeId) -> Option<Diagnostic> {
    let (node, said) = (graph.node(silence), graph.node(end));
    let place = Place::field(&node.record().origin.file, node.field("ended_by"));
    let by =
        [Relation::SaidBy, Relation::SaidFor].iter().any(|it| graph.targets(end, *it).any(|it| it == actor));
    let as_of = node.silence().map(|it| &it.as_of);
    let early = as_of.zip(graph.date_of(end)).is_some_and(|(as_of, date)| date.definitely_before(as_of));
    let (message, label) = match (by, early) {
        (false, _) => (
            format!("the statement that should end this silence is not by {}", node.name),
            "somebody else's words",
        ),
        (true, true) => {
            ("this silence ends before the day it is recorded for".to_owned(), "dated before `as_of`")
        }
        (true, false) => return None,
    };
    let told = Diagnostic::new(&CODE, place, message).label(label);
    let told = told.also(Place::field(&said.record().origin.file, said.field("id")), "the statement");
    Some(told.help("name the statement that ended the silence, or correct one of the dates"))
}

/// A public silence is broken by any words; a silence on one channel by words there, and one about posts of one's own
/// not by a reply.
fn is_in_scope(scope: &Scope, channel: &Channel) -> bool {
    match scope {
        Scope::Public => true,
        Scope::Channel { channel: on, kind } => {
            let own_posts = kind.as_deref() == Some("own-posts");
            channel.on.contains(on) && !(own_posts && channel.channel_type == ChannelType::Reply)
        }
    }
}

fn told(graph: &Graph, silence: NodeId, statement: NodeId, after: bool) -> Diagnostic {
    let (node, said) = (graph.node(silence), graph.node(statement));
    let place = Place::field(&node.record().origin.file, node.field("as_of"));
    let message = match after {
        true => format!("{} is recorded as silent, and spoke later", node.name),
        false => {
            format!("{} is recorded as silent, and a statement of theirs is not after that day", node.name)
        }
    };
    let told = Diagnostic::new(&CODE, place, message).label("silent as of this day").also(
        Place::field(&said.record().origin.file, said.field("id")),
        "this statement is in the silence's scope",
    );
    match after {
        true => told.help(format!("write `ended_by: {}` in the silence", said.short_key())),
        false => told.help("take the silence out, narrow its scope, or correct one of the dates"),
    }
}
