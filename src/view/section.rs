//! A directory of pages.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Section, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "section", template: Some("section.html"), routes, compose };

/// Variables of `section.html`.
#[derive(Debug, Serialize)]
pub struct SectionPage {
    /// What every page has.
    pub page: Frame,
    /// Title.
    pub title: String,
    /// The text before the list; on the first page of the list only.
    pub prose: ProseView,
    /// Its pages, as sorted.
    pub pages: Vec<PageCard>,
    /// Sections below it; on the first page of the list only.
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

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    let sections = graph.of_kind(Kind::Section).filter(|id| &*graph.node(*id).key != "home");
    sections.flat_map(|id| pages_of_list(graph, site, id)).collect()
}

/// One route for every page of the list: `/notes/`, `/notes/page/2/` …
fn pages_of_list(graph: &Graph, site: &Site, id: NodeId) -> Vec<Wanted> {
    let Data::Section(data) = &graph.node(id).record().data else { return Vec::new() };
    let prefix = format!("{}/", graph.node(id).key);
    let children = graph.of_kind(Kind::Page).filter(|page| is_child(&graph.node(*page).key, &prefix));
    let pages = sorted(graph, data, children.collect());
    Wanted::about(graph, VIEW.name, id).in_pages(vec![pages], data.paginate.unwrap_or(site.paginate))
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
    let is_first = route.number == 1;
    let mut sections = if is_first { desk.lens.all(Kind::Section) } else { Vec::new() };
    sections.retain(|it| is_child(&desk.lens.node(*it).key, &prefix));
    let pages = desk.listed(0).iter().map(|id| page_card(desk, *id)).collect();
    let mut page = desk.frame(route, "section", data.title.clone(), &desk.summary(id));
    page.section = desk.url(id);
    desk.number_page(&mut page, route);
    let json_ld = json_ld::collection(desk, &page);
    let prose = if is_first { desk.prose(id) } else { ProseView::default() };
    let (title, sections, pager) = (data.title.clone(), desk.links(sections), desk.pager(route));
    Model::page(json_ld, SectionPage { title, prose, pages, sections, pager, page })
}

fn sorted(graph: &Graph, section: &Section, mut pages: Vec<NodeId>) -> Vec<NodeId> {
    let node = |id: NodeId| graph.node(id);
    match section.sort_by.as_str() {
        "title" => pages.sort_by_cached_key(|id| (node(*id).name.to_lowercase(), *id)),
        "weight" => pages.sort_by_key(|id| match &node(*id).record().data {
            Data::Page(page) => (page.weight, *id),
            _ => (0, *id),
        }),
        _ => pages = graph.newest_first(pages),
    }
    pages
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
