//! `publish:` of `site.yaml`: places to publish to. Its values go to other programs and hosts, so they are narrow.

use super::context::Context;
use super::fields::Fields;
use super::problems::fields as problems;
use super::value::Value;
use crate::diag::{Diagnostic, Place};
use crate::model::{Bucket, Cdn, Cloud, DirLayout, PublishPlace, PublishTarget};

/// The words of `to:`. Those that a program may have been built without are read all the same.
const PLACES: [(&str, Kind); 7] = [
    ("dir", Kind::Dir),
    ("git", Kind::Git),
    ("ssh", Kind::Ssh),
    ("s3", Kind::Bucket(Cloud::S3)),
    ("gcs", Kind::Bucket(Cloud::Google)),
    ("azure", Kind::Bucket(Cloud::Azure)),
    ("exec", Kind::Exec),
];

const LAYOUTS: [(&str, DirLayout); 2] = [("releases", DirLayout::Releases), ("plain", DirLayout::Plain)];

#[derive(Clone, Copy)]
enum Kind {
    Dir,
    Git,
    Ssh,
    Bucket(Cloud),
    Exec,
}

/// The list, or a single place.
pub(super) fn targets(fields: &mut Fields<'_, '_>) -> Vec<PublishTarget> {
    let mut targets: Vec<PublishTarget> = Vec::new();
    let read = fields.many("publish", |context, value| {
        let target = value.map(context, "place to publish to", target)?;
        Some((target, context.value(value.node, value.at)))
    });
    for (target, place) in read {
        if targets.iter().any(|it| it.name == target.name) {
            let message = format!("two places to publish to are called `{}`", target.name);
            let diagnostic = Diagnostic::new(&problems::UNUSABLE_TARGET, place, message);
            fields
                .context
                .add(diagnostic.help("Give each a name of its own: `rejoinder publish NAME` picks one"));
            continue;
        }
        targets.push(target);
    }
    targets
}

fn target(fields: &mut Fields<'_, '_>) -> Option<PublishTarget> {
    let name = fields.id("name");
    let name = fields.need("name", name);
    let url = fields.url("url");
    let keep = fields.whole_if_given("keep");
    let kind = fields.word("to", &PLACES);
    let kind = fields.need("to", kind);
    let to = kind.and_then(|kind| place(kind, fields));
    let mut cdn = None;
    if matches!(kind, Some(Kind::Bucket(_) | Kind::Dir | Kind::Ssh)) && fields.has("cdn") {
        // A cache that is not told shows what is old: what cannot be read must not go unnoticed.
        cdn = Some(fields.one("cdn", |context, value| value.map(context, "cache", cache))?);
    }
    Some(PublishTarget { name: name?, url, keep, cdn, to: to? })
}

/// A cache: one of two kinds.
fn cache(fields: &mut Fields<'_, '_>) -> Option<Cdn> {
    let wanted = "the id of a distribution such as `E1EXAMPLE`";
    let distribution = checked(fields, "cloudfront", wanted, name_problem);
    if fields.has("cloudfront") {
        return distribution.map(|distribution| Cdn::CloudFront { distribution });
    }
    command(fields).map(|command| Cdn::Command { command })
}

/// A program and its arguments.
fn command(fields: &mut Fields<'_, '_>) -> Option<Vec<String>> {
    let command = fields.many("command", |context, value| {
        check(context, value, "a program and its arguments, as a list", |it| {
            it.chars().any(char::is_control).then_some("it holds a control character")
        })
    });
    fields.need_some("command", command)
}

