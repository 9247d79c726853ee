//! Notices when files of the project change.
//!
//! In: a directory and what of it counts. Out: [`Hints`], the paths to look at. What the system announces is never
//! more than a reason to look: it forgets events when too many come at once, and has none for files that were put
//! into a new directory before it was watched. So a [`Watcher`] keeps the stamps it has told of, looks where
//! something was announced, and says what differs. Where events may be missing it looks at everything, and it does so
//! too every few seconds when nothing happens.
//!
//! | what happens | what is done |
//! | --- | --- |
//! | events | wait for 5 ms without one, at most 80; look at the paths; tell what differs |
//! | git holds the lock of its index | a checkout or the like: wait for a pause of 200 ms, ten seconds at most |
//! | events for over a hundred files | a copy or the like: wait for a pause of 30 ms, half a second at most |
//! | a file is gone or empty that was not, a new one is not closed yet | an editor is at work: look again every 5 ms, until 80 ms are over |
//! | a new directory | wait until it is watched, then list it |
//! | a directory moved | watch everything again, because the new place may have lost its watch with the old |
//! | the queue ran over, any error | a new watcher, look at everything |
//! | a change without an event | the same; the second time poll, and say so |
//! | limits of the system | poll, and say which setting raises them |
//! | the project's directory is gone | say so; look for it four times a second; then look at everything |
//!
//! On file systems of a network, programs on other machines change files and nothing is announced here. There we
//! look at everything as often as in polling. A probe file would prove nothing: this machine's own writes are
//! announced whatever the file system.

#![allow(clippy::disallowed_methods, reason = "waiting for changes needs a clock, and the disk to look at")]

mod git;
mod look;
mod loops;
mod native;
mod pending;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use git::Git;
use look::{Found, has_stamp};
use native::Native;
use pending::{Batch, Pending, Rang, Sieve};

use super::scan::{Seen, Snapshot, Watched};
use super::{DiskFiles, clock};

pub use loops::Loops;

/// How often a directory that is gone is looked for.
const GONE: Duration = Duration::from_millis(250);
/// What a save still does to a file after its last byte (mode, owner) comes within this time.
const TAIL: Duration = Duration::from_secs(1);
/// So many files at once are no typing but a checkout, of which half is of no use to anybody, and often wrong. So we
/// wait longer for its end.
const MASS: usize = 100;
/// A look at everything takes at most one part in so many of the time: when polling, and when idle.
const POLL_SHARE: u32 = 5;
const IDLE_SHARE: u32 = 50;

/// How to watch.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Do not listen to the system, look at all files from time to time.
    pub poll: bool,
    /// How long nothing must be announced before we look.
    pub quiet: Duration,
    /// How long we wait for that, and for a file that is being written, at most.
    pub longest: Duration,
    /// How often we look at everything although nothing was announced.
    pub idle: Duration,
    /// How often we look at everything when polling; less often where looking takes long.
    pub poll_every: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            poll: false,
            quiet: Duration::from_millis(5),
            longest: Duration::from_millis(80),
            idle: Duration::from_secs(5),
            poll_every: Duration::from_millis(300),
        }
    }
}

/// What to look at. The bytes may turn out to be the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Paths relative to the project, in normal form C, of files that came, went or were written to.
    pub paths: BTreeSet<Arc<str>>,
    /// Events may have been missed, so anything may differ.
    pub everything: bool,
    /// Sentences for the user about watching itself.
    pub notices: Vec<String>,
    /// How long ago the first event was that led to this.
    pub since: Duration,
}

impl Hints {
    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.everything
    }
}

/// Ends the [`Watcher::wait`] of another thread.
#[derive(Clone)]
pub struct Waker(Arc<Pending>);

impl Waker {
    /// Lets the present or the next wait return at once.
    pub fn wake(&self) {
        self.0.wake();
    }
}

/// The project's directory as it was when we began to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Home {
    /// Where it really is; the project may be reached through a link.
    real: PathBuf,
    device: u64,
    inode: u64,
}

impl Home {
    fn of(root: &Path) -> Option<Home> {
        let real = fs::canonicalize(root).ok()?;
        let metadata = fs::metadata(&real).ok().filter(fs::Metadata::is_dir)?;
        Some(Home { real, device: metadata.dev(), inode: metadata.ino() })
    }
}

