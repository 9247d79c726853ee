//! Everybody who speaks or is spoken of, grouped by what they are.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::Graph;
use crate::model::{ActorType, Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "actors", template: Some("actors.html"), routes, compose };

/// Variables of `actors.html`.
#[derive(Debug, Serialize)]
pub struct ActorsPage {
    /// What every page has.
    pub page: Frame,
    /// Groups, people first.
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

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Actor).next().map(|_| Wanted::at("/actors/", VIEW.name)).into_iter().collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let sorts = [
        ("People", &[ActorType::Person][..]),
        ("Organisations", &[ActorType::Organisation, ActorType::Group]),
        ("Outlets", &[ActorType::Outlet]),
        ("Products", &[ActorType::Product]),
        ("Speakers who are not named", &[ActorType::Unnamed]),
    ];
    let all = desk.lens.all(Kind::Actor);
    let groups = sorts.into_iter().filter_map(|(label, types)| {
        let mut members: Vec<(String, ActorCard)> = Vec::new();
        for id in &all {
            let Data::Actor(actor) = &desk.lens.node(*id).record().data else { continue };
            if !types.contains(&actor.actor_type) {
                continue;
            }
            let card = ActorCard {
                actor: desk.actor(*id),
                described_as: actor.described_as.clone().unwrap_or_default(),
                statements: desk.lens.origins(*id, Relation::SaidBy).len(),
                about: desk.lens.origins(*id, Relation::About).len(),
            };
            members.push((actor.sort.as_ref().unwrap_or(&actor.name).to_lowercase(), card));
        }
        members.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.actor.id.cmp(&b.1.actor.id)));
        let actors: Vec<ActorCard> = members.into_iter().map(|(_, card)| card).collect();
        (!actors.is_empty()).then_some(ActorGroup { label, actors })
    });
    let groups = groups.collect();
    let mut page =
        desk.frame(route, "actors", "Actors".to_owned(), "Everybody who speaks here, or is spoken of.");
    page.section = route.url.clone();
    let json_ld = json_ld::collection(desk, &page);
    Model::page(json_ld, ActorsPage { page, groups, pager: desk.one_page() })
}
