//! # date-relative
//!
//! A text says when something happened in words that only the day of writing explains: *yesterday*, *last week*, *10 hours
//! ago*, *on Wednesday*. Pages are read for years, and copied to places that print no date.
//!
//! ```markdown
//! The loom was shown yesterday.                            <!-- warned -->
//! The loom was shown on Monday, 20 January 2025.           <!-- fine -->
//! On the Monday after [[launch|the launch]] it broke.      <!-- fine -->
//! ```
//!
//! Bodies are read, and the fields of front matter that readers see: titles, summaries, notes, `says`, `did`, `date_basis`
//! and others. A time is anchored by a date in the same sentence, by a link in it to something that has a date, and a day of
//! the week also by the record's own date, when that is known to within a week.
//!
//! Quotation marks and blockquotes hold the words of others, so they are not looked at, and neither are `says:` and
//! `as_printed:` of a source's use, which repeat what an outlet printed. The headline of a source whose day is known is
//! anchored by it; give a source its `published`.
//!
//! Not seen: *recently*, *now* and other words without a measure; days of the week without a word that makes them a time
//! (*on*, *last*, *night*); texts in languages without a word list, which a note names.

use std::ops::Range;

use super::running::{Block, ProseSite, Text};
use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::NodeId;
use crate::model::{Data, Kind};
use crate::text::{lexicon::Lexicon, same_language};

