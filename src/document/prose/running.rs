//! Running text: the words of a body block by block, as readers see them, each with its place in the file.
//!
//! In: the nodes of a text. Out: [`Passage`]s in reading order, for whoever reads prose as prose (checks do). Blocks of
//! code and raw HTML are no running text. A link without words stands here as its id with a capital, because its target's
//! name is the graph's to know.

use std::ops::Range;

use super::links::Destination;
use super::nodes::{Element, Node, Prose, What};
use super::sentences;
use crate::text::Span;

/// The words of one block: a paragraph, a heading, the line of a list item, a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The words, without markup. A line end is a space, a hard one `\n`.
    pub text: String,
    /// What kind of block it is.
    pub setting: Setting,
    /// The number of the blockquote it stands in, from 0 in reading order; the outermost counts.
    pub quote: Option<usize>,
    /// Its links, in reading order.
    pub links: Vec<Linked>,
    /// Stretches of `text` that are no words of a language: code and bare addresses.
    pub opaque: Vec<Range<usize>>,
    stretches: Vec<Stretch>,
}

/// What kind of block words stand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting {
    /// A paragraph, a list item, a definition.
    #[default]
    Words,
    /// A heading, or the title of a callout.
    Heading,
    /// A cell of a table.
    Cell,
    /// Words of a footnote.
    Footnote,
}

/// A link inside a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Its words in the passage's text.
    pub words: Range<usize>,
    /// Its number among the mentions of the record; `None` when it leads out of the site, or to a file.
    pub mention: Option<usize>,
    /// Whether the author gave it no words.
    pub wordless: bool,
}

/// Where a part of the text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stretch {
    /// Where it starts in the text.
    at: usize,
    /// Its place in the file.
    span: Span,
}

impl Passage {
    /// The sentence that holds a part of the text.
    pub fn sentence(&self, part: Range<usize>) -> Range<usize> {
        sentences::whole(&self.text, part)
    }

    /// The place in the file of a part of the text. `file` is the text of the whole file.
    ///
    /// It is exact through markup, entities, escapes and set punctuation. Words that stand in no file (those of a link
    /// without words) have the place of their link.
    pub fn span(&self, file: &str, part: Range<usize>) -> Span {
        let Some((first, last)) = self.stretch_at(part.start).zip(self.stretch_at(part.end.max(1) - 1))
        else {
            return Span::at(0);
        };
        let start = self.place(file, first, part.start, false);
        Span::new(start, self.place(file, last, part.end, true))
    }

    fn stretch_at(&self, at: usize) -> Option<usize> {
        self.stretches.partition_point(|it| it.at <= at).checked_sub(1)
    }

    fn place(&self, file: &str, stretch: usize, at: usize, is_end: bool) -> usize {
        let Stretch { at: start, span } = self.stretches[stretch];
        let end = self.stretches.get(stretch + 1).map_or(self.text.len(), |it| it.at);
        let (shown, source) = (&self.text[start..end], span.of(file));
        match place_in(source, shown, at - start) {
            Some(offset) => span.start + offset,
            None if is_end => span.end,
            None => span.start,
        }
    }
}

/// Where a byte of the shown text stands in its source, as far as one was made from the other by decoding and setting.
fn place_in(source: &str, shown: &str, at: usize) -> Option<usize> {
    if source == shown {
        return Some(at);
    }
    let (mut in_source, mut in_shown) = (0, 0);
    while in_shown < at {
        let c = shown[in_shown..].chars().next()?;
        let rest = &source[in_source..];
        let typed = rest.chars().next()?;
        let len = match c {
            _ if typed == '\\' && c != '\\' && rest[1..].starts_with(c) => 1 + c.len_utf8(),
            '\\' if rest.starts_with("\\\\") => 2,
            '…' if rest.starts_with("...") => 3,
            '—' if rest.starts_with("---") => 3,
            '–' if rest.starts_with("--") => 2,
            '’' if typed == '\'' => 1,
            '&' if rest.starts_with("&amp;") => 5,
            _ if typed == c => c.len_utf8(),
            _ if typed == '&' => rest.find(';')? + 1,
            _ => return None,
        };
        in_source += len;
        in_shown += c.len_utf8();
    }
    (in_shown == at).then_some(in_source)
}

