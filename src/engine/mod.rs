//! The engine: the stages in order, once over the whole site.
//!
//! In: the project's [`Files`], what was asked for, and what the last build remembered. Out: [`Built`], with every
//! finished file handed to a [`Sink`] as soon as it exists. Holds all there is about running stages, in parallel and in
//! order, and all there is about not doing work twice; the stages themselves know nothing of each other. `build`, `check`
//! and whatever serves or publishes are small loops around [`build`].
//!
//! # How little is done twice
//!
//! While a page is made, its lens notes what it reads. The [`Ledger`] keeps, for each route, those keys, and for each key what
//! it stood for. The next build reads and links everything anew, computes what each key stands for now, and makes the routes
//! again that read one which differs. What it keeps it has compared: incremental equals clean, byte for byte. If nothing
//! that was asked of the files would be answered differently, not even that is done.

mod blueprint;
mod cards;
mod content;
mod develop;
mod dirty;
mod examine;
mod hosted;
mod images;
mod index;
mod judge;
mod keys;
mod known;
mod laps;
mod layout;
mod memory;
mod parallel;
mod quotes;
mod reads;
mod render;
mod reproduce;
mod secrets;
mod seen;
mod session;
mod shelf;
mod short;
mod siblings;
mod site;
mod stored;
mod theme_check;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::check;
use crate::diag::{Code, Failure, FileFields, Report, Sources, Told};
use crate::document;
use crate::edition::{Edition, Entry, PageFacts};
use crate::graph::{self, Audit, Graph, Ran, Trace};
use crate::input::Files;
use crate::links;
use crate::model::{Kind, Site};
use crate::plan;
use crate::text::Day;
use crate::verify::{self, Comparison, Signature};

use blueprint::Blueprint;
use cards::Count;
use content::Content;
use dirty::Changes;
use judge::Judge;
use keys::Values;
use known::Known;
use laps::Laps;
use layout::Layout;
use memory::{Head, Rest};
use seen::Recorder;

pub use crate::edition::{Discard, Sink};
pub use cards::shelf_names;
pub use develop::Developed;
pub use hosted::{Hosted, hosted};
pub use index::{Indexed, Indexer};
pub use memory::{Ledger, Why};
use parallel::do_all;
pub use parallel::{both, map_in_order};
pub use reproduce::first_difference;
pub use seen::Look;
pub use session::{Generation, Session, Settled, Task, Unmade, Update};
pub use shelf::{Progress, Shelf};
pub use siblings::{Compressor, Precompressed, Siblings};
pub use stored::Fetch;
pub use theme_check::{ThemeChecked, check_theme};

/// What is asked of a build.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The configuration file, relative to the project.
    pub config: String,
    /// Replaces the site's `base_url`.
    pub base_url: Option<String>,
    /// Whether records marked `draft: true` are built.
    pub drafts: bool,
    /// Whether to keep what each page read, in [`Built::reads`].
    pub reads: bool,
    /// Which program this is, so that another one does not believe what it finds in a [`Ledger`]; nothing is remembered
    /// when it is empty.
    pub program: String,
    /// Whether to make the lock of quotations anew, in [`Built::lock`], and who signs it.
    pub update_lock: Option<Signature>,
    /// The text of the lock as it was when the site was last released: asks for a correction of what changed since.
    pub released_lock: Option<String>,
    /// Whether to stop before anything is rendered.
    pub stop_before_rendering: bool,
    /// Whether to look at what is known of addresses outside: `links.lock`. A build that is delivered never does.
    pub links: bool,
    /// How many threads; all cores when absent.
    pub jobs: Option<usize>,
    /// Who makes the index of the search, where the site wants one. Without, no page claims that there is one.
    pub indexer: Option<Indexer>,
    /// Whether the index is left out for now: where nothing is delivered, or it is made when somebody asks for it.
    pub index_later: bool,
    /// The day, for checks that ask what has grown old; without it they do not run. No page depends on it.
    pub today: Option<Day>,
    /// Where finished share cards are kept from one build to the next; without it each is drawn whenever the output does not have it.
    pub card_shelf: Option<Arc<dyn Shelf>>,
    /// The same for images.
    pub image_shelf: Option<Arc<dyn Shelf>>,
    /// Who is told how far the build is.
    pub progress: Option<Progress>,
    /// Time since some fixed moment, for the table of phases. The engine has no clock of its own.
    pub clock: fn() -> Duration,
}

