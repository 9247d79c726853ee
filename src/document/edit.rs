//! Changes to a few fields of one record, with every other byte of its file left as it is.
//!
//! In: a file's text, which record, and the changes. Out: the new text, or [`EditProblem`]. Comments, order, quotes,
//! line ends, block style and flow style stay. Whatever this file believes about the author's YAML is checked at the
//! end: the new text is read again, and must say exactly what the old one said and the changes; else there is no new
//! text.

use std::borrow::Cow;
use std::fmt;

use super::extent::{self, double_quoted_end, single_quoted_end};
use super::front_matter;
use super::locate::locate_in;
use super::node::{self, Entry, Node};
use crate::text::Span;

/// A value to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// Text on one line, a date, a truth value.
    Text(String),
    /// A list.
    List(Vec<NewValue>),
    /// A map, in this order.
    Map(Vec<(&'static str, NewValue)>),
}

/// What to do with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Gives it this value, whatever it had.
    Set(&'static str, NewValue),
    /// Adds this item to the list that it is, or makes it one.
    Append(&'static str, NewValue),
}

/// The text cannot be changed without a risk to what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditProblem {
    /// Why, as a clause: "its `archive` is written in a way that cannot be added to".
    pub why: String,
}

impl fmt::Display for EditProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// Changes fields of one record: the entry with this number of a YAML list, or the front matter of a Markdown file.
///
/// # Errors
/// When the file cannot be read, or a field is written in a way that cannot be changed without touching anything
/// else. Nothing is half done: there is no text then.
pub fn set_fields(text: &str, entry: Option<usize>, changes: &[Change]) -> Result<String, EditProblem> {
    let part = front_matter::yaml_part(text, entry.is_some());
    let old = part.of(text);
    if !old.is_empty() && part.end == text.len() && entry.is_none() {
        return Err(problem("it has no front matter"));
    }
    let line_end = line_end(text);
    let mut yaml = old.to_owned();
    for change in changes {
        yaml = changed(&yaml, entry, change, line_end)?;
    }
    let expected = node::parse(old).ok().and_then(|root| with_changes(root, entry, changes));
    if expected.is_none() || expected != node::parse(&yaml).ok() {
        return Err(problem("its new text would not say the same as the old one and the changes"));
    }
    Ok([&text[..part.start], &yaml, &text[part.end..]].concat())
}

/// The changes as lines that an author can paste into a record in block style.
pub fn as_lines(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| match change {
        Change::Set(key, value) => format!("{key}: {}", written(value)),
        Change::Append(key, value) => format!("{key}: [{}]", written(value)),
    };
    changes.iter().map(line).collect()
}

fn problem(why: impl Into<String>) -> EditProblem {
    EditProblem { why: why.into() }
}

fn line_end(text: &str) -> &'static str {
    match text.find(['\n', '\r']).map(|at| &text[at..]) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        Some(_) | None => "\n",
    }
}

/// What the new text must say.
fn with_changes<'t>(root: Node<'t>, entry: Option<usize>, changes: &[Change]) -> Option<Node<'t>> {
    let mut root = root;
    let record = match (&mut root, entry) {
        (Node::List(items), Some(entry)) => items.get_mut(entry)?,
        (root, None) => root,
        (_, Some(_)) => return None,
    };
    let Node::Map(entries) = record else { return None };
    for change in changes {
        let (Change::Set(key, value) | Change::Append(key, value)) = change;
        let old = entries.iter_mut().find(|it| it.key == *key);
        let new = node_of(value);
        match (change, old) {
            (Change::Set(..), Some(old)) => old.value = new,
            (Change::Append(..), Some(old)) => {
                let before = std::mem::replace(&mut old.value, Node::Null(""));
                old.value = match before {
                    Node::Null(_) => Node::List(vec![new]),
                    Node::List(items) => Node::List(items.into_iter().chain([new]).collect()),
                    one @ (Node::Scalar(_) | Node::Map(_)) => Node::List(vec![one, new]),
                };
            }
            (Change::Set(..), None) => entries.push(Entry { key: Cow::Borrowed(*key), value: new }),
            (Change::Append(..), None) => {
                entries.push(Entry { key: Cow::Borrowed(*key), value: Node::List(vec![new]) });
            }
        }
    }
    Some(root)
}

