//! The lines of the relationship map: who does what towards whom, and what shows it.

use std::collections::BTreeSet;

use super::cards::*;
use super::desk::Desk;
use crate::graph::{Grade, NodeId};
use crate::model::{Kind, Relation};

/// Every line between speakers and what they speak of, in the record's order, each once.
pub(super) fn between_speakers(desk: &Desk<'_>, reactions: &[NodeId]) -> Vec<MapRow> {
    let mut rows: Vec<MapRow> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |row: MapRow| {
        if seen.insert((row.from.url.clone(), row.relation.clone(), row.to.url.clone())) {
            rows.push(row);
        }
    };
    for reaction in reactions {
        for part in desk.lens.parts(*reaction, Kind::Statement) {
            let Some((facts, statement)) =
                desk.lens.statement_facts(part).zip(desk.lens.node(part).statement())
            else {
                continue;
            };
            let from = desk.link(facts.speaker);
            // What another source contradicts: the words as a whole, or one connection of theirs.
            let contested = |fields: &[&str]| {
                statement.contested.iter().any(|it| {
                    matches!(it.field.as_str(), "quote" | "says" | "speaker")
                        || fields.contains(&it.field.as_str())
                })
            };
            let row = |relation: &str, mark, to, fields: &[&str]| MapRow {
                from: from.clone(),
                relation: relation.to_owned(),
                mark,
                to,
                url: Some(desk.url(part)),
                secondhand: facts.standing.grade > Grade::Quoted,
                contested: contested(fields),
            };
            let stance = desk.shown(part, desk.stance_of_statement(part));
            for about in desk.lens.targets(part, Relation::About) {
                match stance.as_ref().filter(|it| it.target == Some(desk.link(about))) {
                    Some(stance) => add(row(&stance.verb, stance.mark, desk.link(about), &["about"])),
                    None => add(row("speaks of", "", desk.link(about), &["about"])),
                }
            }
            let answers = [
                (Relation::RepliesTo, "replies to", "replies_to"),
                (Relation::Endorses, "endorses", "endorses"),
            ];
            for (relation, words, field) in answers {
                for target in desk.lens.targets(part, relation) {
                    if let Some(speaker) = desk.lens.target(target, Relation::SaidBy) {
                        add(row(words, "", desk.link(speaker), &[field]));
                    }
                }
            }
            for target in desk.lens.targets(part, Relation::AllegesAgainst) {
                add(row("alleges against", "", desk.link(target), &["alleges"]));
            }
            for target in desk.lens.targets(part, Relation::Told) {
                add(row("told", "", desk.link(target), &["channel"]));
            }
        }
        for part in desk.lens.parts(*reaction, Kind::Claim) {
            let Some(by) = desk.lens.target(part, Relation::AllegedBy) else { continue };
            for target in desk.lens.targets(part, Relation::AllegesAgainst) {
                add(MapRow {
                    from: desk.link(by),
                    relation: "alleges against".to_owned(),
                    mark: "",
                    to: desk.link(target),
                    url: Some(desk.url(part)),
                    secondhand: desk
                        .claim(part)
                        .is_some_and(|it| matches!(it.evidence.grade, "reported" | "unconfirmed")),
                    contested: false,
                });
            }
        }
    }
    rows
}

/// Offices and ownership of everybody who speaks in these reactions.
pub(super) fn houses(desk: &Desk<'_>, reactions: &[NodeId]) -> Vec<MapRow> {
    let mut actors: Vec<NodeId> = Vec::new();
    for reaction in reactions {
        actors.extend(desk.lens.targets(*reaction, Relation::ReactionOf));
        for part in desk.lens.parts(*reaction, Kind::Statement) {
            actors.extend(desk.lens.targets(part, Relation::SaidBy));
        }
    }
    let mut seen = BTreeSet::new();
    actors.retain(|id| seen.insert(*id));
    let mut rows = Vec::new();
    for actor in actors {
        for relation in [Relation::HoldsOffice, Relation::PartOf, Relation::MadeBy, Relation::OwnedBy] {
            for house in desk.lens.targets(actor, relation) {
                rows.push(MapRow {
                    from: desk.link(actor),
                    relation: relation.forward().to_owned(),
                    to: desk.link(house),
                    ..MapRow::default()
                });
            }
        }
        for owned in desk.lens.origins(actor, Relation::OwnedBy) {
            rows.push(MapRow {
                from: desk.link(actor),
                relation: "owns".to_owned(),
                to: desk.link(owned),
                ..MapRow::default()
            });
        }
    }
    rows
}
