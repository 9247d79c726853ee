//! A source, folded and indexed once (rule 13).

use super::sentence;
use super::tokens::{Shape, Text};

/// The text of a source, ready to be compared with any number of quotations.
///
/// Paragraphs are separated by a blank line. Made in one pass over the text; a quotation then looks up where its words
/// stand instead of reading all of it.
#[derive(Clone, Debug)]
pub struct SourceText {
    pub(super) text: Text,
    /// Words before which a square bracket opens, ascending.
    pub(super) brackets: Vec<usize>,
    /// How many quotation marks are open, from which word on.
    depths: Vec<(usize, usize)>,
    /// Where each word stands.
    singles: Chains,
    /// Where each three consecutive words stand.
    triples: Chains,
    /// Whether a word may be read in two ways, so that places shift.
    pub(super) has_splits: bool,
    /// Whether the text ends in an ellipsis, as a shortened post does.
    pub(super) truncated: bool,
}

impl SourceText {
    /// Folds and indexes a text.
    pub fn new(text: &str) -> SourceText {
        let mut text = Text::new(text);
        rejoin(&mut text);
        let words = &text.words;
        let singles = Chains::new(words.iter().enumerate().map(|(idx, it)| (it.key, idx)));
        let mut triples: Vec<(u32, usize)> = words
            .windows(3)
            .enumerate()
            .map(|(idx, it)| (triple(it[0].key, it[1].key, it[2].key), idx))
            .collect();
        let mut has_splits = false;
        for (idx, _) in words.iter().enumerate().filter(|(_, it)| it.split > 0) {
            has_splits = true;
            triples.extend(triples_of_split(&text, idx));
        }
        let triples = Chains::new(triples.into_iter());
        let truncated = {
            let end = text.gap(text.len()).trim_end_matches([' ', '\n', '"', '\'', ')', ']']);
            text.len() > 0 && end.ends_with("...")
        };
        let brackets = match text.original.contains('[') || text.original.contains('［') {
            true => (0..text.len()).filter(|it| text.gap(*it).contains('[')).collect(),
            false => Vec::new(),
        };
        let depths = sentence::depths(&text);
        SourceText { text, brackets, depths, singles, triples, has_splits, truncated }
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text.original
    }

