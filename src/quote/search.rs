//! The search: where the words of a quotation stand in a source, in order, with its gaps and brackets.
//!
//! Choices are tried in the order of the rules, and the first path
//! from a start that reaches the end of the quotation is taken. A *lenient* search goes on where a rule forbids it and
//! notes the rule: it explains why there is no path, and never gives a class that passes.

use std::collections::HashSet;
use std::ops::Range;

use super::between::{adds_question, between, is_cut};
use super::house;
use super::note::{BracketHow, LONGEST_GAP, LONGEST_REPLACEMENT, NoteKind};
use super::path::{Path, Same, Step};
use super::pattern::{Element, Pattern, ellipsis};
use super::source::SourceText;

/// How a word is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Entry {
    /// It is the first.
    First,
    /// From the word before it: what stands between is compared.
    Plain,
    /// From a gap or a bracket.
    Loose,
}

/// One search for one quotation.
pub(super) struct Search<'a> {
    pub(super) pattern: &'a Pattern,
    pub(super) source: &'a SourceText,
    house_style: bool,
    lenient: bool,
    /// Where the search was before, in vain.
    dead: HashSet<(usize, usize, Entry, bool)>,
    /// Whether brackets replace nothing for now: an insertion is tried at all places before.
    only_inserts: bool,
    pub(super) steps: Vec<Step>,
    /// How many words may still be looked at.
    n_steps_left: usize,
    /// How many choices led here.
    n_choices: usize,
    pub(super) end: usize,
}

/// The most choices in one path: gaps and brackets of the quotation, brackets of the source. A quotation with more of
/// them is none; the search would take the stack of the program.
pub(super) const MOST_CHOICES: usize = 300;

/// The most words looked at in one search. Only a text that repeats itself for pages, quoted at that length, needs more:
/// there the places beyond are not counted.
const MOST_STEPS: usize = 5_000_000;

