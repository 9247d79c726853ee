//! Which target stands behind an entry of `publish:`.

use std::path::{Path, PathBuf};

use super::state::State;
use crate::cli::console::Console;
use crate::cli::context::Context;
use crate::diag::Failure;
use crate::model::{Bucket, PublishPlace, PublishTarget, Site};
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
        PublishPlace::Bucket(bucket) => open_bucket(bucket, console),
    }
}

#[cfg(feature = "stores")]
fn open_bucket(bucket: &Bucket, console: &Console<'_>) -> Result<Box<dyn Target>, Failure> {
    use crate::publish::bucket::{Bucket, Limits};
    use crate::publish::target::InStore;
    Ok(Box::new(InStore(Bucket::open(bucket, console.env, Limits::default())?)))
}

#[cfg(not(feature = "stores"))]
fn open_bucket(bucket: &Bucket, _: &Console<'_>) -> Result<Box<dyn Target>, Failure> {
    let message = format!("this Rejoinder was built without buckets, so it cannot publish to `{bucket}`");
    Err(Failure::new(crate::diag::Exit::Usage, message)
        .help("build one that has them: `cargo build --release --features stores`"))
}
