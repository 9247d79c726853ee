//! The path of a request, decoded once.

use crate::text::percent_decode;

/// What a request's path comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A path that the output may have: no leading slash, with a trailing one if the request had it; empty for the root.
    Path(String),
    /// A path that no output has: it is not found, and no host would find it.
    Nowhere,
    /// Not an address: what stands behind a `%` is no byte, or the bytes are no text.
    Malformed,
}

/// Decodes a request's path part by part. A part that is empty, `.` or `..`, or that holds a slash, a back-slash or a
/// control character after decoding leads nowhere. Nothing is decoded twice.
pub(super) fn decode(raw: &str) -> Address {
    let Some(rest) = raw.strip_prefix('/') else { return Address::Malformed };
    let mut decoded = String::with_capacity(rest.len());
    let mut parts = rest.split('/').peekable();
    let mut is_somewhere = true;
    while let Some(part) = parts.next() {
        if !is_encoded_well(part) {
            return Address::Malformed;
        }
        let Some(part) = percent_decode(part) else { return Address::Malformed };
        let is_last = parts.peek().is_none();
        let is_odd = part.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
        is_somewhere &= !is_odd && part != "." && part != ".." && (is_last || !part.is_empty());
        decoded.push_str(&part);
        if !is_last {
            decoded.push('/');
        }
    }
    if is_somewhere { Address::Path(decoded) } else { Address::Nowhere }
}

/// Whether two hexadecimal digits stand behind each `%`.
fn is_encoded_well(part: &str) -> bool {
    let mut rest = part.as_bytes();
    while let Some(at) = rest.iter().position(|it| *it == b'%') {
        rest = &rest[at + 1..];
        if rest.len() < 2 || !rest[..2].iter().all(u8::is_ascii_hexdigit) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_once_and_cannot_climb() {
        let path = |it: &str| Address::Path(it.to_owned());
        for (raw, expected) in [
            ("/", path("")),
            ("/a/b/", path("a/b/")),
            ("/a/index.html", path("a/index.html")),
            ("/caf%C3%A9/", path("café/")),
            ("/a+b", path("a+b")),
            ("/%252e%252e/x", path("%2e%2e/x")),
            ("//", Address::Nowhere),
            ("/a//b", Address::Nowhere),
            ("/../etc/passwd", Address::Nowhere),
            ("/%2e%2e%2fetc", Address::Nowhere),
            ("/%2e%2e/etc", Address::Nowhere),
            ("/..%5cetc", Address::Nowhere),
            ("/a%2fb", Address::Nowhere),
            ("/.%00", Address::Nowhere),
            ("/.", Address::Nowhere),
            ("/%zz", Address::Malformed),
            ("/%a", Address::Malformed),
            ("/%ff", Address::Malformed),
            ("a", Address::Malformed),
            ("*", Address::Malformed),
        ] {
            assert_eq!(decode(raw), expected, "{raw}");
        }
    }
}
