//! Writing SVG: elements with escaped text, and nothing that a strict policy or a second picture would trip over.
//!
//! No ids, so that any number of pictures can stand on one page; no `style` attributes and no `<style>`, which
//! `style-src 'self'` forbids. Looks come from classes, and from presentation attributes where a picture must be
//! readable without any style sheet.

use std::fmt::Write as _;

use crate::text::escape_html;

/// An SVG under way.
pub(super) struct Svg {
    class: String,
    size: (i32, i32),
    has_links: bool,
    /// What stands inside of it so far.
    inside: String,
}

impl Svg {
    /// Opens a picture of a size, with what it shows in a few words and in a sentence or two.
    pub(super) fn new(class: &str, size: (i32, i32), title: &str, says: &str) -> Svg {
        let mut svg =
            Svg { class: class.to_owned(), size, has_links: false, inside: String::with_capacity(4 << 10) };
        svg.element("title", title);
        svg.element("desc", says);
        svg
    }

    /// Appends markup as it is: for elements that hold nothing but numbers and our own words.
    pub(super) fn raw(&mut self, markup: std::fmt::Arguments<'_>) {
        self.inside.write_fmt(markup).expect("writing to a string does not fail");
    }

    /// Appends an element that holds text.
    pub(super) fn element(&mut self, name: &str, text: &str) {
        self.raw(format_args!("<{name}>"));
        self.text(text);
        self.raw(format_args!("</{name}>"));
    }

    /// A label at a point. `anchor` is `start`, `middle` or `end`.
    pub(super) fn label(&mut self, (x, y): (i32, i32), anchor: &str, text: &str) {
        self.raw(format_args!("<text x=\"{x}\" y=\"{y}\""));
        if anchor != "start" {
            self.raw(format_args!(" text-anchor=\"{anchor}\""));
        }
        self.raw(format_args!(">"));
        self.text(text);
        self.raw(format_args!("</text>"));
    }

    /// A small label, of [`SMALL`] size, with a class of its own.
    pub(super) fn small(&mut self, class: &str, at: (i32, i32), anchor: &str, text: &str) {
        self.raw(format_args!("<g class=\"{class}\" font-size=\"{SMALL}\">"));
        self.label(at, anchor, text);
        self.raw(format_args!("</g>"));
    }

    /// Opens a link, or a group when there is nowhere to go, that says more when it is pointed at.
    ///
    /// Links are left out of the order of the Tab key: the list beside the picture has each of them.
    pub(super) fn open(&mut self, url: Option<&str>, class: &str, title: &str) {
        match url {
            Some(url) => {
                self.has_links = true;
                self.raw(format_args!("<a class=\"{class}\" tabindex=\"-1\" href=\""));
                self.text(url);
                self.raw(format_args!("\">"));
            }
            None => self.raw(format_args!("<g class=\"{class}\">")),
        }
        self.element("title", title);
    }

    /// Closes what [`Svg::open`] opened.
    pub(super) fn close(&mut self, url: Option<&str>) {
        self.raw(format_args!("{}", if url.is_some() { "</a>" } else { "</g>" }));
    }

    /// Ends the picture: one image, in which ARIA makes everything presentational, or a group of links, which inside `img`
    /// could not be reached (ARIA 1.2, "Children Presentational").
    pub(super) fn finish(self) -> String {
        let Svg { class, size: (width, height), has_links, inside } = self;
        let role = if has_links { "group" } else { "img" };
        // A page that runs right to left would swap the anchors of texts.
        format!(
            "<svg class=\"pic {class}\" role=\"{role}\" direction=\"ltr\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-size=\"{FONT}\" fill=\"currentColor\">{inside}</svg>"
        )
    }

    fn text(&mut self, text: &str) {
        // XML 1.0 has no way to write most control characters, not even as references (section 2.2).
        let forbidden = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
        if text.contains(forbidden) {
            let clean: String = text.chars().map(|c| if forbidden(c) { ' ' } else { c }).collect();
            self.inside.push_str(&escape_html(&clean));
        } else {
            self.inside.push_str(&escape_html(text));
        }
    }
}

/// The size of names.
pub(super) const FONT: i32 = 14;
/// The size of ticks, counts and legends.
pub(super) const SMALL: i32 = 12;

/// A count as a length. Pictures are bounded, so that this never has to give in.
pub(super) fn px(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
