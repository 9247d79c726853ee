//! One actor: offices and interests, everything said, done and left unsaid, and everything said about them.

use std::cmp::Reverse;

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld, share};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "actor", template: Some("actor.html"), routes, compose };

/// Variables of `actor.html`.
#[derive(Debug, Serialize)]
pub struct ActorPage {
    /// What every page has.
    pub page: Frame,
    /// The actor.
    pub actor: ActorView,
    /// Who that is, in our words.
    pub prose: ProseView,
    /// Reactions across stories. Like what they said, what was said for, to and about them, and replies, they go on on the
    /// next page where there are many.
    pub reactions: Vec<ReactionCard>,
    /// What they said, newest first.
    pub statements: Vec<StatementCard>,
    /// What others said on their behalf, newest first.
    pub said_for: Vec<StatementCard>,
    /// What they did.
    pub actions: Vec<ActionCard>,
    /// What they allege.
    pub alleges: Vec<ClaimCard>,
    /// What is alleged against them.
    pub alleged_against: Vec<ClaimCard>,
    /// Statements that allege something against them.
    pub allegations_in: Vec<StatementBrief>,
    /// When they said nothing.
    pub silences: Vec<SilenceCard>,
    /// Others' answers to them.
    pub replies: Vec<StatementBrief>,
    /// What others said about them.
    pub about: Vec<StatementBrief>,
    /// What was said to them.
    pub told: Vec<StatementBrief>,
    /// Their numbers.
    pub figures: Vec<FigureView>,
    /// Events they took part in or that concern them.
    pub events: Vec<Link>,
    /// Houses, staff, makers and owners.
    pub relations: Vec<RelationGroup>,
    /// Sources they published or wrote.
    pub published: Vec<SourceRow>,
    /// What else points here.
    pub backlinks: Vec<Backlink>,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
    /// Which part of these lists this is. All that is not in them stands on the first page.
    pub pager: Pager,
}

/// An actor in full.
#[derive(Debug, Serialize)]
pub struct ActorView {
    /// Id.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// Address.
    pub url: String,
    /// `person`, `organisation`, `product`, `outlet`, `unnamed` or `group`.
    #[serde(rename = "type")]
    pub actor_type: &'static str,
    /// A few words; may be empty.
    pub described_as: String,
    /// Offices, newest last.
    pub roles: Vec<RoleView>,
    /// Accounts.
    pub accounts: Vec<AccountView>,
    /// Addresses of the same thing elsewhere.
    pub same_as: Vec<String>,
    /// What it has to gain.
    pub stakes: Vec<String>,
}

/// An office.
#[derive(Debug, Serialize)]
pub struct RoleView {
    /// As what.
    pub title: String,
    /// Where.
    pub at: Link,
    /// When, in words; empty when not known.
    pub period: String,
}

/// An account on a platform.
#[derive(Debug, Serialize)]
pub struct AccountView {
    /// The platform's name.
    pub platform: String,
    /// The account's name.
    pub handle: String,
}

/// Connections of one meaning.
#[derive(Debug, Serialize)]
pub struct RelationGroup {
    /// What they mean: `Staff`.
    pub label: &'static str,
    /// To whom.
    pub links: Vec<Link>,
}

fn routes(graph: &Graph, site: &Site) -> Vec<Wanted> {
    let pages = |id| Wanted::about(graph, VIEW.name, id).in_pages(lists(graph, id), site.paginate);
    graph.of_kind(Kind::Actor).flat_map(pages).collect()
}

/// The lists of an actor's pages that can grow without end, by their place among them.
const REACTIONS: usize = 0;
const SAID: usize = 1;
const SAID_FOR: usize = 2;
const REPLIES: usize = 3;
const ABOUT: usize = 4;
const TOLD: usize = 5;

