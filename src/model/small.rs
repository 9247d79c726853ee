//! Kinds that often share a file: actors, sources, terms, figures, corrections; and plain pages.

use serde::{Deserialize, Serialize};

use super::{Ref, SourceUse};
use crate::text::{Decimal, Edtf, Sha256};

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ActorType {
    /// A named person.
    Person,
    /// A company, agency or other body.
    Organisation,
    /// A thing somebody made.
    Product,
    /// A publisher of news.
    Outlet,
    /// A person whose name we do not have.
    Unnamed,
    /// Several together.
    Group,
}

/// Who speaks, or is spoken about.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// What it is.
    pub actor_type: ActorType,
    /// Name as printed.
    pub name: String,
    /// Name as sorted: `Huang, Jensen`.
    pub sort: Option<String>,
    /// Names in other languages, by BCP 47 tag.
    pub names: Vec<(String, String)>,
    /// A few words: `chip maker`.
    pub described_as: Option<String>,
    /// Offices, newest last.
    pub roles: Vec<Role>,
    /// Who made it.
    pub made_by: Option<Ref>,
    /// What it belongs to.
    pub part_of: Option<Ref>,
    /// Who owns it.
    pub owned_by: Option<Ref>,
    /// Accounts it speaks from.
    pub accounts: Vec<Account>,
    /// Addresses of the same thing elsewhere.
    pub same_as: Vec<String>,
    /// What it has to gain, one interest each.
    pub stakes: Vec<String>,
}

/// An office somebody holds.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Role {
    /// Where.
    pub at: Ref,
    /// As what.
    pub title: String,
    /// Since when.
    pub from: Option<Edtf>,
    /// Until when.
    pub to: Option<Edtf>,
    /// What that rests on.
    pub source: Option<Ref>,
}

/// An account on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    /// The platform: an actor's id or a plain name.
    pub on: String,
    /// The account's name.
    pub handle: String,
}

/// A citation.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// A CSL 1.0.2 item type (appendix III of its specification), or `unspecified`.
    pub source_type: String,
    /// Title.
    pub title: String,
    /// Who wrote or said it.
    pub author: Vec<Ref>,
    /// Who published it.
    pub publisher: Option<Ref>,
    /// When.
    pub published: Option<Edtf>,
    /// When we looked.
    pub accessed: Option<Edtf>,
    /// Its address.
    pub url: Option<String>,
    /// The platforms it appeared on: an actor's id or a plain name.
    pub channel: Vec<String>,
    /// BCP 47 language tag.
    pub lang: Option<String>,
    /// Copies in archives.
    pub archive: Vec<Archive>,
    /// A private copy of its words.
    pub snapshot: Option<Snapshot>,
    /// How it can be reached: `open`, `paywalled`, `login`.
    pub access: Option<String>,
    /// Rights, in words.
    pub rights: Option<String>,
    /// Who made the transcript: `own`, `third-party` or `machine`.
    pub transcript: Option<String>,
    /// How the date is known, in words.
    pub date_basis: Option<String>,
    /// Whether we hold or saw it ourselves.
    pub seen: bool,
    /// Sources whose words it passes on.
    pub relays: Vec<Ref>,
    /// One sentence on what it is and how far to trust it.
    pub note: Option<String>,
}

/// A private copy of a source's words, which quotations are compared with. It is never published.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Snapshot {
    /// The file of the extracted text, relative to the project: `snapshots/ID.txt`.
    pub file: String,
    /// The digest of the page, post or PDF as it was saved.
    pub sha256: Option<Sha256>,
    /// The digest of the extracted text, which is the digest of the file.
    pub text_sha256: Option<Sha256>,
    /// Whether the words are somebody else's, so that the file must not be published. True unless the author says
    /// otherwise.
    pub private: bool,
}

/// A copy in an archive.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Archive {
    /// Its address.
    pub url: String,
    /// When it was made.
    pub at: Option<Edtf>,
    /// By which archive.
    pub by: Option<String>,
}

