//! Images as authors bring them: small ones made here, and what hostile or careless hands made of them.

use proptest::prelude::*;

use super::{Edited, Fault, Format, Header, How, Size, edit, make, read};
use crate::text::Fingerprint;

/// What no file that is published may hold.
const SECRET: &[u8] = b"52.5200N 13.4050E, Ada Example's camera";

/// Red at the left, blue at the right, and dark towards the bottom.
fn pixel(x: u32, y: u32, width: u32, height: u32) -> [u8; 3] {
    let light = 255 - (y * 155 / height) as u8;
    if x < width / 2 { [light, 0, 0] } else { [0, 0, light] }
}

fn pixels(width: u32, height: u32) -> Vec<u8> {
    (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y, width, height))).collect()
}

/// A photograph with a camera's remarks in it, and more behind its end.
fn jpeg(width: u16, height: u16, orientation: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 95);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend(b"\x0F\x01\x02\0\x04\0\0\0abc\0");
    exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(SECRET);
    encoder.add_app_segment(1, exif).unwrap();
    encoder.add_app_segment(13, SECRET.to_vec()).unwrap();
    let size = (u32::from(width), u32::from(height));
    encoder.encode(&pixels(size.0, size.1), width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    file.extend(b"\xFF\xD8\xFF\xE1");
    file.extend(SECRET);
    file
}

fn png(width: u32, height: u32, profile: Option<&[u8]>) -> Vec<u8> {
    let mut info = png::Info::with_size(width, height);
    info.color_type = png::ColorType::Rgb;
    info.bit_depth = png::BitDepth::Eight;
    info.icc_profile = profile.map(Into::into);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::with_info(&mut file, info).unwrap();
    encoder.add_text_chunk("Comment".to_owned(), String::from_utf8(SECRET.to_vec()).unwrap()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels(width, height)).unwrap();
    writer.finish().unwrap();
    file
}

/// A WebP of several chunks, one of them a camera's.
fn webp(width: u32, height: u32) -> Vec<u8> {
    let file = webp::Encoder::from_rgb(&pixels(width, height), width, height).encode(90.0).to_vec();
    let mut chunks = b"WEBPVP8X\x0A\0\0\0\x08\0\0\0".to_vec();
    chunks.extend(&(width - 1).to_le_bytes()[..3]);
    chunks.extend(&(height - 1).to_le_bytes()[..3]);
    chunks.extend(&file[12..]);
    chunks.extend(b"EXIF");
    chunks.extend((SECRET.len() as u32).to_le_bytes());
    chunks.extend(SECRET);
    chunks.extend(&[0][..SECRET.len() % 2]);
    [b"RIFF".as_slice(), &(chunks.len() as u32).to_le_bytes(), &chunks].concat()
}

/// A GIF of so many frames of one pixel.
fn gif(frames: usize) -> Vec<u8> {
    let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".as_slice();
    let frame = b"\x21\xF9\x04\0\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0".as_slice();
    [head, &frame.repeat(frames), b";"].concat()
}

fn avif() -> Vec<u8> {
    let ispe = |width: u8, height: u8| {
        [b"\0\0\0\x14ispe\0\0\0\0\0\0\0".as_slice(), &[width, 0, 0, 0, height]].concat()
    };
    [b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf".as_slice(), &ispe(9, 9), &ispe(200, 100)].concat()
}

fn all() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a.jpg", jpeg(64, 48, 1)),
        ("a.jpg", jpeg(64, 48, 6)),
        ("a.png", png(64, 48, None)),
        ("a.webp", webp(64, 48)),
        ("a.gif", gif(2)),
        ("a.avif", avif()),
        ("a.svg", b"<svg width='3' height='4'><title>x</title></svg>".to_vec()),
    ]
}

fn size(width: u32, height: u32) -> Option<Size> {
    Some(Size { width, height })
}

fn edited(name: &str, bytes: &[u8]) -> (Header, Edited) {
    let header = read(name, bytes).unwrap();
    (header, edit(name, &Fingerprint::of(bytes), &header).unwrap())
}

/// Everything that is published of an image, with the size that each file says it has.
fn published(name: &str, bytes: &[u8]) -> Vec<(String, Size, Vec<u8>)> {
    let (header, edited) = edited(name, bytes);
    let how: Vec<How> = edited.variants.iter().map(|it| it.how).collect();
    let made = make(bytes, &header, &how).unwrap();
    let file = |(variant, bytes): (&super::Variant, Vec<u8>)| {
        let path = variant.path.as_str().to_owned();
        let size = read(&path, &bytes).unwrap().size.unwrap();
        (path, size, bytes)
    };
    edited.variants.iter().zip(made).map(file).collect()
}

