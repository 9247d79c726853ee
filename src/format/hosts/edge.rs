//! `_headers` and `_redirects`, as Netlify and Cloudflare read them.
//!
//! Both hosts apply every rule that fits. Where two name one field, Cloudflare joins the values unless a line `! Name` takes the
//! first one away (Cloudflare Docs, "Headers", "Detach a header"); Netlify has no such line and would call it a mistake. So
//! that line is written for Cloudflare alone, and only where some file of the site is concerned.

use std::fmt::Write as _;

use super::{CACHE, Rule, Rules, encoded};
use crate::model::Host;

/// The text of `_headers`.
pub(super) fn headers(rules: &Rules) -> String {
    let detaches = rules.hosts.contains(&Host::Cloudflare);
    let mut out = "# Made by Rejoinder, from `headers:` in the site's settings.\n".to_owned();
    for (idx, rule) in rules.headers.iter().enumerate() {
        let mut lines = String::new();
        for (name, value) in &rule.fields {
            // Both hosts say this of everything by themselves.
            if rule.is_own && rule.on == "/*" && name == CACHE {
                continue;
            }
            let is_set = |it: &&Rule| !(it.is_own && it.on == "/*" && name == CACHE) && sets(it, name);
            let earlier = rules.headers[..idx].iter().filter(is_set);
            if detaches && earlier.into_iter().any(|it| rules.meet(it, rule)) {
                let _ = writeln!(lines, "  ! {name}");
            }
            if let Some(value) = value {
                let _ = writeln!(lines, "  {name}: {value}");
            }
        }
        if !lines.is_empty() {
            let _ = write!(out, "\n{}\n{lines}", encoded(&rule.on));
        }
    }
    out
}

fn sets(rule: &Rule, name: &str) -> bool {
    rule.fields.iter().any(|(it, value)| value.is_some() && it.eq_ignore_ascii_case(name))
}

impl Rules {
    /// Whether two rules fit one address that has a file.
    fn meet(&self, one: &Rule, other: &Rule) -> bool {
        one.covers(other) || self.addresses.iter().any(|it| one.fits(it) && other.fits(it))
    }
}

/// The text of `_redirects`: single addresses first, because the first rule that fits counts.
pub(super) fn redirects(rules: &Rules) -> String {
    let has = |host: Host| rules.hosts.contains(&host);
    // A page for hosts without redirects stands at each old address, and Netlify would show it, unless it is told by `!`.
    // Cloudflare redirects in any case, and does not know the mark.
    let forced = if has(Host::Netlify) && !has(Host::Cloudflare) { "!" } else { "" };
    let mut out =
        "# Made by Rejoinder, from `aliases:` and the `redirects:` of the site's settings.\n".to_owned();
    for it in &rules.redirects {
        let _ = writeln!(out, "{} {} {}{forced}", encoded(&it.from.url()), encoded(&it.to), it.status);
    }
    for it in &rules.sweeps {
        let _ = writeln!(out, "{}* {} {}", encoded(&it.below), encoded(&it.to), it.status);
    }
    out
}
