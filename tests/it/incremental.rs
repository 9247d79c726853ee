//! The most important property: whatever was built before, a build gives what a clean build gives, byte for byte.
//!
//! Random edits are made to generated sites and to the example, one after the other. After each, the site is built on what the
//! step before left, and built clean, and both outputs and both reports are compared.
//!
//! `EDIT_STEPS=10000` sets how many edits are made over all sites: 40 by default, 500 among the slow tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, RwLock};

use rejoinder::diag::Failure;
use rejoinder::edition::Sink;
use rejoinder::engine::{self, BuildOptions, Built, Generation, Ledger, Look, Session};
use rejoinder::input::{Files, Input, Listed, MemoryFiles, Stamp};
use rejoinder::text::{Fingerprint, OutPath};

use crate::edits::{Project, edit, example, generated, small};
use crate::generator::Chance;
use crate::world::{Cards, runs_slow_tests, say, shown};

/// An output that lives from build to build, as a directory does.
#[derive(Default)]
pub(crate) struct Output {
    pub(crate) before: BTreeMap<String, Vec<u8>>,
    now: Mutex<BTreeMap<String, Vec<u8>>>,
    kept: Mutex<BTreeSet<String>>,
}

impl Output {
    /// Ends a build: what was neither put nor kept is gone.
    fn settle(&mut self, delivered: bool) {
        let now = std::mem::take(&mut *self.now.lock().unwrap());
        self.kept.lock().unwrap().clear();
        if delivered {
            self.before = now;
        }
    }
}

impl Sink for Output {
    fn put(&self, path: &OutPath, bytes: &[u8], _: &Fingerprint) -> Result<(), Failure> {
        let path = path.as_str().to_owned();
        // What was kept may be put after all.
        let was_kept = self.kept.lock().unwrap().remove(&path);
        let twice = self.now.lock().unwrap().insert(path.clone(), bytes.to_vec());
        assert!(was_kept || twice.is_none(), "{path} was put twice");
        Ok(())
    }

    fn keep(&self, path: &OutPath, fingerprint: &Fingerprint, size: u64) -> Result<bool, Failure> {
        let Some(bytes) = self.before.get(path.as_str()) else { return Ok(false) };
        if bytes.len() as u64 != size || Fingerprint::of(bytes) != *fingerprint {
            return Ok(false);
        }
        self.now.lock().unwrap().insert(path.as_str().to_owned(), bytes.clone());
        self.kept.lock().unwrap().insert(path.as_str().to_owned());
        Ok(true)
    }
}

pub(crate) fn build(files: &MemoryFiles, ledger: &Ledger, drafts: bool, output: &mut Output) -> Built {
    let card_shelf = Some(Cards::of_all_tests());
    let options = BuildOptions {
        program: "test".to_owned(),
        drafts,
        jobs: Some(2),
        card_shelf,
        ..BuildOptions::default()
    };
    let mut built = engine::build_on(files, &options, ledger, output).unwrap();
    built.read_sources(files).unwrap();
    output.settle(!built.report.has_errors());
    built
}

/// Writes a ledger as the command line does.
pub(crate) fn write_ledger(ledger: &Ledger, bytes: &mut Vec<u8>) {
    match ledger.addition() {
        Some((at, more)) => {
            assert_eq!(at, bytes.len() as u64, "an addition belongs behind what was read");
            bytes.extend(more);
        }
        None => *bytes = ledger.to_bytes(),
    }
}

/// How many edits are made over all sites.
fn steps() -> usize {
    let asked = std::env::var("EDIT_STEPS").ok().and_then(|it| it.parse().ok());
    asked.unwrap_or_else(|| match runs_slow_tests("500 edits instead of 40 (EDIT_STEPS sets how many)") {
        true => 500,
        false => 40,
    })
}

/// One site on its way through many edits.
struct Walk {
    name: &'static str,
    project: Project,
    files: MemoryFiles,
    /// The ledger as it lies on a disk.
    ledger: Vec<u8>,
    output: Output,
    drafts: bool,
    made: usize,
    pages: usize,
    /// How many builds made pages without linking the site.
    short: usize,
    /// How many steps ended with a site that cannot be built, in all and in a row.
    broken: usize,
    broken_now: usize,
    /// The project as it last could be built.
    whole: Project,
}

impl Walk {
    fn new(name: &'static str, project: Project) -> Walk {
        let mut files = MemoryFiles::new();
        project.iter().for_each(|(path, bytes)| files.insert(path, bytes.clone()));
        let mut output = Output::default();
        let built = build(&files, &Ledger::default(), false, &mut output);
        let ledger = built.ledger.expect("the site builds before it is edited").to_bytes();
        Walk {
            name,
            whole: project.clone(),
            project,
            files,
            ledger,
            output,
            drafts: false,
            made: 0,
            pages: 0,
            short: 0,
            broken: 0,
            broken_now: 0,
        }
    }

