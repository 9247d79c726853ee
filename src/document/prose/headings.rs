//! Headings: their attributes, and their ids, the author's own or made from the words, each only once in a text.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark as md;

use super::attributes;
use super::events::{Frame, Reader};
use super::nodes::{Element, HeadingInfo};
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

impl<'a> Reader<'a> {
    pub(super) fn start_heading(
        &mut self,
        level: md::HeadingLevel,
        id: Option<md::CowStr<'a>>,
        classes: Vec<md::CowStr<'a>>,
        attrs: Vec<(md::CowStr<'a>, Option<md::CowStr<'a>>)>,
        span: Span,
    ) {
        let (attributes, dropped) = attributes::sort_out(attrs);
        for name in dropped {
            let at = span
                .of(self.body)
                .rfind(&*name)
                .map_or(span, |at| Span::new(span.start + at, span.start + at + name.len()));
            self.find(Found::AttributeNotAllowed { name }, at);
        }
        let number = self.prose.headings.len();
        self.prose.headings.push(HeadingInfo {
            id: id.map(|id| id.to_string()).unwrap_or_default(),
            text_for_id: None,
            level: level as u8,
            classes: classes.into_iter().map(Cow::from).collect(),
            attributes,
            text: String::new(),
            outer: self.frames.is_empty(),
            span: Span::new(span.start, span.start + span.of(self.body).trim_end().len()),
        });
        let shown = self.open(Element::Heading(number), span);
        let first = self.nodes.len();
        self.frames.push(if shown { Frame::Heading { number, first } } else { Frame::Nothing });
    }
}
