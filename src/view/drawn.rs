//! What pictures are drawn from: the story's lines, moments and sides as [`picture`] wants them.

use std::collections::BTreeMap;

use super::cards::{Grouped, Link, MapRow, SplitRow};
use super::desk::Desk;
use super::{lines, moments};
use crate::graph::NodeId;
use crate::model::StanceMark;
use crate::model::{Kind, Relation};
use crate::picture::{self, Actor, Line, MOST, Moment, MomentKind, Name, Picture, Side, When};

/// The relationship map of some lines.
pub(super) fn map(
    desk: &Desk<'_>,
    story: &str,
    reactions: &[NodeId],
    rows: &[MapRow],
) -> (String, Vec<Grouped>) {
    let mut speakers: Vec<&Link> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    speakers.extend(rows.iter().map(|row| &row.from).filter(|it| known.insert((&it.url, &it.name))));
    let houses = houses(desk, reactions, speakers.len());
    let lines: Vec<Line> = rows
        .iter()
        .map(|row| Line {
            from: actor(name(&row.from), &houses),
            mark: StanceMark::named(row.mark),
            verb: row.relation.clone(),
            to: name(&row.to),
        })
        .collect();
    finished(picture::map(&format!("Who speaks about whom: {story}"), &lines))
}

/// The lanes of some moments, which come in the order of time. `page` is the address of the page that lists them; empty on
/// that page itself.
pub(super) fn timeline(
    desk: &Desk<'_>,
    story: &str,
    reactions: &[NodeId],
    ids: &[NodeId],
    page: &str,
) -> (String, Vec<Grouped>) {
    let found: Vec<(NodeId, MomentKind, Option<NodeId>)> =
        ids.iter().filter_map(|id| kind_and_actor(desk, *id)).collect();
    let n_actors = found.iter().filter_map(|(.., who)| *who).collect::<std::collections::BTreeSet<_>>().len();
    let houses = houses(desk, reactions, n_actors);
    let moments: Vec<Moment> = found
        .into_iter()
        .map(|(id, kind, who)| {
            let date = desk.lens.date_of(id);
            let words = date.map_or_else(String::new, crate::text::Edtf::display_short);
            let day = |day: Option<crate::text::Day>| day.map(crate::text::Day::ordinal);
            let when = date.map_or_else(When::default, |it| When {
                earliest: day(it.earliest()),
                latest: day(it.latest()),
                is_doubtful: it.is_uncertain() || it.is_approximate(),
            });
            let url = format!("{page}#{}", moments::anchor(desk, id));
            let who = who.map(|it| actor(name(&desk.link(it)), &houses));
            Moment { who, kind, when, words, url }
        })
        .collect();
    finished(picture::timeline(&format!("In order of time: {story}"), &moments))
}

/// What a node is on a timeline, and whose. `None` for what the timeline does not tell of.
fn kind_and_actor(desk: &Desk<'_>, id: NodeId) -> Option<(NodeId, MomentKind, Option<NodeId>)> {
    let (kind, who) = match desk.lens.node(id).kind {
        Kind::Event => (MomentKind::Event, None),
        Kind::Statement => (MomentKind::Said, Some(desk.lens.statement_facts(id)?.speaker)),
        Kind::Action => (MomentKind::Done, Some(desk.lens.target(id, Relation::DoneBy)?)),
        Kind::Silence => (MomentKind::Silent, Some(desk.lens.target(id, Relation::SilenceOf)?)),
        Kind::Correction => (MomentKind::Corrected, None),
        _ => return None,
    };
    Some((id, kind, who))
}

/// Who took which side, and who is silent.
pub(super) fn split(rows: &[SplitRow], silent: usize) -> String {
    let side = |row: &SplitRow| Side {
        mark: StanceMark::named(row.stance.mark),
        label: row.stance.label.clone(),
        count: row.count,
    };
    let silent = Side { mark: StanceMark::Silent, label: "no public comment".to_owned(), count: silent };
    let sides: Vec<Side> = rows.iter().map(side).chain([silent]).collect();
    picture::split("The split", &sides).svg
}

/// The organisation of each speaker, by the speaker's address; none when there are so few that each is drawn alone.
fn houses(desk: &Desk<'_>, reactions: &[NodeId], n_actors: usize) -> BTreeMap<String, Name> {
    let mut found = BTreeMap::new();
    if n_actors > MOST {
        let belongs = [Relation::HoldsOffice.forward(), Relation::PartOf.forward()];
        for row in lines::houses(desk, reactions) {
            if let Some(url) = row.from.url.filter(|_| belongs.contains(&row.relation.as_str())) {
                found.entry(url).or_insert_with(|| name(&row.to));
            }
        }
    }
    found
}

fn actor(name: Name, houses: &BTreeMap<String, Name>) -> Actor {
    let house = name.url.as_ref().and_then(|url| houses.get(url)).cloned();
    Actor { name, house }
}

fn name(link: &Link) -> Name {
    Name { text: link.name.clone(), url: link.url.clone() }
}

fn finished(picture: Picture) -> (String, Vec<Grouped>) {
    let link = |name: Name| Link { name: name.text, url: name.url, kind: "" };
    let grouped = picture
        .grouped
        .into_iter()
        .map(|it| Grouped { name: link(it.name), members: it.members.into_iter().map(link).collect() });
    (picture.svg, grouped.collect())
}
