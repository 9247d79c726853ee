//! # silence-unrecorded
//!
//! A body says that somebody has not commented, and no record says since when, where, and how we know. Such a sentence
//! ages: the day somebody speaks it becomes untrue, and without a record nothing finds it.
//!
//! ```markdown
//! [[gazette]] has not commented.        <!-- warned, unless a silence of the Gazette is recorded -->
//! ```
//!
//! ```yaml
//! silences:
//!   - actor: gazette
//!     state: not-commented
//!     scope: public
//!     as_of: 2025-01-31
//!     checked: Its pages and its account on X.
//!     sources: [{ ref: article }]
//! ```
//!
//! Whom the sentence is about follows from its links, from those of its paragraph, and from the page: an actor's own, or
//! the reaction's actor. One of them with a silence is enough, and a house and those who hold office in it stand for
//! one another.
//!
//! Not seen: silences told in other words than those of the list (*has not commented*, *declined to comment*, *did not
//! respond to a request* and the like); pages on which no actor can be meant; what “we” did not say; quotations; texts in
//! languages without a word list, which a note names.

use std::collections::BTreeSet;
use std::ops::Range;

use super::running::{Block, ProseSite};
use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Relation};

pub(super) static CODE: Code =
    Code { name: "silence-unrecorded", level: Level::Warning, manual: include_str!("silence_unrecorded.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnProse(run) };

fn run(site: &ProseSite<'_>, report: &mut Report) {
    if site.blocks.is_empty() {
        return;
    }
    let Some(speech) = site.speech_or_say(&CODE, report) else { return };
    for block in &site.blocks {
        for words in speech.silences.find(&block.text) {
            let part = block.text.span(words.clone());
            let ours =
                words.start > 0 && speech.lexicon.ourselves.contains(&block.text.small(words.start - 1));
            if ours || block.is_quoted(&part) {
                continue;
            }
            let meant = meant(site, block, &part);
            if !meant.is_empty() && !meant.iter().any(|it| is_recorded(site.graph(), *it)) {
                report.add(told(site, block, part, &meant));
            }
        }
    }
}

/// The actors that a sentence can be about.
fn meant(site: &ProseSite<'_>, block: &Block<'_>, part: &Range<usize>) -> BTreeSet<NodeId> {
    let sentence = block.passage.sentence(part.clone());
    let actors = |part: &Range<usize>| {
        let targets = site.targets(block, part).into_iter();
        targets.filter(|it| site.graph().node(*it).kind == Kind::Actor).collect::<BTreeSet<_>>()
    };
    let mut meant = actors(&sentence);
    if meant.is_empty() {
        meant = actors(&(0..block.text.shown.len()));
    }
    meant.extend(site.own_actor());
    meant
}

/// Whether a silence is recorded of an actor, of its house, or of somebody who holds office there.
fn is_recorded(graph: &Graph, actor: NodeId) -> bool {
    let houses = graph.targets(actor, Relation::HoldsOffice);
    let staff = graph.origins(actor, Relation::HoldsOffice);
    let mut all = houses.chain(staff).chain([actor]);
    all.any(|it| graph.origins(it, Relation::SilenceOf).next().is_some())
}

fn told(site: &ProseSite<'_>, block: &Block<'_>, part: Range<usize>, meant: &BTreeSet<NodeId>) -> Diagnostic {
    let names: Vec<&str> = meant.iter().map(|it| site.graph().node(*it).name.as_str()).collect();
    let message = format!("this silence is recorded nowhere: there is none of {}", names.join(", or of "));
    Diagnostic::new(&CODE, site.place(block, part), message)
        .label("true only as of some day")
        .help("add it to the `silences:` of a reaction, with `as_of` and what was checked")
}
