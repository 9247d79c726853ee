//! What hosts are told of a site: header fields and redirects, from one neutral list.
//!
//! In: the plan, the settings, the theme's policy. Out: `_headers`, `_redirects` and `.nojekyll` as files of the output, and
//! text for servers with a configuration of their own. Every site has a few rules of its own accord (below); those of
//! `site.yaml` come after them and win.

mod caddy;
mod edge;
mod limits;
mod nginx;
mod s3;

use crate::edition::headers::{BYTES, Class, media_type};
use crate::edition::{PageFacts, Rendered};
use crate::model::{Host, Site};
use crate::plan::{Plan, Redirect, Sweep};
use crate::text::{OutPath, RESERVED_DIR, percent_encode_path};
use crate::theme::Theme;

pub use caddy::caddy;
pub use limits::{CODES, limits};
pub use nginx::nginx;
pub use s3::s3;

/// What powerful features pages may use: none of those that somebody could be spied on with.
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// The field that says how long an answer may be kept.
const CACHE: &str = "Cache-Control";

/// Endings of files whose media type servers are told.
const ENDINGS: &[&str] = &[
    "html",
    "css",
    "js",
    "mjs",
    "json",
    "map",
    "jsonld",
    "webmanifest",
    "xml",
    "atom",
    "rss",
    "txt",
    "md",
    "csv",
    "ics",
    "vtt",
    "svg",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "ico",
    "woff2",
    "woff",
    "ttf",
    "otf",
    "pdf",
    "mp4",
    "webm",
    "mp3",
    "ogg",
    "wav",
    "wasm",
    "zip",
    "bib",
    "ris",
];

/// What all hosts are told.
#[derive(Clone, Debug)]
pub struct Rules {
    headers: Vec<Rule>,
    redirects: Vec<Redirect>,
    sweeps: Vec<Sweep>,
    /// Every address that has a file, for rules that could meet at one.
    addresses: Vec<String>,
    /// The path below which the site lives, without a slash at its end.
    base: String,
    hosts: Vec<Host>,
}

/// Fields for some addresses; the last rule that fits and names a field has it.
#[derive(Clone, Debug)]
struct Rule {
    /// With at most one `*`.
    on: String,
    /// The same more exactly, as a regular expression, for hosts that have those.
    exactly: Option<&'static str>,
    /// Whether it is one that every site has.
    is_own: bool,
    fields: Vec<(String, Option<String>)>,
}

impl Rule {
    fn own(on: &str, fields: &[(&str, &str)]) -> Rule {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
        Rule { on: on.to_owned(), exactly: None, is_own: true, fields: fields.collect() }
    }

    fn fits(&self, address: &str) -> bool {
        match self.on.split_once('*') {
            None => self.on == address,
            Some((head, tail)) => address
                .strip_prefix(head)
                .is_some_and(|rest| rest.len() >= tail.len() && rest.ends_with(tail)),
        }
    }

    /// Whether it fits wherever another does.
    fn covers(&self, other: &Rule) -> bool {
        match (self.on.split_once('*'), other.on.split_once('*')) {
            (Some((head, tail)), Some((other_head, other_tail))) => {
                other_head.starts_with(head) && other_tail.ends_with(tail)
            }
            (None, Some(_)) => false,
            (_, None) => self.fits(&other.on),
        }
    }
}

impl Rules {
    /// Collects the rules of a site.
    pub fn of(plan: &Plan, site: &Site, theme: Option<&Theme>) -> Rules {
        let routes = plan.routes().iter().flat_map(|it| {
            let twin = it.url.ends_with('/').then(|| it.path.data_twin()).flatten();
            [Some(it.path.url()), twin.map(|it| it.url())].into_iter().flatten()
        });
        let files = plan.copied().iter().map(|it| &it.path);
        let assets = theme.into_iter().flat_map(Theme::assets).map(|(path, _)| path);
        let files: Vec<&OutPath> = files.chain(assets).collect();
        let mut headers = own(theme.and_then(Theme::policy).as_deref(), &files);
        for rule in &site.hosting.headers {
            let rule =
                Rule { on: rule.on.clone(), exactly: None, is_own: false, fields: rule.fields.clone() };
            // What is said anew for all addresses of an earlier rule is not said twice: some hosts would join both.
            for earlier in headers.iter_mut().filter(|it| rule.covers(it)) {
                let is_new = |name: &str| rule.fields.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
                earlier.fields.retain(|(name, _)| !is_new(name));
            }
            headers.push(rule);
        }
        headers.retain(|it| !it.fields.is_empty());
        Rules {
            headers,
            redirects: plan.redirects().to_vec(),
            sweeps: plan.sweeps().to_vec(),
            addresses: routes.chain(files.iter().map(|it| it.url())).collect(),
            base: super::root_path(site).trim_end_matches('/').to_owned(),
            hosts: site.hosting.hosts.clone(),
        }
    }

