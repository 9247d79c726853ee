//! The output as it lies there before a delivery: what of it is ours, and what we leave alone.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest};
use super::refuse;
use super::tree::{self, identity, look, show};
use crate::diag::{Exit, Failure};

/// The output as it was when the stage was opened.
#[derive(Debug, Default)]
pub(super) struct Old {
    /// Device and inode of the directory; `None` when there is none.
    pub(super) identity: Option<(u64, u64)>,
    pub(super) mode: Option<u32>,
    pub(super) manifest: Manifest,
    pub(super) manifest_bytes: Vec<u8>,
    /// Files that the manifest names and that lie there, reached through no link.
    pub(super) ours: HashSet<String>,
    /// Every directory in it, relative to it, reached through no link.
    pub(super) dirs: Vec<PathBuf>,
    /// Everything else that is not a directory.
    pub(super) unknown: Vec<PathBuf>,
    /// Empty directories in which we never wrote.
    pub(super) empty_dirs: Vec<PathBuf>,
}

impl Old {
    /// Whether there was a delivery of ours.
    pub(super) fn has_manifest(&self) -> bool {
        !self.manifest_bytes.is_empty()
    }

    pub(super) fn read(output: &Path) -> Result<Old, Failure> {
        let Some(meta) = look(output)? else { return Ok(Old::default()) };
        if !meta.is_dir() {
            let message = format!("`{}` is not a directory any more", show(output));
            return Err(Failure::new(Exit::Refused, message).help("choose another output"));
        }
        let (manifest, manifest_bytes) = refuse::check_holdings(output, output)?.unwrap_or_default();
        let mut our_dirs: HashSet<&Path> = HashSet::new();
        for path in manifest.paths() {
            our_dirs.extend(Path::new(path).ancestors().skip(1));
        }
        let tree = tree::walk(output)?;
        let (mut ours, mut unknown) = (HashSet::new(), Vec::new());
        let mut full_dirs: HashSet<&Path> = HashSet::new();
        for leaf in &tree.files {
            full_dirs.extend(leaf.path.parent());
            match leaf.path.to_str() {
                Some(manifest::NAME) if leaf.is_plain => (),
                Some(path) if leaf.is_plain && manifest.get(path).is_some() => {
                    ours.insert(path.to_owned());
                }
                _ => unknown.push(leaf.path.clone()),
            }
        }
        full_dirs.extend(tree.dirs.iter().filter_map(|dir| dir.parent()));
        let is_foreign =
            |dir: &&PathBuf| !full_dirs.contains(dir.as_path()) && !our_dirs.contains(dir.as_path());
        let empty_dirs = tree.dirs.iter().filter(is_foreign).cloned().collect();
        let (identity, mode) = (Some(identity(&meta)), Some(meta.mode() & 0o7777));
        Ok(Old { identity, mode, ours, unknown, empty_dirs, dirs: tree.dirs, manifest, manifest_bytes })
    }
}