impl Default for BuildOptions {
    fn default() -> BuildOptions {
        BuildOptions {
            config: "site.yaml".to_owned(),
            base_url: None,
            drafts: false,
            reads: false,
            program: String::new(),
            update_lock: None,
            released_lock: None,
            stop_before_rendering: false,
            links: false,
            jobs: None,
            indexer: None,
            index_later: false,
            today: None,
            card_shelf: None,
            image_shelf: None,
            progress: None,
            clock: || Duration::ZERO,
        }
    }
}

/// How much there was, in the author's nouns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Files read below `content/`.
    pub files: usize,
    /// Actors.
    pub actors: usize,
    /// Reactions.
    pub reactions: usize,
    /// Events.
    pub events: usize,
    /// Stories.
    pub stories: usize,
    /// Statements.
    pub statements: usize,
    /// Pages of the site.
    pub pages: usize,
    /// Addresses that are made: pages, feeds, lists for programs.
    pub routes: usize,
}

/// One address that was made, and not taken over from the last build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The site-absolute address.
    pub url: String,
    /// Why it had to be made, in words; empty when nothing is remembered at all.
    pub why: String,
}

/// What a build came to.
#[derive(Debug, Default)]
pub struct Built {
    /// What stands at each address; empty when errors stopped the build before rendering. When nothing but some words had
    /// changed, it says of no page what it offers and where it leads, because nobody checks that again.
    pub edition: Edition,
    /// Everything found, with places as spans, sorted.
    pub report: Report,
    /// The texts the report points into, but for those of `unread`.
    pub sources: Sources,
    /// Files that the report points into and that nobody had to read: see [`Built::read_sources`].
    pub unread: BTreeSet<String>,
    /// How much there was.
    pub counts: Counts,
    /// How long each phase took: `read`, `link`, `compare`, `plan`, `render`, `images`, `check`.
    pub timings: Vec<(&'static str, Duration)>,
    /// What each made address read of the graph, by address; empty unless asked for.
    pub reads: BTreeMap<String, Trace>,
    /// What was made, by address; everything else is what the last build left.
    pub made: Vec<Made>,
    /// What was done with images; absent when nothing had changed that could concern them.
    pub developed: Option<Developed>,
    /// What the next build can use; absent when there are errors, or when nothing is to be remembered.
    pub ledger: Option<Ledger>,
    /// What came of the index of the search; `None` when there is none, when it was left out, and when nothing but some words
    /// had changed.
    pub indexed: Option<Indexed>,
    /// Every quotation with each of its sources, and what is known of it.
    pub comparisons: Vec<Comparison>,
    /// The text that the lock of quotations should have; only when that was asked for and the file has another.
    pub lock: Option<String>,
    /// What pages could say of checks.
    pub audit: Arc<Audit>,
    /// The linked graph; absent when the settings cannot be read, and when nothing but some words had changed.
    pub graph: Option<Arc<Graph>>,
    /// The site's settings; absent when they cannot be read.
    pub site: Option<Site>,
}

impl Built {
    /// Reads the texts that the report points into, if they were not needed so far.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read_sources(&mut self, files: &dyn Files) -> Result<(), Failure> {
        for file in std::mem::take(&mut self.unread) {
            if let Some(input) = files.read(&file)? {
                self.sources.insert(Arc::from(file), document::text_of(&input).into());
            }
        }
        Ok(())
    }
}

/// Every code any stage can report, in the order of the layers.
pub fn codes() -> Vec<&'static Code> {
    let stages = [
        document::CODES,
        graph::CODES,
        verify::CODES,
        links::CODES,
        plan::CODES,
        crate::theme::CODES,
        crate::format::hosts::CODES,
        content::CODES,
        images::CODES,
        secrets::CODES,
        quotes::CODES,
        site::CODES,
        judge::CODES,
        reproduce::CODES,
    ];
    stages.into_iter().flatten().copied().chain(check::CHECKS.iter().map(|check| check.code)).collect()
}

/// The site's settings as the configuration gives them; `None` when it cannot be used.
///
/// # Errors
/// When the configuration is there and cannot be read.
pub fn settings(files: &dyn Files, config: &str) -> Result<Option<Site>, Failure> {
    let Some(input) = files.read(config)? else { return Ok(None) };
    let (site, report) = document::read_site(&input);
    Ok(site.filter(|_| !report.has_errors()))
}

