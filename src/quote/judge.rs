//! From a path through the source to a class and its notes.

use std::ops::Range;

use super::Options;
use super::between::{Between, adds_question, unspaced};
use super::class::Class;
use super::house::HouseRule;
use super::note::{BracketHow, EdgeKind, Note, NoteKind, Side};
use super::path::{Path, Same, Step};
use super::pattern::{Element, Pattern, ellipsis};
use super::risky::{self, Found};

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
pub(super) const LEAST_LETTERS_OF_PART: usize = 12;

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

pub(super) struct Judge<'a> {
    pub(super) pattern: &'a Pattern,
    pub(super) quote: &'a Text,
    pub(super) index: &'a SourceText,
    pub(super) source: &'a Text,
    pub(super) options: &'a Options<'a>,
    pub(super) path: &'a Path,
    pub(super) class: Class,
    pub(super) notes: Vec<Note>,
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

    pub(super) fn note(&mut self, class: Class, kind: NoteKind) {
        self.at_best(class);
        self.notes.push(kind.into());
    }

    /// A note about words of the source.
    pub(super) fn note_at(&mut self, class: Class, kind: NoteKind, words: &Range<usize>) {
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

    pub(super) fn found(&self, text: &Text, words: &Range<usize>) -> Found {
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
}

/// How much of the source's own words there is.
#[derive(Default)]
pub(super) struct Size {
    /// Words of scripts with spaces.
    pub(super) words: usize,
    /// Letters of scripts without.
    pub(super) unspaced: usize,
    /// Letters and digits of both.
    pub(super) letters: usize,
}

impl Size {
    pub(super) fn add(&mut self, text: &Text, idx: usize) {
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
pub(super) fn one_level(gap: &str) -> String {
    gap.replace('\'', "\"")
}

fn differs_in_first_letter(a: &str, b: &str) -> bool {
    let rest = |word: &str| -> String { word.chars().skip(1).collect() };
    rest(a) == rest(b)
}

/// Whether negations, and numbers, are others than there.
fn altered(here: &Found, there: &Found) -> (bool, bool) {
    // `do not` and `don't` deny alike.
    let negations = |found: &Found| -> Vec<String> {
        let plain = |it: &String| match it.as_str() {
            "n't" | "cannot" => "not".to_owned(),
            other => other.to_owned(),
        };
        let mut all: Vec<String> = found.negations.iter().map(plain).collect();
        all.sort();
        all
    };
    let negations = negations(here) != negations(there);
    (negations, here.numbers != there.numbers)
}
