//! Reads Markdown: the parser's events become [`Prose`].
//!
//! Everything that is ours and not CommonMark's is decided here or in the modules this one calls: wikilinks,
//! callouts, footnotes, bare addresses, smart punctuation, raw HTML, how deep a text may nest.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark as md;

use super::callouts::Marker;
use super::depth::too_deep;
use super::elements::{fence_is_closed, language};
use super::nodes::{Element, Footnote, Image, Node, Prose, What, fold_label, plain_text};
use super::options::parser_options;
use super::pipes::Hidden;
use super::problems::Found;
use super::punctuation::Quotations;
use super::runs::Piece;
use super::{ProseOptions, footnotes, headings};
use crate::text::Span;

/// Reads a body. `hidden` is the same body as [`super::pipes::hide`] gives it.
pub(super) fn read<'a>(body: &'a str, hidden: &'a Hidden<'a>, options: ProseOptions) -> Prose<'a> {
    let mut reader = Reader::new(body, hidden, options);
    if let Some(line) = too_deep(body) {
        reader.find(Found::NestedTooDeep, line);
        reader.open_anyway(Element::CodeBlock(String::new()), line);
        reader.push(What::Code(Cow::Borrowed(body)), line);
        reader.close(line);
        return reader.finish(Vec::new());
    }
    let mut embeds = Vec::new();
    let wikilink = |broken: md::BrokenLink<'a>| {
        let shortcut = broken.link_type == md::LinkType::Shortcut;
        match bracketed(body, &broken.span) {
            Bracketed::Wikilink if shortcut => Some(("".into(), "".into())),
            Bracketed::Embed if shortcut => {
                embeds.push(Span::new(broken.span.start - 2, broken.span.end + 1));
                None
            }
            Bracketed::Wikilink | Bracketed::Embed | Bracketed::Neither => None,
        }
    };
    let parser = md::Parser::new_with_broken_link_callback(&hidden.text, parser_options(), Some(wikilink));
    for (event, range) in parser.into_offset_iter() {
        reader.event(event, range);
    }
    reader.finish(embeds)
}

/// What a `[label]` that is no defined reference is, by the brackets around it.
enum Bracketed {
    Wikilink,
    Embed,
    Neither,
}

fn bracketed(body: &str, span: &Range<usize>) -> Bracketed {
    let (before, after) = (&body[..span.start], &body[span.end..]);
    let is_escaped = |text: &str| text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let Some(outside) = before.strip_suffix('[').filter(|outside| !is_escaped(outside)) else {
        return Bracketed::Neither;
    };
    let Some(after) = after.strip_prefix(']') else { return Bracketed::Neither };
    if body[span.clone()].trim_matches(['[', ']']).trim_start().starts_with('|') || is_link_target(after) {
        return Bracketed::Neither;
    }
    match outside.strip_suffix('!') {
        Some(outside) if !is_escaped(outside) => Bracketed::Embed,
        Some(_) | None => Bracketed::Wikilink,
    }
}

/// Whether `[[1]](address)` goes on as an ordinary link with brackets in its words.
fn is_link_target(after: &str) -> bool {
    let Some(inside) = after.strip_prefix('(') else { return false };
    let inside = inside[..inside.find([')', '\n']).unwrap_or(inside.len())].trim();
    match inside.split_once([' ', '\t']) {
        Some((_, title)) => inside.starts_with('<') || title.trim_start().starts_with(['"', '\'', '(']),
        None => true,
    }
}

/// What an open tag of the parser is to us.
pub(super) enum Frame<'a> {
    /// Left out, together with its end.
    Nothing,
    /// An element with nothing to do at its end but to close it.
    Element,
    Quote,
    Callout {
        quotation: bool,
    },
    CalloutTitle {
        marker: Marker,
        first: usize,
    },
    Heading {
        number: usize,
        first: usize,
    },
    Link {
        wiki_end: Option<usize>,
        verbatim: bool,
        shown: bool,
    },
    Image {
        image: Image<'a>,
        first: usize,
        span: Span,
    },
    InnerImage,
    /// Text between single tildes, which stay.
    Tilde,
    CodeBlock,
    RawBlock {
        html: Cow<'a, str>,
    },
    Footnote {
        label: String,
        span: Span,
        outside: Vec<Node<'a>>,
        depth: usize,
        quotes: usize,
    },
}

