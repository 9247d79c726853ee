//! Positions side by side: one row for each reaction, one column for the stance and each theme of the scale.

use super::cards::*;
use super::desk::Desk;
use super::words;
use crate::graph::{Grade, NodeId};
use crate::model::{Data, Form, Kind, Relation, Scope, SilenceState, Story};

/// The matrix of a story.
pub(super) fn table(desk: &Desk<'_>, data: &Story, reactions: &[NodeId]) -> CompareTable {
    let mut columns = vec!["Stance".to_owned()];
    columns.extend(data.scale.themes.iter().map(|theme| words::capitalised(&theme.label)));
    let rows = reactions.iter().filter_map(|id| row(desk, *id, data, &columns)).collect();
    let questions = match data.scale.themes.len() {
        0 => String::new(),
        1 => ", and what each says about one theme".to_owned(),
        many => format!(", and what each says about {many} themes"),
    };
    CompareTable { caption: format!("{} reactions by stance{questions}", reactions.len()), columns, rows }
}

fn row(desk: &Desk<'_>, id: NodeId, data: &Story, columns: &[String]) -> Option<CompareRow> {
    let card = desk.reaction(id)?;
    let Data::Reaction(reaction) = &desk.lens.node(id).record().data else { return None };
    let statements = desk.lens.parts(id, Kind::Statement);
    let own: Vec<NodeId> = statements
        .iter()
        .copied()
        .filter(|it| {
            desk.lens.statement_facts(*it).is_some_and(|facts| desk.shares_stance(*it, facts.speaker, id))
        })
        .collect();
    let silent = is_silent(desk, id);
    let mut cells = vec![match &card.stance {
        Some(stance) => CompareCell {
            column: columns[0].clone(),
            state: "said",
            text: words::capitalised(&stance.label),
            url: Some(card.url.clone()),
            mark: stance.mark,
            secondhand: false,
        },
        None if silent => no_comment(&columns[0]),
        None => not_researched(&columns[0]),
    }];
    for (theme, column) in data.scale.themes.iter().zip(&columns[1..]) {
        cells.push(match reaction.themes.contains(&theme.id) {
            true => theme_cell(desk, column, &card, &own, data, &theme.id),
            false if own.is_empty() && silent => no_comment(column),
            false => CompareCell {
                column: column.clone(),
                state: "not-addressed",
                text: "Not addressed".to_owned(),
                ..CompareCell::default()
            },
        });
    }
    Some(CompareRow { actor: card.actor, url: card.url, cells })
}

/// Whether the reaction's own actor is recorded as silent everywhere in public, and still is.
fn is_silent(desk: &Desk<'_>, id: NodeId) -> bool {
    let actor = desk.lens.target(id, Relation::ReactionOf);
    desk.lens.parts(id, Kind::Silence).into_iter().any(|it| {
        let silence = desk.lens.node(it).silence();
        desk.lens.target(it, Relation::SilenceOf) == actor
            && silence.is_some_and(|it| {
                it.scope == Scope::Public && it.state != SilenceState::NotAsked && it.ended_by.is_none()
            })
    })
}

fn no_comment(column: &str) -> CompareCell {
    let text = "No public comment".to_owned();
    CompareCell { column: column.to_owned(), state: "silent", text, ..CompareCell::default() }
}

fn not_researched(column: &str) -> CompareCell {
    CompareCell {
        column: column.to_owned(),
        state: "not-researched",
        text: "Not researched".to_owned(),
        ..CompareCell::default()
    }
}

/// The words that best show a theme: the actor's first statement that uses a term or subject of that name, else the
/// reaction as a whole.
fn theme_cell(
    desk: &Desk<'_>,
    column: &str,
    card: &ReactionCard,
    own: &[NodeId],
    data: &Story,
    theme: &str,
) -> CompareCell {
    let names_theme = |id: &NodeId| {
        let named = [Relation::UsesTerm, Relation::About, Relation::Mentions];
        named.iter().any(|relation| {
            desk.lens.targets(*id, *relation).iter().any(|it| desk.lens.node(*it).short_key() == theme)
        })
    };
    let label = data
        .scale
        .themes
        .iter()
        .find(|it| it.id == theme)
        .map_or(theme, |it| it.label.as_str())
        .to_lowercase();
    let says_theme = |id: &NodeId| {
        desk.lens.node(*id).statement().is_some_and(|it| it.words.to_lowercase().contains(&label))
    };
    let best = own.iter().find(|id| names_theme(id)).or_else(|| own.iter().find(|id| says_theme(id)));
    let shown = best.and_then(|id| {
        Some((desk.lens.node(*id).statement()?, desk.lens.statement_facts(*id)?, desk.url(*id)))
    });
    match shown {
        Some((statement, facts, url)) => {
            let text = words::shortened(&statement.words, 70);
            CompareCell {
                column: column.to_owned(),
                state: "said",
                text: if statement.form == Form::Quote { format!("“{text}”") } else { text },
                url: Some(url),
                mark: "",
                secondhand: facts.standing.grade > Grade::Quoted,
            }
        }
        None => CompareCell {
            column: column.to_owned(),
            state: "said",
            text: "Addressed".to_owned(),
            url: Some(card.url.clone()),
            ..CompareCell::default()
        },
    }
}
