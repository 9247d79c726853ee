//! What is to be said about one comparison, beside its class: for people as a sentence, for files as a compact string.
//!
//! A note never holds words of the source that the quotation leaves out, except those of the closed lists
//! ([`risky`](super::risky)): notes are published. Where those words stand is in [`Note::at`], which is not stored.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::house::HouseRule;
use crate::text::Span;

/// One remark about a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What is remarked.
    pub kind: NoteKind,
    /// The words of the source that it is about, where there are any: for local display only, never stored.
    pub at: Option<Span>,
}

/// What an edge of the quotation does not share with the source (rule 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EdgeKind {
    /// The case of the first letter.
    FirstLetter,
    /// A closing mark that the source does not have there.
    ClosingAdded,
    /// Another closing mark.
    ClosingChanged,
    /// The closing mark stands on the other side of a quotation mark.
    ClosingMoved,
    /// No closing mark, where the source has one.
    ClosingDropped,
}

/// What a square bracket does (rule 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BracketHow {
    /// The source has these words, without brackets.
    Literal,
    /// The source has nothing there.
    Insertion,
    /// The source has other words there.
    Replacement,
    /// The source has the word with another case of its letters.
    Case,
    /// `[sic]`.
    Sic,
}

/// The end of a quotation that a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// Before its first word.
    Before,
    /// After its last word.
    After,
}

