//! Dates in English words, long and short.

use super::{Day, Form, Moment, Point, Season, Side, When};

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

/// How many words to spend.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Full,
    Short,
}

/// A date in full: `between 28 and 30 January 2025`.
pub(super) fn full(form: &Form) -> String {
    match *form {
        Form::Point(point) => full_point(point),
        Form::Interval(Side::At(start), Side::At(end)) if start == end => qualified(start, Style::Full),
        Form::Interval(Side::At(start), Side::At(end)) => {
            let (start, end) = ends(start, end, Style::Full);
            format!("between {start} and {end}")
        }
        Form::Interval(Side::Open, Side::At(end)) => format!("until {}", qualified(end, Style::Full)),
        Form::Interval(Side::Unknown, Side::At(end)) => {
            format!("until {}, start not known", qualified(end, Style::Full))
        }
        Form::Interval(Side::At(start), Side::Open) => format!("since {}", qualified(start, Style::Full)),
        Form::Interval(Side::At(start), Side::Unknown) => {
            format!("from {}, end not known", qualified(start, Style::Full))
        }
        Form::Interval(Side::Open | Side::Unknown, Side::Open | Side::Unknown) => {
            unreachable!("because the parser wants one known side")
        }
    }
}

/// A date in few words: `28–30 Jan 2025`.
pub(super) fn short(form: &Form) -> String {
    match *form {
        Form::Point(point) => qualified(point, Style::Short),
        Form::Interval(Side::At(start), Side::At(end)) if start == end => qualified(start, Style::Short),
        Form::Interval(Side::At(start), Side::At(end)) => {
            let (start, end) = ends(start, end, Style::Short);
            // One word on each side needs no air around the dash.
            let dash = if start.contains(' ') { " – " } else { "–" };
            format!("{start}{dash}{end}")
        }
        Form::Interval(Side::Open, Side::At(end)) => format!("until {}", qualified(end, Style::Short)),
        Form::Interval(Side::Unknown, Side::At(end)) => format!("? – {}", qualified(end, Style::Short)),
        Form::Interval(Side::At(start), Side::Open) => format!("since {}", qualified(start, Style::Short)),
        Form::Interval(Side::At(start), Side::Unknown) => format!("{} – ?", qualified(start, Style::Short)),
        Form::Interval(Side::Open | Side::Unknown, Side::Open | Side::Unknown) => {
            unreachable!("because the parser wants one known side")
        }
    }
}

/// A day in full: `30 January 2025`.
pub(super) fn day(day: Day) -> String {
    format!("{} {}", day.day, month_year(day.year, day.month, Style::Full))
}

/// The English name of a month from 1; a number past the ends counts as the nearest month.
pub(super) fn month_name(month: u8) -> &'static str {
    MONTHS[usize::from(month.clamp(1, 12)) - 1]
}

/// The month that a word names, in full or by its first three letters (`Sept` too), in any case.
pub(super) fn month_named(word: &str) -> Option<u8> {
    let word = word.to_ascii_lowercase();
    (1..=12).find(|month| {
        let name = month_name(*month).to_ascii_lowercase();
        word == name || word == name[..3] || (word == "sept" && *month == 9)
    })
}

/// A point that stands alone in full: here what is missing is said, unless a qualifier already warns.
fn full_point(point: Point) -> String {
    let words = qualified(point, Style::Full);
    if point.uncertain || point.approximate {
        return words;
    }
    match point.when {
        When::Month { .. } => format!("{words}, day not given"),
        When::Year(_) => format!("{words}, month not given"),
        When::Decade { .. } | When::Century { .. } => match words.strip_prefix("the ") {
            Some(_) => format!("some time in {words}"),
            None => format!("some time from {words}"),
        },
        When::Time(_) | When::Day(_) | When::Season { .. } => words,
    }
}

