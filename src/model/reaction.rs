//! Reactions and their parts: statements, actions, claims, silences, and what sources they rest on.

use serde::{Deserialize, Serialize};

use super::{Acceptance, Ref};
use crate::text::Edtf;

/// How one actor reacted to one event.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Reaction {
    /// Who reacted.
    pub actor: Ref,
    /// The event reacted to.
    pub to: Ref,
    /// The story this belongs to, when its directory does not say.
    pub story: Option<Ref>,
    /// A word from the story's scale.
    pub stance: Option<String>,
    /// Words from the story's scale.
    pub themes: Vec<String>,
    /// One sentence in our words.
    pub summary: Option<String>,
    /// What was said.
    pub statements: Vec<Statement>,
    /// What was done.
    pub actions: Vec<Action>,
    /// What is alleged.
    pub claims: Vec<Claim>,
    /// Who said nothing.
    pub silences: Vec<Silence>,
    /// Events this brought about.
    pub effects: Vec<Ref>,
    /// Statements made after the story's `as_of`.
    pub later: Vec<Statement>,
    /// Numbers that belong to the reaction as a whole.
    pub figures: Vec<Ref>,
}

impl Reaction {
    /// All statements, those of `later` last, each with the path of its entry: `statements[0]`.
    pub fn all_statements(&self) -> impl Iterator<Item = (String, &Statement)> {
        let now = self.statements.iter().enumerate().map(|(idx, it)| (format!("statements[{idx}]"), it));
        let later = self.later.iter().enumerate().map(|(idx, it)| (format!("later[{idx}]"), it));
        now.chain(later)
    }
}

/// Whether the words are the speaker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Form {
    /// The speaker's own words, verbatim.
    Quote,
    /// Somebody's account of them.
    Paraphrase,
}

/// Which words of a statement are meant, where its sources are held against them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wording {
    /// The words the statement prints (`quote:`).
    Quote,
    /// The words in their own language (`original:`), because `quote:` is a translation.
    Original,
    /// The words as this source prints them (`as_printed:`).
    AsPrinted,
}

/// In what capacity somebody speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Capacity {
    /// For themselves.
    Personal,
    /// As holder of an office.
    Official,
    /// As the voice of an organisation.
    Spokesperson,
}

/// Words said or written.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Statement {
    /// Unique within the reaction.
    pub id: String,
    /// Who spoke; the reaction's actor when absent.
    pub speaker: Option<Ref>,
    /// On whose behalf (`for:`).
    pub on_behalf_of: Option<Ref>,
    /// In what capacity.
    pub capacity: Option<Capacity>,
    /// Quotation or paraphrase.
    pub form: Form,
    /// The words: `quote:`, or `says:` for a paraphrase. Never altered.
    pub words: String,
    /// Whether the quotation is a fragment of a sentence.
    pub partial: bool,
    /// The language of the words, when it is not the story's.
    pub lang: Option<String>,
    /// The original, when `words` is a translation.
    pub original: Option<Original>,
    /// Translations of the words.
    pub translations: Vec<Translation>,
    /// Where it was said; follows from the primary source when absent.
    pub channel: Option<Channel>,
    /// When; follows from the primary source when absent.
    pub date: Option<Edtf>,
    /// How the date is known, in words.
    pub date_basis: Option<String>,
    /// A statement this answers.
    pub replies_to: Option<Ref>,
    /// A statement this agrees with.
    pub endorses: Option<Ref>,
    /// Claims this supports.
    pub supports: Vec<Ref>,
    /// Whom it is about.
    pub about: Vec<Ref>,
    /// Whom it mentions besides.
    pub mentions: Vec<Ref>,
    /// Terms it uses.
    pub terms: Vec<Ref>,
    /// Figures it gives.
    pub figures: Vec<Ref>,
    /// The allegation it makes.
    pub alleges: Option<Alleges>,
    /// What other sources say differently.
    pub contested: Vec<Contested>,
    /// What it rests on.
    pub sources: Vec<SourceUse>,
    /// Problems of this part that are let stand (`accept:`).
    pub accept: Vec<Acceptance>,
}

/// Words in their original language.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Original {
    /// BCP 47 language tag.
    pub lang: String,
    /// The words.
    pub text: String,
}

/// A translation of a statement's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Translation {
    /// BCP 47 language tag.
    pub lang: String,
    /// The words.
    pub text: String,
    /// Who translated.
    pub by: Option<Ref>,
    /// `human` or `machine`.
    pub method: Option<String>,
    /// The first words of the part that is translated, when it is not the whole.
    pub of: Option<String>,
    /// The digest of the words that were translated, as they stood then.
    pub digest: Option<String>,
}

