//! How quotations stand in their sources, in words.

use super::super::cards::*;
use super::super::words;
use super::Desk;
use crate::graph::{Basis, NodeId, Verification};
use crate::model::Wording;
use crate::quote::{Change, Class, diff};
use crate::text::Edtf;

impl Desk<'_> {
    /// How a statement's own words stand in each source that was compared, the best first. One that says that none was, when
    /// none was; empty for a paraphrase.
    pub fn verifications(&self, statement: NodeId) -> Vec<VerificationView> {
        let mut own: Vec<&Verification> =
            self.lens.verifications(statement).iter().filter(|it| it.wording != Wording::AsPrinted).collect();
        own.sort_by_key(|it| (it.class, it.use_idx));
        if own.iter().any(|it| it.basis != Basis::Nothing) {
            own.retain(|it| it.basis != Basis::Nothing);
        }
        // Of several sources without a copy, one says all there is to say.
        let known = own.iter().take_while(|it| it.basis != Basis::Nothing).count();
        own.truncate(known.max(1));
        // Where each source prints other words, none of them was compared with the statement's.
        if own.is_empty() {
            let sentence =
                "Not compared: the sources that we hold copies of print other words, which stand below."
                    .to_owned();
            let first = self.lens.verifications(statement).first();
            let view = first.and_then(|it| self.verification(statement, it)).map(|it| VerificationView {
                class: Class::NoText.name(),
                passes: false,
                sentence,
                source: it.source,
                ..VerificationView::default()
            });
            return view.into_iter().collect();
        }
        let views = own.into_iter().filter_map(|it| self.verification(statement, it));
        views.collect()
    }

    /// How the wording of one source alone stands in it.
    pub fn verification_of_use(&self, statement: NodeId, use_idx: usize) -> Option<VerificationView> {
        let all = self.lens.verifications(statement);
        let it = all.iter().find(|it| it.wording == Wording::AsPrinted && it.use_idx == use_idx)?;
        self.verification(statement, it)
    }

    fn verification(&self, statement: NodeId, it: &Verification) -> Option<VerificationView> {
        let uses = &self.lens.node(statement).statement()?.sources;
        let (_, source, _) = self.lens.source_uses(statement, uses).into_iter().nth(it.use_idx)?;
        let link = self.source_ref(source?);
        // A source without a publisher is known by its title.
        let copy = match link.publisher.as_str() {
            "" => format!("a saved copy of “{}”", link.title),
            publisher => format!("a saved copy from {publisher}"),
        };
        let (sentence, compared, rules) = match it.basis {
            Basis::Nothing => {
                let sentence = match it.wording {
                    Wording::AsPrinted => format!("Not compared: we do not hold {copy}."),
                    Wording::Quote | Wording::Original => {
                        "Not compared: we hold no saved copy of a source that prints these words.".to_owned()
                    }
                };
                (sentence, String::new(), String::new())
            }
            Basis::Copy | Basis::Record => {
                let on = match Edtf::parse(&it.on) {
                    Ok(day) => format!(" on {}", day.display()),
                    Err(_) => String::new(),
                };
                let by = match self.signer(&it.by) {
                    Some(by) if !on.is_empty() => format!(" by {by}"),
                    _ => String::new(),
                };
                let compared = format!("Compared with {copy}{on}{by}.");
                let sentence = match it.wording {
                    Wording::Original => format!(
                        "The words above are a translation and were not compared. Of the original: {}",
                        it.class.words()
                    ),
                    Wording::Quote | Wording::AsPrinted => it.class.words().to_owned(),
                };
                (sentence, compared, it.rules.clone())
            }
        };
        Some(VerificationView {
            class: it.class.name(),
            passes: it.class.passes(),
            sentence,
            compared,
            rules,
            notes: it.notes.iter().map(|it| words::for_readers(&it.sentence())).collect(),
            source: link,
        })
    }

    /// The name of who signed a comparison: an actor's, if it is one's id.
    fn signer(&self, by: &str) -> Option<String> {
        if by.is_empty() {
            return None;
        }
        let actor = self.lens.find(crate::model::Kind::Actor, by);
        Some(actor.map_or_else(|| by.to_owned(), |id| self.lens.name(id).to_owned()))
    }
}

/// What one wording has and another has not, word by word.
pub(in crate::view) fn word_diff(from: &str, to: &str) -> Vec<DiffPart> {
    let part = |change: Change| {
        let (kind, text) = match change {
            Change::Same(text) => ("same", text),
            Change::Removed(text) => ("removed", text),
            Change::Added(text) => ("added", text),
        };
        DiffPart { kind, text }
    };
    diff(from, to).into_iter().map(part).collect()
}
