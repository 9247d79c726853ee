//! An image without what cameras and programs write into it: places, names, numbers of devices, thumbnails.
//!
//! What readers see stays byte for byte: pixels, colours, transparency, frames. Works on what [`super::read`] has read.

use super::{Format, Header};

/// The same image without its metadata.
pub(super) fn stripped(bytes: &[u8], header: &Header) -> Vec<u8> {
    let stripped = match header.format {
        Format::Jpeg => jpeg(bytes, header.orientation),
        Format::Png => png(bytes),
        Format::Webp => webp(bytes),
        // GIF has room for comments only, and AVIF and SVG are texts of another kind.
        Format::Gif | Format::Avif | Format::Svg => None,
    };
    stripped.unwrap_or_else(|| bytes.to_vec())
}

/// Leaves out APP1 to APP15 and comments, but for profiles of colours (APP2) and what Adobe says of them (APP14). How the image has
/// to be turned stays.
fn jpeg(bytes: &[u8], orientation: u8) -> Option<Vec<u8>> {
    let mut out = vec![0xFF, 0xD8];
    if orientation != 1 {
        // One directory with one entry: the orientation (EXIF 2.3, §4.6).
        let exif = b"\xFF\xE1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
        out.extend(exif);
        out.extend([orientation, 0, 0, 0, 0, 0, 0]);
    }
    let mut at = 2;
    loop {
        while *bytes.get(at)? != 0xFF {
            at += 1;
        }
        let marker = *bytes.get(at + 1)?;
        if matches!(marker, 0xFF | 0x00 | 0x01 | 0xD0..=0xD8) {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = bytes.get(at..at.checked_add(length)? + 2)?;
        let is_kept = match marker {
            0xE2 => segment.get(4..).is_some_and(|it| it.starts_with(b"ICC_PROFILE\0")),
            0xE1 | 0xE3..=0xED | 0xEF | 0xFE => false,
            _ => true,
        };
        if marker == 0xDA {
            break;
        }
        if is_kept {
            out.extend(segment);
        }
        at += length + 2;
    }
    // Cameras put whole further images behind the end.
    let scan = &bytes[at..];
    out.extend(&scan[..end_of_image(scan)]);
    Some(out)
}

/// Where the first end of image stands behind a scan: inside of it an 0xFF is followed by a zero or by a restart, and between scans
/// stand segments, which are skipped.
fn end_of_image(scan: &[u8]) -> usize {
    let mut at = 0;
    while let Some([first, marker]) = scan.get(at..at + 2) {
        at += match (first, marker) {
            (0xFF, 0xD9) => return at + 2,
            (0xFF, 0xFF) => 1,
            (0xFF, 0x00 | 0x01 | 0xD0..=0xD8) => 2,
            (0xFF, _) => {
                2 + scan.get(at + 2..at + 4).map_or(0, |it| usize::from(u16::from_be_bytes([it[0], it[1]])))
            }
            _ => 1,
        };
    }
    scan.len()
}

/// Keeps the chunks that pixels, colours and frames are made of.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const KEPT: [&[u8; 4]; 15] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT",
        b"pHYs", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        let name: &[u8; 4] = chunk[4..8].try_into().ok()?;
        if KEPT.contains(&name) {
            out.extend(chunk);
        }
        if name == b"IEND" {
            return Some(out);
        }
        at += chunk.len();
    }
}

/// Leaves out the chunks `EXIF` and `XMP `, and the flags that announce them (RFC 9649, §2.7).
fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let whole = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    let bytes = bytes.get(..whole.checked_add(8)?)?;
    let mut out = bytes.get(..12)?.to_vec();
    let mut at = 12;
    while at + 8 <= bytes.len() {
        let length = u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let end = (at + 8).checked_add(length)?.checked_add(length % 2)?;
        let chunk = bytes.get(at..end)?;
        match &chunk[..4] {
            b"EXIF" | b"XMP " => (),
            b"VP8X" => {
                out.extend(chunk);
                *out.get_mut(20)? &= !0b1100;
            }
            _ => out.extend(chunk),
        }
        at = end;
    }
    let length = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    Some(out)
}
