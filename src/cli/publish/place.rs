//! Which target stands behind an entry of `publish:`.

use std::path::{Path, PathBuf};

use super::state::State;
use crate::cli::console::Console;
use crate::cli::context::Context;
use crate::diag::Failure;
use crate::model::{Bucket, Cdn, PublishPlace, PublishTarget, Site};
use crate::publish::Target;
use crate::publish::cache::{Cache, CacheCommand, site_root};
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

/// Opens the cache in front of a place, if there is one. Nothing is asked of it yet.
///
/// # Errors
/// When credentials make no sense.
pub(super) fn open_cache(
    place: &PublishTarget,
    context: &Context,
    console: &Console<'_>,
) -> Result<Option<Box<dyn Cache>>, Failure> {
    Ok(match &place.cdn {
        None => None,
        Some(Cdn::CloudFront { distribution }) => Some(open_cloudfront(distribution, &root(place), console)?),
        Some(Cdn::Command { command }) => Some(Box::new(CacheCommand {
            target: place.name.clone(),
            dir: context.root.clone(),
            command: command.clone(),
            url: place.url.clone(),
            root: root(place),
        })),
    })
}

/// Where the site begins on its host.
fn root(place: &PublishTarget) -> String {
    let prefix = match &place.to {
        PublishPlace::Bucket(bucket) => bucket.prefix.as_deref(),
        PublishPlace::Dir { .. }
        | PublishPlace::Git { .. }
        | PublishPlace::Ssh { .. }
        | PublishPlace::Exec { .. } => None,
    };
    site_root(place.url.as_deref(), prefix)
}

/// Where the site begins on its host, if that host is told with a page at an old address where it leads.
pub(super) fn redirects_below(place: &PublishTarget, console: &Console<'_>) -> Option<String> {
    match &place.to {
        PublishPlace::Bucket(bucket) => tells_redirects(bucket, console).then(|| root(place)),
        PublishPlace::Dir { .. }
        | PublishPlace::Git { .. }
        | PublishPlace::Ssh { .. }
        | PublishPlace::Exec { .. } => None,
    }
}

#[cfg(feature = "stores")]
fn tells_redirects(bucket: &Bucket, console: &Console<'_>) -> bool {
    crate::publish::bucket::tells_redirects(bucket, console.env)
}

#[cfg(not(feature = "stores"))]
fn tells_redirects(_: &Bucket, _: &Console<'_>) -> bool {
    false
}

#[cfg(feature = "stores")]
fn open_cloudfront(distribution: &str, root: &str, console: &Console<'_>) -> Result<Box<dyn Cache>, Failure> {
    use crate::publish::bucket::{CloudFront, Limits};
    Ok(Box::new(CloudFront::open(distribution, root, console.env, Limits::default())?))
}

#[cfg(not(feature = "stores"))]
fn open_cloudfront(distribution: &str, _: &str, _: &Console<'_>) -> Result<Box<dyn Cache>, Failure> {
    let message =
        format!("this Rejoinder was built without buckets, so it cannot tell CloudFront {distribution}");
    Err(Failure::new(crate::diag::Exit::Usage, message)
        .help("build one that has them: `cargo build --release --features stores`"))
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
