//! The comparison matrix: actors against the story's stance and themes. No cell is blank without a reason.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld, matrix};
use crate::graph::Graph;
use crate::model::{Data, Kind, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "compare", template: Some("compare.html"), routes, compose };

/// Variables of `compare.html`.
#[derive(Debug, Serialize)]
pub struct ComparePage {
    /// What every page has.
    pub page: Frame,
    /// The story.
    pub story: StoryCard,
    /// The table.
    pub table: CompareTable,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    let stories = graph.of_kind(Kind::Story);
    stories
        .map(|id| Wanted {
            url: format!("{}compare/", crate::plan::address(graph, id)),
            ..Wanted::about(graph, VIEW.name, id)
        })
        .collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a comparison's route has its story");
    let Data::Story(data) = &desk.lens.node(id).record().data else {
        unreachable!("because routes() asks for stories only")
    };
    let reactions = desk.lens.reactions_of(id);
    let story = desk.story(id).unwrap_or_default();
    let title = format!("Compare: {}", story.title);
    let mut page = desk.frame(route, "compare", title, &format!("Who took which position: {}", story.title));
    page.crumbs.push(desk.link(id));
    page.section = story.url.clone();
    let json_ld = json_ld::collection(desk, &page);
    let table = matrix::table(desk, data, &reactions);
    Model::page(json_ld, ComparePage { page, story, table })
}
