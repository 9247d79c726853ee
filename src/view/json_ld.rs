//! Schema.org data of pages (schema.org 30.0): each page's main type and what it can honestly say.
//!
//! Real speakers go in `creator`; a paraphrase is a `Statement`, never a `Quotation`; nothing is rated. What a page only
//! lists is named with its words, its speaker and its address: the rest stands on its own page.
//!
//! Out: text, ready to stand in a `<script>`. It is written as it is composed: a tree of values would be tidied, copied, made
//! into a template's values and only then become text.

mod writer;

use super::cards::*;
use super::desk::Desk;
use writer::Object;

/// Writes one page's data.
fn document(desk: &Desk<'_>, kind: &[&str], fill: impl FnOnce(&mut Object<'_>)) -> String {
    writer::document(desk.site.base_url.as_deref(), kind, fill)
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

fn actor(key: &'static str, it: &ActorLink, out: &mut Object<'_>) {
    out.object(key, actor_type(it.actor_type), |out| named(&it.name, &it.url, out));
}

fn named(name: &str, url: &str, out: &mut Object<'_>) {
    out.text("name", name);
    out.address("url", url);
}

fn links(key: &'static str, links: &[Link], out: &mut Object<'_>) {
    out.objects(key, links, link_type, |it, out| {
        named(&it.name, it.url.as_deref().unwrap_or_default(), out);
    });
}

fn link_type(it: &Link) -> &'static str {
    match it.kind {
        "event" => "Event",
        "term" => "DefinedTerm",
        _ => "Thing",
    }
}

fn date(key: &'static str, it: Option<&Date>, out: &mut Object<'_>) {
    if let Some(it) = it {
        out.text(key, it.machine.as_deref().unwrap_or(&it.edtf));
    }
}

/// A source's own address where it has one, else that of its page here.
fn source(it: &SourceLink, out: &mut Object<'_>) {
    out.text("name", &it.title);
    match &it.external {
        Some(url) => out.text("url", url),
        None => out.address("url", &it.url),
    }
}

fn source_dates(it: &SourceLink, out: &mut Object<'_>) {
    date("datePublished", it.published.as_ref(), out);
    out.object("publisher", "Organization", |out| out.text("name", &it.publisher));
}

fn corrections(list: &[CorrectionView], out: &mut Object<'_>) {
    out.objects(
        "correction",
        list,
        |_| "CorrectionComment",
        |it, out| {
            out.text("text", &it.why);
            date("datePublished", Some(&it.date), out);
            out.address("url", &it.url);
        },
    );
}

pub(super) fn home(desk: &Desk<'_>, page: &Frame, stories: &[StoryCard]) -> String {
    document(desk, &["WebSite"], |out| {
        out.text("name", &desk.site.title);
        out.text("description", &page.description);
        out.address("url", "/");
        out.text("inLanguage", &page.lang);
        out.objects(
            "hasPart",
            stories,
            |_| "NewsArticle",
            |it, out| {
                out.text("headline", &it.title);
                out.address("url", &it.url);
            },
        );
    })
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

pub(super) fn story(desk: &Desk<'_>, page: &Frame, facts: &StoryFacts<'_>) -> String {
    let (story, event) = (facts.story, facts.event);
    document(desk, &["BackgroundNewsArticle", "NewsArticle"], |out| {
        out.text("headline", &story.title);
        out.text("abstract", &story.question);
        out.text("description", &page.description);
        out.address("url", &story.url);
        out.text("inLanguage", &page.lang);
        date("dateModified", Some(&story.as_of), out);
        out.object("about", "Event", |out| {
            out.text("name", &event.title);
            date("startDate", Some(&event.date), out);
            out.address("url", &event.url);
        });
        out.objects("author", facts.byline, |_| "Organization", |it, out| out.text("name", &it.name));
        out.text("backstory", facts.methods);
        out.objects("hasPart", facts.statements, |it| words_type(it.form), |it, out| part(it, out));
        corrections(facts.corrections, out);
    })
}

fn words_type(form: &str) -> &'static str {
    if form == "quote" { "Quotation" } else { "Statement" }
}

/// A statement as part of a page that tells of more.
fn part(it: &StatementCard, out: &mut Object<'_>) {
    out.text("text", &it.words);
    out.address("url", &it.url);
    out.text("inLanguage", &it.lang);
    actor("creator", &it.speaker, out);
    date("dateCreated", it.date.as_ref(), out);
}

pub(super) fn reaction(
    desk: &Desk<'_>,
    page: &Frame,
    it: &ReactionCard,
    statements: &[StatementCard],
    claims: &[ClaimCard],
) -> String {
    document(desk, &["NewsArticle"], |out| {
        out.text("headline", &page.title);
        out.text("abstract", &it.summary);
        out.address("url", &it.url);
        out.text("inLanguage", &page.lang);
        actor("about", &it.actor, out);
        out.object("isPartOf", "NewsArticle", |out| {
            named(&it.story.name, it.story.url.as_deref().unwrap_or_default(), out);
        });
        out.list("hasPart", |list| {
            statements.iter().for_each(|it| list.object(words_type(it.form), |out| part(it, out)));
            for it in claims {
                list.object("Claim", |out| {
                    out.text("text", &it.says);
                    out.address("url", &it.url);
                    actor("creator", &it.by, out);
                    links("about", &it.allegation.about, out);
                });
            }
        });
    })
}

