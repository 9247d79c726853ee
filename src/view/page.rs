//! A plain page of prose.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::Graph;
use crate::model::{Data, Kind, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "page", template: Some("page.html"), routes, compose };

/// Variables of `page.html`.
#[derive(Debug, Serialize)]
pub struct PlainPage {
    /// What every page has.
    pub page: Frame,
    /// Title.
    pub title: String,
    /// When it was written.
    pub date: Option<Date>,
    /// When it last changed.
    pub updated: Option<Date>,
    /// Whether to print the table of contents.
    pub toc: bool,
    /// The text.
    pub prose: ProseView,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
    /// What else points here.
    pub backlinks: Vec<Backlink>,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Page).map(|id| Wanted::about(graph, VIEW.name, id)).collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a page's route has its page");
    let node = desk.lens.node(id);
    let Data::Page(data) = &node.record().data else { unreachable!("because routes() asks for pages only") };
    let mut page = desk.frame(route, "page", data.title.clone(), &desk.summary(id));
    page.section = route.url.clone();
    if let Some(section) = desk.section_of(id) {
        page.crumbs.push(desk.link(section));
        page.section = desk.url(section);
    }
    let date = data.date.as_ref().map(|it| desk.date(it));
    let updated = data.updated.as_ref().map(|it| desk.date(it));
    let json_ld = json_ld::web_page(desk, &page, date.as_ref(), updated.as_ref());
    let model = PlainPage {
        title: data.title.clone(),
        date,
        updated,
        toc: data.toc,
        prose: desk.prose(id),
        corrections: desk.corrections([id]),
        backlinks: desk.backlinks(id, &[]),
        page,
    };
    Model::page(json_ld, model)
}
