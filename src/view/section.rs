//! A directory of pages.

use std::cmp::Reverse;

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Section, Site};
use crate::plan::{Route, Wanted, address};

pub(super) const VIEW: View = View { name: "section", template: Some("section.html"), routes, compose };

/// Variables of `section.html`.
#[derive(Debug, Serialize)]
pub struct SectionPage {
    /// What every page has.
    pub page: Frame,
    /// Title.
    pub title: String,
    /// The text before the list.
    pub prose: ProseView,
    /// Its pages, as sorted.
    pub pages: Vec<PageCard>,
    /// Sections below it.
    pub sections: Vec<Link>,
    /// Which part of the list this is.
    pub pager: Pager,
}

/// A page as lists show it.
#[derive(Debug, Serialize)]
pub struct PageCard {
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// How it begins, as plain text.
    pub summary: String,
    /// When it was written.
    pub date: Option<Date>,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    let sections = graph.of_kind(Kind::Section).filter(|id| &*graph.node(*id).key != "home");
    sections.flat_map(|id| pages_of_list(graph, id)).collect()
}

/// One route for every part of the list: `/notes/`, `/notes/page/2/` …
fn pages_of_list(graph: &Graph, id: NodeId) -> Vec<Wanted> {
    let Data::Section(data) = &graph.node(id).record().data else { return Vec::new() };
    let prefix = format!("{}/", graph.node(id).key);
    let count = graph.of_kind(Kind::Page).filter(|page| is_child(&graph.node(*page).key, &prefix)).count();
    let url = address(graph, id);
    (1..=parts(count, data.paginate))
        .map(|number| Wanted { url: part_url(&url, number), number, ..Wanted::about(graph, VIEW.name, id) })
        .collect()
}

fn parts(count: usize, at_once: usize) -> usize {
    if at_once == 0 { 1 } else { count.div_ceil(at_once).max(1) }
}

fn part_url(url: &str, number: usize) -> String {
    if number == 1 { url.to_owned() } else { format!("{url}page/{number}/") }
}

/// Whether a key stands in a directory, and not below it.
fn is_child(key: &str, prefix: &str) -> bool {
    key.strip_prefix(prefix).is_some_and(|rest| !rest.contains('/'))
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a section's route has its section");
    let node = desk.lens.node(id);
    let Data::Section(data) = &node.record().data else {
        unreachable!("because routes() asks for sections only")
    };
    let prefix = format!("{}/", node.key);
    let mut children = desk.lens.all(Kind::Page);
    children.retain(|page| is_child(&desk.lens.node(*page).key, &prefix));
    sort(desk, data, &mut children);
    let mut sections = desk.lens.all(Kind::Section);
    sections.retain(|it| is_child(&desk.lens.node(*it).key, &prefix));
    let total = parts(children.len(), data.paginate);
    let at_once = if data.paginate == 0 { children.len().max(1) } else { data.paginate };
    let shown = children.into_iter().skip((route.number - 1) * at_once).take(at_once);
    let pages = shown.map(|id| page_card(desk, id)).collect();
    let url = desk.url(id);
    let pager = Pager {
        number: route.number,
        total,
        previous: (route.number > 1).then(|| part_url(&url, route.number - 1)),
        next: (route.number < total).then(|| part_url(&url, route.number + 1)),
    };
    let title =
        if route.number == 1 { data.title.clone() } else { format!("{}, part {}", data.title, route.number) };
    let mut page = desk.frame(route, "section", title, &desk.summary(id));
    page.section = url;
    let json_ld = json_ld::collection(desk, &page);
    let prose = if route.number == 1 { desk.prose(id) } else { ProseView::default() };
    let model =
        SectionPage { title: data.title.clone(), prose, pages, sections: desk.links(sections), pager, page };
    Model::page(json_ld, model)
}

fn sort(desk: &Desk<'_>, section: &Section, pages: &mut [NodeId]) {
    let node = |id: NodeId| desk.lens.node(id);
    match section.sort_by.as_str() {
        "title" => pages.sort_by_cached_key(|id| (node(*id).name.to_lowercase(), *id)),
        "weight" => pages.sort_by_key(|id| match &node(*id).record().data {
            Data::Page(page) => (page.weight, *id),
            _ => (0, *id),
        }),
        _ => pages.sort_by_cached_key(|id| (Reverse(desk.lens.date_of(*id)), *id)),
    }
}

fn page_card(desk: &Desk<'_>, id: NodeId) -> PageCard {
    let node = desk.lens.node(id);
    PageCard {
        title: node.name.clone(),
        url: desk.url(id),
        summary: desk.summary(id),
        date: desk.lens.date_of(id).map(|it| desk.date(it)),
    }
}
