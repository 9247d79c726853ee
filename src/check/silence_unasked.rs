//! # silence-unasked
//!
//! A silence says that somebody was asked, and nobody is recorded as asking; or the other way round. "Declined to comment"
//! is a statement about a conversation, and readers may want to know whose.
//!
//! | state | `asked:` |
//! | --- | --- |
//! | `declined`, `no-response`, `not-reached` | needed: by whom, and when if that is known |
//! | `not-commented`, `not-asked` | left out: whoever asked got one of the answers above |
//!
//! **Bad**
//!
//! ```yaml
//! - { actor: example-institute, state: declined, scope: public, as_of: 2025-03-31, sources: [gazette-roundup] }
//! ```
//!
//! **Good**
//!
//! ```yaml
//! - actor: example-institute
//!   state: declined
//!   scope: public
//!   as_of: 2025-03-31
//!   asked: [{ by: example-gazette, at: 2025-03-04, via: e-mail }]
//!   sources: [gazette-roundup]
//! ```

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::Graph;
use crate::model::{Kind, SilenceState};

pub(super) static CODE: Code =
    Code { name: "silence-unasked", level: Level::Warning, manual: include_str!("silence_unasked.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Silence) {
        let node = graph.node(id);
        let Some(silence) = node.silence() else { continue };
        let (is_about_asking, state) = match silence.state {
            SilenceState::Declined => (true, "declined"),
            SilenceState::NoResponse => (true, "no-response"),
            SilenceState::NotReached => (true, "not-reached"),
            SilenceState::NotCommented => (false, "not-commented"),
            SilenceState::NotAsked => (false, "not-asked"),
        };
        let (message, label, help) = match (is_about_asking, silence.asked.is_empty()) {
            (true, true) => (
                format!("{} was asked, and nothing says by whom", node.name),
                format!("`{state}` means that somebody asked"),
                "write `asked: [{ by: …, at: … }]`, or `state: not-commented` if nobody is known to have asked",
            ),
            (false, false) => (
                format!("{} was asked, and the state of this silence says otherwise", node.name),
                format!("`{state}` means that nobody is known to have asked"),
                "write what came of it: `declined`, `no-response` or `not-reached`",
            ),
            (true, false) | (false, true) => continue,
        };
        report.add(Diagnostic::new(&CODE, node.place("state"), message).label(label).help(help));
    }
}
