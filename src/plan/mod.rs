//! Every address the site will have.
//!
//! In: the [`Graph`], and what each view, format and asset wants to put where. Out: a [`Plan`] of [`Route`]s whose
//! addresses are unique even for hosts that fold case, and a report of collisions. Knows nothing of templates or
//! of what a page says.

mod address;
mod claims;
mod hosting;
mod part;
mod problems;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Hosting, Kind};
use crate::text::OutPath;

use claims::{Claimant, Claims};

pub use address::{address, anchor_of};
pub use part::{Part, numbered};
pub use problems::CODES;

/// One address, and the recipe of what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Site-absolute address: `/actors/nvidia/`.
    pub url: String,
    /// The file of the output.
    pub path: OutPath,
    /// The view's name: `actor`.
    pub view: &'static str,
    /// What the page is about.
    pub subject: Option<NodeId>,
    /// The page's number when a list is spread over several, from 1.
    pub number: usize,
}

impl Route {
    /// The address of the first page of the list that this is a page of: for most routes their own.
    pub fn first_url(&self) -> &str {
        match self.number {
            1 => &self.url,
            number => self.url.strip_suffix(&format!("page/{number}/")).unwrap_or(&self.url),
        }
    }
}

/// What somebody wants to put at an address.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Site-absolute address.
    pub url: String,
    /// The view's name.
    pub view: &'static str,
    /// What the page is about.
    pub subject: Option<NodeId>,
    /// The page's number, from 1.
    pub number: usize,
    /// What it shows of lists; `None` for what is no list.
    pub part: Option<Part>,
}

impl Wanted {
    /// A page about one node, at the node's own address.
    pub fn about(graph: &Graph, view: &'static str, subject: NodeId) -> Wanted {
        Wanted { url: address(graph, subject), view, subject: Some(subject), number: 1, part: None }
    }

    /// A page about nothing in particular.
    pub fn at(url: impl Into<String>, view: &'static str) -> Wanted {
        Wanted { url: url.into(), view, subject: None, number: 1, part: None }
    }
}

/// An old address that leads to a new one: an alias, or a redirect of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The old address.
    pub from: OutPath,
    /// Site-absolute address of the new one, or a complete one.
    pub to: String,
    /// 301, 302, 307 or 308.
    pub status: u16,
}

/// All addresses below an old one that lead to new ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// What they start with: `/old/`.
    pub below: String,
    /// Site-absolute address of the new one, or a complete one; `:splat` stands for the rest of the old one.
    pub to: String,
    /// 301, 302, 307 or 308.
    pub status: u16,
}

/// A file that is copied as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The file of the output.
    pub path: OutPath,
    /// The file of the project.
    pub from: Arc<str>,
}

/// Every address the site will have. Sorted by file of the output. A copy shares all of it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    routes: Arc<Vec<Route>>,
    redirects: Arc<Vec<Redirect>>,
    sweeps: Arc<Vec<Sweep>>,
    host_files: Arc<Vec<OutPath>>,
    copied: Arc<Vec<Copied>>,
    /// What pages of lists show.
    parts: Arc<BTreeMap<OutPath, Part>>,
    /// The same of those that show something else since the plan was drawn.
    newer: Arc<BTreeMap<OutPath, Part>>,
    /// Whether anything but the theme's files stands where these do.
    shares_assets: bool,
}

impl Plan {
    /// Pages and other made files.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Old addresses.
    pub fn redirects(&self) -> &[Redirect] {
        &self.redirects
    }

    /// Redirects of all that is below an address, in the order of the settings. None of them covers a file.
    pub fn sweeps(&self) -> &[Sweep] {
        &self.sweeps
    }

    /// Files that hosts read: `_headers`.
    pub fn host_files(&self) -> &[OutPath] {
        &self.host_files
    }

    /// Files copied as they are.
    pub fn copied(&self) -> &[Copied] {
        &self.copied
    }

    /// What a page shows of lists; `None` for what is no list.
    pub fn part(&self, route: &Route) -> Option<&Part> {
        self.part_at(&route.path)
    }

    fn part_at(&self, path: &OutPath) -> Option<&Part> {
        self.newer.get(path).or_else(|| self.parts.get(path))
    }

    /// What the page at a site-absolute address shows of lists; `None` when there is no such page, or it is no list.
    pub fn part_of(&self, url: &str) -> Option<&Part> {
        self.part_at(&OutPath::of_url(url).ok()?)
    }

    /// The same addresses with lists as they are wanted now; pages that are not among `wanted` keep what they show. `None` when
    /// other pages are wanted than there were.
    pub fn with_lists(&self, wanted: Vec<Wanted>) -> Option<Plan> {
        let mut newer = (*self.newer).clone();
        for it in wanted {
            let path = OutPath::of_url(&it.url).ok()?;
            self.parts.get(&path)?;
            newer.insert(path, it.part?);
        }
        Some(Plan { newer: Arc::new(newer), ..self.clone() })
    }

    /// Whether nobody's addresses but their own depend on what the theme's files are called, and these have addresses that can
    /// stand beside each other: then the same plan would be drawn for them, and nothing reported.
    pub fn fits(&self, assets: &[OutPath]) -> bool {
        let folds: Vec<String> = assets.iter().map(OutPath::fold).collect();
        let is_free = |at: usize, fold: &String| {
            let others = folds.iter().enumerate().filter(|(other, _)| *other != at);
            is_below_assets(fold) && !others.into_iter().any(|(_, it)| lies_at_or_below(fold, it))
        };
        !self.shares_assets && folds.iter().enumerate().all(|(at, fold)| is_free(at, fold))
    }
}

