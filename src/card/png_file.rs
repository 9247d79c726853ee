//! Pixels as a PNG with a palette. Cards have few colours, and edges of letters in shades between them, of which few are enough.

use std::collections::BTreeMap;

/// How many colours palettes have, the first that keeps a card small enough.
const COLOURS: [usize; 4] = [96, 48, 24, 12];

/// How many bytes a card may have: what some who show cards still take.
const MOST_BYTES: usize = 60_000;

/// Writes pixels (four bytes each, red first, nothing of them transparent) as PNG.
///
/// The most frequent colours stay as they are, and each other becomes the nearest of them: what is rare in a card are shades at
/// the edges of letters. A card that is too heavy gets fewer.
pub(super) fn write(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let colours = || pixels.chunks_exact(4).map(|it| [it[0], it[1], it[2]]);
    let mut counts: BTreeMap<[u8; 3], u32> = BTreeMap::new();
    // Neighbours are mostly equal, and a run is looked up once.
    let mut run: Option<([u8; 3], u32)> = None;
    for colour in colours() {
        run = match run {
            Some((same, n)) if same == colour => Some((same, n + 1)),
            other => {
                other.into_iter().for_each(|(it, n)| *counts.entry(it).or_default() += n);
                Some((colour, 1))
            }
        };
    }
    run.into_iter().for_each(|(it, n)| *counts.entry(it).or_default() += n);
    let mut palette: Vec<([u8; 3], u32)> = counts.iter().map(|(it, n)| (*it, *n)).collect();
    palette.sort_by_key(|(colour, n)| (std::cmp::Reverse(*n), *colour));
    let by_frequency: Vec<[u8; 3]> = palette.into_iter().map(|(colour, _)| colour).collect();
    let mut out = Vec::new();
    for most in COLOURS {
        let palette = &by_frequency[..most.min(by_frequency.len())];
        out = encoded(&indexed(pixels, &by_frequency, palette), &palette.concat(), (width, height));
        if out.len() <= MOST_BYTES {
            break;
        }
    }
    out
}

/// For each pixel the place of its colour, or of the one most like it, in a palette. `all` are the colours there are.
fn indexed(pixels: &[u8], all: &[[u8; 3]], palette: &[[u8; 3]]) -> Vec<u8> {
    let places: BTreeMap<[u8; 3], u8> =
        all.iter().map(|colour| (*colour, nearest(*colour, palette))).collect();
    let mut last: Option<([u8; 3], u8)> = None;
    let place = |it: &[u8]| {
        let colour = [it[0], it[1], it[2]];
        match last {
            Some((same, at)) if same == colour => at,
            _ => {
                let at = places[&colour];
                last = Some((colour, at));
                at
            }
        }
    };
    pixels.chunks_exact(4).map(place).collect()
}

/// The place of the colour of a palette that is most like another one.
fn nearest(colour: [u8; 3], palette: &[[u8; 3]]) -> u8 {
    let distance = |other: &[u8; 3]| -> i32 {
        colour.iter().zip(other).map(|(a, b)| (i32::from(*a) - i32::from(*b)).pow(2)).sum()
    };
    let at = (0..palette.len()).min_by_key(|at| distance(&palette[*at])).unwrap_or(0);
    u8::try_from(at).unwrap_or(u8::MAX)
}

fn encoded(indexed: &[u8], palette: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let mut out = Vec::with_capacity(32 << 10);
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    // Numbers of a palette are no quantities, so there is nothing to predict.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::Balanced);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(indexed))
        .expect("memory takes every byte, and there are as many pixels as announced");
    out
}
