//! Dates in other notations: guesses what was meant and says how EDTF writes it.
//!
//! Only for texts that are not EDTF. Proposes a date only when there is one reading; never accepts anything.

use super::parse::{self, Fault, is_digits};
use super::{EdtfProblem, Form, Point, When, words};

/// The problem with a text that is not EDTF.
pub(super) fn explain(text: &str) -> EdtfProblem {
    if text.trim().is_empty() {
        return problem("there is no date here", parse::EXAMPLES);
    }
    if let Some(problem) = other_notation(text) {
        return problem;
    }
    // One bad side of an interval is easier to mend than the whole.
    if let Some((start, end)) = text.split_once('/') {
        let bad_side = [start, end]
            .into_iter()
            .find(|side| !matches!(*side, "" | "..") && !side.contains('/') && parse::strict(side).is_err());
        if let Some(problem) = bad_side.map(explain) {
            return problem;
        }
    }
    let year = text.strip_prefix('-').unwrap_or(text).split('-').next().unwrap_or("");
    match year.len() {
        5.. if is_digits(year) && !text.starts_with('-') => parse::far_future(year),
        _ if is_digits(year) && year.len() != 4 => year_needs_four_digits(),
        _ => not_edtf(text, parse::EXAMPLES),
    }
}

/// User text made fit for one line.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let clean = |it: char| if it.is_control() { ' ' } else { it };
    if text.chars().count() <= LONGEST {
        return text.chars().map(clean).collect();
    }
    text.chars().take(LONGEST - 1).map(clean).chain(['…']).collect()
}

fn problem(message: impl Into<String>, help: impl Into<String>) -> EdtfProblem {
    EdtfProblem { message: message.into(), help: help.into() }
}

fn not_edtf(text: &str, help: impl Into<String>) -> EdtfProblem {
    problem(format!("`{}` is not an EDTF date", shorten(text)), help)
}

fn year_needs_four_digits() -> EdtfProblem {
    problem("the year needs four digits", "write the year in full, as in 2025-01-27")
}

/// Proposes an EDTF text, or says what is wrong with the date it would be.
fn propose(text: &str, edtf: &str) -> EdtfProblem {
    match parse::strict(edtf) {
        Err(Fault::Told(problem)) => problem,
        Ok(_) | Err(Fault::Shape) => not_edtf(text, format!("write {edtf}")),
    }
}

fn other_notation(text: &str) -> Option<EdtfProblem> {
    numbers(text)
        .or_else(|| date_and_time(text))
        .or_else(|| near_miss(text))
        .or_else(|| two_dates(text))
        .or_else(|| named(text))
}

/// Digits between dots, slashes or hyphens, and eight digits in a row.
fn numbers(text: &str) -> Option<EdtfProblem> {
    let trimmed = text.trim();
    if trimmed.len() == 8 && is_digits(trimmed) {
        let (year, rest) = trimmed.split_at(4);
        let edtf = format!("{year}-{}-{}", &rest[..2], &rest[2..]);
        return parse::strict(&edtf).is_ok().then(|| propose(text, &edtf));
    }
    let separator = ['.', '/', '-'].into_iter().find(|separator| trimmed.contains(*separator))?;
    let parts: Vec<&str> = trimmed.split(separator).map(str::trim).collect();
    if !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    match (lengths.as_slice(), parts.as_slice()) {
        ([4, 1 | 2, 1 | 2], [year, month, day]) => {
            Some(propose(text, &format!("{year}-{month:0>2}-{day:0>2}")))
        }
        ([1 | 2, 1 | 2, 4], [day, month, year]) => Some(day_and_month(text, separator, day, month, year)),
        ([1 | 2, 1 | 2, 2], _) => Some(year_needs_four_digits()),
        ([1 | 2, 4], [month, year]) => Some(propose(text, &format!("{year}-{month:0>2}"))),
        ([4, 4], [first, last]) => Some(propose(text, &format!("{first}/{last}"))),
        // `2024/25` is two years far more often than a month.
        ([4, 2], [first, last]) if separator == '/' && *last > "12" => {
            Some(propose(text, &format!("{first}/{}{last}", &first[..2])))
        }
        ([4, 1 | 2], [year, month]) => Some(propose(text, &format!("{year}-{month:0>2}"))),
        _ => None,
    }
}

/// `a.b.year`: dots mean day first; with slashes and hyphens only a number above 12 tells.
fn day_and_month(text: &str, separator: char, a: &str, b: &str, year: &str) -> EdtfProblem {
    // At most two digits each, so both numbers are small; parsing cannot fail.
    let (first, second) = (a.parse().unwrap_or(0_u8), b.parse().unwrap_or(0_u8));
    let day_first = format!("{year}-{b:0>2}-{a:0>2}");
    let month_first = format!("{year}-{a:0>2}-{b:0>2}");
    let is_month = |number: u8| (1..=12).contains(&number);
    if separator == '.' || first == second || !is_month(first) {
        return propose(text, &day_first);
    }
    if !is_month(second) {
        return propose(text, &month_first);
    }
    problem(
        format!(
            "`{}` could be {first} {} or {second} {}",
            shorten(text),
            words::month_name(second),
            words::month_name(first)
        ),
        format!("write {day_first} or {month_first}, whichever it is"),
    )
}

