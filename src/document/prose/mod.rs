//! Prose: the Markdown below the front matter, read for facts and written as HTML.
//!
//! In: the body of a file. Out: [`ProseRead`] from [`read`], or [`ProseHtml`] from [`to_html`]; both
//! understand the text the same way (`events`, which yields `nodes`). The dialect is CommonMark with tables,
//! footnotes, strikethrough, task lists, definition lists, heading attributes, callouts, wikilinks, bare addresses
//! and smart punctuation outside quotations (`punctuation` has the rule). Total and linear: any text gives a result.
//! Knows nothing of other documents; whoever renders says where links lead ([`Links`]).

mod attributes;
mod bare_urls;
mod callouts;
mod codes;
mod depth;
mod elements;
mod events;
mod facts;
mod footnotes;
mod headings;
mod html;
mod links;
mod nodes;
mod options;
mod pipes;
mod problems;
mod punctuation;
mod raw;
mod running;
mod runs;
mod sentence_bounds;
mod sentences;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::diag::Report;
use crate::image::Shown;
use crate::model::{Kind, ProseFacts, Target};
use crate::text::Span;

pub use codes::CODES;
pub use running::{Linked, Passage, Setting};

/// A text as far as it can be understood alone.
#[derive(Clone, Debug, Default)]
pub struct ProseRead {
    /// What other pages may learn of it.
    pub facts: ProseFacts,
    /// Its words, block by block.
    pub running: Vec<Passage>,
    /// What is wrong with it.
    pub report: Report,
}

/// Reads the prose of a file for its facts, its words and its problems. `body` is where it stands in the file's whole `text`, and
/// every span of the result counts from the start of that text.
pub fn read(file: &Arc<str>, text: &str, body: Span, options: ProseOptions) -> ProseRead {
    let words = body.of(text);
    let hidden = pipes::hide(words);
    let mut prose = events::read(words, &hidden, options);
    let found = std::mem::take(&mut prose.found);
    ProseRead {
        facts: facts::gather(&prose, words, body.start),
        running: running::gather(&prose, body.start),
        report: problems::report(file, body.start, found),
    }
}

/// Where the block quotations of a body stand, with all that is in them; all of it where it nests too deep to be read.
pub(super) fn quotations(body: &str) -> Vec<Span> {
    if depth::too_deep(body).is_some() {
        return vec![Span::new(0, body.len())];
    }
    let mut found: Vec<Span> = Vec::new();
    for (event, range) in pulldown_cmark::Parser::new_ext(body, options::parser_options()).into_offset_iter()
    {
        let is_quotation = matches!(event, pulldown_cmark::Event::Start(pulldown_cmark::Tag::BlockQuote(_)));
        if is_quotation && found.last().is_none_or(|last| last.end <= range.start) {
            found.push(range.into());
        }
    }
    found
}

/// Writes prose as HTML. Problems are [`read`]'s to report; here the safe way out is taken in silence.
pub fn to_html(body: &str, options: ProseOptions, links: &dyn Links) -> ProseHtml {
    let hidden = pipes::hide(body);
    html::write(&events::read(body, &hidden, options), options, links)
}

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

    /// What to show of an image beside the text, such as `chart.png`, or of one at an address of this site, such as `/map.png`;
    /// `None` when there is no such file, or nothing is known of it.
    fn image(&self, path: &str) -> Option<Shown>;
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
