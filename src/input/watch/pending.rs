//! What the system announced and nobody has looked at yet: filled by one thread, emptied by another.
//!
//! In: paths as the system names them. Out: a [`Batch`] of paths of the project. It is bounded, so that a storm of
//! events costs no memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::input::listing::{is_junk, name_problem};
use crate::input::scan::Watched;

/// From here on it is cheaper to look at everything than at each path.
const MANY: usize = 2_000;
/// Longer or deeper paths are not files of a site; see `disk`.
const MAX_PATH: usize = 1024;
const MAX_DEPTH: usize = 64;

/// What was said to have happened to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touch {
    /// Mode, owner or times changed, and no bytes.
    Attributes,
    /// Anything else.
    Content,
}

/// What was announced in one go.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Paths of the project: files, or directories of which everything may differ.
    pub(super) paths: BTreeMap<String, Touch>,
    /// Paths that were renamed to another name. What is renamed may be a directory, which cannot be asked any more.
    pub(super) moved_away: BTreeSet<String>,
    /// Those of them that turned out to be files.
    pub(super) moved_files: BTreeSet<String>,
    /// Files that were made, unless they were moved here ready-made.
    pub(super) made: BTreeSet<String>,
    /// Files that somebody has written to and closed since.
    pub(super) closed: BTreeSet<String>,
    /// Paths with names that need the care of a listing; what is announced for them is believed.
    pub(super) odd: BTreeSet<String>,
    /// Directories came, so that the system may only now begin to announce what happens in them.
    pub(super) grew: bool,
    /// A directory that we depend on came or went.
    pub(super) shaken: bool,
    /// The system forgot what it had to say, or we did. Everything may differ.
    pub(super) lost: bool,
    /// Why nothing will be announced from now on.
    pub(super) broken: Option<String>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        let Batch { paths, moved_away, moved_files, made, closed, odd, grew, shaken, lost, broken } = self;
        let has_paths =
            !(paths.is_empty() && moved_away.is_empty() && moved_files.is_empty() && odd.is_empty());
        let has_paths = has_paths || !(made.is_empty() && closed.is_empty());
        !(has_paths || *grew || *shaken || *lost || broken.is_some())
    }

    /// Takes in what was announced later.
    pub(super) fn absorb(&mut self, later: Batch) {
        later.paths.into_iter().for_each(|(path, touch)| self.note(path, touch));
        self.moved_away.extend(later.moved_away);
        self.moved_files.extend(later.moved_files);
        self.closed.retain(|path| !later.made.contains(path));
        self.made.extend(later.made);
        self.closed.extend(later.closed);
        self.odd.extend(later.odd);
        self.grew |= later.grew;
        self.shaken |= later.shaken;
        self.lost |= later.lost;
        self.broken = self.broken.take().or(later.broken);
        let sets = [&self.moved_away, &self.moved_files, &self.made, &self.closed, &self.odd];
        if self.paths.len() > MANY || sets.iter().any(|it| it.len() > MANY) {
            self.lost = true;
        }
        if self.lost {
            self.paths.clear();
            self.moved_away.clear();
            self.moved_files.clear();
            self.made.clear();
            self.closed.clear();
            self.odd.clear();
        }
    }

    pub(super) fn note(&mut self, path: String, touch: Touch) {
        let known = self.paths.entry(path).or_insert(touch);
        *known = touch.max(*known);
    }
}

#[derive(Default)]
struct State {
    batch: Batch,
    /// When the first and the last event of the batch came.
    span: Option<(Instant, Instant)>,
    woken: bool,
}

/// The place where both threads meet.
#[derive(Default)]
pub(super) struct Pending {
    state: Mutex<State>,
    bell: Condvar,
}

/// Why a sleep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rang {
    Event,
    Wake,
    Time,
}

#[allow(clippy::disallowed_methods, reason = "waiting needs a clock")]
impl Pending {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what was announced just now.
    pub(super) fn add(&self, batch: Batch) {
        if batch.is_empty() {
            return;
        }
        let now = Instant::now();
        let mut state = self.lock();
        state.batch.absorb(batch);
        state.span = Some((state.span.map_or(now, |(first, _)| first), now));
        self.bell.notify_all();
    }

    /// Ends the sleep of whoever waits, now or the next time.
    pub(super) fn wake(&self) {
        self.lock().woken = true;
        self.bell.notify_all();
    }

