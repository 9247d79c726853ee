//! Whether git would take up a file, and the line in `.gitignore` that keeps it from doing so.

use std::path::Path;
use std::process::Command;

use super::rewrite;
use crate::diag::Failure;

/// What git thinks of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is ignored.
    Ignored,
    /// It would be taken up, or there is no git that could say.
    Open,
    /// It has been taken up already, so that ignoring it changes nothing.
    Tracked,
}

/// Asks git about a file of the project. Without git, or outside of any repository, `.gitignore` alone is read: the
/// project may become a repository later.
pub(super) fn standing(root: &Path, path: &str, line: &str) -> Standing {
    let git = |args: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(args).output().ok()?;
        let code = output.status.code()?;
        // 128 and the like: no repository, no right to look.
        (code <= 1).then_some((code == 0, !output.stdout.is_empty()))
    };
    if let Some((true, true)) = git(&["ls-files", "--", path]) {
        return Standing::Tracked;
    }
    let is_ignored = match git(&["check-ignore", "--quiet", "--no-index", "--", path]) {
        Some((is_ignored, _)) => is_ignored,
        None => std::fs::read_to_string(root.join(".gitignore"))
            .is_ok_and(|text| text.lines().any(|it| it.trim() == line)),
    };
    if is_ignored { Standing::Ignored } else { Standing::Open }
}

/// Adds a line to the project's `.gitignore`.
///
/// # Errors
/// When it cannot be read or written.
pub(super) fn add(root: &Path, line: &str) -> Result<(), Failure> {
    let path = root.join(".gitignore");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::machine(format!("cannot read `{}`", path.display()), &error)),
    };
    rewrite::replace(&path, with_line(&text, line).as_bytes())
}

fn with_line(text: &str, line: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    format!("{text}{before}{line}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_added_behind_the_others() {
        assert_eq!(with_line("", "/a/"), "/a/\n");
        assert_eq!(with_line("/b/", "/a/"), "/b/\n/a/\n");
        assert_eq!(with_line("/b/\r\n", "/a/"), "/b/\r\n/a/\r\n");
    }
}
