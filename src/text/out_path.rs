//! Addresses of the output: paths that cannot leave the output directory and mean the same on every host.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::percent_encode_path;

/// The directory, inside a published site, in which publishing keeps what it knows of it, and in buckets earlier releases. Beside
/// a site, earlier releases are in a directory whose name ends like that.
pub const RESERVED_DIR: &str = ".rejoinder";

/// A file of the output, as a relative path with `/` between its parts: `actors/nvidia/index.html`.
///
/// By construction it has no empty, `.` or `..` part, no back-slash, no control character, no name that
/// Windows reserves, is in Unicode normal form C and fits common file systems (each part at most 200 bytes,
/// the whole at most 1,024).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct OutPath(Arc<str>);

impl TryFrom<String> for OutPath {
    type Error = OutPathProblem;

    fn try_from(path: String) -> Result<OutPath, OutPathProblem> {
        OutPath::new(&path)
    }
}

/// Why a text cannot be an address of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutPathProblem {
    /// The path, or one of its parts, is empty.
    Empty,
    /// A part is `.` or `..`.
    Dots,
    /// A part holds this character, which some host or file system cannot carry.
    Character(char),
    /// A part is a device name on Windows, such as `con` or `aux`.
    Reserved(String),
    /// A part ends with a dot or a space.
    Ending(String),
    /// A part is over 200 bytes, or the whole over 1,024.
    TooLong,
}

impl fmt::Display for OutPathProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutPathProblem::Empty => write!(f, "a part of it is empty"),
            OutPathProblem::Dots => write!(f, "`.` and `..` could lead out of the output directory"),
            OutPathProblem::Character(c) => write!(f, "it holds {c:?}, which not every host can carry"),
            OutPathProblem::Reserved(part) => write!(f, "`{part}` is a device name on Windows"),
            OutPathProblem::Ending(part) => write!(f, "`{part}` ends with a dot or a space"),
            OutPathProblem::TooLong => write!(f, "it is longer than file systems allow"),
        }
    }
}

impl OutPath {
    /// Checks a relative path and brings it to normal form C.
    ///
    /// # Errors
    /// Says which rule of [`OutPath`] the text breaks.
    pub fn new(path: &str) -> Result<OutPath, OutPathProblem> {
        let path: String =
            if path.is_ascii() || is_nfc(path) { path.to_owned() } else { path.nfc().collect() };
        if path.len() > 1024 {
            return Err(OutPathProblem::TooLong);
        }
        for part in path.split('/') {
            check_part(part)?;
        }
        Ok(OutPath(path.into()))
    }

    /// The page file of a directory address: `/actors/nvidia/` becomes `actors/nvidia/index.html`.
    ///
    /// # Errors
    /// As [`OutPath::new`].
    pub fn of_url(url: &str) -> Result<OutPath, OutPathProblem> {
        let path = url.strip_prefix('/').unwrap_or(url);
        if path.is_empty() || path.ends_with('/') {
            return OutPath::new(&format!("{path}index.html"));
        }
        OutPath::new(path)
    }

    /// The file for programs beside a page: `actors/nvidia/index.json` for `actors/nvidia/index.html`. `None` when it is no
    /// page.
    pub fn data_twin(&self) -> Option<OutPath> {
        // As long as the page's name, and made of the same letters: no rule is broken that the page keeps.
        Some(OutPath(format!("{}index.json", self.0.strip_suffix("index.html")?).into()))
    }

    /// The path with `/` between its parts, without a leading one.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The site-relative address a reader sees: `/actors/nvidia/` for `actors/nvidia/index.html`.
    pub fn url(&self) -> String {
        match self.0.strip_suffix("index.html") {
            Some(dir) if dir.is_empty() || dir.ends_with('/') => format!("/{dir}"),
            _ => format!("/{}", self.0),
        }
    }

    /// Whether no site may have it: publishing keeps what it knows in [`RESERVED_DIR`] and beside it, and git in `.git`.
    pub fn is_reserved(&self) -> bool {
        let first = self.0.split('/').next().unwrap_or(&self.0).to_ascii_lowercase();
        first == ".git" || first.starts_with(RESERVED_DIR)
    }

