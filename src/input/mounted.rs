//! A project with one directory taken from elsewhere: private copies that are kept outside, or fetched by a CI job.

use super::{Files, Input, Listed, Stamp};
use crate::diag::Failure;

/// Files of a project, except those below one directory, which come from other files.
pub struct Mounted {
    files: Box<dyn Files + Send>,
    /// The directory, with `/` at its end.
    at: String,
    from: Box<dyn Files + Send>,
}

impl Mounted {
    /// Puts the top of `from` at the directory `at` of `files`. What the project itself has there is not seen.
    pub fn new(files: impl Files + Send + 'static, at: &str, from: impl Files + Send + 'static) -> Mounted {
        let at = format!("{}/", at.trim_end_matches('/'));
        Mounted { files: Box::new(files), at, from: Box::new(from) }
    }
}

impl Files for Mounted {
    /// Lists what the project lists: what is mounted is read by name only.
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        self.files.list(dir)
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        match path.strip_prefix(&self.at) {
            Some(inside) => {
                let input = self.from.read(inside)?;
                Ok(input.map(|it| Input { path: path.into(), ..it }))
            }
            None => self.files.read(path),
        }
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        match path.strip_prefix(&self.at) {
            Some(inside) => self.from.stamp(inside),
            None => self.files.stamp(path),
        }
    }

    /// The earlier of both clocks: at that time nothing that either has seen was younger.
    fn now(&self) -> i64 {
        self.files.now().min(self.from.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::MemoryFiles;

    #[test]
    fn what_is_mounted_hides_what_was_there() {
        let (mut project, mut copies) = (MemoryFiles::new(), MemoryFiles::new());
        project.insert("site.yaml", b"title: x".to_vec());
        project.insert("snapshots/a.txt", b"old".to_vec());
        copies.insert("b.txt", b"new".to_vec());
        let files = Mounted::new(project, "snapshots", copies);
        assert_eq!(files.read("snapshots/a.txt").unwrap().map(|it| it.bytes.len()), None);
        let read = files.read("snapshots/b.txt").unwrap().unwrap();
        assert_eq!((&*read.path, &*read.bytes), ("snapshots/b.txt", &b"new"[..]));
        assert_eq!(read.stamp, files.stamp("snapshots/b.txt").unwrap());
        assert_eq!(files.stamp("snapshots/a.txt").unwrap(), None);
        assert!(files.stamp("site.yaml").unwrap().is_some());
        assert!(files.read("site.yaml").unwrap().is_some());
        assert!(files.read("snapshotsx").unwrap().is_none());
    }
}
