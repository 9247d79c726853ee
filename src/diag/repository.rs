//! Where the project stands in its repository: what CI systems count paths from.

use super::Diagnostic;
use crate::text::percent_encode_path;

/// The way from a repository's root to the project's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Leads from the repository's root to the project: empty, or ending with `/`.
    pub prefix: String,
    /// The configuration, relative to the project. What concerns no file is told there, because such systems drop
    /// what stands nowhere.
    pub config: String,
}

impl Repository {
    /// The path of a file of the project.
    pub(super) fn path(&self, file: &str) -> String {
        format!("{}{file}", self.prefix)
    }

    /// The path of the file a problem is in.
    pub(super) fn path_of(&self, it: &Diagnostic) -> String {
        self.path(it.place.as_ref().map_or(&*self.config, |place| &*place.file))
    }

    /// A path as [`Repository::path`] gives it, as a relative address (RFC 3986, §4.2: a colon in its first part
    /// would make that a scheme).
    pub(super) fn uri(path: &str) -> String {
        let parts: Vec<String> = path.split('/').map(percent_encode_path).collect();
        parts.join("/").replace(':', "%3A")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_nothing_but_a_path() {
        assert_eq!(Repository::uri("docs/a b/é:?#%.md"), "docs/a%20b/%C3%A9%3A%3F%23%25.md");
    }
}
