//! Compressing finished files, as small as their formats allow in reasonable time: Brotli and gzip.
//!
//! In: bytes. Out: other bytes, always the same ones: no time, no name and nothing of the machine goes into them. The only
//! module that names `brotli` and `miniz_oxide`.

mod gzip;

use crate::engine::Compressor;
use crate::model::Encoding;

/// What compresses.
///
/// The revision is raised whenever the same bytes become others, as by another version of a crate; the test below notices.
pub const COMPRESSOR: Compressor = Compressor { compress, revision: "1" };

fn compress(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
    match encoding {
        Encoding::Brotli => brotli(bytes),
        Encoding::Gzip => gzip::gzip(bytes),
    }
}

/// Brotli (RFC 7932) at its best, with a window that every decoder takes.
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 4);
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params).expect("memory takes every byte");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Fingerprint;

    /// A text like a page: words that come again, and some that do not.
    fn page() -> Vec<u8> {
        let lines = (0..400_u32).map(|n| {
            let word = n.wrapping_mul(2_654_435_761) % 9_973;
            format!("<li><a href=\"../loom-{word}/index.html\">Loom {word}</a>, said the weaver.</li>\n")
        });
        lines.collect::<String>().into_bytes()
    }

    #[test]
    fn the_same_bytes_become_the_same_bytes_until_the_revision_is_raised() {
        let digests = Encoding::ALL.map(|it| Fingerprint::of(&compress(it, &page())).short());
        assert_eq!((COMPRESSOR.revision, digests), ("1", ["32bbe47f", "b4f8196f"].map(str::to_owned)));
    }

    #[test]
    fn a_page_becomes_a_fraction() {
        let sizes = Encoding::ALL.map(|it| compress(it, &page()).len() * 100 / page().len());
        assert!(sizes[0] < sizes[1] && sizes[1] < 20, "{sizes:?} percent");
    }
}
