//! A directory of this machine: release folders with a link to the one that is live, or the site alone, exchanged whole.
//!
//! With `layout: releases`, readers are served from `PATH/current`, a symbolic link to `PATH/releases/r42`. A new release is
//! filled beside the others, out of hard links where nothing changed, and becomes live when one rename puts a new link in
//! the place of the old. With `layout: plain`, `PATH` is the site; the new one is filled in `.NAME.rejoinder/new` beside it
//! and exchanged with it in one system call, and earlier ones stay in `.NAME.rejoinder/`.
//!
//! A lock that the kernel frees when we die makes sure that one publishes at a time. What a run that died left behind is
//! tidied by the next.

#![allow(clippy::disallowed_methods, reason = "the target is a directory of this machine")]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags};

use super::driver::{self, Pace, Run, changed, untrusted};
use super::look::Observed;
use super::plan::{Action, Plan, Remote, Source};
use super::record::{RECORD, Record};
use super::release::{File, Release};
use super::store::Tag;
use super::target::Target;
use super::tree;
use crate::delivery::{self, Lock, PROJECT_MARKS, files_below, read_plain};
use crate::diag::{Exit, Failure};
use crate::model::DirLayout;
use crate::text::{Fingerprint, RESERVED_DIR};

/// A directory that was found fit.
#[derive(Debug)]
pub struct Dir {
    path: PathBuf,
    shown: String,
    layout: DirLayout,
}

impl Dir {
    /// Judges where the directory lies. `path` is from the project's directory `root`; `inputs` are the files and
    /// directories that the site is made from, and `home` the user's home. Nothing is written.
    ///
    /// # Errors
    /// [`Exit::NotPublished`] for a place where publishing could harm other files.
    pub fn new(
        root: &Path,
        path: &str,
        layout: DirLayout,
        inputs: &[PathBuf],
        home: Option<&Path>,
    ) -> Result<Dir, Failure> {
        let no = |why: &str| {
            Failure::new(
                Exit::NotPublished,
                format!("nothing can be published to `{}`: {why}", path.escape_debug()),
            )
            .help("name a directory of its own, such as `../live`")
        };
        let place = delivery::check_place(root, Path::new(path), inputs, home).map_err(|it| {
            let why = it.message.split_once("cannot be the output: ").map(|(_, why)| why.to_owned());
            match (it.exit, why) {
                (Exit::Refused, Some(why)) => no(&why),
                _ => it,
            }
        })?;
        match fs::symlink_metadata(&place) {
            Ok(meta) if !meta.is_dir() => return Err(no("it is a file")),
            Ok(_) | Err(_) => (),
        }
        let dir = Dir { path: place, shown: path.to_owned(), layout };
        let is_ours = dir.live().is_some_and(|it| it.join(RECORD).is_file());
        let mark = PROJECT_MARKS.iter().find(|it| dir.path.join(it).exists());
        if let (false, Some(mark)) = (is_ours, mark) {
            return Err(no(&format!("it holds `{mark}`, so it is a project of its own")));
        }
        Ok(dir)
    }

    /// Where releases are that are not live.
    fn releases(&self) -> PathBuf {
        match self.layout {
            DirLayout::Releases => self.path.join("releases"),
            DirLayout::Plain => {
                let name = self.path.file_name().unwrap_or_default().to_string_lossy();
                self.path.with_file_name(format!(".{name}{RESERVED_DIR}"))
            }
        }
    }

    /// The directory that readers are served; `None` while there is none.
    fn live(&self) -> Option<PathBuf> {
        match self.layout {
            DirLayout::Plain => self.path.is_dir().then(|| self.path.clone()),
            DirLayout::Releases => {
                let to = fs::read_link(self.path.join("current")).ok()?;
                let number = to.to_str()?.strip_prefix("releases/").and_then(tree::number_of)?;
                Some(self.release(number)).filter(|it| it.is_dir())
            }
        }
    }

    fn release(&self, number: u32) -> PathBuf {
        self.releases().join(format!("r{number}"))
    }

