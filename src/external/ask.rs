//! One question, with its redirects, and what its answer means.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::time::{Duration, Instant};

use ureq::http::Response;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error, Timeout};

use super::guard::{Guard, NoAddress};
use super::page::Page;
use super::redirect::target;
use super::{Policy, Wanted, page};
use crate::graph::Graph;
use crate::links::{Answer, Held, Status};
use crate::model::Site;

/// How far a request came: whether the network was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// Something answered, if only by refusing.
    Host,
    /// There is no host of that name.
    NoHost,
    /// Nothing at all answered.
    Nobody,
    /// We did not try.
    NotTried,
}

/// What one address answered.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) answer: Answer,
    pub(super) reached: Reached,
    /// Whether the page holds the words of each quotation, by their mark.
    pub(super) quotes: BTreeMap<String, Held>,
    /// How long the host asks us to wait.
    pub(super) wait: Option<Duration>,
}

impl Asked {
    fn new(status: Status, why: Option<&str>, reached: Reached) -> Asked {
        let answer = Answer { status, code: None, to: None, why: why.map(str::to_owned) };
        Asked { answer, reached, quotes: BTreeMap::new(), wait: None }
    }

    /// Notes where redirects ended.
    fn ended_at(mut self, url: &str, at: &str) -> Asked {
        self.answer.to = (at != url).then(|| at.to_owned());
        self
    }

    /// Whether the same question may get another answer in a moment.
    pub(super) fn is_worth_a_second_try(&self) -> bool {
        let is_final = self.answer.why.as_deref().is_some_and(|it| FINAL.contains(&it));
        self.answer.status == Status::Unknown && !is_final
    }

    /// Whether the host wants to be left alone.
    pub(super) fn is_too_busy(&self) -> bool {
        self.answer.code == Some(429)
    }
}

/// Reasons that waiting does not change.
const FINAL: [&str; 4] = ["redirects", "encryption", "address", "credentials"];

/// Who asks, and what they need to know of the site to read a page.
pub(super) struct Asker<'a> {
    pub(super) policy: &'a Policy,
    /// Made once: it keeps connections.
    pub(super) agent: Agent,
    pub(super) graph: &'a Graph,
    pub(super) site: &'a Site,
}

/// What speaks HTTP.
pub(super) fn agent(policy: &Policy) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        // We follow redirects ourselves, because each is judged anew.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_resolve(Some(policy.timeout / 2))
        .timeout_connect(Some(policy.timeout / 2))
        .max_response_header_size(64 * 1024)
        .user_agent(concat!("rejoinder/", env!("CARGO_PKG_VERSION"), " (link check)"))
        .accept("text/html, application/pdf;q=0.9, text/plain;q=0.9, */*;q=0.5")
        .build();
    let guard = Guard { allow_private: policy.allow_private, inner: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), guard)
}

/// Asks for one address, and for those it redirects to.
pub(super) fn ask(asker: &Asker<'_>, url: &str, wanted: &Wanted) -> Asked {
    let policy = asker.policy;
    let started = Instant::now();
    let mut at = url.to_owned();
    for _ in 0..=policy.max_redirects {
        if let Some(why) = why_not(&at) {
            let why = if at == url { why } else { "redirects" };
            return Asked::new(Status::Unknown, Some(why), Reached::NotTried).ended_at(url, &at);
        }
        let left = policy.timeout.saturating_sub(started.elapsed());
        let request = asker.agent.get(&at).config().timeout_global(Some(left)).build();
        let response = match request.call() {
            Ok(response) => response,
            Err(error) => return failed(&error).ended_at(url, &at),
        };
        match next(&at, &response) {
            Some(next) if next != at => at = next,
            _ => return answered(asker, response, at != url, &at, wanted).ended_at(url, &at),
        }
    }
    Asked::new(Status::Unknown, Some("redirects"), Reached::Host).ended_at(url, &at)
}

