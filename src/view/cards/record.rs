//! What else a story records: deeds, claims, silences, figures, events, terms.

use serde::Serialize;

use super::{ActorLink, Allegation, Date, EvidenceBrief, Link, SourceRef, SourceUseView, StatementLink};

/// Something done.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ActionCard {
    /// Full id: `meta.war-rooms`.
    pub id: String,
    /// Fragment id: `meta-war-rooms`.
    pub anchor: String,
    /// Where it stands: its reaction's page with a fragment.
    pub url: String,
    /// What was done.
    pub did: String,
    /// By whom.
    pub by: ActorLink,
    /// When.
    pub date: Option<Date>,
    /// What it concerns.
    pub about: Vec<Link>,
    /// Its numbers.
    pub figures: Vec<FigureView>,
    /// How we know.
    pub evidence: EvidenceBrief,
    /// What it rests on.
    pub sources: Vec<SourceRef>,
}

/// An allegation of its own.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ClaimCard {
    /// Full id: `openai.data-taken`.
    pub id: String,
    /// Fragment id: `openai-data-taken`.
    pub anchor: String,
    /// Where it stands: its reaction's page with a fragment.
    pub url: String,
    /// What is alleged.
    pub says: String,
    /// By whom.
    pub by: ActorLink,
    /// Against whom, and where it stands.
    pub allegation: Allegation,
    /// Terms it uses.
    pub terms: Vec<Link>,
    /// Statements that support it.
    pub supported_by: Vec<Link>,
    /// How we know.
    pub evidence: EvidenceBrief,
    /// What it rests on.
    pub sources: Vec<SourceRef>,
}

/// A recorded absence of comment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SilenceCard {
    /// Fragment id: `silence-jensen-huang`.
    pub anchor: String,
    /// Where it stands: its reaction's page with a fragment.
    pub url: String,
    /// Who is silent.
    pub actor: ActorLink,
    /// `not-commented`, `declined`, `no-response`, `not-reached` or `not-asked`.
    pub state: &'static str,
    /// `public` or `channel`.
    pub scope: &'static str,
    /// The state and its scope in a sentence: `Has not commented publicly.`
    pub sentence: String,
    /// Until when we know it held.
    pub as_of: Date,
    /// What was looked at to be sure; may be empty.
    pub checked: String,
    /// Attempts to get an answer, in sentences.
    pub asked: Vec<String>,
    /// The statement that ended it.
    pub ended_by: Option<StatementLink>,
    /// What it rests on.
    pub sources: Vec<SourceRef>,
}

/// A number with everything that keeps it honest.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FigureView {
    /// Id.
    pub id: String,
    /// Fragment id: `figure-meta-war-rooms`.
    pub anchor: String,
    /// Where it stands: the actor's page with a fragment.
    pub url: String,
    /// Whose.
    pub of: Link,
    /// Of what.
    pub measure: String,
    /// Value and unit with its bound: `more than 1 million GPU`.
    pub text: String,
    /// The exact number, digits only: `-593000000000`.
    pub plain: String,
    /// The unit as the author wrote it.
    pub unit: String,
    /// On which day or in which period.
    pub on: Option<Date>,
    /// The parts it is the sum of.
    pub parts: Vec<FigurePartView>,
    /// The same measure on several days, oldest first, this figure among them: on the newest of those that stand in one
    /// list, else empty.
    pub series: Vec<FigurePartView>,
    /// The same in other units.
    pub conversions: Vec<ConversionView>,
    /// What others report instead.
    pub also_reported: Vec<String>,
    /// Events, reactions, statements and actions that give it.
    pub used_in: Vec<Link>,
    /// What it rests on.
    pub sources: Vec<SourceUseView>,
}

/// A part of a figure, or a figure of a series.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FigurePartView {
    /// Of what; in a series, when.
    pub label: String,
    /// How much.
    pub text: String,
    /// How much of the whole, in a series of the largest, in percent; `null` where numbers cannot be compared.
    pub share: Option<u32>,
}

/// A figure in another unit.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ConversionView {
    /// How much: `−€570bn`.
    pub text: String,
    /// Who converted; may be empty.
    pub by: String,
    /// The day of the rate; `null` means not given.
    pub rate_date: Option<Date>,
}

/// Something that happened.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EventView {
    /// Id.
    pub id: String,
    /// What happened.
    pub title: String,
    /// Its page.
    pub url: String,
    /// When.
    pub date: Date,
    /// Where; may be empty.
    pub place: String,
    /// Who took part.
    pub actors: Vec<ParticipantView>,
    /// What it concerns.
    pub concerns: Vec<Link>,
    /// Events it brought about.
    pub led_to: Vec<Link>,
    /// Events that brought it about.
    pub caused_by: Vec<Link>,
    /// Its numbers.
    pub figures: Vec<FigureView>,
    /// What it rests on.
    pub sources: Vec<SourceUseView>,
}

/// Somebody's part in an event.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ParticipantView {
    /// Who.
    pub actor: ActorLink,
    /// In what part; may be empty.
    pub role: String,
}

/// A term as lists show it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TermCard {
    /// Id.
    pub id: String,
    /// The word.
    pub name: String,
    /// Its page.
    pub url: String,
    /// What it means; may be empty.
    pub definition: String,
    /// What an abbreviation stands for; may be empty.
    pub expands_to: String,
    /// How many statements and claims use it.
    pub uses: usize,
}
