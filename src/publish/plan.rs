//! The plan: one pure function from what is built, what is live and what the time is to what will be done, in order.
//!
//! No reader ever meets a page that asks for something that is not there:
//!
//! 1. what is about to be replaced is kept aside, for bringing it back;
//! 2. assets whose names hold their digest, then data;
//! 3. pages at new addresses, which nobody links to yet; then pages that change, those deepest in the site first;
//! 4. entry points: feeds, the home page, `404.html`, the sitemap;
//! 5. the record, if it is still the one this plan was made for;
//! 6. caches are told;
//! 7. deletions, which are reached only when all before went well. Old assets stay for a while.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::aside::{KeptAside, keep_aside, unwanted};
use super::known::{Known, There};
use super::record::{Claim, Record, Retired};
use super::refusal::{self, Refusal};
use super::release::{File, Headers, Release};
use crate::edition::headers::{Class, sibling_of};
use crate::text::{Fingerprint, OutPath};

/// For how many releases an old asset stays, at least.
const RETIRED_FOR_RELEASES: u32 = 3;

/// For how many seconds an old asset stays, at least: 14 days.
const RETIRED_FOR_SECONDS: i64 = 14 * 24 * 3600;

/// After how many seconds a claim counts as given up: half an hour.
const CLAIM_LASTS: i64 = 1800;

/// How many addresses caches are told one by one; beyond, they are told of all.
const MOST_ADDRESSES: usize = 15;

/// What is known of a target.
#[derive(Clone, Debug, Default)]
pub struct Remote {
    /// What it says of itself; `None` before anything was published there.
    pub record: Option<Record>,
    /// Every file that stands there, but for the record, by path. Those below `.rejoinder/` too.
    pub listing: BTreeMap<String, Listed>,
}

/// What a listing says of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// How many bytes.
    pub size: u64,
    /// What the store calls these bytes, if it has names for them.
    pub etag: Option<String>,
    /// The digest of these bytes, where they are near enough to be read.
    pub fingerprint: Option<Fingerprint>,
}

/// What is wished for beside the site itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seconds since 1970.
    pub now: i64,
    /// How many earlier releases can be brought back afterwards.
    pub keep: u32,
    /// Whether old assets and earlier releases go now.
    pub prune: bool,
    /// How many deletions were looked at and found right.
    pub allow_delete: Option<usize>,
    /// Whether files that are there already and are not ours may stay beside the site, or be replaced by it.
    pub adopt: bool,
    /// Whether another publisher's claim is taken for given up.
    pub take_over: bool,
    /// Who plans: marks the claim.
    pub claimant: String,
    /// Whether files change one by one under readers' eyes. `false` where a whole release is put up in one step: then
    /// nothing is claimed and nothing kept aside.
    pub in_place: bool,
    /// Whether a cache in front of the target is told what changed.
    pub cdn: bool,
    /// Whether the files come from what the target keeps, to bring a release back, and not from a build.
    pub restores: Option<u32>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            now: 0,
            keep: 3,
            prune: false,
            allow_delete: None,
            adopt: false,
            take_over: false,
            claimant: String::new(),
            in_place: true,
            cdn: false,
            restores: None,
        }
    }
}

/// When an operation comes. All of one phase are done before the next begins; within one, they may run side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// What is about to be replaced is kept aside.
    Keep,
    /// Files whose names hold their digest.
    Assets,
    /// Data, pictures, documents.
    Data,
    /// Pages at addresses where none was.
    NewPages,
    /// Pages that a release which ended too early may have left there, and that were not live before: what leads to them, if
    /// anything does, came after all they lead to.
    LeftPages,
    /// Pages that change, deepest first.
    Pages,
    /// Feeds, the home page, `404.html`, the sitemap.
    Entries,
    /// The record.
    Record,
    /// Caches.
    Cache,
    /// Deletions.
    Delete,
    /// The record, without what was deleted.
    Settle,
}

