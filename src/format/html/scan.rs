//! Finds the start tags of HTML and their attributes, with places.
//!
//! In: any text. Out: one tag after the other, as the HTML Standard's tokenizer would see them (§13.2.5): comments,
//! declarations and the content of elements that hold text (`<script>`, `<style>`, `<title>` …) are passed over. Knows
//! nothing of trees: what it says of a tag inside a foreign element (`<svg><title>`) may differ from a browser's view,
//! in that it passes over more.

use std::ops::Range;

use crate::text::seek;

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'h> {
    /// Its name as written.
    pub(super) name: &'h str,
}

/// An attribute of a tag, by its places in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute<R> {
    /// What it is to the reader.
    pub(super) role: R,
    /// The space before it, its name, and its value.
    pub(super) whole: Range<usize>,
    /// Its value without quotation marks; empty when there is none.
    pub(super) value: Range<usize>,
}

/// Walks over a text from tag to tag.
#[derive(Debug)]
pub(super) struct Scanner<'h, F> {
    html: &'h str,
    at: usize,
    role: F,
}

/// Elements whose content is text up to their own end tag.
const TEXT_ELEMENTS: [&str; 8] =
    ["script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"];

impl<'h, R, F: Fn(&[u8]) -> Option<R>> Scanner<'h, F> {
    /// Starts at the beginning. `role` says by its name what an attribute is to the reader: `None` when he does not want it,
    /// as is the case for four of five.
    pub(super) fn new(html: &'h str, role: F) -> Scanner<'h, F> {
        Scanner { html, at: 0, role }
    }

    /// The next start tag; those of its attributes that are wanted replace what is in `attributes`.
    pub(super) fn next(&mut self, attributes: &mut Vec<Attribute<R>>) -> Option<Tag<'h>> {
        let bytes = self.html.as_bytes();
        loop {
            let open = seek(bytes, self.at, [b'<'])?;
            match bytes.get(open + 1)? {
                b'!' if self.html[open..].starts_with("<!--") => self.at = comment_end(self.html, open),
                b'!' | b'?' => self.at = self.behind(open, ">"),
                b'/' => match bytes.get(open + 2)? {
                    b'a'..=b'z' | b'A'..=b'Z' => self.end_tag(open + 2, attributes)?,
                    _ => self.at = self.behind(open, ">"),
                },
                b'a'..=b'z' | b'A'..=b'Z' => {
                    let name = self.tag(open + 1, attributes)?;
                    self.pass_text_of(name);
                    return Some(Tag { name });
                }
                _ => self.at = open + 1,
            }
        }
    }

    /// Passes over an end tag from its name on. It may have attributes, but nearly none has.
    fn end_tag(&mut self, start: usize, attributes: &mut Vec<Attribute<R>>) -> Option<()> {
        let bytes = self.html.as_bytes();
        let name_end = run(bytes, start, SPACE | SLASH | END)?;
        match bytes[name_end] {
            b'>' => self.at = name_end + 1,
            _ => drop(self.tag(start, attributes)?),
        }
        Some(())
    }

    /// Reads a tag from its name on and leaves `at` behind its `>`. A tag that never ends is none.
    fn tag(&mut self, start: usize, attributes: &mut Vec<Attribute<R>>) -> Option<&'h str> {
        attributes.clear();
        let bytes = self.html.as_bytes();
        let mut at = run(bytes, start, SPACE | SLASH | END)?;
        let tag_name = &self.html[start..at];
        loop {
            let before = at;
            while is(*bytes.get(at)?, SPACE | SLASH) {
                at += 1;
            }
            if bytes[at] == b'>' {
                self.at = at + 1;
                return Some(tag_name);
            }
            let name = at..run(bytes, at + 1, SPACE | SLASH | END | EQUALS)?;
            at = name.end;
            let mut equals = at;
            while is(*bytes.get(equals)?, SPACE) {
                equals += 1;
            }
            let mut value = at..at;
            if bytes[equals] == b'=' {
                let mut start = equals + 1;
                while is(*bytes.get(start)?, SPACE) {
                    start += 1;
                }
                match bytes[start] {
                    quote @ (b'"' | b'\'') => {
                        value = start + 1..seek(bytes, start + 1, [quote])?;
                        at = value.end + 1;
                    }
                    b'>' => {
                        value = start..start;
                        at = start;
                    }
                    _ => {
                        value = start..run(bytes, start, SPACE | END)?;
                        at = value.end;
                    }
                }
            }
            if let Some(role) = (self.role)(&bytes[name]) {
                attributes.push(Attribute { role, whole: before..at, value });
            }
        }
    }

    /// Passes over the content of an element that holds text.
    fn pass_text_of(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("plaintext") {
            self.at = self.html.len();
        }
        // Most tags are shorter, and there are many.
        if name.len() < 3 {
            return;
        }
        let Some(name) = TEXT_ELEMENTS.into_iter().find(|it| it.eq_ignore_ascii_case(name)) else { return };
        let bytes = self.html.as_bytes();
        let mut at = self.at;
        while let Some(open) = seek(bytes, at, [b'<']) {
            at = open + 1;
            if bytes.get(at) != Some(&b'/') {
                continue;
            }
            let after = open + 2 + name.len();
            let ends_here =
                bytes.get(open + 2..after).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()));
            if ends_here && matches!(bytes.get(after), Some(b' ' | b'\t' | b'\n' | b'\r' | 0xc | b'/' | b'>'))
            {
                self.at = open;
                return;
            }
        }
        self.at = self.html.len();
    }

    fn behind(&self, from: usize, end: &str) -> usize {
        self.html[from..].find(end).map_or(self.html.len(), |at| from + at + end.len())
    }
}

