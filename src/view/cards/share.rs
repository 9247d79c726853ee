//! What share cards show.

use serde::Serialize;

use super::{EvidenceBrief, StanceView};

/// What a share card shows: `card` in the templates below `cards/`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardView {
    /// What it stands for: `story`, `actor` or `statement`.
    pub kind: &'static str,
    /// The words, unaltered; the story's headline; the actor's name.
    pub text: String,
    /// The text by its length in characters: `xs` under 14, `s` under 60, `m` under 120, else `l`.
    pub length: &'static str,
    /// BCP 47 tag of the text.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The opening quotation mark of that language: of words that are quoted, and of an actor who is; else empty.
    pub open: &'static str,
    /// The closing one.
    pub close: &'static str,
    /// Who spoke; empty but for statements.
    pub speaker: String,
    /// Office and house of who spoke, or of the actor: `OpenAI, CEO`; may be empty.
    pub role: String,
    /// Where it was said: `Post on X`; empty but for statements.
    pub channel: String,
    /// When it was said; the event of a story, when it was; may be empty.
    pub date: String,
    /// The event that a story tells of; empty but for stories, and may be empty.
    pub event: String,
    /// More in plain text: a story's question, what an actor's page begins with; may be empty.
    pub note: String,
    /// The story a statement belongs to; empty but for statements.
    pub story: String,
    /// How we know; `null` but for statements.
    pub evidence: Option<EvidenceBrief>,
    /// The stance; `null` but for statements, and where it is not printed beside them.
    pub stance: Option<StanceView>,
    /// Who took which side, with those who are silent last; empty but for stories.
    pub sides: Vec<CardSide>,
    /// How much there is, what there is none of left out.
    pub counts: Vec<CardCount>,
}

/// A side that some took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardSide {
    /// The shape: `praise`, `reframe`, `act`, `dispute`, `accuse`, `silent` or `other`.
    pub mark: &'static str,
    /// In words: `welcomes and competes`.
    pub label: String,
    /// How many took it.
    pub count: usize,
}

/// How much there is of something.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardCount {
    /// How many.
    pub count: usize,
    /// Of what: `statements`.
    pub label: String,
}
