//! Caches between a target and its readers: told which addresses changed, once all is sent.
//!
//! In: addresses from the site's home, as the [plan](super::plan) has them. A cache knows where on its host the site begins.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use super::command;
use super::release::Release;
use super::store::{StoreError, Trouble};
use crate::text::percent_encode_path;

/// How long a command may take that tells a cache: ten minutes.
const MOST: Duration = Duration::from_secs(600);

/// A cache in front of a target.
pub trait Cache: Sync {
    /// What people call it, without credentials.
    fn name(&self) -> String;

    /// Tells it that what it holds of these addresses is old; `/*` is all of the site. To be told the same of the same release
    /// twice does no harm.
    ///
    /// # Errors
    /// When it cannot be told.
    fn tell(&self, release: &Release, addresses: &[String]) -> Result<(), StoreError>;
}

/// Where a site begins on its host, with a slash at both ends: what its address says, or else below the prefix in its bucket.
pub fn site_root(url: Option<&str>, prefix: Option<&str>) -> String {
    let path = match url.and_then(|it| it.split_once("://")) {
        Some((_, rest)) => {
            let path = rest.split_once('/').map_or("", |(_, path)| path);
            path.split(['?', '#']).next().unwrap_or("").to_owned()
        }
        None => encoded(prefix.unwrap_or("")),
    };
    match path.trim_matches('/') {
        "" => "/".to_owned(),
        path => format!("/{path}/"),
    }
}

/// A path as it stands in an address.
fn encoded(path: &str) -> String {
    path.split('/').map(percent_encode_path).collect::<Vec<_>>().join("/")
}

/// An address of the site as one of its host.
pub(super) fn on_host(root: &str, address: &str) -> String {
    format!("{root}{}", encoded(address.trim_start_matches('/')))
}

/// A cache that a command of one's own tells.
#[derive(Debug)]
pub struct CacheCommand {
    /// The target's name in the configuration.
    pub target: String,
    /// The project's directory, in which it runs.
    pub dir: PathBuf,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Where readers find the site, if that is known.
    pub url: Option<String>,
    /// Where the site begins on its host.
    pub root: String,
}

/// What the command gets to read.
#[derive(Serialize)]
struct Addresses<'a> {
    schema: &'static str,
    target: &'a str,
    release: String,
    url: Option<&'a str>,
    everything: bool,
    addresses: Vec<String>,
}

impl Cache for CacheCommand {
    fn name(&self) -> String {
        // Its arguments may say more than everybody should read.
        self.command.first().cloned().unwrap_or_default()
    }

    fn tell(&self, release: &Release, addresses: &[String]) -> Result<(), StoreError> {
        let document = Addresses {
            schema: "rejoinder.addresses/1",
            target: &self.target,
            release: release.name(),
            url: self.url.as_deref(),
            everything: addresses.iter().any(|it| it == "/*"),
            addresses: addresses.iter().map(|it| on_host(&self.root, it)).collect(),
        };
        let text = serde_json::to_string_pretty(&document).expect("addresses have text keys");
        let (program, arguments) =
            self.command.split_first().expect("a command without a program is not read");
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.dir);
        command.env("REJOINDER_TARGET", &self.target).env("REJOINDER_RELEASE", release.name());
        let failed = |why: String| StoreError::new(Trouble::Final, why);
        let ran = command::run(&mut command, Some(Box::new(move |to| writeln!(to, "{text}"))), MOST)
            .map_err(|it| failed(it.message))?;
        match ran.status.success() {
            true => Ok(()),
            false => Err(failed(format!("it ended with {}: {}", ran.status, ran.why()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_begins_where_its_address_says() {
        let cases = [
            (None, None, "/"),
            (None, Some("sites/ä"), "/sites/%C3%A4/"),
            (Some("https://a.example"), Some("sites"), "/"),
            (Some("https://a.example/"), None, "/"),
            (Some("https://a.example/sites/one"), Some("two"), "/sites/one/"),
            (Some("https://a.example/sites/?x#y"), None, "/sites/"),
        ];
        for (url, prefix, root) in cases {
            assert_eq!(site_root(url, prefix), root, "{url:?} {prefix:?}");
        }
        assert_eq!(on_host("/sites/", "/*"), "/sites/*");
        assert_eq!(on_host("/", "/ä b/"), "/%C3%A4%20b/");
    }
}
