//! Cases: tiny sites in memory. Every `tests/cases/**/*.md` is found and run; `tests/cases/README.md` says how to write one.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rejoinder::diag::Level;
use rejoinder::engine::{BuildOptions, Ledger};
use rejoinder::input::MemoryFiles;
use rejoinder::text::{Edtf, OutPath};
use rejoinder::verify::Signature;

use crate::case_file::{self, Case, Fence};
use crate::diff::diff;
use crate::excerpt;
use crate::sites::without_fingerprints;
use crate::world::{self, Site, is_update, repository, say};

/// One test for each directory below `tests/cases`, so that the harness runs them side by side and filters by name.
macro_rules! groups {
    ($($name:ident: $directory:literal,)*) => {
        $(#[test]
        fn $name() {
            run_group($directory);
        })*

        const GROUPS: &[&str] = &[$($directory),*];
    };
}

groups! {
    front_matter: "front-matter",
    markdown: "markdown",
    references: "references",
    checks: "checks",
    templates: "templates",
    output: "output",
    engine: "engine",
    features: "features",
}

#[test]
fn every_directory_of_cases_is_run() {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(repository("tests/cases")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() && !name.ends_with(".site") {
            found.insert(name);
        } else if name.ends_with(".md") {
            assert_eq!(name, "README.md", "a case file belongs into a directory of tests/cases");
        }
    }
    let known: BTreeSet<String> = GROUPS.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(found, known, "list a new directory of tests/cases in `groups!` of tests/it/cases.rs");
}

/// The case files below a directory of `tests/cases`, by path.
pub(crate) fn files(directory: &str) -> Vec<PathBuf> {
    let dir = repository("tests/cases").join(directory);
    let found = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().filter_map(Result::ok);
    found.map(walkdir::DirEntry::into_path).filter(|it| it.extension().is_some_and(|it| it == "md")).collect()
}

/// Runs every case of a directory, and reports all that fail.
fn run_group(directory: &str) {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let mut failures = Vec::new();
    let mut times: Vec<(Duration, String)> = Vec::new();
    for path in files(directory) {
        let shown = path.strip_prefix(repository("")).unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let cases = match case_file::read(&text) {
            Ok(cases) => cases,
            Err(error) => {
                failures.push(format!("{shown}: {error}\n"));
                continue;
            }
        };
        let mut updates: Vec<(&Fence, String)> = Vec::new();
        for case in cases.iter().filter(|case| case.name.contains(&wanted)) {
            let started = Instant::now();
            match catch_unwind(AssertUnwindSafe(|| run(case))) {
                Ok(found) => {
                    for Mismatch { fence, words, actual } in found {
                        match actual {
                            Some(actual) if is_update() => updates.push((fence, actual)),
                            _ => failures.push(format!("{shown}:{}: {}\n{words}", fence.line, case.name)),
                        }
                    }
                }
                Err(panic) => {
                    let said = panic.downcast_ref::<String>().map(String::as_str);
                    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("");
                    failures.push(format!("{shown}:{}: {} panicked: {said}\n", case.line, case.name));
                }
            }
            times.push((started.elapsed(), format!("{shown}:{} {}", case.line, case.name)));
        }
        if !updates.is_empty() {
            std::fs::write(&path, case_file::rewritten(&text, &updates)).unwrap();
        }
    }
    assert!(!times.is_empty() || !wanted.is_empty(), "no case in tests/cases/{directory}");
    tell(directory, &mut times);
    assert!(
        failures.is_empty(),
        "\n{}\n{} of {} cases in {directory} fail; UPDATE=1 writes what is there now",
        failures.join("\n"),
        failures.len(),
        times.len()
    );
}

/// How many cases there were and which took longest. One lock, so that groups do not talk at once.
fn tell(directory: &str, times: &mut [(Duration, String)]) {
    static TALKING: Mutex<()> = Mutex::new(());
    let _talking = TALKING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    times.sort_by(|a, b| b.cmp(a));
    let total: Duration = times.iter().map(|(time, _)| *time).sum();
    let slowest =
        times.iter().take(5).map(|(time, name)| format!("    {:>5} ms  {name}\n", time.as_millis()));
    say(&format!(
        "{} cases in {directory}, {} ms; the slowest:\n{}",
        times.len(),
        total.as_millis(),
        slowest.collect::<String>().trim_end()
    ));
}

/// An expectation that does not hold.
struct Mismatch<'c> {
    fence: &'c Fence,
    /// What is wrong, for people.
    words: String,
    /// What the fence would have to hold; `None` when no text would do.
    actual: Option<String>,
}