impl Phase {
    /// Whether it waits until a release is live that is put up whole: caches are told then, and the record is settled.
    pub(super) fn waits_for_whole(self) -> bool {
        matches!(self, Phase::Cache | Phase::Settle)
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// When.
    pub phase: Phase,
    /// What.
    pub action: Action,
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Copies what stands at a path to [`kept_key`](super::record::kept_key).
    Keep {
        /// Where the bytes stand.
        path: OutPath,
        /// What they are.
        fingerprint: Fingerprint,
    },
    /// Writes the list of the release that was live to [`release_key`](super::record::release_key).
    KeepList {
        /// That release.
        release: Release,
    },
    /// Sends a file with its headers.
    Send {
        /// The file.
        file: File,
        /// Where its bytes come from.
        from: Source,
        /// Whether nothing stands there yet.
        is_new: bool,
    },
    /// Gives a file that stands there other headers.
    SetHeaders {
        /// The file.
        file: File,
        /// Those that it has.
        was: Headers,
    },
    /// Puts [`Plan::record`] in the place of the record that this plan was made for.
    SwapRecord,
    /// Tells a cache that what it holds of these addresses is old. `/*` is all.
    Invalidate {
        /// Addresses from the site's root, each with a slash in front.
        addresses: Vec<String>,
    },
    /// Deletes a file of the site.
    Delete {
        /// Where it stands.
        path: OutPath,
        /// Why.
        why: Why,
    },
    /// Deletes what was kept aside and no release needs.
    Forget {
        /// Where it stands, below `.rejoinder/`.
        key: String,
    },
    /// Puts [`Plan::settled`] in the place of [`Plan::record`].
    SettleRecord,
}

/// Where the bytes of a file come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The output directory.
    Build,
    /// What the target keeps, at [`kept_key`](super::record::kept_key).
    Kept,
}

/// Why a file is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The site has it no longer.
    Gone,
    /// An asset that no release has asked for long enough.
    Retired,
    /// Something that ended too early left it.
    Leftover,
}

/// All that will be done, in order.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The release that will be live. When [`Plan::is_nothing`], the one that is.
    pub release: Release,
    /// What to do. Empty when what is live is what is built.
    pub operations: Vec<Operation>,
    /// The record with the claim, which comes before everything else where files change [one by one](Options::in_place).
    pub claimed: Option<Record>,
    /// The record when all is sent.
    pub record: Record,
    /// The record when all is deleted.
    pub settled: Record,
    /// Why the plan may not be carried out; empty when it may.
    pub refusals: Vec<Refusal>,
    /// How many files of the site are deleted, without the data beside a page: the number for `--allow-delete`.
    pub n_deletions: usize,
    /// What is live now.
    pub live: Option<(String, i64)>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_nothing(&self) -> bool {
        self.operations.is_empty()
    }

    /// Whether there is a release to put up, and not only the end of what an earlier run began.
    pub(super) fn is_release(&self) -> bool {
        self.operations.iter().any(|it| it.action == Action::SwapRecord)
    }

    /// The record of a release that is put up whole: then nothing is left to do but to tell the cache.
    pub(super) fn record_of_whole(&self) -> Record {
        Record { untold: self.record.untold.clone(), ..self.settled.clone() }
    }

    /// The operations that send a file.
    pub fn sends(&self) -> impl Iterator<Item = (&File, bool)> {
        self.operations.iter().filter_map(|it| match &it.action {
            Action::Send { file, is_new, .. } => Some((file, *is_new)),
            _ => None,
        })
    }
}

