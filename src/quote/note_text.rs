//! The compact form of notes, for the lock file: `gap(words=3 risky=not,if) weak(words=2 letters=9)`.
//!
//! A name, and in brackets its fields with their values. Fields that say nothing (false, an empty list) are left out.
//! Values hold no space, comma, bracket or sign of equality: those are percent-encoded.

use std::fmt;

use super::house::HouseRule;
use super::note::{BracketHow, EdgeKind, Note, NoteKind, Side};

impl EdgeKind {
    const NAMES: [(EdgeKind, &'static str); 5] = [
        (EdgeKind::FirstLetter, "first-letter"),
        (EdgeKind::ClosingAdded, "closing-added"),
        (EdgeKind::ClosingChanged, "closing-changed"),
        (EdgeKind::ClosingMoved, "closing-moved"),
        (EdgeKind::ClosingDropped, "closing-dropped"),
    ];

    /// The name in files: `first-letter`.
    pub fn name(self) -> &'static str {
        name_of(&self, &EdgeKind::NAMES)
    }
}

impl BracketHow {
    const NAMES: [(BracketHow, &'static str); 5] = [
        (BracketHow::Literal, "literal"),
        (BracketHow::Insertion, "insertion"),
        (BracketHow::Replacement, "replacement"),
        (BracketHow::Case, "case"),
        (BracketHow::Sic, "sic"),
    ];

    /// The name in files: `insertion`.
    pub fn name(self) -> &'static str {
        name_of(&self, &BracketHow::NAMES)
    }
}

