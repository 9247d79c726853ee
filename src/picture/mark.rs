//! The marks of stances: a shape, a dash pattern and a class each, so that colour is never alone.

use super::svg::Svg;
use crate::model::StanceMark;

impl StanceMark {
    /// The class that carries its colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            StanceMark::Praise => "pic-praise",
            StanceMark::Reframe => "pic-reframe",
            StanceMark::Act => "pic-act",
            StanceMark::Dispute => "pic-dispute",
            StanceMark::Accuse => "pic-accuse",
            StanceMark::Silent => "pic-silent",
            StanceMark::Other => "pic-other",
        }
    }

    /// An attribute with its dash pattern; nothing for unbroken lines.
    pub(super) fn dash(self) -> &'static str {
        match self {
            StanceMark::Praise | StanceMark::Other => "",
            StanceMark::Reframe => " stroke-dasharray=\"14 4 2 4\"",
            StanceMark::Act => " stroke-dasharray=\"22 4\"",
            StanceMark::Dispute => " stroke-dasharray=\"8 5\"",
            StanceMark::Accuse => " stroke-dasharray=\"1 6\" stroke-linecap=\"round\"",
            StanceMark::Silent => " stroke-dasharray=\"1 10\" stroke-linecap=\"round\"",
        }
    }

    /// Draws its shape around a point, some `size` high and wide. The colour comes from the element around it.
    pub(super) fn draw(self, svg: &mut Svg, (x, y): (i32, i32), size: i32) {
        let r = size / 2;
        match self {
            StanceMark::Praise => svg.raw(format_args!(
                "<path {FULL} d=\"M{} {}h{}L{x} {}z\"/>",
                x - r,
                y + r - 1,
                2 * r,
                y - r
            )),
            StanceMark::Dispute => {
                svg.raw(format_args!(
                    "<path {FULL} d=\"M{} {}h{}L{x} {}z\"/>",
                    x - r,
                    y - r + 1,
                    2 * r,
                    y + r
                ));
            }
            StanceMark::Reframe => svg.raw(format_args!("<circle {FULL} cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>")),
            StanceMark::Act => {
                let (x, y, side) = (x - r + 1, y - r + 1, 2 * r - 2);
                svg.raw(format_args!(
                    "<rect {FULL} x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\"/>"
                ));
            }
            StanceMark::Accuse => diamond(svg, FULL, (x, y), r),
            StanceMark::Silent => {
                svg.raw(format_args!("<circle {HOLLOW} cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>", r - 1));
            }
            StanceMark::Other => diamond(svg, HOLLOW, (x, y), r - 1),
        }
    }
}

/// Attributes of a shape that is filled.
const FULL: &str = "class=\"pic-shape\"";
/// Attributes of a shape that is only an outline.
const HOLLOW: &str =
    "class=\"pic-shape pic-hollow\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"";

fn diamond(svg: &mut Svg, attributes: &str, (x, y): (i32, i32), r: i32) {
    svg.raw(format_args!("<path {attributes} d=\"M{x} {}l{r} {r}l-{r} {r}l-{r} -{r}z\"/>", y - r));
}