/// What the lists hold: reactions by story, all else newest first.
fn lists(graph: &Graph, id: NodeId) -> Vec<Vec<NodeId>> {
    let statements = |relation| -> Vec<NodeId> {
        graph.origins(id, relation).filter(|it| graph.node(*it).kind == Kind::Statement).collect()
    };
    // Sorted, as edges are.
    let (said, said_for) = (statements(Relation::SaidBy), statements(Relation::SaidFor));
    let is_own = |it: &NodeId| said.binary_search(it).is_ok();
    let replies = said.iter().flat_map(|it| graph.origins(*it, Relation::RepliesTo));
    let replies = replies.filter(|it| !is_own(it)).collect();
    let mut about = statements(Relation::About);
    about.retain(|it| !is_own(it) && said_for.binary_search(it).is_err());
    let told = statements(Relation::Told);
    let mut lists = vec![graph.origins(id, Relation::ReactionOf).collect()];
    lists.extend([said, said_for, replies, about, told].map(|it| graph.newest_first(it)));
    lists
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("an actor's route has its actor");
    let node = desk.lens.node(id);
    let Data::Actor(_) = &node.record().data else { unreachable!("because routes() asks for actors only") };
    let link = desk.actor(id);
    let actor = actor_view(desk, id);
    // All that does not grow without end stands on the first page of the lists.
    let is_first = route.number == 1;
    let origins = |relation| if is_first { desk.lens.origins(id, relation) } else { Vec::new() };
    let from = |relation, kind| {
        let mut ids = origins(relation);
        ids.retain(|it| desk.lens.kind(*it) == kind);
        ids
    };
    let mut events: Vec<NodeId> = origins(Relation::Involves);
    events.extend(origins(Relation::Concerns));
    events.sort_unstable();
    events.dedup();
    let mut published = origins(Relation::PublishedBy);
    published.extend(origins(Relation::AuthoredBy));
    published.sort_unstable();
    published.dedup();
    let figures = from(Relation::FigureOf, Kind::Figure);
    let prose = if is_first { desk.prose(id) } else { ProseView::default() };
    let what = if link.role.is_empty() { String::new() } else { format!(" ({})", link.role) };
    let summary = desk.summary(id);
    let description = match summary.is_empty() {
        true => format!("{}{what}.{}", link.name, how_many(&from)),
        false => summary,
    };
    let mut page = desk.frame(route, "actor", link.name.clone(), &description);
    page.crumbs.push(desk.place("Actors", "/actors/"));
    page.section = "/actors/".to_owned();
    desk.number_page(&mut page, route);
    let is_heard = [Relation::SaidBy, Relation::SaidFor].map(|it| !desk.lens.origins(id, it).is_empty());
    page.feed =
        is_heard.contains(&true).then(|| desk.place(&link.name, &format!("{}feed.xml", route.first_url())));
    let offices: Vec<(String, String)> =
        actor.roles.iter().map(|it| (it.title.clone(), it.at.name.clone())).collect();
    let json_ld = json_ld::actor_page(desk, &link, &actor.same_as, &actor.described_as, &offices);
    let claims = |ids: Vec<NodeId>| ids.into_iter().filter_map(|id| desk.claim(id)).collect::<Vec<_>>();
    let statements = |list| desk.statements(desk.listed(list).iter().copied());
    let briefs = |list| desk.briefs(desk.listed(list).iter().copied());
    let card = is_first.then(|| {
        let (said, about) = heard(&from);
        share::actor(desk, id, &link, said, about)
    });
    let model = ActorPage {
        reactions: desk.listed(REACTIONS).iter().filter_map(|id| desk.reaction(*id)).collect(),
        statements: statements(SAID),
        said_for: statements(SAID_FOR),
        actions: from(Relation::DoneBy, Kind::Action).into_iter().filter_map(|id| desk.action(id)).collect(),
        alleges: claims(from(Relation::AllegedBy, Kind::Claim)),
        alleged_against: claims(from(Relation::AllegesAgainst, Kind::Claim)),
        allegations_in: desk.briefs(newest_first(desk, from(Relation::AllegesAgainst, Kind::Statement))),
        silences: from(Relation::SilenceOf, Kind::Silence)
            .into_iter()
            .filter_map(|id| desk.silence(id))
            .collect(),
        replies: briefs(REPLIES),
        about: briefs(ABOUT),
        told: briefs(TOLD),
        figures: desk.figures(figures.iter().copied()),
        events: desk.links(events),
        relations: if is_first { relations(desk, id) } else { Vec::new() },
        published: published.into_iter().map(|id| desk.source_row(id)).collect(),
        backlinks: if is_first { backlinks(desk, id) } else { Vec::new() },
        corrections: desk.corrections(is_first.then_some(id).into_iter().chain(figures)),
        pager: desk.pager(route),
        actor,
        prose,
        page,
    };
    Model::page(json_ld, model).with_card(card)
}

