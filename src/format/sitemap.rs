//! The sitemap (sitemaps.org, protocol 0.9).

use super::xml::escape;
use crate::model::Site;
use crate::text::percent_encode_path;
use crate::view::sitemap::Sitemap;

/// Writes a sitemap with absolute addresses.
pub(super) fn write(sitemap: &Sitemap, site: &Site) -> String {
    let base = site.base_url.as_deref().unwrap_or("/");
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for url in &sitemap.pages {
        let path: Vec<String> = url.trim_start_matches('/').split('/').map(percent_encode_path).collect();
        out.push_str(&format!("<url><loc>{}</loc></url>\n", escape(&format!("{base}{}", path.join("/")))));
    }
    out.push_str("</urlset>\n");
    out
}
