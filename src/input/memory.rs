//! Files held in memory: for tests, embedded sites and editors.

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::listing::{Found, is_junk, name_problem, settle};
use super::{Entry, Files, Input, Listed};
use crate::diag::Failure;

/// Files held in memory, by path.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Arc<[u8]>>,
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

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into().into());
    }

    /// Removes a file, if it is there.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }
}

impl Files for MemoryFiles {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        let prefix = if dir.is_empty() { String::new() } else { format!("{}/", dir.trim_end_matches('/')) };
        let mut found = Vec::new();
        for (path, bytes) in &self.files {
            let Some(below) = path.strip_prefix(prefix.as_str()) else { continue };
            if below.split('/').any(is_junk) {
                continue;
            }
            let state = below.split('/').find_map(name_problem).map_or(Entry::File, Entry::BadName);
            found.push(Found { name: path.clone(), size: bytes.len() as u64, state });
        }
        Ok(settle(found))
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        let path: String = path.nfc().collect();
        let exact = self.files.get(&path);
        // A file may have come in another normal form than paths are spoken of in.
        let same = || self.files.iter().find(|(name, _)| name.nfc().eq(path.chars())).map(|(_, bytes)| bytes);
        Ok(exact.or_else(same).map(|bytes| Input::new(path.as_str(), Arc::clone(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(files: &MemoryFiles, dir: &str) -> Vec<(String, Entry)> {
        files.list(dir).unwrap().into_iter().map(|it| (it.path.to_string(), it.state)).collect()
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
