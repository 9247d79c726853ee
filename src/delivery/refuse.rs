//! Which directories may be an output. Judged before anything is written; when in doubt, refused.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::manifest::{self, Manifest};
use super::tree::{failed, identity, look, show};
use crate::diag::{Exit, Failure};

/// What may lie in an output before our first delivery: all of it is kept.
const HARMLESS: [&str; 4] = [".gitignore", ".gitkeep", "CNAME", ".nojekyll"];

/// What marks a directory as a project of its own.
pub const PROJECT_MARKS: [&str; 5] = [".git", "Cargo.toml", "package.json", "site.yaml", "content"];

/// Directories of a project that are never an output, whether the site uses them or not.
const PROJECT_DIRS: [&str; 7] = ["content", "themes", "templates", "static", "src", ".git", ".rejoinder"];

/// Judges an output and returns its true absolute path, for [`super::Stage::open`].
///
/// `output` is taken from `root` when it is relative; a command-line value is relative to the working directory and
/// must be joined by the caller. `inputs` are the files and directories the site is made from, absolute or relative
/// to `root`; the usual directories of a project are added. `home` is the user's home directory, where known.
/// `.`, `..` and links on the way are followed as the system would; a link at the end is refused. Writes nothing.
///
/// # Errors
/// [`Exit::Refused`] for a place where a delivery could harm other files; [`Exit::Machine`] when we cannot look.
pub fn check_output(
    root: &Path,
    output: &Path,
    inputs: &[PathBuf],
    home: Option<&Path>,
) -> Result<PathBuf, Failure> {
    let no = |why: &str| refused(output, why);
    let place = check_place(root, output, inputs, home)?;
    match look(&place)? {
        None => Ok(place),
        Some(meta) if !meta.is_dir() => Err(no("it is a file")),
        Some(_) if is_mount_point(&place)? => {
            Err(no("it is a mount point, which cannot be replaced in one step")
                .help("choose a directory inside it, for example by adding `/site`"))
        }
        Some(_) => check_holdings(&place, output).map(|_| place),
    }
}

/// Judges where a directory lies, whatever it holds; otherwise as [`check_output`].
///
/// # Errors
/// As there.
pub fn check_place(
    root: &Path,
    output: &Path,
    inputs: &[PathBuf],
    home: Option<&Path>,
) -> Result<PathBuf, Failure> {
    let no = |why: &str| refused(output, why);
    let root = fs::canonicalize(root).map_err(|e| failed("find", root, &e))?;
    if output.as_os_str().is_empty() {
        return Err(no("its name is empty"));
    }
    let place = resolve(&root.join(output), output)?;
    let Some(name) = place.file_name() else {
        return Err(no("it is the root of the file system"));
    };
    // Room for `.NAME.stage-PID-N` beside it.
    if name.len() > 200 {
        return Err(no("its name is longer than 200 bytes"));
    }
    if is_within(&root, &place)? {
        return Err(match place == root {
            true => no("it is the project itself"),
            false => no("it contains the project"),
        });
    }
    if let Some(home) = home.filter(|home| !home.as_os_str().is_empty()) {
        let home = fs::canonicalize(home).unwrap_or_else(|_| home.to_owned());
        if is_within(&home, &place)? {
            return Err(no("it is your home directory, or contains it"));
        }
    }
    let usual = PROJECT_DIRS.iter().map(PathBuf::from);
    for input in inputs.iter().cloned().chain(usual) {
        let given = root.join(&input);
        let real = fs::canonicalize(&given).unwrap_or_else(|_| given.clone());
        for input_place in [given, real] {
            let shown = show(&input);
            if is_within(&place, &input_place)? {
                return Err(no(&format!("it lies in `{shown}`, which the site is made from")));
            }
            if is_within(&input_place, &place)? {
                return Err(no(&format!("it contains `{shown}`, which the site is made from")));
            }
        }
    }
    Ok(place)
}

