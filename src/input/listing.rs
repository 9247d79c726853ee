//! What every listing has in common: which names are junk, which are not portable, and which are twins.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Entry, Listed, Stamp};
use crate::text::{OutPath, OutPathProblem};

/// A file as its file system names it.
pub(super) struct Found {
    /// Path relative to the project, with `/`, in whatever normal form it has.
    pub(super) name: String,
    pub(super) stamp: Stamp,
    pub(super) state: Entry,
}

/// Whether a file or directory of this name is what systems and editors leave behind.
pub(super) fn is_junk(name: &str) -> bool {
    name.starts_with('.') && name != ".well-known"
        || name.ends_with('~')
        // What an editor writes before it puts it in the place of the file itself.
        || [".tmp", ".swp", ".swx", "___jb_tmp___", "___jb_old___"].iter().any(|it| name.ends_with(it))
        || name.starts_with('#') && name.ends_with('#') && name.len() > 1
        || matches!(name, "Thumbs.db" | "desktop.ini")
}

/// Why a name is not portable, with the name shown; `None` when it is.
pub(super) fn name_problem(name: &str) -> Option<String> {
    let problem = OutPath::new(name).err()?;
    let shown = shown(name);
    Some(match problem {
        OutPathProblem::Reserved(_) | OutPathProblem::Ending(_) => problem.to_string(),
        OutPathProblem::Character(_)
        | OutPathProblem::Dots
        | OutPathProblem::Empty
        | OutPathProblem::TooLong => format!("`{shown}`: {problem}"),
    })
}

/// A name with everything but printable ASCII as escapes: two names that look alike look different here.
pub(super) fn shown(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            ' '..='~' => out.push(c),
            c => out.extend(c.escape_unicode()),
        }
    }
    out
}

/// Brings every path to normal form C, finds twins and sorts. Of twins, the one whose own name is in normal
/// form C stays a file, else the first.
pub(super) fn settle(mut found: Vec<Found>) -> Vec<Listed> {
    let nfc = |name: &str| match is_nfc(name) {
        true => None,
        false => Some(name.nfc().collect::<String>()),
    };
    // Nearly every name is in normal form C as it stands, and then the names alone are the order.
    if found.iter().all(|it| is_nfc(&it.name)) {
        found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    } else {
        found.sort_by_cached_key(|it| {
            let other = nfc(&it.name);
            let is_other_form = other.is_some();
            (other.unwrap_or_else(|| it.name.clone()), is_other_form, it.name.clone())
        });
    }
    let mut listed: Vec<Listed> = Vec::with_capacity(found.len());
    for Found { name, stamp, state } in found {
        let other = nfc(&name);
        let path: &str = other.as_deref().unwrap_or(&name);
        let is_twin = listed.last().is_some_and(|before| *before.path == *path);
        let state = if is_twin { Entry::Twin(shown(&name)) } else { state };
        listed.push(Listed { path: path.into(), size: stamp.size, stamp, state });
    }
    listed
}
