//! Belief: what a target's record says stands there, and which of it a plan has to see with its own eyes.
//!
//! A listing of ten thousand files is eleven requests, one after the other. Where the last run ended well and nobody but us
//! writes, it says what the record says; and where somebody else does, only files that a plan touches can be lost by it.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{Action, Listed, Plan};
use super::record::{Record, kept_key, release_key};

/// How many files a page of a listing holds, with all stores that we know.
const LISTED_AT_ONCE: usize = 1000;

/// What stands at a target if all is as its record says. `None` when the record itself leaves that open: nothing is live, or
/// a run has begun and not ended.
pub(super) fn listing(record: &Record) -> Option<BTreeMap<String, Listed>> {
    if record.live.number == 0 || record.is_unfinished() {
        return None;
    }
    let files = record.live.files.iter().chain(record.retired.iter().map(|it| &it.file));
    let files = files.map(|it| (it.path.to_string(), it.size, it.etag.clone()));
    let kept = record.kept.iter().map(|it| (kept_key(&it.fingerprint), it.size, None));
    // Their sizes make no difference to anybody.
    let lists = record.earlier.iter().map(|it| (release_key(it.number), 0, None));
    let all = files.chain(kept).chain(lists);
    Some(all.map(|(path, size, etag)| (path, Listed { size, etag, fingerprint: None })).collect())
}

/// The files that have to be as a plan believes: those that it writes, copies or deletes, and those that it goes by for the
/// first time since they were live, or kept. `old` is the record that the plan is made for.
pub(super) fn touched(plan: &Plan, old: Option<&Record>) -> BTreeSet<String> {
    let changed = plan.operations.iter().filter_map(|it| match &it.action {
        Action::Send { file, .. } | Action::SetHeaders { file, .. } => Some(file.path.to_string()),
        Action::Keep { path, .. } | Action::Delete { path, .. } => Some(path.to_string()),
        Action::KeepList { .. }
        | Action::SwapRecord
        | Action::Invalidate { .. }
        | Action::Forget { .. }
        | Action::SettleRecord => None,
    });
    // An old asset that is asked for again is not sent again.
    let files = plan.release.files.iter().map(|it| it.path.as_str());
    let back = files.filter(|it| old.is_none_or(|old| old.live.find(it).is_none())).map(str::to_owned);
    // Neither are bytes kept again that are kept already.
    let known: BTreeSet<_> = old.iter().flat_map(|it| &it.kept).map(|it| it.fingerprint).collect();
    let live = old.map_or(0, |it| it.live.number);
    let kept = plan.record.kept.iter().filter(|it| it.last == live && known.contains(&it.fingerprint));
    changed.chain(back).chain(kept.map(|it| kept_key(&it.fingerprint))).collect()
}

/// For how many files asking for each of them, so many at once, is no slower than listing all.
pub(super) fn worth_asking(n_files: usize, at_once: usize) -> usize {
    (n_files / LISTED_AT_ONCE + 1) * at_once
}
