//! `rejoinder publish`: brings the built site to where readers are.
//!
//! Looks at what is built and at what is live, shows the plan, and carries it out. What is decided is decided in
//! [`crate::publish`]; here are clock, chance, environment, questions and words.

mod pace;
mod place;
mod secrets;
mod shown;
mod state;

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::args::{Format, PublishArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::memory::Memory;
use super::precompress::{self, With};
use super::project::Project;
use super::shelf::{COMPRESSED, DiskShelf};
use crate::diag::{Exit, Failure};
use crate::engine::{self, BuildOptions, Ledger};
use crate::format::hosts::Rules;
use crate::model::{PublishTarget, Site};
use crate::publish::cache::Cache;
use crate::publish::driver::{Bytes, Run};
use crate::publish::fields;
use crate::publish::fresh::{self, Fresh};
use crate::publish::journal::Journal;
use crate::publish::look::Look;
use crate::publish::{Local, Options, Plan, Target, draw};
use crate::text::OutPath;

use pace::OwnPace;
use state::State;

/// How many requests are under way at once.
const AT_ONCE: usize = 16;

pub(super) fn run(args: &PublishArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // Git, ssh, hosts and commands of one's own say what they like; what lets us in is not repeated.
    publish(args, context, console).map_err(|it| secrets::Secrets::of_environment().hide_in(&it))
}

fn publish(args: &PublishArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let started = Instant::now();
    let project = Project::open(&args.site, context)?;
    let Some(site) = &project.settings else {
        return Err(Failure::new(Exit::Usage, format!("`{}` has errors", context.config))
            .help("`rejoinder check` shows them"));
    };
    let place = pick(site, args.target.as_deref())?;
    let state = State::open(context, &place.name)?;
    let target = place::open(place, site, &output(args, site, context), &state, context, console)?;
    if args.status {
        return shown::status(place, &*target, context, console);
    }
    if args.site.drafts {
        return Err(Failure::new(Exit::NotPublished, "drafts are not published")
            .help("take `draft: true` out of what is ready, and publish without `--drafts`"));
    }
    let cache = place::open_cache(place, context, console)?;
    let job = Job { args, place, target: &*target, cache: cache.as_deref(), state: &state, started };
    match &args.rollback {
        Some(release) => job.bring_back(release.as_deref(), context, console),
        None => job.publish(site, &project, context, console),
    }
}

/// The place that was named, or the only one there is.
fn pick<'s>(site: &'s Site, name: Option<&str>) -> Result<&'s PublishTarget, Failure> {
    let names: Vec<String> = site.publish.iter().map(|it| format!("`{}`", it.name)).collect();
    let no = |message: String| Failure::new(Exit::Usage, message);
    match (name, site.publish.as_slice()) {
        (_, []) => Err(no("the configuration names no place to publish to".to_owned()).help(
            "add `publish: [{ name: live, to: dir, path: ../live }]`; docs/publishing.md has the other kinds",
        )),
        (None, [only]) => Ok(only),
        (None, _) => Err(no(format!("there are several places to publish to: {}", names.join(", ")))
            .help("name one: `rejoinder publish NAME`")),
        (Some(name), all) => all.iter().find(|it| it.name == name).ok_or_else(|| {
            no(format!("no place to publish to is called `{}`", name.escape_debug()))
                .help(format!("there is {}", names.join(", ")))
        }),
    }
}

/// Looks whether readers see the new release. Whatever comes of it, it is published.
#[cfg(feature = "external")]
fn verify(plan: &Plan, url: &str, console: &mut Console<'_>) {
    use crate::external::fetch::Site;
    use crate::publish::verify::glance;

    let (is_warning, words) = glance(plan, &Site::at_a_glance(url)).in_words(&plan.release.name(), url);
    let sign = if is_warning { "warning: " } else { "" };
    console.say(&format!("{sign}{words}\n"));
}

/// Nobody can be asked: there is nothing to ask with.
#[cfg(not(feature = "external"))]
fn verify(_: &Plan, _: &str, _: &mut Console<'_>) {}

/// One run of the command.
struct Job<'a> {
    args: &'a PublishArgs,
    place: &'a PublishTarget,
    target: &'a dyn Target,
    cache: Option<&'a dyn Cache>,
    state: &'a State,
    started: Instant,
}

