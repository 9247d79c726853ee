//! The engine: the stages in order, once over the whole site.
//!
//! In: the project's [`Files`] and what was asked for. Out: [`Built`], with every finished file handed to a [`Sink`]
//! as soon as it exists. Holds all there is about running stages, in parallel and in order; the stages themselves know
//! nothing of each other. `build`, `check` and whatever serves or publishes are small loops around [`build`].

mod content;
mod judge;
mod parallel;
mod quotes;
mod render;
mod secrets;
mod site;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::check;
use crate::diag::{Code, Exit, Failure, FileFields, Place, Report, Sources};
use crate::document::{self, Document};
use crate::edition::Edition;
use crate::graph::{self, Audit, Graph, LinkOptions, Ran, Trace};
use crate::input::Files;
use crate::links;
use crate::model::{Kind, Site};
use crate::plan::{self, Plan};
use crate::text::{Day, OutPath};
use crate::theme::Theme;
use crate::verify::{self, Comparison, Signature};
use crate::view::VIEWS;

use judge::Judge;

pub use crate::edition::{Discard, Sink};
pub use parallel::map_in_order;

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
    /// The day, for checks that ask what has grown old; without it they do not run. No page depends on it.
    pub today: Option<Day>,
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
            update_lock: None,
            released_lock: None,
            stop_before_rendering: false,
            links: false,
            jobs: None,
            today: None,
            clock: || Duration::ZERO,
        }
    }
}

/// How much there was, in the author's nouns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Pages rendered.
    pub pages: usize,
}

/// What a build came to.
#[derive(Debug, Default)]
pub struct Built {
    /// What stands at each address; empty when errors stopped the build before rendering.
    pub edition: Edition,
    /// Everything found, with places as spans, sorted.
    pub report: Report,
    /// The texts the report points into.
    pub sources: Sources,
    /// How much there was.
    pub counts: Counts,
    /// How long each phase took: `read`, `link`, `compare`, `plan`, `render`, `check`.
    pub timings: Vec<(&'static str, Duration)>,
    /// What each made address read of the graph, by address; empty unless asked for.
    pub reads: BTreeMap<String, Trace>,
    /// Every quotation with each of its sources, and what is known of it.
    pub comparisons: Vec<Comparison>,
    /// The text that the lock of quotations should have; only when that was asked for and the file has another.
    pub lock: Option<String>,
    /// What pages could say of checks.
    pub audit: Audit,
    /// The linked graph; absent when the settings cannot be read.
    pub graph: Option<Graph>,
    /// The site's settings; absent when they cannot be read.
    pub site: Option<Site>,
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
        content::CODES,
        secrets::CODES,
        quotes::CODES,
        site::CODES,
        judge::CODES,
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
    parallel::with_threads(options.jobs, || Run::new(files, options).run(sink))?
}

/// One build under way.
struct Run<'f> {
    files: &'f dyn Files,
    options: &'f BuildOptions,
    built: Built,
    phase_start: Duration,
}

