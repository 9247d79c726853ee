//! Where a redirect leads: a relative reference, resolved (RFC 3986, section 5.2).
//!
//! ureq takes `mailto:x` for a path of the same host, and would call the page dead that is not there.

use crate::links::address;

/// The address that the `Location` of an answer means; `None` when it is no address of the web.
pub(super) fn target(base: &str, location: &str) -> Option<String> {
    let location = location.trim();
    let location = location.split('#').next().unwrap_or("");
    let (scheme, rest) = base.split_once("://")?;
    let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path_and_query) = rest.split_at(host_end);
    let path = path_and_query.split('?').next().unwrap_or("");
    let written = match location {
        "" => return Some(base.to_owned()),
        it if has_scheme(it) => return address(it),
        it if it.starts_with("//") => return address(&format!("{scheme}:{it}")),
        it if it.starts_with('/') => it.to_owned(),
        it if it.starts_with('?') => format!("{path}{it}"),
        it => format!("{}{it}", &path[..path.rfind('/').map_or(0, |at| at + 1)]),
    };
    let (path, query) = match written.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (written.as_str(), String::new()),
    };
    address(&format!("{scheme}://{authority}{}{query}", without_dots(path)))
}

fn has_scheme(reference: &str) -> bool {
    let before = &reference[..reference.find(['/', '?']).unwrap_or(reference.len())];
    before.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// A path without `.` and `..` (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.trim_start_matches('/').split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_read_as_a_browser_reads_it() {
        let check = |location: &str, expected: Option<&str>| {
            assert_eq!(target("https://a.example/b/c?d", location).as_deref(), expected, "{location}");
        };
        check("https://e.example/f#g", Some("https://e.example/f"));
        check("HTTP://e.example", Some("http://e.example/"));
        check("//e.example/f", Some("https://e.example/f"));
        check("/f", Some("https://a.example/f"));
        check("f?g", Some("https://a.example/b/f?g"));
        check("../f/./g/..", Some("https://a.example/f/"));
        check("../../../f", Some("https://a.example/f"));
        check("?f", Some("https://a.example/b/c?f"));
        check("#f", Some("https://a.example/b/c?d"));
        check("/é f", Some("https://a.example/%C3%A9%20f"));
        check("./f:g", Some("https://a.example/b/f:g"));
        for elsewhere in
            ["mailto:a@example.org", "javascript:x", "intent://x", "ftp://e.example/", "file:///etc/passwd"]
        {
            check(elsewhere, None);
        }
    }
}
