//! Pages on their way to a browser: the preview's script is added, and the page's own policy lets it in. The output on disk
//! never has either.

use std::ops::Range;

use super::policy::{ScriptSource, widen};
use crate::text::{Fingerprint, escape_html, unescape_html};

/// What the script is told about the page it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    /// Where the script is: a path of this origin.
    pub(super) path: String,
    /// The same, as policies name it.
    pub(super) source: ScriptSource,
    /// What the page is.
    pub(super) digests: Digests,
    /// The state of everything when the page was answered.
    pub(super) revision: u64,
}

/// By what a tab knows whether its page changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Digests {
    /// Of the whole answer; empty for a page that stands for another one that cannot be made.
    pub(super) page: String,
    /// Of the page from its body on: a new style sheet changes only what stands before.
    pub(super) body: String,
}

impl Digests {
    /// Of a file with a status. The same bytes as a page and as the page for lost addresses are different answers.
    pub(super) fn of(path: &str, status: u16, bytes: &[u8]) -> Digests {
        let parts = [path.as_bytes(), &status.to_le_bytes()[..], bytes];
        let body = find(bytes, b"<body").unwrap_or(0);
        Digests {
            page: Fingerprint::of_parts(parts).hex()[..16].to_owned(),
            body: Fingerprint::of(&bytes[body..]).hex()[..16].to_owned(),
        }
    }
}

/// The page with the script before the end of its body, or at its end when it has none, and its policies widened.
pub(super) fn with_script(html: &[u8], script: &Script) -> Vec<u8> {
    let element = format!(
        "<script src=\"{}\" nonce=\"{}\" data-page=\"{}\" data-body=\"{}\" data-revision=\"{}\" async=\"\"></script>",
        escape_html(&script.path),
        escape_html(&script.source.nonce),
        script.digests.page,
        script.digests.body,
        script.revision,
    );
    let mut out = Vec::with_capacity(html.len() + element.len() + 256);
    let mut done = 0;
    for content in policies(html) {
        out.extend_from_slice(&html[done..content.start]);
        let policy = String::from_utf8_lossy(&html[content.clone()]);
        out.extend_from_slice(escape_html(&widen(&unescape_html(&policy), &script.source)).as_bytes());
        done = content.end;
    }
    let end = find_last(html, b"</body").filter(|at| *at >= done).unwrap_or(html.len());
    out.extend_from_slice(&html[done..end]);
    out.extend_from_slice(element.as_bytes());
    out.extend_from_slice(&html[end..]);
    out
}

/// Where the values of policies stand in a page. Browsers heed such an element in the head only
/// (HTML Standard, §4.2.5.3), so that is as far as we look.
fn policies(html: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = find(&html[at..], b"<").map(|it| at + it) {
        let rest = &html[start..];
        let skip_to = |end: &[u8]| find(rest, end).map_or(html.len(), |it| start + it + end.len());
        at = match rest {
            _ if starts(rest, b"<!--") => skip_to(b"-->"),
            _ if starts(rest, b"<body") || starts(rest, b"</head") => break,
            _ if starts(rest, b"<script") => skip_to(b"</script"),
            _ if starts(rest, b"<style") => skip_to(b"</style"),
            _ if starts(rest, b"<title") => skip_to(b"</title"),
            _ if starts(rest, b"<meta") => {
                let (attributes, end) = attributes(html, start + b"<meta".len());
                let value = |name: &[u8]| {
                    let found =
                        attributes.iter().find(|(key, _)| html[key.clone()].eq_ignore_ascii_case(name));
                    found.map(|(_, value)| value.clone())
                };
                let is_policy = value(b"http-equiv")
                    .is_some_and(|it| html[it].trim_ascii().eq_ignore_ascii_case(b"content-security-policy"));
                found.extend(value(b"content").filter(|it| is_policy && !it.is_empty()));
                end
            }
            _ => start + 1,
        };
    }
    found
}

/// Where an attribute's name and its value stand.
type Attribute = (Range<usize>, Range<usize>);

