//! A site that stays in memory while its files change: what `serve` shows.
//!
//! A change goes two ways. The short one, [`Session::update`], leads to a [`Generation`] whose pages are made when somebody asks
//! for them: it reads the changed file, and links and plans only if what others may know of it changed in more than words. The
//! long one, [`Task::run`], is a build like any other on what the last one remembered: checks, every page that is out of date,
//! links. It may run elsewhere, and is given up when the next change comes. So the time until an author sees an edit does not
//! depend on how large the site is, and everything that is wrong with it is said a moment later.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::blueprint::Blueprint;
use super::cards::{self, Proof};
use super::content::Content;
use super::develop;
use super::examine::{self, Examined};
use super::images;
use super::index::{self, Indexer};
use super::judge::Judge;
use super::laps::Laps;
use super::layout::{self, Layout};
use super::memory::Ledger;
use super::parallel::with_threads;
use super::seen::{FileChanges, Look, Recorder, Seen};
use super::shelf::Shelf;
use super::{BuildOptions, Counts, Discard, Finish, place};
use crate::diag::{Diagnostic, Failure, Report, Sources};
use crate::edition::Edition;
use crate::format;
use crate::graph::Audit;
use crate::input::Files;
use crate::text::OutPath;

/// The project's files, as several threads share them.
type SharedFiles = Arc<dyn Files + Send + Sync>;

/// One whole state of the site. Immutable: a page is made when it is asked for, and is the same whenever it is.
pub struct Generation {
    files: SharedFiles,
    blueprint: Blueprint,
    card_shelf: Option<Arc<dyn Shelf>>,
    /// Where finished images are kept.
    image_shelf: Option<Arc<dyn Shelf>>,
    /// Who makes the index of the search.
    indexer: Option<Indexer>,
    /// The index, from when somebody first asks for it. It is no part of what an edit waits for.
    index: OnceLock<Result<IndexFiles, Failure>>,
}

/// The files of an index by path.
type IndexFiles = BTreeMap<String, Arc<[u8]>>;

/// Why a file of a generation could not be made.
#[derive(Debug)]
pub enum Unmade {
    /// A mistake in a template, with its place.
    Broken(Box<Diagnostic>),
    /// A copied file cannot be read, or Rejoinder itself failed.
    Failed(Failure),
}

/// What a change of files led to.
#[derive(Clone, Default)]
pub struct Update {
    /// The files that really changed.
    pub files: Vec<String>,
    /// The new state; absent when the site cannot be shown as it stands. The last one is then to stay.
    pub generation: Option<Arc<Generation>>,
}

/// What a change came to in the end.
pub struct Settled {
    /// Everything found, with places as spans.
    pub report: Report,
    /// The texts that the report points into.
    pub sources: Sources,
    /// How much there is.
    pub counts: Counts,
    /// Addresses whose files are others than before, those that are new or gone included.
    pub changed: Vec<OutPath>,
    /// How many routes were made.
    pub made: usize,
    /// The state with what checks found in it, when that differs from the one shown before.
    pub generation: Option<Arc<Generation>>,
    outcome: Option<(Arc<Ledger>, Arc<Edition>)>,
    examined: Option<Arc<Examined>>,
    audit: Arc<Audit>,
    number: u64,
}

/// The long way of one change.
pub struct Task {
    files: SharedFiles,
    options: BuildOptions,
    layout: Layout,
    examined: Option<Arc<Examined>>,
    /// Whether `examined` is of this very layout.
    is_examined: bool,
    shown: Arc<Audit>,
    ledger: Arc<Ledger>,
    edition: Arc<Edition>,
    number: u64,
}

/// A site in memory.
pub struct Session {
    files: SharedFiles,
    options: BuildOptions,
    seen: Seen,
    state: State,
    /// What the last settled build remembered.
    ledger: Arc<Ledger>,
    edition: Arc<Edition>,
    examined: Option<Arc<Examined>>,
    is_examined: bool,
    audit: Arc<Audit>,
    number: u64,
}

/// What the files came to.
enum State {
    /// They have not been looked at.
    New,
    /// The settings cannot be read: all there is to say.
    Unreadable(Report, Sources),
    /// All there is to show, if it can be.
    Laid(Layout),
}

