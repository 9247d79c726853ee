//! Where a site is published: the list `publish:` of `site.yaml`.

use std::fmt;

/// One place to publish to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PublishTarget {
    /// What `rejoinder publish NAME` calls it; unique.
    pub name: String,
    /// Where readers find it, for the last line of a run; `None` when only the author knows.
    pub url: Option<String>,
    /// How many earlier releases can be brought back. `None` leaves it to the kind of place.
    pub keep: Option<u32>,
    /// The cache in front of it, if it is to be told what changed.
    pub cdn: Option<Cdn>,
    /// What kind of place it is.
    pub to: PublishPlace,
}

/// A cache between a place and its readers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cdn {
    /// A distribution of Amazon CloudFront, by its id.
    CloudFront {
        /// The id.
        distribution: String,
    },
    /// Whatever a command tells.
    Command {
        /// The program and its arguments. No shell reads them.
        command: Vec<String>,
    },
}

/// A kind of place. What is in it was checked when it was read: no value starts with `-` or holds a control character.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PublishPlace {
    /// A directory of this machine.
    Dir {
        /// The directory, absolute or relative to the project.
        path: String,
        /// How releases lie in it.
        layout: DirLayout,
    },
    /// A branch of a git repository.
    Git {
        /// A remote of the project's repository by name, or an address or path that git understands.
        remote: String,
        /// The branch.
        branch: String,
    },
    /// A directory of a host behind ssh.
    Ssh {
        /// `host` or `user@host`; names of the user's ssh configuration too.
        host: String,
        /// The port, if it is not for ssh to know.
        port: Option<u16>,
        /// The directory, absolute.
        path: String,
    },
    /// A bucket of a cloud.
    Bucket(Bucket),
    /// Whatever a command does.
    Exec {
        /// The program and its arguments. No shell reads them.
        command: Vec<String>,
    },
}

/// How releases lie in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DirLayout {
    /// `releases/r42/` for each, and `current`, a symbolic link to the one that is live.
    Releases,
    /// The directory is the site; a whole new one takes its place in one step.
    Plain,
}

/// A bucket, or what is below a prefix of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// Whose it is.
    pub cloud: Cloud,
    /// Its name; Azure calls it a container.
    pub bucket: String,
    /// The site is below this; no `/` at either end. `None` is all of the bucket.
    pub prefix: Option<String>,
    /// Where the cloud's interface is, for what speaks like it; without credentials.
    pub endpoint: Option<String>,
    /// The region, where there are some and the environment does not say.
    pub region: Option<String>,
    /// Azure's storage account, if the environment does not say.
    pub account: Option<String>,
    /// Whether readers come to S3 itself as a website, which redirects by what is kept with a file. `None` leaves it to whether
    /// it is Amazon's.
    pub website: Option<bool>,
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bucket { cloud, bucket, prefix, .. } = self;
        let scheme = match cloud {
            Cloud::S3 => "s3",
            Cloud::Google => "gs",
            Cloud::Azure => "az",
        };
        write!(f, "{scheme}://{bucket}")?;
        prefix.as_ref().map_or(Ok(()), |it| write!(f, "/{it}"))
    }
}

/// A kind of bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// Amazon S3, and whatever speaks like it.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}
