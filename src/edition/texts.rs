//! Short texts that have to be kept in great number: what pages offer, and where they lead.

/// Between two texts. No address and no id holds it.
const BETWEEN: char = '\0';

/// At most so many bytes are left out at the start of a text because the text before begins with them too: what says how many
/// is one byte, and a character other than [`BETWEEN`].
const MOST_SHARED: usize = 126;

/// Some texts, sorted, each once, in one piece of memory.
///
/// Those of all pages are kept until the last page is made, and written down for the next build. The addresses a page leads to
/// begin alike, so each is kept without what it shares with the one before it (front coding): a third of their size.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Texts(std::sync::Arc<str>);

impl Texts {
    /// Sorts texts and drops what comes twice. Empty ones are left out, and a NUL inside of one becomes U+FFFD.
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Texts {
        let texts: Vec<T> = texts.into_iter().collect();
        let mut sorted: Vec<&str> = texts.iter().map(AsRef::as_ref).filter(|it| !it.is_empty()).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut coded = String::with_capacity(sorted.iter().map(|it| it.len() / 2 + 2).sum());
        let mut before = "";
        for text in sorted {
            let alike = before.bytes().zip(text.bytes()).take(MOST_SHARED);
            let same = alike.take_while(|(a, b)| a == b && *a != 0).count();
            let shared = text.floor_char_boundary(same);
            if !coded.is_empty() {
                coded.push(BETWEEN);
            }
            coded.push(char::from(shared as u8 + 1));
            match text[shared..].contains(BETWEEN) {
                true => coded.push_str(&text[shared..].replace(BETWEEN, "\u{fffd}")),
                false => coded.push_str(&text[shared..]),
            }
            before = text;
        }
        Texts(coded.into())
    }

    /// Shows each of them, in order.
    pub fn for_each(&self, mut show: impl FnMut(&str)) {
        self.find(|text| {
            show(text);
            false
        });
    }

    /// Whether this text is among them.
    pub fn contains(&self, text: &str) -> bool {
        self.find(|it| it == text)
    }

    /// All of them, each for itself.
    pub fn to_vec(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.for_each(|text| all.push(text.to_owned()));
        all
    }

    /// Whether one of them is what is looked for. None is shown after it.
    fn find(&self, mut is_it: impl FnMut(&str) -> bool) -> bool {
        let mut text = String::new();
        self.0.split(BETWEEN).filter_map(|it| it.split_at_checked(1)).any(|(shared, rest)| {
            text.truncate(usize::from(shared.as_bytes()[0] - 1));
            text.push_str(rest);
            is_it(&text)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_a_sorted_set(given in prop::collection::vec("[a-céê\0]{0,3}|(ab){60,70}[éê]?", 0..12), asked in "[a-cé]{0,3}") {
            let texts = Texts::new(&given);
            let expected: BTreeSet<String> =
                given.iter().map(|it| it.replace('\0', "\u{fffd}")).filter(|it| !it.is_empty()).collect();
            prop_assert_eq!(texts.to_vec().into_iter().collect::<BTreeSet<_>>(), expected.clone());
            if given.iter().all(|it| !it.contains('\0')) {
                prop_assert_eq!(texts.to_vec(), expected.iter().cloned().collect::<Vec<_>>());
            }
            prop_assert_eq!(texts.contains(&asked), expected.contains(&asked));
            for text in &expected {
                prop_assert!(texts.contains(text));
            }
        }
    }
}
