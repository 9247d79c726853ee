//! What `hosts:` and `redirects:` of the settings want to have where.

use std::sync::Arc;

use super::claims::{Claimant, Claims};
use super::{Redirect, Sweep, address, problems};
use crate::diag::{Place, Report};
use crate::graph::{Graph, Scope};
use crate::model::{Host, Hosting};
use crate::text::OutPath;

/// The files that the wanted hosts read, by path.
pub(super) fn files(hosting: &Hosting) -> Vec<OutPath> {
    let has = |host: Host| hosting.hosts.contains(&host);
    let reads_rules = has(Host::Netlify) || has(Host::Cloudflare);
    let names =
        [(".nojekyll", has(Host::GithubPages)), ("_headers", reads_rules), ("_redirects", reads_rules)];
    let wanted = names.iter().filter(|(_, is_wanted)| *is_wanted);
    wanted.map(|(name, _)| OutPath::new(name).expect("a plain name is a path")).collect()
}

/// Adds the redirects of single addresses to those of aliases, and gives those of all below an address.
pub(super) fn redirects(
    graph: &Graph,
    hosting: &Hosting,
    config: &Arc<str>,
    claims: &mut Claims<'_>,
    redirects: &mut Vec<Redirect>,
    report: &mut Report,
) -> Vec<Sweep> {
    let mut sweeps = Vec::new();
    let mut targets = Vec::new();
    for (idx, it) in hosting.redirects.iter().enumerate() {
        let place = |key: &str| Place::field(config, format!("redirects[{idx}].{key}"));
        let Some(to) = target(graph, &it.to) else {
            report.add(problems::nowhere(&it.to, "no record has that id, or several have", place("to")));
            continue;
        };
        if let Some(below) = it.from.strip_suffix('*') {
            if let Some(first) = claims.below(&below[1..].to_lowercase()) {
                report.add(problems::hides(&it.from, first, place("from")));
            }
            sweeps.push(Sweep { below: below.to_owned(), to: to.clone(), status: it.status });
        } else {
            match super::redirect_path(&it.from) {
                Ok(path) => {
                    if claims.claim(&path, Claimant::Redirect(place("from")), report) {
                        redirects.push(Redirect { from: path, to: to.clone(), status: it.status });
                    }
                }
                Err(why) => report.add(problems::bad_alias(&it.from, &why, place("from"))),
            }
        }
        targets.push((idx, to));
    }
    // When everybody has what they want: a redirect may lead to another.
    for (idx, to) in targets {
        let path = to.split(['?', '#']).next().unwrap_or("");
        let is_here = to.starts_with('/') && !to.contains(":splat");
        if is_here && !OutPath::of_url(path).is_ok_and(|path| claims.has(&path)) {
            let place = Place::field(config, format!("redirects[{idx}].to"));
            report.add(problems::nowhere(&to, "nothing stands there", place));
        }
    }
    sweeps
}

/// The address that a target means.
fn target(graph: &Graph, written: &str) -> Option<String> {
    match written.strip_prefix("[[").and_then(|it| it.strip_suffix("]]")) {
        Some(id) => graph.resolve(id, &[], Scope::default()).ok().map(|id| address(graph, id)),
        None => Some(written.to_owned()),
    }
}
