//! Images as HTML: in several sizes where there are several, with room kept for them before they are loaded.

use super::Writer;
use crate::document::prose::links::{Destination, path_of, site_href, written_href};
use crate::document::prose::nodes::{Image, Node, What};
use crate::image::Shown;
use crate::text::escape_html;

/// How wide an image stands on a page at most: a little more than a column of text in our themes, which differ. A theme with other
/// columns shows the same image; the browser only chooses a file that is not the closest.
const SIZES: &str = "(min-width: 44em) 42rem, 100vw";

/// Whether an image is all there is in a paragraph, and has a title: it is then a figure, whose caption the title is. `nodes` starts
/// with the paragraph's content.
pub(super) fn is_figure(nodes: &[Node<'_>]) -> bool {
    let [Node { what: What::Image(image), .. }, Node { what: What::Close, .. }, ..] = nodes else {
        return false;
    };
    !image.title.trim().is_empty()
}

impl<'a> Writer<'_, 'a> {
    /// Writes an image where it stands: in a line of words, or alone.
    pub(super) fn image(&mut self, image: &Image<'a>) {
        let in_figure = std::mem::take(&mut self.in_figure);
        let (src, shown) = match &image.from {
            Destination::External(url) => (written_href(url), None),
            Destination::Address(url) => {
                let path = path_of(url).unwrap_or_default();
                match self.links.image(&path) {
                    Some(shown) if shown.src != path => (site_href(&shown.src), Some(shown)),
                    shown => (written_href(url), shown),
                }
            }
            Destination::Asset { path, suffix } => match (self.links.image(path), self.links.asset(path)) {
                (Some(shown), _) => (site_href(&shown.src) + &written_href(suffix), Some(shown)),
                (None, Some(url)) => (site_href(&url) + &written_href(suffix), None),
                (None, None) => {
                    return self.push(&["<span class=\"unresolved\">", &escape_html(&image.alt), "</span>"]);
                }
            },
            Destination::Internal { .. } | Destination::Refused(_) => return self.text(&image.alt),
        };
        let shown = shown.unwrap_or_default();
        let is_picture = !shown.webp.is_empty();
        if is_picture {
            self.sources(&shown);
        }
        self.push(&["<img src=\"", &escape_html(&src), "\" alt=\"", &escape_html(&image.alt), "\""]);
        if let Some(size) = shown.size {
            self.push(&[
                " width=\"",
                &size.width.to_string(),
                "\" height=\"",
                &size.height.to_string(),
                "\"",
            ]);
        }
        self.out.push_str(" loading=\"lazy\" decoding=\"async\"");
        self.title(if in_figure { "" } else { &image.title });
        if is_picture {
            self.out.push_str("</picture>");
        }
        if in_figure {
            self.push(&["<figcaption>", &escape_html(&image.title), "</figcaption>"]);
        }
    }

    fn sources(&mut self, shown: &Shown) {
        self.out.push_str("<picture><source type=\"image/webp\" srcset=\"");
        for (idx, (url, width)) in shown.webp.iter().enumerate() {
            let comma = if idx == 0 { "" } else { ", " };
            self.push(&[comma, &escape_html(&site_href(url)), " ", &width.to_string(), "w"]);
        }
        self.push(&["\" sizes=\"", SIZES, "\">"]);
    }
}