impl Job<'_> {
    /// Publishes what is built.
    fn publish(
        &self,
        site: &Site,
        project: &Project,
        context: &Context,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        let dir = output(self.args, site, context);
        let base_url = self.args.site.base_url.as_deref().map(with_slash);
        let base_url = base_url.or_else(|| site.base_url.clone());
        let mut local = Local::read(&dir, &site.title, base_url.as_deref())?;
        let siblings = self.need_fresh(&local, site, project, context)?;
        if let Some(root) = place::redirects_below(self.place, console) {
            local.note_redirects(&root);
        }
        let mut release = local.release.clone();
        let unserved = match self.target.keeps_fields() {
            true => fields::give(&mut release, &Rules::of_settings(site)),
            false => Vec::new(),
        };
        if !self.target.takes_siblings() {
            release.files.retain(|it| !siblings.contains(&it.path));
        }
        for path in local.untyped.iter().filter(|_| context.is_chatty()) {
            console.say(&format!(
                "warning: the ending of `{path}` says nothing of its type; browsers will offer to save it\n"
            ));
        }
        self.plan_and_do(&release, &local, None, &unserved, context, console)
    }

    /// Brings an earlier release back.
    fn bring_back(
        &self,
        release: Option<&str>,
        context: &Context,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        let pace = OwnPace;
        let record = self.target.record(&pace)?.filter(|it| it.live.number > 0);
        let name = self.target.name();
        let no = |message: String| Failure::new(Exit::NotPublished, message);
        let Some(record) = record else {
            return Err(no(format!("nothing was published to `{name}` yet")));
        };
        let known = record.earlier.iter().map(|it| it.number);
        let number = match release {
            None => known.clone().next_back(),
            Some(typed) => {
                let number = typed.strip_prefix('r').unwrap_or(typed).parse::<u32>().map_err(|_| {
                    Failure::new(Exit::Usage, format!("`{}` is no release", typed.escape_debug()))
                        .help("releases are called `r41`; the target stands before `--rollback`")
                })?;
                known.clone().find(|it| *it == number)
            }
        };
        let number = number.ok_or_else(|| {
            no(format!("`{name}` does not keep that release"))
                .help("`rejoinder publish --status` lists those that can be brought back")
        })?;
        let release = self.target.earlier(number, &pace)?;
        self.plan_and_do(&release, &NoBytes, Some(number), &[], context, console)
    }

    fn plan_and_do(
        &self,
        local: &crate::publish::Release,
        bytes: &dyn Bytes,
        restores: Option<u32>,
        unserved: &[String],
        context: &Context,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        let args = self.args;
        let pace = OwnPace;
        let options = Options {
            now: pace::now(),
            keep: self.place.keep.unwrap_or_else(|| self.target.keep()),
            prune: args.prune,
            allow_delete: args.allow_delete,
            adopt: args.adopt,
            take_over: args.take_over,
            claimant: self.state.claimant.clone(),
            in_place: self.target.in_place(),
            cdn: self.cache.is_some(),
            restores,
        };
        let look = Look { pace: &pace, at_once: AT_ONCE, at_all: args.recheck };
        let (plan, observed) = self.target.plan(&look, &|remote| draw(local, remote, &options))?;
        let shown =
            shown::Shown { place: self.place, target: self.target, plan: &plan, options: &options, unserved };
        if args.plan {
            return shown.plan_only(context, console);
        }
        for warning in self.target.warnings().iter().filter(|_| context.is_chatty()) {
            console.say(&format!("warning: {warning}\n"));
        }
        if let Some(refusal) = plan.refusals.first() {
            shown.all_refusals(context, console);
            return Err(refusal.failure());
        }
        if plan.is_nothing() {
            return shown.nothing(context, console);
        }
        self.ask(&shown, context, console)?;
        let resumes = observed
            .remote
            .record
            .as_ref()
            .and_then(|it| it.claim.as_ref())
            .is_some_and(|it| it.by == options.claimant && it.release == plan.release.digest());
        let journal =
            Journal::open(&self.state.journal(), plan.release.digest(), plan.release.number, resumes)?;
        let progress = shown::Progress::new(&plan, context, console);
        let run = Run {
            bytes,
            pace: &pace,
            cache: self.cache,
            journal: &journal,
            at_once: AT_ONCE,
            progress: &|phase, n_done, n_bytes| progress.tell(phase, n_done, n_bytes),
        };
        let done = self.target.carry_out(&plan, observed.tag.as_ref(), &run);
        progress.end();
        let record = done?;
        journal.close();
        // Some stores are known only once they were written to.
        for warning in self.target.warnings().iter().filter(|_| context.is_chatty()) {
            console.say(&format!("warning: {warning}\n"));
        }
        shown.done(&record, self.started.elapsed(), context, console)?;
        if let Some(url) = self.place.url.as_deref().filter(|_| !args.no_verify && context.is_chatty()) {
            verify(&plan, url, console);
        }
        Ok(Exit::Done)
    }

    /// Asks a person, where there is one.
    fn ask(
        &self,
        shown: &shown::Shown<'_>,
        context: &Context,
        console: &mut Console<'_>,
    ) -> Result<(), Failure> {
        if self.args.yes {
            return Ok(());
        }
        let can_ask = console.stderr_is_terminal && std::io::stdin().is_terminal();
        if !can_ask || context.format != Format::Human {
            return Err(Failure::new(Exit::Usage, "nobody can be asked whether to publish this")
                .help("look at `rejoinder publish --plan`, and publish with `--yes`"));
        }
        console.say(&shown.in_words());
        console.say("Publish this? [y/N] ");
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        match (read, answer.trim().to_ascii_lowercase().as_str()) {
            (Ok(_), "y" | "yes") => Ok(()),
            _ => Err(Failure::new(Exit::NotPublished, "not published, as you wished")),
        }
    }

    /// Makes sure that what was built is what a build would write now. Says which files are compressed siblings.
    fn need_fresh(
        &self,
        local: &Local,
        site: &Site,
        project: &Project,
        context: &Context,
    ) -> Result<BTreeSet<OutPath>, Failure> {
        let memory = Memory::open(context, false);
        let options =
            BuildOptions { program: memory.program.clone(), ..build::options(&self.args.site, context) };
        let compare = |options: &BuildOptions, ledger: &Ledger| -> Result<Option<Compared>, Failure> {
            let fresh = Fresh::new(&local.release);
            let built = engine::build_on(&*project.files, options, ledger, &fresh)?;
            if built.report.has_errors() {
                return Ok(None);
            }
            let differences = fresh.differences_but_siblings();
            if !differences.is_empty() {
                return Ok(Some((differences, BTreeSet::new())));
            }
            let encodings = fresh::encodings(&local.release, &built.edition);
            let encodings = encodings.into_iter().chain(site.precompress.iter().copied());
            let made = match precompress::of(encodings)? {
                Some(siblings) => {
                    let shelf = DiskShelf::open(context, COMPRESSED, false);
                    let with = With { shelf: Some(&*shelf), jobs: options.jobs, progress: None };
                    siblings.make(&built.edition, &fresh, &|path| local.read_back(path), with)?.files
                }
                None => Vec::new(),
            };
            Ok(Some((fresh.differences(), made.into_iter().map(|(path, _)| path).collect())))
        };
        let Some((differences, siblings)) = compare(&options, &memory.ledger)? else {
            return Err(Failure::new(
                Exit::NotPublished,
                "the sources have errors, so nothing that was built is what they say",
            )
            .help("`rejoinder check` shows them"));
        };
        if differences.is_empty() {
            return Ok(siblings);
        }
        let options = BuildOptions { drafts: true, ..options };
        let with_drafts = compare(&options, &Ledger::default())?.is_some_and(|(it, _)| it.is_empty());
        Err(fresh::stale(&format!("{}/", local.dir().display()), &differences, with_drafts))
    }
}

/// What differs between what was built and what a build would write, and where it has compressed siblings.
type Compared = (Vec<String>, BTreeSet<OutPath>);

/// Where the site was built.
fn output(args: &PublishArgs, site: &Site, context: &Context) -> PathBuf {
    match &args.output {
        Some(path) => path.clone(),
        None if context.root == Path::new(".") => PathBuf::from(&site.output),
        None => context.root.join(&site.output),
    }
}

/// The address as the site's settings would hold it.
fn with_slash(url: &str) -> String {
    format!("{}/", url.trim_end_matches('/'))
}

/// Bytes of a release that is brought back: they are at the target.
struct NoBytes;

impl Bytes for NoBytes {
    fn bytes(&self, file: &crate::publish::File) -> Result<Vec<u8>, Failure> {
        let message = format!("the target does not keep the bytes of `{}`", file.path);
        Err(Failure::new(Exit::NotPublished, message).help("build that state of the sources and publish it"))
    }
}