/// Plans how a site becomes what is live at a target.
///
/// `local` is the site as it was built, or an earlier release when [`Options::restores`] says so; its number and time are
/// given here. Pure: the same site, target and options give the same plan.
pub fn draw(local: &Release, remote: &Remote, options: &Options) -> Plan {
    let known = Known::new(remote);
    let old = remote.record.as_ref();
    let live = old.map(|it| &it.live).filter(|it| it.number > 0);
    let number = live.map_or(0, |it| it.number) + 1;
    let mut operations = Vec::new();
    let mut refusals = Vec::new();
    let mut release = Release { number, published: options.now, restores: options.restores, ..local.clone() };

    let from = if options.restores.is_some() { Source::Kept } else { Source::Build };
    let mut overwritten = Vec::new();
    for file in &mut release.files {
        file.etag = None;
        let mut is_left = false;
        let is_new = match known.at(file.path.as_str()) {
            There::Known(there) if there.holds_same(file) => {
                file.etag.clone_from(&there.etag);
                if there.headers != file.headers {
                    let action = Action::SetHeaders { file: file.clone(), was: there.headers.clone() };
                    operations.push(Operation { phase: phase(file, false), action });
                }
                continue;
            }
            There::Known(_) => false,
            There::Doubtful => {
                is_left = live.is_none_or(|it| it.find(file.path.as_str()).is_none());
                false
            }
            There::Nothing => true,
            There::Foreign => {
                overwritten.push(file.path.to_string());
                false
            }
        };
        let action = Action::Send { file: file.clone(), from, is_new };
        let phase = match phase(file, is_new) {
            Phase::Pages if is_left => Phase::LeftPages,
            phase => phase,
        };
        operations.push(Operation { phase, action });
    }
    let local_paths: BTreeSet<&str> = local.files.iter().map(|it| it.path.as_str()).collect();

    // Assets that nothing asks for any longer stay for a while; all else goes.
    let mut retired = Vec::new();
    let mut deletions: Vec<(OutPath, Why)> = Vec::new();
    for it in old.iter().flat_map(|it| &it.retired) {
        let path = it.file.path.as_str();
        if local_paths.contains(path) || live.is_some_and(|live| live.find(path).is_some()) {
            continue;
        }
        let releases = number.saturating_sub(it.release);
        let is_due = releases >= RETIRED_FOR_RELEASES.max(options.keep)
            && options.now.saturating_sub(it.since) >= RETIRED_FOR_SECONDS;
        match options.prune || is_due {
            true if known.listing.contains_key(path) => deletions.push((it.file.path.clone(), Why::Retired)),
            true => (),
            false => retired.push(it.clone()),
        }
    }
    for file in live.iter().flat_map(|it| &it.files) {
        let path = file.path.as_str();
        if local_paths.contains(path) {
            continue;
        }
        let is_there = known.listing.contains_key(path);
        // Pages of earlier releases ask for an asset, and never for its sibling: that is needed as long as it is right.
        let is_idle = sibling_of(path).is_some_and(|(plain, _)| local_paths.contains(plain));
        match file.class() {
            Class::Immutable if is_there && !options.prune && !is_idle => {
                retired.push(Retired { file: file.clone(), since: options.now, release: number });
            }
            Class::Immutable | Class::Data | Class::Html | Class::Control if is_there => {
                deletions.push((file.path.clone(), Why::Gone));
            }
            Class::Immutable | Class::Data | Class::Html | Class::Control => (),
        }
    }
    retired.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    for path in known.leftovers() {
        let is_ours = known.ours.contains_key(path) || local_paths.contains(path);
        if let (false, Ok(path)) = (is_ours, OutPath::new(path)) {
            deletions.push((path, Why::Leftover));
        }
    }
    deletions.sort_by(|a, b| a.0.cmp(&b.0));
    deletions.dedup_by(|a, b| a.0 == b.0);

    // Nothing to do is the commonest plan, and the most welcome.
    let has_changed =
        live.is_none_or(|live| live.title != release.title || live.base_url != release.base_url);
    let is_unfinished = old.is_some_and(Record::is_unfinished);
    let gone = deletions.iter().any(|(_, why)| *why == Why::Gone);
    let has_retired = retired.len() > old.map_or(0, |it| it.retired.len());
    let prunes = options.prune
        && old.is_some_and(|it| !it.retired.is_empty() || !it.kept.is_empty() || !it.earlier.is_empty());
    let is_live = operations.is_empty() && !has_changed && !gone && !has_retired && !prunes;
    if let Some(record) = old.filter(|_| is_live) {
        if let Some(claim) = blocks(old, options).filter(|_| is_unfinished) {
            refusals.push(Refusal::UnderWay { seconds: options.now.saturating_sub(claim.since) });
        }
        let operations = match is_unfinished {
            true => {
                let forget = match options.in_place {
                    true => unwanted(&record.kept, &record.earlier, known.listing),
                    false => Vec::new(),
                };
                finish(record, &deletions, forget)
            }
            false => Vec::new(),
        };
        return Plan {
            release: record.live.clone(),
            operations,
            claimed: None,
            record: record.clone(),
            settled: record.settled(),
            refusals,
            n_deletions: 0,
            live: live.map(|it| (it.name(), it.published)),
        };
    }

    let aside = keep_aside(live, old, &known, &operations, &deletions, number, options);
    let KeptAside { operations: keeps, kept, earlier, forget } = aside;
    let mut next = Record { earlier, retired, kept, ..Record::new(release.clone()) };
    next.leaving = deletions.iter().map(|(path, _)| path.clone()).collect();
    if options.cdn {
        next.untold = addresses(&operations, &deletions, old);
    }
    next.untidy = !forget.is_empty();
    let settled = next.settled();

    operations.extend(keeps);
    operations.push(Operation { phase: Phase::Record, action: Action::SwapRecord });
    if !next.untold.is_empty() {
        let action = Action::Invalidate { addresses: next.untold.clone() };
        operations.push(Operation { phase: Phase::Cache, action });
    }
    let n_deletions = count(&deletions);
    for (path, why) in &deletions {
        let action = Action::Delete { path: path.clone(), why: *why };
        operations.push(Operation { phase: Phase::Delete, action });
    }
    for key in forget {
        operations.push(Operation { phase: Phase::Delete, action: Action::Forget { key } });
    }
    if next != settled {
        operations.push(Operation { phase: Phase::Settle, action: Action::SettleRecord });
    }
    sort(&mut operations);

    refusal::judge(
        &refusal::Facts { local: &release, remote, live, overwritten, n_deletions },
        options,
        &mut refusals,
    );
    if options.restores.is_some() {
        let kept: BTreeSet<Fingerprint> =
            old.iter().flat_map(|it| &it.kept).map(|it| it.fingerprint).collect();
        let lost = operations.iter().filter_map(|it| match &it.action {
            Action::Send { file, .. } if options.in_place && !kept.contains(&file.fingerprint) => {
                Some(file.path.to_string())
            }
            _ => None,
        });
        let lost: Vec<String> = lost.collect();
        if !lost.is_empty() {
            refusals.push(Refusal::Lost { paths: lost });
        }
    }
    let claimed = options.in_place.then(|| {
        let before = old.cloned().unwrap_or_else(|| Record::new(Release::default()));
        let paths = claimed_paths(&operations, old);
        let release = release.digest();
        let claim = Claim { by: options.claimant.clone(), since: options.now, release, paths };
        Record { claim: Some(claim), ..before }
    });
    Plan {
        release,
        operations,
        claimed,
        record: next,
        settled,
        refusals,
        n_deletions,
        live: live.map(|it| (it.name(), it.published)),
    }
}

