//! # lang-back-translation
//!
//! A quotation is printed in the language it was made in, and its words are not the original's. They have been translated
//! into another language and back, and nobody said them.
//!
//! Looked at are quotations with `original:`. If its language is the page's, or that of the words themselves (`lang:`), the
//! words must be the original's. Ellipses, words in square brackets and a fragment are fine. A translation in the list of
//! `translations:` into the language of the original is reported as well.
//!
//! **Bad**, on an English page
//!
//! ```yaml
//! quote: As AI becomes more efficient, its adoption will soar
//! original: { lang: en, text: "As AI gets more efficient, we will see its use skyrocket" }
//! ```
//!
//! **Good**: quote the original.
//!
//! ```yaml
//! quote: As AI gets more efficient, we will see its use skyrocket
//! ```
//!
//! A source that prints the other words can say so in `as_printed:`.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::Graph;
use crate::model::{Form, Kind, Original, Site};
use crate::quote::{self, Options, SourceText};
use crate::text::same_language;

pub(super) static CODE: Code = Code {
    name: "lang-back-translation",
    level: Level::Error,
    manual: include_str!("lang_back_translation.rs"),
};
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnSite(run) };

fn run(graph: &Graph, site: &Site, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let Some(statement) = node.statement().filter(|it| it.form == Form::Quote) else { continue };
        let page = graph.page_language(id, site);
        let own = statement.lang.as_deref().unwrap_or(page);
        let original = statement.original.as_ref();
        if let Some(original) = original {
            let is_home = [page, own].iter().any(|it| same_language(it, &original.lang));
            if is_home && !is_given(&statement.words, original) {
                let message = "this quotation stands in the language of its original, in other words";
                report.add(
                    Diagnostic::new(&CODE, node.place("quote"), message)
                        .label("not what was said")
                        .also(node.place("original.text"), "the original")
                        .help("quote the original"),
                );
            }
        }
        let spoken = original.map_or(own, |it| it.lang.as_str());
        for (idx, it) in statement.translations.iter().enumerate() {
            if same_language(&it.lang, spoken) {
                let message = "this translation is into the language the words were said in";
                report.add(
                    Diagnostic::new(&CODE, node.place(&format!("translations[{idx}].lang")), message)
                        .label("the original's language")
                        .help("take it out: readers of that language get the original"),
                );
            }
        }
    }
}

/// Whether a quotation is found in the original, as it would have to be in a source.
fn is_given(words: &str, original: &Original) -> bool {
    let options = Options { lang: &original.lang, is_post: true, ..Options::default() };
    quote::find(words, &SourceText::new(&original.text), &options).class.passes()
}
