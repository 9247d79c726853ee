//! Files held in memory: for tests, embedded sites and editors.

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::listing::{Found, is_junk, name_problem, settle};
use super::{Entry, Files, Input, Listed, Stamp};
use crate::diag::Failure;
use crate::text::Fingerprint;

/// Files held in memory, by path.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Held>,
    writes: i64,
}

#[derive(Clone, Debug)]
struct Held {
    bytes: Arc<[u8]>,
    stamp: Stamp,
}

impl Held {
    fn input(&self, path: &str) -> Input {
        Input::new(path, Arc::clone(&self.bytes)).with_stamp(self.stamp)
    }
}

impl MemoryFiles {
    /// No files.
    pub fn new() -> MemoryFiles {
        MemoryFiles::default()
    }

    /// Takes paths with their bytes: `[("site.yaml", "title: A")]`.
    pub fn from_pairs<P: Into<String>, B: Into<Vec<u8>>>(
        pairs: impl IntoIterator<Item = (P, B)>,
    ) -> MemoryFiles {
        let mut files = MemoryFiles::new();
        pairs.into_iter().for_each(|(path, bytes)| files.insert(path, bytes));
        files
    }

    /// Adds or replaces a file. It gets a stamp that it never had before, even when its bytes are the same.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let bytes: Arc<[u8]> = bytes.into().into();
        self.writes += 1;
        // Two copies of these files that go on separately count alike, so the count alone would not do.
        let digest = Fingerprint::of(&bytes).hex();
        let inode = u64::from_str_radix(&digest[..16], 16).expect("a digest is shown in hexadecimal");
        let stamp = Stamp { size: bytes.len() as u64, modified: self.writes, changed: self.writes, inode };
        self.files.insert(path.into(), Held { bytes, stamp });
    }

    /// Removes a file, if it is there.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// What is held at a path in normal form C.
    fn held(&self, path: &str) -> Option<&Held> {
        let exact = self.files.get(path);
        // A file may have come in another normal form than paths are spoken of in.
        let same = || self.files.iter().find(|(name, _)| name.nfc().eq(path.chars())).map(|(_, held)| held);
        exact.or_else(same)
    }
}

impl Files for MemoryFiles {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        let prefix = if dir.is_empty() { String::new() } else { format!("{}/", dir.trim_end_matches('/')) };
        let mut found = Vec::new();
        for (path, held) in &self.files {
            let Some(below) = path.strip_prefix(prefix.as_str()) else { continue };
            if below.split('/').any(is_junk) {
                continue;
            }
            let state = below.split('/').find_map(name_problem).map_or(Entry::File, Entry::BadName);
            found.push(Found { name: path.clone(), stamp: held.stamp, state });
        }
        Ok(settle(found))
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        let path: String = path.nfc().collect();
        Ok(self.held(&path).map(|held| held.input(&path)))
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        let path: String = path.nfc().collect();
        Ok(self.held(&path).map(|held| held.stamp))
    }

    /// The end of time: every write here has a stamp of its own, so each can be believed at once.
    fn now(&self) -> i64 {
        i64::MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Verdict;

    fn listed(files: &MemoryFiles, dir: &str) -> Vec<(String, Entry)> {
        files.list(dir).unwrap().into_iter().map(|it| (it.path.to_string(), it.state)).collect()
    }

    #[test]
    fn each_write_gives_a_stamp_that_was_never_there_before() {
        let mut files = MemoryFiles::from_pairs([("a.md", "x")]);
        let mut other = files.clone();
        let first = files.stamp("a.md").unwrap().unwrap();
        assert_eq!(files.read("a.md").unwrap().unwrap().stamp, Some(first));
        assert_eq!(files.list("").unwrap()[0].stamp, first);
        assert_eq!(first.verdict(files.now(), &first), Verdict::Same);
        files.insert("a.md", "x");
        let second = files.stamp("a.md").unwrap().unwrap();
        assert_eq!(first.verdict(files.now(), &second), Verdict::Changed);
        other.insert("a.md", "y");
        assert_ne!(other.stamp("a.md").unwrap(), Some(second));
        assert_eq!(files.stamp("b.md").unwrap(), None);
    }

    #[test]
    fn a_directory_lists_what_is_below_it_without_junk() {
        let files = MemoryFiles::from_pairs([
            ("content/b.md", "b"),
            ("content/a/c.md", "c"),
            ("content/.git/x", ""),
            ("content/a.md~", ""),
            ("content/.well-known/security.txt", ""),
            ("contents.md", ""),
            ("site.yaml", ""),
        ]);
        let paths: Vec<String> = listed(&files, "content").into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["content/.well-known/security.txt", "content/a/c.md", "content/b.md"]);
        assert_eq!(listed(&files, "").len(), 5);
        assert!(listed(&files, "nowhere").is_empty());
        assert_eq!(&*files.read("content/a/c.md").unwrap().unwrap().bytes, b"c");
        assert!(files.read("content/a").unwrap().is_none());
    }

    #[test]
    fn twins_and_names_no_host_can_carry_are_told_apart_from_files() {
        let mut files = MemoryFiles::new();
        files.insert("content/é.md", "composed");
        files.insert("content/e\u{301}.md", "decomposed");
        files.insert("content/nul.md", "");
        let expected = [
            ("content/nul.md".to_owned(), Entry::BadName("`nul.md` is a device name on Windows".to_owned())),
            ("content/é.md".to_owned(), Entry::File),
            ("content/é.md".to_owned(), Entry::Twin(r"content/e\u{301}.md".to_owned())),
        ];
        assert_eq!(listed(&files, "content"), expected);
        assert_eq!(&*files.read("content/e\u{301}.md").unwrap().unwrap().bytes, b"composed");
        files.remove("content/é.md");
        assert_eq!(&*files.read("content/é.md").unwrap().unwrap().bytes, b"decomposed");
    }
}
