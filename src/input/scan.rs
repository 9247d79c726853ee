//! The state of many files at one time, and what differs between two such states.
//!
//! In: [`Files`] and what of them counts. Out: a [`Snapshot`], which is paths with stamps, and [`Changes`]. No bytes
//! are read and no clock is asked: the time comes from [`Files::now`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Entry, Files, Stamp, Verdict};
use crate::diag::Failure;

/// Which files of a project count: everything below some directories, and some single files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Directories, relative to the project, with everything below them: `content`, `themes/plain`.
    pub dirs: Vec<String>,
    /// Single files, relative to the project: `site.yaml`.
    pub files: Vec<String>,
}

impl Watched {
    /// These directories and these files.
    pub fn new(dirs: &[&str], files: &[&str]) -> Watched {
        let own = |paths: &[&str]| paths.iter().map(|it| it.trim_matches('/').to_owned()).collect();
        Watched { dirs: own(dirs), files: own(files) }
    }

    /// Whether a path is one of the files or stands below one of the directories.
    pub fn covers(&self, path: &str) -> bool {
        self.files.iter().any(|it| it == path) || self.dirs.iter().any(|it| is_below(path, it))
    }

    /// Whether a directory is one of ours, lies in one, or leads to something that counts.
    pub fn concerns(&self, dir: &str) -> bool {
        self.covers(dir)
            || self.dirs.iter().any(|it| it == dir)
            || self.dirs.iter().chain(&self.files).any(|it| is_below(it, dir))
    }
}

/// Whether a path stands below a directory. Everything stands below the project's own, which is empty.
pub(super) fn is_below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// The stamps of files at one time, by path. Links, pipes and names that cannot travel are in it, because they are
/// things to report; of two names that differ only in normal form, the one that counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    files: BTreeMap<Arc<str>, Seen>,
}

/// A stamp, and when it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The stamp.
    pub stamp: Stamp,
    /// When we began to look, by [`Files::now`].
    pub at: i64,
}

impl Seen {
    /// Compares this with the stamp that the file has now.
    pub fn verdict(&self, now: &Stamp) -> Verdict {
        self.stamp.verdict(self.at, now)
    }
}

/// What differs between two snapshots, each list sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were not there.
    pub added: Vec<Arc<str>>,
    /// Files that are not there any more.
    pub removed: Vec<Arc<str>>,
    /// Files with another stamp. They may still have the same bytes.
    pub modified: Vec<Arc<str>>,
    /// Files with a stamp that proves nothing, because they had just been written when it was seen: only their
    /// bytes tell.
    pub unsure: Vec<Arc<str>>,
}

impl Changes {
    /// Whether nothing differs for certain and nothing might.
    pub fn is_empty(&self) -> bool {
        self.paths().next().is_none()
    }

    /// Every path in it.
    pub fn paths(&self) -> impl Iterator<Item = &Arc<str>> {
        self.added.iter().chain(&self.removed).chain(&self.modified).chain(&self.unsure)
    }
}