/// A statement: `Quotation`, or for a paraphrase `Statement`; a quoted reply is a `Comment` too, because only that has a
/// `parentItem`.
pub(super) fn statement(desk: &Desk<'_>, it: &StatementView, repairs: &[CorrectionView]) -> String {
    let kind: &[&str] = match (it.form, &it.prompt) {
        ("quote", Some(_)) => &["Quotation", "Comment"],
        (form, _) => &[words_type(form)],
    };
    document(desk, kind, |out| {
        out.address("url", &it.url);
        out.text("text", &it.words);
        out.text("inLanguage", &it.lang);
        actor("creator", &it.speaker, out);
        if let Some(org) = &it.on_behalf_of {
            out.object("sourceOrganization", "Organization", |out| {
                named(&org.name, org.url.as_deref().unwrap_or_default(), out);
            });
        }
        date("dateCreated", it.date.as_ref(), out);
        if let "post" | "reply" = it.channel.channel_type {
            out.object("isPartOf", "SocialMediaPosting", |out| {
                out.text("url", it.channel.url.as_deref().unwrap_or_default());
                out.text("name", &it.channel.label);
            });
        }
        if let Some(at) = &it.channel.at {
            out.object("recordedAt", link_type(at), |out| {
                named(&at.name, at.url.as_deref().unwrap_or_default(), out);
            });
        }
        links("about", &it.about, out);
        out.objects(
            "isBasedOn",
            &it.sources,
            |_| "CreativeWork",
            |it, out| {
                source(&it.source, out);
                out.text("archivedAt", it.source.archived.as_deref().unwrap_or_default());
                source_dates(&it.source, out);
            },
        );
        if let Some(prompt) = &it.prompt {
            out.object("parentItem", "Comment", |out| {
                out.address("url", &prompt.url);
                out.text("text", &prompt.words);
            });
        }
        corrections(repairs, out);
    })
}

pub(super) fn actor_page(
    desk: &Desk<'_>,
    link: &ActorLink,
    same_as: &[String],
    description: &str,
    offices: &[(String, String)],
) -> String {
    let kind = actor_type(link.actor_type);
    document(desk, &["ProfilePage"], |out| {
        out.address("url", &link.url);
        out.object("mainEntity", kind, |out| {
            named(&link.name, &link.url, out);
            out.texts("sameAs", same_as);
            out.text("description", description);
            if kind == "Person" {
                out.texts("jobTitle", offices.iter().map(|(title, _)| title));
                out.objects(
                    "affiliation",
                    offices,
                    |_| "Organization",
                    |(_, house), out| {
                        out.text("name", house);
                    },
                );
            }
        });
    })
}

pub(super) fn term(desk: &Desk<'_>, card: &TermCard, also: &[String], same_as: &[String]) -> String {
    document(desk, &["DefinedTerm"], |out| {
        out.text("name", &card.name);
        out.text("description", if card.definition.is_empty() { &card.expands_to } else { &card.definition });
        out.texts("alternateName", also);
        out.texts("sameAs", same_as);
        out.address("url", &card.url);
        out.object("inDefinedTermSet", "DefinedTermSet", |out| named("Terms", "/terms/", out));
    })
}

pub(super) fn terms(desk: &Desk<'_>, terms: &[TermCard]) -> String {
    document(desk, &["DefinedTermSet"], |out| {
        named("Terms", "/terms/", out);
        out.objects(
            "hasDefinedTerm",
            terms,
            |_| "DefinedTerm",
            |it, out| {
                out.text("name", &it.name);
                out.text("description", &it.definition);
                out.address("url", &it.url);
            },
        );
    })
}

pub(super) fn source_page(desk: &Desk<'_>, it: &SourceLink, csl: &str, archives: &[String]) -> String {
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
    document(desk, &[kind], |out| {
        source(it, out);
        out.texts("archivedAt", archives);
        source_dates(it, out);
    })
}

pub(super) fn event(desk: &Desk<'_>, it: &EventView) -> String {
    document(desk, &["Event"], |out| {
        out.text("name", &it.title);
        date("startDate", Some(&it.date), out);
        out.address("url", &it.url);
        out.object("location", "Place", |out| out.text("name", &it.place));
        links("about", &it.concerns, out);
        out.objects(
            "contributor",
            &it.actors,
            |it| actor_type(it.actor.actor_type),
            |it, out| {
                named(&it.actor.name, &it.actor.url, out);
            },
        );
    })
}

/// A page that lists other pages.
pub(super) fn collection(desk: &Desk<'_>, page: &Frame) -> String {
    document(desk, &["CollectionPage"], |out| of_page(page, out))
}

fn of_page(page: &Frame, out: &mut Object<'_>) {
    out.text("name", &page.title);
    out.text("description", &page.description);
    out.address("url", &page.url);
    out.text("inLanguage", &page.lang);
}

/// A plain page.
pub(super) fn web_page(
    desk: &Desk<'_>,
    page: &Frame,
    written: Option<&Date>,
    updated: Option<&Date>,
) -> String {
    document(desk, &["WebPage"], |out| {
        of_page(page, out);
        date("datePublished", written, out);
        date("dateModified", updated, out);
    })
}