const SPACE: u8 = 1;
const SLASH: u8 = 2;
const END: u8 = 4;
const EQUALS: u8 = 8;

/// What each byte means inside a tag.
static MEANINGS: [u8; 256] = {
    let mut all = [0; 256];
    all[b' ' as usize] = SPACE;
    all[b'\t' as usize] = SPACE;
    all[b'\n' as usize] = SPACE;
    all[b'\r' as usize] = SPACE;
    all[0xc] = SPACE;
    all[b'/' as usize] = SLASH;
    all[b'>' as usize] = END;
    all[b'=' as usize] = EQUALS;
    all
};

fn is(byte: u8, meaning: u8) -> bool {
    MEANINGS[byte as usize] & meaning != 0
}

/// Where, from `at` on, the first byte of some meaning stands; `None` when the text ends first.
fn run(bytes: &[u8], at: usize, meanings: u8) -> Option<usize> {
    bytes.get(at..)?.iter().position(|byte| is(*byte, meanings)).map(|len| at + len)
}

/// Where the comment that begins at `open` ends: also at `<!-->`, `<!--->` and `--!>`.
fn comment_end(html: &str, open: usize) -> usize {
    let inside = open + 4;
    for short in [">", "->"] {
        if html[inside..].starts_with(short) {
            return inside + short.len();
        }
    }
    let mut at = inside;
    while let Some(dashes) = html[at..].find("--") {
        at += dashes;
        for end in ["-->", "--!>"] {
            if html[at..].starts_with(end) {
                return at + end.len();
            }
        }
        at += 1;
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(html: &str) -> Vec<String> {
        let name = |name: &[u8]| (name != b"unwanted").then(|| String::from_utf8_lossy(name).into_owned());
        let (mut scanner, mut attributes, mut found) = (Scanner::new(html, name), Vec::new(), Vec::new());
        while let Some(tag) = scanner.next(&mut attributes) {
            let pairs = attributes.iter().map(|it| format!(" {}={}", it.role, &html[it.value.clone()]));
            found.push(format!("{}{}", tag.name, pairs.collect::<String>()));
        }
        found
    }

    #[test]
    fn attributes_are_found_however_they_are_written() {
        assert_eq!(tags("<a href=\"/x>y\" ID='b' c=d/e f>"), ["a href=/x>y ID=b c=d/e f="]);
        assert_eq!(tags("<IMG src = /a/b.png alt=>"), ["IMG src=/a/b.png alt="]);
        assert_eq!(tags("<br/><a/href=x></a href=y><b ='c'>"), ["br", "a href=x", "b ='c'="]);
        assert_eq!(tags("<p\n\tid\n=\nx\n>"), ["p id=x"]);
        assert_eq!(
            tags("<p unwanted='id=\"a\"' id=b unwanted></p unwanted='><i id=c>'><b>"),
            ["p id=b", "b"]
        );
        assert_eq!(tags("1 < 2 <3 </ a><!doctype a><?b c><a never=\"ends>"), [""; 0]);
    }

    #[test]
    fn text_and_comments_hold_no_tags() {
        assert_eq!(tags("<!-- <a> --><!--><b><!---><c><!--d--!><e><!-- <f>"), ["b", "c", "e"]);
        assert_eq!(tags("<script>'<a>'</scripty></SCRIPT ><b>"), ["script", "b"]);
        assert_eq!(
            tags("<title><a></title/><textarea><b></textarea><c><style><d>"),
            ["title", "textarea", "c", "style"]
        );
    }

    proptest::proptest! {
        #[test]
        fn never_panics(html in "[<>!/a-c='\" é-]{0,60}") {
            tags(&html);
        }
    }
}
