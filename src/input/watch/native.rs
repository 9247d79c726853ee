//! What the system announces, by notify. The only file that names that crate.
//!
//! On Linux an event is a hint and no more: inotify forgets events when its queue is full, and files that were
//! written into a new directory before anybody watched it have no events at all.

use std::path::Path;
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Config, Error, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::pending::{Batch, Pending, Place, Sieve, Touch};
use crate::input::scan::is_below;

const ENOSPC: i32 = 28;
const EMFILE: i32 = 24;

/// The system's announcements for one project.
pub(super) struct Native {
    inner: RecommendedWatcher,
    sieve: Arc<Sieve>,
}

impl Native {
    /// Begins to listen; what comes goes into `pending`. The error is a sentence for the user.
    pub(super) fn new(sieve: Sieve, pending: &Arc<Pending>) -> Result<Native, String> {
        let sieve = Arc::new(sieve);
        let (filter, pending) = (Arc::clone(&sieve), Arc::clone(pending));
        let handler = move |event: notify::Result<Event>| pending.add(understand(event, &filter));
        // A symbolic link is never followed: see `input::disk`.
        let config = Config::default().with_follow_symlinks(false);
        let inner = RecommendedWatcher::new(handler, config).map_err(|error| reason(&error))?;
        let mut native = Native { inner, sieve };
        native.arm()?;
        Ok(native)
    }

    /// Sees to it that every directory that is there is watched. Files are watched through their directories: the
    /// watch of a file ends when an editor puts another in its place.
    ///
    /// What does not exist yet is noticed by its directory, or by the nearest above it that exists.
    pub(super) fn arm(&mut self) -> Result<(), String> {
        let sieve = Arc::clone(&self.sieve);
        let watched = &sieve.watched;
        let mut above: Vec<&str> = Vec::new();
        for path in watched.dirs.iter().chain(&watched.files) {
            above.extend(path.match_indices('/').map(|(at, _)| &path[..at]).chain([""]));
        }
        let is_inside = |path: &str| watched.dirs.iter().any(|dir| dir == path || is_below(path, dir));
        above.retain(|path| !is_inside(path));
        above.sort_unstable();
        above.dedup();
        for path in above {
            self.watch(path, RecursiveMode::NonRecursive)?;
        }
        for dir in watched.dirs.iter().filter(|dir| !watched.dirs.iter().any(|it| is_below(dir, it))) {
            self.watch(dir, RecursiveMode::Recursive)?;
        }
        Ok(())
    }

    fn watch(&mut self, path: &str, mode: RecursiveMode) -> Result<(), String> {
        let path = if path.is_empty() { self.sieve.root.clone() } else { self.sieve.root.join(path) };
        // A file or link in the place of a directory has nothing below it.
        if !std::fs::symlink_metadata(&path).is_ok_and(|it| it.is_dir()) {
            return Ok(());
        }
        match self.inner.watch(&path, mode) {
            Err(error) if !is_gone(&error) => Err(reason(&error)),
            // What disappears while we look is announced by what stands above it.
            _ => Ok(()),
        }
    }

    /// Returns once everything that had been announced before is in `pending` and what it tells of new directories
    /// is watched. notify answers such a question between two rounds of reading.
    pub(super) fn flush(&mut self) {
        for _ in 0..2 {
            // The answer says whether the setting took effect, which is of no interest.
            let _ = self.inner.configure(Config::default());
        }
    }
}

