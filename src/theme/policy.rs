//! The content security policy that a theme's pages hold, so that hosts can send the same one as a header.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::Layer;

/// What templates say of the policy.
#[derive(Default)]
pub(super) struct Policies {
    /// Templates that hold one, by name.
    pub(super) templates: Vec<String>,
    /// The policy, if all of them hold the same one as it is written.
    pub(super) written: Option<String>,
}

/// Looks for policies in the nearest template of each name.
pub(super) fn of(layers: &[Layer]) -> Policies {
    let mut nearest: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, _, text) in layers.iter().flat_map(|it| &it.templates) {
        nearest.entry(name).or_insert(text);
    }
    nearest.retain(|_, text| in_text(text).next().is_some());
    Policies {
        written: only(nearest.values().copied()),
        templates: nearest.into_keys().map(str::to_owned).collect(),
    }
}

/// The one policy that all texts hold. `None` when there is none or several, or when it depends on the page: a header that
/// says less than pages allow would break them.
pub(super) fn only<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<String> {
    let policies: BTreeSet<&str> = texts.into_iter().flat_map(in_text).collect();
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
        assert_eq!(only([page, page]).as_deref(), Some("a 'self'; b"));
        assert_eq!(only([page, &page.replace("; b", "")]), None);
        assert_eq!(in_text("<meta name=\"x\" content=\"y\">").count(), 0);
    }
}
