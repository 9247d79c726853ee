//! Share cards: the picture of a page that is shown where somebody passes its address on, 1200 × 630, as PNG.
//!
//! In: an SVG that a theme's template wrote, and the font files that the theme's style sheets name. Out: the PNG, a pure
//! function of the two; and, for templates, texts in lines, because SVG breaks none ([`fit`]). No font of the machine is
//! ever used, so a card has the same bytes wherever it is made. Knows nothing of pages, themes or files.
//!
//! Without the cargo feature `cards` there is no [`Press`], and everything else goes on without cards.

mod fit;
#[cfg(feature = "cards")]
mod fonts;
#[cfg(not(feature = "cards"))]
#[path = "no_fonts.rs"]
mod fonts;
#[cfg(feature = "cards")]
mod png_file;
#[cfg(feature = "cards")]
mod print;
#[cfg(not(feature = "cards"))]
#[path = "no_print.rs"]
mod print;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::text::Fingerprint;

pub use fit::{Fitted, Room, fit};
pub use fonts::Fonts;

/// How wide a card is, in pixels: what Open Graph and its readers ask for.
pub const WIDTH: u32 = 1200;

/// How high a card is, in pixels.
pub const HEIGHT: u32 = 630;

/// Whether this program can make cards.
pub const CAN_PRINT: bool = cfg!(feature = "cards");

/// What the bytes of a card depend on besides SVG and fonts: how we draw and pack. A card made by another way has another
/// address.
const WAY: &str = "resvg 0.49, png 0.18, 1";

/// A font file as a style sheet's `@font-face` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontFile {
    /// The family's name in the style sheet.
    pub family: String,
    /// Whether it is slanted.
    pub is_italic: bool,
    /// From which weight to which.
    pub weights: (u16, u16),
    /// The file's name below `static/`.
    pub name: String,
    /// Its bytes: WOFF2, TrueType or OpenType.
    pub bytes: Arc<[u8]>,
}

/// A face that some text is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face<'f> {
    /// The family.
    pub family: &'f str,
    /// The weight.
    pub weight: u16,
    /// Whether it is slanted.
    pub is_italic: bool,
}

/// Why an SVG does not become a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unprintable {
    /// It is no SVG.
    NotSvg(String),
    /// It has another size.
    Size(u32, u32),
    /// It names font families that no style sheet of the theme declares, or whose files cannot be read; and those there are.
    Families(BTreeSet<String>, Vec<String>),
    /// It has characters that the family it names for them lacks.
    Lacking(BTreeSet<char>),
    /// This program was built without the feature.
    NotBuilt,
}

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unprintable::NotSvg(why) => write!(f, "is no SVG that can be drawn: {why}"),
            Unprintable::Size(width, height) => {
                write!(f, "is {width} × {height} large, and a card has to be {WIDTH} × {HEIGHT}")
            }
            Unprintable::Families(unknown, _) => {
                let unknown: Vec<String> = unknown.iter().map(|it| format!("`{it}`")).collect();
                write!(f, "sets text in {}, for which the theme has no font", unknown.join(" and "))
            }
            Unprintable::Lacking(chars) => {
                write!(f, "sets {} in a font that lacks them", in_words(chars))
            }
            Unprintable::NotBuilt => f.write_str("cannot be drawn: this program was built without cards"),
        }
    }
}

/// Characters for people, at most twelve: `字 (U+5B57)`.
pub fn in_words(chars: &BTreeSet<char>) -> String {
    const SHOWN: usize = 12;
    let name = |c: &char| match c.is_alphanumeric() {
        true => format!("{c} (U+{:04X})", u32::from(*c)),
        false => format!("U+{:04X}", u32::from(*c)),
    };
    let mut names: Vec<String> = chars.iter().take(SHOWN).map(name).collect();
    if chars.len() > SHOWN {
        names.push(format!("{} more", chars.len() - SHOWN));
    }
    names.join(", ")
}

/// A theme's fonts, and what is made with them. Font files are taken apart when the first card asks for it.
#[derive(Debug)]
pub struct Press {
    files: Vec<FontFile>,
    digest: Fingerprint,
    fonts: OnceLock<Fonts>,
}

impl Press {
    /// A press with these fonts; `None` when there are none, and in a program that makes no cards.
    pub fn new(files: Vec<FontFile>) -> Option<Press> {
        if files.is_empty() || !CAN_PRINT {
            return None;
        }
        let digests: Vec<Fingerprint> = files.iter().map(|it| Fingerprint::of(&it.bytes)).collect();
        let parts = files.iter().zip(&digests).flat_map(|(it, digest)| {
            let about = [it.family.as_bytes(), it.name.as_bytes(), digest.bytes()];
            about.into_iter().map(<[u8]>::to_vec).chain([format!("{:?}", (it.weights, it.is_italic)).into()])
        });
        let parts: Vec<Vec<u8>> = parts.chain([WAY.as_bytes().to_vec()]).collect();
        let digest = Fingerprint::of_parts(parts.iter().map(Vec::as_slice));
        Some(Press { files, digest, fonts: OnceLock::new() })
    }

    /// A digest of the fonts and of how cards are made.
    pub fn digest(&self) -> &Fingerprint {
        &self.digest
    }

    /// What a card's bytes follow from: equal keys, equal cards.
    pub fn key(&self, svg: &str) -> Fingerprint {
        Fingerprint::of_parts([self.digest.bytes().as_slice(), svg.as_bytes()])
    }

    /// The fonts.
    pub fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(|| Fonts::load(&self.files))
    }

    /// Draws an SVG, and gives it as PNG.
    ///
    /// # Errors
    /// When it is no card, or one with text that these fonts cannot show.
    pub fn print(&self, svg: &str) -> Result<Vec<u8>, Unprintable> {
        print::print(svg, self.fonts())
    }
}

/// The characters of an SVG's texts that its font families lack: each character has to be in every family it names, since
/// nobody looks here at which text is set in which.
pub fn lacking(svg: &str, fonts: &Fonts) -> BTreeSet<char> {
    let families: BTreeSet<&str> =
        svg.split("font-family=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
    let mut chars = BTreeSet::new();
    let (mut in_tag, mut in_entity) = (false, false);
    for c in svg.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            '&' if !in_tag => in_entity = true,
            ';' if in_entity => in_entity = false,
            c if !in_tag && !in_entity && !c.is_whitespace() => drop(chars.insert(c)),
            _ => (),
        }
    }
    chars.retain(|c| families.iter().any(|family| fonts.is_known(family) && !fonts.has(family, *c)));
    chars
}