/// What is remarked. The first group stands beside passing classes, the second says why nothing passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoteKind {
    /// Punctuation inside the quotation differs.
    Punctuation {
        /// In how many places.
        places: usize,
    },
    /// The quotation runs over a paragraph break of the source, or has one where the source has none.
    Paragraph {
        /// In how many places.
        places: usize,
    },
    /// Letters after the first word have another case.
    Case {
        /// How many words.
        words: usize,
    },
    /// The first letter or the closing mark differs.
    Edge {
        /// How.
        what: EdgeKind,
    },
    /// An ellipsis stands for words of the source.
    Gap {
        /// How many.
        words: usize,
        /// Those of them that can turn the meaning, from the closed list of the language.
        risky: Vec<String>,
        /// Whether the gap reaches into another paragraph.
        crosses_paragraph: bool,
    },
    /// An ellipsis at the beginning or the end of the quotation, which the source does not have.
    CutMark {
        /// Where.
        side: Side,
    },
    /// A square bracket.
    Bracket {
        /// What it does.
        how: BracketHow,
        /// Words inside it.
        words: usize,
        /// Words of the source that it replaces.
        replaced: usize,
        /// Whether a negation is on one side only.
        alters_negation: bool,
        /// Whether a number is on one side only.
        alters_number: bool,
    },
    /// A round bracket that the source does not have. Readers take it for the speaker's.
    RoundBracket {
        /// Words inside it.
        words: usize,
        /// Whether it adds a negation.
        alters_negation: bool,
        /// Whether it adds a number.
        alters_number: bool,
    },
    /// A square bracket of the source, which the quotation does not show.
    SourceBracket {
        /// Words inside it.
        words: usize,
        /// Whether the quotation keeps the words.
        kept: bool,
        /// Whether it holds a negation.
        alters_negation: bool,
        /// Whether it holds a number.
        alters_number: bool,
    },
    /// A house style changed a spelling.
    HouseStyle {
        /// By which rule.
        rule: HouseRule,
        /// How the source spells it.
        from: String,
        /// How the quotation spells it.
        to: String,
    },
    /// A word that a line break of the source divides was put together.
    Hyphenation {
        /// How many words.
        words: usize,
    },
    /// The sentence of the source goes on, and holds what can turn the meaning.
    Context {
        /// On which side of the quotation.
        side: Side,
        /// Those words, from the closed list of the language.
        risky: Vec<String>,
    },
    /// The quotation cuts an amount that the source goes on with in words.
    CutAmount {
        /// On which side of the quoted words.
        side: Side,
        /// What it cuts off, from the closed list of the language.
        word: String,
    },
    /// The source asks where the quotation does not.
    DroppedQuestion,
    /// Punctuation differs directly beside words that can turn the meaning.
    RiskyPunctuation {
        /// Those words, from the closed list of the language.
        risky: Vec<String>,
    },
    /// An ellipsis leads out of a quotation of the source, or into one.
    GapLeavesQuotation,
    /// A bracket does.
    BracketLeavesQuotation,
    /// A bracket at an end of the quotation, where the sentence of the source goes on for more words than it may replace.
    BracketBeforeRest {
        /// For how many.
        words: usize,
    },
    /// The quotation is so short that it may be found by accident (rule 10).
    Weak {
        /// Its words.
        words: usize,
        /// Its letters.
        letters: usize,
    },
    /// The words stand inside a quotation within the source: they may be somebody else's (rule 7).
    InnerQuotation {
        /// How many quotation marks are open around them.
        depth: usize,
        /// Whether the source is the speaker's own post: then the words are somebody else's.
        own_post: bool,
    },
    /// There is no list of negations and hedges for the language: nothing was looked for.
    NoWordList {
        /// The language.
        lang: String,
    },

    /// The quotation has no words.
    Empty,
    /// Too few letters in a script without spaces (rule 8).
    FewLetters {
        /// Letters there are.
        letters: usize,
        /// Letters it takes.
        least: usize,
    },
    /// A part between two ellipses is too short to prove anything (rule 5).
    ShortPart {
        /// Which part, from 1.
        part: usize,
    },
    /// The parts stand too far apart.
    GapTooFar {
        /// Words between them.
        words: usize,
    },
    /// The parts stand in different paragraphs.
    GapCrossesParagraph,
    /// The ellipsis leaves nothing out.
    EmptyGap,
    /// The parts stand in another order.
    PartsOutOfOrder,
    /// One part is not in the source.
    PartMissing {
        /// Which, from 1.
        part: usize,
    },
    /// A bracket stands for too many words of the source.
    LongReplacement {
        /// How many.
        words: usize,
    },
    /// Brackets and gaps outweigh the words of the source.
    MostlyEdited {
        /// How much of the quotation is literal, in percent.
        percent: usize,
    },
    /// There are more gaps and brackets than anybody would print.
    TooManyEdits {
        /// How many.
        edits: usize,
    },
    /// `[sic]` does not follow a word of the source.
    LooseSic,
    /// The quotation begins inside and ends outside a quotation of the source, or the other way round.
    CrossesQuotation,
    /// The quotation has a question mark that the source does not have.
    AddedQuestion,
    /// A minus or a dash beside a number, round brackets around one, or what stands between its digits, are on one side only.
    OtherSign,
    /// The source has an ellipsis that the quotation leaves out.
    DroppedEllipsis,
    /// The quotation begins or ends inside a word, a compound or an amount of the source.
    InsideWord,
    /// Only a house style may change what differs (rule 9), and none is asked for.
    HouseOnly {
        /// The rule it would take.
        rule: HouseRule,
    },
    /// The source ends before the quotation does.
    Truncated,
}

