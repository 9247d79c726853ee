//! The words of a web page, as paragraphs.
//!
//! Everything a reader sees is kept, wherever it stands: what is wrongly left out makes a true quotation look false,
//! and a menu too many harms nobody. Left out is what cannot be part of what somebody said: scripts, what is hidden,
//! navigation, asides, captions unless asked for, marks of footnotes, links that only say "Read more".

mod meta;
mod tree;

use super::charset;
use super::paragraphs::Paragraphs;
use super::problem::{ExtractProblem, ProblemKind};
use super::{Options, inserts};
use meta::Meta;
use tree::{Tree, What};

/// What a page says, and what it says of itself.
pub(super) struct Page {
    pub(super) paragraphs: Vec<String>,
    pub(super) meta: Meta,
}

/// Reads a page.
pub(super) fn read(name: &str, bytes: &[u8], options: &Options) -> Result<Page, ExtractProblem> {
    let text = charset::decode(bytes);
    let Some(tree) = tree::parse(&text) else {
        return Err(ExtractProblem::new(
            ProblemKind::Unreadable,
            format!("`{name}` nests elements deeper than any real page"),
            "save the text itself as a `.txt` file",
        ));
    };
    Ok(Page { paragraphs: Walk { tree: &tree, options }.walk(), meta: meta::of(&tree) })
}

/// Elements whose content is no text of the page.
const DROPPED: [&str; 27] = [
    "aside", "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "map", "meter", "nav",
    "noembed", "noframes", "noscript", "object", "progress", "rp", "rt", "script", "select", "style", "svg",
    "template", "textarea", "title", "track", "video",
];

/// Elements that start and end a paragraph, as browsers show them (HTML Standard, "Rendering", flow content).
const BLOCKS: [&str; 53] = [
    "address",
    "article",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "ol",
    "optgroup",
    "option",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "slot",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
    "xmp",
    "frameset",
    "frame",
    "marquee",
];

/// The toolbar that the Wayback Machine puts above a page.
const TOOLBAR: [&str; 4] = ["wm-ipp-base", "wm-ipp", "wm-ipp-print", "donato"];

struct Walk<'t> {
    tree: &'t Tree,
    options: &'t Options,
}

/// A step of the walk, which keeps its own stack: pages may nest deep.
enum Step {
    Enter(usize),
    Leave(usize),
}

