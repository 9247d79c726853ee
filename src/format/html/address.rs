//! One address of a page: whether it leads into this site, and how it reads from the page.

use std::borrow::Cow;

use crate::model::LinkStyle;
use crate::text::{ByteSet, percent_decode, relative_url};

/// Reads the addresses of one page.
#[derive(Debug)]
pub(super) struct Reader<'p> {
    page_url: &'p str,
    /// How many directories the page stands in.
    depth: usize,
    name_index: bool,
    /// Put before a path instead of making it relative.
    root: Option<&'p str>,
}

/// Where an address leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// Into this site: site-absolute and decoded, without its query; and how to write it, if not as it is.
    Internal { url: String, relative: Option<String> },
    /// To another site, or nowhere that can be checked: mail, telephone, data.
    Other,
}

impl<'p> Reader<'p> {
    /// Reads for the page at a site-absolute, decoded address.
    pub(super) fn new(page_url: &'p str, links: LinkStyle) -> Reader<'p> {
        Reader { page_url, depth: depth(page_url), name_index: links == LinkStyle::Portable, root: None }
    }

    /// Reads for a page that is shown at any address: its paths start at `root`, which ends with a slash.
    pub(super) fn rooted(page_url: &'p str, root: &'p str) -> Reader<'p> {
        Reader { page_url, depth: depth(page_url), name_index: false, root: Some(root) }
    }

    /// Writes a plain address as it reads from the page. It says the same as [`Reader::read`], and asks for no memory.
    pub(super) fn write_plain(&self, Plain { path, fragment }: Plain<'_>, out: &mut String) {
        if let Some(root) = self.root {
            out.push_str(root);
            out.push_str(&path[1..]);
            out.push_str(fragment);
            return;
        }
        // A fragment alone leads to the page itself.
        let names_file = path != self.page_url || fragment.is_empty();
        let (mut n_shared, mut shared) = (0, 1);
        for (idx, (a, b)) in path.bytes().zip(self.page_url.bytes()).enumerate() {
            if a != b {
                break;
            }
            if a == b'/' {
                (n_shared, shared) = (n_shared + 1, idx + 1);
            }
        }
        // Both start with a slash, which is no directory.
        let up = (self.depth + 1).saturating_sub(n_shared.max(1));
        (0..up).for_each(|_| out.push_str("../"));
        out.push_str(&path[shared..]);
        if names_file && self.name_index && path.ends_with('/') {
            out.push_str("index.html");
        } else if names_file && up == 0 && shared == path.len() {
            out.push_str("./");
        }
        out.push_str(fragment);
    }

    /// Reads an address, already unescaped.
    pub(super) fn read(&self, address: &str) -> Address {
        let address = address.trim_matches(|c: char| c.is_ascii_whitespace());
        if address.starts_with("//") || address.starts_with("/\\") {
            return Address::Other;
        }
        if has_scheme(address) {
            return Address::Other;
        }
        let (rest, fragment) = split(address, '#');
        let (path, query) = split(rest, '?');
        let (Some(path), Some(fragment)) = (percent_decode(path), percent_decode(fragment)) else {
            // The link check says that there is no such page.
            return Address::Internal { url: address.to_owned(), relative: None };
        };
        let to = self.site_absolute(&path);
        let relative = path.starts_with('/').then(|| match self.root {
            Some(root) => format!("{root}{}", &address[1..]),
            None => self.relative(&to, query, &fragment),
        });
        Address::Internal { url: format!("{to}{fragment}"), relative }
    }

