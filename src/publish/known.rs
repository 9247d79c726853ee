//! What stands at a target, path by path: what the record says, held against the listing.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{Listed, Remote};
use super::release::File;
use crate::text::OutPath;

/// What we know to stand at a path.
pub(super) enum There<'a> {
    Nothing,
    Known(&'a File),
    /// Ours, but nobody can tell with which bytes.
    Doubtful,
    Foreign,
}

/// What is known of a target, by path.
pub(super) struct Known<'a> {
    pub(super) listing: &'a BTreeMap<String, Listed>,
    /// Live files and retired ones.
    pub(super) ours: BTreeMap<&'a str, &'a File>,
    doubtful: BTreeSet<&'a str>,
    leaving: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    pub(super) fn new(remote: &'a Remote) -> Known<'a> {
        let record = remote.record.as_ref();
        let live = record.iter().flat_map(|it| &it.live.files);
        let retired = record.iter().flat_map(|it| &it.retired).map(|it| &it.file);
        let claimed = record.iter().filter_map(|it| it.claim.as_ref()).flat_map(|it| &it.paths);
        Known {
            listing: &remote.listing,
            // What is live wins.
            ours: retired.chain(live).map(|it| (it.path.as_str(), it)).collect(),
            doubtful: claimed.map(OutPath::as_str).collect(),
            leaving: record.iter().flat_map(|it| &it.leaving).map(OutPath::as_str).collect(),
        }
    }

    pub(super) fn at(&self, path: &str) -> There<'a> {
        let Some(listed) = self.listing.get(path) else { return There::Nothing };
        match self.ours.get(path) {
            Some(_) if self.doubtful.contains(path) => There::Doubtful,
            Some(file) if is_as_recorded(file, listed) => There::Known(file),
            Some(_) => There::Doubtful,
            None if self.doubtful.contains(path) || self.leaving.contains(path) => There::Doubtful,
            None => There::Foreign,
        }
    }

    /// Whether something of ours stands there that no release has: left by who ended too early.
    pub(super) fn leftovers(&self) -> impl Iterator<Item = &'a str> {
        let all = self.doubtful.iter().chain(&self.leaving).copied().collect::<BTreeSet<_>>();
        let listing = self.listing;
        all.into_iter().filter(move |it| listing.contains_key(*it))
    }
}

/// Whether what a listing says of a file is what the record says of it.
pub(super) fn is_as_recorded(file: &File, listed: &Listed) -> bool {
    let same_name = match (&file.etag, &listed.etag) {
        (Some(recorded), Some(now)) => recorded == now,
        (None, _) | (_, None) => true,
    };
    let same_bytes = listed.fingerprint.is_none_or(|it| it == file.fingerprint);
    file.size == listed.size && same_name && same_bytes
}
