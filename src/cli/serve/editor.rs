//! Opens a place in the author's editor.

use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use crate::preview::{Editor, Spot};

/// Editors with a window, looked for when none was named.
const KNOWN: &[&str] = &["code", "codium", "zed", "subl", "idea", "kate", "gedit"];

/// Editors that live in a terminal, which is ours while the preview runs.
const IN_TERMINAL: &[&str] =
    &["vi", "vim", "nvim", "nano", "pico", "emacs", "ed", "hx", "helix", "micro", "joe", "ne", "mcedit"];

/// What opens files of the project: REJOINDER_EDITOR, VISUAL, EDITOR, else a known one on PATH; `None` without any.
pub(super) fn of(root: &Path, env: &dyn Fn(&str) -> Option<String>) -> Option<Editor> {
    let named = ["REJOINDER_EDITOR", "VISUAL", "EDITOR"].into_iter().find_map(env);
    let path = env("PATH").unwrap_or_default();
    let command = named.or_else(|| {
        let is_there = |name: &&&str| path.split(':').any(|dir| Path::new(dir).join(name).is_file());
        KNOWN.iter().find(is_there).map(|it| (*it).to_owned())
    })?;
    let root = root.to_owned();
    Some(Box::new(move |spot| open(&command, &root, spot)))
}

fn open(command: &str, root: &Path, spot: &Spot) -> Result<(), String> {
    let relative = Path::new(&spot.file);
    if !relative.components().all(|it| matches!(it, Component::Normal(_))) {
        return Err(format!("`{}` is not a file of the project.", spot.file));
    }
    let path = root.join(relative);
    if !path.is_file() {
        return Err(format!("`{}` is not a file of the project.", spot.file));
    }
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let name = name_of(program);
    if IN_TERMINAL.contains(&name.as_str()) {
        return Err(format!(
            "`{name}` needs a terminal of its own. Set REJOINDER_EDITOR to an editor with a window."
        ));
    }
    let mut command = Command::new(program);
    command.args(words).args(arguments(&name, &path, spot));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("`{program}` cannot be started: {error}."))?;
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// The program's name without directory and ending.
fn name_of(program: &str) -> String {
    PathBuf::from(program).file_stem().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// How each editor is told a line and a column.
fn arguments(name: &str, path: &Path, spot: &Spot) -> Vec<String> {
    let file = path.display().to_string();
    let (line, column) = (spot.line.max(1), spot.column.max(1));
    match name {
        _ if spot.line == 0 => vec![file],
        "code" | "code-insiders" | "codium" | "vscodium" | "cursor" | "windsurf" => {
            vec!["--goto".to_owned(), format!("{file}:{line}:{column}")]
        }
        "zed" | "zeditor" | "subl" | "sublime_text" => vec![format!("{file}:{line}:{column}")],
        "idea" | "webstorm" | "pycharm" | "rustrover" => {
            vec!["--line".to_owned(), line.to_string(), "--column".to_owned(), column.to_string(), file]
        }
        "kate" => {
            vec!["--line".to_owned(), line.to_string(), "--column".to_owned(), column.to_string(), file]
        }
        "gedit" | "gvim" | "mvim" | "emacsclient" => vec![format!("+{line}"), file],
        _ => vec![file],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_the_place_in_its_own_way() {
        let spot = |line| Spot { file: "a.md".to_owned(), line, column: 2 };
        let told = |name: &str, line| arguments(name, Path::new("/p/a.md"), &spot(line)).join(" ");
        assert_eq!(told("code", 3), "--goto /p/a.md:3:2");
        assert_eq!(told("zed", 3), "/p/a.md:3:2");
        assert_eq!(told("gvim", 3), "+3 /p/a.md");
        assert_eq!(told("unknown", 3), "/p/a.md");
        assert_eq!(told("code", 0), "/p/a.md");
    }

    #[test]
    fn only_files_of_the_project_are_opened_and_only_in_a_window() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.md"), "").unwrap();
        let spot = |file: &str| Spot { file: file.to_owned(), line: 1, column: 1 };
        for file in ["../a.md", "/etc/passwd", "b.md", ""] {
            assert!(open("true", dir.path(), &spot(file)).unwrap_err().contains("not a file"), "{file}");
        }
        assert!(open("/usr/bin/vim -p", dir.path(), &spot("a.md")).unwrap_err().contains("terminal"));
        assert!(open("no-such-editor", dir.path(), &spot("a.md")).unwrap_err().contains("cannot be started"));
        assert_eq!(open("true --wait", dir.path(), &spot("a.md")), Ok(()));
    }
}
