//! What is wrong with a text that is not an exact number, and what to write instead.

use super::{DecimalProblem, Magnitude, SIGNS, magnitude_named, split_sign};

/// A problem with its words.
pub(super) fn problem(message: impl Into<String>, help: impl Into<String>) -> DecimalProblem {
    DecimalProblem { message: message.into(), help: help.into() }
}

/// The problem of a text that has something else where its digits should start.
pub(super) fn no_digits(text: &str, rest: &str) -> DecimalProblem {
    if text.trim().is_empty() {
        return problem("there is no number here", "write digits, as in 17 or 593 billion");
    }
    let symbol: String = rest.chars().take_while(|it| !it.is_ascii_digit() && !it.is_whitespace()).collect();
    let (_, number) = split_sign(rest[symbol.len()..].trim_start());
    let known = SIGNS.iter().find(|(code, sign)| *sign == symbol || *code == symbol);
    if let (Some((code, _)), true) = (known, number.starts_with(|it: char| it.is_ascii_digit())) {
        let sign = if text.contains(['-', '−']) { "-" } else { "" };
        return problem(
            format!("`{symbol}` is a unit, not part of the number"),
            format!("put the unit in `unit:`: `value: {sign}{}` and `unit: {code}`", shorten(number)),
        );
    }
    problem(
        format!("`{}` is not a number", shorten(text)),
        "write digits and perhaps a magnitude, as in -593 billion; about, over, under, more than and less than may \
         come first, and the unit goes in `unit:`",
    )
}

/// The problem of a number with something behind it that is not a magnitude.
pub(super) fn bad_word(text: &str, number: &str, word: &str) -> DecimalProblem {
    let lower = word.to_ascii_lowercase();
    if let Some(power) = lower.strip_prefix('e')
        && power.trim_start_matches(['+', '-']).starts_with(|it: char| it.is_ascii_digit())
    {
        return problem(
            format!("`{}` is in exponent notation", shorten(text)),
            "write all digits, or a magnitude: 1,000 or 1 thousand for 1e3",
        );
    }
    if word.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '\'' | '_')) {
        return problem("digits are grouped by commas", "write 1,000,000 or 1000000");
    }
    if word.starts_with(['-', '–', '—', '/', '+', '*', '×']) {
        return problem(
            format!("`{}` is more than one number", shorten(text)),
            "write one value; other reports go in `also_reported:`",
        );
    }
    if let Some(singular) = lower.strip_suffix('s')
        && magnitude_named(singular).is_some_and(|magnitude| magnitude != Magnitude::One)
    {
        return problem(
            format!("`{}` is not a magnitude", shorten(word)),
            format!("write {number} {singular}"),
        );
    }
    // `5 billion dollars`: the magnitude stays with the value, the rest is the unit.
    let (value, unit) = match word.split_once(char::is_whitespace) {
        Some((first, rest)) if magnitude_named(first).is_some() => (format!("{number} {first}"), rest.trim()),
        _ => (number.to_owned(), word),
    };
    let name = match unit {
        "%" => "percent",
        _ => SIGNS.iter().find(|(_, sign)| *sign == unit).map_or(unit, |(code, _)| *code),
    };
    let sign = if text.contains(['-', '−']) { "-" } else { "" };
    problem(
        format!("`{}` is not part of a number", shorten(unit)),
        format!(
            "put the unit in `unit:`: `value: {sign}{value}` and `unit: {}`; magnitudes are thousand, million, \
             billion and trillion",
            shorten(name)
        ),
    )
}

/// User text made fit for one line.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let clean = |it: char| if it.is_control() { ' ' } else { it };
    if text.chars().count() <= LONGEST {
        return text.chars().map(clean).collect();
    }
    text.chars().take(LONGEST - 1).map(clean).chain(['…']).collect()
}
