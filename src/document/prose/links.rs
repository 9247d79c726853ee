//! Where a link leads, decided from the words between its brackets.

use std::borrow::Cow;

use crate::model::Target;
use crate::text::{UrlProblem, check_url, percent_decode, percent_encode_path};

/// Where a link or a picture leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Something of this site that has a name.
    Internal { target: Target, anchor: Option<String> },
    /// A file beside the text, and what followed `?` or `#`, which is passed on.
    Asset { path: String, suffix: String },
    /// Another site, mail, telephone.
    External(String),
    /// An address of this site, from its root, or nothing at all.
    Address(String),
    /// Nowhere: the author hears why.
    Refused(Refusal),
}

/// Why a link is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Its address is not allowed.
    Url(UrlProblem),
    /// It names a Markdown file as files are named on disk.
    MarkdownFile,
}

/// Reads the destination of `[text](destination)`, already decoded by the parser.
pub(super) fn destination(url: &str) -> Destination {
    if let Err(problem) = check_url(url) {
        return Destination::Refused(Refusal::Url(problem));
    }
    let url = url.trim_matches(|c: char| c <= ' ');
    if let Some(path) = url.strip_prefix("@/") {
        let (path, anchor) = split_anchor(path);
        return Destination::Internal { target: Target::File(decoded(path)), anchor };
    }
    if let Some(anchor) = url.strip_prefix('#').filter(|anchor| !anchor.is_empty()) {
        return Destination::Internal { target: Target::SamePage, anchor: Some(decoded(anchor)) };
    }
    let path_end = url.find(['?', '#']).unwrap_or(url.len());
    let (path, suffix) = url.split_at(path_end);
    if has_scheme(path) {
        return Destination::External(url.to_owned());
    }
    if ends_with_ignoring_case(path, ".md") || ends_with_ignoring_case(path, ".markdown") {
        return Destination::Refused(Refusal::MarkdownFile);
    }
    if path.is_empty() || path.starts_with('/') {
        return Destination::Address(url.to_owned());
    }
    Destination::Asset { path: decoded(path), suffix: suffix.to_owned() }
}

/// Reads where a picture comes from. Unlike a link, it can only be a file.
pub(super) fn picture(url: &str) -> Destination {
    match destination(url) {
        Destination::Internal { .. } => Destination::Asset { path: decoded(url), suffix: String::new() },
        other => other,
    }
}

/// The file that an address of this site names, from its root and decoded: `/map.png`. `None` for the root itself.
pub(super) fn path_of(address: &str) -> Option<String> {
    let path = &address[..address.find(['?', '#']).unwrap_or(address.len())];
    (path.len() > 1).then(|| decoded(path))
}

/// Reads what stands before the pipe of a wikilink: `id`, `kind:id`, either with `#heading`, or `#heading` alone.
pub(super) fn wikilink(words: &str) -> Destination {
    let words = words.trim();
    let (name, anchor) = split_anchor(words);
    let anchor = anchor.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let name = name.trim();
    if name.is_empty() && anchor.is_some() {
        return Destination::Internal { target: Target::SamePage, anchor };
    }
    let target = match name.split_once(':') {
        Some((kind, id)) => Target::Id { kind: Some(kind.trim().to_owned()), id: id.trim().to_owned() },
        None => Target::Id { kind: None, id: name.to_owned() },
    };
    Destination::Internal { target, anchor }
}

/// An address of this site, given decoded, as it stands in HTML before escaping.
pub(super) fn site_href(url: &str) -> String {
    let (path, fragment) = match url.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (url, None),
    };
    let parts: Vec<String> = path.split('/').map(percent_encode_path).collect();
    let mut href = parts.join("/");
    if let Some(fragment) = fragment {
        href.push('#');
        href.push_str(&percent_encode_path(fragment));
    }
    href
}

