//! The local directory: a stage that is filled from many threads and then swapped in. See the protocol in
//! [the module above](super).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use rustix::io::Errno;

use super::Delivered;
use super::leftover;
use super::lock::{self, Lock};
use super::manifest::{self, Listed, Manifest};
use super::old::{Names, Old};
use super::part;
use super::tree::{self, Stat, bug, disk_full, failed, look, show};
use crate::diag::{Exit, Failure};
use crate::edition::Sink;
use crate::text::{Fingerprint, OutPath, QuickMap, QuickSet};

/// How to deliver.
#[derive(Clone, Copy, Debug)]
pub struct StageOptions {
    /// Bring everything to disk before the swap, so that a power cut too leaves the old or the new site whole.
    pub durable: bool,
    /// Only for tests: never exchange, always set the old output aside.
    #[cfg(test)]
    pub(super) set_aside: bool,
    /// Only for tests: behave like a crash when this step is reached for the n-th time, counted from 0.
    #[cfg(test)]
    pub(super) crash_at: Option<(Step, usize)>,
}

impl Default for StageOptions {
    fn default() -> StageOptions {
        StageOptions {
            durable: true,
            #[cfg(test)]
            set_aside: false,
            #[cfg(test)]
            crash_at: None,
        }
    }
}

/// The moments of a delivery at which tests let it die. Each is named after what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Write,
    Link,
    Keep,
    WriteManifest,
    Sync,
    Unmark,
    SwapPart,
    BringList,
    Swap,
    BringIn,
    SyncParent,
    Retire,
    WriteHints,
}

impl Sink for Stage {
    fn put(&self, path: &OutPath, bytes: &[u8], fingerprint: &Fingerprint) -> Result<(), Failure> {
        Stage::put(self, path, bytes, fingerprint)
    }

    fn keep(&self, path: &OutPath, fingerprint: &Fingerprint, size: u64) -> Result<bool, Failure> {
        Stage::keep(self, path, fingerprint, size)
    }
}

/// A site on its way into an output directory.
///
/// Dropped without [`Stage::commit`], it removes itself and the output stays as it was.
#[derive(Debug)]
pub struct Stage {
    pub(super) output: PathBuf,
    pub(super) state: PathBuf,
    /// The stage directory; after the swap, the old tree.
    pub(super) dir: PathBuf,
    options: StageOptions,
    pub(super) old: Old,
    /// When it was opened, by the clock of the file system.
    pub(super) opened_at: i64,
    /// Nobody cares for their order before the commit.
    entries: Mutex<QuickMap<String, Entry>>,
    /// Whether files and directories in the stage have the modes they are made with. Then nobody looks at each.
    is_unmasked: bool,
    /// Directories made in the stage so far, relative to it.
    dirs: Mutex<QuickSet<PathBuf>>,
    phase: Phase,
    leftover: Vec<String>,
    #[cfg(test)]
    countdown: std::sync::atomic::AtomicUsize,
    _stage_lock: Option<Lock>,
    lock: Lock,
}

/// What Drop has to do.
#[derive(Debug, PartialEq, Eq)]
enum Phase {
    /// The stage is ours and was not swapped.
    Staging,
    /// The stage is gone, or holds the old site.
    Over,
}

/// One file of the new site.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    listed: Listed,
    pub(super) how: How,
}

impl Entry {
    pub(super) fn size(&self) -> u64 {
        self.listed.size
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.listed.fingerprint
    }
}

/// What became of it so far.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// Being put; stays so when that failed.
    Pending,
    /// Its bytes are in the stage.
    Written,
    /// The old output has the same bytes, in a file that looked like this.
    Unchanged(Stat),
}

