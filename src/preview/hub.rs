//! Where the loop that makes the site and the server that shows it meet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::watch;

use super::generation::Generation;
use super::host::HostRules;
use super::problems::Problems;
use super::rules::Rules;

/// What the preview shows at the moment: filled by whoever makes the site, from any thread, without waiting.
pub struct Hub {
    shown: watch::Sender<Arc<Shown>>,
    /// How many tabs look at each file.
    open: Mutex<BTreeMap<String, usize>>,
}

/// A state of the site that is to be shown.
pub struct Publication {
    /// What everybody will see.
    pub site: Arc<dyn Generation>,
    /// The same with drafts, for tabs that ask for them.
    pub drafts: Option<Arc<dyn Generation>>,
    /// Output paths of files other than pages that kept their name and changed their bytes: style sheets and pictures.
    /// Those that carry a fingerprint in their name need not be here.
    pub assets: Vec<String>,
    /// What there is to say about it: warnings, which are counted in a corner.
    pub problems: Problems,
}

/// What is shown, as the server reads it; one value for the whole of a request.
pub(super) struct Shown {
    /// Grows with everything that tabs should hear of.
    pub(super) revision: u64,
    /// `None` until the first publication.
    pub(super) site: Option<Arc<Layer>>,
    pub(super) drafts: Option<Arc<Layer>>,
    /// The revision in which an asset last changed under its name.
    pub(super) assets: BTreeMap<String, u64>,
    pub(super) problems: Arc<Problems>,
}

/// A generation and what a host reads from its `_headers` and `_redirects`.
pub(super) struct Layer {
    pub(super) generation: Arc<dyn Generation>,
    rules: OnceLock<Rules>,
}

impl Layer {
    pub(super) fn new(generation: Arc<dyn Generation>) -> Arc<Layer> {
        Arc::new(Layer { generation, rules: OnceLock::new() })
    }

    /// What the host reads, read once. All servers of one hub imitate the same host.
    pub(super) fn rules(&self, host: HostRules) -> &Rules {
        self.rules.get_or_init(|| Rules::read(&*self.generation, host))
    }
}

impl Shown {
    /// The layer for a request: that with drafts, if asked for and there.
    pub(super) fn layer(&self, drafts: bool) -> Option<&Arc<Layer>> {
        self.drafts.as_ref().filter(|_| drafts).or(self.site.as_ref())
    }
}

impl Default for Hub {
    fn default() -> Hub {
        let nothing = Shown {
            revision: 0,
            site: None,
            drafts: None,
            assets: BTreeMap::new(),
            problems: Arc::default(),
        };
        Hub { shown: watch::Sender::new(Arc::new(nothing)), open: Mutex::default() }
    }
}

impl Hub {
    /// Shows a new state of the site from now on. Tabs whose page differs hear of it, and an overlay goes away.
    pub fn publish(&self, publication: Publication) {
        let Publication { site, drafts, assets, problems } = publication;
        let (site, drafts, problems) = (Layer::new(site), drafts.map(Layer::new), Arc::new(problems));
        self.shown.send_modify(|shown| {
            let revision = shown.revision + 1;
            let mut changed = shown.assets.clone();
            changed.extend(assets.into_iter().map(|path| (path, revision)));
            *shown = Arc::new(Shown { revision, site: Some(site), drafts, assets: changed, problems });
        });
    }

    /// Says what keeps a newer state from being made. The last good one stays, below an overlay; where there is none, every
    /// address shows the overlay.
    pub fn fail(&self, problems: Problems) {
        self.shown.send_modify(|shown| {
            *shown = Arc::new(Shown {
                revision: shown.revision + 1,
                site: shown.site.clone(),
                drafts: shown.drafts.clone(),
                assets: shown.assets.clone(),
                problems: Arc::new(problems),
            });
        });
    }

    /// The files that tabs show at the moment, as output paths, sorted: make these first. A tab in the background is not
    /// counted; it asks again when it comes to the front.
    pub fn open_pages(&self) -> Vec<String> {
        self.open().keys().cloned().collect()
    }

    pub(super) fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.borrow())
    }

    pub(super) fn listen(&self) -> watch::Receiver<Arc<Shown>> {
        self.shown.subscribe()
    }

    /// Counts a tab that looks at a file, until the value is dropped.
    pub(super) fn look(self: &Arc<Hub>, path: &str) -> Look {
        *self.open().entry(path.to_owned()).or_default() += 1;
        Look { hub: Arc::clone(self), path: path.to_owned() }
    }

    fn open(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A tab looks at a file.
pub(super) struct Look {
    hub: Arc<Hub>,
    pub(super) path: String,
}

impl Drop for Look {
    fn drop(&mut self) {
        let mut open = self.hub.open();
        if let Some(n) = open.get_mut(&self.path) {
            *n -= 1;
            if *n == 0 {
                open.remove(&self.path);
            }
        }
    }
}
