//! Writes [`Prose`] as HTML.
//!
//! The markup is small and has classes for a theme to hold on to; there is no inline style and no script, so that
//! the strictest content security policy fits. Internal addresses are site-absolute and percent-encoded.

mod footnotes;
mod images;
mod links;

use std::collections::BTreeMap;

use pulldown_cmark::Alignment;

use links::resolve;

use super::nodes::{Element, Node, Prose, What, plain_text};
use super::{Heading, Links, ProseHtml, ProseOptions, facts};
use crate::text::{escape_html, percent_encode_path};

/// Writes a text.
pub(super) fn write(prose: &Prose<'_>, options: ProseOptions, links: &dyn Links) -> ProseHtml {
    let mut writer = Writer::new(prose, options, links, true);
    writer.nodes(&prose.nodes);
    writer.footnotes();
    let mut summary = Writer::new(prose, options, links, false);
    summary.nodes(facts::summary(&prose.nodes));
    ProseHtml { html: writer.out, summary: summary.out, contents: writer.contents }
}

struct Writer<'p, 'a> {
    out: String,
    contents: Vec<Heading>,
    prose: &'p Prose<'a>,
    options: ProseOptions,
    links: &'p dyn Links,
    /// Whether ids may be given: the whole text has them, its summary does not, so that both fit one page.
    whole: bool,
    /// The level in the text that becomes `<h2>`.
    top_level: u8,
    numbers: BTreeMap<usize, usize>,
    /// How often each footnote was referred to so far, by number.
    n_references: BTreeMap<usize, usize>,
    open: Vec<Opened<'p, 'a>>,
    /// Whether a task's label is open. It ends where its line of words ends.
    in_task: bool,
    /// Whether the next image is a figure's.
    in_figure: bool,
    tables: Vec<Table<'p>>,
}

/// An open element: what it is, where its content starts, and what closes it.
struct Opened<'p, 'a> {
    element: &'p Element<'a>,
    first: usize,
    close: &'static str,
}

struct Table<'p> {
    alignments: &'p [Alignment],
    column: usize,
    in_head: bool,
    has_body: bool,
}

impl<'p, 'a> Writer<'p, 'a> {
    fn new(prose: &'p Prose<'a>, options: ProseOptions, links: &'p dyn Links, whole: bool) -> Writer<'p, 'a> {
        let outer = prose.headings.iter().filter(|heading| heading.outer).map(|heading| heading.level).min();
        let any = prose.headings.iter().map(|heading| heading.level).min();
        Writer {
            out: String::new(),
            contents: Vec::new(),
            prose,
            options,
            links,
            whole,
            top_level: outer.or(any).unwrap_or(1),
            numbers: super::footnotes::numbers(prose),
            n_references: BTreeMap::new(),
            open: Vec::new(),
            in_task: false,
            in_figure: false,
            tables: Vec::new(),
        }
    }

