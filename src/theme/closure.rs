//! What each template is made of: itself, what it extends and includes, and the components it calls, all the way down.
//!
//! Found in the texts, not by Tera, and rather too much than too little: any template whose name stands in quotation
//! marks counts, whatever for, and so does any component whose name follows a `<`. Both can only be written literally in
//! Tera, so nothing is missed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::text::Fingerprint;

/// One digest for each template's name: of all texts that a page made with it can contain.
///
/// `templates` are Tera's keys, a name (`base.html`) or a layer's number and a name (`1/base.html`), with their texts. Every layer's text of a name
/// counts, because a template may extend its namesake further down.
pub(super) fn fingerprints(templates: &[(String, Arc<str>)]) -> BTreeMap<String, Fingerprint> {
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, text) in templates {
        texts.entry(name_of(key)).or_default().push(text);
    }
    let mut defined: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, texts) in &texts {
        for component in texts.iter().flat_map(|text| components(text)) {
            defined.entry(component).or_default().insert(name);
        }
    }
    let leads_to: BTreeMap<&str, BTreeSet<&str>> =
        texts.iter().map(|(name, own)| (*name, next(own, &texts, &defined))).collect();
    let of = |name: &str| {
        let closure = closure(name, &leads_to);
        let parts = closure.iter().flat_map(|name| {
            [name.as_bytes()].into_iter().chain(texts[name].iter().map(|text| text.as_bytes()))
        });
        Fingerprint::of_parts(parts.collect::<Vec<_>>())
    };
    texts.keys().map(|name| ((*name).to_owned(), of(name))).collect()
}

fn name_of(key: &str) -> &str {
    match key.split_once('/') {
        Some((layer, name)) if layer.parse::<usize>().is_ok() => name,
        _ => key,
    }
}

/// The templates that some texts of one name lead to.
fn next<'t>(
    own: &[&'t str],
    texts: &BTreeMap<&'t str, Vec<&'t str>>,
    defined: &BTreeMap<&'t str, BTreeSet<&'t str>>,
) -> BTreeSet<&'t str> {
    let mut found = BTreeSet::new();
    for text in own {
        // An escape can spell a name in another way.
        if text.contains('\\') {
            found.extend(texts.keys());
        }
        for quote in ['"', '\''] {
            let literals = text.split(quote);
            found.extend(literals.filter_map(|it| texts.get_key_value(it)).map(|(name, _)| *name));
        }
        for (at, _) in text.match_indices('<') {
            let after = text[at + 1..].trim_start();
            let word = &after[..after.find(|c: char| !is_of_name(c)).unwrap_or(after.len())];
            found.extend(defined.get(word).into_iter().flatten().copied());
        }
    }
    found
}

/// The components that a text defines.
fn components(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("component").filter_map(|(at, word)| {
        let after = text[at + word.len()..].trim_start();
        let name = &after[..after.find(|c: char| !is_of_name(c)).unwrap_or(after.len())];
        (!name.is_empty() && after[name.len()..].trim_start().starts_with('(')).then_some(name)
    })
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')
}

fn closure<'t>(name: &'t str, leads_to: &BTreeMap<&'t str, BTreeSet<&'t str>>) -> BTreeSet<&'t str> {
    let Some((name, _)) = leads_to.get_key_value(name) else { return BTreeSet::new() };
    let mut found = BTreeSet::from([*name]);
    let mut open = vec![*name];
    while let Some(at) = open.pop() {
        open.extend(leads_to[at].iter().copied().filter(|it| found.insert(it)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(templates: &[(&str, &str)]) -> BTreeMap<String, Fingerprint> {
        let templates: Vec<(String, Arc<str>)> =
            templates.iter().map(|(key, text)| ((*key).to_owned(), Arc::from(*text))).collect();
        fingerprints(&templates)
    }

    /// The names whose digests differ.
    fn changed(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
        let (old, new) = (of(old), of(new));
        new.iter().filter(|(name, it)| old.get(*name) != Some(it)).map(|(name, _)| name.clone()).collect()
    }

    const THEME: &[(&str, &str)] = &[
        ("base.html", "{% include \"parts/head.html\" %}"),
        ("parts/head.html", "<title>"),
        ("0/components/words.html", "{% component words(s) %}{{ <mark s={s}/> }}{% endcomponent words %}"),
        ("0/components/mark.html", "{% component mark(s) %}*{% endcomponent mark %}"),
        ("0/page.html", "{% extends 'base.html' %}"),
        ("0/statement.html", "{% extends \"base.html\" %}{{ <words s={s}/> }}"),
        ("1/plain.html", "x"),
    ];

    fn with(key: &'static str, text: &'static str) -> Vec<(&'static str, &'static str)> {
        THEME.iter().map(|it| if it.0 == key { (key, text) } else { *it }).collect()
    }

    #[test]
    fn a_template_depends_on_all_it_reaches_and_on_nothing_else() {
        let base = changed(THEME, &with("parts/head.html", "<title>new"));
        assert_eq!(base, ["base.html", "page.html", "parts/head.html", "statement.html"]);
        let mark = changed(
            THEME,
            &with("0/components/mark.html", "{% component mark(s) %}+{% endcomponent mark %}"),
        );
        assert_eq!(mark, ["components/mark.html", "components/words.html", "statement.html"]);
        assert_eq!(changed(THEME, &with("1/plain.html", "y")), ["plain.html"]);
    }

    #[test]
    fn another_layers_template_of_the_same_name_counts() {
        let mut new = THEME.to_vec();
        new.push(("1/base.html", "below"));
        assert_eq!(changed(THEME, &new), ["base.html", "page.html", "statement.html"]);
    }
}