impl Session {
    /// Opens a session over files. Nothing is read until the first [`Session::update`].
    pub fn new(files: SharedFiles, options: BuildOptions) -> Session {
        let options = BuildOptions { program: "session".to_owned(), index_later: true, ..options };
        Session {
            files,
            options,
            seen: Seen::default(),
            state: State::New,
            ledger: Arc::default(),
            edition: Arc::default(),
            examined: None,
            is_examined: false,
            audit: Arc::default(),
            number: 0,
        }
    }

    /// Looks at the files, and lays the site out as they are now. `None` when nothing has changed.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn update(&mut self, look: Look<'_>) -> Result<Option<Update>, Failure> {
        let jobs = self.options.jobs;
        let changes = match self.state {
            State::New => None,
            State::Unreadable(..) | State::Laid(_) => Some(self.seen.changes(&*self.files, look)?),
        };
        if changes.as_ref().is_some_and(FileChanges::is_empty) {
            return Ok(None);
        }
        let changed: Vec<String> = changes.iter().flat_map(|it| it.files.iter().cloned()).collect();
        let was_sound = self.examined.as_ref().is_some_and(|it| !it.report.has_errors());
        let short = match &changes {
            Some(changes) if !changes.lists && was_sound => self.short_way(&changed)?,
            _ => None,
        };
        let is_short = short.is_some();
        match short {
            Some(layout) => self.state = State::Laid(layout),
            None => with_threads(jobs, || self.long_way())??,
        }
        self.number += 1;
        self.is_examined = !is_short && self.examined.is_some() && matches!(self.state, State::Laid(_));
        let generation = self.generation();
        Ok(Some(Update { files: changed, generation }))
    }

    /// The layout that follows from the last one, if only texts, only the theme or only copied files changed.
    fn short_way(&mut self, changed: &[String]) -> Result<Option<Layout>, Failure> {
        let State::Laid(layout) = &self.state else { return Ok(None) };
        let recorder = Recorder::resume(&*self.files, std::mem::take(&mut self.seen));
        let is_content = |path: &String| layout.content.document(path).is_some();
        let is_theme = |path: &String| path.starts_with("templates/") || path.starts_with("themes/");
        let is_copy = |path: &String| layout.content.copies(path);
        let paths: BTreeSet<&str> = changed.iter().map(String::as_str).collect();
        let next = if changed.iter().all(is_content) {
            layout.with_texts(&recorder, &self.options, &paths)
        } else if changed.iter().all(is_theme) {
            layout.with_theme(&recorder, &self.options).map(Some)
        } else if changed.iter().all(is_copy) {
            let looks =
                changed.iter().map(|path| Ok(recorder.look_again(path)?.map(|it| (path.clone(), it))));
            let stamps = looks.collect::<Result<Option<BTreeMap<_, _>>, Failure>>();
            stamps.and_then(|it| it.map_or(Ok(None), |it| layout.with_copies(&recorder, &self.options, &it)))
        } else {
            Ok(None)
        };
        self.seen = recorder.seen();
        let next = next?;
        // What makes the site impossible to show is told before anything else is.
        Ok(next.filter(|it| !it.has_errors()))
    }

    /// Reads what changed, links everything, and checks it, because pages may say what checks found.
    fn long_way(&mut self) -> Result<(), Failure> {
        let recorder = Recorder::new(&*self.files);
        let mut laps = Laps::new(self.options.clock);
        let before = match &self.state {
            State::Laid(layout) => Some(layout),
            State::New | State::Unreadable(..) => None,
        };
        let known = |path: &str| before?.content.images.known().get(path).cloned();
        let images = images::Before { seen: &self.seen, known: &known };
        let before = layout::Before { layout: before, images };
        match layout::lay_out(&recorder, &self.options, &before, &mut laps)? {
            Ok(layout) => {
                let judge = Judge::new(&layout.site, &layout.graph);
                let before = self.examined.as_deref();
                let look =
                    examine::Look { options: &self.options, judge: &judge, before, is_over: &|| false };
                let found = examine::examine(&recorder, &layout, &look, &mut laps)?;
                let found = found.expect("nobody gives it up");
                drop(judge);
                self.audit = Arc::clone(&found.audit);
                self.examined = Some(Arc::new(found));
                self.state = State::Laid(layout);
            }
            Err((report, sources)) => {
                self.examined = None;
                self.state = State::Unreadable(report, sources);
            }
        }
        self.seen = recorder.seen();
        Ok(())
    }

    fn generation(&self) -> Option<Arc<Generation>> {
        let State::Laid(layout) = &self.state else { return None };
        let broken = match (&self.examined, self.is_examined) {
            (Some(examined), true) => examined.report.has_errors(),
            _ => layout.has_errors(),
        };
        let blueprint = layout.blueprint(Arc::clone(&self.audit)).filter(|_| !broken)?;
        Some(Arc::new(Generation::new(&self.files, blueprint, &self.options)))
    }

    /// The long way of the last change; `None` before the first.
    pub fn task(&self) -> Option<Task> {
        let State::Laid(layout) = &self.state else { return None };
        Some(Task {
            files: Arc::clone(&self.files),
            options: self.options.clone(),
            layout: layout.clone(),
            examined: self.examined.clone(),
            is_examined: self.is_examined,
            shown: Arc::clone(&self.audit),
            ledger: Arc::clone(&self.ledger),
            edition: Arc::clone(&self.edition),
            number: self.number,
        })
    }

    /// What is wrong with the settings, when they are all that can be told.
    pub fn unreadable(&self) -> Option<(Report, Sources)> {
        let State::Unreadable(report, sources) = &self.state else { return None };
        let (mut report, sources) = (report.clone(), sources.clone());
        place(&mut report, &sources, &Content::default());
        Some((report, sources))
    }

    /// Takes what a task came to, so that the next one starts from there. One that was overtaken by a change counts too: what it
    /// remembers it compared.
    pub fn accept(&mut self, settled: &Settled) {
        if let Some((ledger, edition)) = &settled.outcome {
            self.ledger = Arc::clone(ledger);
            self.edition = Arc::clone(edition);
        }
        if settled.number == self.number {
            self.examined.clone_from(&settled.examined);
            self.is_examined = true;
            self.audit = Arc::clone(&settled.audit);
        }
    }

    /// Whether nothing has changed since a task began.
    pub fn is_newest(&self, settled: &Settled) -> bool {
        settled.number == self.number
    }

    /// Whether some record is marked as a draft.
    pub fn has_drafts(&self) -> bool {
        let State::Laid(layout) = &self.state else { return false };
        layout.has_drafts
    }
}