/// What is left to do when the release is live and what comes behind was not reached.
fn finish(record: &Record, deletions: &[(OutPath, Why)], forget: Vec<String>) -> Vec<Operation> {
    let mut operations = Vec::new();
    if !record.untold.is_empty() {
        let action = Action::Invalidate { addresses: record.untold.clone() };
        operations.push(Operation { phase: Phase::Cache, action });
    }
    for (path, why) in deletions {
        let action = Action::Delete { path: path.clone(), why: *why };
        operations.push(Operation { phase: Phase::Delete, action });
    }
    let forget = forget.into_iter().map(|key| Action::Forget { key });
    operations.extend(forget.map(|action| Operation { phase: Phase::Delete, action }));
    operations.push(Operation { phase: Phase::Settle, action: Action::SettleRecord });
    operations
}

/// When a file is sent.
fn phase(file: &File, is_new: bool) -> Phase {
    // A compressed sibling is what readers get in the place of the file itself, so it comes with it.
    let path = file.path.as_str();
    let path = sibling_of(path).map_or(path, |(plain, _)| plain);
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_entry = path == "index.html" || name == "404.html" || name == "robots.txt" || {
        name.ends_with(".xml") || name.ends_with(".atom") || name.ends_with(".rss")
    };
    match file.class() {
        Class::Immutable => Phase::Assets,
        _ if is_entry => Phase::Entries,
        Class::Html if is_new => Phase::NewPages,
        Class::Html => Phase::Pages,
        Class::Data | Class::Control => Phase::Data,
    }
}

