//! What is remembered between builds: what was asked of the files, what each route read, and what came of it.
//!
//! Nothing leans on it. It belongs to one program and one set of options; with any doubt it is as good as empty, and everything
//! is made again. Deleting it costs time and changes nothing else.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::keys::{Value, in_words};
use super::known::{Known, Line};
use super::reads::Reads;
use super::seen::{Seeing, Seen};
use super::stored::{Fetch, Stored};
use super::{BuildOptions, Counts};
use crate::diag::{Failure, Told};
use crate::edition::Entry;
use crate::graph::{Graph, Key, NodeId, Verification};
use crate::input::Files;
use crate::model::Kind;
use crate::text::{Day, Fingerprint, OutPath};

/// What one build knows that the next can use: the ledger below `.rejoinder/`.
///
/// It comes in parts. The head says whether anything has changed at all; the others are larger, and are read only when
/// something has.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub(super) head: Head,
    /// Shared by all copies, so that whoever reads it first reads it for all.
    parts: Arc<Parts>,
    /// What a build added to the ledger it was made on, if that is all the difference.
    addition: Option<(u64, Arc<Addition>)>,
}

/// The parts of a ledger behind its head.
#[derive(Debug, Default)]
struct Parts {
    rest: OnceLock<Rest>,
    known: OnceLock<Known>,
    /// Where they are read from.
    stored: Option<Stored>,
}

/// What tells whether anything has changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    /// Which program, with which options.
    pub(super) maker: String,
    /// The day that checks were asked about.
    pub(super) day: Option<Day>,
    /// What was asked of the project's files.
    pub(super) seen: Seen,
    /// The report, with places as spans, and what the whole build came to.
    pub(super) told: Told,
    /// How much there was.
    pub(super) counts: Counts,
    /// Every file of the output with its digest and size.
    pub(super) files: Vec<(OutPath, Fingerprint, u64)>,
}

/// What tells what has to be made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Rest {
    /// The settings, and what every page is told of the site.
    pub(super) settings: Option<Value>,
    /// The nodes of the graph; a [`NodeId`] in `keys` is a place in here.
    pub(super) nodes: Vec<(Kind, Box<str>)>,
    /// Every key that some route read, with its value, in any order.
    pub(super) keys: Vec<(Key, Value)>,
    /// Templates with all they are made of.
    pub(super) templates: BTreeMap<String, Fingerprint>,
    /// Every route, by path.
    pub(super) routes: Vec<Remembered>,
    /// Redirects, assets and copies, by path.
    pub(super) others: Vec<(OutPath, Entry)>,
    /// How the words of each quotation stand in its sources.
    pub(super) quotations: BTreeMap<NodeId, Vec<Verification>>,
    /// Every image that some text shows, by file.
    pub(super) images: BTreeMap<Arc<str>, super::images::Known>,
}

/// What one route came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// Its address.
    pub(super) url: String,
    /// All it depends on besides keys and the template's text.
    pub(super) recipe: Value,
    /// What it showed of lists.
    pub(super) listed: Option<Value>,
    /// The template it was rendered with.
    pub(super) template: Option<Box<str>>,
    /// Places in [`Rest::keys`].
    pub(super) reads: Reads,
    /// Of an index, how many records it was made of, and their digest.
    pub(super) records: Option<(u64, Value)>,
    /// Its files; a page's share card comes last.
    pub(super) files: Vec<(OutPath, Entry)>,
    /// Characters because of which it has no share card of its own.
    pub(super) lacking: Box<str>,
    /// Why it was made the last time.
    pub(super) why: Box<str>,
}

/// What a build changes in a ledger when only the words of a few documents differ. It stands behind the bytes of that ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Addition {
    /// Documents that were read again, with how they were seen.
    pub(super) seen: Vec<(Box<str>, Seeing)>,
    /// Files of the output with other bytes.
    pub(super) files: Vec<(OutPath, Fingerprint, u64)>,
    /// Keys, by their place, with other values.
    pub(super) keys: Vec<(u32, Value)>,
    /// Routes, by their place, that were made again.
    pub(super) routes: Vec<(u32, Remembered)>,
    /// What is known now of the documents.
    pub(super) known: Vec<(Line, Vec<u8>)>,
}

