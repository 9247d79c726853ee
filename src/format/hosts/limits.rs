//! What the wanted hosts cannot do, or will not do so often.

use std::sync::Arc;

use super::{Rules, edge};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::model::{Host, Site};

/// Every code of this module.
pub static CODES: &[&Code] = &[&HOST_LIMIT];

static HOST_LIMIT: Code = Code {
    name: "host-limit",
    level: Level::Warning,
    manual: "# host-limit

A host that `hosts:` names will not do all that `headers:`, `redirects:` and `aliases:` ask of it.

- Cloudflare reads 2,000 redirects of single addresses and 100 of all below one, of up to 1,000 characters each, and 100 rules
  for headers, with lines of up to 2,000 characters. It leaves out the rest.
- Netlify cannot take a field away that another rule sets.
- GitHub Pages sends no header fields of yours, and cannot redirect all below an address. Single addresses get a page that
  leads on.

Ask for less, or publish elsewhere, or let the warning stand: `levels: { host-limit: note }`.",
};

/// Cloudflare Docs, Pages: \"Redirects\" and \"Headers\".
const MOST_REDIRECTS: usize = 2_000;
const MOST_SWEEPS: usize = 100;
const LONGEST_REDIRECT: usize = 1_000;
const MOST_RULES: usize = 100;
const LONGEST_FIELD: usize = 2_000;

/// Reports what the hosts that the settings name will not do. `config` is the settings' file.
pub fn limits(rules: &Rules, site: &Site, config: &str) -> Report {
    let mut report = Report::new();
    let file: Arc<str> = config.into();
    let has = |host: Host| rules.hosts.contains(&host);
    let mut say = |key: &str, message: String, help: &str| {
        let place = Place::key(&file, key);
        report.add(Diagnostic::new(&HOST_LIMIT, place, message).help(help));
    };
    if has(Host::Cloudflare) {
        let few = "Ask for fewer, or say by one `*` what they share";
        let n_redirects = rules.redirects.len();
        if n_redirects > MOST_REDIRECTS {
            let message = format!(
                "Cloudflare reads {MOST_REDIRECTS} redirects, and there are {n_redirects} with the aliases"
            );
            say("hosts", message, few);
        }
        if rules.sweeps.len() > MOST_SWEEPS {
            let n = rules.sweeps.len();
            say(
                "redirects",
                format!("Cloudflare reads {MOST_SWEEPS} redirects with `*`, and there are {n}"),
                few,
            );
        }
        let redirects = edge::redirects(rules);
        if let Some(line) = redirects.lines().find(|it| it.len() > LONGEST_REDIRECT) {
            let from = line.split(' ').next().unwrap_or("");
            let message = format!(
                "Cloudflare reads redirects of {LONGEST_REDIRECT} characters, and that of `{from}` has {}",
                line.len()
            );
            say("hosts", message, "Shorten its addresses");
        }
        let headers = edge::headers(rules);
        let n_rules = headers.lines().filter(|it| it.starts_with('/')).count();
        if n_rules > MOST_RULES {
            let message = format!(
                "Cloudflare reads {MOST_RULES} rules for headers, and there are {n_rules} with those of every site"
            );
            say("hosts", message, few);
        }
        if let Some(line) = headers.lines().find(|it| it.len() > LONGEST_FIELD) {
            let name = line.trim().split(':').next().unwrap_or("");
            let message = format!(
                "Cloudflare reads lines of {LONGEST_FIELD} characters, and one with `{name}` has {}",
                line.len()
            );
            say("hosts", message, "Shorten its value");
        }
    }
    if has(Host::Netlify) && !has(Host::Cloudflare) {
        let removed = rules.headers.iter().flat_map(|rule| {
            rule.fields.iter().filter(|(_, value)| value.is_none()).map(move |(name, _)| (&rule.on, name))
        });
        for (on, name) in removed {
            let is_set = |(rule, value): (&super::Rule, Option<&str>)| value.is_some() && rule.on != *on;
            if rules.of_field(name).any(is_set) {
                let message = format!(
                    "Netlify cannot leave out `{name}` for `{on}`, because a rule for more addresses sets it"
                );
                say("headers", message, "Leave it out for `/*`, and set it where you want it");
            }
        }
    }
    if has(Host::GithubPages) {
        if !site.hosting.headers.is_empty() {
            say(
                "headers",
                "GitHub Pages sends no header fields of yours".to_owned(),
                "Readers there get the policy that pages hold themselves",
            );
        }
        if !rules.sweeps.is_empty() {
            say(
                "redirects",
                "GitHub Pages cannot redirect all below an address".to_owned(),
                "Name the old addresses one by one there",
            );
        }
    }
    report
}
