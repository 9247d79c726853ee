//! Every repaired mistake, newest first.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::Graph;
use crate::model::{Kind, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View =
    View { name: "corrections", template: Some("corrections.html"), routes, compose };

/// Variables of `corrections.html`.
#[derive(Debug, Serialize)]
pub struct CorrectionsPage {
    /// What every page has.
    pub page: Frame,
    /// Newest first.
    pub corrections: Vec<CorrectionView>,
    /// Which part of the list this is.
    pub pager: Pager,
}

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    // The graph counts them in the same way, because their addresses depend on it.
    let ids = graph.newest_first(graph.of_kind(Kind::Correction));
    Wanted::at("/corrections/", VIEW.name).in_pages(vec![ids], site.paginate)
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let corrections = desk.listed(0).iter().filter_map(|id| desk.correction(*id)).collect();
    let description = "What was wrong here, what stands there now, and why.".to_owned();
    let mut page = desk.frame(route, "corrections", "Corrections".to_owned(), &description);
    page.section = route.first_url().to_owned();
    desk.number_page(&mut page, route);
    let json_ld = json_ld::collection(desk, &page);
    Model::page(json_ld, CorrectionsPage { page, corrections, pager: desk.pager(route) })
}
