//! What a page says of itself: its title, its address, the archive it was saved from.

use super::super::ArchiveLink;
use super::super::archive::{copy, is_web};
use super::tree::{Tree, What};

/// What a page says of itself.
#[derive(Default)]
pub(in super::super) struct Meta {
    pub(in super::super) title: Option<String>,
    pub(in super::super) canonical: Option<String>,
    pub(in super::super) archives: Vec<ArchiveLink>,
    pub(in super::super) saved: Option<String>,
}

/// Reads the head, and the comments that tools leave when they save a page.
pub(super) fn of(tree: &Tree) -> Meta {
    let mut titles = [None, None];
    // By rank: what the page says, then what tools noted.
    let mut addresses: [Option<String>; 4] = [None, None, None, None];
    let mut archived: Vec<String> = Vec::new();
    let mut saved = None;
    for node in tree.all() {
        let attribute = |name| tree.attribute(node, name).map(str::trim);
        match (tree.what(node), tree.name(node)) {
            (_, "title") if titles[1].is_none() => titles[1] = line(tree.raw_text(node)),
            (_, "meta") => {
                match (attribute("property").or_else(|| attribute("name")), attribute("content")) {
                    (Some("og:title"), Some(title)) if titles[0].is_none() => titles[0] = line(title),
                    (Some("og:url"), Some(url)) => keep(&mut addresses[1], url),
                    _ => (),
                }
            }
            (_, "link") => match (attribute("rel"), attribute("href")) {
                (Some(rel), Some(url)) if has_word(rel, "canonical") => keep(&mut addresses[0], url),
                // archive.today names the copy with its date here.
                (Some(rel), Some(url)) if has_word(rel, "bookmark") && copy(url).is_some() => {
                    archived.push(url.to_owned());
                }
                _ => (),
            },
            (_, "script") => archived.extend(wayback_script(tree.raw_text(node))),
            (What::Comment(words), _) => {
                if let Some((url, day)) = single_file(words) {
                    keep(&mut addresses[2], url);
                    saved = saved.or(day);
                }
                if let Some(url) = saved_from(words) {
                    keep(&mut addresses[3], url);
                }
            }
            _ => (),
        }
    }
    let addresses: Vec<String> = addresses.into_iter().flatten().collect();
    archived.extend(addresses.iter().cloned());
    let mut archives: Vec<ArchiveLink> = Vec::new();
    let mut of_originals = Vec::new();
    for url in &archived {
        let Some(mut copy) = copy(url) else { continue };
        of_originals.extend(copy.original.take());
        // A copy with a date says more than the same archive's short address.
        if archives.iter().all(|it| it.by.as_deref() != Some(copy.by)) {
            archives.push(copy.link());
        }
    }
    let original = addresses.into_iter().find(|it| copy(it).is_none());
    let canonical = original.or_else(|| of_originals.into_iter().next());
    let [first, second] = titles;
    Meta { title: first.or(second), canonical, archives, saved }
}

fn has_word(words: &str, wanted: &str) -> bool {
    words.split_whitespace().any(|it| it.eq_ignore_ascii_case(wanted))
}

/// Keeps the first complete web address.
fn keep(place: &mut Option<String>, url: &str) {
    if place.is_none() && is_web(url) {
        *place = Some(url.to_owned());
    }
}

