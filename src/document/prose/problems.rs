//! What can be wrong with a text, and how we tell its author.

use std::sync::Arc;

use super::codes::{
    ATTRIBUTE_NOT_ALLOWED, BIDI_IN_PROSE, FOOTNOTE_MISSING, FOOTNOTE_TWICE, FOOTNOTE_UNUSED,
    HEADING_ID_TWICE, HTML_COMMENT, IMAGE_ELSEWHERE, MARKDOWN_FILE_LINK, MIXED_SCRIPT_HOST, NESTED_TOO_DEEP,
    NO_ALT_TEXT, RAW_HTML, RAW_HTML_SCRIPT, UNCLOSED_FENCE, UNSUPPORTED_EMBED, URL_NOT_ALLOWED,
};
use super::links::Refusal;
use crate::diag::{Diagnostic, Place, Report};
use crate::text::{Span, UrlProblem};

/// A problem as the reader of the text finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    FootnoteMissing { label: String },
    FootnoteTwice { label: String, first: Span },
    FootnoteUnused { label: String },
    Refused { url: String, why: Refusal },
    UnsupportedEmbed { target: String },
    MixedScriptHost { label: String },
    Bidi { c: char, quoted: bool },
    NoAltText,
    ImageElsewhere,
    RawHtml,
    RawHtmlScript { what: String },
    HtmlComment,
    UnclosedFence,
    AttributeNotAllowed { name: String },
    HeadingIdTwice { id: String, first: Span },
    NestedTooDeep,
}

/// Tells the author of `file` what was found. Spans count from `offset` of the file.
pub(super) fn report(file: &Arc<str>, offset: usize, found: Vec<(Found, Span)>) -> Report {
    let mut report = Report::new();
    let n_raw = found.iter().filter(|(it, _)| *it == Found::RawHtml).count();
    let n_comments = found.iter().filter(|(it, _)| *it == Found::HtmlComment).count();
    let mut once = [false; 3];
    let mut first_time = |idx: usize| !std::mem::replace(&mut once[idx], true);
    for (problem, span) in found {
        let repeats = match problem {
            Found::RawHtml => !first_time(0),
            Found::HtmlComment => !first_time(1),
            Found::NestedTooDeep => !first_time(2),
            _ => false,
        };
        if !repeats {
            let place = Place::span(file, span.shifted(offset));
            let first_place = |first: Span| Place::span(file, first.shifted(offset));
            report.add(diagnostic(problem, place, &first_place, file, n_raw, n_comments));
        }
    }
    report
}

