//! Writing XML: escaping, and nothing else. Well-formedness is ours; tests read it back.

use std::borrow::Cow;

use crate::text::ByteSet;

/// Text for an element or a quoted attribute (XML 1.0, §2.4). Characters that XML cannot hold are dropped.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| MAY_CHANGE.holds(*byte)) {
        let instead = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            0xEF if !text[at..].starts_with(['\u{fffe}', '\u{ffff}']) => continue,
            _ => "",
        };
        out.push_str(&text[copied..at]);
        out.push_str(instead);
        copied = at + if byte == 0xEF { 3 } else { 1 };
    }
    match copied {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(out + &text[copied..]),
    }
}

/// The bytes that a character begins with which is written in another way, or may be one that is dropped.
static MAY_CHANGE: ByteSet = ByteSet::controls().but(b"\t\n\r").and(b"&<>\"\xEF");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_is_escaped_and_what_cannot_stand_is_dropped() {
        assert!(matches!(escape("plain é \u{feff}\t\n"), Cow::Borrowed("plain é \u{feff}\t\n")));
        assert_eq!(
            escape("a<b> & \"c\"\u{0}\u{1f}\u{fffe}é\u{ffff}\u{fffd}"),
            "a&lt;b&gt; &amp; &quot;c&quot;é\u{fffd}"
        );
        assert_eq!(escape("\u{1}"), "");
    }
}