impl Side {
    const NAMES: [(Side, &'static str); 2] = [(Side::Before, "before"), (Side::After, "after")];

    /// The name in files: `before`.
    pub fn name(self) -> &'static str {
        name_of(&self, &Side::NAMES)
    }
}

fn name_of<T: PartialEq>(value: &T, names: &[(T, &'static str)]) -> &'static str {
    names.iter().find(|(it, _)| it == value).map_or("", |(_, name)| name)
}

fn named<T: Copy>(name: &str, names: &[(T, &'static str)]) -> Option<T> {
    names.iter().find(|(_, it)| *it == name).map(|(value, _)| *value)
}

impl fmt::Display for NoteKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = Writer(Vec::new());
        match self {
            NoteKind::Punctuation { places } | NoteKind::Paragraph { places } => {
                fields.number("places", *places);
            }
            NoteKind::Case { words } | NoteKind::Hyphenation { words } => fields.number("words", *words),
            NoteKind::GapTooFar { words } | NoteKind::LongReplacement { words } => {
                fields.number("words", *words);
            }
            NoteKind::Edge { what } => fields.text("what", what.name()),
            NoteKind::Gap { words, risky, crosses_paragraph } => {
                fields.number("words", *words);
                fields.list("risky", risky);
                fields.flag("paragraph", *crosses_paragraph);
            }
            NoteKind::CutMark { side } => fields.text("side", side.name()),
            NoteKind::Bracket { how, words, replaced, alters_negation, alters_number } => {
                fields.text("how", how.name());
                fields.number("words", *words);
                fields.number("replaced", *replaced);
                fields.flag("negation", *alters_negation);
                fields.flag("number", *alters_number);
            }
            NoteKind::RoundBracket { words, alters_negation, alters_number } => {
                fields.number("words", *words);
                fields.flag("negation", *alters_negation);
                fields.flag("number", *alters_number);
            }
            NoteKind::SourceBracket { words, kept, alters_negation, alters_number } => {
                fields.number("words", *words);
                fields.flag("kept", *kept);
                fields.flag("negation", *alters_negation);
                fields.flag("number", *alters_number);
            }
            NoteKind::HouseStyle { rule, from, to } => {
                fields.text("rule", rule.name());
                fields.text("from", from);
                fields.text("to", to);
            }
            NoteKind::Context { side, risky } => {
                fields.text("side", side.name());
                fields.list("risky", risky);
            }
            NoteKind::CutAmount { side, word } => {
                fields.text("side", side.name());
                fields.text("word", word);
            }
            NoteKind::RiskyPunctuation { risky } => fields.list("risky", risky),
            NoteKind::Weak { words, letters } => {
                fields.number("words", *words);
                fields.number("letters", *letters);
            }
            NoteKind::InnerQuotation { depth, own_post } => {
                fields.number("depth", *depth);
                fields.flag("post", *own_post);
            }
            NoteKind::BracketBeforeRest { words } => fields.number("words", *words),
            NoteKind::NoWordList { lang } => fields.text("lang", lang),
            NoteKind::FewLetters { letters, least } => {
                fields.number("letters", *letters);
                fields.number("least", *least);
            }
            NoteKind::ShortPart { part } | NoteKind::PartMissing { part } => fields.number("part", *part),
            NoteKind::TooManyEdits { edits } => fields.number("edits", *edits),
            NoteKind::MostlyEdited { percent } => fields.number("percent", *percent),
            NoteKind::HouseOnly { rule } => fields.text("rule", rule.name()),
            NoteKind::Empty
            | NoteKind::GapCrossesParagraph
            | NoteKind::EmptyGap
            | NoteKind::PartsOutOfOrder
            | NoteKind::LooseSic
            | NoteKind::CrossesQuotation
            | NoteKind::AddedQuestion
            | NoteKind::DroppedQuestion
            | NoteKind::OtherSign
            | NoteKind::DroppedEllipsis
            | NoteKind::GapLeavesQuotation
            | NoteKind::BracketLeavesQuotation
            | NoteKind::InsideWord
            | NoteKind::Truncated => (),
        }
        out.write_str(self.name())?;
        if fields.0.is_empty() { Ok(()) } else { write!(out, "({})", fields.0.join(" ")) }
    }
}

impl Note {
    /// The names of all kinds of notes.
    pub const NAMES: [&str; 40] = [
        "punctuation",
        "paragraph",
        "case",
        "edge",
        "gap",
        "cut-mark",
        "bracket",
        "round-bracket",
        "source-bracket",
        "house-style",
        "hyphenation",
        "context",
        "cut-amount",
        "dropped-question",
        "risky-punctuation",
        "gap-leaves-quotation",
        "bracket-leaves-quotation",
        "bracket-before-rest",
        "weak",
        "inner-quotation",
        "no-word-list",
        "empty",
        "few-letters",
        "short-part",
        "gap-too-far",
        "gap-crosses-paragraph",
        "empty-gap",
        "parts-out-of-order",
        "part-missing",
        "long-replacement",
        "mostly-edited",
        "too-many-edits",
        "loose-sic",
        "crosses-quotation",
        "added-question",
        "other-sign",
        "dropped-ellipsis",
        "inside-word",
        "house-only",
        "truncated",
    ];

    /// Reads one note in its compact form; none when it is not one. Its place in the source is not known then.
    pub fn parse(text: &str) -> Option<Note> {
        let (name, fields) = match text.split_once('(') {
            Some((name, rest)) => (name, rest.strip_suffix(')')?),
            None => (text, ""),
        };
        let fields = Reader(fields);
        let kind = match name {
            "punctuation" => NoteKind::Punctuation { places: fields.number("places")? },
            "paragraph" => NoteKind::Paragraph { places: fields.number("places")? },
            "case" => NoteKind::Case { words: fields.number("words")? },
            "edge" => NoteKind::Edge { what: named(fields.raw("what")?, &EdgeKind::NAMES)? },
            "gap" => NoteKind::Gap {
                words: fields.number("words")?,
                risky: fields.list("risky"),
                crosses_paragraph: fields.flag("paragraph"),
            },
            "cut-mark" => NoteKind::CutMark { side: named(fields.raw("side")?, &Side::NAMES)? },
            "bracket" => NoteKind::Bracket {
                how: named(fields.raw("how")?, &BracketHow::NAMES)?,
                words: fields.number("words")?,
                replaced: fields.number("replaced")?,
                alters_negation: fields.flag("negation"),
                alters_number: fields.flag("number"),
            },
            "round-bracket" => NoteKind::RoundBracket {
                words: fields.number("words")?,
                alters_negation: fields.flag("negation"),
                alters_number: fields.flag("number"),
            },
            "source-bracket" => NoteKind::SourceBracket {
                words: fields.number("words")?,
                kept: fields.flag("kept"),
                alters_negation: fields.flag("negation"),
                alters_number: fields.flag("number"),
            },
            "house-style" => NoteKind::HouseStyle {
                rule: HouseRule::parse(fields.raw("rule")?)?,
                from: fields.text("from")?,
                to: fields.text("to")?,
            },
            "hyphenation" => NoteKind::Hyphenation { words: fields.number("words")? },
            "context" => NoteKind::Context {
                side: named(fields.raw("side")?, &Side::NAMES)?,
                risky: fields.list("risky"),
            },
            "cut-amount" => NoteKind::CutAmount {
                side: named(fields.raw("side")?, &Side::NAMES)?,
                word: fields.text("word")?,
            },
            "dropped-question" => NoteKind::DroppedQuestion,
            "risky-punctuation" => NoteKind::RiskyPunctuation { risky: fields.list("risky") },
            "gap-leaves-quotation" => NoteKind::GapLeavesQuotation,
            "bracket-leaves-quotation" => NoteKind::BracketLeavesQuotation,
            "bracket-before-rest" => NoteKind::BracketBeforeRest { words: fields.number("words")? },
            "weak" => NoteKind::Weak { words: fields.number("words")?, letters: fields.number("letters")? },
            "inner-quotation" => {
                NoteKind::InnerQuotation { depth: fields.number("depth")?, own_post: fields.flag("post") }
            }
            "no-word-list" => NoteKind::NoWordList { lang: fields.text("lang")? },
            "empty" => NoteKind::Empty,
            "few-letters" => {
                NoteKind::FewLetters { letters: fields.number("letters")?, least: fields.number("least")? }
            }
            "short-part" => NoteKind::ShortPart { part: fields.number("part")? },
            "gap-too-far" => NoteKind::GapTooFar { words: fields.number("words")? },
            "gap-crosses-paragraph" => NoteKind::GapCrossesParagraph,
            "empty-gap" => NoteKind::EmptyGap,
            "parts-out-of-order" => NoteKind::PartsOutOfOrder,
            "part-missing" => NoteKind::PartMissing { part: fields.number("part")? },
            "long-replacement" => NoteKind::LongReplacement { words: fields.number("words")? },
            "mostly-edited" => NoteKind::MostlyEdited { percent: fields.number("percent")? },
            "too-many-edits" => NoteKind::TooManyEdits { edits: fields.number("edits")? },
            "loose-sic" => NoteKind::LooseSic,
            "crosses-quotation" => NoteKind::CrossesQuotation,
            "added-question" => NoteKind::AddedQuestion,
            "other-sign" => NoteKind::OtherSign,
            "dropped-ellipsis" => NoteKind::DroppedEllipsis,
            "inside-word" => NoteKind::InsideWord,
            "house-only" => NoteKind::HouseOnly { rule: HouseRule::parse(fields.raw("rule")?)? },
            "truncated" => NoteKind::Truncated,
            _ => return None,
        };
        Some(kind.into())
    }

    /// Writes several notes as one string; the empty string when there are none.
    pub fn write_all(notes: &[Note]) -> String {
        let notes: Vec<String> = notes.iter().map(Note::to_string).collect();
        notes.join(" ")
    }

    /// Reads what [`write_all`](Note::write_all) wrote; none when it is not that.
    pub fn read_all(text: &str) -> Option<Vec<Note>> {
        let mut notes = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let end = match (rest.find(' '), rest.find('(')) {
                (Some(space), Some(open)) if space < open => space,
                (_, Some(_)) => rest.find(')')? + 1,
                (space, None) => space.unwrap_or(rest.len()),
            };
            notes.push(Note::parse(&rest[..end])?);
            rest = rest[end..].trim_start();
        }
        Some(notes)
    }
}

/// Fields as they are written.
struct Writer(Vec<String>);

impl Writer {
    fn number(&mut self, name: &str, value: usize) {
        self.0.push(format!("{name}={value}"));
    }

    fn text(&mut self, name: &str, value: &str) {
        self.0.push(format!("{name}={}", encode(value)));
    }

    fn list(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|it| encode(it)).collect();
            self.0.push(format!("{name}={}", values.join(",")));
        }
    }

    fn flag(&mut self, name: &str, value: bool) {
        if value {
            self.0.push(name.to_owned());
        }
    }
}

/// Fields as they are read.
struct Reader<'t>(&'t str);

