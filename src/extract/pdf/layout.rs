//! Letters to lines, lines to paragraphs.
//!
//! A PDF says where each letter stands and nothing of words. Distances decide, measured in the size of the letters:
//! a gap is a blank, another height another line, a larger distance between lines another paragraph. When in doubt
//! lines stay together: a quotation may not be torn, while too long a paragraph hurts nobody.

use super::super::inserts;
use super::page::Glyph;

/// A line of a page.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    /// Where it starts, in the frame of its own direction: along the line, and across it, growing downwards.
    start: f64,
    across: f64,
    size: f64,
    direction: (f64, f64),
}

/// A gap wider than this is a blank. Blanks of justified text shrink to 0.2, letters are kerned by up to 0.1.
const BLANK: f64 = 0.13;
/// A gap wider than this lies between columns.
const COLUMN: f64 = 5.0;

/// Where a point lies along and across a direction; across grows downwards, seen from the letters.
fn framed(direction: (f64, f64), x: f64, y: f64) -> (f64, f64) {
    (x * direction.0 + y * direction.1, x * direction.1 - y * direction.0)
}

/// Gathers letters into lines, in the order they were drawn. The marks of footnotes are left out.
pub(super) fn lines<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last: Option<&Glyph> = None;
    let mut in_mark = false;
    for glyph in glyphs {
        let text = visible(&glyph.text);
        let gap = match (last, lines.last()) {
            (Some(last), Some(line)) => gap(last, line, glyph),
            (_, _) => None,
        };
        last = Some(glyph);
        match (gap, lines.last_mut()) {
            (Some(gap), Some(line)) => {
                in_mark =
                    is_mark(line, glyph, &text) && (in_mark || !inserts::is_exponent(&line.text, &text));
                if in_mark {
                    continue;
                }
                let is_spaced =
                    line.text.ends_with(char::is_whitespace) || text.starts_with(char::is_whitespace);
                if gap > BLANK && !is_spaced && !text.is_empty() {
                    line.text.push(' ');
                }
                line.text.push_str(&text);
                if glyph.size > line.size {
                    (line.size, line.across) = (glyph.size, framed(line.direction, glyph.x, glyph.y).1);
                }
            }
            (_, _) => {
                in_mark = false;
                let (start, across) = framed(glyph.direction, glyph.x, glyph.y);
                lines.push(Line { text, start, across, size: glyph.size, direction: glyph.direction });
            }
        }
    }
    lines.retain(|line| !line.text.trim().is_empty());
    lines
}

/// The gap between a line's last letter and the next one, if it stands on the line.
fn gap(last: &Glyph, line: &Line, next: &Glyph) -> Option<f64> {
    if line.direction.0 * next.direction.0 + line.direction.1 * next.direction.1 < 0.95 {
        return None;
    }
    let (start, across) = framed(line.direction, next.x, next.y);
    let (end, _) = framed(line.direction, last.x + last.advance.0, last.y + last.advance.1);
    let size = line.size.max(next.size);
    let gap = (start - end) / size;
    // Raised and lowered letters are smaller.
    let reach = if line.size.min(next.size) < 0.85 * size { 0.75 } else { 0.5 };
    ((across - line.across).abs() < reach * size && (-1.5..COLUMN).contains(&gap)).then_some(gap)
}

/// Whether a letter is a small raised digit.
fn is_mark(line: &Line, glyph: &Glyph, text: &str) -> bool {
    let (_, across) = framed(line.direction, glyph.x, glyph.y);
    let is_digit = text.len() == 1 && text.starts_with(|c: char| c.is_ascii_digit());
    is_digit && glyph.size < 0.9 * line.size && line.across - across > 0.2 * line.size
}

/// A letter's text. A soft hyphen that is drawn is a hyphen; a code that is shown and means a control is nothing.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c == '\u{AD}' { '-' } else { c }).filter(|c| !c.is_control()).collect()
}

/// Gathers lines into paragraphs.
pub(super) fn paragraphs(lines: Vec<Line>, usual: f64) -> Vec<Vec<Line>> {
    let mut paragraphs: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        match paragraphs.last_mut() {
            Some(paragraph) if paragraph.last().is_some_and(|last| belongs(last, &line, usual)) => {
                paragraph.push(line);
            }
            _ => paragraphs.push(vec![line]),
        }
    }
    paragraphs
}

/// The distance between lines that is most frequent on some pages, in the size of their letters.
pub(super) fn usual_leading(pages: &[Vec<Line>]) -> f64 {
    let pairs = pages.iter().flat_map(|lines| lines.windows(2));
    let mut leadings: Vec<f64> = pairs.filter_map(|it| leading(&it[0], &it[1])).collect();
    leadings.sort_by(f64::total_cmp);
    leadings.get(leadings.len() / 2).copied().unwrap_or(1.2)
}

/// The distance of a line from the one above it; `None` when it does not stand below.
fn leading(above: &Line, below: &Line) -> Option<f64> {
    let distance = (below.across - above.across) / above.size.max(below.size);
    let is_same = above.direction.0 * below.direction.0 + above.direction.1 * below.direction.1 > 0.95;
    (is_same && (0.3..3.0).contains(&distance)).then_some(distance)
}

fn belongs(above: &Line, below: &Line, usual: f64) -> bool {
    let larger = above.size.max(below.size) / above.size.min(below.size);
    match leading(above, below) {
        Some(_) if larger > 1.15 => false,
        Some(distance) if distance > usual * 1.3 => false,
        // An indented line behind a full stop.
        Some(_) => !(below.start - above.start > 0.8 * below.size && ends_sentence(&above.text)),
        // The next column.
        None => goes_on(above, below),
    }
}

fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(['"', '”', '’', '\'', '»', ')', ']']);
    bare.ends_with(['.', '!', '?', ':', '。', '！', '？'])
}

/// Whether a line at the top of a page or a column goes on with the sentence of the last one.
pub(super) fn goes_on(last: &Line, first: &Line) -> bool {
    let is_same_size = last.size.max(first.size) / last.size.min(first.size) < 1.15;
    let is_lower = first.text.trim_start().chars().next().is_some_and(char::is_lowercase);
    is_same_size && is_lower && !ends_sentence(&last.text)
}
