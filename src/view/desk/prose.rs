//! Prose of records, with the names of what it links to.

use super::super::cards::*;
use std::collections::BTreeMap;

use super::Desk;
use crate::document::prose::{self, LinkTarget, Links, ProseOptions};
use crate::graph::NodeId;
use crate::image::Shown;
use crate::model::{NAME_CLOSES, NAME_OPENS, Target};

impl Desk<'_> {
    /// How a record's prose begins, as plain text; empty when it has none.
    pub fn summary(&self, id: NodeId) -> String {
        self.named(id, self.lens.summary(id))
    }

    /// Plain text of a record's prose with the names of links that have no words of their own.
    pub(super) fn named(&self, id: NodeId, text: &str) -> String {
        if !text.contains(NAME_OPENS) {
            return text.to_owned();
        }
        let mentions = &self.lens.node(id).record().prose.mentions;
        let resolved = self.lens.mentions(id);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(NAME_OPENS) {
            out.push_str(before);
            let Some((target, after)) = after.split_once(NAME_CLOSES) else {
                rest = after;
                break;
            };
            let at = mentions.iter().position(|it| is_written(&it.target, target));
            match at.and_then(|at| *resolved.get(at)?) {
                Some(to) => out.push_str(&self.link(to).name),
                None => out.push_str(target),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// What each link of a record's prose leads to.
    fn targets_of_prose(&self, id: NodeId) -> BTreeMap<&Target, Option<NodeId>> {
        let mentions = self.lens.node(id).record().prose.mentions.iter();
        mentions.zip(self.lens.mentions(id)).map(|(it, to)| (&it.target, *to)).collect()
    }

    /// A record's prose as HTML.
    pub fn prose(&self, id: NodeId) -> ProseView {
        let body = self.lens.body(id);
        if body.trim().is_empty() {
            return ProseView::default();
        }
        let links = ProseLinks { desk: self, id, targets: self.targets_of_prose(id) };
        let html = prose::to_html(body, ProseOptions { raw_html: self.site.raw_html }, &links);
        let entry =
            |it: prose::Heading| ContentsEntry { level: it.level, url: format!("#{}", it.id), text: it.text };
        ProseView {
            html: html.html,
            summary: html.summary,
            contents: html.contents.into_iter().map(entry).collect(),
        }
    }
}

/// Whether an author writes a target so. It is asked for each name in a text, so it joins no text of its own.
fn is_written(target: &Target, text: &str) -> bool {
    match target {
        Target::Id { kind: Some(kind), id } => {
            text.strip_prefix(kind.as_str()).and_then(|rest| rest.strip_prefix(':')) == Some(id)
        }
        Target::Id { kind: None, id } => text == id,
        Target::File(path) => text.strip_prefix("@/") == Some(path),
        Target::SamePage => text.is_empty(),
    }
}

/// Links of one record's prose, resolved by the graph beforehand.
struct ProseLinks<'d, 'a> {
    desk: &'d Desk<'a>,
    id: NodeId,
    targets: BTreeMap<&'d Target, Option<NodeId>>,
}

impl Links for ProseLinks<'_, '_> {
    fn link(&self, target: &Target, anchor: Option<&str>) -> Option<LinkTarget> {
        let desk = self.desk;
        if *target == Target::SamePage {
            let anchor = anchor?;
            return Some(LinkTarget { url: format!("#{anchor}"), name: anchor.to_owned(), kind: None });
        }
        let id = (*self.targets.get(target)?)?;
        let link = desk.link(id);
        let mut url = link.url?;
        if let Some(anchor) = anchor {
            url = format!("{}#{anchor}", url.split('#').next().unwrap_or(&url));
        }
        Some(LinkTarget { url, name: link.name, kind: Some(desk.lens.node(id).kind) })
    }

    fn asset(&self, path: &str) -> Option<String> {
        let file = &self.desk.lens.node(self.id).record().origin.file;
        self.desk.assets.url(&crate::text::join_path(file, path)?)
    }

    fn image(&self, path: &str) -> Option<Shown> {
        let file = &self.desk.lens.node(self.id).record().origin.file;
        self.desk.assets.image(&crate::text::join_path(file, path)?)
    }
}
