//! Atom feeds (RFC 4287).

use super::xml::escape;
use crate::model::Site;
use crate::text::{percent_encode_path, relative_url};
use crate::view::feed::Feed;

/// Writes a feed. Without a `base_url` its links are relative to the feed itself (RFC 4287, §2 and §4.2.7), which
/// readers resolve; with one they are absolute.
pub(super) fn write(feed: &Feed, site: &Site) -> String {
    let address = |url: &str| {
        let (path, fragment) =
            url.split_once('#').map_or((url, None), |(path, fragment)| (path, Some(fragment)));
        let fragment = fragment.map_or_else(String::new, |it| format!("#{}", percent_encode_path(it)));
        let address = match &site.base_url {
            Some(base) => {
                let parts = path.trim_start_matches('/').split('/').map(percent_encode_path);
                format!("{base}{}{fragment}", parts.collect::<Vec<_>>().join("/"))
            }
            None => relative_url(&feed.url, path, true) + &fragment,
        };
        escape(&address).into_owned()
    };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str(&format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
        escape(&feed.lang)
    ));
    out.push_str(&format!(
        "<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n",
        escape(&feed.id),
        escape(&feed.title),
        feed.updated
    ));
    out.push_str(&format!("<author><name>{}</name></author>\n", escape(&feed.author)));
    out.push_str(&format!(
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n",
        address(&feed.url)
    ));
    out.push_str(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n", address(&feed.page)));
    out.push_str(concat!(
        "<generator uri=\"https://crates.io/crates/rejoinder\" version=\"",
        env!("CARGO_PKG_VERSION"),
        "\">Rejoinder</generator>\n"
    ));
    for entry in &feed.entries {
        out.push_str("<entry>\n");
        out.push_str(&format!(
            "<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n",
            escape(&entry.id),
            escape(&entry.title),
            entry.updated
        ));
        out.push_str(&format!("<author><name>{}</name></author>\n", escape(&entry.author)));
        out.push_str(&format!(
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
            address(&entry.url)
        ));
        out.push_str(&format!(
            "<summary type=\"text\" xml:lang=\"{}\">{}</summary>\n</entry>\n",
            escape(&entry.lang),
            escape(&entry.summary)
        ));
    }
    out.push_str("</feed>\n");
    out
}