fn place(kind: Kind, fields: &mut Fields<'_, '_>) -> Option<PublishPlace> {
    match kind {
        Kind::Dir => {
            let path = checked(fields, "path", "a directory", |it| match it.starts_with('~') {
                true => Some("no shell reads this, so `~` is no home"),
                false => word_problem(it),
            });
            let path = fields.need("path", path);
            let layout = fields.word("layout", &LAYOUTS).unwrap_or(DirLayout::Releases);
            Some(PublishPlace::Dir { path: path?, layout })
        }
        Kind::Git => {
            let remote = checked(fields, "remote", "the name or address of a repository", remote_problem);
            let branch = checked(fields, "branch", "a branch", branch_problem);
            let is_there = |key| fields.has(key);
            // What was there and cannot be used must not turn into something else.
            let remote = if is_there("remote") { remote } else { Some("origin".to_owned()) };
            let branch = if is_there("branch") { branch } else { Some("gh-pages".to_owned()) };
            Some(PublishPlace::Git { remote: remote?, branch: branch? })
        }
        Kind::Ssh => {
            let host = checked(fields, "host", "a host", host_problem);
            let host = fields.need("host", host);
            let path = checked(fields, "path", "a directory", remote_path_problem);
            let path = fields.need("path", path);
            let port = fields.whole_if_given("port");
            Some(PublishPlace::Ssh { host: host?, port, path: path? })
        }
        Kind::Bucket(cloud) => bucket(cloud, fields).map(PublishPlace::Bucket),
        Kind::Exec => command(fields).map(|command| PublishPlace::Exec { command }),
    }
}

fn bucket(cloud: Cloud, fields: &mut Fields<'_, '_>) -> Option<Bucket> {
    let key = if cloud == Cloud::Azure { "container" } else { "bucket" };
    let bucket = checked(fields, key, "the name of a bucket", bucket_problem);
    let bucket = fields.need(key, bucket);
    let prefix = checked(fields, "prefix", "a path in the bucket such as `site`", prefix_problem);
    let endpoint =
        checked(fields, "endpoint", "an address such as `https://s3.example.org`", endpoint_problem);
    let is_s3 = cloud == Cloud::S3;
    let region =
        if is_s3 { checked(fields, "region", "a region such as `eu-west-1`", name_problem) } else { None };
    let is_azure = cloud == Cloud::Azure;
    let account = if is_azure { checked(fields, "account", "a storage account", name_problem) } else { None };
    let website = (is_s3 && fields.has("website")).then(|| fields.truth("website", false));
    // What was there and cannot be used must not turn into something else.
    let optional = ["prefix", "endpoint", "region", "account"];
    let read = [&prefix, &endpoint, &region, &account];
    if optional.iter().zip(read).any(|(key, value)| fields.has(key) && value.is_none()) {
        return None;
    }
    let prefix = prefix.map(|it| it.trim_matches('/').to_owned()).filter(|it| !it.is_empty());
    let endpoint = endpoint.map(|it| it.trim_end_matches('/').to_owned());
    Some(Bucket { cloud, bucket: bucket?, prefix, endpoint, region, account, website })
}

/// A value that a judge finds nothing wrong with.
fn checked(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    wanted: &'static str,
    judge: impl Fn(&str) -> Option<&'static str>,
) -> Option<String> {
    fields.one(key, |context, value| check(context, value, wanted, judge))
}

fn check<'t>(
    context: &mut Context<'t>,
    value: Value<'_, 't>,
    wanted: &'static str,
    judge: impl Fn(&str) -> Option<&'static str>,
) -> Option<String> {
    let typed = value.plain(context, wanted)?;
    let Some(why) = judge(&typed) else { return Some(typed) };
    let place = context.value(value.node, value.at);
    let diagnostic = match without_secrets(&typed) {
        // Reports are read by many: neither the value nor its line is shown.
        Some(shown) => {
            let message = format!("`{}` cannot be `{}`: {why}", value.at.name(), shown.escape_debug());
            Diagnostic::new(&problems::UNUSABLE_TARGET, Place::file(&place.file), message)
        }
        None => {
            let message = format!("`{}` cannot be `{}`", value.at.name(), typed.escape_debug());
            Diagnostic::new(&problems::UNUSABLE_TARGET, place, message).label(why)
        }
    };
    context.add(diagnostic.help(format!("Write {wanted}")));
    None
}

/// An address without what stands before its `@`, which may be a password; `None` when nothing does.
fn without_secrets(typed: &str) -> Option<String> {
    let (scheme, at) = (typed.find("://")?, typed.rfind('@')?);
    (at > scheme).then(|| format!("{}…{}", &typed[..scheme + 3], &typed[at..]))
}

