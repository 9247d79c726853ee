//! Images that authors bring: what their bytes say of them, and the files that pages show instead.
//!
//! In: a file's name and bytes. Out: a [`Header`], and the [`Edited`] image that follows from it: which files there will be, of
//! which size, at which address. That is known before a pixel is decoded, because an address holds a digest of what a file
//! is made from ([`Variant::key`]), and not of what comes out. Whoever needs the bytes asks [`make`] for them. Whatever is
//! published has lost its metadata, which says where a photograph was taken and with whose camera.

mod header;
#[cfg(feature = "images")]
mod pixels;
mod strip;
#[cfg(test)]
#[cfg(feature = "images")]
mod tests;

use crate::text::{Fingerprint, OutPath, slug};

pub use header::{Fault, Format, Header, Size, read};

/// Whether this program can make images smaller; otherwise they are published in their own size.
pub const SCALES: bool = cfg!(feature = "images");

/// Increased whenever other bytes come out of the same image: each file then has another address, and nothing that was kept is
/// taken for it. The crates that encode belong to that.
const RECIPE: u32 = 1;

/// WebP knows no larger sides (RFC 9649, §2.6), and nobody's screen has them.
const MOST_SIDE: u32 = 16_383;

/// More pixels take more than a quarter of a gigabyte once they are decoded.
const MOST_PIXELS: u64 = 64 << 20;

/// The widths that are made: one to three times the width of a phone, and of a column of text.
const WIDTHS: [u32; 3] = [480, 960, 1440];

/// No reader gets an image wider than this.
const WIDEST: u32 = 1920;

/// The width for browsers that do not know WebP.
const PLAIN_WIDTH: u32 = 960;

/// Longer names are cut: an address holds more than the name.
const MOST_NAME: usize = 60;

/// An image as pages show it. Addresses are site-absolute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shown {
    /// The file that every browser can show.
    pub src: String,
    /// Its size, or that of the largest file it stands for; unknown for an SVG that does not say.
    pub size: Option<Size>,
    /// The same in WebP, each with its width in pixels, from the smallest; empty when it is shown as it came.
    pub webp: Vec<(String, u32)>,
}

/// One file that is made of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The file of the output: `assets/images/chart-480.1a2b3c4d5e.webp`.
    pub path: OutPath,
    /// A digest of all that its bytes follow from.
    pub key: Fingerprint,
    /// How it is made.
    pub how: How,
}

/// How a file is made of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// All that readers see stays as it is, byte for byte.
    Strip,
    /// It is decoded, turned upright, made smaller and written anew.
    Scale(Format, Size),
}

/// An image with all files that are made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What pages show.
    pub shown: Shown,
    /// What there has to be for that.
    pub variants: Vec<Variant>,
}

/// Says which files are made of an image. `name` is that of its file, `fingerprint` that of its bytes.
///
/// # Errors
/// When it is larger than we decode.
pub fn edit(name: &str, fingerprint: &Fingerprint, header: &Header) -> Result<Edited, Fault> {
    check(header)?;
    let writer = Writer { stem: stem(name), fingerprint };
    let is_scaled =
        SCALES && !header.moves && matches!(header.format, Format::Jpeg | Format::Png | Format::Webp);
    let Some(size) = header.size.filter(|_| is_scaled) else {
        let own = writer.variant(header.format, None, How::Strip);
        let shown = Shown { src: own.path.url(), size: header.size, webp: Vec::new() };
        return Ok(Edited { shown, variants: vec![own] });
    };
    let widths = widths(size.width);
    let scaled = |format, width: u32| {
        let to = Size { width, height: scaled_height(size, width) };
        writer.variant(format, Some(width), How::Scale(format, to))
    };
    let webp: Vec<Variant> = widths.iter().map(|width| scaled(Format::Webp, *width)).collect();
    let plain_width = widths.iter().copied().filter(|it| *it <= PLAIN_WIDTH).max().unwrap_or(widths[0]);
    let plain = match header.format {
        Format::Webp => None,
        // What is small stays as its author made it: other programs compress better than we do.
        format if size.width <= WIDTHS[2] && header.orientation == 1 => {
            Some(writer.variant(format, None, How::Strip))
        }
        format => Some(scaled(format, plain_width)),
    };
    let of_webp = || webp[widths.iter().position(|it| *it == plain_width).unwrap_or(0)].path.url();
    let shown = Shown {
        src: plain.as_ref().map_or_else(of_webp, |it| it.path.url()),
        size: Some(Size { width: *widths.last().expect("the widest is among them"), ..size })
            .map(|it| Size { height: scaled_height(size, it.width), ..it }),
        webp: webp.iter().zip(&widths).map(|(it, width)| (it.path.url(), *width)).collect(),
    };
    Ok(Edited { shown, variants: webp.into_iter().chain(plain).collect() })
}

/// Makes the bytes of some variants of one image, in their order.
///
/// # Errors
/// What turned out to be wrong with it when it was decoded.
pub fn make(bytes: &[u8], header: &Header, how: &[How]) -> Result<Vec<Vec<u8>>, Fault> {
    #[cfg(feature = "images")]
    {
        // Decoders of formats this old meet bytes that nobody thought of.
        let made = || pixels::make(bytes, header, how);
        std::panic::catch_unwind(made)
            .unwrap_or_else(|_| Err(Fault::Damaged("it makes no sense to the decoder".to_owned())))
    }
    #[cfg(not(feature = "images"))]
    Ok(how.iter().map(|_| strip::stripped(bytes, header)).collect())
}

/// An image is refused by what its header claims, before anybody makes room for it.
fn check(header: &Header) -> Result<(), Fault> {
    let Some(size) = header.size.filter(|_| header.format != Format::Svg) else { return Ok(()) };
    let Size { width, height } = size;
    if width == 0 || height == 0 {
        return Err(Fault::Damaged(format!("it says that it is {width} × {height} pixels large")));
    }
    let is_large = width.max(height) > MOST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS;
    if is_large { Err(Fault::Large(size)) } else { Ok(()) }
}

/// The widths to make of an image that is `own` wide: never wider than it is, and none that is hardly narrower than the widest.
fn widths(own: u32) -> Vec<u32> {
    let widest = own.min(WIDEST);
    WIDTHS.into_iter().filter(|it| it * 6 / 5 <= widest).chain([widest]).collect()
}

fn scaled_height(size: Size, width: u32) -> u32 {
    let height =
        (u64::from(size.height) * u64::from(width) * 2 + u64::from(size.width)) / (u64::from(size.width) * 2);
    u32::try_from(height).unwrap_or(u32::MAX).max(1)
}

/// The name of a file in letters that mean themselves in every address.
fn stem(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let plain: String =
        slug(stem).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(MOST_NAME).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "image".to_owned() } else { plain.to_owned() }
}

/// Gives variants their addresses.
struct Writer<'f> {
    stem: String,
    fingerprint: &'f Fingerprint,
}

impl Writer<'_> {
    fn variant(&self, format: Format, width: Option<u32>, how: How) -> Variant {
        let key =
            Fingerprint::of_parts([&self.fingerprint.bytes()[..], format!("{RECIPE} {how:?}").as_bytes()]);
        let stem = width.map_or_else(|| self.stem.clone(), |width| format!("{}-{width}", self.stem));
        let name = format!("assets/images/{stem}.{}.{}", &key.hex()[..10], format.ending());
        Variant { path: OutPath::new(&name).expect("letters, digits and dashes"), key, how }
    }
}
