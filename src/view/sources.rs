//! Every source, grouped by whether we saw it, and how much rests on a single one.

use std::cmp::Reverse;

use serde::Serialize;

use super::cards::*;
use super::desk::{Desk, standing};
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "sources", template: Some("sources.html"), routes, compose };

/// Variables of `sources.html`.
#[derive(Debug, Serialize)]
pub struct SourcesPage {
    /// What every page has.
    pub page: Frame,
    /// Groups: held, not seen, not named; of each what is listed on this page.
    pub groups: Vec<SourceGroup>,
    /// How much rests on one source: `9 of 19 statements rest on one source alone.`; empty when none does, and
    /// on all pages of the list but the first.
    pub sentence: String,
    /// Which part of the list this is.
    pub pager: Pager,
}

/// Sources of one standing.
#[derive(Debug, Serialize)]
pub struct SourceGroup {
    /// `Seen by us`.
    pub label: &'static str,
    /// `seen`, `reported` or `unconfirmed`.
    pub grade: &'static str,
    /// Most used first.
    pub sources: Vec<SourceRow>,
}

/// The groups, by their place.
const GROUPS: [(&str, &str); 3] = [
    ("seen", "Seen by us"),
    ("reported", "Known through others"),
    ("unconfirmed", "Origins that nobody names"),
];

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    let mut ids: Vec<NodeId> = graph.of_kind(Kind::Source).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    ids.sort_by_cached_key(|id| {
        let Data::Source(source) = &graph.node(*id).record().data else {
            unreachable!("because sources alone were asked for")
        };
        let grade = standing(source);
        let group = GROUPS.iter().position(|it| it.0 == grade);
        (group, Reverse(graph.citations(*id).uses), &source.title, *id)
    });
    Wanted::at("/sources/", VIEW.name).in_pages(vec![ids], site.paginate)
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut groups: Vec<SourceGroup> = Vec::new();
    for id in desk.listed(0) {
        let row = desk.source_row(*id);
        match groups.last_mut().filter(|it| it.grade == row.grade) {
            Some(group) => group.sources.push(row),
            None => {
                let label = GROUPS.iter().find(|it| it.0 == row.grade).map_or("", |it| it.1);
                groups.push(SourceGroup { label, grade: row.grade, sources: vec![row] });
            }
        }
    }
    let title = "Sources".to_owned();
    let mut page = desk.frame(route, "sources", title, "What every statement here rests on.");
    page.section = route.first_url().to_owned();
    desk.number_page(&mut page, route);
    let json_ld = json_ld::collection(desk, &page);
    let sentence = if route.number == 1 { dependency(desk) } else { String::new() };
    Model::page(json_ld, SourcesPage { page, groups, sentence, pager: desk.pager(route) })
}

/// How many statements cite one source and nothing else, for the source where that is most.
fn dependency(desk: &Desk<'_>) -> String {
    let statements = desk.lens.all(Kind::Statement);
    let mut alone: std::collections::BTreeMap<NodeId, usize> = std::collections::BTreeMap::new();
    for id in &statements {
        if let [only] = desk.lens.targets(*id, Relation::Cites).as_slice() {
            *alone.entry(*only).or_default() += 1;
        }
    }
    let most = alone.into_iter().max_by_key(|(id, count)| (*count, std::cmp::Reverse(*id)));
    match most {
        Some((source, count)) => {
            let link = desk.source(source);
            format!("{count} of {} statements rest on one source alone: {}.", statements.len(), link.title)
        }
        None => String::new(),
    }
}
