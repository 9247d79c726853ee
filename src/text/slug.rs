//! Slugs: the part of an address made from a title or a heading.

use unicode_normalization::UnicodeNormalization;

/// Makes a lower-case slug from any text: letters and digits of every script are kept (NFC), all else
/// becomes one hyphen. The result may be empty when the text has no letter or digit.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
            out.push(c);
        } else if c != '\'' && c != '’' && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    // Lower-casing can decompose (İ), so the result is composed once more.
    out.trim_end_matches('-').nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_keeps_its_letters() {
        assert_eq!(slug("What Nvidia's CEO said"), "what-nvidias-ceo-said");
        assert_eq!(slug("  Été 2025! "), "été-2025");
        assert_eq!(slug("中国 公司"), "中国-公司");
        assert_eq!(slug("🎉"), "");
        assert_eq!(slug("हिन्दी"), "हिन्दी");
    }
}
