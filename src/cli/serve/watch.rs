//! Being told of changed files, on threads of their own.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::Duration;

use super::super::args::ServeArgs;
use super::super::context::Context;
use super::super::project::Project;
use super::Event;
use crate::input::scan::Watched;
use crate::input::watch::{Hints, Options, Waker, Watcher};
use crate::model::Site;

/// How long one wait is: whether anybody still listens is only seen when something is sent.
const WAIT: Duration = Duration::from_secs(60);

/// Watching, until it is dropped.
pub(super) struct Watching {
    over: Arc<AtomicBool>,
    threads: Vec<(Waker, Option<JoinHandle<()>>)>,
}

/// Sends an event whenever files of the project, or private copies elsewhere, are new, changed or gone. Whatever changes from now
/// on is told.
pub(super) fn start(
    args: &ServeArgs,
    context: &Context,
    project: &Project,
    send: &Sender<Event>,
) -> Watching {
    let snapshots =
        project.settings.as_ref().map_or_else(|| Site::default().snapshots, |it| it.snapshots.clone());
    let options = Options { poll: args.poll, ..Options::default() };
    let mut watching = Watching { over: Arc::default(), threads: Vec::new() };
    let files = [context.config.as_str(), crate::verify::LOCK_FILE];
    let mut dirs = vec!["content", "static", "templates", "themes"];
    match &args.site.snapshots {
        None => dirs.push(&snapshots),
        Some(elsewhere) => {
            let watched = Watched::new(&[""], &[]);
            watching.watch(elsewhere, watched, options, Some(snapshots.clone()), send.clone());
        }
    }
    watching.watch(&context.root, Watched::new(&dirs, &files), options, None, send.clone());
    watching
}

impl Watching {
    /// Watches a directory whose paths are told below `mount`.
    fn watch(
        &mut self,
        root: &Path,
        watched: Watched,
        options: Options,
        mount: Option<String>,
        send: Sender<Event>,
    ) {
        let mut watcher = Watcher::new(root, watched, options);
        let (waker, over) = (watcher.waker(), Arc::clone(&self.over));
        let thread = std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let hints = below(mount.as_deref(), watcher.wait(WAIT));
                let is_news = !hints.is_empty() || !hints.notices.is_empty();
                if is_news && send.send(Event::Changed(hints)).is_err() {
                    return;
                }
            }
        });
        self.threads.push((waker, Some(thread)));
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.threads.iter().for_each(|(waker, _)| waker.wake());
        for (_, thread) in &mut self.threads {
            // If it panicked, it has ended too.
            let _ = thread.take().map(JoinHandle::join);
        }
    }
}

fn below(mount: Option<&str>, hints: Hints) -> Hints {
    let Some(mount) = mount else { return hints };
    let paths = hints.paths.iter().map(|path| Arc::from(format!("{mount}/{path}"))).collect();
    Hints { paths, ..hints }
}
