//! Font files as the theme's style sheets declare them: cards are set in what pages are set in, under the same names.
//!
//! Reads as much CSS as `@font-face` rules need. What a rule says of `unicode-range` does not matter here: a file is asked
//! which characters it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layers::Layer;
use crate::card::FontFile;

/// The fonts that the style sheets of all layers declare, by sheet and in the order of each. Of files with one name, and of
/// sheets, the nearest layer's counts. What is not among the theme's files is left out.
pub(super) fn declared(layers: &[Layer]) -> Vec<FontFile> {
    let mut nearest: BTreeMap<&str, &Arc<[u8]>> = BTreeMap::new();
    for (name, (_, bytes)) in layers.iter().flat_map(|layer| &layer.assets) {
        nearest.entry(name).or_insert(bytes);
    }
    let mut found: Vec<FontFile> = Vec::new();
    for (sheet, bytes) in nearest.iter().filter(|(name, _)| name.ends_with(".css")) {
        let Ok(css) = std::str::from_utf8(bytes) else { continue };
        let dir = sheet.rsplit_once('/').map_or("", |(dir, _)| dir);
        for rule in without_comments(css).split("@font-face").skip(1) {
            let Some(body) = rule.split_once('{').and_then(|(_, rest)| rest.split('}').next()) else {
                continue;
            };
            let Some((family, source, weights, is_italic)) = face(body) else { continue };
            let name = if dir.is_empty() { source.to_owned() } else { format!("{dir}/{source}") };
            if let Some(bytes) = nearest.get(name.as_str()) {
                let bytes = Arc::clone(bytes);
                let file = FontFile { family: family.to_owned(), is_italic, weights, name, bytes };
                if !found.contains(&file) {
                    found.push(file);
                }
            }
        }
    }
    found
}

/// What one rule says: family, file, weights, slant. `None` when it names no file.
fn face(body: &str) -> Option<(&str, &str, (u16, u16), bool)> {
    let (mut family, mut source, mut weights, mut is_italic) = (None, None, (400, 400), false);
    for (property, value) in body.split(';').filter_map(|it| it.split_once(':')) {
        let value = value.trim();
        match property.trim() {
            "font-family" => family = Some(value.trim_matches(['"', '\''])),
            "src" => {
                let url = value.split_once("url(").and_then(|(_, rest)| rest.split(')').next());
                source = url.map(|it| it.trim().trim_matches(['"', '\'']));
            }
            "font-weight" => {
                let mut numbers = value.split_whitespace().map(|it| match it {
                    "bold" => 700,
                    other => other.parse().unwrap_or(400),
                });
                let least = numbers.next().unwrap_or(400);
                weights = (least, numbers.next().unwrap_or(least).max(least));
            }
            "font-style" => is_italic = value != "normal",
            _ => (),
        }
    }
    Some((family?, source?, weights, is_italic))
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_says_which_file_is_which_face() {
        let rule =
            "font-family:\"A B\"; src:local(\"A\"),url('a.woff2') format(\"woff2\");font-weight:400 700";
        assert_eq!(face(rule), Some(("A B", "a.woff2", (400, 700), false)));
        let rule = "font-family:C;src:url(c.woff2);font-style:italic;font-weight:bold";
        assert_eq!(face(rule), Some(("C", "c.woff2", (700, 700), true)));
        assert_eq!(face("font-family:D;src:local(\"D\")"), None);
    }

    #[test]
    fn fonts_come_in_the_order_of_the_sheet_and_only_those_that_are_there() {
        let css = "/* @font-face{font-family:No;src:url(a.woff2)} */\
            @font-face{font-family:T;src:url(a.woff2)}@font-face{font-family:T;src:url(gone.woff2)}";
        let mut layer = Layer::default();
        let mut add =
            |name: &str, bytes: &[u8]| layer.assets.insert(name.to_owned(), (name.into(), bytes.into()));
        add("x.css", css.as_bytes());
        add("a.woff2", b"font");
        let found = declared(&[layer]);
        assert_eq!(found.iter().map(|it| (&*it.family, &*it.name)).collect::<Vec<_>>(), [("T", "a.woff2")]);
    }
}