/// Refuses a directory that holds what we did not write, unless a manifest says that it is an output of ours.
/// Returns that manifest with its bytes.
pub(super) fn check_holdings(place: &Path, shown: &Path) -> Result<Option<(Manifest, Vec<u8>)>, Failure> {
    let no = |why: &str| refused(shown, why);
    match Manifest::read(place) {
        Ok(Some(found)) => return Ok(Some(found)),
        Ok(None) => (),
        Err(problem) => {
            let why =
                format!("we cannot tell which of its files are ours: of its `{}`, {problem}", manifest::NAME);
            return Err(
                no(&why).help("delete the directory yourself if nothing in it is needed, or choose another")
            );
        }
    }
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(place).map_err(|e| failed("list", place, &e))? {
        names.insert(entry.map_err(|e| failed("list", place, &e))?.file_name());
    }
    if let Some(mark) = PROJECT_MARKS.iter().find(|mark| names.contains(std::ffi::OsStr::new(mark))) {
        return Err(no(&format!("it holds `{mark}`, so it is a project of its own")));
    }
    let is_harmless = |name: &str| HARMLESS.contains(&name) || name.starts_with("README");
    match names.iter().find(|name| !name.to_str().is_some_and(is_harmless)) {
        None => Ok(None),
        Some(name) => {
            let name = show(Path::new(name));
            Err(no(&format!("it holds `{name}`, which we did not write"))
                .help("choose an empty directory or one that does not exist yet, or empty this one yourself"))
        }
    }
}

fn refused(output: &Path, why: &str) -> Failure {
    Failure::new(Exit::Refused, format!("`{}` cannot be the output: {why}", show(output)))
        .help("choose a directory of its own, such as `public`")
}

/// The absolute path that the system would reach, also where it does not exist yet.
fn resolve(path: &Path, shown: &Path) -> Result<PathBuf, Failure> {
    let no = |why: &str| refused(shown, why);
    let mut place = PathBuf::new();
    let mut parts = path.components().peekable();
    while let Some(part) = parts.next() {
        match part {
            Component::Prefix(_) | Component::RootDir => place.push(part),
            Component::CurDir => (),
            // `place` holds no links by now, so its lexical parent is its parent.
            Component::ParentDir => drop(place.pop()),
            Component::Normal(name) => {
                place.push(name);
                let meta = match fs::symlink_metadata(&place) {
                    Ok(meta) => meta,
                    Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                    Err(e) if e.kind() == io::ErrorKind::InvalidInput => {
                        return Err(no("its name is not a file name"));
                    }
                    Err(e) => return Err(failed("look at", &place, &e)),
                };
                let is_last = parts.peek().is_none();
                if meta.is_symlink() && is_last {
                    return Err(no("it is a symbolic link").help("name the directory that the link leads to"));
                }
                if meta.is_symlink() {
                    place = fs::canonicalize(&place).map_err(|e| failed("follow", &place, &e))?;
                }
                if !is_last && !place.is_dir() {
                    return Err(no(&format!("`{}` is not a directory", show(&place))));
                }
            }
        }
    }
    Ok(place)
}

/// Whether `inner` is `outer` or lies below it, by name or, for bind mounts and case-blind disks, by identity.
fn is_within(inner: &Path, outer: &Path) -> Result<bool, Failure> {
    if inner.starts_with(outer) {
        return Ok(true);
    }
    let Some(outer) = look(outer)? else { return Ok(false) };
    for dir in inner.ancestors() {
        if look(dir)?.is_some_and(|meta| identity(&meta) == identity(&outer)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether something is mounted here: another device than the parent's, or (Linux) the kernel says so.
fn is_mount_point(place: &Path) -> Result<bool, Failure> {
    let (Some(here), Some(above)) = (look(place)?, look(&place.join(".."))?) else { return Ok(false) };
    if identity(&here).0 != identity(&above).0 {
        return Ok(true);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags};
        let known = rustix::fs::statx(CWD, place, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS);
        Ok(known.is_ok_and(|stat| stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT)))
    }
    #[cfg(not(target_os = "linux"))]
    Ok(false)
}
