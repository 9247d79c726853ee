//! Kinds: what a record can be.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a record, or a part of a reaction that has an address or an id of its own, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// An explainer about one event.
    Story,
    /// Something that happened.
    Event,
    /// A person, organisation, product, outlet, unnamed person or group.
    Actor,
    /// How one actor reacted to one event.
    Reaction,
    /// Words said or written: part of a reaction.
    Statement,
    /// Something done: part of a reaction.
    Action,
    /// An allegation: part of a reaction.
    Claim,
    /// A recorded absence of comment: part of a reaction.
    Silence,
    /// A citation: what a fact rests on.
    Source,
    /// A word that needs explaining.
    Term,
    /// An exact number about an actor.
    Figure,
    /// A published mistake and its repair.
    Correction,
    /// A plain page.
    Page,
    /// A directory of pages, from its `_index.md`.
    Section,
}

/// A word that names no kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindNameProblem;

impl Kind {
    /// Every kind, in the order docs and lists use.
    pub const ALL: [Kind; 14] = [
        Kind::Story,
        Kind::Event,
        Kind::Actor,
        Kind::Reaction,
        Kind::Statement,
        Kind::Action,
        Kind::Claim,
        Kind::Silence,
        Kind::Source,
        Kind::Term,
        Kind::Figure,
        Kind::Correction,
        Kind::Page,
        Kind::Section,
    ];

    /// The kinds that can be a file, or an entry of a YAML list, of their own.
    pub const RECORDS: [Kind; 10] = [
        Kind::Story,
        Kind::Event,
        Kind::Actor,
        Kind::Reaction,
        Kind::Source,
        Kind::Term,
        Kind::Figure,
        Kind::Correction,
        Kind::Page,
        Kind::Section,
    ];

    /// The word authors write: `actor`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Story => "story",
            Kind::Event => "event",
            Kind::Actor => "actor",
            Kind::Reaction => "reaction",
            Kind::Statement => "statement",
            Kind::Action => "action",
            Kind::Claim => "claim",
            Kind::Silence => "silence",
            Kind::Source => "source",
            Kind::Term => "term",
            Kind::Figure => "figure",
            Kind::Correction => "correction",
            Kind::Page => "page",
            Kind::Section => "section",
        }
    }

    /// The directory whose files have this kind unless they say otherwise: `actors`.
    /// `None` for pages, sections and parts of reactions.
    pub fn directory(self) -> Option<&'static str> {
        match self {
            Kind::Story => Some("stories"),
            Kind::Event => Some("events"),
            Kind::Actor => Some("actors"),
            Kind::Reaction => Some("reactions"),
            Kind::Source => Some("sources"),
            Kind::Term => Some("terms"),
            Kind::Figure => Some("figures"),
            Kind::Correction => Some("corrections"),
            Kind::Statement | Kind::Action | Kind::Claim | Kind::Silence | Kind::Page | Kind::Section => None,
        }
    }

    /// Reads the word authors write.
    ///
    /// # Errors
    /// When the word names no kind.
    pub fn parse(name: &str) -> Result<Kind, KindNameProblem> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or(KindNameProblem)
    }

    /// `an actor`, `a story`: for sentences.
    pub fn with_article(self) -> String {
        let article = if matches!(self, Kind::Event | Kind::Actor | Kind::Action) { "an" } else { "a" };
        format!("{article} {}", self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
