//! Attributes an author gives a heading in braces: which may reach the page.

use std::borrow::Cow;

use pulldown_cmark::CowStr;

type Attribute<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Parts attributes into those that may stand in the page and the names of those that may not.
pub(super) fn sort_out<'a>(
    attributes: Vec<(CowStr<'a>, Option<CowStr<'a>>)>,
) -> (Vec<Attribute<'a>>, Vec<String>) {
    let mut allowed: Vec<Attribute<'a>> = Vec::new();
    let mut dropped = Vec::new();
    for (name, value) in attributes {
        let value = value.map_or(Cow::Borrowed(""), Cow::from);
        if is_allowed(&name)
            && !value.starts_with(['"', '\''])
            && !allowed.iter().any(|(other, _)| **other == *name)
        {
            allowed.push((Cow::from(name), value));
        } else {
            dropped.push(name.to_string());
        }
    }
    (allowed, dropped)
}

/// Whether an attribute can neither run, restyle, redirect nor rename anything, and has a name at all.
fn is_allowed(name: &str) -> bool {
    let well_formed = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'));
    let lower = name.to_ascii_lowercase();
    let taken = matches!(
        lower.as_str(),
        "style" | "srcdoc" | "id" | "class" | "href" | "src" | "contenteditable" | "is" | "slot"
    );
    well_formed && !lower.starts_with("on") && !taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_could_run_or_restyle_are_left_out() {
        let given =
            ["lang=en", "onclick=x", "STYLE=y", "srcdoc=z", "data-x", "key=\"v", "v\"", "lang=fr", "1=x"];
        let parsed = given.iter().map(|it| match it.split_once('=') {
            Some((name, value)) => (CowStr::from(name), Some(CowStr::from(value))),
            None => (CowStr::from(*it), None),
        });
        let (allowed, dropped) = sort_out(parsed.collect());
        assert_eq!(allowed, [(Cow::from("lang"), Cow::from("en")), (Cow::from("data-x"), Cow::from(""))]);
        assert_eq!(dropped, ["onclick", "STYLE", "srcdoc", "key", "v\"", "lang", "1"]);
    }
}
