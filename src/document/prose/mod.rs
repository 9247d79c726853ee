//! Prose: the Markdown below the front matter, read for facts and written as HTML.

use std::sync::Arc;

use crate::diag::Report;
use crate::model::{Kind, ProseFacts, Target};
use crate::text::Span;

/// What the site allows in prose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProseOptions {
    /// Whether raw HTML is passed through rather than shown as text.
    pub raw_html: bool,
}

/// Where an internal link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    /// Site-absolute address, decoded, with its fragment: `/actors/nvidia/#history`.
    pub url: String,
    /// What to print when the author gave no words: the target's name.
    pub name: String,
    /// What it is, for the link's class; `None` for a heading of the same page.
    pub kind: Option<Kind>,
}

/// Resolves the internal links of a text. Implemented over the graph.
pub trait Links {
    /// Where a link leads; `None` when it leads nowhere (the graph has reported it).
    fn link(&self, target: &Target, anchor: Option<&str>) -> Option<LinkTarget>;

    /// The site-absolute address of a file beside the text, such as `chart.png`; `None` when there is no such file.
    fn asset(&self, path: &str) -> Option<String>;
}

/// A text as HTML. All internal addresses are site-absolute (`/actors/nvidia/`); `format::html` makes them relative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProseHtml {
    /// The whole text.
    pub html: String,
    /// What stands before `<!-- more -->`, or the first paragraph.
    pub summary: String,
    /// Headings, for a table of contents.
    pub contents: Vec<Heading>,
}

/// One heading of a table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    /// Its id in the page.
    pub id: String,
    /// Its words, as plain text.
    pub text: String,
}
