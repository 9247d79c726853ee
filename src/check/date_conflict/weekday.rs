//! Weekdays: "Monday 28 January 2025" was a Tuesday.
//!
//! Reads English dates with a weekday in short texts of ours: `Monday 27 January 2025`, `Mon, 27 Jan`, `Monday, January 27,
//! 2025`, `Monday (27 January)`. Without a year, that of the date beside the text counts, if there is one year only.

use super::CODE;
use crate::diag::{Diagnostic, Place, Report};
use crate::graph::Graph;
use crate::model::{Data, Kind};
use crate::text::{Day, Edtf};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn run(graph: &Graph, report: &mut Report) {
    for (id, node) in graph.nodes() {
        let date = graph.date_of(id);
        let mut look = |text: Option<&String>, place: &dyn Fn() -> Place| {
            if let Some((said, day)) = text.and_then(|it| wrong_weekday(it, date)) {
                report.add(
                    Diagnostic::new(&CODE, place(), format!("{} was a {}", day.display(), day.weekday()))
                        .label(format!("not a {said}"))
                        .help("correct the weekday or the day"),
                );
            }
        };
        if let Some(statement) = node.statement() {
            look(statement.date_basis.as_ref(), &|| node.place("date_basis"));
            for (idx, it) in statement.contested.iter().enumerate() {
                look(it.note.as_ref(), &|| node.place(&format!("contested[{idx}].note")));
            }
        }
        look(node.silence().and_then(|it| it.checked.as_ref()), &|| node.place("checked"));
        for (idx, it) in node.sources().iter().enumerate() {
            look(it.locator.as_ref(), &|| node.place(&format!("sources[{idx}].locator")));
        }
        if let (Kind::Source, Data::Source(source)) = (node.kind, &node.record().data) {
            look(source.date_basis.as_ref(), &|| node.place("date_basis"));
            look(source.note.as_ref(), &|| node.place("note"));
        }
    }
}

/// The first weekday in a text that the day beside it did not have, and that day.
fn wrong_weekday(text: &str, near: Option<&Edtf>) -> Option<(&'static str, Day)> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (0..words.len()).find_map(|at| {
        let said = WEEKDAYS[named(words[at], &WEEKDAYS)?];
        let day = day_at(&words[at + 1..], near)?;
        (day.weekday() != said).then_some((said, day))
    })
}

/// `27 January 2025`, `27 January`, `January 27 2025`, `27th of January`, at the start of some words.
fn day_at(words: &[&str], near: Option<&Edtf>) -> Option<Day> {
    let rest: Vec<&str> = words.iter().copied().filter(|it| !matches!(*it, "the" | "of")).take(3).collect();
    let (first, second) = (rest.first()?, rest.get(1)?);
    let (day, month) = match (day_number(first), named(first, &MONTHS)) {
        (Some(day), _) => (day, named(second, &MONTHS)?),
        (None, Some(month)) => (day_number(second)?, month),
        (None, None) => return None,
    };
    let written = rest.get(2).filter(|it| it.len() == 4).and_then(|it| it.parse::<i32>().ok());
    let of_near = || {
        let (from, to) = (near?.earliest()?.year, near?.latest()?.year);
        (from == to).then_some(from)
    };
    let day = Day { year: written.or_else(of_near)?, month: month as u8 + 1, day };
    // A day that is not in the calendar has no weekday to be wrong about.
    (Day::of_ordinal(day.ordinal()) == day).then_some(day)
}

/// `27`, `27th`.
fn day_number(word: &str) -> Option<u8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|it| word.strip_suffix(it)).unwrap_or(word);
    digits.parse().ok().filter(|it| (1..=31).contains(it) && digits.len() <= 2)
}

/// The number, from 0, of a name in full or by its first letters: `Mon`, `Tues`, `Sept`. Small letters name nothing, or
/// "may" and "sun" would.
fn named(word: &str, names: &[&str]) -> Option<usize> {
    let is_short = (3..=4).contains(&word.len());
    names.iter().position(|name| *name == word || is_short && name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekday_is_held_against_its_day() {
        let near = Edtf::parse("2025-01").unwrap();
        for wrong in [
            "Monday 28 January 2025",
            "on Monday, 28 January",
            "Mon, 28 Jan 2025 18:00",
            "Monday, January 28, 2025",
            "It says Monday the 28th of January.",
            "Tuesday 28 January, and Tuesday 29 January",
        ] {
            assert!(wrong_weekday(wrong, Some(&near)).is_some(), "{wrong}");
        }
        for right in [
            "Tuesday 28 January 2025",
            "Tues 28 Jan",
            "on Sunday, 27 reporters came",
            "Monday 30 February 2025",
            "Monday, 28 items in January",
            "Monday 28/01/2025",
            "",
        ] {
            assert_eq!(wrong_weekday(right, Some(&near)), None, "{right}");
        }
        assert_eq!(wrong_weekday("Monday 28 January", None), None, "no year");
        let years = Edtf::parse("2024/2025").unwrap();
        assert_eq!(wrong_weekday("Monday 28 January", Some(&years)), None, "two years");
    }
}
