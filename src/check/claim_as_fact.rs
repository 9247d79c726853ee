//! # claim-as-fact
//!
//! A sentence of a body links an allegation and tells it without a hedge: nothing in it says that somebody alleges this.
//! Readers take it for our own word, and the one it is about has a reason to complain.
//!
//! ```markdown
//! The weavers [[claim:weavers.broken|broke the loom]] in January.                  <!-- warned -->
//! The Gazette says that the weavers [[claim:weavers.broken|broke the loom]].       <!-- fine -->
//! ```
//!
//! A hedge is any word that makes the sentence an account: a verb of saying or alleging, *may*, *according to*, *whether*,
//! *denied*, also inside the link's words. Questions are fine, quotations are not our words, and a claim that is recorded as
//! `supported` may be told as a fact.
//!
//! Not seen: sentences that tell an allegation without linking it; a hedge that belongs to something else in the same
//! sentence; texts in languages without a word list, which a note names.

use super::running::{Block, ProseSite, Text, holds_any};
use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::document::prose::{Linked, Setting};
use crate::graph::NodeId;
use crate::model::ClaimStatus;
use crate::text::lexicon::Lexicon;

pub(super) static CODE: Code =
    Code { name: "claim-as-fact", level: Level::Warning, manual: include_str!("claim_as_fact.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnProse(run) };

fn run(site: &ProseSite<'_>, report: &mut Report) {
    for block in site.blocks.iter().filter(|it| it.passage.setting != Setting::Heading) {
        for link in &block.passage.links {
            let Some(claim) = site.target(link).filter(|it| is_open(site, *it)) else { continue };
            if block.is_quoted(&link.words) {
                continue;
            }
            let Some(speech) = site.speech_or_say(&CODE, report) else { return };
            if !is_hedged(site, block, link, claim, speech.lexicon) {
                report.add(told(site, block, link, claim));
            }
        }
    }
}

fn is_open(site: &ProseSite<'_>, id: NodeId) -> bool {
    let claim = site.graph().node(id).claim();
    claim.is_some_and(|it| {
        matches!(it.status, ClaimStatus::Alleged | ClaimStatus::Disputed | ClaimStatus::Withdrawn)
    })
}

fn is_hedged(
    site: &ProseSite<'_>,
    block: &Block<'_>,
    link: &Linked,
    claim: NodeId,
    lexicon: &Lexicon,
) -> bool {
    let sentence = block.passage.sentence(link.words.clone());
    let is_question = block.text.shown[sentence.clone()].trim_end().ends_with('?');
    let hedged = |text: &Text<'_>, words| holds_any(text, words, lexicon.hedges, lexicon).is_some();
    // Without words of its own, a link prints what the claim says.
    let says = link.wordless.then(|| Text::new(&site.graph().node(claim).name, &[]));
    is_question
        || hedged(&block.text, block.text.words_in(&sentence))
        || says.is_some_and(|it| hedged(&it, 0..it.words.len()))
}

fn told(site: &ProseSite<'_>, block: &Block<'_>, link: &Linked, claim: NodeId) -> Diagnostic {
    let node = site.graph().node(claim);
    Diagnostic::new(
        &CODE,
        site.place(block, link.words.clone()),
        "this sentence tells an allegation as a fact",
    )
    .label("an allegation")
    .also(
        crate::diag::Place::field(&node.record().origin.file, node.field("says")),
        "recorded as a claim here",
    )
    .help("say in the sentence who alleges it, or that it may be so")
}