/// How many times as long as usual we wait for a pause, and for that pause at most.
struct Patience {
    quiet: u32,
    longest: u32,
}

/// Watches a project.
pub struct Watcher {
    root: PathBuf,
    files: DiskFiles,
    watched: Watched,
    options: Options,
    pending: Arc<Pending>,
    /// `None` when polling.
    native: Option<Native>,
    home: Option<Home>,
    git: Git,
    /// Whether all changes are made by this machine, so that they are announced.
    is_local: bool,
    /// What we have told of.
    snapshot: Snapshot,
    /// The paths that we told of last, and whether each could be read.
    told: (Instant, BTreeMap<Arc<str>, bool>),
    looked: Instant,
    cost: Duration,
    /// Whether the last look at everything failed.
    is_blind: bool,
    /// How many changes came without being announced.
    unannounced: u32,
    notices: Vec<String>,
}

impl Watcher {
    /// Begins to watch. Whatever changes from now on is told by [`Watcher::wait`], so read the project after this.
    ///
    /// `root` may be a link, and need not exist yet.
    pub fn new(root: &Path, watched: Watched, options: Options) -> Watcher {
        // `.` would still mean a directory that has been deleted when another stands in its place.
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let now = Instant::now();
        let mut watcher = Watcher {
            files: DiskFiles::new(root.clone()),
            home: Home::of(&root),
            git: Git::of(&root),
            is_local: clock::is_local(&root),
            root,
            watched,
            options,
            pending: Arc::default(),
            native: None,
            snapshot: Snapshot::default(),
            told: (now, BTreeMap::new()),
            looked: now,
            cost: Duration::ZERO,
            is_blind: false,
            unannounced: 0,
            notices: Vec::new(),
        };
        if !options.poll {
            watcher.listen();
        }
        match watcher.take() {
            Ok(snapshot) => watcher.snapshot = snapshot,
            Err(_) => watcher.is_blind = true,
        }
        watcher
    }

    /// A handle that ends the wait of another thread.
    pub fn waker(&self) -> Waker {
        Waker(Arc::clone(&self.pending))
    }

    /// Whether files are looked at from time to time, because nothing is announced or is to be listened to.
    pub fn is_polling(&self) -> bool {
        self.native.is_none()
    }

    /// The stamps of all files that count, as they have been told of.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Changes what counts. Read what is new after this; what else changed meanwhile is told by the next wait.
    pub fn set_watched(&mut self, watched: Watched) {
        if watched == self.watched {
            return;
        }
        let before = std::mem::replace(&mut self.watched, watched);
        if self.native.is_some() {
            self.listen();
        }
        let Ok(mut snapshot) = self.take() else {
            self.is_blind = true;
            return;
        };
        let watched = &self.watched;
        let stays = |path: &str| before.covers(path) && watched.covers(path);
        let told: BTreeMap<Arc<str>, Seen> = self
            .snapshot
            .iter()
            .filter(|(path, _)| stays(path))
            .map(|(path, it)| (Arc::clone(path), *it))
            .collect();
        let news: Vec<Arc<str>> =
            snapshot.iter().map(|(path, _)| Arc::clone(path)).filter(|it| stays(it)).collect();
        news.iter().for_each(|path| snapshot.note(path, None));
        told.iter().for_each(|(path, seen)| snapshot.note(path, Some(*seen)));
        self.snapshot = snapshot;
        self.pending.add(Batch { shaken: true, ..Batch::default() });
    }

    /// Waits until something changes, but no longer than this. Returns with nothing to look at when the time is
    /// over, when somebody woke us, and when there is a notice.
    pub fn wait(&mut self, timeout: Duration) -> Hints {
        let end = Instant::now() + timeout;
        loop {
            let next = self.next_look();
            let hints = match self.pending.sleep(end.min(next)) {
                Rang::Wake => return self.hints(Found::default(), None),
                Rang::Event => self.after_events(),
                Rang::Time if Instant::now() >= next => self.look_around(),
                Rang::Time => None,
            };
            if let Some(hints) = hints {
                return hints;
            }
            if !self.notices.is_empty() || Instant::now() >= end {
                return self.hints(Found::default(), None);
            }
        }
    }

