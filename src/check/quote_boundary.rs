//! # quote-boundary
//!
//! A source prints a quotation whose marks stand elsewhere than in the words as we have them: its quotation ends, or begins, with
//! words that are not the speaker's but its own.
//!
//! That is how paraphrases become quotations: an outlet writes would invest "very heavily" in AI, and the next one prints "very
//! heavily in AI". The note says which source did so; readers see both wordings in the statement's table of variants. It is
//! found where the source's wording is given as `as_printed`.
//!
//! Nothing needs to be done. If the source's wording is the right one, correct `quote:`.

use super::{Check, Quotes, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::model::Wording;
use crate::quote::{Change, diff};

pub(super) static CODE: Code =
    Code { name: "quote-boundary", level: Level::Note, manual: include_str!("quote_boundary.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

/// How many words two wordings must share beside the edge.
const FEWEST_SHARED: usize = 2;

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    let graph = quotes.graph;
    let printed = quotes.comparisons.iter().filter(|it| it.subject.wording == Wording::AsPrinted);
    for it in printed {
        let node = graph.node(it.subject.statement);
        let Some(statement) = node.statement() else { continue };
        let Some(words) = beyond(&diff(&statement.words, it.subject.words(graph))) else { continue };
        let place = Place::field(&node.record().origin.file, it.subject.field(graph));
        let source = graph.node(it.subject.source).short_key();
        report.add(
            Diagnostic::new(
                &CODE,
                place,
                format!("`{source}` quotes more than the words we have: `{words}`"),
            )
            .label("its quotation marks stand elsewhere")
            .help("check where the marks stand; readers see both wordings"),
        );
    }
}

/// The words at one edge of a wording that the other has not, when everything between them and its other end is shared.
fn beyond(diff: &[Change]) -> Option<String> {
    let kept: Vec<&Change> = diff.iter().filter(|it| !text(it).trim().is_empty()).collect();
    let shared =
        |it: &Change| matches!(it, Change::Same(text) if text.split_whitespace().count() >= FEWEST_SHARED);
    // What the other wording has at the edges was only cut off here.
    let inner: Vec<&Change> = {
        let start = kept.iter().position(|it| !matches!(it, Change::Removed(_)))?;
        let end = kept.iter().rposition(|it| !matches!(it, Change::Removed(_)))?;
        kept[start..=end].to_vec()
    };
    let ends = match inner.as_slice() {
        [before, Change::Added(words)] if shared(before) => Some((words, true)),
        [before, Change::Removed(_), Change::Added(words)] if shared(before) => Some((words, true)),
        [Change::Added(words), after] if shared(after) => Some((words, false)),
        _ => None,
    };
    let (words, is_end) = ends?;
    let n_words = |text: &str| text.split_whitespace().count();
    let n_shared: usize =
        inner.iter().filter(|it| matches!(it, Change::Same(_))).map(|it| n_words(text(it))).sum();
    // Where less is shared than not, the wordings are different sentences.
    if n_shared < n_words(words) {
        return None;
    }
    // A word in the place of a similar one was changed, and the marks did not move.
    let removed = if is_end { kept.last() } else { kept.iter().find(|it| !matches!(it, Change::Added(_))) };
    let removed = removed.filter(|it| matches!(it, Change::Removed(_))).map_or("", |it| text(it));
    let removed = if is_end { removed_before(&kept).unwrap_or(removed) } else { removed };
    let is_changed =
        words.split_whitespace().any(|it| removed.split_whitespace().any(|own| resembles(it, own)));
    (!is_changed).then(|| words.trim().to_owned())
}

/// What stood in the place of the last addition.
fn removed_before<'c>(changes: &[&'c Change]) -> Option<&'c str> {
    let at = changes.iter().rposition(|it| matches!(it, Change::Added(_)))?;
    match changes.get(at.checked_sub(1)?) {
        Some(Change::Removed(text)) => Some(text),
        _ => None,
    }
}

/// Whether two words begin alike, whatever their case.
fn resembles(a: &str, b: &str) -> bool {
    const LETTERS: usize = 3;
    let start = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
        letters.take(LETTERS).collect::<String>()
    };
    !start(a).is_empty() && start(a) == start(b)
}

fn text(change: &Change) -> &str {
    match change {
        Change::Same(text) | Change::Removed(text) | Change::Added(text) => text,
    }
}
