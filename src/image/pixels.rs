//! Images as pixels: decoded, turned upright, made smaller, encoded.
//!
//! What strangers may have sent is decoded by crates of safe Rust; libwebp, which is C, sees only pixels of ours. A profile of
//! colours stays with them, because without it a photograph of a wide gamut looks pale.

use std::io::Cursor;

use fast_image_resize::images::Image as Buffer;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::{Fault, Format, Header, How, Size, strip};

/// Of 100. With it a photograph of 1,440 pixels takes some 150 KB.
const QUALITY: u8 = 80;

/// A larger profile is one of a printer.
const MOST_PROFILE: usize = 64 << 10;

/// What an image looks like: 8 bits of red, green and blue for each pixel, and of opacity where something shines through.
struct Pixels {
    size: Size,
    bytes: Vec<u8>,
    has_alpha: bool,
    /// The colours that are meant, unless those are sRGB.
    profile: Option<Vec<u8>>,
}

/// Makes several files of one image, which is decoded once.
pub(super) fn make(bytes: &[u8], header: &Header, how: &[How]) -> Result<Vec<Vec<u8>>, Fault> {
    let mut smaller: Option<Pixels> = None;
    let mut made: Vec<Vec<u8>> = how.iter().map(|_| Vec::new()).collect();
    let mut order: Vec<(usize, &How)> = how.iter().enumerate().collect();
    // From the largest on, because each is made of the one before it.
    order.sort_by_key(|(_, how)| {
        std::cmp::Reverse(match how {
            How::Strip => u32::MAX,
            How::Scale(_, size) => size.width,
        })
    });
    for (at, how) in order {
        made[at] = match how {
            How::Strip => strip::stripped(bytes, header),
            How::Scale(format, size) => {
                let pixels = match smaller.take() {
                    Some(pixels) => pixels.scaled(*size)?,
                    None => decode(bytes, header)?.scaled_and_turned(*size, header.orientation)?,
                };
                let made = pixels.encoded(*format, header.format)?;
                smaller = Some(pixels);
                made
            }
        };
    }
    Ok(made)
}

fn damaged(error: impl std::fmt::Display) -> Fault {
    Fault::Damaged(error.to_string())
}

/// Decodes an image as it lies, before it is turned. What comes out is as large as the header said.
fn decode(bytes: &[u8], header: &Header) -> Result<Pixels, Fault> {
    let pixels = match header.format {
        Format::Jpeg => jpeg(bytes)?,
        Format::Png => png(bytes)?,
        Format::Webp => webp(bytes)?,
        Format::Gif | Format::Avif | Format::Svg => unreachable!("because these are never scaled"),
    };
    let upright = turned_size(pixels.size, header.orientation);
    let channels = if pixels.has_alpha { 4 } else { 3 };
    let expected = pixels.size.width as usize * pixels.size.height as usize * channels;
    match Some(upright) == header.size && pixels.bytes.len() == expected {
        true => Ok(pixels),
        false => Err(damaged("it is not as large as it says")),
    }
}

fn jpeg(bytes: &[u8]) -> Result<Pixels, Fault> {
    use zune_jpeg::zune_core::bytestream::ZCursor;
    use zune_jpeg::zune_core::colorspace::ColorSpace;
    use zune_jpeg::zune_core::options::DecoderOptions;
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let decoded = decoder.decode().map_err(|it| damaged(format!("{it:?}")))?;
    let info = decoder.info().ok_or_else(|| damaged("it has no frame"))?;
    let size = Size { width: u32::from(info.width), height: u32::from(info.height) };
    Ok(Pixels { size, bytes: decoded, has_alpha: false, profile: kept(decoder.icc_profile()) })
}

fn png(bytes: &[u8]) -> Result<Pixels, Fault> {
    use png::{ColorType, Transformations};
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(damaged)?;
    let room = reader.output_buffer_size().ok_or_else(|| damaged("it is too large"))?;
    let mut out = vec![0; room];
    let frame = reader.next_frame(&mut out).map_err(damaged)?;
    out.truncate(frame.buffer_size());
    let (bytes, has_alpha) = match frame.color_type {
        ColorType::Rgb => (out, false),
        ColorType::Rgba => (out, true),
        ColorType::Grayscale => (out.iter().flat_map(|it| [*it; 3]).collect(), false),
        ColorType::GrayscaleAlpha => {
            (out.chunks_exact(2).flat_map(|it| [it[0], it[0], it[0], it[1]]).collect(), true)
        }
        ColorType::Indexed => return Err(damaged("its palette is missing")),
    };
    let size = Size { width: frame.width, height: frame.height };
    let profile = reader.info().icc_profile.as_ref().map(|it| it.to_vec());
    Ok(Pixels { size, bytes, has_alpha, profile: kept(profile) }.without_needless_alpha())
}

fn webp(bytes: &[u8]) -> Result<Pixels, Fault> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let room = decoder.output_buffer_size().ok_or_else(|| damaged("it is too large"))?;
    let mut out = vec![0; room];
    decoder.read_image(&mut out).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let profile = kept(decoder.icc_profile().ok().flatten());
    Ok(Pixels { size: Size { width, height }, bytes: out, has_alpha: decoder.has_alpha(), profile })
}

/// A profile that says something: colours of a screen (ICC.1:2022, §7.2.8) other than sRGB, which is what is meant without one.
fn kept(profile: Option<Vec<u8>>) -> Option<Vec<u8>> {
    profile.filter(|it| {
        let names_srgb =
            it.windows(4).any(|it| it == b"sRGB") || it.windows(8).any(|it| it == b"s\0R\0G\0B\0");
        it.len() <= MOST_PROFILE && it.get(16..20) == Some(b"RGB ") && !names_srgb
    })
}

