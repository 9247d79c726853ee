//! The content security policy that a theme's pages hold, so that hosts can send the same one as a header.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::Layer;

/// The one policy that all templates with a policy hold, as it is written. `None` when there is none or several, or when it
/// depends on the page: a header that says less than pages allow would break them.
pub(super) fn of(layers: &[Layer]) -> Option<String> {
    let mut nearest: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, _, text) in layers.iter().flat_map(|it| &it.templates) {
        nearest.entry(name).or_insert(text);
    }
    let policies: BTreeSet<&str> = nearest.values().flat_map(|text| in_text(text)).collect();
    let mut policies = policies.into_iter();
    let policy = policies.next().filter(|it| !it.contains(['{', '&', '\n']))?;
    policies.next().is_none().then(|| policy.trim().trim_end_matches(';').to_owned())
}

/// The policies of `<meta>` elements in a template.
fn in_text(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("<meta").filter_map(|(at, _)| {
        let tag = text[at..].split('>').next()?;
        let is_policy = tag.to_ascii_lowercase().contains("http-equiv=\"content-security-policy\"");
        tag.split_once("content=\"").filter(|_| is_policy)?.1.split('"').next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_found_where_it_is_written() {
        let page =
            "<meta charset=utf-8><META><meta http-equiv=\"Content-Security-Policy\" content=\"a 'self'; b\">";
        assert_eq!(in_text(page).collect::<Vec<_>>(), ["a 'self'; b"]);
        assert_eq!(in_text("<meta name=\"x\" content=\"y\">").count(), 0);
    }
}
