//! What stands around the quoted words, and around what they leave out (rules 5, 7, 8 and 10).

use std::ops::Range;

use super::amount;
use super::class::Class;
use super::judge::{Judge, LEAST_LETTERS_OF_PART, Size, one_level};
use super::note::{BracketHow, Note, NoteKind, Side};
use super::path::Step;
use super::risky::{self, RiskyWords};
use super::sentence;

impl Judge<'_> {
    /// Quotation marks of the source that the quotation drops must not lead out of what is quoted there: the words
    /// behind them are somebody else's. Marks that only the quotation has do no harm.
    pub(super) fn marks(&mut self) {
        let Range { start, end } = self.path.source;
        // A mark behind a paragraph break repeats the one that is open.
        let here = |gap: &str| one_level(gap.split('\n').next().unwrap_or(""));
        let places = |gap: &str| here(gap).replace(|it: char| it != '"' && it != ' ', "");
        let mut dropped = 0;
        let mut leaves = false;
        let (mut compared_ours, mut compared_theirs) = (Vec::new(), Vec::new());
        for step in &self.path.steps {
            let Step::Between { quote, source, .. } = step else { continue };
            compared_ours.push(*quote);
            compared_theirs.push(*source);
            let (ours, theirs) = (self.quote.gap(*quote), self.source.gap(*source));
            if ours == theirs || !here(theirs).contains('"') || places(ours) == places(theirs) {
                continue;
            }
            dropped += here(theirs).matches('"').count();
            let is_left = || self.index.depth(*source) < self.index.depth(start);
            leaves |= self.source.words[*source].paragraph == self.source.words[start].paragraph && is_left();
        }
        compared_theirs.sort_unstable();
        compared_ours.sort_unstable();
        // In gaps only double marks count: single ones may be apostrophes.
        let double = |gap: &str| gap.split('\n').next().unwrap_or("").matches('"').count();
        let theirs = (start + 1..end).filter(|it| compared_theirs.binary_search(it).is_err());
        let theirs: usize = theirs.map(|it| double(self.source.gap(it))).sum();
        let ours = (1..self.quote.len()).filter(|it| compared_ours.binary_search(it).is_err());
        let ours: usize = ours.map(|it| double(self.quote.gap(it))).sum();
        dropped += theirs.saturating_sub(ours);
        if leaves || dropped % 2 == 1 {
            self.note(Class::Mismatch, NoteKind::CrossesQuotation);
        }
    }

    /// What the source says around the words.
    pub(super) fn surroundings(&mut self) {
        let Range { start, end } = self.path.source;
        let before = sentence::start(self.source, start)..start;
        let after = end..sentence::end(self.source, end);
        let is_cut = !before.is_empty() || !after.is_empty();
        let changes = |it: &Note| matches!(it.kind, NoteKind::Gap { .. } | NoteKind::Bracket { .. });
        if risky::words(self.options.lang).is_none() && (is_cut || self.notes.iter().any(changes)) {
            let lang = self.options.lang.to_owned();
            self.note(Class::Exact, NoteKind::NoWordList { lang });
        }
        // Whether somebody else says the rest of the sentence or not: it may turn the meaning of the words.
        let before = sentence::start_of_all(self.source, start)..start;
        let after = end..sentence::end_of_all(self.source, end);
        let reach = risky::words(self.options.lang).map_or(0, RiskyWords::reach);
        let (reach_after, reach_before) = (end.saturating_sub(reach).max(start), (start + reach).min(end));
        let sides = [
            (Side::Before, before.clone(), before.start..reach_before, start..reach_before),
            (Side::After, after.clone(), reach_after..after.end, reach_after..end),
        ];
        for (side, words, reached, own) in sides {
            if words.is_empty() {
                continue;
            }
            let mut risky = self.found(self.source, &reached).risky;
            if reach > 0 {
                let count = |range: &Range<usize>| self.found(self.source, range).negations;
                let (all, inside) = (count(&reached), count(&own));
                let n = |list: &[String], word: &String| list.iter().filter(|it| *it == word).count();
                risky.retain(|it| n(&all, it) > n(&inside, it));
            }
            if !risky.is_empty() {
                self.note_at(Class::Exact, NoteKind::Context { side, risky }, &words);
            }
        }
        self.cut_amounts();
        self.left_quotations();
        let mut size = Size::default();
        for step in &self.path.steps {
            match step {
                Step::Word { quote, .. } => size.add(self.quote, *quote),
                Step::Patched { quote, .. } => size.add(self.quote, quote.start),
                _ => (),
            }
        }
        let least_letters = if size.unspaced > 0 { LEAST_LETTERS_OF_PART } else { 20 };
        let is_weak = size.words < 4 && size.unspaced == 0 || size.letters < least_letters;
        let is_placed = self.options.is_post || self.options.locator.is_some_and(|it| !it.trim().is_empty());
        if is_weak && !is_placed {
            self.note(
                Class::Exact,
                NoteKind::Weak { words: size.words.max(size.unspaced), letters: size.letters },
            );
        }
        let depth = self.index.depth(start);
        if depth > 1 || depth > 0 && self.options.is_post {
            self.note(Class::Exact, NoteKind::InnerQuotation { depth, own_post: self.options.is_post });
        }
    }

    /// Gaps and brackets that lead out of a quotation of the source, or into one.
    fn left_quotations(&mut self) {
        let Range { start, end } = self.path.source;
        for step in &self.path.steps {
            let (words, kind) = match step {
                Step::Gap { source } => (source, NoteKind::GapLeavesQuotation),
                Step::Bracket { how: BracketHow::Insertion | BracketHow::Replacement, source, .. } => {
                    (source, NoteKind::BracketLeavesQuotation)
                }
                _ => continue,
            };
            // At the ends of the quotation there are no words on the other side.
            let is_between = words.start > start && words.end < end;
            if is_between
                && self.index.leaves_quotation(words.start, words.end)
                && !self.notes.iter().any(|it| it.kind == kind)
            {
                self.note(Class::Exact, kind);
            }
        }
    }

    /// Amounts that an end of the quotation, a gap or a bracket cuts.
    fn cut_amounts(&mut self) {
        let Range { start, end } = self.path.source;
        let mut places = vec![(Side::Before, start), (Side::After, end)];
        for step in &self.path.steps {
            match step {
                Step::Gap { source }
                | Step::Bracket { how: BracketHow::Replacement, source, .. }
                | Step::SourceBracket { source, kept: false } => {
                    places.extend([(Side::After, source.start), (Side::Before, source.end)]);
                }
                _ => (),
            }
        }
        let Some(list) = risky::words(self.options.lang) else { return };
        for (side, idx) in places {
            let Some(word) = amount::cut(list, self.source, idx, side) else { continue };
            let kind = NoteKind::CutAmount { side, word };
            if !self.notes.iter().any(|it| it.kind == kind) {
                self.note(Class::Exact, kind);
            }
        }
    }
}
