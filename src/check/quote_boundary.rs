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
use crate::quote::{Change, diff};
use crate::verify::Wording;

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
    // A word in the place of a similar one was changed, and the marks did not move.
    let neighbour = if is_end { after_shared(&kept) } else { before_shared(&kept) };
    let own = words.split_whitespace().next()?.to_lowercase();
    let is_changed = neighbour.is_some_and(|it| it.to_lowercase().chars().take(4).eq(own.chars().take(4)));
    (!is_changed).then(|| words.trim().to_owned())
}

fn after_shared(changes: &[&Change]) -> Option<String> {
    let at = changes.iter().rposition(|it| matches!(it, Change::Same(_)))?;
    let removed = changes[at..].iter().find(|it| matches!(it, Change::Removed(_)))?;
    text(removed).split_whitespace().next().map(str::to_owned)
}

fn before_shared(changes: &[&Change]) -> Option<String> {
    let at = changes.iter().position(|it| matches!(it, Change::Same(_)))?;
    let removed = changes[..at].iter().rfind(|it| matches!(it, Change::Removed(_)))?;
    text(removed).split_whitespace().last().map(str::to_owned)
}

fn text(change: &Change) -> &str {
    match change {
        Change::Same(text) | Change::Removed(text) | Change::Added(text) => text,
    }
}