/// An address as the author wrote it, as it stands in HTML before escaping: what may not stand in an address is
/// percent-encoded, what is encoded already stays.
pub(super) fn written_href(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-_.~!*'();:@&=+$,/?#%".contains(&byte);
        match plain {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The first part of a host name that mixes Latin letters with Cyrillic or Greek ones: nobody writes so, except to
/// pass for somebody else. Hosts already in punycode are not looked into.
pub(super) fn mixed_script_label(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split(['.', ':']).find(|label| {
        let latin = |c: char| c.is_alphabetic() && matches!(c, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}');
        let look_alike =
            |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{1f00}'..='\u{1fff}');
        label.contains(latin) && label.contains(look_alike)
    })
}

/// An address as text; left as typed where decoding gives none.
fn decoded(text: &str) -> String {
    percent_decode(text).unwrap_or(Cow::Borrowed(text)).into_owned()
}

fn split_anchor(text: &str) -> (&str, Option<String>) {
    match text.split_once('#') {
        Some((before, anchor)) => (before, Some(decoded(anchor)).filter(|it| !it.is_empty())),
        None => (text, None),
    }
}

fn has_scheme(path: &str) -> bool {
    path.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

fn ends_with_ignoring_case(text: &str, ending: &str) -> bool {
    text.len() >= ending.len()
        && text.as_bytes()[text.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(kind: Option<&str>, id: &str) -> Target {
        Target::Id { kind: kind.map(str::to_owned), id: id.to_owned() }
    }

    #[test]
    fn wikilinks_name_a_kind_an_id_and_a_heading() {
        let read = |words| match wikilink(words) {
            Destination::Internal { target, anchor } => (target, anchor),
            other => panic!("{other:?}"),
        };
        assert_eq!(read(" nvidia "), (id(None, "nvidia"), None));
        assert_eq!(read("actor:nvidia#The past"), (id(Some("actor"), "nvidia"), Some("The past".to_owned())));
        assert_eq!(read("#later"), (Target::SamePage, Some("later".to_owned())));
        assert_eq!(read("nvidia#"), (id(None, "nvidia"), None));
    }

    #[test]
    fn destinations_are_told_apart() {
        let file = |path: &str| Target::File(path.to_owned());
        let internal = |target, anchor: Option<&str>| Destination::Internal {
            target,
            anchor: anchor.map(str::to_owned),
        };
        let asset = |path: &str, suffix: &str| Destination::Asset {
            path: path.to_owned(),
            suffix: suffix.to_owned(),
        };
        assert_eq!(destination("@/r1/story.md#a%20b"), internal(file("r1/story.md"), Some("a b")));
        assert_eq!(destination("#%C3%A9t%C3%A9"), internal(Target::SamePage, Some("été")));
        assert_eq!(destination("a%20chart.png?x#y"), asset("a chart.png", "?x#y"));
        assert_eq!(
            destination("https://example.org/a.md"),
            Destination::External("https://example.org/a.md".to_owned())
        );
        assert_eq!(destination("/actors/"), Destination::Address("/actors/".to_owned()));
        assert_eq!(destination(""), Destination::Address(String::new()));
        for bad in ["other.md", "../x/Story.MD#top", "/a/b.markdown", "./x.md?y"] {
            assert_eq!(destination(bad), Destination::Refused(Refusal::MarkdownFile), "{bad}");
        }
        for bad in [
            "javascript:alert(1)",
            " java\nscript:x",
            "//evil.example",
            "\\\\evil",
            "data:text/html,x",
            "vbscript:x",
        ] {
            assert!(matches!(destination(bad), Destination::Refused(Refusal::Url(_))), "{bad:?}");
        }
        assert_eq!(picture("@/a.png"), asset("@/a.png", ""));
    }

    #[test]
    fn hosts_that_mix_scripts_are_noticed() {
        assert_eq!(mixed_script_label("https://ex\u{430}mple.org/"), Some("ex\u{430}mple"));
        assert_eq!(mixed_script_label("https://user:p@w\u{3bf}rld.example:80/x"), Some("w\u{3bf}rld"));
        for honest in [
            "https://пример.рф/x",
            "https://пример.example/",
            "https://münchen.example/\u{430}a",
            "mailto:a@b",
        ] {
            assert_eq!(mixed_script_label(honest), None, "{honest}");
        }
    }

    #[test]
    fn addresses_are_encoded_once() {
        assert_eq!(site_href("/terms/été/#a b"), "/terms/%C3%A9t%C3%A9/#a%20b");
        assert_eq!(
            written_href("https://x.example/a b?q=é%20&c=[1]"),
            "https://x.example/a%20b?q=%C3%A9%20&c=%5B1%5D"
        );
    }
}
