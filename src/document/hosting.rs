//! `hosts:`, `headers:` and `redirects:` of `site.yaml`.

use super::context::Context;
use super::fields::Fields;
use super::node::Node;
use super::problems::hosting::{BAD_HEADER, BAD_REDIRECT};
use super::small::old_address_problem;
use super::value::Value;
use crate::diag::Diagnostic;
use crate::model::{HeaderRule, Host, Hosting, Redirection};
use crate::text::check_url;

const HOSTS: [(&str, Host); 3] =
    [("netlify", Host::Netlify), ("cloudflare", Host::Cloudflare), ("github-pages", Host::GithubPages)];

const STATUSES: [(&str, u16); 4] = [("301", 301), ("302", 302), ("307", 307), ("308", 308)];

/// Fields that say how a message is framed or what its bytes are, which only the host knows (RFC 9110, §6.4, §8), and those
/// that would make every reader known.
const HOSTS_OWN: [&str; 15] = [
    "age",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "etag",
    "keep-alive",
    "last-modified",
    "location",
    "set-cookie",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Reads the three keys.
pub(super) fn hosting(fields: &mut Fields<'_, '_>) -> Hosting {
    let hosts = fields.many("hosts", host);
    let headers = fields.one("headers", headers).unwrap_or_default();
    let redirects = fields.maps("redirects", "redirect", |fields| {
        let from = fields.one("from", from);
        let from = fields.need("from", from);
        let to = fields.one("to", to);
        let to = fields.need("to", to);
        let status = fields.word("status", &STATUSES).unwrap_or(301);
        Some(Redirection { from: from?, to: to?, status })
    });
    Hosting { hosts, headers, redirects }
}

/// A host that reads files. Others have a configuration of their own.
fn host<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Host> {
    let typed = value.plain(context, "a list of hosts")?;
    let name = typed.to_lowercase();
    if !matches!(name.as_str(), "nginx" | "caddy" | "s3") {
        return value.word(context, &HOSTS);
    }
    let message = format!("{typed} reads no file of the output");
    let place = context.value(value.node, value.at);
    let told = Diagnostic::new(&super::problems::fields::UNKNOWN_VALUE, place, message);
    let help = format!("Remove it here; `rejoinder host-config {name}` prints what it wants to be told");
    context.add(told.label("not a host that is told by files").help(help));
    None
}

/// A map from addresses to maps of fields.
fn headers<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Vec<HeaderRule>> {
    let Node::Map(entries) = value.node else {
        value.wrong(context, "a map such as `/data/*: { Cache-Control: no-cache }`");
        return None;
    };
    let mut rules = Vec::new();
    for entry in entries {
        let at = value.at.key(&entry.key);
        if let Err((label, help)) = check_pattern(&entry.key) {
            let message = format!("`{}` is no address that headers can be for", entry.key.escape_debug());
            let told = Diagnostic::new(&BAD_HEADER, context.key(&entry.key, &at), message);
            context.add(told.label(label).help(help));
            continue;
        }
        let Node::Map(fields) = &entry.value else {
            Value { node: &entry.value, at: &at }
                .wrong(context, "a map such as `{ Cache-Control: no-cache }`");
            continue;
        };
        let mut rule = HeaderRule { on: entry.key.clone().into_owned(), fields: Vec::new() };
        for field in fields {
            let at = at.key(&field.key);
            if let Err((label, help)) = check_name(&field.key) {
                let message =
                    format!("`{}` is no header field that a site can set", field.key.escape_debug());
                let told = Diagnostic::new(&BAD_HEADER, context.key(&field.key, &at), message);
                context.add(told.label(label).help(help));
                continue;
            }
            let value = Value { node: &field.value, at: &at };
            let Some(typed) = value.plain(context, "the field's value, or `false` to leave it out") else {
                continue;
            };
            if let Some(c) = typed.chars().find(|c| !matches!(c, ' '..='~') || *c == '$') {
                let message = format!("`{}` cannot hold {c:?}", field.key);
                let place = context.value(value.node, value.at);
                let told = Diagnostic::new(&BAD_HEADER, place, message);
                context.add(told.help("Write one line of ASCII without `$`"));
                continue;
            }
            rule.fields.push((field.key.clone().into_owned(), Some(typed).filter(|it| it != "false")));
        }
        rules.push(rule);
    }
    Some(rules)
}

type Why = (&'static str, &'static str);

/// What all hosts can match: ASCII, from the root on, with one `*` at most.
fn check_pattern(pattern: &str) -> Result<(), Why> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/*+@,=".contains(c);
    if !pattern.starts_with('/') || pattern.starts_with("//") {
        return Err(("it does not start with one `/`", "Write it from the site's root on: `/data/*`"));
    }
    if pattern.matches('*').count() > 1 {
        return Err(("more than one `*`", "Write one `*`, which stands for any characters, `/` too"));
    }
    if !pattern.chars().all(is_plain) {
        return Err(("a character that hosts read differently", "Write `*` in its place"));
    }
    Ok(())
}

/// A token (RFC 9110, §5.6.2) that is not the host's own.
fn check_name(name: &str) -> Result<(), Why> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return Err(("letters, digits and `-` only", "Write a name such as `Cache-Control`"));
    }
    if HOSTS_OWN.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(("the host says this itself", "Remove it"));
    }
    Ok(())
}

/// An old address: a plain path, or all below one.
fn from<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<String> {
    let typed = value.plain(context, "an address such as `/old/`, or `/old/*`")?;
    let why = from_problem(&typed);
    let Some(why) = why else { return Some(typed) };
    let message = format!("`{}` cannot be redirected", typed.escape_debug());
    let told = Diagnostic::new(&BAD_REDIRECT, context.value(value.node, value.at), message);
    context.add(
        told.label(why)
            .help("Write an old address of this site: `/old/place/`, or `/old/*` for all below it"),
    );
    None
}

fn from_problem(typed: &str) -> Option<String> {
    if !typed.starts_with('/') || typed.starts_with("//") {
        return Some("it does not start with one `/`".to_owned());
    }
    if let Some(c) =
        typed.chars().find(|c| matches!(c, '%' | '?' | '#' | '\\' | '$' | '{' | '}') || c.is_whitespace())
    {
        return Some(format!("it holds {c:?}; write a plain path"));
    }
    let path = match typed.strip_suffix('*') {
        Some("/") => return Some("that is the whole site".to_owned()),
        Some(dir) if dir.ends_with('/') => dir,
        Some(_) => return Some("`*` stands only behind the last `/`".to_owned()),
        None => typed,
    };
    old_address_problem(path)
}

/// Where a redirect leads.
fn to<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<String> {
    let typed = value.plain(context, "an address such as `/new/`, or `'[[id]]'` in quotes")?;
    let is_id = typed.starts_with("[[") && typed.ends_with("]]");
    let is_here = typed.starts_with('/') && !typed.starts_with("//");
    let is_there = typed.starts_with("https://") || typed.starts_with("http://");
    let odd = typed.chars().find(|c| matches!(c, '$' | '{' | '}' | '"' | '\\' | '*') || c.is_whitespace());
    if is_id || (is_here || is_there && check_url(&typed).is_ok()) && odd.is_none() {
        return Some(typed);
    }
    let why = match odd.filter(|_| is_here || is_there) {
        Some(c) => format!("it holds {c:?}; write that in percent signs"),
        None => "neither an address nor an id".to_owned(),
    };
    let message = format!("`{}` is nowhere to be sent", typed.escape_debug());
    let told = Diagnostic::new(&BAD_REDIRECT, context.value(value.node, value.at), message);
    context.add(told.label(why).help("Write `/new/`, `'[[kind:id]]'` or a complete `https://` address"));
    None
}