/// Whether a folded path stands where the theme's files do, or in their way.
fn is_below_assets(fold: &str) -> bool {
    lies_at_or_below(fold, "assets")
}

fn lies_at_or_below(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Draws the plan: turns wishes into routes, adds redirects and copied files, and reports every address that
/// cannot be, or that two want. Of two claimants the first in the order pages, copies, redirects keeps it. Beside each
/// page stands its JSON twin, `assets` are the theme's files, and `images` files that are made of files of the project: nobody else
/// may have their addresses. `config` is the file that says what is asked of hosts.
pub fn draw(
    graph: &Graph,
    wanted: Vec<Wanted>,
    copied: Vec<(String, Arc<str>)>,
    assets: &[OutPath],
    images: &[(OutPath, Arc<str>)],
    (hosting, config): (&Hosting, &str),
) -> (Plan, Report) {
    let mut report = Report::new();
    let (mut redirects, mut copies) = (Vec::new(), Vec::new());
    let mut parts = BTreeMap::new();
    let mut claims = Claims::new(graph);
    let mut routes = Vec::with_capacity(wanted.len());
    for it in wanted {
        match OutPath::of_url(&it.url) {
            Ok(path) => {
                if !claims.claim(&path, Claimant::View(it.view, it.subject), &mut report) {
                    continue;
                }
                if let Some(twin) = it.url.ends_with('/').then(|| path.data_twin()).flatten() {
                    claims.claim(&twin, Claimant::DataOf(it.url.clone(), it.subject), &mut report);
                }
                let Wanted { url, view, subject, number, part } = it;
                parts.extend(part.map(|part| (path.clone(), part)));
                routes.push(Route { url, path, view, subject, number });
            }
            Err(why) => {
                let place = it.subject.map(|id| place_of(graph, id));
                report.add(problems::bad_address(&it.url, &why, place));
            }
        }
    }
    for path in assets {
        claims.claim(path, Claimant::Theme, &mut report);
    }
    for (path, from) in images {
        claims.claim(path, Claimant::Image(Arc::clone(from)), &mut report);
    }
    let host_files = hosting::files(hosting);
    let config: Arc<str> = config.into();
    for path in &host_files {
        claims.claim(path, Claimant::Hosts(Place::key(&config, "hosts")), &mut report);
    }
    for (url, from) in copied {
        match OutPath::of_url(&url) {
            Ok(path) => {
                if claims.claim(&path, Claimant::File(Arc::clone(&from)), &mut report) {
                    copies.push(Copied { path, from });
                }
            }
            Err(why) => report.add(problems::bad_address(&url, &why, Some(Place::file(&from)))),
        }
    }
    for (id, node) in graph.nodes().filter(|(_, node)| node.reaction.is_none()) {
        // A term's `aliases:` hold other words besides.
        let at = |idx: usize| {
            if node.kind == Kind::Term { "aliases".to_owned() } else { format!("aliases[{idx}]") }
        };
        for (idx, from) in node.record().meta.redirects.iter().enumerate() {
            let place = Place::field(&node.record().origin.file, node.field(&at(idx)));
            match redirect_path(from) {
                Ok(path) => {
                    if claims.claim(&path, Claimant::Alias(place), &mut report) {
                        redirects.push(Redirect { from: path, to: address(graph, id), status: 301 });
                    }
                }
                Err(why) => report.add(problems::bad_alias(from, &why, place)),
            }
        }
    }
    let sweeps = hosting::redirects(graph, hosting, &config, &mut claims, &mut redirects, &mut report);
    claims.file_and_directory(&mut report);
    routes.sort_by(|a, b| a.path.cmp(&b.path));
    copies.sort_by(|a, b| a.path.cmp(&b.path));
    redirects.sort_by(|a, b| a.from.cmp(&b.from));
    let plan = Plan {
        routes: Arc::new(routes),
        redirects: Arc::new(redirects),
        sweeps: Arc::new(sweeps),
        host_files: Arc::new(host_files),
        copied: Arc::new(copies),
        parts: Arc::new(parts),
        newer: Arc::default(),
        shares_assets: claims.shares_assets(),
    };
    (plan, report)
}

/// An alias is a site-absolute path. One without an ending is a directory, as pages are.
fn redirect_path(alias: &str) -> Result<OutPath, String> {
    if !alias.starts_with('/') || alias.starts_with("//") {
        return Err("an alias starts with one `/`, and stays on this site".to_owned());
    }
    if alias.contains(['%', '?', '#']) {
        return Err("an alias is a plain path, without `%`, `?` or `#`".to_owned());
    }
    let last = alias.rsplit('/').next().unwrap_or("");
    let directory = !last.is_empty() && !last.contains('.');
    let url = if directory { format!("{alias}/") } else { alias.to_owned() };
    OutPath::of_url(&url).map_err(|why| why.to_string())
}

fn place_of(graph: &Graph, id: NodeId) -> Place {
    let node = graph.node(id);
    Place::field(&node.record().origin.file, node.field("id"))
}
