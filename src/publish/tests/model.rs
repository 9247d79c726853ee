//! Sites whose links can be read, a store in memory that fails when it is told to, and a reader who follows every link.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use crate::diag::Failure;
use crate::publish::cache::Cache;
use crate::publish::driver::{Bytes, Pace, Run, execute};
use crate::publish::journal::Journal;
use crate::publish::look::{self, Look, Observed};
use crate::publish::plan::{Listed, Options, Phase, Plan, draw};
use crate::publish::record::{DIR, RECORD, Record};
use crate::publish::release::{File, Headers, Release};
use crate::publish::store::{Store, StoreError, Tag, Trouble};
use crate::text::{Fingerprint, OutPath};

/// A site: what stands at each path. A page is a list of paths that it leads to or needs, one a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Site(pub(super) BTreeMap<String, Vec<u8>>);

impl Site {
    /// A site of some pages, each with a word of its own that changes it. The home page leads to all, each page to the
    /// next, and all need the style sheet, whose name holds its digest.
    pub(super) fn new(pages: &[(&str, &str)], style: &str) -> Site {
        let mut files = BTreeMap::new();
        let sheet = format!("assets/style.{}.css", Fingerprint::of(style.as_bytes()).short());
        files.insert(sheet.clone(), style.as_bytes().to_vec());
        let address = |name: &str| format!("{name}/index.html");
        let mut home = format!("{sheet}\nfeed.xml\n");
        for (idx, (name, word)) in pages.iter().enumerate() {
            let next = pages[(idx + 1) % pages.len()].0;
            let text = format!("{sheet}\nindex.html\n{}\n# {word}\n", address(next));
            files.insert(address(name), text.into_bytes());
            files.insert(format!("{name}/index.json"), format!("{{\"word\": \"{word}\"}}").into_bytes());
            home.push_str(&format!("{}\n", address(name)));
        }
        files.insert("feed.xml".to_owned(), home.clone().into_bytes());
        files.insert("404.html".to_owned(), format!("{sheet}\nindex.html\n").into_bytes());
        files.insert("index.html".to_owned(), home.into_bytes());
        Site(files)
    }

    pub(super) fn release(&self) -> Release {
        let file = |(path, bytes): (&String, &Vec<u8>)| {
            File::new(OutPath::new(path).unwrap(), bytes.len() as u64, Fingerprint::of(bytes))
        };
        Release {
            title: "Test".to_owned(),
            base_url: "https://a.example/".to_owned(),
            files: self.0.iter().map(file).collect(),
            ..Release::default()
        }
    }
}

impl Bytes for Site {
    fn bytes(&self, file: &File) -> Result<Vec<u8>, Failure> {
        Ok(self.0[file.path.as_str()].clone())
    }
}

/// How a request fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// The host refuses with this status; nothing was done.
    Refused(u16),
    /// It was done, and then the connection was cut, or this status came back.
    Lost(u16),
    /// Nothing came back in time; nothing was done.
    Stalled,
}

/// When requests fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    /// The first one that does, counted from 0.
    pub(super) from: usize,
    /// How many do.
    pub(super) n: usize,
    pub(super) fault: Fault,
}

#[derive(Default)]
pub(super) struct World {
    pub(super) files: BTreeMap<String, (Vec<u8>, Headers)>,
    pub(super) n_requests: usize,
    pub(super) when: Option<When>,
    /// What was done, in order.
    pub(super) done: Vec<String>,
}

/// Judges the world after each thing that was done.
type Watch<'a> = dyn Fn(&World) + Sync + 'a;

/// A store in memory.
pub(super) struct Model<'a> {
    pub(super) world: Mutex<World>,
    pub(super) watch: Box<Watch<'a>>,
}

impl<'a> Model<'a> {
    pub(super) fn new() -> Model<'a> {
        Model { world: Mutex::default(), watch: Box::new(|_| ()) }
    }

    pub(super) fn watched(world: World, watch: impl Fn(&World) + Sync + 'a) -> Model<'a> {
        Model { world: Mutex::new(world), watch: Box::new(watch) }
    }

    fn request<T>(
        &self,
        what: String,
        act: impl FnOnce(&mut World) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut world = self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let idx = world.n_requests;
        world.n_requests += 1;
        let fault =
            world.when.filter(|it| (it.from..it.from.saturating_add(it.n)).contains(&idx)).map(|it| it.fault);
        let wait = Some(Duration::from_secs(7));
        match fault {
            Some(Fault::Refused(status)) => {
                return Err(StoreError::of_status(status, wait, format!("status {status}")));
            }
            Some(Fault::Stalled) => return Err(StoreError::new(Trouble::Again(None), "no answer in time")),
            Some(Fault::Lost(_)) | None => (),
        }
        let answer = act(&mut world);
        if answer.is_ok() {
            world.done.push(what);
            (self.watch)(&world);
        }
        match fault {
            Some(Fault::Lost(status)) => Err(StoreError::of_status(status, wait, "the connection was cut")),
            _ => answer,
        }
    }

    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.world
            .lock()
            .unwrap()
            .files
            .iter()
            .map(|(path, (bytes, _))| (path.clone(), bytes.clone()))
            .collect()
    }

    pub(super) fn record_now(&self) -> Option<Record> {
        self.files().get(RECORD).map(|it| Record::parse(it).unwrap())
    }
}

