//! Bytes to text, by what they say of themselves or by an encoding's name. The only module that names encoding_rs.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes a page: by its byte order mark; as UTF-8 if that is what it is; as it says itself; else as browsers do
/// when nothing is said, as windows-1252, which holds Latin-1.
///
/// UTF-8 comes before what the page says, because pages are often saved again in UTF-8 with their old words in the
/// head, and text in another encoding is practically never UTF-8 by chance.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let encoding = declared(bytes).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0
}

/// Decodes by a label of the Encoding Standard; bytes that do not fit become U+FFFD.
#[cfg(feature = "pdf")]
pub(super) fn decode_as(label: &str, bytes: &[u8]) -> String {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding that a page names in its first kilobyte (HTML Standard, "prescan a byte stream").
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let labels = ["charset", "encoding"].into_iter().flat_map(|key| head.match_indices(key)).filter_map(
        |(at, key)| {
            let value = head[at + key.len()..].trim_start().strip_prefix('=')?;
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            value
                .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '>' | '?' | '/'))
                .next()
                .map(str::to_owned)
        },
    );
    let encoding = labels.filter_map(|it| Encoding::for_label(it.as_bytes())).next()?;
    // What says so in ASCII letters is no UTF-16.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_decoded_by_its_mark_then_as_utf_8_then_as_it_says() {
        for (bytes, expected) in [
            (b"\xEF\xBB\xBFcaf\xC3\xA9".as_slice(), "café"),
            (b"\xFF\xFEc\0a\0f\0\xE9\0", "café"),
            (b"caf\xC3\xA9", "café"),
            (b"caf\xE9 \x93x\x94", "café “x”"),
            (b"<meta charset='windows-1251'>\xEF\xF0", "<meta charset='windows-1251'>пр"),
            (
                b"<META content=\"text/html; CharSet = gbk\">\xC4\xE3",
                "<META content=\"text/html; CharSet = gbk\">你",
            ),
            (
                b"<?xml version='1.0' encoding='shift_jis'?>\x93\xFA",
                "<?xml version='1.0' encoding='shift_jis'?>日",
            ),
            (b"<meta charset=iso-8859-1>caf\xC3\xA9", "<meta charset=iso-8859-1>café"),
            (b"<meta charset=utf-16>caf\xE9", "<meta charset=utf-16>caf\u{FFFD}"),
            (b"<meta charset=nonsense>caf\xE9", "<meta charset=nonsense>café"),
        ] {
            assert_eq!(decode(bytes), expected);
        }
    }
}
