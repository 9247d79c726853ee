//! Writing XML: escaping, and nothing else. Well-formedness is ours; tests read it back.

use std::borrow::Cow;

/// Text for an element or a quoted attribute (XML 1.0, §2.4). Characters that XML cannot hold are dropped.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| MAY_CHANGE[usize::from(*byte)]) {
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
static MAY_CHANGE: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let is_control = byte < 0x20 && byte != 9 && byte != 10 && byte != 13;
        all[byte] = is_control || matches!(byte as u8, b'&' | b'<' | b'>' | b'"' | 0xEF);
        byte += 1;
    }
    all
};

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
