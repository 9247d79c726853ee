//! Reactions and their parts: statements, actions, claims, silences.

use super::context::Context;
use super::fields::Fields;
use super::ids::{bad_id, id_problem, nfc};
use super::node::Node;
use super::problems::fields as problems;
use super::rules;
use super::source::{needed_source_uses, source_uses};
use super::story::scale_word;
use super::value::Value;
use crate::diag::Diagnostic;
use crate::model::{
    Action, Alleges, Asked, Capacity, Channel, ChannelType, Claim, ClaimStatus, Contested, Form, Original,
    Reaction, Ref, Scope, Silence, SilenceState, Statement, Translation,
};

const FORMS: [(&str, Form); 2] = [("quote", Form::Quote), ("paraphrase", Form::Paraphrase)];

const CAPACITIES: [(&str, Capacity); 3] = [
    ("personal", Capacity::Personal),
    ("official", Capacity::Official),
    ("spokesperson", Capacity::Spokesperson),
];

const CHANNELS: [(&str, ChannelType); 12] = [
    ("post", ChannelType::Post),
    ("reply", ChannelType::Reply),
    ("call", ChannelType::Call),
    ("interview", ChannelType::Interview),
    ("statement", ChannelType::Statement),
    ("speech", ChannelType::Speech),
    ("article", ChannelType::Article),
    ("press-release", ChannelType::PressRelease),
    ("filing", ChannelType::Filing),
    ("hearing", ChannelType::Hearing),
    ("letter", ChannelType::Letter),
    ("unknown", ChannelType::Unknown),
];

const STATUSES: [(&str, ClaimStatus); 4] = [
    ("alleged", ClaimStatus::Alleged),
    ("disputed", ClaimStatus::Disputed),
    ("supported", ClaimStatus::Supported),
    ("withdrawn", ClaimStatus::Withdrawn),
];

const STATES: [(&str, SilenceState); 5] = [
    ("not-commented", SilenceState::NotCommented),
    ("declined", SilenceState::Declined),
    ("no-response", SilenceState::NoResponse),
    ("not-reached", SilenceState::NotReached),
    ("not-asked", SilenceState::NotAsked),
];

/// Decodes a reaction.
pub(super) fn reaction(fields: &mut Fields<'_, '_>) -> Option<Reaction> {
    let actor = fields.reference("actor");
    let actor = fields.need("actor", actor);
    let to = fields.reference("to");
    let to = fields.need("to", to);
    let story = fields.reference("story");
    let stance = fields.one("stance", scale_word);
    let themes = fields.many("themes", scale_word);
    let summary = fields.text("summary");
    let statements = fields.maps("statements", "statement", statement);
    let actions = fields.maps("actions", "action", action);
    let claims = fields.maps("claims", "claim", claim);
    let silences = fields.maps("silences", "silence", silence);
    let effects = fields.references("effects");
    let later = fields.maps("later", "statement", statement);
    let figures = fields.references("figures");
    Some(Reaction {
        actor: actor?,
        to: to?,
        story,
        stance,
        themes,
        summary,
        statements,
        actions,
        claims,
        silences,
        effects,
        later,
        figures,
    })
}

fn statement(fields: &mut Fields<'_, '_>) -> Option<Statement> {
    let id = part_id(fields);
    let speaker = fields.reference("speaker");
    let on_behalf_of = fields.reference("for");
    let capacity = fields.word("capacity", &CAPACITIES);
    let words = form_and_words(fields);
    let partial = fields.truth("partial", false);
    let lang = fields.label("lang");
    let original = fields.map("original", "original", original);
    let translations = fields.maps("translations", "translation", translation);
    let channel = fields.one("channel", channel);
    let date = fields.date("date");
    let date_basis = fields.text("date_basis");
    let replies_to = fields.reference("replies_to");
    let endorses = fields.reference("endorses");
    let supports = fields.references("supports");
    let about = fields.references("about");
    let mentions = fields.references("mentions");
    let terms = fields.references("terms");
    let figures = fields.references("figures");
    let alleges = fields.one("alleges", alleges);
    let contested = fields.maps("contested", "contested field", contested);
    let sources = statement_sources(fields);
    let accept = rules::acceptances(fields);
    let (form, words) = words?;
    Some(Statement {
        id: id?,
        speaker,
        on_behalf_of,
        capacity,
        form,
        words,
        partial,
        lang,
        original,
        translations,
        channel,
        date,
        date_basis,
        replies_to,
        endorses,
        supports,
        about,
        mentions,
        terms,
        figures,
        alleges,
        contested,
        sources: sources?,
        accept,
    })
}

