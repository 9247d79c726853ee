//! The timeline: what happened and what was said, by day, with dates no more exact than they are known.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, drawn, json_ld, moments};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Site};
use crate::picture::Pictures;
use crate::plan::{Route, Wanted, address};

pub(super) const VIEW: View = View { name: "timeline", template: Some("timeline.html"), routes, compose };

/// Variables of `timeline.html`.
#[derive(Debug, Serialize)]
pub struct TimelinePage {
    /// What every page has.
    pub page: Frame,
    /// The story.
    pub story: StoryCard,
    /// Days, or longer spans where the day is not known, in order.
    pub days: Vec<TimelineDay>,
    /// What has no date at all.
    pub undated: Vec<TimelineItem>,
    /// Whom the picture draws as one, because there are too many to draw each.
    pub grouped: Vec<Grouped>,
}

/// Everything with one date.
#[derive(Debug, Serialize)]
pub struct TimelineDay {
    /// The date they share.
    pub date: Date,
    /// Its fragment id.
    pub anchor: String,
    /// What happened then.
    pub items: Vec<TimelineItem>,
}

/// One thing that happened.
#[derive(Debug, Serialize)]
pub struct TimelineItem {
    /// `event`, `statement`, `action`, `silence` or `correction`.
    pub kind: &'static str,
    /// Fragment id.
    pub anchor: String,
    /// Where it leads.
    pub url: String,
    /// Who; absent for events and corrections.
    pub actor: Option<ActorLink>,
    /// What, in a line; for a statement its channel.
    pub title: String,
    /// The words, for a statement.
    pub statement: Option<StatementLink>,
    /// How we know; absent for events and corrections.
    pub evidence: Option<EvidenceBrief>,
    /// Whether it lies after the story's `as_of`.
    pub later: bool,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    let stories = graph.of_kind(Kind::Story);
    stories
        .map(|id| Wanted {
            url: format!("{}timeline/", address(graph, id)),
            ..Wanted::about(graph, VIEW.name, id)
        })
        .collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a timeline's route has its story");
    let story = desk.story(id).unwrap_or_default();
    let reactions = desk.lens.reactions_of(id);
    let ids = moments::of_story(desk, id, &reactions);
    let mut days: Vec<TimelineDay> = Vec::new();
    let mut undated = Vec::new();
    for node in ids.iter().copied() {
        let Some(item) = item(desk, node) else { continue };
        let Some(date) = desk.lens.date_of(node) else {
            undated.push(item);
            continue;
        };
        let date = desk.date(date);
        match days.last_mut() {
            Some(day) if day.date.text == date.text => day.items.push(item),
            _ => {
                let anchor = format!("d-{}", crate::text::slug(&date.short));
                days.push(TimelineDay { date, anchor, items: vec![item] });
            }
        }
    }
    let title = format!("Timeline: {}", story.title);
    let mut page =
        desk.frame(route, "timeline", title, &format!("Who said what, day by day: {}", story.title));
    page.crumbs.push(desk.link(id));
    page.section = story.url.clone();
    let json_ld = json_ld::collection(desk, &page);
    let (timeline, grouped) = drawn::timeline(desk, &story.title, &reactions, &ids, "");
    let pictures = Pictures { timeline, ..Pictures::default() };
    Model::with_pictures(json_ld, pictures, TimelinePage { page, story, days, undated, grouped })
}

fn item(desk: &Desk<'_>, id: NodeId) -> Option<TimelineItem> {
    let node = desk.lens.node(id);
    let base = |kind| TimelineItem {
        kind,
        anchor: moments::anchor(desk, id),
        url: desk.url(id),
        actor: None,
        title: String::new(),
        statement: None,
        evidence: None,
        later: node.is_later(),
    };
    Some(match node.kind {
        Kind::Event => TimelineItem { title: node.name.clone(), ..base("event") },
        Kind::Statement => {
            let speaker = desk.lens.statement_facts(id)?.speaker;
            TimelineItem {
                actor: Some(desk.actor(speaker)),
                title: desk.channel_label(id),
                statement: desk.statement_link(id),
                evidence: desk.evidence_of_statement(id),
                ..base("statement")
            }
        }
        Kind::Action => {
            let card = desk.action(id)?;
            TimelineItem {
                actor: Some(card.by),
                title: card.did,
                evidence: Some(card.evidence),
                ..base("action")
            }
        }
        Kind::Silence => {
            let card = desk.silence(id)?;
            TimelineItem { actor: Some(card.actor), title: card.sentence, ..base("silence") }
        }
        Kind::Correction => {
            let card = desk.correction(id)?;
            TimelineItem { title: card.why, ..base("correction") }
        }
        _ => return None,
    })
}
