//! What the first bytes of an image say of it, and whether its last ones are there.
//!
//! In: any bytes. Out: a [`Header`] or a [`Fault`], without a pixel being decoded: a file of a few kilobytes may claim to be
//! as large as a house. Total: lengths that lie end the reading, and nothing is believed beyond the bytes that are there.

use serde::{Deserialize, Serialize};

/// What an image is. Told by its bytes: names lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// JPEG (ITU T.81).
    Jpeg,
    /// PNG (W3C, third edition), animated ones included.
    Png,
    /// WebP (RFC 9649).
    Webp,
    /// GIF87a and GIF89a.
    Gif,
    /// AVIF, by the brand of its container.
    Avif,
    /// SVG.
    Svg,
}

impl Format {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Webp => "webp",
            Format::Gif => "gif",
            Format::Avif => "avif",
            Format::Svg => "svg",
        }
    }
}

/// Width and height in pixels, as readers see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// What an image says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Header {
    /// What it is.
    pub format: Format,
    /// How large it is once it is turned upright; `None` when an SVG does not say so in pixels.
    pub size: Option<Size>,
    /// How it has to be turned: 1 to 8, as EXIF 2.3 says (tag 0x0112). 1 is upright.
    pub orientation: u8,
    /// Whether it moves.
    pub moves: bool,
}

/// Why an image cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fault {
    /// There is not one byte.
    Empty,
    /// It is something else; the words say what, if that is known.
    Other(Option<String>),
    /// It ends before it should.
    Cut,
    /// Its bytes make no sense; the words say which.
    Damaged(String),
    /// It is larger than we decode.
    Large(Size),
}

/// Reads what an image says of itself. `name` tells an SVG, which is text, from other text.
///
/// # Errors
/// The reason why nobody could show it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Header, Fault> {
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    let cut = |it: Option<Header>| it.ok_or(Fault::Cut);
    match bytes {
        [0xFF, 0xD8, ..] => cut(jpeg(bytes)),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => png(bytes),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => cut(gif(bytes)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Ok(avif(bytes)),
        _ if is_svg(bytes) => match name.to_lowercase().ends_with(".svg") {
            true => Ok(svg(bytes)),
            // Browsers go by what the server says it is, and that goes by the name.
            false => Err(Fault::Other(Some("an SVG whose name does not end in `.svg`".to_owned()))),
        },
        _ => Err(Fault::Other(known(bytes).map(str::to_owned))),
    }
}

/// What bytes are that we do not show.
fn known(bytes: &[u8]) -> Option<&'static str> {
    let starts = [
        (&b"BM"[..], "a BMP"),
        (b"II*\0", "a TIFF"),
        (b"MM\0*", "a TIFF"),
        (b"8BPS", "a Photoshop file"),
        (b"\0\0\x01\0", "an icon (ICO)"),
        (b"\xFF\x0A", "a JPEG XL"),
        (b"\0\0\0\x0CJXL ", "a JPEG XL"),
        (b"%PDF", "a PDF"),
        (b"version https://git-lfs", "a pointer of Git LFS, in place of the file itself"),
        (b"<!DOCTYPE html", "a web page"),
        (b"<html", "a web page"),
    ];
    let is_heic = || matches!(bytes, [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..]);
    let by_start = starts.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| *what);
    by_start.or_else(|| is_heic().then_some("a HEIC"))
}

