//! Everything there is, in one list: where a search leads without script.
//!
//! Every story, statement, actor, source and term stands in it with the words it is known by, so that a browser's own search
//! in the page finds it. A long list goes on at further addresses, and each of its pages says where which kind begins.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld, words};
use crate::graph::{Graph, Node, NodeId};
use crate::model::{Data, Kind, Search, Site};
use crate::plan::{Part, Route, Wanted, numbered};

pub(super) const VIEW: View = View { name: "search", template: Some("search.html"), routes, compose };

/// Variables of `search.html`.
#[derive(Debug, Serialize)]
pub struct SearchPage {
    /// What every page has.
    pub page: Frame,
    /// Every kind of which there is something.
    pub kinds: Vec<SearchKind>,
    /// What is listed on this page, by kind.
    pub groups: Vec<SearchGroup>,
    /// Which part of the list this is.
    pub pager: Pager,
}

/// One kind in the whole list.
#[derive(Debug, Serialize)]
pub struct SearchKind {
    /// `Statements`.
    pub label: &'static str,
    /// How many there are.
    pub count: usize,
    /// Where they begin: a place on this page, or on another page of the list.
    pub url: String,
}

/// Things of one kind on one page.
#[derive(Debug, Serialize)]
pub struct SearchGroup {
    /// A fragment id: `statements`.
    pub id: &'static str,
    /// `Statements`.
    pub label: &'static str,
    /// Statements in the order of the record, all else by name.
    pub entries: Vec<SearchEntry>,
}

/// One line of the list.
#[derive(Debug, Serialize)]
pub struct SearchEntry {
    /// Its page.
    pub url: String,
    /// What it is known by: the whole words of a statement, a name, a title.
    pub words: String,
    /// `quote` or `paraphrase` for a statement; else `name`.
    pub form: &'static str,
    /// BCP 47 tag of the words.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Who spoke; an actor's office; who published; the question of a story; what a term means. May be empty.
    pub by: String,
    /// When it was said or published, or what a story is as of.
    pub date: Option<Date>,
}

/// Where the list begins.
pub const URL: &str = "/search/";

/// How many pages of an ordinary list one page of this list holds: its lines are short.
const TIMES: usize = 3;

/// What is listed, in this order: kind, fragment id, name.
pub const KINDS: [(Kind, &str, &str); 5] = [
    (Kind::Story, "stories", "Stories"),
    (Kind::Statement, "statements", "Statements"),
    (Kind::Actor, "actors", "Actors"),
    (Kind::Source, "sources", "Sources"),
    (Kind::Term, "terms", "Terms"),
];

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    if site.search == Search::Off {
        return Vec::new();
    }
    in_pages(site, KINDS.iter().flat_map(|(kind, ..)| in_order(graph, *kind)).collect())
}

/// The same when nothing but names of some kinds differs from what there was: `before` is what a page of the list showed then.
pub fn with_other_names(graph: &Graph, site: &Site, before: &Part, kinds: &[Kind]) -> Vec<Wanted> {
    let mut ids = before.all_of(0).to_vec();
    let mut start = 0;
    for (kind, ..) in KINDS {
        let end = start + graph.of_kind(kind).count();
        if kinds.contains(&kind) {
            ids.splice(start..end, in_order(graph, kind));
        }
        start = end;
    }
    in_pages(site, ids)
}

fn in_pages(site: &Site, ids: Vec<NodeId>) -> Vec<Wanted> {
    Wanted::at(URL, VIEW.name).in_pages(vec![ids], at_once(site))
}

/// Everything of one kind, as it is listed.
fn in_order(graph: &Graph, kind: Kind) -> Vec<NodeId> {
    let mut of_kind: Vec<NodeId> = graph.of_kind(kind).collect();
    // Nodes are in the order of their keys: statements by story and reaction.
    if kind != Kind::Statement {
        of_kind.sort_by_cached_key(|id| (sorted_by(graph.node(*id)).to_lowercase(), *id));
    }
    of_kind
}

/// How many lines a page has; 0 means all.
fn at_once(site: &Site) -> usize {
    TIMES * site.paginate
}

fn sorted_by(node: &Node) -> &str {
    match &node.record().data {
        Data::Actor(actor) => actor.sort.as_ref().unwrap_or(&actor.name),
        _ => &node.name,
    }
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut groups: Vec<SearchGroup> = Vec::new();
    for id in desk.listed(0) {
        let kind = desk.lens.kind(*id);
        let (Some(entry), Some((_, name, label))) = (entry(desk, *id), KINDS.iter().find(|it| it.0 == kind))
        else {
            continue;
        };
        match groups.last_mut().filter(|it| it.id == *name) {
            Some(group) => group.entries.push(entry),
            None => groups.push(SearchGroup { id: name, label, entries: vec![entry] }),
        }
    }
    let about = "Every story, statement, actor, source and term of the record.";
    let mut page = desk.frame(route, "search", "Search".to_owned(), about);
    page.section = route.first_url().to_owned();
    desk.number_page(&mut page, route);
    let json_ld = json_ld::collection(desk, &page);
    let kinds = kinds(desk, route);
    Model::page(json_ld, SearchPage { page, kinds, groups, pager: desk.pager(route) })
}

/// Every kind of which there is something, and where it begins.
fn kinds(desk: &Desk<'_>, route: &Route) -> Vec<SearchKind> {
    let at_once = at_once(desk.site);
    let mut before = 0_usize;
    let kinds = KINDS.iter().filter_map(|(kind, id, label)| {
        let count = desk.lens.count(*kind);
        let number = before.checked_div(at_once).unwrap_or(0) + 1;
        before += count;
        let page = if number == route.number { String::new() } else { numbered(route.first_url(), number) };
        (count > 0).then(|| SearchKind { label, count, url: format!("{page}#{id}") })
    });
    kinds.collect()
}

fn entry(desk: &Desk<'_>, id: NodeId) -> Option<SearchEntry> {
    let node = desk.lens.node(id);
    let named = |by: &str| {
        let (lang, dir) = desk.page_lang_of(id);
        let date = None;
        SearchEntry {
            url: desk.url(id),
            words: node.name.clone(),
            form: "name",
            lang,
            dir,
            by: words::shortened(by, 160),
            date,
        }
    };
    let date = || desk.lens.date_of(id).map(|it| desk.date(it));
    Some(match &node.record().data {
        Data::Story(story) => {
            SearchEntry { date: date(), ..named(story.question.as_deref().unwrap_or_default()) }
        }
        Data::Actor(actor) => {
            let role = desk.actor(id).role;
            named(if role.is_empty() { actor.described_as.as_deref().unwrap_or_default() } else { &role })
        }
        Data::Source(_) => SearchEntry { date: date(), ..named(&desk.source(id).publisher) },
        Data::Term(term) => {
            named(term.definition.as_ref().or(term.expands_to.as_ref()).map_or("", String::as_str))
        }
        _ => {
            let (statement, facts) = (node.statement()?, desk.lens.statement_facts(id)?);
            let (lang, dir) = desk.lang_of(id);
            SearchEntry {
                url: desk.url(id),
                words: statement.words.clone(),
                form: words::form(statement.form),
                lang,
                dir,
                by: desk.lens.name(facts.speaker).to_owned(),
                date: date(),
            }
        }
    })
}
