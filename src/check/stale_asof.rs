//! # stale-asof
//!
//! A story is live, and its `as_of` is long ago. Every "has not commented" on its pages is true as of that day only, and
//! readers of a live story expect it to be kept.
//!
//! Look again at what the story says nobody has said or done, and move `as_of`; or close it:
//!
//! ```yaml
//! as_of: 2025-01-30
//! status: closed
//! ```
//!
//! Old is more than 30 days, or `stale_after:` in `site.yaml`; 0 means that nothing grows old.
//!
//! The day is the one of SOURCE_DATE_EPOCH if that is set, else today in UTC. This warning is never printed on a page, so
//! that a site does not change with the day it is built on.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::Graph;
use crate::model::{Data, Kind, Site, StoryStatus};
use crate::text::Day;

pub(super) static CODE: Code =
    Code { name: "stale-asof", level: Level::Warning, manual: include_str!("stale_asof.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnDay(run) };

fn run(graph: &Graph, site: &Site, today: Day, report: &mut Report) {
    if site.stale_after == 0 {
        return;
    }
    for id in graph.of_kind(Kind::Story) {
        let node = graph.node(id);
        let Data::Story(story) = &node.record().data else { continue };
        let Some(day) = story.as_of.latest().filter(|_| story.status == StoryStatus::Live) else { continue };
        let age = today.ordinal() - day.ordinal();
        if age > i64::from(site.stale_after) {
            report.add(
                Diagnostic::new(
                    &CODE,
                    node.place("as_of"),
                    "this live story has not been looked at for long",
                )
                .label(format!("{age} days ago"))
                .help("look again and move `as_of`, or write `status: closed`"),
            );
        }
    }
}
