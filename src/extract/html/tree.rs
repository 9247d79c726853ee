//! The tree of a web page, as a browser would build it.
//!
//! In: text. Out: [`Tree`], nodes in one vector. html5ever decides what belongs into what; this file only keeps it.
//! Bounded: a page that nests deeper or holds more than any real one is refused, because the time to parse it would
//! grow with the square of its size.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, parse_document};

/// Real pages stay below 200.
const DEEPEST: u32 = 2_000;
/// The largest pages seen have some 50,000.
const MOST_NODES: usize = 1_000_000;
/// How much is parsed between two looks at the limits.
const PIECE: usize = 4 * 1024;

/// The node every tree starts with.
pub(super) const ROOT: usize = 0;

/// A parsed page.
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// What a node is.
pub(super) enum What {
    /// The document, or the inside of a `<template>`.
    Root,
    /// An element with its name in lower case.
    Element { name: Rc<QualName>, attributes: Vec<(String, String)> },
    /// Words.
    Text(String),
    /// A comment's words.
    Comment(String),
}

struct Node {
    what: What,
    depth: u32,
    parent: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    before: Option<usize>,
    after: Option<usize>,
}

impl Tree {
    /// What a node is.
    pub(super) fn what(&self, node: usize) -> &What {
        &self.nodes[node].what
    }

    /// The children of a node, in order.
    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.nodes[node].first, |it| self.nodes[*it].after)
    }

    /// Every node in the order of the page.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        let mut next = Some(ROOT);
        std::iter::from_fn(move || {
            let now = next?;
            next = self.nodes[now].first.or_else(|| self.behind(now));
            Some(now)
        })
    }

    /// The node behind a node and all that is in it.
    fn behind(&self, node: usize) -> Option<usize> {
        let mut node = node;
        loop {
            match self.nodes[node].after {
                Some(after) => return Some(after),
                None => node = self.nodes[node].parent?,
            }
        }
    }

    /// The element's name, empty for anything else.
    pub(super) fn name(&self, node: usize) -> &str {
        match &self.nodes[node].what {
            What::Element { name, .. } => &name.local,
            What::Root | What::Text(_) | What::Comment(_) => "",
        }
    }

    /// The element's attribute.
    pub(super) fn attribute(&self, node: usize, wanted: &str) -> Option<&str> {
        let What::Element { attributes, .. } = &self.nodes[node].what else { return None };
        attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// All the words below a node with single spaces; `None` when they are longer than so many bytes.
    pub(super) fn short_words(&self, node: usize, most: usize) -> Option<String> {
        let end = self.behind(node);
        let mut words = String::new();
        let mut next = Some(node);
        while let Some(now) = next.filter(|it| Some(*it) != end) {
            if let What::Text(text) = &self.nodes[now].what {
                for word in text.split_whitespace() {
                    let is_glued = words.is_empty() || !text.starts_with(char::is_whitespace);
                    let space = if is_glued && text.starts_with(word) { "" } else { " " };
                    words.push_str(space);
                    words.push_str(word);
                    if words.len() > most {
                        return None;
                    }
                }
            }
            next = self.nodes[now].first.or_else(|| self.behind(now));
        }
        Some(words.trim().to_owned())
    }

    /// The text of a `<script>` or a `<title>`.
    pub(super) fn raw_text(&self, node: usize) -> &str {
        match self.children(node).next().map(|it| &self.nodes[it].what) {
            Some(What::Text(text)) => text,
            Some(_) | None => "",
        }
    }
}

/// Parses a page; `None` when it breaks the limits.
pub(super) fn parse(text: &str) -> Option<Tree> {
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = true;
    let mut parser = parse_document(Sink::default(), options);
    let mut rest = text;
    while !rest.is_empty() {
        let mut len = PIECE.min(rest.len());
        while !rest.is_char_boundary(len) {
            len -= 1;
        }
        let (piece, behind) = rest.split_at(len);
        parser.process(StrTendril::from(piece));
        let sink = &parser.tokenizer.sink.sink;
        if sink.deepest.get() > DEEPEST || sink.nodes.borrow().len() > MOST_NODES {
            return None;
        }
        rest = behind;
    }
    let nodes = parser.finish();
    Some(Tree { nodes })
}

/// A node as the parser knows it: the parser asks for names again and again.
#[derive(Clone)]
struct Handle {
    at: usize,
    name: Option<Rc<QualName>>,
    /// The inside of a `<template>`.
    inside: Option<usize>,
}

