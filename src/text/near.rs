//! "Did you mean …?": the nearest known name to a mistyped one. The only module that names strsim.

/// The known name nearest to `wanted`, when it is near enough to be worth suggesting.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_few(wanted, known, 1).into_iter().next()
}

/// Up to `most` known names near `wanted`, nearest first, ties by name.
pub fn nearest_few<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let folded = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .filter_map(|name| {
            let other = name.to_lowercase();
            let contains =
                folded.len() >= 3 && (other.contains(&folded) || folded.contains(&other) && other.len() >= 3);
            let score = strsim::jaro_winkler(&folded, &other);
            let edits = strsim::damerau_levenshtein(&folded, &other);
            // Two edits in a short name, or one in three letters, is where a suggestion stops helping.
            let close = edits <= (folded.chars().count() / 3).clamp(1, 3);
            (close || contains || score > 0.9).then_some((score, name))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(most).map(|(_, name)| name).collect()
}

/// The one known name that `typed` can only be a misspelling of: it differs in case or in `-` and `_` alone, or by one
/// slip of the fingers (two in nine letters), and no other name is as near. A slip in a digit is another name.
pub fn misspelt<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |name: &str| name.trim().to_lowercase().replace('_', "-");
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let folded = fold(typed);
    let slips = match folded.chars().count() {
        0..4 => 0,
        4..9 => 1,
        9.. => 2,
    };
    let is_near = |name: &str| {
        let other = fold(name);
        other == folded
            || digits(&other) == digits(&folded) && strsim::damerau_levenshtein(&folded, &other) <= slips
    };
    let mut near: Vec<&str> = known.into_iter().filter(|name| is_near(name)).collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_is_sure_or_none() {
        for (typed, known, expected) in [
            ("nvida", &["nvidia", "meta"][..], Some("nvidia")),
            ("example-organization", &["example-organisation", "example"], Some("example-organisation")),
            ("Date_Basis", &["date-basis"], Some("date-basis")),
            ("tilte", &["title"], Some("title")),
            ("on", &["of", "by"], None),
            ("ada", &["ada-example"], None),
            ("plan-2024", &["plan-2025"], None),
            ("speech-1", &["speech-2"], None),
            ("names", &["name", "named"], None),
            ("", &["a"], None),
        ] {
            assert_eq!(misspelt(typed, known.iter().copied()), expected, "{typed}");
        }
    }

    #[test]
    fn a_mistyped_name_finds_its_neighbour_and_a_foreign_one_finds_nobody() {
        assert_eq!(nearest("nvida", ["nvidia", "meta"]), Some("nvidia"));
        assert_eq!(nearest("yann-le-cun", ["yann-lecun", "sam-altman"]), Some("yann-lecun"));
        assert_eq!(nearest("zzz", ["nvidia", "meta"]), None);
    }
}
