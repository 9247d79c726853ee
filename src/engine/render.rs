//! Making what has to be made, on all threads, and handing each file on as soon as it exists.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::Made;
use super::blueprint::{Blueprint, Broken, Composed};
use super::cards::{Count, Proof};
use super::develop::{self, Developed};
use super::dirty::Changes;
use super::index::{self, Indexed, Indexer};
use super::keys::{Value, Values};
use super::laps::Laps;
use super::memory::{Ledger, Remembered, Rest};
use super::parallel::{both, map_in_order};
use super::reads::Reads;
use super::seen::Recorder;
use super::shelf::{Progress, Shelf};
use crate::diag::{Exit, Failure, Report};
use crate::edition::{Edition, Entry, PageFacts, Rendered, Sink};
use crate::format;
use crate::graph::{Key, Trace};
use crate::input::Files;
use crate::plan::{Copied, Route};
use crate::text::{Fingerprint, OutPath, QuickMap};
use crate::theme::card_lacks;

/// How many routes are made before their reads are put in order: what a page read takes more room than what is kept of it.
const BATCH: usize = 256;

/// For how many keys the values are found at once: all in one go would hold their list twice.
const AT_ONCE: usize = 1 << 15;

/// Everything rendering needs.
pub(super) struct Job<'a> {
    pub(super) files: &'a Recorder<'a>,
    pub(super) blueprint: &'a Blueprint,
    /// What the last build left.
    pub(super) ledger: &'a Ledger,
    /// Its second part.
    pub(super) rest: &'a Rest,
    /// Values and changes, when reads are to be remembered.
    pub(super) memory: Option<(&'a Values<'a>, &'a Changes<'a>)>,
    /// Whether to keep what each route read.
    pub(super) reads: bool,
    /// Where finished share cards are kept.
    pub(super) card_shelf: Option<&'a dyn Shelf>,
    /// Where finished images are kept.
    pub(super) image_shelf: Option<&'a dyn Shelf>,
    /// Counts pages that have one.
    pub(super) count: &'a Count<'a>,
    /// Who makes the index of the search; `None` when it is not to be made now.
    pub(super) indexer: Option<Indexer>,
    /// Time since some fixed moment.
    pub(super) clock: fn() -> Duration,
    /// Who is told how far images and the index are.
    pub(super) progress: Option<&'a Progress>,
    /// Whether to give up.
    pub(super) is_over: &'a (dyn Fn() -> bool + Sync),
}

/// What one route came to.
pub(super) struct Product {
    pub(super) files: Vec<(OutPath, Entry)>,
    /// Characters because of which its page has no share card of its own.
    pub(super) lacking: Box<str>,
    /// What it read.
    pub(super) trace: Trace,
}

/// What is remembered of a route, and when it was made, why and what it came to.
type Answer<'a> = (Option<&'a Remembered>, Option<(String, Result<Product, Broken>)>);

/// What everything came to.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) edition: Edition,
    pub(super) report: Report,
    /// What each address read of the graph; empty unless asked for.
    pub(super) reads: BTreeMap<String, Trace>,
    /// What was made, and why.
    pub(super) made: Vec<Made>,
    /// What came of the index; `None` when there is none, or not now.
    pub(super) indexed: Option<Indexed>,
    /// For the ledger; empty unless reads are to be remembered.
    pub(super) routes: Vec<Remembered>,
    pub(super) keys: Vec<(Key, Value)>,
    pub(super) others: Vec<(OutPath, Entry)>,
    lacking: Lacking,
    /// What was done with images.
    pub(super) developed: Developed,
}

/// What fonts lack for share cards.
#[derive(Default)]
struct Lacking {
    chars: BTreeSet<char>,
    pages: Vec<String>,
}

impl Lacking {
    fn note(&mut self, chars: &str, url: &str) {
        if !chars.is_empty() {
            self.chars.extend(chars.chars());
            self.pages.push(url.to_owned());
        }
    }
}

impl Outcome {
    /// Notes a route for the ledger, which has them by path.
    fn remember(&mut self, route: Remembered) {
        fn path(it: &Remembered) -> Option<&OutPath> {
            it.files.first().map(|(path, _)| path)
        }
        let own = path(&route);
        let at = match self.routes.last() {
            Some(last) if path(last) > own => self.routes.partition_point(|it| path(it) < own),
            _ => self.routes.len(),
        };
        self.routes.insert(at, route);
    }
}

