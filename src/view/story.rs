//! The story's landing page: the question, who took which side, the whole record, and what it rests on.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Card, Model, View, drawn, json_ld, lines, matrix, moments, share};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, Site};
use crate::picture::Pictures;
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "story", template: Some("story.html"), routes, compose };

/// Variables of `story.html`.
#[derive(Debug, Serialize)]
pub struct StoryPage {
    /// What every page has.
    pub page: Frame,
    /// The story.
    pub story: StoryCard,
    /// The lead.
    pub prose: ProseView,
    /// The event.
    pub event: EventView,
    /// Who wrote it.
    pub byline: Vec<Link>,
    /// How it was made; may be empty.
    pub methods: String,
    /// Numbers of the event, what it led to, and the reactions.
    pub figures: Vec<FigureView>,
    /// Who took which side.
    pub split: Vec<SplitRow>,
    /// Who speaks about whom.
    pub map: Vec<MapRow>,
    /// Whom the picture of that draws as one, because there are too many to draw each.
    pub grouped: Vec<Grouped>,
    /// The record, in printed order.
    pub entries: Vec<Entry>,
    /// Who said nothing, in public or on one channel.
    pub silences: Vec<SilenceCard>,
    /// Those of them who are still silent, and everywhere in public: by name, leading to the silence on this page.
    pub silent: Vec<Link>,
    /// Positions side by side.
    pub compare: CompareTable,
    /// Terms the record uses.
    pub terms: Vec<TermCard>,
    /// Sources, by number.
    pub sources: Vec<SourceRow>,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
    /// Address of the timeline.
    pub timeline_url: String,
    /// Address of the comparison.
    pub compare_url: String,
    /// Address of the map.
    pub map_url: String,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Story).map(|id| Wanted::about(graph, VIEW.name, id)).collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a story's route has its story");
    desk.number_sources();
    let node = desk.lens.node(id);
    let Data::Story(data) = &node.record().data else {
        unreachable!("because routes() asks for stories only")
    };
    let reactions = desk.lens.reactions_of(id);
    let event_id = desk.lens.target(id, Relation::TellsOf);
    let event = event_id.and_then(|id| desk.event(id)).unwrap_or_default();
    let story = desk.story(id).unwrap_or_default();
    let figures = desk.figures(figures_of(desk, event_id, &reactions));
    let entries: Vec<Entry> = reactions.iter().flat_map(|id| record_of(desk, *id)).collect();
    let silences = silences_of(desk, &reactions);
    let silent = still_silent(&silences).map(|it| Link {
        name: it.actor.name.clone(),
        url: Some(format!("#{}", it.anchor)),
        kind: "silence",
    });
    let silent: Vec<Link> = silent.collect();
    let byline = desk.target_links(id, Relation::WrittenBy);
    let methods = data.methods.clone().unwrap_or_default();
    let mut corrected: Vec<NodeId> = figures_of(desk, event_id, &reactions);
    corrected.extend(event_id);
    let corrections = corrections_of(desk, id, &reactions, corrected);
    let url = route.url.clone();
    let description = if story.summary.is_empty() { story.question.clone() } else { story.summary.clone() };
    let mut page = desk.frame(route, "story", story.title.clone(), &description);
    page.feed = Some(desk.place(&story.title, &format!("{url}feed.xml")));
    page.section = url.clone();
    let statements: Vec<&StatementCard> = entries.iter().filter_map(|it| it.statement.as_ref()).collect();
    let facts = json_ld::StoryFacts {
        story: &story,
        event: &event,
        byline: &byline,
        methods: &methods,
        statements: &statements,
        corrections: &corrections,
    };
    let json_ld = json_ld::story(desk, &page, &facts);
    let terms = terms_of(desk, &reactions);
    // The map and the comparison also tell of statements that are not printed here as entries.
    let told = reactions.iter().flat_map(|it| desk.lens.parts(*it, Kind::Statement));
    told.for_each(|it| desk.number_sources_of(it));
    let split = split_of(desk, data, &reactions);
    let map = lines::between_speakers(desk, &reactions);
    let timeline_url = format!("{url}timeline/");
    let moments = moments::of_story(desk, id, &reactions);
    let (drawn_map, grouped) = drawn::map(desk, &story.title, &reactions, &map);
    let pictures = Pictures {
        map: drawn_map,
        timeline: drawn::timeline(desk, &story.title, &reactions, &moments, &timeline_url).0,
        split: drawn::split(&split, silent.len()),
    };
    let card = share::story(desk, id, &story, &event, (&split, silent.len()));
    let model = StoryPage {
        prose: desk.prose(id),
        split,
        map,
        grouped,
        compare: matrix::table(desk, data, &reactions),
        terms,
        sources: desk.numbered_sources(),
        timeline_url,
        compare_url: format!("{url}compare/"),
        map_url: format!("{url}map/"),
        story,
        event,
        byline,
        methods,
        figures,
        entries,
        silences,
        silent,
        corrections,
        page,
    };
    Model::with_pictures(json_ld, pictures, model).with_card(card)
}

/// A story's share card, for a page that has none of its own; `None` for what is no story.
pub fn card(desk: &Desk<'_>, id: NodeId) -> Option<Card> {
    let Data::Story(data) = &desk.lens.node(id).record().data else { return None };
    let event = desk.lens.target(id, Relation::TellsOf).and_then(|id| desk.event(id)).unwrap_or_default();
    let reactions = desk.lens.reactions_of(id);
    let silences = silences_of(desk, &reactions);
    let sides = (&*split_of(desk, data, &reactions), still_silent(&silences).count());
    Some(share::story(desk, id, &desk.story(id)?, &event, sides))
}

