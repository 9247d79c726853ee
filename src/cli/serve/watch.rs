//! Notices that files changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::{Duration, SystemTime};

use super::super::project::Project;
use super::Event;
use crate::diag::Failure;

/// How often everything is looked at.
const PAUSE: Duration = Duration::from_millis(250);

/// What is known of one file: when it was written, and its size.
type Seen = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Sends an event whenever files of the project are new, changed or gone; ends when nobody listens.
///
/// # Errors
/// When the project cannot be watched.
pub(super) fn start(root: &Path, project: &Project, _poll: bool, send: Sender<Event>) -> Result<(), Failure> {
    let output = project.settings.as_ref().map_or_else(|| "public".to_owned(), |it| it.output.clone());
    let (root, output) = (root.to_owned(), root.join(output));
    let look = move || {
        let mut seen = Seen::new();
        visit(&root, &output, &mut seen);
        (root.clone(), seen)
    };
    let (_, mut before) = look();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(PAUSE);
            let (root, after) = look();
            let changed: Vec<String> = differences(&before, &after)
                .into_iter()
                .map(|it| it.strip_prefix(&root).unwrap_or(it).display().to_string())
                .collect();
            if !changed.is_empty() && send.send(Event::Changed(changed)).is_err() {
                return;
            }
            before = after;
        }
    });
    Ok(())
}

fn differences<'s>(before: &'s Seen, after: &'s Seen) -> Vec<&'s Path> {
    let new = after.iter().filter(|(path, it)| before.get(*path) != Some(*it));
    let gone = before.iter().filter(|(path, _)| !after.contains_key(*path));
    new.chain(gone).map(|(path, _)| path.as_path()).collect()
}

/// Everything below a directory but the output and what is hidden.
fn visit(dir: &Path, output: &Path, seen: &mut Seen) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let Ok(metadata) = entry.metadata() else { continue };
        if is_hidden || path == output {
            continue;
        }
        if metadata.is_dir() {
            visit(&path, output, seen);
        } else {
            seen.insert(path, (metadata.modified().ok(), metadata.len()));
        }
    }
}
