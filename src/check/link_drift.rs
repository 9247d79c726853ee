//! # link-drift
//!
//! The page of a source was read, and a quotation that cites the source does not stand in it. Either the page was changed
//! after it was quoted, or the words are not this source's. Only `rejoinder check --external` looks.
//!
//! ```yaml
//! quote: Hello to the loom
//! sources: [{ ref: article }]     # warned: https://gazette.example/article holds other words
//! ```
//!
//! Open the page. If it was changed, find the earlier version in an archive, name it under `archive:`, and tell readers of
//! the change. If this source prints the words differently, write how: `as_printed: …`. If the words stand somewhere else,
//! cite that source.
//!
//! Words are compared by the rules that `quote-mismatch` uses. A page that needs a script to show its text, one that is
//! behind a paywall (`access: paywalled`) and one that was not read to its end say nothing, and are not reported.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::Graph;
use crate::links::{Entry, Held, Links, mark, quoted};
use crate::verify::QuoteUse;

pub(super) static CODE: Code =
    Code { name: "link-drift", level: Level::Warning, manual: include_str!("link_drift.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnLinks(run) };

fn run(graph: &Graph, links: &Links, report: &mut Report) {
    for (url, uses) in quoted(graph) {
        let Some(entry) = links.get(&url) else { continue };
        for it in uses.iter().filter(|it| entry.quotes.get(&mark(it)) == Some(&Held::Gone)) {
            report.add(drifted(graph, it, entry));
        }
    }
}

fn drifted(graph: &Graph, it: &QuoteUse, entry: &Entry) -> Diagnostic {
    let node = graph.node(it.statement);
    let file = &node.record().origin.file;
    let cited_at = Place::field(file, node.field(&format!("sources[{}].ref", it.use_idx)));
    let source = graph.node(it.source).short_key();
    let message = format!("the page of the source `{source}` does not hold these words");
    Diagnostic::new(&CODE, Place::field(file, it.field(graph)), message)
        .label(format!("not there on {}", entry.checked.display()))
        .also(cited_at, "cited here")
        .help("open the page; if it was changed, name an earlier copy under `archive:`")
        .help("if this source prints other words, write them as `as_printed:`")
}
