//! Footnotes as HTML: numbered in the order of first reference, each with a way back to every reference.

use super::Writer;
use crate::document::prose::nodes::Footnote;

impl<'p, 'a> Writer<'p, 'a> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let number = self.prose.footnote_of.get(label).and_then(|idx| self.numbers.get(idx).copied());
        let Some(number) = number else {
            self.out.push_str("[^");
            self.text(label);
            return self.out.push(']');
        };
        if !self.whole {
            return;
        }
        let nth = self.n_references.entry(number).or_insert(0);
        *nth += 1;
        let id = reference_id(number, *nth);
        let number = number.to_string();
        self.push(&["<sup class=\"footnote-ref\"><a id=\"", &id, "\" href=\"#fn_", &number]);
        self.push(&["\" role=\"doc-noteref\" aria-label=\"Footnote ", &number, "\">", &number, "</a></sup>"]);
    }

    /// Writes the footnotes that are referred to, each with a way back to every reference.
    pub(super) fn footnotes(&mut self) {
        let mut order: Vec<(usize, usize)> =
            self.numbers.iter().map(|(idx, number)| (*number, *idx)).collect();
        if order.is_empty() {
            return;
        }
        order.sort_unstable();
        let text = std::mem::take(&mut self.out);
        // A footnote may refer to one before it, so ways back are known once all are written.
        let notes: Vec<String> =
            order.iter().map(|(_, idx)| self.footnote(&self.prose.footnotes[*idx])).collect();
        self.out = text;
        self.out
            .push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n");
        for ((number, _), note) in order.iter().zip(notes) {
            let n_references = self.n_references.get(number).copied().unwrap_or(0);
            let back: String = (1..=n_references).map(|nth| way_back(*number, nth, n_references)).collect();
            self.push(&["<li id=\"fn_", &number.to_string(), "\">"]);
            match note.trim_end().strip_suffix("</p>") {
                Some(note) => self.push(&[note, &back, "</p></li>\n"]),
                None => self.push(&[note.trim_end(), &back, "</li>\n"]),
            }
        }
        self.out.push_str("</ol>\n</section>\n");
    }

    fn footnote(&mut self, footnote: &'p Footnote<'a>) -> String {
        self.nodes(&footnote.nodes);
        std::mem::take(&mut self.out)
    }
}

fn reference_id(number: usize, nth: usize) -> String {
    match nth {
        1 => format!("fnref_{number}"),
        _ => format!("fnref_{number}_{nth}"),
    }
}

fn way_back(number: usize, nth: usize, of: usize) -> String {
    let id = reference_id(number, nth);
    let mark = if of > 1 { format!("<sup>{nth}</sup>") } else { String::new() };
    let which = if of > 1 { format!("{number}, {nth} of {of}") } else { number.to_string() };
    format!(
        " <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\" aria-label=\"Back to reference {which}\">↩{mark}</a>"
    )
}
