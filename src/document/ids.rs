//! Ids: what can be one, and what to say of what cannot.

use super::problems::fields as problems;
use crate::diag::{Diagnostic, Place};
use crate::text::slug;

pub(super) use crate::text::nfc;

/// Why a text cannot be an id; `None` when it can.
pub(super) fn id_problem(id: &str) -> Option<String> {
    let Some(first) = id.chars().next() else { return Some("an id has at least one letter".to_owned()) };
    let is_letter = |c: char| match c {
        'a'..='z' | '0'..='9' => true,
        _ if c.is_ascii() => false,
        _ => !c.is_uppercase() && (c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)),
    };
    if let Some(bad) = id.chars().find(|c| !is_letter(*c) && !matches!(c, '.' | '_' | '-')) {
        return Some(match bad {
            ' ' => "an id holds no blanks".to_owned(),
            _ if bad.is_uppercase() => "ids are written in small letters".to_owned(),
            _ => format!("an id cannot hold `{}`", bad.escape_debug()),
        });
    }
    (!is_letter(first)).then(|| "an id starts with a letter or a digit".to_owned())
}

/// A diagnostic for an id that cannot be one.
pub(super) fn bad_id(place: Place, id: &str, why: String) -> Diagnostic {
    let message = format!("`{}` cannot be an id", id.escape_debug());
    let diagnostic = Diagnostic::new(&problems::BAD_ID, place, message).label(why);
    let better = slug(id);
    match id_problem(&better) {
        None => diagnostic.fix(format!("Write `{better}`"), better),
        Some(_) => diagnostic.help("Use small letters, digits, `-`, `_` and `.`"),
    }
}
