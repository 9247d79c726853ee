//! A small site that is another one each time, and how it is published without the program around.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use rejoinder::diag::Failure;
use rejoinder::publish::driver::{self, Bytes, Pace, Run};
use rejoinder::publish::journal::Journal;
use rejoinder::publish::look::{self, Look, Observed};
use rejoinder::publish::record::Record;
use rejoinder::publish::{File, Options, Plan, Release, Store, draw};
use rejoinder::text::{Fingerprint, OutPath};

/// Pages that every version has, and others that only some have.
const N_STAY: usize = 12;
const N_COME: usize = 3;

/// A version of a site: every page changes, three go and three come, a style and a script get other names.
pub(super) struct Version {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) release: Release,
}

impl Version {
    pub(super) fn new(number: usize) -> Version {
        let mut files = BTreeMap::new();
        let style = format!("a {{ --version: {number} }}\n");
        let digest = Fingerprint::of(style.as_bytes()).hex()[..8].to_owned();
        let css = format!("assets/site.{digest}.css");
        let js = format!("assets/site.{digest}.js");
        files.insert(css.clone(), style.into_bytes());
        files.insert(js.clone(), format!("// {number}\n").into_bytes());
        let own = |it: usize| format!("new/v{number}-{it}/index.html");
        let stays = |it: usize| format!("pages/p{it}/index.html");
        let pages: Vec<String> = (0..N_STAY).map(stays).chain((0..N_COME).map(own)).collect();
        for (idx, page) in pages.iter().enumerate() {
            let next = &pages[(idx + 1) % pages.len()];
            let text = html(number, "../../", &css, &js, &[next.clone(), "index.html".to_owned()]);
            files.insert(page.clone(), text);
            let twin = page.replace(".html", ".json");
            files.insert(twin, format!("{{\"version\":{number},\"page\":{idx}}}\n").into_bytes());
        }
        files.insert("index.html".to_owned(), html(number, "", &css, &js, &pages));
        files.insert("404.html".to_owned(), html(number, "", &css, &js, &[]));
        files.insert("feed.xml".to_owned(), format!("<feed>{number}</feed>\n").into_bytes());
        // A name that has to be written otherwise in an address.
        files.insert("pictures/ä b+c.svg".to_owned(), format!("<svg id='n{number}'/>").into_bytes());
        let listed = files.iter().map(|(path, bytes)| {
            File::new(OutPath::new(path).unwrap(), bytes.len() as u64, Fingerprint::of(bytes))
        });
        let release = Release {
            title: "Test".to_owned(),
            base_url: "https://site.example/".to_owned(),
            files: listed.collect(),
            ..Release::default()
        };
        Version { files, release }
    }
}

fn html(number: usize, up: &str, css: &str, js: &str, links: &[String]) -> Vec<u8> {
    let links: Vec<String> = links.iter().map(|it| format!("<a href=\"{up}{it}\">x</a>\n")).collect();
    format!(
        "<!doctype html><link rel=stylesheet href=\"{up}{css}\"><script src=\"{up}{js}\"></script>\n<p>{number}\n{}",
        links.concat()
    )
    .into_bytes()
}

/// The files that a page of ours asks for, by path.
pub(super) fn links(page: &str, text: &[u8]) -> BTreeSet<String> {
    let text = std::str::from_utf8(text).unwrap();
    let attributes = ["href=\"", "src=\""].into_iter().flat_map(|it| text.split(it).skip(1));
    let targets = attributes.map(|rest| rest.split('"').next().unwrap());
    let depth = page.matches('/').count();
    targets
        .map(|it| {
            let up = "../".repeat(depth);
            it.strip_prefix(&up).unwrap_or_else(|| panic!("{page} links to {it}")).to_owned()
        })
        .collect()
}

impl Bytes for Version {
    fn bytes(&self, file: &File) -> Result<Vec<u8>, Failure> {
        Ok(self.files[file.path.as_str()].clone())
    }
}

/// Waits for nobody, and notes how long it would have.
#[derive(Default)]
pub(super) struct NoPause(pub(super) Mutex<Vec<Duration>>);

impl Pace for NoPause {
    fn pause(&self, time: Duration) {
        self.0.lock().unwrap().push(time);
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

/// Who publishes, when, and where that is remembered.
pub(super) struct Publisher<'a> {
    pub(super) name: &'a str,
    pub(super) journal: &'a Path,
    pub(super) at_once: usize,
    pub(super) pace: &'a dyn Pace,
    pub(super) now: i64,
}

impl Publisher<'_> {
    /// What would be done.
    pub(super) fn plan(&self, version: &Version, store: &dyn Store) -> Result<(Plan, Observed), Failure> {
        let options = Options { now: self.now, claimant: self.name.to_owned(), ..Options::default() };
        // The site is small: it always looks at what changes alone, where the record allows that.
        let look = Look { pace: self.pace, at_once: usize::from(u16::MAX), at_all: false };
        look::plan(store, &look, &|remote| draw(&version.release, remote, &options))
    }

    /// The steps of the command, in its order.
    pub(super) fn publish(&self, version: &Version, store: &dyn Store) -> Result<Record, Failure> {
        let (plan, observed) = self.plan(version, store)?;
        self.carry_out(&plan, &observed, version, store)
    }

    pub(super) fn carry_out(
        &self,
        plan: &Plan,
        observed: &Observed,
        version: &Version,
        store: &dyn Store,
    ) -> Result<Record, Failure> {
        if let Some(refusal) = plan.refusals.first() {
            return Err(refusal.failure());
        }
        if plan.is_nothing() {
            return Ok(plan.record.clone());
        }
        let claim = observed.remote.record.as_ref().and_then(|it| it.claim.as_ref());
        let resumes = claim.is_some_and(|it| it.by == self.name && it.release == plan.release.digest());
        let journal = Journal::open(self.journal, plan.release.digest(), plan.release.number, resumes)?;
        let run = Run {
            bytes: version,
            pace: self.pace,
            cache: None,
            journal: &journal,
            at_once: self.at_once,
            progress: &|_, _, _| (),
        };
        let record = driver::execute(plan, observed.tag.as_ref(), store, &run)?;
        journal.close();
        Ok(record)
    }
}
