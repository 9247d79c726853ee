//! Old addresses: a small page that leads on without script, on any host.

use crate::edition::{PageFacts, Rendered, Texts};
use crate::model::{LinkStyle, Site};
use crate::plan::Redirect;
use crate::text::{percent_encode_path, relative_url};

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