    /// Whether there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.text.len() == 0
    }

    /// How many quotation marks are open around a word, counted from the start of its paragraph.
    pub(super) fn depth(&self, idx: usize) -> usize {
        let behind = self.depths.partition_point(|(at, _)| *at <= idx);
        behind.checked_sub(1).map_or(0, |it| self.depths[it].1)
    }

    /// Whether the way from the word before `start` to the word at `end` leaves a quotation of the source, or enters one.
    /// What stands wholly between does not count.
    pub(super) fn leaves_quotation(&self, start: usize, end: usize) -> bool {
        if start == 0 || start > self.text.len() {
            return false;
        }
        let before = self.depth(start - 1);
        let inside = (start..=end.min(self.text.len() - 1)).map(|it| self.depth(it));
        let (least, last) = inside.fold((before, before), |(least, _), it| (least.min(it), it));
        let is_left = least < before.max(last);
        // `“Yes.” “No.”`: out and in again without a word between.
        let is_changed = |idx: usize| {
            idx < self.text.len()
                && self.depth(idx) > 0
                && self.depth(idx) == self.depth(idx - 1)
                && self.text.gap(idx).matches(['"', '\'']).count() > 1
        };
        is_left || (start..=end).any(is_changed)
    }

    /// Places of words with a key, ascending.
    pub(super) fn places(&self, key: u32) -> impl Iterator<Item = usize> {
        self.singles.places(key).filter(move |idx| self.text.words[*idx].key == key)
    }

    /// Places where a run of words may start, ascending. `keys` are those of the run.
    pub(super) fn starts(&self, keys: &[u32]) -> Vec<usize> {
        // How far a place may be off: each word that can be read as two takes one place instead of two.
        let slack = if self.has_splits { keys.len().min(4) } else { 0 };
        let rarest = (0..keys.len().saturating_sub(2))
            .map(|at| (at, triple(keys[at], keys[at + 1], keys[at + 2])))
            .min_by_key(|(at, key)| (self.triples.places(*key).take(40).count(), *at));
        let found: Vec<usize> = match rarest {
            Some((at, key)) => {
                let is_there = |place: &usize| {
                    let there = self.text.words[*place..].iter().map(|it| it.key);
                    self.has_splits || there.take(3).eq(keys[at..at + 3].iter().copied())
                };
                let places = self.triples.places(key).filter(is_there);
                places.flat_map(|place| spread(place, at, slack)).collect()
            }
            None => keys.first().into_iter().flat_map(|key| self.places(*key)).collect(),
        };
        let mut starts = found;
        if slack > 0 {
            // The first word may be the first half of one that is divided, and have another key.
            starts.extend(self.splits_starting_with(keys));
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Behind the last word of the square bracket that opens before this word.
    pub(super) fn bracket_end(&self, at: usize) -> Option<usize> {
        const LONGEST: usize = 40;
        let text = &self.text;
        if at >= text.len() || !text.gap(at).ends_with('[') {
            return None;
        }
        (at + 1..=text.len().min(at + LONGEST)).find(|it| text.gap(*it).starts_with(']'))
    }

    fn splits_starting_with(&self, keys: &[u32]) -> Vec<usize> {
        let Some(first) = keys.first() else { return Vec::new() };
        let splits = self.text.words.iter().enumerate().filter(|(_, it)| it.split > 0);
        let starts = splits
            .filter(|(idx, it)| super::house::key(&self.text.word(*idx)[..it.split as usize]) == *first);
        starts.map(|(idx, _)| idx).collect()
    }
}

fn spread(place: usize, at: usize, slack: usize) -> impl Iterator<Item = usize> {
    (0..=slack).filter_map(move |shift| (place + shift).checked_sub(at))
}

/// One number for three words.
fn triple(a: u32, b: u32, c: u32) -> u32 {
    let mixed = (u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(c);
    (mixed.wrapping_mul(0xff51_afd7_ed55_8ccd) >> 32) as u32
}

/// The triples around a word when it is read as two.
fn triples_of_split(text: &Text, idx: usize) -> Vec<(u32, usize)> {
    let word = text.word(idx);
    let (first, second) = word.split_at(text.words[idx].split as usize);
    let halves = [(super::house::key(first), idx), (super::house::key(second), idx)];
    let around = |from: usize, to: usize| (from..to.min(text.len())).map(|it| (text.words[it].key, it));
    let words: Vec<(u32, usize)> =
        around(idx.saturating_sub(2), idx).chain(halves).chain(around(idx + 1, idx + 3)).collect();
    words.windows(3).map(|it| (triple(it[0].0, it[1].0, it[2].0), it[0].1)).collect()
}

/// Puts words together that a hyphen at the end of a line divides.
///
/// The joined word is the only reading when the source prints it elsewhere and not the compound; the compound when it is
/// the other way round; else both are tried.
fn rejoin(text: &mut Text) {
    let is_divided = |idx: &usize| {
        // Asked for each word: the cheap question first. A blank line behind the hyphen is no line end.
        if !matches!(text.gap(idx + 1), "-" | "- ") {
            return false;
        }
        let gap = text.raw_gap(idx + 1);
        let Some(space) = gap.strip_prefix(['-', '\u{2010}', '\u{2011}']) else { return false };
        // Extraction joins lines, and marks what it could not tell.
        let is_marked = space == "\u{ad}";
        let is_break = is_marked || space.trim().is_empty() && space.contains(['\n', '\r', '\u{2028}']);
        is_break
            && text.words[*idx].shape == Shape::Word
            && text.words[idx + 1].shape == Shape::Word
            && text.word(*idx).ends_with(char::is_alphabetic)
            && text.word(idx + 1).starts_with(|c: char| c.is_lowercase() || is_marked && c.is_alphabetic())
    };
    let places: Vec<usize> = (0..text.len().saturating_sub(1)).filter(is_divided).collect();
    if places.is_empty() {
        return;
    }
    let singles = Chains::new(text.words.iter().enumerate().map(|(idx, it)| (it.key, idx)));
    let pairs: Vec<(usize, bool)> = places
        .into_iter()
        .filter_map(|idx| {
            let (first, second) = (text.word(idx).to_lowercase(), text.word(idx + 1).to_lowercase());
            let joined = format!("{first}{second}");
            let has_joined =
                singles.places(super::house::key(&joined)).any(|it| text.word(it).to_lowercase() == joined);
            let has_compound = singles.places(super::house::key(&first)).any(|it| {
                text.gap(it + 1) == "-"
                    && !text.raw_gap(it + 1).ends_with('\u{ad}')
                    && text.word(it).to_lowercase() == first
                    && it + 1 < text.len()
                    && text.word(it + 1).to_lowercase() == second
            });
            match (has_joined, has_compound) {
                (false, true) => None,
                (joined, _) => Some((idx, !joined || has_compound)),
            }
        })
        .collect();
    text.join(&pairs);
}

/// A hash table from keys to ascending places, in two flat arrays: one list for each slot.
#[derive(Clone, Debug, Default)]
struct Chains {
    /// For each slot the number of its first entry, plus one.
    heads: Vec<u32>,
    /// For each entry its place, and the number of the next one in its slot, plus one.
    entries: Vec<(u32, u32)>,
}

impl Chains {
    fn new(pairs: impl DoubleEndedIterator<Item = (u32, usize)> + ExactSizeIterator) -> Chains {
        let n_slots = (pairs.len() + 1).next_power_of_two();
        let mut chains = Chains { heads: vec![0; n_slots], entries: vec![(0, 0); pairs.len()] };
        let mut entry = pairs.len();
        for (key, place) in pairs.rev() {
            let slot = chains.slot(key);
            entry -= 1;
            chains.entries[entry] = (place as u32, chains.heads[slot]);
            chains.heads[slot] = entry as u32 + 1;
        }
        chains
    }

    fn slot(&self, key: u32) -> usize {
        // The low bits of the keys alone are not mixed well enough.
        let mixed = key.wrapping_mul(0x9e37_79b1);
        (mixed ^ mixed >> 15) as usize & (self.heads.len() - 1)
    }

    /// The places of all keys in the slot of this one: whoever asks compares.
    fn places(&self, key: u32) -> impl Iterator<Item = usize> {
        let first = if self.heads.is_empty() { 0 } else { self.heads[self.slot(key)] };
        let entries =
            std::iter::successors(first.checked_sub(1), |it| self.entries[*it as usize].1.checked_sub(1));
        entries.map(|it| self.entries[it as usize].0 as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let source = SourceText::new(text);
        let text = &source.text;
        let shown = |idx: usize| match text.words[idx].split {
            0 => text.word(idx).to_owned(),
            at => format!("{}|{}", &text.word(idx)[..at as usize], &text.word(idx)[at as usize..]),
        };
        (0..text.len()).map(shown).collect()
    }

    #[test]
    fn a_word_divided_by_a_line_end_is_one_word() {
        assert_eq!(words("an exam-\nple here"), ["an", "exam|ple", "here"]);
        assert_eq!(words("an exam-\nple, one example"), ["an", "example", "one", "example"]);
        assert_eq!(words("a well-\nknown and well-known"), ["a", "well", "known", "and", "well", "known"]);
        assert_eq!(words("an exam-\n\nple"), ["an", "exam", "ple"]);
        assert_eq!(words("Jean-\nPaul"), ["Jean", "Paul"]);
        assert_eq!(words("an exam- ple"), ["an", "exam", "ple"]);
        assert_eq!(words("co-\u{ad}owners x"), ["co|owners", "x"]);
        assert_eq!(words("NO-\u{ad}TES x"), ["NO|TES", "x"]);
        assert_eq!(words("un-\nbeliev-\nable x"), ["unbelievable", "x"]);
    }

    #[test]
    fn starts_are_found_by_the_rarest_three_words() {
        let source = SourceText::new("a b c a b d a b c e");
        let keys = |text: &str| Text::new(text).words.iter().map(|it| it.key).collect::<Vec<u32>>();
        assert_eq!(source.starts(&keys("a b c e")), [6]);
        assert_eq!(source.starts(&keys("a b c")), [0, 6]);
        assert_eq!(source.starts(&keys("b")), [1, 4, 7]);
        assert!(source.starts(&keys("x y z")).is_empty());
    }

    #[test]
    fn an_ellipsis_at_the_end_is_a_cut() {
        assert!(SourceText::new("We will ask…").truncated);
        assert!(SourceText::new("“We will ask ...”\n").truncated);
        assert!(!SourceText::new("We will… ask.").truncated);
        assert!(!SourceText::new("…").truncated);
    }
}
