//! Relations: every way one thing can point to another, with the words for both directions.

use std::fmt;

use super::{Action, Claim, Data, Event, Kind, Reaction, Ref, Silence, SourceUse, Statement};

/// A typed edge. Authors write one direction; the inverse is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Relation {
    /// story → event
    TellsOf,
    /// story → reaction, in printed order
    Orders,
    /// story → actor
    WrittenBy,
    /// event → actor
    Involves,
    /// event → actor (often a product)
    Concerns,
    /// event → event
    LedTo,
    /// event, action, statement or reaction → figure
    Gives,
    /// actor → actor, by office
    HoldsOffice,
    /// actor → actor
    MadeBy,
    /// actor → actor
    PartOf,
    /// actor → actor
    OwnedBy,
    /// reaction → actor
    ReactionOf,
    /// reaction → event
    ReactsTo,
    /// reaction → story
    BelongsTo,
    /// reaction → event
    BroughtAbout,
    /// statement → actor
    SaidBy,
    /// statement → actor
    SaidFor,
    /// statement → event
    SaidAt,
    /// statement → actor
    Told,
    /// statement → statement
    RepliesTo,
    /// statement → statement
    Endorses,
    /// statement → claim
    Supports,
    /// statement, action or claim → anything
    About,
    /// statement → anything
    Mentions,
    /// statement or claim → term
    UsesTerm,
    /// statement or claim → actor
    AllegesAgainst,
    /// statement → source that differs
    ContestedBy,
    /// translation → actor
    TranslatedBy,
    /// action → actor
    DoneBy,
    /// claim → actor
    AllegedBy,
    /// silence → actor
    SilenceOf,
    /// silence → statement
    EndedBy,
    /// silence → actor who asked
    AskedBy,
    /// anything → source
    Cites,
    /// anything → source, secondhand
    OriginatesIn,
    /// source → actor
    PublishedBy,
    /// source → actor
    AuthoredBy,
    /// source → source
    Relays,
    /// term → term
    SeeAlso,
    /// figure → actor
    FigureOf,
    /// figure → actor
    ConvertedBy,
    /// correction → anything
    Corrects,
    /// prose → anything
    Names,
}

