//! What a request for an address of the site is answered with, from one state of it.

use std::sync::Arc;

use hyper::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use hyper::{Response, StatusCode};

use super::address::{Address, decode};
use super::body::Body;
use super::host::{Found, HostRules};
use super::hub::{Layer, Shown};
use super::page::{Digests, Script, with_script};
use super::policy::{ScriptSource, widen};
use super::problems::Problems;
use super::rules::Sent;
use crate::edition::headers;
use crate::text::{escape_html, percent_encode_path};

/// How the site is shown, for as long as the server runs.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub(super) host: HostRules,
    /// The path of the site's address, decoded: empty, or as `repo/`.
    pub(super) base: String,
    /// What addresses of our own hold, so that other origins cannot know them.
    pub(super) token: String,
    /// Whether pages get the script.
    pub(super) reload: bool,
}

impl Setup {
    /// The address of one of our own: the script, the events, the editor.
    pub(super) fn own(&self, name: &str) -> String {
        format!("/_rejoinder/{}/{name}", self.token)
    }
}

/// A request that was admitted.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// As it was sent.
    pub(super) path: String,
    pub(super) query: Option<String>,
    /// As it was asked for: `localhost:4321`.
    pub(super) host: String,
    pub(super) if_none_match: Option<String>,
}

impl Ask {
    /// Whether drafts are wanted: `?__drafts=1`.
    pub(super) fn wants_drafts(&self) -> bool {
        self.query.as_deref().is_some_and(|it| it.split('&').any(|pair| pair == "__drafts=1"))
    }
}

/// What an address comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File {
        path: String,
        status: u16,
    },
    Moved {
        location: String,
        status: u16,
    },
    /// A sentence says why.
    Not {
        status: u16,
        why: String,
    },
}

/// Finds what stands at an address.
pub(super) fn locate(layer: &Layer, setup: &Setup, ask: &Ask) -> Place {
    let has = |path: &str| layer.generation.has(path) && !is_hidden(path, setup.host);
    let path = match decode(&ask.path) {
        Address::Path(path) => path,
        Address::Nowhere => return place(setup.host.missing("", &has), setup, ask),
        Address::Malformed => return not(400, "The address cannot be read."),
    };
    if setup.base.is_empty() {
        return below_base(layer, setup, ask, &path, &has);
    }
    let below = path.strip_prefix(&setup.base);
    if setup.host == HostRules::Plain {
        // Both ways, because nobody has said where the site will be.
        let found = setup.host.find(&path, &has);
        return match (&found, below) {
            (Found::File { status: 200, .. } | Found::Moved { .. }, _) | (_, None) => {
                place(found, setup, ask)
            }
            (_, Some(rest)) => below_base(layer, setup, ask, rest, &has),
        };
    }
    match below {
        Some(rest) => below_base(layer, setup, ask, rest, &has),
        None if path.is_empty() || format!("{path}/") == setup.base => {
            place(Found::Moved { to: String::new(), status: 302 }, setup, ask)
        }
        None => not(404, &format!("The site is below /{}, as `base_url` says.", setup.base)),
    }
}

/// Finds what stands at a path of the site.
fn below_base(layer: &Layer, setup: &Setup, ask: &Ask, path: &str, has: &dyn Fn(&str) -> bool) -> Place {
    let found = setup.host.find(path, has);
    let is_there = !matches!(found, Found::File { status: 404, .. } | Found::Nothing);
    match layer.rules(setup.host).redirect(&format!("/{path}"), ask.query.as_deref(), is_there) {
        None => place(found, setup, ask),
        Some(Sent::Away { location, status }) => Place::Moved { location, status },
        Some(Sent::Outside { to }) => {
            not(502, &format!("`_redirects` shows {to} here. The preview asks no other hosts."))
        }
        Some(Sent::Within { path, status }) => {
            let path = path.split(['?', '#']).next().unwrap_or("").to_owned();
            let found = match decode(&path) {
                Address::Path(path) => setup.host.find(&path, has),
                Address::Nowhere | Address::Malformed => setup.host.missing("", has),
            };
            match found {
                Found::File { path, status: 200 } => Place::File { path, status },
                other => place(other, setup, ask),
            }
        }
    }
}

fn place(found: Found, setup: &Setup, ask: &Ask) -> Place {
    match found {
        Found::File { path, status } => Place::File { path, status },
        Found::Moved { to, status } => {
            let to = format!("{}{to}", setup.base);
            let parts: Vec<String> = to.split('/').map(percent_encode_path).collect();
            let query = ask.query.as_ref().map(|it| format!("?{it}")).unwrap_or_default();
            Place::Moved { location: format!("/{}{query}", parts.join("/")), status }
        }
        Found::Nothing => {
            not(404, "There is nothing at this address, and the site has no page that says so.")
        }
    }
}

fn is_hidden(path: &str, host: HostRules) -> bool {
    host.reads_rules() && matches!(path, "_redirects" | "_headers")
}

fn not(status: u16, why: &str) -> Place {
    Place::Not { status, why: why.to_owned() }
}