fn tag_of(bytes: &[u8]) -> Tag {
    Tag(Fingerprint::of(bytes).hex())
}

impl Store for Model<'_> {
    fn name(&self) -> String {
        "model".to_owned()
    }

    fn compares(&self) -> bool {
        true
    }

    fn list(&self) -> Result<BTreeMap<String, Listed>, StoreError> {
        self.request("list".to_owned(), |world| {
            let listed = |(path, (bytes, _)): (&String, &(Vec<u8>, Headers))| {
                let etag = Some(Fingerprint::of(bytes).short());
                (path.clone(), Listed { size: bytes.len() as u64, etag, fingerprint: None })
            };
            Ok(world.files.iter().map(listed).collect())
        })
    }

    fn look(&self, key: &str) -> Result<Option<Listed>, StoreError> {
        self.request(format!("look {key}"), |world| {
            let listed = |(bytes, _): &(Vec<u8>, Headers)| {
                let etag = Some(Fingerprint::of(bytes).short());
                Listed { size: bytes.len() as u64, etag, fingerprint: None }
            };
            Ok(world.files.get(key).map(listed))
        })
    }

    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.request(format!("get {key}"), |world| Ok(world.files.get(key).map(|it| it.0.clone())))
    }

    fn record(&self) -> Result<Option<(Vec<u8>, Tag)>, StoreError> {
        self.request("read record".to_owned(), |world| {
            Ok(world.files.get(RECORD).map(|(bytes, _)| (bytes.clone(), tag_of(bytes))))
        })
    }

    fn swap_record(&self, bytes: Vec<u8>, expected: Option<&Tag>) -> Result<Tag, StoreError> {
        self.request("swap record".to_owned(), |world| {
            let now = world.files.get(RECORD).map(|(bytes, _)| tag_of(bytes));
            if now.as_ref() != expected {
                return Err(StoreError::of_status(412, None, "precondition failed"));
            }
            let tag = tag_of(&bytes);
            world.files.insert(RECORD.to_owned(), (bytes, Headers::of(RECORD)));
            Ok(tag)
        })
    }

    fn put(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<Option<String>, StoreError> {
        self.request(format!("put {key}"), |world| {
            let etag = Fingerprint::of(&bytes).short();
            world.files.insert(key.to_owned(), (bytes, headers.clone()));
            Ok(Some(etag))
        })
    }

    fn copy(&self, from: &str, to: &str, headers: &Headers) -> Result<Option<String>, StoreError> {
        self.request(format!("copy {from} {to}"), |world| {
            let bytes = world.files.get(from).map(|it| it.0.clone());
            let bytes = bytes.ok_or_else(|| StoreError::of_status(404, None, "no such file"))?;
            let etag = Fingerprint::of(&bytes).short();
            world.files.insert(to.to_owned(), (bytes, headers.clone()));
            Ok(Some(etag))
        })
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.request(format!("delete {key}"), |world| {
            world.files.remove(key);
            Ok(())
        })
    }
}

impl Cache for Model<'_> {
    fn name(&self) -> String {
        "model cache".to_owned()
    }

    fn tell(&self, _: &Release, addresses: &[String]) -> Result<(), StoreError> {
        self.request(format!("invalidate {}", addresses.join(" ")), |_| Ok(()))
    }
}

/// Time that does not pass, and is added up.
#[derive(Default)]
pub(super) struct Paused(pub(super) Mutex<Vec<Duration>>);

impl Pace for Paused {
    fn pause(&self, time: Duration) {
        self.0.lock().unwrap().push(time);
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

/// One who publishes.
pub(super) struct Publisher<'j> {
    pub(super) options: Options,
    pub(super) journal: Option<&'j std::path::Path>,
    pub(super) at_once: usize,
    pub(super) look: Looks,
}

/// How a publisher looks at what is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Looks {
    /// At what changes, however much that is.
    AtChanges,
    /// At what changes, where that is not more work than to list all: as the program does.
    AsUsual,
    AtAll,
}

