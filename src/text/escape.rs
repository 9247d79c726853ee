//! Text in HTML and in addresses: escaped, and read back.

use std::borrow::Cow;

/// Escapes text so that it can stand between tags or inside a quoted attribute.
pub fn escape_html(text: &str) -> Cow<'_, str> {
    let special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    let Some(first) = text.bytes().position(special) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 8);
    out.push_str(&text[..first]);
    let mut plain = first;
    for (idx, byte) in text.bytes().enumerate().skip(first) {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[plain..idx]);
        out.push_str(entity);
        plain = idx + 1;
    }
    out.push_str(&text[plain..]);
    Cow::Owned(out)
}

/// Reads the character references that can matter in an address: numeric ones, those that [`escape_html`] writes,
/// and the names of `:`, `/`, tab and line end. Others stay as typed.
pub fn unescape_html(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that the reference at the start of `text` stands for, and the reference's length.
fn reference(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 12] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&colon;", ':'),
        ("&sol;", '/'),
        ("&bsol;", '\\'),
        ("&num;", '#'),
        ("&Tab;", '\t'),
        ("&NewLine;", '\n'),
        ("&nbsp;", '\u{a0}'),
    ];
    if let Some((name, c)) = NAMED.into_iter().find(|(name, _)| text.starts_with(name)) {
        return Some((c, name.len()));
    }
    let digits = text.strip_prefix("&#")?;
    let (digits, radix, prefix) = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 3),
        None => (digits, 10, 2),
    };
    let n_digits = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    // The HTML Standard takes a reference without its semicolon too, and any number of leading zeros.
    let significant = digits[..n_digits].trim_start_matches('0');
    let value = match significant.len() {
        _ if n_digits == 0 => return None,
        0 => 0,
        1..=7 => u32::from_str_radix(significant, radix).ok()?,
        _ => u32::MAX,
    };
    let c = match value {
        0 => char::REPLACEMENT_CHARACTER,
        _ => char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    let semicolon = usize::from(digits[n_digits..].starts_with(';'));
    Some((c, prefix + n_digits + semicolon))
}

/// Decodes `%C3%A9` and its like (RFC 3986, §2.1); `None` where that gives no text.
pub fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    let digit = |idx: usize| bytes.get(idx).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits fit a byte"));
                at += 3;
            }
            (byte, _, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_text_fits_between_tags_and_in_attributes() {
        assert!(matches!(escape_html("plain é"), Cow::Borrowed("plain é")));
        assert_eq!(escape_html("a<b & 'c' \"d\">"), "a&lt;b &amp; &#39;c&#39; &quot;d&quot;&gt;");
    }

    #[test]
    fn references_read_as_a_browser_reads_them() {
        assert_eq!(unescape_html("&#106;ava&#x73cript&colon;x"), "java\u{73c}ript:x");
        assert_eq!(unescape_html("&#0000106avascript:x"), "javascript:x");
        assert_eq!(unescape_html("?a=1&amp;b=2&c=3"), "?a=1&b=2&c=3");
        assert_eq!(unescape_html("&#99999999999;&#0;&#;&#x;"), "\u{fffd}\u{fffd}&#;&#x;");
    }

    #[test]
    fn addresses_are_decoded_where_that_gives_text() {
        assert_eq!(percent_decode("/%C3%A9t%c3%a9/100%/%2"), Some(Cow::Borrowed("/été/100%/%2")));
        assert_eq!(percent_decode("%FF"), None);
    }

    proptest::proptest! {
        #[test]
        fn escaping_and_reading_back_changes_nothing(text in ".*") {
            assert_eq!(unescape_html(&escape_html(&text)), text);
        }
    }
}
