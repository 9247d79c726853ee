//! The words of others in a file: what no program may edit.
//!
//! In: a file's text. Out: where quotations stand, in front matter and in prose, and their words. Errs on the side of
//! too much: where the YAML cannot be read, all of it counts.

use super::node::{self, Node};
use super::prose::quotations;
use super::{extent, front_matter, lexis, locate::locate_in};
use crate::text::Span;

/// The quotations of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quoted {
    /// Where they stand, with their quotation marks if YAML needs some, in the text given.
    pub spans: Vec<Span>,
    /// Their words, in the order of the text.
    pub words: Vec<String>,
}

/// Finds the quotations of a Markdown or YAML file: the values of `quote`, `says`, `as_printed`, `original.text` and
/// `translations[].text` and `.of` at any depth, and every block quotation of its prose.
pub fn quoted(file: &str, text: &str) -> Quoted {
    let mut found = Quoted::default();
    let (yaml, body) = match file.to_ascii_lowercase().ends_with(".md") {
        true => {
            let split = front_matter::split(text);
            if split.problem.is_some() {
                // Without fences nobody knows where the YAML ends.
                return Quoted { spans: vec![Span::new(0, text.len())], words: vec![text.to_owned()] };
            }
            (split.yaml.unwrap_or(Span::at(0)), split.body)
        }
        false => (front_matter::yaml_part(text, true), Span::at(text.len())),
    };
    in_yaml(yaml.of(text), yaml.start, &mut found);
    for span in quotations(body.of(text)) {
        found.words.push(span.of(body.of(text)).to_owned());
        found.spans.push(span.shifted(body.start));
    }
    found
}

fn in_yaml(yaml: &str, offset: usize, found: &mut Quoted) {
    let root = match lexis::is_suspicious(yaml) && !lexis::scan(yaml).is_empty() {
        true => None,
        false => node::parse(yaml).ok(),
    };
    let mut walk = Walk { yaml, spans: Vec::new(), words: Vec::new() };
    match root.map(|root| walk.go(&root, "", "")) {
        Some(Some(())) => {
            found.spans.extend(walk.spans.into_iter().map(|it| it.shifted(offset)));
            found.words.append(&mut walk.words);
        }
        Some(None) | None if !yaml.trim().is_empty() => {
            found.spans.push(Span::new(offset, offset + yaml.len()));
            found.words.push(yaml.to_owned());
        }
        Some(None) | None => (),
    }
}

struct Walk<'y> {
    yaml: &'y str,
    spans: Vec<Span>,
    words: Vec<String>,
}

impl Walk<'_> {
    /// Walks below one node, whose path and nearest key are given; `None` when a quotation has no place.
    fn go(&mut self, node: &Node<'_>, path: &str, above: &str) -> Option<()> {
        match node {
            Node::Null(_) | Node::Scalar(_) => (),
            Node::List(items) => {
                for (idx, item) in items.iter().enumerate() {
                    self.go(item, &format!("{path}[{idx}]"), above)?;
                }
            }
            Node::Map(entries) => {
                for (idx, entry) in entries.iter().enumerate() {
                    let key = entry.key.as_ref();
                    if entries[..idx].iter().any(|it| it.key == entry.key) {
                        // The second of two equal keys cannot be located.
                        return None;
                    }
                    let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                    if is_quoted(key, above) {
                        self.take(&entry.value, &below)?;
                    }
                    self.go(&entry.value, &below, key)?;
                }
            }
        }
        Some(())
    }

    /// Takes one value as a quotation.
    fn take(&mut self, value: &Node<'_>, path: &str) -> Option<()> {
        match value {
            Node::Null(_) => return Some(()),
            Node::Scalar(words) => self.words.push(words.to_string()),
            // Somebody's words with something wrong about them: they stay as they are.
            Node::List(_) | Node::Map(_) => self.words.push(format!("{value:?}")),
        }
        let borrowed = match value {
            Node::Scalar(words) => node::place_in(self.yaml, words),
            Node::Null(_) | Node::List(_) | Node::Map(_) => None,
        };
        let span = match borrowed {
            Some(inner) => node::with_quotes(self.yaml, inner).0,
            None => locate_in(self.yaml, path, false)?,
        };
        let is_whole = matches!(value, Node::Scalar(_))
            && !matches!(self.yaml.as_bytes().get(span.start), Some(b'|' | b'>'));
        let end = if is_whole { span.end } else { self.end_of_block(path, span)? };
        self.spans.push(Span::new(span.start, end));
        Some(())
    }

    /// Where the lines end that are indented deeper than the key of a value.
    fn end_of_block(&self, path: &str, value: Span) -> Option<usize> {
        let key = locate_in(self.yaml, path, true)?;
        let line_start = self.yaml[..key.start].rfind(['\n', '\r']).map_or(0, |idx| idx + 1);
        let column = key.start - line_start;
        let mut end = value.end + extent::line_rest(self.yaml, value.end).len();
        for line in front_matter::lines(self.yaml, end).skip(1) {
            let words = line.words.of(self.yaml);
            let indent = words.len() - words.trim_start_matches(' ').len();
            if indent <= column && !words.trim().is_empty() {
                break;
            }
            end = line.words.end;
        }
        Some(end)
    }
}