impl Relation {
    /// Words for the edge as written: `reacts to`.
    pub fn forward(self) -> &'static str {
        self.words().0
    }

    /// Words for the computed inverse: `reactions`.
    pub fn inverse(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Relation::TellsOf => ("tells of", "told in"),
            Relation::Orders => ("prints", "printed in"),
            Relation::WrittenBy => ("written by", "wrote the story"),
            Relation::Involves => ("involves", "took part in"),
            Relation::Concerns => ("concerns", "concerned in"),
            Relation::LedTo => ("led to", "caused by"),
            Relation::Gives => ("gives the figure", "given in"),
            Relation::HoldsOffice => ("holds an office at", "staff"),
            Relation::MadeBy => ("made by", "makes"),
            Relation::PartOf => ("part of", "parts"),
            Relation::OwnedBy => ("owned by", "owns"),
            Relation::ReactionOf => ("reaction of", "reacted"),
            Relation::ReactsTo => ("reacts to", "reactions"),
            Relation::BelongsTo => ("belongs to", "holds"),
            Relation::BroughtAbout => ("brought about", "effect of"),
            Relation::SaidBy => ("said by", "said"),
            Relation::SaidFor => ("said for", "spoken for in"),
            Relation::SaidAt => ("said at", "heard"),
            Relation::Told => ("told", "was told"),
            Relation::RepliesTo => ("replies to", "replies"),
            Relation::Endorses => ("endorses", "endorsed by"),
            Relation::Supports => ("supports", "supported by"),
            Relation::About => ("is about", "subject of"),
            Relation::Mentions => ("mentions", "mentioned in"),
            Relation::UsesTerm => ("uses the term", "used in"),
            Relation::AllegesAgainst => ("alleges against", "alleged against in"),
            Relation::ContestedBy => ("is contested by", "contests"),
            Relation::TranslatedBy => ("translated by", "translated"),
            Relation::DoneBy => ("done by", "did"),
            Relation::AllegedBy => ("alleged by", "alleges"),
            Relation::SilenceOf => ("silence of", "silences"),
            Relation::EndedBy => ("ended by", "ends the silence"),
            Relation::AskedBy => ("asked by", "asked"),
            Relation::Cites => ("cites", "cited by"),
            Relation::OriginatesIn => ("originates in", "origin of"),
            Relation::PublishedBy => ("published by", "published"),
            Relation::AuthoredBy => ("by", "wrote"),
            Relation::Relays => ("relays", "relayed by"),
            Relation::SeeAlso => ("see also", "see also"),
            Relation::FigureOf => ("figure of", "figures"),
            Relation::ConvertedBy => ("converted by", "converted"),
            Relation::Corrects => ("corrects", "corrections"),
            Relation::Names => ("names", "named in"),
        }
    }

    /// The kinds it may point to. An empty slice means any kind.
    pub fn targets(self) -> &'static [Kind] {
        use Kind::{Actor, Claim, Event, Figure, Reaction, Source, Statement, Story, Term};
        match self {
            Relation::TellsOf
            | Relation::LedTo
            | Relation::ReactsTo
            | Relation::BroughtAbout
            | Relation::SaidAt => &[Event],
            Relation::Orders => &[Reaction],
            Relation::BelongsTo => &[Story],
            Relation::WrittenBy
            | Relation::Involves
            | Relation::HoldsOffice
            | Relation::MadeBy
            | Relation::PartOf
            | Relation::OwnedBy
            | Relation::ReactionOf
            | Relation::SaidBy
            | Relation::SaidFor
            | Relation::Told
            | Relation::AllegesAgainst
            | Relation::TranslatedBy
            | Relation::DoneBy
            | Relation::AllegedBy
            | Relation::SilenceOf
            | Relation::AskedBy
            | Relation::PublishedBy
            | Relation::AuthoredBy
            | Relation::FigureOf
            | Relation::ConvertedBy => &[Actor],
            Relation::Concerns | Relation::About | Relation::Mentions => &[Actor, Event, Term],
            Relation::Gives => &[Figure],
            Relation::RepliesTo | Relation::Endorses | Relation::EndedBy => &[Statement],
            Relation::Supports => &[Claim],
            Relation::UsesTerm | Relation::SeeAlso => &[Term],
            Relation::ContestedBy | Relation::Cites | Relation::OriginatesIn | Relation::Relays => &[Source],
            Relation::Corrects | Relation::Names => &[],
        }
    }
}

/// One reference of a record, with what it means and where it stands.
#[derive(Clone, Debug)]
pub struct RefSite<'a> {
    /// The reference as written.
    pub reference: &'a Ref,
    /// What it means.
    pub relation: Relation,
    /// The part of the record it starts from: a statement's, action's or claim's id, or a silence's number.
    pub part: Part<'a>,
    /// The field's path inside the record.
    pub path: RefPath,
}

/// The path of a field inside its record, such as `statements[0].sources[1].ref`. It is put into words only for the one
/// reference in ten thousand that has a problem.
#[derive(Clone, Copy, Debug)]
pub struct RefPath {
    /// The list and the entry around it: `statements`, 0.
    part: Option<(&'static str, usize)>,
    field: &'static str,
    /// Which entry, when the field is a list.
    entry: Option<usize>,
    /// The key inside the entry.
    key: Option<&'static str>,
}

impl fmt::Display for RefPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((list, idx)) = self.part {
            write!(f, "{list}[{idx}].")?;
        }
        f.write_str(self.field)?;
        if let Some(idx) = self.entry {
            write!(f, "[{idx}]")?;
        }
        self.key.map_or(Ok(()), |key| write!(f, ".{key}"))
    }
}