/// How many statements somebody made, and how many others made about them.
fn heard(from: &dyn Fn(Relation, Kind) -> Vec<NodeId>) -> (usize, usize) {
    let said = from(Relation::SaidBy, Kind::Statement);
    let said_for = from(Relation::SaidFor, Kind::Statement);
    let mut about = from(Relation::About, Kind::Statement);
    about.retain(|it| said.binary_search(it).is_err() && said_for.binary_search(it).is_err());
    (said.len(), about.len())
}

/// The same in a sentence; nothing when there is neither.
fn how_many(from: &dyn Fn(Relation, Kind) -> Vec<NodeId>) -> String {
    match heard(from) {
        (0, 0) => String::new(),
        (said, about) => {
            let plural = if said == 1 { "" } else { "s" };
            format!(" {said} statement{plural} recorded here, {about} about them.")
        }
    }
}

/// What else names or concerns somebody: words about them stand on the page anyway.
fn backlinks(desk: &Desk<'_>, id: NodeId) -> Vec<Backlink> {
    let mut links =
        desk.backlinks(id, &[Relation::Mentions, Relation::About, Relation::AskedBy, Relation::TranslatedBy]);
    links.retain(|it| it.relation != Relation::About.inverse() || it.from.kind != "statement");
    links
}

fn newest_first(desk: &Desk<'_>, mut ids: Vec<NodeId>) -> Vec<NodeId> {
    ids.sort_by_cached_key(|id| (Reverse(desk.lens.date_of(*id)), *id));
    ids.dedup();
    ids
}

fn actor_view(desk: &Desk<'_>, id: NodeId) -> ActorView {
    let link = desk.actor(id);
    let Data::Actor(actor) = &desk.lens.node(id).record().data else {
        unreachable!("because the caller checked")
    };
    let houses = desk.lens.targets(id, Relation::HoldsOffice);
    let roles = actor.roles.iter().zip(houses).map(|(role, at)| RoleView {
        title: role.title.clone(),
        at: desk.link(at),
        period: match (&role.from, &role.to) {
            (Some(from), Some(to)) => format!("{} to {}", from.display_short(), to.display_short()),
            (Some(from), None) => format!("since {}", from.display_short()),
            (None, Some(to)) => format!("until {}", to.display_short()),
            (None, None) => String::new(),
        },
    });
    ActorView {
        id: link.id,
        name: link.name,
        url: link.url,
        actor_type: link.actor_type,
        described_as: actor.described_as.clone().unwrap_or_default(),
        roles: roles.collect(),
        accounts: actor
            .accounts
            .iter()
            .map(|it| AccountView { platform: desk.platform(&it.on), handle: it.handle.clone() })
            .collect(),
        same_as: actor.same_as.clone(),
        stakes: actor.stakes.clone(),
    }
}

fn relations(desk: &Desk<'_>, id: NodeId) -> Vec<RelationGroup> {
    let out = |label, relation| (label, desk.target_links(id, relation));
    let back = |label, relation| (label, desk.links(desk.lens.origins(id, relation)));
    let groups = [
        back("Staff", Relation::HoldsOffice),
        out("Part of", Relation::PartOf),
        back("Parts", Relation::PartOf),
        out("Made by", Relation::MadeBy),
        back("Makes", Relation::MadeBy),
        out("Owned by", Relation::OwnedBy),
        back("Owns", Relation::OwnedBy),
        back("Wrote", Relation::WrittenBy),
    ];
    groups
        .into_iter()
        .filter(|(_, links)| !links.is_empty())
        .map(|(label, links)| RelationGroup { label, links })
        .collect()
}
