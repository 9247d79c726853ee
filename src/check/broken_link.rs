//! # broken-link
//!
//! A link of a finished page leads to an address that does not exist, or to a heading that its page does not have.
//!
//! Links to records cannot dangle: they are checked by id before any page is made. This check reads the finished edition,
//! because only there are addresses and anchors final; so it also finds what a template or a plain `/address/` link got
//! wrong. It does not look at the web.
//!
//! ```markdown
//! [the actors](/actor/)            wrong: the list is at /actors/
//! [[nvidia#histroy]]               wrong: the page has no such heading
//! ```

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::{Check, Run};
use crate::diag::{At, Code, Diagnostic, Level, Place, Report};
use crate::edition::{Edition, Entry};
use crate::graph::{AtOnce, Graph, in_parts};
use crate::plan;
use crate::text::{OutPath, QuickMap, QuickSet, nearest_few};

pub(super) static CODE: Code =
    Code { name: "broken-link", level: Level::Error, manual: include_str!("broken_link.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnEdition(run) };

/// How many files are looked at in one go. Those of one directory lead to much the same places.
const PART: usize = 2048;

fn run(edition: &Edition, graph: &Graph, at_once: AtOnce<'_>, report: &mut Report) {
    // Paths and links lie all over memory: looked up in order they would take longer.
    let entries: QuickMap<&OutPath, &Entry> = edition.files().collect();
    let files: Vec<(&OutPath, &Entry)> = edition.files().collect();
    let broken: Vec<Broken<'_>> =
        in_parts(&files, PART, at_once, |part| broken_of(part, &entries)).into_iter().flatten().collect();
    if broken.is_empty() {
        return;
    }
    let places = Places::new(graph);
    // What a template or the menu got wrong stands on many pages, and is told once.
    let mut repeated: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, link, _) in &broken {
        if !places.is_mention(&path.url(), link) {
            repeated.entry(link).or_default().push(path.url());
        }
    }
    for (path, link, why) in &broken {
        let page = path.url();
        let told = told(&page, link, why, edition, &places);
        match repeated.get(link.as_str()).filter(|pages| pages.contains(&page)) {
            Some(pages) if pages[0] == page => report.add(with_others(told, &pages[1..])),
            Some(_) => (),
            None => report.add(told),
        }
    }
}

/// Names the other pages that hold the same link.
fn with_others(told: Diagnostic, others: &[String]) -> Diagnostic {
    const SHOWN: usize = 3;
    let named = others[..others.len().min(SHOWN)].join(", ");
    match others.len() {
        0 => told,
        1..=SHOWN => told.note(format!("also on {named}")),
        n => told
            .note(format!("also on {named} and {} more pages", n - SHOWN))
            .help("a link on so many pages stands in a template or in `menu:`"),
    }
}

/// A page, a link on it that leads nowhere, and why.
type Broken<'a> = (&'a OutPath, String, Why);

/// The broken links of some files.
fn broken_of<'a>(files: &[(&'a OutPath, &Entry)], entries: &QuickMap<&OutPath, &Entry>) -> Vec<Broken<'a>> {
    let mut broken = Vec::new();
    // Every page leads to the same few places: each link is looked up once.
    let mut sound: QuickSet<String> = QuickSet::default();
    for (path, entry) in files {
        entry.facts.links.for_each(|link| {
            if sound.contains(link) {
                return;
            }
            match why_broken(link, entries) {
                Some(why) => broken.push((*path, link.to_owned(), why)),
                None => {
                    sound.insert(link.to_owned());
                }
            }
        });
    }
    broken
}

/// What is missing.
enum Why {
    Page,
    Anchor(OutPath),
}