    /// The rules that the settings alone tell: all names of fields, and all that [`Rules::headers`] says of a file but the
    /// theme's part of the policy.
    pub fn of_settings(site: &Site) -> Rules {
        Rules::of(&Plan::default(), site, None)
    }

    /// The directories below a server's root in which publishing keeps what it knows of the site, and earlier releases: inside the
    /// site, and beside it where the site itself is a directory of the root.
    fn kept(&self) -> Vec<String> {
        let beside =
            self.base.rsplit_once('/').map(|(parent, name)| format!("{parent}/.{name}{RESERVED_DIR}"));
        [format!("{}/{RESERVED_DIR}", self.base)].into_iter().chain(beside).collect()
    }

    /// The fields of one file of the output, the media type among them: for stores, which keep them with each file.
    pub fn headers(&self, path: &OutPath) -> Vec<(String, String)> {
        let mut fields = vec![
            ("Content-Type".to_owned(), media_type(path.as_str()).unwrap_or(BYTES).to_owned()),
            (CACHE.to_owned(), Class::of(path.as_str()).cache_control().to_owned()),
        ];
        let url = path.url();
        for rule in self.headers.iter().filter(|it| it.fits(&url)) {
            // Our own rules say in patterns what the class says exactly.
            for (name, value) in rule.fields.iter().filter(|(name, _)| !rule.is_own || name != CACHE) {
                fields.retain(|(it, _)| !it.eq_ignore_ascii_case(name));
                fields.extend(value.clone().map(|value| (name.clone(), value)));
            }
        }
        fields
    }

    /// Redirects of single addresses: the file that stands there, and where it leads. Stores keep them with the file.
    pub fn redirects(&self) -> &[Redirect] {
        &self.redirects
    }

    /// The names of all fields, as first written.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.headers.iter().flat_map(|it| &it.fields) {
            if !names.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                names.push(name);
            }
        }
        names
    }

    /// The rules that say something of a field, in order.
    fn of_field<'r>(&'r self, name: &'r str) -> impl Iterator<Item = (&'r Rule, Option<&'r str>)> {
        self.headers.iter().flat_map(move |rule| {
            let own = rule.fields.iter().filter(move |(it, _)| it.eq_ignore_ascii_case(name));
            own.map(move |(_, value)| (rule, value.as_deref()))
        })
    }
}

/// The rules that every site has. `files` are those that are not made by views.
fn own(policy: Option<&str>, files: &[&OutPath]) -> Vec<Rule> {
    // The one directive of ours that a page cannot say itself.
    let policy: Vec<&str> = policy.into_iter().chain(["frame-ancestors 'self'"]).collect();
    let every = Rule::own(
        "/*",
        &[
            ("Content-Security-Policy", policy.join("; ").as_str()),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ("Permissions-Policy", PERMISSIONS),
            (CACHE, Class::Html.cache_control()),
        ],
    );
    let data = Class::Data.cache_control();
    let assets = Rule {
        exactly: Some("^/assets/.*\\.[0-9a-f]{8}(\\.[^./]+)?$"),
        ..Rule::own("/assets/*", &[(CACHE, Class::Immutable.cache_control())])
    };
    let mut rules = vec![
        every,
        Rule::own("/*.json", &[(CACHE, data), ("Access-Control-Allow-Origin", "*")]),
        Rule::own("/*.xml", &[(CACHE, data)]),
        Rule::own("/*.txt", &[(CACHE, data)]),
        assets,
    ];
    // Below assets/ and yet under a name that stays when the bytes change: a licence, a picture that an author put there.
    let class = |path: &OutPath| Class::of(path.as_str());
    let named = files.iter().filter(|it| it.as_str().starts_with("assets/") && class(it) != Class::Immutable);
    rules.extend(named.map(|it| Rule::own(&it.url(), &[(CACHE, class(it).cache_control())])));
    for control in ["/404.html", "/.rejoinder.json"] {
        rules.push(Rule::own(control, &[(CACHE, Class::Control.cache_control())]));
    }
    rules
}

/// The files that the wanted hosts read, as [`Plan::host_files`] names them.
pub fn files(plan: &Plan, site: &Site, theme: &Theme) -> Vec<Rendered> {
    if plan.host_files().is_empty() {
        return Vec::new();
    }
    let rules = Rules::of(plan, site, Some(theme));
    let text = |path: &OutPath| match path.as_str() {
        "_headers" => edge::headers(&rules),
        "_redirects" => edge::redirects(&rules),
        _ => String::new(),
    };
    let file = |path: &OutPath| Rendered {
        path: path.clone(),
        bytes: text(path).into_bytes(),
        facts: PageFacts::default(),
    };
    plan.host_files().iter().map(file).collect()
}

/// An address as it stands in a header: what is not ASCII in percent signs.
fn encoded(address: &str) -> String {
    address
        .chars()
        .map(|c| if c.is_ascii_graphic() { c.to_string() } else { percent_encode_path(&c.to_string()) })
        .collect()
}

#[cfg(test)]
mod tests;