/// The state between two events.
pub(super) struct Reader<'a> {
    pub(super) body: &'a str,
    pub(super) hidden: &'a Hidden<'a>,
    pub(super) options: ProseOptions,
    pub(super) prose: Prose<'a>,
    /// The nodes of the text, or of the footnote that is being read.
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) frames: Vec<Frame<'a>>,
    pub(super) depth: usize,
    /// Text still to be understood as a whole; the parser cuts it at every character that could be markup.
    pub(super) run: Vec<Piece<'a>>,
    /// What stands before this byte is markup of ours.
    pub(super) clip: usize,
    pub(super) quotations: Quotations,
    /// How many blockquotes are open.
    pub(super) quotes: usize,
    /// How many links are open, and how many of them are addresses that must stay as typed.
    pub(super) links: usize,
    pub(super) verbatim: usize,
    pub(super) images: usize,
    /// The callout whose first line comes next.
    pub(super) callout: Option<Marker>,
}

impl<'a> Reader<'a> {
    fn new(body: &'a str, hidden: &'a Hidden<'a>, options: ProseOptions) -> Reader<'a> {
        Reader {
            body,
            hidden,
            options,
            prose: Prose::default(),
            nodes: Vec::new(),
            frames: Vec::new(),
            depth: 0,
            run: Vec::new(),
            clip: 0,
            quotations: Quotations::default(),
            quotes: 0,
            links: 0,
            verbatim: 0,
            images: 0,
            callout: None,
        }
    }

    fn finish(mut self, embeds: Vec<Span>) -> Prose<'a> {
        self.flush();
        let mut prose = self.prose;
        prose.nodes = self.nodes;
        for span in embeds {
            let target = span.of(self.body).trim_matches(['!', '[', ']']).to_owned();
            prose.found.push((Found::UnsupportedEmbed { target }, span));
        }
        headings::settle_ids(&mut prose.headings, &mut prose.found);
        footnotes::settle(&mut prose);
        prose
    }

    fn event(&mut self, event: md::Event<'a>, range: Range<usize>) {
        let is_end = matches!(event, md::Event::End(_));
        if range.end <= self.clip && !range.is_empty() && !is_end {
            if matches!(event, md::Event::Start(_)) {
                self.frames.push(Frame::Nothing);
            }
            return;
        }
        let span = Span::from(range);
        let event = match event {
            md::Event::Text(text) if !matches!(self.frames.last(), Some(Frame::CodeBlock)) => {
                return self.run.extend(Piece::read(text, span, self.clip, self.body, self.hidden));
            }
            md::Event::Start(md::Tag::Link { link_type: md::LinkType::ShortcutUnknown, .. }) => {
                self.drop_opening_bracket(span.start);
                event
            }
            event => event,
        };
        self.flush();
        if self.callout.is_some() && !matches!(event, md::Event::Start(md::Tag::Paragraph)) {
            self.show_callout_title(span);
        }
        match event {
            md::Event::Start(tag) => self.start(tag, span),
            md::Event::End(_) => self.end(span),
            md::Event::Text(code) => {
                let code = self.restored(code);
                self.push(What::Code(code), span);
            }
            md::Event::Code(code) => {
                let code = self.restored(code);
                self.look_for_bidi(&code, span);
                self.quotations.pass('x');
                self.push(What::Code(code), span);
            }
            md::Event::Html(html) => {
                let line = self.restored(html);
                match self.frames.last_mut() {
                    Some(Frame::RawBlock { html }) if html.is_empty() => *html = line,
                    Some(Frame::RawBlock { html }) => html.to_mut().push_str(&line),
                    _ => self.raw(&line, span, false),
                }
            }
            md::Event::InlineHtml(html) => {
                let html = self.restored(html);
                self.raw(&html, span, false);
            }
            md::Event::FootnoteReference(label) => self.push(What::FootnoteRef(fold_label(&label)), span),
            md::Event::TaskListMarker(done) => self.push(What::Task(done), span),
            md::Event::Rule => self.push(What::Rule, span),
            md::Event::SoftBreak => self.line_break(What::SoftBreak, span),
            md::Event::HardBreak => self.line_break(What::HardBreak, span),
            // Math is not on, so these are only its source.
            md::Event::InlineMath(text) | md::Event::DisplayMath(text) => {
                let text = self.restored(text);
                self.push(What::Text(text), span);
            }
        }
    }

