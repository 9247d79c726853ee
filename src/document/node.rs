//! YAML as a plain tree: every entry in order, duplicate keys kept, scalars as the author typed them.
//!
//! In: the text between the fences. Out: a [`Node`]. Most scalars borrow from the text, so their place is known
//! for free ([`place_in`]). Knows YAML's shapes and nothing of what they mean. With `locate`, the only module
//! that names `serde_yaml`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::text::Span;

/// How deep lists and maps may stand inside each other.
pub(super) const DEPTH_LIMIT: usize = 64;

/// What our own depth error says; `syntax` turns it into words.
pub(super) const TOO_DEEP: &str = "rejoinder: too deep";

/// What our own tag error says, when a tag was met where `lexis` saw none.
pub(super) const TAG_MET: &str = "rejoinder: tag";

/// One YAML value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node<'t> {
    /// `null`, `~` or nothing at all, as typed.
    Null(&'t str),
    /// Text, a number, a date, a truth value: as typed, with quotes and folding resolved.
    Scalar(Cow<'t, str>),
    /// A list.
    List(Vec<Node<'t>>),
    /// A map, in the author's order, with duplicate keys.
    Map(Vec<Entry<'t>>),
}

/// One entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'t> {
    /// The key as typed.
    pub(super) key: Cow<'t, str>,
    /// Its value.
    pub(super) value: Node<'t>,
}

impl Node<'_> {
    /// What it is, for sentences: `a list`.
    pub(super) fn shape(&self) -> &'static str {
        match self {
            Node::Null(_) => "nothing",
            Node::Scalar(_) => "a single value",
            Node::List(_) => "a list",
            Node::Map(_) => "a map",
        }
    }
}

/// Parses one YAML document.
///
/// serde_yaml turns `1.10`, `0x1F` or `null` into numbers and nothing when asked for any value; asked for text it
/// gives what was typed. So values it typed for us are read again, as text, and only when there are any.
///
/// # Errors
/// As serde_yaml found them, and [`TOO_DEEP`], [`TAG_MET`].
pub(super) fn parse(yaml: &str) -> Result<Node<'_>, serde_yaml::Error> {
    let mut typed = false;
    let seed = Grow { depth: 0, typed: &mut typed };
    let mut root = de::DeserializeSeed::deserialize(seed, serde_yaml::Deserializer::from_str(yaml))?;
    if typed {
        de::DeserializeSeed::deserialize(Retype(&mut root), serde_yaml::Deserializer::from_str(yaml))?;
    }
    Ok(root)
}

/// Where a scalar or key stands in the text it was parsed from, without quotes; `None` when it had to be rebuilt
/// (folded lines, escapes, block scalars).
pub(super) fn place_in(yaml: &str, words: &str) -> Option<Span> {
    let start = (words.as_ptr() as usize).checked_sub(yaml.as_ptr() as usize)?;
    // Rebuilt words live elsewhere in memory, and an empty one anywhere.
    (start + words.len() <= yaml.len()).then(|| Span::new(start, start + words.len()))
}

/// The span with the quotes around it, if it has any, and the quote.
pub(super) fn with_quotes(yaml: &str, inner: Span) -> (Span, Option<u8>) {
    let bytes = yaml.as_bytes();
    let before = inner.start.checked_sub(1).map(|idx| bytes[idx]);
    match before {
        Some(quote @ (b'"' | b'\'')) if bytes.get(inner.end) == Some(&quote) => {
            (Span::new(inner.start - 1, inner.end + 1), Some(quote))
        }
        _ => (inner, None),
    }
}

struct Grow<'f> {
    depth: usize,
    typed: &'f mut bool,
}

impl Grow<'_> {
    fn child(&mut self) -> Grow<'_> {
        Grow { depth: self.depth + 1, typed: self.typed }
    }

    fn deeper<E: de::Error>(&self) -> Result<(), E> {
        if self.depth < DEPTH_LIMIT { Ok(()) } else { Err(E::custom(TOO_DEEP)) }
    }

    fn retype<'t, E>(self) -> Result<Node<'t>, E> {
        *self.typed = true;
        Ok(Node::Null(""))
    }
}

impl<'t> de::DeserializeSeed<'t> for Grow<'_> {
    type Value = Node<'t>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Node<'t>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Grow<'_> {
    type Value = Node<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, words: &'t str) -> Result<Node<'t>, E> {
        Ok(Node::Scalar(Cow::Borrowed(words)))
    }

    fn visit_str<E>(self, words: &str) -> Result<Node<'t>, E> {
        Ok(Node::Scalar(Cow::Owned(words.to_owned())))
    }

    fn visit_none<E>(self) -> Result<Node<'t>, E> {
        Ok(Node::Null(""))
    }

    fn visit_unit<E>(self) -> Result<Node<'t>, E> {
        self.retype()
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node<'t>, E> {
        self.retype()
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node<'t>, E> {
        self.retype()
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node<'t>, E> {
        self.retype()
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node<'t>, E> {
        self.retype()
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node<'t>, E> {
        self.retype()
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node<'t>, E> {
        self.retype()
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut seq: A) -> Result<Node<'t>, A::Error> {
        self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.child())? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'t>>(mut self, mut map: A) -> Result<Node<'t>, A::Error> {
        self.deeper()?;
        let mut entries = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            let value = map.next_value_seed(self.child())?;
            entries.push(Entry { key, value });
        }
        Ok(Node::Map(entries))
    }

    fn visit_enum<A: de::EnumAccess<'t>>(self, _: A) -> Result<Node<'t>, A::Error> {
        Err(de::Error::custom(TAG_MET))
    }
}

