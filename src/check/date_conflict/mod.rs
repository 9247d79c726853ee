//! # date-conflict
//!
//! Two dates cannot both be right. One of them is wrong, or the two things do not belong together.
//!
//! | reported | because |
//! | --- | --- |
//! | a statement or an action before the event it reacts to | nobody reacts to what has not happened; words that are quoted only because the reaction answers them may be older |
//! | a reply, or an agreement, before what it answers | |
//! | a source published before the words it carries | |
//! | a primary source (or the speaker's own post, named by `via`) published before the words, or a post dated later than them | unless `contested:` names `date` |
//! | a source published before one that it relays, or that it names as its origin | |
//! | a source accessed or archived before it was published | |
//! | an effect before its cause (`led_to`, `effects`) | |
//! | an office that ended before it began | |
//! | an attempt to ask after the silence it is part of; a deadline before it, or after a silence that is `no-response` | |
//! | a correction before the words or the event it corrects | |
//! | a story whose `as_of` is before its event | |
//! | a weekday that the day did not have: "Monday 28 January 2025" in `date_basis`, `locator`, `checked` or a `note` | |
//!
//! Only what cannot be is reported. A date is as long as it is vague: a reply in `2025-01` to a post of `2025-01-28` is fine. A
//! date with `?`, `~` or `%` says itself that it may be another, and never conflicts. Two civil days without a time may be a
//! day apart and the same hour, as Tokyo and New York are, so only two days or more are reported; with times, a second is.
//!
//! **Bad**
//!
//! ```yaml
//! - { id: post, date: 2025-01-28, … }
//! - { id: reply, date: 2025-01-21, replies_to: post, … }
//! ```
//!
//! **Good**: the right day; or what is known of it, such as `date: 2025-01`.

mod sources;
mod weekday;

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, SilenceState};
use crate::text::Edtf;

pub(super) static CODE: Code =
    Code { name: "date-conflict", level: Level::Error, manual: include_str!("mod.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    reactions(graph, report);
    replies(graph, report);
    effects(graph, report);
    offices(graph, report);
    silences(graph, report);
    corrections(graph, report);
    stories(graph, report);
    sources::run(graph, report);
    weekday::run(graph, report);
}

/// A date and where it stands.
struct Dated<'g> {
    date: &'g Edtf,
    place: Place,
}

/// The date of a node, at its own field or, when it follows from a source, at the node.
fn dated(graph: &Graph, id: NodeId) -> Option<Dated<'_>> {
    let node = graph.node(id);
    let is_written = node.statement().is_none_or(|it| it.date.is_some());
    Some(Dated { date: graph.date_of(id)?, place: node.place(if is_written { "date" } else { "id" }) })
}

/// What to say if `first` is dated before `second` and must not be. The first is shown, the second explains.
fn too_early(first: &Dated<'_>, second: &Dated<'_>, message: &str, what: &str) -> Option<Diagnostic> {
    first.date.surely_before(second.date).then(|| {
        Diagnostic::new(&CODE, first.place.clone(), message)
            .label(format!("{} is before {}", first.date.display(), second.date.display()))
            .also(second.place.clone(), what)
            .help("correct one of the dates")
    })
}

fn reactions(graph: &Graph, report: &mut Report) {
    for kind in [Kind::Statement, Kind::Action] {
        for id in graph.of_kind(kind) {
            let Some(reaction) = graph.node(id).reaction else { continue };
            // What somebody else said, and is only quoted because the reaction answers it, may be older.
            if graph.origins(id, Relation::RepliesTo).any(|it| graph.node(it).reaction == Some(reaction)) {
                continue;
            }
            let event = graph.targets(reaction, Relation::ReactsTo).next();
            let Some((own, event)) = dated(graph, id).zip(event.and_then(|it| dated(graph, it))) else {
                continue;
            };
            let message = format!("this {kind} is dated before the event it reacts to");
            report.add_some(too_early(&own, &event, &message, "the event"));
        }
    }
}