/// The code of quotations that were never compared.
const UNVERIFIED: &str = "quote-unverified";

/// The site of a case as it stands, and what became of it.
struct State<'c> {
    files: MemoryFiles,
    has_config: bool,
    options: BuildOptions,
    /// The last build, if nothing changed since.
    site: Option<Site>,
    /// The last build before the last edit that was sound.
    before: Option<Site>,
    /// The fence that speaks for the build as a whole: the last file or edit.
    last: Option<&'c Fence>,
    report_seen: bool,
    /// Whether the case is about quotations that were never compared. In all others they are no news: tiny sites have no
    /// copies of their sources.
    tells_unverified: bool,
    mismatches: Vec<Mismatch<'c>>,
}

fn run(case: &Case) -> Vec<Mismatch<'_>> {
    // Only a program with a name remembers anything.
    let program = if case.fences.iter().any(is_edit) { "cases".to_owned() } else { String::new() };
    let mut state = State {
        files: MemoryFiles::new(),
        has_config: false,
        options: BuildOptions { jobs: Some(1), program, ..BuildOptions::default() },
        site: None,
        before: None,
        last: None,
        report_seen: false,
        tells_unverified: case.name.contains(UNVERIFIED),
        mismatches: Vec::new(),
    };
    for fence in &case.fences {
        if let Err(words) = state.take(fence) {
            state.mismatches.push(Mismatch { fence, words: format!("    {words}\n"), actual: None });
        }
    }
    if let Err(words) = state.close() {
        let fence = case.fences.last().expect("a case has fences");
        state.mismatches.push(Mismatch { fence, words: format!("    {words}\n"), actual: None });
    }
    state.mismatches
}

impl<'c> State<'c> {
    /// Does what a fence says.
    fn take(&mut self, fence: &'c Fence) -> Result<(), String> {
        let (verb, rest) = fence.info.split_once(' ').unwrap_or((&fence.info, ""));
        let rest = rest.trim();
        match verb {
            "use" => self.change(fence, false, |state| {
                let dir = repository("tests/cases").join(format!("{rest}.site"));
                let files = world::tree(&dir);
                if files.is_empty() {
                    return Err(format!("there is no tests/cases/{rest}.site/"));
                }
                for (path, bytes) in files {
                    state.has_config |= path == "site.yaml";
                    state.files.insert(path, bytes);
                }
                Ok(())
            }),
            "options" => self.change(fence, false, |state| {
                for line in fence.body.lines() {
                    match line.split_once(": ") {
                        Some(("drafts", value)) => state.options.drafts = value == "true",
                        Some(("links", value)) => state.options.links = value == "true",
                        Some(("base_url", value)) => state.options.base_url = Some(value.to_owned()),
                        Some(("update_lock", value)) => {
                            let (on, by) = value.split_once(' ').ok_or("write: update_lock: day name")?;
                            let signature = Signature { on: on.to_owned(), by: by.to_owned() };
                            state.options.update_lock = Some(signature);
                        }
                        Some(("today", value)) => {
                            let day = Edtf::parse(value).ok().and_then(|it| it.earliest());
                            state.options.today = Some(day.ok_or("`today` is a day such as 2025-01-30")?);
                        }
                        _ => return Err(format!("`{line}` is no option of a build")),
                    }
                }
                Ok(())
            }),
            "edit" => self.change(fence, true, |state| state.write(rest, fence)),
            "change" => self.change(fence, true, |state| {
                let text = case_file::changed(&state.text(rest)?, &fence.body)?;
                state.insert(rest, text.into_bytes());
                Ok(())
            }),
            "touch" => self.change(fence, true, |state| {
                let bytes = state.bytes(rest)?;
                state.insert(rest, bytes);
                Ok(())
            }),
            "delete" => self.change(fence, true, |state| {
                state.files.remove(rest);
                Ok(())
            }),
            "rename" => self.change(fence, true, |state| state.rename(rest)),
            "released" => self.change(fence, false, |state| {
                state.options.released_lock = Some(format!("{}\n", fence.body.trim_end()));
                Ok(())
            }),
            "lock" => {
                self.build()?;
                let text =
                    self.site().built.lock.as_deref().unwrap_or("(stays as it is)").trim_end().to_owned();
                self.compare(fence, text);
                Ok(())
            }
            "report" => {
                self.build()?;
                self.report_seen = true;
                let mut actual = self.site().report();
                if !rest.is_empty() {
                    let n: usize =
                        rest.parse().map_err(|_| "write `report`, or `report 2` for the first two")?;
                    let some: Vec<&str> = actual.split("\n\n").take(n).collect();
                    actual = some.join("\n\n");
                }
                self.compare(fence, actual);
                Ok(())
            }
            "page" | "text" => {
                let (url, selector) = rest.split_once(' ').ok_or("write: page /address/ selector")?;
                self.build()?;
                let shown = match self.site().at(url) {
                    None => Ok(format!("(there is no {url})")),
                    Some(page) if verb == "page" => excerpt::html(page, selector.trim()),
                    Some(page) => excerpt::text(page, selector.trim()),
                };
                self.compare(fence, without_fingerprints(&shown?));
                Ok(())
            }
            "json" => {
                let (url, pointer) =
                    rest.split_once(' ').ok_or("write: json /address/index.json /pointer")?;
                self.build()?;
                let shown = match self.site().at(url) {
                    None => format!("(there is no {url})"),
                    Some(text) => pointed(text, pointer.trim())?,
                };
                self.compare(fence, shown);
                Ok(())
            }
            "file" => {
                self.build()?;
                let shown = self.site().text(rest).map_or(format!("(there is no {rest})"), str::to_owned);
                self.compare(fence, shown);
                Ok(())
            }
            "files" => {
                self.build()?;
                let names = self.site().files.keys().filter(|it| it.starts_with(rest)).cloned();
                let names = names.collect::<Vec<_>>().join("\n");
                self.compare(fence, if names.is_empty() { "(nothing)".to_owned() } else { names });
                Ok(())
            }
            "ran" => {
                self.build()?;
                let before = self.before.as_ref().ok_or("`ran` needs a sound site and an edit before it")?;
                let ran = ran(before, self.site());
                self.compare(fence, ran);
                Ok(())
            }
            path if path.contains(['/', '.']) => {
                self.change(fence, false, |state| state.write(&fence.info, fence))
            }
            _ => Err(format!("`{}` is neither a path nor a known expectation", fence.info)),
        }
    }