impl Task {
    /// Checks the site and makes every page that is out of date. `None` when it was given up because `is_over` said so.
    ///
    /// # Errors
    /// When a file cannot be read, or a page makes the program itself fail.
    pub fn run(self, is_over: &(dyn Fn() -> bool + Sync)) -> Result<Option<Settled>, Failure> {
        let jobs = self.options.jobs;
        with_threads(jobs, || self.run_here(is_over))?
    }

    fn run_here(self, is_over: &(dyn Fn() -> bool + Sync)) -> Result<Option<Settled>, Failure> {
        let recorder = Recorder::new(&*self.files);
        let mut laps = Laps::new(self.options.clock);
        let layout = &self.layout;
        let judge = Judge::new(&layout.site, &layout.graph);
        let examined = match (&self.examined, self.is_examined) {
            (Some(examined), true) => Arc::clone(examined),
            (before, _) => {
                let before = before.as_deref();
                let look = examine::Look { options: &self.options, judge: &judge, before, is_over };
                match examine::examine(&recorder, layout, &look, &mut laps)? {
                    Some(found) => Arc::new(found),
                    None => return Ok(None),
                }
            }
        };
        let mut sources = examined.sources.clone();
        layout.add_sources(&mut sources);
        let mut settled = Settled {
            report: examined.report.clone(),
            sources,
            counts: super::count(layout),
            changed: Vec::new(),
            made: 0,
            generation: None,
            outcome: None,
            examined: Some(Arc::clone(&examined)),
            audit: Arc::clone(&examined.audit),
            number: self.number,
        };
        let is_broken = settled.report.has_errors();
        if let Some(blueprint) = layout.blueprint(Arc::clone(&examined.audit)).filter(|_| !is_broken) {
            if *self.shown != *examined.audit {
                let generation = Generation::new(&self.files, blueprint.clone(), &self.options);
                settled.generation = Some(Arc::new(generation));
            }
            let finish = Finish {
                files: &recorder,
                options: &self.options,
                ledger: &self.ledger,
                maker: Some(&self.options.program),
                blueprint: &blueprint,
                judge: &judge,
                is_over,
            };
            let Some(finished) = finish.run(&mut settled.report, &mut laps, &Discard)? else {
                return Ok(None);
            };
            finished.add_to(&mut settled.counts);
            let delta = finished.edition.since(&self.edition);
            settled.changed = delta.written.into_iter().chain(delta.removed).collect();
            settled.made = finished.made.len();
            let seen = recorder.seen_so_far();
            settled.outcome = finished.ledger.map(|mut ledger| {
                ledger.head.seen = seen;
                (Arc::new(ledger), Arc::new(finished.edition))
            });
        }
        if let Some(today) = self.options.today {
            settled.report.extend(crate::check::on_day(&layout.graph, &layout.site, today));
            judge.settle(&mut settled.report);
        }
        place(&mut settled.report, &settled.sources, &layout.content);
        Ok(Some(settled))
    }
}

