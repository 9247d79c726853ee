//! Cards: the parts that view models share. Every field is part of the contract with themes (API 1).
//!
//! Addresses (`url`) are site-absolute (`/actors/nvidia/`); the HTML format makes them relative to the page.

use std::collections::BTreeMap;

use serde::Serialize;

/// What every page has: `page` in templates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Frame {
    /// The page's address: `/actors/nvidia/`.
    pub url: String,
    /// What kind of page: `home`, `story`, `reaction`, `actor`, `statement`, `timeline`, `compare`, `map`, `terms`,
    /// `term`, `sources`, `source`, `event`, `actors`, `corrections`, `page`, `section` or `not-found`.
    pub kind: &'static str,
    /// For `<title>`, without the site's name.
    pub title: String,
    /// One sentence for search engines and previews.
    pub description: String,
    /// BCP 47 language tag of the page.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Absolute address; `null` when the site has no `base_url`.
    pub canonical: Option<String>,
    /// The JSON twin's address; `null` when the page has none.
    pub json: Option<String>,
    /// The feed that follows this page; `null` when it has none.
    pub feed: Option<Link>,
    /// The way here from the home page, the page itself left out.
    pub crumbs: Vec<Link>,
    /// The menu entry to mark as current: its address; empty when none.
    pub section: String,
    /// Schema.org data of the page: print with the `json_script` filter inside `<script type="application/ld+json">`.
    pub json_ld: serde_json::Value,
    /// The author's free values (`extra:`).
    pub extra: serde_json::Value,
}

/// A name that leads somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it leads to, in words.
    pub name: String,
    /// Where it leads; `null` for a plain name.
    pub url: Option<String>,
    /// What it leads to: `actor`, `term`, `event` …; empty for other addresses.
    pub kind: &'static str,
}

/// A date with as much as is known and no more.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Date {
    /// In full: `between 28 and 30 January 2025`.
    pub text: String,
    /// For tight places: `28–30 Jan 2025`.
    pub short: String,
    /// For the `datetime` attribute; `null` when no machine form would be honest.
    pub machine: Option<String>,
    /// As the author wrote it (EDTF).
    pub edtf: String,
    /// Whether the author marked it uncertain or approximate, or gave a range.
    pub vague: bool,
}

/// An actor as others name it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ActorLink {
    /// Id.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// Address.
    pub url: String,
    /// `person`, `organisation`, `product`, `outlet`, `unnamed` or `group`.
    #[serde(rename = "type")]
    pub actor_type: &'static str,
    /// Office and house: `OpenAI, CEO`; or a few describing words; may be empty.
    pub role: String,
    /// What it has to gain, one interest each.
    pub stakes: Vec<String>,
}

/// A stance: shape, verb, and towards what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StanceView {
    /// The scale's word: `welcomes-and-competes`.
    pub id: String,
    /// For readers: `welcomes and competes`.
    pub label: String,
    /// For readers, before the target's name: `welcomes and competes with`.
    pub verb: String,
    /// The shape: `praise`, `reframe`, `act`, `dispute`, `accuse`, `silent` or `other`.
    pub mark: &'static str,
    /// Towards whom: what the event is about; `null` in lists of stances.
    pub target: Option<Link>,
}

/// How we know the words: drawn as the rule beside them, and always said in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// `seen`, `quoted`, `reported` or `unconfirmed`.
    pub grade: &'static str,
    /// For readers: `Quoted by Euronews Next`.
    pub label: String,
    /// How near the best source is: `firsthand`, `relayed`, `relayed-unnamed` or `anonymous`.
    pub attribution: &'static str,
    /// The same in a sentence.
    pub sentence: String,
}

