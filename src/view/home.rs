//! The home page: every story, newest first.

use std::cmp::Reverse;

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
    /// Words before the list, from `content/_index.md`.
    pub intro: ProseView,
    /// Stories, newest first.
    pub stories: Vec<StoryCard>,
    /// Plain pages and sections of the top level.
    pub pages: Vec<Link>,
    /// Which part of the list this is.
    pub pager: Pager,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    vec![Wanted { subject: graph.find(Kind::Section, "home"), ..Wanted::at("/", VIEW.name) }]
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut ids = desk.lens.all(Kind::Story);
    ids.sort_by_cached_key(|id| (Reverse(desk.lens.date_of(*id)), *id));
    let stories: Vec<StoryCard> = ids.into_iter().filter_map(|id| desk.story(id)).collect();
    let mut top = desk.lens.all(Kind::Page);
    top.extend(desk.lens.all(Kind::Section));
    top.retain(|id| !desk.lens.node(*id).key.contains('/') && &*desk.lens.node(*id).key != "home");
    top.sort_by_key(|id| match &desk.lens.node(*id).record().data {
        Data::Page(page) => (page.weight, *id),
        Data::Section(section) => (section.weight, *id),
        _ => (0, *id),
    });
    let intro = route.subject.map(|id| desk.prose(id)).unwrap_or_default();
    let described = desk.site.description.clone().unwrap_or_default();
    let title = match route.subject.map(|id| &desk.lens.node(id).record().data) {
        Some(Data::Section(section)) => section.title.clone(),
        _ => desk.site.title.clone(),
    };
    let mut page = desk.frame(route, "home", title, &described);
    page.crumbs.clear();
    page.feed = Some(desk.place(&desk.site.title, "/feed.xml"));
    let json_ld = json_ld::home(desk, &page, &stories);
    Model::page(json_ld, HomePage { page, intro, stories, pages: desk.links(top), pager: desk.one_page() })
}