/// Gathers the passages of a text whose body starts at `offset` of its file.
pub(super) fn gather(prose: &Prose<'_>, offset: usize) -> Vec<Passage> {
    let mut gatherer = Gatherer { offset, ..Gatherer::default() };
    gatherer.read(&prose.nodes);
    gatherer.footnote = true;
    for footnote in &prose.footnotes {
        gatherer.read(&footnote.nodes);
    }
    gatherer.passages
}

#[derive(Default)]
struct Gatherer {
    offset: usize,
    passages: Vec<Passage>,
    /// The passage under way.
    passage: Passage,
    settings: Vec<Setting>,
    /// How many blockquotes are open, and how many there have been.
    quotes: usize,
    n_quotes: usize,
    /// Blocks that are left out.
    hidden: usize,
    n_mentions: usize,
    footnote: bool,
}

/// What a close closes.
enum Opened {
    Inline,
    Link(usize),
    Quote,
    Setting,
    Hidden,
    Block,
}

impl Gatherer {
    fn read(&mut self, nodes: &[Node<'_>]) {
        let mut opened = Vec::new();
        for node in nodes {
            match &node.what {
                What::Open(element) => {
                    let it = self.open(element, node.span);
                    opened.push(it);
                }
                What::Close => {
                    if let Some(it) = opened.pop() {
                        self.close(&it);
                    }
                }
                What::Text(words) => self.push(words, node.span),
                What::Code(words) | What::BareUrl(words) => {
                    let start = self.passage.text.len();
                    self.push(words, node.span);
                    self.passage.opaque.push(start..self.passage.text.len());
                }
                What::SoftBreak => self.push(" ", node.span),
                What::HardBreak => self.push("\n", node.span),
                What::Image(_) | What::Raw { .. } | What::FootnoteRef(_) => (),
                What::Task(_) | What::Rule | What::More => (),
            }
        }
        self.end();
    }

    fn open(&mut self, element: &Element<'_>, span: Span) -> Opened {
        if let Element::Link(link) = element {
            let start = self.passage.text.len();
            let mention = matches!(link.to, Destination::Internal { .. }).then_some(self.n_mentions);
            self.n_mentions += usize::from(mention.is_some());
            if let Some(id) = &link.wordless {
                self.push(&capital(id), span);
            }
            self.passage.links.push(Linked {
                words: start..start,
                mention,
                wordless: link.wordless.is_some(),
            });
            return Opened::Link(self.passage.links.len() - 1);
        }
        if element.is_inline() {
            return Opened::Inline;
        }
        self.end();
        match element {
            Element::Quote => {
                self.n_quotes += usize::from(self.quotes == 0);
                self.quotes += 1;
                Opened::Quote
            }
            Element::Heading(_) | Element::CalloutTitle => self.set(Setting::Heading),
            Element::TableCell => self.set(Setting::Cell),
            Element::CodeBlock(_) | Element::RawBlock => {
                self.hidden += 1;
                Opened::Hidden
            }
            _ => Opened::Block,
        }
    }

    fn set(&mut self, setting: Setting) -> Opened {
        self.settings.push(setting);
        Opened::Setting
    }

    fn close(&mut self, opened: &Opened) {
        match opened {
            Opened::Inline => return,
            Opened::Link(idx) => {
                // A link cannot hold a block, so its passage is still the one under way.
                if let Some(link) = self.passage.links.get_mut(*idx) {
                    link.words.end = self.passage.text.len();
                }
                return;
            }
            Opened::Quote | Opened::Setting | Opened::Hidden | Opened::Block => self.end(),
        }
        match opened {
            Opened::Quote => self.quotes -= 1,
            Opened::Setting => drop(self.settings.pop()),
            Opened::Hidden => self.hidden -= 1,
            Opened::Inline | Opened::Link(_) | Opened::Block => (),
        }
    }

    fn push(&mut self, words: &str, span: Span) {
        if words.is_empty() {
            return;
        }
        let at = self.passage.text.len();
        self.passage.stretches.push(Stretch { at, span: span.shifted(self.offset) });
        self.passage.text.push_str(words);
    }

    fn end(&mut self) {
        let mut passage = std::mem::take(&mut self.passage);
        if self.hidden > 0 || passage.text.trim().is_empty() {
            return;
        }
        let outside = if self.footnote { Setting::Footnote } else { Setting::Words };
        let setting = self.settings.last().copied().unwrap_or(outside);
        let quote = (self.quotes > 0).then(|| self.n_quotes - 1);
        // They live until all files are read and checked.
        passage.text.shrink_to_fit();
        passage.stretches.shrink_to_fit();
        self.passages.push(Passage { setting, quote, ..passage });
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