/// Where inside a record an edge starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part<'a> {
    /// The record itself.
    Whole,
    /// A statement, by id.
    Statement(&'a str),
    /// An action, by id.
    Action(&'a str),
    /// A claim, by id.
    Claim(&'a str),
    /// A silence, by its number from 0.
    Silence(usize),
}

type Visit<'v, 'a> = &'v mut dyn FnMut(RefSite<'a>);

struct Walk<'v, 'a> {
    visit: Visit<'v, 'a>,
    part: Part<'a>,
    base: Option<(&'static str, usize)>,
}

impl<'a> Walk<'_, 'a> {
    fn at(
        &mut self,
        relation: Relation,
        (field, entry, key): (&'static str, Option<usize>, Option<&'static str>),
        reference: &'a Ref,
    ) {
        let path = RefPath { part: self.base, field, entry, key };
        (self.visit)(RefSite { reference, relation, part: self.part, path });
    }

    fn one(&mut self, relation: Relation, field: &'static str, reference: &'a Ref) {
        self.at(relation, (field, None, None), reference);
    }

    fn maybe(&mut self, relation: Relation, field: &'static str, reference: Option<&'a Ref>) {
        if let Some(reference) = reference {
            self.one(relation, field, reference);
        }
    }

    fn many(&mut self, relation: Relation, field: &'static str, references: &'a [Ref]) {
        for (idx, reference) in references.iter().enumerate() {
            self.at(relation, (field, Some(idx), None), reference);
        }
    }

    /// A reference inside an entry of a list.
    fn inside(
        &mut self,
        relation: Relation,
        (field, idx, key): (&'static str, usize, &'static str),
        reference: Option<&'a Ref>,
    ) {
        if let Some(reference) = reference {
            self.at(relation, (field, Some(idx), Some(key)), reference);
        }
    }

    fn sources(&mut self, uses: &'a [SourceUse]) {
        for (idx, it) in uses.iter().enumerate() {
            self.inside(Relation::Cites, ("sources", idx, "ref"), Some(&it.source));
            self.inside(Relation::OriginatesIn, ("sources", idx, "via"), it.via.as_ref());
        }
    }
}

/// Calls `visit` with every reference of a record's fields, in the author's order.
pub(super) fn each_ref<'a>(data: &'a Data, visit: Visit<'_, 'a>) {
    let mut walk = Walk { visit, part: Part::Whole, base: None };
    match data {
        Data::Story(story) => {
            walk.one(Relation::TellsOf, "event", &story.event);
            walk.many(Relation::Orders, "order", &story.order);
            walk.many(Relation::WrittenBy, "byline", &story.byline);
        }
        Data::Event(event) => event_refs(event, &mut walk),
        Data::Actor(actor) => {
            for (idx, role) in actor.roles.iter().enumerate() {
                walk.inside(Relation::HoldsOffice, ("roles", idx, "at"), Some(&role.at));
                walk.inside(Relation::Cites, ("roles", idx, "source"), role.source.as_ref());
            }
            walk.maybe(Relation::MadeBy, "made_by", actor.made_by.as_ref());
            walk.maybe(Relation::PartOf, "part_of", actor.part_of.as_ref());
            walk.maybe(Relation::OwnedBy, "owned_by", actor.owned_by.as_ref());
        }
        Data::Reaction(reaction) => reaction_refs(reaction, &mut walk),
        Data::Source(source) => {
            walk.many(Relation::AuthoredBy, "author", &source.author);
            walk.maybe(Relation::PublishedBy, "publisher", source.publisher.as_ref());
            walk.many(Relation::Relays, "relays", &source.relays);
        }
        Data::Term(term) => {
            walk.many(Relation::SeeAlso, "see_also", &term.see_also);
            walk.maybe(Relation::Cites, "source", term.source.as_ref());
        }
        Data::Figure(figure) => {
            walk.one(Relation::FigureOf, "of", &figure.of);
            for (idx, it) in figure.conversions.iter().enumerate() {
                walk.inside(Relation::ConvertedBy, ("conversions", idx, "by"), it.by.as_ref());
            }
            walk.sources(&figure.sources);
        }
        Data::Correction(correction) => walk.one(Relation::Corrects, "on", &correction.on),
        Data::Page(_) | Data::Section(_) => (),
    }
}

fn event_refs<'a>(event: &'a Event, walk: &mut Walk<'_, 'a>) {
    for (idx, it) in event.actors.iter().enumerate() {
        walk.inside(Relation::Involves, ("actors", idx, "ref"), Some(&it.actor));
    }
    walk.many(Relation::Concerns, "concerns", &event.concerns);
    walk.many(Relation::LedTo, "led_to", &event.led_to);
    walk.many(Relation::Gives, "figures", &event.figures);
    walk.sources(&event.sources);
}