/// Puts operations in order: by phase, pages deepest first, entry points as readers come upon them, else by path.
fn sort(operations: &mut [Operation]) {
    let rank = |operation: &Operation| {
        let path = match &operation.action {
            Action::Send { file, .. } | Action::SetHeaders { file, .. } => file.path.as_str(),
            Action::Keep { path, .. } | Action::Delete { path, .. } => path.as_str(),
            Action::Forget { key } => key.as_str(),
            Action::KeepList { .. }
            | Action::SwapRecord
            | Action::Invalidate { .. }
            | Action::SettleRecord => "",
        };
        let depth = match operation.phase {
            Phase::NewPages | Phase::LeftPages | Phase::Pages => usize::MAX - path.matches('/').count(),
            Phase::Entries if path == "index.html" => 1,
            Phase::Entries if path.ends_with("404.html") => 2,
            Phase::Entries if path.ends_with("sitemap.xml") => 3,
            _ => 0,
        };
        (operation.phase, depth, path.to_owned())
    };
    operations.sort_by_cached_key(rank);
}

/// What caches hold that is old now: the addresses of what was replaced or deleted, and those of a release before that they
/// were not told of.
fn addresses(operations: &[Operation], deletions: &[(OutPath, Why)], old: Option<&Record>) -> Vec<String> {
    let replaced = operations.iter().filter_map(|it| match &it.action {
        Action::Send { file, is_new: false, .. } | Action::SetHeaders { file, .. } => Some(&file.path),
        _ => None,
    });
    let paths = replaced.chain(deletions.iter().map(|(path, _)| path));
    // Links name `index.html` or the directory; caches know both.
    let both = paths.flat_map(|it| [it.url(), format!("/{it}")]);
    let untold = old.iter().flat_map(|it| it.untold.iter().cloned());
    let addresses: BTreeSet<String> = both.chain(untold).collect();
    match addresses.len() > MOST_ADDRESSES {
        true => vec!["/*".to_owned()],
        false => addresses.into_iter().collect(),
    }
}

/// How many files go, as a person counts: the data beside a page goes with it, and of compressed siblings nobody is told.
fn count(deletions: &[(OutPath, Why)]) -> usize {
    let gone = deletions.iter().filter(|(_, why)| *why == Why::Gone);
    let gone = gone.filter(|(path, _)| sibling_of(path.as_str()).is_none());
    let twins: BTreeSet<OutPath> = gone.clone().filter_map(|(path, _)| path.data_twin()).collect();
    gone.filter(|(path, _)| !twins.contains(path)).count()
}

/// Every path whose bytes or headers are in doubt until the plan has ended, with those that already were.
fn claimed_paths(operations: &[Operation], old: Option<&Record>) -> Vec<OutPath> {
    let changed = operations.iter().filter_map(|it| match &it.action {
        Action::Send { file, .. } | Action::SetHeaders { file, .. } => Some(file.path.clone()),
        _ => None,
    });
    let before = old.iter().filter_map(|it| it.claim.as_ref()).flat_map(|it| it.paths.iter().cloned());
    let all: BTreeSet<OutPath> = changed.chain(before).collect();
    all.into_iter().collect()
}

/// Whether a claim keeps this publisher from its work.
pub(super) fn blocks<'a>(record: Option<&'a Record>, options: &Options) -> Option<&'a Claim> {
    let claim = record?.claim.as_ref()?;
    let is_old = options.now.saturating_sub(claim.since) >= CLAIM_LASTS;
    (claim.by != options.claimant && !is_old && !options.take_over).then_some(claim)
}