fn why_broken(link: &str, entries: &QuickMap<&OutPath, &Entry>) -> Option<Why> {
    let (url, anchor) = link.split_once('#').map_or((link, None), |(url, anchor)| (url, Some(anchor)));
    let url = url.split('?').next().unwrap_or(url);
    let Ok(path) = OutPath::of_url(url) else { return Some(Why::Page) };
    let Some(entry) = entries.get(&path) else { return Some(Why::Page) };
    match anchor {
        None | Some("" | "top") => None,
        Some(anchor) if entry.facts.anchors.contains(anchor) => None,
        Some(_) => Some(Why::Anchor(path)),
    }
}

/// Where in the author's files a page's links were written.
struct Places<'g> {
    graph: &'g Graph,
    by_url: BTreeMap<String, crate::graph::NodeId>,
    /// How many more addresses get a suggestion: looking for one compares every address of the site.
    suggestions: Cell<usize>,
    /// Suggestions made so far.
    made: RefCell<BTreeMap<String, Vec<String>>>,
}

impl<'g> Places<'g> {
    fn new(graph: &'g Graph) -> Places<'g> {
        let by_url = graph.nodes().map(|(id, _)| (plan::address(graph, id), id)).collect();
        Places { graph, by_url, suggestions: Cell::new(50), made: RefCell::default() }
    }

    /// Addresses like one that leads nowhere.
    fn near(&self, url: &str) -> Vec<String> {
        if let Some(made) = self.made.borrow().get(url) {
            return made.clone();
        }
        if self.suggestions.get() == 0 {
            return Vec::new();
        }
        self.suggestions.set(self.suggestions.get() - 1);
        let pages = self.by_url.keys().map(String::as_str).filter(|it| !it.contains('#'));
        let lists = ["/actors/", "/terms/", "/sources/", "/corrections/"];
        let near: Vec<String> =
            nearest_few(url, pages.chain(lists), 3).into_iter().map(str::to_owned).collect();
        self.made.borrow_mut().insert(url.to_owned(), near.clone());
        near
    }

    /// Whether the author wrote this link as a reference, which has a place.
    fn is_mention(&self, page: &str, link: &str) -> bool {
        matches!(self.of(page, link), Some(Place { at: At::Span(_), .. }))
    }

    /// The mention that wrote this link on this page, else the page's file.
    fn of(&self, page: &str, link: &str) -> Option<Place> {
        let id = *self.by_url.get(page)?;
        let record = self.graph.node(id).record();
        let mentions = record.prose.mentions.iter().zip(self.graph.mentions(id));
        let anchor = link.split_once('#').map(|(_, anchor)| anchor);
        let wrote = mentions.into_iter().find(|(mention, target)| {
            let to = target.map(|target| plan::address(self.graph, target));
            mention.anchor.as_deref() == anchor
                && to.as_deref().map(without_anchor) == Some(without_anchor(link))
        });
        Some(match wrote {
            Some((mention, _)) => Place::span(&record.origin.file, mention.span),
            None => Place::file(&record.origin.file),
        })
    }
}

fn without_anchor(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

fn told(page: &str, link: &str, why: &Why, edition: &Edition, places: &Places<'_>) -> Diagnostic {
    let (message, label, near) = match why {
        Why::Page => {
            let near = places.near(without_anchor(link));
            (format!("`{link}` leads nowhere"), "no page has this address", near)
        }
        Why::Anchor(path) => {
            let anchor = link.split_once('#').map_or("", |(_, anchor)| anchor);
            let own = edition.get(path).map(|entry| entry.facts.anchors.to_vec()).unwrap_or_default();
            let own = own.iter().map(String::as_str);
            let near: Vec<String> = nearest_few(anchor, own, 3).iter().map(|it| format!("#{it}")).collect();
            (format!("{} has no heading `#{anchor}`", path.url()), "no such heading there", near)
        }
    };
    let told = match places.of(page, link) {
        Some(place) => Diagnostic::new(&CODE, place, message).label(label),
        None => Diagnostic::unplaced(&CODE, message),
    };
    let told = told.page(page);
    match near.as_slice() {
        [] => told,
        [one] => told.help(format!("did you mean `{one}`?")),
        many => told.help(format!(
            "did you mean one of {}?",
            many.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
        )),
    }
}