    fn start(&mut self, tag: md::Tag<'a>, span: Span) {
        let element = match tag {
            md::Tag::Paragraph => match self.callout.take() {
                Some(marker) => {
                    self.clip = marker.end;
                    self.quotations.start_block();
                    self.open_anyway(Element::CalloutTitle, span);
                    let first = self.nodes.len();
                    return self.frames.push(Frame::CalloutTitle { marker, first });
                }
                None => Element::Paragraph,
            },
            md::Tag::BlockQuote(_) => return self.start_quote(span),
            md::Tag::Heading { level, id, classes, attrs } => {
                return self.start_heading(level, id, classes, attrs, span);
            }
            md::Tag::CodeBlock(kind) => {
                let language = match &kind {
                    md::CodeBlockKind::Fenced(info) => language(info),
                    md::CodeBlockKind::Indented => String::new(),
                };
                if kind.is_fenced() && !fence_is_closed(span.of(self.body)) {
                    let line = span.of(self.body).lines().next().map_or(0, str::len);
                    self.find(Found::UnclosedFence, Span::new(span.start, span.start + line));
                }
                self.open_anyway(Element::CodeBlock(language), span);
                return self.frames.push(Frame::CodeBlock);
            }
            md::Tag::HtmlBlock => return self.frames.push(Frame::RawBlock { html: Cow::Borrowed("") }),
            md::Tag::FootnoteDefinition(label) => return self.start_footnote(&label, span),
            md::Tag::Link { link_type, dest_url, title, .. } => {
                return self.start_link(link_type, &dest_url, title, span);
            }
            md::Tag::Image { dest_url, title, .. } => return self.start_image(&dest_url, title, span),
            md::Tag::List(first) => Element::List(first),
            md::Tag::Item => Element::Item,
            md::Tag::DefinitionList => Element::DefinitionList,
            md::Tag::DefinitionListTitle => Element::DefinitionTitle,
            md::Tag::DefinitionListDefinition => Element::Definition,
            md::Tag::Table(alignments) => Element::Table(alignments),
            md::Tag::TableHead => Element::TableHead,
            md::Tag::TableRow => Element::TableRow,
            md::Tag::TableCell => Element::TableCell,
            md::Tag::Emphasis => Element::Emphasis,
            md::Tag::Strong => Element::Strong,
            // One tilde is often meant as "about": `~17%`.
            md::Tag::Strikethrough if !span.of(self.body).starts_with("~~") => {
                self.push(What::Text(Cow::Borrowed("~")), Span::new(span.start, span.start + 1));
                return self.frames.push(Frame::Tilde);
            }
            md::Tag::Strikethrough => Element::Strikethrough,
            // Not switched on.
            md::Tag::Superscript | md::Tag::Subscript | md::Tag::MetadataBlock(_) => {
                return self.frames.push(Frame::Nothing);
            }
        };
        let frame = if self.open(element, span) { Frame::Element } else { Frame::Nothing };
        self.frames.push(frame);
    }

    fn end(&mut self, span: Span) {
        match self.frames.pop() {
            Some(Frame::Element | Frame::CodeBlock) => self.close(span),
            Some(Frame::Nothing) | None => (),
            Some(Frame::Quote) => {
                self.quotes -= 1;
                self.close(span);
            }
            Some(Frame::Callout { quotation }) => {
                if quotation {
                    self.quotes -= 1;
                    match self.nodes.last() {
                        Some(Node { what: What::Open(Element::Quote), .. }) => drop(self.nodes.pop()),
                        Some(_) | None => self.nodes.push(Node { what: What::Close, span }),
                    }
                }
                self.close(span);
            }
            Some(Frame::CalloutTitle { marker, first }) => self.end_callout_title(&marker, first, span),
            Some(Frame::Heading { number, first }) => {
                let words = &self.nodes[first..];
                let text = plain_text(words, &|_| None);
                let heading = &mut self.prose.headings[number];
                heading.text = text.trim().to_owned();
                self.close(span);
            }
            Some(Frame::Link { wiki_end, verbatim, shown }) => {
                self.links -= 1;
                self.verbatim -= usize::from(verbatim);
                self.clip = self.clip.max(wiki_end.unwrap_or(0));
                if shown {
                    self.close(span);
                }
            }
            Some(Frame::InnerImage) => self.images -= 1,
            Some(Frame::Tilde) => {
                self.push(What::Text(Cow::Borrowed("~")), Span::new(span.end - 1, span.end));
            }
            Some(Frame::Image { mut image, first, span }) => {
                self.images -= 1;
                self.links -= 1;
                image.alt = plain_text(&self.nodes[first..], &|_| None).trim().to_owned();
                self.nodes.truncate(first);
                if image.alt.is_empty() {
                    self.find(Found::NoAltText, span);
                }
                self.push(What::Image(image), span);
            }
            Some(Frame::RawBlock { html }) => self.raw(&html, span, true),
            Some(Frame::Footnote { label, span, outside, depth, quotes }) => {
                let nodes = std::mem::replace(&mut self.nodes, outside);
                self.depth = depth;
                self.quotes = quotes;
                self.prose.footnotes.push(Footnote { label, span, nodes });
            }
        }
    }
}
