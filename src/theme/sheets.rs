//! Style sheets as they are published: with the sheets they import, with the names that fonts and pictures are published
//! under, and without comments and line breaks, which readers would load for nothing.

use std::collections::BTreeMap;

/// The text to publish of the sheet `name`. `texts` are all sheets of the theme by name, `urls` the addresses of its other
/// assets.
pub(super) fn publishable(
    name: &str,
    texts: &BTreeMap<&str, &str>,
    urls: &BTreeMap<String, String>,
) -> Vec<u8> {
    let whole = with_imports(name, texts, &mut Vec::new());
    with_fingerprints(&tidy(&whole), name, urls).into_bytes()
}

/// A style sheet with `@import "name";` replaced by the sheet of that name beside it: a browser would ask for one file after
/// the other. Imports of anything else stay, and so does one of a sheet that this one already stands in.
fn with_imports<'t>(sheet: &'t str, texts: &BTreeMap<&'t str, &'t str>, within: &mut Vec<&'t str>) -> String {
    const IMPORT: &str = "@import \"";
    within.push(sheet);
    let dir = sheet.rfind('/').map_or("", |at| &sheet[..=at]);
    let mut rest = texts[sheet];
    let mut out = String::with_capacity(rest.len());
    while let Some(at) = rest.find(IMPORT) {
        let (before, import) = rest.split_at(at);
        out.push_str(before);
        let named = import[IMPORT.len()..].split_once("\";").filter(|(name, _)| !name.contains('/'));
        let beside = named.and_then(|(name, after)| {
            let (name, _) = texts.get_key_value(format!("{dir}{name}").as_str())?;
            (!within.contains(name)).then_some((*name, after))
        });
        match beside {
            Some((name, after)) => {
                out.push_str(&with_imports(name, texts, within));
                rest = after;
            }
            None => {
                out.push_str(IMPORT);
                rest = &import[IMPORT.len()..];
            }
        }
    }
    out.push_str(rest);
    within.pop();
    out
}

/// Replaces `url(name)` in a style sheet by the fingerprinted name, relative to the sheet.
fn with_fingerprints(css: &str, sheet: &str, urls: &BTreeMap<String, String>) -> String {
    let dir = sheet.rsplit_once('/').map_or("", |(dir, _)| dir);
    let mut out = String::with_capacity(css.len() + 64);
    let mut rest = css;
    while let Some(at) = rest.find("url(") {
        let (before, after) = rest.split_at(at + 4);
        out.push_str(before);
        let Some(end) = after.find(')') else {
            rest = after;
            break;
        };
        let written = after[..end].trim().trim_matches(['"', '\'']);
        let name = if dir.is_empty() { written.to_owned() } else { format!("{dir}/{written}") };
        match urls.get(&name) {
            Some(url) => {
                let to = crate::text::relative_url(&format!("/assets/{sheet}"), url, false);
                out.push_str(&to);
            }
            None => out.push_str(&after[..end]),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// A sheet without comments, empty lines and the space at either end of a line. A comment that begins with `/*!` stays, as
/// licences do, and so does whatever stands between quotation marks.
fn tidy(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut quote = None;
    let mut rest = css;
    while let Some(next) = rest.chars().next() {
        let mut length = next.len_utf8();
        match quote {
            Some(_) if next == '\\' => {
                length += rest[length..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..length]);
            }
            Some(mark) => {
                if next == mark {
                    quote = None;
                }
                out.push(next);
            }
            None if rest.starts_with("/*") => {
                length = rest.find("*/").map_or(rest.len(), |at| at + 2);
                if rest.starts_with("/*!") {
                    out.push_str(&rest[..length]);
                } else if !out.is_empty() && !out.ends_with(['{', '}', ';', ',', ' ']) {
                    // What stands on either side must stay two tokens, and no space may come between them.
                    out.push_str("/**/");
                }
            }
            None if next == '\n' => {
                length = rest.len() - rest.trim_start().len();
                out.truncate(out.trim_end().len());
                // Between two words a line break is a space.
                if !out.is_empty() && !out.ends_with(['{', '}', ';', ',']) {
                    out.push(' ');
                }
            }
            None => {
                if matches!(next, '"' | '\'') {
                    quote = Some(next);
                }
                out.push(next);
            }
        }
        rest = &rest[length..];
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_names_fonts_by_their_fingerprint() {
        let urls = BTreeMap::from([("a.woff2".to_owned(), "/assets/a.12345678.woff2".to_owned())]);
        let out = with_fingerprints("@font-face{src:url(\"a.woff2\")}b{c:url(data:x)}", "x.css", &urls);
        assert_eq!(out, "@font-face{src:url(a.12345678.woff2)}b{c:url(data:x)}");
    }

    #[test]
    fn a_style_sheet_holds_those_it_imports_and_no_circle() {
        let texts = BTreeMap::from([
            ("a.css", "@import \"b.css\";\n@import \"https://x.example/c.css\";\n@import \"d/e.css\";\na{}"),
            ("b.css", "@import \"a.css\";b{}"),
            ("d/e.css", "@import \"f.css\";e{}"),
            ("d/f.css", "f{}"),
            ("f.css", "other{}"),
        ]);
        let of = |name| with_imports(name, &texts, &mut Vec::new());
        assert_eq!(
            of("a.css"),
            "@import \"a.css\";b{}\n@import \"https://x.example/c.css\";\n@import \"d/e.css\";\na{}"
        );
        assert_eq!(of("d/e.css"), "f{}e{}");
    }

    #[test]
    fn comments_and_line_breaks_are_not_published() {
        let tidied = |css| tidy(css);
        assert_eq!(tidied("/* a */\n\na,\n  b {\n  c: d;\n  e: f\n}\n"), "a,b {c: d;e: f }");
        assert_eq!(tidied("a/* x */.b c /* y */d"), "a/**/.b c d");
        assert_eq!(tidied("a\nb{c:d}/* \" */\n@media print{}"), "a b{c:d}@media print{}");
        assert_eq!(
            tidied("/*! kept */a::before{content:\"/* \\\" */\"}"),
            "/*! kept */a::before{content:\"/* \\\" */\"}"
        );
        assert_eq!(tidied("a{}\n/* never ended"), "a{}");
    }
}