/// The id of a part, which no file name can supply.
fn part_id(fields: &mut Fields<'_, '_>) -> Option<String> {
    let id = fields.one("id", |context, value| {
        let id = nfc(value.plain(context, "an id")?);
        let dotted = id
            .contains('.')
            .then(|| "the id of a part holds no dot, because it stands behind one".to_owned());
        match id_problem(&id).or(dotted) {
            Some(why) => {
                let place = context.value(value.node, value.at);
                context.add(bad_id(place, &id, why));
                None
            }
            None => Some(id),
        }
    });
    fields.need("id", id)
}

/// `quote`, or `says` for a paraphrase, and never both.
fn form_and_words(fields: &mut Fields<'_, '_>) -> Option<(Form, String)> {
    let form = fields.word("form", &FORMS);
    let quote = fields.text("quote");
    let says = fields.text("says");
    let (has_quote, has_says) = (fields.has("quote"), fields.has("says"));
    let contradiction = match (form, has_quote, has_says) {
        (_, true, true) => "This statement has both `quote` and `says`",
        (Some(Form::Paraphrase), true, false) => {
            "This statement is a paraphrase but gives its words as `quote`"
        }
        (Some(Form::Quote), false, true) => "This statement is a quotation but gives its words as `says`",
        (_, false, false) => {
            fields.missing(if form == Some(Form::Paraphrase) { "says" } else { "quote" });
            return None;
        }
        (_, true, false) => return quote.map(|words| (Form::Quote, words)),
        (_, false, true) => return says.map(|words| (Form::Paraphrase, words)),
    };
    let (key, other) = if has_says { ("says", "quote") } else { ("quote", "form") };
    let other = if has_quote && has_says { other } else { "form" };
    let diagnostic = Diagnostic::new(&problems::QUOTE_AND_SAYS, fields.place_of_key(key), contradiction);
    let diagnostic = diagnostic.also(fields.place_of_key(other), "and here it says the other");
    let help = "`quote` holds the speaker's own words, `says` an account of them: keep one";
    fields.context.add(diagnostic.help(help));
    None
}

/// What a statement rests on. Without any, the statement is still one, and the check `attr-missing` says so; `None` when
/// all that is written cannot be read, which has been reported.
fn statement_sources(fields: &mut Fields<'_, '_>) -> Option<Vec<crate::model::SourceUse>> {
    let written = fields.has_items("sources");
    let sources = source_uses(fields);
    (!sources.is_empty() || !written).then_some(sources)
}

fn original(fields: &mut Fields<'_, '_>) -> Option<Original> {
    let lang = fields.label("lang");
    let lang = fields.need("lang", lang);
    let text = fields.text("text");
    let text = fields.need("text", text);
    Some(Original { lang: lang?, text: text? })
}

fn translation(fields: &mut Fields<'_, '_>) -> Option<Translation> {
    let lang = fields.label("lang");
    let lang = fields.need("lang", lang);
    let text = fields.text("text");
    let text = fields.need("text", text);
    let by = fields.reference("by");
    let method = fields.word_of("method", &["human", "machine"]);
    let of = fields.one("of", |context, value| match value.node {
        Node::Map(_) => value.map(context, "part of the words", |fields| {
            let prefix = fields.text("prefix");
            fields.need("prefix", prefix)
        }),
        _ => value.text(context),
    });
    let digest = fields.label("digest");
    Some(Translation { lang: lang?, text: text?, by, method, of, digest })
}

/// A map, or its `type` alone.
fn channel<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Channel> {
    if matches!(value.node, Node::Scalar(_)) {
        let channel_type = value.word(context, &CHANNELS)?;
        return Some(Channel { channel_type, on: Vec::new(), at: None, to: None, url: None });
    }
    value.map(context, "channel", |fields| {
        let channel_type = fields.word("type", &CHANNELS);
        let channel_type = fields.need("type", channel_type);
        let on = fields.labels("on");
        let at = fields.reference("at");
        let to = fields.reference("to");
        let url = fields.url("url");
        Some(Channel { channel_type: channel_type?, on, at, to, url })
    })
}

