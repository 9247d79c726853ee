//! # date-precision
//!
//! A statement is dated as a range, a month or less, its story has something on a day inside that time, and nothing says how
//! the date is known. A timeline must put one before the other: it goes by the first day of the range, and readers see an
//! order that nobody knows.
//!
//! The page prints the range as a range. What this note asks for is the reason:
//!
//! ```yaml
//! date: 2025-01-27/2025-01-30
//! date_basis: The round-up gives no day; the launch and its own date bound it.
//! ```
//!
//! or, better, a source that gives the day.

use std::collections::BTreeMap;

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::Kind;
use crate::text::{Day, Edtf, Precision};

pub(super) static CODE: Code =
    Code { name: "date-precision", level: Level::Note, manual: include_str!("date_precision.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    // What each story has on a certain day, by day.
    let mut exact: BTreeMap<(NodeId, Day), NodeId> = BTreeMap::new();
    for kind in [Kind::Statement, Kind::Action, Kind::Event] {
        for id in graph.of_kind(kind) {
            let date = graph.date_of(id).filter(|it| is_exact(it.precision()));
            if let (Some(story), Some(day)) = (graph.node(id).story, date.and_then(Edtf::earliest)) {
                exact.entry((story, day)).or_insert(id);
            }
        }
    }
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let (Some(story), Some(date)) = (node.story, graph.date_of(id)) else { continue };
        let explained = node.statement().is_some_and(|it| it.date_basis.is_some() || it.date.is_none());
        let (Some(first), Some(last)) = (date.earliest(), date.latest()) else { continue };
        if explained || is_exact(date.precision()) || first == last {
            continue;
        }
        if let Some((_, other)) = exact.range((story, first.next())..=(story, last)).next() {
            let other = graph.node(*other);
            let is_written = other.statement().is_none_or(|it| it.date.is_some());
            let place = other.place(if is_written { "date" } else { "id" });
            report.add(
                Diagnostic::new(
                    &CODE,
                    node.place("date"),
                    "the timeline orders this by the first day it can be",
                )
                .label(date.display())
                .also(place, "may come before it, and stands behind it")
                .help("write in `date_basis:` how the date is known, or find the day"),
            );
        }
    }
}

fn is_exact(precision: Precision) -> bool {
    matches!(precision, Precision::Time | Precision::Day)
}