    /// What two addresses share when some host or file system cannot tell them apart: the path with case folded.
    pub fn fold(&self) -> String {
        if self.0.is_ascii() {
            return self.0.to_ascii_lowercase();
        }
        self.0.chars().flat_map(char::to_lowercase).nfc().collect()
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_part(part: &str) -> Result<(), OutPathProblem> {
    if part.is_empty() {
        return Err(OutPathProblem::Empty);
    }
    if part == "." || part == ".." {
        return Err(OutPathProblem::Dots);
    }
    if part.len() > 200 {
        return Err(OutPathProblem::TooLong);
    }
    if let Some(c) =
        part.chars().find(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
    {
        return Err(OutPathProblem::Character(c));
    }
    if part.ends_with('.') || part.ends_with(' ') {
        return Err(OutPathProblem::Ending(part.to_owned()));
    }
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    if matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt") {
        return Err(OutPathProblem::Reserved(part.to_owned()));
    }
    Ok(())
}

/// The relative reference that leads from one site-relative address to another, percent-encoded
/// (RFC 3986, §4.2 and §5.2). A directory address ends with `/` and the reference to it does too; with
/// `name_index` it names the directory's `index.html`, so that the link also works from disk, without a server.
pub fn relative_url(from: &str, to: &str, name_index: bool) -> String {
    let (to, fragment) = match to.split_once('#') {
        Some((to, fragment)) => (to, Some(fragment)),
        None => (to, None),
    };
    let same_page = from == to;
    let to: Cow<'_, str> = match name_index && to.ends_with('/') && !(same_page && fragment.is_some()) {
        true => format!("{to}index.html").into(),
        false => to.into(),
    };
    let from_dirs: Vec<&str> = from.trim_start_matches('/').split('/').collect();
    let to_parts: Vec<&str> = to.trim_start_matches('/').split('/').collect();
    let from_dirs = &from_dirs[..from_dirs.len() - 1];
    let to_dirs = &to_parts[..to_parts.len() - 1];
    let shared = from_dirs.iter().zip(to_dirs).take_while(|(a, b)| a == b).count();
    let mut out = "../".repeat(from_dirs.len() - shared);
    for dir in &to_dirs[shared..] {
        out.push_str(&percent_encode_path(dir));
        out.push('/');
    }
    out.push_str(&percent_encode_path(to_parts[to_parts.len() - 1]));
    if out.is_empty() && (fragment.is_none() || !same_page) {
        out.push_str("./");
    }
    if out.split('/').next().is_some_and(|first| first.contains(':')) {
        out.insert_str(0, "./");
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(&percent_encode_path(fragment));
    }
    out
}

/// The file that a relative path names beside another file, both relative to the project: `../a.png` beside
/// `content/r1/x.md` is `content/a.png`. A path that starts with `/` is taken from the top: `/map.png` is `map.png`.
/// `None` when it leads out of the project.
pub fn join_path(beside: &str, path: &str) -> Option<String> {
    if let Some(from_top) = path.strip_prefix('/') {
        return Some(from_top.to_owned());
    }
    let mut parts: Vec<&str> = beside.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => (),
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_could_leave_the_output_are_refused() {
        for bad in
            ["", "../x", "a/../b", "/etc/passwd", "a//b", "C:\\x", "a\\b", "nul.md", "a/aux", "x.", "a\0b"]
        {
            assert!(OutPath::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(OutPath::of_url("/actors/nvidia/").unwrap().as_str(), "actors/nvidia/index.html");
        assert_eq!(OutPath::of_url("/").unwrap().url(), "/");
        assert_eq!(OutPath::new("e\u{301}/x.html").unwrap().as_str(), "é/x.html");
    }

    #[test]
    fn references_are_relative_from_wherever_the_page_is() {
        assert_eq!(relative_url("/", "/actors/nvidia/", false), "actors/nvidia/");
        assert_eq!(relative_url("/r1/meta/heavily/", "/r1/meta/", false), "../");
        assert_eq!(relative_url("/r1/meta/", "/r1/meta/", false), "./");
        assert_eq!(relative_url("/r1/meta/", "/r1/meta/#a", false), "#a");
        assert_eq!(relative_url("/r1/", "/", false), "../");
        assert_eq!(relative_url("/a/b/", "/a/x.css", false), "../x.css");
        assert_eq!(relative_url("/r1/meta/", "/r1/", true), "../index.html");
        assert_eq!(relative_url("/r1/meta/", "/r1/meta/#a", true), "#a");
        assert_eq!(relative_url("/r1/meta/", "/r1/meta/", true), "index.html");
        assert_eq!(relative_url("/", "/x.css", true), "x.css");
        assert_eq!(relative_url("/", "/é/a b#ü", false), "%C3%A9/a%20b#%C3%BC");
    }
}
