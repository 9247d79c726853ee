//! The most important property: whatever was built before, a build gives what a clean build gives, byte for byte.
//!
//! Random edits are made to generated sites and to the example, one after the other. After each, the site is built on what the
//! step before left, and built clean, and both outputs and both reports are compared.
//!
//! `EDIT_STEPS=10000` sets how many edits are made over all sites (500 by default).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use rejoinder::diag::Failure;
use rejoinder::edition::Sink;
use rejoinder::engine::{self, BuildOptions, Built, Ledger};
use rejoinder::input::MemoryFiles;
use rejoinder::text::{Fingerprint, OutPath};

use crate::edits::{Chance, Project, edit, example, generated, small};
use crate::world::{say, shown};

/// An output that lives from build to build, as a directory does.
#[derive(Default)]
struct Output {
    before: BTreeMap<String, Vec<u8>>,
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
    fn put(&self, path: &OutPath, bytes: &[u8]) -> Result<(), Failure> {
        let path = path.as_str().to_owned();
        assert!(!self.kept.lock().unwrap().contains(&path), "{path} was kept and put");
        let twice = self.now.lock().unwrap().insert(path.clone(), bytes.to_vec());
        assert!(twice.is_none(), "{path} was put twice");
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

fn build(files: &MemoryFiles, ledger: &Ledger, drafts: bool, output: &mut Output) -> Built {
    let options =
        BuildOptions { program: "test".to_owned(), drafts, jobs: Some(2), ..BuildOptions::default() };
    let built = engine::build_on(files, &options, ledger, output).unwrap();
    output.settle(!built.report.has_errors());
    built
}

/// One site on its way through many edits.
struct Walk {
    name: &'static str,
    project: Project,
    files: MemoryFiles,
    ledger: Ledger,
    output: Output,
    drafts: bool,
    made: usize,
    pages: usize,
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
        let ledger = built.ledger.expect("the site builds before it is edited");
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
        let before = self.output.before.clone();
        // A ledger is read back from bytes, as a new process does.
        let ledger = Ledger::from_bytes(&self.ledger.to_bytes());
        assert!(ledger == self.ledger, "a ledger is what was written");
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
        assert!(built.edition == clean.edition, "{at}: the editions differ");
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
            self.ledger = ledger;
        }
        if chance.below(10) == 0 {
            let again = build(&self.files, &self.ledger, self.drafts, &mut self.output);
            assert!(again.made.is_empty(), "{at}: something was made though nothing changed");
            assert_eq!(shown(&again.report, &again.sources), shown(&clean.report, &clean.sources), "{at}");
            assert!(again.edition == clean.edition, "{at}: the short way gives another edition");
        }
    }
}

#[test]
fn incremental_equals_clean_after_any_edits() {
    let steps: usize = std::env::var("EDIT_STEPS").ok().and_then(|it| it.parse().ok()).unwrap_or(500);
    let seed: u64 = std::env::var("EDIT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut walks = vec![
        Walk::new("the small site", small()),
        Walk::new("the example", example()),
        Walk::new("a generated site", generated(40, seed)),
        Walk::new("a larger generated site", generated(120, seed + 1)),
    ];
    // The small site is quick, so it takes most of the edits.
    let turns = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3];
    let mut chance = Chance(seed);
    for step in 0..steps {
        walks[turns[step % turns.len()]].step(&mut chance);
    }
    for it in &walks {
        say(&format!("{}: {} of {} routes made, {} broken steps", it.name, it.made, it.pages, it.broken));
    }
    assert!(walks.iter().all(|it| it.made < it.pages), "incremental builds make less than clean ones");
    assert!(
        walks.iter().any(|it| it.pages > 0 && it.broken < steps / 4),
        "most edits leave a site that builds"
    );
}