fn diagnostic(
    problem: Found,
    place: Place,
    place_of: &dyn Fn(Span) -> Place,
    file: &str,
    n_raw: usize,
    n_comments: usize,
) -> Diagnostic {
    match problem {
        Found::FootnoteMissing { label } => {
            Diagnostic::new(&FOOTNOTE_MISSING, place, format!("The footnote `{label}` is not defined"))
                .label("refers to no footnote")
                .help(format!("define it on a line of its own: `[^{label}]: …`"))
                .help(format!("if you mean the characters themselves, write `\\[^{label}]`"))
        }
        Found::FootnoteTwice { label, first } => Diagnostic::new(
            &FOOTNOTE_TWICE,
            place,
            format!("The footnote `{label}` is defined a second time"),
        )
        .label("never printed")
        .also(place_of(first), "this one counts")
        .help("give it a label of its own"),
        Found::FootnoteUnused { label } => {
            Diagnostic::new(&FOOTNOTE_UNUSED, place, format!("Nothing refers to the footnote `{label}`"))
                .label("not printed")
                .help(format!("refer to it with `[^{label}]`, or delete it"))
        }
        Found::Refused { url, why: Refusal::MarkdownFile } => {
            let named = from_content(file, &url);
            Diagnostic::new(
                &MARKDOWN_FILE_LINK,
                place,
                format!("This link names the file `{url}`, not a page"),
            )
            .label("a place on disk")
            .fix(format!("Write `{named}`, counted from the content directory"), named)
        }
        Found::Refused { url, why: Refusal::Url(problem) } => refused_url(place, &url, &problem),
        Found::UnsupportedEmbed { target } => Diagnostic::new(
            &UNSUPPORTED_EMBED,
            place,
            format!("`![[{target}]]` would embed another text, which is not supported"),
        )
        .fix(format!("Link to it: `[[{target}]]`"), format!("[[{target}]]")),
        Found::MixedScriptHost { label } => Diagnostic::new(
            &MIXED_SCRIPT_HOST,
            place,
            format!("The host name part `{label}` mixes Latin letters with letters that only look Latin"),
        )
        .label(escaped(&label))
        .help("copy the address from the site itself"),
        Found::Bidi { c, quoted } => {
            let r#where = if quoted { "quotation" } else { "link" };
            let message = format!(
                "This {where} holds the invisible character U+{:04X}, which changes the order of words",
                u32::from(c)
            );
            Diagnostic::new(&BIDI_IN_PROSE, place, message).fix("Delete it", "")
        }
        Found::NoAltText => {
            Diagnostic::new(&NO_ALT_TEXT, place, "This picture has no text for readers who cannot see it")
                .help("say what it shows between the brackets: `![…](…)`")
        }
        Found::ImageElsewhere => Diagnostic::new(
            &IMAGE_ELSEWHERE,
            place,
            "This image lies on another site, and readers do not see it",
        )
        .label("pages load nothing from elsewhere")
        .help("save it beside this text, if its licence allows that, and name the file: `![…](chart.png)`")
        .help("or link to it: `[…](https://…)`"),
        Found::RawHtml => {
            let message = match n_raw {
                1 => "This text holds HTML, which is shown to readers as typed".to_owned(),
                _ => format!("This text holds HTML in {n_raw} places, which is shown to readers as typed"),
            };
            Diagnostic::new(&RAW_HTML, place, message)
                .help("write it in Markdown, or as code")
                .help("a site that trusts all its authors may say `raw_html: true` in site.yaml")
        }
        Found::RawHtmlScript { what } => Diagnostic::new(
            &RAW_HTML_SCRIPT,
            place,
            format!("This HTML holds {what}, which is never passed to readers"),
        )
        .help("leave it out; programs belong to themes"),
        Found::HtmlComment => {
            let message = match n_comments {
                1 => "This text holds an HTML comment, which is left out of the page".to_owned(),
                _ => format!("This text holds {n_comments} HTML comments, which are left out of the page"),
            };
            Diagnostic::new(&HTML_COMMENT, place, message)
                .help("delete it, or keep it in front matter as a YAML comment")
        }
        Found::UnclosedFence => Diagnostic::new(&UNCLOSED_FENCE, place, "This block of code never ends")
            .label("begins here")
            .help("end it with a line of the same marks"),
        Found::AttributeNotAllowed { name } => Diagnostic::new(
            &ATTRIBUTE_NOT_ALLOWED,
            place,
            format!("The attribute `{name}` of this heading is left out"),
        )
        .help("delete it"),
        Found::HeadingIdTwice { id, first } => {
            Diagnostic::new(&HEADING_ID_TWICE, place, format!("A second heading asks for the id `{id}`"))
                .also(place_of(first), "has it already")
                .help("give it an id of its own")
        }
        Found::NestedTooDeep => {
            Diagnostic::new(&NESTED_TOO_DEEP, place, "Quotations, lists or emphasis are nested too deep here")
                .help("check whether these marks were meant as a rule or as code")
        }
    }
}

fn refused_url(place: Place, url: &str, problem: &UrlProblem) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &URL_NOT_ALLOWED,
        place,
        format!("Readers cannot be sent to `{}`: {problem}", escaped(url)),
    );
    match problem {
        UrlProblem::Scheme(_) => {
            diagnostic.help("use `https`, `http`, `mailto`, `tel`, or an address of this site")
        }
        UrlProblem::SchemeRelative => diagnostic.help("write the address with its scheme: `https://…`"),
        UrlProblem::Hidden(_) => diagnostic.help("delete the invisible character"),
    }
}

/// Text with every character that hides, or imitates an ASCII one, written out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_ascii() && !c.is_control() {
            true => out.push(c),
            false => out.extend(c.escape_unicode()),
        }
    }
    out
}

/// `../events/x.md`, seen from a content file, as `@/…` names it.
fn from_content(file: &str, url: &str) -> String {
    let dir = file.strip_prefix("content/").unwrap_or(file).rsplit_once('/').map_or("", |(dir, _)| dir);
    let (dir, url) = match url.strip_prefix('/') {
        Some(rest) => ("", rest.strip_prefix("content/").unwrap_or(rest)),
        None => (dir, url),
    };
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    let mut above = false;
    for part in url.split('/') {
        match part {
            "" | "." => (),
            ".." => {
                // Above `content/` stands the project, and `../content/` leads back.
                if parts.pop().is_none() {
                    above = true;
                }
            }
            "content" if above && parts.is_empty() => above = false,
            part => parts.push(part),
        }
    }
    format!("@/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_link_is_named_from_the_content_directory() {
        assert_eq!(from_content("content/r1/story.md", "events/x.md#a"), "@/r1/events/x.md#a");
        assert_eq!(from_content("content/r1/reactions/a.md", "../events/x.md"), "@/r1/events/x.md");
        assert_eq!(from_content("content/a.md", "../../x.md"), "@/x.md");
        assert_eq!(from_content("content/a/b.md", "/content/x.md"), "@/x.md");
    }
}
