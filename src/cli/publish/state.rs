//! What is remembered of publishing on this machine, below `.rejoinder/publish/NAME/`: who we are to others who publish
//! there, and what was sent before a run ended too early.

use std::fs;
use std::path::{Path, PathBuf};

use super::pace;
use crate::cli::context::Context;
use crate::delivery::Lock;
use crate::diag::{Exit, Failure};

/// The directory, locked: one run for each place at a time.
pub(super) struct State {
    dir: PathBuf,
    /// What marks our claims.
    pub(super) claimant: String,
    _lock: Lock,
}

impl State {
    /// Makes and locks the directory for a place.
    ///
    /// # Errors
    /// [`Exit::NotPublished`] when another run publishes there; [`Exit::Machine`] when the disk refuses.
    pub(super) fn open(context: &Context, name: &str) -> Result<State, Failure> {
        let dir = context.root.join(".rejoinder/publish").join(name);
        let shown = |path: &Path| format!("cannot write `{}`", path.display());
        fs::create_dir_all(&dir).map_err(|it| Failure::machine(shown(&dir), &it))?;
        let lock = Lock::take(&dir.join("lock"))?.ok_or_else(|| {
            Failure::new(Exit::NotPublished, format!("another run of Rejoinder is publishing to `{name}`"))
                .help("wait until it has ended")
        })?;
        let path = dir.join("claimant");
        let is_good = |it: &String| it.len() == 32 && it.bytes().all(|c| c.is_ascii_hexdigit());
        let claimant = match fs::read_to_string(&path).ok().filter(is_good) {
            Some(known) => known,
            None => {
                let new = pace::nonce();
                fs::write(&path, &new).map_err(|it| Failure::machine(shown(&path), &it))?;
                new
            }
        };
        Ok(State { dir, claimant, _lock: lock })
    }

    /// The directory.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the journal of a release on its way is.
    pub(super) fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }
}