/// A citation as others name it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SourceLink {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Address of its page here.
    pub url: String,
    /// Who published or wrote it; may be empty.
    pub publisher: String,
    /// When it was published.
    pub published: Option<Date>,
    /// Its own address elsewhere.
    pub external: Option<String>,
    /// The newest archived copy.
    pub archived: Option<String>,
    /// Whether we saw it ourselves.
    pub seen: bool,
    /// Its number in this page's list of sources; 0 when the page has no list.
    pub number: usize,
}

/// One use of a source.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SourceUseView {
    /// What we read.
    pub source: SourceLink,
    /// `primary`, `secondary`, `pickup`, or empty.
    pub role: &'static str,
    /// Whom it names as its own origin.
    pub via: Option<SourceLink>,
    /// Whether that origin is the speaker's own post, speech or interview.
    pub own: bool,
    /// Its attribution words.
    pub says: Option<String>,
    /// The words as it printed them, when they differ.
    pub as_printed: Option<String>,
    /// Page, time or fragment.
    pub locator: Option<String>,
    /// The chain in words: `Reported by The Information, relayed by Euronews Next`.
    pub chain: String,
}

/// Where something was said.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ChannelView {
    /// `post`, `reply`, `call`, `interview`, `statement`, `speech`, `article`, `press-release`, `filing`, `hearing`,
    /// `letter` or `unknown`.
    #[serde(rename = "type")]
    pub channel_type: &'static str,
    /// In words: `Post on X`, `Statement to Euronews Next`.
    pub label: String,
    /// Its address elsewhere.
    pub url: Option<String>,
    /// The event it was said at.
    pub at: Option<Link>,
    /// Whom it was said to.
    pub to: Option<Link>,
}

/// The words somebody answered.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Prompt {
    /// Who spoke.
    pub speaker: ActorLink,
    /// `quote` or `paraphrase`.
    pub form: &'static str,
    /// The words.
    pub words: String,
    /// BCP 47 tag of the words.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The statement's page.
    pub url: String,
}

/// A statement.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StatementCard {
    /// Full id: `nvidia.advance`.
    pub id: String,
    /// A fragment id for pages that list it: `nvidia-advance`.
    pub anchor: String,
    /// Its own page.
    pub url: String,
    /// Who spoke.
    pub speaker: ActorLink,
    /// On whose behalf.
    pub on_behalf_of: Option<Link>,
    /// `personal`, `official`, `spokesperson`, or empty.
    pub capacity: &'static str,
    /// `quote` or `paraphrase`.
    pub form: &'static str,
    /// The words, unaltered. A quotation is printed without marks; the theme adds them.
    pub words: String,
    /// BCP 47 tag of the words.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// By length in characters: `xs` under 14, `s` under 60, `m` under 120, else `l`.
    pub length: &'static str,
    /// Whether the quotation is a fragment.
    pub partial: bool,
    /// When.
    pub date: Option<Date>,
    /// Where.
    pub channel: ChannelView,
    /// The stance of the reaction it belongs to. Only where the statement is about what the event is about, and the
    /// speaker is the reaction's actor or speaks for it: an editor gave it to the reaction, not to every remark in it.
    pub stance: Option<StanceView>,
    /// How we know.
    pub evidence: Evidence,
    /// What it rests on.
    pub sources: Vec<SourceUseView>,
    /// What it answers.
    pub prompt: Option<Prompt>,
    /// The shape of the reaction's stance, for filters; empty when the speaker does not share it.
    pub mark: &'static str,
    /// Whom it is about.
    pub about: Vec<Link>,
    /// Terms it uses.
    pub terms: Vec<Link>,
    /// Whether it makes an allegation.
    pub alleges: Option<Allegation>,
    /// What other sources say differently.
    pub contested: Vec<ContestedView>,
    /// The reaction it belongs to.
    pub reaction: Link,
    /// The story it belongs to.
    pub story: Link,
    /// Whether it was made after the story's `as_of`.
    pub later: bool,
}

/// An allegation inside a statement, or a claim's core.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Allegation {
    /// Against whom.
    pub about: Vec<Link>,
    /// `alleged`, `disputed`, `supported` or `withdrawn`.
    pub status: &'static str,
    /// The hedging word; may be empty.
    pub hedge: String,
}

