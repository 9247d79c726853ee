//! # figure-in-prose
//!
//! A sentence of a body links a figure and prints another number in the figure's unit. A figure is written once, with its
//! day and its sources; when it is corrected, the sentence stays behind, and then the page says two things.
//!
//! ```yaml
//! - { id: price, kind: figure, of: weavers, measure: share price change, value: -17, unit: percent, … }
//! ```
//!
//! ```markdown
//! The shares fell by [[figure:price|18 percent]].       <!-- warned -->
//! The shares fell by [[figure:price|17 percent]].       <!-- fine -->
//! ```
//!
//! Digits are compared exactly, in whatever way they are written: `$593 billion`, `593bn dollars`, `17%`, `seventeen per
//! cent`, `four teams`. Signs do not count, since a sentence says *fell by*. Rounding to fewer digits agrees; so does what the
//! figure has under `parts`, `conversions` and `also_reported`, and more digits when its `precision` is `rounded`.
//!
//! The number of the link's own words counts; if they hold none, the sentence's only number in that unit. Not seen: sentences
//! that do not link the figure; those with several such numbers outside the link; quotations; number words in languages
//! without a word list.

use std::ops::Range;

use super::running::{Block, ProseSite, Text};
use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::document::prose::Linked;
use crate::graph::NodeId;
use crate::model::{Data, Figure};
use crate::text::Decimal;
use crate::text::lexicon::Lexicon;

pub(super) static CODE: Code =
    Code { name: "figure-in-prose", level: Level::Warning, manual: include_str!("figure_in_prose.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnProse(run) };

/// Currencies by code, sign and the beginnings of their names.
const CURRENCIES: [(&str, &str, &[&str]); 8] = [
    ("USD", "$", &["dollar", "dólar"]),
    ("EUR", "€", &["euro"]),
    ("GBP", "£", &["pound", "livre", "libra", "pfund"]),
    ("JPY", "¥", &["yen"]),
    ("CNY", "CN¥", &["yuan", "renminbi"]),
    ("INR", "₹", &["rupee", "rupie", "roupie", "rupia"]),
    ("KRW", "₩", &["won"]),
    ("CHF", "CHF", &["franc", "frank", "franken"]),
];

/// A number of a sentence.
struct Number {
    value: Decimal,
    /// Its words, by number.
    words: Range<usize>,
}

fn run(site: &ProseSite<'_>, report: &mut Report) {
    for block in &site.blocks {
        for link in &block.passage.links {
            if let Some((id, figure)) = site.target(link).and_then(|it| Some((it, figure(site, it)?))) {
                look(site, block, link, id, figure, report);
            }
        }
    }
}

fn figure<'a>(site: &ProseSite<'a>, id: NodeId) -> Option<&'a Figure> {
    match &site.graph().node(id).record().data {
        Data::Figure(figure) => Some(figure),
        _ => None,
    }
}

fn look(
    site: &ProseSite<'_>,
    block: &Block<'_>,
    link: &Linked,
    id: NodeId,
    figure: &Figure,
    report: &mut Report,
) {
    let lexicon = site.speech.map(|it| it.lexicon);
    let sentence = block.passage.sentence(link.words.clone());
    let numbers = numbers(&block.text, block.text.words_in(&sentence), lexicon);
    let others: Vec<&Figure> =
        site.targets(block, &sentence).into_iter().filter_map(|it| self::figure(site, it)).collect();
    for unit in figure.conversions.iter().map(|it| &it.unit).chain([&figure.unit]) {
        let of_unit = |it: &&Number| has_unit(&block.text, &it.words, unit, lexicon);
        let stands_in_link = |it: &&Number| link.words.contains(&block.text.words[it.words.start].at.start);
        let all: Vec<&Number> = numbers.iter().filter(of_unit).collect();
        let own: Vec<&Number> = all.iter().copied().filter(stands_in_link).collect();
        let number = match (own.as_slice(), all.as_slice()) {
            ([one], _) | ([], [one]) => *one,
            _ => continue,
        };
        let part = block.text.span(number.words.clone());
        let agrees = others.iter().any(|it| agrees(it, unit, &number.value));
        if !agrees && !block.is_quoted(&part) {
            report.add(told(site, block, part, id, figure));
        }
    }
}

/// Whether a number is one that the figure gives in this unit, with the same digits or fewer.
fn agrees(figure: &Figure, unit: &str, told: &Decimal) -> bool {
    let is_rounded = figure.precision.as_deref() == Some("rounded") || figure.value.qualifier().is_some();
    let fits = |value: &Decimal| value.may_be_told_as(told) || is_rounded && told.may_be_told_as(value);
    let own = figure.parts.iter().map(|it| &it.value).chain(&figure.also_reported).chain([&figure.value]);
    let converted = figure.conversions.iter().filter(|it| it.unit == unit).map(|it| &it.value);
    (figure.unit == unit && own.into_iter().any(&fits)) || converted.into_iter().any(fits)
}

