//! Pixels as a PNG with a palette. Cards have few colours, and edges of letters in shades between them; 256 are enough.

use std::collections::BTreeMap;

/// How many colours a palette holds.
const MOST: usize = 256;

/// Writes pixels (four bytes each, red first, nothing of them transparent) as PNG.
///
/// If there are more colours than a palette holds, the most frequent stay as they are, and each other becomes the nearest of
/// them: what is rare in a card are shades at the edges of letters.
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
    let palette: Vec<[u8; 3]> = palette.into_iter().take(MOST).map(|(colour, _)| colour).collect();
    let places: BTreeMap<[u8; 3], u8> =
        counts.keys().map(|colour| (*colour, nearest(*colour, &palette))).collect();
    let mut last = ([0; 3], places.get(&[0; 3]).copied());
    let indexed: Vec<u8> = colours()
        .map(|colour| match last {
            (same, Some(at)) if same == colour => at,
            _ => {
                let at = places[&colour];
                last = (colour, Some(at));
                at
            }
        })
        .collect();
    encoded(&indexed, &palette.concat(), width, height)
}

/// The place of the colour of a palette that is most like another one.
fn nearest(colour: [u8; 3], palette: &[[u8; 3]]) -> u8 {
    let distance = |other: &[u8; 3]| -> i32 {
        colour.iter().zip(other).map(|(a, b)| (i32::from(*a) - i32::from(*b)).pow(2)).sum()
    };
    let at = (0..palette.len()).min_by_key(|at| distance(&palette[*at])).unwrap_or(0);
    u8::try_from(at).unwrap_or(u8::MAX)
}

fn encoded(indexed: &[u8], palette: &[u8], width: u32, height: u32) -> Vec<u8> {
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
