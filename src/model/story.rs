//! Stories, the events they are about, and the scale each story compares by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Ref, SourceUse};
use crate::diag::Level;
use crate::text::Edtf;

/// Whether a story still grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StoryStatus {
    /// Still being reported.
    Live,
    /// Finished.
    Closed,
}

/// An explainer about one event.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Story {
    /// Headline.
    pub title: String,
    /// The question it answers.
    pub question: Option<String>,
    /// BCP 47 language tag; the site's when absent.
    pub lang: Option<String>,
    /// The event.
    pub event: Ref,
    /// What the pages know: every "has not" is true as of this day.
    pub as_of: Edtf,
    /// Live or closed.
    pub status: StoryStatus,
    /// The story's own vocabulary.
    pub scale: Scale,
    /// Reactions in the order to print them; the rest follow by actor name.
    pub order: Vec<Ref>,
    /// Who wrote it.
    pub byline: Vec<Ref>,
    /// How it was made.
    pub methods: Option<String>,
    /// Levels of problems by code, before the site's; `None` means allowed.
    pub levels: BTreeMap<String, Option<Level>>,
    /// Whether its quotations may differ from their sources by the spelling rules of a house; the site's when absent.
    pub house_style: Option<bool>,
}

/// The vocabulary of a story's comparisons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scale {
    /// Stances, in the order to print them.
    pub stances: Vec<Stance>,
    /// Themes, in the order to print them.
    pub themes: Vec<Theme>,
}

/// One word of the stance scale.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stance {
    /// The word reactions use: `welcomes-and-competes`.
    pub id: String,
    /// The words readers see: `welcomes and competes`.
    pub label: String,
    /// The words before the name of somebody: `welcomes and competes with`.
    pub verb: String,
    /// The shape drawn beside it.
    pub mark: StanceMark,
}

/// A shape that tells stances apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StanceMark {
    /// ▲ Speaks well of.
    Praise,
    /// ● Gives another meaning to.
    Reframe,
    /// ■ Acts.
    Act,
    /// ▼ Contradicts.
    Dispute,
    /// ◆ Accuses.
    Accuse,
    /// ○ Says nothing.
    Silent,
    /// ◇ Anything else: speaks of, replies, was told.
    Other,
}

impl StanceMark {
    /// All of them with the words for them in front matter, in view models and in style sheets.
    pub const NAMED: [(&'static str, StanceMark); 7] = [
        ("praise", StanceMark::Praise),
        ("reframe", StanceMark::Reframe),
        ("act", StanceMark::Act),
        ("dispute", StanceMark::Dispute),
        ("accuse", StanceMark::Accuse),
        ("silent", StanceMark::Silent),
        ("other", StanceMark::Other),
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        let found = StanceMark::NAMED.iter().find(|(_, mark)| *mark == self);
        found.expect("every mark has a word").0
    }

    /// The mark with this word; anything else is [`StanceMark::Other`].
    pub fn named(name: &str) -> StanceMark {
        let found = StanceMark::NAMED.iter().find(|(word, _)| *word == name);
        found.map_or(StanceMark::Other, |(_, mark)| *mark)
    }
}

/// One word of the theme scale.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Theme {
    /// The word reactions use: `open-source`.
    pub id: String,
    /// The words readers see: `open source`.
    pub label: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Event {
    /// What happened, in a line.
    pub title: String,
    /// When.
    pub date: Edtf,
    /// Where, in words.
    pub place: Option<String>,
    /// Who took part.
    pub actors: Vec<Participant>,
    /// What it concerns.
    pub concerns: Vec<Ref>,
    /// Events it brought about.
    pub led_to: Vec<Ref>,
    /// Its numbers.
    pub figures: Vec<Ref>,
    /// What it rests on.
    pub sources: Vec<SourceUse>,
}

/// Somebody's part in an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub actor: Ref,
    /// In what part: `host`.
    pub role: Option<String>,
}
