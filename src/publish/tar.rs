//! As much of the tar format as files need (POSIX ustar, with GNU's `L` entries for names over 100 bytes): for a stream
//! whose every byte was compared with its digest on the way.

use std::io::{self, Write};

const BLOCK: usize = 512;

/// Writes one plain file.
///
/// # Errors
/// When the stream takes no more.
pub(super) fn file(to: &mut dyn Write, path: &str, bytes: &[u8]) -> io::Result<()> {
    if path.len() > 100 {
        let mut name = path.as_bytes().to_vec();
        name.push(0);
        entry(to, "././@LongLink", b'L', &name)?;
    }
    entry(to, path, b'0', bytes)
}

/// Writes what says that there is no more.
///
/// # Errors
/// When the stream takes no more.
pub(super) fn end(to: &mut dyn Write) -> io::Result<()> {
    to.write_all(&[0; 2 * BLOCK])
}

fn entry(to: &mut dyn Write, name: &str, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let mut head = [0_u8; BLOCK];
    let short = &name.as_bytes()[..name.len().min(100)];
    head[..short.len()].copy_from_slice(short);
    let mut number = |at: usize, width: usize, value: u64| {
        let digits = format!("{value:0width$o}\0", width = width - 1);
        head[at..at + width].copy_from_slice(digits.as_bytes());
    };
    number(100, 8, 0o644);
    number(108, 8, 0);
    number(116, 8, 0);
    number(124, 12, bytes.len() as u64);
    number(136, 12, 0);
    head[148..156].fill(b' ');
    head[156] = kind;
    head[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u64 = head.iter().map(|it| u64::from(*it)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    to.write_all(&head)?;
    to.write_all(bytes)?;
    let rest = bytes.len() % BLOCK;
    if rest > 0 {
        to.write_all(&[0; BLOCK][rest..])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn tar_reads_what_we_write() {
        let dir = tempfile::tempdir().unwrap();
        let long = format!("{}/{}/page.html", "a".repeat(120), "ü".repeat(90));
        let files = [
            ("a.txt", b"one".to_vec()),
            ("b/empty", Vec::new()),
            (&long, vec![7; 1024]),
            ("c d.txt", vec![8; 513]),
        ];
        let mut child =
            Command::new("tar").args(["-x", "-C"]).arg(dir.path()).stdin(Stdio::piped()).spawn().unwrap();
        let mut to = child.stdin.take().unwrap();
        for (path, bytes) in &files {
            file(&mut to, path, bytes).unwrap();
        }
        end(&mut to).unwrap();
        drop(to);
        assert!(child.wait().unwrap().success());
        for (path, bytes) in files {
            assert_eq!(crate::delivery::read_plain(&dir.path().join(path)).unwrap(), bytes, "{path}");
        }
    }
}