fn silences_of(desk: &Desk<'_>, reactions: &[NodeId]) -> Vec<SilenceCard> {
    let all = reactions.iter().flat_map(|id| desk.lens.parts(*id, Kind::Silence));
    all.filter_map(|id| desk.silence(id)).collect()
}

/// Those who are silent still, and everywhere in public.
fn still_silent(silences: &[SilenceCard]) -> impl Iterator<Item = &SilenceCard> {
    silences.iter().filter(|it| it.scope == "public" && it.ended_by.is_none() && it.state != "not-asked")
}

/// Figures of the event, of what it led to, and of the reactions, each once.
fn figures_of(desk: &Desk<'_>, event: Option<NodeId>, reactions: &[NodeId]) -> Vec<NodeId> {
    let mut found = Vec::new();
    if let Some(event) = event {
        found.extend(desk.lens.targets(event, Relation::Gives));
        for led_to in desk.lens.targets(event, Relation::LedTo) {
            found.extend(desk.lens.targets(led_to, Relation::Gives));
        }
    }
    for reaction in reactions {
        found.extend(desk.lens.targets(*reaction, Relation::Gives));
        for part in desk
            .lens
            .parts(*reaction, Kind::Action)
            .into_iter()
            .chain(desk.lens.parts(*reaction, Kind::Statement))
        {
            found.extend(desk.lens.targets(part, Relation::Gives));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|id| seen.insert(*id));
    found
}

/// Statements, actions and claims of one reaction, in the author's order: what was done and alleged comes first,
/// because the words answer for it.
fn record_of(desk: &Desk<'_>, id: NodeId) -> Vec<Entry> {
    let Some(reaction) = desk.reaction(id) else { return Vec::new() };
    let entry = |kind| Entry { kind, statement: None, action: None, claim: None, context: None };
    let answered: Vec<NodeId> =
        desk.lens.parts(id, Kind::Statement).into_iter().filter(|part| !is_prompt(desk, *part, id)).collect();
    let actions = desk.lens.parts(id, Kind::Action).into_iter().filter_map(|id| desk.action(id));
    let claims = desk.lens.parts(id, Kind::Claim).into_iter().filter_map(|id| desk.claim(id));
    let mut entries: Vec<Entry> = actions.map(|it| Entry { action: Some(it), ..entry("action") }).collect();
    entries.extend(claims.map(|it| Entry { claim: Some(it), ..entry("claim") }));
    let statements = desk.statements(answered).into_iter();
    entries.extend(
        statements.filter(|it| !it.later).map(|it| Entry { statement: Some(it), ..entry("statement") }),
    );
    if let Some(first) = entries.first_mut() {
        first.context =
            Some(ReactionNote { actor: reaction.actor.name, url: reaction.url, summary: reaction.summary });
    }
    entries
}

/// Whether a statement only stands here because another of the same reaction answers it: it is printed there.
fn is_prompt(desk: &Desk<'_>, statement: NodeId, reaction: NodeId) -> bool {
    let answers = desk.lens.origins(statement, Relation::RepliesTo);
    answers.iter().any(|it| desk.lens.node(*it).reaction == Some(reaction))
        && desk.lens.target(statement, Relation::SaidBy) != desk.lens.target(reaction, Relation::ReactionOf)
}

/// Who took which stance, in the scale's order. Silences are no stance: the page tells of them beside it.
fn split_of(desk: &Desk<'_>, story: &crate::model::Story, reactions: &[NodeId]) -> Vec<SplitRow> {
    let mut by_stance: BTreeMap<&str, Vec<Link>> = BTreeMap::new();
    for id in reactions {
        if let Data::Reaction(reaction) = &desk.lens.node(*id).record().data
            && let Some(stance) = &reaction.stance
        {
            by_stance.entry(stance).or_default().push(desk.link(*id));
        }
    }
    let rows = story.scale.stances.iter().filter_map(|stance| {
        let reactions = by_stance.remove(stance.id.as_str())?;
        let mark = stance.mark.name();
        let stance = StanceView {
            id: stance.id.clone(),
            label: stance.label.clone(),
            verb: stance.verb.clone(),
            mark,
            target: None,
        };
        Some(SplitRow { stance, count: reactions.len(), reactions })
    });
    rows.collect()
}

/// Terms the reactions use, by name.
fn terms_of(desk: &Desk<'_>, reactions: &[NodeId]) -> Vec<TermCard> {
    let mut found = std::collections::BTreeSet::new();
    for reaction in reactions {
        for kind in [Kind::Statement, Kind::Claim] {
            for part in desk.lens.parts(*reaction, kind) {
                found.extend(desk.lens.targets(part, Relation::UsesTerm));
            }
        }
    }
    let mut terms: Vec<TermCard> = found.into_iter().filter_map(|id| desk.term(id)).collect();
    terms.sort_by_cached_key(|it| it.name.to_lowercase());
    terms
}

/// Corrections of a story, its event and figures (`on`), its reactions and their parts.
fn corrections_of(
    desk: &Desk<'_>,
    story: NodeId,
    reactions: &[NodeId],
    mut on: Vec<NodeId>,
) -> Vec<CorrectionView> {
    on.push(story);
    for reaction in reactions {
        on.push(*reaction);
        for kind in [Kind::Statement, Kind::Action, Kind::Claim, Kind::Silence] {
            on.extend(desk.lens.parts(*reaction, kind));
        }
    }
    desk.corrections(on)
}
