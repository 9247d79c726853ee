//! Links, pictures, raw HTML and footnotes as the reader meets them, and the small steps every element takes.

use std::borrow::Cow;

use pulldown_cmark as md;

use super::depth::MAX_DEPTH;
use super::events::{Frame, Reader};
use super::links::{self, Destination};
use super::nodes::{Element, Image, Link, Node, What};
use super::problems::Found;
use super::raw::{self, Stretch};
use crate::text::Span;

impl<'a> Reader<'a> {
    /// Opens an element, or says no when too many are open; then its end must be left out too.
    pub(super) fn open(&mut self, element: Element<'a>, span: Span) -> bool {
        if self.depth >= MAX_DEPTH {
            self.find(Found::NestedTooDeep, span);
            return false;
        }
        self.open_anyway(element, span);
        true
    }

    /// Opens an element that cannot stand in itself, and so cannot nest without end.
    pub(super) fn open_anyway(&mut self, element: Element<'a>, span: Span) {
        if !element.is_inline() {
            self.quotations.start_block();
        }
        self.depth += 1;
        self.push(What::Open(element), span);
    }

    /// Closes the innermost open element.
    pub(super) fn close(&mut self, span: Span) {
        self.depth -= 1;
        self.push(What::Close, span);
    }

    pub(super) fn push(&mut self, what: What<'a>, span: Span) {
        self.nodes.push(Node { what, span });
    }

    pub(super) fn find(&mut self, found: Found, span: Span) {
        self.prose.found.push((found, span));
    }