    fn next_look(&self) -> Instant {
        let Options { idle, poll_every, .. } = self.options;
        self.looked
            + match self.home {
                None => GONE,
                Some(_) if self.native.is_some() && self.is_local => idle.max(self.cost * IDLE_SHARE),
                Some(_) => poll_every.max(self.cost * POLL_SHARE),
            }
    }

    /// Listens anew, to all that there is now. Whatever changed before is to be looked for afterwards.
    fn listen(&mut self) {
        // The old one first: a user has only so many.
        self.native = None;
        self.home = Home::of(&self.root);
        self.git = Git::of(&self.root);
        self.is_local = clock::is_local(&self.root);
        let real = self.home.as_ref().map_or_else(|| self.root.clone(), |it| it.real.clone());
        match Native::new(Sieve { root: real, watched: self.watched.clone() }, &self.pending) {
            Ok(native) => self.native = Some(native),
            Err(reason) => self.poll_because(&reason),
        }
    }

    fn poll_because(&mut self, reason: &str) {
        self.native = None;
        let every = self.options.poll_every.as_secs_f64();
        self.notices
            .push(format!("{reason}; until the next start all files are looked at every {every:.1} s."));
    }

    /// Looks at everything, and how long that takes.
    fn take(&mut self) -> Result<Snapshot, crate::diag::Failure> {
        let start = Instant::now();
        let taken = Snapshot::take(&self.files, &self.watched);
        self.looked = Instant::now();
        self.cost = self.looked - start;
        taken
    }

    fn after_events(&mut self) -> Option<Hints> {
        let Options { quiet, longest, .. } = self.options;
        let start = Instant::now();
        let (mut end, mut last) = (start + longest, start);
        let (mut batch, mut first) = (Batch::default(), None);
        let mut everything = false;
        loop {
            let (later, at) = self.pending.take(quiet, end);
            first = first.or(at);
            last = at.map_or(last, |_| Instant::now());
            if later.shaken {
                let home = Home::of(&self.root);
                if home != self.home {
                    return self.move_house(home);
                }
            }
            everything |= later.lost;
            let needs_all = self.prepare(&later);
            batch.absorb(later);
            batch.shaken |= needs_all;
            let is_mass = batch.lost || batch.paths.len() > MASS;
            let patience = self.patience(is_mass);
            end = start + longest * patience.longest;
            if patience.quiet > 1 {
                self.pending.nap(end.min(Instant::now() + quiet * patience.quiet));
                if self.pending.is_woken() {
                    self.pending.add(batch);
                    return None;
                }
                if self.pending.has_events() && Instant::now() < end {
                    continue;
                }
            }
            let mut found = self.look(&batch);
            found.everything |= everything;
            // What is empty or gone for so long is meant to be.
            let end = end.min(last + longest);
            if self.is_finished(&found, &batch) || Instant::now() >= end {
                return self.tell(found, first);
            }
            self.pending.nap(end.min(Instant::now() + quiet));
            if self.pending.is_woken() {
                self.pending.add(batch);
                return None;
            }
        }
    }

    /// How much longer than usual we wait for somebody to finish.
    fn patience(&self, is_mass: bool) -> Patience {
        match (is_mass, self.git.is_at_work(&self.files)) {
            (_, true) => Patience { quiet: 40, longest: 125 },
            (true, false) => Patience { quiet: 6, longest: 6 },
            (false, false) => Patience { quiet: 1, longest: 1 },
        }
    }

