//! Pieces of sentences that diagnostics share.

/// The keys a kind, or a part of one, cannot do without.
pub(super) fn needs(noun: &str) -> Option<&'static str> {
    let keys = match noun {
        "story" => "`title`, `event` and `as_of`",
        "event" => "`title`, `date` and `sources`",
        "actor" => "`type` and `name`",
        "reaction" => "`actor` and `to`",
        "source" => "`type` and `title`",
        "term" => "`name`, and `def` or `expands_to`",
        "figure" => "`of`, `measure`, `value`, `unit` and `sources`",
        "correction" => "`on`, `date`, `type` and `why`",
        "statement" => "`id`, `quote` or `says`, and `sources`",
        "action" => "`id`, `did` and `sources`",
        "claim" => "`id`, `about`, `says` and `sources`",
        "silence" => "`actor`, `state`, `scope`, `as_of` and `sources`",
        "role" => "`at` and `title`",
        "account" => "`on` and `handle`",
        "place to publish to" => "`name`, `to`, and what that kind of place needs",
        "conversion" => "`value` and `unit`",
        _ => return None,
    };
    Some(keys)
}

/// `an actor`, `a statement`.
pub(super) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// A sentence starts with a capital.
pub(super) fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `` `a`, `b` or `c` ``.
pub(super) fn listed(words: &[&str], joint: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {joint} {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
