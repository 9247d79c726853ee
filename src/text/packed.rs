//! Values as bytes for ourselves alone, to be read back by the program that wrote them. The only module that names postcard.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Fingerprint;

/// How many bytes of the digest stand before the rest: enough against a disk's accidents.
const N_DIGEST: usize = 16;

/// A value as bytes (postcard wire format 1.0), behind a digest of them.
///
/// # Panics
/// When the value says of itself that it cannot be written, which plain data never does.
pub fn pack(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    pack_onto(&mut bytes, value);
    bytes
}

/// The same behind bytes that are already there.
///
/// # Panics
/// As [`pack`].
pub fn pack_onto(bytes: &mut Vec<u8>, value: &impl Serialize) {
    let start = bytes.len();
    bytes.resize(start + N_DIGEST, 0);
    *bytes =
        postcard::to_extend(value, std::mem::take(bytes)).expect("plain data with lengths known beforehand");
    let digest = Fingerprint::of(&bytes[start + N_DIGEST..]).half();
    bytes[start..start + N_DIGEST].copy_from_slice(&digest);
}

/// Reads back what [`pack`] wrote; `None` for anything else, a single flipped bit included.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (digest, rest) = bytes.split_at_checked(N_DIGEST)?;
    if Fingerprint::of(rest).half() != digest {
        return None;
    }
    let (value, rest) = postcard::take_from_bytes(rest).ok()?;
    rest.is_empty().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_or_a_missing_end_is_noticed() {
        let value = (vec![1_u32, 70_000], "text".to_owned(), Some([7_u8; 16]));
        let bytes = pack(&value);
        assert_eq!(unpack(&bytes), Some(value.clone()));
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut broken = bytes.clone();
                broken[at] ^= 1 << bit;
                assert_eq!(unpack::<(Vec<u32>, String, Option<[u8; 16]>)>(&broken), None);
            }
            assert_eq!(unpack::<(Vec<u32>, String, Option<[u8; 16]>)>(&bytes[..at]), None);
        }
    }
}