/// Every number among some words.
fn numbers(text: &Text<'_>, words: Range<usize>, lexicon: Option<&Lexicon>) -> Vec<Number> {
    let mut found = Vec::new();
    let mut word = words.start;
    while word < words.end {
        match number(text, word, lexicon) {
            Some(number) => {
                word = number.words.end;
                found.push(number);
            }
            None => word += 1,
        }
    }
    found
}

/// The number that starts at a word, with its magnitude: `593bn`, `593 billion`, `four`, `a million`.
fn number(text: &Text<'_>, word: usize, lexicon: Option<&Lexicon>) -> Option<Number> {
    let small = text.small(word);
    let magnitude = |word: &str| Some(lexicon?.magnitudes.iter().find(|(it, _)| *it == word)?.1);
    let digits_end =
        small.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(small.len());
    let (digits, rest) = small.split_at(digits_end);
    let next = |end: usize| text.is_joined(end).then(|| magnitude(text.small(end))).flatten();
    let comma = lexicon.is_some_and(|it| it.decimal_comma);
    let (value, exponent, end) = match (digits, rest) {
        ("", word_of_number) => match (value_of(word_of_number, lexicon?), next(word + 1)) {
            (Some(value), Some(exponent)) => (value.to_string(), exponent, word + 2),
            (Some(value), None) => (value.to_string(), 0, word + 1),
            // `a million`, `une million`.
            (None, Some(exponent)) if small.chars().count() <= 3 => ("1".to_owned(), exponent, word + 2),
            (None, _) => return None,
        },
        (digits, "") => match next(word + 1) {
            Some(exponent) => (plain(digits, comma), exponent, word + 2),
            None => (plain(digits, comma), 0, word + 1),
        },
        (digits, rest) => (plain(digits, comma), magnitude(rest)?, word + 1),
    };
    let magnitude = match exponent {
        0 => "",
        3 => " thousand",
        6 => " million",
        9 => " billion",
        _ => " trillion",
    };
    let value = Decimal::parse(&format!("{value}{magnitude}")).ok()?;
    Some(Number { value, words: word..end })
}

/// The value of a number word, also of one in two parts: `twenty-five`.
fn value_of(word: &str, lexicon: &Lexicon) -> Option<u32> {
    let part = |word: &str| lexicon.number(word);
    part(word).or_else(|| {
        let (tens, ones) = word.split_once('-')?;
        let (tens, ones) = (part(tens)?, part(ones)?);
        ((20..100).contains(&tens) && ones < 10).then_some(tens + ones)
    })
}

/// Digits without grouping, with a point for decimals.
fn plain(digits: &str, decimal_comma: bool) -> String {
    match decimal_comma {
        true => digits.replace('.', "").replace(',', "."),
        false => digits.replace(',', ""),
    }
}

/// Whether a number is followed by a unit, or has the currency's sign before it.
fn has_unit(text: &Text<'_>, words: &Range<usize>, unit: &str, lexicon: Option<&Lexicon>) -> bool {
    let next = |idx: usize| if text.is_joined(words.end + idx) { text.small(words.end + idx) } else { "" };
    let percent = lexicon.map_or(&["%"][..], |it| it.percent);
    if matches!(unit, "percent" | "per cent" | "%") {
        let follows = |it: &str| it.split(' ').enumerate().all(|(idx, part)| next(idx) == part);
        return percent.iter().any(|it| follows(it));
    }
    if let Some((code, sign, names)) = CURRENCIES.iter().find(|(code, ..)| *code == unit) {
        let before = text.shown[..text.words[words.start].at.start].trim_end();
        let behind = text.words.get(words.end - 1).map_or("", |it| text.shown[it.at.end..].trim_start());
        let other_yen = *code == "JPY" && before.ends_with("CN¥");
        let is_named = names.iter().any(|it| next(0).starts_with(it)) || next(0) == code.to_ascii_lowercase();
        return (before.ends_with(sign) || behind.starts_with(sign)) && !other_yen
            || before.ends_with(code)
            || is_named;
    }
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_lowercase();
    unit.split_whitespace().enumerate().all(|(idx, part)| singular(next(idx)) == singular(part))
}

fn told(
    site: &ProseSite<'_>,
    block: &Block<'_>,
    part: Range<usize>,
    id: NodeId,
    figure: &Figure,
) -> Diagnostic {
    let node = site.graph().node(id);
    let given = figure.value.display_with_unit(&figure.unit);
    let message = format!("this number is not the one of the figure that the sentence links, {given}");
    Diagnostic::new(&CODE, site.place(block, part), message)
        .label("another number in the same unit")
        .also(Place::field(&node.record().origin.file, node.field("value")), "the figure")
        .help("correct one of them, or add what others report to `also_reported` of the figure")
}
