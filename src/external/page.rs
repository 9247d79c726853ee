//! Whether a page holds the words that are cited from it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ask::Asker;
use crate::extract;
use crate::links::{Held, mark};
use crate::quote::{Class, SourceText};
use crate::text::Sha256;
use crate::verify::{Copy, QuoteUse, State, compare};

/// A page as it came.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// A file's name that says what it is: `page.html`.
    pub(super) name: String,
    /// The encoding of its characters, when the host says so.
    pub(super) charset: Option<String>,
    pub(super) bytes: Vec<u8>,
    /// Whether it was read to its end.
    pub(super) is_whole: bool,
}

/// A page with fewer words than this may be one that shows its text only to scripts: a word missing from it says nothing.
const FEWEST_WORDS: usize = 100;

/// What a web page is saved as.
const HTML: &str = "page.html";

/// Looks for every quotation. Without a page nothing can be said of any.
pub(super) fn look_for(
    asker: &Asker<'_>,
    quotes: &[QuoteUse],
    page: Option<&Page>,
) -> BTreeMap<String, Held> {
    let text = page.and_then(text);
    let says_all = page.is_some_and(|it| it.is_whole)
        && text.as_ref().is_some_and(|it| it.split_whitespace().count() >= FEWEST_WORDS);
    let copy =
        text.map(|it| Copy { text: SourceText::new(&it), digest: Sha256::of(it.as_bytes()), saved: None });
    let (graph, site) = (asker.graph, asker.site);
    let states = compare(graph, quotes, copy.as_ref(), site.house_style, &site.language);
    let marks = quotes.iter().map(mark);
    marks.zip(states.iter().map(|state| held(state, says_all))).collect()
}

/// What a comparison says of a page. `says_all` is whether the page shows all of its text.
fn held(state: &State, says_all: bool) -> Held {
    match state {
        State::Compared { found, .. } if found.class.passes() => Held::Held,
        State::Compared { found, .. } if says_all && found.class == Class::Mismatch => Held::Gone,
        State::Compared { .. } | State::NoCopy { .. } => Held::NoText,
    }
}

/// The name that a page would be saved under: its address says little of what it is, its host more.
pub(super) fn name(url: &str, media: Option<&str>) -> String {
    let known = match media {
        Some("text/html" | "application/xhtml+xml") => Some(HTML),
        Some("application/pdf") => Some("page.pdf"),
        Some("text/plain") => Some("page.txt"),
        _ => None,
    };
    let path = url.split(['?', '#']).next().unwrap_or("");
    known.unwrap_or(path.rsplit('/').next().unwrap_or("")).to_owned()
}

/// The words of a page.
fn text(page: &Page) -> Option<String> {
    let bytes = with_charset(page);
    let extracted = extract::extract(&page.name, &bytes, &extract::Options::default()).ok()?;
    Some(extracted.text)
}

/// A saved page does not keep what its host said of its encoding, so it is put where pages say it themselves.
fn with_charset(page: &Page) -> Cow<'_, [u8]> {
    match &page.charset {
        Some(charset) if page.name == HTML && std::str::from_utf8(&page.bytes).is_err() => {
            let label: String = charset.chars().filter(|it| it.is_ascii_graphic() && *it != '>').collect();
            let head = format!("<meta charset=\"{}\">", label.replace('"', ""));
            Cow::Owned([head.as_bytes(), page.bytes.as_slice()].concat())
        }
        _ => Cow::Borrowed(&page.bytes),
    }
}
