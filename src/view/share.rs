//! Share cards of pages: what each shows, and the same in words for those who do not see it.

use super::cards::*;
use super::desk::{Desk, length_of};
use super::words;
use crate::graph::NodeId;
use crate::model::StanceMark;
use crate::text::quotation_marks;

/// A page's share card, before it is drawn.
#[derive(Clone, Debug)]
pub struct Card {
    /// The template that writes it.
    pub template: &'static str,
    /// What it shows.
    pub view: CardView,
    /// The same in words.
    pub alt: String,
    /// The story whose card is shown where this one cannot be made.
    pub instead: Option<NodeId>,
}

/// The templates of all cards.
pub const CARD_TEMPLATES: [&str; 3] = ["cards/statement.svg", "cards/story.svg", "cards/actor.svg"];

/// The template of the card of pages that this view makes; `None` when they have none.
pub fn card_template(view: &str) -> Option<&'static str> {
    match view {
        "statement" => Some("cards/statement.svg"),
        "story" => Some("cards/story.svg"),
        "actor" => Some("cards/actor.svg"),
        _ => None,
    }
}

/// The card of a statement.
pub(super) fn statement(desk: &Desk<'_>, id: NodeId, it: &StatementView) -> Card {
    let is_quotation = it.form == "quote";
    let (open, close) = if is_quotation { quotation_marks(&it.lang) } else { ("", "") };
    // A spokesperson without a name stands behind the house they speak for, as on the page.
    let (speaker, role) = match &it.on_behalf_of {
        Some(house) if it.speaker.actor_type == "unnamed" => (house.name.clone(), it.speaker.name.clone()),
        Some(house) if it.speaker.role.is_empty() => (it.speaker.name.clone(), format!("for {}", house.name)),
        _ => (it.speaker.name.clone(), it.speaker.role.clone()),
    };
    let evidence = EvidenceBrief { grade: it.evidence.grade, label: it.evidence.label.clone() };
    let date = it.date.as_ref().map_or_else(String::new, |it| it.text.clone());
    let who = if role.is_empty() { speaker.clone() } else { format!("{speaker}, {role}") };
    let said = words::shortened(&it.words, 300);
    let alt = format!("{open}{said}{close} {who}. {}.", evidence.label);
    let view = CardView {
        kind: "statement",
        text: it.words.clone(),
        length: it.length,
        lang: it.lang.clone(),
        dir: it.dir,
        open,
        close,
        speaker,
        role,
        channel: it.channel.label.clone(),
        date,
        story: it.story.name.clone(),
        evidence: Some(evidence),
        stance: it.stance.clone(),
        ..CardView::default()
    };
    Card { template: "cards/statement.svg", view, alt, instead: desk.lens.node(id).story }
}

/// The card of a story. Sides come from the split, with how many are silent still.
pub(super) fn story(
    desk: &Desk<'_>,
    id: NodeId,
    it: &StoryCard,
    event: &EventView,
    (split, silent): (&[SplitRow], usize),
) -> Card {
    let side = |row: &SplitRow| CardSide {
        mark: row.stance.mark,
        label: row.stance.label.clone(),
        count: row.count,
    };
    let silent =
        CardSide { mark: StanceMark::Silent.name(), label: "no public comment".to_owned(), count: silent };
    let sides: Vec<CardSide> = split.iter().map(side).chain([silent]).filter(|it| it.count > 0).collect();
    let counts = counts(&[
        (it.reactions, "reaction"),
        (it.statements, "statement"),
        (it.silences, "silence"),
        (it.sources, "source"),
    ]);
    let (lang, dir) = desk.page_lang_of(id);
    let alt = format!("{}. {}", it.title.trim_end_matches('.'), in_words(&counts));
    let view = CardView {
        kind: "story",
        length: length_of(&it.title),
        text: it.title.clone(),
        lang,
        dir,
        date: event.date.text.clone(),
        event: event.title.clone(),
        note: it.question.clone(),
        sides,
        counts,
        ..CardView::default()
    };
    Card { template: "cards/story.svg", view, alt, instead: None }
}

/// The card of an actor: how much they said, how much others said about them, and what their page begins with.
pub(super) fn actor(desk: &Desk<'_>, id: NodeId, link: &ActorLink, said: usize, about: usize) -> Card {
    let counts = counts(&[(said, "statement"), (about, "statement about them")]);
    let (lang, dir) = desk.page_lang_of(id);
    let (open, close) = if said > 0 { quotation_marks(&lang) } else { ("", "") };
    let what = if link.role.is_empty() { String::new() } else { format!(", {}", link.role) };
    let alt = format!("{}{what}. {}", link.name, in_words(&counts));
    let view = CardView {
        kind: "actor",
        length: length_of(&link.name),
        text: link.name.clone(),
        lang,
        dir,
        open,
        close,
        role: link.role.clone(),
        note: desk.summary(id),
        counts,
        ..CardView::default()
    };
    Card { template: "cards/actor.svg", view, alt, instead: None }
}

fn counts(all: &[(usize, &str)]) -> Vec<CardCount> {
    let there = all.iter().filter(|(count, _)| *count > 0);
    let one = |(count, noun): &(usize, &str)| {
        let label = match (*count, noun.split_once(' ')) {
            (1, _) => (*noun).to_owned(),
            (_, Some((noun, rest))) => format!("{noun}s {rest}"),
            (_, None) => format!("{noun}s"),
        };
        CardCount { count: *count, label }
    };
    there.map(one).collect()
}

fn in_words(counts: &[CardCount]) -> String {
    let parts: Vec<String> = counts.iter().map(|it| format!("{} {}", it.count, it.label)).collect();
    if parts.is_empty() { String::new() } else { format!("{}.", words::and_list(&parts)) }
}