impl Generation {
    fn new(files: &SharedFiles, blueprint: Blueprint, options: &BuildOptions) -> Generation {
        Generation {
            files: Arc::clone(files),
            blueprint,
            card_shelf: options.card_shelf.clone(),
            image_shelf: options.image_shelf.clone(),
            indexer: options.indexer,
            index: OnceLock::new(),
        }
    }

    /// The index, made now if nobody has asked for it before; `None` when the site has none.
    fn index(&self) -> Option<&Result<IndexFiles, Failure>> {
        let (indexer, route) = (self.indexer?, index::route(&self.blueprint)?);
        Some(self.index.get_or_init(|| {
            let files = index::files(indexer, &self.blueprint.records(route).0)?;
            Ok(files.into_iter().map(|it| (it.path.as_str().to_owned(), it.bytes.into())).collect())
        }))
    }

    /// Whether the output has a file at this path.
    pub fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// The file at this path, made now if it is one that is made; `None` when the output has none.
    ///
    /// # Errors
    /// When a page cannot be made, or a copied file cannot be read.
    pub fn file(&self, path: &str) -> Option<Result<Arc<[u8]>, Unmade>> {
        let plan = &self.blueprint.plan;
        Some(match self.find(path)? {
            Found::Route(at) => match super::render::guarded(&self.blueprint, &plan.routes()[at]) {
                Ok(Ok(composed)) => {
                    let own = composed.files.into_iter().find(|it| it.path.as_str() == path)?;
                    Ok(own.bytes.into())
                }
                Ok(Err(broken)) => Err(Unmade::Broken(broken)),
                Err(failure) => Err(Unmade::Failed(failure)),
            },
            Found::Card(at, proof) => {
                let print = || self.blueprint.print(&proof, self.card_shelf.as_deref());
                match super::render::unwinding(&plan.routes()[at], print) {
                    Ok(printed) => printed.map(Arc::from).map_err(Unmade::Broken),
                    Err(failure) => Err(Unmade::Failed(failure)),
                }
            }
            Found::Index => match self.index()? {
                Ok(files) => Ok(Arc::clone(files.get(path)?)),
                Err(failure) => Err(Unmade::Failed(failure.clone())),
            },
            Found::Redirect(at) => {
                Ok(format::redirect(&plan.redirects()[at], &self.blueprint.site).bytes.into())
            }
            Found::Hosts(at) => Ok(self.blueprint.host_files().swap_remove(at).bytes.into()),
            Found::Asset(at) => Ok(Arc::clone(&self.blueprint.theme.assets()[at].1)),
            Found::Copied(at) => match self.files.read(&plan.copied()[at].from) {
                Ok(input) => Ok(input?.bytes),
                Err(failure) => Err(Unmade::Failed(failure)),
            },
            Found::Image => self.image(path)?,
        })
    }

    /// A file that is made of an image, made now unless it was made before.
    fn image(&self, path: &str) -> Option<Result<Arc<[u8]>, Unmade>> {
        let Blueprint { content, graph, .. } = &self.blueprint;
        let (file, variant) = content.images.file(path)?;
        let known = content.images.known().get(file)?;
        let header = known.header.as_ref().ok()?;
        if let Some(bytes) = self.image_shelf.as_ref().and_then(|it| it.get(&develop::name_of(variant))) {
            return Some(Ok(bytes.into()));
        }
        Some(match develop::make(&*self.files, file, &known.fingerprint, header, &[variant.how]) {
            Ok(Ok(made)) => {
                let bytes = made.into_iter().next()?;
                self.image_shelf.iter().for_each(|it| it.put(&develop::name_of(variant), &bytes));
                Ok(bytes.into())
            }
            Ok(Err(fault)) => {
                let told =
                    images::tell(graph, content, file, &fault).into_diagnostics().into_iter().next()?;
                Err(Unmade::Broken(Box::new(told)))
            }
            Err(failure) => Err(Unmade::Failed(failure)),
        })
    }

