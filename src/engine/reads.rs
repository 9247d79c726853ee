//! What one route read, in few bytes: places in a table of keys.

use serde::{Deserialize, Serialize};

/// Numbers in ascending order, each as the distance from the one before, in groups of six bits. Most distances fit one byte,
/// and a page reads some hundred keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reads(Box<str>);

impl Reads {
    /// Keeps numbers, sorted, each once.
    pub(super) fn new(mut numbers: Vec<u32>) -> Reads {
        numbers.sort_unstable();
        numbers.dedup();
        let mut text = String::with_capacity(numbers.len() + 8);
        let mut before = 0;
        for number in numbers {
            let mut rest = number - before;
            before = number;
            // Six bits to a byte keep all bytes in ASCII, so that they can be kept and read back as text, in one piece.
            while rest >= 64 {
                text.push(char::from(64 + (rest % 64) as u8));
                rest /= 64;
            }
            text.push(char::from(rest as u8));
        }
        Reads(text.into_boxed_str())
    }

    /// The numbers, in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let mut bytes = self.0.bytes();
        let mut at = 0_u32;
        std::iter::from_fn(move || {
            let mut distance = 0_u32;
            let mut shift = 0;
            loop {
                let byte = bytes.next()?;
                distance = distance.wrapping_add(u32::from(byte & 63).checked_shl(shift).unwrap_or(0));
                if byte < 64 {
                    break;
                }
                shift += 6;
            }
            at = at.wrapping_add(distance);
            Some(at)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_kept_comes_back_sorted(
            numbers in prop::collection::vec(prop_oneof![0..300_u32, any::<u32>()], 0..40),
        ) {
            let expected: std::collections::BTreeSet<u32> = numbers.iter().copied().collect();
            let reads = Reads::new(numbers);
            prop_assert_eq!(reads.iter().collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn any_text_gives_some_numbers(text in "\\PC{0,20}") {
            prop_assert!(Reads(text.clone().into_boxed_str()).iter().count() <= text.len());
        }
    }
}
