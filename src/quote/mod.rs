//! The quote matcher `qm/1`: whether a source says what a quotation says it says.
//!
//! In: the text of a quotation, the text of a source, [`Options`]. Out: a [`Class`], the places in the source, and notes
//! ([`Match`]). The answer depends on nothing else, and on every machine it is the same. Nothing here is fuzzy but
//! [`nearest`], which suggests and never decides. Knows nothing of files, records or languages beyond a tag.
//!
//! ```
//! use rejoinder::quote::{Class, Options, SourceText, find};
//!
//! let source = SourceText::new("The mayor said: “We will not, I promise, sell the harbour.”");
//! let options = Options { locator: Some("third paragraph"), ..Options::default() };
//! let class = |quote| find(quote, &source, &options).class;
//! assert_eq!(class("We will not, I promise, sell the harbour."), Class::Exact);
//! assert_eq!(class("We will not ... sell the harbour."), Class::Editorial);
//! assert_eq!(class("We will sell the harbour."), Class::Mismatch);
//! ```
//!
//! # The rules
//!
//! The classes, best first: exact, typographic, edge, words, editorial, house-style; those pass. Then mismatch,
//! no-source, no-text; those do not. A quotation gets the best class that all of its parts deserve. Where a rule could
//! be read in two ways, or would let something untrue through, the stricter reading was taken; such decisions are
//! marked **Decided**.
//!
//! 1. **Text.** What is compared is text that somebody extracted before: paragraphs separated by a blank line. Words
//!    that a line end divides are put together. If the source prints the whole word elsewhere it is that word, if it
//!    prints the compound it is the compound, else the quotation may have either. A source without words is no-text,
//!    never a pass. A text that ends in an ellipsis is cut off: a quotation that begins with its last words, three at
//!    least (or twelve letters in a script without spaces), and goes on is no-text. **Decided:** any other quotation that is not in a cut text is a mismatch, since it contradicts what
//!    we have.
//! 2. **Typographic.** Normal form C; all quotation marks and double primes are `"`, all apostrophes, single primes and
//!    backticks `'`; all hyphens, dashes and the minus sign are `-`; `…` is `...`; white space of any kind and length
//!    is one space; soft hyphens, zero-width characters, marks of direction, variation selectors and byte order marks
//!    are nothing; full-width forms are ASCII. Compatibility forms (`½`, `²`, `ﬁ`) and accents stay what they are.
//!    **Decided:** exact means the same characters, so a line break in the source where the quotation has a space is
//!    typographic. A blank line is not a space: where only one side has it the class is words, with a note.
//! 3. **Edge.** The case of the first letter, and the closing mark: comma, full stop, `!` or `?` dropped, added,
//!    changed, or on the other side of a quotation mark. Nothing else. A comma counts as a closing mark only before a
//!    quotation mark. **Decided:** `?` is never added, neither here nor inside: a statement is not a question. The space that
//!    French puts before `? ! : ;` is typographic. An added
//!    `!` is words. A `?` of the source that the quotation drops or changes, at its end, inside or before an ellipsis, is
//!    a finding.
//! 4. **Words.** The same words in the same order, while other punctuation, or the case of letters, differs. Each is a
//!    note; directly beside a word that can turn the meaning (rule 5) it is a finding (`No looms` for `No, looms`).
//!    Punctuation is a closed list: a sign that is not on it is a word and must be there (`$`, `%`, `+`, `/`, a
//!    minus or a decimal point before a digit, a dash or a colon between digits, an emoji).
//!    **Decided:** a spaced minus before a number, a spaced dash between numbers and round brackets around nothing but an
//!    amount must be there, too.
//! 5. **Ellipsis.** `...`, `…`, `. . .`, in square or round brackets or not, stands for 1 to 60 words of one paragraph.
//!    The parts stand in the order of the source. With four dots, or with `¶` or a blank line beside it, it may cross
//!    paragraphs and leave out any number of words, which is a finding. So is an ellipsis or a bracket that leads out of
//!    a quotation of the source or into one. Each part has two words, or twelve letters in a
//!    script without spaces. Where the source has an ellipsis itself it is punctuation, which the quotation
//!    must not drop. Negations, hedges and
//!    conditions among the omitted words, or in the rest of the sentence at both ends, whoever says it, are findings, from a
//!    closed list for each language (English, French, German, Spanish; negations only for Chinese and Japanese); for
//!    another language a finding says that nothing was looked for. They decide nothing. **Decided:** an ellipsis that leaves nothing out is a mismatch; one at the very
//!    beginning or end is editorial.
//! 6. **Brackets.** Square ones are tried as words of the source, then as an insertion where the source has nothing,
//!    then as a replacement of 1 to 6 words of one paragraph. Inside a word they change case (`[t]he`); **decided:** or
//!    add an ending of grammar (`want[ed]`), but no other letters (`[un]able`). At the ends of a quotation a bracket
//!    stands for the words up to the end of the sentence, if those are six at most; if there are more it is an
//!    insertion and a finding. `[sic]` follows a word of the
//!    source. Round ones are words of the source or an insertion, and then a finding. The source's own square brackets
//!    may be left out, or kept without being shown as brackets; **decided:** both are editorial, the second a finding,
//!    as those words may be an editor's. At least 60 percent of the quotation are words of the source: a gap counts as
//!    one word, a bracket as the words in it or those it replaces, whichever are more. **Decided:** a bracket that
//!    spells out the abbreviation before it counts as one.
//! 7. **Quotations inside.** Marks of all levels are one kind. Words that stand in a quotation within the source get a
//!    note: they may be somebody else's. In the speaker's own post they are, which is a finding. **Decided:** a quotation that drops a mark of the source must not begin inside
//!    what is quoted there and end outside, nor lead out and in again without an ellipsis: `invest "very heavily" in
//!    AI` does not give `very heavily in AI`.
//! 8. **Boundaries.** A quotation, and each of its parts, begins and ends between words (UAX 29). **Decided:** also not
//!    inside a hyphenated compound (`non-violent` does not give `violent`), with a short dash for the hyphen or not, nor
//!    between an amount and its sign (`5 %`, `$30`), nor between digits and three more behind a space (`12 500`). An
//!    amount that goes on in words (`5 million`, `minus 5`) may be cut; that is a finding. Chinese, Japanese, Thai, Lao, Khmer and Burmese are compared grapheme by grapheme; there it takes eight
//!    letters.
//! 9. **House style.** Only where it is asked for, each time with a note: a hyphen for a space in a compound; the stops
//!    of `U.S.` and `Mr.`; `per cent` and `percent`; digits and words up to nine; British and American spellings, from
//!    a closed list.
//! 10. **Several places.** The best class counts, then the fewest findings, then the first place. A quotation of fewer
//!     than four words or twenty letters (twelve, in a script without spaces) is weak, which is a finding, unless it
//!     has a locator or the source is the speaker's own post. **Decided:** the locator is in the author's words and
//!     chooses no place.
//! 11. **Speech.** That a transcript by a third party proves less is a matter of grades, not of this comparison. An
//!     "um" is left out only with an ellipsis.
//! 12. **Translation.** What is compared is the original text; the caller passes that.
//! 13. **Cost.** A source is folded and indexed once, in one pass. A quotation is looked up by the rarest three of its
//!     consecutive words, and only those places are read. See `benches/quotes.rs`. A quotation with more than 300 gaps
//!     and brackets is refused.

