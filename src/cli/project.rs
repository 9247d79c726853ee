//! The project on disk: its files, with private copies perhaps from elsewhere, its settings, and its past.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use super::args::SiteArgs;
use super::console::Console;
use super::context::Context;
use super::git;
use crate::diag::{Exit, Failure};
use crate::engine;
use crate::input::{DiskFiles, Files, Mounted};
use crate::model::Site;
use crate::text::Day;
use crate::verify::Signature;

/// A project that is there.
pub(super) struct Project {
    pub(super) files: Arc<dyn Files + Send + Sync>,
    /// `None` when the configuration cannot be used.
    pub(super) settings: Option<Site>,
}

impl Project {
    /// Opens the project.
    ///
    /// # Errors
    /// When there is no configuration, or the directory of private copies that was named is not there.
    pub(super) fn open(args: &SiteArgs, context: &Context) -> Result<Project, Failure> {
        Project::open_with(args.snapshots.as_deref(), context)
    }

    /// As [`Project::open`], with the private copies of sources in this directory.
    ///
    /// # Errors
    /// As there.
    pub(super) fn open_with(snapshots: Option<&Path>, context: &Context) -> Result<Project, Failure> {
        let files = DiskFiles::new(context.root.clone());
        need_config(&files, context)?;
        let settings = engine::settings(&files, &context.config)?;
        let Some(dir) = snapshots else { return Ok(Project { files: Arc::new(files), settings }) };
        if !dir.is_dir() {
            let message = format!("there is no directory `{}`", dir.display());
            return Err(Failure::new(Exit::Usage, message)
                .help("`--snapshots` names the directory that holds the private copies of sources"));
        }
        let at = settings.as_ref().map_or_else(|| Site::default().snapshots, |it| it.snapshots.clone());
        let files = Mounted::new(files, &at, DiskFiles::new(dir.to_owned()));
        Ok(Project { files: Arc::new(files), settings })
    }

    /// Who compares today: as typed, else the site's publisher.
    pub(super) fn signature(&self, by: Option<&str>, console: &Console<'_>) -> Signature {
        let publisher = self.settings.as_ref().and_then(|it| it.publisher.clone());
        Signature {
            on: today(console).to_string(),
            by: by.map(str::to_owned).or(publisher).unwrap_or_default(),
        }
    }
}

/// Today in UTC; SOURCE_DATE_EPOCH (<https://reproducible-builds.org/specs/source-date-epoch/>) stands for it.
pub(super) fn today(console: &Console<'_>) -> Day {
    let set = (console.env)("SOURCE_DATE_EPOCH").and_then(|it| it.parse::<i64>().ok());
    let seconds = set.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or_default()
    });
    Day::of_unix_seconds(seconds)
}

/// A project without a configuration is most often the wrong directory.
fn need_config(files: &DiskFiles, context: &Context) -> Result<(), Failure> {
    if files.read(&context.config)?.is_some() {
        return Ok(());
    }
    let message = format!("there is no `{}` in `{}`", context.config, context.root.display());
    Err(Failure::new(Exit::Usage, message)
        .help("`rejoinder init` starts a site here; `--root DIR` names a project elsewhere"))
}

/// A file of the project as it was at a commit or tag; `None` when it was not there then.
///
/// # Errors
/// When git is not there, this is no repository, or it has no such commit.
pub(super) fn file_at(context: &Context, revision: &str, file: &str) -> Result<Option<String>, Failure> {
    let git = |args: &[&str]| {
        git::run(&context.root, args, "--released", "install git, which knows what was released")
    };
    let commit = format!("{revision}^{{commit}}");
    let known = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    if !known.status.success() {
        let message = format!("`{revision}` is no commit or tag of a repository here");
        return Err(Failure::new(Exit::Usage, message).help("`git tag` lists the tags"));
    }
    let shown = git(&["show", "--end-of-options", &format!("{revision}:./{file}")])?;
    Ok(shown.status.success().then(|| String::from_utf8_lossy(&shown.stdout).into_owned()))
}
