//! Where a front matter field stands in its file.
//!
//! An `outline` is asked first, where there is one. What it does not know is found here.
//!
//! In: a text and a field path such as `statements[0].sources[1].ref`. Out: the span of its value, or of its key.
//! serde_yaml keeps no places after a successful parse, but it stamps a custom error raised *inside* a `Visitor`
//! with the mark of that very node. So the text is walked once more to the field and fails there on purpose
//! (about 50 µs; only diagnostics pay).

use std::fmt;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::extent;
use super::front_matter;
use super::node;
use super::outline::Outline;
use crate::diag::FieldPath;
use crate::text::Span;

/// The span of a field's value (or, with `key`, of its key) in the text of a Markdown or YAML file.
///
/// A quoted value includes its quotes; a block scalar is its header (`>-`); a list or a map is its first character
/// or first key. A path that goes deeper than the author wrote, because the author used a shorthand, ends at the
/// deepest value that is there. A missing last key falls back to the key of the map it is missing from.
pub fn locate(text: &str, field_path: &str, key: bool) -> Option<Span> {
    let yaml = front_matter::yaml_part(text, field_path.starts_with('['));
    let span = locate_in(yaml.of(text), field_path, key);
    match span {
        Some(span) => Some(span.shifted(yaml.start)),
        // Nothing to point at: the opening fence, or the start of the list.
        None if yaml.start > 0 => Some(front_matter::fence_before(text, yaml.start)),
        None => None,
    }
}

/// As [`locate`], for several fields of one text, in their order.
///
/// Each walk of [`locate`] reads the whole front matter. Many problems of one page are found in one reading instead, as
/// long as their values, or keys, stand in the text as they are: that is most of them, and costs
/// several times less.
pub fn locate_all(text: &str, fields: &[FieldPath]) -> Vec<Option<Span>> {
    let one_by_one = || fields.iter().map(|it| locate(text, &it.path, it.key)).collect();
    let [first, _, ..] = fields else { return one_by_one() };
    let is_list = |field: &FieldPath| field.path.starts_with('[');
    if fields.iter().any(|it| is_list(it) != is_list(first)) {
        return one_by_one();
    }
    let yaml = front_matter::yaml_part(text, is_list(first));
    // A long list is quicker searched entry by entry, unless there is much to find.
    if yaml.end - yaml.start > LONG_LIST && fields.len() < 16 {
        return one_by_one();
    }
    match node::parse(yaml.of(text)) {
        Ok(root) => locate_with(text, &Outline::of(&root, text, yaml), fields),
        Err(_) => one_by_one(),
    }
}

/// The same for a text of which the outline is known.
pub(super) fn locate_with(text: &str, outline: &Outline, fields: &[FieldPath]) -> Vec<Option<Span>> {
    let find = |field: &FieldPath| {
        let span = steps(&field.path).and_then(|steps| outline.find(text, &steps, field.key));
        span.or_else(|| locate(text, &field.path, field.key))
    };
    fields.iter().map(find).collect()
}

/// As [`locate`], inside a YAML text.
pub(super) fn locate_in(yaml: &str, field_path: &str, key: bool) -> Option<Span> {
    let steps = steps(field_path)?;
    if let Some((Step::Index(entry), rest)) = steps.split_first()
        && let Some(chunk) = entry_chunk(yaml, *entry)
        && let Some(span) = walk_back(chunk.of(yaml), &[&[Step::Index(0)], rest].concat(), key)
    {
        return Some(span.shifted(chunk.start));
    }
    walk_back(yaml, &steps, key)
}

/// Walks to the end of the path, or to what the module doc promises instead.
fn walk_back(yaml: &str, steps: &[Step<'_>], key: bool) -> Option<Span> {
    let mut steps = steps;
    let mut key = key;
    loop {
        match walk(yaml, steps, key)? {
            Ended::At(span) => return Some(span),
            Ended::Missing(depth) => {
                // A missing key falls back to its map's own key, which an entry of a list does not have.
                steps = steps.get(..depth)?;
                if steps.is_empty() {
                    return None;
                }
                key = matches!(steps.last(), Some(Step::Key(_)));
            }
            Ended::Shallow(depth) => (steps, key) = (steps.get(..depth)?, false),
        }
    }
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

/// `statements[0].ref` as steps; `None` when it is no path.
fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, indices) = match part.find('[') {
            Some(idx) if part.ends_with(']') => (&part[..idx], &part[idx + 1..part.len() - 1]),
            _ => (part, ""),
        };
        if !name.is_empty() {
            steps.push(Step::Key(name));
        }
        if !indices.is_empty() {
            for index in indices.split("][") {
                steps.push(Step::Index(index.parse().ok()?));
            }
        }
    }
    Some(steps)
}