/// Reads a key as typed.
struct Key;

impl<'t> de::DeserializeSeed<'t> for Key {
    type Value = Cow<'t, str>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Cow<'t, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for Key {
    type Value = Cow<'t, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, words: &'t str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Borrowed(words))
    }

    fn visit_str<E>(self, words: &str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Owned(words.to_owned()))
    }
}

/// Walks the tree once more and fills in what serde_yaml had typed.
struct Retype<'n, 't>(&'n mut Node<'t>);

impl<'t> de::DeserializeSeed<'t> for Retype<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0 {
            Node::Null(_) => deserializer.deserialize_str(self),
            Node::Scalar(_) => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
            Node::List(_) => deserializer.deserialize_seq(self),
            Node::Map(_) => deserializer.deserialize_map(self),
        }
    }
}

impl<'t> Visitor<'t> for Retype<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same value as before")
    }

    fn visit_borrowed_str<E>(self, words: &'t str) -> Result<(), E> {
        *self.0 = match words {
            "" | "~" | "null" | "Null" | "NULL" => Node::Null(words),
            _ => Node::Scalar(Cow::Borrowed(words)),
        };
        Ok(())
    }

    fn visit_str<E>(self, words: &str) -> Result<(), E> {
        *self.0 = Node::Scalar(Cow::Owned(words.to_owned()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Node::List(items) = self.0 {
            for item in items {
                seq.next_element_seed(Retype(item))?;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        if let Node::Map(entries) = self.0 {
            for entry in entries {
                map.next_key::<IgnoredAny>()?;
                map.next_value_seed(Retype(&mut entry.value))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(yaml: &str) -> String {
        match parse(yaml) {
            Ok(Node::Map(entries)) => match &entries[0].value {
                Node::Scalar(words) => words.to_string(),
                other => format!("{other:?}"),
            },
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn scalars_stay_as_typed() {
        for typed in [
            "1.10", "NO", "yes", "on", "0123", "1e3", "12:30", "0x1F", "+1", ".inf", "true", "False", "2025",
            "1_000",
        ] {
            assert_eq!(scalar(&format!("a: {typed}\n")), typed);
            assert_eq!(scalar(&format!("a: '{typed}'\n")), typed);
        }
        assert_eq!(scalar("a: ~\n"), "Null(\"~\")");
        assert_eq!(scalar("a:\n"), "Null(\"\")");
        assert_eq!(scalar("a: 'null'\n"), "null");
        assert_eq!(scalar("a: ''\n"), "");
        assert_eq!(scalar("a: ''\nb: 2\n"), "", "an empty text survives the second reading");
    }

    #[test]
    fn duplicate_keys_are_kept_and_keys_are_text() {
        let Ok(Node::Map(entries)) = parse("a: 1\na: 2\n2025: x\ntrue: y\n") else { panic!("a map") };
        let keys: Vec<&str> = entries.iter().map(|it| it.key.as_ref()).collect();
        assert_eq!(keys, ["a", "a", "2025", "true"]);
    }

    #[test]
    fn places_are_known_for_what_stands_in_the_text_as_it_is_read() {
        let yaml = "é: [x, 'y z', \"w\", 1.10]\n";
        let Ok(Node::Map(entries)) = parse(yaml) else { panic!("a map") };
        let Node::List(items) = &entries[0].value else { panic!("a list") };
        let seen: Vec<&str> = items
            .iter()
            .map(|it| match it {
                Node::Scalar(words) => {
                    let inner = place_in(yaml, words).expect("borrowed");
                    with_quotes(yaml, inner).0.of(yaml)
                }
                _ => "?",
            })
            .collect();
        assert_eq!(seen, ["x", "'y z'", "\"w\"", "1.10"]);
    }

    #[test]
    fn depth_has_a_limit_and_no_stack_is_lost() {
        let deep = "[".repeat(65) + &"]".repeat(65);
        assert!(parse(&deep).is_err_and(|it| it.to_string().contains(TOO_DEEP)));
        let fine = "[".repeat(64) + &"]".repeat(64);
        assert!(parse(&fine).is_ok());
        assert!(parse(&"[".repeat(10_000)).is_err());
        assert!(parse(&"- ".repeat(10_000)).is_err());
    }
}