mod amount;
mod around;
mod between;
mod class;
mod diff;
mod ends;
mod fold;
mod house;
mod judge;
mod nearest;
mod note;
mod note_text;
mod path;
mod pattern;
mod risky;
mod search;
mod sentence;
mod source;
mod spellings;
mod tokens;
mod word_lists;

#[cfg(test)]
mod tests;

pub use class::Class;
pub use diff::{Change, diff, marked};
pub use house::HouseRule;
pub use nearest::{Nearest, nearest};
pub use note::{BracketHow, EdgeKind, Note, NoteKind, Side};
pub use source::SourceText;

use judge::{Reading, judge};
use pattern::{Element, Pattern};
use search::{MOST_CHOICES, Search};
use tokens::{Shape, Text};

use crate::text::Span;

/// The name and version of these rules. It is stored with every result; other rules get another name.
pub const RULES: &str = "qm/1";

/// What is known about a quotation beside its words.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Language of the quotation, as a tag: `en-GB`. It chooses the list of words that can turn a meaning.
    pub lang: &'a str,
    /// Whether a house style may change spellings (rule 9).
    pub house_style: bool,
    /// Where in the source the quotation stands, in the author's words.
    pub locator: Option<&'a str>,
    /// Whether the source is the speaker's own post: a short quotation needs no locator there (rule 10), and a quotation
    /// inside it is somebody else's (rule 7).
    pub is_post: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { lang: "en", house_style: false, locator: None, is_post: false }
    }
}

/// What came of comparing a quotation with a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The class.
    pub class: Class,
    /// Where the words stand in the source as it was given: one span for each part between ellipses. For a mismatch,
    /// where a reading stands that a rule forbids, or nothing.
    pub spans: Vec<Span>,
    /// What is to be said beside it.
    pub notes: Vec<Note>,
    /// In how many places of the source the quotation passes.
    pub hits: usize,
}

impl Match {
    fn without_place(class: Class, kind: Option<NoteKind>) -> Match {
        Match { class, spans: Vec::new(), notes: kind.into_iter().map(Note::from).collect(), hits: 0 }
    }
}

