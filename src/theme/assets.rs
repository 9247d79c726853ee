//! Assets: published under names that change when their bytes do, so that they can be cached for ever.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layers::Layer;
use super::{problems, sheets};
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
    let (found, others): (Vec<_>, Vec<_>) = nearest.into_iter().partition(|(name, _)| name.ends_with(".css"));
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
    let texts: BTreeMap<&str, &str> = found
        .iter()
        .filter_map(|(name, (_, bytes))| Some((*name, std::str::from_utf8(bytes).ok()?)))
        .collect();
    for (name, (file, bytes)) in found {
        let bytes = match texts.get(name) {
            Some(_) => sheets::publishable(name, &texts, &urls).into(),
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
