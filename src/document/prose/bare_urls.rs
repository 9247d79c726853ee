//! Bare addresses in text: `https://example.org/a_(b).` without the full stop.

use std::ops::Range;

/// Every `http://` and `https://` address of a text, in order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(colon) = text[from..].find("://") {
        let colon = from + colon;
        from = colon + 3;
        let Some(start) = scheme_start(&text[..colon]) else { continue };
        let end = from + address_len(&text[from..]);
        // A host begins with a letter, a digit, or the bracket of an IPv6 address, which we leave alone.
        if text[from..end].starts_with(char::is_alphanumeric) {
            found.push(start..end);
            from = end;
        }
    }
    found
}

/// Where `http` or `https` starts, when the text ends with it and it is a word of its own.
fn scheme_start(before: &str) -> Option<usize> {
    let bytes = before.as_bytes();
    let ends_with = |word: &str| {
        bytes.len() >= word.len() && bytes[bytes.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
    };
    let len = ["https", "http"].into_iter().find(|word| ends_with(word))?.len();
    let start = before.len() - len;
    (!before[..start].ends_with(char::is_alphanumeric)).then_some(start)
}

/// How much of a text that follows `://` belongs to the address.
fn address_len(rest: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}')
            || is_mark(c)
    };
    let mut len = rest.find(ends).unwrap_or(rest.len());
    let count = |c: u8| rest.as_bytes()[..len].iter().filter(|byte| **byte == c).count();
    let mut unopened_parens = count(b')').saturating_sub(count(b'('));
    let mut unopened_brackets = count(b']').saturating_sub(count(b'['));
    while let Some(last) = rest[..len].chars().next_back() {
        match last {
            ')' if unopened_parens > 0 => unopened_parens -= 1,
            ']' if unopened_brackets > 0 => unopened_brackets -= 1,
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' => (),
            _ => break,
        }
        len -= last.len_utf8();
    }
    len
}

/// Quotation marks, dashes and East Asian punctuation, which end an address wherever they stand.
fn is_mark(c: char) -> bool {
    matches!(c, '«' | '»' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203e}' | '\u{3000}'..='\u{303f}' | '\u{ff01}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<&str> {
        find(text).into_iter().next().map(|range| &text[range])
    }

    #[test]
    fn addresses_end_where_a_reader_would_end_them() {
        for (text, address) in [
            ("see https://example.org/a.", "https://example.org/a"),
            ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
            ("[https://example.org/a[b]], x", "https://example.org/a[b]"),
            ("HTTP://example.org/?a=1&b=2; so", "HTTP://example.org/?a=1&b=2"),
            ("“https://example.org/x”", "https://example.org/x"),
            ("https://例え.example/道。次", "https://例え.example/道"),
            ("https://example.org/a'b'...", "https://example.org/a'b"),
        ] {
            assert_eq!(first(text), Some(address));
        }
        for none in ["xhttps://example.org", "https://", "http:// x", "ftp://example.org", "https://)", "://"]
        {
            assert_eq!(first(none), None, "{none}");
        }
        assert_eq!(find("http://a.example http://b.example").len(), 2);
    }
}