fn node_of<'t>(value: &NewValue) -> Node<'t> {
    match value {
        NewValue::Text(text) => Node::Scalar(Cow::Owned(text.clone())),
        NewValue::List(items) => Node::List(items.iter().map(node_of).collect()),
        NewValue::Map(entries) => {
            let entry = |(key, value): &(&'static str, NewValue)| Entry {
                key: Cow::Borrowed(*key),
                value: node_of(value),
            };
            Node::Map(entries.iter().map(entry).collect())
        }
    }
}

/// A value on one line, as it may stand in block style and between brackets.
fn written(value: &NewValue) -> String {
    match value {
        NewValue::Text(text) => scalar(text),
        NewValue::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        NewValue::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", written(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Text without quotes where that is safe, else in single quotes, which change nothing.
fn scalar(text: &str) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || " ./_:%?=&~+@-#;$!*()".contains(c);
    let starts_safe = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '_'));
    let is_plain = starts_safe
        && text.chars().all(is_safe)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !matches!(text, "null" | "Null" | "NULL");
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// A record in its YAML, with one of its fields if it has it.
struct Found<'y> {
    yaml: &'y str,
    /// Where the record's map starts: its brace, or its first key.
    start: usize,
    field: Option<Field<'y>>,
}

struct Field<'y> {
    /// Behind the colon.
    value_from: usize,
    /// Where the key stands.
    key_start: usize,
    /// Where the value starts, if there is one.
    value_start: usize,
    value: Node<'y>,
}

fn changed(yaml: &str, entry: Option<usize>, change: &Change, line_end: &str) -> Result<String, EditProblem> {
    let (Change::Set(key, value) | Change::Append(key, value)) = change;
    let unclear = || problem(format!("its `{key}` is written in a way that cannot be changed safely"));
    let found = find(yaml, entry, key)?;
    let is_append = matches!(change, Change::Append(..));
    match &found.field {
        None => {
            let value = if is_append { format!("[{}]", written(value)) } else { written(value) };
            found.with_new(key, &value, line_end).ok_or_else(unclear)
        }
        Some(field) if is_append => found.with_item(field, &written(value), line_end).ok_or_else(unclear),
        Some(field) => found.with_value(field, &written(value)).ok_or_else(unclear),
    }
}

fn find<'y>(yaml: &'y str, entry: Option<usize>, key: &str) -> Result<Found<'y>, EditProblem> {
    let unreadable = || problem("it cannot be read");
    let root = node::parse(yaml).map_err(|_| unreadable())?;
    let record = match (root, entry) {
        (Node::List(items), Some(entry)) => items.into_iter().nth(entry),
        (root, None) => Some(root),
        (_, Some(_)) => None,
    };
    let Some(Node::Map(entries)) = record else { return Err(problem("the record is not a map of keys")) };
    let record = entry.map(|it| format!("[{it}]")).unwrap_or_default();
    let start = locate_in(yaml, &record, false).ok_or_else(unreadable)?.start;
    let Some(entry) = entries.into_iter().find(|it| it.key == key) else {
        return Ok(Found { yaml, start, field: None });
    };
    let path = if record.is_empty() { key.to_owned() } else { format!("{record}.{key}") };
    let key = locate_in(yaml, &path, true).ok_or_else(unreadable)?;
    let behind = &yaml[key.end..];
    if !behind.trim_start_matches([' ', '\t']).starts_with(':') {
        return Err(unreadable());
    }
    let value_from = key.end + behind.find(':').map_or(0, |at| at + 1);
    let value_start = match &entry.value {
        Node::Null("") => value_from,
        _ => locate_in(yaml, &path, false).ok_or_else(unreadable)?.start,
    };
    let field = Field { value_from, key_start: key.start, value_start, value: entry.value };
    Ok(Found { yaml, start, field: Some(field) })
}

/// A text with a span of it replaced.
fn replaced(text: &str, span: Span, with: &str) -> String {
    [&text[..span.start], with, &text[span.end..]].concat()
}

