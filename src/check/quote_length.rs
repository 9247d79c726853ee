//! # quote-length
//!
//! More words of one source are quoted than the site allows itself. Short quotations are a right in most places; whole
//! articles in pieces are not, and a page that lives on one text is a copy of it.
//!
//! Counted are the words of all quotations that cite the source (`ref`), as it printed them where `as_printed` says so, each
//! passage once, also where a shorter quotation is the beginning of a longer one. Paraphrases do not count.
//!
//! The limit is `quote_limit:` in `site.yaml`, 300 words unless it says otherwise; 0 sets none.
//!
//! ```yaml
//! quote_limit: 150
//! ```
//!
//! Say some of it in your own words (`says:`), or quote the speakers' own posts and letters instead of the article that
//! prints them. For a text that anybody may quote, write why in the source:
//!
//! ```yaml
//! accept: { code: quote-length, why: The hearing's record is in the public domain. }
//! ```

use std::collections::BTreeMap;

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Form, Kind, Site};
use crate::quote;

pub(super) static CODE: Code =
    Code { name: "quote-length", level: Level::Warning, manual: include_str!("quote_length.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnSite(run) };

fn run(graph: &Graph, site: &Site, report: &mut Report) {
    if site.quote_limit == 0 {
        return;
    }
    let mut quoted: BTreeMap<NodeId, Vec<(String, usize)>> = BTreeMap::new();
    for id in graph.of_kind(Kind::Statement) {
        let Some(statement) = graph.node(id).statement().filter(|it| it.form == Form::Quote) else {
            continue;
        };
        for (it, source, _) in graph.source_uses(id, &statement.sources) {
            let original = statement.original.as_ref().map_or(&statement.words, |it| &it.text);
            let words = it.as_printed.as_ref().unwrap_or(original);
            if let Some(source) = source {
                quoted.entry(source).or_default().push(quote::joined_words(words, '\n'));
            }
        }
    }
    for (id, passages) in quoted {
        let n_words = n_distinct_words(passages);
        if n_words > site.quote_limit {
            let source = graph.node(id);
            let limit = site.quote_limit;
            report.add(
                Diagnostic::new(
                    &CODE,
                    source.place("title"),
                    format!("{n_words} words of this source are quoted"),
                )
                .label(format!("{} more than the limit of {limit}", n_words - limit))
                .help("say some of it in your own words, or quote the speakers' own posts and letters"),
            );
        }
    }
}

/// How many words the passages have, without those that are the beginning of another.
fn n_distinct_words(mut passages: Vec<(String, usize)>) -> usize {
    passages.sort_unstable();
    // Whatever begins like a passage stands right behind it.
    let is_begun_again =
        |idx: usize| passages.get(idx + 1).is_some_and(|it| it.0.starts_with(&passages[idx].0));
    (0..passages.len()).filter(|idx| !is_begun_again(*idx)).map(|idx| passages[idx].1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_counts_once() {
        let count =
            |texts: &[&str]| n_distinct_words(texts.iter().map(|it| quote::joined_words(it, '\n')).collect());
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&["one two", "One, two!", "one two three", "four"]), 4);
        assert_eq!(count(&["one two", "two three"]), 4);
        assert_eq!(
            count(&["one two", "one twofold", "10 per cent", "10 per centum"]),
            9,
            "words begin whole"
        );
    }
}
