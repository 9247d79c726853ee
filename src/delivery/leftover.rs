//! Taking trees apart: the old site after a swap, a stage that was given up, and what a crash left of either.
//!
//! Two kinds of tree are told apart by [`MARK`]. With the mark, all inside was made by us and nothing was ever
//! swapped: it goes whole, the mark last. Without it, the tree may hold somebody's files: then only what its own
//! manifest names goes, and what the output holds under the same inode; the manifest goes last, so that an
//! interrupted removal can be taken up again. Everything else is put back into the output or stays.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::lock;
use super::manifest::{self, Manifest};
use super::part;
use super::tree::{self, failed, identity, look, show};
use crate::diag::Failure;

/// How the name of a mark begins: an empty file in a stage that says "never swapped, all in here is ours". The rest
/// is the stage's own number, so that such a file in somebody's output marks nothing. All is in the name, because a
/// name appears at once: a crash between making a file and filling it would leave half a mark.
pub(super) const MARK: &str = ".rejoinder-stage";

/// What became of a tree without a mark.
#[derive(Debug, Default)]
pub(super) struct Retired {
    /// Unknown files that had appeared there and were put back into the output.
    pub(super) put_back: Vec<PathBuf>,
    /// What could not be removed, and why, for a person to read.
    pub(super) left: Vec<String>,
}

/// The hidden siblings of an output that a delivery makes: their prefixes.
pub(super) fn prefixes(output: &Path) -> [String; 2] {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    [format!(".{name}.stage-"), format!(".{name}.old-")]
}

/// Makes a stage beside an output of this name.
///
/// # Errors
/// When the disk refuses.
pub(super) fn make_stage_dir(parent: &Path, name: &str) -> Result<PathBuf, Failure> {
    let id = std::process::id();
    let mut n = 0_u32;
    loop {
        let dir = parent.join(format!(".{name}.stage-{id}-{n}"));
        match fs::DirBuilder::new().mode(0o755).create(&dir) {
            Ok(()) => return Ok(dir),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => n += 1,
            Err(e) => return Err(failed("make", &dir, &e)),
        }
    }
}

/// Tidies what a crashed delivery left beside an output: puts an output back that was set aside, removes stages and
/// old trees. Call it at the start of every command that builds, so that a build that stops at an error of the
/// author's also leaves the output in its place; [`super::Stage::open`] does it too. Returns what had to stay.
///
/// # Errors
/// When another process is delivering, or the disk fails.
pub fn recover(output: &Path, state: &Path) -> Result<Vec<String>, Failure> {
    let _lock = lock::take(state)?;
    recover_locked(output)
}

pub(super) fn recover_locked(output: &Path) -> Result<Vec<String>, Failure> {
    let Some(parent) = output.parent().filter(|parent| parent.is_dir()) else { return Ok(Vec::new()) };
    let [stage_prefix, old_prefix] = prefixes(output);
    let (mut stages, mut olds) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(parent).map_err(|e| failed("list", parent, &e))? {
        let entry = entry.map_err(|e| failed("list", parent, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let list = match (name.strip_prefix(&stage_prefix), name.strip_prefix(&old_prefix)) {
            (Some(rest), _) if is_id(rest) => &mut stages,
            (_, Some(rest)) if is_id(rest) => &mut olds,
            _ => continue,
        };
        if is_ours(&entry.path(), output)? {
            list.push(entry.path());
        }
    }
    stages.sort();
    olds.sort();
    let mut left = Vec::new();
    for old in olds {
        if look(output)?.is_none() {
            tree::rename_to_free(&old, output).map_err(|e| failed("put back the old site from", &old, &e))?;
        } else {
            left.extend(retire_quietly(&old, output)?);
        }
    }
    for stage in stages {
        // A live delivery of another project into the same output holds a lock on its stage.
        let Some(_held) = lock::take_dir(&stage) else { continue };
        let is_marked = || look(&stage.join(mark_of(&stage))).map(|found| found.is_some());
        let problem = if is_marked()? { None } else { part::settle(&stage, output)? };
        match problem {
            Some(problem) => left.push(problem),
            None if is_marked()? => remove_stage(&stage)?,
            None => left.extend(retire_quietly(&stage, output)?),
        }
    }
    Ok(left)
}

fn retire_quietly(old: &Path, output: &Path) -> Result<Vec<String>, Failure> {
    let manifest = Manifest::read(old).ok().flatten().map(|(manifest, _)| manifest).unwrap_or_default();
    retire(old, output, &manifest, &mut || Ok(())).map(|retired| retired.left)
}

/// `PID-N`, so that nobody's `.public.old-photos` is taken for ours.
fn is_id(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-').is_some_and(|(pid, n)| is_number(pid) && is_number(n))
}

/// A plain directory that belongs to us, or to whom the output belongs: in a shared directory such as `/tmp`
/// somebody else could plant a stage whose files we would then put into the output.
fn is_ours(path: &Path, output: &Path) -> Result<bool, Failure> {
    use std::os::unix::fs::MetadataExt;
    let Some(meta) = look(path)? else { return Ok(false) };
    let is_mine = meta.uid() == rustix::process::geteuid().as_raw();
    let like_output = look(output)?.is_some_and(|out| out.uid() == meta.uid());
    Ok(meta.is_dir() && (is_mine || like_output))
}

/// The name of the mark that belongs in a stage.
pub(super) fn mark_of(stage: &Path) -> String {
    let name = stage.file_name().unwrap_or_default().to_string_lossy();
    let number = name.rsplit_once(".stage-").map_or("", |(_, number)| number);
    format!("{MARK}-{number}")
}

/// Marks a stage.
pub(super) fn mark(stage: &Path) -> Result<(), Failure> {
    let place = stage.join(mark_of(stage));
    match tree::write_new(&place, &[]) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(failed("write", &place, &e)),
        _ => Ok(()),
    }
}

/// The name that the new list of files has in a stage that replaces one directory, as long as the output has the old
/// list. It says the inode of the new directory, so that it can be found.
pub(super) fn list_of(stage: &Path, inode: u64) -> String {
    format!("{}.list-{inode}", mark_of(stage))
}

/// The list in a stage, with the inode in its name.
pub(super) fn find_list(stage: &Path) -> Result<Option<(PathBuf, u64)>, Failure> {
    let prefix = format!("{}.list-", mark_of(stage));
    for entry in fs::read_dir(stage).map_err(|e| failed("list", stage, &e))? {
        let entry = entry.map_err(|e| failed("list", stage, &e))?;
        let name = entry.file_name();
        let inode = name.to_str().and_then(|name| name.strip_prefix(&prefix)).and_then(|it| it.parse().ok());
        if let Some(inode) = inode {
            return Ok(Some((entry.path(), inode)));
        }
    }
    Ok(None)
}

/// A stage takes over the modes of an output that may have been read-only. What cannot be changed shows when something
/// is to be removed from it.
fn make_writable(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).ok();
}

