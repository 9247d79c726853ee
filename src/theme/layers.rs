//! The layers of a theme: the site's own templates, the theme, what it extends, and `base` below everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::{API, problems};
use crate::diag::{Failure, Report};
use crate::document;
use crate::input::{Entry, Files, Input};
use crate::model::{Site, ThemeInfo};

/// Themes that travel inside the program.
static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes");

/// The names of the themes that travel inside the program, in order.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&str> = BUILT_IN.dirs().filter_map(|dir| dir.path().to_str()).collect();
    names.sort_unstable();
    names.into_iter()
}

/// The theme that every other extends in the end: what themes share.
const LAST_RESORT: &str = "base";

/// One layer of a theme.
#[derive(Default)]
pub(super) struct Layer {
    /// What it says of itself; the default for the site's own templates.
    pub(super) info: ThemeInfo,
    /// Template name, file, text.
    pub(super) templates: Vec<(String, Arc<str>, Arc<str>)>,
    /// Asset name below `static/`, file, bytes.
    pub(super) assets: BTreeMap<String, (Arc<str>, Arc<[u8]>)>,
}

/// Loads the layers, nearest first; `None` when the theme does not exist.
pub(super) fn load(
    files: &dyn Files,
    site: &Site,
    config: &str,
    report: &mut Report,
) -> Result<Option<Vec<Layer>>, Failure> {
    let own = from_disk(files, "templates", "", report)?;
    let mut layers = vec![own];
    let mut chain: Vec<String> = Vec::new();
    let mut next = Some(site.theme.clone());
    while let Some(name) = next {
        if chain.contains(&name) {
            report.add(problems::theme_cycle(&chain, &name));
            return Ok(None);
        }
        let found = theme(files, &name, report)?;
        let Some(lowest) = found.last() else {
            let known = built_in_names().collect::<Vec<_>>();
            report.add(problems::unknown_theme(&name, chain.last().map(String::as_str), config, &known));
            return Ok(None);
        };
        if let Some(too_new) = found.iter().find(|layer| layer.info.api > API) {
            report.add(problems::theme_too_new(&name, too_new.info.api, API));
            return Ok(None);
        }
        let last_resort = || (name != LAST_RESORT).then(|| LAST_RESORT.to_owned());
        next = lowest.info.extends.clone().or_else(last_resort);
        layers.extend(found);
        chain.push(name);
    }
    Ok(Some(layers))
}

/// The layers of one theme, nearest first; none when there is no such theme. One in the project that is called as a built-in
/// theme, and does not say what it extends, lies over that one.
fn theme(files: &dyn Files, name: &str, report: &mut Report) -> Result<Vec<Layer>, Failure> {
    let plain = !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
    if !plain {
        return Ok(Vec::new());
    }
    let dir = format!("themes/{name}");
    let Some(input) = files.read(&format!("{dir}/theme.yaml"))? else {
        return Ok(built_in(name, report).into_iter().collect());
    };
    let mut layer = from_disk(files, &format!("{dir}/templates"), &format!("{dir}/static"), report)?;
    let (info, problems) = document::read_theme(&input);
    report.extend(problems);
    layer.info = info.unwrap_or_default();
    let below = if layer.info.extends.is_none() { built_in(name, report) } else { None };
    Ok([Some(layer), below].into_iter().flatten().collect())
}

fn from_disk(
    files: &dyn Files,
    templates: &str,
    assets: &str,
    report: &mut Report,
) -> Result<Layer, Failure> {
    let mut layer = Layer::default();
    for it in files.list(templates)? {
        let name = it.path[templates.len() + 1..].to_owned();
        if it.state != Entry::File {
            report.add(problems::not_a_file(&it.path));
            continue;
        }
        let Some(input) = files.read(&it.path)? else { continue };
        match String::from_utf8(input.bytes.to_vec()) {
            Ok(text) => layer.templates.push((name, input.path, text.into())),
            Err(_) => report.add(problems::not_text(&it.path)),
        }
    }
    if assets.is_empty() {
        return Ok(layer);
    }
    for it in files.list(assets)? {
        if it.state != Entry::File {
            report.add(problems::not_a_file(&it.path));
            continue;
        }
        let name = it.path[assets.len() + 1..].to_owned();
        if let Some(input) = files.read(&it.path)? {
            layer.assets.insert(name, (input.path, input.bytes));
        }
    }
    Ok(layer)
}

/// A theme from inside the program.
fn built_in(name: &str, report: &mut Report) -> Option<Layer> {
    let dir = BUILT_IN.get_dir(name)?;
    let mut layer = Layer::default();
    let mut dirs = vec![dir];
    while let Some(at) = dirs.pop() {
        dirs.extend(at.dirs());
        for file in at.files() {
            let path = file.path().to_str()?.replace('\\', "/");
            let inside = path.strip_prefix(name)?.trim_start_matches('/').to_owned();
            let shown: Arc<str> = format!("themes/{path}").into();
            if inside == "theme.yaml" {
                let (info, problems) = document::read_theme(&Input::new(shown, file.contents()));
                report.extend(problems);
                layer.info = info.unwrap_or_default();
            } else if let Some(name) = inside.strip_prefix("templates/") {
                layer.templates.push((name.to_owned(), shown, file.contents_utf8()?.into()));
            } else if let Some(name) = inside.strip_prefix("static/") {
                layer.assets.insert(name.to_owned(), (shown, file.contents().into()));
            }
        }
    }
    layer.templates.sort();
    Some(layer)
}