#[test]
fn heads_say_what_an_image_is() {
    let found = |name: &str, bytes: &[u8]| {
        let it = read(name, bytes).unwrap();
        (it.format, it.size, it.orientation, it.moves)
    };
    // What counts is in the file, and not its name.
    assert_eq!(found("a.png", &jpeg(64, 48, 1)), (Format::Jpeg, size(64, 48), 1, false));
    assert_eq!(found("a.jpg", &jpeg(64, 48, 6)), (Format::Jpeg, size(48, 64), 6, false));
    assert_eq!(found("a.jpg", &jpeg(64, 48, 9)), (Format::Jpeg, size(64, 48), 1, false));
    assert_eq!(found("a.png", &png(64, 48, None)), (Format::Png, size(64, 48), 1, false));
    assert_eq!(found("a.webp", &webp(64, 48)), (Format::Webp, size(64, 48), 1, false));
    let lossy = webp::Encoder::from_rgb(&pixels(33, 7), 33, 7).encode(50.0);
    assert_eq!(found("a.webp", &lossy), (Format::Webp, size(33, 7), 1, false));
    let lossless = webp::Encoder::from_rgb(&pixels(33, 7), 33, 7).encode_lossless();
    assert_eq!(found("a.webp", &lossless), (Format::Webp, size(33, 7), 1, false));
    assert_eq!(found("a.gif", &gif(1)), (Format::Gif, size(1, 1), 1, false));
    assert_eq!(found("a.gif", &gif(2)), (Format::Gif, size(1, 1), 1, true));
    assert_eq!(found("a.avif", &avif()), (Format::Avif, size(200, 100), 1, false));
    for (svg, expected) in [
        ("<svg width='300px' height=\"200\" viewBox='0 0 9 9'>", size(300, 200)),
        ("<?xml version='1.0'?>\n<!-- x -->\n<svg\n viewBox='0 0 30.4 20'>", size(30, 20)),
        ("<svg width='100%' height='50%'>", None),
        ("<!DOCTYPE svg><svg stroke-width='4' width='2e9' height='1'>", None),
    ] {
        assert_eq!(found("a.SVG", svg.as_bytes()), (Format::Svg, expected, 1, false), "{svg}");
    }
}

#[test]
fn what_is_no_image_is_told_from_what_is_broken() {
    let other = |name: &str| Err(Fault::Other(Some(name.to_owned())));
    assert_eq!(read("a.png", b""), Err(Fault::Empty));
    assert_eq!(read("a.png", b"hello"), Err(Fault::Other(None)));
    assert_eq!(
        read("a.png", b"version https://git-lfs.github.com/spec/v1\n"),
        other("a pointer of Git LFS, in place of the file itself")
    );
    assert_eq!(read("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0"), other("a HEIC"));
    assert_eq!(read("a.jpg", b"%PDF-1.7"), other("a PDF"));
    assert_eq!(read("a.png", b"<svg>"), other("an SVG whose name does not end in `.svg`"));
    let mut flipped = png(64, 48, None);
    let at = flipped.len() - 30;
    flipped[at] ^= 1;
    assert_eq!(
        read("a.png", &flipped),
        Err(Fault::Damaged("the checksum of its `IDAT` chunk is wrong".to_owned()))
    );
}

#[test]
fn an_image_without_its_end_is_noticed_wherever_it_ends() {
    for (name, bytes) in all().into_iter().filter(|(name, _)| !["a.avif", "a.svg"].contains(name)) {
        let whole = match name {
            // Only what stands behind its end, which nobody needs.
            "a.jpg" => bytes.len() - SECRET.len() - 4,
            // That the trailer is missing is forgiven.
            "a.gif" => bytes.len() - 1,
            _ => bytes.len(),
        };
        assert!(read(name, &bytes[..whole]).is_ok(), "{name}");
        for end in 1..whole {
            // A GIF may end between two blocks, once there is a frame.
            let is_forgiven = name == "a.gif" && [19 + 23, 19 + 23 + 8].contains(&end);
            assert_eq!(read(name, &bytes[..end]).is_ok(), is_forgiven, "{name} of {end} bytes");
        }
    }
}