impl Found<'_> {
    fn is_flow(&self) -> bool {
        self.yaml[self.start..].starts_with('{')
    }

    /// The column of a byte, from 0.
    fn column(&self, at: usize) -> usize {
        at - self.yaml[..at].rfind(['\n', '\r']).map_or(0, |idx| idx + 1)
    }

    /// A new field behind the record's last one.
    fn with_new(&self, key: &str, value: &str, line_end: &str) -> Option<String> {
        if self.is_flow() {
            return with_last(self.yaml, self.start, &format!("{key}: {value}"));
        }
        let column = self.column(self.start);
        let end = block_end(self.yaml, self.start, column, |_| true);
        let line = format!("{line_end}{}{key}: {value}", " ".repeat(column));
        Some(replaced(self.yaml, Span::at(end), &line))
    }

    /// Another value for a field that is there.
    fn with_value(&self, field: &Field<'_>, value: &str) -> Option<String> {
        let blank = if field.value_start == field.value_from { " " } else { "" };
        let value = format!("{blank}{value}");
        if let Some(span) = self.value_span(field) {
            return Some(replaced(self.yaml, span, &value));
        }
        // In block style on lines of its own. What is said in comments there is not ours to delete.
        let column = self.column(field.key_start);
        let end = block_end(self.yaml, field.value_start, column + 1, |_| true);
        let is_list_at_key = matches!(field.value, Node::List(_)) && self.column(field.value_start) == column;
        let span = Span::new(field.value_from, end);
        (!span.of(self.yaml).contains('#') && !is_list_at_key)
            .then(|| replaced(self.yaml, span, &format!(" {}", value.trim_start())))
    }

    /// Another item for a list that is there.
    fn with_item(&self, field: &Field<'_>, item: &str, line_end: &str) -> Option<String> {
        let span = self.value_span(field);
        match (&field.value, span) {
            (Node::Null(_), Some(_)) => self.with_value(field, &format!("[{item}]")),
            (Node::Scalar(words), Some(span)) => {
                Some(replaced(self.yaml, span, &format!("[{}, {item}]", scalar(words))))
            }
            (Node::Map(_), Some(span)) => {
                Some(replaced(self.yaml, span, &format!("[{}, {item}]", span.of(self.yaml))))
            }
            (Node::List(_), Some(span)) => with_last(self.yaml, span.start, item),
            (Node::List(_), None) => {
                let column = self.column(field.value_start);
                let end = block_end(self.yaml, field.value_start, column, |it| it.starts_with('-'));
                let line = format!("{line_end}{}- {item}", " ".repeat(column));
                Some(replaced(self.yaml, Span::at(end), &line))
            }
            (Node::Null(_) | Node::Scalar(_) | Node::Map(_), None) => None,
        }
    }

    /// Where a value stands that is a scalar or stands between brackets; `None` for block style.
    fn value_span(&self, field: &Field<'_>) -> Option<Span> {
        let start = field.value_start;
        match (&field.value, self.yaml.as_bytes().get(start)) {
            (Node::Null(""), _) => Some(Span::at(start)),
            (Node::Scalar(_), Some(b'|' | b'>')) => None,
            (Node::Scalar(words), _) => Some(extent::of_scalar(self.yaml, start, words)),
            (Node::Null(words), _) => Some(extent::of_scalar(self.yaml, start, words)),
            (Node::Map(_) | Node::List(_), Some(b'[' | b'{')) => {
                Some(Span::new(start, brackets(self.yaml, start)?.end))
            }
            (Node::Map(_) | Node::List(_), _) => None,
        }
    }
}

/// Where a block ends: behind the last word of the lines from `start` on that are indented by more than `column`, or by
/// just as much if they count. Comments behind the block are not of it.
fn block_end(yaml: &str, start: usize, column: usize, counts: fn(&str) -> bool) -> usize {
    let mut end = start;
    for (idx, line) in front_matter::lines(yaml, line_start(yaml, start)).enumerate() {
        let text = line.words.of(yaml);
        let words = text.trim_start_matches(' ');
        let indent = text.len() - words.len();
        if words.trim().is_empty() || words.starts_with('#') && indent <= column {
            continue;
        }
        // The first line may start with the dash of the record.
        if idx > 0 && (indent < column || indent == column && !counts(words)) {
            break;
        }
        end = line.words.end;
    }
    end
}

fn line_start(yaml: &str, at: usize) -> usize {
    yaml[..at].rfind(['\n', '\r']).map_or(0, |idx| idx + 1)
}

/// What stands between brackets.
struct Brackets {
    /// Behind the last thing inside that is no blank and no comment; behind the opening bracket when there is none.
    content_end: usize,
    /// Behind the closing bracket.
    end: usize,
}

