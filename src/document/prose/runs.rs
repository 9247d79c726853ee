//! Runs of text: what the parser cut at every character that could be markup, put together and understood.
//!
//! Here bare addresses are found, punctuation is set, references to missing footnotes and characters that change
//! the direction of text are noticed.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::CowStr;

use super::bare_urls;
use super::events::Reader;
use super::links::{self, Destination};
use super::nodes::What;
use super::pipes::Hidden;
use super::problems::Found;
use crate::text::Span;

/// One text event.
pub(super) struct Piece<'a> {
    text: Cow<'a, str>,
    pub(super) span: Span,
    /// Whether `text` stands in the body as it is; else it was decoded.
    verbatim: bool,
    /// Whether its first character was escaped.
    escaped: bool,
}

impl<'a> Piece<'a> {
    /// Reads a text event, without what stands before `clip`; `None` when nothing is left.
    pub(super) fn read(
        text: CowStr<'a>,
        span: Span,
        clip: usize,
        body: &'a str,
        hidden: &Hidden<'a>,
    ) -> Option<Piece<'a>> {
        if span.end <= clip {
            return None;
        }
        if span.of(&hidden.text) == &*text {
            let span = Span::new(span.start.max(clip), span.end);
            let escaped = span.start > 0 && body.as_bytes()[span.start - 1] == b'\\';
            return Some(Piece { text: Cow::Borrowed(span.of(body)), span, verbatim: true, escaped });
        }
        Some(Piece { text: hidden.restore(Cow::from(text)), span, verbatim: false, escaped: false })
    }
}

/// A run put together.
struct Run<'a> {
    text: Cow<'a, str>,
    /// For each piece: where it starts in `text`, its place in the body, whether it is verbatim.
    pieces: Vec<(usize, Span, bool)>,
    /// Where escaped characters stand in `text`.
    escaped: Vec<usize>,
}

impl<'a> Run<'a> {
    fn join(body: &'a str, pieces: Vec<Piece<'a>>) -> Run<'a> {
        let seamless = pieces.iter().all(|piece| piece.verbatim)
            && pieces.windows(2).all(|two| two[0].span.end == two[1].span.start);
        let mut starts = Vec::with_capacity(pieces.len());
        let mut escaped = Vec::new();
        let mut len = 0;
        for piece in &pieces {
            starts.push((len, piece.span, piece.verbatim));
            if piece.escaped {
                escaped.push(len);
            }
            len += piece.text.len();
        }
        let text = match pieces.as_slice() {
            [first, .., last] if seamless => Cow::Borrowed(&body[first.span.start..last.span.end]),
            _ => {
                let mut pieces = pieces.into_iter().map(|piece| piece.text);
                let first = pieces.next().unwrap_or_default();
                pieces.fold(first, |text, piece| text + piece)
            }
        };
        Run { text, pieces: starts, escaped }
    }

    /// The place in the body of a stretch of the run.
    fn span(&self, range: Range<usize>) -> Span {
        let place = |at: usize, is_end: bool| {
            let after =
                self.pieces.partition_point(|(start, ..)| if is_end { *start < at } else { *start <= at });
            let (start, span, verbatim) = self.pieces[after.saturating_sub(1)];
            match (verbatim, is_end) {
                (true, _) => span.start + (at - start),
                (false, false) => span.start,
                (false, true) => span.end,
            }
        };
        Span::new(place(range.start, false), place(range.end, true))
    }

    fn slice(&self, range: Range<usize>) -> Cow<'a, str> {
        match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
            Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
        }
    }
}

impl<'a> Reader<'a> {
    /// Takes the `[` that belongs to a wikilink at `start` off the run.
    pub(super) fn drop_opening_bracket(&mut self, start: usize) {
        let Some(last) = self.run.last_mut() else { return };
        if last.verbatim && last.span.end == start && last.text.ends_with('[') {
            last.span.end -= 1;
            last.text = Cow::Borrowed(last.span.of(self.body));
        }
        if last.text.is_empty() {
            self.run.pop();
        }
    }

