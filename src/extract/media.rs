//! What a file is, by its first bytes and its name.

use super::Media;
use super::problem::{ExtractProblem, ProblemKind};

/// Formats that are often saved by mistake: their first bytes, what they are, what to do instead.
const OTHERS: [(&[u8], &str, &str); 9] = [
    (b"PK\x03\x04", "a zip file or an office document", "save its text as a `.txt` file, or as a PDF"),
    (b"\xD0\xCF\x11\xE0", "an old office document", "save its text as a `.txt` file, or as a PDF"),
    (b"{\\rtf", "a rich text document", "save its text as a `.txt` file, or as a PDF"),
    (b"bplist00", "a web archive of Safari", "save the page as page source, or as a PDF"),
    (b"\x1F\x8B", "compressed", "unpack it first"),
    (b"\x89PNG", "a picture", "save the page itself, or type what it shows into a `.txt` file"),
    (b"\xFF\xD8\xFF", "a picture", "save the page itself, or type what it shows into a `.txt` file"),
    (b"GIF8", "a picture", "save the page itself, or type what it shows into a `.txt` file"),
    (b"RIFF", "a picture or a sound", "save the page itself, or type what it says into a `.txt` file"),
];

/// Tells what a file is. Its bytes count more than its name.
///
/// # Errors
/// When it is of a kind that is not read.
pub(super) fn of(name: &str, bytes: &[u8]) -> Result<Media, ExtractProblem> {
    let unreadable = |what: &str, help: &str| {
        ExtractProblem::new(ProblemKind::Unreadable, format!("`{name}` is {what}"), help)
    };
    // Some servers put a line or two before a PDF's first.
    if bytes[..bytes.len().min(1024)].windows(5).any(|it| it == b"%PDF-") && !looks_like_html(bytes) {
        return Ok(Media::Pdf);
    }
    if let Some((_, what, help)) = OTHERS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Err(unreadable(what, help));
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    if head.contains("mime-version:") && head.contains("multipart/related") {
        let help = "save the page as `Webpage, HTML only` or `Webpage, complete`";
        return Err(unreadable("a web archive (MHTML), which is not read", help));
    }
    let name = name.to_ascii_lowercase();
    if looks_like_html(bytes)
        || [".html", ".htm", ".xhtml", ".xht", ".shtml"].iter().any(|it| name.ends_with(it))
    {
        let is_utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
        if bytes[..bytes.len().min(1024)].contains(&0) && !is_utf16 {
            return Err(unreadable("no web page, though it is called one", "save the page again"));
        }
        return Ok(Media::Html);
    }
    if name.ends_with(".pdf") {
        return Err(unreadable("no PDF, though it is called one", "save the document again"));
    }
    Ok(Media::Text)
}

/// Whether a file starts as web pages do.
fn looks_like_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{FEFF}').trim_start();
    let starts = ["<!doctype html", "<html", "<head", "<body", "<!-- saved from url"];
    starts.iter().any(|it| head.starts_with(it)) || head.starts_with('<') && head.contains("<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_count_more_than_names() {
        for (name, bytes, expected) in [
            ("a.html", b"x".as_slice(), Media::Html),
            ("a.HTM", b"", Media::Html),
            ("a.html", b"%PDF-1.7", Media::Pdf),
            ("a", b"junk\n%PDF-1.4", Media::Pdf),
            ("a.txt", b"\xEF\xBB\xBF\n<!DOCTYPE HTML>", Media::Html),
            ("a.txt", b"<!doctype html><p>%PDF-1.4", Media::Html),
            ("a", b"<?xml version='1.0'?>\n<html xmlns='x'>", Media::Html),
            ("a.txt", b"<3 this", Media::Text),
            ("a.md", b"x", Media::Text),
        ] {
            assert_eq!(of(name, bytes), Ok(expected), "{name}");
        }
        for (name, bytes) in [
            ("a.docx", b"PK\x03\x04".as_slice()),
            ("a.pdf", b"<p>"),
            ("a.mhtml", b"From: <x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;"),
            ("a.html", b"\x00\x01"),
            ("a.html", b"\x89PNG"),
        ] {
            let problem = of(name, bytes).unwrap_err();
            assert!(problem.kind == ProblemKind::Unreadable && problem.message.contains(name), "{problem:?}");
        }
    }
}
