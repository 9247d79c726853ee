//! The relationship map as a grouped list: who speaks about whom, who answers whom, who accuses whom.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, drawn, json_ld, lines};
use crate::graph::Graph;
use crate::model::{Kind, Site};
use crate::picture::Pictures;
use crate::plan::{Route, Wanted, address};

pub(super) const VIEW: View = View { name: "map", template: Some("map.html"), routes, compose };

/// Variables of `map.html`.
#[derive(Debug, Serialize)]
pub struct MapPage {
    /// What every page has.
    pub page: Frame,
    /// The story.
    pub story: StoryCard,
    /// Lines, grouped by what they mean.
    pub groups: Vec<MapGroup>,
    /// Whom the picture draws as one, because there are too many to draw each.
    pub grouped: Vec<Grouped>,
}

/// Lines of one meaning.
#[derive(Debug, Serialize)]
pub struct MapGroup {
    /// What they mean: `Replies`.
    pub label: &'static str,
    /// The lines.
    pub rows: Vec<MapRow>,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    let stories = graph.of_kind(Kind::Story);
    stories
        .map(|id| Wanted {
            url: format!("{}map/", address(graph, id)),
            ..Wanted::about(graph, VIEW.name, id)
        })
        .collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a map's route has its story");
    let reactions = desk.lens.reactions_of(id);
    let story = desk.story(id).unwrap_or_default();
    let rows = lines::between_speakers(desk, &reactions);
    let (map, grouped) = drawn::map(desk, &story.title, &reactions, &rows);
    let (stances, others): (Vec<MapRow>, Vec<MapRow>) =
        rows.into_iter().partition(|row| !row.mark.is_empty());
    let pick =
        |relation: &str| others.iter().filter(|row| row.relation == relation).cloned().collect::<Vec<_>>();
    let groups = [
        ("Stances", stances),
        ("Also spoken of", pick("speaks of")),
        ("Replies", pick("replies to")),
        ("Agreement", pick("endorses")),
        ("Allegations", pick("alleges against")),
        ("Told to", pick("told")),
        ("Offices and ownership", lines::houses(desk, &reactions)),
    ];
    let groups = groups
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(label, rows)| MapGroup { label, rows })
        .collect();
    let title = format!("Who speaks about whom: {}", story.title);
    let mut page = desk.frame(route, "map", title.clone(), &title);
    page.crumbs.push(desk.link(id));
    page.section = story.url.clone();
    let json_ld = json_ld::collection(desk, &page);
    let pictures = Pictures { map, ..Pictures::default() };
    Model::with_pictures(json_ld, pictures, MapPage { page, story, groups, grouped })
}
