//! Schema.org data of pages (schema.org 30.0): each page's main type and what it can honestly say.
//!
//! Real speakers go in `creator`; a paraphrase is a `Statement`, never a `Quotation`; nothing is rated.

use serde_json::{Value, json};

use super::cards::*;
use super::desk::Desk;

/// An absolute address; nothing while the site has none, because nobody could resolve it.
fn address(desk: &Desk<'_>, url: &str) -> Option<String> {
    desk.site.base_url.as_ref().map(|_| desk.absolute(url))
}

/// Drops `null`, empty text and empty lists, so that only what is known is said.
fn tidy(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().map(|(key, value)| (key, tidy(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).filter(|it| !is_empty(it)).collect()),
        other => other,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty() || (map.len() == 1 && map.contains_key("@type")),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn document(main: Value) -> Value {
    let Value::Object(main) = tidy(main) else { return Value::Null };
    let mut whole = serde_json::Map::new();
    whole.insert("@context".to_owned(), "https://schema.org".into());
    whole.extend(main);
    Value::Object(whole)
}

fn actor_type(actor: &str) -> &'static str {
    match actor {
        "person" | "unnamed" => "Person",
        "product" => "Product",
        "outlet" => "NewsMediaOrganization",
        "organisation" | "group" => "Organization",
        _ => "Thing",
    }
}

fn actor(desk: &Desk<'_>, it: &ActorLink) -> Value {
    json!({ "@type": actor_type(it.actor_type), "name": it.name, "url": address(desk, &it.url) })
}

fn link(desk: &Desk<'_>, it: &Link) -> Value {
    let kind = match it.kind {
        "event" => "Event",
        "term" => "DefinedTerm",
        _ => "Thing",
    };
    json!({ "@type": kind, "name": it.name, "url": it.url.as_deref().and_then(|url| address(desk, url)) })
}

fn date(it: Option<&Date>) -> Value {
    it.map_or(Value::Null, |it| it.machine.clone().unwrap_or_else(|| it.edtf.clone()).into())
}

fn source(desk: &Desk<'_>, it: &SourceLink) -> Value {
    json!({
        "@type": "CreativeWork", "name": it.title, "url": it.external.clone().or_else(|| address(desk, &it.url)),
        "archivedAt": it.archived, "datePublished": date(it.published.as_ref()),
        "publisher": { "@type": "Organization", "name": it.publisher },
    })
}

fn correction(desk: &Desk<'_>, it: &CorrectionView) -> Value {
    json!({ "@type": "CorrectionComment", "text": it.why, "datePublished": date(Some(&it.date)), "url": address(desk, &it.url) })
}

/// A statement: `Quotation`, or for a paraphrase `Statement`; a reply is a `Comment` too, because only that has a
/// `parentItem`.
fn quotation(desk: &Desk<'_>, it: &StatementCard) -> Value {
    let kind = match (it.form, &it.prompt) {
        ("quote", Some(_)) => json!(["Quotation", "Comment"]),
        ("quote", None) => json!("Quotation"),
        _ => json!("Statement"),
    };
    let part_of = match it.channel.channel_type {
        "post" | "reply" => {
            json!({ "@type": "SocialMediaPosting", "url": it.channel.url, "name": it.channel.label })
        }
        _ => Value::Null,
    };
    json!({
        "@type": kind,
        "url": address(desk, &it.url),
        "text": it.words,
        "inLanguage": it.lang,
        "creator": actor(desk, &it.speaker),
        "sourceOrganization": it.on_behalf_of.as_ref().map(|org| json!({ "@type": "Organization", "name": org.name, "url": org.url.as_deref().and_then(|url| address(desk, url)) })),
        "dateCreated": date(it.date.as_ref()),
        "isPartOf": part_of,
        "recordedAt": it.channel.at.as_ref().map(|at| link(desk, at)),
        "about": it.about.iter().map(|about| link(desk, about)).collect::<Vec<_>>(),
        "isBasedOn": it.sources.iter().map(|it| source(desk, &it.source)).collect::<Vec<_>>(),
        "parentItem": it.prompt.as_ref().map(|prompt| json!({ "@type": "Comment", "url": address(desk, &prompt.url), "text": prompt.words })),
    })
}

pub(super) fn home(desk: &Desk<'_>, page: &Frame, stories: &[StoryCard]) -> Value {
    document(json!({
        "@type": "WebSite", "name": desk.site.title, "description": page.description, "url": address(desk, "/"),
        "inLanguage": page.lang,
        "hasPart": stories.iter().map(|it| json!({ "@type": "NewsArticle", "headline": it.title, "url": address(desk, &it.url) })).collect::<Vec<_>>(),
    }))
}

/// What a story's data is made of.
pub(super) struct StoryFacts<'a> {
    pub(super) story: &'a StoryCard,
    pub(super) event: &'a EventView,
    pub(super) byline: &'a [Link],
    pub(super) methods: &'a str,
    pub(super) statements: &'a [&'a StatementCard],
    pub(super) corrections: &'a [CorrectionView],
}