    fn insert(&mut self, path: &str, bytes: Vec<u8>) {
        self.has_config |= path == "site.yaml";
        self.files.insert(path, bytes);
    }

    /// Writes a fence's body to the file its words name. A name may hold spaces.
    fn write(&mut self, words: &str, fence: &Fence) -> Result<(), String> {
        match words.strip_suffix(" escaped") {
            Some(path) => self.insert(path, case_file::unescaped(&fence.body)?),
            None => self.insert(words, fence.body.clone().into_bytes()),
        }
        Ok(())
    }

    /// What a file of the project holds.
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        use rejoinder::input::Files as _;
        let input = self.files.read(path).map_err(|it| it.to_string())?;
        Ok(input.ok_or_else(|| format!("there is no {path}"))?.bytes.to_vec())
    }

    fn text(&self, path: &str) -> Result<String, String> {
        String::from_utf8(self.bytes(path)?).map_err(|it| it.to_string())
    }

    fn rename(&mut self, rest: &str) -> Result<(), String> {
        let (from, to) = rest.split_once(' ').ok_or("write: rename old.md new.md")?;
        let bytes = self.bytes(from)?;
        self.files.remove(from);
        self.insert(to, bytes);
        Ok(())
    }

    /// Changes the project. The first of several edits in a row keeps the site that stood before them.
    fn change(
        &mut self,
        fence: &'c Fence,
        is_edit: bool,
        change: impl FnOnce(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        let edited_since_build = self.site.is_none() && self.before.is_some();
        if is_edit && !edited_since_build {
            self.build()?;
            self.close()?;
            // As a build that is delivered does: one with errors leaves what there was.
            self.before = self.site.take().filter(|it| it.built.ledger.is_some()).or(self.before.take());
        }
        self.site = None;
        self.report_seen = false;
        self.last = Some(fence);
        change(self)
    }

    fn build(&mut self) -> Result<(), String> {
        if self.site.is_some() {
            return Ok(());
        }
        if !self.has_config {
            self.insert("site.yaml", b"title: Test\n".to_vec());
        }
        let clean = world::build(&self.files, &self.options);
        let mut site = clean.map_err(|failure| format!("the build could not run: {failure}"))?;
        if let Some(before) = &self.before {
            site = on(before, &site, &self.files, &self.options)?;
        }
        if !self.tells_unverified {
            site.built.report.set_levels(|it| (it.code.name != UNVERIFIED).then_some(it.level));
        }
        self.site = Some(site);
        Ok(())
    }

    /// Ends what is said of one state of the site: without a `report`, nothing may be wrong.
    fn close(&mut self) -> Result<(), String> {
        self.build()?;
        if self.report_seen {
            return Ok(());
        }
        let report = &self.site().built.report;
        if report.count(Level::Error) + report.count(Level::Warning) == 0 {
            return Ok(());
        }
        let shown = self.site().report();
        Err(format!("without a `report` fence nothing may be wrong, but:\n{shown}"))
    }

    fn site(&self) -> &Site {
        self.site.as_ref().expect("built before anything is said of it")
    }

    fn compare(&mut self, fence: &'c Fence, actual: String) {
        let words = diff(fence.body.trim_end(), actual.trim_end());
        if !words.is_empty() {
            self.mismatches.push(Mismatch { fence, words, actual: Some(actual) });
        }
    }
}

