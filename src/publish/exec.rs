//! A command of one's own, for hosts that come with a tool: it gets the plan and does what it says.
//!
//! What such a host has, we cannot ask. So the record of what was published lies on this machine, below
//! `.rejoinder/publish/`; where it is missing, as on a new CI machine, the plan names every file as new.

#![allow(clippy::disallowed_methods, reason = "the record is a file of this machine")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::command;
use super::document::PlanDocument;
use super::driver::{Pace, Run, changed, untrusted};
use super::look::Observed;
use super::plan::{Listed, Plan, Remote};
use super::record::Record;
use super::release::Release;
use super::store::Tag;
use super::target::Target;
use crate::delivery::read_plain;
use crate::diag::{Exit, Failure};
use crate::text::Fingerprint;

/// How long the command may take: an hour.
const MOST: Duration = Duration::from_secs(3600);

/// A command.
#[derive(Debug)]
pub struct Exec {
    name: String,
    root: PathBuf,
    public: PathBuf,
    command: Vec<String>,
    record: PathBuf,
    plan: PathBuf,
}

impl Exec {
    /// A command that runs in the project's directory `root`. `name` is the target's, `public` where the site was built,
    /// and `state` a directory of ours for the plan and the record.
    pub fn new(name: &str, root: &Path, public: &Path, state: &Path, command: &[String]) -> Exec {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Exec {
            name: name.to_owned(),
            root: root.to_owned(),
            public: absolute(public.to_owned()),
            command: command.to_vec(),
            record: state.join("release.json"),
            plan: absolute(state.join("plan.json")),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    // A crash leaves the old record or the new one.
    let beside = path.with_extension("new");
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|it| Failure::machine(format!("cannot write `{}`", path.display()), &it))
}

impl Target for Exec {
    fn name(&self) -> String {
        // Its arguments may say more than everybody should read.
        self.command.first().cloned().unwrap_or_default()
    }

    fn in_place(&self) -> bool {
        false
    }

    fn keep(&self) -> u32 {
        0
    }

    fn observe(&self, _: &dyn Pace) -> Result<Observed, Failure> {
        let Ok(bytes) = read_plain(&self.record) else {
            return Ok(Observed { remote: Remote::default(), tag: None });
        };
        let record = Record::parse(&bytes).map_err(|it| untrusted(&self.name(), &it))?;
        // What was sent is taken to be there.
        let retired = record.retired.iter().map(|it| &it.file);
        let files = record.live.files.iter().chain(retired);
        let listing = files.map(|it| (it.path.to_string(), Listed { size: it.size, ..Listed::default() }));
        let listing = listing.collect();
        Ok(Observed {
            remote: Remote { record: Some(record), listing },
            tag: Some(Tag(Fingerprint::of(&bytes).hex())),
        })
    }

    fn earlier(&self, _: u32, _: &dyn Pace) -> Result<Release, Failure> {
        Err(Failure::new(Exit::NotPublished, "a command keeps no earlier releases")
            .help("bring the release back with the host's own tool; or build that state of the sources and publish it"))
    }

    fn carry_out(&self, plan: &Plan, tag: Option<&Tag>, run: &Run<'_>) -> Result<Record, Failure> {
        if self.observe(run.pace)?.tag.as_ref() != tag {
            return Err(changed(&self.name()));
        }
        let name = self.name();
        let document = PlanDocument::new(&self.name, &name, plan).to_json();
        write(&self.plan, document.as_bytes())?;
        let mut command = Command::new(&name);
        command.args(&self.command[1..]).current_dir(&self.root);
        command.env("REJOINDER_PLAN", &self.plan).env("REJOINDER_PUBLIC", &self.public);
        command.env("REJOINDER_TARGET", &self.name).env("REJOINDER_RELEASE", plan.release.name());
        let ran =
            command::run(&mut command, Some(Box::new(move |to| to.write_all(document.as_bytes()))), MOST)?;
        if !ran.status.success() {
            let message = format!("`{name}` ended with {}", ran.status);
            return Err(Failure { cause: ran.why(), ..Failure::new(Exit::Remote, message) }
                .help("see what it says; the plan it was given stays below `.rejoinder/publish/`"));
        }
        let n = plan.operations.len();
        if let Some(last) = plan.operations.last() {
            (run.progress)(last.phase, n, plan.sends().map(|(file, _)| file.size).sum());
        }
        write(&self.record, &plan.settled.to_bytes())?;
        Ok(plan.settled.clone())
    }
}
