//! Bytes sought many at a time, by the crate memchr. The only module that names it.

/// The first place, from `at` on, of one of some bytes.
///
/// The standard library's search begins with a look at how the bytes are aligned, which costs more than the rest of it where the
/// next hit is some thirty bytes away: from tag to tag, from line to line.
pub fn seek<const N: usize>(bytes: &[u8], at: usize, wanted: [u8; N]) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let found = match wanted.as_slice() {
        [one] => memchr::memchr(*one, rest),
        [one, other] => memchr::memchr2(*one, *other, rest),
        many => rest.iter().position(|byte| many.contains(byte)),
    };
    Some(at + found?)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_first_of_its_kind_is_found(text in "[:;<=\\x00é]{0,70}", at in 0..80_usize) {
            let bytes = text.as_bytes();
            let first = |wanted: &[u8]| {
                bytes.get(at..)?.iter().position(|byte| wanted.contains(byte)).map(|it| at + it)
            };
            proptest::prop_assert_eq!(seek(bytes, at, [b'<']), first(b"<"));
            proptest::prop_assert_eq!(seek(bytes, at, [b'<', b';']), first(b"<;"));
            proptest::prop_assert_eq!(seek(bytes, at, [b'<', b';', 0]), first(b"<;\0"));
        }
    }
}