    /// Writes nodes and closes what they leave open.
    fn nodes(&mut self, nodes: &'p [Node<'a>]) {
        let n_open = self.open.len();
        for (idx, node) in nodes.iter().enumerate() {
            match &node.what {
                What::Open(element) => {
                    let close = match element {
                        Element::Paragraph if images::is_figure(&nodes[idx + 1..]) => self.start_figure(),
                        _ => self.start(element, nodes.get(idx + 1)),
                    };
                    self.open.push(Opened { element, first: idx + 1, close });
                }
                What::Close => self.end(&nodes[..idx]),
                What::Text(words) => self.text(words),
                What::Code(code)
                    if matches!(self.open.last(), Some(Opened { element: Element::CodeBlock(_), .. })) =>
                {
                    self.text(code);
                }
                What::Code(code) => {
                    self.out.push_str("<code>");
                    self.text(code);
                    self.out.push_str("</code>");
                }
                What::BareUrl(url) => {
                    self.external(url, "");
                    self.text(url);
                    self.out.push_str("</a>");
                }
                What::Raw { html, refused } => match self.options.raw_html && !refused {
                    true => self.out.push_str(html),
                    false => self.text(html.trim_end()),
                },
                What::Image(image) => self.image(image),
                What::FootnoteRef(label) => self.footnote_reference(label),
                What::Task(done) => {
                    let checked = if *done { " checked" } else { "" };
                    self.push(&["<label><input type=\"checkbox\" disabled", checked, "> "]);
                    self.in_task = true;
                }
                What::SoftBreak => self.out.push('\n'),
                What::HardBreak => self.out.push_str("<br>\n"),
                What::Rule => self.out.push_str("<hr>\n"),
                What::More => (),
            }
        }
        while self.open.len() > n_open {
            self.end(nodes);
        }
    }

    /// Writes an element's start tag and says what will close it.
    fn start(&mut self, element: &'p Element<'a>, content: Option<&Node<'a>>) -> &'static str {
        if !element.is_inline() {
            self.end_task();
            if matches!(element, Element::List(_)) && !self.out.ends_with('\n') && !self.out.is_empty() {
                self.out.push('\n');
            }
        }
        let empty = matches!(content, Some(Node { what: What::Close, .. }));
        let (open, close) = match element {
            Element::Paragraph => ("<p>", "</p>\n"),
            Element::Quote => ("<blockquote>\n", "</blockquote>\n"),
            Element::CalloutTitle => ("<p class=\"callout-title\">", "</p>\n"),
            Element::Item => ("<li>", "</li>\n"),
            Element::DefinitionList => ("<dl>\n", "</dl>\n"),
            Element::DefinitionTitle => ("<dt>", "</dt>\n"),
            Element::Definition => ("<dd>", "</dd>\n"),
            Element::TableRow => ("<tr>", "</tr>\n"),
            Element::Emphasis => ("<em>", "</em>"),
            Element::Strong => ("<strong>", "</strong>"),
            Element::Strikethrough => ("<del>", "</del>"),
            Element::Heading(number) => return self.start_heading(*number),
            Element::Callout(kind) => {
                self.push(&["<aside class=\"callout callout-", kind, "\" role=\"note\">\n"]);
                return "</aside>\n";
            }
            Element::RawBlock => match content.map(|node| &node.what) {
                Some(What::Raw { refused: false, .. }) if self.options.raw_html => ("", "\n"),
                _ => ("<p>", "</p>\n"),
            },
            Element::CodeBlock(language) => {
                match language.is_empty() {
                    true => self.out.push_str("<pre tabindex=\"0\"><code>"),
                    false => self.push(&[
                        "<pre tabindex=\"0\"><code class=\"language-",
                        &escape_html(language),
                        "\">",
                    ]),
                }
                return "</code></pre>\n";
            }
            Element::List(None) => ("<ul>\n", "</ul>\n"),
            Element::List(Some(1)) => ("<ol>\n", "</ol>\n"),
            Element::List(Some(first)) => {
                self.push(&["<ol start=\"", &first.to_string(), "\">\n"]);
                return "</ol>\n";
            }
            Element::Table(alignments) => {
                self.tables.push(Table { alignments, column: 0, in_head: false, has_body: false });
                ("<div class=\"scroll\" tabindex=\"0\"><table>\n", "</table></div>\n")
            }
            Element::TableHead => ("<thead><tr>", "</tr></thead>\n"),
            Element::TableCell => return self.start_cell(empty),
            Element::Link(link) => return self.start_link(link),
        };
        if let Some(table) = self.tables.last_mut() {
            match element {
                Element::TableHead => (table.column, table.in_head) = (0, true),
                Element::TableRow => {
                    (table.column, table.in_head) = (0, false);
                    if !std::mem::replace(&mut table.has_body, true) {
                        self.out.push_str("<tbody>\n");
                    }
                }
                _ => (),
            }
        }
        self.out.push_str(open);
        close
    }

    /// Closes the innermost element, whose content ends where `nodes` ends.
    fn end(&mut self, nodes: &[Node<'a>]) {
        let Some(Opened { element, first, close }) = self.open.pop() else { return };
        if !element.is_inline() {
            self.end_task();
        }
        if let Element::Heading(number) = element {
            self.end_heading(*number, &nodes[first..]);
        }
        if matches!(element, Element::Table(_)) && self.tables.pop().is_some_and(|table| table.has_body) {
            self.out.push_str("</tbody>");
        }
        self.out.push_str(close);
    }

    fn end_task(&mut self) {
        if std::mem::take(&mut self.in_task) {
            self.out.push_str("</label>");
        }
    }

    fn start_figure(&mut self) -> &'static str {
        self.end_task();
        self.in_figure = true;
        self.out.push_str("<figure>");
        "</figure>\n"
    }

    fn start_heading(&mut self, number: usize) -> &'static str {
        let heading = &self.prose.headings[number];
        let level = heading.level.saturating_sub(self.top_level).saturating_add(2).min(6);
        self.push(&["<h", &level.to_string()]);
        if self.whole {
            self.push(&[" id=\"", &escape_html(&heading.id), "\""]);
        }
        if !heading.classes.is_empty() {
            self.push(&[" class=\"", &escape_html(&heading.classes.join(" ")), "\""]);
        }
        for (name, value) in &heading.attributes {
            self.push(&[" ", name, "=\"", &escape_html(value), "\""]);
        }
        self.out.push('>');
        ["</h2>\n", "</h3>\n", "</h4>\n", "</h5>\n", "</h6>\n"][usize::from(level) - 2]
    }

    /// Ends a heading with a link to itself, and puts it into the table of contents.
    fn end_heading(&mut self, number: usize, words: &[Node<'a>]) {
        if !self.whole {
            return;
        }
        let heading = &self.prose.headings[number];
        let links = self.links;
        let text =
            plain_text(words, &|link| resolve(link, links).map(|target| target.name)).trim().to_owned();
        let href = percent_encode_path(&heading.id);
        let label = escape_html(&text);
        self.push(&[
            " <a class=\"anchor\" href=\"#",
            &href,
            "\" aria-label=\"Link to this section: ",
            &label,
            "\">#</a>",
        ]);
        if heading.outer {
            self.contents.push(Heading { level: heading.level, id: heading.id.clone(), text });
        }
    }

    fn start_cell(&mut self, empty: bool) -> &'static str {
        let Some(table) = self.tables.last_mut() else { return "" };
        let class = match table.alignments.get(table.column) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::None) | None => "",
        };
        table.column += 1;
        // An empty header cell heads nothing, and screen readers would announce it.
        let (open, close) = match table.in_head && !empty {
            true => ("<th scope=\"col\"", "</th>"),
            false => ("<td", "</td>"),
        };
        self.push(&[open, class, ">"]);
        close
    }

    /// Writes text between tags.
    fn text(&mut self, text: &str) {
        let mut plain = 0;
        for (idx, byte) in text.bytes().enumerate() {
            let entity = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => continue,
            };
            self.out.push_str(&text[plain..idx]);
            self.out.push_str(entity);
            plain = idx + 1;
        }
        self.out.push_str(&text[plain..]);
    }

    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.out.push_str(part);
        }
    }
}
