//! A release: every file of a site as it is sent, with what goes with it.
//!
//! The same bytes for the same site on every machine: sorted, one file a line, without a time of its own.

use serde::{Deserialize, Serialize};

use crate::edition::headers::{BYTES, Class, media_type};
use crate::text::{Fingerprint, OutPath};

/// What goes with the bytes of a file over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    /// `Content-Type`.
    #[serde(rename = "type")]
    pub content_type: String,
    /// `Cache-Control`. Empty when the author leaves it to the host.
    #[serde(rename = "cache")]
    pub cache_control: String,
    /// `Content-Disposition`, where the author wishes for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<String>,
    /// `Content-Language`, where the author wishes for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where the page at an old address leads, for hosts that redirect by themselves when they are told so with the file:
    /// S3 as a website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Headers {
    /// Those that our table gives a file of this name.
    pub fn of(path: &str) -> Headers {
        Headers {
            content_type: media_type(path).unwrap_or(BYTES).to_owned(),
            cache_control: Class::of(path).cache_control().to_owned(),
            disposition: None,
            language: None,
            location: None,
        }
    }

    /// The fields by their names in HTTP, without those that there are not.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Headers { content_type, cache_control, disposition, language, location } = self;
        let all = [
            ("Content-Type", Some(content_type)),
            ("Cache-Control", Some(cache_control).filter(|it| !it.is_empty())),
            ("Content-Disposition", disposition.as_ref()),
            ("Content-Language", language.as_ref()),
            ("Location", location.as_ref()),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?.as_str())))
    }

    /// The names of the fields that are others than before.
    pub fn changed_from<'h>(&'h self, before: &'h Headers) -> impl Iterator<Item = &'static str> + 'h {
        let has = |of: &Headers, field: &(&str, &str)| of.named().any(|it| it == *field);
        let new = self.named().filter(move |it| !has(before, it));
        let gone = before.named().filter(move |(name, _)| self.named().all(|it| it.0 != *name));
        new.chain(gone).map(|(name, _)| name)
    }
}

/// One file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Where it stands, from the site's home.
    pub path: OutPath,
    /// How many bytes.
    pub size: u64,
    /// The digest of its bytes.
    #[serde(rename = "blake3", with = "hex")]
    pub fingerprint: Fingerprint,
    /// What goes with it.
    pub headers: Headers,
    /// What the store called these bytes when it took them (an ETag), by which it is seen that somebody else changed the
    /// file. `None` where a store has no such names, and in a release that was not sent yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl File {
    /// A file with the headers of our table.
    pub fn new(path: OutPath, size: u64, fingerprint: Fingerprint) -> File {
        let headers = Headers::of(path.as_str());
        File { path, size, fingerprint, headers, etag: None }
    }

    /// What kind of file it is.
    pub fn class(&self) -> Class {
        Class::of(self.path.as_str())
    }

    /// Whether it counts as a page: `404.html` does too.
    pub fn is_page(&self) -> bool {
        self.path.as_str().ends_with(".html")
    }

    /// Whether it has the same bytes, whatever the headers.
    pub fn holds_same(&self, other: &File) -> bool {
        self.fingerprint == other.fingerprint && self.size == other.size
    }
}

/// A site as it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Its number at this target, from 1: readers of a plan call it `r42`. 0 for one that was not sent yet.
    pub number: u32,
    /// When it went live, in seconds since 1970; 0 for one that was not sent yet.
    pub published: i64,
    /// The site's name.
    pub title: String,
    /// The site's address; empty when it has none.
    pub base_url: String,
    /// The number of the release whose files these are, when it was brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<u32>,
    /// Sorted by path, each path once.
    pub files: Vec<File>,
}

impl Release {
    /// The file at a path.
    pub fn find(&self, path: &str) -> Option<&File> {
        let idx = self.files.binary_search_by(|it| it.path.as_str().cmp(path)).ok()?;
        Some(&self.files[idx])
    }

    /// How many pages it has.
    pub fn n_pages(&self) -> usize {
        self.files.iter().filter(|it| it.is_page()).count()
    }

    /// What people call it.
    pub fn name(&self) -> String {
        format!("r{}", self.number)
    }

    /// A digest of the site and its files, whatever the number and time: equal digests, equal sites.
    pub fn digest(&self) -> Fingerprint {
        let site = [self.title.as_bytes(), self.base_url.as_bytes()];
        let files = self.files.iter().flat_map(|it| {
            let fields = it.headers.named().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
            [it.path.as_str().as_bytes(), &it.fingerprint.bytes()[..]].into_iter().chain(fields)
        });
        Fingerprint::of_parts(site.into_iter().chain(files))
    }

    /// Whether paths are sorted and none comes twice.
    pub(super) fn is_sorted(&self) -> bool {
        self.files.windows(2).all(|it| it[0].path < it[1].path)
    }
}

/// Fingerprints as hexadecimal digits.
pub(super) mod hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::text::Fingerprint;

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(in crate::publish) fn serialize<S: Serializer>(it: &Fingerprint, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&it.hex())
    }

    pub(in crate::publish) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Fingerprint, D::Error> {
        let text = String::deserialize(from)?;
        Fingerprint::from_hex(&text).ok_or_else(|| D::Error::custom("this is no BLAKE3 digest"))
    }
}