impl NoteKind {
    /// The name in files: `gap-too-far`.
    pub fn name(&self) -> &'static str {
        match self {
            NoteKind::Punctuation { .. } => "punctuation",
            NoteKind::Paragraph { .. } => "paragraph",
            NoteKind::Case { .. } => "case",
            NoteKind::Edge { .. } => "edge",
            NoteKind::Gap { .. } => "gap",
            NoteKind::CutMark { .. } => "cut-mark",
            NoteKind::Bracket { .. } => "bracket",
            NoteKind::RoundBracket { .. } => "round-bracket",
            NoteKind::SourceBracket { .. } => "source-bracket",
            NoteKind::HouseStyle { .. } => "house-style",
            NoteKind::Hyphenation { .. } => "hyphenation",
            NoteKind::Context { .. } => "context",
            NoteKind::CutAmount { .. } => "cut-amount",
            NoteKind::DroppedQuestion => "dropped-question",
            NoteKind::RiskyPunctuation { .. } => "risky-punctuation",
            NoteKind::GapLeavesQuotation => "gap-leaves-quotation",
            NoteKind::BracketLeavesQuotation => "bracket-leaves-quotation",
            NoteKind::BracketBeforeRest { .. } => "bracket-before-rest",
            NoteKind::Weak { .. } => "weak",
            NoteKind::InnerQuotation { .. } => "inner-quotation",
            NoteKind::NoWordList { .. } => "no-word-list",
            NoteKind::Empty => "empty",
            NoteKind::FewLetters { .. } => "few-letters",
            NoteKind::ShortPart { .. } => "short-part",
            NoteKind::GapTooFar { .. } => "gap-too-far",
            NoteKind::GapCrossesParagraph => "gap-crosses-paragraph",
            NoteKind::EmptyGap => "empty-gap",
            NoteKind::PartsOutOfOrder => "parts-out-of-order",
            NoteKind::PartMissing { .. } => "part-missing",
            NoteKind::LongReplacement { .. } => "long-replacement",
            NoteKind::MostlyEdited { .. } => "mostly-edited",
            NoteKind::TooManyEdits { .. } => "too-many-edits",
            NoteKind::LooseSic => "loose-sic",
            NoteKind::CrossesQuotation => "crosses-quotation",
            NoteKind::AddedQuestion => "added-question",
            NoteKind::OtherSign => "other-sign",
            NoteKind::DroppedEllipsis => "dropped-ellipsis",
            NoteKind::InsideWord => "inside-word",
            NoteKind::HouseOnly { .. } => "house-only",
            NoteKind::Truncated => "truncated",
        }
    }

    /// The finding that a check makes of it: `quote-ellipsis`, `quote-bracket`, `quote-context` or `quote-weak`; none
    /// when the note is only for the record, or says why nothing passed.
    pub fn finding(&self) -> Option<&'static str> {
        match self {
            NoteKind::Gap { words, risky, crosses_paragraph } => {
                (*crosses_paragraph || *words > LONGEST_GAP || !risky.is_empty()).then_some("quote-ellipsis")
            }
            NoteKind::Bracket { words, alters_negation, alters_number, .. } => {
                (*alters_negation || *alters_number || *words > LONGEST_REPLACEMENT)
                    .then_some("quote-bracket")
            }
            NoteKind::SourceBracket { alters_negation, alters_number, kept, .. } => {
                (*alters_negation || *alters_number || *kept).then_some("quote-bracket")
            }
            NoteKind::GapLeavesQuotation => Some("quote-ellipsis"),
            NoteKind::RoundBracket { .. }
            | NoteKind::BracketLeavesQuotation
            | NoteKind::BracketBeforeRest { .. } => Some("quote-bracket"),
            NoteKind::InnerQuotation { own_post, .. } => own_post.then_some("quote-context"),
            NoteKind::NoWordList { .. } => Some("quote-context"),
            // Two paragraphs are often two voices.
            NoteKind::Paragraph { .. }
            | NoteKind::Context { .. }
            | NoteKind::CutAmount { .. }
            | NoteKind::DroppedQuestion
            | NoteKind::RiskyPunctuation { .. } => Some("quote-context"),
            NoteKind::Weak { .. } => Some("quote-weak"),
            _ => None,
        }
    }

    /// One or two plain sentences for people.
    pub fn sentence(&self) -> String {
        match self {
            NoteKind::Punctuation { places } => {
                format!("Punctuation differs in {}.", count(*places, "place", "places"))
            }
            NoteKind::Paragraph { .. } => {
                "The quotation and its source do not have their paragraph breaks in the same places.".into()
            }
            NoteKind::Case { words } => format!("{} with other capital letters.", count(*words, "word", "words")),
            NoteKind::Edge { what } => match what {
                EdgeKind::FirstLetter => "The first letter has another case.",
                EdgeKind::ClosingAdded => "The closing mark is not in the source.",
                EdgeKind::ClosingChanged => "The source closes with another mark.",
                EdgeKind::ClosingMoved => "The closing mark stands on the other side of a quotation mark.",
                EdgeKind::ClosingDropped => "The closing mark of the source is left out.",
            }
            .into(),
            NoteKind::Gap { words, risky, crosses_paragraph } => {
                let mut sentence = format!("The ellipsis leaves out {}", count(*words, "word", "words"));
                if !risky.is_empty() {
                    sentence.push_str(&format!(", among them {}", listed(risky)));
                }
                if *crosses_paragraph {
                    sentence.push_str(", and reaches into another paragraph");
                }
                sentence + "."
            }
            NoteKind::CutMark { side: Side::Before } => "The quotation begins with an ellipsis that is not in the source.".into(),
            NoteKind::CutMark { side: Side::After } => "The quotation ends with an ellipsis that is not in the source.".into(),
            NoteKind::Bracket { how, words, replaced, alters_negation, alters_number } => {
                let inside = count(*words, "word", "words");
                let sentence = match how {
                    BracketHow::Literal => "The source has the words in square brackets, without the brackets.".into(),
                    BracketHow::Insertion => format!("The square brackets add {inside}."),
                    BracketHow::Replacement => format!(
                        "The square brackets put {inside} in the place of {}.",
                        count(*replaced, "word", "words")
                    ),
                    BracketHow::Case => "The square brackets change the case of a letter.".into(),
                    BracketHow::Sic => "The editors mark the word before as the source has it.".into(),
                };
                sentence + altered(*alters_negation, *alters_number)
            }
            NoteKind::RoundBracket { words, alters_negation, alters_number } => {
                format!(
                    "The source does not have the {} in round brackets; readers will take them for the speaker's.",
                    count(*words, "word", "words")
                ) + altered(*alters_negation, *alters_number)
            }
            NoteKind::SourceBracket { words, kept, alters_negation, alters_number } => {
                let inside = count(*words, "word", "words");
                let sentence = match kept {
                    true => format!("The source has {inside} in square brackets, which the quotation does not show."),
                    false => format!("The quotation leaves out {inside} that the source has in square brackets."),
                };
                sentence + altered(*alters_negation, *alters_number)
            }
            NoteKind::HouseStyle { rule, from, to } => match rule {
                HouseRule::Compound => format!("House style: `{from}` is printed as `{to}`, with another hyphen."),
                HouseRule::Abbreviation | HouseRule::Number | HouseRule::PerCent | HouseRule::Spelling => {
                    format!("House style: `{from}` is printed as `{to}`.")
                }
            },
            NoteKind::Hyphenation { words } => format!(
                "{} that the source divides at the end of a line.",
                count(*words, "word", "words")
            ),
            NoteKind::Context { side, risky } => {
                let place = match side {
                    Side::Before => "before",
                    Side::After => "after",
                };
                format!("In the same sentence, {place} the quoted words, the source says {}.", listed(risky))
            }
            NoteKind::CutAmount { side, word } => {
                let place = match side {
                    Side::Before => "before",
                    Side::After => "after",
                };
                format!("The source has `{word}` directly {place} the quoted words: they are part of an amount.")
            }
            NoteKind::DroppedQuestion => "The source asks there; the quotation does not have the question mark.".into(),
            NoteKind::RiskyPunctuation { risky } => format!(
                "Punctuation differs directly beside {}, and may change what the sentence denies or limits.",
                listed(risky)
            ),
            NoteKind::GapLeavesQuotation => {
                "The ellipsis leads out of a quotation of the source, or into one: both parts must be the same speaker's.".into()
            }
            NoteKind::BracketLeavesQuotation => {
                "The bracket leads out of a quotation of the source, or into one: both sides must be the same speaker's.".into()
            }
            NoteKind::BracketBeforeRest { words } => format!(
                "At the bracket the sentence of the source goes on for {}: what it stands for, nobody can see.",
                count(*words, "word", "words")
            ),
            NoteKind::Weak { words, letters } => format!(
                "A quotation of {} and {} may be found by accident. Say where in the source it stands.",
                count(*words, "word", "words"),
                count(*letters, "letter", "letters")
            ),
            NoteKind::InnerQuotation { .. } => {
                "The words stand in a quotation within the source: the speaker must be the one who is quoted there.".into()
            }
            NoteKind::NoWordList { lang } => format!(
                "There is no list of negations and hedges for the language `{lang}`: whether the cut drops one was not checked."
            ),
            NoteKind::Empty => "The quotation has no words.".into(),
            NoteKind::FewLetters { letters, least } => {
                format!("The quotation has {}; in this script it takes {least} to be told from chance.", count(*letters, "letter", "letters"))
            }
            NoteKind::ShortPart { part } => {
                format!("Part {part} between the ellipses is too short: each needs two words.")
            }
            NoteKind::GapTooFar { words } => format!(
                "The parts stand {} apart in the source; an ellipsis may leave out {LONGEST_GAP}.",
                count(*words, "word", "words")
            ),
            NoteKind::GapCrossesParagraph => {
                "The parts stand in different paragraphs of the source; that takes four dots, or `[…] ¶`.".into()
            }
            NoteKind::EmptyGap => "The ellipsis leaves nothing out: the source goes on without a gap.".into(),
            NoteKind::PartsOutOfOrder => "The source has all the parts, but not in this order.".into(),
            NoteKind::PartMissing { part } => format!("The source does not have part {part} of the quotation."),
            NoteKind::LongReplacement { words } => format!(
                "A bracket stands in the place of {}; it may replace {LONGEST_REPLACEMENT}.",
                count(*words, "word", "words")
            ),
            NoteKind::MostlyEdited { percent } => format!(
                "Only {percent} percent of the quotation are words of the source; the rest is brackets and gaps."
            ),
            NoteKind::TooManyEdits { edits } => format!("There are {edits} gaps and brackets: too many to follow."),
            NoteKind::LooseSic => "`[sic]` has to follow a word that the source has.".into(),
            NoteKind::CrossesQuotation => {
                "The quotation begins inside a quotation of the source and ends outside it, or the other way round: some of the words are the reporter's.".into()
            }
            NoteKind::AddedQuestion => "The source does not have the question mark.".into(),
            NoteKind::OtherSign => {
                "A minus or a dash beside a number, round brackets around it, or what stands between its digits, differ.".into()
            }
            NoteKind::DroppedEllipsis => "The source has an ellipsis there, which the quotation leaves out.".into(),
            NoteKind::InsideWord => {
                "The quotation begins or ends inside a word, a compound or an amount of the source.".into()
            }
            NoteKind::HouseOnly { rule } => {
                let what = match rule {
                    HouseRule::Abbreviation => "The stops of an abbreviation differ",
                    HouseRule::Compound => "A hyphen differs",
                    HouseRule::Number => "A number is written in another way",
                    HouseRule::PerCent => "`per cent` and `percent` differ",
                    HouseRule::Spelling => "British and American spelling differ",
                };
                format!("{what}. Only a house style may change that.")
            }
            NoteKind::Truncated => "Our copy of the source ends before the quotation does.".into(),
        }
    }
}

/// The most words an ordinary ellipsis may stand for.
pub(super) const LONGEST_GAP: usize = 60;
/// The most words of the source that a bracket may replace.
pub(super) const LONGEST_REPLACEMENT: usize = 6;

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn listed(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    words.join(", ")
}

fn altered(negation: bool, number: bool) -> &'static str {
    match (negation, number) {
        (true, true) => " That alters a negation and a number.",
        (true, false) => " That alters a negation.",
        (false, true) => " That alters a number.",
        (false, false) => "",
    }
}

impl Note {
    /// The [`name`](NoteKind::name) of its kind.
    pub fn name(&self) -> &'static str {
        self.kind.name()
    }

    /// The [`sentence`](NoteKind::sentence) of its kind.
    pub fn sentence(&self) -> String {
        self.kind.sentence()
    }

    /// The [`finding`](NoteKind::finding) of its kind.
    pub fn finding(&self) -> Option<&'static str> {
        self.kind.finding()
    }
}

impl From<NoteKind> for Note {
    fn from(kind: NoteKind) -> Note {
        Note { kind, at: None }
    }
}

impl fmt::Display for Note {
    /// Writes the compact form, as [`Note::parse`] reads it: `gap(words=3 risky=not,if)`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, out)
    }
}