    /// A path as it is meant from the page, without `.` and `..`.
    fn site_absolute<'t>(&'t self, path: &'t str) -> Cow<'t, str> {
        if path.is_empty() {
            return Cow::Borrowed(self.page_url);
        }
        let dotted = path.split('/').any(|part| part == "." || part == "..");
        if path.starts_with('/') && !dotted {
            return Cow::Borrowed(path);
        }
        let dir = match path.starts_with('/') {
            true => "",
            false => self.page_url.rsplit_once('/').map_or("", |(dir, _)| dir),
        };
        let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
        let mut is_dir = true;
        for part in path.split('/') {
            is_dir = matches!(part, "" | "." | "..");
            match part {
                "" | "." => (),
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let end = if is_dir && !parts.is_empty() { "/" } else { "" };
        Cow::Owned(format!("/{}{end}", parts.join("/")))
    }

    fn relative(&self, to: &str, query: &str, fragment: &str) -> String {
        // A `#` that is part of a path would be read as the start of a fragment, so it travels as a character
        // that no path of ours holds.
        let path = if to.contains('#') { Cow::Owned(to.replace('#', "\u{1}")) } else { Cow::Borrowed(to) };
        let relative = match query.is_empty() {
            true => relative_url(self.page_url, &format!("{path}{fragment}"), self.name_index),
            false => {
                let fragment = relative_url("/", &format!("/{fragment}"), false);
                let fragment = fragment.find('#').map_or("", |at| &fragment[at..]);
                relative_url(self.page_url, &path, self.name_index) + query + fragment
            }
        };
        match path.contains('\u{1}') {
            true => relative.replace("%01", "%23"),
            false => relative,
        }
    }
}

/// An address that is written as nearly all are: from the root, of characters that mean themselves in HTML, in addresses
/// and in relative references, and without dots to resolve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain<'a> {
    path: &'a str,
    /// With its `#`; empty when there is none.
    fragment: &'a str,
}

impl<'a> Plain<'a> {
    /// Takes an address apart; `None` when it is not plain.
    pub(super) fn of(address: &'a str) -> Option<Plain<'a>> {
        let bytes = address.as_bytes();
        if bytes.first() != Some(&b'/') {
            return None;
        }
        let mut before = b'/';
        for (idx, byte) in bytes.iter().enumerate().skip(1) {
            if !IS_WORD.holds(*byte) {
                match byte {
                    b'/' | b'.' if before == b'/' => return None,
                    b'/' | b'.' => (),
                    b'#' => {
                        let (path, fragment) = address.split_at(idx);
                        let is_plain = |byte: &u8| IS_WORD.holds(*byte) || matches!(byte, b'.' | b':');
                        let fits = fragment.len() > 1 && fragment.as_bytes()[1..].iter().all(is_plain);
                        return fits.then_some(Plain { path, fragment });
                    }
                    _ => return None,
                }
            }
            before = *byte;
        }
        Some(Plain { path: address, fragment: "" })
    }
}

/// Letters, digits, `-` and `_`.
static IS_WORD: ByteSet = ByteSet::alphanumeric().and(b"-_");

/// How many directories an address stands in.
fn depth(url: &str) -> usize {
    url.bytes().filter(|byte| *byte == b'/').count().saturating_sub(1)
}

/// An address up to `mark`, and from it on.
fn split(address: &str, mark: char) -> (&str, &str) {
    address.split_at(address.find(mark).unwrap_or(address.len()))
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_addresses_read_the_same_on_both_ways(
            page in "(/[ab]{1,2}){0,3}/(a\\.html)?",
            to in "(/[ab]{1,2}){0,3}/(a\\.html)?(#[a:]{1,2})?",
            style in prop::sample::select(vec![LinkStyle::Clean, LinkStyle::Portable]),
        ) {
            let plain = Plain::of(&to).expect("it is made so");
            for reader in [Reader::new(&page, style), Reader::rooted(&page, "/repo/")] {
                let mut written = String::new();
                reader.write_plain(plain, &mut written);
                prop_assert_eq!(reader.read(&to), Address::Internal { url: to.clone(), relative: Some(written) });
            }
        }
    }

    #[test]
    fn what_has_to_be_looked_at_twice_is_not_plain() {
        for address in [
            "",
            "a/",
            "//a/",
            "/a//",
            "/./a",
            "/a/..",
            "/a?b",
            "/a%20b/",
            "/a#",
            "/a#b/c",
            "/a#b#c",
            "/é/",
            "/a:b/",
            "/a&amp;b/",
        ] {
            assert_eq!(Plain::of(address), None, "{address}");
        }
    }

    #[test]
    fn addresses_are_read_from_their_page() {
        let reader = Reader::new("/r1/meta/", LinkStyle::Clean);
        let internal = |url: &str, relative: Option<&str>| Address::Internal {
            url: url.to_owned(),
            relative: relative.map(str::to_owned),
        };
        for (address, read) in [
            ("/actors/nvidia/#a%20b", internal("/actors/nvidia/#a b", Some("../../actors/nvidia/#a%20b"))),
            ("/r1/meta/#a", internal("/r1/meta/#a", Some("#a"))),
            ("/r1/meta/?x=1#%C3%A9", internal("/r1/meta/#é", Some("./?x=1#%C3%A9"))),
            ("/x/?a=/b#c", internal("/x/#c", Some("../../x/?a=/b#c"))),
            ("/a%23b.png", internal("/a#b.png", Some("../../a%23b.png"))),
            ("/a/../b/./c", internal("/b/c", Some("../../b/c"))),
            ("/%FF/", internal("/%FF/", None)),
            ("#a", internal("/r1/meta/#a", None)),
            ("", internal("/r1/meta/", None)),
            ("../x.css?1", internal("/r1/x.css", None)),
            ("../../../..", internal("/", None)),
            (" https://a.example/ ", Address::Other),
            ("//a.example/", Address::Other),
            ("mailto:a@b", Address::Other),
        ] {
            assert_eq!(reader.read(address), read, "{address}");
        }
        let portable = Reader::new("/r1/meta/", LinkStyle::Portable);
        assert_eq!(portable.read("/r1/?q"), internal("/r1/", Some("../index.html?q")));
    }
}
