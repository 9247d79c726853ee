//! The home page: every story, newest first.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::Graph;
use crate::model::{Data, Kind, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "home", template: Some("home.html"), routes, compose };

/// Variables of `home.html`.
#[derive(Debug, Serialize)]
pub struct HomePage {
    /// What every page has.
    pub page: Frame,
    /// Words before the list, from `content/_index.md`; on the first page of the list only.
    pub intro: ProseView,
    /// Stories, newest first.
    pub stories: Vec<StoryCard>,
    /// Plain pages and sections of the top level; on the first page of the list only.
    pub pages: Vec<Link>,
    /// Which part of the list this is.
    pub pager: Pager,
}

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    let subject = graph.find(Kind::Section, "home");
    let at_once = match subject.map(|id| &graph.node(id).record().data) {
        Some(Data::Section(section)) => section.paginate,
        _ => None,
    };
    let stories = graph.newest_first(graph.of_kind(Kind::Story));
    let first = Wanted { subject, ..Wanted::at("/", VIEW.name) };
    first.in_pages(vec![stories], at_once.unwrap_or(site.paginate))
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let stories: Vec<StoryCard> = desk.listed(0).iter().filter_map(|id| desk.story(*id)).collect();
    let is_first = route.number == 1;
    let pages = if is_first { top_level(desk) } else { Vec::new() };
    let intro = route.subject.filter(|_| is_first).map(|id| desk.prose(id)).unwrap_or_default();
    let described = desk.site.description.clone().unwrap_or_default();
    let title = match route.subject.map(|id| &desk.lens.node(id).record().data) {
        Some(Data::Section(section)) => section.title.clone(),
        _ => desk.site.title.clone(),
    };
    let mut page = desk.frame(route, "home", title, &described);
    page.crumbs.clear();
    desk.number_page(&mut page, route);
    page.feed = Some(desk.place(&desk.site.title, "/feed.xml"));
    let json_ld = match is_first {
        true => json_ld::home(desk, &page, &stories),
        false => json_ld::collection(desk, &page),
    };
    Model::page(json_ld, HomePage { page, intro, stories, pages, pager: desk.pager(route) })
}

/// Plain pages and sections that stand in no directory, by weight.
fn top_level(desk: &Desk<'_>) -> Vec<Link> {
    let mut top = desk.lens.all(Kind::Page);
    top.extend(desk.lens.all(Kind::Section));
    top.retain(|id| !desk.lens.node(*id).key.contains('/') && &*desk.lens.node(*id).key != "home");
    top.sort_by_key(|id| match &desk.lens.node(*id).record().data {
        Data::Page(page) => (page.weight, *id),
        Data::Section(section) => (section.weight, *id),
        _ => (0, *id),
    });
    desk.links(top)
}
