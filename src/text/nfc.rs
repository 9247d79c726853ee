//! Normal form C: one way to write each letter, so that equal names are equal.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The text in normal form C (Unicode Standard Annex 15).
pub fn nfc(text: String) -> String {
    if is_nfc(&text) { text } else { text.nfc().collect() }
}
