//! Short texts that have to be kept in great number: what pages offer, and where they lead.

use std::cmp::Ordering;

/// Between two texts. No address and no id holds it.
const BETWEEN: char = '\0';

/// Some texts, sorted, each once, in one piece of memory.
///
/// Those of all pages are kept until the last page is made. One by one they took 2 KiB a page more at the build's peak (3,000
/// pages, `cargo bench --bench build`).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Texts(std::sync::Arc<str>);

impl Texts {
    /// Sorts texts and drops what comes twice. Empty ones are left out, and a NUL inside of one becomes U+FFFD.
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Texts {
        let texts: Vec<T> = texts.into_iter().collect();
        let mut sorted: Vec<&str> = texts.iter().map(AsRef::as_ref).filter(|it| !it.is_empty()).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut joined = String::with_capacity(sorted.iter().map(|it| it.len() + 1).sum());
        for text in sorted {
            if !joined.is_empty() {
                joined.push(BETWEEN);
            }
            match text.contains(BETWEEN) {
                true => joined.push_str(&text.replace(BETWEEN, "\u{fffd}")),
                false => joined.push_str(text),
            }
        }
        Texts(joined.into())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(BETWEEN).filter(|it| !it.is_empty())
    }

    /// Whether this text is among them.
    pub fn contains(&self, text: &str) -> bool {
        let mut rest = &*self.0;
        while !rest.is_empty() {
            let middle = rest.floor_char_boundary(rest.len() / 2);
            let start = rest[..middle].rfind(BETWEEN).map_or(0, |at| at + 1);
            let end = rest[middle..].find(BETWEEN).map_or(rest.len(), |at| middle + at);
            match text.cmp(&rest[start..end]) {
                Ordering::Equal => return true,
                Ordering::Less => rest = &rest[..start.saturating_sub(1)],
                Ordering::Greater => rest = rest.get(end + 1..).unwrap_or(""),
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_a_sorted_set(given in prop::collection::vec("[a-cé]{0,3}", 0..12), asked in "[a-cé]{0,3}") {
            let texts = Texts::new(&given);
            let expected: std::collections::BTreeSet<&str> =
                given.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
            prop_assert_eq!(texts.iter().collect::<Vec<_>>(), expected.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(texts.contains(&asked), expected.contains(asked.as_str()));
            for text in &expected {
                prop_assert!(texts.contains(text));
            }
        }
    }
}
