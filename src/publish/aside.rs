//! What is kept at a target to bring releases back: the bytes that are replaced, and the lists of files.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{Known, is_as_recorded};
use super::plan::{Action, Listed, Operation, Options, Phase, Why};
use super::record::{Earlier, Kept, RECORD, Record, kept_key, release_key};
use super::release::Release;
use crate::text::{Fingerprint, OutPath};

/// What is kept for bringing releases back, and what no longer is.
pub(super) struct KeptAside {
    pub(super) operations: Vec<Operation>,
    pub(super) kept: Vec<Kept>,
    pub(super) earlier: Vec<Earlier>,
    pub(super) forget: Vec<String>,
}

/// Decides what is kept aside. `operations` and `deletions` are those of the site's files.
pub(super) fn keep_aside(
    live: Option<&Release>,
    old: Option<&Record>,
    known: &Known<'_>,
    operations: &[Operation],
    deletions: &[(OutPath, Why)],
    number: u32,
    options: &Options,
) -> KeptAside {
    let keep = if options.prune { 0 } else { options.keep };
    let first = number.saturating_sub(keep);
    let mut aside =
        KeptAside { operations: Vec::new(), kept: Vec::new(), earlier: Vec::new(), forget: Vec::new() };
    let now_earlier =
        live.map(|it| Earlier { number: it.number, published: it.published, pages: it.n_pages() });
    let earlier = old.iter().flat_map(|it| it.earlier.iter().cloned()).chain(now_earlier);
    aside.earlier = earlier.filter(|it| it.number >= first).collect();
    if !options.in_place {
        return aside;
    }
    let mut kept: BTreeMap<Fingerprint, Kept> = BTreeMap::new();
    for it in old.iter().flat_map(|it| &it.kept).filter(|it| it.last >= first) {
        kept.insert(it.fingerprint, it.clone());
    }
    if let Some(live) = live.filter(|_| keep > 0) {
        let replaced = operations.iter().filter_map(|it| match &it.action {
            Action::Send { file, .. } => live.find(file.path.as_str()),
            _ => None,
        });
        let deleted = deletions.iter().filter_map(|(path, _)| live.find(path.as_str()));
        for file in replaced.chain(deleted) {
            let entry = Kept { fingerprint: file.fingerprint, size: file.size, last: live.number };
            // Whoever claimed the path before us kept its bytes before sending others: what is not kept yet still
            // stands there. Bytes that somebody else put there are not ours to keep.
            let key = kept_key(&file.fingerprint);
            let is_kept = known.listing.get(&key).is_some_and(|it| it.size == file.size);
            let is_there =
                known.listing.get(file.path.as_str()).is_some_and(|listed| is_as_recorded(file, listed));
            if !is_kept && !is_there {
                continue;
            }
            let is_first = kept.insert(file.fingerprint, entry).is_none_or(|it| it.last != live.number);
            if !is_kept && is_first {
                let action = Action::Keep { path: file.path.clone(), fingerprint: file.fingerprint };
                aside.operations.push(Operation { phase: Phase::Keep, action });
            }
        }
        let action = Action::KeepList { release: live.clone() };
        aside.operations.push(Operation { phase: Phase::Keep, action });
    }
    aside.kept = kept.into_values().collect();
    aside.forget = unwanted(&aside.kept, &aside.earlier, known.listing);
    aside
}

/// What lies aside at a target, and is neither of these.
pub(super) fn unwanted(
    kept: &[Kept],
    earlier: &[Earlier],
    listing: &BTreeMap<String, Listed>,
) -> Vec<String> {
    let kept = kept.iter().map(|it| kept_key(&it.fingerprint));
    let wanted: BTreeSet<String> = kept.chain(earlier.iter().map(|it| release_key(it.number))).collect();
    let ours = listing.keys().filter(|it| it.starts_with(".rejoinder/") && *it != RECORD);
    ours.filter(|it| !wanted.contains(*it)).cloned().collect()
}