/// Builds the site: reads, links, plans, renders, checks. Every finished file goes to `sink`; the caller delivers
/// only if the report has no error.
///
/// # Errors
/// When a file cannot be read, or the sink cannot store one. An author's mistake is never an error here.
pub fn build(files: &dyn Files, options: &BuildOptions, sink: &dyn Sink) -> Result<Built, Failure> {
    build_on(files, options, &Ledger::default(), sink)
}

/// The same as [`build`], making only what has changed since `ledger` was remembered. What is unchanged is asked of the
/// sink to [`keep`](Sink::keep), and made after all if it cannot. The result does not depend on the ledger.
///
/// # Errors
/// As for [`build`].
pub fn build_on(
    files: &dyn Files,
    options: &BuildOptions,
    ledger: &Ledger,
    sink: &dyn Sink,
) -> Result<Built, Failure> {
    parallel::with_all_threads(options.jobs, || {
        let recorder = Recorder::new(files);
        let run = Run::new(&recorder, options, ledger);
        if let Some(built) = run.short(files, sink)? {
            return Ok(built);
        }
        let mut built = run.run(sink)?;
        if let Some(ledger) = &mut built.ledger {
            ledger.head.seen = recorder.seen();
        }
        Ok(built)
    })?
}

/// Who remembers: a program with some options; `None` when nothing is to be remembered.
fn maker(options: &BuildOptions) -> Option<String> {
    let BuildOptions { config, base_url, drafts, program, indexer, .. } = options;
    let search = if indexer.is_some() { " search" } else { "" };
    let plain = options.update_lock.is_none() && !options.stop_before_rendering;
    (plain && !program.is_empty()).then(|| format!("{program} {config:?} {base_url:?} {drafts}{search}"))
}

/// One build under way.
struct Run<'f> {
    files: &'f Recorder<'f>,
    options: &'f BuildOptions,
    ledger: &'f Ledger,
    built: Built,
}