    /// Puts files in the place of the project's, touching only those that differ.
    fn write(&mut self, project: Project) {
        for path in self.project.keys().filter(|path| !project.contains_key(*path)) {
            self.files.remove(path);
        }
        for (path, bytes) in project.iter().filter(|(path, bytes)| self.project.get(*path) != Some(bytes)) {
            self.files.insert(path, bytes.clone());
        }
        self.project = project;
    }

    /// One edit, one build on what is there, one clean build.
    fn step(&mut self, chance: &mut Chance) {
        let told = match chance.below(25) {
            0 => {
                self.drafts = !self.drafts;
                format!("drafts: {}", self.drafts)
            }
            _ => {
                let mut project = self.project.clone();
                let told = edit(&mut project, chance);
                self.write(project);
                told
            }
        };
        // Now and then somebody deletes a file of the output, or writes into one.
        let n_files = self.output.before.len();
        if chance.below(6) == 0 && n_files > 0 {
            let path = self
                .output
                .before
                .keys()
                .nth(chance.below(n_files))
                .expect("a number below their count")
                .clone();
            match chance.below(2) {
                0 => drop(self.output.before.remove(&path)),
                _ => drop(self.output.before.insert(path, b"somebody else's".to_vec())),
            }
        }
        let before = self.output.before.clone();
        // A ledger is read back from bytes, as a new process does.
        let ledger = Ledger::from_bytes(self.ledger.clone());
        let built = build(&self.files, &ledger, self.drafts, &mut self.output);
        let mut clean_output = Output::default();
        let clean = build(&self.files, &Ledger::default(), self.drafts, &mut clean_output);
        let at = format!("{} after {told}", self.name);
        assert_eq!(shown(&built.report, &built.sources), shown(&clean.report, &clean.sources), "{at}");
        if clean.report.has_errors() {
            self.broken += 1;
            self.broken_now += 1;
            assert_eq!(before, self.output.before, "{at}: a broken site changes nothing");
            // Most authors take back what breaks their site; some go on first.
            if chance.below(4) > 0 || self.broken_now > 2 {
                self.write(self.whole.clone());
                self.drafts = false;
            }
            return;
        }
        self.broken_now = 0;
        if !self.drafts {
            self.whole = self.project.clone();
        }
        let short_way = built.graph.is_none();
        self.short += usize::from(short_way && !built.made.is_empty());
        assert!(short_way || built.edition == clean.edition, "{at}: the editions differ");
        let (incremental, clean_files) = (&self.output.before, &clean_output.before);
        for path in incremental.keys().chain(clean_files.keys()).collect::<BTreeSet<_>>() {
            assert!(
                incremental.get(path) == clean_files.get(path),
                "{at}: {path} differs; made: {:?}",
                built.made.iter().map(|it| &it.url).collect::<Vec<_>>()
            );
        }
        assert_eq!(built.counts, clean.counts, "{at}");
        self.made += built.made.len();
        self.pages += clean.made.len();
        // Nothing changed: the next build takes the short way, and says the same.
        if let Some(ledger) = built.ledger {
            write_ledger(&ledger, &mut self.ledger);
            let read = Ledger::from_bytes(self.ledger.clone());
            assert_eq!(read.size(), ledger.size(), "{at}: a ledger is what was written");
            let anew = ledger.to_bytes();
            assert_eq!(Ledger::from_bytes(anew.clone()).to_bytes(), anew, "{at}: and what is read back");
            assert!(read.to_bytes() == anew, "{at}: whether it was written anew or grew");
        }
        if chance.below(10) == 0 {
            let again =
                build(&self.files, &Ledger::from_bytes(self.ledger.clone()), self.drafts, &mut self.output);
            assert!(again.made.is_empty(), "{at}: something was made though nothing changed");
            assert_eq!(shown(&again.report, &again.sources), shown(&clean.report, &clean.sources), "{at}");
            assert!(self.output.before == clean_output.before, "{at}: the short way keeps the output");
        }
    }
}

#[test]
fn incremental_equals_clean_after_any_edits() {
    let steps = steps();
    let seed: u64 = std::env::var("EDIT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut walks = vec![
        Walk::new("the small site", small()),
        Walk::new("the example", example()),
        Walk::new("a generated site", generated(40, seed)),
        Walk::new("a larger generated site", generated(120, seed + 1)),
    ];
    // The small site is quick, so it takes most of the edits, and the largest one few.
    let turns = [0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3];
    let mut chance = Chance(seed);
    for step in 0..steps {
        walks[turns[step % turns.len()]].step(&mut chance);
    }
    for it in &walks {
        say(&format!(
            "{}: {} of {} routes made, {} times the short way, {} broken steps",
            it.name, it.made, it.pages, it.short, it.broken
        ));
    }
    assert!(walks.iter().any(|it| it.short > 0), "some edits are of words alone");
    assert!(walks.iter().all(|it| it.made < it.pages), "incremental builds make less than clean ones");
    assert!(
        walks.iter().any(|it| it.pages > 0 && it.broken < steps / 4),
        "most edits leave a site that builds"
    );
}

