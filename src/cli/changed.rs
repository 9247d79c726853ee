//! `check --changed`: which files of the project are not what they were at a commit.
//!
//! Asks the `git` program, which knows the user's settings. The project may stand below the repository's root.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use super::git;
use crate::diag::{Exit, Failure};
use crate::text::nfc;

/// The files of the project that changed since a commit, or are not committed: staged, unstaged or untracked. Without a
/// reference, since the branch left its upstream; without an upstream, since `HEAD`; without any commit, all files.
/// Paths are relative to the project.
///
/// # Errors
/// When there is no git, no repository, or no such commit.
pub(super) fn changed_files(root: &Path, reference: Option<&str>) -> Result<BTreeSet<String>, Failure> {
    let git = Git { root };
    git.need_repository()?;
    let mut files = match git.base(reference)? {
        Some(base) => {
            let diff = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "--relative", "-z"];
            git.names(&[&diff[..], &[&base, "--"]].concat())?
        }
        None => git.names(&["ls-files", "-z"])?,
    };
    files.append(&mut git.names(&["ls-files", "--others", "--exclude-standard", "-z"])?);
    Ok(files)
}

struct Git<'a> {
    root: &'a Path,
}

impl Git<'_> {
    fn run(&self, args: &[&str]) -> Result<Output, Failure> {
        git::run(self.root, args, "--changed", "install git, or name the files to check")
    }

    /// What a command printed, on one line; `None` when it failed.
    fn word(&self, args: &[&str]) -> Result<Option<String>, Failure> {
        let ran = self.run(args)?;
        let word = String::from_utf8_lossy(&ran.stdout).trim().to_owned();
        Ok((ran.status.success() && !word.is_empty()).then_some(word))
    }

    fn need_repository(&self) -> Result<(), Failure> {
        let ran = self.run(&["rev-parse", "--is-inside-work-tree"])?;
        if ran.status.success() && ran.stdout.starts_with(b"true") {
            return Ok(());
        }
        let message = format!("`--changed` needs a git repository, and `{}` is in none", self.root.display());
        let failure = Failure { cause: said(&ran), ..Failure::new(Exit::Usage, message) };
        Err(failure.help("leave `--changed` out, or name the files to check"))
    }

    /// The commit to compare with; `None` when there is none yet.
    fn base(&self, reference: Option<&str>) -> Result<Option<String>, Failure> {
        let commit = |name: &str| {
            let name = format!("{name}^{{commit}}");
            self.word(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])
        };
        let head = commit("HEAD")?;
        let other = match reference {
            Some(reference) => Some(commit(reference)?.ok_or_else(|| {
                let message = format!("git knows no commit `{reference}`");
                Failure::new(Exit::Usage, message).help("a shallow clone may have to fetch it first")
            })?),
            None => commit("@{upstream}")?,
        };
        let (Some(head), Some(other)) = (&head, &other) else { return Ok(other.or(head)) };
        // Without a common ancestor, as in a shallow clone, all that differs counts.
        Ok(Some(self.word(&["merge-base", other, head])?.unwrap_or_else(|| other.clone())))
    }

    /// Names that a command prints, each with a NUL behind it.
    fn names(&self, args: &[&str]) -> Result<BTreeSet<String>, Failure> {
        let ran = self.run(args)?;
        if !ran.status.success() {
            let failure = Failure::new(Exit::Machine, format!("`git {}` ended with an error", args[0]));
            return Err(Failure { cause: said(&ran), ..failure });
        }
        let names = ran.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| nfc(String::from_utf8_lossy(name).into_owned())).collect())
    }
}

/// What git said about it.
fn said(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stderr).trim().to_owned()
}
