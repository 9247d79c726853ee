//! What every kind of test needs: the repository's files, a project in memory, and a build that keeps its output.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use rejoinder::diag::{Failure, HumanOptions, Report, Sources, human};
use rejoinder::edition::Sink;
use rejoinder::engine::{self, BuildOptions, Built, Ledger};
use rejoinder::input::Files;
use rejoinder::text::{Fingerprint, OutPath};

/// A path inside the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether expectations are to be rewritten.
pub(crate) fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|it| !it.is_empty() && it != "0")
}

/// Whether slow tests run; says so out loud when they do not.
pub(crate) fn runs_slow_tests(what: &str) -> bool {
    let runs = std::env::var_os("SLOW_TESTS").is_some_and(|it| !it.is_empty() && it != "0");
    if !runs {
        say(&format!("skipped: {what} (set SLOW_TESTS=1)"));
    }
    runs
}

/// Says something to whoever runs the tests, even though the harness keeps what a passing test prints.
pub(crate) fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Runs a program that somebody else wrote over what we made, and shows what it found. It has to be content.
pub(crate) fn run_checker(command: &mut Command) {
    let ran = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; .ci/test installs it"));
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "\n{said}");
    say(said.trim_end());
}

/// Every file below a directory, by path with `/`, relative to it. Empty when there is no such directory.
pub(crate) fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(dir).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(dir).unwrap();
            let path = path.to_str().expect("names of test files are UTF-8").replace('\\', "/");
            files.insert(path, std::fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// Writes a tree below a directory.
pub(crate) fn write_tree(dir: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// The themes that travel inside the program and dress a page.
pub(crate) const THEMES: [&str; 2] = ["verbatim", "switchboard"];

/// The worked example's `site.yaml`, with another theme.
pub(crate) fn settings_with_theme(theme: &str) -> Vec<u8> {
    let settings = std::fs::read_to_string(repository("site.yaml")).unwrap();
    assert!(settings.contains("\ntheme: verbatim\n"), "the example names its theme");
    settings.replace("\ntheme: verbatim\n", &format!("\ntheme: {theme}\n")).into_bytes()
}

/// A build and everything it wrote.
pub(crate) struct Site {
    pub(crate) built: Built,
    /// Finished files by path: `actors/nvidia/index.html`.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// The text of an output file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// The text of what stands at an address: `/actors/nvidia/`.
    pub(crate) fn at(&self, url: &str) -> Option<&str> {
        self.text(OutPath::of_url(url).ok()?.as_str())
    }

    /// The report as a person at a terminal of 100 columns sees it.
    pub(crate) fn report(&self) -> String {
        shown(&self.built.report, &self.built.sources)
    }
}

/// The report as a person sees it, without the lines that name the manual page.
pub(crate) fn shown(report: &Report, sources: &Sources) -> String {
    let options = HumanOptions { width: 100, ..HumanOptions::default() };
    let text = human(report, sources, &options);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("= more: rejoinder explain "));
    lines.map(|line| format!("{}\n", line.trim_end())).collect::<String>().trim_end().to_owned()
}

/// Builds a project and keeps what it wrote.
///
/// # Errors
/// When the engine itself could not run.
pub(crate) fn build(files: &dyn Files, options: &BuildOptions) -> Result<Site, Failure> {
    build_on(files, options, &Ledger::default(), &BTreeMap::new())
}

/// The same on what an earlier build remembered and wrote.
///
/// # Errors
/// As for [`build`].
pub(crate) fn build_on(
    files: &dyn Files,
    options: &BuildOptions,
    ledger: &Ledger,
    before: &BTreeMap<String, Vec<u8>>,
) -> Result<Site, Failure> {
    let shelf = Shelf { before, files: Mutex::default(), kept: Mutex::default() };
    let cards = options.card_shelf.clone().unwrap_or_else(|| Cards::of_all_tests());
    let options = BuildOptions { card_shelf: Some(cards), ..options.clone() };
    let mut built = engine::build_on(files, &options, ledger, &shelf)?;
    built.read_sources(files)?;
    Ok(Site { built, files: shelf.files.into_inner().unwrap() })
}

/// Share cards by name, in memory.
#[derive(Debug, Default)]
pub(crate) struct Cards(pub(crate) Mutex<BTreeMap<String, Vec<u8>>>);

impl Cards {
    /// Those of all tests: each is drawn once, since drawing takes longer than building.
    pub(crate) fn of_all_tests() -> Arc<dyn engine::Shelf> {
        static ALL: OnceLock<Arc<Cards>> = OnceLock::new();
        Arc::<Cards>::clone(ALL.get_or_init(Arc::default))
    }
}

impl engine::Shelf for Cards {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.0.lock().unwrap().get(name).cloned()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        self.0.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
    }
}

/// A sink that keeps everything.
struct Shelf<'b> {
    before: &'b BTreeMap<String, Vec<u8>>,
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    kept: Mutex<BTreeSet<String>>,
}

impl Sink for Shelf<'_> {
    fn put(&self, path: &OutPath, bytes: &[u8], _: &Fingerprint) -> Result<(), Failure> {
        let before = self.files.lock().unwrap().insert(path.as_str().to_owned(), bytes.to_vec());
        // What was kept may be put after all.
        let was_kept = self.kept.lock().unwrap().remove(path.as_str());
        assert!(was_kept || before.is_none(), "{} was written twice", path.as_str());
        Ok(())
    }

    fn keep(&self, path: &OutPath, fingerprint: &Fingerprint, _: u64) -> Result<bool, Failure> {
        let Some(bytes) = self.before.get(path.as_str()) else { return Ok(false) };
        if Fingerprint::of(bytes) != *fingerprint {
            return Ok(false);
        }
        self.files.lock().unwrap().insert(path.as_str().to_owned(), bytes.clone());
        self.kept.lock().unwrap().insert(path.as_str().to_owned());
        Ok(true)
    }
}
