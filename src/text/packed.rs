//! Values as bytes for ourselves alone, to be read back by the program that wrote them. The only module that names postcard.

use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Fingerprint;
use super::fingerprint::Digester;

/// How many bytes of the digest stand before the rest: enough against a disk's accidents.
const N_DIGEST: usize = 16;

/// How many bytes are gathered before they are written.
const ROOM: usize = 64 << 10;

/// A value as bytes (postcard wire format 1.0), behind a digest of them.
///
/// # Panics
/// When the value says of itself that it cannot be written, which plain data never does.
pub fn pack(value: &impl Serialize) -> Vec<u8> {
    let bytes = vec![0; N_DIGEST];
    let mut bytes = postcard::to_extend(value, bytes).expect("plain data with lengths known beforehand");
    let digest = Fingerprint::of(&bytes[N_DIGEST..]).half();
    bytes[..N_DIGEST].copy_from_slice(&digest);
    bytes
}

/// Writes what [`pack`] gives, without having all of it at hand, and says how many bytes these are.
///
/// # Errors
/// When `out` takes no more.
pub fn pack_to(out: &mut (impl Write + Seek), value: &impl Serialize) -> io::Result<u64> {
    let start = out.stream_position()?;
    out.write_all(&[0; N_DIGEST])?;
    let mut digested = Digested { out, digester: Digester::default(), error: None };
    let written = postcard::to_io(value, BufWriter::with_capacity(ROOM, &mut digested)).map(drop);
    let Digested { out, digester, error } = digested;
    if let Some(error) = error {
        return Err(error);
    }
    written.map_err(io::Error::other)?;
    let end = out.stream_position()?;
    out.seek(SeekFrom::Start(start))?;
    out.write_all(&digester.finish().half())?;
    out.seek(SeekFrom::Start(end))?;
    Ok(end - start)
}

/// Digests what it writes.
struct Digested<'o, W> {
    out: &'o mut W,
    digester: Digester,
    /// Why it could not write: postcard forgets that.
    error: Option<io::Error>,
}

impl<W: Write> Write for Digested<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.out.write_all(bytes) {
            let kind = error.kind();
            self.error.get_or_insert(error);
            return Err(kind.into());
        }
        self.digester.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
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
    fn bytes_are_the_same_whether_all_are_at_hand_or_not() {
        let value: Vec<String> = (0..20_000).map(|it| format!("text {it}")).collect();
        let mut out = io::Cursor::new(b"before".to_vec());
        out.set_position(6);
        let length = pack_to(&mut out, &value).unwrap();
        let packed = pack(&value);
        assert_eq!((length, out.position()), (packed.len() as u64, 6 + packed.len() as u64));
        assert_eq!(out.into_inner()[6..], packed);
    }

    #[test]
    fn why_nothing_more_can_be_written_is_told() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                match bytes.len() == N_DIGEST {
                    true => Ok(bytes.len()),
                    false => Err(io::Error::new(io::ErrorKind::StorageFull, "no room")),
                }
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl Seek for Full {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(0)
            }
        }
        let error = pack_to(&mut Full, &vec![0_u8; 100]).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (io::ErrorKind::StorageFull, "no room"));
    }

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