/// Big-endian numbers, as far as there are bytes.
fn u16_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A little-endian number of up to four bytes.
fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let own = bytes.get(at..at.checked_add(length)?)?;
    Some(own.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

fn still(format: Format, width: u32, height: u32) -> Header {
    Header { format, size: Some(Size { width, height }), orientation: 1, moves: false }
}

/// Segments up to the first scan: the frame says the size, APP1 the orientation. Behind the scan has to come an end; cameras
/// put more behind that.
fn jpeg(bytes: &[u8]) -> Option<Header> {
    let (mut at, mut orientation, mut size) = (2, 1, None);
    loop {
        while *bytes.get(at)? != 0xFF {
            at += 1;
        }
        let marker = *bytes.get(at + 1)?;
        at += 1;
        match marker {
            // Fill bytes, and markers without a length.
            0xFF | 0x00 | 0x01 | 0xD0..=0xD8 => continue,
            0xD9 => return None,
            _ => at += 1,
        }
        let length = u16_at(bytes, at)? as usize;
        let segment = bytes.get(at + 2..at.checked_add(length)?)?;
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                size = Some((u16_at(segment, 3)?, u16_at(segment, 1)?));
            }
            0xE1 => orientation = exif_orientation(segment).unwrap_or(orientation),
            0xDA => break,
            _ => (),
        }
        at += length;
    }
    let (width, height) = size?;
    bytes[at..].windows(2).rev().find(|it| *it == [0xFF, 0xD9])?;
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };
    Some(Header { orientation, ..still(Format::Jpeg, width, height) })
}

/// The orientation that an EXIF block names in its first directory.
fn exif_orientation(segment: &[u8]) -> Option<u8> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let is_little = tiff.starts_with(b"II");
    let short = |at| if is_little { little(tiff, at, 2) } else { u16_at(tiff, at) };
    let long = |at| if is_little { little(tiff, at, 4) } else { u32_at(tiff, at) };
    let first = long(4)? as usize;
    let entries = (0..short(first)? as usize).map(|idx| first + 2 + idx * 12);
    let own = entries.take_while(|at| *at + 12 <= tiff.len()).find(|at| short(*at) == Some(0x0112))?;
    u8::try_from(short(own + 8)?).ok().filter(|it| (1..=8).contains(it))
}

/// Chunks up to the end, whose checksums say whether they are whole.
fn png(bytes: &[u8]) -> Result<Header, Fault> {
    let mut at = 8;
    let mut header = None;
    loop {
        let chunk = || -> Option<(usize, &[u8], u32)> {
            let length = u32_at(bytes, at)? as usize;
            let end = at.checked_add(8)?.checked_add(length)?;
            Some((length, bytes.get(at + 4..end)?, u32_at(bytes, end)?))
        };
        let (length, chunk, sum) = chunk().ok_or(Fault::Cut)?;
        let (name, data) = chunk.split_at(4);
        if crc32(chunk) != sum {
            let name = String::from_utf8_lossy(name);
            return Err(Fault::Damaged(format!("the checksum of its `{name}` chunk is wrong")));
        }
        match name {
            b"IHDR" => {
                let size = u32_at(data, 0).zip(u32_at(data, 4)).ok_or(Fault::Cut)?;
                header = Some(still(Format::Png, size.0, size.1));
            }
            b"acTL" => header.iter_mut().for_each(|it: &mut Header| it.moves = true),
            b"IEND" => return header.ok_or(Fault::Cut),
            _ => (),
        }
        at += length + 12;
    }
}

/// The checksum of PNG (annex D of its specification), a nibble at a time: the table is small enough to be made on the spot.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [[u32; 256]; 4] = tables();
    let mut crc = u32::MAX;
    let mut words = bytes.chunks_exact(4);
    for word in &mut words {
        crc ^= u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        let byte = |shift: u32| (crc >> shift & 0xFF) as usize;
        crc = TABLE[3][byte(0)] ^ TABLE[2][byte(8)] ^ TABLE[1][byte(16)] ^ TABLE[0][byte(24)];
    }
    for byte in words.remainder() {
        crc = crc >> 8 ^ TABLE[0][((crc ^ u32::from(*byte)) & 0xFF) as usize];
    }
    !crc
}

/// Tables for four bytes at once ("slicing by four").
const fn tables() -> [[u32; 256]; 4] {
    let mut tables = [[0; 256]; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut byte = 0;
    while byte < 256 {
        let mut table = 1;
        while table < 4 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before >> 8 ^ tables[0][(before & 0xFF) as usize];
            table += 1;
        }
        byte += 1;
    }
    tables
}