/// Makes every route that has to be made, and keeps the others. A page whose template fails is left out and reported.
/// `None` when the job was given up.
///
/// # Errors
/// When the sink cannot store a file, a copied file cannot be read, or a page makes the program itself fail.
pub(super) fn all(job: &Job<'_>, laps: &mut Laps, sink: &dyn Sink) -> Result<Option<Outcome>, Failure> {
    let mut gathered = Gathered { job, outcome: Outcome::default(), interned: Interned::default() };
    if job.memory.is_some() {
        gathered.outcome.routes.reserve_exact(job.blueprint.plan.routes().len());
    }
    // While one batch is made, the one before it is put in order.
    let mut before: Option<(&[Route], Vec<Answer<'_>>)> = None;
    // Asked before each route: whoever gave the job up wants the processor for something else.
    let answer = |route: &Route| match (job.is_over)() {
        true => Ok(None),
        false => answer(job, route, sink).map(|it| {
            job.count.one(job.blueprint, route);
            Some(it)
        }),
    };
    for routes in job.blueprint.plan.routes().chunks(BATCH) {
        let (made, ()) = both(
            || map_in_order(routes, answer),
            || before.take().into_iter().for_each(|(routes, answers)| gathered.take_all(routes, answers)),
        );
        let made: Result<Option<Vec<_>>, Failure> = made.into_iter().collect();
        let Some(made) = made? else { return Ok(None) };
        before = Some((routes, made));
    }
    before.take().into_iter().for_each(|(routes, answers)| gathered.take_all(routes, answers));
    laps.lap("render");
    let (images, developed) = develop::all(job, &mut gathered.outcome.report, sink)?;
    gathered.outcome.others.extend(images);
    gathered.outcome.developed = developed;
    laps.lap("images");
    index::make(&mut gathered, sink)?;
    let Gathered { mut outcome, interned, .. } = gathered;
    others(job, &mut outcome, sink)?;
    if !outcome.lacking.pages.is_empty() {
        outcome.report.add(card_lacks(&outcome.lacking.chars, &outcome.lacking.pages));
    }
    for (path, entry) in &outcome.others {
        outcome.edition.insert(path.clone(), entry.clone());
    }
    if let Some((values, _)) = job.memory {
        outcome.keys = interned.with_values(values);
    }
    Ok(Some(outcome))
}

/// Makes a route if it has to be made.
fn answer<'a>(job: &Job<'a>, route: &Route, sink: &dyn Sink) -> Result<Answer<'a>, Failure> {
    if index::is_index(route) {
        return Ok((None, None));
    }
    let (remembered, why) = why(job, route, sink)?;
    let made = why.map(|why| one(job, route, remembered, sink).map(|made| (why, made))).transpose()?;
    Ok((remembered, made))
}

/// What is remembered of a route, and why it has to be made; no reason when the target keeps what it has.
pub(super) fn why<'a>(
    job: &Job<'a>,
    route: &Route,
    sink: &dyn Sink,
) -> Result<(Option<&'a Remembered>, Option<String>), Failure> {
    let Some((_, changes)) = job.memory else { return Ok((None, Some(String::new()))) };
    let remembered = job.rest.route(&route.path);
    if let Some(why) = changes.why(job.blueprint, route, remembered) {
        return Ok((remembered, Some(why)));
    }
    for (path, entry) in remembered.iter().flat_map(|it| &it.files) {
        if !sink.keep(path, &entry.fingerprint, entry.size)? {
            return Ok((remembered, Some("its file is not in the output as we left it".to_owned())));
        }
    }
    Ok((remembered, None))
}

/// What routes have come to so far, in the order of the plan.
pub(super) struct Gathered<'j, 'a> {
    pub(super) job: &'j Job<'a>,
    pub(super) outcome: Outcome,
    /// The keys that were read.
    interned: Interned,
}

/// A route that was not taken over as it is.
pub(super) struct Fresh {
    pub(super) product: Product,
    /// Why that was so.
    pub(super) why: String,
    /// Of an index, what tells its records from others.
    pub(super) records: Option<(u64, Value)>,
    /// Whether its files were made. Those of an index may be as they were after all.
    pub(super) is_made: bool,
}

impl Gathered<'_, '_> {
    /// Takes what a batch came to.
    fn take_all(&mut self, routes: &[Route], answers: Vec<Answer<'_>>) {
        for (route, answer) in routes.iter().zip(answers) {
            match answer {
                (Some(kept), None) => self.keep(kept),
                (_, Some((why, Ok(product)))) => {
                    self.take(route, Fresh { product, why, records: None, is_made: true });
                }
                (_, Some((_, Err(diagnostic)))) => self.outcome.report.add(*diagnostic),
                // The index, which comes after all pages.
                (None, None) => (),
            }
        }
    }

