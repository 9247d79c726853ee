//! Fingerprints: BLAKE3 digests of bytes. The only module that names blake3.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A 256-bit BLAKE3 digest (BLAKE3 specification, §2). Equal bytes, equal fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Digests some bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint(*blake3::hash(bytes).as_bytes())
    }

    /// Digests several byte strings, each with its length, so that `["ab","c"]` and `["a","bc"]` differ.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Fingerprint {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Fingerprint(*hasher.finalize().as_bytes())
    }

    /// Digests a value by what its [`Hash`] says of it: equal values, equal fingerprint.
    ///
    /// How the standard library's types say it may change with the compiler, so such a digest means something only to
    /// the program that made it. Within one program it is the same on every machine with a word of 64 bits.
    pub fn of_value(value: &impl Hash) -> Fingerprint {
        let mut hasher = ValueHasher::default();
        value.hash(&mut hasher);
        hasher.finish_all()
    }

    /// Its 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 128 bits.
    pub fn half(&self) -> [u8; 16] {
        let mut half = [0; 16];
        half.copy_from_slice(&self.0[..16]);
        half
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// The first eight hexadecimal digits: enough for a file name that changes when its bytes do.
    pub fn short(&self) -> String {
        self.hex()[..8].to_owned()
    }

    /// Reads back what `hex` wrote; `None` when it is anything else.
    pub fn from_hex(hex: &str) -> Option<Fingerprint> {
        blake3::Hash::from_hex(hex).ok().map(|hash| Fingerprint(*hash.as_bytes()))
    }
}

/// Digests bytes that come piece by piece: in whatever pieces, what [`Fingerprint::of`] says of all.
#[derive(Default)]
pub(super) struct Digester(blake3::Hasher);

impl Digester {
    /// Takes the next piece.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// What came of all of them.
    pub(super) fn finish(&self) -> Fingerprint {
        Fingerprint(*self.0.finalize().as_bytes())
    }
}

/// Feeds what a value says of itself to BLAKE3. Values speak in pieces of one to eight bytes, for which BLAKE3 is slow;
/// so they are gathered first.
struct ValueHasher {
    blake3: blake3::Hasher,
    waiting: [u8; ValueHasher::ROOM],
    n_waiting: usize,
}

impl ValueHasher {
    /// One chunk of BLAKE3.
    const ROOM: usize = 1024;

    fn finish_all(mut self) -> Fingerprint {
        self.blake3.update(&self.waiting[..self.n_waiting]);
        Fingerprint(*self.blake3.finalize().as_bytes())
    }
}

impl Default for ValueHasher {
    fn default() -> ValueHasher {
        ValueHasher { blake3: blake3::Hasher::new(), waiting: [0; ValueHasher::ROOM], n_waiting: 0 }
    }
}

impl Hasher for ValueHasher {
    fn write(&mut self, bytes: &[u8]) {
        if self.n_waiting + bytes.len() > ValueHasher::ROOM {
            self.blake3.update(&self.waiting[..self.n_waiting]);
            self.n_waiting = 0;
        }
        if bytes.len() > ValueHasher::ROOM {
            self.blake3.update(bytes);
            return;
        }
        self.waiting[self.n_waiting..self.n_waiting + bytes.len()].copy_from_slice(bytes);
        self.n_waiting += bytes.len();
    }

    /// The first eight bytes of the digest, little-endian.
    fn finish(&self) -> u64 {
        let mut blake3 = self.blake3.clone();
        blake3.update(&self.waiting[..self.n_waiting]);
        let mut first = [0; 8];
        first.copy_from_slice(&blake3.finalize().as_bytes()[..8]);
        u64::from_le_bytes(first)
    }

    // Numbers come little-endian, lest two machines disagree.

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write(&number.to_le_bytes());
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", self.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_digested_whole_however_long_its_parts_are() {
        let texts = |len: usize| vec!["a".repeat(len), "b".repeat(1500), "c".to_owned()];
        let digests: Vec<Fingerprint> = (0..3000).map(|len| Fingerprint::of_value(&texts(len))).collect();
        let distinct: std::collections::BTreeSet<&Fingerprint> = digests.iter().collect();
        assert_eq!(distinct.len(), digests.len());
        assert_eq!(digests[1024], Fingerprint::of_value(&texts(1024)));
        assert_ne!(Fingerprint::of_value(&("ab", "c")), Fingerprint::of_value(&("a", "bc")));
        assert_ne!(Fingerprint::of_value(&Some(0_u8)), Fingerprint::of_value(&None::<u8>));
    }

    #[test]
    fn gathering_changes_no_byte() {
        struct Pieces<'a>(&'a [u8], usize);
        impl Hash for Pieces<'_> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.chunks(self.1).for_each(|piece| state.write(piece));
            }
        }
        let bytes: Vec<u8> = (0..5000_u32).map(|it| it as u8).collect();
        for size in [1, 7, 1000, 1023, 1024, 1025, 5000] {
            assert_eq!(Fingerprint::of_value(&Pieces(&bytes, size)), Fingerprint::of(&bytes), "{size}");
        }
    }
}