    fn look(&self) -> Result<Observed, Failure> {
        let mut remote = Remote::default();
        let Some(live) = self.live() else {
            // Whatever lies there is somebody else's, but for what a first run may have left.
            if self.path.is_dir() {
                let ours = ["releases", RECORD];
                let others = files_below(&self.path)?.into_iter().filter(|it| {
                    !ours.iter().any(|ours| it.starts_with(ours)) || self.layout == DirLayout::Plain
                });
                remote.listing =
                    others.map(|it| (it.to_string_lossy().into_owned(), Default::default())).collect();
            }
            return Ok(Observed { remote, tag: None });
        };
        let looked = tree::look(&live)?;
        remote.listing = looked.listing;
        let mut tag = None;
        if let Some(bytes) = looked.record {
            let record = Record::parse(&bytes).map_err(|it| untrusted(&self.name(), &it))?;
            tag = Some(Tag(Fingerprint::of(&bytes).hex()));
            remote.record = Some(record);
        }
        Ok(Observed { remote, tag })
    }

    /// Takes away what a run that died left, and releases that nobody can bring back. `live` is the number of what is
    /// live, and `wanted` those that stay.
    fn tidy(&self, live: u32, wanted: &BTreeSet<u32>) -> Result<(), Failure> {
        let releases = self.releases();
        let new = releases.join("new");
        // After an exchange, the old release has the new one's place until it is renamed.
        match tree::record_in(&new).map(|it| it.live.number) {
            Some(number) if number < live && wanted.contains(&number) && !self.release(number).exists() => {
                rename(&new, &self.release(number))?;
            }
            Some(_) | None => tree::remove(&new)?,
        }
        let Ok(entries) = fs::read_dir(&releases) else { return Ok(()) };
        for entry in entries.flatten() {
            let number = entry.file_name().to_str().and_then(tree::number_of);
            let Some(number) = number.filter(|it| *it != live && !wanted.contains(it)) else { continue };
            // A directory of that name that we did not fill stays.
            if tree::record_in(&entry.path()).is_some_and(|it| it.live.number == number) {
                tree::remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Fills a directory with the release.
    fn fill(
        &self,
        new: &Path,
        live: Option<&Path>,
        plan: &Plan,
        remote: &Remote,
        run: &Run<'_>,
    ) -> Result<(), Failure> {
        tree::make_dir(new)?;
        let mut n_done = 0;
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for operation in &plan.operations {
            let sent = match &operation.action {
                Action::Send { file, from, .. } => {
                    self.bring(new, file, *from, plan, run)?;
                    taken.insert(file.path.as_str());
                    file.size
                }
                Action::Delete { path, .. } => {
                    taken.insert(path.as_str());
                    0
                }
                _ => 0,
            };
            n_done += 1;
            if !operation.phase.waits_for_whole() {
                (run.progress)(operation.phase, n_done, sent);
            }
        }
        if let Some(live) = live {
            // What is unchanged, old assets, and what is not ours.
            let others = files_below(live)?.into_iter().filter(|it| {
                let path = it.to_string_lossy();
                !taken.contains(path.as_ref()) && path != RECORD
            });
            for path in others {
                tree::link(&live.join(&path), new, &path)?;
            }
        }
        debug_assert!(remote.record.is_some() || plan.release.number == 1, "the first release has number 1");
        tree::write(new, RECORD, &plan.record_of_whole().to_bytes())?;
        tree::sync(new);
        Ok(())
    }

    fn bring(
        &self,
        new: &Path,
        file: &File,
        from: Source,
        plan: &Plan,
        run: &Run<'_>,
    ) -> Result<(), Failure> {
        let path = Path::new(file.path.as_str());
        match (from, plan.release.restores) {
            (Source::Kept, Some(number)) => {
                let kept = self.release(number).join(path);
                let holds = read_plain(&kept).is_ok_and(|it| Fingerprint::of(&it) == file.fingerprint);
                match holds {
                    true => tree::link(&kept, new, path),
                    false => Err(Failure::new(
                        Exit::NotPublished,
                        format!("`{}` is not what r{number} had there", kept.display()),
                    )
                    .help("build that state of the sources and publish it")),
                }
            }
            (Source::Kept | Source::Build, _) => {
                tree::write(new, file.path.as_str(), &run.bytes.bytes(file)?)
            }
        }
    }

    /// Puts a record in the place of the one that is live, in one step.
    fn settle(&self, record: &Record) -> Result<(), Failure> {
        let live = self.live().ok_or_else(|| changed(&self.name()))?;
        let beside = self.releases().join("record");
        fs::remove_file(&beside).ok();
        tree::write(&self.releases(), "record", &record.to_bytes())?;
        rename(&beside, &live.join(RECORD))
    }

    /// Makes the new release live.
    fn switch(&self, new: &Path, number: u32, old: u32) -> Result<(), Failure> {
        match self.layout {
            DirLayout::Releases => {
                let place = self.release(number);
                rename(new, &place)?;
                let link = self.releases().join("current.new");
                fs::remove_file(&link).ok();
                let made = std::os::unix::fs::symlink(format!("releases/r{number}"), &link);
                made.map_err(|it| Failure::machine(format!("cannot make `{}`", link.display()), &it))?;
                rename(&link, &self.path.join("current"))?;
            }
            DirLayout::Plain if !self.path.exists() => rename(new, &self.path)?,
            DirLayout::Plain => {
                let exchanged = rustix::fs::renameat_with(CWD, new, CWD, &self.path, RenameFlags::EXCHANGE);
                exchanged.map_err(|it| {
                    let what = format!("cannot exchange `{}` in one step", self.path.display());
                    Failure::machine(what, &io::Error::from(it))
                        .help("use `layout: releases`, and serve `current` below the directory")
                })?;
                // What lay there before the first release was taken along. It stays all the same, as `r0`, which is no
                // release's name: we have not made it.
                rename(new, &self.release(old))?;
            }
        }
        tree::sync(&self.releases());
        Ok(())
    }
}

impl Target for Dir {
    fn name(&self) -> String {
        self.shown.clone()
    }

    fn in_place(&self) -> bool {
        false
    }

    fn keep(&self) -> u32 {
        5
    }

    fn observe(&self, _: &dyn Pace) -> Result<Observed, Failure> {
        self.look()
    }

    fn earlier(&self, number: u32, _: &dyn Pace) -> Result<Release, Failure> {
        let dir = self.release(number);
        let record = tree::record_in(&dir).filter(|it| it.live.number == number);
        record.map(|it| it.live).ok_or_else(|| {
            Failure::new(Exit::NotPublished, format!("`{}` holds no release of ours", dir.display()))
                .help("`rejoinder publish --status` lists the releases that can be brought back")
        })
    }

    fn carry_out(&self, plan: &Plan, tag: Option<&Tag>, run: &Run<'_>) -> Result<Record, Failure> {
        let releases = self.releases();
        tree::make_dir(&releases)?;
        let lock = Lock::take(&releases.join("lock"))?;
        let _lock = lock.ok_or_else(|| {
            Failure::new(Exit::NotPublished, format!("somebody is publishing to `{}` now", self.shown))
                .help("wait until that has ended, look at what is live, and publish again")
        })?;
        let now = self.look()?;
        if now.tag.as_ref() != tag {
            return Err(changed(&self.name()));
        }
        let old = now.remote.record.as_ref().map_or(0, |it| it.live.number);
        let before = now.remote.record.iter().flat_map(|it| &it.earlier).map(|it| it.number).collect();
        self.tidy(old, &before)?;
        let (new, number) = (releases.join("new"), plan.release.number);
        if plan.is_release() {
            self.fill(&new, self.live().as_deref(), plan, &now.remote, run)?;
            self.switch(&new, number, old)?;
            let wanted = plan.settled.earlier.iter().map(|it| it.number).collect();
            self.tidy(number, &wanted)?;
        }
        driver::tell_of_whole(plan, run, |record| self.settle(record))
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::rename(from, to).map_err(|it| {
        Failure::machine(format!("cannot rename `{}` to `{}`", from.display(), to.display()), &it)
    })
}
