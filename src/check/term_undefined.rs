//! # term-undefined
//!
//! A term is written in capitals, as abbreviations are, and nothing says what its letters stand for. A reader who does not
//! know it learns what it means, and still cannot say it.
//!
//! **Bad**
//!
//! ```yaml
//! name: AGI
//! def: An AI that can do most things a person can.
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
//! A definition that spells the letters out in words that begin with them is enough as well. For a name that only looks like
//! an abbreviation, allow it: `accept: { code: term-undefined, why: A brand, not an abbreviation. }`

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::Graph;
use crate::model::{Data, Kind, Term};
use crate::quote::words;

pub(super) static CODE: Code =
    Code { name: "term-undefined", level: Level::Note, manual: include_str!("term_undefined.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Term) {
        let node = graph.node(id);
        let Data::Term(term) = &node.record().data else { continue };
        if is_abbreviation(&term.name) && !is_expanded(term) {
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

/// Capitals only, two to six of them, in one word: `AGI`, `R&D`, `U.S.`.
fn is_abbreviation(name: &str) -> bool {
    let n_letters = name.chars().filter(|it| it.is_alphabetic()).count();
    let all_capitals = name.chars().all(|it| it.is_uppercase() || !it.is_alphabetic());
    (2..=6).contains(&n_letters) && all_capitals && !name.contains(char::is_whitespace)
}

fn is_expanded(term: &Term) -> bool {
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
