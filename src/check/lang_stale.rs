//! # lang-stale
//!
//! A translation was made from other words than the statement has now. Somebody corrected the quotation, and its translation
//! still says the old thing.
//!
//! A translation can remember what it translates by a digest of the words:
//!
//! ```yaml
//! quote: Finally one that opens with a screwdriver
//! translations:
//!   - { lang: fr, text: Enfin un qui s’ouvre avec un tournevis, digest: 0d9e2bc1 }
//! ```
//!
//! The digest is of `original.text`, else of `quote` or `says`. You need not work it out: write `digest: new`, and the help of
//! this warning says what to write. Without one, nothing can be said about the translation's age, and nothing is.
//!
//! **Bad**: copying the new digest without reading the translation again.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::Graph;
use crate::model::Kind;
use crate::text::Fingerprint;

pub(super) static CODE: Code =
    Code { name: "lang-stale", level: Level::Warning, manual: include_str!("lang_stale.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let Some(statement) = node.statement() else { continue };
        let dated = statement
            .translations
            .iter()
            .enumerate()
            .filter_map(|(idx, it)| Some((idx, it.digest.as_ref()?)));
        for (idx, digest) in dated {
            let words = statement.original.as_ref().map_or(&statement.words, |it| &it.text);
            let now = Fingerprint::of(words.as_bytes()).short();
            if *digest != now {
                report.add(
                    Diagnostic::new(
                        &CODE,
                        node.place(&format!("translations[{idx}].digest")),
                        "this translation was made from other words than the statement has now",
                    )
                    .label(format!("the words now have the digest {now}"))
                    .help(format!("read the translation again, then write `digest: {now}`")),
                );
            }
        }
    }
}