fn reaction_refs<'a>(reaction: &'a Reaction, walk: &mut Walk<'_, 'a>) {
    walk.one(Relation::ReactionOf, "actor", &reaction.actor);
    walk.one(Relation::ReactsTo, "to", &reaction.to);
    walk.maybe(Relation::BelongsTo, "story", reaction.story.as_ref());
    walk.many(Relation::BroughtAbout, "effects", &reaction.effects);
    walk.many(Relation::Gives, "figures", &reaction.figures);
    for (list, statements) in [("statements", &reaction.statements), ("later", &reaction.later)] {
        for (idx, statement) in statements.iter().enumerate() {
            walk.base = Some((list, idx));
            walk.part = Part::Statement(&statement.id);
            statement_refs(statement, walk);
        }
    }
    for (idx, action) in reaction.actions.iter().enumerate() {
        walk.base = Some(("actions", idx));
        walk.part = Part::Action(&action.id);
        action_refs(action, walk);
    }
    for (idx, claim) in reaction.claims.iter().enumerate() {
        walk.base = Some(("claims", idx));
        walk.part = Part::Claim(&claim.id);
        claim_refs(claim, walk);
    }
    for (idx, silence) in reaction.silences.iter().enumerate() {
        walk.base = Some(("silences", idx));
        walk.part = Part::Silence(idx);
        silence_refs(silence, walk);
    }
}

fn statement_refs<'a>(statement: &'a Statement, walk: &mut Walk<'_, 'a>) {
    walk.maybe(Relation::SaidBy, "speaker", statement.speaker.as_ref());
    walk.maybe(Relation::SaidFor, "for", statement.on_behalf_of.as_ref());
    if let Some(channel) = &statement.channel {
        walk.maybe(Relation::SaidAt, "channel.at", channel.at.as_ref());
        walk.maybe(Relation::Told, "channel.to", channel.to.as_ref());
    }
    walk.maybe(Relation::RepliesTo, "replies_to", statement.replies_to.as_ref());
    walk.maybe(Relation::Endorses, "endorses", statement.endorses.as_ref());
    walk.many(Relation::Supports, "supports", &statement.supports);
    walk.many(Relation::About, "about", &statement.about);
    walk.many(Relation::Mentions, "mentions", &statement.mentions);
    walk.many(Relation::UsesTerm, "terms", &statement.terms);
    walk.many(Relation::Gives, "figures", &statement.figures);
    if let Some(alleges) = &statement.alleges {
        walk.many(Relation::AllegesAgainst, "alleges.about", &alleges.about);
    }
    for (idx, it) in statement.contested.iter().enumerate() {
        walk.inside(Relation::ContestedBy, ("contested", idx, "by"), Some(&it.by));
    }
    for (idx, it) in statement.translations.iter().enumerate() {
        walk.inside(Relation::TranslatedBy, ("translations", idx, "by"), it.by.as_ref());
    }
    walk.sources(&statement.sources);
}

fn action_refs<'a>(action: &'a Action, walk: &mut Walk<'_, 'a>) {
    walk.maybe(Relation::DoneBy, "by", action.by.as_ref());
    walk.many(Relation::About, "about", &action.about);
    walk.many(Relation::Gives, "figures", &action.figures);
    walk.sources(&action.sources);
}

fn claim_refs<'a>(claim: &'a Claim, walk: &mut Walk<'_, 'a>) {
    walk.maybe(Relation::AllegedBy, "by", claim.by.as_ref());
    walk.many(Relation::AllegesAgainst, "about", &claim.about);
    walk.many(Relation::UsesTerm, "terms", &claim.terms);
    walk.sources(&claim.sources);
}

fn silence_refs<'a>(silence: &'a Silence, walk: &mut Walk<'_, 'a>) {
    walk.one(Relation::SilenceOf, "actor", &silence.actor);
    walk.maybe(Relation::EndedBy, "ended_by", silence.ended_by.as_ref());
    for (idx, it) in silence.asked.iter().enumerate() {
        walk.inside(Relation::AskedBy, ("asked", idx, "by"), it.by.as_ref());
    }
    walk.sources(&silence.sources);
}