fn turned_size(size: Size, orientation: u8) -> Size {
    match orientation {
        5..=8 => Size { width: size.height, height: size.width },
        _ => size,
    }
}

impl Pixels {
    fn channels(&self) -> usize {
        if self.has_alpha { 4 } else { 3 }
    }

    /// Nothing shines through most images that could let something.
    fn without_needless_alpha(mut self) -> Pixels {
        if self.has_alpha && self.bytes.chunks_exact(4).all(|it| it[3] == 255) {
            self.bytes = self.bytes.chunks_exact(4).flat_map(|it| [it[0], it[1], it[2]]).collect();
            self.has_alpha = false;
        }
        self
    }

    /// Makes it smaller, and turns what is left of it.
    fn scaled_and_turned(self, to: Size, orientation: u8) -> Result<Pixels, Fault> {
        Ok(self.scaled(turned_size(to, orientation))?.turned(orientation))
    }

    fn scaled(self, to: Size) -> Result<Pixels, Fault> {
        if self.size == to {
            return Ok(self);
        }
        let kind = if self.has_alpha { PixelType::U8x4 } else { PixelType::U8x3 };
        let Size { width, height } = self.size;
        let from = Buffer::from_vec_u8(width, height, self.bytes, kind).map_err(damaged)?;
        let mut into = Buffer::new(to.width, to.height, kind);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new().resize(&from, &mut into, &options).map_err(damaged)?;
        Ok(Pixels { size: to, bytes: into.into_vec(), ..self })
    }

    /// Turns and mirrors it as EXIF's orientation says (EXIF 2.3, §4.6.4).
    fn turned(self, orientation: u8) -> Pixels {
        if orientation == 1 {
            return self;
        }
        let size = turned_size(self.size, orientation);
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let channels = self.channels();
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for y in 0..size.height as usize {
            for x in 0..size.width as usize {
                let (from_x, from_y) = match orientation {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    8 => (width - 1 - y, x),
                    _ => (x, y),
                };
                let at = (from_y * width + from_x) * channels;
                bytes.extend_from_slice(&self.bytes[at..at + channels]);
            }
        }
        Pixels { size, bytes, ..self }
    }

    /// The file. What was drawn stays as sharp as it was, unless that takes too much.
    fn encoded(&self, format: Format, came_as: Format) -> Result<Vec<u8>, Fault> {
        match format {
            Format::Webp => {
                let lossy = self.webp(false)?;
                if came_as != Format::Png {
                    return Ok(lossy);
                }
                let lossless = self.webp(true)?;
                Ok(if lossless.len() <= lossy.len() * 2 { lossless } else { lossy })
            }
            Format::Jpeg => self.jpeg(),
            Format::Png => self.png(),
            Format::Gif | Format::Avif | Format::Svg => unreachable!("because nothing is made in these"),
        }
    }

    fn webp(&self, lossless: bool) -> Result<Vec<u8>, Fault> {
        let Size { width, height } = self.size;
        let encoder = match self.has_alpha {
            true => webp::Encoder::from_rgba(&self.bytes, width, height),
            false => webp::Encoder::from_rgb(&self.bytes, width, height),
        };
        let quality = if lossless { 75.0 } else { f32::from(QUALITY) };
        let file = encoder.encode_simple(lossless, quality).map_err(|it| damaged(format!("{it:?}")))?;
        Ok(match &self.profile {
            Some(profile) => with_profile(&file, profile, self.size, self.has_alpha),
            None => file.to_vec(),
        })
    }

    fn jpeg(&self) -> Result<Vec<u8>, Fault> {
        let mut file = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut file, QUALITY);
        encoder.set_progressive(true);
        encoder.set_optimized_huffman_tables(true);
        if let Some(profile) = &self.profile {
            encoder.add_icc_profile(profile).map_err(damaged)?;
        }
        let (width, height) = (self.size.width as u16, self.size.height as u16);
        encoder.encode(&self.bytes, width, height, jpeg_encoder::ColorType::Rgb).map_err(damaged)?;
        Ok(file)
    }

    fn png(&self) -> Result<Vec<u8>, Fault> {
        let mut info = png::Info::with_size(self.size.width, self.size.height);
        info.bit_depth = png::BitDepth::Eight;
        info.color_type = if self.has_alpha { png::ColorType::Rgba } else { png::ColorType::Rgb };
        info.icc_profile = self.profile.as_deref().map(Into::into);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::with_info(&mut file, info).map_err(damaged)?;
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().map_err(damaged)?;
        writer.write_image_data(&self.bytes).map_err(damaged)?;
        writer.finish().map_err(damaged)?;
        Ok(file)
    }
}

/// A WebP of one chunk as one of several, with a profile before it (RFC 9649, §2.7).
fn with_profile(file: &[u8], profile: &[u8], size: Size, has_alpha: bool) -> Vec<u8> {
    let image = &file[12..];
    // libwebp writes this head itself where a lossy image is partly transparent.
    let image = if image.starts_with(b"VP8X") { &image[18..] } else { image };
    let mut chunks = b"WEBPVP8X\x0A\0\0\0".to_vec();
    chunks.extend([0x20 | u8::from(has_alpha) << 4, 0, 0, 0]);
    chunks.extend(&(size.width - 1).to_le_bytes()[..3]);
    chunks.extend(&(size.height - 1).to_le_bytes()[..3]);
    chunks.extend(b"ICCP");
    chunks.extend((profile.len() as u32).to_le_bytes());
    chunks.extend(profile);
    chunks.extend(&[0][..profile.len() % 2]);
    chunks.extend(image);
    let mut out = b"RIFF".to_vec();
    out.extend((chunks.len() as u32).to_le_bytes());
    out.extend(chunks);
    out
}
