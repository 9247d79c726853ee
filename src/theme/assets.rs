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
    for (name, (file, bytes)) in sheets {
        let bytes = with_fingerprints(bytes, name, &urls);
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

/// Replaces `url(name)` in a style sheet by the fingerprinted name, relative to the sheet.
fn with_fingerprints(bytes: &Arc<[u8]>, sheet: &str, urls: &BTreeMap<String, String>) -> Arc<[u8]> {
    let Ok(css) = std::str::from_utf8(bytes) else { return Arc::clone(bytes) };
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
    out.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_names_fonts_by_their_fingerprint() {
        let urls = BTreeMap::from([("a.woff2".to_owned(), "/assets/a.12345678.woff2".to_owned())]);
        let css: Arc<[u8]> = b"@font-face{src:url(\"a.woff2\")}b{c:url(data:x)}".as_slice().into();
        let out = with_fingerprints(&css, "x.css", &urls);
        assert_eq!(
            std::str::from_utf8(&out).unwrap(),
            "@font-face{src:url(a.12345678.woff2)}b{c:url(data:x)}"
        );
    }
}