/// Blocks up to the end. That there is no trailer is forgiven, as browsers do.
fn gif(bytes: &[u8]) -> Option<Header> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let (width, height) = (little(bytes, 6, 2)?, little(bytes, 8, 2)?);
    let mut at = 13 + table(*bytes.get(10)?);
    let mut frames = 0;
    while let Some(block) = bytes.get(at) {
        at = match block {
            0x21 => at + 2,
            0x2C => {
                frames += 1;
                at + 11 + table(*bytes.get(at + 9)?)
            }
            // The trailer, or what some programs leave in its place.
            _ => break,
        };
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += length + 1;
            if length == 0 {
                break;
            }
        }
    }
    let moves = frames > 1;
    (frames > 0).then_some(Header { moves, ..still(Format::Gif, width, height) })
}

/// The first chunk: `VP8X` says it outright, `VP8L` and `VP8 ` in the head of their stream.
fn webp(bytes: &[u8]) -> Result<Header, Fault> {
    let whole = little(bytes, 4, 4).and_then(|it| usize::try_from(it).ok()?.checked_add(8));
    if whole.is_none_or(|whole| bytes.len() < whole) {
        return Err(Fault::Cut);
    }
    let data = bytes.get(20..).unwrap_or_default();
    let read = || match bytes.get(12..16)? {
        b"VP8X" => {
            let moves = data.first()? & 2 != 0;
            Some(Header { moves, ..still(Format::Webp, little(data, 4, 3)? + 1, little(data, 7, 3)? + 1) })
        }
        b"VP8L" => {
            let bits = little(data, 1, 4).filter(|_| data[0] == 0x2F)?;
            Some(still(Format::Webp, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8 " => {
            let is_key = data.get(3..6)? == [0x9D, 0x01, 0x2A];
            let size = little(data, 6, 2).zip(little(data, 8, 2)).filter(|_| is_key)?;
            Some(still(Format::Webp, size.0 & 0x3FFF, size.1 & 0x3FFF))
        }
        _ => None,
    };
    read().ok_or_else(|| Fault::Damaged("its first chunk is none of WebP's".to_owned()))
}

/// The largest size that the container names: the others are those of thumbnails and of parts.
fn avif(bytes: &[u8]) -> Header {
    let head = &bytes[..bytes.len().min(16 << 10)];
    let boxes = head.windows(4).enumerate().filter(|(_, name)| name == b"ispe").map(|(at, _)| at);
    let sizes = boxes.filter_map(|at| u32_at(head, at + 8).zip(u32_at(head, at + 12)));
    let largest = sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height));
    let size = largest.map(|(width, height)| Size { width, height });
    Header { format: Format::Avif, size, orientation: 1, moves: bytes.get(11) == Some(&b's') }
}

fn is_svg(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    bytes.starts_with(b"<svg") || bytes.starts_with(b"<?xml") || {
        let head = &bytes[..bytes.len().min(1024)];
        head.starts_with(b"<!") && head.windows(4).any(|it| it == b"<svg")
    }
}

/// The size that the root element names in pixels, else that of its view box.
fn svg(bytes: &[u8]) -> Header {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(16 << 10)]);
    let root = text.find("<svg").map_or("", |at| &text[at..]);
    let root = root.split('>').next().unwrap_or("");
    let attribute = |name: &str| {
        let at = root.match_indices(name).find(|(at, _)| root[..*at].ends_with(char::is_whitespace))?.0;
        let rest = root[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        rest[1..].split(quote).next()
    };
    let pixels = |text: &str| {
        let number: f64 = text.trim().trim_end_matches("px").parse().ok()?;
        (1.0..100_000.0).contains(&number).then(|| number.round() as u32)
    };
    let own = || Some((pixels(attribute("width")?)?, pixels(attribute("height")?)?));
    let of_box = || {
        let numbers = attribute("viewBox")?.split([' ', ',']).filter(|it| !it.is_empty());
        let mut sides = numbers.skip(2).map(pixels);
        Some((sides.next()??, sides.next()??))
    };
    let size = own().or_else(of_box).map(|(width, height)| Size { width, height });
    Header { format: Format::Svg, size, orientation: 1, moves: false }
}
