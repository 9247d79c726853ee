//! Sources, and how near they bring us to the words.

use serde::Serialize;

use super::Date;

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

/// How we know something, in a list: the rest of [`Evidence`] stands on its own page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceBrief {
    /// `seen`, `quoted`, `reported` or `unconfirmed`.
    pub grade: &'static str,
    /// For readers: `Quoted by Euronews Next`.
    pub label: String,
}

/// A source named in passing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SourceRef {
    /// Title.
    pub title: String,
    /// Address of its page here.
    pub url: String,
    /// Who published or wrote it; may be empty.
    pub publisher: String,
    /// Its number in this page's list of sources; 0 when the page has no list.
    pub number: usize,
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
    pub via: Option<SourceRef>,
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

/// How a quotation stands in one of its sources.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VerificationView {
    /// The source it was held against.
    pub source: SourceRef,
    /// `exact`, `typographic`, `edge`, `words`, `editorial`, `house-style`, `mismatch`, `no-source` or `no-text`.
    pub class: &'static str,
    /// Whether the source holds the words.
    pub passes: bool,
    /// The class in a sentence, for readers.
    pub sentence: String,
    /// What was compared, when, and by whom, in a sentence; empty when nothing was.
    pub compared: String,
    /// The rules they were compared by: `qm/1`; empty when nothing was.
    pub rules: String,
    /// What an editor should know of the comparison, one sentence each.
    pub notes: Vec<String>,
}

/// A run of words in the difference of two wordings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiffPart {
    /// `same`, `removed` (only in the first wording) or `added` (only in the second).
    pub kind: &'static str,
    /// The words, with the blanks around them.
    pub text: String,
}