/// A field another source gives differently.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ContestedView {
    /// The field, in words: `replies to`.
    pub field: String,
    /// The source that differs.
    pub by: SourceLink,
    /// What it says.
    pub note: String,
}

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
    pub evidence: Evidence,
    /// What it rests on.
    pub sources: Vec<SourceUseView>,
    /// The reaction it belongs to.
    pub reaction: Link,
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
    pub evidence: Evidence,
    /// What it rests on.
    pub sources: Vec<SourceUseView>,
    /// The reaction it belongs to.
    pub reaction: Link,
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
    pub sources: Vec<SourceUseView>,
    /// The reaction it is recorded with.
    pub reaction: Link,
}

/// A statement as others name it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StatementLink {
    /// Its page.
    pub url: String,
    /// Who spoke.
    pub speaker: String,
    /// `quote` or `paraphrase`.
    pub form: &'static str,
    /// The words, cut at about 120 characters.
    pub words: String,
    /// BCP 47 tag of the words.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// When.
    pub date: Option<Date>,
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
    /// The same in other units.
    pub conversions: Vec<ConversionView>,
    /// What others report instead.
    pub also_reported: Vec<String>,
    /// What it rests on.
    pub sources: Vec<SourceUseView>,
}

/// A part of a figure.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FigurePartView {
    /// Of what.
    pub label: String,
    /// How much.
    pub text: String,
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

/// A reaction as lists show it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReactionCard {
    /// Id inside its story.
    pub id: String,
    /// Its page.
    pub url: String,
    /// Who reacted.
    pub actor: ActorLink,
    /// The stance.
    pub stance: Option<StanceView>,
    /// Themes, for readers.
    pub themes: Vec<String>,
    /// One sentence.
    pub summary: String,
    /// The story it belongs to.
    pub story: Link,
    /// The event reacted to.
    pub to: Link,
    /// How many statements it holds.
    pub statements: usize,
}

/// A story as lists show it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StoryCard {
    /// Id.
    pub id: String,
    /// Its page.
    pub url: String,
    /// Headline.
    pub title: String,
    /// The question it answers; may be empty.
    pub question: String,
    /// The lead, as plain text.
    pub summary: String,
    /// What the pages know is true as of this day.
    pub as_of: Date,
    /// `live` or `closed`.
    pub status: &'static str,
    /// How many reactions, statements and silences it holds.
    pub reactions: usize,
    /// How many statements it holds.
    pub statements: usize,
    /// How many silences it records.
    pub silences: usize,
    /// How many sources it rests on.
    pub sources: usize,
}

/// Why something else points here.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Backlink {
    /// The relation, read from here: `used in`.
    pub relation: &'static str,
    /// What points here.
    pub from: Link,
    /// The sentence that names this page; empty for a relation of fields.
    pub sentence: String,
}

/// A published mistake and its repair.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CorrectionView {
    /// Fragment id on the corrections page.
    pub anchor: String,
    /// Where it stands.
    pub url: String,
    /// What was wrong.
    pub on: Link,
    /// The field; may be empty.
    pub field: String,
    /// When it was repaired.
    pub date: Date,
    /// `correction`, `clarification`, `update` or `retraction`.
    #[serde(rename = "type")]
    pub correction_type: &'static str,
    /// What stood there; may be empty.
    pub was: String,
    /// What stands there now; may be empty.
    pub now: String,
    /// Why.
    pub why: String,
    /// Who or what noticed; may be empty.
    pub found_by: String,
}

/// Prose as HTML: print with `| safe`, it is escaped already.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProseView {
    /// The whole text; empty when there is none.
    pub html: String,
    /// How it begins.
    pub summary: String,
    /// Its headings.
    pub contents: Vec<ContentsEntry>,
}