/// A map, or those it is against alone.
fn alleges<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Alleges> {
    let against = |about: Vec<Ref>| Alleges { about, status: ClaimStatus::Alleged, hedge: None };
    match value.node {
        Node::Scalar(_) => value.reference(context, "a map with `about`").map(|it| against(vec![it])),
        Node::Null(_) | Node::List(_) | Node::Map(_) => value.map(context, "allegation", |fields| {
            let about = fields.references("about");
            let about = fields.need_some("about", about);
            let status = fields.word("status", &STATUSES).unwrap_or(ClaimStatus::Alleged);
            let hedge = fields.text("hedge");
            Some(Alleges { about: about?, status, hedge })
        }),
    }
}

fn contested(fields: &mut Fields<'_, '_>) -> Option<Contested> {
    let field = fields.label("field");
    let field = fields.need("field", field);
    let by = fields.reference("by");
    let by = fields.need("by", by);
    let note = fields.text("note");
    Some(Contested { field: field?, by: by?, note })
}

fn action(fields: &mut Fields<'_, '_>) -> Option<Action> {
    let id = part_id(fields);
    let did = fields.text("did");
    let did = fields.need("did", did);
    let by = fields.reference("by");
    let date = fields.date("date");
    let about = fields.references("about");
    let figures = fields.references("figures");
    let sources = needed_source_uses(fields);
    let accept = rules::acceptances(fields);
    Some(Action { id: id?, did: did?, by, date, about, figures, sources: sources?, accept })
}

fn claim(fields: &mut Fields<'_, '_>) -> Option<Claim> {
    let id = part_id(fields);
    let by = fields.reference("by");
    let about = fields.references("about");
    let about = fields.need_some("about", about);
    let says = fields.text("says");
    let says = fields.need("says", says);
    let status = fields.word("status", &STATUSES).unwrap_or(ClaimStatus::Alleged);
    let hedge = fields.text("hedge");
    let terms = fields.references("terms");
    let sources = needed_source_uses(fields);
    let accept = rules::acceptances(fields);
    Some(Claim { id: id?, by, about: about?, says: says?, status, hedge, terms, sources: sources?, accept })
}

fn silence(fields: &mut Fields<'_, '_>) -> Option<Silence> {
    let actor = fields.reference("actor");
    let actor = fields.need("actor", actor);
    let state = fields.word("state", &STATES);
    let state = fields.need("state", state);
    let scope = fields.one("scope", scope);
    let scope = fields.need("scope", scope);
    let as_of = fields.date("as_of");
    let as_of = fields.need("as_of", as_of);
    let asked = fields.many("asked", asked);
    let checked = fields.text("checked");
    let ended_by = fields.reference("ended_by");
    let sources = needed_source_uses(fields);
    let accept = rules::acceptances(fields);
    Some(Silence {
        actor: actor?,
        state: state?,
        scope: scope?,
        as_of: as_of?,
        asked,
        checked,
        ended_by,
        sources: sources?,
        accept,
    })
}

/// `public`, a channel's id, or `{ channel, kind }`.
fn scope<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Scope> {
    if matches!(value.node, Node::Scalar(_)) {
        let word = nfc(value.plain(context, "`public` or a channel")?);
        if word == "public" {
            return Some(Scope::Public);
        }
        if let Some(why) = id_problem(&word) {
            let place = context.value(value.node, value.at);
            context.add(
                bad_id(place, &word, why)
                    .help("`scope` is `public`, or a channel such as `{ channel: x, kind: own-posts }`"),
            );
            return None;
        }
        return Some(Scope::Channel { channel: word, kind: None });
    }
    value.map(context, "scope", |fields| {
        let channel = fields.label("channel");
        let channel = fields.need("channel", channel);
        let kind = fields.label("kind");
        Some(Scope::Channel { channel: channel?, kind })
    })
}

/// A map, or who asked alone.
fn asked<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Asked> {
    if matches!(value.node, Node::Scalar(_)) {
        let by = value.reference(context, "who asked")?;
        return Some(Asked { by: Some(by), at: None, via: None, deadline: None });
    }
    value.map(context, "attempt to ask", |fields| {
        let by = fields.reference("by");
        let at = fields.date("at");
        let via = fields.text("via");
        let deadline = fields.date("deadline");
        Some(Asked { by, at, via, deadline })
    })
}
