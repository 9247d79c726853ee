//! One event: what happened, who took part, what it led to, and who reacted.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::Graph;
use crate::model::{Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "event", template: Some("event.html"), routes, compose };

/// Variables of `event.html`.
#[derive(Debug, Serialize)]
pub struct EventPage {
    /// What every page has.
    pub page: Frame,
    /// The event.
    pub event: EventView,
    /// More about it, in our words.
    pub prose: ProseView,
    /// Stories that tell of it.
    pub stories: Vec<StoryCard>,
    /// Reactions to it.
    pub reactions: Vec<ReactionCard>,
    /// What was said at it.
    pub said_at: Vec<StatementBrief>,
    /// Reactions that brought it about.
    pub effect_of: Vec<Link>,
    /// What else points here.
    pub backlinks: Vec<Backlink>,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Event).map(|id| Wanted::about(graph, VIEW.name, id)).collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("an event's route has its event");
    let event = desk.event(id).unwrap_or_default();
    let from = |relation| desk.lens.origins(id, relation);
    let stories: Vec<StoryCard> =
        from(Relation::TellsOf).into_iter().filter_map(|id| desk.story(id)).collect();
    let summary = desk.summary(id);
    let description =
        if summary.is_empty() { format!("{}, {}.", event.title, event.date.text) } else { summary.clone() };
    let mut page = desk.frame(route, "event", event.title.clone(), &description);
    if let Some(story) = stories.first() {
        page.crumbs.push(Link { name: story.title.clone(), url: Some(story.url.clone()), kind: "story" });
        page.section = story.url.clone();
    }
    let json_ld = json_ld::event(desk, &event);
    let model = EventPage {
        prose: desk.prose(id),
        reactions: from(Relation::ReactsTo).into_iter().filter_map(|id| desk.reaction(id)).collect(),
        said_at: desk.briefs(from(Relation::SaidAt)),
        effect_of: desk.links(from(Relation::BroughtAbout)),
        backlinks: desk.backlinks(id, &[Relation::About, Relation::Mentions, Relation::Concerns]),
        corrections: desk.corrections([id]),
        event,
        stories,
        page,
    };
    Model::page(json_ld, model)
}