fn is_gone(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

/// Why there are no announcements, as the first half of a sentence, and what helps.
fn reason(error: &Error) -> String {
    let number = match &error.kind {
        ErrorKind::MaxFilesWatch => Some(ENOSPC),
        ErrorKind::Io(error) => error.raw_os_error(),
        _ => None,
    };
    match number {
        Some(ENOSPC) => "This system watches no more directories for this user, \
             which `sudo sysctl fs.inotify.max_user_watches=524288` changes"
            .to_owned(),
        Some(EMFILE) => "This system gives this user no more watchers, \
             which `sudo sysctl fs.inotify.max_user_instances=1024` changes"
            .to_owned(),
        _ => format!("This system does not announce changes of files ({error})"),
    }
}

/// What an event means to the project.
fn understand(event: notify::Result<Event>, sieve: &Sieve) -> Batch {
    let mut batch = Batch::default();
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            batch.lost = true;
            let is_limit = matches!(error.kind, ErrorKind::MaxFilesWatch);
            batch.broken = is_limit.then(|| reason(&error));
            return batch;
        }
    };
    batch.lost = event.need_rescan();
    let touch = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
            for path in &event.paths {
                if let Place::Here(name) = sieve.place(path) {
                    batch.closed.insert(name);
                }
            }
            return batch;
        }
        EventKind::Access(_) => return batch,
        EventKind::Modify(ModifyKind::Metadata(_)) => Touch::Attributes,
        _ => Touch::Content,
    };
    let is_dir = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
    // Both halves of a move come alone too. Together they tell whether it was a directory.
    if let (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) =
        (event.kind, &event.paths[..])
    {
        if let (Place::Here(from), false) = (sieve.place(from), is_dir(to)) {
            batch.moved_files.insert(from);
        }
        return batch;
    }
    for path in &event.paths {
        let name = match sieve.place(path) {
            Place::Nowhere => continue,
            Place::Above => {
                batch.shaken |= touch == Touch::Content;
                continue;
            }
            Place::Here(name) => name,
            Place::Odd(name) => {
                batch.odd.insert(name);
                continue;
            }
        };
        match event.kind {
            EventKind::Create(CreateKind::Folder) => batch.grew = true,
            EventKind::Create(_) => {
                batch.made.insert(name.clone());
            }
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => batch.grew |= is_dir(path),
            EventKind::Modify(ModifyKind::Name(_)) | EventKind::Remove(RemoveKind::Folder) => {
                batch.moved_away.insert(name.clone());
            }
            _ => (),
        }
        batch.note(name, touch);
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::scan::Watched;

    fn understood(event: notify::Result<Event>) -> Batch {
        let watched = Watched::new(&["content"], &["site.yaml"]);
        understand(event, &Sieve { root: "/p".into(), watched })
    }

    #[test]
    fn a_limit_is_told_with_the_line_that_raises_it() {
        let told = |error: Error| understood(Err(error));
        let limit = told(Error::new(ErrorKind::MaxFilesWatch));
        assert!(limit.lost && limit.broken.unwrap().contains("sysctl fs.inotify.max_user_watches="));
        let other = told(Error::generic("odd"));
        assert!(other.lost && other.broken.is_none());
        let no_more = reason(&Error::io(std::io::Error::from_raw_os_error(EMFILE)));
        assert!(no_more.contains("sysctl fs.inotify.max_user_instances="), "{no_more}");
        assert!(reason(&Error::io(std::io::Error::from_raw_os_error(ENOSPC))).contains("max_user_watches"));
    }

    #[test]
    fn events_say_where_to_look() {
        let event = |kind, path: &str| understood(Ok(Event::new(kind).add_path(format!("/p/{path}").into())));
        let data = EventKind::Modify(ModifyKind::Data(notify::event::DataChange::Any));
        assert_eq!(event(data, "content/a.md").paths["content/a.md"], Touch::Content);
        let mode = EventKind::Modify(ModifyKind::Metadata(notify::event::MetadataKind::Any));
        assert_eq!(event(mode, "site.yaml").paths["site.yaml"], Touch::Attributes);
        let read = EventKind::Access(notify::event::AccessKind::Any);
        assert!(event(read, "content/a.md").paths.is_empty());
        let written = event(EventKind::Access(AccessKind::Close(AccessMode::Write)), "content/a.md");
        assert!(written.paths.is_empty() && written.closed.contains("content/a.md"));
        assert!(event(EventKind::Create(CreateKind::File), "content/a.md").made.contains("content/a.md"));
        let folder = event(EventKind::Create(CreateKind::Folder), "content/new");
        assert!(folder.grew && folder.paths.contains_key("content/new"));
        let from = EventKind::Modify(ModifyKind::Name(RenameMode::From));
        assert!(event(from, "content/old").moved_away.contains("content/old"));
        assert!(event(EventKind::Remove(RemoveKind::Folder), "content").shaken);
        let full = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        assert!(understood(Ok(full)).lost);
    }
}