/// A point with its doubts: `about 2025 (uncertain)`, `c. 2025?`.
fn qualified(point: Point, style: Style) -> String {
    let words = bare(point.when, style);
    if !point.approximate && !point.uncertain {
        return words;
    }
    let (about, uncertain) = match style {
        Style::Full => ("about ", " (uncertain)"),
        Style::Short => ("c. ", "?"),
    };
    let about = if point.approximate { about } else { "" };
    let uncertain = if point.uncertain { uncertain } else { "" };
    format!("{about}{words}{uncertain}")
}

/// The two ends of an interval, sharing the month and the year where nothing gets lost.
fn ends(start: Point, end: Point, style: Style) -> (String, String) {
    let last = qualified(end, style);
    let is_doubtful = [start, end].iter().any(|point| point.uncertain || point.approximate);
    let first = match (start.when, end.when) {
        _ if is_doubtful => None,
        (When::Day(from), When::Day(to)) if (from.year, from.month) == (to.year, to.month) => {
            Some(from.day.to_string())
        }
        (When::Day(from), When::Day(to)) if from.year == to.year => {
            Some(format!("{} {}", from.day, month_word(from.month, style)))
        }
        (When::Month { year, month }, When::Month { year: to, .. }) if year == to => {
            Some(month_word(month, style).to_owned())
        }
        (When::Season { year, season }, When::Season { year: to, .. }) if year == to => {
            Some(season_word(season).to_owned())
        }
        _ => None,
    };
    (first.unwrap_or_else(|| qualified(start, style)), last)
}

fn bare(when: When, style: Style) -> String {
    match when {
        When::Time(moment) => {
            let Moment { day, hour, minute, .. } = moment;
            let date = bare(When::Day(day), style);
            match style {
                Style::Full => format!("{date}, {hour:02}:{minute:02} ({})", zone(moment)),
                Style::Short => format!("{date}, {hour:02}:{minute:02} {}", zone(moment)),
            }
        }
        // Joined and not formatted: pages print dozens of dates.
        When::Day(day) => {
            let Day { year, month, day } = day;
            [&day.to_string(), " ", month_word(month, style), " ", &year_words(year)].concat()
        }
        When::Month { year, month } => month_year(year, month, style),
        When::Season { year, season } => format!("{} {}", season_word(season), year_words(year)),
        When::Year(year) => year_words(year),
        // `the 2000s` could be ten years or a hundred, so only a plain decade gets an `s`.
        When::Decade { first } if first >= 1000 && first % 100 != 0 => match style {
            Style::Full => format!("the {first}s"),
            Style::Short => format!("{first}s"),
        },
        When::Decade { first } => years(first, first + 9, style),
        When::Century { first } => years(first, first + 99, style),
    }
}

fn years(first: i32, last: i32, style: Style) -> String {
    let (first, last) = (year_words(first), year_words(last));
    match style {
        Style::Full => format!("{first} to {last}"),
        Style::Short => format!("{first}–{last}"),
    }
}

fn month_year(year: i32, month: u8, style: Style) -> String {
    [month_word(month, style), " ", &year_words(year)].concat()
}

/// A year as readers count: early ones carry their era, and the astronomical year 0 is 1 BC.
fn year_words(year: i32) -> String {
    match year {
        ..=0 => format!("{} BC", 1 - year),
        1..=999 => format!("AD {year}"),
        1000.. => year.to_string(),
    }
}

fn month_word(month: u8, style: Style) -> &'static str {
    match style {
        Style::Full => month_name(month),
        Style::Short => &month_name(month)[..3],
    }
}

fn season_word(season: Season) -> &'static str {
    match season {
        Season::Spring => "spring",
        Season::Summer => "summer",
        Season::Autumn => "autumn",
        Season::Winter => "winter",
    }
}

fn zone(moment: Moment) -> String {
    let offset = moment.offset.unwrap_or(0);
    if offset == 0 {
        return "UTC".to_owned();
    }
    let sign = if offset < 0 { '−' } else { '+' };
    let (hours, minutes) = (offset.unsigned_abs() / 60, offset.unsigned_abs() % 60);
    match minutes {
        0 => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}
