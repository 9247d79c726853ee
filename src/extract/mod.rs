//! The words of a saved page: HTML, plain text or the text layer of a PDF, as paragraphs that quotations are
//! looked up in.
//!
//! In: a file's name and its bytes. Out: [`Extracted`], or an [`ExtractProblem`] that says in the user's words why
//! there is no text. Total: no bytes make it panic. Knows nothing of sources, records or quotations, and fetches
//! nothing.
//!
//! # What the text holds
//!
//! - Paragraphs, separated by exactly one blank line. A paragraph is one line; a heading, a list item, a table row
//!   and a block of any other kind are paragraphs too.
//! - Every run of blanks as one space, no blanks at line ends, `\n` at the end, Unicode normal form C. Everything
//!   else as the author typed it: quotation marks, dashes, no-break spaces inside a line become plain spaces.
//! - A hyphen at a line's end (PDF, hard-wrapped text) that may belong to the word or to the line stands as `-`
//!   followed by U+00AD, the soft hyphen: `co-\u{AD}operate`. Without the soft hyphen the text reads
//!   `co-operate`; a reader that cares tries `cooperate` too. If the file holds the joined word elsewhere, and not
//!   the hyphenated one, the hyphen was the line's and is gone.
//! - A text that was cut off ends in `…`.
//!
//! Extracting a text that came out of here, as a `.txt` file, changes nothing.

mod archive;
mod charset;
mod html;
mod inserts;
mod lines;
mod media;
mod paragraphs;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(not(feature = "pdf"))]
#[path = "no_pdf.rs"]
mod pdf;
mod problem;
mod text;

pub use archive::archive_link;
pub use problem::{ExtractProblem, ProblemKind};

/// The largest file that is read: 8 MiB. An article is smaller by far; what is larger is something else.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A web page.
    Html,
    /// Plain text.
    Text,
    /// A PDF.
    Pdf,
}

/// What to do differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Keep the captions of pictures, which are rarely what anybody said.
    pub figcaptions: bool,
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The words; see the module's documentation. Never empty.
    pub text: String,
    /// What the file was read as.
    pub media: Media,
    /// The page's own address, as it names it.
    pub canonical: Option<String>,
    /// Copies of the page that it names: the Wayback Machine's own toolbar, the comment of SingleFile.
    pub archives: Vec<ArchiveLink>,
    /// What the page calls itself.
    pub title: Option<String>,
    /// The day the page was saved, as an EDTF date, if the tool that saved it noted it.
    pub saved: Option<String>,
    /// Whether the text ends in `…`: it is the beginning of something longer.
    pub truncated: bool,
}

/// A copy of a page in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveLink {
    /// Where it is.
    pub url: String,
    /// When it was made, as an EDTF date.
    pub at: Option<String>,
    /// Who keeps it: `Internet Archive`.
    pub by: Option<String>,
}

/// Extracts the words of a file. The name only helps to tell what it is; nothing is opened.
///
/// # Errors
/// When there is no text, or no text that can be read. [`ProblemKind::NoText`] is a file that was understood and
/// holds no words: never a text that a quotation could be found in.
pub fn extract(name: &str, bytes: &[u8], options: &Options) -> Result<Extracted, ExtractProblem> {
    if bytes.len() > MOST_BYTES {
        let message = format!("`{name}` has {} bytes; at most 8 MiB are read", bytes.len());
        let help = "save only the text, as a `.txt` file";
        return Err(ExtractProblem::new(ProblemKind::TooLarge, message, help));
    }
    let media = media::of(name, bytes)?;
    let nothing = Extracted {
        text: String::new(),
        media,
        canonical: None,
        archives: Vec::new(),
        title: None,
        saved: None,
        truncated: false,
    };
    let (paragraphs, extracted) = match media {
        Media::Text => (text::read(name, bytes)?, nothing),
        Media::Pdf => (pdf::read(name, bytes)?, nothing),
        Media::Html => {
            let page = html::read(name, bytes, options)?;
            let meta = page.meta;
            let (canonical, archives, title, saved) = (meta.canonical, meta.archives, meta.title, meta.saved);
            (page.paragraphs, Extracted { canonical, archives, title, saved, ..nothing })
        }
    };
    let paragraphs = inserts::without(paragraphs);
    // Rules and arrows alone are no words.
    if !paragraphs.iter().any(|it| it.contains(char::is_alphanumeric)) {
        let why = match media {
            Media::Text => "it holds no words",
            Media::Html => "the page holds no words outside scripts, menus and what is hidden",
            Media::Pdf => "its pages hold no letters, as a scanner makes them",
        };
        return Err(ExtractProblem::no_text(name, why));
    }
    let truncated = paragraphs.last().is_some_and(|it| is_cut(it));
    Ok(Extracted { text: paragraphs.join("\n\n") + "\n", truncated, ..extracted })
}

/// Whether a last paragraph says that the text goes on elsewhere: `…`, and `[…]` as blogs print it.
fn is_cut(paragraph: &str) -> bool {
    paragraph.trim_end_matches([']', ')']).ends_with('…')
}
