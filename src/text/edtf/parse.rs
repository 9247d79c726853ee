//! Reads EDTF level 1, strictly. What is not even shaped like it goes to [`rescue`] for a kind word.

use super::{Day, EdtfProblem, Form, Moment, Point, Season, Side, When, rescue, words};

/// What a date and a date-time look like, for help texts.
pub(super) const EXAMPLES: &str = "write 2025-01-27, or with a time and an offset: 2025-01-27T14:05:00-05:00";

/// The last year we believe; later ones are slips of the finger.
const LAST_YEAR: i32 = 2199;
const FIRST_YEAR: i32 = -9999;

/// Why strict reading stopped.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is EDTF and says something that cannot be.
    Told(EdtfProblem),
    /// It is not EDTF.
    Shape,
}

/// Reads a whole date.
pub(super) fn form(text: &str) -> Result<Form, EdtfProblem> {
    strict(text).map_err(|fault| match fault {
        Fault::Told(problem) => problem,
        Fault::Shape => rescue::explain(text),
    })
}

/// Reads a whole date without asking what else it could have meant.
pub(super) fn strict(text: &str) -> Result<Form, Fault> {
    match text.split_once('/') {
        None => Ok(Form::Point(point(text)?)),
        Some((start, end)) => interval(start, end),
    }
}

/// A fault with its words.
fn told<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Told(EdtfProblem { message: message.into(), help: help.into() }))
}

/// The problem of a year after the last one we believe, in digits.
pub(super) fn far_future(year: &str) -> EdtfProblem {
    EdtfProblem {
        message: format!("the year {} is far in the future", rescue::shorten(year)),
        help: format!("write the year with four digits, {LAST_YEAR} at the latest"),
    }
}

fn interval(start_text: &str, end_text: &str) -> Result<Form, Fault> {
    let (start, end) = (side(start_text)?, side(end_text)?);
    match (start.point(), end.point()) {
        (None, None) => told(
            "the interval has neither a start nor an end",
            "write at least one date, such as 2025-01-27/.. or ../2025-01-30",
        ),
        (Some(from), Some(to)) if to.when.latest() < from.when.earliest() => told(
            "the interval ends before it starts",
            format!("write the earlier date first: {end_text}/{start_text}"),
        ),
        _ => Ok(Form::Interval(start, end)),
    }
}

fn side(text: &str) -> Result<Side, Fault> {
    match text {
        "" => Ok(Side::Unknown),
        ".." => Ok(Side::Open),
        _ => {
            let point = point(text)?;
            if let When::Time(Moment { day, .. }) = point.when {
                return told(
                    "an interval cannot have a time of day",
                    format!("write the day alone on this side: {day}"),
                );
            }
            Ok(Side::At(point))
        }
    }
}

fn point(text: &str) -> Result<Point, Fault> {
    let (text, uncertain, approximate) = match text.char_indices().next_back() {
        Some((idx, '?')) => (&text[..idx], true, false),
        Some((idx, '~')) => (&text[..idx], false, true),
        Some((idx, '%')) => (&text[..idx], true, true),
        _ => (text, false, false),
    };
    let when = when(text)?;
    if let (When::Time(Moment { day, .. }), true) = (when, uncertain || approximate) {
        return told(
            "a date with a time takes no `?`, `~` or `%`",
            format!("leave out the time, as in {day}~, or the qualifier"),
        );
    }
    Ok(Point { when, uncertain, approximate })
}

fn when(text: &str) -> Result<When, Fault> {
    if let Some(year) = text.strip_prefix('Y') {
        return long_year(year);
    }
    if let Some((date, time)) = text.split_once('T') {
        return match civil(date)? {
            When::Day(day) => moment(day, time).map(When::Time),
            _ => told("a time needs a whole date", "write the year, the month and the day before the `T`"),
        };
    }
    civil(text)
}

/// `Y` and a year of any length.
fn long_year(text: &str) -> Result<When, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !is_digits(digits) {
        return Err(Fault::Shape);
    }
    match text.parse::<i32>() {
        Ok(year @ FIRST_YEAR..=LAST_YEAR) => Ok(When::Year(year)),
        _ if digits.len() < text.len() => told(
            format!("the year {} is too long ago", rescue::shorten(text)),
            format!("write a year from {FIRST_YEAR} on"),
        ),
        _ => Err(Fault::Told(far_future(text))),
    }
}