/// Looks for a quotation in a source.
///
/// Never fails, and never answers [`Class::NoSource`]. Of several places the best class counts, then the fewest
/// findings, then the first place.
pub fn find(quote: &str, source: &SourceText, options: &Options<'_>) -> Match {
    let pattern = Pattern::new(quote);
    if source.is_empty() {
        return Match::without_place(Class::NoText, None);
    }
    if pattern.elements.is_empty() {
        return Match::without_place(Class::Mismatch, Some(NoteKind::Empty));
    }
    let n_edits = pattern.elements.iter().filter(|it| !matches!(it, Element::Word(_))).count();
    if n_edits > MOST_CHOICES {
        return Match::without_place(Class::Mismatch, Some(NoteKind::TooManyEdits { edits: n_edits }));
    }
    let (strict, hits) = best(&pattern, source, options, false);
    if let Some(best) = strict {
        let class = if best.class.passes() { best.class } else { Class::Mismatch };
        return Match { class, spans: best.spans, notes: best.notes, hits };
    }
    explain(&pattern, source, options)
}

/// The best reading, and how many pass.
fn best(
    pattern: &Pattern,
    source: &SourceText,
    options: &Options<'_>,
    lenient: bool,
) -> (Option<Reading>, usize) {
    let rank = |it: &Reading| {
        let findings = it.notes.iter().filter(|it| it.finding().is_some()).count();
        (it.class, findings, it.notes.len())
    };
    let mut best: Option<Reading> = None;
    let mut hits = 0;
    Search::new(pattern, source, options.house_style, lenient).each(|path| {
        let reading = judge(pattern, source, path, options);
        hits += usize::from(reading.class.passes());
        if best.as_ref().is_none_or(|best| rank(&reading) < rank(best)) {
            best = Some(reading);
        }
    });
    (best, hits)
}

/// The words of a text, in small letters and without the punctuation between them: what texts are compared by that are
/// no source and quotation of each other. `$`, `%` and the like are words.
pub fn words(text: &str) -> Vec<String> {
    let text = Text::new(text);
    (0..text.len()).map(|idx| text.word(idx).to_lowercase()).collect()
}

/// The same words in one text, each with `behind` behind it, and how many there are. No word holds a line end.
pub fn joined_words(text: &str, behind: char) -> (String, usize) {
    let words = Text::new(text);
    let mut joined = String::with_capacity(text.len() + 8);
    for idx in 0..words.len() {
        let word = words.word(idx);
        match word.is_ascii() {
            true => joined.extend(word.chars().map(|c| c.to_ascii_lowercase())),
            false => joined.push_str(&word.to_lowercase()),
        }
        joined.push(behind);
    }
    (joined, words.len())
}

/// Why a quotation is not in the source, as far as that can be said.
fn explain(pattern: &Pattern, source: &SourceText, options: &Options<'_>) -> Match {
    /// Parts that are looked for one by one; with more of them nobody reads which is missing.
    const MOST_PARTS: usize = 12;
    let is_bracket = |it: &Element| matches!(it, Element::Bracket { .. } | Element::Gap { .. });
    if pattern.elements.iter().all(is_bracket) {
        return Match::without_place(Class::Mismatch, Some(NoteKind::MostlyEdited { percent: 0 }));
    }
    if source.truncated && runs_past_the_end(pattern, source) {
        return Match::without_place(Class::NoText, Some(NoteKind::Truncated));
    }
    if let (Some(reading), _) = best(pattern, source, options, true) {
        return Match { class: Class::Mismatch, spans: reading.spans, notes: reading.notes, hits: 0 };
    }
    let parts = pattern.parts();
    if parts.len() < 2 || parts.len() > MOST_PARTS {
        return Match::without_place(Class::Mismatch, source.truncated.then_some(NoteKind::Truncated));
    }
    let missing = parts.iter().position(|part| best(&Pattern::new(part), source, options, false).0.is_none());
    let kind = match missing {
        Some(idx) => NoteKind::PartMissing { part: idx + 1 },
        None => NoteKind::PartsOutOfOrder,
    };
    Match::without_place(Class::Mismatch, Some(kind))
}

/// Whether the quotation begins with the last words of a text that was cut off. One or two words prove nothing: any text
/// may begin with them.
fn runs_past_the_end(pattern: &Pattern, source: &SourceText) -> bool {
    let quote = &pattern.text;
    let text = &source.text;
    let n_words = text.len();
    const LEAST_WORDS: usize = 3;
    const LEAST_LETTERS: usize = 12;
    let is_enough = |length: usize| {
        let n = |shape: Shape| (0..length).filter(|it| quote.words[*it].shape == shape).count();
        n(Shape::Word) >= LEAST_WORDS || n(Shape::Unspaced) >= LEAST_LETTERS
    };
    (1..=quote.len().min(n_words)).filter(|it| is_enough(*it)).any(|length| {
        let start = n_words - length;
        let last = length - 1;
        let folded = |idx: usize| (quote.word(idx).to_lowercase(), text.word(start + idx).to_lowercase());
        let same = |idx: usize| {
            let (ours, theirs) = folded(idx);
            ours == theirs
        };
        // The last word may be cut, too.
        let (ours, theirs) = folded(last);
        let is_cut = length > 1 && ours != theirs && ours.starts_with(&theirs);
        let last_same = is_cut || ours == theirs && length < quote.len();
        last_same && (0..last).all(same)
    })
}
