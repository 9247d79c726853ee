//! Who spoke, and what was said.

use serde::Serialize;

use super::{Date, Evidence, EvidenceBrief, Link, SourceRef, SourceUseView};

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

/// A statement in full, for its own page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StatementView {
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
    /// What the speaker has to gain, one interest each.
    pub stakes: Vec<String>,
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

/// A statement of the record: the words with who, when, where and on whose word. The rest stands on its own page.
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
    /// Where, in words: `Post on X`.
    pub channel: String,
    /// The stance of the reaction it belongs to. Only where the statement is about what the event is about, and the
    /// speaker is the reaction's actor or speaks for it: an editor gave it to the reaction, not to every remark in it.
    pub stance: Option<StanceView>,
    /// How we know.
    pub evidence: EvidenceBrief,
    /// What it rests on.
    pub sources: Vec<SourceRef>,
    /// What it answers.
    pub prompt: Option<Prompt>,
    /// The shape of the reaction's stance, for filters; empty when the speaker does not share it.
    pub mark: &'static str,
    /// Whether it makes an allegation.
    pub alleges: Option<Allegation>,
    /// What other sources say differently.
    pub contested: Vec<ContestedView>,
    /// Whether it was made after the story's `as_of`.
    pub later: bool,
}

/// A statement in a list about something else: the words, and a line on who, when and on whose word.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StatementBrief {
    /// Its own page.
    pub url: String,
    /// Who spoke.
    pub speaker: ActorLink,
    /// On whose behalf.
    pub on_behalf_of: Option<Link>,
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
    /// When.
    pub date: Option<Date>,
    /// How we know.
    pub evidence: EvidenceBrief,
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
    pub by: SourceRef,
    /// What it says.
    pub note: String,
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