impl Snapshot {
    /// Looks at every file that counts, without reading one.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn take(files: &dyn Files, watched: &Watched) -> Result<Snapshot, Failure> {
        // Before the first look: what is written meanwhile must not pass for old.
        let at = files.now();
        let mut snapshot = Snapshot { files: BTreeMap::new() };
        for dir in &watched.dirs {
            for listed in files.list(dir)? {
                if !matches!(listed.state, Entry::Twin(_)) {
                    snapshot.files.insert(listed.path, Seen { stamp: listed.stamp, at });
                }
            }
        }
        for path in &watched.files {
            if let Some(stamp) = files.stamp(path)? {
                snapshot.files.insert(path.as_str().into(), Seen { stamp, at });
            }
        }
        Ok(snapshot)
    }

    /// The stamp of one file.
    pub fn get(&self, path: &str) -> Option<&Seen> {
        self.files.get(path)
    }

    /// Every path with its stamp, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Seen)> {
        self.files.iter()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Every path below a directory with its stamp.
    pub fn below(&self, dir: &str) -> impl Iterator<Item = (&Arc<str>, &Seen)> {
        let start: Arc<str> = if dir.is_empty() { "".into() } else { format!("{dir}/").into() };
        let prefix = Arc::clone(&start);
        self.files.range(start..).take_while(move |(path, _)| path.starts_with(&*prefix))
    }

    /// Notes what was seen of one file later than the rest: its stamp, or that it is gone.
    pub fn note(&mut self, path: &Arc<str>, seen: Option<Seen>) {
        match seen {
            Some(seen) => self.files.insert(Arc::clone(path), seen),
            None => self.files.remove(path),
        };
    }

    /// What differs between this snapshot and a later one.
    pub fn changes(&self, later: &Snapshot) -> Changes {
        let mut changes = Changes::default();
        let mut new = later.files.iter().peekable();
        for (path, seen) in &self.files {
            while let Some((added, _)) = new.next_if(|(it, _)| *it < path) {
                changes.added.push(Arc::clone(added));
            }
            let Some((_, now)) = new.next_if(|(it, _)| *it == path) else {
                changes.removed.push(Arc::clone(path));
                continue;
            };
            match seen.verdict(&now.stamp) {
                Verdict::Same => (),
                Verdict::Look => changes.unsure.push(Arc::clone(path)),
                Verdict::Changed => changes.modified.push(Arc::clone(path)),
            }
        }
        changes.added.extend(new.map(|(path, _)| Arc::clone(path)));
        changes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::input::MemoryFiles;

    fn shown(changes: &Changes) -> String {
        let list = |paths: &[Arc<str>]| paths.iter().map(|it| &**it).collect::<Vec<_>>().join(" ");
        let Changes { added, removed, modified, unsure } = changes;
        format!("+ {} - {} ~ {} ? {}", list(added), list(removed), list(modified), list(unsure))
    }

    #[test]
    fn two_snapshots_tell_what_came_went_and_changed() {
        let watched = Watched::new(&["content", "static/"], &["site.yaml", "quotes.lock"]);
        let mut files = MemoryFiles::from_pairs([
            ("site.yaml", ""),
            ("content/a.md", "a"),
            ("content/b.md", "b"),
            ("static/x.css", ""),
            ("elsewhere/y", ""),
        ]);
        let before = Snapshot::take(&files, &watched).unwrap();
        assert_eq!((before.len(), before.below("content").count(), before.get("elsewhere/y")), (4, 2, None));
        assert!(before.changes(&before).is_empty());
        files.insert("content/b.md", "B");
        files.remove("content/a.md");
        files.insert("content/a/c.md", "");
        files.insert("quotes.lock", "");
        files.insert("elsewhere/y", "y");
        let after = Snapshot::take(&files, &watched).unwrap();
        let changes = before.changes(&after);
        assert_eq!(shown(&changes), "+ content/a/c.md quotes.lock - content/a.md ~ content/b.md ? ");
        assert_eq!(changes.paths().count(), 4);
    }

    #[test]
    fn what_was_written_just_before_the_look_is_not_taken_for_unchanged() {
        let ms = |ms: i64| ms * 1_000_000;
        let stamp = |at| Stamp { size: 1, modified: ms(at) + 1, changed: ms(at) + 1, inode: 1 };
        let files = [("a.md", stamp(10_000)), ("b.md", stamp(9_000))];
        let at = |time: i64| Snapshot {
            files: files
                .iter()
                .map(|(path, stamp)| ((*path).into(), Seen { stamp: *stamp, at: time }))
                .collect(),
        };
        let (never, at) = (at(i64::MIN), |time| at(ms(time)));
        assert_eq!(shown(&at(10_010).changes(&at(20_000))), "+  -  ~  ? a.md");
        assert_eq!(shown(&at(10_030).changes(&at(20_000))), "+  -  ~  ? ");
        assert_eq!(shown(&never.changes(&at(0))), "+  -  ~  ? a.md b.md");
    }

    #[test]
    fn paths_are_covered_by_whole_names() {
        let watched = Watched::new(&["content", "themes/plain"], &["site.yaml"]);
        for path in ["content/a.md", "themes/plain/x/y", "site.yaml"] {
            assert!(watched.covers(path), "{path}");
        }
        for path in ["content", "contents/a.md", "themes/other/x", "site.yaml.bak", "x/site.yaml", ""] {
            assert!(!watched.covers(path), "{path}");
        }
        for dir in ["", "content", "content/a", "themes", "themes/plain"] {
            assert!(watched.concerns(dir), "{dir}");
        }
        assert!(!watched.concerns("theme") && !watched.concerns("themes/other"));
    }

    proptest! {
        #[test]
        fn changes_lead_from_one_snapshot_to_the_other(
            before in proptest::collection::btree_map("[a-c]{1,2}", 0_u64..3, 0..8),
            after in proptest::collection::btree_map("[a-c]{1,2}", 0_u64..3, 0..8),
        ) {
            let snapshot = |sizes: &BTreeMap<String, u64>| {
                let seen = |size: &u64| Seen { stamp: Stamp { size: *size, ..Stamp::default() }, at: i64::MAX };
                Snapshot { files: sizes.iter().map(|(path, size)| (path.as_str().into(), seen(size))).collect() }
            };
            let (mut from, to) = (snapshot(&before), snapshot(&after));
            let changes = from.changes(&to);
            for path in changes.paths() {
                prop_assert_ne!(from.get(path), to.get(path));
                from.note(path, to.get(path).copied());
            }
            prop_assert_eq!(from, to);
        }
    }
}
