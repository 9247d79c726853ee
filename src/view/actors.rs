//! Everybody who speaks or is spoken of, grouped by what they are.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Actor, ActorType, Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "actors", template: Some("actors.html"), routes, compose };

/// Variables of `actors.html`.
#[derive(Debug, Serialize)]
pub struct ActorsPage {
    /// What every page has.
    pub page: Frame,
    /// Groups, people first; of each those who are listed on this page.
    pub groups: Vec<ActorGroup>,
    /// Which part of the list this is.
    pub pager: Pager,
}

/// Actors of one sort.
#[derive(Debug, Serialize)]
pub struct ActorGroup {
    /// `People`.
    pub label: &'static str,
    /// By sort name.
    pub actors: Vec<ActorCard>,
}

/// An actor as lists show it.
#[derive(Debug, Serialize)]
pub struct ActorCard {
    /// Who.
    pub actor: ActorLink,
    /// A few words; may be empty.
    pub described_as: String,
    /// How many statements they made.
    pub statements: usize,
    /// How many statements are about them.
    pub about: usize,
}

/// The groups, by their place.
const GROUPS: [&str; 5] = ["People", "Organisations", "Outlets", "Products", "Speakers who are not named"];

/// The place of an actor's group.
fn group_of(actor: &Actor) -> usize {
    match actor.actor_type {
        ActorType::Person => 0,
        ActorType::Organisation | ActorType::Group => 1,
        ActorType::Outlet => 2,
        ActorType::Product => 3,
        ActorType::Unnamed => 4,
    }
}

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    let mut ids: Vec<NodeId> = graph.of_kind(Kind::Actor).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    ids.sort_by_cached_key(|id| {
        let Data::Actor(actor) = &graph.node(*id).record().data else {
            unreachable!("because actors alone were asked for")
        };
        (group_of(actor), actor.sort.as_ref().unwrap_or(&actor.name).to_lowercase(), *id)
    });
    Wanted::at("/actors/", VIEW.name).in_pages(vec![ids], site.paginate)
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut groups: Vec<ActorGroup> = Vec::new();
    for id in desk.listed(0) {
        let Data::Actor(actor) = &desk.lens.node(*id).record().data else { continue };
        let card = ActorCard {
            actor: desk.actor(*id),
            described_as: actor.described_as.clone().unwrap_or_default(),
            statements: desk.lens.origins(*id, Relation::SaidBy).len(),
            about: desk.lens.origins(*id, Relation::About).len(),
        };
        let label = GROUPS[group_of(actor)];
        match groups.last_mut().filter(|it| it.label == label) {
            Some(group) => group.actors.push(card),
            None => groups.push(ActorGroup { label, actors: vec![card] }),
        }
    }
    let mut page =
        desk.frame(route, "actors", "Actors".to_owned(), "Everybody who speaks here, or is spoken of.");
    page.section = route.first_url().to_owned();
    desk.number_page(&mut page, route);
    let json_ld = json_ld::collection(desk, &page);
    Model::page(json_ld, ActorsPage { page, groups, pager: desk.pager(route) })
}
