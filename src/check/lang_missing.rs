//! # lang-missing
//!
//! A statement is in another language than its page, and there is nothing for readers who do not know that language: no
//! translation into the page's.
//!
//! **Bad**, on an English page
//!
//! ```yaml
//! - { id: hola, lang: es, quote: "Hola, telar", … }
//! ```
//!
//! **Good**
//!
//! ```yaml
//! - id: hola
//!   lang: es
//!   quote: Hola, telar
//!   translations: [{ lang: en, text: "Hello, loom", by: gazette, method: human }]
//! ```
//!
//! or the translation as the quotation, and the words that were said as `original: { lang: es, text: "Hola, telar" }`.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::Graph;
use crate::model::{Kind, Site};
use crate::text::same_language;

pub(super) static CODE: Code =
    Code { name: "lang-missing", level: Level::Note, manual: include_str!("lang_missing.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnSite(run) };

fn run(graph: &Graph, site: &Site, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let Some((statement, lang)) = node.statement().and_then(|it| Some((it, it.lang.as_deref()?))) else {
            continue;
        };
        let page = graph.page_language(id, site);
        let other = statement.translations.iter().map(|it| &it.lang);
        let mut all = other.chain(statement.original.as_ref().map(|it| &it.lang));
        if !same_language(lang, page) && !all.any(|it| same_language(it, page)) {
            report.add(
                Diagnostic::new(
                    &CODE,
                    node.place("lang"),
                    format!("this statement has no translation into `{page}`"),
                )
                .label("another language than its page")
                .help(format!("add `translations: [{{ lang: {page}, text: … }}]`")),
            );
        }
    }
}
