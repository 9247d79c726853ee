//! The marks of stances: a shape, a dash pattern and a class each, so that colour is never alone.

use super::svg::Svg;

/// What somebody does towards somebody or something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// ▲ Speaks well of.
    Praise,
    /// ● Gives another meaning to.
    Reframe,
    /// ■ Acts.
    Act,
    /// ▼ Contradicts.
    Dispute,
    /// ◆ Accuses.
    Accuse,
    /// ○ Says nothing.
    Silent,
    /// ◇ Anything else: speaks of, replies, was told.
    Other,
}

impl Mark {
    /// All of them, in the order of legends.
    pub const ALL: [Mark; 7] =
        [Mark::Praise, Mark::Reframe, Mark::Act, Mark::Dispute, Mark::Accuse, Mark::Silent, Mark::Other];

    /// The mark that view models name `praise`, `reframe` …; anything else is [`Mark::Other`].
    pub fn named(name: &str) -> Mark {
        match name {
            "praise" => Mark::Praise,
            "reframe" => Mark::Reframe,
            "act" => Mark::Act,
            "dispute" => Mark::Dispute,
            "accuse" => Mark::Accuse,
            "silent" => Mark::Silent,
            _ => Mark::Other,
        }
    }

    /// The class that carries its colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Mark::Praise => "pic-praise",
            Mark::Reframe => "pic-reframe",
            Mark::Act => "pic-act",
            Mark::Dispute => "pic-dispute",
            Mark::Accuse => "pic-accuse",
            Mark::Silent => "pic-silent",
            Mark::Other => "pic-other",
        }
    }

    /// An attribute with its dash pattern; nothing for unbroken lines.
    pub(super) fn dash(self) -> &'static str {
        match self {
            Mark::Praise | Mark::Other => "",
            Mark::Reframe => " stroke-dasharray=\"14 4 2 4\"",
            Mark::Act => " stroke-dasharray=\"22 4\"",
            Mark::Dispute => " stroke-dasharray=\"8 5\"",
            Mark::Accuse => " stroke-dasharray=\"1 6\" stroke-linecap=\"round\"",
            Mark::Silent => " stroke-dasharray=\"1 10\" stroke-linecap=\"round\"",
        }
    }

    /// Draws its shape around a point, some `size` high and wide. The colour comes from the element around it.
    pub(super) fn draw(self, svg: &mut Svg, (x, y): (i32, i32), size: i32) {
        let r = size / 2;
        match self {
            Mark::Praise => svg.raw(format_args!(
                "<path {FULL} d=\"M{} {}h{}L{x} {}z\"/>",
                x - r,
                y + r - 1,
                2 * r,
                y - r
            )),
            Mark::Dispute => {
                svg.raw(format_args!(
                    "<path {FULL} d=\"M{} {}h{}L{x} {}z\"/>",
                    x - r,
                    y - r + 1,
                    2 * r,
                    y + r
                ));
            }
            Mark::Reframe => svg.raw(format_args!("<circle {FULL} cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>")),
            Mark::Act => {
                let (x, y, side) = (x - r + 1, y - r + 1, 2 * r - 2);
                svg.raw(format_args!(
                    "<rect {FULL} x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\"/>"
                ));
            }
            Mark::Accuse => diamond(svg, FULL, (x, y), r),
            Mark::Silent => svg.raw(format_args!("<circle {HOLLOW} cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>", r - 1)),
            Mark::Other => diamond(svg, HOLLOW, (x, y), r - 1),
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
