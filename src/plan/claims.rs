//! Who claims which address.
//!
//! In: claims, one after the other. Out: whether each can be had, and at the end what stands in another's way. Nothing is
//! put into words before two want the same: at 10,000 pages there are 20,000 claims, and usually no collision.

use std::fmt;
use std::sync::Arc;

use super::{place_of, problems};
use crate::diag::{Place, Report};
use crate::graph::{Graph, NodeId};
use crate::text::{OutPath, QuickMap, QuickSet};

/// All claims so far.
pub(super) struct Claims<'g> {
    graph: &'g Graph,
    /// What was had, in order.
    had: Vec<Had>,
    /// Where in `had` an address is, by its folded form.
    by_fold: QuickMap<String, usize>,
    shares_assets: bool,
}

/// An address and who has it.
pub(super) struct Had {
    pub(super) path: OutPath,
    pub(super) by: Claimant,
}

/// Who claims an address.
#[derive(Clone)]
pub(super) enum Claimant {
    /// A view, for a page about something or nothing.
    View(&'static str, Option<NodeId>),
    /// The data beside a page, which has this address.
    DataOf(String, Option<NodeId>),
    /// The theme.
    Theme,
    /// A file of the project that is copied.
    File(Arc<str>),
    /// A file of the project, for what is made of it.
    Image(Arc<str>),
    /// An old address, written at this place.
    Alias(Place),
    /// An old address of the settings, written at this place.
    Redirect(Place),
    /// A file that hosts read, which are named at this place.
    Hosts(Place),
}

impl Claimant {
    /// Where it was written, if an author wrote it.
    pub(super) fn place(&self, graph: &Graph) -> Option<Place> {
        match self {
            Claimant::View(_, subject) | Claimant::DataOf(_, subject) => {
                subject.map(|id| place_of(graph, id))
            }
            Claimant::Theme => None,
            Claimant::File(file) | Claimant::Image(file) => Some(Place::file(file)),
            Claimant::Alias(place) | Claimant::Redirect(place) | Claimant::Hosts(place) => {
                Some(place.clone())
            }
        }
    }
}

impl fmt::Display for Claimant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claimant::View("page", _) => f.write_str("the page"),
            Claimant::View(view, _) => write!(f, "the {view} page"),
            Claimant::DataOf(url, _) => write!(f, "the data of `{url}`"),
            Claimant::Theme => f.write_str("the theme's own file"),
            Claimant::File(file) => write!(f, "the file {file}"),
            Claimant::Image(file) => write!(f, "an image made of {file}"),
            Claimant::Alias(_) => f.write_str("an alias"),
            Claimant::Redirect(_) => f.write_str("a redirect"),
            Claimant::Hosts(_) => f.write_str("a file for hosts"),
        }
    }
}

impl<'g> Claims<'g> {
    /// No claims yet.
    pub(super) fn new(graph: &'g Graph) -> Claims<'g> {
        Claims { graph, had: Vec::new(), by_fold: QuickMap::default(), shares_assets: false }
    }

    /// Whether `by` can have the address. If another has it, that is reported.
    pub(super) fn claim(&mut self, path: &OutPath, by: Claimant, report: &mut Report) -> bool {
        let fold = path.fold();
        if let Some(first) = self.by_fold.get(&fold) {
            report.add(problems::collision(self.graph, path, &by, &self.had[*first]));
            return false;
        }
        // Images have names of their own below there.
        self.shares_assets |=
            !matches!(by, Claimant::Theme | Claimant::Image(_)) && super::is_below_assets(&fold);
        self.by_fold.insert(fold, self.had.len());
        self.had.push(Had { path: path.clone(), by });
        true
    }

    /// Whether something stands at an address.
    pub(super) fn has(&self, path: &OutPath) -> bool {
        self.by_fold.contains_key(&path.fold())
    }

    /// The first in the order of addresses that stands below a directory and is no old address.
    pub(super) fn below(&self, dir: &str) -> Option<&Had> {
        let is_old = |by: &Claimant| matches!(by, Claimant::Alias(_) | Claimant::Redirect(_));
        let below = self.had.iter().filter(|it| !is_old(&it.by) && it.path.fold().starts_with(dir));
        below.min_by(|a, b| a.path.cmp(&b.path))
    }

    /// Reports a file that stands where another address needs a directory: `x` beside `x/index.html`.
    pub(super) fn file_and_directory(&self, report: &mut Report) {
        let mut dirs: QuickSet<String> = QuickSet::default();
        let mut stands_in_the_way = false;
        for had in &self.had {
            let fold = had.path.fold();
            let mut parent = fold.as_str();
            while let Some((dir, _)) = parent.rsplit_once('/') {
                // Whoever looked at this directory looked at those around it.
                if dirs.contains(dir) {
                    break;
                }
                stands_in_the_way |= self.by_fold.contains_key(dir);
                dirs.insert(dir.to_owned());
                parent = dir;
            }
        }
        if stands_in_the_way {
            self.report_each(report);
        }
    }

    /// Whether anything but the theme's files stands where these do, or in their way.
    pub(super) fn shares_assets(&self) -> bool {
        self.shares_assets
    }

    /// As the last step, for everything below a file, in the order of addresses.
    fn report_each(&self, report: &mut Report) {
        let mut sorted: Vec<(String, &Had)> = self.had.iter().map(|it| (it.path.fold(), it)).collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        for (fold, had) in &sorted {
            let mut parent = fold.as_str();
            while let Some((dir, _)) = parent.rsplit_once('/') {
                if let Some(first) = self.by_fold.get(dir) {
                    report.add(problems::collision(self.graph, &had.path, &had.by, &self.had[*first]));
                }
                parent = dir;
            }
        }
    }
}
