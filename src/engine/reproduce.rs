//! Whether two builds came to the same bytes, and if not, where they part.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Level};

/// Every code of this module.
pub(super) static CODES: &[&Code] = &[&NOT_REPRODUCIBLE];

static NOT_REPRODUCIBLE: Code = Code {
    name: "not-reproducible",
    level: Level::Error,
    manual: "# not-reproducible

`build --verify-reproducible` built the site twice and came to different bytes. The first build runs on one thread in the
project. The second is another process on all cores, on a copy of the files elsewhere that was written in the opposite order, in
another time zone, language and directory, and on another day unless SOURCE_DATE_EPOCH is set.

If a file was saved meanwhile, run it again. Otherwise it is a mistake of Rejoinder: please report it with the two excerpts. Until
then whoever compares your site with its source may find differences that nobody made.",
};

/// How much of both files is shown around the first byte that differs.
const AROUND: usize = 32;

/// Compares two outputs, each a digest by path; `bytes` reads one file of the first or the second. `None` when they are
/// the same; else what differs first, in the order of paths.
///
/// # Errors
/// Those of `bytes`.
pub fn first_difference<E>(
    digests: &(BTreeMap<String, crate::text::Fingerprint>, BTreeMap<String, crate::text::Fingerprint>),
    bytes: impl Fn(bool, &str) -> Result<Vec<u8>, E>,
) -> Result<Option<Diagnostic>, E> {
    let (first, second) = digests;
    let mut paths: Vec<&String> = first.keys().chain(second.keys()).collect();
    paths.sort_unstable();
    paths.dedup();
    let differing: Vec<&String> = paths.into_iter().filter(|it| first.get(*it) != second.get(*it)).collect();
    let Some(path) = differing.first() else { return Ok(None) };
    let told = match (first.contains_key(*path), second.contains_key(*path)) {
        (true, true) => told(path, &bytes(false, path)?, &bytes(true, path)?),
        (is_first, _) => {
            let which = if is_first { "first" } else { "second" };
            Diagnostic::unplaced(&NOT_REPRODUCIBLE, format!("only the {which} of two builds has `{path}`"))
        }
    };
    let told = match differing.len() - 1 {
        0 => told,
        1 => told.note("one more file differs"),
        n => told.note(format!("{n} more files differ")),
    };
    Ok(Some(
        told.help("run it again in case a file was saved meanwhile; otherwise report it, with the excerpts"),
    ))
}

fn told(path: &str, first: &[u8], second: &[u8]) -> Diagnostic {
    let at = first.iter().zip(second).take_while(|(a, b)| a == b).count();
    let message = format!("two builds of `{path}` differ from byte {at} on");
    Diagnostic::unplaced(&NOT_REPRODUCIBLE, message)
        .note(format!("the first has  {}", excerpt(first, at)))
        .note(format!("the second has {}", excerpt(second, at)))
}

/// What stands around a byte, with a mark in front of it.
fn excerpt(bytes: &[u8], at: usize) -> String {
    let part = |from: usize, to: usize| {
        let part = &bytes[from.min(bytes.len())..to.min(bytes.len())];
        String::from_utf8_lossy(part).escape_debug().to_string()
    };
    format!("…{}▸{}…", part(at.saturating_sub(AROUND), at), part(at, at + AROUND))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Fingerprint;

    type Files<'f> = &'f [(&'f str, &'f str)];

    fn compared(first: Files<'_>, second: Files<'_>) -> Option<Diagnostic> {
        let digests = |files: Files<'_>| {
            files.iter().map(|(path, text)| ((*path).to_owned(), Fingerprint::of(text.as_bytes()))).collect()
        };
        let read = |is_second: bool, path: &str| {
            let files = if is_second { second } else { first };
            let (_, text) = files.iter().find(|(it, _)| *it == path).ok_or("not there")?;
            Ok::<_, &str>(text.as_bytes().to_vec())
        };
        first_difference(&(digests(first), digests(second)), read).unwrap()
    }

    #[test]
    fn the_same_is_the_same() {
        assert!(compared(&[("a", "1"), ("b", "2")], &[("a", "1"), ("b", "2")]).is_none());
    }

    #[test]
    fn the_first_byte_that_differs_is_named() {
        let told = compared(
            &[("a", "same"), ("b", "one\ntwo"), ("c", "x")],
            &[("a", "same"), ("b", "one\nten"), ("c", "y")],
        );
        let told = told.unwrap();
        assert_eq!(told.message, "two builds of `b` differ from byte 5 on");
        assert_eq!(told.notes[0], "the first has  …one\\nt▸wo…");
        assert_eq!(told.notes[1], "the second has …one\\nt▸en…");
        assert_eq!(told.notes[2], "one more file differs");
    }

    #[test]
    fn a_file_that_ends_early_differs_where_it_ends() {
        let told = compared(&[("a", "one")], &[("a", "one more")]).unwrap();
        assert_eq!(told.message, "two builds of `a` differ from byte 3 on");
    }

    #[test]
    fn a_file_of_one_build_alone_is_a_difference() {
        let told = compared(&[("a", "1")], &[("a", "1"), ("b", "2")]).unwrap();
        assert_eq!(told.message, "only the second of two builds has `b`");
    }
}