/// A part of a JSON document, by JSON pointer (`/page/title`; `/` alone is the whole).
fn pointed(text: &str, pointer: &str) -> Result<String, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let part = value.pointer(if pointer == "/" { "" } else { pointer });
    Ok(part.map_or("(nothing there)".to_owned(), |it| serde_json::to_string_pretty(it).expect("it was JSON")))
}

/// Whether a fence changes a site that was built.
fn is_edit(fence: &Fence) -> bool {
    let verb = fence.info.split(' ').next().unwrap_or("");
    ["edit", "change", "touch", "delete", "rename"].contains(&verb)
}

/// The build of an edited site on what was there before, which has to come to what a clean build came to.
fn on(before: &Site, clean: &Site, files: &MemoryFiles, options: &BuildOptions) -> Result<Site, String> {
    let ledger = before.built.ledger.clone().unwrap_or_default();
    // Read back from bytes, as the next process does.
    let ledger = Ledger::from_bytes(ledger.to_bytes());
    let mut site = world::build_on(files, options, &ledger, &before.files)
        .map_err(|failure| format!("the build could not run: {failure}"))?;
    if site.report() != clean.report() {
        return Err(format!("a clean build reports otherwise:\n{}", diff(&clean.report(), &site.report())));
    }
    if clean.built.report.has_errors() {
        return Ok(site);
    }
    let paths: BTreeSet<&String> = clean.files.keys().chain(site.files.keys()).collect();
    let differ: Vec<&str> = paths
        .into_iter()
        .filter(|it| clean.files.get(*it) != site.files.get(*it))
        .map(String::as_str)
        .collect();
    if !differ.is_empty() {
        return Err(format!("a clean build makes these otherwise: {}", differ.join(", ")));
    }
    // What is remembered of a build that did nothing is what was remembered before it.
    site.built.ledger = site.built.ledger.take().or(Some(ledger));
    Ok(site)
}

/// What was made after an edit and why, with what it had come to before; what went; and how many addresses were taken over.
/// A route that was made with the same bytes is `again`: work that could have been spared.
fn ran(before: &Site, after: &Site) -> String {
    // Of files, because a build that does nothing has no edition. A page's JSON twin goes with the page.
    let url = |path: &String| {
        let url = OutPath::new(path).expect("the engine made it").url();
        match url.strip_suffix("index.json") {
            Some(page) => page.to_owned(),
            None => url,
        }
    };
    let differ = after.files.iter().filter(|(path, bytes)| before.files.get(*path) != Some(bytes));
    let written: BTreeSet<String> = differ.map(|(path, _)| url(path)).collect();
    let removed = before.files.keys().filter(|path| !after.files.contains_key(*path));
    let removed: BTreeSet<String> = removed.map(url).collect();
    let there: BTreeSet<String> = before.files.keys().map(url).collect();
    let word = |url: &str| match url {
        _ if !there.contains(url) => "new",
        _ if written.contains(url) => "made",
        _ => "again",
    };
    let made: BTreeMap<&str, &str> = after.built.made.iter().map(|it| (&*it.url, &*it.why)).collect();
    let unasked = written.iter().map(String::as_str).filter(|url| !made.contains_key(url));
    let lines = made.iter().map(|(url, why)| (*url, word(url), *why));
    let lines = lines.chain(unasked.map(|url| (url, word(url), "")));
    let lines = lines.chain(removed.iter().map(|url| (url.as_str(), "gone", "")));
    let mut lines: Vec<_> = lines.map(|(url, word, why)| (without_fingerprints(url), word, why)).collect();
    lines.sort();
    let kept = after.built.counts.routes - after.built.made.len();
    let lines = lines
        .into_iter()
        .map(|(url, word, why)| format!("{word:<6}  {url:<20}  {why}").trim_end().to_owned());
    lines.chain([format!("kept    {kept}")]).collect::<Vec<_>>().join("\n")
}