    /// Understands the run that has gathered.
    pub(super) fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run = Run::join(self.body, std::mem::take(&mut self.run));
        // A single character is sought several times faster, and most texts have not even that.
        let may_hold = run.text.contains(':') && run.text.contains("://");
        let addresses = if may_hold { bare_urls::find(&run.text) } else { Vec::new() };
        let mut from = 0;
        for address in addresses {
            self.words(&run, from..address.start);
            self.address(&run, address.clone());
            from = address.end;
        }
        self.words(&run, from..run.text.len());
    }

    /// Shows a bare address, as a link where it may be one, and exactly as typed everywhere.
    fn address(&mut self, run: &Run<'a>, range: Range<usize>) {
        let span = run.span(range.clone());
        let address = run.slice(range);
        self.quotations.pass(address.chars().next_back().unwrap_or(' '));
        if self.links > 0 {
            self.look_for_bidi(&address, span);
            return self.push(What::Text(address), span);
        }
        let destination = links::destination(&address);
        self.judge(&destination, &address, span);
        match destination {
            Destination::External(_) => self.push(What::BareUrl(address), span),
            _ => self.push(What::Text(address), span),
        }
    }

    fn words(&mut self, run: &Run<'a>, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let words = run.slice(range.clone());
        self.look_for_missing_footnotes(run, range.clone());
        let typed = |at: usize| run.escaped.binary_search(&(range.start + at)).is_ok();
        let mut bidi = Vec::new();
        let mut quoted_char = |at: usize, c: char| {
            if is_bidi_control(c) {
                bidi.push((range.start + at, c));
            }
        };
        let quoted = self.quotes > 0 || self.verbatim > 0;
        let set = match self.quotations.set(&words, quoted, &typed, &mut quoted_char) {
            Cow::Owned(set) => Some(set),
            Cow::Borrowed(_) => None,
        };
        for (at, c) in bidi {
            self.find(Found::Bidi { c, quoted: true }, run.span(at..at + c.len_utf8()));
        }
        if self.links > 0 && !quoted {
            self.look_for_bidi_in_link(run, range.clone());
        }
        self.push(What::Text(set.map_or(words, Cow::Owned)), run.span(range));
    }

    fn look_for_bidi_in_link(&mut self, run: &Run<'a>, range: Range<usize>) {
        for (at, c) in run.text[range.clone()].char_indices().filter(|(_, c)| is_bidi_control(*c)) {
            let at = range.start + at;
            self.find(Found::Bidi { c, quoted: false }, run.span(at..at + c.len_utf8()));
        }
    }

    /// Looks for direction controls in a piece of a link or a quotation that stands in the body as it is.
    pub(super) fn look_for_bidi(&mut self, text: &str, span: Span) {
        let quoted = self.quotes > 0 || self.quotations.is_open();
        if !quoted && self.links == 0 {
            return;
        }
        if let Some(c) = text.chars().find(|c| is_bidi_control(*c)) {
            self.find(Found::Bidi { c, quoted }, span);
        }
    }

    /// The parser turns `[^label]` into text when there is no such footnote.
    fn look_for_missing_footnotes(&mut self, run: &Run<'a>, range: Range<usize>) {
        if !run.text[range.clone()].contains('^') {
            return;
        }
        let mut from = range.start;
        while let Some(open) = run.text[from..range.end].find("[^") {
            let open = from + open;
            from = open + 2;
            let rest = &run.text[from..range.end];
            let len = rest.find(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '^')).unwrap_or(0);
            let is_escaped = run.escaped.binary_search(&open).is_ok();
            if len > 0 && rest[len..].starts_with(']') && !is_escaped {
                let label = rest[..len].to_owned();
                self.find(Found::FootnoteMissing { label }, run.span(open..from + len + 1));
            }
        }
    }
}

/// Characters that change the direction of the text behind them (UAX #9, explicit formatting).
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
