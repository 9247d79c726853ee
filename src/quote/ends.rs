//! Brackets at the ends of a quotation. What they stand for nobody can see, but for the sentence they stand in.

use std::ops::Range;

use super::between::between;
use super::note::{BracketHow, LONGEST_REPLACEMENT, NoteKind};
use super::path::Step;
use super::pattern::Element;
use super::search::{Entry, Search};
use super::sentence;

impl Search<'_> {
    /// A bracket at the end of the quotation. It stands for the rest of the sentence where that is short enough; else
    /// nobody can know for how much, and it is an insertion.
    pub(super) fn trail(&mut self, words: &Range<usize>, round: bool, at: usize) -> bool {
        let source = &self.source.text;
        if round {
            self.steps.push(Step::Round { quote: words.clone() });
            return self.finish(at);
        }
        let end = sentence::end(source, at);
        let (how, end) = match end - at {
            1..=LONGEST_REPLACEMENT => (BracketHow::Replacement, end),
            rest => {
                self.before_rest(rest);
                (BracketHow::Insertion, at)
            }
        };
        self.steps.push(Step::Bracket { how, quote: words.clone(), source: at..end });
        self.finish(at) && {
            self.end = end;
            true
        }
    }

    /// Says for how many words the sentence goes on at a bracket that is an insertion.
    fn before_rest(&mut self, words: usize) {
        if words > 0 {
            self.steps.push(Step::Remark(NoteKind::BracketBeforeRest { words }));
        }
    }

    /// What stands before the first word of the speaker; the first word of the source that it covers.
    pub(super) fn lead(&mut self, core: usize, start: usize, steps: &mut Vec<Step>) -> usize {
        let source = &self.source.text;
        let mut first = start;
        for element in self.pattern.elements[..core].iter().rev() {
            let Element::Bracket { words, round, sic } = element else { continue };
            if *sic {
                steps.push(Step::Refused(NoteKind::LooseSic));
                continue;
            }
            self.steps.clear();
            let from = first.checked_sub(words.len()).filter(|it| self.literal(words, *it, Entry::First));
            if from.is_none() {
                self.steps.clear();
            }
            if let Some(from) = from {
                steps.append(&mut self.steps);
                match between(&self.pattern.text, words.end, source, first, self.flags(words.end)) {
                    Ok(found) => steps.push(Step::Between { quote: words.end, source: first, found }),
                    Err(kind) => steps.push(Step::Refused(kind)),
                }
                if !round && !source.gap(from).contains('[') {
                    let (how, quote) = (BracketHow::Literal, words.clone());
                    steps.push(Step::Bracket { how, quote, source: from..first });
                }
                first = from;
            } else if *round {
                steps.push(Step::Round { quote: words.clone() });
            } else {
                let from = sentence::start(source, first);
                let (how, from) = match first - from {
                    1..=LONGEST_REPLACEMENT => (BracketHow::Replacement, from),
                    rest => {
                        self.before_rest(rest);
                        steps.append(&mut self.steps);
                        (BracketHow::Insertion, first)
                    }
                };
                steps.push(Step::Bracket { how, quote: words.clone(), source: from..first });
                first = from;
            }
        }
        first
    }
}
