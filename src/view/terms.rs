//! Every term, by name.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "terms", template: Some("terms.html"), routes, compose };

/// Variables of `terms.html`.
#[derive(Debug, Serialize)]
pub struct TermsPage {
    /// What every page has.
    pub page: Frame,
    /// Terms by name.
    pub terms: Vec<TermCard>,
    /// Which part of the list this is.
    pub pager: Pager,
}

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    let mut ids: Vec<NodeId> = graph.of_kind(Kind::Term).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    ids.sort_by_cached_key(|id| (graph.node(*id).name.to_lowercase(), *id));
    Wanted::at("/terms/", VIEW.name).in_pages(vec![ids], site.paginate)
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let terms: Vec<TermCard> = desk.listed(0).iter().filter_map(|id| desk.term(*id)).collect();
    let mut page =
        desk.frame(route, "terms", "Terms".to_owned(), "Words the record uses, and what they mean.");
    page.section = route.first_url().to_owned();
    desk.number_page(&mut page, route);
    let json_ld = json_ld::terms(desk, &terms);
    Model::page(json_ld, TermsPage { page, terms, pager: desk.pager(route) })
}
