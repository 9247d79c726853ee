//! Callouts: blockquotes that begin with a kind in brackets, `> [!note]` or `> [!quote] Yann LeCun, on Threads`.
//!
//! Any word is a kind. The rest of the line is the title; without one, the kind itself is shown.

use std::borrow::Cow;

use super::events::{Frame, Reader};
use super::nodes::{Element, What, plain_text};
use crate::text::Span;

/// The first line of a callout.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// The kind, in lower case.
    pub(super) kind: String,
    /// Where the title begins, counted from the start of the blockquote.
    pub(super) end: usize,
}

impl Marker {
    /// Whether the callout's content is somebody's words.
    pub(super) fn is_quotation(&self) -> bool {
        matches!(self.kind.as_str(), "quote" | "cite")
    }

    /// The kind as a title: `see-also` becomes `See also`.
    pub(super) fn title(&self) -> String {
        let words = self.kind.replace(['-', '_'], " ");
        words[..1].to_uppercase() + &words[1..]
    }
}

/// Reads the marker of a blockquote, given from its `>` on.
pub(super) fn marker(quote: &str) -> Option<Marker> {
    let inside = quote.strip_prefix('>')?.trim_start_matches([' ', '\t']);
    let rest = inside.strip_prefix("[!")?;
    let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')?;
    let kind = &rest[..len];
    let after = rest[len..].strip_prefix(']')?;
    if !kind.starts_with(|c: char| c.is_ascii_alphabetic()) || len > 40 || after.starts_with(['(', '[', ':'])
    {
        return None;
    }
    // Some editors fold callouts that say `[!note]-`; here they are always open.
    let after = after.strip_prefix(['-', '+']).unwrap_or(after).trim_start_matches([' ', '\t']);
    Some(Marker { kind: kind.to_ascii_lowercase(), end: quote.len() - after.len() })
}

impl<'a> Reader<'a> {
    pub(super) fn start_quote(&mut self, span: Span) {
        let marker = marker(span.of(self.body));
        let Some(marker) = marker else {
            let shown = self.open(Element::Quote, span);
            self.quotes += usize::from(shown);
            return self.frames.push(if shown { Frame::Quote } else { Frame::Nothing });
        };
        if !self.open(Element::Callout(marker.kind.clone()), span) {
            return self.frames.push(Frame::Nothing);
        }
        self.frames.push(Frame::Callout { quotation: marker.is_quotation() });
        self.callout = Some(Marker { end: span.start + marker.end, ..marker });
    }

    /// Shows the kind of a callout that begins with something other than a line of words.
    pub(super) fn show_callout_title(&mut self, span: Span) {
        if let Some(marker) = self.callout.take() {
            self.open_anyway(Element::CalloutTitle, span);
            self.end_callout_title(&marker, self.nodes.len(), span);
        }
    }

    /// Ends a callout's title, which is `first` and the nodes behind it.
    pub(super) fn end_callout_title(&mut self, marker: &Marker, first: usize, span: Span) {
        if plain_text(&self.nodes[first..], &|_| Some("x".to_owned())).trim().is_empty() {
            self.push(What::Text(Cow::Owned(marker.title())), span);
        }
        self.close(span);
        if marker.is_quotation() {
            self.quotes += 1;
            self.push(What::Open(Element::Quote), span);
        }
    }

    pub(super) fn line_break(&mut self, what: What<'a>, span: Span) {
        self.quotations.pass(' ');
        match self.frames.pop() {
            Some(Frame::CalloutTitle { marker, first }) => {
                self.end_callout_title(&marker, first, span);
                self.open_anyway(Element::Paragraph, span);
                self.frames.push(Frame::Element);
            }
            frame => {
                self.frames.extend(frame);
                self.push(what, span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_word_is_a_kind_and_links_are_none() {
        let read = |quote: &'static str| marker(quote).map(|it| (it.kind.clone(), &quote[it.end..]));
        assert_eq!(read("> [!Quote] Yann LeCun\n> x"), Some(("quote".to_owned(), "Yann LeCun\n> x")));
        assert_eq!(read(">[!see-also]-\n> x"), Some(("see-also".to_owned(), "\n> x")));
        for none in ["> [!](x)", "> [!a](x)", "> [!a]: x", "> [!a b]", "> ![a]", "> [!1]", "x"] {
            assert_eq!(read(none), None, "{none}");
        }
        assert_eq!(marker("> [!see-also]").unwrap().title(), "See also");
    }
}
