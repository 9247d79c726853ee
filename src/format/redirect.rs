//! Old addresses: a small page that leads on without script, on any host.

use crate::edition::{PageFacts, Rendered, Texts};
use crate::model::{LinkStyle, Site};
use crate::plan::Redirect;
use crate::text::{OutPath, percent_encode_path, relative_url, unescape_html};

/// The page at an old address (HTML, "refresh" pragma; canonical link, RFC 6596).
pub fn redirect(redirect: &Redirect, site: &Site) -> Rendered {
    let is_here = redirect.to.starts_with('/');
    let to = match is_here {
        true => relative_url(&redirect.from.url(), &redirect.to, site.links == LinkStyle::Portable),
        false => redirect.to.clone(),
    };
    let to = crate::text::escape_html(&to).into_owned();
    let page = redirect.to.split('#').next().unwrap_or("");
    let canonical = site.base_url.as_ref().filter(|_| is_here).map_or_else(String::new, |base| {
        let path: Vec<String> = page.trim_start_matches('/').split('/').map(percent_encode_path).collect();
        format!(
            "<link rel=\"canonical\" href=\"{}\">",
            crate::text::escape_html(&format!("{base}{}", path.join("/")))
        )
    });
    let lang = crate::text::escape_html(&site.language);
    let html = format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>This page has moved</title><meta http-equiv=\"refresh\" content=\"0; url={to}\">{canonical}\
         <meta name=\"robots\" content=\"noindex\"></head><body><main><h1>This page has moved</h1><p><a href=\"{to}\">Go to the page</a></p></main></body></html>\n"
    );
    let facts = PageFacts {
        anchors: Texts::default(),
        links: Texts::new(Some(redirect.to.as_str()).filter(|_| is_here)),
    };
    Rendered { path: redirect.from.clone(), bytes: html.into_bytes(), facts }
}

/// Where a page that [`redirect`] made leads, for those who see finished files alone: an address of the site, from its home and
/// percent-encoded, or a complete one. `None` for every other page.
pub fn leads_to(path: &OutPath, bytes: &[u8]) -> Option<String> {
    const BEFORE: &str = "<title>This page has moved</title><meta http-equiv=\"refresh\" content=\"0; url=";
    // The longest address that may be written, and what stands around it.
    let text = std::str::from_utf8(Some(bytes).filter(|it| it.len() < 16_384)?).ok()?;
    let (before, rest) = text.split_once(BEFORE)?;
    if !before.starts_with("<!doctype html><html lang=\"") {
        return None;
    }
    let to = unescape_html(rest.split_once('"')?.0);
    if to.contains("://") {
        return Some(to.into_owned());
    }
    let end = to.find(['?', '#']).unwrap_or(to.len());
    let (to, behind) = to.split_at(end);
    let mut parts: Vec<String> = path.as_str().split('/').map(percent_encode_path).collect();
    parts.pop();
    let mut names = to.split('/').peekable();
    while let Some(name) = names.next() {
        match name {
            "." => (),
            ".." => drop(parts.pop()),
            _ if names.peek().is_none() => {
                let dirs: String = parts.iter().map(|it| format!("{it}/")).collect();
                // Who redirects by themselves shows directories too.
                let name = if name == "index.html" { "" } else { name };
                return Some(format!("/{dirs}{name}{behind}"));
            }
            _ => parts.push(name.to_owned()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_leads_can_be_read_from_it() {
        let cases = [
            ("old/index.html", "/new/", "/new/"),
            ("old/index.html", "/", "/"),
            ("old.html", "/", "/"),
            ("a/b/index.html", "/a/c/#part", "/a/c/#part"),
            ("a/b/index.html", "/a/", "/a/"),
            ("a/ä b/index.html", "/a/ö & c/", "/a/%C3%B6%20&%20c/"),
            ("a/ä b/c/index.html", "/a/ä b/d.pdf", "/a/%C3%A4%20b/d.pdf"),
            ("old/index.html", "https://b.example/x?y=1&z=2#w", "https://b.example/x?y=1&z=2#w"),
        ];
        for links in [LinkStyle::Portable, LinkStyle::Clean] {
            let site = Site { links, ..Site::default() };
            for (from, to, expected) in cases {
                let from = OutPath::new(from).unwrap();
                let page = redirect(&Redirect { from, to: to.to_owned(), status: 301 }, &site);
                assert_eq!(leads_to(&page.path, &page.bytes).as_deref(), Some(expected), "{links:?}");
            }
        }
        let page = OutPath::new("a/index.html").unwrap();
        for other in ["", "<!doctype html><html lang=\"en\"><head><title>Ours</title>", "\u{0}"] {
            assert_eq!(leads_to(&page, other.as_bytes()), None);
        }
    }
}
