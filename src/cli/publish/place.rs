//! Which target stands behind an entry of `publish:`.

use std::path::{Path, PathBuf};

use super::state::State;
use crate::cli::console::Console;
use crate::cli::context::Context;
use crate::diag::Failure;
use crate::model::{PublishPlace, PublishTarget, Site};
use crate::publish::Target;
use crate::publish::dir::Dir;
use crate::publish::exec::Exec;
use crate::publish::git::Git;
use crate::publish::ssh::Ssh;

/// Opens a place. Nothing is asked of it yet.
///
/// # Errors
/// When it is none that can be published to from here.
pub(super) fn open(
    place: &PublishTarget,
    site: &Site,
    public: &Path,
    state: &State,
    context: &Context,
    console: &Console<'_>,
) -> Result<Box<dyn Target>, Failure> {
    match &place.to {
        PublishPlace::Dir { path, layout } => {
            let home = (console.env)("HOME").map(PathBuf::from);
            let inputs = [&context.config, &site.output, &site.snapshots].map(PathBuf::from);
            Ok(Box::new(Dir::new(&context.root, path, *layout, &inputs, home.as_deref())?))
        }
        PublishPlace::Git { remote, branch } => {
            Ok(Box::new(Git::new(&context.root, state.dir(), remote, branch)?))
        }
        PublishPlace::Ssh { host, port, path } => Ok(Box::new(Ssh::new(host, *port, path, &state.claimant))),
        PublishPlace::Exec { command } => {
            Ok(Box::new(Exec::new(&place.name, &context.root, public, state.dir(), command)))
        }
    }
}
