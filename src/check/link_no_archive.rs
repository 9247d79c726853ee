//! # link-no-archive
//!
//! A statement rests on a source that has an address and no copy in an archive. Pages move, change and vanish, and posts
//! are deleted. Without a copy nobody can look up, later, what stood there.
//!
//! ```yaml
//! url: https://gazette.example/article                 # warned
//!
//! url: https://gazette.example/article                 # fine
//! archive: [{ url: https://web.archive.org/web/20260302/https://gazette.example/article, at: 2026-03-02 }]
//! ```
//!
//! Save the page at an archive that is open to everybody, and write where the copy is. There is one finding for each
//! source, however many statements cite it. A source that only figures or events rest on, and one whose address is itself
//! a copy in an archive, need none. If an archive refuses a page, say so in the source's `note:` and accept the finding.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::links::{address, host};
use crate::model::{Data, Kind, Relation};

pub(super) static CODE: Code =
    Code { name: "link-no-archive", level: Level::Warning, manual: include_str!("link_no_archive.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

/// Archives that anybody can save a page at and read it from.
const ARCHIVES: [&str; 9] = [
    "archive.org",
    "archive.today",
    "archive.ph",
    "archive.is",
    "archive.li",
    "archive.vn",
    "perma.cc",
    "ghostarchive.org",
    "megalodon.jp",
];

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Source) {
        let node = graph.node(id);
        let Data::Source(source) = &node.record().data else { continue };
        let Some(url) = &source.url else { continue };
        if !source.archive.is_empty() || is_a_copy(url) {
            continue;
        }
        let n_statements = statements_on(graph, id);
        if n_statements == 0 {
            continue;
        }
        let rest = match n_statements {
            1 => "a statement rests".to_owned(),
            _ => format!("{n_statements} statements rest"),
        };
        let place = Place::field(&node.record().origin.file, node.field("url"));
        let message = format!("{rest} on the source `{}`, which has no copy in an archive", node.short_key());
        report.add(
            Diagnostic::new(&CODE, place, message)
                .label("may change or vanish")
                .help("save the page at an archive, and write where: `archive: [{ url: …, at: … }]`"),
        );
    }
}

fn statements_on(graph: &Graph, source: NodeId) -> usize {
    graph.origins(source, Relation::Cites).filter(|it| graph.node(*it).kind == Kind::Statement).count()
}

fn is_a_copy(url: &str) -> bool {
    let Some(url) = address(url) else { return false };
    let host = host(&url);
    ARCHIVES.iter().any(|it| host.strip_suffix(it).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}
