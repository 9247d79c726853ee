//! # term-first-use
//!
//! A body uses a word that the site's glossary explains, and links it nowhere on the page. The explanation is written
//! already; whoever needs it does not find it.
//!
//! ```markdown
//! She wove it on a loom.              <!-- noted, if `loom` is a term -->
//! She wove it on a [[loom]]. Looms …  <!-- fine: one link on the page is enough -->
//! ```
//!
//! A term is known by its `name`, its `aliases` and `as_written`. A word with capitals inside (`AGI`, `CapEx`) must be written
//! so; others may start a sentence. `terms:` of a statement are not looked at: they concern its words, not the text below.
//!
//! Not seen: other forms of a word than those that are written down (give plurals as aliases); headings, quotations, code,
//! and the page of the term itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::running::{Block, ProseSite};
use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::document::prose::Setting;
use crate::graph::NodeId;
use crate::model::Kind;

pub(super) static CODE: Code =
    Code { name: "term-first-use", level: Level::Note, manual: include_str!("term_first_use.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnProse(run) };

fn run(site: &ProseSite<'_>, report: &mut Report) {
    let mentioned = site.graph().mentions(site.page).iter().flatten().copied();
    let linked: BTreeSet<NodeId> =
        mentioned.filter(|it| site.graph().node(*it).kind == Kind::Term).chain([site.page]).collect();
    let mut first: BTreeMap<NodeId, (&Block<'_>, Range<usize>)> = BTreeMap::new();
    for block in site.blocks.iter().filter(|it| it.passage.setting != Setting::Heading) {
        let mut word = 0;
        while word < block.text.words.len() {
            let Some((term, words)) = site.index.glossary.at(&block.text, word) else {
                word += 1;
                continue;
            };
            word = words.end;
            let part = block.text.span(words);
            if !linked.contains(&term) && !block.is_quoted(&part) && block.links(&part).next().is_none() {
                first.entry(term).or_insert((block, part));
            }
        }
    }
    for (term, (block, part)) in first {
        report.add(told(site, term, block, part));
    }
}

fn told(site: &ProseSite<'_>, term: NodeId, block: &Block<'_>, part: Range<usize>) -> Diagnostic {
    let (id, words) = (site.graph().node(term).short_key(), &block.text.shown[part.clone()]);
    let link = if id == words { format!("[[{id}]]") } else { format!("[[{id}|{words}]]") };
    Diagnostic::new(
        &CODE,
        site.place(block, part),
        format!("`{words}` is explained on this site, and not linked here"),
    )
    .label("first use on this page")
    .help(format!("write `{link}`"))
}
