//! From a path through the source to a class and its notes.

use std::ops::Range;

use super::Options;
use super::amount;
use super::between::{Between, adds_question, unspaced};
use super::class::Class;
use super::house::HouseRule;
use super::note::{BracketHow, EdgeKind, Note, NoteKind, Side};
use super::path::{Path, Same, Step};
use super::pattern::{Element, Pattern, ellipsis};
use super::risky::{self, Found, RiskyWords};

use super::sentence;
use super::source::SourceText;
use super::tokens::{Shape, Text};
use crate::text::Span;

/// One reading of a quotation: what a path amounts to.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) class: Class,
    pub(super) spans: Vec<Span>,
    pub(super) notes: Vec<Note>,
}

/// The least literal share of a quotation, in percent.
const LEAST_LITERAL: usize = 60;
/// The least letters of a quotation in a script without spaces.
const LEAST_LETTERS: usize = 8;
/// The same for a part between ellipses.
const LEAST_LETTERS_OF_PART: usize = 12;

/// Judges a path.
pub(super) fn judge(pattern: &Pattern, source: &SourceText, path: &Path, options: &Options<'_>) -> Reading {
    let mut judge = Judge {
        pattern,
        quote: &pattern.text,
        index: source,
        source: &source.text,
        options,
        path,
        class: Class::Exact,
        notes: Vec::new(),
        spans: Vec::new(),
        counts: Counts::default(),
    };
    judge.steps();
    judge.leading();
    judge.trailing();
    judge.counted();
    judge.shares();
    judge.marks();
    if judge.class.passes() {
        judge.surroundings();
    }
    Reading { class: judge.class, spans: judge.spans, notes: judge.notes }
}

struct Judge<'a> {
    pattern: &'a Pattern,
    quote: &'a Text,
    index: &'a SourceText,
    source: &'a Text,
    options: &'a Options<'a>,
    path: &'a Path,
    class: Class,
    notes: Vec<Note>,
    spans: Vec<Span>,
    counts: Counts,
}

/// What is counted along a path and said in one note.
#[derive(Default)]
struct Counts {
    punctuation: usize,
    paragraphs: usize,
    case: usize,
    line_ends: usize,
    /// Whether a question of the source is none in the quotation.
    drops_question: bool,
    /// Words that can turn a meaning, beside which punctuation differs.
    beside: Vec<String>,
    /// Words that are the source's.
    literal: usize,
    /// Words that are the editors', and gaps.
    edited: usize,
}

