//! Being told of changed files, on a thread of its own.

use std::path::Path;
use std::sync::mpsc::Sender;
use std::time::Duration;

use super::super::project::Project;
use super::Event;
use crate::input::scan::Watched;
use crate::input::watch::{Options, Watcher};
use crate::model::Site;

/// How long one wait is: whether anybody still listens is only seen when something is sent.
const WAIT: Duration = Duration::from_secs(60);

/// Sends an event whenever files of the project are new, changed or gone; ends when nobody listens. Whatever changes from now on
/// is told.
pub(super) fn start(root: &Path, config: &str, project: &Project, poll: bool, send: Sender<Event>) {
    let snapshots =
        project.settings.as_ref().map_or_else(|| Site::default().snapshots, |it| it.snapshots.clone());
    let dirs = ["content", "static", "templates", "themes", &snapshots];
    let watched = Watched::new(&dirs, &[config, crate::verify::LOCK_FILE]);
    let mut watcher = Watcher::new(root, watched, Options { poll, ..Options::default() });
    std::thread::spawn(move || {
        loop {
            let hints = watcher.wait(WAIT);
            let is_news = !hints.is_empty() || !hints.notices.is_empty();
            if is_news && send.send(Event::Changed(hints)).is_err() {
                return;
            }
        }
    });
}