#[test]
fn an_image_that_claims_to_be_huge_is_refused_before_it_is_decoded() {
    let claims = |width: u32, height: u32| {
        let header = Header { format: Format::Png, size: size(width, height), orientation: 1, moves: false };
        edit("content/a.png", &Fingerprint::of(b""), &header).map(|it| it.shown.size)
    };
    let large = |width, height| Err(Fault::Large(Size { width, height }));
    assert_eq!(claims(50_000, 50_000), large(50_000, 50_000));
    assert_eq!(claims(16_384, 1), large(16_384, 1));
    assert_eq!(claims(8_193, 8_193), large(8_193, 8_193));
    assert_eq!(claims(8_192, 8_192), Ok(size(1920, 1920)));
    assert_eq!(claims(u32::MAX, u32::MAX), large(u32::MAX, u32::MAX));
    assert_eq!(claims(0, 9), Err(Fault::Damaged("it says that it is 0 × 9 pixels large".to_owned())));
    // The head of a PNG says it in 33 bytes, and a JPEG in 20.
    let mut bomb = png(1, 1, None);
    bomb[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    assert!(matches!(read("a.png", &bomb), Err(Fault::Damaged(_))), "its checksum is wrong, even");
}

#[test]
fn an_image_is_offered_in_sizes_that_differ_and_never_enlarged() {
    let widths = |width: u16| {
        let (_, edited) = edited("content/a.jpg", &jpeg(width, 20, 1));
        edited.shown.webp.iter().map(|it| it.1).collect::<Vec<_>>()
    };
    assert_eq!(widths(64), [64]);
    assert_eq!(widths(480), [480]);
    assert_eq!(widths(500), [500], "480 is hardly narrower");
    assert_eq!(widths(1000), [480, 1000]);
    assert_eq!(widths(1440), [480, 960, 1440]);
    assert_eq!(widths(4000), [480, 960, 1440, 1920]);
}

#[test]
fn addresses_say_what_stands_there_and_change_with_the_bytes() {
    let (_, one) = edited("content/x/Café Chart (1).JPG", &jpeg(1000, 500, 1));
    let shown = &one.shown;
    assert_eq!(shown.size, size(1000, 500));
    let names: Vec<&str> =
        one.variants.iter().map(|it| it.path.as_str().split('.').next().unwrap()).collect();
    let stem = "assets/images/caf--chart-1";
    assert_eq!(names, [format!("{stem}-480"), format!("{stem}-1000"), stem.to_owned()]);
    assert!(shown.src.ends_with(".jpg") && shown.webp.iter().all(|it| it.0.ends_with(".webp")), "{shown:?}");
    let (_, other) = edited("content/x/Café Chart (1).JPG", &jpeg(1000, 501, 1));
    assert!(one.variants.iter().zip(&other.variants).all(|(a, b)| a.path != b.path && a.key != b.key));
    assert_eq!(
        edited("content/y/🎉.jpg", &jpeg(64, 48, 1)).1.shown.src.split('.').next(),
        Some("/assets/images/image")
    );
}

#[test]
fn every_file_is_as_large_as_it_says_and_holds_no_secrets() {
    for (name, bytes) in [
        ("content/a.jpg", jpeg(2000, 1500, 1)),
        ("content/a.jpg", jpeg(1100, 500, 6)),
        ("content/a.jpg", jpeg(300, 200, 1)),
        ("content/a.png", png(1600, 900, None)),
        ("content/a.png", png(600, 300, None)),
        ("content/a.webp", webp(1200, 600)),
    ] {
        assert!(bytes.windows(SECRET.len()).any(|it| it == SECRET), "{name}");
        let (_, edited) = edited(name, &bytes);
        let files = published(name, &bytes);
        for (path, size, bytes) in &files {
            assert!(!bytes.windows(SECRET.len()).any(|it| it == SECRET), "{path}");
            let listed = edited.shown.webp.iter().find(|(url, _)| url[1..] == *path);
            assert!(listed.is_none_or(|(_, width)| *width == size.width), "{path}");
            let (wide, own) = (edited.shown.size.unwrap(), *size);
            assert!(
                u64::from(own.width) * u64::from(wide.height) / u64::from(wide.width)
                    <= u64::from(own.height) + 1,
                "{path}"
            );
        }
        assert!(files.iter().any(|(path, ..)| format!("/{path}") == edited.shown.src), "{name}");
    }
}

#[test]
fn what_is_not_decoded_loses_its_metadata_and_nothing_else() {
    let upright = |bytes: &[u8]| make(bytes, &read("a", bytes).unwrap(), &[How::Strip]).unwrap().remove(0);
    let turned = jpeg(64, 48, 6);
    let stripped = upright(&turned);
    let header = read("a.jpg", &stripped).unwrap();
    assert_eq!((header.size, header.orientation), (size(48, 64), 6), "how it has to be turned stays");
    let pixels = |bytes: &[u8]| {
        zune_jpeg::JpegDecoder::new(zune_jpeg::zune_core::bytestream::ZCursor::new(bytes)).decode().unwrap()
    };
    assert_eq!(pixels(&stripped), pixels(&turned));
    assert!(stripped.ends_with(&[0xFF, 0xD9]));
    let gif = gif(3);
    assert_eq!(upright(&gif), gif);
    for bytes in [turned, png(64, 48, None), webp(64, 48)] {
        let once = upright(&bytes);
        assert!(once.len() < bytes.len() - SECRET.len());
        assert_eq!(upright(&once), once, "there is nothing more to take out");
    }
}

#[test]
fn every_orientation_comes_out_upright() {
    // Where red, blue and the dark end lie once the image is turned: corners from the top left, as clocks go.
    let corners = |orientation: u8| {
        let bytes = jpeg(40, 20, orientation);
        let header = read("a.jpg", &bytes).unwrap();
        let Size { width, height } = header.size.unwrap();
        let made = make(&bytes, &header, &[How::Scale(Format::Png, Size { width, height })]).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&made[0])).read_info().unwrap();
        let mut out = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut out).unwrap();
        let at = |x: u32, y: u32| {
            let at = ((y * width + x) * 3) as usize;
            let name = if out[at] > out[at + 2] { 'r' } else { 'b' };
            if out[at].max(out[at + 2]) > 180 { name.to_ascii_uppercase() } else { name }
        };
        let (right, bottom) = (width - 3, height - 3);
        [at(2, 2), at(right, 2), at(right, bottom), at(2, bottom)].iter().collect::<String>()
    };
    let turned = ["RBbr", "BRrb", "brRB", "rbBR", "RrbB", "rRBb", "bBRr", "BbrR"];
    for (orientation, expected) in (1..).zip(turned) {
        assert_eq!(corners(orientation), expected, "orientation {orientation}");
    }
}

