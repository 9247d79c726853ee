//! Phrases of word lists, found in texts.

use std::collections::BTreeMap;
use std::ops::Range;

use super::starts::Starts;
use super::words::Text;
use crate::text::lexicon::Lexicon;

/// Phrases ready to be found. See [`crate::text::lexicon`] for how they are written.
pub struct Phrases {
    /// What follows, by the first word; the longest first.
    by_first: BTreeMap<&'static str, Vec<Vec<&'static str>>>,
    starts: Starts,
    lexicon: &'static Lexicon,
}

/// Stands for a number in digits among the first words.
const DIGITS: &str = "#";

impl Phrases {
    /// Prepares a list. A first word may not end in `*`.
    pub fn new(list: &'static [&'static str], lexicon: &'static Lexicon) -> Phrases {
        let mut by_first: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
        for phrase in list {
            let mut words = phrase.split(' ');
            let first = words.next().unwrap_or("");
            let rest: Vec<&str> = words.collect();
            let firsts: Vec<&str> = match first {
                "@" => lexicon.weekdays.to_vec(),
                "#" => lexicon.numbers.iter().map(|(word, _)| *word).chain([DIGITS]).collect(),
                _ => vec![first],
            };
            for first in firsts {
                by_first.entry(first).or_default().push(rest.clone());
            }
        }
        by_first.values_mut().for_each(|it| it.sort_by_key(|rest| std::cmp::Reverse(rest.len())));
        let starts = Starts::new(by_first.keys().copied());
        Phrases { by_first, starts, lexicon }
    }

    /// How many words the longest phrase has that starts with a word; `None` when none does.
    pub fn at(&self, text: &Text<'_>, word: usize) -> Option<usize> {
        let small = text.small(word);
        let key = if small.as_bytes().first().is_some_and(u8::is_ascii_digit) { DIGITS } else { small };
        if !self.starts.may_hold(key) {
            return None;
        }
        let rests = self.by_first.get(key)?;
        let follows = |rest: &&Vec<&'static str>| {
            rest.iter().enumerate().all(|(idx, part)| {
                let next = word + 1 + idx;
                text.is_joined(next) && is(part, text.small(next), self.lexicon)
            })
        };
        rests.iter().find(follows).map(|rest| rest.len() + 1)
    }

    /// Every place of a text where a phrase stands, as numbers of words, none within another.
    pub fn find(&self, text: &Text<'_>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut word = 0;
        while word < text.words.len() {
            match self.at(text, word) {
                Some(n_words) => {
                    found.push(word..word + n_words);
                    word += n_words;
                }
                None => word += 1,
            }
        }
        found
    }
}

/// Whether a word is what one word of a phrase stands for.
fn is(part: &str, word: &str, lexicon: &Lexicon) -> bool {
    match part {
        "@" => lexicon.weekdays.contains(&word),
        "#" => word.starts_with(|c: char| c.is_ascii_digit()) || lexicon.number(word).is_some(),
        _ => match part.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => part == word,
        },
    }
}

/// The first of some words, by number, with which a phrase of a list starts. For short stretches: it tries every phrase.
pub(in crate::check) fn holds_any(
    text: &Text<'_>,
    words: Range<usize>,
    list: &[&str],
    lexicon: &Lexicon,
) -> Option<usize> {
    let starts_here = |word: usize, phrase: &str| {
        phrase.split(' ').enumerate().all(|(idx, part)| {
            let at = word + idx;
            at < words.end && (idx == 0 || text.is_joined(at)) && is(part, text.small(at), lexicon)
        })
    };
    words.clone().find(|word| list.iter().any(|phrase| starts_here(*word, phrase)))
}
