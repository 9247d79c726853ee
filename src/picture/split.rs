//! The split as a strip: who took which side, one shape for each up to three dozen, lengths above.

use super::Picture;
use super::measure::width;
use super::svg::{SMALL, Svg, px};
use crate::model::StanceMark;

/// One side of the split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its shape.
    pub mark: StanceMark,
    /// In words: `welcomes`.
    pub label: String,
    /// How many take it.
    pub count: usize,
}

/// The most width of the picture.
const WIDTH: i32 = 720;
/// The height of the strip.
const STRIP: i32 = 38;
/// Between two sides.
const GAP: i32 = 10;
/// Up to how many each is a shape of its own.
const MOST_SHAPES: usize = 36;
/// The most room for one shape.
const CELL: i32 = 44;

/// Draws the strip; an empty picture when nobody took a side. Sides that nobody takes are left out.
pub fn split(title: &str, sides: &[Side]) -> Picture {
    let sides: Vec<&Side> = sides.iter().filter(|it| it.count > 0).collect();
    let total: usize = sides.iter().map(|it| it.count).sum();
    if total == 0 {
        return Picture::default();
    }
    let counted: Vec<String> = sides.iter().map(|it| format!("{} {}", it.label, it.count)).collect();
    let says = format!("{}.", counted.join(", "));
    // With dozens of sides the gaps alone would fill the picture.
    let gap = GAP.min(WIDTH / 2 / px(sides.len()));
    let room = WIDTH - gap * (px(sides.len()) - 1);
    let has_shapes = total <= MOST_SHAPES;
    let cell = (room / px(total)).min(CELL);
    let lengths: Vec<i32> =
        if has_shapes { sides.iter().map(|it| cell * px(it.count)).collect() } else { shared(room, &sides) };
    // Words below some sides and not below others look like a mistake, and the list beside the picture has them all.
    let has_words = sides.iter().zip(&lengths).all(|(it, length)| width(&worded(it), SMALL) <= *length);
    let width = lengths.iter().sum::<i32>() + gap * (px(sides.len()) - 1);
    let mut svg = Svg::new("pic-split", (width, STRIP + 20), title, &says);
    let mut x = 0;
    for (side, length) in sides.iter().zip(lengths) {
        svg.raw(format_args!("<g class=\"{}\">", side.mark.class()));
        svg.raw(format_args!(
            "<rect class=\"pic-ground\" fill-opacity=\".12\" x=\"{x}\" y=\"0\" width=\"{length}\" height=\"{STRIP}\"/>"
        ));
        if has_shapes {
            let size = (cell - 6).clamp(6, 18);
            (0..px(side.count))
                .for_each(|idx| side.mark.draw(&mut svg, (x + cell * idx + cell / 2, STRIP / 2), size));
        } else if length >= 16 {
            svg.raw(format_args!(
                "<rect class=\"pic-shape\" x=\"{x}\" y=\"{}\" width=\"{length}\" height=\"4\"/>",
                STRIP - 4
            ));
            side.mark.draw(&mut svg, (x + length / 2, STRIP / 2 - 2), 14);
        }
        svg.raw(format_args!("</g>"));
        label(&mut svg, side, (x, length), has_words);
        x += length + gap;
    }
    Picture { svg: svg.finish(), grouped: Vec::new() }
}

/// The count and the words, or the count alone if there is room for it, below the side itself.
fn label(svg: &mut Svg, side: &Side, (x, length): (i32, i32), has_words: bool) {
    let text = if has_words { worded(side) } else { side.count.to_string() };
    if width(&text, SMALL) <= length {
        svg.small("pic-note", (x, STRIP + 15), "start", &text);
    }
}

/// `2 praise`.
fn worded(side: &Side) -> String {
    format!("{} {}", side.count, side.label)
}

/// Lengths in proportion, none so short that its count has no room.
fn shared(room: i32, sides: &[&Side]) -> Vec<i32> {
    let n = px(sides.len());
    let least = (room / n).min(26);
    let total: i64 = sides.iter().map(|it| i64::try_from(it.count).unwrap_or(i64::MAX)).sum();
    let spare = i64::from(room - least * n);
    let lengths = sides.iter().map(|it| {
        let own = i64::try_from(it.count).unwrap_or(i64::MAX).saturating_mul(spare) / total;
        least + i32::try_from(own).unwrap_or(0)
    });
    lengths.collect()
}