/// Removes a stage that was never swapped, with all in it: we made every name in there, and files it shares with
/// the output have another name. The mark goes last, so that an interrupted removal is still marked.
pub(super) fn remove_stage(stage: &Path) -> Result<(), Failure> {
    make_writable(stage);
    let tree = tree::walk(stage)?;
    tree.dirs.iter().for_each(|dir| make_writable(&stage.join(dir)));
    let mark = mark_of(stage);
    for leaf in tree.files.iter().filter(|leaf| leaf.path != Path::new(&mark)) {
        remove_file(&stage.join(&leaf.path))?;
    }
    for dir in tree.dirs.iter().rev() {
        let dir = stage.join(dir);
        fs::remove_dir(&dir).map_err(|e| failed("remove", &dir, &e))?;
    }
    remove_file(&stage.join(mark))?;
    fs::remove_dir(stage).map_err(|e| failed("remove", stage, &e))
}

/// Takes a replaced tree apart. `before_each` is called before each file.
///
/// # Errors
/// Only from listing the tree and from `before_each`; what cannot be removed is named in the result.
pub(super) fn retire(
    old: &Path,
    output: &Path,
    manifest: &Manifest,
    before_each: &mut dyn FnMut() -> Result<(), Failure>,
) -> Result<Retired, Failure> {
    let tree = tree::walk(old)?;
    let mut retired = Retired::default();
    let is_ours = |leaf: &tree::Leaf| leaf.is_plain && manifest.names(&leaf.path);
    let list = |leaf: &&tree::Leaf| leaf.is_plain && leaf.path == Path::new(manifest::NAME);
    let has_manifest =
        manifest.paths().next().is_some() || Manifest::read(old).is_ok_and(|found| found.is_some());
    for leaf in tree.files.iter().filter(|leaf| !(has_manifest && list(leaf))) {
        before_each()?;
        let here = old.join(&leaf.path);
        let done = match is_ours(leaf) {
            true => fs::remove_file(&here).map_err(|e| e.to_string()),
            false => put_back(&here, &output.join(&leaf.path), leaf.is_plain).map(|is_back| {
                if is_back {
                    retired.put_back.push(leaf.path.clone());
                }
            }),
        };
        if let Err(why) = done {
            retired.left.push(format!("{}: {why}", show(&here)));
        }
    }
    for dir in tree.dirs.iter().rev() {
        // One that is not empty holds a file named above.
        fs::remove_dir(old.join(dir)).ok();
    }
    if !retired.left.is_empty() {
        return Ok(retired);
    }
    if has_manifest {
        before_each()?;
        remove_file(&old.join(manifest::NAME))?;
    }
    if let Err(e) = fs::remove_dir(old) {
        retired.left.push(format!("{}: {e}", show(old)));
    }
    Ok(retired)
}

/// Lets go of a file that we did not write, without losing it: `Ok(false)` when the output has it already (a second
/// name of one file, or the copy we made of it, which it then replaces), `Ok(true)` when it was moved there.
fn put_back(here: &Path, there: &Path, is_plain: bool) -> Result<bool, String> {
    let say = |e: io::Error| e.to_string();
    let mine = fs::symlink_metadata(here).map_err(say)?;
    match look(there).map_err(|failure| failure.to_string())? {
        Some(theirs) if identity(&mine) == identity(&theirs) => {
            fs::remove_file(here).map(|()| false).map_err(say)
        }
        Some(theirs) => {
            let is_copy = match is_plain && theirs.is_file() {
                true => tree::holds(there, &tree::read_plain(here).map_err(say)?).map_err(say)?,
                false => {
                    mine.is_symlink()
                        && theirs.is_symlink()
                        && fs::read_link(here).map_err(say)? == fs::read_link(there).map_err(say)?
                }
            };
            match is_copy {
                true => fs::rename(here, there).map(|()| false).map_err(say),
                false => {
                    Err("we did not write this file, and the new site has another in its place".to_owned())
                }
            }
        }
        None => {
            if let Some(dir) = there.parent() {
                fs::create_dir_all(dir).map_err(say)?;
            }
            tree::rename_to_free(here, there).map(|()| true).map_err(say)
        }
    }
}

fn remove_file(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed("remove", path, &e)),
        _ => Ok(()),
    }
}