/// From how many bytes on a list is long.
const LONG_LIST: usize = 8 * 1024;

/// The text of one entry of a long top-level list, so that a list of thousands of records need not be parsed
/// again for each of its problems. `None` when the list is short or not written as lines that start with `- `.
fn entry_chunk(yaml: &str, entry: usize) -> Option<Span> {
    if yaml.len() < LONG_LIST {
        return None;
    }
    let mut starts = line_starts(yaml).filter(|start| {
        let rest = &yaml.as_bytes()[*start..];
        rest.first() == Some(&b'-') && matches!(rest.get(1), Some(b' ' | b'\n' | b'\r'))
    });
    let start = starts.nth(entry)?;
    Some(Span::new(start, starts.next().unwrap_or(yaml.len())))
}

/// Where each line starts.
fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(move |(idx, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(idx + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(idx, _)| idx + 1))
}

enum Ended {
    At(Span),
    /// The first so many steps exist, the next does not.
    Missing(usize),
    /// The first so many steps lead to a number or such, which has nothing inside.
    Shallow(usize),
}

/// What the walk noted before it failed on purpose.
#[derive(Default)]
struct Note {
    words: Option<String>,
    borrowed: Option<Span>,
    missing: Option<usize>,
    shallow: Option<usize>,
}

fn walk(yaml: &str, steps: &[Step<'_>], key: bool) -> Option<Ended> {
    let mut note = Note::default();
    let seed = Walk { yaml, steps, done: 0, key, note: &mut note };
    let error = de::DeserializeSeed::deserialize(seed, serde_yaml::Deserializer::from_str(yaml)).err()?;
    if let Some(depth) = note.missing {
        return Some(Ended::Missing(depth));
    }
    if let Some(depth) = note.shallow {
        return Some(Ended::Shallow(depth));
    }
    if let Some(inner) = note.borrowed {
        return Some(Ended::At(super::node::with_quotes(yaml, inner).0));
    }
    let start = error.location()?.index();
    let span = match &note.words {
        Some(words) => extent::of_scalar(yaml, start, words),
        None => extent::of_collection(yaml, start),
    };
    Some(Ended::At(span))
}

struct Walk<'p, 'n> {
    yaml: &'p str,
    steps: &'p [Step<'p>],
    done: usize,
    key: bool,
    note: &'n mut Note,
}

impl Walk<'_, '_> {
    fn next(&mut self) -> Walk<'_, '_> {
        Walk { yaml: self.yaml, steps: self.steps, done: self.done + 1, key: self.key, note: self.note }
    }

    /// A value serde_yaml has typed: its text is only there when the walk stops at it.
    fn shallow<E: de::Error>(self) -> Result<(), E> {
        self.note.shallow = Some(self.done);
        Err(E::custom("here: nothing inside"))
    }
}