/// What is remembered of one address, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The address.
    pub url: String,
    /// Why it was made the last time; empty for a redirect and for a file that is taken over as it is.
    pub because: String,
    /// The template it was rendered with, if any.
    pub template: Option<String>,
    /// What it read of the records, a few words each.
    pub reads: Vec<String>,
    /// Its files in the output.
    pub files: Vec<String>,
}

impl Ledger {
    /// Puts the parts together.
    pub(super) fn new(head: Head, rest: Rest) -> Ledger {
        let parts = Parts { rest: OnceLock::from(rest), ..Parts::default() };
        Ledger { head, parts: Arc::new(parts), addition: None }
    }

    /// Notes what is known of every document, before anybody has asked.
    pub(super) fn know(&self, known: Known) {
        self.parts.known.get_or_init(|| known);
    }

    /// Whether something could be added to what it was read from.
    pub(super) fn can_grow(&self) -> bool {
        self.parts.stored.is_some()
    }

    /// The same with something added; `None` when this one was not read from anywhere, so that there is nothing to add to.
    pub(super) fn with(&self, addition: Addition) -> Option<Ledger> {
        let stored = self.parts.stored.as_ref()?;
        let mut head = self.head.clone();
        head.apply(&addition);
        let addition = Arc::new(addition);
        let (at, stored) = stored.with(Arc::clone(&addition));
        let parts = Parts { stored: Some(stored), ..Parts::default() };
        Some(Ledger { head, parts: Arc::new(parts), addition: at.map(|at| (at, addition)) })
    }

    /// What is remembered of the address that has this file in the output; `None` when there is none.
    pub fn why(&self, path: &OutPath) -> Option<Why> {
        let paths = |files: &[(OutPath, Entry)]| files.iter().map(|(path, _)| path.to_string()).collect();
        let Some(route) = self.rest().routes.iter().find(|it| it.files.iter().any(|(own, _)| own == path))
        else {
            let other = self.rest().others.iter().find(|(own, _)| own == path)?;
            return Some(Why { url: path.url(), files: vec![other.0.to_string()], ..Why::default() });
        };
        let keys = route.reads.iter().filter_map(|at| self.rest().keys.get(at as usize));
        let mut keys: Vec<Key> = keys.map(|(key, _)| *key).collect();
        keys.sort_unstable();
        let mut reads: Vec<String> = keys.into_iter().map(|key| in_words(key, &|id| self.name(id))).collect();
        reads.extend(route.listed.map(|_| "which records it lists, and in what order".to_owned()));
        Some(Why {
            url: route.url.clone(),
            because: route.why.to_string(),
            template: route.template.as_deref().map(str::to_owned),
            reads,
            files: paths(&route.files),
        })
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.head.files.is_empty()
    }

    /// Every address that is remembered, of pages and of other files.
    pub fn addresses(&self) -> impl Iterator<Item = String> {
        let others = self.rest().others.iter().map(|(path, _)| path.url());
        self.rest().routes.iter().map(|it| it.url.clone()).chain(others)
    }

    /// Whether a build with these options would believe it.
    pub fn is_of(&self, options: &BuildOptions) -> bool {
        !self.is_empty() && super::maker(options).as_deref() == Some(&self.head.maker)
    }

    /// Whether the files are what they were when it was written.
    ///
    /// # Errors
    /// When a directory or a file cannot be looked at.
    pub fn is_up_to_date(&self, files: &dyn Files) -> Result<bool, Failure> {
        self.head.seen.is_same(files)
    }

    /// Reads what [`Ledger::to_bytes`] wrote, with every [`Ledger::addition`] behind it. Anything else gives an empty ledger:
    /// everything will be made again.
    pub fn from_bytes(bytes: Vec<u8>) -> Ledger {
        let size = bytes.len() as u64;
        let fetch = move |at: u64, length: usize| {
            let at = usize::try_from(at).ok()?;
            bytes.get(at..at.checked_add(length)?).map(<[u8]>::to_vec)
        };
        Ledger::open(size, Box::new(fetch))
    }

