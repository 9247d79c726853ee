//! Where the keys and values of a file's YAML stand, kept when the tree itself is gone.
//!
//! In: a tree and the text it was parsed from. Out: an [`Outline`], which answers for a path what `locate` would find by reading
//! the text again. It knows only what stands in the text as it is read; of anything else it says nothing.

use super::locate::Step;
use super::node::{self, Node};
use crate::text::Span;

/// The places of all keys and values of one file, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Where the YAML stands in the file.
    yaml: Span,
    marks: Box<[Mark]>,
    /// Where the entries of a list of records have their marks: there may be many thousands, and a problem in each.
    entries: Box<[u32]>,
}

/// One key or value. There are hundreds of thousands, so they are small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// A scalar or a key: where its words stand in the YAML, without quotes.
    Words { start: u32, len: u16 },
    /// A scalar or a key whose place is not known, or nothing at all (`~`).
    Unknown,
    /// A list, and how many marks are inside of it.
    List(u32),
    /// A map, of keys and values in turn, and how many marks are inside of it.
    Map(u32),
}

impl Outline {
    /// The places in a text; `yaml` is the part of it that the tree was parsed from.
    pub(super) fn of(root: &Node<'_>, text: &str, yaml: Span) -> Outline {
        let mut marks = Vec::new();
        draw(root, yaml.of(text), &mut marks);
        let mut outline = Outline { yaml, marks: marks.into(), ..Outline::default() };
        if let Node::List(_) = root {
            outline.entries = outline.inside(0).map(|at| at as u32).collect();
        }
        outline
    }

    /// Whether it knows nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Where the value at a path, or its key, stands in the same text, quotes included. `None` when it has to be read again.
    pub(super) fn find(&self, text: &str, steps: &[Step<'_>], key: bool) -> Option<Span> {
        let yaml = self.yaml.of(text);
        let with_quotes = |words| node::with_quotes(yaml, words).0.shifted(self.yaml.start);
        let mut at = 0;
        let mut steps = steps;
        loop {
            match (self.marks.get(at)?, steps) {
                (Mark::Words { .. }, []) => return self.words(at).map(with_quotes),
                (Mark::List(_), [Step::Index(idx), rest @ ..]) if at == 0 => {
                    (at, steps) = (*self.entries.get(*idx)? as usize, rest);
                }
                (Mark::List(_), [Step::Index(idx), rest @ ..]) => {
                    (at, steps) = (self.inside(at).nth(*idx)?, rest);
                }
                // A single map where a list may stand is a list of one.
                (Mark::Map(_), [Step::Index(0), rest @ ..]) => steps = rest,
                (Mark::Map(_), [Step::Key(wanted), rest @ ..]) => {
                    let mut inside = self.inside(at);
                    let (words, value) = loop {
                        let (found, value) = (inside.next()?, inside.next()?);
                        // A key that is not known may be the one.
                        let words = self.words(found)?;
                        if words.of(yaml) == *wanted {
                            break (words, value);
                        }
                    };
                    if key && rest.is_empty() {
                        return Some(with_quotes(words));
                    }
                    (at, steps) = (value, rest);
                }
                _ => return None,
            }
        }
    }

    /// Where a key or a scalar stands.
    fn words(&self, at: usize) -> Option<Span> {
        match self.marks[at] {
            Mark::Words { start, len } => Some(Span::new(start as usize, start as usize + usize::from(len))),
            Mark::Unknown | Mark::List(_) | Mark::Map(_) => None,
        }
    }

    /// The marks of what stands directly inside a list or a map.
    fn inside(&self, parent: usize) -> impl Iterator<Item = usize> {
        let end = self.end(parent);
        let first = Some(parent + 1).filter(|it| *it < end);
        std::iter::successors(first, move |at| Some(self.end(*at)).filter(|it| *it < end))
    }

    /// The mark behind one and all that is inside of it.
    fn end(&self, at: usize) -> usize {
        match self.marks[at] {
            Mark::Words { .. } | Mark::Unknown => at + 1,
            Mark::List(inside) | Mark::Map(inside) => at + 1 + inside as usize,
        }
    }
}

fn draw(node: &Node<'_>, yaml: &str, marks: &mut Vec<Mark>) {
    let at = marks.len();
    let inside = |marks: &Vec<Mark>| (marks.len() - at - 1) as u32;
    match node {
        Node::Null(_) => marks.push(Mark::Unknown),
        Node::Scalar(words) => marks.push(mark(yaml, words)),
        Node::List(items) => {
            marks.push(Mark::Unknown);
            items.iter().for_each(|it| draw(it, yaml, marks));
            marks[at] = Mark::List(inside(marks));
        }
        Node::Map(entries) => {
            marks.push(Mark::Unknown);
            for entry in entries {
                marks.push(mark(yaml, &entry.key));
                draw(&entry.value, yaml, marks);
            }
            marks[at] = Mark::Map(inside(marks));
        }
    }
}

/// The mark of a key or a scalar. Empty words stand nowhere, and those of 64 KiB are read again.
fn mark(yaml: &str, words: &str) -> Mark {
    let place = node::place_in(yaml, words).filter(|it| it.start < it.end);
    let parts = place.map(|it| (u32::try_from(it.start), u16::try_from(it.end - it.start)));
    match parts {
        Some((Ok(start), Ok(len))) => Mark::Words { start, len },
        _ => Mark::Unknown,
    }
}