    /// Sleeps until something is announced, or somebody wakes us, or it is `until`.
    pub(super) fn sleep(&self, until: Instant) -> Rang {
        let mut state = self.lock();
        loop {
            if std::mem::take(&mut state.woken) {
                return Rang::Wake;
            }
            if state.span.is_some() {
                return Rang::Event;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Rang::Time;
            }
            state = self.bell.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Sleeps until something is announced, or somebody wakes us, or it is `until`.
    pub(super) fn nap(&self, until: Instant) {
        let mut state = self.lock();
        while state.span.is_none() && !state.woken {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self.bell.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether somebody wants the wait to end.
    pub(super) fn is_woken(&self) -> bool {
        self.lock().woken
    }

    /// Whether something is announced.
    pub(super) fn has_events(&self) -> bool {
        self.lock().span.is_some()
    }

    /// Sleeps until nothing was announced for as long as `quiet`, at most until `end`; then hands out all of it with
    /// the time of the first event.
    pub(super) fn take(&self, quiet: Duration, end: Instant) -> (Batch, Option<Instant>) {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let until = state.span.map_or(now, |(_, last)| last + quiet).min(end);
            if until <= now || state.woken {
                let first = state.span.take().map(|(first, _)| first);
                return (std::mem::take(&mut state.batch), first);
            }
            state = self.bell.wait_timeout(state, until - now).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// What a path of the system means to the project.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing.
    Nowhere,
    /// A directory that leads to what is watched, or is a watched directory itself.
    Above,
    /// Something that is watched, by its path in normal form C.
    Here(String),
    /// Something that is watched whose name only a listing can judge.
    Odd(String),
}

/// Says of paths of the system what they mean to the project.
pub(super) struct Sieve {
    /// The project's directory as the system names it.
    pub(super) root: PathBuf,
    pub(super) watched: Watched,
}

impl Sieve {
    /// Where a path of the system stands. What systems and editors leave behind is nowhere.
    pub(super) fn place(&self, path: &Path) -> Place {
        let Ok(relative) = path.strip_prefix(&self.root) else { return Place::Nowhere };
        let raw = relative.to_string_lossy();
        let is_text = relative.to_str().is_some();
        if raw.split('/').any(is_junk) {
            return Place::Nowhere;
        }
        let name: String = raw.nfc().collect();
        if self.watched.covers(&name) {
            let is_plain = is_text
                && is_nfc(&raw)
                && raw.len() < MAX_PATH
                && raw.split('/').count() <= MAX_DEPTH
                && raw.split('/').all(|part| name_problem(part).is_none());
            return if is_plain { Place::Here(name) } else { Place::Odd(name) };
        }
        if self.watched.concerns(&name) { Place::Above } else { Place::Nowhere }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sieve() -> Sieve {
        Sieve { root: "/p".into(), watched: Watched::new(&["content", "themes/plain"], &["site.yaml"]) }
    }

    #[test]
    fn only_what_counts_passes() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;

        let here = |path: &str| Place::Here(path.to_owned());
        let odd = |path: &str| Place::Odd(path.to_owned());
        let place = |path: &str| sieve().place(Path::new(path));
        for path in
            ["content/a.md", "content/.well-known/x", "themes/plain/base.html", "site.yaml", "content/a b"]
        {
            assert_eq!(place(&format!("/p/{path}")), here(path));
        }
        for path in ["/p", "/p/content", "/p/themes", "/p/themes/plain"] {
            assert_eq!(place(path), Place::Above, "{path}");
        }
        for path in [
            "/q/content/a.md",
            "/p/content/.git/index",
            "/p/.git/HEAD",
            "/p/.rejoinder/ledger",
            "/p/public/index.html",
            "/p/themes/other/x",
            "/p/content/a.md~",
            "/p/content/.a.md.swp",
            "/p/content/.#a.md",
            "/p/content/#a.md#",
            "/p/content/a.md___jb_tmp___",
            "/p/content/a.md___jb_old___",
            "/p/content/a.md.tmp",
            "/p/other.yaml",
        ] {
            assert_eq!(place(path), Place::Nowhere, "{path}");
        }
        assert_eq!(place("/p/content/e\u{301}.md"), odd("content/é.md"));
        assert_eq!(place("/p/content/nul/x.md"), odd("content/nul/x.md"));
        let bytes = Path::new(OsStr::from_bytes(b"/p/content/\xff.md"));
        assert_eq!(sieve().place(bytes), odd("content/\u{fffd}.md"));
    }

    #[test]
    fn a_storm_is_remembered_as_one_fact() {
        let mut batch = Batch::default();
        for n in 0..3_000 {
            let mut one = Batch::default();
            one.note(format!("content/{n}.md"), Touch::Content);
            batch.absorb(one);
        }
        assert!(batch.lost && batch.paths.len() < MANY);
        let mut both = Batch::default();
        both.note("a".into(), Touch::Content);
        both.note("a".into(), Touch::Attributes);
        assert_eq!(both.paths["a"], Touch::Content);
    }

    #[test]
    fn events_are_handed_out_once_they_pause_and_a_wake_is_never_lost() {
        let pending = Pending::default();
        let far = Instant::now() + Duration::from_secs(60);
        pending.wake();
        assert_eq!(pending.sleep(far), Rang::Wake);
        assert_eq!(pending.sleep(Instant::now()), Rang::Time);
        pending.add(Batch::default());
        assert_eq!(pending.sleep(Instant::now()), Rang::Time);
        let before = Instant::now();
        pending.add(Batch { grew: true, ..Batch::default() });
        assert_eq!(pending.sleep(far), Rang::Event);
        let (batch, first) = pending.take(Duration::from_millis(5), far);
        assert!(batch.grew && first.unwrap() >= before && before.elapsed() >= Duration::from_millis(5));
        assert_eq!(pending.sleep(Instant::now()), Rang::Time);
        // Who keeps writing does not keep us from looking.
        pending.add(Batch { lost: true, ..Batch::default() });
        assert!(pending.take(Duration::from_secs(60), Instant::now()).0.lost);
    }
}
