//! Why a plan is not carried out: what would be lost, or is not ours.

use super::plan::{Options, Remote, blocks};
use super::release::Release;
use crate::diag::{Exit, Failure};
use crate::text::counted;

/// A reason not to publish. Each says what is so, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Files stand there, and no release of ours.
    Foreign {
        /// Some of them.
        paths: Vec<String>,
    },
    /// The site has a file where somebody else's stands.
    Overwrite {
        /// Where.
        paths: Vec<String>,
    },
    /// The site has a file at a name of ours.
    Reserved {
        /// Which.
        paths: Vec<String>,
    },
    /// More is deleted than a change usually takes away.
    Deletions {
        /// How many files.
        n: usize,
        /// How many pages are live.
        pages: usize,
    },
    /// The site has far fewer pages.
    FewerPages {
        /// How many are live.
        live: usize,
        /// How many would be.
        local: usize,
        /// How many files are deleted.
        n: usize,
    },
    /// Another site is live there.
    OtherSite {
        /// What is live, by title or address.
        live: String,
        /// What was built.
        local: String,
        /// How many files are deleted.
        n: usize,
    },
    /// Somebody is publishing there now.
    UnderWay {
        /// Since how many seconds.
        seconds: i64,
    },
    /// The bytes of a release to bring back are not there any longer.
    Lost {
        /// Of which files.
        paths: Vec<String>,
    },
}

impl Refusal {
    /// What people and programs are told.
    pub fn failure(&self) -> Failure {
        let no = |message: String| Failure::new(Exit::NotPublished, message);
        match self {
            Refusal::Foreign { paths } => no(format!(
                "the target holds {} and no release of ours",
                named(paths)
            ))
            .help("name an empty place; or, if the site may stand beside these files, add `--adopt`: they stay, but for those that the site has too"),
            Refusal::Overwrite { paths } => no(format!(
                "the site would replace {}, which we did not write",
                named(paths)
            ))
            .help("move what is there away, or add `--adopt` to replace it"),
            Refusal::Reserved { paths } => {
                no(format!("the site has {}, which are names of ours at a target", named(paths)))
                    .help("give these files other names")
            }
            Refusal::Deletions { n, pages } => {
                no(format!("{n} files of {} would be deleted", counted(*pages, "live page")))
                    .help(allow(*n, "look at `rejoinder publish --plan`"))
            }
            Refusal::FewerPages { live, local, n } => {
                no(format!("the site has {} where {live} are live", counted(*local, "page")))
                    .help(allow(*n, "if that is right"))
            }
            Refusal::OtherSite { live, local, n } => {
                no(format!("the target holds another site: {live}, and this is {local}"))
                    .help(allow(*n, "name another target; or, if the site changed its name or address"))
            }
            Refusal::UnderWay { seconds } => {
                no(format!("somebody began to publish there {}", ago(*seconds)))
                    .help("wait until that has ended, and publish again; if it never will, add `--take-over`")
            }
            Refusal::Lost { paths } => {
                no(format!("the target does not keep what that release had at {}", named(paths)))
                    .help("build that state of the sources and publish it")
            }
        }
    }
}

fn allow(n: usize, first: &str) -> String {
    format!("{first}, publish with `--allow-delete {n}`, which is the number of files that go")
}

fn ago(seconds: i64) -> String {
    match seconds {
        ..60 => "less than a minute ago".to_owned(),
        _ => format!("{} ago", counted(usize::try_from(seconds / 60).unwrap_or(0), "minute")),
    }
}

/// The first few names.
fn named(paths: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|it| format!("`{}`", it.escape_debug())).collect();
    let more = paths.len().saturating_sub(SHOWN);
    match more {
        0 => shown.join(", "),
        _ => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What is looked at.
pub(super) struct Facts<'a> {
    pub(super) local: &'a Release,
    pub(super) remote: &'a Remote,
    pub(super) live: Option<&'a Release>,
    /// Files of somebody else where the site has its own.
    pub(super) overwritten: Vec<String>,
    pub(super) n_deletions: usize,
}

/// Finds every reason.
pub(super) fn judge(facts: &Facts<'_>, options: &Options, refusals: &mut Vec<Refusal>) {
    let Facts { local, remote, live, overwritten, n_deletions } = facts;
    let n = *n_deletions;
    let reserved = local.files.iter().filter(|it| it.path.is_reserved());
    let reserved: Vec<String> = reserved.map(|it| it.path.to_string()).collect();
    if !reserved.is_empty() {
        refusals.push(Refusal::Reserved { paths: reserved });
    }
    if let Some(claim) = blocks(remote.record.as_ref(), options) {
        refusals.push(Refusal::UnderWay { seconds: options.now.saturating_sub(claim.since) });
    }
    let foreign = |paths: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        paths.filter(|it| !is_harmless(it)).cloned().collect()
    };
    if !options.adopt {
        let all = foreign(&mut remote.listing.keys().filter(|it| !it.starts_with(".rejoinder/")));
        let over = foreign(&mut overwritten.iter());
        if remote.record.is_none() && !all.is_empty() {
            refusals.push(Refusal::Foreign { paths: all });
        } else if !over.is_empty() {
            refusals.push(Refusal::Overwrite { paths: over });
        }
    }
    let Some(live) = live else { return };
    if options.allow_delete == Some(n) {
        return;
    }
    let (pages, pages_now) = (live.n_pages(), local.n_pages());
    if n > (pages / 10).max(10) {
        refusals.push(Refusal::Deletions { n, pages });
    }
    if pages_now * 5 < pages * 4 {
        refusals.push(Refusal::FewerPages { live: pages, local: pages_now, n });
    }
    let shown = |it: &Release| match it.base_url.as_str() {
        "" => format!("“{}”", it.title),
        url => format!("“{}” at {url}", it.title),
    };
    // Who brings a release back has named it.
    let is_named = options.restores.is_some();
    if !is_named && (live.title != local.title || live.base_url != local.base_url) {
        refusals.push(Refusal::OtherSite { live: shown(live), local: shown(local), n });
    }
}

/// What hosts and people put beside a site; it stays, and says nothing against publishing there.
pub(super) fn is_harmless(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    let is_dir = first.len() < path.len();
    match first {
        ".well-known" => true,
        "CNAME" | ".nojekyll" | ".gitignore" | ".gitkeep" | ".gitattributes" => !is_dir,
        _ => !is_dir && (first.starts_with("README") || first.starts_with("LICEN")),
    }
}