impl Walk<'_> {
    fn walk(&self) -> Vec<String> {
        let mut out = Paragraphs::default();
        let mut steps = vec![Step::Enter(tree::ROOT)];
        let mut n_breaks = 0;
        let mut n_pre = 0_usize;
        while let Some(step) = steps.pop() {
            let node = match step {
                Step::Enter(node) => node,
                Step::Leave(node) => {
                    match self.tree.name(node) {
                        "q" => out.push("\""),
                        "td" | "th" => out.push(" "),
                        name if BLOCKS.contains(&name) => {
                            n_pre -= usize::from(is_pre(name));
                            out.end();
                        }
                        _ => (),
                    }
                    continue;
                }
            };
            match self.tree.what(node) {
                What::Comment(_) => continue,
                What::Text(text) if n_pre > 0 => push_lines(&mut out, text),
                What::Text(text) => out.push(text),
                What::Root => (),
                What::Element { .. } if self.is_dropped(node, &out) => {
                    if self.tree.short_words(node, 20).is_some_and(|it| inserts::offers_rest(&it)) {
                        out.cut();
                    }
                    // Something stood there: the words on both sides are not one.
                    if BLOCKS.contains(&self.tree.name(node)) {
                        out.end();
                    }
                    continue;
                }
                What::Element { .. } => match self.tree.name(node) {
                    "q" => out.push("\""),
                    "img" => out.push(self.emoji(node)),
                    "br" => {
                        n_breaks += 1;
                        match n_breaks {
                            1 => out.push(" "),
                            // An empty line, as pages without `<p>` separate paragraphs.
                            _ => out.end(),
                        }
                        continue;
                    }
                    name if BLOCKS.contains(&name) => {
                        n_pre += usize::from(is_pre(name));
                        out.end();
                    }
                    _ => (),
                },
            }
            if !matches!(self.tree.what(node), What::Text(text) if text.trim().is_empty()) {
                n_breaks = 0;
            }
            steps.push(Step::Leave(node));
            let children = steps.len();
            steps.extend(self.tree.children(node).map(Step::Enter));
            steps[children..].reverse();
        }
        out.finish()
    }

    fn is_dropped(&self, node: usize, out: &Paragraphs) -> bool {
        let name = self.tree.name(node);
        let attribute = |wanted| self.tree.attribute(node, wanted);
        if DROPPED.contains(&name) || self.is_hidden(node) || attribute("role") == Some("navigation") {
            return true;
        }
        let has_class =
            |wanted| attribute("class").is_some_and(|it| it.split_whitespace().any(|it| it == wanted));
        if !self.options.figcaptions && (name == "figcaption" || has_class("wp-caption-text")) {
            return true;
        }
        if attribute("id").is_some_and(|id| TOOLBAR.contains(&id)) {
            return true;
        }
        match name {
            "sup" => self.is_footnote(node, out.now()),
            "a" if attribute("role") == Some("doc-noteref") => true,
            "a" | "span" => self.tree.short_words(node, 40).is_some_and(|it| inserts::is_insert(&it)),
            _ => false,
        }
    }

    /// Whether a reader of the page does not see it. `sf-hidden` is SingleFile's mark for what was not shown.
    fn is_hidden(&self, node: usize) -> bool {
        let attribute = |wanted| self.tree.attribute(node, wanted);
        // What is `hidden=until-found` can be opened, and searching finds it.
        let hidden = attribute("hidden").is_some_and(|it| !it.eq_ignore_ascii_case("until-found"));
        let closed = self.tree.name(node) == "dialog" && attribute("open").is_none();
        let class = attribute("class").is_some_and(|it| it.split_whitespace().any(|it| it == "sf-hidden"));
        let style = attribute("style").is_some_and(|it| {
            let style: String =
                it.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            style.split(';').any(|it| {
                let value = it.trim_end_matches("!important");
                value == "display:none" || value == "visibility:hidden"
            })
        });
        hidden || closed || class || style || attribute("aria-hidden") == Some("true")
    }

    /// Whether a `<sup>` is the mark of a footnote, and not an exponent or the end of an ordinal.
    fn is_footnote(&self, node: usize, before: &str) -> bool {
        let Some(words) = self.tree.short_words(node, 24) else { return false };
        let is_mark = |it: &str| {
            let digits = |it: &str| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit());
            it.chars().count() == 1 && "*†‡§¶".contains(it) || it.split([',', '–', '-', ' ']).all(digits)
        };
        let inner = words.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        if let Some(inner) = inner {
            return is_mark(inner) || inner.chars().count() == 1 || inner.starts_with("note ");
        }
        let is_link = self.tree.children(node).any(|it| self.tree.name(it) == "a");
        if !is_mark(&words) {
            return false;
        }
        is_link || !inserts::is_exponent(before, &words)
    }

    /// The emoji that a picture stands for: sites of posts show them as pictures.
    fn emoji(&self, node: usize) -> &str {
        let alt = self.tree.attribute(node, "alt").unwrap_or("");
        let is_emoji = alt.len() <= 40 && !alt.chars().any(|c| c.is_alphanumeric() || c.is_ascii());
        if is_emoji { alt } else { "" }
    }
}

fn is_pre(name: &str) -> bool {
    matches!(name, "pre" | "listing" | "xmp" | "plaintext")
}

/// Text whose line ends are shown: an empty line ends a paragraph.
fn push_lines(out: &mut Paragraphs, text: &str) {
    for (idx, line) in text.split('\n').enumerate() {
        if line.trim().is_empty() && idx > 0 {
            out.end();
        }
        out.push(" ");
        out.push(line);
    }
}