impl<'t> Reader<'t> {
    fn raw(&self, name: &str) -> Option<&'t str> {
        self.0.split(' ').find_map(|it| it.strip_prefix(name)?.strip_prefix('='))
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.raw(name)?.parse().ok()
    }

    fn text(&self, name: &str) -> Option<String> {
        decode(self.raw(name)?)
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.raw(name).into_iter().flat_map(|it| it.split(',')).filter_map(decode).collect()
    }

    fn flag(&self, name: &str) -> bool {
        self.0.split(' ').any(|it| it == name)
    }
}

fn encode(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars() {
        match c {
            '%' | ' ' | ',' | '=' | '(' | ')' | '"' | '\\' | '\u{0}'..='\u{1f}' => {
                out.push_str(&format!("%{:02x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out
}

fn decode(value: &str) -> Option<String> {
    let mut parts = value.split('%');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        out.push(char::from(u8::from_str_radix(part.get(..2)?, 16).ok()?));
        out.push_str(&part[2..]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_come_back_as_they_were_written() {
        let notes = [
            NoteKind::Gap { words: 3, risky: vec!["not".into(), "tal vez".into()], crosses_paragraph: true },
            NoteKind::Gap { words: 1, risky: Vec::new(), crosses_paragraph: false },
            NoteKind::HouseStyle { rule: HouseRule::PerCent, from: "per cent".into(), to: "percent".into() },
            NoteKind::HouseStyle { rule: HouseRule::Number, from: "50%=(é)".into(), to: "".into() },
            NoteKind::Bracket {
                how: BracketHow::Replacement,
                words: 1,
                replaced: 2,
                alters_negation: true,
                alters_number: false,
            },
            NoteKind::SourceBracket { words: 2, kept: true, alters_negation: false, alters_number: true },
            NoteKind::Context { side: Side::After, risky: vec!["n't".into()] },
            NoteKind::EmptyGap,
            NoteKind::Edge { what: EdgeKind::ClosingMoved },
            NoteKind::Truncated,
        ]
        .map(Note::from);
        let text = Note::write_all(&notes);
        assert_eq!(Note::read_all(&text).as_deref(), Some(&notes[..]), "{text}");
        assert!(
            text.starts_with("gap(words=3 risky=not,tal%20vez paragraph) gap(words=1) house-style("),
            "{text}"
        );
        assert_eq!(Note::read_all(""), Some(Vec::new()));
        for wrong in ["gap", "gap(words=x)", "gap(words=1", "nothing", "edge(what=x)"] {
            assert_eq!(Note::parse(wrong), None, "{wrong}");
        }
    }
}
