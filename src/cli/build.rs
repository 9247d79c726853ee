//! `rejoinder build`: renders the site and delivers it, all or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::args::{BuildArgs, Format, SiteArgs};
use super::console::Console;
use super::context::Context;
use super::memory::Memory;
use super::outcome::{self, Outcome};
use super::precompress::{self, Beside};
use super::progress::Counter;
use super::project::Project;
use super::reproducible;
use super::shelf::{CARDS, COMPRESSED, DiskShelf, IMAGES};
use crate::delivery::{self, Delivered, Stage, StageOptions};
use crate::diag::{Exit, Failure, Fingerprinted, Hidden, Level, Mended, Output, Report, Sources, summary};
use crate::engine::{self, BuildOptions, Built, Counts, Developed, Discard, Indexed, Shelf};
use crate::image;
use crate::text::{counted, in_bytes};

pub(super) fn run(args: &BuildArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if args.verify_reproducible {
        return reproducible::verify(args, context, console);
    }
    let started = Instant::now();
    let project = Project::open(&args.site, context)?;
    let files = &*project.files;
    let options = options(&args.site, context);
    let siblings = precompress::wanted(&args.precompress, project.settings.as_ref())?;
    let configured = project.settings.map(|it| it.output);
    let Some(output) = output(args, context, &configured) else {
        // The configuration is broken: there is no place to write to, but everything to say.
        let built = engine::build(files, &options, &Discard)?;
        return not_delivered(&built, "Nothing was written.", args, context, console);
    };
    let home = (console.env)("HOME").map(PathBuf::from);
    let place = delivery::check_output(
        &context.root,
        &output.path,
        &[PathBuf::from(&context.config)],
        home.as_deref(),
    )?;
    let was_there = place.exists();
    let state = context.root.join(".rejoinder");
    let (stage, memory) = engine::both(
        || Stage::open(&place, &state, StageOptions::default()),
        || Memory::open(context, args.no_cache),
    );
    let stage = stage?;
    let cards = DiskShelf::open(context, CARDS, args.no_cache);
    let images = DiskShelf::open(context, IMAGES, args.no_cache);
    let (counter, progress) = Counter::new(context, console);
    let shelf = |it: &Arc<DiskShelf>| Some(Arc::<DiskShelf>::clone(it) as Arc<dyn Shelf>);
    let options = BuildOptions {
        program: memory.program.clone(),
        card_shelf: shelf(&cards),
        image_shelf: shelf(&images),
        progress,
        ..options
    };
    let built = engine::build_on(files, &options, &memory.ledger, &stage);
    let beside = match (&siblings, &built) {
        (Some(siblings), Ok(built)) if is_sound(built, args, context) => {
            let shelf = DiskShelf::open(context, COMPRESSED, args.no_cache);
            siblings.lay(&built.edition, &stage, shelf, &options).map(Some)
        }
        _ => Ok(None),
    };
    counter.clear(console);
    let (mut built, beside) = (built?, beside?);
    if args.explain_dirty {
        console.say(&reasons(&built));
    }
    if !is_sound(&built, args, context) {
        // Dropped, a stage removes itself.
        drop(stage);
        let disk = match was_there {
            true => format!("Nothing was written; the previous {} is intact.", output.shown),
            false => "Nothing was written.".to_owned(),
        };
        return not_delivered(&built, &disk, args, context, console);
    }
    // A person sees how many warnings there are; other programs want all of them, with their places.
    match context.format != Format::Human || context.verbose > 0 {
        true => built.read_sources(files)?,
        // What follows needs room.
        false => built.sources = Sources::default(),
    }
    let committing = Instant::now();
    let ledger = built.ledger.take();
    // Nor does anybody ask the graph any more.
    built.graph = None;
    let (delivered, draft) = engine::both(|| stage.commit(), || memory.draft(ledger));
    let delivered = delivered?;
    let remark = memory.keep(draft);
    if !built.made.is_empty() {
        cards.prune(&engine::shelf_names(built.edition.files().map(|(path, _)| path)));
    }
    built.developed.iter().for_each(|it| images.prune(&it.names));
    beside.iter().for_each(Beside::prune);
    if context.is_chatty() {
        if context.verbose > 0 && !cfg!(feature = "search") {
            console.say(
                "  The search is a list alone: this Rejoinder was built without `search`, which makes the index.\n",
            );
        }
        console.say(&phases(&built, &delivered, committing.elapsed(), beside.as_ref()));
    }
    let outcome = Outcome {
        command: "build",
        exit: Exit::Done,
        report: &Fingerprinted::new(built.report.clone(), &built.sources),
        sources: &built.sources,
        hidden: Hidden::default(),
        mended: Mended::default(),
        remarks: remark.into_iter().collect(),
        last_line: format!("Built {} in {:.2} s.", output.shown, started.elapsed().as_secs_f64()),
        in_full: context.verbose > 0,
        outputs: vec![Output {
            path: output.shown,
            written: delivered.written,
            unchanged: delivered.unchanged,
            removed: delivered.removed,
            pages_changed: delivered.pages_changed,
            bytes: delivered.bytes_total,
            kept: delivered.kept,
        }],
    };
    let told = outcome::tell(&outcome, context, console);
    // The process ends here. To take all of it apart, piece by piece, takes 25 ms at 10,000 pages.
    std::mem::forget((built, memory));
    told
}