/// A word that needs explaining.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// The word.
    pub name: String,
    /// What it means (`def:`).
    pub definition: Option<String>,
    /// What an abbreviation stands for.
    pub expands_to: Option<String>,
    /// Other words for it (`aliases:`, those that do not start with `/`).
    pub also: Vec<String>,
    /// How somebody in the story wrote it.
    pub as_written: Option<String>,
    /// What is disputed about it.
    pub disputed: Option<String>,
    /// Names in other languages, by BCP 47 tag.
    pub names: Vec<(String, String)>,
    /// Addresses of the same thing elsewhere.
    pub same_as: Vec<String>,
    /// Related terms.
    pub see_also: Vec<Ref>,
    /// What the definition rests on.
    pub source: Option<Ref>,
}

/// How a value bounds the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Bound {
    /// The truth is larger.
    MoreThan,
    /// The truth is smaller.
    LessThan,
    /// The truth is this or larger.
    AtLeast,
    /// The truth is this or smaller.
    AtMost,
    /// The truth is near.
    About,
}

/// An exact number about an actor.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Figure {
    /// Whose.
    pub of: Ref,
    /// Of what: `share price change`.
    pub measure: String,
    /// How much.
    pub value: Decimal,
    /// In what: `percent`, an ISO 4217 currency code, or a plain noun.
    pub unit: String,
    /// On which day or in which period.
    pub on: Option<Edtf>,
    /// `exact` or `rounded`.
    pub precision: Option<String>,
    /// How it bounds the truth.
    pub bound: Option<Bound>,
    /// What it is the sum of.
    pub parts: Vec<FigurePart>,
    /// The same in other units.
    pub conversions: Vec<Conversion>,
    /// What it rests on.
    pub sources: Vec<SourceUse>,
    /// What others report instead.
    pub also_reported: Vec<Decimal>,
}

/// A part of a figure.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct FigurePart {
    /// Of what.
    pub label: String,
    /// How much.
    pub value: Decimal,
}

/// A figure in another unit.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Conversion {
    /// How much.
    pub value: Decimal,
    /// In what.
    pub unit: String,
    /// Who converted.
    pub by: Option<Ref>,
    /// The day of the rate; absent means not known.
    pub rate_date: Option<Edtf>,
}

/// What sort of repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CorrectionType {
    /// Something was wrong.
    Correction,
    /// Something could be misread.
    Clarification,
    /// Something new is known.
    Update,
    /// Something is taken back.
    Retraction,
}

/// A published mistake and its repair.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Correction {
    /// What was wrong: the id of a record or `reaction.part`, with `kind:` before it where the id is ambiguous.
    pub on: Ref,
    /// The field of it, if one is meant.
    pub field: Option<String>,
    /// When it was repaired.
    pub date: Edtf,
    /// What sort of repair.
    pub correction_type: CorrectionType,
    /// What stood there.
    pub was: Option<String>,
    /// What stands there now.
    pub now: Option<String>,
    /// Why.
    pub why: String,
    /// Who or what noticed.
    pub found_by: Option<String>,
}

/// A plain page.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Page {
    /// Title; from the first heading or the file's name when absent.
    pub title: String,
    /// When it was written.
    pub date: Option<Edtf>,
    /// When it last changed.
    pub updated: Option<Edtf>,
    /// Its place among its neighbours, smallest first.
    pub weight: i64,
    /// The last part of its address, when it is not the file's name.
    pub slug: Option<String>,
    /// Whether to print a table of contents.
    pub toc: bool,
}

/// A directory of pages.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Section {
    /// Title.
    pub title: String,
    /// How its pages are sorted: `date` (newest first), `title` or `weight`.
    pub sort_by: String,
    /// How many pages to list at once (of the home page: stories); 0 means all. Absent: as the site says.
    pub paginate: Option<usize>,
    /// Its place among its neighbours, smallest first.
    pub weight: i64,
}
