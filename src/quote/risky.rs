//! Words that can turn a meaning: negations, hedges, conditions (rule 5), by the lists of each language.
//!
//! They raise a warning and decide nothing: whether the meaning is turned, people judge.

use super::tokens::{Shape, Text};
use super::word_lists::Affix;
pub(super) use super::word_lists::{RiskyWords, words};

/// What is found among some words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// All words of the list, each once, in order.
    pub(super) risky: Vec<String>,
    /// The negations among them, sorted, as often as they stand there.
    pub(super) negations: Vec<String>,
    /// The numbers, in order.
    pub(super) numbers: Vec<String>,
}

impl RiskyWords {
    /// How many letters beyond an end of the quotation a word of the list may reach back into it.
    pub(super) fn reach(&self) -> usize {
        const LONGEST: usize = 4;
        if self.is_unspaced { LONGEST - 1 } else { 0 }
    }

    /// Whether a word, in small letters, is a number.
    pub(super) fn is_number(&self, word: &str) -> bool {
        self.numbers.contains(&word)
    }

    /// Whether an amount may go on with it.
    pub(super) fn is_unit(&self, word: &str) -> bool {
        self.units.contains(&word)
    }

    /// Whether a number may begin with it.
    pub(super) fn is_sign(&self, word: &str) -> bool {
        self.signs.contains(&word)
    }

    /// Whether it is an indefinite article.
    pub(super) fn is_article(&self, word: &str) -> bool {
        self.articles.contains(&word)
    }

    /// Looks at the words with these numbers.
    pub(super) fn find(&self, text: &Text, range: std::ops::Range<usize>) -> Found {
        if self.is_unspaced {
            return self.find_unspaced(text, range);
        }
        let mut found = Found::default();
        let mut before = String::new();
        for idx in range {
            let word = text.word(idx).to_lowercase();
            let affix = self.affixes.iter().find(|(affix, _)| match affix {
                Affix::Before(it) => word.starts_with(it),
                Affix::Behind(it) => word.ends_with(it),
            });
            // What an apostrophe ties to the front of a word does not hide it: `qu'aucun`.
            let bare = word.rsplit_once('\'').map_or(word.as_str(), |(_, it)| it);
            let negation = match affix {
                Some((_, name)) => Some((*name).to_owned()),
                None => {
                    self.negations.iter().find(|it| **it == word || **it == bare).map(|it| (*it).to_owned())
                }
            };
            let pair = format!("{before} {word}");
            // The month is no hedge.
            let is_month = word == "may" && text.word(idx) == "May";
            let other = self
                .others
                .iter()
                .filter(|_| !is_month)
                .find(|it| **it == word || **it == bare || **it == pair);
            let other = other.map(|it| (*it).to_owned());
            if self.is_number(&word) || is_in_digits(text, idx) {
                found.numbers.push(word.clone());
            }
            found.negations.extend(negation.clone());
            for it in negation.into_iter().chain(other) {
                if !found.risky.contains(&it) {
                    found.risky.push(it);
                }
            }
            before = word;
        }
        found.negations.sort();
        found
    }

    /// In a script without spaces a word of the list is looked for among the letters.
    fn find_unspaced(&self, text: &Text, range: std::ops::Range<usize>) -> Found {
        let mut found = Found { numbers: digits(text, range.clone()), ..Found::default() };
        let letters: String = range.map(|it| text.word(it)).collect();
        for word in self.negations {
            let n_times = letters.matches(word).count();
            found.negations.extend(std::iter::repeat_n((*word).to_owned(), n_times));
            if n_times > 0 {
                found.risky.push((*word).to_owned());
            }
        }
        found
    }
}

/// The numbers in digits among some words, and the signs that belong to them.
pub(super) fn digits(text: &Text, range: std::ops::Range<usize>) -> Vec<String> {
    range.filter(|it| is_in_digits(text, *it)).map(|it| text.word(it).to_owned()).collect()
}

fn is_in_digits(text: &Text, idx: usize) -> bool {
    text.word(idx).contains(char::is_numeric) || text.words[idx].shape == Shape::Bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lang: &str, text: &str, expected: &[&str]) {
        let text = Text::new(text);
        let found = words(lang).unwrap().find(&text, 0..text.len());
        assert_eq!(found.risky, expected);
    }

    #[test]
    fn each_language_knows_its_own() {
        check("en-GB", "It isn’t so, unless Not", &["n't", "unless", "not"]);
        check("fr", "Ce n’est pas ce qu’aucun… peut-être s’il", &["n'", "pas", "aucun", "peut être", "s'il"]);
        check("de-AT", "Wir haben keine Wahl, es sei denn", &["keine", "es sei"]);
        check("es", "Tal vez, si no", &["tal vez", "si", "no"]);
        assert!(words("pt").is_none() && words("").is_none() && words("enm").is_none());
    }

    #[test]
    fn numbers_are_found_in_digits_and_words() {
        let text = Text::new("two of 15 % and no more");
        assert_eq!(words("en").unwrap().find(&text, 0..text.len()).numbers, ["two", "15", "%"]);
    }
}
