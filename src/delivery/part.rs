//! Replacing one directory of the output instead of the whole: what a small change costs should not depend on how
//! large the site is. See the protocol in [the module above](super).

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Delivered;
use super::dir::{Entry, How, Stage, Step};
use super::leftover;
use super::manifest::{self, Manifest};
use super::old::Old;
use super::tree::{self, failed, look, show};
use crate::diag::Failure;
use crate::text::QuickSet;

/// The lowest directory that holds all that differs, relative to the output, and stands in both sites; `None` when
/// only the output itself does. `gone` are the files that the new site does not have.
pub(super) fn common(old: &Old, entries: &BTreeMap<String, Entry>, gone: &[&str]) -> Option<PathBuf> {
    old.identity?;
    let kept = old.names.unknown.iter().flat_map(|path| path.ancestors().skip(1));
    let kept: QuickSet<&Path> =
        kept.chain(old.names.empty_dirs.iter().flat_map(|dir| dir.ancestors())).collect();
    let stays = |dir: &Path| old.has_dir(dir) && (kept.contains(dir) || has_pages(entries, dir));
    let written = entries.iter().filter(|(_, entry)| !matches!(entry.how, How::Unchanged(_)));
    let mut common: Option<&Path> = None;
    for path in written.map(|(path, _)| path.as_str()).chain(gone.iter().copied()) {
        let dir = Path::new(path).ancestors().skip(1).find(|dir| stays(dir))?;
        let both = match common {
            Some(common) => dir.ancestors().find(|dir| common.starts_with(dir))?,
            None => dir,
        };
        if both.as_os_str().is_empty() {
            return None;
        }
        common = Some(both);
    }
    common.map(Path::to_owned)
}

/// Whether the site has a file somewhere below this path.
pub(super) fn has_pages(entries: &BTreeMap<String, Entry>, dir: &Path) -> bool {
    let Some(dir) = dir.to_str() else { return false };
    let below = format!("{dir}/");
    entries.range(below.clone()..).next().is_some_and(|(path, _)| path.starts_with(&below))
}

impl Stage {
    /// Makes the new site the output by replacing one directory of it, which the stage holds whole; `false` when the
    /// file system cannot, and the stage is then as it was.
    ///
    /// # Errors
    /// As [`Stage::commit`].
    pub(super) fn replace_part(
        &mut self,
        dir: &Path,
        manifest_bytes: &[u8],
        delivered: &mut Delivered,
    ) -> Result<bool, Failure> {
        let (here, there) = (self.dir.join(dir), self.output.join(dir));
        let inode = fs::symlink_metadata(&here).map_err(|e| failed("look at", &here, &e))?.ino();
        let list = self.dir.join(leftover::list_of(&self.dir, inode));
        let own = self.dir.join(manifest::NAME);
        let old = self.old.manifest.below(dir);
        self.reach(Step::WriteManifest)?;
        self.write_for_good(&own, &old.to_bytes())?;
        self.write_for_good(&list, manifest_bytes)?;
        self.reach(Step::Sync)?;
        self.sync_part()?;
        self.reach(Step::Unmark)?;
        self.unmark()?;
        self.reach(Step::SwapPart)?;
        self.check_place(dir)?;
        match if self.never_exchange() { Err(tree::no_exchange()) } else { tree::exchange(&here, &there) } {
            Ok(()) => (),
            Err(e) if tree::cannot_flag(&e) => {
                self.mark()?;
                for file in [list, own] {
                    fs::remove_file(&file).map_err(|e| failed("remove", &file, &e))?;
                }
                return Ok(false);
            }
            Err(e) => return Err(failed("replace", &there, &e)),
        }
        self.is_over();
        delivered.swapped = true;
        self.reach(Step::BringList)?;
        // Nothing between these two calls: meanwhile the site is the new one, and its list still the old one.
        let place = self.output.join(manifest::NAME);
        fs::rename(&list, &place).map_err(|e| {
            failed("replace", &place, &e)
                .help("the new site is in place, and the next build replaces this list of its files")
        })?;
        self.reach(Step::SyncParent)?;
        if self.is_durable() {
            for dir in [there.parent(), here.parent(), Some(&self.output)].into_iter().flatten() {
                tree::sync_one(dir)?;
            }
        }
        self.take_apart(&self.dir, &old, delivered)?;
        Ok(true)
    }

    /// Nobody may have moved the output, or led a directory of it elsewhere, since we looked.
    fn check_place(&self, dir: &Path) -> Result<(), Failure> {
        self.check_identity()?;
        for dir in dir.ancestors() {
            let place = self.output.join(dir);
            if !look(&place)?.is_some_and(|meta| meta.is_dir()) {
                return Err(super::dir::changed_meanwhile(&place));
            }
        }
        Ok(())
    }

    /// Brings what is new to the disk, and nothing else of the file system: others may be writing much there.
    fn sync_part(&self) -> Result<(), Failure> {
        /// From how many files on one call for the whole file system is cheaper.
        const MANY: usize = 200;
        if !self.is_durable() {
            return Ok(());
        }
        let tree = tree::walk(&self.dir)?;
        if tree.files.len() + tree.dirs.len() > MANY {
            return tree::sync_tree(&self.dir);
        }
        let files = tree.files.iter().filter(|leaf| leaf.is_plain).map(|leaf| leaf.path.as_path());
        for path in files.chain(tree.dirs.iter().map(PathBuf::as_path)).chain([Path::new("")]) {
            tree::sync_one(&self.dir.join(path))?;
        }
        Ok(())
    }
}

/// Finishes or undoes the exchange of a directory that a crash interrupted, before the stage is taken apart. The name
/// of the list in the stage says the inode of the new directory, and where that lies says how far it came.
/// `Some` says why neither could be done.
///
/// # Errors
/// When the disk fails.
pub(super) fn settle(stage: &Path, output: &Path) -> Result<Option<String>, Failure> {
    let Some((list, inode)) = leftover::find_list(stage)? else { return Ok(None) };
    let is_new = |root: &Path, dir: &PathBuf| {
        look(&root.join(dir)).map(|meta| meta.is_some_and(|meta| meta.is_dir() && meta.ino() == inode))
    };
    let (mut is_here, mut is_there) = (false, false);
    for dir in &tree::walk(stage)?.dirs {
        is_here |= is_new(stage, dir)?;
        is_there |= is_new(output, dir)?;
    }
    if is_here {
        // It was never exchanged: all in the stage is ours, and goes.
        return leftover::mark(stage).map(|()| None);
    }
    let problem = match Manifest::read_at(&list) {
        Ok(Some(_)) if is_there => None,
        Ok(_) => Some("it is a copy of an unfinished delivery".to_owned()),
        Err(problem) => Some(problem.to_string()),
    };
    if let Some(problem) = problem {
        return Ok(Some(format!("{}: {problem}", show(stage))));
    }
    let place = output.join(manifest::NAME);
    fs::rename(&list, &place).map_err(|e| failed("replace", &place, &e))?;
    Ok(None)
}