impl Stage {
    /// Locks the project, tidies leftovers of a crash and makes a stage beside the output.
    ///
    /// `output` is what [`super::check_output`] returned; `state` is the project's `.rejoinder` directory.
    ///
    /// # Errors
    /// [`Exit::Machine`] when another process is delivering or the disk refuses; [`Exit::Refused`] when the output
    /// holds what we did not write.
    pub fn open(output: &Path, state: &Path, options: StageOptions) -> Result<Stage, Failure> {
        let (Some(parent), Some(name), true) = (output.parent(), output.file_name(), output.is_absolute())
        else {
            return Err(bug(format!("`{}` was not checked before delivery", show(output))));
        };
        let lock = lock::take(state)?;
        let leftover = leftover::recover_locked(output)?;
        let opened_at = lock.now().map_err(|e| failed("write in", state, &e))?;
        let old = Old::read(output, state, opened_at)?;
        fs::create_dir_all(parent).map_err(|e| failed("make", parent, &e))?;
        let dir = leftover::make_stage_dir(parent, &name.to_string_lossy())?;
        let is_unmasked = tree::is_unmasked(&dir).map_err(|e| failed("look at", &dir, &e))?;
        let mut stage = Stage {
            output: output.to_owned(),
            state: state.to_owned(),
            _stage_lock: lock::take_dir(&dir),
            dir,
            options,
            old,
            opened_at,
            entries: Mutex::default(),
            is_unmasked,
            dirs: Mutex::default(),
            phase: Phase::Staging,
            leftover,
            #[cfg(test)]
            countdown: options.crash_at.map_or(0, |(_, n)| n).into(),
            lock,
        };
        stage.mark()?;
        // A directory can be made by one umask and read by nobody; what is served must not depend on it.
        tree::set_dir_mode(&stage.dir, stage.old.mode.unwrap_or(0o755))
            .map_err(|e| failed("open up", &stage.dir, &e))?;
        stage.dirs.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).insert(PathBuf::new());
        Ok(stage)
    }

    /// Puts one file of the new site, whose bytes have this fingerprint. May be called from many threads; the order
    /// does not matter.
    ///
    /// A file whose bytes the output already holds is only noted, and shared by a hard link at the commit.
    ///
    /// # Errors
    /// [`Exit::Machine`] when the disk refuses, [`Exit::Refused`] for the name of our own manifest, [`Exit::Bug`] when
    /// the path was put before. After an error the stage cannot be committed.
    pub fn put(&self, path: &OutPath, bytes: &[u8], fingerprint: &Fingerprint) -> Result<(), Failure> {
        let path = path.as_str();
        check_free(path)?;
        debug_assert_eq!(*fingerprint, Fingerprint::of(bytes), "the digest of `{path}`");
        let listed = Listed { size: bytes.len() as u64, fingerprint: *fingerprint };
        self.enter(path, Entry { listed, how: How::Pending })?;
        let how = match self.find_unchanged(path, &listed, &|place| tree::holds(place, bytes))? {
            Some(stat) => How::Unchanged(stat),
            None => {
                self.reach(Step::Write)?;
                self.write(path, bytes)?;
                How::Written
            }
        };
        lock_of(&self.entries).entry(path.to_owned()).and_modify(|it| it.how = how);
        Ok(())
    }

    /// Keeps the old output's file, if it holds the bytes with this fingerprint and size. May be called like
    /// [`Stage::put`], and is instead of it.
    ///
    /// A file that looks as it did when we delivered it is not read; another one is read and digested.
    ///
    /// # Errors
    /// [`Exit::Machine`] when the disk refuses, [`Exit::Refused`] for the name of our own manifest, [`Exit::Bug`] when
    /// the path was put before.
    pub fn keep(&self, path: &OutPath, fingerprint: &Fingerprint, size: u64) -> Result<bool, Failure> {
        let path = path.as_str();
        check_free(path)?;
        let listed = Listed { size, fingerprint: *fingerprint };
        let holds = |place: &Path| Ok(Fingerprint::of(&tree::read_plain(place)?) == *fingerprint);
        match self.find_unchanged(path, &listed, &holds)? {
            Some(stat) => self.enter(path, Entry { listed, how: How::Unchanged(stat) }).map(|()| true),
            None => Ok(false),
        }
    }

    /// Makes the new site the output, in one step, and removes the old one.
    ///
    /// When nothing has changed, nothing under the output is touched.
    ///
    /// # Errors
    /// [`Exit::Refused`] when a file we did not write stands where the new site needs one; [`Exit::Machine`] when the
    /// disk refuses. The output is then as it was, except when the message says that the new site is in place.
    pub fn commit(mut self) -> Result<Delivered, Failure> {
        // The table goes at once: what follows is where a build holds most.
        let entries: BTreeMap<_, _> = std::mem::take(&mut *lock_of(&self.entries)).into_iter().collect();
        check_complete(&entries)?;
        self.check_collisions(&entries)?;
        let gone = self.old.gone(&entries);
        let mut delivered = self.count(&entries, &gone);
        // What is unchanged is as the old manifest says.
        if delivered.written == 0 && gone.is_empty() && self.old.has_manifest() {
            self.remove()?;
            self.note_unchanged(&entries);
            return Ok(delivered);
        }
        let new = Manifest::new(entries.iter().map(|(path, entry)| (path.clone(), entry.listed)).collect());
        let new_bytes = new.to_bytes();
        let part = part::common(&self.old, &entries, &gone);
        let is_in = |path: &Path| part.as_ref().is_some_and(|part| path.starts_with(part));
        if let Some(part) = &part {
            self.complete(&entries, &is_in)?;
            let dirs = self.looks_of_dirs_with(part)?;
            if self.replace_part(part, &new_bytes, &mut delivered)? {
                self.reach(Step::WriteHints)?;
                self.note_replaced(&entries, Some(part), dirs, &new_bytes);
                return Ok(delivered);
            }
        }
        self.complete(&entries, &|path| !is_in(path))?;
        self.seal(&new_bytes)?;
        let dirs = self.looks_of_dirs()?;
        self.swap(&mut delivered)?;
        self.reach(Step::WriteHints)?;
        self.note_replaced(&entries, None, dirs, &new_bytes);
        Ok(delivered)
    }

    /// What became of a file so far; `None` when nobody put or kept it.
    pub(super) fn entry(&self, path: &str) -> Option<Entry> {
        lock_of(&self.entries).get(path).copied()
    }

    /// The time by the clock of the file system.
    pub(super) fn now(&self) -> io::Result<i64> {
        self.lock.now()
    }

    /// Every directory made in the stage, relative to it.
    pub(super) fn made_dirs(&self) -> Vec<PathBuf> {
        lock_of(&self.dirs).iter().cloned().collect()
    }

    fn enter(&self, path: &str, entry: Entry) -> Result<(), Failure> {
        match lock_of(&self.entries).insert(path.to_owned(), entry) {
            // What was kept may be kept again, or be put after all when something that belongs to it cannot be kept.
            None | Some(Entry { how: How::Unchanged(_), .. }) => Ok(()),
            Some(_) => Err(bug(format!("two files were made for the same address `{path}`"))),
        }
    }

    /// How the old output's file looks when it is what is listed, with the mode we give. `holds` reads it, and is only
    /// asked when its looks do not say.
    fn find_unchanged(
        &self,
        path: &str,
        listed: &Listed,
        holds: &dyn Fn(&Path) -> io::Result<bool>,
    ) -> Result<Option<Stat>, Failure> {
        let Some((idx, before)) = self.old.manifest.find(path) else { return Ok(None) };
        if before != listed || !self.old.names.ours[idx] {
            return Ok(None);
        }
        let place = self.output.join(path);
        let Some(meta) = look(&place)? else { return Ok(None) };
        let stat = Stat::of(&meta);
        if !meta.is_file() || meta.mode() & 0o7777 != 0o644 || stat.size != listed.size {
            return Ok(None);
        }
        if self.old.vouches(idx, &stat) {
            return Ok(Some(stat));
        }
        // One that cannot be read is as good as changed: it is written anew.
        Ok(holds(&place).unwrap_or(false).then_some(stat))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let place = self.dir.join(path);
        self.make_parents(Path::new(path), &|_| 0o755)?;
        let written = match self.is_unmasked {
            true => tree::write_new_unmasked(&place, bytes),
            false => tree::write_new(&place, bytes),
        };
        match written {
            Ok(file) => {
                // Elsewhere than on Linux there is no call that syncs one file system.
                if cfg!(not(target_os = "linux")) && self.options.durable {
                    file.sync_all().map_err(|e| failed("write", &place, &e))?;
                }
                Ok(())
            }
            Err(e) if matches!(Errno::from_io_error(&e), Some(Errno::EXIST | Errno::ISDIR)) => {
                Err(bug(format!("`{path}` is a file and a directory of the site at once")))
            }
            Err(e) if Errno::from_io_error(&e) == Some(Errno::NOSPC) => {
                Err(disk_full("write", &place, &e, bytes.len() as u64))
            }
            Err(e) => Err(failed("write", &place, &e)),
        }
    }

    /// Makes the directories above a path in the stage. Under one lock, so that no thread sees one before its mode.
    fn make_parents(&self, path: &Path, mode: &dyn Fn(&Path) -> u32) -> Result<(), Failure> {
        match path.parent() {
            Some(dir) => self.make_dir(dir, mode),
            None => Ok(()),
        }
    }

    fn make_dir(&self, dir: &Path, mode: &dyn Fn(&Path) -> u32) -> Result<(), Failure> {
        let mut made = lock_of(&self.dirs);
        let missing: Vec<&Path> = dir.ancestors().take_while(|dir| !made.contains(*dir)).collect();
        for dir in missing.into_iter().rev() {
            let place = self.dir.join(dir);
            let mode = mode(dir);
            let made_so = self.is_unmasked && mode == 0o755;
            let create = fs::DirBuilder::new().mode(0o755).create(&place);
            match create.and_then(|()| if made_so { Ok(()) } else { tree::set_dir_mode(&place, mode) }) {
                Ok(()) => (),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(bug(format!(
                        "`{}` is a file and a directory of the site at once",
                        show(dir)
                    )));
                }
                Err(e) => return Err(failed("make", &place, &e)),
            }
            made.insert(dir.to_owned());
        }
        Ok(())
    }

    /// Refuses to hide a file that we did not write behind one of the new site.
    fn check_collisions(&self, entries: &BTreeMap<String, Entry>) -> Result<(), Failure> {
        let is_file = |path: &Path| path.to_str().is_some_and(|path| entries.contains_key(path));
        let stands_in_file = |path: &Path| path.ancestors().any(is_file);
        let Names { unknown, empty_dirs, .. } = &self.old.names;
        let files = unknown.iter().filter(|path| stands_in_file(path) || part::has_pages(entries, path));
        let clash = files.chain(empty_dirs.iter().filter(|path| stands_in_file(path))).next();
        let Some(path) = clash else { return Ok(()) };
        let place = show(&self.output.join(path));
        let message = format!("`{place}` was not written by us, and the new site has a file in its place");
        Err(Failure::new(Exit::Refused, message)
            .help("move it out of the output, or change the address of the page"))
    }

    fn count(&self, entries: &BTreeMap<String, Entry>, gone: &[&str]) -> Delivered {
        let pages_changed = gone.iter().filter(|path| path.ends_with(".html")).count();
        let mut delivered = Delivered { removed: gone.len(), pages_changed, ..Delivered::default() };
        for (path, entry) in entries {
            delivered.bytes_total += entry.listed.size;
            if matches!(entry.how, How::Unchanged(_)) {
                delivered.unchanged += 1;
                continue;
            }
            delivered.written += 1;
            delivered.pages_changed += usize::from(path.ends_with(".html"));
            delivered.bytes_written += entry.listed.size;
        }
        let is_plumbing = |path: &Path| path.ends_with(".gitignore") || path.ends_with(".gitkeep");
        let unknown = self.old.names.unknown.iter().filter(|path| !is_plumbing(path)).map(|path| show(path));
        let empty = self.old.names.empty_dirs.iter().map(|path| format!("{}/", show(path)));
        delivered.kept = unknown.chain(empty).collect();
        delivered.kept.sort();
        delivered.leftover.clone_from(&self.leftover);
        delivered
    }

    /// Adds to the stage what is not there yet of what is wanted: unchanged files, and files we do not know.
    fn complete(
        &self,
        entries: &BTreeMap<String, Entry>,
        is_wanted: &dyn Fn(&Path) -> bool,
    ) -> Result<(), Failure> {
        for (path, entry) in entries {
            if let How::Unchanged(stat) = &entry.how
                && is_wanted(Path::new(path))
            {
                self.reach(Step::Link)?;
                self.share(path, entry, stat)?;
            }
        }
        let mode_in_output = |dir: &Path| match fs::symlink_metadata(self.output.join(dir)) {
            // We must be able to write in it while we fill it.
            Ok(meta) => (meta.mode() & 0o7777) | 0o700,
            Err(_) => 0o755,
        };
        for path in self.old.names.unknown.iter().filter(|path| is_wanted(path)) {
            self.reach(Step::Keep)?;
            self.make_parents(path, &mode_in_output)?;
            let from = self.output.join(path);
            tree::link_or_copy(&from, &self.dir.join(path)).map_err(|e| failed("keep", &from, &e))?;
        }
        for dir in self.old.names.empty_dirs.iter().filter(|dir| is_wanted(dir)) {
            self.reach(Step::Keep)?;
            self.make_dir(dir, &mode_in_output)?;
        }
        Ok(())
    }

    /// Makes a whole site of the stage: with its manifest, on the disk, and no longer ours to wipe.
    fn seal(&self, manifest_bytes: &[u8]) -> Result<(), Failure> {
        self.reach(Step::WriteManifest)?;
        self.write_for_good(&self.dir.join(manifest::NAME), manifest_bytes)?;
        self.reach(Step::Sync)?;
        if self.options.durable {
            tree::sync_tree(&self.dir)?;
        }
        self.reach(Step::Unmark)?;
        self.unmark()
    }

    pub(super) fn write_for_good(&self, place: &Path, bytes: &[u8]) -> Result<(), Failure> {
        match tree::write_new(place, bytes) {
            Ok(_) => Ok(()),
            Err(e) if Errno::from_io_error(&e) == Some(Errno::NOSPC) => {
                Err(disk_full("write", place, &e, bytes.len() as u64))
            }
            Err(e) => Err(failed("write", place, &e)),
        }
    }

    /// Takes the mark away, and makes sure that it is gone before anything of the output comes in here.
    pub(super) fn unmark(&self) -> Result<(), Failure> {
        let mark = self.dir.join(leftover::mark_of(&self.dir));
        fs::remove_file(&mark).map_err(|e| failed("remove", &mark, &e))?;
        if self.options.durable { tree::sync_one(&self.dir) } else { Ok(()) }
    }

    /// Gives the new site the old one's file. Nobody may have changed it since we looked.
    fn share(&self, path: &str, entry: &Entry, stat: &Stat) -> Result<(), Failure> {
        let (from, to) = (self.output.join(path), self.dir.join(path));
        self.make_parents(Path::new(path), &|_| 0o755)?;
        match fs::hard_link(&from, &to) {
            Ok(()) => {
                let now = fs::symlink_metadata(&to).map_err(|e| failed("look at", &to, &e))?;
                // The link itself has changed the time of change.
                let now = Stat { changed: stat.changed, ..Stat::of(&now) };
                if now == *stat { Ok(()) } else { Err(changed_meanwhile(&from)) }
            }
            Err(e) if tree::cannot_link(&e) => {
                let bytes = tree::read_plain(&from).map_err(|e| failed("read", &from, &e))?;
                match Fingerprint::of(&bytes) == entry.listed.fingerprint {
                    true => self.write(path, &bytes),
                    false => Err(changed_meanwhile(&from)),
                }
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(changed_meanwhile(&from)),
            Err(e) => Err(failed("share", &from, &e)),
        }
    }

    #[cfg(test)]
    pub(super) fn never_exchange(&self) -> bool {
        self.options.set_aside
    }

    #[cfg(not(test))]
    pub(super) fn never_exchange(&self) -> bool {
        false
    }

    /// In tests, dies here when told to; does nothing otherwise.
    #[cfg(not(test))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "tests have another body")]
    pub(super) fn reach(&self, _step: Step) -> Result<(), Failure> {
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn reach(&self, step: Step) -> Result<(), Failure> {
        use std::sync::atomic::Ordering::Relaxed;
        match self.options.crash_at {
            Some((at, _)) if at == step && self.countdown.load(Relaxed) == 0 => Err(bug("crash".to_owned())),
            Some((at, _)) if at == step => {
                self.countdown.fetch_sub(1, Relaxed);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn mark(&self) -> Result<(), Failure> {
        leftover::mark(&self.dir)
    }

    pub(super) fn is_durable(&self) -> bool {
        self.options.durable
    }

    /// Notes that what the stage holds is not ours alone any more.
    pub(super) fn is_over(&mut self) {
        self.phase = Phase::Over;
    }

    /// Gives up the stage. Marks it again first: it is not swapped, so all in it may go.
    fn remove(&mut self) -> Result<(), Failure> {
        self.phase = Phase::Over;
        // On a full disk the mark may fail; the removal below is then no less right.
        self.mark().ok();
        leftover::remove_stage(&self.dir)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        #[cfg(test)]
        if self.options.crash_at.is_some() {
            return;
        }
        if self.phase == Phase::Staging {
            self.remove().ok();
        }
    }
}

/// The names that we use ourselves are not for pages.
fn check_free(path: &str) -> Result<(), Failure> {
    if !manifest::is_reserved(path) {
        return Ok(());
    }
    let message = format!("the site may not have a file `{path}`: we keep our list of files under that name");
    Err(Failure::new(Exit::Refused, message).help("rename or remove it"))
}

fn check_complete(entries: &BTreeMap<String, Entry>) -> Result<(), Failure> {
    for (path, entry) in entries {
        if matches!(entry.how, How::Pending) {
            return Err(bug(format!(
                "`{path}` was not written, and the site was to be delivered all the same"
            )));
        }
        // The old site had the unchanged ones side by side.
        if matches!(entry.how, How::Unchanged(_)) {
            continue;
        }
        let parents = Path::new(path).ancestors().skip(1).filter_map(Path::to_str);
        if let Some(file) = parents.into_iter().find(|parent| entries.contains_key(*parent)) {
            return Err(bug(format!("`{file}` is a file and a directory of the site at once")));
        }
    }
    Ok(())
}

pub(super) fn changed_meanwhile(path: &Path) -> Failure {
    Failure::new(Exit::Machine, format!("`{}` was changed by another program during the build", show(path)))
        .help("build again when it is done")
}

/// A thread that panicked while it held the lock left a whole map; the panic itself is reported elsewhere.
fn lock_of<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
