//! What the parser's events mean to us: the one understanding that both facts and HTML are made from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pulldown_cmark::Alignment;

use super::links::Destination;
use super::problems::Found;
use crate::text::Span;

/// A text understood. Spans count from the start of the body.
#[derive(Debug, Default)]
pub(super) struct Prose<'a> {
    /// The text without its footnotes.
    pub(super) nodes: Vec<Node<'a>>,
    /// Every footnote definition, in file order, also those nobody needs.
    pub(super) footnotes: Vec<Footnote<'a>>,
    /// The definition that counts for each label, folded by [`fold_label`].
    pub(super) footnote_of: BTreeMap<String, usize>,
    /// Every heading, in file order.
    pub(super) headings: Vec<HeadingInfo<'a>>,
    /// Every problem that can be seen here.
    pub(super) found: Vec<(Found, Span)>,
}

/// One node and the bytes of the body it was read from.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) what: What<'a>,
    pub(super) span: Span,
}

/// What a node is. `Open` and `Close` are always balanced.
#[derive(Debug)]
pub(super) enum What<'a> {
    Open(Element<'a>),
    Close,
    /// Words as readers will see them.
    Text(Cow<'a, str>),
    /// Words in code.
    Code(Cow<'a, str>),
    /// A bare address, to be linked.
    BareUrl(Cow<'a, str>),
    /// Raw HTML. `refused` means that it must not be passed through even where raw HTML is allowed.
    Raw {
        html: Cow<'a, str>,
        refused: bool,
    },
    Image(Image<'a>),
    /// A reference to a footnote, by its folded label.
    FootnoteRef(String),
    /// Whether the task is done.
    Task(bool),
    SoftBreak,
    HardBreak,
    Rule,
    /// `<!-- more -->`.
    More,
}

/// What can hold other nodes.
#[derive(Debug)]
pub(super) enum Element<'a> {
    Paragraph,
    /// A heading, by its number in [`Prose::headings`].
    Heading(usize),
    Quote,
    /// A callout's kind, in lower case.
    Callout(String),
    CalloutTitle,
    /// Raw HTML that stands on lines of its own.
    RawBlock,
    /// A block of code and its language, which may be empty.
    CodeBlock(String),
    /// A list; the first number when it is numbered.
    List(Option<u64>),
    Item,
    DefinitionList,
    DefinitionTitle,
    Definition,
    Table(Vec<Alignment>),
    TableHead,
    TableRow,
    TableCell,
    Emphasis,
    Strong,
    Strikethrough,
    Link(Link<'a>),
}

impl Element<'_> {
    /// Whether it is part of a line of words, rather than something lines stand in.
    pub(super) fn is_inline(&self) -> bool {
        matches!(self, Element::Emphasis | Element::Strong | Element::Strikethrough | Element::Link(_))
    }
}

/// A link.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub(super) to: Destination,
    pub(super) title: Cow<'a, str>,
    /// What to print when the author gave no words and the target has no name: a wikilink's id.
    pub(super) wordless: Option<String>,
}

/// A picture.
#[derive(Debug)]
pub(super) struct Image<'a> {
    pub(super) from: Destination,
    pub(super) title: Cow<'a, str>,
    pub(super) alt: String,
}

/// A footnote's definition.
#[derive(Debug)]
pub(super) struct Footnote<'a> {
    /// Its label as written.
    pub(super) label: String,
    /// Where its label stands.
    pub(super) span: Span,
    pub(super) nodes: Vec<Node<'a>>,
}

/// A heading.
#[derive(Debug)]
pub(super) struct HeadingInfo<'a> {
    /// The id the author chose, or empty; final and never empty once the whole text is read.
    pub(super) id: String,
    /// What to make the id from, when it is not the heading's words: an id that was taken.
    pub(super) text_for_id: Option<String>,
    /// 1 to 6, as written.
    pub(super) level: u8,
    pub(super) classes: Vec<Cow<'a, str>>,
    pub(super) attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Its words, as plain text.
    pub(super) text: String,
    /// Whether it belongs to the table of contents: not inside a quotation, a callout, a list or a footnote.
    pub(super) outer: bool,
    pub(super) span: Span,
}

/// What makes two footnote labels the same.
pub(super) fn fold_label(label: &str) -> String {
    label.to_lowercase()
}

/// The words of some nodes as plain text. `name_of` names the target of a link without words.
pub(super) fn plain_text(nodes: &[Node<'_>], name_of: &dyn Fn(&Link<'_>) -> Option<String>) -> String {
    let mut text = String::new();
    for node in nodes {
        push_plain(&mut text, &node.what, name_of);
    }
    text
}

/// Appends one node's own words as plain text.
pub(super) fn push_plain(text: &mut String, what: &What<'_>, name_of: &dyn Fn(&Link<'_>) -> Option<String>) {
    match what {
        What::Text(words) | What::Code(words) | What::BareUrl(words) => text.push_str(words),
        What::Image(image) => text.push_str(&image.alt),
        What::SoftBreak | What::HardBreak => text.push(' '),
        What::Open(Element::Link(link)) => {
            if let Some(id) = &link.wordless {
                text.push_str(&name_of(link).unwrap_or_else(|| id.clone()));
            }
        }
        What::Open(_) | What::Close | What::Raw { .. } | What::FootnoteRef(_) | What::Task(_) => (),
        What::Rule | What::More => (),
    }
}
