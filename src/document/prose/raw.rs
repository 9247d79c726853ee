//! Raw HTML: what of it is a comment, and what must not reach a reader even where raw HTML is allowed.

use std::ops::Range;

use crate::text::{check_url, unescape_html};

/// A stretch of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    /// `<!-- … -->`, with the place of the words inside.
    Comment { inside: Range<usize> },
    /// Anything else.
    Markup,
}

/// Cuts raw HTML into comments and what is between them. A comment that never ends is markup: it must not
/// swallow the rest of a text unseen.
pub(super) fn stretches(html: &str) -> Vec<(Stretch, Range<usize>)> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut search = 0;
    while let Some(open) = html[search..].find("<!--") {
        let open = search + open;
        let inside = open + 4;
        // The HTML Standard also ends a comment that has just begun: `<!-->` and `<!--->`.
        let (inside, end) = match html[inside..].find("-->") {
            _ if html[inside..].starts_with('>') => (inside..inside, inside + 1),
            _ if html[inside..].starts_with("->") => (inside..inside, inside + 2),
            Some(close) => (inside..inside + close, inside + close + 3),
            None => break,
        };
        if open > from {
            found.push((Stretch::Markup, from..open));
        }
        found.push((Stretch::Comment { inside }, open..end));
        from = end;
        search = end;
    }
    if from < html.len() {
        found.push((Stretch::Markup, from..html.len()));
    }
    found
}

/// What is forbidden in raw HTML, in words for the author, and where. Decides on the safe side: what a browser
/// could read in two ways is forbidden too.
pub(super) fn forbidden(html: &str) -> Option<(String, Range<usize>)> {
    let mut from = 0;
    while let Some(open) = html[from..].find('<') {
        let open = from + open;
        let rest = &html[open + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            from = open + 1;
            continue;
        }
        let Some(tag) = Tag::read(html, open) else {
            return Some(("a tag that never ends".to_owned(), open..open + 1));
        };
        if let Some(what) = tag.forbidden() {
            return Some((what, open..tag.end));
        }
        from = tag.end;
    }
    None
}

/// One tag: its name, its attributes with their values, and where it ends.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    end: usize,
}

impl<'a> Tag<'a> {
    /// Reads the tag whose `<` stands at `open`.
    fn read(html: &'a str, open: usize) -> Option<Tag<'a>> {
        let bytes = html.as_bytes();
        let skip = |mut at: usize, those: &dyn Fn(u8) -> bool| {
            while at < bytes.len() && those(bytes[at]) {
                at += 1;
            }
            at
        };
        let space = |byte: u8| byte.is_ascii_whitespace() || byte == b'/';
        if matches!(bytes.get(open + 1), Some(b'!' | b'?')) {
            let end = open + html[open..].find('>')? + 1;
            return Some(Tag { name: "", attributes: Vec::new(), end });
        }
        let name_start = open + 1 + usize::from(bytes.get(open + 1) == Some(&b'/'));
        let mut at = skip(name_start, &|byte| !space(byte) && byte != b'>');
        let name = &html[name_start..at];
        let mut attributes = Vec::new();
        loop {
            at = skip(at, &space);
            if *bytes.get(at)? == b'>' {
                return Some(Tag { name, attributes, end: at + 1 });
            }
            let start = at;
            at = skip(at + 1, &|byte| !space(byte) && !matches!(byte, b'>' | b'='));
            let attribute = &html[start..at];
            let equals = skip(at, &|byte| byte.is_ascii_whitespace());
            if bytes.get(equals) != Some(&b'=') {
                attributes.push((attribute, ""));
                continue;
            }
            let start = skip(equals + 1, &|byte| byte.is_ascii_whitespace());
            let value = match *bytes.get(start)? {
                quote @ (b'"' | b'\'') => {
                    let len = html[start + 1..].find(char::from(quote))?;
                    at = start + len + 2;
                    &html[start + 1..start + 1 + len]
                }
                _ => {
                    at = skip(start, &|byte| !byte.is_ascii_whitespace() && byte != b'>');
                    &html[start..at]
                }
            };
            attributes.push((attribute, value));
        }
    }

    fn forbidden(&self) -> Option<String> {
        let name = self.name.to_ascii_lowercase();
        if name == "script" {
            return Some("a script".to_owned());
        }
        if matches!(name.as_str(), "base" | "meta" | "object" | "embed" | "plaintext") {
            return Some(format!("`<{name}>`"));
        }
        for (attribute, value) in &self.attributes {
            let attribute = attribute.to_ascii_lowercase();
            if attribute.starts_with("on") {
                return Some(format!("the event attribute `{attribute}`"));
            }
            if attribute == "srcdoc" {
                return Some("the attribute `srcdoc`".to_owned());
            }
            let leads_somewhere = matches!(
                attribute.as_str(),
                "href"
                    | "src"
                    | "action"
                    | "formaction"
                    | "xlink:href"
                    | "data"
                    | "poster"
                    | "ping"
                    | "background"
                    | "to"
                    | "values"
            );
            if leads_somewhere && let Err(problem) = check_url(&unescape_html(value)) {
                return Some(format!("the address in `{attribute}`: {problem}"));
            }
            // `<style title="</style><script>">`: where a browser ends the element decides what the rest is.
            let tag_inside = value.match_indices('<').any(|(at, _)| {
                value[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
            });
            if tag_inside {
                return Some(format!("a tag inside the attribute `{attribute}`"));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_cut_out() {
        let cut = |html: &'static str| -> Vec<&'static str> {
            stretches(html)
                .into_iter()
                .map(|(stretch, range)| match stretch {
                    Stretch::Comment { inside } => &html[inside],
                    Stretch::Markup => &html[range],
                })
                .collect()
        };
        assert_eq!(cut("<b><!-- x --></b>"), ["<b>", " x ", "</b>"]);
        assert_eq!(cut("<!--><i>--><!---><b>"), ["", "<i>-->", "", "<b>"]);
        assert_eq!(cut("<!-- never closed"), ["<!-- never closed"]);
    }

    #[test]
    fn what_could_run_is_forbidden() {
        for bad in [
            "<script>x</script>",
            "</SCRIPT >",
            "<img src=x onerror=alert(1)>",
            "<img/onerror='x'>",
            "<a href='&#106;avascript:x'>",
            "<a href=\" java\nscript:x\">",
            "<iframe srcdoc=x>",
            "<form action=data:text/html,x>",
            "<svg><a xlink:href=javascript:x>",
            "<div title='",
            "<img src=x onerror=alert(1) ",
            "<style title='</style><img onerror=x>'>",
            "<meta http-equiv=refresh>",
        ] {
            assert!(forbidden(bad).is_some(), "{bad}");
        }
        for good in [
            "<div class=\"a>b\">1 < 2</div>",
            "<iframe src=\"https://example.org/x\"></iframe>",
            "a <3",
            "<!doctype x>",
            "<br/>",
        ] {
            assert_eq!(forbidden(good), None, "{good}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(html in "[<>!/a-c='\" -]{0,40}") {
            forbidden(&html);
            stretches(&html);
        }
    }
}