pub(super) fn story(desk: &Desk<'_>, page: &Frame, facts: &StoryFacts<'_>) -> Value {
    let (story, event) = (facts.story, facts.event);
    document(json!({
        "@type": ["BackgroundNewsArticle", "NewsArticle"],
        "headline": story.title, "abstract": story.question, "description": page.description, "url": address(desk, &story.url),
        "inLanguage": page.lang, "dateModified": date(Some(&story.as_of)),
        "about": { "@type": "Event", "name": event.title, "startDate": date(Some(&event.date)), "url": address(desk, &event.url) },
        "author": facts.byline.iter().map(|it| json!({ "@type": "Organization", "name": it.name })).collect::<Vec<_>>(),
        "backstory": facts.methods,
        "hasPart": facts.statements.iter().map(|it| quotation(desk, it)).collect::<Vec<_>>(),
        "correction": facts.corrections.iter().map(|it| correction(desk, it)).collect::<Vec<_>>(),
    }))
}

pub(super) fn reaction(
    desk: &Desk<'_>,
    page: &Frame,
    it: &ReactionCard,
    statements: &[StatementCard],
    claims: &[ClaimCard],
) -> Value {
    document(json!({
        "@type": "NewsArticle", "headline": page.title, "abstract": it.summary, "url": address(desk, &it.url), "inLanguage": page.lang,
        "about": actor(desk, &it.actor),
        "isPartOf": { "@type": "NewsArticle", "name": it.story.name, "url": it.story.url.as_deref().and_then(|url| address(desk, url)) },
        "hasPart": statements.iter().map(|it| quotation(desk, it)).chain(claims.iter().map(|it| claim(desk, it))).collect::<Vec<_>>(),
    }))
}

fn claim(desk: &Desk<'_>, it: &ClaimCard) -> Value {
    json!({
        "@type": "Claim", "text": it.says, "url": address(desk, &it.url), "creator": actor(desk, &it.by),
        "about": it.allegation.about.iter().map(|it| link(desk, it)).collect::<Vec<_>>(),
        "appearance": it.sources.iter().map(|it| source(desk, &it.source)).collect::<Vec<_>>(),
    })
}

pub(super) fn statement(desk: &Desk<'_>, it: &StatementCard, corrections: &[CorrectionView]) -> Value {
    let mut main = quotation(desk, it);
    main["correction"] = corrections.iter().map(|it| correction(desk, it)).collect();
    document(main)
}

pub(super) fn actor_page(
    desk: &Desk<'_>,
    link: &ActorLink,
    same_as: &[String],
    description: &str,
    offices: &[(String, String)],
) -> Value {
    let mut main = actor(desk, link);
    main["sameAs"] = same_as.into();
    main["description"] = description.into();
    if main["@type"] == "Person" {
        main["jobTitle"] = offices.iter().map(|(title, _)| title.clone()).collect();
        main["affiliation"] =
            offices.iter().map(|(_, house)| json!({ "@type": "Organization", "name": house })).collect();
    }
    document(json!({ "@type": "ProfilePage", "url": address(desk, &link.url), "mainEntity": main }))
}

pub(super) fn term(desk: &Desk<'_>, card: &TermCard, also: &[String], same_as: &[String]) -> Value {
    document(json!({
        "@type": "DefinedTerm", "name": card.name, "description": if card.definition.is_empty() { &card.expands_to } else { &card.definition },
        "alternateName": also, "sameAs": same_as, "url": address(desk, &card.url),
        "inDefinedTermSet": { "@type": "DefinedTermSet", "name": "Terms", "url": address(desk, "/terms/") },
    }))
}

pub(super) fn terms(desk: &Desk<'_>, terms: &[TermCard]) -> Value {
    let all = terms.iter().map(|it| json!({ "@type": "DefinedTerm", "name": it.name, "description": it.definition, "url": address(desk, &it.url) }));
    document(
        json!({ "@type": "DefinedTermSet", "name": "Terms", "url": address(desk, "/terms/"), "hasDefinedTerm": all.collect::<Vec<_>>() }),
    )
}

pub(super) fn source_page(desk: &Desk<'_>, it: &SourceLink, csl: &str, archives: &[String]) -> Value {
    let kind = match csl {
        "article-newspaper" | "article-magazine" => "NewsArticle",
        "article-journal" => "ScholarlyArticle",
        "post" => "SocialMediaPosting",
        "post-weblog" => "BlogPosting",
        "report" => "Report",
        "webpage" => "WebPage",
        "book" => "Book",
        "motion_picture" => "Movie",
        _ => "CreativeWork",
    };
    let mut main = source(desk, it);
    main["@type"] = kind.into();
    main["archivedAt"] = archives.into();
    document(main)
}

pub(super) fn event(desk: &Desk<'_>, it: &EventView) -> Value {
    document(json!({
        "@type": "Event", "name": it.title, "startDate": date(Some(&it.date)), "url": address(desk, &it.url),
        "location": { "@type": "Place", "name": it.place },
        "about": it.concerns.iter().map(|it| link(desk, it)).collect::<Vec<_>>(),
        "contributor": it.actors.iter().map(|it| actor(desk, &it.actor)).collect::<Vec<_>>(),
    }))
}

/// A page that lists other pages.
pub(super) fn collection(desk: &Desk<'_>, page: &Frame) -> Value {
    document(
        json!({ "@type": "CollectionPage", "name": page.title, "description": page.description, "url": address(desk, &page.url), "inLanguage": page.lang }),
    )
}

/// A plain page.
pub(super) fn web_page(
    desk: &Desk<'_>,
    page: &Frame,
    written: Option<&Date>,
    updated: Option<&Date>,
) -> Value {
    document(json!({
        "@type": "WebPage", "name": page.title, "description": page.description, "url": address(desk, &page.url), "inLanguage": page.lang,
        "datePublished": date(written), "dateModified": date(updated),
    }))
}