#[test]
fn colours_and_transparency_stay() {
    let mut profile = vec![0; 128];
    profile[16..20].copy_from_slice(b"RGB ");
    profile.extend(b"wide");
    let files = published("content/a.png", &png(1600, 900, Some(&profile)));
    for (path, _, bytes) in &files {
        assert!(path.ends_with(".png") || bytes.windows(profile.len()).any(|it| it == profile), "{path}");
    }
    let decoded =
        image_webp::WebPDecoder::new(std::io::Cursor::new(&files[0].2)).unwrap().icc_profile().unwrap();
    assert_eq!(decoded, Some(profile.clone()));
    profile.extend(b"sRGB");
    let srgb = published("content/a.png", &png(1600, 900, Some(&profile)));
    assert!(srgb[0].2.len() < files[0].2.len(), "what is meant anyway is left out");

    let clear: Vec<u8> =
        (0..100 * 100).flat_map(|at| [200, 30, 30, if at % 100 < 50 { 0 } else { 255 }]).collect();
    let file = webp::Encoder::from_rgba(&clear, 100, 100).encode_lossless().to_vec();
    let (_, _, made) = published("content/a.webp", &file).remove(0);
    let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(&made)).unwrap();
    let mut out = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut out).unwrap();
    assert_eq!((out[3], out[399]), (0, 255));
}

#[test]
fn drawings_stay_sharp_and_photographs_small() {
    let is_lossless = |bytes: &[u8]| bytes[12..16] == *b"VP8L";
    assert!(is_lossless(&published("content/a.png", &png(600, 300, None))[0].2));
    // Noise, which nothing but a lossy encoder makes small.
    let mut seed = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    })
    .take(600 * 300 * 3)
    .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 600, 300);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&noise).unwrap();
    assert!(!is_lossless(&published("content/a.png", &file)[0].2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_whatever_end_the_program(which in 0_usize..7, changes in prop::collection::vec((any::<u16>(), any::<u8>()), 0..6), cut in any::<u16>()) {
        let (name, mut bytes) = all().swap_remove(which);
        for (at, byte) in changes {
            let at = usize::from(at) % bytes.len();
            bytes[at] = byte;
        }
        if cut % 3 == 0 {
            bytes.truncate(usize::from(cut) % bytes.len());
        }
        if let Ok(header) = read(name, &bytes)
            && let Ok(edited) = edit(name, &Fingerprint::of(&bytes), &header)
        {
            // Larger than it was is not larger than we allow, but takes long here.
            let is_small = header.size.is_none_or(|it| it.width <= 2000 && it.height <= 2000);
            let how: Vec<How> = edited.variants.iter().map(|it| it.how).filter(|it| is_small || *it == How::Strip).collect();
            if let Ok(made) = make(&bytes, &header, &how) {
                prop_assert_eq!(made.len(), how.len());
            }
        }
    }

    #[test]
    fn noise_is_read(bytes in prop::collection::vec(any::<u8>(), 0..64), which in 0_usize..7, kept in 1_usize..40) {
        let (name, start) = all().swap_remove(which);
        let mixed = [&start[..kept.min(start.len())], &bytes].concat();
        if let Ok(header) = read(name, &mixed) {
            prop_assert!(make(&mixed, &header, &[How::Strip]).is_ok());
        }
    }
}