/// A heading of a table of contents.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ContentsEntry {
    /// 1 to 6, as written.
    pub level: u8,
    /// Its address: `#what-is-only-reported`.
    pub url: String,
    /// Its words.
    pub text: String,
}

/// One page of a list that is spread over several.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pager {
    /// This page's number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub total: usize,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// What every page of the site knows: `site` in templates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SiteView {
    /// The site's name.
    pub title: String,
    /// One sentence; may be empty.
    pub description: String,
    /// BCP 47 language tag.
    pub language: String,
    /// Absolute address with a trailing slash; `null` when there is none.
    pub base_url: Option<String>,
    /// The menu.
    pub menu: Vec<Link>,
    /// Who answers for the site.
    pub publisher: Option<Link>,
    /// The site's feed.
    pub feed: Link,
    /// How many corrections were made.
    pub corrections: usize,
    /// The theme's settings with the site's values.
    pub settings: serde_json::Value,
    /// The author's free values.
    pub extra: serde_json::Value,
    /// Addresses of the theme's assets by their plain names: `assets["verbatim.css"]` is fingerprinted.
    pub assets: BTreeMap<String, String>,
}

/// A source in a list of sources.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SourceRow {
    /// The source.
    pub source: SourceLink,
    /// What it is, for readers: `News article`.
    pub source_type: String,
    /// How it can be reached; may be empty.
    pub access: String,
    /// Who made the transcript; empty when it is none.
    pub transcript: String,
    /// How many facts of the site cite it.
    pub uses: usize,
    /// How we know it: `seen` (by us), `reported` (through others) or `unconfirmed` (nobody says what it is).
    pub grade: &'static str,
    /// Whether some statement has it as its primary source.
    pub primary: bool,
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

/// One side of the split: a stance and who takes it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SplitRow {
    /// The stance.
    pub stance: StanceView,
    /// How many take it.
    pub count: usize,
    /// Who: named by actor, leading to the reaction.
    pub reactions: Vec<Link>,
}

/// One block of the record.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entry {
    /// `statement`, `action` or `claim`: which of the next three is there.
    pub kind: &'static str,
    /// Words.
    pub statement: Option<StatementCard>,
    /// A deed.
    pub action: Option<ActionCard>,
    /// An allegation.
    pub claim: Option<ClaimCard>,
    /// The reaction it belongs to.
    pub reaction: ReactionCard,
    /// Whether it is the first block of its reaction.
    pub first_of_reaction: bool,
}

/// One line of the map: who, does what, towards whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MapRow {
    /// Who.
    pub from: Link,
    /// Does what: `praises`, `replies to`, `alleges against`.
    pub relation: String,
    /// The shape of a stance, else empty.
    pub mark: &'static str,
    /// Towards whom or what.
    pub to: Link,
    /// The statement or claim that shows it.
    pub url: Option<String>,
    /// Whether we know it only from others.
    pub secondhand: bool,
    /// Whether a source contradicts it.
    pub contested: bool,
}

/// Positions side by side.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CompareTable {
    /// What the table shows.
    pub caption: String,
    /// Column heads after the actor's.
    pub columns: Vec<String>,
    /// One row for each reaction.
    pub rows: Vec<CompareRow>,
}

/// One actor's positions.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CompareRow {
    /// Who.
    pub actor: ActorLink,
    /// The reaction's page.
    pub url: String,
    /// One cell for each column.
    pub cells: Vec<CompareCell>,
}

/// One position. An empty cell always says why it is empty.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CompareCell {
    /// The column's head, for narrow screens.
    pub column: String,
    /// `said`, `silent`, `not-addressed` or `not-researched`.
    pub state: &'static str,
    /// What to print.
    pub text: String,
    /// What shows it.
    pub url: Option<String>,
    /// The shape of a stance, else empty.
    pub mark: &'static str,
    /// Whether we know it only from others.
    pub secondhand: bool,
}
