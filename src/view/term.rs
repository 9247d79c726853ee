//! One term: what it means, what is disputed about it, and who used it in which words.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "term", template: Some("term.html"), routes, compose };

/// Variables of `term.html`.
#[derive(Debug, Serialize)]
pub struct TermPage {
    /// What every page has.
    pub page: Frame,
    /// The term.
    pub term: TermView,
    /// More about it, in our words.
    pub prose: ProseView,
    /// Statements that use it, oldest first.
    pub used_in: Vec<StatementBrief>,
    /// Claims that use it.
    pub claims: Vec<ClaimCard>,
    /// Related terms.
    pub see_also: Vec<Link>,
    /// What else points here.
    pub backlinks: Vec<Backlink>,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
}

/// A term in full.
#[derive(Debug, Serialize)]
pub struct TermView {
    /// Id.
    pub id: String,
    /// The word.
    pub name: String,
    /// What it means; may be empty.
    pub definition: String,
    /// What an abbreviation stands for; may be empty.
    pub expands_to: String,
    /// Other words for it.
    pub also: Vec<String>,
    /// How somebody in the story wrote it; may be empty.
    pub as_written: String,
    /// What is disputed about it; may be empty.
    pub disputed: String,
    /// Addresses of the same thing elsewhere.
    pub same_as: Vec<String>,
    /// What the definition rests on.
    pub source: Option<SourceRef>,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Term).map(|id| Wanted::about(graph, VIEW.name, id)).collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a term's route has its term");
    let Data::Term(data) = &desk.lens.node(id).record().data else {
        unreachable!("because routes() asks for terms only")
    };
    let card = desk.term(id).unwrap_or_default();
    let description = if card.definition.is_empty() {
        format!("{}: {}", card.name, card.expands_to)
    } else {
        card.definition.clone()
    };
    let mut page = desk.frame(route, "term", card.name.clone(), &description);
    page.crumbs.push(desk.place("Terms", "/terms/"));
    page.section = "/terms/".to_owned();
    let json_ld = json_ld::term(desk, &card, &data.also, &data.same_as);
    let (mut statements, claims): (Vec<NodeId>, Vec<NodeId>) = desk
        .lens
        .origins(id, Relation::UsesTerm)
        .into_iter()
        .partition(|it| desk.lens.node(*it).kind == Kind::Statement);
    statements.sort_by_cached_key(|id| (desk.lens.date_of(*id), *id));
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let term = TermView {
        id: card.id,
        name: card.name,
        definition: card.definition,
        expands_to: card.expands_to,
        also: data.also.clone(),
        as_written: text(&data.as_written),
        disputed: text(&data.disputed),
        same_as: data.same_as.clone(),
        source: desk.lens.target(id, Relation::Cites).map(|id| desk.source_ref(id)),
    };
    let mut see_also = desk.target_links(id, Relation::SeeAlso);
    see_also.extend(desk.links(desk.lens.origins(id, Relation::SeeAlso)));
    let mut seen = std::collections::BTreeSet::new();
    see_also.retain(|it| seen.insert(it.url.clone()));
    let model = TermPage {
        term,
        prose: desk.prose(id),
        used_in: desk.briefs(statements),
        claims: claims.into_iter().filter_map(|id| desk.claim(id)).collect(),
        see_also,
        backlinks: desk.backlinks(id, &[Relation::About, Relation::Mentions, Relation::Concerns]),
        corrections: desk.corrections([id]),
        page,
    };
    Model::page(json_ld, model)
}
