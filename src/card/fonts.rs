//! Fonts as cards use them: unpacked, by the family names of the theme's style sheets.
//!
//! In: the files that style sheets name. Out: how wide a character is in a face, and which face draws it. A family may be
//! spread over several files, as `unicode-range` does for browsers: the first that has a character gives it. What looks up
//! faces here is also what the drawing goes by, so what is measured is what is drawn.

use std::sync::Arc;

use resvg::usvg::{self, fontdb};
use skrifa::instance::{Location, Size};
use skrifa::{FontRef, MetadataProvider as _, Tag};

use super::{Face, FontFile};

/// The fonts of a theme.
#[derive(Debug)]
pub struct Fonts {
    files: Vec<Loaded>,
    /// The same for the drawing.
    pub(super) database: Arc<fontdb::Database>,
}

/// One file.
struct Loaded {
    family: String,
    is_italic: bool,
    weights: (u16, u16),
    bytes: Arc<Vec<u8>>,
    id: fontdb::ID,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}, {} bytes", self.family, self.weights, self.bytes.len())
    }
}

impl Loaded {
    fn font(&self) -> FontRef<'_> {
        FontRef::new(&self.bytes).expect("it was read when it was loaded")
    }

    /// How far it is from a weight.
    fn distance(&self, weight: u16) -> u16 {
        let (least, most) = self.weights;
        least.saturating_sub(weight).max(weight.saturating_sub(most))
    }
}

impl Fonts {
    /// Unpacks the files. One that cannot be read is left out, and its family with it if it has no other.
    pub(super) fn load(files: &[FontFile]) -> Fonts {
        let mut database = fontdb::Database::new();
        let mut loaded = Vec::with_capacity(files.len());
        for file in files {
            let Some(bytes) = unpacked(&file.bytes) else { continue };
            let bytes = Arc::new(bytes);
            let style = if file.is_italic { fontdb::Style::Italic } else { fontdb::Style::Normal };
            let info = fontdb::FaceInfo {
                id: fontdb::ID::dummy(),
                source: fontdb::Source::Binary(Arc::clone(&bytes) as Arc<dyn AsRef<[u8]> + Send + Sync>),
                index: 0,
                families: vec![(file.family.clone(), fontdb::Language::English_UnitedStates)],
                post_script_name: file.name.clone(),
                style,
                weight: fontdb::Weight(file.weights.0),
                stretch: fontdb::Stretch::Normal,
                monospaced: false,
            };
            let id = database.push_face_info(info);
            loaded.push(Loaded {
                family: file.family.clone(),
                is_italic: file.is_italic,
                weights: file.weights,
                bytes,
                id,
            });
        }
        Fonts { files: loaded, database: Arc::new(database) }
    }

    /// The names of all families.
    pub(super) fn families(&self) -> Vec<String> {
        let mut names: Vec<String> = self.files.iter().map(|it| it.family.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Whether there is such a family.
    pub(super) fn is_known(&self, family: &str) -> bool {
        self.files.iter().any(|it| it.family == family)
    }

    /// Whether a family has a character.
    pub(super) fn has(&self, family: &str, c: char) -> bool {
        self.files.iter().any(|it| it.family == family && it.font().charmap().map(c).is_some())
    }

    /// How wide a character is, in parts of the font size; `None` when the face lacks it.
    pub fn advance(&self, face: Face<'_>, c: char) -> Option<f32> {
        let files = self.of(face);
        let (font, glyph) = files.iter().find_map(|it| {
            let font = it.font();
            let glyph = font.charmap().map(c)?;
            Some((font, glyph))
        })?;
        let location: Location = font.axes().location([(Tag::new(b"wght"), f32::from(face.weight))]);
        let metrics = font.glyph_metrics(Size::unscaled(), &location);
        let units = font.metrics(Size::unscaled(), &location).units_per_em;
        Some(metrics.advance_width(glyph)? / f32::from(units.max(1)))
    }

    /// The files of a face, those of the nearest weight first, else as declared.
    fn of(&self, face: Face<'_>) -> Vec<&Loaded> {
        let of_family = || self.files.iter().filter(|it| it.family == face.family);
        let mut found: Vec<&Loaded> = of_family().filter(|it| it.is_italic == face.is_italic).collect();
        if found.is_empty() {
            found = of_family().collect();
        }
        found.sort_by_key(|it| it.distance(face.weight));
        found
    }

    /// The file that a text in some face begins with.
    pub(super) fn select(&self, font: &usvg::Font) -> Option<fontdb::ID> {
        let is_italic = font.style() != usvg::FontStyle::Normal;
        font.families().iter().find_map(|family| {
            let usvg::FontFamily::Named(family) = family else { return None };
            self.of(Face { family, weight: font.weight(), is_italic }).first().map(|it| it.id)
        })
    }

    /// The file of the same family that has a character which these, asked so far, lack.
    pub(super) fn select_for(&self, c: char, asked: &[fontdb::ID]) -> Option<fontdb::ID> {
        let base = self.files.iter().find(|it| Some(&it.id) == asked.first())?;
        let others =
            self.files.iter().filter(|it| it.family == base.family && it.is_italic == base.is_italic);
        let mut others: Vec<&Loaded> = others.filter(|it| !asked.contains(&it.id)).collect();
        others.sort_by_key(|it| it.distance(base.weights.0));
        others.into_iter().find(|it| it.font().charmap().map(c).is_some()).map(|it| it.id)
    }
}

/// A font file as the drawing reads it; `None` when it is none.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let plain = match bytes.get(..4)? {
        b"wOF2" => wuff::decompress_woff2(bytes).ok()?,
        _ => bytes.to_vec(),
    };
    FontRef::new(&plain).ok()?;
    Some(plain)
}