/// A date and a time with a space, or a lower-case `t`, between them.
fn date_and_time(text: &str) -> Option<EdtfProblem> {
    let (date, time) = text.trim().split_once([' ', 't'])?;
    let time: String = time.trim_start().replace(" UTC", "Z").replace(" GMT", "Z").replace(' ', "");
    let time = if time.starts_with(|it: char| it.is_ascii_digit()) {
        time.to_ascii_uppercase()
    } else {
        return None;
    };
    let edtf = format!("{date}T{time}");
    match parse::strict(&edtf) {
        Ok(_) => Some(problem("a time is joined to its date by `T`", format!("write {edtf}"))),
        Err(Fault::Told(problem)) => Some(problem),
        Err(Fault::Shape) => None,
    }
}

/// Texts that are EDTF after one small repair.
fn near_miss(text: &str) -> Option<EdtfProblem> {
    let trimmed = text.trim();
    let upper = trimmed.to_ascii_uppercase();
    let candidates = [
        trimmed.to_owned(),
        upper.replace('U', "X"),
        trimmed.replace(['–', '—', '−', '‐', '‑'], "-"),
        trimmed.replace("?~", "%").replace("~?", "%"),
        trimmed
            .replace("/open", "/..")
            .replace("/unknown", "/")
            .replace("unknown/", "/")
            .replace("open/", "../"),
        upper
            .trim_start_matches("THE ")
            .strip_suffix("0S")
            .map(|decade| format!("{decade}X"))
            .unwrap_or_default(),
    ];
    candidates.into_iter().find(|it| parse::strict(it).is_ok()).map(|edtf| propose(text, &edtf))
}

/// Two dates with something other than a slash between them.
fn two_dates(text: &str) -> Option<EdtfProblem> {
    let separators = [" to ", " until ", " and ", " - ", " – ", " / ", "--", "...", "..", "…", "–"];
    separators.into_iter().find_map(|separator| {
        let (start, end) = text.trim().split_once(separator)?;
        let start = start.trim_start_matches("between ").trim_start_matches("from ");
        let edtf = format!("{}/{}", start.trim(), end.trim());
        match parse::strict(&edtf) {
            Ok(_) => Some(propose(text, &edtf)),
            Err(Fault::Told(problem)) => Some(problem),
            Err(Fault::Shape) => None,
        }
    })
}

/// Dates with English words in them: `27 Jan 2025`, `late January 2025`, `circa 2025`, `yesterday`.
fn named(text: &str) -> Option<EdtfProblem> {
    let lower = text.to_ascii_lowercase().replace([',', '.'], " ");
    let mut tokens: Vec<&str> = lower.split_whitespace().collect();
    match tokens.as_slice() {
        ["today" | "yesterday" | "tomorrow" | "now"] => {
            return Some(not_edtf(text, "write the day itself, as in 2025-01-27"));
        }
        ["unknown" | "undated" | "tba" | "tbd" | "none"] | ["n", "d"] => {
            return Some(not_edtf(text, "leave the field out when the date is not known"));
        }
        _ => (),
    }
    tokens.retain(|token| !matches!(*token, "the" | "of" | "on" | "in") && !is_weekday(token));

    let hint = *tokens.first()?;
    let is_about = matches!(hint, "about" | "around" | "circa" | "c" | "ca" | "approximately");
    let days = match hint {
        "early" => Some(("01", "10")),
        "mid" => Some(("11", "20")),
        "late" => Some(("21", "")),
        _ => None,
    };
    let rest = if is_about || days.is_some() { &tokens[1..] } else { tokens.as_slice() };
    let edtf = words_to_edtf(rest)?;
    match (is_about, days) {
        (true, _) => Some(propose(text, &format!("{edtf}~"))),
        (false, None) => Some(propose(text, &edtf)),
        (false, Some((first, last))) => {
            let month = parse::strict(&edtf).ok()?;
            let Form::Point(Point { when: month @ When::Month { .. }, .. }) = month else { return None };
            let last = if last.is_empty() { month.latest().day.to_string() } else { last.to_owned() };
            Some(not_edtf(
                text,
                format!(
                    "write {edtf} for the month alone, or the days you mean, such as {edtf}-{first}/{edtf}-{last}"
                ),
            ))
        }
    }
}

/// A day, a month name and a year in any usual order; a month or a season and a year; or EDTF itself.
fn words_to_edtf(tokens: &[&str]) -> Option<String> {
    match tokens {
        [edtf] if parse::strict(edtf).is_ok() => Some((*edtf).to_owned()),
        [name, year] if is_year(year) => {
            let season = match *name {
                "spring" => "21",
                "summer" => "22",
                "autumn" | "fall" => "23",
                "winter" => "24",
                _ => return words::month_named(name).map(|month| format!("{year}-{month:02}")),
            };
            Some(format!("{year}-{season}"))
        }
        [a, b, year] if is_year(year) => {
            let (day, name) = if day_number(a).is_some() { (a, b) } else { (b, a) };
            Some(format!("{year}-{:02}-{:02}", words::month_named(name)?, day_number(day)?))
        }
        [year, name, day] if is_year(year) => {
            Some(format!("{year}-{:02}-{:02}", words::month_named(name)?, day_number(day)?))
        }
        _ => None,
    }
}

fn is_year(token: &str) -> bool {
    token.len() == 4 && is_digits(token)
}

/// `27`, `27th`, `1st`.
fn day_number(token: &str) -> Option<u8> {
    let digits = token.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let is_day = matches!(&token[digits.len()..], "" | "st" | "nd" | "rd" | "th");
    if is_day && is_digits(digits) && digits.len() <= 2 { digits.parse().ok() } else { None }
}

fn is_weekday(token: &str) -> bool {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    NAMES.iter().any(|name| token == *name || token == &name[..3])
}