/// Words on one line; `None` when there are none.
fn line(words: &str) -> Option<String> {
    let words: Vec<&str> = words.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The Wayback Machine's script: `__wm.wombat("https://example.org/","20250129123456","https://web.archive.org/",…)`.
fn wayback_script(script: &str) -> Option<String> {
    let arguments = script.split_once("__wm.wombat(")?.1;
    let mut words = arguments.split('"').skip(1).step_by(2);
    let (url, stamp) = (words.next()?, words.next()?);
    Some(format!("https://web.archive.org/web/{stamp}/{url}"))
}

/// SingleFile's comment: the page's address, and the day it was saved.
fn single_file(comment: &str) -> Option<(&str, Option<String>)> {
    let words = comment.trim_start().strip_prefix("Page saved with SingleFile")?;
    let value = |key: &str| words.lines().find_map(|line| line.trim().strip_prefix(key)).map(str::trim);
    let url = value("url:")?;
    // As JavaScript prints dates: `Wed Jan 29 2025 12:00:00 GMT+0100 (…)`.
    let day = value("saved date:").and_then(|it| {
        let parts: Vec<&str> = it.split_whitespace().collect();
        let [_, month, day, year, ..] = parts.as_slice() else { return None };
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = months.iter().position(|it| it == month)? + 1;
        let date = format!("{year}-{month:02}-{day:0>2}");
        crate::text::Edtf::parse(&date).is_ok().then_some(date)
    });
    Some((url, day))
}

/// What Chromium writes on top of a page: `saved from url=(0023)https://example.org/`.
fn saved_from(comment: &str) -> Option<&str> {
    let words = comment.trim().strip_prefix("saved from url=(")?;
    Some(words.split_once(')')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;

    fn meta(page: &str) -> Meta {
        of(&parse(page).unwrap())
    }

    fn archives(page: &str) -> Vec<(String, Option<String>, Option<String>)> {
        meta(page).archives.into_iter().map(|it| (it.url, it.at, it.by)).collect()
    }

    #[test]
    fn the_address_is_what_the_page_says_then_what_tools_noted() {
        let canonical = |page: &str| meta(page).canonical;
        let own = "<link rel='shortlink canonical' href=' https://a.example/x '><meta property=og:url content=https://b.example/>";
        assert_eq!(canonical(own).as_deref(), Some("https://a.example/x"));
        assert_eq!(
            canonical("<meta property=og:url content=https://b.example/>").as_deref(),
            Some("https://b.example/")
        );
        assert_eq!(
            canonical("<!-- saved from url=(0020)https://c.example/ --><html>").as_deref(),
            Some("https://c.example/")
        );
        for odd in ["/x", "javascript:x", "https://", "https:///x", "https://a.example/ b", ""] {
            assert_eq!(canonical(&format!("<link rel=canonical href='{odd}'>")), None, "{odd}");
        }
    }

    #[test]
    fn a_page_of_an_archive_names_its_copy_and_the_original() {
        let wayback =
            |url: &str| (url.to_owned(), Some("2025-01-29".to_owned()), Some("Internet Archive".to_owned()));
        let copy = "https://web.archive.org/web/20250129123456/https://a.example/x";
        let page = "<link rel=canonical href=https://web.archive.org/web/20250129123456if_/https://a.example/x>\
            <script>__wm.init(\"y\");\n  __wm.wombat(\"https://a.example/x\",\"20250129123456\",\"https://web.archive.org/\");</script>";
        assert_eq!(archives(page), [wayback(copy)]);
        assert_eq!(meta(page).canonical.as_deref(), Some("https://a.example/x"));
        let today = "<link rel=canonical href=https://archive.ph/abcde><link rel=bookmark href=http://archive.today/20250129080000/https://a.example/x>";
        assert_eq!(archives(today)[0].0, "http://archive.today/20250129080000/https://a.example/x");
        assert_eq!(archives(today)[0].1.as_deref(), Some("2025-01-29"));
        assert_eq!(meta(today).canonical.as_deref(), Some("https://a.example/x"));
        for odd in [
            "https://web.archive.org/web/2025*/https://a.example/",
            "https://web.archive.org/",
            "https://archive.ph/",
        ] {
            assert!(archives(&format!("<link rel=canonical href={odd}>")).is_empty(), "{odd}");
        }
    }

    #[test]
    fn a_page_saved_with_single_file_says_when() {
        let page = "<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n url: https://a.example/x \n saved date: Sun Feb 2 2025 23:59:00 GMT+0100 (CET)\n-->";
        let meta = meta(page);
        assert_eq!(
            (meta.canonical.as_deref(), meta.saved.as_deref()),
            (Some("https://a.example/x"), Some("2025-02-02"))
        );
    }

    #[test]
    fn the_title_is_one_line() {
        assert_eq!(
            meta("<title> A\n &amp;  B </title><svg><title>x</title></svg>").title.as_deref(),
            Some("A & B")
        );
        assert_eq!(
            meta("<title>A | Site</title><meta property=og:title content=A>").title.as_deref(),
            Some("A")
        );
        assert_eq!(meta("<p>x").title, None);
    }
}