    /// Takes over what the last build made.
    pub(super) fn keep(&mut self, kept: &Remembered) {
        let Gathered { job, outcome, interned } = self;
        for (path, entry) in &kept.files {
            outcome.edition.insert(path.clone(), entry.clone());
        }
        outcome.lacking.note(&kept.lacking, &kept.url);
        if let Some((_, changes)) = job.memory {
            let reads = kept.reads.iter().filter_map(|at| interned.kept(at, job.rest, changes));
            let reads = Reads::new(reads.collect());
            outcome.remember(Remembered { reads, ..kept.clone() });
        }
    }

    /// Takes what has just been made, or, of an index, put together and found to be as it was.
    pub(super) fn take(&mut self, route: &Route, fresh: Fresh) {
        let Gathered { job, outcome, interned } = self;
        let Fresh { product: Product { files, lacking, trace }, why, records, is_made } = fresh;
        outcome.lacking.note(&lacking, &route.url);
        for (path, entry) in &files {
            outcome.edition.insert(path.clone(), entry.clone());
        }
        if job.memory.is_some() {
            let reads = Reads::new(trace.keys().iter().map(|key| interned.add(*key, None)).collect());
            outcome.remember(Remembered {
                url: route.url.clone(),
                recipe: job.blueprint.recipe(route),
                listed: job.blueprint.listed(route),
                template: job.blueprint.template_of(route).map(Box::from),
                reads,
                records,
                files,
                lacking,
                why: why.as_str().into(),
            });
        }
        if job.reads {
            outcome.reads.insert(route.url.clone(), trace);
        }
        if is_made {
            outcome.made.push(Made { url: route.url.clone(), why });
        }
    }
}

/// Keys with numbers, in the order in which they were first read.
#[derive(Default)]
struct Interned {
    numbers: QuickMap<Key, u32>,
    keys: Vec<Key>,
    /// Values that the ledger knows, by number in `keys`, in order.
    known: Vec<(u32, Value)>,
    /// For keys of the ledger, their number here.
    moved: Vec<Option<u32>>,
}

impl Interned {
    fn add(&mut self, key: Key, value: Option<Value>) -> u32 {
        *self.numbers.entry(key).or_insert_with(|| {
            let number = self.keys.len() as u32;
            self.keys.push(key);
            self.known.extend(value.map(|value| (number, value)));
            number
        })
    }

    /// The number of a key that the ledger knows. It has the value it had, or no route that read it would be kept.
    fn kept(&mut self, at: u32, rest: &Rest, changes: &Changes<'_>) -> Option<u32> {
        if self.moved.is_empty() {
            self.moved = vec![None; rest.keys.len()];
        }
        if let Some(known) = self.moved.get(at as usize).copied().flatten() {
            return Some(known);
        }
        let value = rest.keys.get(at as usize)?.1;
        let number = self.add(changes.key_now(at)?, Some(value));
        self.moved[at as usize] = Some(number);
        Some(number)
    }

    fn with_values(self, values: &Values<'_>) -> Vec<(Key, Value)> {
        // The most that is held at once is held here.
        drop(self.numbers);
        drop(self.moved);
        let mut known = self.known.into_iter().peekable();
        let mut filled = Vec::with_capacity(self.keys.len());
        for keys in self.keys.chunks(AT_ONCE) {
            let numbers = filled.len() as u32..;
            let known_of = |number| known.next_if(|(at, _)| *at == number).map(|(_, value)| value);
            let found: Vec<Option<Value>> = numbers.take(keys.len()).map(known_of).collect();
            let unknown = keys.iter().zip(&found).filter(|(_, value)| value.is_none());
            let unknown: Vec<Key> = unknown.map(|(key, _)| *key).collect();
            let mut new = values.of_all(&unknown).into_iter();
            filled.extend(keys.iter().zip(found).map(|(key, value)| {
                let value = value.or_else(|| new.next());
                (*key, value.expect("as many values as keys without one"))
            }));
        }
        filled
    }
}

/// Redirects, what hosts read, the theme's files, and files copied as they are.
fn others(job: &Job<'_>, outcome: &mut Outcome, sink: &dyn Sink) -> Result<(), Failure> {
    let plan = &job.blueprint.plan;
    for redirect in plan.redirects() {
        outcome.others.push(hand_on(format::redirect(redirect, &job.blueprint.site), sink)?);
    }
    for file in job.blueprint.host_files() {
        outcome.others.push(hand_on(file, sink)?);
    }
    for (path, bytes) in job.blueprint.theme.assets() {
        let entry = entry_of(bytes, PageFacts::default());
        sink.put(path, bytes, &entry.fingerprint)?;
        outcome.others.push((path.clone(), entry));
    }
    for copied in map_in_order(plan.copied(), |copied| copy(job, copied, sink)) {
        outcome.others.extend(copied?);
    }
    outcome.others.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(())
}

