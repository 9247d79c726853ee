//! Whether git is changing many files just now.

use std::fs;
use std::path::{Path, PathBuf};

use crate::input::{DiskFiles, Files, Stamp};

/// An older lock was left behind by a git that died.
const OLD: i64 = 10_000_000_000;

/// The lock that git holds on its index from before it changes the first file until after the last: in a checkout, a
/// merge, a rebase, a stash.
pub(super) struct Git(Option<PathBuf>);

impl Git {
    /// Looks for the repository that a project is in, which may be a second working tree.
    pub(super) fn of(root: &Path) -> Git {
        let at = root.ancestors().map(|it| it.join(".git")).find(|it| fs::symlink_metadata(it).is_ok());
        let dir = at.map(|at| match fs::read_to_string(&at) {
            Ok(text) => at.with_file_name(text.trim().trim_start_matches("gitdir:").trim_start()),
            Err(_) => at,
        });
        Git(dir.map(|it| it.join("index.lock")))
    }

    /// Whether the lock is held, by somebody who is alive.
    pub(super) fn is_at_work(&self, files: &DiskFiles) -> bool {
        let lock = self.0.as_ref().and_then(|it| fs::symlink_metadata(it).ok());
        lock.is_some_and(|it| Stamp::of(&it).changed.saturating_add(OLD) > files.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_counts_in_any_kind_of_repository() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        for path in ["repo/.git/worktrees/two", "repo/site", "two/site", "none"] {
            fs::create_dir_all(at(path)).unwrap();
        }
        fs::write(at("two/.git"), format!("gitdir: {}\n", at("repo/.git/worktrees/two").display())).unwrap();
        for (project, lock) in [("repo/site", "repo/.git"), ("two/site", "repo/.git/worktrees/two")] {
            let (git, files) = (Git::of(&at(project)), DiskFiles::new(at(project)));
            assert!(!git.is_at_work(&files), "{project}");
            fs::write(at(lock).join("index.lock"), "").unwrap();
            assert!(git.is_at_work(&files), "{project}");
            fs::remove_file(at(lock).join("index.lock")).unwrap();
        }
    }
}
