//! # term-undefined
//!
//! An abbreviation is used and never expanded: a term is written in capitals and its record does not say what its letters
//! stand for, or a body prints one and neither the page nor the glossary says it. A reader who does not know it learns
//! perhaps what it means, and still cannot say it.
//!
//! **Bad**
//!
//! ```yaml
//! name: AGI
//! def: An AI that can do most things a person can.
//! ```
//!
//! ```markdown
//! The LLM was trained in a year.
//! ```
//!
//! **Good**
//!
//! ```yaml
//! name: AGI
//! expands_to: artificial general intelligence
//! def: An AI that can do most things a person can.
//! ```
//!
//! ```markdown
//! The large language model (LLM) was trained in a year.
//! ```
//!
//! A definition that spells the letters out in words that begin with them is enough as well. For a name that only looks like
//! an abbreviation, allow it: `accept: { code: term-undefined, why: A brand, not an abbreviation. }`
//!
//! In a body, an abbreviation is two to six capitals, with or without a plural *s*; its first use on a page is noted. Fine are
//! words of the glossary, of the names of actors, events and stories, and a few that everybody knows (AI, CEO, EU, UK, US and
//! the like). Not seen there: abbreviations with digits, points or small letters; several words in capitals in a row;
//! headings, links, quotations and code; whether an expansion is right.

use std::collections::BTreeMap;
use std::ops::Range;

use super::running::{Block, ProseSite, Text};
use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::document::prose::Setting;
use crate::model::{Data, Term};
use crate::quote::words;

pub(super) static CODE: Code =
    Code { name: "term-undefined", level: Level::Note, manual: include_str!("term_undefined.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnProse(run) };

/// What needs no explanation, in any language.
const KNOWN: &[&str] = &[
    "AI", "AM", "BBC", "BC", "CD", "CEO", "CET", "CFO", "CNN", "COVID", "CTO", "DC", "DNA", "DVD", "EST",
    "ET", "EU", "EUR", "FAQ", "FBI", "GBP", "GMT", "GPS", "HTML", "HTTP", "HTTPS", "ID", "II", "III", "IP",
    "IT", "IV", "IX", "JSON", "KI", "NASA", "NATO", "OK", "PC", "PDF", "PM", "PT", "RSS", "SMS", "TV", "UK",
    "UN", "URL", "US", "USA", "USD", "UTC", "VI", "VII", "VIII", "XI", "XII", "YAML", "IA",
];

fn run(site: &ProseSite<'_>, report: &mut Report) {
    of_terms(site, report);
    of_text(site, report);
}

/// Looks at the terms that the file records.
fn of_terms(site: &ProseSite<'_>, report: &mut Report) {
    for id in site.nodes {
        let node = site.graph().node(*id);
        let Data::Term(term) = &node.record().data else { continue };
        if is_abbreviation(&term.name) && !says_its_words(term) {
            report.add(
                Diagnostic::new(
                    &CODE,
                    node.place("name"),
                    format!("nothing says what {} stands for", term.name),
                )
                .label("an abbreviation")
                .help("write the words in `expands_to:`"),
            );
        }
    }
}

/// Looks at the words of the body.
fn of_text(site: &ProseSite<'_>, report: &mut Report) {
    let mut first: BTreeMap<&str, (&Block<'_>, Range<usize>)> = BTreeMap::new();
    for block in site.blocks.iter().filter(|it| it.passage.setting != Setting::Heading) {
        for word in 0..block.text.words.len() {
            let Some(short) = abbreviation(block.text.word(word)) else { continue };
            let part = block.text.words[word].at.clone();
            if !is_loud(&block.text, word) && !block.is_quoted(&part) && !is_known(site, block, word, short) {
                first.entry(short).or_insert((block, part));
            }
        }
    }
    for (short, (block, part)) in first.into_iter().filter(|(short, _)| !is_expanded(site, short)) {
        report.add(told(site, short, block, part));
    }
}

/// The abbreviation that a word is: capitals alone, without a plural `s`.
fn abbreviation(word: &str) -> Option<&str> {
    // Nearly every word ends here.
    if !word.as_bytes().get(1)?.is_ascii_uppercase() {
        return None;
    }
    let short = ["s", "’s", "'s"].iter().find_map(|it| word.strip_suffix(it)).unwrap_or(word);
    let capitals = short.bytes().all(|it| it.is_ascii_uppercase());
    (capitals && (2..=6).contains(&short.len())).then_some(short)
}

/// Whether a neighbour is in capitals as well: somebody is shouting, or it is a name.
fn is_loud(text: &Text<'_>, word: usize) -> bool {
    let loud = |word: &str| word.len() > 1 && word.bytes().all(|it| it.is_ascii_uppercase());
    (word > 0 && text.is_joined(word) && loud(text.word(word - 1)))
        || text.is_joined(word + 1) && loud(text.word(word + 1))
}

fn is_known(site: &ProseSite<'_>, block: &Block<'_>, word: usize, short: &str) -> bool {
    let glossary = &site.index.glossary;
    KNOWN.contains(&short)
        || glossary.is_name(short)
        || glossary.is_name(block.text.word(word))
        // A link leads to what it is.
        || block.links(&block.text.words[word].at).next().is_some()
}

/// Whether the page says what it stands for: `large language model (LLM)`, or `LLM (large language model)`.
fn is_expanded(site: &ProseSite<'_>, short: &str) -> bool {
    let first = short.chars().next().unwrap_or(' ').to_ascii_lowercase();
    site.blocks.iter().any(|block| {
        let shown = block.text.shown;
        shown.match_indices(short).any(|(at, _)| {
            let behind = shown[at + short.len()..].trim_start_matches(['s', ' ']);
            let opened = shown[..at].trim_end().ends_with('(');
            let explained = behind.strip_prefix('(').is_some_and(|it| it.to_lowercase().starts_with(first));
            opened && behind.starts_with([')', ',', ';']) || explained
        })
    })
}

fn told(site: &ProseSite<'_>, short: &str, block: &Block<'_>, part: Range<usize>) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        site.place(block, part),
        format!("`{short}` is expanded nowhere on this page, and is no term"),
    )
    .label("what does it stand for?")
    .help(format!(
        "write the words with `({short})` behind them, or add a term with `expands_to` and link it"
    ))
}

/// Capitals only, two to six of them, in one word: `AGI`, `R&D`, `U.S.`.
fn is_abbreviation(name: &str) -> bool {
    let n_letters = name.chars().filter(|it| it.is_alphabetic()).count();
    let all_capitals = name.chars().all(|it| it.is_uppercase() || !it.is_alphabetic());
    (2..=6).contains(&n_letters) && all_capitals && !name.contains(char::is_whitespace)
}

fn says_its_words(term: &Term) -> bool {
    let letters: Vec<char> =
        term.name.chars().filter(|it| it.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if term.expands_to.as_ref().is_some_and(|it| words(it) != words(&term.name)) {
        return true;
    }
    let definition = term.definition.as_deref().map(words).unwrap_or_default();
    let begins =
        |words: &[String]| words.iter().zip(&letters).all(|(word, letter)| word.starts_with(*letter));
    definition.windows(letters.len()).any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_short_and_in_capitals() {
        for name in ["AGI", "R&D", "U.S.", "GPT-4"] {
            assert!(is_abbreviation(name), "{name}");
        }
        for name in ["CapEx", "R1", "I", "OPEN SOURCE", "STATEMENT", "GPUs", "人工智能"] {
            assert!(!is_abbreviation(name), "{name}");
        }
    }
}