/// Files that change under a session.
#[derive(Clone, Default)]
struct Shared(Arc<RwLock<MemoryFiles>>);

impl Files for Shared {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        self.0.read().unwrap().list(dir)
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        self.0.read().unwrap().read(path)
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        self.0.read().unwrap().stamp(path)
    }

    fn now(&self) -> i64 {
        self.0.read().unwrap().now()
    }
}

/// One site that is served on its way through many edits.
struct Served {
    name: &'static str,
    files: Shared,
    project: Project,
    whole: Project,
    session: Session,
    generation: Option<Arc<Generation>>,
    broken: usize,
    /// Whether the site can be built as it stands.
    sound: bool,
}

impl Served {
    fn new(name: &'static str, project: Project) -> Served {
        let files = Shared::default();
        project.iter().for_each(|(path, bytes)| files.0.write().unwrap().insert(path, bytes.clone()));
        let card_shelf = Some(Cards::of_all_tests());
        let options = BuildOptions { jobs: Some(2), card_shelf, ..BuildOptions::default() };
        let session = Session::new(Arc::new(files.clone()), options);
        let whole = project.clone();
        let mut served =
            Served { name, files, project, whole, session, generation: None, broken: 0, sound: false };
        served.look(Look::Everywhere, "being opened");
        served
    }

    fn write(&mut self, project: Project) -> BTreeSet<String> {
        let mut files = self.files.0.write().unwrap();
        let mut touched = BTreeSet::new();
        for path in self.project.keys().filter(|path| !project.contains_key(*path)) {
            files.remove(path);
            touched.insert(path.clone());
        }
        for (path, bytes) in project.iter().filter(|(path, bytes)| self.project.get(*path) != Some(bytes)) {
            files.insert(path, bytes.clone());
            touched.insert(path.clone());
        }
        drop(files);
        self.project = project;
        touched
    }

    fn look(&mut self, look: Look<'_>, at: &str) -> bool {
        let at = format!("{} after {at}", self.name);
        let Some(update) = self.session.update(look).unwrap() else { return self.sound };
        self.sound = false;
        if update.generation.is_some() {
            self.generation = update.generation;
        }
        let clean = self.clean();
        let Some(task) = self.session.task() else {
            let (report, sources) = self.session.unreadable().expect("a site that cannot be laid out");
            assert_eq!(shown(&report, &sources), shown(&clean.0.report, &clean.0.sources), "{at}");
            return false;
        };
        let settled = task.run(&|| false).unwrap().expect("nobody gave the task up");
        self.session.accept(&settled);
        assert_eq!(
            shown(&settled.report, &settled.sources),
            shown(&clean.0.report, &clean.0.sources),
            "{at}"
        );
        if clean.0.report.has_errors() {
            return false;
        }
        if settled.generation.is_some() {
            self.generation = settled.generation;
        }
        assert_eq!(settled.counts, clean.0.counts, "{at}");
        let generation = self.generation.as_ref().expect("a sound site can be shown");
        let paths: BTreeSet<String> = generation.paths().into_iter().collect();
        assert_eq!(paths, clean.1.keys().cloned().collect(), "{at}");
        for (path, bytes) in &clean.1 {
            let served =
                generation.file(path).expect("a path that is listed").expect("a page that can be made");
            assert!(*served == **bytes, "{at}: {path} differs");
        }
        self.sound = true;
        true
    }

    fn clean(&self) -> (Built, BTreeMap<String, Vec<u8>>) {
        let mut output = Output::default();
        let built = build(&self.files.0.read().unwrap(), &Ledger::default(), false, &mut output);
        (built, output.before)
    }

    fn step(&mut self, chance: &mut Chance) {
        let mut project = self.project.clone();
        let told = edit(&mut project, chance);
        let touched = self.write(project);
        let hints = if chance.below(4) == 0 { Look::Everywhere } else { Look::At(&touched) };
        if self.look(hints, &told) {
            self.whole = self.project.clone();
        } else {
            self.broken += 1;
            if chance.below(3) > 0 {
                let touched = self.write(self.whole.clone());
                let sound = self.look(Look::At(&touched), &format!("{told}, and taking it back"));
                assert!(sound, "{}: what was sound is sound again", self.name);
            }
        }
    }
}

#[test]
fn what_is_served_equals_a_clean_build_after_any_edits() {
    let steps = steps() / 2;
    let seed: u64 = std::env::var("EDIT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut sites = [
        Served::new("the small site", small()),
        Served::new("the example", example()),
        Served::new("a generated site", generated(40, seed)),
    ];
    let turns = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2];
    let mut chance = Chance(seed + 100);
    for step in 0..steps {
        sites[turns[step % turns.len()]].step(&mut chance);
    }
    let broken: usize = sites.iter().map(|it| it.broken).sum();
    say(&format!("{broken} of {steps} edits broke a site"));
    assert!(broken < steps / 2, "most edits leave a site that builds");
}