impl<'t> de::DeserializeSeed<'t> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.done == self.steps.len() {
            return deserializer.deserialize_str(Stop { yaml: self.yaml, note: self.note });
        }
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the next step of the path")
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let Step::Index(index) = self.steps[self.done] else { return Err(de::Error::custom("here")) };
        for _ in 0..index {
            seq.next_element::<IgnoredAny>()?;
        }
        match seq.next_element_seed(self.next())? {
            Some(()) => Err(de::Error::custom("not reached: the element fails")),
            None => Err(de::Error::custom("here: the list is shorter")),
        }
    }

    fn visit_map<A: MapAccess<'t>>(mut self, mut map: A) -> Result<(), A::Error> {
        // A single map where a list may stand is a list of one.
        while self.steps.get(self.done) == Some(&Step::Index(0)) {
            self.done += 1;
        }
        let Some(Step::Key(wanted)) = self.steps.get(self.done).copied() else {
            return Err(de::Error::custom("here"));
        };
        let last = self.done + 1 == self.steps.len();
        let stop = self.key && last;
        loop {
            let seed = IsKey { wanted, stop, yaml: self.yaml, note: self.note };
            match map.next_key_seed(seed)? {
                Some(true) => return map.next_value_seed(self.next()),
                Some(false) => drop(map.next_value::<IgnoredAny>()?),
                None => break,
            }
        }
        if last {
            self.note.missing = Some(self.done);
        }
        Err(de::Error::custom("here: the key is missing"))
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<(), E> {
        self.note.words = Some(words.to_owned());
        Err(E::custom("here: a shorthand"))
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.shallow()
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        self.shallow()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.shallow()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.shallow()
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<(), E> {
        self.shallow()
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<(), E> {
        self.shallow()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.shallow()
    }

    fn visit_borrowed_str<E: de::Error>(self, words: &'t str) -> Result<(), E> {
        Stop { yaml: self.yaml, note: self.note }.visit_borrowed_str(words)
    }
}

/// Fails at a scalar or a collection, and notes the scalar's words.
struct Stop<'p, 'n> {
    yaml: &'p str,
    note: &'n mut Note,
}

impl<'t> Visitor<'t> for Stop<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the field")
    }

    fn visit_borrowed_str<E: de::Error>(self, words: &'t str) -> Result<(), E> {
        self.note.borrowed = super::node::place_in(self.yaml, words);
        self.note.words = Some(words.to_owned());
        Err(E::custom("here"))
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<(), E> {
        self.note.words = Some(words.to_owned());
        Err(E::custom("here"))
    }
}

/// Compares a key, and fails at it when the key itself is wanted.
struct IsKey<'p, 'n> {
    wanted: &'p str,
    stop: bool,
    yaml: &'p str,
    note: &'n mut Note,
}

