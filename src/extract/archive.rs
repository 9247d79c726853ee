//! Addresses of copies in archives: which archive, of what, from when.

use super::ArchiveLink;
use crate::text::{Edtf, check_url};

/// What the address of a copy says of it, if it is one of an archive that we know.
pub fn archive_link(url: &str) -> Option<ArchiveLink> {
    copy(url).map(Copy::link)
}

/// Whether a text is a complete web address.
pub(super) fn is_web(url: &str) -> bool {
    let has_host =
        |scheme: &str| url.strip_prefix(scheme).is_some_and(|it| !it.is_empty() && !it.starts_with('/'));
    (has_host("https://") || has_host("http://"))
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
        && check_url(url).is_ok()
}

/// A page of an archive, by its address.
pub(super) struct Copy {
    url: String,
    at: Option<String>,
    pub(super) by: &'static str,
    pub(super) original: Option<String>,
}

impl Copy {
    /// What a record keeps of it.
    pub(super) fn link(self) -> ArchiveLink {
        ArchiveLink { url: self.url, at: self.at, by: Some(self.by.to_owned()) }
    }
}

const ARCHIVE_TODAY: [&str; 7] =
    ["archive.ph", "archive.today", "archive.is", "archive.li", "archive.vn", "archive.fo", "archive.md"];

/// Takes the address of a copy apart: `https://web.archive.org/web/20250129123456/https://example.org/`.
pub(super) fn copy(url: &str) -> Option<Copy> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    if host == "web.archive.org" {
        let (stamp, original) = path.strip_prefix("web/")?.split_once('/')?;
        // `20250129123456if_` asks for the page without the toolbar; the address to cite has it.
        let digits = stamp.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
        let at = day(digits)?;
        return Some(Copy {
            url: format!("https://web.archive.org/web/{digits}/{original}"),
            at: Some(at),
            by: "Internet Archive",
            original: is_web(original).then(|| original.to_owned()),
        });
    }
    if ARCHIVE_TODAY.contains(&host) && !path.is_empty() {
        let (stamp, original) = path.split_once('/').unwrap_or((path, ""));
        let digits: String = stamp.chars().filter(char::is_ascii_digit).collect();
        return Some(Copy {
            url: url.to_owned(),
            at: day(&digits),
            by: "archive.today",
            original: is_web(original).then(|| original.to_owned()),
        });
    }
    None
}

/// `20250129123456` as a date.
fn day(stamp: &str) -> Option<String> {
    let date = (stamp.len() == 14).then(|| format!("{}-{}-{}", &stamp[..4], &stamp[4..6], &stamp[6..8]))?;
    Edtf::parse(&date).is_ok().then_some(date)
}
