//! Stories, their scales, and events.

use super::context::Context;
use super::fields::Fields;
use super::ids::{bad_id, id_problem, nfc};
use super::node::Node;
use super::rules;
use super::source::needed_source_uses;
use super::value::Value;
use crate::model::{Event, Participant, Scale, Stance, StanceMark, Story, StoryStatus, Theme};

const STATUSES: [(&str, StoryStatus); 2] = [("live", StoryStatus::Live), ("closed", StoryStatus::Closed)];
/// Decodes a story.
pub(super) fn story(fields: &mut Fields<'_, '_>) -> Option<Story> {
    let title = fields.text("title");
    let title = fields.need("title", title);
    let question = fields.text("question");
    let lang = fields.label("lang");
    let event = fields.reference("event");
    let event = fields.need("event", event);
    let as_of = fields.date("as_of");
    let as_of = fields.need("as_of", as_of);
    let status = fields.word("status", &STATUSES).unwrap_or(StoryStatus::Live);
    let scale = fields.map("scale", "scale", scale).unwrap_or_default();
    let order = fields.references("order");
    let byline = fields.references("byline");
    let methods = fields.text("methods");
    let levels = rules::levels(fields);
    let house_style = fields.has("house_style").then(|| fields.truth("house_style", false));
    Some(Story {
        title: title?,
        question,
        lang,
        event: event?,
        as_of: as_of?,
        status,
        scale,
        order,
        byline,
        methods,
        levels,
        house_style,
    })
}

fn scale(fields: &mut Fields<'_, '_>) -> Option<Scale> {
    let stances = fields.many("stance", |context, value| {
        if matches!(value.node, Node::Scalar(_)) {
            let id = scale_word(context, value)?;
            return Some(Stance { label: spaced(&id), verb: spaced(&id), mark: mark(&id), id });
        }
        value.map(context, "stance", |fields| {
            let id = fields.one("id", scale_word);
            let label = fields.text("label");
            let verb = fields.text("verb");
            let given = fields.word("mark", &StanceMark::NAMED);
            let id = fields.need("id", id)?;
            let label = label.unwrap_or_else(|| spaced(&id));
            Some(Stance {
                verb: verb.unwrap_or_else(|| label.clone()),
                label,
                mark: given.unwrap_or_else(|| mark(&id)),
                id,
            })
        })
    });
    let themes = fields.many("themes", |context, value| {
        if matches!(value.node, Node::Scalar(_)) {
            let id = scale_word(context, value)?;
            return Some(Theme { label: spaced(&id), id });
        }
        value.map(context, "theme", |fields| {
            let id = fields.one("id", scale_word);
            let label = fields.text("label");
            let id = fields.need("id", id)?;
            Some(Theme { label: label.unwrap_or_else(|| spaced(&id)), id })
        })
    });
    Some(Scale { stances, themes })
}

/// A word reactions use: an id.
pub(super) fn scale_word<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<String> {
    let word = nfc(value.plain(context, "a word")?);
    if let Some(why) = id_problem(&word) {
        let place = context.value(value.node, value.at);
        context.add(bad_id(place, &word, why));
        return None;
    }
    Some(word)
}

fn spaced(id: &str) -> String {
    id.replace('-', " ")
}

/// The shape for a word, by its beginning.
fn mark(id: &str) -> StanceMark {
    let beginnings: [(&[&str], StanceMark); 6] = [
        (&["prais", "welcom"], StanceMark::Praise),
        (&["refram"], StanceMark::Reframe),
        (&["act"], StanceMark::Act),
        (&["disput", "doubt", "reject", "critic"], StanceMark::Dispute),
        (&["accus", "alleg"], StanceMark::Accuse),
        (&["silent"], StanceMark::Silent),
    ];
    let fits = |beginnings: &[&str]| beginnings.iter().any(|it| id.starts_with(it));
    beginnings.iter().find(|(it, _)| fits(it)).map_or(StanceMark::Other, |(_, mark)| *mark)
}

/// Decodes an event.
pub(super) fn event(fields: &mut Fields<'_, '_>) -> Option<Event> {
    let title = fields.text("title");
    let title = fields.need("title", title);
    let date = fields.date("date");
    let date = fields.need("date", date);
    let place = fields.text("place");
    let actors = fields.many("actors", participant);
    let concerns = fields.references("concerns");
    let led_to = fields.references("led_to");
    let figures = fields.references("figures");
    let sources = needed_source_uses(fields);
    Some(Event { title: title?, date: date?, place, actors, concerns, led_to, figures, sources: sources? })
}

fn participant<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Participant> {
    if matches!(value.node, Node::Scalar(_)) {
        return value.reference(context, "a list of ids").map(|actor| Participant { actor, role: None });
    }
    value.map(context, "participant", |fields| {
        let actor = fields.reference("ref");
        let actor = fields.need("ref", actor);
        let role = fields.text("role");
        Some(Participant { actor: actor?, role })
    })
}
