//! Reactions and stories, as lists and tables show them.

use serde::Serialize;

use super::{ActionCard, ActorLink, ClaimCard, Date, Link, StanceView, StatementCard};

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

/// What a reaction comes to, in a sentence.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReactionNote {
    /// Who reacted.
    pub actor: String,
    /// Its page.
    pub url: String,
    /// One sentence; may be empty.
    pub summary: String,
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
    /// What its reaction comes to, beside the first block of it; `null` for the others.
    pub context: Option<ReactionNote>,
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

/// Names that a picture draws as one.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Grouped {
    /// As what: `Weavers (12)`, or `37 others`, which leads nowhere.
    pub name: Link,
    /// Who.
    pub members: Vec<Link>,
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
