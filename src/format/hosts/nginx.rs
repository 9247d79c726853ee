//! What nginx is told: one file to be included in a `server` block, beside its `root`.
//!
//! Header fields are variables that are set in the order of the rules, because `add_header` in a `location` would hide those
//! around it. `set` and `if` in a server block run again after the redirect to `index.html` or to the page of an error
//! (ngx_http_rewrite_module), so they see the file that is sent. What is sent in `Location` is taken from the address as it
//! was asked for, still encoded, so that nobody can break out of the field.

use std::fmt::Write as _;

use super::{ENDINGS, Rule, Rules, encoded};
use crate::edition::headers::{BYTES, media_type};

/// Writes the configuration.
pub fn nginx(rules: &Rules) -> String {
    let mut out = "\
# Made by `rejoinder host-config nginx`. Include it in a `server` block that has a `root`:
#
#   server {
#     listen 443 ssl;  # and what belongs to it
#     root /srv/www/site;
#     include /etc/nginx/rejoinder.conf;
#   }
"
    .to_owned();
    if !rules.base.is_empty() {
        let _ = writeln!(
            out,
            "#\n# The site is below {}/, so put it into that directory of the `root`.",
            rules.base
        );
    }
    let base = &rules.base;
    let _ = write!(out, "\nindex index.html;\nerror_page 404 {base}/404.html;\nabsolute_redirect off;\n");
    out.push_str("\n# Where compressed siblings (page.html.gz) lie beside the files, they are sent to whoever takes them.\ngzip_static on;\ngzip_vary on;\n");
    out.push_str(
        "# brotli_static on;  # with the module ngx_brotli (Debian: libnginx-mod-http-brotli-static)\n",
    );
    types(&mut out);
    headers(rules, &mut out);
    redirects(rules, &mut out);
    out.push_str("\n# What publishing keeps for itself, earlier releases too, is for nobody to read.\n");
    for dir in rules.kept() {
        let (dir, below) = (quoted(&dir), quoted(&format!("{dir}/")));
        let _ = writeln!(out, "location = {dir} {{ return 404; }}\nlocation ^~ {below} {{ return 404; }}");
    }
    out
}

fn types(out: &mut String) {
    let mut of_type: Vec<(&str, Vec<&str>)> = Vec::new();
    for ending in ENDINGS {
        let kind = media_type(&format!("a.{ending}")).unwrap_or(BYTES);
        match of_type.iter_mut().find(|(it, _)| *it == kind) {
            Some((_, endings)) => endings.push(ending),
            None => of_type.push((kind, vec![ending])),
        }
    }
    out.push_str("\ntypes {\n");
    for (kind, endings) in &of_type {
        let _ = writeln!(out, "  {} {};", kind.split(';').next().unwrap_or(kind), endings.join(" "));
    }
    let _ = writeln!(out, "}}\ndefault_type {BYTES};\ncharset utf-8;");
    let texts = of_type.iter().filter_map(|(kind, _)| kind.strip_suffix("; charset=utf-8"));
    // nginx knows of text/html by itself, and warns of a second one.
    let texts: Vec<&str> = texts.filter(|it| *it != "text/html").collect();
    let _ = writeln!(out, "charset_types {};", texts.join(" "));
}

fn headers(rules: &Rules, out: &mut String) {
    for name in rules.names() {
        let variable = format!("$rejoinder_{}", name.to_ascii_lowercase().replace('-', "_"));
        let _ = writeln!(out, "\nset {variable} \"\";");
        for (rule, value) in rules.of_field(name) {
            let set = format!("set {variable} {};", quoted(value.unwrap_or("")));
            match rule.on.as_str() {
                "/*" => _ = writeln!(out, "{set}"),
                _ => _ = writeln!(out, "if ($uri ~ {}) {{ {set} }}", quoted(&pattern(rule, &rules.base))),
            }
        }
        // An empty value sends no field.
        let _ = writeln!(out, "add_header {name} {variable} always;");
    }
}

/// The regular expression of a rule. A directory is its index by the time it is sent.
fn pattern(rule: &Rule, base: &str) -> String {
    if let Some(exactly) = rule.exactly {
        return exactly.replacen("^/", &format!("^{}/", escaped(base)), 1);
    }
    let index = if rule.on.ends_with('/') { "(index\\.html)?" } else { "" };
    format!("^{}{}{index}$", escaped(base), escaped(&rule.on).replace("\\*", ".*"))
}

fn escaped(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '-');
    text.chars().map(|c| if plain(c) { c.to_string() } else { format!("\\{c}") }).collect()
}

/// A word in quotes. A back-slash is kept as it is unless a quote follows.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

fn redirects(rules: &Rules, out: &mut String) {
    let base = &rules.base;
    let away = |to: &str, rest: &str, status: u16| {
        let own = if to.starts_with('/') { base } else { "" };
        let to = encoded(to).replacen(":splat", rest, 1);
        let (to, fragment) =
            to.split_once('#').map_or((to.as_str(), String::new()), |(a, b)| (a, format!("#{b}")));
        let query = if to.contains('?') { "" } else { "$is_args$args" };
        format!("return {status} \"{own}{to}{query}{fragment}\";")
    };
    if !rules.redirects.is_empty() || !rules.sweeps.is_empty() {
        out.push('\n');
    }
    for it in &rules.redirects {
        let from = format!("{base}{}", it.from.url());
        let away = away(&it.to, "", it.status);
        let bare = from.strip_suffix('/').filter(|it| !it.is_empty());
        for from in [Some(from.as_str()), bare].into_iter().flatten() {
            let _ = writeln!(out, "location = {} {{ {away} }}", quoted(from));
        }
    }
    for it in &rules.sweeps {
        let below = format!("{base}{}", it.below);
        let away = away(&it.to, "$1", it.status);
        // More slashes would make the new address another host's: `//elsewhere.example`.
        let asked = quoted(&format!("^{}[/\\\\\\\\]*([^?]*)", escaped(&encoded(&below))));
        let _ = writeln!(
            out,
            "location ^~ {} {{ if ($request_uri ~ {asked}) {{ {away} }} return 404; }}",
            quoted(&below)
        );
    }
}
