//! What Caddy is told: one file to be imported in a site block, beside its `root`.
//!
//! `route` keeps the order in which its directives are written, so that a later rule sets a field anew.

use std::fmt::Write as _;

use super::{CACHE, ENDINGS, Rule, Rules, encoded};
use crate::edition::headers::{Class, HTML, media_type};

/// Writes the configuration.
pub fn caddy(rules: &Rules) -> String {
    let mut out = "\
# Made by `rejoinder host-config caddy`. Import it in a site block that has a `root`:
#
#   example.org {
#     root * /srv/www/site
#     import rejoinder.caddy
#   }
"
    .to_owned();
    let base = &rules.base;
    if !base.is_empty() {
        let _ = writeln!(out, "#\n# The site is below {base}/, so put it into that directory of the `root`.");
    }
    out.push_str("\nroute {\n");
    types(&mut out);
    headers(rules, &mut out);
    redirects(rules, &mut out);
    let kept = rules.kept().into_iter().flat_map(|dir| [quoted(&dir), quoted(&format!("{dir}/*"))]);
    let kept: Vec<String> = kept.collect();
    let _ = write!(
        out,
        "\t# What publishing keeps for itself, earlier releases too, is for nobody to read.\n\
         \t@kept path {}\n\terror @kept 404\n",
        kept.join(" ")
    );
    out.push_str("\t# Where compressed siblings (page.html.gz) lie beside the files, they are sent to whoever takes them.\n");
    out.push_str("\tfile_server {\n\t\tprecompressed br zstd gzip\n\t}\n}\n\n");
    let lost = quoted(Class::Control.cache_control());
    let _ = write!(
        out,
        "handle_errors {{\n\theader {CACHE} {lost}\n\theader Content-Type {}\n\trewrite * {base}/404.html\n\tfile_server\n}}\n",
        quoted(HTML)
    );
    out
}

/// What Caddy would take from tables of the machine it runs on.
fn types(out: &mut String) {
    let mut of_type: Vec<(&str, Vec<String>)> = Vec::new();
    for ending in ENDINGS {
        let Some(kind) = media_type(&format!("a.{ending}")) else { continue };
        match of_type.iter_mut().find(|(it, _)| *it == kind) {
            Some((_, endings)) => endings.push(format!("*.{ending}")),
            None => of_type.push((kind, vec![format!("*.{ending}")])),
        }
    }
    for (idx, (kind, endings)) in of_type.iter().enumerate() {
        let _ = writeln!(
            out,
            "\t@type{idx} path {}\n\theader @type{idx} Content-Type {}",
            endings.join(" "),
            quoted(kind)
        );
    }
}

fn headers(rules: &Rules, out: &mut String) {
    for (idx, rule) in rules.headers.iter().enumerate() {
        let matcher = match rule.on.as_str() {
            "/*" => String::new(),
            _ => {
                let _ = writeln!(out, "\t@rule{idx} {}", matcher(rule, &rules.base));
                format!("@rule{idx} ")
            }
        };
        for (name, value) in &rule.fields {
            let _ = match value {
                Some(value) => writeln!(out, "\theader {matcher}{name} {}", quoted(value)),
                None => writeln!(out, "\theader {matcher}-{name}"),
            };
        }
    }
}

fn matcher(rule: &Rule, base: &str) -> String {
    match rule.exactly {
        Some(exactly) => {
            let expression = exactly.replacen("^/", &format!("^{}/", base.replace('.', "\\.")), 1);
            format!("path_regexp \"{expression}\"")
        }
        None => format!("path {}", quoted(&format!("{base}{}", rule.on))),
    }
}

fn redirects(rules: &Rules, out: &mut String) {
    let base = &rules.base;
    let away = |to: &str, rest: &str| {
        let own = if to.starts_with('/') { base } else { "" };
        quoted(&format!("{own}{}", encoded(to))).replacen(":splat", rest, 1)
    };
    for (idx, it) in rules.redirects.iter().enumerate() {
        let from = format!("{base}{}", it.from.url());
        let bare = from.strip_suffix('/').filter(|it| !it.is_empty()).map(|it| format!(" {}", quoted(it)));
        let _ = writeln!(out, "\t@old{idx} path {}{}", quoted(&from), bare.unwrap_or_default());
        let _ = writeln!(out, "\tredir @old{idx} {} {}", away(&it.to, ""), it.status);
    }
    for (idx, it) in rules.sweeps.iter().enumerate() {
        // As it was asked for, still encoded. More slashes would make the new address another host's.
        let below = encoded(&format!("{base}{}", it.below)).replace('.', "\\.");
        let _ = writeln!(
            out,
            "\t@below{idx} vars_regexp below{idx} {{http.request.orig_uri}} {}",
            quoted(&format!("^{below}[/\\\\]*(.*)$"))
        );
        let _ = writeln!(
            out,
            "\tredir @below{idx} {} {}",
            away(&it.to, &format!("{{re.below{idx}.1}}")),
            it.status
        );
    }
}

/// A word in quotes, without placeholders.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\"").replace('{', "\\{"))
}