impl<'a> Search<'a> {
    pub(super) fn new(
        pattern: &'a Pattern,
        source: &'a SourceText,
        house_style: bool,
        lenient: bool,
    ) -> Search<'a> {
        let (dead, steps) = (HashSet::new(), Vec::new());
        Search {
            pattern,
            source,
            house_style,
            lenient,
            dead,
            only_inserts: false,
            steps,
            n_steps_left: MOST_STEPS,
            n_choices: 0,
            end: 0,
        }
    }

    /// Shows all paths, one for each place where the quotation may start.
    pub(super) fn each(&mut self, mut show: impl FnMut(&Path)) {
        let is_core = |it: &Element| matches!(it, Element::Word(_) | Element::Patched { .. });
        let Some(core) = self.pattern.elements.iter().position(is_core) else { return };
        for start in self.starts(core) {
            if self.n_steps_left == 0 {
                break;
            }
            self.steps.clear();
            if self.go(core, start, Entry::First) {
                let mut steps = std::mem::take(&mut self.steps);
                let first = self.lead(core, start, &mut steps);
                let path = Path { steps, source: first..self.end };
                show(&path);
                self.steps = path.steps;
            }
        }
    }

    /// Where in the source the first word of the speaker may stand.
    fn starts(&self, core: usize) -> Vec<usize> {
        let elements = &self.pattern.elements[core..];
        let mut starts = match &elements[0] {
            Element::Patched { words, with, without } => {
                let first = self.pattern.text.word(words.start);
                let keys = [with.as_str(), without.as_str(), first].map(house::key);
                keys.iter().flat_map(|key| self.source.places(*key)).collect()
            }
            Element::Word(_) | Element::Gap { .. } | Element::Bracket { .. } => {
                let run = elements.iter().map_while(|it| match it {
                    Element::Word(word) => Some(self.pattern.text.words[*word].key),
                    Element::Gap { .. } | Element::Bracket { .. } | Element::Patched { .. } => None,
                });
                let run: Vec<u32> = run.collect();
                let mut starts = self.source.starts(&run);
                if !self.source.brackets.is_empty() {
                    // A bracket of the source may stand between the three words that were looked up.
                    starts.extend(run.first().into_iter().flat_map(|key| self.source.places(*key)));
                    // And `[t]he` in the source is two words.
                    starts.extend(self.source.brackets.iter().filter(|it| self.is_patched(**it)));
                }
                starts
            }
        };
        // Where the source ends too soon there is nothing to try. A divided word of the source may be two of the quotation.
        let run = elements.iter().take_while(|it| matches!(it, Element::Word(_))).count();
        let least = if self.source.has_splits { run / 2 } else { run };
        starts.retain(|it| it + least <= self.source.text.len());
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    fn go(&mut self, mut element_idx: usize, mut at: usize, mut entry: Entry) -> bool {
        let n_steps = self.steps.len();
        // Where there is no choice there is nothing to come back to: words in a row need no stack, however many.
        while let Some(Element::Word(word)) = self.pattern.elements.get(element_idx)
            && self.source.brackets.binary_search(&at).is_err()
        {
            let Some(n_words) = self.step(element_idx, *word, at, entry) else {
                self.steps.truncate(n_steps);
                return false;
            };
            (element_idx, at, entry) = (element_idx + n_words, at + 1, Entry::Plain);
        }
        let Some(element) = self.pattern.elements.get(element_idx) else { return self.finish(at) };
        let state = (element_idx, at, entry, self.only_inserts);
        if self.n_choices == MOST_CHOICES || self.dead.contains(&state) {
            self.steps.truncate(n_steps);
            return false;
        }
        self.n_choices += 1;
        let found = match element {
            Element::Word(word) => self.word(element_idx, *word, at, entry),
            Element::Gap { word, wide } => self.gap(element_idx, *word, *wide, at),
            Element::Bracket { words, round, sic } => {
                self.bracket(element_idx, words, *round, *sic, at, entry)
            }
            Element::Patched { words, with, without } => {
                self.patched(element_idx, words, [with, without], at, entry)
            }
        };
        self.n_choices -= 1;
        if !found {
            self.steps.truncate(n_steps);
            self.dead.insert(state);
        }
        found
    }

    /// Takes a step that a rule forbids: only a lenient search does.
    fn refuse(&mut self, kind: NoteKind) -> bool {
        if self.lenient {
            self.steps.push(Step::Refused(kind));
        }
        self.lenient
    }

    /// Behind the last word.
    pub(super) fn finish(&mut self, at: usize) -> bool {
        self.end = at;
        is_cut(&self.source.text, at) || self.refuse(NoteKind::InsideWord)
    }

    /// What has to hold before a word of the quotation that stands there in the source.
    fn enter(&mut self, word: usize, at: usize, entry: Entry) -> bool {
        let (quote, source) = (&self.pattern.text, &self.source.text);
        match entry {
            Entry::First => is_cut(source, at) || self.refuse(NoteKind::InsideWord),
            Entry::Loose => {
                (is_cut(source, at) || self.refuse(NoteKind::InsideWord))
                    && (!adds_question(behind_ellipsis(quote.gap(word)), source.gap(at))
                        || self.refuse(NoteKind::AddedQuestion))
            }
            Entry::Plain => match between(quote, word, source, at, self.flags(word)) {
                Ok(found) => {
                    self.steps.push(Step::Between { quote: word, source: at, found });
                    true
                }
                Err(kind) => self.refuse(kind),
            },
        }
    }

    pub(super) fn flags(&self, word: usize) -> (bool, bool) {
        (self.house_style, self.pattern.bracketed.contains(&word))
    }

    /// Takes one word of the source; how many words of the quotation it is, or none when it is another word.
    fn step(&mut self, element_idx: usize, word: usize, at: usize, entry: Entry) -> Option<usize> {
        self.n_steps_left = self.n_steps_left.checked_sub(1)?;
        if let Some(same) = self.same(word, at) {
            self.enter(word, at, entry).then_some(())?;
            self.push_word(word, at, same);
            return Some(1);
        }
        if self.split(element_idx, word, at) && self.enter(word, at, entry) {
            self.steps.push(Step::Word { quote: word, source: at, same: Same::Typographic });
            self.steps.push(Step::LineEnd);
            self.steps.push(Step::Word { quote: word + 1, source: at, same: Same::Typographic });
            return Some(2);
        }
        None
    }

    /// A word before which the source opens a bracket.
    fn word(&mut self, element_idx: usize, word: usize, at: usize, entry: Entry) -> bool {
        let n_steps = self.steps.len();
        if let Some(n_words) = self.step(element_idx, word, at, entry)
            && self.go(element_idx + n_words, at + 1, Entry::Plain)
        {
            return true;
        }
        self.steps.truncate(n_steps);
        self.source_bracket(element_idx, word, at, entry)
    }

    /// A word of the source that stands there; none when it is another.
    fn same(&mut self, word: usize, at: usize) -> Option<Same> {
        let (quote, source) = (&self.pattern.text, &self.source.text);
        let there = source.words.get(at)?;
        if there.key != quote.words[word].key {
            return None;
        }
        if quote.raw(word) == source.raw(at) {
            return Some(Same::Exact);
        }
        let (ours, theirs) = (quote.word(word), source.word(at));
        if ours == theirs {
            return Some(Same::Typographic);
        }
        if ours.to_lowercase() == theirs.to_lowercase() {
            return Some(Same::Case);
        }
        let rule = house::rule(ours, theirs)?;
        if self.house_style {
            return Some(Same::House(rule));
        }
        self.refuse(NoteKind::HouseOnly { rule }).then_some(Same::House(rule))
    }

    fn push_word(&mut self, word: usize, at: usize, same: Same) {
        if self.source.text.words[at].broken {
            self.steps.push(Step::LineEnd);
        }
        self.steps.push(Step::Word { quote: word, source: at, same });
    }

    /// Whether two words of the quotation are the two halves of a word that a line end divides.
    fn split(&self, element_idx: usize, word: usize, at: usize) -> bool {
        let (quote, source) = (&self.pattern.text, &self.source.text);
        let Some(there) = source.words.get(at).filter(|it| it.split > 0) else { return false };
        let is_next = self.pattern.elements.get(element_idx + 1) == Some(&Element::Word(word + 1));
        if !is_next || !["-", "- "].contains(&quote.gap(word + 1)) {
            return false;
        }
        let (first, second) = source.word(at).split_at(there.split as usize);
        quote.word(word).to_lowercase() == first.to_lowercase()
            && quote.word(word + 1).to_lowercase() == second.to_lowercase()
    }

    /// A bracket of the source begins there: the quotation may leave it out, or keep the letter in it.
    fn source_bracket(&mut self, element_idx: usize, word: usize, at: usize, entry: Entry) -> bool {
        let n_steps = self.steps.len();
        let source = &self.source.text;
        if self.is_patched(at) {
            let joined = format!("{}{}", source.word(at), source.word(at + 1));
            if joined.to_lowercase() == self.pattern.text.word(word).to_lowercase()
                && self.enter(word, at, entry)
            {
                self.steps.push(Step::SourceBracket { source: at..at + 1, kept: true });
                self.steps.push(Step::Word { quote: word, source: at, same: Same::Typographic });
                if self.go(element_idx + 1, at + 2, Entry::Plain) {
                    return true;
                }
                self.steps.truncate(n_steps);
            }
        }
        let Some(end) = self.source.bracket_end(at).filter(|_| entry != Entry::First) else { return false };
        if source.words.get(end).is_none_or(|it| it.paragraph != source.words[at - 1].paragraph) {
            return false;
        }
        self.steps.push(Step::SourceBracket { source: at..end, kept: false });
        self.go(element_idx, end, Entry::Loose)
    }

    /// Whether a bracket in the source holds the beginning of a word: `[t]he`.
    fn is_patched(&self, at: usize) -> bool {
        let source = &self.source.text;
        at + 1 < source.len() && source.gap(at).ends_with('[') && source.gap(at + 1) == "]"
    }

    fn gap(&mut self, element_idx: usize, word: usize, wide: bool, at: usize) -> bool {
        let (quote, source) = (&self.pattern.text, &self.source.text);
        if at >= source.len() {
            return false;
        }
        let n_steps = self.steps.len();
        if (ellipsis(source.gap(at)).is_some() || self.lenient) && self.go(element_idx + 1, at, Entry::Plain)
        {
            return true;
        }
        self.steps.truncate(n_steps);
        if !is_cut(source, at) && !self.refuse(NoteKind::InsideWord) {
            return false;
        }
        let asked = before_ellipsis(quote.gap(word));
        if adds_question(asked, source.gap(at)) && !self.refuse(NoteKind::AddedQuestion) {
            return false;
        }
        if matches!(self.pattern.elements.get(element_idx + 1), Some(Element::Bracket { .. }))
            && !self.only_inserts
        {
            self.only_inserts = true;
            let found = self.leave_out(element_idx, wide, at);
            self.only_inserts = false;
            if found {
                return true;
            }
        }
        self.leave_out(element_idx, wide, at)
    }

    /// Leaves out as few words as it takes.
    fn leave_out(&mut self, element_idx: usize, wide: bool, at: usize) -> bool {
        let source = &self.source.text;
        let n_steps = self.steps.len();
        let paragraph = source.words[at - 1].paragraph;
        let longest = if wide || self.lenient { source.len() } else { LONGEST_GAP };
        for end in at + 1..source.len().min(at + longest + 1) {
            let Some(left) = self.n_steps_left.checked_sub(1) else { break };
            self.n_steps_left = left;
            let crosses = source.words[end].paragraph != paragraph;
            if crosses && !wide && !self.lenient {
                break;
            }
            if !self.may_start(element_idx + 1, end) {
                continue;
            }
            self.steps.push(Step::Gap { source: at..end });
            if crosses && !wide {
                self.steps.push(Step::Refused(NoteKind::GapCrossesParagraph));
            }
            if !wide && end - at > LONGEST_GAP {
                self.steps.push(Step::Refused(NoteKind::GapTooFar { words: end - at }));
            }
            if self.go(element_idx + 1, end, Entry::Loose) {
                return true;
            }
            self.steps.truncate(n_steps);
        }
        false
    }

    /// Whether it is worth trying an element there.
    fn may_start(&self, element_idx: usize, at: usize) -> bool {
        let Some(Element::Word(word)) = self.pattern.elements.get(element_idx) else { return true };
        let Some(there) = self.source.text.words.get(at) else { return false };
        there.key == self.pattern.text.words[*word].key
            || there.split > 0
            || self.source.brackets.binary_search(&at).is_ok()
    }

    fn bracket(
        &mut self,
        element_idx: usize,
        words: &Range<usize>,
        round: bool,
        sic: bool,
        at: usize,
        entry: Entry,
    ) -> bool {
        let n_steps = self.steps.len();
        if self.literal(words, at, entry) {
            let end = at + words.len();
            if !round && !self.source.text.gap(at).contains('[') {
                let source = at..end;
                self.steps.push(Step::Bracket { how: BracketHow::Literal, quote: words.clone(), source });
            }
            if self.go(element_idx + 1, end, Entry::Plain) {
                return true;
            }
        }
        self.steps.truncate(n_steps);
        let asks =
            adds_question(before_ellipsis(self.pattern.text.gap(words.start)), self.source.text.gap(at));
        if asks && !self.refuse(NoteKind::AddedQuestion) {
            return false;
        }
        if sic {
            let follows_word = matches!(self.steps.last(), Some(Step::Word { .. })) && entry == Entry::Plain;
            if !follows_word && !self.refuse(NoteKind::LooseSic) {
                return false;
            }
            return self.insert(element_idx, words, BracketHow::Sic, round, at);
        }
        if element_idx + 1 == self.pattern.elements.len()
            && !(round && self.source.text.gap(at).contains('('))
        {
            return self.trail(words, round, at);
        }
        // A bracket in the place of a bracket.
        if !round && let Some(end) = self.source.bracket_end(at).filter(|it| self.is_one_paragraph(at, *it)) {
            let (how, quote) = (BracketHow::Replacement, words.clone());
            self.steps.push(Step::Bracket { how, quote, source: at..end });
            if end - at <= LONGEST_REPLACEMENT && self.go(element_idx + 1, end, Entry::Loose) {
                return true;
            }
            self.steps.truncate(n_steps);
        }
        if round && self.source.text.gap(at).contains('(') {
            // The source has another round bracket in this very place.
            return false;
        }
        if self.insert(element_idx, words, BracketHow::Insertion, round, at) {
            return true;
        }
        !round && !self.only_inserts && self.replace(element_idx, words, at)
    }

    /// Words in brackets that stand in the source as they are.
    pub(super) fn literal(&mut self, words: &Range<usize>, at: usize, entry: Entry) -> bool {
        for (idx, word) in words.clone().enumerate() {
            let entry = if idx == 0 { entry } else { Entry::Plain };
            let Some(same) = self.same(word, at + idx) else { return false };
            if !self.enter(word, at + idx, entry) {
                return false;
            }
            self.push_word(word, at + idx, same);
        }
        true
    }

    fn insert(
        &mut self,
        element_idx: usize,
        words: &Range<usize>,
        how: BracketHow,
        round: bool,
        at: usize,
    ) -> bool {
        let n_steps = self.steps.len();
        let is_last = element_idx + 1 == self.pattern.elements.len();
        if !is_last && !self.is_one_paragraph(at, at) {
            return false;
        }
        self.steps.push(match round {
            true => Step::Round { quote: words.clone() },
            false => Step::Bracket { how, quote: words.clone(), source: at..at },
        });
        let found = self.go(element_idx + 1, at, Entry::Loose);
        if !found {
            self.steps.truncate(n_steps);
        }
        found
    }

    fn replace(&mut self, element_idx: usize, words: &Range<usize>, at: usize) -> bool {
        const LONGEST_TO_EXPLAIN: usize = 40;
        let source = &self.source.text;
        if !is_cut(source, at) {
            return false;
        }
        let n_steps = self.steps.len();
        let longest = if self.lenient { LONGEST_TO_EXPLAIN } else { LONGEST_REPLACEMENT };
        for end in at + 1..source.len().min(at + longest + 1) {
            if !self.is_one_paragraph(at, end) {
                break;
            }
            if !self.may_start(element_idx + 1, end) {
                continue;
            }
            let how = BracketHow::Replacement;
            self.steps.push(Step::Bracket { how, quote: words.clone(), source: at..end });
            if end - at > LONGEST_REPLACEMENT {
                self.steps.push(Step::Refused(NoteKind::LongReplacement { words: end - at }));
            }
            if self.go(element_idx + 1, end, Entry::Loose) {
                return true;
            }
            self.steps.truncate(n_steps);
        }
        false
    }

    /// Whether the words before `at` and at `end` stand in one paragraph.
    fn is_one_paragraph(&self, at: usize, end: usize) -> bool {
        let words = &self.source.text.words;
        at > 0 && end < words.len() && words[at - 1].paragraph == words[end].paragraph
    }

    /// A word with letters in brackets.
    fn patched(
        &mut self,
        element_idx: usize,
        words: &Range<usize>,
        [with, without]: [&String; 2],
        at: usize,
        entry: Entry,
    ) -> bool {
        let source = &self.source.text;
        if at >= source.len() {
            return false;
        }
        let n_steps = self.steps.len();
        if self.literal(words, at, entry) && self.go(element_idx + 1, at + words.len(), Entry::Plain) {
            return true;
        }
        self.steps.truncate(n_steps);
        let there = source.word(at);
        let how = if there == with {
            BracketHow::Literal
        } else if there.to_lowercase() == with.to_lowercase() {
            BracketHow::Case
        } else if there.to_lowercase() == without.to_lowercase() && is_ending(with, without) {
            BracketHow::Insertion
        } else {
            return false;
        };
        if !self.enter(words.start, at, entry) {
            return false;
        }
        self.steps.push(Step::Patched { how, quote: words.clone(), source: at });
        self.go(element_idx + 1, at + 1, Entry::Plain)
    }
}

/// What a gap of the quotation holds before its ellipsis; all of it when it has none.
fn before_ellipsis(gap: &str) -> &str {
    ellipsis(gap).map_or(gap, |it| &gap[..it.range.start])
}

/// What it holds behind it.
fn behind_ellipsis(gap: &str) -> &str {
    ellipsis(gap).map_or(gap, |it| &gap[it.range.end..])
}

/// Whether a word with letters in brackets has an ending of grammar that it has not without them. Other letters make
/// other words: `[un]able`, `hope[less]`.
fn is_ending(with: &str, without: &str) -> bool {
    const ENDINGS: [&str; 8] = ["s", "es", "d", "ed", "ing", "n", "en", "e"];
    with.strip_prefix(without).is_some_and(|it| ENDINGS.contains(&it))
}
