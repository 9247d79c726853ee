//! Finished HTML: internal addresses made relative, and what the page offers and where it leads.
//!
//! In: a page as a template wrote it, in which every internal address is site-absolute (`/actors/nvidia/#history`,
//! percent-encoded). Out: the same bytes but for those addresses, which become relative, so that the site works at
//! `/`, under `/repo/` and from disk; the ids it has; the addresses it leads to. One pass. A tag with the attribute
//! `data-absolute` keeps its addresses and loses that attribute: canonical links, and pages without a fixed place.
//! Knows nothing of which pages there are.
//!
//! The scanner is our own, some 130 lines, and not html5gum: to find 280 attributes in a page of 20 KB took 22 µs of
//! processor time with ours and 116 µs with html5gum's callback emitter, which is 2 s and 12 s for 100,000 pages. Plain
//! addresses, which nearly all are, take a short way of their own. A property test holds the scanner against html5ever, and
//! another the short way against the long one.

mod address;
mod scan;
mod srcset;

use std::borrow::Cow;

use address::{Address, Plain, Reader};
use scan::Scanner;

use crate::edition::Texts;
use crate::model::LinkStyle;
use crate::text::{escape_html, unescape_html};

/// A page as it is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Its bytes.
    pub html: String,
    /// Every id, and every name of an `<a>`: the fragments that lead into the page.
    pub anchors: Texts,
    /// Every address of this site it leads to or shows: site-absolute and decoded, with its fragment and without its
    /// query (`/actors/nvidia/#history`).
    pub links: Texts,
}

/// Makes the internal addresses of a page relative to `page_url`, its own site-absolute address, decoded.
pub fn finish(page_url: &str, html: &str, links: LinkStyle) -> Finished {
    finish_with(&Reader::new(page_url, links), html)
}

/// Does the same for the page that hosts show at whatever address was asked for: relative addresses would lead astray,
/// so each starts at `root`, the path at which the site lives (`/` or `/repo/`).
pub fn finish_rooted(page_url: &str, html: &str, root: &str) -> Finished {
    finish_with(&Reader::rooted(page_url, root), html)
}

fn finish_with(reader: &Reader<'_>, html: &str) -> Finished {
    let mut found = Found::default();
    // A relative address that names a directory's file is some twenty characters longer than an absolute one, and lists have one
    // for every hundred.
    let mut out = String::with_capacity(html.len() + html.len() / 4);
    let mut copied = 0;
    let mut scanner = Scanner::new(html, role);
    let mut attributes = Vec::new();
    while let Some(tag) = scanner.next(&mut attributes) {
        let is_absolute = attributes.iter().any(|it| it.role == Role::Absolute);
        for attribute in &attributes {
            let value = &html[attribute.value.clone()];
            let (place, new) = match attribute.role {
                Role::Name if !tag.name.eq_ignore_ascii_case("a") => continue,
                Role::Id | Role::Name => {
                    found.anchors.push(unescape_html(value));
                    continue;
                }
                Role::Address => match Plain::of(value) {
                    Some(plain) => {
                        found.links.push(Cow::Borrowed(value));
                        if !is_absolute {
                            out.push_str(&html[copied..attribute.value.start]);
                            reader.write_plain(plain, &mut out);
                            copied = attribute.value.end;
                        }
                        continue;
                    }
                    None => {
                        let new = found.read_one(reader, &unescape_html(value));
                        (&attribute.value, new.filter(|_| !is_absolute))
                    }
                },
                Role::Addresses => {
                    let new = found.read_several(reader, &unescape_html(value));
                    (&attribute.value, new.filter(|_| !is_absolute))
                }
                Role::Absolute => (&attribute.whole, Some(String::new())),
            };
            if let Some(new) = new {
                out.push_str(&html[copied..place.start]);
                out.push_str(&escape_html(&new));
                copied = place.end;
            }
        }
    }
    out.push_str(&html[copied..]);
    Finished { html: out, anchors: Texts::new(found.anchors), links: Texts::new(found.links) }
}

/// What was found on a page so far, in order.
#[derive(Default)]
struct Found<'h> {
    anchors: Vec<Cow<'h, str>>,
    links: Vec<Cow<'h, str>>,
}

impl Found<'_> {
    /// Remembers where an address leads, and says what to write instead.
    fn read_one(&mut self, reader: &Reader<'_>, written: &str) -> Option<String> {
        match reader.read(written) {
            Address::Internal { url, relative } => {
                self.links.push(Cow::Owned(url));
                relative
            }
            Address::Other => None,
        }
    }

    /// Does the same for each address of a `srcset`.
    fn read_several(&mut self, reader: &Reader<'_>, written: &str) -> Option<String> {
        let mut out = String::new();
        let mut copied = 0;
        for place in srcset::addresses(written) {
            if let Some(new) = self.read_one(reader, &written[place.clone()]) {
                out.push_str(&written[copied..place.start]);
                out.push_str(&new);
                copied = place.end;
            }
        }
        (copied > 0).then(|| out + &written[copied..])
    }
}

/// What an attribute means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Id,
    /// An anchor, on an `<a>`.
    Name,
    Address,
    /// A `srcset`.
    Addresses,
    Absolute,
}

fn role(name: &[u8]) -> Option<Role> {
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    // Asked of each attribute of a page, so most have to be turned away by length and first letter.
    match (name.len(), name.first()? | 0x20) {
        (2, b'i') if is("id") => Some(Role::Id),
        (4, b'n') if is("name") => Some(Role::Name),
        (4, b'h') if is("href") => Some(Role::Address),
        (3, b's') if is("src") => Some(Role::Address),
        (6, b'p') if is("poster") => Some(Role::Address),
        (6, b's') if is("srcset") => Some(Role::Addresses),
        (11, b'i') if is("imagesrcset") => Some(Role::Addresses),
        // A script that is loaded when somebody asks for it.
        (11, b'd') if is("data-module") => Some(Role::Address),
        (13, b'd') if is("data-absolute") => Some(Role::Absolute),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