/// Why an address is not asked, whoever it belongs to.
fn why_not(url: &str) -> Option<&'static str> {
    let authority = url.split('/').nth(2).unwrap_or("");
    match authority {
        it if it.contains('@') => Some("credentials"),
        // A host is asked for in its ASCII form, which the author has to write: `xn--…`.
        it if !it.is_ascii() => Some("address"),
        _ => None,
    }
}

/// Where a redirect leads; `None` for any other answer, and for a redirect that leads to no address of the web.
fn next(at: &str, response: &Response<Body>) -> Option<String> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get("location").filter(|_| is_redirect)?;
    target(at, &String::from_utf8_lossy(location.as_bytes()))
}

fn answered(
    asker: &Asker<'_>,
    mut response: Response<Body>,
    redirected: bool,
    at: &str,
    wanted: &Wanted,
) -> Asked {
    let code = response.status().as_u16();
    let (status, why) = meaning(code, redirected);
    let mut asked = Asked::new(status, why, Reached::Host);
    asked.answer.code = Some(code);
    asked.wait = response
        .headers()
        .get("retry-after")
        .and_then(|it| it.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    if matches!(status, Status::Ok | Status::Redirected) && !wanted.quotes.is_empty() {
        let page = read(at, &mut response, asker.policy.max_bytes);
        asked.quotes = page::look_for(asker, &wanted.quotes, page.as_ref());
    }
    asked
}

/// RFC 9110, section 15, as far as it concerns whether a page is still there.
fn meaning(code: u16, redirected: bool) -> (Status, Option<&'static str>) {
    match code {
        200..=299 if redirected => (Status::Redirected, None),
        200..=299 => (Status::Ok, None),
        404 | 410 => (Status::Dead, None),
        // Too slow, too early, too often: the host speaks of us, not of the page.
        408 | 425 | 429 => (Status::Unknown, Some("busy")),
        400..=499 => (Status::Refused, None),
        // A redirect that leads nowhere, or to itself.
        300..=399 => (Status::Unknown, Some("redirects")),
        _ => (Status::Unknown, Some("server")),
    }
}

fn failed(error: &Error) -> Asked {
    let unknown = |why, reached| Asked::new(Status::Unknown, Some(why), reached);
    match error {
        Error::Other(cause) => match cause.downcast_ref::<NoAddress>() {
            Some(NoAddress::Private) => Asked::new(Status::Private, None, Reached::NotTried),
            Some(NoAddress::NoSuchHost) => Asked::new(Status::Dead, Some("no-such-host"), Reached::NoHost),
            Some(NoAddress::NoLookup) | None => unknown("no-connection", Reached::Nobody),
        },
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => unknown("timeout", Reached::Nobody),
        Error::Timeout(_) => unknown("timeout", Reached::Host),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => {
            unknown("encryption", Reached::Host)
        }
        Error::BadUri(_) | Error::Http(_) => unknown("address", Reached::NotTried),
        Error::Io(cause) => {
            let reached = match cause.kind() {
                io::ErrorKind::NetworkUnreachable
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkDown
                | io::ErrorKind::AddrNotAvailable
                | io::ErrorKind::TimedOut => Reached::Nobody,
                _ => Reached::Host,
            };
            unknown("no-connection", reached)
        }
        _ => unknown("no-connection", Reached::Host),
    }
}

/// Reads a page, up to a limit. `None` when it breaks off.
fn read(url: &str, response: &mut Response<Body>, max_bytes: u64) -> Option<Page> {
    let media = response.body().mime_type().map(str::to_owned);
    let charset = response.body().charset().map(str::to_owned);
    let mut bytes = Vec::new();
    let body = response.body_mut().as_reader();
    body.take(max_bytes + 1).read_to_end(&mut bytes).ok()?;
    let is_whole = bytes.len() as u64 <= max_bytes;
    bytes.truncate(usize::try_from(max_bytes).unwrap_or(usize::MAX));
    Some(Page { name: page::name(url, media.as_deref()), charset, bytes, is_whole })
}