/// Walks from an opening bracket to its closing one, past quotes and comments.
fn brackets(yaml: &str, start: usize) -> Option<Brackets> {
    let bytes = yaml.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    let mut content_end = start + 1;
    // Quotes count only where a scalar can start.
    let mut is_fresh = true;
    while let Some(byte) = bytes.get(at) {
        let mut next = at + 1;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                at = next;
                continue;
            }
            b'#' if bytes[at - 1].is_ascii_whitespace() => {
                at += extent::line_rest(yaml, at).len();
                continue;
            }
            b'"' if is_fresh => next = double_quoted_end(yaml, at),
            b'\'' if is_fresh => next = single_quoted_end(yaml, at),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(Brackets { content_end, end: next });
                }
            }
            _ => (),
        }
        is_fresh = matches!(byte, b'[' | b'{' | b',' | b':');
        at = next;
        content_end = at;
    }
    None
}

/// A text with another item behind the last one between brackets.
fn with_last(yaml: &str, start: usize, item: &str) -> Option<String> {
    let found = brackets(yaml, start)?;
    let at = found.content_end;
    let is_brace = yaml[start..].starts_with('{');
    let item = match yaml.as_bytes().get(at - 1) {
        _ if at == start + 1 && is_brace => {
            return Some(replaced(yaml, Span::new(at, found.end - 1), &format!(" {item} ")));
        }
        _ if at == start + 1 => return Some(replaced(yaml, Span::new(at, found.end - 1), item)),
        Some(b',') => format!(" {item},"),
        Some(_) | None => format!(", {item}"),
    };
    Some(replaced(yaml, Span::at(at), &item))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> NewValue {
        NewValue::Text(words.to_owned())
    }

    fn accessed() -> [Change; 1] {
        [Change::Set("accessed", text("2025-03-10"))]
    }

    fn archive() -> [Change; 1] {
        let copy = NewValue::Map(vec![("url", text("https://a.example/?x=1,2")), ("by", text("Ann: 'A'"))]);
        [Change::Append("archive", copy)]
    }

    const COPY: &str = "{ url: 'https://a.example/?x=1,2', by: 'Ann: ''A''' }";

    /// Checks a change to the entry of a list (or, without a number, to front matter), with every kind of line end.
    fn check(before: &str, entry: Option<usize>, changes: &[Change], after: &str) {
        for end in ["\n", "\r\n"] {
            let (before, after) = (before.replace('\n', end), after.replace('\n', end));
            match set_fields(&before, entry, changes) {
                Ok(now) => assert_eq!(now, after, "{before}"),
                Err(problem) => panic!("{problem}: {before}"),
            }
        }
    }

    #[test]
    fn a_field_is_added_in_the_style_of_its_record() {
        let added = |before: &str, entry, after: &str| check(before, entry, &accessed(), after);
        added(
            "---\nkind: source # why\ntitle: A\n---\nProse.\naccessed: no\n",
            None,
            "---\nkind: source # why\ntitle: A\naccessed: 2025-03-10\n---\nProse.\naccessed: no\n",
        );
        added(
            "# One\n- id: a\n  title: A\n\n# Two\n- id: b\n  title: B # b\n  # end\n\n# Three\n- id: c\n",
            Some(1),
            "# One\n- id: a\n  title: A\n\n# Two\n- id: b\n  title: B # b\n  accessed: 2025-03-10\n  # end\n\n# Three\n- id: c\n",
        );
        added("- id: a\n  title: A", Some(0), "- id: a\n  title: A\n  accessed: 2025-03-10");
        added(
            "-   id: a\n    note: >-\n      x\n\n      # y\n",
            Some(0),
            "-   id: a\n    note: >-\n      x\n\n      # y\n    accessed: 2025-03-10\n",
        );
        added(
            "-\n  id: a\n  relays:\n  - b\n-\n  id: b\n",
            Some(0),
            "-\n  id: a\n  relays:\n  - b\n  accessed: 2025-03-10\n-\n  id: b\n",
        );
        added(
            "- { id: a, title: 'A, } b' } # a\n- { id: b }\n",
            Some(0),
            "- { id: a, title: 'A, } b', accessed: 2025-03-10 } # a\n- { id: b }\n",
        );
        added("- {id: a}\n- {id: b}\n", Some(1), "- {id: a}\n- {id: b, accessed: 2025-03-10}\n");
        added(
            "- {\n    id: a, # }\n    t: it's \"x\", # last\n  }\n",
            Some(0),
            "- {\n    id: a, # }\n    t: it's \"x\", accessed: 2025-03-10, # last\n  }\n",
        );
        added("[{id: a}, {id: b}]\n", Some(1), "[{id: a}, {id: b, accessed: 2025-03-10}]\n");
        added("---\n{ id: a }\n---\n", None, "---\n{ id: a, accessed: 2025-03-10 }\n---\n");
        added("\u{FEFF}- id: a\n", Some(0), "\u{FEFF}- id: a\n  accessed: 2025-03-10\n");
    }

    #[test]
    fn a_value_is_replaced_and_what_stands_around_it_stays() {
        let set = |before: &str, after: &str| check(before, Some(0), &accessed(), after);
        set("- accessed: 2024 # then\n  id: a\n", "- accessed: 2025-03-10 # then\n  id: a\n");
        set("- id: a\n  accessed: '2024'\n  b: c\n", "- id: a\n  accessed: 2025-03-10\n  b: c\n");
        set(
            "- id: a\n  accessed: # unknown\n  b: c\n",
            "- id: a\n  accessed: 2025-03-10 # unknown\n  b: c\n",
        );
        set("- id: a\n  accessed: null\n", "- id: a\n  accessed: 2025-03-10\n");
        set("- {accessed: 2024, id: a}\n", "- {accessed: 2025-03-10, id: a}\n");
        set("- {id: a, accessed: }\n", "- {id: a, accessed: 2025-03-10 }\n");
        set("- id: a\n  accessed: { x: [1, 2] } # c\n", "- id: a\n  accessed: 2025-03-10 # c\n");
        set("- id: a\n  accessed: >-\n    2024\n\n  b: c\n", "- id: a\n  accessed: 2025-03-10\n\n  b: c\n");
        set(
            "- id: a\n  accessed:\n    x: 1\n    y:\n      - 2\n\n  b: c\n",
            "- id: a\n  accessed: 2025-03-10\n\n  b: c\n",
        );
    }

    #[test]
    fn an_item_is_added_to_a_list_in_any_style() {
        let added =
            |before: &str, after: &str| check(before, Some(0), &archive(), &after.replace("COPY", COPY));
        added("- id: a\n", "- id: a\n  archive: [COPY]\n");
        added("- { id: a }\n", "- { id: a, archive: [COPY] }\n");
        added(
            "- id: a\n  archive: https://b.example/ # b\n",
            "- id: a\n  archive: [https://b.example/, COPY] # b\n",
        );
        added("- id: a\n  archive: [x, y] # b\n", "- id: a\n  archive: [x, y, COPY] # b\n");
        added("- id: a\n  archive: []\n", "- id: a\n  archive: [COPY]\n");
        added("- id: a\n  archive: { url: x }\n", "- id: a\n  archive: [{ url: x }, COPY]\n");
        added(
            "- id: a\n  archive:\n    - x\n    - url: y\n      at: 2024\n  b: c\n",
            "- id: a\n  archive:\n    - x\n    - url: y\n      at: 2024\n    - COPY\n  b: c\n",
        );
        added(
            "- id: a\n  archive:\n  - x # x\n  # y\n  b: c\n",
            "- id: a\n  archive:\n  - x # x\n  - COPY\n  # y\n  b: c\n",
        );
        added("- {id: a, archive: [\n  x,\n]}\n", "- {id: a, archive: [\n  x, COPY,\n]}\n");
    }

    #[test]
    fn what_cannot_be_changed_safely_is_left_alone() {
        for (before, entry) in [
            ("- id: a\n  accessed:\n    # why\n    x: 1\n", Some(0)),
            ("- id: a\n", Some(1)),
            ("- a\n", Some(0)),
            ("id: [a\n", None),
            ("Prose only.\n", None),
            ("", None),
            ("---\n---\n", None),
        ] {
            assert!(set_fields(before, entry, &accessed()).is_err(), "{before:?}");
        }
        assert!(set_fields("- id: a\n  archive:\n    url: x\n", Some(0), &archive()).is_err());
        let quoted = "- id: a\n  note: \"x\n\n   y\"\n  b: 'c\n   d'\n";
        assert!(set_fields(quoted, Some(0), &accessed()).is_ok_and(|it| it.starts_with(quoted.trim_end())));
    }

    #[test]
    fn lines_to_paste_are_those_of_block_style() {
        let lines = as_lines(&[accessed(), archive()].concat());
        assert_eq!(lines, ["accessed: 2025-03-10".to_owned(), format!("archive: [{COPY}]")]);
    }
}