/// Whether nothing keeps a site from being delivered.
fn is_sound(built: &Built, args: &BuildArgs, context: &Context) -> bool {
    outcome::exit_of(&built.report, args.limit.max_warnings(), &context.config) == Exit::Done
}

/// Tells why a site was not delivered.
pub(super) fn not_delivered(
    built: &Built,
    disk: &str,
    args: &BuildArgs,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let why = outcome::why_warnings_fail(&built.report, &args.limit);
    let outcome = Outcome {
        command: "build",
        exit: outcome::exit_of(&built.report, args.limit.max_warnings(), &context.config),
        report: &Fingerprinted::new(built.report.clone(), &built.sources),
        sources: &built.sources,
        outputs: Vec::new(),
        hidden: Hidden::default(),
        mended: Mended::default(),
        remarks: Vec::new(),
        in_full: true,
        last_line: format!("{}{why} {disk}", summary(&built.report)),
    };
    outcome::tell(&outcome, context, console)
}

/// The engine's clock: only differences count.
fn since_the_epoch() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// What the engine wants to know, from what was typed.
pub(super) fn options(args: &SiteArgs, context: &Context) -> BuildOptions {
    BuildOptions {
        config: context.config.clone(),
        base_url: args.base_url.clone(),
        drafts: args.drafts,
        jobs: args.jobs.map(usize::from),
        today: Some(context.today),
        indexer: indexer(),
        clock: since_the_epoch,
        ..BuildOptions::default()
    }
}

/// Who makes the index of the search.
#[cfg(feature = "search")]
#[expect(clippy::unnecessary_wraps, reason = "another program has none")]
fn indexer() -> Option<engine::Indexer> {
    Some(crate::search::index)
}

/// Nobody does: this program was built without it.
#[cfg(not(feature = "search"))]
fn indexer() -> Option<engine::Indexer> {
    None
}

/// Where the site goes.
struct Place {
    /// As given: relative to the project, or absolute.
    path: PathBuf,
    /// As people see it, with a slash behind it.
    shown: String,
}

/// The directory asked for: `--output` from the working directory, else `output:` from the project's.
fn output(args: &BuildArgs, context: &Context, configured: &Option<String>) -> Option<Place> {
    let (path, shown) = match &args.output {
        // An absolute path stays what it is when it is joined to the project's directory later.
        Some(path) => (std::path::absolute(path).unwrap_or_else(|_| path.clone()), path.clone()),
        None => {
            let path = PathBuf::from(configured.as_ref()?);
            let is_here = context.root == Path::new(".");
            (path.clone(), if is_here { path } else { context.root.join(path) })
        }
    };
    let shown = format!("{}/", shown.display().to_string().trim_end_matches('/'));
    Some(Place { path, shown })
}

