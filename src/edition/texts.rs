//! Short texts that have to be kept in great number: what pages offer, and where they lead.

use std::sync::Arc;

/// At most so many bytes are left out at the start of a text because the text before begins with them too: what says how many
/// is one byte, and ASCII.
const MOST_SHARED: usize = 127;

/// Some texts, sorted, each once, in one piece of memory.
///
/// Those of all pages are kept until the last page is made, and written down for the next build. The addresses a page leads to
/// begin alike, so each is kept without what it shares with the one before it (front coding): a third of their size.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Texts(Arc<str>);

impl Texts {
    /// Sorts texts and drops what comes twice. Empty ones are left out, and a NUL inside of one becomes U+FFFD.
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Texts {
        let texts: Vec<T> = texts.into_iter().collect();
        Texts::coded(texts.iter().map(AsRef::as_ref).filter(|it| !it.is_empty()).collect())
    }

    fn coded(mut sorted: Vec<&str>) -> Texts {
        if sorted.iter().any(|it| it.contains('\0')) {
            let replaced: Vec<String> = sorted.iter().map(|it| it.replace('\0', "\u{fffd}")).collect();
            return Texts::coded(replaced.iter().map(String::as_str).collect());
        }
        sorted.sort_unstable();
        sorted.dedup();
        let mut coded = String::with_capacity(sorted.iter().map(|it| it.len() / 2 + 2).sum());
        let mut before = "";
        for text in sorted {
            let same = before.bytes().zip(text.bytes()).take(MOST_SHARED).take_while(|(a, b)| a == b).count();
            let shared = text.floor_char_boundary(same);
            coded.push(char::from(shared as u8));
            push_len(&mut coded, text.len() - shared);
            coded.push_str(&text[shared..]);
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
        let mut rest = &*self.0;
        while let Some((shared, piece, behind)) = first(rest) {
            text.truncate(shared);
            text.push_str(piece);
            if is_it(&text) {
                return true;
            }
            rest = behind;
        }
        false
    }
}

/// Six bits of a length in each byte, the low ones first; more follow behind one above 63.
fn push_len(coded: &mut String, len: usize) {
    let mut len = len;
    while len > 63 {
        coded.push(char::from(64 + (len & 63) as u8));
        len >>= 6;
    }
    coded.push(char::from(len as u8));
}

/// What the first text shares with the one before it, what it has of its own, and what is coded behind it.
fn first(coded: &str) -> Option<(usize, &str, &str)> {
    let bytes = coded.as_bytes();
    let (mut len, mut at, mut shift) = (0, 1, 0);
    loop {
        let byte = *bytes.get(at)?;
        len |= usize::from(byte & 63).checked_shl(shift)?;
        (at, shift) = (at + 1, shift + 6);
        if byte < 64 {
            break;
        }
    }
    let (piece, behind) = coded.get(at..)?.split_at_checked(len)?;
    Some((usize::from(bytes[0]), piece, behind))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_a_sorted_set(given in prop::collection::vec("[a-céê\0]{0,3}|(ab){30,70}[éê]?|c{2000,5000}", 0..12), asked in "[a-cé]{0,3}") {
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
