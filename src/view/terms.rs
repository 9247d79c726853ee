//! Every term, by name.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::Graph;
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

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Term).next().map(|_| Wanted::at("/terms/", VIEW.name)).into_iter().collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut terms: Vec<TermCard> =
        desk.lens.all(Kind::Term).into_iter().filter_map(|id| desk.term(id)).collect();
    terms.sort_by_cached_key(|it| (it.name.to_lowercase(), it.id.clone()));
    let mut page =
        desk.frame(route, "terms", "Terms".to_owned(), "Words the record uses, and what they mean.");
    page.section = route.url.clone();
    let json_ld = json_ld::terms(desk, &terms);
    Model::page(json_ld, TermsPage { page, terms, pager: desk.one_page() })
}