/// Copies a file, unless the target has it and its stamp shows that it is what it was.
fn copy(job: &Job<'_>, copied: &Copied, sink: &dyn Sink) -> Result<Option<(OutPath, Entry)>, Failure> {
    let stamp = job.blueprint.content.assets.get(&copied.from);
    if let Some(fingerprint) = stamp.and_then(|stamp| job.ledger.head.seen.known(&copied.from, *stamp))
        && let Ok(at) = job.rest.others.binary_search_by(|(path, _)| path.cmp(&copied.path))
        && let (path, entry) = &job.rest.others[at]
        && entry.fingerprint == fingerprint
        && sink.keep(path, &fingerprint, entry.size)?
    {
        job.files.note_again(&copied.from, &job.ledger.head.seen);
        return Ok(Some((path.clone(), entry.clone())));
    }
    let Some(input) = job.files.read(&copied.from)? else { return Ok(None) };
    sink.put(&copied.path, &input.bytes, &input.fingerprint)?;
    let size = input.bytes.len() as u64;
    let entry = Entry { fingerprint: input.fingerprint, size, facts: PageFacts::default() };
    Ok(Some((copied.path.clone(), entry)))
}

/// Makes a route's files and hands them on.
fn one(
    job: &Job<'_>,
    route: &Route,
    remembered: Option<&Remembered>,
    sink: &dyn Sink,
) -> Result<Result<Product, Broken>, Failure> {
    let Composed { files, proof, lacking, trace } = match guarded(job.blueprint, route)? {
        Ok(composed) => composed,
        Err(broken) => return Ok(Err(broken)),
    };
    let mut files = files.into_iter().map(|it| hand_on(it, sink)).collect::<Result<Vec<_>, Failure>>()?;
    if let Some(proof) = proof {
        match card(job, route, &proof, remembered, sink)? {
            Ok(entry) => files.push((proof.path, entry)),
            Err(broken) => return Ok(Err(broken)),
        }
    }
    Ok(Ok(Product { files, lacking, trace }))
}

/// A page's share card: as the last build left it, if it has the same name still, else drawn.
fn card(
    job: &Job<'_>,
    route: &Route,
    proof: &Proof,
    remembered: Option<&Remembered>,
    sink: &dyn Sink,
) -> Result<Result<Entry, Broken>, Failure> {
    if !sink.wants_bytes() {
        let entry = Entry { fingerprint: proof.fingerprint(), size: 0, facts: PageFacts::default() };
        return Ok(Ok(entry));
    }
    let left = remembered.and_then(|it| it.files.last()).filter(|(path, _)| *path == proof.path);
    if let Some((path, entry)) = left
        && sink.keep(path, &entry.fingerprint, entry.size)?
    {
        return Ok(Ok(entry.clone()));
    }
    let printed = unwinding(route, || job.blueprint.print(proof, job.card_shelf))?;
    let bytes = match printed {
        Ok(bytes) => bytes,
        Err(broken) => return Ok(Err(broken)),
    };
    let entry = entry_of(&bytes, PageFacts::default());
    sink.put(&proof.path, &bytes, &entry.fingerprint)?;
    Ok(Ok(entry))
}

/// Makes a route. A panic is a failure that names the page.
///
/// # Errors
/// When the page makes the program itself fail.
pub(super) fn guarded(blueprint: &Blueprint, route: &Route) -> Result<Result<Composed, Broken>, Failure> {
    unwinding(route, || blueprint.make(route))
}

/// Does something for a page. A panic is a failure that names it.
///
/// # Errors
/// When the page makes the program itself fail.
pub(super) fn unwinding<R>(route: &Route, make: impl FnOnce() -> R) -> Result<R, Failure> {
    catch_unwind(AssertUnwindSafe(make)).map_err(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Failure {
            cause: said.unwrap_or("no message").to_owned(),
            ..Failure::new(Exit::Bug, format!("Rejoinder itself failed while making {}", route.url))
        }
    })
}

pub(super) fn hand_on(rendered: Rendered, sink: &dyn Sink) -> Result<(OutPath, Entry), Failure> {
    let entry = entry_of(&rendered.bytes, rendered.facts);
    sink.put(&rendered.path, &rendered.bytes, &entry.fingerprint)?;
    Ok((rendered.path, entry))
}

/// What an edition says of a file.
pub(super) fn entry_of(bytes: &[u8], facts: PageFacts) -> Entry {
    Entry { fingerprint: Fingerprint::of(bytes), size: bytes.len() as u64, facts }
}