/// Whether a key's value is somebody's words; `above` is the key of the map around it.
fn is_quoted(key: &str, above: &str) -> bool {
    match key {
        "quote" | "says" | "as_printed" => true,
        "text" => matches!(above, "original" | "translations"),
        "of" | "prefix" => matches!(above, "translations" | "of"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quotations of a file as they stand there.
    fn there<'t>(file: &str, text: &'t str) -> Vec<&'t str> {
        quoted(file, text).spans.into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn every_way_to_write_a_quotation_is_found_whole() {
        let text = "\
---
quote: plain words # a comment
note: mine
statements:
  - quote: 'it''s'
    original: { lang: fr, text: \"des \\\"mots\\\"\" }
    translations:
      - text: >-
          folded
          lines

          here
        lang: de
        of: part
      - { lang: en, text: more }
    sources:
      - ref: a
        as_printed: several
          lines
    extra: { text: mine }
  - says: |
     block
    id: x
---
Mine.

> Theirs
and lazily theirs

- item
  > nested
";
        let expected = [
            "plain words",
            "'it''s'",
            "\"des \\\"mots\\\"\"",
            ">-\n          folded\n          lines\n\n          here",
            "part",
            "more",
            "several\n          lines",
            "|\n     block",
            "> Theirs\nand lazily theirs\n",
            "> nested\n",
        ];
        assert_eq!(there("a.md", text), expected);
        let words = quoted("a.md", text).words;
        assert_eq!(words[..4], ["plain words", "it's", "des \"mots\"", "folded lines\nhere"]);
        let crlf = text.replace('\n', "\r\n");
        let expected: Vec<String> = expected.iter().map(|it| it.replace('\n', "\r\n")).collect();
        assert_eq!(there("a.md", &crlf), expected);
    }

    #[test]
    fn where_the_yaml_cannot_be_read_all_of_it_counts() {
        for yaml in ["quote: a: b\n", "quote: &x y\n", "quote: a\nquote: >-\n  b\n", "a: [\n"] {
            assert_eq!(there("a.md", &format!("---\n{yaml}---\nHi\n")), [yaml]);
            assert_eq!(there("a.yaml", yaml), [yaml]);
        }
        assert_eq!(there("a.md", "---\nquote: x\n"), ["---\nquote: x\n"], "a fence that is not closed");
        assert_eq!(there("a.md", "---js\nx\n"), ["---js\nx\n"]);
    }

    #[test]
    fn words_in_the_wrong_shape_count_too() {
        let text = "quote: [a, b]\nid: x\nsays:\n  - c\n  - d\nname: e\n";
        assert_eq!(there("a.yaml", text), ["[a, b]", "- c\n  - d"]);
        assert_eq!(there("a.yaml", "quote:\nid: x\n"), Vec::<&str>::new());
        assert_eq!(there("a.md", "no front matter\n"), Vec::<&str>::new());
    }
}
