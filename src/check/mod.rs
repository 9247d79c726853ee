//! Checks: one file per problem that only the whole site can show.
//!
//! In: the linked graph, or the finished edition. Out: diagnostics. A check's module doc is its manual page.
//! A check never changes anything, and does not know other checks.

mod attr_unnamed_origin;
mod broken_link;
mod conversion_without_rate_date;
mod ref_orphan;
mod reply_before_parent;
mod silence_broken;
mod stance_outside_scale;
mod statement_before_event;

use crate::diag::{Code, Report};
use crate::edition::Edition;
use crate::graph::Graph;

/// When a check can run.
pub enum Run {
    /// As soon as all facts are linked.
    OnGraph(fn(&Graph, &mut Report)),
    /// When the edition is complete.
    OnEdition(fn(&Edition, &Graph, &mut Report)),
}

/// One check.
pub struct Check {
    /// What it finds.
    pub code: &'static Code,
    /// When and how it looks.
    pub run: Run,
}

/// Every check, in the order of the documentation.
pub static CHECKS: &[Check] = &[
    attr_unnamed_origin::CHECK,
    silence_broken::CHECK,
    reply_before_parent::CHECK,
    statement_before_event::CHECK,
    stance_outside_scale::CHECK,
    conversion_without_rate_date::CHECK,
    ref_orphan::CHECK,
    broken_link::CHECK,
];

/// Runs every check of the graph.
pub fn graph(graph: &Graph) -> Report {
    let mut report = Report::new();
    for check in CHECKS {
        if let Run::OnGraph(run) = check.run {
            run(graph, &mut report);
        }
    }
    report
}

/// Runs every check of the edition.
pub fn edition(edition: &Edition, graph: &Graph) -> Report {
    let mut report = Report::new();
    for check in CHECKS {
        if let Run::OnEdition(run) = check.run {
            run(edition, graph, &mut report);
        }
    }
    report
}
