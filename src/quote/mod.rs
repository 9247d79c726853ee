//! The quote matcher `qm/1`.

mod between;
mod class;
mod diff;
mod fold;
mod house;
mod judge;
mod nearest;
mod note;
mod note_text;
mod pattern;
mod risky;
mod search;
mod sentence;
mod source;
mod spellings;
mod tokens;

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
use tokens::Text;

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

/// Whether the quotation begins with the last words of a text that was cut off.
fn runs_past_the_end(pattern: &Pattern, source: &SourceText) -> bool {
    let quote = &pattern.text;
    let text = &source.text;
    let n_words = text.len();
    (1..=quote.len().min(n_words)).any(|length| {
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