/// The attributes of a tag from behind its name on, as ranges of name and value, and where the tag ends.
fn attributes(html: &[u8], mut at: usize) -> (Vec<Attribute>, usize) {
    let mut found = Vec::new();
    let until = |from: usize, stops: &dyn Fn(u8) -> bool| {
        html[from..].iter().position(|it| stops(*it)).map_or(html.len(), |it| from + it)
    };
    loop {
        at = until(at, &|it| !it.is_ascii_whitespace() && it != b'/');
        match html.get(at) {
            None => return (found, html.len()),
            Some(b'>') => return (found, at + 1),
            Some(_) => (),
        }
        let name = at..until(at + 1, &|it| it.is_ascii_whitespace() || matches!(it, b'=' | b'>' | b'/'));
        at = until(name.end, &|it| !it.is_ascii_whitespace());
        if html.get(at) != Some(&b'=') {
            found.push((name.clone(), name.end..name.end));
            continue;
        }
        at = until(at + 1, &|it| !it.is_ascii_whitespace());
        let value = match html.get(at) {
            Some(quote @ (b'"' | b'\'')) => at + 1..until(at + 1, &|it| it == *quote),
            _ => at..until(at, &|it| it.is_ascii_whitespace() || it == b'>'),
        };
        let is_quoted = value.start > at;
        at = (value.end + usize::from(is_quoted)).min(html.len());
        found.push((name, value));
    }
}

fn starts(text: &[u8], with: &[u8]) -> bool {
    text.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with))
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|it| it.eq_ignore_ascii_case(needle))
}

fn find_last(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).rposition(|it| it.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let script = Script {
            path: "/s.js".to_owned(),
            source: ScriptSource { url: "http://h/s.js".to_owned(), nonce: "n".to_owned() },
            digests: Digests { page: "p".to_owned(), body: "b".to_owned() },
            revision: 3,
        };
        let page = String::from_utf8(with_script(html.as_bytes(), &script)).unwrap();
        page.replace(
            "<script src=\"/s.js\" nonce=\"n\" data-page=\"p\" data-body=\"b\" data-revision=\"3\" async=\"\"></script>",
            "#",
        )
    }

    #[test]
    fn the_script_stands_at_the_end_of_any_page() {
        for (page, expected) in [
            ("", "#"),
            ("words", "words#"),
            ("<p>a<p>b", "<p>a<p>b#"),
            ("<body>a</body></html>", "<body>a#</body></html>"),
            ("<BODY>a</BODY >", "<BODY>a#</BODY >"),
            ("<body>`</body>` in words</body>", "<body>`</body>` in words#</body>"),
        ] {
            assert_eq!(shown(page), expected);
        }
    }

    #[test]
    fn each_policy_in_the_head_lets_it_in() {
        let wide = "default-src &#39;none&#39;; script-src-elem http://h/s.js; connect-src &#39;self&#39;";
        for (page, expected) in [
            (
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"><body>",
                format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{wide}\"><body>#"),
            ),
            (
                "<META content='default-src &#39;none&#39;' HTTP-EQUIV=content-security-policy /></head>",
                format!("<META content='{wide}' HTTP-EQUIV=content-security-policy /></head>#"),
            ),
            (
                "<!-- <meta http-equiv=content-security-policy content=x> --><meta name=a content=\"b>c\"><meta",
                "<!-- <meta http-equiv=content-security-policy content=x> --><meta name=a content=\"b>c\"><meta#".to_owned(),
            ),
            (
                "<body><meta http-equiv=content-security-policy content=\"default-src 'none'\">",
                "<body><meta http-equiv=content-security-policy content=\"default-src 'none'\">#".to_owned(),
            ),
        ] {
            assert_eq!(shown(page), expected);
        }
    }

    #[test]
    fn a_new_style_sheet_leaves_the_body_as_it_was() {
        let of = |page: &str| Digests::of("index.html", 200, page.as_bytes());
        let (old, new) = (of("<link a><BODY>x"), of("<link b><BODY>x"));
        assert_ne!(old.page, new.page);
        assert_eq!(old.body, new.body);
        assert_ne!(of("<body>x").body, of("<body>y").body);
        assert_ne!(of("x").page, Digests::of("404.html", 404, b"x").page);
    }
}
