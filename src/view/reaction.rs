//! One actor's reaction: our account of it, and everything it is made of.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "reaction", template: Some("reaction.html"), routes, compose };

/// Variables of `reaction.html`.
#[derive(Debug, Serialize)]
pub struct ReactionPage {
    /// What every page has.
    pub page: Frame,
    /// The reaction.
    pub reaction: ReactionCard,
    /// What the actor has to gain, one interest each.
    pub stakes: Vec<String>,
    /// Our account of it.
    pub prose: ProseView,
    /// What was said.
    pub statements: Vec<StatementCard>,
    /// What was done.
    pub actions: Vec<ActionCard>,
    /// What is alleged.
    pub claims: Vec<ClaimCard>,
    /// Who said nothing.
    pub silences: Vec<SilenceCard>,
    /// What was said after the story's `as_of`.
    pub later: Vec<StatementCard>,
    /// Numbers of the reaction as a whole.
    pub figures: Vec<FigureView>,
    /// Events it brought about.
    pub effects: Vec<Link>,
    /// Terms it uses.
    pub terms: Vec<TermCard>,
    /// Sources, by number.
    pub sources: Vec<SourceRow>,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
    /// What else points here.
    pub backlinks: Vec<Backlink>,
    /// The reaction before, in printed order.
    pub previous: Option<Link>,
    /// The reaction after.
    pub next: Option<Link>,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Reaction).map(|id| Wanted::about(graph, VIEW.name, id)).collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a reaction's route has its reaction");
    desk.number_sources();
    let reaction = desk.reaction(id).unwrap_or_default();
    let statements = desk.lens.parts(id, Kind::Statement);
    let (later, statements): (Vec<_>, Vec<_>) =
        desk.statements(statements).into_iter().partition(|it| it.later);
    let parts = |kind| desk.lens.parts(id, kind);
    let claims: Vec<ClaimCard> = parts(Kind::Claim).into_iter().filter_map(|id| desk.claim(id)).collect();
    let (previous, next) = neighbours(desk, id);
    let title = format!("{} on {}", reaction.actor.name, subject_name(desk, id, &reaction));
    let description = if reaction.summary.is_empty() { title.clone() } else { reaction.summary.clone() };
    let mut page = desk.frame(route, "reaction", title, &description);
    page.crumbs.push(reaction.story.clone());
    page.section = reaction.story.url.clone().unwrap_or_default();
    let json_ld = json_ld::reaction(desk, &page, &reaction, &statements, &claims);
    let mut corrected = vec![id];
    for kind in [Kind::Statement, Kind::Action, Kind::Claim, Kind::Silence] {
        corrected.extend(parts(kind));
    }
    let stakes = match desk.lens.target(id, Relation::ReactionOf).map(|id| &desk.lens.node(id).record().data)
    {
        Some(Data::Actor(actor)) => actor.stakes.clone(),
        _ => Vec::new(),
    };
    let model = ReactionPage {
        stakes,
        prose: desk.prose(id),
        actions: parts(Kind::Action).into_iter().filter_map(|id| desk.action(id)).collect(),
        silences: parts(Kind::Silence).into_iter().filter_map(|id| desk.silence(id)).collect(),
        figures: desk.figures(desk.lens.targets(id, Relation::Gives)),
        effects: desk.target_links(id, Relation::BroughtAbout),
        terms: terms_of(desk, id),
        corrections: desk.corrections(corrected),
        backlinks: desk.backlinks(id, &[]),
        sources: desk.numbered_sources(),
        statements,
        later,
        claims,
        reaction,
        previous,
        next,
        page,
    };
    Model::page(json_ld, model)
}

/// What the reaction is to, in a title: the product the event concerns, else the event.
fn subject_name(desk: &Desk<'_>, id: NodeId, reaction: &ReactionCard) -> String {
    let event = desk.lens.target(id, Relation::ReactsTo);
    let concerned = event.and_then(|event| desk.lens.target(event, Relation::Concerns));
    match concerned {
        Some(concerned) => {
            let maker = desk.lens.target(concerned, Relation::MadeBy).map(|id| desk.lens.name(id).to_owned());
            let name = desk.lens.name(concerned);
            maker.map_or_else(|| name.to_owned(), |maker| format!("{maker} {name}"))
        }
        None => reaction.to.name.clone(),
    }
}

fn neighbours(desk: &Desk<'_>, id: NodeId) -> (Option<Link>, Option<Link>) {
    let Some(story) = desk.lens.node(id).story else { return (None, None) };
    let all = desk.lens.reactions_of(story);
    let Some(at) = all.iter().position(|it| *it == id) else { return (None, None) };
    let previous = at.checked_sub(1).map(|at| desk.link(all[at]));
    (previous, all.get(at + 1).map(|id| desk.link(*id)))
}

fn terms_of(desk: &Desk<'_>, id: NodeId) -> Vec<TermCard> {
    let mut found = std::collections::BTreeSet::new();
    for kind in [Kind::Statement, Kind::Claim] {
        for part in desk.lens.parts(id, kind) {
            found.extend(desk.lens.targets(part, Relation::UsesTerm));
        }
    }
    let mut terms: Vec<TermCard> = found.into_iter().filter_map(|id| desk.term(id)).collect();
    terms.sort_by_cached_key(|it| it.name.to_lowercase());
    terms
}