    /// Sees to it that everything is watched that this batch leads to. True when all is to be looked at.
    fn prepare(&mut self, batch: &Batch) -> bool {
        if let Some(reason) = &batch.broken {
            self.poll_because(reason);
            return true;
        }
        if self.native.is_none() {
            return true;
        }
        if batch.lost {
            self.listen();
            return true;
        }
        // A directory cannot be asked any more what it was; a file we would know.
        let is_directory =
            |path: &String| !batch.moved_files.contains(path) && self.snapshot.get(path).is_none();
        let needs_arms = batch.shaken || batch.moved_away.iter().any(is_directory);
        let armed = match &mut self.native {
            Some(native) if needs_arms => native.arm(),
            Some(native) if batch.grew => {
                native.flush();
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(reason) = &armed {
            self.poll_because(reason);
        }
        armed.is_err() || batch.shaken || !batch.odd.is_empty()
    }

    /// Takes note of what was found, and tells it if it is anything.
    fn tell(&mut self, found: Found, first: Option<Instant>) -> Option<Hints> {
        for (path, seen) in &found.quietly {
            self.snapshot.note(path, Some(*seen));
        }
        if found.now.is_empty() && found.believed.is_empty() && !found.everything {
            return None;
        }
        for (path, seen) in &found.now {
            self.snapshot.note(path, *seen);
        }
        let told = found.now.keys().map(|path| (Arc::clone(path), self.is_readable(path))).collect();
        self.told = (Instant::now(), told);
        Some(self.hints(found, first))
    }

    fn hints(&mut self, found: Found, first: Option<Instant>) -> Hints {
        let Found { now, believed, everything, .. } = found;
        let paths = now.into_keys().chain(believed).collect();
        let since = first.map_or(Duration::ZERO, |it| it.elapsed());
        Hints { paths, everything, notices: std::mem::take(&mut self.notices), since }
    }

    /// Looks at everything although nothing was announced.
    fn look_around(&mut self) -> Option<Hints> {
        let now = Home::of(&self.root);
        if now != self.home {
            return self.move_house(now);
        }
        self.looked = Instant::now();
        self.home.as_ref()?;
        let first = Instant::now();
        let mut found = self.look_at_all();
        if self.native.is_some() && self.is_local {
            // As in `look`.
            let snapshot = &self.snapshot;
            found.now.retain(|path, now| !has_stamp(snapshot, path, now.as_ref()));
            if found.now.is_empty() {
                return self.tell(found, Some(first));
            }
            return self.surprise(found, first);
        }
        if self.pending.has_events() {
            return None;
        }
        // Until two looks agree somebody may be writing. Between them lies more than a tick of the clock of files, so
        // that what they agree about has settled.
        let start = Instant::now();
        let mut last = start;
        while !found.now.is_empty() {
            let is_mass = found.now.len() > MASS;
            let patience = self.patience(is_mass);
            let end = start + self.options.longest * patience.longest;
            if Instant::now() >= end {
                break;
            }
            self.pending.nap(end.min(Instant::now() + self.options.quiet * patience.quiet.max(5)));
            if self.pending.is_woken() && !found.everything {
                return None;
            }
            let again = self.look_at_all();
            let agrees = again.stamps().eq(found.stamps());
            found = Found { everything: found.everything || again.everything, ..again };
            // What is empty or gone for so long is meant to be.
            let is_meant = last.elapsed() >= self.options.longest;
            if agrees && (self.is_finished(&found, &Batch::default()) || is_meant) {
                break;
            }
            last = if agrees { last } else { Instant::now() };
        }
        self.tell(found, Some(first))
    }

    /// Something differs and we have not heard of it. Perhaps it only happened just now.
    fn surprise(&mut self, found: Found, first: Instant) -> Option<Hints> {
        if let Some(native) = &mut self.native {
            native.flush();
        }
        self.pending.nap(Instant::now() + self.options.quiet * 4);
        if self.pending.has_events() {
            return None;
        }
        self.unannounced += 1;
        match self.unannounced {
            1 => self.listen(),
            _ => self.poll_because("Files change here without this system announcing it"),
        }
        self.tell(Found { everything: true, ..found }, Some(first))
    }

    /// The project's directory went, came back, or is another one.
    fn move_house(&mut self, now: Option<Home>) -> Option<Hints> {
        let first = Instant::now();
        self.looked = first;
        let is_gone = now.is_none();
        self.home = now;
        if is_gone {
            self.notices.push(format!(
                "The directory `{}` is gone; waiting for it to come back.",
                self.root.display()
            ));
        } else if !self.options.poll {
            self.listen();
        }
        let found = self.look_at_all();
        self.tell(Found { everything: true, ..found }, Some(first))
    }
}
