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
//! If the statement falls on or before `as_of`, the silence was never there: that is reported too.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Channel, ChannelType, Kind, Relation, Scope};

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
        let said = graph.origins(actor, Relation::SaidBy).filter(|it| graph.node(*it).story == story);
        let broken = said.filter_map(|it| Some((it, graph.statement_facts(it)?))).find(|(it, facts)| {
            let in_scope = is_in_scope(&silence.scope, &facts.channel);
            let dated = facts.date.as_ref();
            // Before the silence's end it contradicts it; after it, it ends it.
            in_scope
                && Some(*it) != ended_by
                && (ended_by.is_none() || dated.is_some_and(|date| date.definitely_before(&silence.as_of)))
        });
        if let Some((statement, facts)) = broken {
            let after = facts.date.as_ref().is_some_and(|date| silence.as_of.definitely_before(date));
            report.add(told(graph, id, statement, after));
        }
    }
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