impl<'f> Run<'f> {
    fn new(files: &'f Recorder<'f>, options: &'f BuildOptions, ledger: &'f Ledger) -> Run<'f> {
        Run { files, options, ledger, built: Built::default() }
    }

    /// The build that makes hardly anything: all that was asked last time would be answered in the same way, but for the
    /// words of a few texts perhaps, and the target has every other file. `None` when that is not so.
    fn short(&self, files: &dyn Files, sink: &dyn Sink) -> Result<Option<Built>, Failure> {
        let mut laps = Laps::new(self.options.clock);
        let head = &self.ledger.head;
        let asks_more = self.options.reads || self.options.links || self.options.released_lock.is_some();
        let is_own = maker(self.options).as_deref() == Some(&head.maker) && head.day == self.options.today;
        if asks_more || !is_own || head.files.is_empty() {
            return Ok(None);
        }
        let Some(changed) = head.seen.rewritten(files)? else { return Ok(None) };
        laps.lap("read");
        let go = || -> Result<Option<short::Outcome>, Failure> {
            match changed.is_empty() {
                true => Ok(short::keep_all(head, sink)?.iter().all(|it| *it).then(short::Outcome::default)),
                false => short::reword(files, self.options, self.ledger, &changed, sink),
            }
        };
        let (outcome, report) = both(go, || head.told.report(&codes()));
        let (Some(outcome), Some(report)) = (outcome?, report) else { return Ok(None) };
        let short::Outcome { made, ledger } = outcome;
        let unread = head.told.files().map(str::to_owned).collect();
        let mut built = Built { counts: head.counts, report, unread, made, ..Built::default() };
        let files = &ledger.as_ref().map_or(head, |it| &it.head).files;
        for (path, fingerprint, size) in files {
            let entry = Entry { fingerprint: *fingerprint, size: *size, facts: PageFacts::default() };
            built.edition.insert(path.clone(), entry);
        }
        built.ledger = ledger;
        laps.lap("render");
        built.timings = laps.timings();
        Ok(Some(built))
    }

    fn run(mut self, sink: &dyn Sink) -> Result<Built, Failure> {
        let mut laps = Laps::new(self.options.clock);
        let known = |path: &str| self.ledger.rest().images.get(path).cloned();
        let images = images::Before { seen: &self.ledger.head.seen, known: &known };
        let before = layout::Before { layout: None, images };
        let mut layout = match layout::lay_out(self.files, self.options, &before, &mut laps)? {
            Ok(layout) => layout,
            Err((report, sources)) => {
                (self.built.report, self.built.sources) = (report, sources);
                self.finish(&Content::default());
                return Ok(self.built);
            }
        };
        self.built.site = Some((*layout.site).clone());
        self.built.counts = count(&layout);
        let (site, graph) = (Arc::clone(&layout.site), Arc::clone(&layout.graph));
        let judge = Judge::new(&site, &graph);
        let look = examine::Look { options: self.options, judge: &judge, before: None, is_over: &|| false };
        let examined = examine::examine(self.files, &layout, &look, &mut laps)?;
        let mut examined = examined.expect("a build is over when it is done");
        let findings = maker(self.options).map(|_| examined.findings());
        examined.forget();
        layout.forget_words();
        self.built.sources = std::mem::take(&mut examined.sources);
        layout.add_sources(&mut self.built.sources);
        self.built.report = std::mem::take(&mut examined.report);
        self.built.audit = Arc::clone(&examined.audit);

        // What is already known to be wrong would only be said again, in a template's words.
        let is_broken = self.options.stop_before_rendering || self.built.report.has_errors();
        let blueprint = layout.blueprint(Arc::clone(&examined.audit)).filter(|_| !is_broken);
        if let Some(blueprint) = blueprint {
            self.render(&blueprint, &judge, &mut laps, sink)?;
        }
        // After the pages, so that nothing it says can get into one.
        if let Some(today) = self.options.today {
            self.built.report.extend(check::on_day(&graph, &site, today));
            judge.settle(&mut self.built.report);
        }
        drop(judge);
        self.built.graph = Some(graph);
        self.built.comparisons = std::mem::take(&mut examined.quotes.comparisons);
        self.built.lock = examined.quotes.rewritten.take();
        // The most that is held at once is held here: what the next build is told, beside all it is made of.
        let content = Arc::clone(&layout.content);
        drop(layout);
        drop(examined);
        self.built.ledger = self.built.ledger.take().filter(|_| !self.built.report.has_errors());
        self.finish(&content);
        let mut built = self.built;
        if let (Some(ledger), Some(findings)) = (&mut built.ledger, findings) {
            let documents: Vec<_> = content.documents.iter().cloned().collect();
            drop(content);
            let (known, told) = both(|| Known::of(documents, findings), || Told::of(&built.report));
            (ledger.head.told, ledger.head.counts) = (told, built.counts);
            ledger.know(known);
        }
        built.timings = laps.timings();
        Ok(built)
    }

    fn render(
        &mut self,
        blueprint: &Blueprint,
        judge: &Judge<'_>,
        laps: &mut Laps,
        sink: &dyn Sink,
    ) -> Result<(), Failure> {
        let maker = maker(self.options);
        let finish = Finish {
            files: self.files,
            options: self.options,
            ledger: self.ledger,
            maker: maker.as_deref(),
            blueprint,
            judge,
            is_over: &|| false,
        };
        let finished = finish.run(&mut self.built.report, laps, sink)?;
        let finished = finished.expect("a build is over when it is done");
        finished.add_to(&mut self.built.counts);
        self.built.indexed = finished.indexed;
        let Finished { edition, reads, made, ledger, developed, .. } = finished;
        self.built.developed = Some(developed);
        (self.built.edition, self.built.reads, self.built.made) = (edition, reads, made);
        self.built.ledger = ledger;
        Ok(())
    }

    /// Turns field paths into spans, and sorts.
    fn finish(&mut self, content: &Content) {
        place(&mut self.built.report, &self.built.sources, content);
    }
}

/// The second half of a build: pages, and what only finished pages show.
struct Finish<'a> {
    files: &'a Recorder<'a>,
    options: &'a BuildOptions,
    ledger: &'a Ledger,
    /// Who remembers; `None` when nothing is to be remembered.
    maker: Option<&'a str>,
    blueprint: &'a Blueprint,
    judge: &'a Judge<'a>,
    /// Whether to give up.
    is_over: &'a (dyn Fn() -> bool + Sync),
}

/// What it came to.
struct Finished {
    edition: Edition,
    reads: BTreeMap<String, Trace>,
    made: Vec<Made>,
    indexed: Option<Indexed>,
    ledger: Option<Ledger>,
    developed: Developed,
    pages: usize,
    routes: usize,
}

impl Finished {
    fn add_to(&self, counts: &mut Counts) {
        (counts.pages, counts.routes) = (self.pages, self.routes);
    }
}

