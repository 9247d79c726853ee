//! Every source, grouped by whether we saw it, and how much rests on a single one.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "sources", template: Some("sources.html"), routes, compose };

/// Variables of `sources.html`.
#[derive(Debug, Serialize)]
pub struct SourcesPage {
    /// What every page has.
    pub page: Frame,
    /// Groups: held, not seen, not named.
    pub groups: Vec<SourceGroup>,
    /// How much rests on one source: `9 of 19 statements rest on one source alone.`; empty when none does.
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

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Source).next().map(|_| Wanted::at("/sources/", VIEW.name)).into_iter().collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut rows: Vec<SourceRow> =
        desk.lens.all(Kind::Source).into_iter().map(|id| desk.source_row(id)).collect();
    rows.sort_by(|a, b| {
        b.uses
            .cmp(&a.uses)
            .then_with(|| a.source.title.cmp(&b.source.title))
            .then_with(|| a.source.id.cmp(&b.source.id))
    });
    let labels = [
        ("seen", "Seen by us"),
        ("reported", "Known through others"),
        ("unconfirmed", "Origins that nobody names"),
    ];
    let groups = labels.into_iter().filter_map(|(grade, label)| {
        let sources: Vec<SourceRow> = rows.iter().filter(|row| row.grade == grade).cloned().collect();
        (!sources.is_empty()).then_some(SourceGroup { label, grade, sources })
    });
    let groups = groups.collect();
    let title = "Sources".to_owned();
    let mut page = desk.frame(route, "sources", title, "What every statement here rests on.");
    page.section = route.url.clone();
    let json_ld = json_ld::collection(desk, &page);
    Model::page(json_ld, SourcesPage { page, groups, sentence: dependency(desk), pager: desk.one_page() })
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
