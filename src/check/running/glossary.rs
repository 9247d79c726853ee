//! The words a site explains, and the names that explain themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::starts::Starts;
use super::words::Text;
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind};

/// Terms by how they are written, and every abbreviation that is somebody's name.
pub struct Glossary {
    /// Spellings by their first word in small letters; the longest first.
    by_first: BTreeMap<String, Vec<Spelling>>,
    starts: Starts,
    /// Words of names and spellings, as written.
    names: BTreeSet<String>,
}

/// One way to write a term.
struct Spelling {
    /// Its words as written.
    words: Vec<String>,
    term: NodeId,
}

impl Glossary {
    pub(super) fn new(graph: &Graph) -> Glossary {
        let mut by_first: BTreeMap<String, Vec<Spelling>> = BTreeMap::new();
        let mut names = BTreeSet::new();
        let mut actors = BTreeSet::new();
        let mut terms = Vec::new();
        for (id, node) in graph.nodes().filter(|(_, node)| node.reaction.is_none()) {
            match &node.record().data {
                Data::Term(term) => {
                    let spellings = term.also.iter().chain(&term.as_written).chain([&term.name]);
                    terms.extend(spellings.chain(term.names.iter().map(|(_, it)| it)).map(|it| (id, it)));
                }
                Data::Actor(actor) => {
                    let all = actor.names.iter().map(|(_, it)| it).chain([&actor.name]);
                    for name in all {
                        names.extend(words_of(name));
                        actors.extend(words_of(name));
                    }
                }
                _ if matches!(node.kind, Kind::Event | Kind::Story) => names.extend(words_of(&node.name)),
                _ => (),
            }
        }
        for (term, spelling) in terms {
            let words = words_of(spelling);
            names.extend(words.iter().cloned());
            // What is part of somebody's name as well may mean them.
            let Some(first) = words.first().filter(|_| !words.iter().all(|it| actors.contains(it))) else {
                continue;
            };
            by_first.entry(first.to_lowercase()).or_default().push(Spelling { words, term });
        }
        by_first
            .values_mut()
            .for_each(|it| it.sort_by_key(|it| (std::cmp::Reverse(it.words.len()), it.term)));
        Glossary { starts: Starts::new(by_first.keys().map(String::as_str)), by_first, names }
    }

    /// The term that is written at a word, and the words that write it.
    pub fn at(&self, text: &Text<'_>, word: usize) -> Option<(NodeId, Range<usize>)> {
        let small = text.small(word);
        if !self.starts.may_hold(small) {
            return None;
        }
        let spellings = self.by_first.get(small)?;
        let fits = |it: &&Spelling| {
            it.words.iter().enumerate().all(|(idx, written)| {
                let at = word + idx;
                (idx == 0 || text.is_joined(at))
                    && is_written(written, text.word(at), idx == 0 && text.starts_sentence(word))
            })
        };
        spellings.iter().find(fits).map(|it| (it.term, word..word + it.words.len()))
    }

    /// Whether a word is part of a name, or a way to write a term.
    pub fn is_name(&self, word: &str) -> bool {
        self.names.contains(word)
    }
}

fn words_of(text: &str) -> Vec<String> {
    let text = Text::new(text, &[]);
    (0..text.words.len()).map(|it| text.word(it).to_owned()).collect()
}

/// Whether a word is written as in the glossary, or with a capital where it starts a sentence. One with capitals inside
/// (`AGI`, `CapEx`) is another word without them.
fn is_written(written: &str, word: &str, starts: bool) -> bool {
    if written == word || !starts {
        return written == word;
    }
    let all_small = written.chars().all(|it| !it.is_uppercase());
    let mut rest = word.chars();
    let first = rest.next();
    let tail = rest.as_str();
    all_small
        && first.is_some_and(char::is_uppercase)
        && tail.chars().all(|it| !it.is_uppercase())
        && written == word.to_lowercase()
}
