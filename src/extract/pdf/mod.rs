//! The text layer of a PDF, as paragraphs.
//!
//! hayro-syntax takes the file apart; the files here do what a PDF leaves to its reader: which letters a font's codes
//! mean (`font`, `glyphs`), where each letter stands (`page`), and which letters make a line and which lines a
//! paragraph (`layout`). Lines stay in the order the file has them, which is how columns are read.

mod font;
mod glyphs;
mod layout;
mod page;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::{LoadPdfError, Pdf};

use super::lines::{self, Words};
use super::paragraphs::Paragraphs;
use super::problem::{ExtractProblem, ProblemKind};
use layout::Line;

/// Reads the text layer of a PDF.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<String>, ExtractProblem> {
    // The library is careful, but not ours: a panic of it must not end the program.
    match catch_unwind(AssertUnwindSafe(|| read_pages(name, bytes))) {
        Ok(read) => read,
        Err(_) => Err(damaged(name)),
    }
}

fn damaged(name: &str) -> ExtractProblem {
    let message = format!("`{name}` is a PDF that cannot be read: it is damaged");
    ExtractProblem::new(ProblemKind::Unreadable, message, "fetch it again, or save its text as a `.txt` file")
}

fn read_pages(name: &str, bytes: &[u8]) -> Result<Vec<String>, ExtractProblem> {
    let pdf = Pdf::new(bytes.to_owned()).map_err(|error| match error {
        LoadPdfError::Invalid => damaged(name),
        LoadPdfError::Decryption(_) => {
            let message = format!("`{name}` is locked with a password");
            let help = "save it without one, or save its text as a `.txt` file";
            ExtractProblem::new(ProblemKind::Unreadable, message, help)
        }
    })?;
    let mut budget = page::Budget::default();
    let drawn: Vec<page::Drawn> = pdf.pages().iter().map(|it| page::draw(it, &mut budget)).collect();
    let glyphs = || drawn.iter().flat_map(|it| &it.glyphs);
    // Page numbers and running titles, if the PDF says that they are; all there is, if it says so of everything.
    let only_artifacts = glyphs().all(|it| it.is_artifact);
    let n_unknown = glyphs().filter(|it| it.text == UNKNOWN).count();
    if n_unknown > 0 && 2 * n_unknown > glyphs().count() {
        return Err(ExtractProblem::no_text(name, "it does not say which letters its shapes are"));
    }
    let pages = drawn.iter().map(|it| {
        let glyphs = it.glyphs.iter().filter(|it| only_artifacts || !it.is_artifact);
        layout::lines(glyphs)
    });
    let pages: Vec<Vec<Line>> = pages.collect();
    let usual = layout::usual_leading(&pages);
    let paragraphs = joined_pages(pages.into_iter().map(|it| layout::paragraphs(it, usual)).collect());
    let words = Words::of(paragraphs.iter().flatten().map(|it| it.text.as_str()));
    let mut out = Paragraphs::default();
    for lines in &paragraphs {
        let lines: Vec<&str> = lines.iter().map(|it| it.text.as_str()).collect();
        out.push(&lines::join(&lines, &words));
        out.end();
    }
    Ok(out.finish())
}

/// A letter that the PDF does not name. It matches nothing, so that no quotation is found in guesses.
const UNKNOWN: &str = "\u{FFFD}";

/// The paragraphs of all pages; one that goes on behind a page's end is joined.
fn joined_pages(pages: Vec<Vec<Vec<Line>>>) -> Vec<Vec<Line>> {
    let mut all: Vec<Vec<Line>> = Vec::new();
    for mut paragraphs in pages {
        let goes_on =
            match (all.last().and_then(|it| it.last()), paragraphs.first().and_then(|it| it.first())) {
                (Some(last), Some(first)) => layout::goes_on(last, first),
                (_, None) | (None, _) => false,
            };
        if goes_on && let Some(last) = all.last_mut() {
            last.extend(paragraphs.remove(0));
        }
        all.extend(paragraphs);
    }
    all
}