impl Publisher<'_> {
    pub(super) fn new(claimant: &str) -> Publisher<'static> {
        let options =
            Options { claimant: claimant.to_owned(), now: 1_000_000, cdn: true, ..Options::default() };
        Publisher { options, journal: None, at_once: 1, look: Looks::AtChanges }
    }

    pub(super) fn plan(&self, site: &Site, store: &Model<'_>) -> Result<(Plan, Observed), Failure> {
        let at_once = if self.look == Looks::AsUsual { 16 } else { usize::from(u16::MAX) };
        let look = Look { pace: &Paused::default(), at_once, at_all: self.look == Looks::AtAll };
        look::plan(store, &look, &|remote| draw(&site.release(), remote, &self.options))
    }

    /// Plans and publishes. The number of operations.
    pub(super) fn publish(&self, site: &Site, store: &Model<'_>) -> Result<usize, Failure> {
        let (plan, observed) = self.plan(site, store)?;
        if let Some(refusal) = plan.refusals.first() {
            return Err(refusal.failure());
        }
        if plan.is_nothing() {
            return Ok(0);
        }
        self.execute(&plan, &observed, site, store)?;
        Ok(plan.operations.len())
    }

    pub(super) fn execute(
        &self,
        plan: &Plan,
        observed: &Observed,
        bytes: &dyn Bytes,
        store: &Model<'_>,
    ) -> Result<Record, Failure> {
        let claim = observed.remote.record.as_ref().and_then(|it| it.claim.as_ref());
        let resumes =
            claim.is_some_and(|it| it.by == self.options.claimant && it.release == plan.release.digest());
        let journal = match self.journal {
            Some(path) => Journal::open(path, plan.release.digest(), plan.release.number, resumes)?,
            None => Journal::in_memory(),
        };
        let pace = Paused::default();
        let progress = |_: Phase, _: usize, _: u64| ();
        let run = Run {
            bytes,
            pace: &pace,
            cache: Some(store),
            journal: &journal,
            at_once: self.at_once,
            progress: &progress,
        };
        execute(plan, observed.tag.as_ref(), store, &run)
    }
}

/// Follows every link from the home page, as a reader does. What leads nowhere, or is no state of any of the sites.
pub(super) fn broken(world: &World, sites: &[&Site]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec!["index.html".to_owned()];
    if !world.files.contains_key("index.html") {
        return wrong;
    }
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let Some((bytes, _)) = world.files.get(&path) else {
            wrong.push(format!("{path} is not there"));
            continue;
        };
        if !sites.iter().any(|it| it.0.get(&path) == Some(bytes)) {
            wrong.push(format!("{path} is of no site"));
        }
        if path.ends_with(".html") || path.ends_with(".xml") {
            let text = String::from_utf8_lossy(bytes).into_owned();
            waiting.extend(text.lines().filter(|it| !it.starts_with('#')).map(str::to_owned));
        }
    }
    wrong
}

/// What readers can ask for: all but what is ours.
pub(super) fn readable(store: &Model<'_>) -> BTreeMap<String, Vec<u8>> {
    store.files().into_iter().filter(|(path, _)| !path.starts_with(DIR)).collect()
}

/// A site with this many pages, some changed, some gone and some new in the second edition.
pub(super) fn two_editions(n: usize) -> (Site, Site) {
    let names: Vec<String> = (0..n).map(|it| format!("part{}/p{it}", it % 3)).collect();
    let old: Vec<(&str, &str)> = names[..n * 3 / 4].iter().map(|it| (it.as_str(), "old")).collect();
    let new = names.iter().enumerate().filter(|(idx, _)| idx % 8 != 3);
    let new: Vec<(&str, &str)> =
        new.map(|(idx, it)| (it.as_str(), if idx % 4 == 0 { "old" } else { "new" })).collect();
    (Site::new(&old, "body {}"), Site::new(&new, "body { margin: 0 }"))
}

/// A store with a site published, and files of others.
pub(super) fn with_site<'a>(site: &Site) -> Model<'a> {
    let store = Model::new();
    {
        let mut world = store.world.lock().unwrap();
        for (path, bytes) in foreign() {
            world.files.insert(path, (bytes, Headers::of("a.txt")));
        }
    }
    Publisher::new("first").publish(site, &store).unwrap();
    store
}

/// Files of others.
pub(super) fn foreign() -> BTreeMap<String, Vec<u8>> {
    let file = |path: &str| (path.to_owned(), format!("{path} is not ours").into_bytes());
    ["CNAME", ".well-known/security.txt"].map(file).into_iter().collect()
}