impl Judge<'_> {
    fn at_best(&mut self, class: Class) {
        self.class = self.class.max(class);
    }

    fn note(&mut self, class: Class, kind: NoteKind) {
        self.at_best(class);
        self.notes.push(kind.into());
    }

    /// A note about words of the source.
    fn note_at(&mut self, class: Class, kind: NoteKind, words: &Range<usize>) {
        let at = (!words.is_empty()).then(|| self.span(words));
        self.at_best(class);
        self.notes.push(Note { kind, at });
    }

    fn span(&self, words: &Range<usize>) -> Span {
        Span::new(self.source.range(words.start).start, self.source.range(words.end - 1).end)
    }

    fn steps(&mut self) {
        let path = self.path;
        let mut part = path.source.start;
        // Where a bracket opened that only the source has.
        let mut opened = None;
        // The last word of the quotation so far.
        let mut last = 0;
        for step in &path.steps {
            match step {
                Step::Word { quote, .. } => last = *quote,
                Step::Patched { quote, .. } | Step::Bracket { quote, .. } | Step::Round { quote } => {
                    last = quote.end - 1;
                }
                _ => (),
            }
            match step {
                Step::Word { quote, source, same } => self.word(*quote, *source, *same),
                Step::Between { quote, source, found } => {
                    self.between(*quote, *source, found);
                    if found.source_bracket && self.source.gap(*source).contains(']') {
                        let start = opened.take().unwrap_or(path.source.start);
                        self.kept_bracket(&(start..*source));
                    }
                    if found.source_bracket && self.source.gap(*source).contains('[') {
                        opened = Some(*source);
                    }
                }
                Step::LineEnd => self.counts.line_ends += 1,
                Step::Gap { source } => {
                    self.spans.push(self.span(&(part..source.start)));
                    part = source.end;
                    self.gap(source);
                    let asks = closing(self.source.gap(source.start), self.source.raw_gap(source.start));
                    self.counts.drops_question |= adds_question(asks, self.quote.gap(last + 1));
                }
                Step::Bracket { how, quote, source } => self.bracket(*how, quote, source),
                Step::Patched { how, quote, source } => {
                    self.counts.literal += 1;
                    let (words, replaced) = (quote.len(), 0);
                    let (alters_negation, alters_number) = self.patch_alters(quote, *source);
                    let how = *how;
                    let kind = NoteKind::Bracket { how, words, replaced, alters_negation, alters_number };
                    self.note_at(Class::Editorial, kind, &(*source..*source + 1));
                }
                Step::Round { quote } => {
                    let words = quote.len();
                    self.counts.edited += if self.is_expansion(quote) { 1 } else { words };
                    let inside = self.found(self.quote, quote);
                    let (alters_negation, alters_number) = altered(&inside, &Found::default());
                    self.note(
                        Class::Editorial,
                        NoteKind::RoundBracket { words, alters_negation, alters_number },
                    );
                }
                Step::SourceBracket { source, kept: true } => self.kept_bracket(source),
                Step::SourceBracket { source, kept: false } => {
                    let there = self.found(self.source, source);
                    let (alters_negation, alters_number) = altered(&Found::default(), &there);
                    let (words, kept) = (source.len(), false);
                    let kind = NoteKind::SourceBracket { words, kept, alters_negation, alters_number };
                    self.note_at(Class::Editorial, kind, source);
                }
                Step::Remark(kind) => self.note(Class::Editorial, kind.clone()),
                Step::Refused(kind) => self.note(Class::Mismatch, kind.clone()),
            }
        }
        if let Some(start) = opened {
            self.kept_bracket(&(start..path.source.end));
        } else if let Some(end) = self.bracket_around() {
            self.kept_bracket(&(path.source.start..end));
        }
        self.spans.push(self.span(&(part..path.source.end)));
    }

    /// The end of a bracket of the source that holds all of the words, and that the quotation does not show.
    fn bracket_around(&self) -> Option<usize> {
        let Range { start, end } = self.path.source;
        if self.quote.gap(0).contains('[') {
            return None;
        }
        let openings = &self.index.brackets[..self.index.brackets.partition_point(|it| *it <= start)];
        let closing = self.index.bracket_end(*openings.last()?)?;
        (closing >= end).then_some(end)
    }

    fn kept_bracket(&mut self, source: &Range<usize>) {
        let (words, kept, alters_negation, alters_number) = (source.len(), true, false, false);
        let kind = NoteKind::SourceBracket { words, kept, alters_negation, alters_number };
        self.note_at(Class::Editorial, kind, source);
    }

    fn word(&mut self, quote: usize, source: usize, same: Same) {
        self.counts.literal += 1;
        match same {
            Same::Exact => (),
            Same::Typographic => self.at_best(Class::Typographic),
            Same::Case
                if quote == 0 && differs_in_first_letter(self.quote.word(0), self.source.word(source)) =>
            {
                self.note(Class::Edge, NoteKind::Edge { what: EdgeKind::FirstLetter });
            }
            Same::Case => self.counts.case += 1,
            // Where none is asked for, the search has said so.
            Same::House(_) if !self.options.house_style => (),
            Same::House(rule) => {
                let (from, to) = (self.source.raw(source).to_owned(), self.quote.raw(quote).to_owned());
                self.note_at(
                    Class::HouseStyle,
                    NoteKind::HouseStyle { rule, from, to },
                    &(source..source + 1),
                );
            }
        }
    }

    fn between(&mut self, quote: usize, source: usize, found: &Between) {
        self.at_best(if found.differs { Class::Typographic } else { Class::Exact });
        self.counts.punctuation += usize::from(found.punctuation);
        if found.punctuation {
            self.beside(source);
        }
        self.counts.drops_question |= found.drops_question;
        self.counts.paragraphs += usize::from(found.paragraph);
        self.counts.line_ends += usize::from(found.line_end);
        if let Some(rule) = found.house {
            let both = |text: &Text, idx: usize| {
                let (from, to) = (text.range(idx - 1).start, text.range(idx).end);
                let to = if rule == HouseRule::Abbreviation { text.range(idx).start } else { to };
                text.original[from..to].split_whitespace().collect::<Vec<&str>>().join(" ")
            };
            let (from, to) = (both(self.source, source), both(self.quote, quote));
            self.note_at(
                Class::HouseStyle,
                NoteKind::HouseStyle { rule, from, to },
                &(source - 1..source + 1),
            );
        }
    }

    /// Whether a bracket inside a word makes another number of it, or another negation: `million[s]`.
    fn patch_alters(&self, quote: &Range<usize>, source: usize) -> (bool, bool) {
        let written: String = quote.clone().map(|it| self.quote.word(it)).collect();
        let whole = Text::new(&written);
        let there = self.source.word(source);
        if written.to_lowercase() == there.to_lowercase() {
            return (false, false);
        }
        altered(&self.found(&whole, &(0..whole.len())), &self.found(self.source, &(source..source + 1)))
    }

    /// Punctuation differs before this word of the source.
    fn beside(&mut self, source: usize) {
        // Of two words that count together, the first may stand one further away.
        for word in self.found(self.source, &(source.saturating_sub(2)..source + 1)).risky {
            let is_beside = [source - 1, source].iter().any(|it| {
                let one = self.found(self.source, &(*it..*it + 1)).risky;
                one.contains(&word) || word.contains(' ')
            });
            if is_beside && !self.counts.beside.contains(&word) {
                self.counts.beside.push(word);
            }
        }
    }

    fn found(&self, text: &Text, words: &Range<usize>) -> Found {
        match risky::words(self.options.lang) {
            Some(list) => list.find(text, words.clone()),
            None => Found { numbers: risky::digits(text, words.clone()), ..Found::default() },
        }
    }

    fn gap(&mut self, source: &Range<usize>) {
        self.counts.edited += 1;
        let risky = self.found(self.source, source).risky;
        let paragraph = |idx: usize| self.source.words[idx].paragraph;
        let crosses_paragraph =
            source.end < self.source.len() && paragraph(source.start - 1) != paragraph(source.end);
        let kind = NoteKind::Gap { words: source.len(), risky, crosses_paragraph };
        self.note_at(Class::Editorial, kind, source);
    }

    fn bracket(&mut self, how: BracketHow, quote: &Range<usize>, source: &Range<usize>) {
        let (words, replaced) = (quote.len(), source.len());
        let (alters_negation, alters_number) = match how {
            BracketHow::Literal | BracketHow::Case | BracketHow::Sic => (false, false),
            BracketHow::Insertion | BracketHow::Replacement => {
                altered(&self.found(self.quote, quote), &self.found(self.source, source))
            }
        };
        match how {
            // Its words are counted as words of the source.
            BracketHow::Literal | BracketHow::Case | BracketHow::Sic => (),
            BracketHow::Insertion if self.is_expansion(quote) => self.counts.edited += 1,
            BracketHow::Insertion | BracketHow::Replacement => self.counts.edited += words.max(replaced),
        }
        let replaced = if how == BracketHow::Replacement { replaced } else { 0 };
        let kind = NoteKind::Bracket { how, words, replaced, alters_negation, alters_number };
        self.note_at(Class::Editorial, kind, source);
    }

    /// Whether words in a bracket spell out the abbreviation before it: `AGI [artificial general intelligence]`.
    fn is_expansion(&self, words: &Range<usize>) -> bool {
        let Some(before) = words.start.checked_sub(1) else { return false };
        let initials: String = words.clone().filter_map(|it| self.quote.word(it).chars().next()).collect();
        words.len() > 1 && initials.to_uppercase() == self.quote.word(before)
    }

    /// What stands before the first word (rule 3: nothing but its first letter may differ).
    fn leading(&mut self) {
        let first = self.path.source.start;
        let (mut ours, mut raw) = (self.quote.gap(0).trim_start(), self.quote.raw_gap(0).trim_start());
        let theirs = self.source.gap(first);
        if self.pattern.cut_before && ellipsis(theirs).is_none() {
            self.note(Class::Editorial, NoteKind::CutMark { side: Side::Before });
            (ours, raw) = ("", "");
        }
        if matches!(self.pattern.elements.first(), Some(Element::Bracket { .. } | Element::Patched { .. })) {
            ours = ours.trim_end_matches(['[', '(']);
            raw = raw.trim_end_matches(['[', '(']);
        }
        if self.source.raw_gap(first).ends_with(raw) {
            if let Some(span) = self.spans.first_mut() {
                span.start -= raw.len();
            }
            return;
        }
        if ours.is_empty() {
            return;
        }
        match one_level(theirs).ends_with(&one_level(ours)) {
            true => self.at_best(Class::Typographic),
            false => self.counts.punctuation += 1,
        }
    }

    /// What stands behind the last word (rule 3).
    fn trailing(&mut self) {
        let (behind, end) = (self.quote.len(), self.path.source.end);
        let (mut ours, mut raw) = (self.quote.gap(behind).trim_end(), self.quote.raw_gap(behind).trim_end());
        let theirs = self.source.gap(end);
        let close = closing(theirs, self.source.raw_gap(end));
        if adds_question(ours, close) {
            self.note(Class::Mismatch, NoteKind::AddedQuestion);
            return;
        }
        let is_bracket = matches!(self.pattern.elements.last(), Some(Element::Bracket { .. }));
        self.counts.drops_question |= adds_question(close, ours) && !is_bracket;
        if self.pattern.cut_after && ellipsis(theirs).is_none() {
            self.note(Class::Editorial, NoteKind::CutMark { side: Side::After });
            return;
        }
        if let Some(Element::Bracket { round, .. }) = self.pattern.elements.last() {
            let mark = if *round { ')' } else { ']' };
            if !theirs.starts_with(mark) {
                // Whatever follows a bracket of the editors follows it in the quotation only.
                return;
            }
        }
        if self.source.raw_gap(end).starts_with(raw) {
            if let Some(last) = self.spans.last_mut() {
                last.end += raw.len();
            }
            raw = "";
        }
        // Behind a digit a mark may mean feet or inches.
        let is_measure = self.quote.word(behind - 1).ends_with(char::is_numeric)
            && !(0..behind).any(|it| self.quote.gap(it).contains(['"', '\'']));
        let mark = |gap: &str| gap.chars().next().filter(|it| matches!(it, '"' | '\''));
        if is_measure && mark(ours).zip(mark(close)).is_some_and(|(a, b)| a != b) {
            self.counts.punctuation += 1;
            return;
        }
        let differs = !raw.is_empty();
        let (level, level_there) = (one_level(&unspaced(ours)), one_level(&unspaced(close)));
        if let Some(rest) = level_there.strip_prefix(&level) {
            self.at_best(if differs { Class::Typographic } else { Class::Exact });
            if ours.ends_with('.') && rest.starts_with('.') {
                self.note(Class::Edge, NoteKind::Edge { what: EdgeKind::ClosingChanged });
            } else if ours.is_empty() && is_closed(rest) {
                self.note(Class::Edge, NoteKind::Edge { what: EdgeKind::ClosingDropped });
            }
            return;
        }
        if !differs {
            return;
        }
        let bare = |text: &str| unspaced(text).replace(['"', '\''], "").trim_end().to_owned();
        let (mark, there) = (bare(ours), bare(close));
        ours = mark.as_str();
        let what = if ours.is_empty() {
            is_closed(&there).then_some(EdgeKind::ClosingDropped)
        } else if ours.chars().count() > 1 || !ours.contains(CLOSING) {
            None
        } else if there.starts_with(ours) {
            Some(EdgeKind::ClosingMoved)
        } else if ours == "!" {
            // Emphasis that the source does not have is neither moved nor dropped.
            None
        } else if there.is_empty() {
            Some(EdgeKind::ClosingAdded)
        } else {
            Some(EdgeKind::ClosingChanged)
        };
        match what {
            Some(what) => self.note(Class::Edge, NoteKind::Edge { what }),
            None => self.counts.punctuation += 1,
        }
    }

    fn counted(&mut self) {
        let Counts { punctuation, paragraphs, case, line_ends, drops_question, .. } = self.counts;
        if drops_question {
            self.note(Class::Exact, NoteKind::DroppedQuestion);
        }
        let risky = std::mem::take(&mut self.counts.beside);
        if !risky.is_empty() {
            self.note(Class::Words, NoteKind::RiskyPunctuation { risky });
        }
        if punctuation > 0 {
            self.note(Class::Words, NoteKind::Punctuation { places: punctuation });
        }
        if paragraphs > 0 {
            self.note(Class::Words, NoteKind::Paragraph { places: paragraphs });
        }
        if case > 0 {
            self.note(Class::Words, NoteKind::Case { words: case });
        }
        if line_ends > 0 {
            self.note(Class::Typographic, NoteKind::Hyphenation { words: line_ends });
        }
    }

    /// Whether enough of the quotation is the source's, as a whole and in each part.
    fn shares(&mut self) {
        let Counts { literal, edited, .. } = self.counts;
        let percent = literal * 100 / (literal + edited).max(1);
        if percent < LEAST_LITERAL {
            self.note(Class::Mismatch, NoteKind::MostlyEdited { percent });
        }
        let mut parts = vec![Size::default()];
        for step in &self.path.steps {
            match step {
                Step::Gap { .. } => parts.push(Size::default()),
                Step::Word { quote, .. } => {
                    let part = parts.last_mut().expect("there is one from the beginning");
                    part.add(self.quote, *quote);
                }
                Step::Patched { .. } => parts.last_mut().expect("there is one from the beginning").words += 1,
                Step::Between { .. }
                | Step::LineEnd
                | Step::Bracket { .. }
                | Step::Round { .. }
                | Step::SourceBracket { .. }
                | Step::Remark(_)
                | Step::Refused(_) => (),
            }
        }
        let is_short = |part: &Size, least: usize| part.words < 2 && part.unspaced < least;
        if let [all] = parts.as_slice() {
            if all.unspaced > 0 && is_short(all, LEAST_LETTERS) {
                let kind = NoteKind::FewLetters { letters: all.unspaced, least: LEAST_LETTERS };
                self.note(Class::Mismatch, kind);
            }
        } else if let Some(idx) = parts.iter().position(|it| is_short(it, LEAST_LETTERS_OF_PART)) {
            self.note(Class::Mismatch, NoteKind::ShortPart { part: idx + 1 });
        }
    }

    /// Quotation marks of the source that the quotation drops must not lead out of what is quoted there: the words
    /// behind them are somebody else's. Marks that only the quotation has do no harm.
    fn marks(&mut self) {
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
    fn surroundings(&mut self) {
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
}

impl Judge<'_> {
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

/// How much of the source's own words there is.
#[derive(Default)]
struct Size {
    /// Words of scripts with spaces.
    words: usize,
    /// Letters of scripts without.
    unspaced: usize,
    /// Letters and digits of both.
    letters: usize,
}

impl Size {
    fn add(&mut self, text: &Text, idx: usize) {
        let letters = text.word(idx).chars().filter(|it| it.is_alphanumeric()).count();
        self.letters += letters;
        match text.words[idx].shape {
            Shape::Word => self.words += 1,
            Shape::Unspaced => self.unspaced += text.word(idx).chars().count(),
            Shape::Bound | Shape::Loose => (),
        }
    }
}

/// Marks with which a sentence, or a quotation before its attribution, closes.
const CLOSING: [char; 9] = [',', '.', '!', '?', '。', '、', '،', '؟', '۔'];

/// Whether a gap begins with a closing mark. A comma closes only before a quotation mark; an ellipsis does not.
fn is_closed(gap: &str) -> bool {
    let mut chars = gap.chars();
    match chars.next() {
        Some(',' | '、' | '،') => matches!(chars.next(), Some('"' | '\'')),
        Some(c) => CLOSING.contains(&c) && !gap.starts_with("..."),
        None => false,
    }
}

/// What closes behind a word: the gap up to its first space. French puts a space before some marks; it does not end it.
fn closing<'g>(gap: &'g str, raw: &str) -> &'g str {
    let is_closing_mark = |rest: &str| {
        raw.contains('»') && (rest == "\"" || rest.starts_with("\" ") || rest.starts_with("\"\n"))
    };
    let mut end = 0;
    while let Some(at) = gap[end..].find([' ', '\n']).map(|it| it + end) {
        let rest = &gap[at + 1..];
        if !gap[at..].starts_with(' ') || !(rest.starts_with(['?', '!', ':', ';']) || is_closing_mark(rest)) {
            return &gap[..at];
        }
        end = at + 1;
    }
    gap
}

/// All quotation marks as one kind (rule 7).
fn one_level(gap: &str) -> String {
    gap.replace('\'', "\"")
}

fn differs_in_first_letter(a: &str, b: &str) -> bool {
    let rest = |word: &str| -> String { word.chars().skip(1).collect() };
    rest(a) == rest(b)
}

/// Whether negations, and numbers, are others than there.
fn altered(here: &Found, there: &Found) -> (bool, bool) {
    let written_out = |found: &Found| -> Vec<&'static str> {
        // `do not` and `don't` deny alike; other words stay what they are.
        found
            .negations
            .iter()
            .filter(|it| matches!(it.as_str(), "n't" | "not" | "cannot"))
            .map(|_| "not")
            .collect()
    };
    let others = |found: &Found| -> Vec<String> {
        found
            .negations
            .iter()
            .filter(|it| !matches!(it.as_str(), "n't" | "not" | "cannot"))
            .cloned()
            .collect()
    };
    let negations = written_out(here) != written_out(there) || others(here) != others(there);
    (negations, here.numbers != there.numbers)
}