/// Attributes that somebody asks for. Pages saved whole carry pictures in the others.
const WANTED: [&str; 17] = [
    "alt",
    "aria-hidden",
    "charset",
    "class",
    "content",
    "datetime",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "itemprop",
    "name",
    "open",
    "property",
    "rel",
    "role",
    "style",
];

struct Sink {
    nodes: RefCell<Vec<Node>>,
    deepest: Cell<u32>,
}

impl Default for Sink {
    fn default() -> Sink {
        Sink { nodes: RefCell::new(vec![Node::new(What::Root)]), deepest: Cell::new(0) }
    }
}

impl Node {
    fn new(what: What) -> Node {
        Node { what, depth: 0, parent: None, first: None, last: None, before: None, after: None }
    }
}

impl Sink {
    fn create(&self, what: What) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node::new(what));
        nodes.len() - 1
    }

    fn detach(&self, node: usize) {
        let nodes = &mut *self.nodes.borrow_mut();
        let (parent, before, after) = (nodes[node].parent, nodes[node].before, nodes[node].after);
        match (before, parent) {
            (Some(before), _) => nodes[before].after = after,
            (None, Some(parent)) => nodes[parent].first = after,
            (None, None) => (),
        }
        match (after, parent) {
            (Some(after), _) => nodes[after].before = before,
            (None, Some(parent)) => nodes[parent].last = before,
            (None, None) => (),
        }
        (nodes[node].parent, nodes[node].before, nodes[node].after) = (None, None, None);
    }

    /// Puts a child before a sibling, or last.
    fn insert(&self, parent: usize, child: NodeOrText<Handle>, sibling: Option<usize>) {
        if let NodeOrText::AppendNode(child) = &child {
            self.detach(child.at);
        }
        let before = {
            let nodes = self.nodes.borrow();
            sibling.map_or(nodes[parent].last, |it| nodes[it].before)
        };
        let child = match child {
            NodeOrText::AppendNode(child) => child.at,
            NodeOrText::AppendText(text) => {
                if let Some(before) = before
                    && let What::Text(words) = &mut self.nodes.borrow_mut()[before].what
                {
                    words.push_str(&text);
                    return;
                }
                self.create(What::Text(text.to_string()))
            }
        };
        let nodes = &mut *self.nodes.borrow_mut();
        let depth = nodes[parent].depth + 1;
        self.deepest.set(self.deepest.get().max(depth));
        let node = &mut nodes[child];
        (node.parent, node.before, node.after, node.depth) = (Some(parent), before, sibling, depth);
        match before {
            Some(before) => nodes[before].after = Some(child),
            None => nodes[parent].first = Some(child),
        }
        match sibling {
            Some(sibling) => nodes[sibling].before = Some(child),
            None => nodes[parent].last = Some(child),
        }
    }
}

fn wanted(attributes: Vec<Attribute>) -> Vec<(String, String)> {
    let wanted = attributes.into_iter().filter(|it| WANTED.contains(&&*it.name.local));
    wanted.map(|it| (it.name.local.to_string(), it.value.to_string())).collect()
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Vec<Node>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Vec<Node> {
        self.nodes.into_inner()
    }

    // Every page has errors, and browsers show it all the same.
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { at: ROOT, name: None, inside: None }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.as_ref().expect("the parser asks elements only for their name").expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let name = Rc::new(name);
        let what = What::Element { name: Rc::clone(&name), attributes: wanted(attributes) };
        let inside = flags.template.then(|| self.create(What::Root));
        Handle { at: self.create(what), name: Some(name), inside }
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        Handle { at: self.create(What::Comment(text.to_string())), name: None, inside: None }
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.create_comment(StrTendril::new())
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.at, child, None);
    }

    fn append_based_on_parent_node(&self, element: &Handle, before: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.nodes.borrow()[element.at].parent.is_some();
        match has_parent {
            true => self.append_before_sibling(element, child),
            false => self.append(before, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        Handle { at: target.inside.unwrap_or(target.at), name: None, inside: None }
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.at == y.at
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let parent = self.nodes.borrow()[sibling.at].parent;
        if let Some(parent) = parent {
            self.insert(parent, child, Some(sibling.at));
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, new: Vec<Attribute>) {
        if let What::Element { attributes, .. } = &mut self.nodes.borrow_mut()[target.at].what {
            for (name, value) in wanted(new) {
                if attributes.iter().all(|(it, _)| *it != name) {
                    attributes.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.at);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        loop {
            let first = self.nodes.borrow()[node.at].first;
            let Some(first) = first else { return };
            let child = Handle { at: first, name: None, inside: None };
            self.insert(parent.at, NodeOrText::AppendNode(child), None);
        }
    }
}
