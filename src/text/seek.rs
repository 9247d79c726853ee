//! Bytes sought eight at a time.

/// The first place, from `at` on, of one of some bytes.
///
/// The standard library's search begins with a look at how the bytes are aligned, which costs more than the rest of it where the
/// next hit is some thirty bytes away: from tag to tag, from line to line.
pub fn seek<const N: usize>(bytes: &[u8], at: usize, wanted: [u8; N]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let mut at = at;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let eight = u64::from_le_bytes(*eight);
        // The lowest byte that becomes 0 sets its highest bit; what lies above it may be wrong (Warren, "Hacker's Delight", 6.1).
        let zeros = |differs: u64| differs.wrapping_sub(ONES) & !differs;
        let found = wanted.iter().fold(0, |found, it| found | zeros(eight ^ (ONES * u64::from(*it)))) & HIGHS;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(|byte| wanted.contains(byte)).map(|len| at + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_first_of_its_kind_is_found(text in "[:;<=\\x00é]{0,30}", at in 0..40_usize) {
            let bytes = text.as_bytes();
            let first = |wanted: &[u8]| {
                bytes.get(at..)?.iter().position(|byte| wanted.contains(byte)).map(|it| at + it)
            };
            proptest::prop_assert_eq!(seek(bytes, at, [b'<']), first(b"<"));
            proptest::prop_assert_eq!(seek(bytes, at, [b'<', b';']), first(b"<;"));
            proptest::prop_assert_eq!(seek(bytes, at, [0]), first(b"\0"));
        }
    }
}
