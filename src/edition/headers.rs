//! What goes with a file over HTTP: its media type, its class, and how long it may be kept by those who fetched it.
//!
//! One table for everybody who serves or sends the site: the preview, hosts' files, stores. Names in, words out; nothing
//! is sniffed.

use serde::{Deserialize, Serialize};

use crate::model::Encoding;

/// The media type of a page.
pub const HTML: &str = "text/html; charset=utf-8";

/// The media type of a file whose name says nothing: only bytes, which browsers offer to save.
pub const BYTES: &str = "application/octet-stream";

/// The media type of a file by its ending, with the character set for text; `None` when the ending is unknown, and
/// [`BYTES`] is then all that can be said.
pub fn media_type(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let known = match ending.as_str() {
        "html" | "htm" => HTML,
        "xhtml" => "application/xhtml+xml; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "jsonld" => "application/ld+json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        "rss" => "application/rss+xml; charset=utf-8",
        "txt" | "md" | "log" | "bib" | "ris" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "ogg" | "oga" => "audio/ogg",
        "wav" => "audio/wav",
        "wasm" => "application/wasm",
        "zip" => "application/zip",
        // The index that readers search: read by its own script alone.
        "pagefind" | "pf_filter" | "pf_fragment" | "pf_index" | "pf_meta" => BYTES,
        _ => return None,
    };
    Some(known)
}

/// Whether files of this name become smaller when they are compressed: text does, and WebAssembly. Pictures, fonts and archives
/// are compressed as they are.
pub fn is_compressible(path: &str) -> bool {
    media_type(path).is_some_and(|it| it.ends_with("; charset=utf-8") || it == "application/wasm")
}

/// The file that one of this name is the compressed sibling of, and how it is compressed: `index.html` for `index.html.br`.
/// `None` for all other names. Goes by the name alone: an author may have put such a file there too.
pub fn sibling_of(path: &str) -> Option<(&str, Encoding)> {
    let (plain, ending) = path.rsplit_once('.')?;
    let encoding = Encoding::ALL.into_iter().find(|it| it.name() == ending)?;
    is_compressible(plain).then_some((plain, encoding))
}

/// What kind of file it is to whoever sends or keeps it. The order is that in which classes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Its name holds the digest of its bytes, so it never changes.
    Immutable,
    /// What pages and programs read: JSON, feeds, the sitemap, pictures, documents.
    Data,
    /// A page.
    Html,
    /// What the host or we go by: `404.html`, `_headers`, the record of the release.
    Control,
}

impl Class {
    /// The class of a file of the output. A compressed sibling has that of the file it stands beside.
    pub fn of(path: &str) -> Class {
        let path = sibling_of(path).map_or(path, |(plain, _)| plain);
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_top = !path.contains('/');
        match name {
            _ if path.starts_with(".rejoinder") => Class::Control,
            "404.html" => Class::Control,
            "_headers" | "_redirects" | "CNAME" | ".nojekyll" if is_top => Class::Control,
            _ if is_hashed(path) => Class::Immutable,
            _ if name.ends_with(".html") || name.ends_with(".htm") => Class::Html,
            _ => Class::Data,
        }
    }

    /// The `Cache-Control` of its files (RFC 9111, RFC 5861, RFC 8246).
    pub fn cache_control(self) -> &'static str {
        match self {
            Class::Immutable => "public, max-age=31536000, immutable",
            Class::Data => "public, max-age=300, stale-while-revalidate=3600",
            Class::Html => "public, max-age=0, must-revalidate",
            Class::Control => "no-cache",
        }
    }
}

/// Whether a file's name holds the digest of its bytes, as those of a theme's assets do: `assets/verbatim.1a2b3c4d.css`.
/// Those of images and share cards have more digits. Only files below `assets/` count: a name that an author chose may look so by chance.
fn is_hashed(path: &str) -> bool {
    let Some(name) = path.strip_prefix("assets/") else { return false };
    let parts: Vec<&str> = name.rsplit('/').next().unwrap_or(name).split('.').collect();
    let is_digest =
        |it: &&str| it.len() >= 8 && it.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'a'..=b'f'));
    // The digest stands before the ending, or last where there is no ending.
    match parts.as_slice() {
        [_, digest] => is_digest(digest),
        [_, .., digest, _] => is_digest(digest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_a_class_and_a_type() {
        let cases = [
            ("assets/verbatim.1a2b3c4d.css", Class::Immutable, "text/css; charset=utf-8"),
            ("assets/fonts/a.b.0011aaff.woff2", Class::Immutable, "font/woff2"),
            ("assets/images/loom-480.0011aaff22.webp", Class::Immutable, "image/webp"),
            ("assets/cards/gadget.0011aaff22334455.png", Class::Immutable, "image/png"),
            ("assets/fonts/LICENCE.txt", Class::Data, "text/plain; charset=utf-8"),
            ("assets/verbatim.1A2B3C4D.css", Class::Data, "text/css; charset=utf-8"),
            ("pictures/a.1a2b3c4d.png", Class::Data, "image/png"),
            ("index.html", Class::Html, HTML),
            ("actors/ada/index.html", Class::Html, HTML),
            ("actors/ada/index.json", Class::Data, "application/json; charset=utf-8"),
            ("pagefind/index/en_97ef9ad.pf_index", Class::Data, BYTES),
            ("feed.xml", Class::Data, "application/xml; charset=utf-8"),
            ("404.html", Class::Control, HTML),
            ("de/404.html", Class::Control, HTML),
            (".rejoinder/release.json", Class::Control, "application/json; charset=utf-8"),
        ];
        for (path, class, kind) in cases {
            assert_eq!((Class::of(path), media_type(path)), (class, Some(kind)), "{path}");
        }
        for (path, class) in [
            ("actors/ada/index.html.br", Class::Html),
            ("assets/verbatim.1a2b3c4d.css.gz", Class::Immutable),
            ("feed.xml.gz", Class::Data),
            ("404.html.br", Class::Control),
        ] {
            assert_eq!((Class::of(path), media_type(path)), (class, None), "{path}");
        }
        assert_eq!(media_type("a.blend"), None);
        assert_eq!(media_type("CNAME"), None);
    }

    #[test]
    fn siblings_are_known_by_their_names() {
        assert_eq!(sibling_of("a/index.html.br"), Some(("a/index.html", Encoding::Brotli)));
        assert_eq!(sibling_of("a/data.csv.gz"), Some(("a/data.csv", Encoding::Gzip)));
        for other in ["a/index.html", "a/site.tar.gz", "a/photo.webp.br", "br", ".gz", "a/index.html.zst"] {
            assert_eq!(sibling_of(other), None, "{other}");
        }
        for (path, is) in
            [("a.html", true), ("a.svg", true), ("a.wasm", true), ("a.woff2", false), ("a", false)]
        {
            assert_eq!(is_compressible(path), is, "{path}");
        }
    }

    #[test]
    fn only_what_can_never_change_is_kept_for_a_year() {
        for class in [Class::Immutable, Class::Data, Class::Html, Class::Control] {
            assert_eq!(class.cache_control().contains("immutable"), class == Class::Immutable);
        }
    }
}