    /// The project's file that the page at this path is written in.
    pub fn source(&self, path: &str) -> Option<String> {
        let Found::Route(at) = self.find(path)? else { return None };
        let subject = self.blueprint.plan.routes()[at].subject?;
        Some(self.blueprint.graph.node(subject).record().origin.file.to_string())
    }

    /// Every path of the output, in no particular order.
    pub fn paths(&self) -> Vec<String> {
        let plan = &self.blueprint.plan;
        let routes = plan.routes().iter().flat_map(|it| {
            let twin = it.url.ends_with('/').then(|| twin_of(it.path.as_str()));
            [Some(it.path.as_str().to_owned()), twin].into_iter().flatten()
        });
        let redirects = plan.redirects().iter().map(|it| it.from.as_str().to_owned());
        let copied = plan.copied().iter().map(|it| it.path.as_str().to_owned());
        let assets = self.blueprint.theme.assets().iter().map(|(path, _)| path.as_str().to_owned());
        let cards = (0..plan.routes().len()).filter_map(|at| Some(self.card(at)?.path.to_string()));
        let hosts = plan.host_files().iter().map(|it| it.as_str().to_owned());
        let images = self.blueprint.content.images.files().map(|(path, ..)| path.as_str().to_owned());
        let own = routes.chain(cards).chain(redirects).chain(hosts);
        own.chain(copied).chain(assets).chain(images).collect()
    }

    /// The addresses of assets by their plain names: `verbatim.css`.
    pub fn asset(&self, name: &str) -> Option<&str> {
        self.blueprint.theme.asset_urls().get(name).map(String::as_str)
    }

    /// The share card of a page, if it has one of its own.
    fn card(&self, at: usize) -> Option<Proof> {
        let route = &self.blueprint.plan.routes()[at];
        if !self.blueprint.has_card(route) {
            return None;
        }
        super::render::guarded(&self.blueprint, route).ok()?.ok()?.proof
    }

    fn find(&self, path: &str) -> Option<Found> {
        let plan = &self.blueprint.plan;
        if index::has(path)
            && self.index().is_some_and(|it| it.as_ref().map_or(true, |it| it.contains_key(path)))
        {
            return Some(Found::Index);
        }
        let routes = plan.routes();
        let route = |path: &str| routes.binary_search_by(|it| it.path.as_str().cmp(path)).ok();
        if let Some(at) = route(path) {
            return Some(Found::Route(at));
        }
        // What a card is called follows from what its page says.
        let page = cards::page_of(path);
        if let Some(at) = page.and_then(|page| route(&page))
            && let Some(proof) = self.card(at).filter(|it| it.path.as_str() == path)
        {
            return Some(Found::Card(at, Box::new(proof)));
        }
        // A page's data stand beside it.
        let page = path.strip_suffix("index.json").map(|dir| format!("{dir}index.html"));
        if let Some(at) = page.and_then(|page| route(&page)).filter(|at| routes[*at].url.ends_with('/')) {
            return Some(Found::Route(at));
        }
        let found =
            plan.redirects().binary_search_by(|it| it.from.as_str().cmp(path)).ok().map(Found::Redirect);
        let copied =
            || plan.copied().binary_search_by(|it| it.path.as_str().cmp(path)).ok().map(Found::Copied);
        let assets =
            || self.blueprint.theme.assets().iter().position(|it| it.0.as_str() == path).map(Found::Asset);
        let hosts = || plan.host_files().iter().position(|it| it.as_str() == path).map(Found::Hosts);
        let image = || self.blueprint.content.images.file(path).map(|_| Found::Image);
        found.or_else(copied).or_else(assets).or_else(hosts).or_else(image)
    }
}

/// What stands at a path, by its place in the plan. Images are found by their paths.
enum Found {
    Route(usize),
    Card(usize, Box<Proof>),
    /// One of the files of the index.
    Index,
    Redirect(usize),
    Copied(usize),
    Asset(usize),
    Hosts(usize),
    Image,
}

fn twin_of(path: &str) -> String {
    path.strip_suffix("index.html").map_or_else(|| path.to_owned(), |dir| format!("{dir}index.json"))
}