impl<'f> Run<'f> {
    fn new(files: &'f dyn Files, options: &'f BuildOptions) -> Run<'f> {
        Run { files, options, built: Built::default(), phase_start: (options.clock)() }
    }

    fn run(mut self, sink: &dyn Sink) -> Result<Built, Failure> {
        let Some(site) = self.site()? else { return Ok(self.finish(&BTreeMap::new())) };
        let mut content = content::read(self.files, &site, &mut self.built.report)?;
        self.built.counts.files = content.documents.len();
        for document in &mut content.documents {
            self.built.sources.insert(Arc::clone(&document.path), Arc::clone(&document.text));
            self.built.report.extend(std::mem::take(&mut document.report));
        }
        self.lap("read");

        let facts: Vec<&crate::model::Facts> = content.documents.iter().map(|it| &it.facts).collect();
        let (graph, report) = graph::link(&facts, LinkOptions { drafts: self.options.drafts });
        self.built.report.extend(report);
        content::missing_assets(&graph, &content, &mut self.built.report);
        self.count(&graph);
        self.lap("link");

        let update = self.options.update_lock.as_ref();
        let (sources, report) = (&mut self.built.sources, &mut self.built.report);
        let quotes = quotes::all(self.files, &site, &graph, update, sources, report)?;
        self.lap("compare");

        let (theme, report) = Theme::load(self.files, &site, &self.options.config)?;
        self.built.report.extend(report);
        for (file, text) in theme.iter().flat_map(Theme::texts) {
            self.built.sources.insert(Arc::clone(file), Arc::clone(text));
        }
        let (config, report) = (&self.options.config, &mut self.built.report);
        secrets::public_copies(self.files, &site, config, &content, theme.as_ref(), report)?;
        let wanted = VIEWS.iter().flat_map(|view| (view.routes)(&graph, &site)).collect();
        let assets: Vec<OutPath> =
            theme.iter().flat_map(Theme::assets).map(|(path, _)| path.clone()).collect();
        let (plan, report) = plan::draw(&graph, wanted, content.copied.clone(), &assets);
        self.built.report.extend(report);
        for report in map_in_order(check::CHECKS, |check| check::graph(check, &graph, &site)) {
            self.built.report.extend(report);
        }
        let (comparisons, lock) = (&quotes.comparisons, &quotes.lock);
        let released =
            self.options.released_lock.as_deref().map(|text| quotes::released(text, &mut self.built.report));
        let released = released.as_ref();
        self.built.report.extend(check::quotes(&check::Quotes {
            graph: &graph,
            comparisons,
            lock,
            released,
        }));
        self.links(&graph)?;
        let index = check::ProseIndex::new(&graph, &site);
        for report in map_in_order(&content.documents, |document| check::prose(document, &index)) {
            self.built.report.extend(report);
        }
        // Nobody reads the words again, and rendering has a use for the memory.
        content.documents.iter_mut().for_each(|document| document.running = Vec::new());
        let judge = Judge::new(&site, &graph);
        let mut audit = quotes.audit();
        audit.accepted = judge.settle(&mut self.built.report);
        judge.report_unused(&codes(), &mut self.built.report);
        judge.settle(&mut self.built.report);
        audit.open = judge.open(&self.built.report);
        audit.checks = checks(&site);
        self.built.audit = audit;
        self.lap("plan");

        // What is already known to be wrong would only be said again, in a template's words.
        let theme = theme.filter(|_| !self.options.stop_before_rendering && !self.built.report.has_errors());
        if let Some(theme) = theme {
            self.render(&graph, &plan, theme, &content, &site, &judge, sink)?;
        }
        // After the pages, so that nothing it says can get into one.
        if let Some(today) = self.options.today {
            self.built.report.extend(check::on_day(&graph, &site, today));
            judge.settle(&mut self.built.report);
        }
        drop(judge);
        self.built.graph = Some(graph);
        self.built.comparisons = quotes.comparisons;
        self.built.lock = quotes.rewritten;
        let documents = content.documents.iter().map(|it| (&*it.path, it)).collect();
        Ok(self.finish(&documents))
    }

    /// Reads the settings, with the options' changes.
    fn site(&mut self) -> Result<Option<Site>, Failure> {
        let Some(input) = self.files.read(&self.options.config)? else {
            let message = format!("there is no `{}` here", self.options.config);
            return Err(Failure::new(Exit::Usage, message).help("`rejoinder init` starts a site"));
        };
        let text = String::from_utf8_lossy(&input.bytes);
        self.built.sources.insert(Arc::clone(&input.path), text.as_ref().into());
        let (site, report) = document::read_site(&input);
        self.built.report.extend(report);
        let Some(mut site) = site else { return Ok(None) };
        if let Some(base_url) = &self.options.base_url {
            site.base_url = Some(crate::text::site_address(base_url).map_err(|why| {
                Failure::new(Exit::Usage, format!("`--base-url {base_url}` is no absolute address: {why}"))
                    .help("write one such as https://example.org/reactions/")
            })?);
        }
        self.unknown_levels(&site);
        self.built.site = Some(site.clone());
        Ok(Some(site))
    }

    /// `levels:` may only name codes that exist.
    fn unknown_levels(&mut self, site: &Site) {
        let codes = codes();
        let file: Arc<str> = self.options.config.as_str().into();
        for name in site.levels.keys().filter(|name| !codes.iter().any(|code| code.name == name.as_str())) {
            let place = Place::key(&file, format!("levels.{name}"));
            self.built
                .report
                .add(content::unknown_code(name, &codes, place, |known| !site.levels.contains_key(known)));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "each stage hands its own result to the last")]
    fn render(
        &mut self,
        graph: &Graph,
        plan: &Plan,
        mut theme: Theme,
        content: &content::Content,
        site: &Site,
        judge: &Judge<'_>,
        sink: &dyn Sink,
    ) -> Result<(), Failure> {
        let view = site::view(graph, site, &theme, &mut self.built.report, &self.options.config);
        theme.set_site(&view);
        let reads = self.options.reads;
        let audit = &self.built.audit;
        let job = render::Job { files: self.files, graph, plan, theme: &theme, content, site, audit, reads };
        let (edition, reads, report) = render::all(&job, sink)?;
        self.built.counts.pages = plan.routes().iter().filter(|route| route.url.ends_with('/')).count();
        self.built.report.extend(report);
        self.built.edition = edition;
        self.built.reads = reads;
        self.lap("render");
        judge.settle(&mut self.built.report);
        // Links to a page that failed are broken only because it failed.
        if self.built.report.has_errors() {
            return Ok(());
        }
        self.built.report.extend(check::edition(&self.built.edition, graph));
        judge.settle(&mut self.built.report);
        self.lap("check");
        Ok(())
    }

    /// Looks at what is known of addresses outside, when that was asked for.
    fn links(&mut self, graph: &Graph) -> Result<(), Failure> {
        let Some(input) = self.options.links.then(|| self.files.read(links::LOCK)).transpose()?.flatten()
        else {
            return Ok(());
        };
        self.built
            .sources
            .insert(Arc::clone(&input.path), String::from_utf8_lossy(&input.bytes).as_ref().into());
        let (known, report) = links::read(&input);
        self.built.report.extend(report);
        self.built.report.extend(check::links(graph, &known));
        Ok(())
    }

    fn count(&mut self, graph: &Graph) {
        let of = |kind| graph.of_kind(kind).count();
        let counts = &mut self.built.counts;
        (counts.actors, counts.reactions, counts.events) =
            (of(Kind::Actor), of(Kind::Reaction), of(Kind::Event));
        (counts.stories, counts.statements) = (of(Kind::Story), of(Kind::Statement));
    }

    fn lap(&mut self, phase: &'static str) {
        let now = (self.options.clock)();
        self.built.timings.push((phase, now.saturating_sub(self.phase_start)));
        self.phase_start = now;
    }

    /// Turns field paths into spans, and sorts.
    fn finish(mut self, documents: &BTreeMap<&str, &Document>) -> Built {
        let built = &mut self.built;
        let sources = &built.sources;
        let find = |it: &FileFields| match sources.text(&it.file) {
            None => vec![None; it.fields.len()],
            Some(text) => {
                let start = documents.get(&*it.file).map(|_| crate::text::Span::at(0));
                let found = document::locate_all(text, &it.fields);
                found.into_iter().map(|span| span.or(start)).collect()
            }
        };
        built.report.locate(|files| map_in_order(files, find));
        built.report.settle();
        self.built
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