/// Answers a request from one state of the site.
pub(super) fn answer(shown: &Shown, setup: &Setup, ask: &Ask) -> Response<Body> {
    let Some(layer) = shown.layer(ask.wants_drafts()) else {
        return match shown.problems.has_errors() {
            true => broken(&shown.problems, shown, setup, ask),
            false => soon(shown, setup, ask),
        };
    };
    match locate(layer, setup, ask) {
        Place::Not { status, why } if setup.reload && status != 400 => {
            // A page, so that its tab hears when there is something.
            let digests = Digests::of("", status, why.as_bytes());
            let page = StandIn { status, title: "Nothing to show", words: &why, digests };
            stand_in(&page, shown, setup, ask)
        }
        Place::Not { status, why } => plain(status, &why),
        Place::Moved { location, status } => {
            let mut response = plain(status, "It is elsewhere.");
            let location: String = location.chars().map(visible).collect();
            match HeaderValue::from_str(&location) {
                Ok(value) => drop(response.headers_mut().insert(LOCATION, value)),
                Err(_) => return plain(500, "`_redirects` leads to an address that no header can carry."),
            }
            response
        }
        Place::File { path, status } => match layer.generation.file(&path) {
            Some(Ok(bytes)) => file(&File { path, status, bytes }, layer, shown, setup, ask),
            Some(Err(problems)) => broken(&problems, shown, setup, ask),
            None => plain(404, "There is nothing at this address."),
        },
    }
}

/// A header holds no others.
fn visible(c: char) -> String {
    if c.is_ascii_graphic() { c.to_string() } else { percent_encode_path(&c.to_string()) }
}

struct File {
    path: String,
    status: u16,
    bytes: Arc<[u8]>,
}

fn file(file: &File, layer: &Layer, shown: &Shown, setup: &Setup, ask: &Ask) -> Response<Body> {
    let File { path, status, bytes } = file;
    let digests = Digests::of(path, *status, bytes);
    let kind = headers::media_type(path).unwrap_or(headers::BYTES);
    let script = (setup.reload && kind == headers::HTML).then(|| script(digests.clone(), shown, setup, ask));
    // A page's bytes differ from run to run by the script's address; what they mean does not.
    let tag =
        if script.is_some() { format!("W/\"{}\"", digests.page) } else { format!("\"{}\"", digests.page) };
    let is_known = *status == 200 && ask.if_none_match.as_deref().is_some_and(|it| knows(it, &digests.page));
    let mut response = if is_known {
        respond(304, Body::bytes(""))
    } else {
        match &script {
            Some(script) => respond(*status, Body::bytes(with_script(bytes, script))),
            None => respond(*status, Body::bytes(hyper::body::Bytes::from_owner(Arc::clone(bytes)))),
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(ETAG, HeaderValue::from_str(&tag).expect("a digest is hexadecimal"));
    let asked = decode(&ask.path);
    let asked = if let Address::Path(path) = &asked { path } else { path };
    for (name, value) in layer.rules(setup.host).headers(&format!("/{asked}")) {
        let Some(name) = HeaderName::from_bytes(name.as_bytes()).ok().filter(may_be_set) else { continue };
        let value = match &script {
            Some(script) if name == CONTENT_SECURITY_POLICY => widen(&value, &script.source),
            Some(_) | None => value,
        };
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

/// Whether `_headers` may set a field here: not what frames the message, stops us from being asked by other origins, or
/// would be remembered for localhost.
fn may_be_set(name: &HeaderName) -> bool {
    let name = name.as_str();
    let is_ours = matches!(
        name,
        "cache-control"
            | "clear-site-data"
            | "connection"
            | "content-encoding"
            | "content-length"
            | "date"
            | "etag"
            | "keep-alive"
            | "location"
            | "set-cookie"
            | "strict-transport-security"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "cross-origin-resource-policy"
            | "cross-origin-opener-policy"
            | "x-content-type-options"
    );
    !is_ours && !name.starts_with("access-control-")
}

/// Whether a list of entity tags holds this one (RFC 9110, §13.1.2).
fn knows(list: &str, digest: &str) -> bool {
    let mut tags = list.split(',').map(|it| it.trim().trim_start_matches("W/").trim_matches('"'));
    list.trim() == "*" || tags.any(|it| it == digest)
}

fn script(digests: Digests, shown: &Shown, setup: &Setup, ask: &Ask) -> Script {
    let path = setup.own("preview.js");
    let source = ScriptSource { url: format!("http://{}{path}", ask.host), nonce: setup.token.clone() };
    Script { path, source, digests, revision: shown.revision }
}

/// What stands at an address whose page cannot be made: what is wrong, for people without script too. The status is 500,
/// because the page is not what was asked for, and programs that watch an address can tell; browsers show it all the same.
fn broken(problems: &Problems, shown: &Shown, setup: &Setup, ask: &Ask) -> Response<Body> {
    let words = problems.text();
    let digests = Digests::default();
    let page = StandIn { status: 500, title: "This page cannot be made", words: &words, digests };
    stand_in(&page, shown, setup, ask)
}

fn soon(shown: &Shown, setup: &Setup, ask: &Ask) -> Response<Body> {
    let words = "It is shown here as soon as it is there.";
    let page = StandIn { status: 503, title: "The site is being made", words, digests: Digests::default() };
    let mut response = stand_in(&page, shown, setup, ask);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// A page in the place of one of the site's.
struct StandIn<'w> {
    status: u16,
    title: &'static str,
    words: &'w str,
    /// Empty for a page whose tab loads its address anew as soon as there is something.
    digests: Digests,
}

fn stand_in(page: &StandIn<'_>, shown: &Shown, setup: &Setup, ask: &Ask) -> Response<Body> {
    let StandIn { status, title, words, digests } = page;
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<pre>{}</pre>\n</body>\n</html>\n",
        escape_html(words)
    );
    let html = match setup.reload {
        true => with_script(html.as_bytes(), &script(digests.clone(), shown, setup, ask)),
        false => html.into_bytes(),
    };
    let mut response = respond(*status, Body::bytes(html));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(headers::HTML));
    response
}

/// A sentence.
pub(super) fn plain(status: u16, words: &str) -> Response<Body> {
    let mut response = respond(status, Body::bytes(format!("{words}\n")));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

pub(super) fn respond(status: u16, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    // Rules of hosts hold three digits; this server's own are known.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}