/// What no value may be that becomes an argument of another program.
fn word_problem(it: &str) -> Option<&'static str> {
    if it.starts_with('-') {
        return Some("other programs would take it for an option");
    }
    it.chars().any(char::is_control).then_some("it holds a control character")
}

fn host_problem(it: &str) -> Option<&'static str> {
    let is_word = |it: &str| {
        !it.is_empty()
            && !it.starts_with(['-', '.'])
            && it.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_'))
    };
    let (user, host) = it.split_once('@').unwrap_or(("user", it));
    let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let is_address = inner.is_some_and(|it| it.parse::<std::net::Ipv6Addr>().is_ok());
    (!is_word(user) || !(is_word(host) || is_address))
        .then_some("a host is `name` or `user@name`: letters, digits, `.`, `-` and `_`")
}

/// What all three clouds allow, and Google and old buckets of Amazon beyond it.
fn bucket_problem(it: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '$');
    let is_bad = !(1..=222).contains(&it.len()) || it.starts_with(['.', '-']) || it.contains("..");
    (is_bad || !it.chars().all(is_plain))
        .then_some("a bucket has letters, digits, `.`, `-` and `_`; a path in it is `prefix:`")
}

fn name_problem(it: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (it.is_empty() || it.starts_with('-') || !it.chars().all(is_plain))
        .then_some("it has letters, digits and `-`")
}

fn prefix_problem(it: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '=' | '@');
    let is_odd = |it: &str| matches!(it, "" | "." | "..");
    if it.trim_matches('/').split('/').any(is_odd) {
        return Some("a part of it is empty, `.` or `..`");
    }
    (!it.chars().all(is_plain))
        .then_some("it holds more than letters, digits, `/`, `.`, `-`, `_`, `+`, `=` and `@`")
}

fn endpoint_problem(it: &str) -> Option<&'static str> {
    let Some(("http" | "https", rest)) = it.split_once("://") else {
        return Some("it begins with `https://`, or with `http://` on this machine or behind a wall");
    };
    if rest.contains('@') {
        return Some("it holds a password, and this file is read by many");
    }
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '/' | '[' | ']');
    let authority = rest.split('/').next().unwrap_or("");
    (authority.is_empty() || authority.starts_with('-') || !rest.chars().all(is_plain))
        .then_some("it is a host, with a port or a path if need be, and no more")
}

fn remote_path_problem(it: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    let parts: Vec<&str> = it.trim_matches('/').split('/').collect();
    if !it.starts_with('/') {
        return Some("on another machine a directory starts with `/`");
    }
    if parts.iter().any(|it| matches!(*it, "" | "." | "..")) {
        return Some("a part of it is empty, `.` or `..`");
    }
    if parts.iter().any(|it| it.starts_with('-')) {
        return Some("other programs would take a part of it for an option");
    }
    (!it.chars().all(is_plain)).then_some("it holds more than letters, digits, `/`, `.`, `-`, `_` and `+`")
}

fn remote_problem(it: &str) -> Option<&'static str> {
    if let Some(why) = word_problem(it) {
        return Some(why);
    }
    if it.contains("::") {
        return Some("git would run a program of that name");
    }
    let (scheme, rest) = it.split_once("://")?;
    let authority = rest.split('/').next().unwrap_or("");
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    if user.contains(':') || (!user.is_empty() && scheme.starts_with("http")) {
        return Some("it holds a password, and this file is read by many");
    }
    if authority.starts_with('-') || user.starts_with('-') {
        return Some("other programs would take it for an option");
    }
    (!matches!(scheme, "https" | "http" | "ssh" | "git" | "file"))
        .then_some("git is asked over `https`, `ssh`, `git` and `file` only")
}

/// The rules of git for names of references, and a little more (git-check-ref-format).
fn branch_problem(it: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '#');
    let is_bad_part = |it: &str| {
        it.is_empty() || it.starts_with(['.', '-']) || it.ends_with(['.']) || it.ends_with(".lock")
    };
    let is_bad = !it.chars().all(is_plain) || it.contains("..") || it.split('/').any(is_bad_part);
    (is_bad || it == "HEAD" || it.starts_with("refs/"))
        .then_some("a branch has a plain name such as `gh-pages`")
}
