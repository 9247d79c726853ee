//! Where a site is published: the list `publish:` of `site.yaml`.

/// One place to publish to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PublishTarget {
    /// What `rejoinder publish NAME` calls it; unique.
    pub name: String,
    /// Where readers find it, for the last line of a run; `None` when only the author knows.
    pub url: Option<String>,
    /// How many earlier releases can be brought back. `None` leaves it to the kind of place.
    pub keep: Option<u32>,
    /// What kind of place it is.
    pub to: PublishPlace,
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
