//! SHA-256 digests: what anybody's `sha256sum` prints. The only module that names sha2.
//!
//! [`super::Fingerprint`] is faster and serves inside the program; these stand in files that people check.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// A SHA-256 digest (FIPS 180-4, §6.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// Digests some bytes.
    pub fn of(bytes: &[u8]) -> Sha256 {
        Sha256(sha2::Sha256::digest(bytes).into())
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads 64 hexadecimal digits in either case; `None` when it is anything else.
    pub fn from_hex(hex: &str) -> Option<Sha256> {
        let is_hex = hex.len() == 64 && hex.bytes().all(|it| it.is_ascii_hexdigit());
        let digits = is_hex.then_some(hex)?;
        let mut bytes = [0; 32];
        for (idx, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * idx..2 * idx + 2], 16).ok()?;
        }
        Some(Sha256(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({})", &self.hex()[..8])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_are_those_of_the_standard() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((Sha256::of(b"").hex().as_str(), Sha256::of(b"abc").to_string().as_str()), (empty, abc));
        assert_eq!(Sha256::from_hex(&abc.to_uppercase()), Some(Sha256::of(b"abc")));
        for wrong in ["", "ba78", &abc[1..], &format!("{abc}0"), &abc.replace("ba", "+1"), &"é".repeat(32)] {
            assert_eq!(Sha256::from_hex(wrong), None, "{wrong}");
        }
    }
}
