//! Feeds: new statements and corrections of the site, of a story, of an actor.

use std::cmp::Reverse;

use super::desk::Desk;
use super::words;
use super::{Model, View};
use crate::graph::{Graph, NodeId};
use crate::model::{Form, Kind, Relation, Site};
use crate::plan::{Route, Wanted, address};

pub(super) const SITE: View = View { name: "site-feed", template: None, routes: site_routes, compose };
pub(super) const STORY: View = View { name: "story-feed", template: None, routes: story_routes, compose };
pub(super) const ACTOR: View = View { name: "actor-feed", template: None, routes: actor_routes, compose };

/// A list of entries that grows at the top.
#[derive(Clone, Debug)]
pub struct Feed {
    /// A tag URI (RFC 4151) that survives renames of the site.
    pub id: String,
    /// Title.
    pub title: String,
    /// BCP 47 tag.
    pub lang: String,
    /// Address of the feed itself.
    pub url: String,
    /// Address of the page it follows.
    pub page: String,
    /// When the newest entry changed: RFC 3339.
    pub updated: String,
    /// Who answers for it.
    pub author: String,
    /// Newest first.
    pub entries: Vec<FeedEntry>,
}

/// One entry of a feed.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// A tag URI (RFC 4151).
    pub id: String,
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// When it was said: RFC 3339, the earliest point of what is known.
    pub updated: String,
    /// The words, or what was corrected, as plain text.
    pub summary: String,
    /// BCP 47 tag of the words.
    pub lang: String,
    /// Who spoke.
    pub author: String,
}

fn site_routes(_: &Graph, _: &Site) -> Vec<Wanted> {
    vec![Wanted::at("/feed.xml", SITE.name)]
}

fn story_routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    feed_beside(graph, STORY.name, graph.of_kind(Kind::Story))
}

/// An actor who never spoke, and for whom nobody spoke, has no feed.
fn actor_routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    let is_heard = |id: &NodeId| WORDS.iter().any(|relation| graph.origins(*id, *relation).next().is_some());
    feed_beside(graph, ACTOR.name, graph.of_kind(Kind::Actor).filter(is_heard))
}

/// Whose words an actor's feed holds: their own, and those said for them.
const WORDS: [Relation; 2] = [Relation::SaidBy, Relation::SaidFor];

fn feed_beside(graph: &Graph, view: &'static str, ids: impl Iterator<Item = NodeId>) -> Vec<Wanted> {
    ids.map(|id| Wanted { url: format!("{}feed.xml", address(graph, id)), ..Wanted::about(graph, view, id) })
        .collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut ids: Vec<NodeId> = match route.subject {
        None => desk.lens.all(Kind::Statement).into_iter().chain(desk.lens.all(Kind::Correction)).collect(),
        Some(id) if desk.lens.node(id).kind == Kind::Story => {
            let reactions = desk.lens.reactions_of(id);
            let parts: Vec<NodeId> =
                reactions.iter().flat_map(|it| desk.lens.parts(*it, Kind::Statement)).collect();
            let corrected =
                parts.iter().chain(&reactions).flat_map(|it| desk.lens.origins(*it, Relation::Corrects));
            parts.iter().copied().chain(corrected).collect()
        }
        Some(id) => WORDS.iter().flat_map(|relation| desk.lens.origins(id, *relation)).collect(),
    };
    ids.sort_by_cached_key(|id| (Reverse(desk.lens.date_of(*id)), *id));
    ids.dedup();
    let entries: Vec<FeedEntry> =
        ids.into_iter().take(desk.site.feed_entries).filter_map(|id| entry(desk, id)).collect();
    let name = route.subject.map(|id| desk.lens.name(id).to_owned());
    let title = match name {
        Some(name) => format!("{name}: {}", desk.site.title),
        None => desk.site.title.clone(),
    };
    let (lang, _) = match route.subject {
        Some(id) => desk.lang_of(id),
        None => (desk.site.language.clone(), ""),
    };
    let page = route.url.trim_end_matches("feed.xml").to_owned();
    Model::Feed(Feed {
        id: tag(desk, &page),
        title,
        lang,
        url: route.url.clone(),
        updated: entries
            .iter()
            .map(|it| it.updated.clone())
            .max()
            .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned()),
        author: publisher(desk),
        page,
        entries,
    })
}

/// Who answers for the site: the publisher's name, else the site's.
fn publisher(desk: &Desk<'_>) -> String {
    let Some(publisher) = &desk.site.publisher else { return desk.site.title.clone() };
    desk.lens
        .find(Kind::Actor, publisher)
        .map_or_else(|| publisher.clone(), |id| desk.lens.name(id).to_owned())
}

/// A tag URI: the site's host, a fixed day, and the address. Without a host, the title stands in.
fn tag(desk: &Desk<'_>, url: &str) -> String {
    let host = desk.site.base_url.as_deref().and_then(|base| base.split('/').nth(2)).map(str::to_owned);
    let host = host.unwrap_or_else(|| format!("{}.invalid", crate::text::slug(&desk.site.title)));
    let host = host.split(':').next().unwrap_or("").to_owned();
    format!(
        "tag:{host},2025:{}",
        url.split('/').map(crate::text::percent_encode_path).collect::<Vec<_>>().join("/")
    )
}

fn entry(desk: &Desk<'_>, id: NodeId) -> Option<FeedEntry> {
    let updated = desk.lens.date_of(id)?.rfc3339_floor()?;
    let url = desk.url(id);
    let (lang, _) = desk.lang_of(id);
    if let Some(correction) = desk.correction(id) {
        let summary = match (correction.was.as_str(), correction.now.as_str()) {
            ("", "") => correction.why,
            (was, now) => format!("Was: {was}. Now: {now}. {}", correction.why),
        };
        let title = format!("{}: {}", words::capitalised(correction.correction_type), correction.on.name);
        return Some(FeedEntry {
            // What stands on another page of the list by now is the same entry.
            id: tag(desk, &format!("/corrections/#{}", correction.anchor)),
            title,
            url,
            updated,
            summary,
            lang,
            author: publisher(desk),
        });
    }
    let (statement, facts) = (desk.lens.node(id).statement()?, desk.lens.statement_facts(id)?);
    let author = desk.lens.name(facts.speaker).to_owned();
    Some(FeedEntry {
        id: tag(desk, &url),
        title: format!("{author}, {}", desk.channel_label(id)),
        url,
        updated,
        summary: match statement.form {
            Form::Quote => format!("“{}”", statement.words),
            Form::Paraphrase => statement.words.clone(),
        },
        lang,
        author,
    })
}