fn replies(graph: &Graph, report: &mut Report) {
    let relations = [
        (Relation::RepliesTo, "this reply is dated before what it answers", "what it answers"),
        (Relation::Endorses, "this agreement is dated before what it agrees with", "what it agrees with"),
    ];
    for id in graph.of_kind(Kind::Statement) {
        // Who answers and agrees in one is told once.
        let found = relations.iter().find_map(|(relation, message, what)| {
            let parent = graph.targets(id, *relation).next()?;
            too_early(&dated(graph, id)?, &dated(graph, parent)?, message, what)
        });
        report.add_some(found);
    }
}

fn effects(graph: &Graph, report: &mut Report) {
    let causes = |id: NodeId| match graph.node(id).kind {
        Kind::Reaction => graph.targets(id, Relation::ReactsTo).next(),
        _ => Some(id),
    };
    for (kind, relation) in [(Kind::Event, Relation::LedTo), (Kind::Reaction, Relation::BroughtAbout)] {
        for id in graph.of_kind(kind) {
            let Some(cause) = causes(id).and_then(|it| dated(graph, it)) else { continue };
            for effect in graph.targets(id, relation).filter_map(|it| dated(graph, it)) {
                let message = "this event is dated before what brought it about";
                report.add_some(too_early(&effect, &cause, message, "what brought it about"));
            }
        }
    }
}

fn offices(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Actor) {
        let node = graph.node(id);
        let Data::Actor(actor) = &node.record().data else { continue };
        for (idx, role) in actor.roles.iter().enumerate() {
            let (Some(from), Some(to)) = (&role.from, &role.to) else { continue };
            // Both were written by one hand, so no time zone excuses them.
            if to.definitely_before(from) {
                let field = |name: &str| node.place(&format!("roles[{idx}].{name}"));
                report.add(
                    Diagnostic::new(&CODE, field("to"), "this office ended before it began")
                        .label(format!("{} is before {}", to.display(), from.display()))
                        .also(field("from"), "its beginning")
                        .help("correct one of the dates"),
                );
            }
        }
    }
}

fn silences(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Silence) {
        let node = graph.node(id);
        let Some(silence) = node.silence() else { continue };
        let as_of = Dated { date: &silence.as_of, place: node.place("as_of") };
        for (idx, asked) in silence.asked.iter().enumerate() {
            let at = |date, field: &str| Dated { date, place: node.place(&format!("asked[{idx}].{field}")) };
            let asked_at = asked.at.as_ref().map(|date| at(date, "at"));
            let deadline = asked.deadline.as_ref().map(|date| at(date, "deadline"));
            if let Some(asked_at) = &asked_at {
                let message = "this silence is recorded for a day before anybody asked";
                report.add_some(too_early(&as_of, asked_at, message, "asked then"));
            }
            if let (Some(asked_at), Some(deadline)) = (&asked_at, &deadline) {
                let message = "this deadline is before the day they were asked";
                report.add_some(too_early(deadline, asked_at, message, "asked then"));
            }
            if let (Some(deadline), SilenceState::NoResponse) = (&deadline, silence.state) {
                let message = "this silence is recorded as no answer before the time to answer had passed";
                report.add_some(too_early(&as_of, deadline, message, "the deadline"));
            }
        }
    }
}

fn corrections(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Correction) {
        let corrected = graph.targets(id, Relation::Corrects).next();
        let happens =
            |it: &NodeId| matches!(graph.node(*it).kind, Kind::Statement | Kind::Action | Kind::Event);
        let of_story = || graph.targets(graph.node(id).story?, Relation::TellsOf).next();
        let Some(about) = corrected.filter(happens).or_else(of_story) else { continue };
        if let Some((own, about)) = dated(graph, id).zip(dated(graph, about)) {
            let message = "this correction is dated before what it is about";
            report.add_some(too_early(&own, &about, message, "this is later"));
        }
    }
}

fn stories(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Story) {
        let event = graph.targets(id, Relation::TellsOf).next();
        let Some((date, event)) = graph.date_of(id).zip(event.and_then(|it| dated(graph, it))) else {
            continue;
        };
        let as_of = Dated { date, place: graph.node(id).place("as_of") };
        let message = "what this story knows ends before its event";
        report.add_some(too_early(&as_of, &event, message, "the event"));
    }
}
