//! Sets of bytes, made when the program is compiled: for passing over the many characters that mean nothing to who reads.

/// Some of the 256 bytes.
pub struct ByteSet([bool; 256]);

impl ByteSet {
    /// None of them.
    pub const fn none() -> ByteSet {
        ByteSet([false; 256])
    }

    /// All that are ASCII.
    pub const fn ascii() -> ByteSet {
        ByteSet::none().set_range(0, 0x7F)
    }

    /// Letters and digits of ASCII.
    pub const fn alphanumeric() -> ByteSet {
        ByteSet::none().set_range(b'0', b'9').set_range(b'A', b'Z').set_range(b'a', b'z')
    }

    /// The control characters below the space.
    pub const fn controls() -> ByteSet {
        ByteSet::none().set_range(0, 0x1F)
    }

    const fn set_range(mut self, first: u8, last: u8) -> ByteSet {
        let mut byte = first as usize;
        while byte <= last as usize {
            self.0[byte] = true;
            byte += 1;
        }
        self
    }

    /// With these, too.
    pub const fn and(self, bytes: &[u8]) -> ByteSet {
        self.set(bytes, true)
    }

    /// Without these.
    pub const fn but(self, bytes: &[u8]) -> ByteSet {
        self.set(bytes, false)
    }

    const fn set(mut self, bytes: &[u8], belongs: bool) -> ByteSet {
        let mut idx = 0;
        while idx < bytes.len() {
            self.0[bytes[idx] as usize] = belongs;
            idx += 1;
        }
        self
    }

    /// Whether a byte is one of them.
    pub fn holds(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    /// How many bytes a text begins with that are all of the set.
    pub fn run(&self, bytes: &[u8]) -> usize {
        bytes.iter().take_while(|byte| self.holds(**byte)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_was_made_of() {
        static WORD: ByteSet = ByteSet::alphanumeric().and(b"-_").but(b"z");
        let held: Vec<u8> = (0..=255).filter(|byte| WORD.holds(*byte)).collect();
        assert_eq!(held, b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxy");
        assert_eq!((WORD.run(b"a-1 b"), WORD.run(b" a"), WORD.run(b"")), (3, 0, 0));
        assert!((0..=255).all(|byte| ByteSet::ascii().holds(byte) == byte.is_ascii()));
        assert!((0..=255).all(|byte| ByteSet::controls().holds(byte) == (byte < b' ')));
    }
}
