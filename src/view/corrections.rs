//! Every repaired mistake, newest first.

use std::cmp::Reverse;

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
}

fn routes(_: &Graph, _: &Site) -> Vec<Wanted> {
    vec![Wanted::at("/corrections/", VIEW.name)]
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut ids = desk.lens.all(Kind::Correction);
    ids.sort_by_cached_key(|id| (Reverse(desk.lens.date_of(*id)), *id));
    let corrections = ids.into_iter().filter_map(|id| desk.correction(id)).collect();
    let description = "What was wrong here, what stands there now, and why.".to_owned();
    let mut page = desk.frame(route, "corrections", "Corrections".to_owned(), &description);
    page.section = route.url.clone();
    let json_ld = json_ld::collection(desk, &page);
    Model::page(json_ld, CorrectionsPage { page, corrections })
}
