//! Assets: published under names that change when their bytes do, so that they can be cached for ever.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layers::Layer;
use super::problems;
use crate::diag::Report;
use crate::text::{Fingerprint, OutPath};

/// What to publish, and each asset's address by its plain name.
pub(super) type Assets = (Vec<(OutPath, Arc<[u8]>)>, BTreeMap<String, String>);

/// All assets of all layers, the nearest layer's first: what to publish, and each one's address by its plain name.
/// Style sheets come last, because their own bytes hold the addresses of fonts and pictures.
pub(super) fn collect(layers: &[Layer], report: &mut Report) -> Assets {
    let mut nearest: BTreeMap<&str, &(Arc<str>, Arc<[u8]>)> = BTreeMap::new();
    for (name, asset) in layers.iter().flat_map(|layer| &layer.assets) {
        nearest.entry(name).or_insert(asset);
    }
    let (sheets, others): (Vec<_>, Vec<_>) =
        nearest.into_iter().partition(|(name, _)| name.ends_with(".css"));
    let mut published = Vec::new();
    let mut urls = BTreeMap::new();
    let mut publish = |name: &str, file: &Arc<str>, bytes: Arc<[u8]>, urls: &mut BTreeMap<String, String>| {
        match OutPath::new(&format!("assets/{}", fingerprinted(name, &bytes))) {
            Ok(path) => {
                urls.insert(name.to_owned(), path.url());
                published.push((path, bytes));
            }
            Err(why) => report.add(problems::bad_asset_name(file, &why)),
        }
    };
    for (name, (file, bytes)) in others {
        publish(name, file, Arc::clone(bytes), &mut urls);
    }
    let texts: BTreeMap<&str, &str> = sheets
        .iter()
        .filter_map(|(name, (_, bytes))| Some((*name, std::str::from_utf8(bytes).ok()?)))
        .collect();
    for (name, (file, bytes)) in sheets {
        let bytes = match texts.get(name) {
            Some(_) => with_fingerprints(&with_imports(name, &texts, &mut Vec::new()), name, &urls).into(),
            None => Arc::clone(bytes),
        };
        publish(name, file, bytes, &mut urls);
    }
    published.sort_by(|a, b| a.0.cmp(&b.0));
    (published, urls)
}

/// `verbatim.css` becomes `verbatim.1a2b3c4d.css`. A licence keeps its name, because people look for it.
fn fingerprinted(name: &str, bytes: &[u8]) -> String {
    if name.ends_with(".txt") {
        return name.to_owned();
    }
    let short = Fingerprint::of(bytes).short();
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{short}.{ending}"),
        None => format!("{name}.{short}"),
    }
}

/// A style sheet with `@import "name";` replaced by the sheet of that name beside it: a browser would ask for one file after
/// the other. Imports of anything else stay, and so does one of a sheet that this one already stands in.
fn with_imports<'t>(sheet: &'t str, texts: &BTreeMap<&'t str, &'t str>, within: &mut Vec<&'t str>) -> String {
    const IMPORT: &str = "@import \"";
    within.push(sheet);
    let dir = sheet.rfind('/').map_or("", |at| &sheet[..=at]);
    let mut rest = texts[sheet];
    let mut out = String::with_capacity(rest.len());
    while let Some(at) = rest.find(IMPORT) {
        let (before, import) = rest.split_at(at);
        out.push_str(before);
        let named = import[IMPORT.len()..].split_once("\";").filter(|(name, _)| !name.contains('/'));
        let beside = named.and_then(|(name, after)| {
            let (name, _) = texts.get_key_value(format!("{dir}{name}").as_str())?;
            (!within.contains(name)).then_some((*name, after))
        });
        match beside {
            Some((name, after)) => {
                out.push_str(&with_imports(name, texts, within));
                rest = after;
            }
            None => {
                out.push_str(IMPORT);
                rest = &import[IMPORT.len()..];
            }
        }
    }
    out.push_str(rest);
    within.pop();
    out
}

/// Replaces `url(name)` in a style sheet by the fingerprinted name, relative to the sheet.
fn with_fingerprints(css: &str, sheet: &str, urls: &BTreeMap<String, String>) -> Vec<u8> {
    let dir = sheet.rsplit_once('/').map_or("", |(dir, _)| dir);
    let mut out = String::with_capacity(css.len() + 64);
    let mut rest = css;
    while let Some(at) = rest.find("url(") {
        let (before, after) = rest.split_at(at + 4);
        out.push_str(before);
        let Some(end) = after.find(')') else {
            rest = after;
            break;
        };
        let written = after[..end].trim().trim_matches(['"', '\'']);
        let name = if dir.is_empty() { written.to_owned() } else { format!("{dir}/{written}") };
        match urls.get(&name) {
            Some(url) => {
                let to = crate::text::relative_url(&format!("/assets/{sheet}"), url, false);
                out.push_str(&to);
            }
            None => out.push_str(&after[..end]),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_names_fonts_by_their_fingerprint() {
        let urls = BTreeMap::from([("a.woff2".to_owned(), "/assets/a.12345678.woff2".to_owned())]);
        let out = with_fingerprints("@font-face{src:url(\"a.woff2\")}b{c:url(data:x)}", "x.css", &urls);
        assert_eq!(
            std::str::from_utf8(&out).unwrap(),
            "@font-face{src:url(a.12345678.woff2)}b{c:url(data:x)}"
        );
    }

    #[test]
    fn a_style_sheet_holds_those_it_imports_and_no_circle() {
        let texts = BTreeMap::from([
            ("a.css", "@import \"b.css\";\n@import \"https://x.example/c.css\";\n@import \"d/e.css\";\na{}"),
            ("b.css", "@import \"a.css\";b{}"),
            ("d/e.css", "@import \"f.css\";e{}"),
            ("d/f.css", "f{}"),
            ("f.css", "other{}"),
        ]);
        let of = |name| with_imports(name, &texts, &mut Vec::new());
        assert_eq!(
            of("a.css"),
            "@import \"a.css\";b{}\n@import \"https://x.example/c.css\";\n@import \"d/e.css\";\na{}"
        );
        assert_eq!(of("d/e.css"), "f{}e{}");
    }
}
