//! Ids of headings: the author's own, or made from the words, and each only once in a text.

use std::collections::{BTreeMap, BTreeSet};

use super::nodes::HeadingInfo;
use super::problems::Found;
use crate::text::{Span, slug};

/// Settles every id. An id an author chose is kept, also against made ones earlier in the text.
pub(super) fn settle_ids(headings: &mut [HeadingInfo<'_>], found: &mut Vec<(Found, Span)>) {
    let mut chosen: BTreeMap<String, Span> = BTreeMap::new();
    for heading in headings.iter_mut().filter(|heading| !heading.id.is_empty()) {
        match chosen.get(&heading.id) {
            _ if is_footnote_id(&heading.id) => heading.id.clear(),
            Some(first) => {
                found.push((Found::HeadingIdTwice { id: heading.id.clone(), first: *first }, heading.span));
                heading.text_for_id = Some(std::mem::take(&mut heading.id));
            }
            None => {
                chosen.insert(heading.id.clone(), heading.span);
            }
        }
    }
    let mut taken: BTreeSet<String> = chosen.into_keys().collect();
    // Where to go on counting for each base, so that many equal headings stay cheap.
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for heading in headings.iter_mut().filter(|heading| heading.id.is_empty()) {
        let mut base = heading.text_for_id.take().unwrap_or_else(|| slug(&heading.text));
        if base.is_empty() {
            base.push_str("section");
        }
        let count = counts.entry(base.clone()).or_insert(1);
        let mut id = base.clone();
        while taken.contains(&id) {
            *count += 1;
            id = format!("{base}-{count}");
        }
        taken.insert(id.clone());
        heading.id = id;
    }
}

/// Whether footnotes could give themselves this id. Ids made from words never hold `_`.
fn is_footnote_id(id: &str) -> bool {
    id.starts_with("fn_") || id.starts_with("fnref_")
}
