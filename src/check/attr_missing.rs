//! # attr-missing
//!
//! A statement does not say when it was made, where, or on whose word we know. A reader must be able to check a quotation,
//! and these are what they would look for. (Who spoke is the reaction's actor, unless `speaker:` names somebody else.)
//!
//! Date and channel follow from a source that is itself the occasion: a post, a speech, an interview. An article about the
//! words is not.
//!
//! **Bad**
//!
//! ```yaml
//! - id: welcome
//!   quote: Finally one that opens with a screwdriver
//!   sources: [an-article]
//! ```
//!
//! **Good**
//!
//! ```yaml
//! - id: welcome
//!   quote: Finally one that opens with a screwdriver
//!   channel: { type: interview, to: example-gazette }
//!   date: 2025-03-02
//!   sources: [an-article]
//!
//! - id: welcome
//!   quote: Finally one that opens with a screwdriver
//!   sources: [{ ref: ada-post, role: primary }]
//! ```
//!
//! If nobody knows the day, write what is known: `date: 2025-03`. If nobody knows where: `channel: unknown`.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, Node};
use crate::model::Kind;

pub(super) static CODE: Code =
    Code { name: "attr-missing", level: Level::Error, manual: include_str!("attr_missing.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        // A speaker that does not resolve has been reported.
        let Some(facts) = graph.statement_facts(id) else { continue };
        let node = graph.node(id);
        if node.sources().is_empty() {
            report.add(
                Diagnostic::new(
                    &CODE,
                    node.place("id"),
                    format!("the statement `{}` cites no source", node.last_key()),
                )
                .label("on whose word?")
                .help("add `sources: [id]` with the id of at least one source"),
            );
        }
        if facts.date.is_none() {
            report.add(does_not_say(node, "date", "date: 2025-01"));
        }
        if !facts.has_channel {
            report.add(does_not_say(node, "channel", "channel: { type: post, on: x }"));
        }
    }
}

fn does_not_say(node: &Node, what: &str, example: &str) -> Diagnostic {
    let message = format!("the statement `{}` has no {what}", node.last_key());
    Diagnostic::new(&CODE, node.place("id"), message)
        .label(format!("no {what} here, and none follows from its sources"))
        .note("a reader must be able to check when and where the words were said")
        .help(format!(
            "write one, such as `{example}`, or mark the post or speech itself with `role: primary`"
        ))
}