    /// A piece of the parser's output as the author typed it.
    pub(super) fn restored(&self, text: md::CowStr<'a>) -> Cow<'a, str> {
        self.hidden.restore(Cow::from(text))
    }

    pub(super) fn start_link(
        &mut self,
        link_type: md::LinkType,
        url: &str,
        title: md::CowStr<'a>,
        span: Span,
    ) {
        let is_wikilink = link_type == md::LinkType::ShortcutUnknown;
        let verbatim = matches!(link_type, md::LinkType::Autolink | md::LinkType::Email);
        let (link, span) = match is_wikilink {
            true => self.wikilink(span),
            false => {
                let url = self.hidden.restore(Cow::Borrowed(url)).into_owned();
                let url = if link_type == md::LinkType::Email { format!("mailto:{url}") } else { url };
                let to = links::destination(&url);
                self.judge(&to, &url, span);
                (Link { to, title: self.restored(title), wordless: None }, span)
            }
        };
        self.links += 1;
        self.verbatim += usize::from(verbatim);
        let shown = self.open(Element::Link(link), span);
        self.frames.push(Frame::Link { wiki_end: is_wikilink.then_some(span.end), verbatim, shown });
    }

    /// Reads a wikilink, given its inner brackets; its words, if it has any, follow as events.
    fn wikilink(&mut self, inner: Span) -> (Link<'a>, Span) {
        let span = Span::new(inner.start - 1, inner.end + 1);
        let inside = Span::new(inner.start + 1, inner.end - 1);
        let (name, words) = match inside.of(self.body).split_once('|') {
            Some((name, words)) => (name.strip_suffix('\\').unwrap_or(name), Some(words)),
            None => (inside.of(self.body), None),
        };
        // A name over two lines: between them may stand the marks of a quotation.
        let name: Vec<&str> =
            name.split(|c: char| c.is_whitespace() || c == '>').filter(|it| !it.is_empty()).collect();
        let name = name.join(" ");
        let words = words.map(str::trim_start).filter(|words| !words.is_empty());
        self.clip = words.map_or(span.end, |words| inside.end - words.len());
        let wordless = words.is_none().then(|| match name.rsplit_once(':') {
            _ if name.starts_with('#') => name[1..].to_owned(),
            Some((_, id)) => id.split('#').next().unwrap_or(id).trim().to_owned(),
            None => name.split('#').next().unwrap_or(&name).trim().to_owned(),
        });
        (Link { to: links::wikilink(&name), title: Cow::Borrowed(""), wordless }, span)
    }

    pub(super) fn start_image(&mut self, url: &str, title: md::CowStr<'a>, span: Span) {
        self.images += 1;
        if self.images > 1 {
            // Only the words of a picture inside a picture's words are kept.
            return self.frames.push(Frame::InnerImage);
        }
        self.links += 1;
        let url = self.hidden.restore(Cow::Borrowed(url)).into_owned();
        let from = links::picture(&url);
        self.judge(&from, &url, span);
        if matches!(from, Destination::External(_)) {
            self.find(Found::ImageElsewhere, place_of(&url, span, self.body));
        }
        let image = Image { from, title: self.restored(title), alt: String::new() };
        self.frames.push(Frame::Image { image, first: self.nodes.len(), span });
    }

    /// Notices what is wrong with where a link or picture leads, at the address where it can be found.
    pub(super) fn judge(&mut self, destination: &Destination, url: &str, span: Span) {
        match destination {
            Destination::Refused(why) => {
                let found = Found::Refused { url: url.to_owned(), why: why.clone() };
                self.find(found, place_of(url, span, self.body));
            }
            Destination::External(url) => {
                if let Some(label) = links::mixed_script_label(url) {
                    let found = Found::MixedScriptHost { label: label.to_owned() };
                    self.find(found, place_of(label, span, self.body));
                }
            }
            Destination::Internal { .. } | Destination::Asset { .. } | Destination::Address(_) => (),
        }
    }

    /// Reads raw HTML: comments are left out, `<!-- more -->` is ours, the rest is markup.
    #[expect(clippy::ptr_arg, reason = "a slice of text borrowed from the body stays borrowed from it")]
    pub(super) fn raw(&mut self, html: &Cow<'a, str>, span: Span, block: bool) {
        // The lines of a block inside a quotation or a list do not stand side by side in the file.
        let side_by_side = span.of(self.body).starts_with(&**html);
        for (stretch, range) in raw::stretches(html) {
            let place = match side_by_side {
                true => Span::from(range.clone()).shifted(span.start),
                false => span,
            };
            match stretch {
                Stretch::Comment { inside } if html[inside.clone()].trim().eq_ignore_ascii_case("more") => {
                    self.push(What::More, place);
                }
                Stretch::Comment { .. } => self.find(Found::HtmlComment, place),
                Stretch::Markup if html[range.clone()].trim().is_empty() => (),
                Stretch::Markup => {
                    let markup = match html {
                        Cow::Borrowed(html) => Cow::Borrowed(&html[range]),
                        Cow::Owned(html) => Cow::Owned(html[range].to_owned()),
                    };
                    self.markup(markup, place, block);
                }
            }
        }
    }

    fn markup(&mut self, html: Cow<'a, str>, span: Span, block: bool) {
        let forbidden = if self.options.raw_html { raw::forbidden(&html) } else { None };
        let refused = forbidden.is_some();
        match forbidden {
            Some((what, range)) => {
                let place =
                    if span.of(self.body) == html { Span::from(range).shifted(span.start) } else { span };
                self.find(Found::RawHtmlScript { what }, place);
            }
            None if !self.options.raw_html => {
                let first_line = html.trim_end().lines().next().map_or(0, str::len);
                self.find(Found::RawHtml, Span::new(span.start, (span.start + first_line).min(span.end)));
            }
            None => (),
        }
        if block {
            self.open_anyway(Element::RawBlock, span);
        }
        self.push(What::Raw { html, refused }, span);
        if block {
            self.close(span);
        }
    }

    pub(super) fn start_footnote(&mut self, label: &str, span: Span) {
        let label_end = span.of(self.body).find("]:").map_or(span.end, |at| span.start + at + 1);
        self.frames.push(Frame::Footnote {
            label: self.hidden.restore(Cow::Borrowed(label)).into_owned(),
            span: Span::new(span.start, label_end),
            outside: std::mem::take(&mut self.nodes),
            depth: std::mem::take(&mut self.depth),
            quotes: std::mem::take(&mut self.quotes),
        });
    }
}

/// Where an address stands in a link, as far as it stands there the way it was decoded.
pub(super) fn place_of(url: &str, link: Span, body: &str) -> Span {
    let source = link.of(body);
    if let Some(at) = source.rfind(url).filter(|_| !url.is_empty()) {
        return Span::new(link.start + at, link.start + at + url.len());
    }
    match source.rfind("](") {
        Some(at) if source.ends_with(')') => Span::new(link.start + at + 2, link.end - 1),
        Some(_) | None => link,
    }
}

/// The language of a block of code: the first word of its info string, without what a class could not hold.
pub(super) fn language(info: &str) -> String {
    let word = info.split_whitespace().next().unwrap_or("");
    word.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | '#' | '_' | '.'))
        .take(40)
        .collect()
}

/// Whether a fenced block of code, given from its first mark on, ends with a line of its own marks.
pub(super) fn fence_is_closed(block: &str) -> bool {
    let mark = block.chars().next().unwrap_or('`');
    let n_marks = block.chars().take_while(|c| *c == mark).count();
    let Some((_, last)) = block.trim_end_matches(['\n', '\r']).rsplit_once(['\n', '\r']) else {
        return false;
    };
    let last = last.trim_start_matches([' ', '\t', '>']).trim_end();
    last.chars().count() >= n_marks && last.chars().all(|c| c == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_ends_with_enough_of_its_own_marks() {
        assert!(fence_is_closed("```rust\nx\n```\n"));
        assert!(fence_is_closed("~~~\nx\n> ~~~~  "));
        for open in ["```", "```\nx", "````\n```", "```\n~~~", "```\n``` x"] {
            assert!(!fence_is_closed(open), "{open}");
        }
        assert_eq!(language("rust,ignore \"><script>"), "rustignore");
        assert_eq!(language("  c++ x"), "c++");
    }
}
