//! Whether a page holds the words that are cited from it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::extract;
use crate::links::{Held, Quoted};

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
pub(super) fn look_for(quotes: &[Quoted], page: Option<&Page>) -> BTreeMap<String, Held> {
    let text = page.and_then(text);
    let says = page.is_some_and(|it| it.is_whole)
        && text.as_ref().is_some_and(|it| it.split_whitespace().count() >= FEWEST_WORDS);
    let source = text.map(|it| Source::new(&it));
    let look = |quote: &Quoted| match &source {
        Some(source) if source.holds(&quote.words) => Held::Held,
        Some(_) if says => Held::Gone,
        Some(_) | None => Held::NoText,
    };
    quotes.iter().map(|quote| (quote.mark.clone(), look(quote))).collect()
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

/// A page's words, ready to be searched.
struct Source(String);

impl Source {
    fn new(text: &str) -> Source {
        Source(text.to_owned())
    }

    fn holds(&self, words: &str) -> bool {
        self.0.contains(words)
    }
}