/// A date without a time or qualifier: one to three parts between hyphens.
fn civil(text: &str) -> Result<When, Fault> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let mut parts = digits.split('-');
    let year = parts.next().unwrap_or("");
    let (month, day, more) = (parts.next(), parts.next(), parts.next());
    let is_pair =
        |part: Option<&str>| part.is_none_or(|part| part == "XX" || (part.len() == 2 && is_digits(part)));
    if more.is_some() || !is_pair(month) || !is_pair(day) || year.len() != 4 {
        return Err(Fault::Shape);
    }

    let n_known = year.trim_end_matches('X').len();
    if n_known < 2 || !is_digits(&year[..n_known]) {
        return Err(Fault::Shape);
    }
    let number: i32 = year.replace('X', "0").parse().map_err(|_| Fault::Shape)?;
    if number > LAST_YEAR && sign > 0 {
        return Err(Fault::Told(far_future(year)));
    }
    if n_known < 4 {
        return match (month, n_known) {
            (Some(_), _) => told(
                "a year with unspecified digits takes no month",
                format!("write {year}, or all four digits of the year"),
            ),
            // The fills of a negative year run backwards: `-012X` is -129 to -120.
            (None, 3) => Ok(When::Decade { first: if sign < 0 { -number - 9 } else { number } }),
            (None, _) => Ok(When::Century { first: if sign < 0 { -number - 99 } else { number } }),
        };
    }
    let year = number * sign;
    if year == 0 && sign < 0 {
        return told("there is no year -0000", "write 0000 for the year before 0001");
    }

    let Some(month) = month else { return Ok(When::Year(year)) };
    let Ok(month) = month.parse::<u8>() else {
        return match day {
            None | Some("XX") => Ok(When::Year(year)),
            Some(_) => told("a day needs its month", "write XX for the day too, or give the month"),
        };
    };
    let season = match month {
        1..=12 => return month_or_day(year, month, day),
        21 => Season::Spring,
        22 => Season::Summer,
        23 => Season::Autumn,
        24 => Season::Winter,
        _ => {
            return told(
                format!("there is no month {month:02}"),
                "months are 01 to 12; 21 to 24 are spring, summer, autumn and winter",
            );
        }
    };
    match day {
        None => Ok(When::Season { year, season }),
        Some(_) => told("a season has no days", "leave out the day, or write a month from 01 to 12"),
    }
}

fn month_or_day(year: i32, month: u8, day: Option<&str>) -> Result<When, Fault> {
    let Some(Ok(day)) = day.map(str::parse::<u8>) else { return Ok(When::Month { year, month }) };
    let last = Day::last_of_month(year, month);
    if (1..=last.day).contains(&day) {
        return Ok(When::Day(Day { year, month, day }));
    }
    let name = words::month_name(month);
    let message = match (day, month) {
        (29, 2) => format!("29 February {year} does not exist"),
        (1..=31, _) => format!("{day} {name} does not exist"),
        _ => format!("there is no day {day:02}"),
    };
    told(message, format!("{name} {year} has {} days; {last} is its last", last.day))
}

/// `14:05:00-05:00`, `14:05Z`.
fn moment(day: Day, text: &str) -> Result<Moment, Fault> {
    let offset_idx = text.find(|it: char| !it.is_ascii_digit() && it != ':').unwrap_or(text.len());
    let (clock, rest) = text.split_at(offset_idx);
    let parts: Vec<&str> = clock.split(':').collect();
    let is_clock = matches!(parts.len(), 2 | 3) && parts.iter().all(|part| part.len() == 2);
    if !is_clock {
        return told("a time is written hh:mm or hh:mm:ss", EXAMPLES);
    }
    if rest.starts_with(['.', ',']) {
        return told(
            "a time has whole seconds",
            format!("leave out the fraction: {day}T{clock} and its offset"),
        );
    }
    let hour = bounded(parts[0], "hour", 23)?;
    let minute = bounded(parts[1], "minute", 59)?;
    let second = parts.get(2).map(|part| bounded(part, "second", 59)).transpose()?;
    if rest.is_empty() {
        return told(
            "a time needs an offset, such as Z or -05:00",
            format!(
                "write {day}T{clock}Z if that is UTC, or the offset of the place; or the day alone: {day}"
            ),
        );
    }
    Ok(Moment { day, hour, minute, second, offset: offset(rest)? })
}

/// `Z`, or a sign with hours and perhaps minutes.
fn offset(text: &str) -> Result<Option<i16>, Fault> {
    const HELP: &str = "write Z for UTC, or hours and minutes from it, such as -05:00 or +05:30";
    let (sign, size) = match text.as_bytes() {
        [b'Z'] => return Ok(None),
        [b'+', ..] => (1, &text[1..]),
        [b'-', ..] => (-1, &text[1..]),
        _ => return told(format!("`{}` is not an offset", rescue::shorten(text)), HELP),
    };
    let (hours, minutes) = size.split_once(':').unwrap_or((size, "00"));
    if ![hours, minutes].iter().all(|part| part.len() == 2 && is_digits(part)) {
        return told(format!("`{}` is not an offset", rescue::shorten(text)), HELP);
    }
    let (hours, minutes) =
        (i16::from(bounded(hours, "offset", 99)?), i16::from(bounded(minutes, "minute", 59)?));
    let offset = sign * (hours * 60 + minutes);
    if !(-12 * 60..=14 * 60).contains(&offset) {
        return told(format!("there is no offset {text}"), "offsets go from -12:00 to +14:00");
    }
    Ok(Some(offset))
}

/// Two digits as a number from 0 to `last`.
fn bounded(digits: &str, what: &str, last: u8) -> Result<u8, Fault> {
    match digits.parse() {
        Ok(number) if number <= last => Ok(number),
        _ => told(format!("there is no {what} {digits}"), format!("{what}s go from 00 to {last}")),
    }
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
