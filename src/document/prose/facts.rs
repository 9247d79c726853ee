//! What other pages may learn of a text.

use super::elements::place_of;
use super::links::{self, Destination};
use super::nodes::{Element, Link, Node, Prose, What, plain_text, push_plain};
use super::sentences;
use crate::model::{Anchor, AssetUse, Mention, NAME_CLOSES, NAME_OPENS, OutwardLink, ProseFacts};
use crate::text::Span;

/// Gathers the facts of a text whose body starts at `offset` of its file.
pub(super) fn gather(prose: &Prose<'_>, body: &str, offset: usize) -> ProseFacts {
    let mut gatherer = Gatherer { body, offset, ..Gatherer::default() };
    gatherer.read(&prose.nodes);
    for footnote in &prose.footnotes {
        gatherer.read(&footnote.nodes);
    }
    // Facts are kept for all pages at once.
    gatherer.mentions.shrink_to_fit();
    gatherer.assets.shrink_to_fit();
    gatherer.outward.shrink_to_fit();
    let anchors = prose.headings.iter().map(|heading| Anchor {
        id: heading.id.clone(),
        text: heading.text.clone(),
        level: heading.level,
    });
    ProseFacts {
        mentions: gatherer.mentions,
        anchors: anchors.collect(),
        assets: gatherer.assets,
        outward: gatherer.outward,
        summary: in_one_line(summary(&prose.nodes)),
        present: prose.nodes.iter().any(|node| !matches!(node.what, What::More)),
    }
}

/// The nodes that sum a text up: those before `<!-- more -->`, else the first paragraph that stands in nothing.
/// In the first case elements may be left open at the end.
pub(super) fn summary<'n, 'a>(nodes: &'n [Node<'a>]) -> &'n [Node<'a>] {
    if let Some(more) = nodes.iter().position(|node| matches!(node.what, What::More))
        && !plain_text(&nodes[..more], &|_| Some("x".to_owned())).trim().is_empty()
    {
        return &nodes[..more];
    }
    let mut depth = 0;
    let mut first = None;
    for (idx, node) in nodes.iter().enumerate() {
        match &node.what {
            What::Open(Element::Paragraph) if depth == 0 => {
                first = Some(idx);
                depth += 1;
            }
            What::Open(_) => depth += 1,
            What::Close => {
                depth -= 1;
                if let (Some(first), 0) = (first, depth) {
                    return &nodes[first..=idx];
                }
            }
            _ => (),
        }
    }
    &[]
}

/// The target of a link without words, marked so that its name can be put in.
fn marked(link: &Link<'_>) -> Option<String> {
    let Destination::Internal { target, .. } = &link.to else { return None };
    Some(format!("{NAME_OPENS}{}{NAME_CLOSES}", target.written()))
}

/// Plain text with single spaces, also between blocks.
fn in_one_line(nodes: &[Node<'_>]) -> String {
    let mut text = String::new();
    for node in nodes {
        match &node.what {
            What::Open(element) if !element.is_inline() => text.push(' '),
            what => push_plain(&mut text, what, &marked),
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Mail and telephone are external too, and nothing answers there.
fn is_of_the_web(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })
}

/// Walks over nodes block by block.
#[derive(Default)]
struct Gatherer<'b> {
    body: &'b str,
    offset: usize,
    mentions: Vec<Mention>,
    assets: Vec<AssetUse>,
    outward: Vec<OutwardLink>,
    /// The plain text of the block so far.
    block: String,
    /// Mentions of this block whose sentence is still to be found: their number, and where their words stand.
    waiting: Vec<(usize, std::ops::Range<usize>)>,
}

/// What a close closes.
enum Opened {
    Block,
    Inline,
    Mention { waiting: usize },
}

impl Gatherer<'_> {
    fn read(&mut self, nodes: &[Node<'_>]) {
        let mut opened = Vec::new();
        for node in nodes {
            match &node.what {
                What::Open(element) => {
                    let it = self.open(element, node);
                    opened.push(it);
                }
                What::Close => match opened.pop() {
                    Some(Opened::Block) => self.end_block(),
                    Some(Opened::Mention { waiting }) => self.waiting[waiting].1.end = self.block.len(),
                    Some(Opened::Inline) | None => (),
                },
                What::Image(image) => self.not_ours(&image.from, node.span, true),
                What::BareUrl(url) => self.outward(url, node.span),
                _ => (),
            }
            match &node.what {
                // A link's own words are put in by `open`, so that they count as part of it.
                What::Open(_) => (),
                what => push_plain(&mut self.block, what, &marked),
            }
        }
        self.end_block();
    }

    fn open(&mut self, element: &Element<'_>, node: &Node<'_>) -> Opened {
        let Element::Link(link) = element else {
            if element.is_inline() {
                return Opened::Inline;
            }
            self.end_block();
            return Opened::Block;
        };
        let start = self.block.len();
        push_plain(&mut self.block, &node.what, &marked);
        self.not_ours(&link.to, node.span, false);
        let Destination::Internal { target, anchor } = &link.to else { return Opened::Inline };
        self.waiting.push((self.mentions.len(), start..start));
        self.mentions.push(Mention {
            target: target.clone(),
            anchor: anchor.clone(),
            sentence: String::new(),
            span: node.span.shifted(self.offset),
        });
        Opened::Mention { waiting: self.waiting.len() - 1 }
    }

    /// Notes a destination that is no record: a file, or an address of the web.
    fn not_ours(&mut self, destination: &Destination, span: Span, shown: bool) {
        match destination {
            Destination::Asset { path, .. } => {
                self.assets.push(AssetUse { path: path.clone(), shown, span: self.place(path, span) });
            }
            // Most addresses are those of pages, which end with a slash.
            Destination::Address(url) => {
                let is_file = |path: &String| path.rsplit('/').next().is_some_and(|it| it.contains('.'));
                let path = links::path_of(url).filter(is_file);
                let span = self.place(url, span);
                self.assets.extend(path.map(|path| AssetUse { path, shown, span }));
            }
            Destination::External(url) => self.outward(url, span),
            Destination::Internal { .. } | Destination::Refused(_) => (),
        }
    }

    fn outward(&mut self, url: &str, span: Span) {
        if is_of_the_web(url) {
            self.outward.push(OutwardLink { url: url.to_owned(), span: self.place(url, span) });
        }
    }

    /// Where an address stands in its link.
    fn place(&self, address: &str, link: Span) -> Span {
        place_of(address, link, self.body).shifted(self.offset)
    }

    fn end_block(&mut self) {
        let block = std::mem::take(&mut self.block);
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return;
        }
        let bounds = sentences::bounds(&block);
        for (mention, words) in waiting {
            self.mentions[mention].sentence = sentences::around(&block, &bounds, words);
        }
    }
}