    /// The same without having all bytes at hand: `fetch` gives as many as asked for from a place on, of `size` in all.
    pub fn open(size: u64, fetch: Fetch) -> Ledger {
        let Some((mut head, stored)) = Stored::open(size, fetch) else { return Ledger::default() };
        stored.additions().for_each(|it| head.apply(it));
        Ledger { head, parts: Arc::new(Parts { stored: Some(stored), ..Parts::default() }), addition: None }
    }

    /// The ledger as bytes, for the next build by the same program.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = io::Cursor::new(Vec::new());
        self.write_to(&mut bytes).expect("memory takes every byte");
        bytes.into_inner()
    }

    /// Writes what [`Ledger::to_bytes`] gives, without having all of it at hand. `out` is empty.
    ///
    /// # Errors
    /// When `out` takes no more.
    pub fn write_to(&self, out: &mut (impl io::Write + io::Seek)) -> io::Result<()> {
        super::stored::write(&self.head, self.rest(), self.known(), out)
    }

    /// What makes the bytes that this ledger's predecessor was read from those of this one, and how many of them there have
    /// to be before it. `None` when all has to be written.
    pub fn addition(&self) -> Option<(u64, Vec<u8>)> {
        let (at, addition) = self.addition.as_ref()?;
        Some((*at, super::stored::framed(*at, addition)))
    }

    /// What tells what has to be made; nothing, if it cannot be read.
    pub(super) fn rest(&self) -> &Rest {
        self.parts.rest.get_or_init(|| {
            let Some(stored) = &self.parts.stored else { return Rest::default() };
            let Some(mut rest) = stored.rest() else { return Rest::default() };
            stored.additions().for_each(|it| rest.apply(it));
            rest
        })
    }

    /// What is known of every document; nothing, if it cannot be read.
    pub(super) fn known(&self) -> &Known {
        self.parts.known.get_or_init(|| {
            let Some(stored) = &self.parts.stored else { return Known::default() };
            let Some(mut known) = stored.known() else { return Known::default() };
            for (line, bytes) in stored.additions().flat_map(|it| &it.known) {
                known.replace(line.clone(), bytes);
            }
            known
        })
    }

    /// How many routes and keys are remembered, for people.
    pub fn size(&self) -> (usize, usize) {
        (self.rest().routes.len(), self.rest().keys.len())
    }

    /// A node's name as people write it: `actor nvidia`.
    pub(super) fn name(&self, id: NodeId) -> String {
        let found = self.rest().nodes.get(id.idx());
        found.map_or_else(|| "?".to_owned(), |(kind, key)| format!("{kind} `{key}`"))
    }
}

impl Head {
    fn apply(&mut self, addition: &Addition) {
        for (path, seeing) in &addition.seen {
            self.seen.see(path, *seeing);
        }
        for (path, fingerprint, size) in &addition.files {
            if let Ok(at) = self.files.binary_search_by(|(it, ..)| it.cmp(path)) {
                self.files[at] = (path.clone(), *fingerprint, *size);
            }
        }
    }
}

impl Rest {
    fn apply(&mut self, addition: &Addition) {
        for (at, value) in &addition.keys {
            if let Some((_, old)) = self.keys.get_mut(*at as usize) {
                *old = *value;
            }
        }
        for (at, route) in &addition.routes {
            if let Some(old) = self.routes.get_mut(*at as usize) {
                old.clone_from(route);
            }
        }
    }

    /// The route whose first file has this path.
    pub(super) fn route(&self, path: &OutPath) -> Option<&Remembered> {
        let found =
            self.routes.binary_search_by(|it| it.files.first().map(|(path, _)| path).cmp(&Some(path)));
        found.ok().map(|idx| &self.routes[idx])
    }

    /// For each node that is remembered, the one with its name in a graph.
    pub(super) fn nodes_in(&self, graph: &Graph) -> Vec<Option<NodeId>> {
        let mut new = graph.nodes().peekable();
        let of = |(kind, key): &(Kind, Box<str>)| {
            while new.next_if(|(_, node)| (node.kind, &*node.key) < (*kind, &**key)).is_some() {}
            new.peek().filter(|(_, node)| (node.kind, &*node.key) == (*kind, &**key)).map(|(id, _)| *id)
        };
        self.nodes.iter().map(of).collect()
    }
}