/// The sort of occasion something was said on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ChannelType {
    /// A post of one's own.
    Post,
    /// A reply to somebody's post.
    Reply,
    /// An earnings or conference call.
    Call,
    /// An interview.
    Interview,
    /// A statement given to somebody.
    Statement,
    /// A speech.
    Speech,
    /// An article or essay of one's own.
    Article,
    /// A press release.
    PressRelease,
    /// A document filed with an authority.
    Filing,
    /// A hearing or court session.
    Hearing,
    /// A letter or memo.
    Letter,
    /// Not known.
    Unknown,
}

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Channel {
    /// The sort of occasion.
    pub channel_type: ChannelType,
    /// The platforms: an actor's id, or a plain name such as `linkedin`.
    pub on: Vec<String>,
    /// The event it was said at.
    pub at: Option<Ref>,
    /// The outlet or person it was said to.
    pub to: Option<Ref>,
    /// Its address.
    pub url: Option<String>,
}

/// An allegation inside a statement.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Alleges {
    /// Against whom.
    pub about: Vec<Ref>,
    /// Where it stands.
    pub status: ClaimStatus,
    /// The hedging word: `might`.
    pub hedge: Option<String>,
}

/// Where an allegation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClaimStatus {
    /// Made, and neither shown nor refuted.
    Alleged,
    /// Denied by somebody.
    Disputed,
    /// Evidence was shown.
    Supported,
    /// Taken back.
    Withdrawn,
}

/// A field that another source gives differently.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Contested {
    /// The field: `replies_to`.
    pub field: String,
    /// The source that differs.
    pub by: Ref,
    /// What it says.
    pub note: Option<String>,
}

/// Something done.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Action {
    /// Unique within the reaction.
    pub id: String,
    /// What was done, in our words.
    pub did: String,
    /// By whom; the reaction's actor when absent.
    pub by: Option<Ref>,
    /// When.
    pub date: Option<Edtf>,
    /// What it concerns.
    pub about: Vec<Ref>,
    /// Figures that belong to it.
    pub figures: Vec<Ref>,
    /// What it rests on.
    pub sources: Vec<SourceUse>,
    /// Problems of this part that are let stand (`accept:`).
    pub accept: Vec<Acceptance>,
}

/// An allegation, never a fact.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Claim {
    /// Unique within the reaction.
    pub id: String,
    /// Who alleges; the reaction's actor when absent.
    pub by: Option<Ref>,
    /// Against whom.
    pub about: Vec<Ref>,
    /// What, in our words.
    pub says: String,
    /// Where it stands.
    pub status: ClaimStatus,
    /// The hedging word: `might`.
    pub hedge: Option<String>,
    /// Terms it uses.
    pub terms: Vec<Ref>,
    /// What it rests on.
    pub sources: Vec<SourceUse>,
    /// Problems of this part that are let stand (`accept:`).
    pub accept: Vec<Acceptance>,
}

/// What kind of silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SilenceState {
    /// Nothing said, nobody asked as far as we know.
    NotCommented,
    /// Asked, and declined.
    Declined,
    /// Asked, and no answer came.
    NoResponse,
    /// Could not be reached.
    NotReached,
    /// We did not ask: an empty cell is not a refusal.
    NotAsked,
}

/// Where the silence holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Nowhere in public.
    Public,
    /// On one channel, perhaps for one kind of message: `own-posts`.
    Channel {
        /// The platform: an actor's id or a plain name.
        channel: String,
        /// The kind of message.
        kind: Option<String>,
    },
}

/// An attempt to get an answer.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Asked {
    /// Who asked.
    pub by: Option<Ref>,
    /// When.
    pub at: Option<Edtf>,
    /// How: `e-mail`.
    pub via: Option<String>,
    /// Until when an answer was wanted.
    pub deadline: Option<Edtf>,
}

/// A recorded absence of comment.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Silence {
    /// Who is silent.
    pub actor: Ref,
    /// What kind of silence.
    pub state: SilenceState,
    /// Where it holds.
    pub scope: Scope,
    /// Until when we know it held.
    pub as_of: Edtf,
    /// Attempts to get an answer.
    pub asked: Vec<Asked>,
    /// What was looked at to be sure, in words.
    pub checked: Option<String>,
    /// The statement that ended it.
    pub ended_by: Option<Ref>,
    /// What it rests on.
    pub sources: Vec<SourceUse>,
    /// Problems of this part that are let stand (`accept:`).
    pub accept: Vec<Acceptance>,
}

/// How near a source is to what it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SourceRole {
    /// The post, call or document itself.
    Primary,
    /// An account of it.
    Secondary,
    /// A copy of an account.
    Pickup,
}

/// One use of a source: the chain from what we read to whom it names.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct SourceUse {
    /// What we read.
    pub source: Ref,
    /// How near it is.
    pub role: Option<SourceRole>,
    /// Whom it names as its own origin.
    pub via: Option<Ref>,
    /// Its attribution words.
    pub says: Option<String>,
    /// The words as it printed them, when they differ.
    pub as_printed: Option<String>,
    /// Page, time or fragment.
    pub locator: Option<String>,
}