pub(super) static CODE: Code =
    Code { name: "date-relative", level: Level::Warning, manual: include_str!("date_relative.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnProse(run) };

/// Within how many days a record's date must lie to tell which Wednesday is meant.
const WEEK: i64 = 7;

/// A time found in a text.
struct Found {
    /// Its words, by number.
    words: Range<usize>,
    /// Whether it is a day of the week.
    weekly: bool,
}

fn run(site: &ProseSite<'_>, report: &mut Report) {
    let printed = site.printed();
    if site.blocks.is_empty() && printed.is_empty() {
        return;
    }
    if site.speech_or_say(&CODE, report).is_none() {
        return;
    }
    let dated = has_day(site, site.page);
    for block in site.blocks.iter().filter(|it| it.passage.quote.is_none()) {
        for found in times(site, &block.text) {
            let part = block.text.span(found.words);
            let sentence = block.passage.sentence(part.clone());
            let anchored = found.weekly && dated || is_anchored(site, block, &sentence);
            if !anchored {
                report.add(told(site.place(block, part.clone()), &block.text.shown[part], false));
            }
        }
    }
    for it in printed.iter().filter(|it| !is_foreign(site, it.node, &it.field)) {
        let text = Text::new(it.text, &[]);
        let times = times(site, &text);
        if times.is_empty() || has_date(site, &text, 0..text.words.len()) {
            continue;
        }
        let dated = has_day(site, it.node);
        let is_headline = site.graph().node(it.node).kind == Kind::Source && it.field == "title";
        for found in times.into_iter().filter(|found| !(dated && (found.weekly || is_headline))) {
            let words = &text.shown[text.span(found.words)];
            let kind = site.graph().node(it.node).kind;
            report.add(told(site.field(it), words, kind == Kind::Source));
        }
    }
}

/// The relative times of a text that are its own and nothing ties down where they stand.
fn times(site: &ProseSite<'_>, text: &Text<'_>) -> Vec<Found> {
    let Some(speech) = site.speech else { return Vec::new() };
    let lexicon = speech.lexicon;
    let deictic = speech.deictic.find(text).into_iter().map(|words| Found { words, weekly: false });
    let weekly = speech.weekly.find(text).into_iter().map(|words| Found { words, weekly: true });
    let is_free = |found: &Found| {
        let Range { start, end } = found.words;
        let joined = |list: &[&str], word: usize, behind: bool| {
            let gap = if behind { word } else { word + 1 };
            text.is_joined(gap) && list.contains(&text.small(word))
        };
        let tied =
            start > 0 && (found.weekly || end - start > 1) && joined(lexicon.tied_before, start - 1, false);
        let tied = tied || joined(lexicon.part_of, end, true);
        let tied = tied || found.weekly && joined(lexicon.tied_behind, end, true);
        !tied && !text.is_quoted(&text.span(found.words.clone())) && (found.weekly || !is_name(text, start))
    };
    let mut all: Vec<Found> = deictic.chain(weekly).filter(is_free).collect();
    // `this Monday morning` is two times in one.
    all.sort_by_key(|it| (it.words.start, std::cmp::Reverse(it.words.end)));
    all.dedup_by(|later, first| later.words.start < first.words.end);
    all
}

/// Whether a word is part of a name, as in Business Today: with a capital inside a sentence.
fn is_name(text: &Text<'_>, word: usize) -> bool {
    text.word(word).starts_with(char::is_uppercase) && !text.starts_sentence(word)
}

/// Whether something in the sentence says which day is meant.
fn is_anchored(site: &ProseSite<'_>, block: &Block<'_>, sentence: &Range<usize>) -> bool {
    has_date(site, &block.text, block.text.words_in(sentence))
        || site.targets(block, sentence).iter().any(|it| site.graph().date_of(*it).is_some())
}

/// Whether some words hold a date: a month with a day or a year, `2025-01-27`, `27/1/2025`.
fn has_date(site: &ProseSite<'_>, text: &Text<'_>, words: Range<usize>) -> bool {
    let Some(speech) = site.speech else { return false };
    let is_number = |word: usize| {
        let small = text.small(word);
        let digits = small.trim_end_matches(|c: char| !c.is_ascii_digit());
        (1..=4).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit())
    };
    words.clone().any(|word| {
        let around = word.saturating_sub(2).max(words.start)..(word + 3).min(words.end);
        let month = is_month(text.small(word), speech.lexicon)
            && around.into_iter().any(|it| it != word && is_number(it));
        month || is_numeric_date(text, word)
    })
}

/// Whether a word is a month, or its first letters: `Jan`.
fn is_month(word: &str, lexicon: &Lexicon) -> bool {
    lexicon.is_month(word)
        || lexicon.months.iter().any(|it| it.starts_with(word) && word.chars().count() >= 3)
}

fn is_numeric_date(text: &Text<'_>, word: usize) -> bool {
    let small = text.small(word);
    let parts: Vec<&str> = small.split(['-', '.', '‑']).collect();
    let all_digits =
        |parts: &[&str]| parts.iter().all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    if all_digits(&parts) && parts.len() == 3 || parts.len() == 2 && parts[0].len() == 4 && all_digits(&parts)
    {
        return true;
    }
    let slash = |at: usize| match (text.words.get(at), text.words.get(at + 1)) {
        (Some(one), Some(next)) => &text.shown[one.at.end..next.at.start] == "/",
        _ => false,
    };
    let three = [small, text.small(word + 1), text.small(word + 2)];
    slash(word) && slash(word + 1) && all_digits(&three)
}

/// Whether a record's date is known to within a week.
fn has_day(site: &ProseSite<'_>, id: NodeId) -> bool {
    let date = site.graph().date_of(id);
    let days = date.and_then(|it| it.earliest().zip(it.latest()));
    days.is_some_and(|(first, last)| last.ordinal() - first.ordinal() <= WEEK)
}

/// Whether a text is in another language than the page: the title of a source.
fn is_foreign(site: &ProseSite<'_>, id: NodeId, field: &str) -> bool {
    let Data::Source(source) = &site.graph().node(id).record().data else { return false };
    field == "title" && source.lang.as_ref().is_some_and(|it| !same_language(it, site.language))
}

fn told(place: Place, words: &str, of_source: bool) -> Diagnostic {
    let message = format!("`{words}` says nothing to somebody who reads this on another day");
    let told = Diagnostic::new(&CODE, place, message).label("on which day?");
    match of_source {
        true => told.help("write the day, or give the source its `published`"),
        false => {
            told.help("write the day, such as `on 27 January 2025`, or link the event in the same sentence")
        }
    }
}
