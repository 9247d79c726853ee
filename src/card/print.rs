//! An SVG drawn. Text is never lost: a family that is not there, or a character that a font lacks, is told instead.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use resvg::{tiny_skia, usvg};

use super::{Fonts, HEIGHT, Unprintable, WIDTH, png_file};

/// Draws an SVG, and gives it as PNG.
pub(super) fn print(svg: &str, fonts: &Fonts) -> Result<Vec<u8>, Unprintable> {
    let tree = tree(svg, fonts)?;
    let (width, height) = (tree.size().width().round() as u32, tree.size().height().round() as u32);
    if (width, height) != (WIDTH, HEIGHT) {
        return Err(Unprintable::Size(width, height));
    }
    let mut pixels = tiny_skia::Pixmap::new(WIDTH, HEIGHT).expect("the size is neither nothing nor huge");
    // What a template leaves open is white, as paper is.
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
    Ok(png_file::write(pixels.data(), WIDTH, HEIGHT))
}

/// The SVG with its text laid out in these fonts, and nothing but them.
fn tree(svg: &str, fonts: &Fonts) -> Result<usvg::Tree, Unprintable> {
    let unknown: Mutex<BTreeSet<String>> = Mutex::default();
    let lacking: Mutex<BTreeSet<char>> = Mutex::default();
    let options = usvg::Options {
        fontdb: Arc::clone(&fonts.database),
        font_resolver: usvg::FontResolver {
            select_font: Box::new(|font, _| {
                let found = fonts.select(font);
                if found.is_none() {
                    let names = font.families().iter().map(|it| it.to_string().trim_matches('"').to_owned());
                    unknown.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
                }
                found
            }),
            // Asked for each character that no font so far has; what comes back with nothing would be left out.
            select_fallback: Box::new(|c, asked, _| {
                let found = fonts.select_for(c, asked);
                if found.is_none() && !c.is_whitespace() {
                    lacking.lock().unwrap_or_else(PoisonError::into_inner).insert(c);
                }
                found
            }),
        },
        // A card is made of its SVG alone: it reads no files.
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| Unprintable::NotSvg(error.to_string()))?;
    drop(options);
    let unknown = unknown.into_inner().unwrap_or_else(PoisonError::into_inner);
    let lacking = lacking.into_inner().unwrap_or_else(PoisonError::into_inner);
    match (unknown.is_empty(), lacking.is_empty()) {
        (true, true) => Ok(tree),
        (false, _) => Err(Unprintable::Families(unknown, fonts.families())),
        (true, false) => Err(Unprintable::Lacking(lacking)),
    }
}