impl<'t> de::DeserializeSeed<'t> for IsKey<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for IsKey<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: de::Error>(self, words: &'t str) -> Result<bool, E> {
        if self.stop && words == self.wanted {
            self.note.borrowed = super::node::place_in(self.yaml, words);
        }
        self.visit_str(words)
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<bool, E> {
        if words != self.wanted {
            return Ok(false);
        }
        if self.stop {
            self.note.words = Some(words.to_owned());
            return Err(E::custom("here"));
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::LineIndex;

    /// The place as `line:col words`.
    fn place(text: &str, path: &str, key: bool) -> String {
        let Some(span) = locate(text, path, key) else { return "nowhere".to_owned() };
        let position = LineIndex::new(text).position(text, span.start);
        format!("{}:{} {}", position.line, position.column, span.of(text))
    }

    const PAGE: &str = "---\nkind: reaction\nactor: 'né'\nabout: x  # why\n\"to\": \"e \\\"f\\\"\"\nstatements:\n  - id: s\n    quote: >-\n      \
        one\n      two\n    says: three\n      four\n    sources: [a, { ref: b, via: 'it''s' }]\n  - { id: t, date: 2025, about: [é, 12] }\n\
        contested: { field: d }\nempty:\n---\nbody: x\n";

    #[test]
    fn values_and_keys_are_found_to_the_column() {
        for (path, value, key) in [
            ("kind", "2:7 reaction", "2:1 kind"),
            ("actor", "3:8 'né'", "3:1 actor"),
            ("about", "4:8 x", "4:1 about"),
            ("to", "5:7 \"e \\\"f\\\"\"", "5:1 \"to\""),
            ("statements", "7:3 -", "6:1 statements"),
            ("statements[0]", "7:5 id", "7:5 id"),
            ("statements[0].quote", "8:12 >-", "8:5 quote"),
            ("statements[0].says", "11:11 three\n      four", "11:5 says"),
            ("statements[0].sources", "13:14 [", "13:5 sources"),
            ("statements[0].sources[1].ref", "13:25 b", "13:20 ref"),
            ("statements[0].sources[1].via", "13:33 'it''s'", "13:28 via"),
            ("statements[1]", "14:5 {", "14:5 {"),
            ("statements[1].date", "14:20 2025", "14:14 date"),
            ("statements[1].about[1]", "14:37 12", "14:37 12"),
            ("empty", "16:7 ", "16:1 empty"),
        ] {
            for (mark, text) in [("", PAGE.to_owned()), ("\u{FEFF}", format!("\u{FEFF}{PAGE}"))] {
                assert_eq!(place(&text, path, false), value, "{mark:?} {path}");
                assert_eq!(place(&text, path, true), key, "{mark:?} the key of {path}");
            }
            let crlf = PAGE.replace('\n', "\r\n");
            assert_eq!(place(&crlf, path, false), value.replace('\n', "\r\n"), "{path} with CRLF");
        }
    }

    #[test]
    fn many_fields_are_found_where_each_is_found_alone() {
        let long: String =
            (0..2_000).map(|n| format!("- id: k{n}\n  name: \"é\\t{n}\"\n  says: [a, 'b']\n")).collect();
        let doubled = "---\na: 1\na: 2\nb: { c: ~ }\n---\n";
        let broken = "---\na: [1\nb: 2\n---\n";
        let paths = [
            "kind",
            "actor",
            "about",
            "about[0]",
            "to",
            "statements",
            "statements[0].quote",
            "statements[0].says",
            "statements[0].sources[0]",
            "statements[0].sources[1].ref",
            "statements[0].sources[1].via",
            "statements[1].date",
            "statements[1].about[1]",
            "statements[7].id",
            "contested[0].field",
            "contested.by",
            "empty",
            "nothing",
            "a",
            "b",
            "b.c",
            "",
            "a[x]",
        ];
        let in_lists =
            ["[0].name", "[1234].name", "[1999].says[1]", "[3].id", "[9999].id", "[7]", "[7].nope"];
        let fields = |paths: &[&str]| -> Vec<FieldPath> {
            let both = paths
                .iter()
                .flat_map(|path| [false, true].map(|key| FieldPath { path: (*path).to_owned(), key }));
            both.collect()
        };
        let crlf = PAGE.replace('\n', "\r\n");
        let marked = format!("\u{FEFF}{PAGE}");
        for text in [
            PAGE,
            crlf.as_str(),
            marked.as_str(),
            doubled,
            broken,
            "",
            "no front matter",
            &long,
            &long[..300],
        ] {
            for fields in
                [fields(&paths), fields(&in_lists), fields(&["kind", "[3].id"]), fields(&in_lists.repeat(3))]
            {
                let alone: Vec<Option<Span>> =
                    fields.iter().map(|it| locate(text, &it.path, it.key)).collect();
                assert_eq!(locate_all(text, &fields), alone, "{text:.200}");
                for path in ["content/r/a.md", "content/figures.yaml"] {
                    let input = crate::input::Input::new(path, text.as_bytes());
                    let document = crate::document::read(&input, &crate::document::ReadOptions::default());
                    let again = fields.iter().map(|it| locate(&document.text, &it.path, it.key));
                    assert_eq!(document.locate(&fields), again.collect::<Vec<_>>(), "{path} {text:.200}");
                }
            }
        }
    }

    #[test]
    fn a_path_deeper_than_the_author_wrote_ends_at_the_deepest_value() {
        assert_eq!(place(PAGE, "statements[0].sources[0].ref", false), "13:15 a");
        assert_eq!(place(PAGE, "about[0]", false), "4:8 x");
        assert_eq!(place(PAGE, "contested[0].field", false), "15:21 d");
        assert_eq!(place(PAGE, "statements[1].date.x", false), "14:20 2025");
        assert_eq!(place(PAGE, "statements[7].id", false), "7:3 -");
    }

    #[test]
    fn a_missing_key_falls_back_to_its_parents_key() {
        assert_eq!(place(PAGE, "contested.by", false), "15:1 contested");
        assert_eq!(place(PAGE, "statements[1].speaker", false), "14:5 {");
        assert_eq!(place(PAGE, "nothing", false), "1:1 ---");
    }

    #[test]
    fn lists_of_records_are_searched_too_and_long_ones_quickly() {
        assert_eq!(place("- id: a\n- { id: b, made_by: c }\n", "[1].made_by", false), "2:21 c");
        assert_eq!(place("\u{FEFF}---\n- id: a\n  x: y\n", "[0].x", true), "3:3 x");
        let long: String = (0..2_000).map(|n| format!("# {n}\n- id: k{n}\n  name: \"é\\t{n}\"\n")).collect();
        assert_eq!(place(&long, "[1234].name", false), "3705:9 \"é\\t1234\"");
        assert_eq!(place(&long, "[1234].nope", false), "3704:3 id");
        assert_eq!(place("title: x\nmenu: [{ a: b }]\n", "menu[0].a", false), "2:13 b");
    }
}