impl Finish<'_> {
    /// Makes what has to be made, and checks all of it. `None` when it was given up.
    fn run(
        &self,
        report: &mut Report,
        laps: &mut Laps,
        sink: &dyn Sink,
    ) -> Result<Option<Finished>, Failure> {
        let blueprint = self.blueprint;
        let values = self.maker.map(|_| Values::new(blueprint));
        let changes = self.maker.zip(values.as_ref());
        let changes = changes.map(|(maker, values)| Changes::since(self.ledger, maker, blueprint, values));
        laps.lap("compare");
        let job = render::Job {
            files: self.files,
            blueprint,
            ledger: self.ledger,
            rest: self.ledger.rest(),
            memory: values.as_ref().zip(changes.as_ref()),
            reads: self.options.reads,
            card_shelf: self.options.card_shelf.as_deref(),
            image_shelf: self.options.image_shelf.as_deref(),
            count: &Count::new(blueprint, self.options.progress.as_ref()),
            indexer: self.options.indexer.filter(|_| !self.options.index_later),
            clock: self.options.clock,
            progress: self.options.progress.as_ref(),
            is_over: self.is_over,
        };
        let Some(outcome) = render::all(&job, laps, sink)? else { return Ok(None) };
        report.extend(outcome.report);
        laps.lap("render");
        self.judge.settle(report);
        // Links to a page that failed are broken only because it failed.
        let is_sound = !report.has_errors();
        let (edition, maker, today) = (&outcome.edition, self.maker, self.options.today);
        let look = || is_sound.then(|| check::edition(edition, &blueprint.graph, &do_all));
        let remember = || {
            // They are large, and nobody asks them again: what follows is where a build holds most.
            drop((changes, values));
            let maker = maker?;
            let files = edition.files();
            let head = Head {
                maker: maker.to_owned(),
                day: today,
                files: files.map(|(path, it)| (path.clone(), it.fingerprint, it.size)).collect(),
                ..Head::default()
            };
            let nodes = blueprint.graph.nodes().map(|(_, node)| (node.kind, Box::from(&*node.key)));
            let rest = Rest {
                settings: Some(blueprint.settings),
                nodes: nodes.collect(),
                keys: outcome.keys,
                templates: blueprint.theme.fingerprints().clone(),
                routes: outcome.routes,
                others: outcome.others,
                quotations: blueprint.audit.quotations.clone(),
                images: blueprint.content.images.known().clone(),
            };
            Some(Ledger::new(head, rest))
        };
        let (found, ledger) = both(look, remember);
        if let Some(found) = found {
            report.extend(found);
            self.judge.settle(report);
        }
        laps.lap("check");
        let routes = blueprint.plan.routes();
        Ok(Some(Finished {
            edition: outcome.edition,
            reads: outcome.reads,
            made: outcome.made,
            indexed: outcome.indexed,
            ledger,
            developed: outcome.developed,
            pages: routes.iter().filter(|route| route.url.ends_with('/')).count(),
            routes: routes.len(),
        }))
    }
}

/// Turns field paths into spans, and sorts.
fn place(report: &mut Report, sources: &Sources, content: &Content) {
    let find = |it: &FileFields| match (content.document(&it.file), sources.text(&it.file)) {
        (Some(document), _) => {
            let start = Some(crate::text::Span::at(0));
            document.locate(&it.fields).into_iter().map(|span| span.or(start)).collect()
        }
        (None, Some(text)) => document::locate_all(text, &it.fields),
        (None, None) => vec![None; it.fields.len()],
    };
    report.locate(|files| map_in_order(files, find));
    report.settle();
}

/// How much there is, but for pages.
fn count(layout: &Layout) -> Counts {
    let of = |kind| layout.graph.of_kind(kind).count();
    Counts {
        files: layout.content.documents.len(),
        actors: of(Kind::Actor),
        reactions: of(Kind::Reaction),
        events: of(Kind::Event),
        stories: of(Kind::Story),
        statements: of(Kind::Statement),
        ..Counts::default()
    }
}

/// What a build looks for, with the levels of this site.
fn checks(site: &Site) -> Vec<Ran> {
    let in_a_build = check::CHECKS.iter().filter(|it| !matches!(it.run, check::Run::OnLinks(_)));
    let ran = in_a_build.map(|check| Ran {
        code: check.code.name,
        level: site.levels.get(check.code.name).copied().unwrap_or(Some(check.code.level)),
        finds: check.code.first_sentence(),
    });
    ran.collect()
}
