//! What is remembered between builds: what was asked of the files, what each route read, and what came of it.
//!
//! Nothing leans on it. It belongs to one program and one set of options; with any doubt it is as good as empty, and everything
//! is made again. Deleting it costs time and changes nothing else.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::keys::{Value, in_words};
use super::reads::Reads;
use super::seen::Seen;
use super::{BuildOptions, Counts};
use crate::diag::{Failure, Told};
use crate::edition::Entry;
use crate::graph::{Graph, Key, NodeId};
use crate::input::Files;
use crate::model::Kind;
use crate::text::{Day, Fingerprint, OutPath, pack_onto, unpack};

/// What one build knows that the next can use: the ledger below `.rejoinder/`.
///
/// It comes in two parts. The first says whether anything has changed at all; the second, which is larger, is read only when
/// something has.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub(super) head: Head,
    /// Shared by all copies, so that whoever reads it first reads it for all.
    rest: Arc<Second>,
}

/// The second part of a ledger.
#[derive(Debug, Default)]
struct Second {
    read: OnceLock<Rest>,
    /// As bytes, until somebody wants it.
    packed: Mutex<Vec<u8>>,
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
    /// Its files.
    pub(super) files: Vec<(OutPath, Entry)>,
    /// Why it was made the last time.
    pub(super) why: Box<str>,
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
    /// Puts both parts together.
    pub(super) fn new(head: Head, rest: Rest) -> Ledger {
        Ledger { head, rest: Arc::new(Second { read: OnceLock::from(rest), packed: Mutex::default() }) }
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

    /// Reads what [`Ledger::to_bytes`] wrote. Anything else gives an empty ledger: everything will be made again.
    pub fn from_bytes(mut bytes: Vec<u8>) -> Ledger {
        let head = || -> Option<(Head, usize)> {
            let (length, both) = bytes.split_first_chunk::<8>()?;
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            Some((unpack(both.get(..length)?)?, 8 + length))
        };
        let Some((head, rest)) = head() else { return Ledger::default() };
        bytes.drain(..rest);
        Ledger { head, rest: Arc::new(Second { read: OnceLock::new(), packed: Mutex::new(bytes) }) }
    }

    /// The ledger as bytes, for the next build by the same program.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; 8];
        pack_onto(&mut bytes, &self.head);
        let length = (bytes.len() - 8) as u64;
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        pack_onto(&mut bytes, self.rest());
        bytes
    }

    /// What tells what has to be made; nothing, if it cannot be read.
    pub(super) fn rest(&self) -> &Rest {
        self.rest.read.get_or_init(|| {
            let packed =
                std::mem::take(&mut *self.rest.packed.lock().unwrap_or_else(PoisonError::into_inner));
            unpack(&packed).unwrap_or_default()
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

impl Rest {
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