/// The table of what each phase did and how long it took.
fn phases(built: &Built, delivered: &Delivered, committing: Duration, beside: Option<&Beside>) -> String {
    let Delivered { written, removed, bytes_written, bytes_total, .. } = delivered;
    // The engine's names for its phases.
    let took = |names: &[&str]| {
        built.timings.iter().filter(|(name, _)| names.contains(name)).map(|(_, it)| *it).sum()
    };
    let wrote = match (written, removed) {
        (0, 0) => format!("nothing new; total {}", in_bytes(*bytes_total)),
        (_, 0) => {
            format!(
                "{}, {}; total {}",
                counted(*written, "file"),
                in_bytes(*bytes_written),
                in_bytes(*bytes_total)
            )
        }
        _ => format!(
            "{}, {}; removed {removed}; total {}",
            counted(*written, "file"),
            in_bytes(*bytes_written),
            in_bytes(*bytes_total)
        ),
    };
    let mut out = String::new();
    let mut row = |name: &str, what: &str, took: Duration| {
        let took = format!("{} ms", took.as_millis());
        out.push_str(&format!("  {name:<9} {what:<52} {took:>8}\n"));
    };
    row("Read", &nouns(&built.counts), took(&["read"]));
    row("Checked", &levels(&built.report), took(&["link", "plan", "check"]));
    if let Some(developed) = built.developed.as_ref().filter(|it| it.images > 0) {
        row("Images", &shown(developed), took(&["images"]));
    }
    let indexing = built.indexed.map_or(Duration::ZERO, |it| it.took);
    let rendering: Duration = took(&["render"]);
    row("Rendered", &rendered(built), rendering.saturating_sub(indexing));
    if let Some(Indexed { records, is_made, .. }) = built.indexed {
        let how = if is_made { "" } else { " (as before)" };
        row("Indexed", &format!("{} for the search{how}", counted(records, "record")), indexing);
    }
    if let Some(beside) = beside {
        row("Siblings", &beside.in_words(), beside.took);
    }
    row("Wrote", &wrote, committing);
    if !delivered.kept.is_empty() {
        out.push_str(&format!("  {:<9} {}\n", "Kept", kept(&delivered.kept)));
    }
    for leftover in &delivered.leftover {
        out.push_str(&format!("  {:<9} {leftover}\n", "Left"));
    }
    out.push('\n');
    out
}

/// How many images there are, as how many files, and how many of these were made now.
fn shown(developed: &Developed) -> String {
    let Developed { images, files: n, made, .. } = developed;
    let images = counted(*images, "image");
    if !image::SCALES {
        return format!("{images}, in their own size: this program cannot scale");
    }
    let files = counted(*n, "file");
    match n - made {
        0 => format!("{images} as {files}"),
        reused => format!("{images} as {files} ({made} made, {reused} reused)"),
    }
}

/// How many pages there are, and how many of them were made now.
fn rendered(built: &Built) -> String {
    let made = built.made.iter().filter(|it| it.url.ends_with('/')).count();
    let pages = built.counts.pages;
    let reused = pages.saturating_sub(made);
    match reused {
        0 => counted(pages, "page"),
        _ => format!("{} ({made} made, {reused} reused)", counted(pages, "page")),
    }
}

/// Every page that was made, with the reason, and how many were not.
fn reasons(built: &Built) -> String {
    let mut out = String::new();
    for made in &built.made {
        out.push_str(&format!("  {} because {}\n", made.url, made.why));
    }
    out.push_str(&match built.made.len() {
        0 => "  Nothing had to be made.\n".to_owned(),
        n => format!("  Made: {n} of {} addresses.\n", built.counts.routes),
    });
    out
}

/// What was read, in the author's nouns.
pub(super) fn nouns(counts: &Counts) -> String {
    let rest = [(counts.actors, "actor"), (counts.reactions, "reaction"), (counts.events, "event")];
    let rest = rest.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| counted(n, noun));
    [counted(counts.files, "file")].into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}

fn levels(report: &Report) -> String {
    format!(
        "{}, {}",
        counted(report.count(Level::Error), "error"),
        counted(report.count(Level::Warning), "warning")
    )
}

/// Names the files that are not ours, the first few.
fn kept(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let first = names[..names.len().min(SHOWN)].join(", ");
    let more = if names.len() > SHOWN { ", …" } else { "" };
    format!("{} that we did not write: {first}{more}", counted(names.len(), "file"))
}
