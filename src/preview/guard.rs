//! Whether a request may be answered at all. Nothing about the site is looked at before this has said yes.
//!
//! The order matters: who is asked for, how, from where, in what context. A page of another origin can send requests here
//! from the author's own browser (a form, an image, a script, a name that resolves to 127.0.0.1), and must learn nothing.

use std::net::{IpAddr, SocketAddr};

use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, StatusCode, Uri};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// A sentence for whoever sent it.
    pub(super) why: String,
}

/// Who may be asked for.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Our port.
    pub(super) port: u16,
    /// Names that were allowed by hand, in lower case; with any port.
    pub(super) allowed: Vec<String>,
}

/// What the guard looks at.
pub(super) struct Visitor<'r> {
    pub(super) method: &'r Method,
    pub(super) uri: &'r Uri,
    pub(super) headers: &'r HeaderMap,
    /// Our end of the connection.
    pub(super) local: SocketAddr,
    /// Whether the address takes POST: it holds the token of this run.
    pub(super) takes_post: bool,
}

impl Guard {
    /// Says who was asked for, as `host:port`, or why there is no answer.
    pub(super) fn admit(&self, visitor: &Visitor<'_>) -> Result<String, Refusal> {
        let host = self.host(visitor)?;
        let is_known = matches!(*visitor.method, Method::GET | Method::HEAD)
            || *visitor.method == Method::POST && visitor.takes_post;
        if !is_known {
            return Err(refuse(StatusCode::METHOD_NOT_ALLOWED, "The preview answers GET and HEAD only."));
        }
        self.origin(visitor, &host)?;
        context(visitor)?;
        Ok(host.name_and_port)
    }

    fn host(&self, visitor: &Visitor<'_>) -> Result<Host, Refusal> {
        let mut values = visitor.headers.get_all(HOST).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(refuse(StatusCode::BAD_REQUEST, "A request names its host once."));
        };
        let host = value.to_str().ok().and_then(Host::read);
        let Some(host) = host else {
            return Err(refuse(StatusCode::BAD_REQUEST, "The name of the host cannot be read."));
        };
        // An address with a host in it must name the same one (RFC 9112, §3.2.2).
        let same =
            visitor.uri.authority().is_none_or(|it| it.as_str().eq_ignore_ascii_case(&host.name_and_port));
        if !(same && self.is_ours(&host, visitor.local)) {
            let why = format!(
                "The preview does not answer for `{}`. If that is a name of this machine, start it with `--allow-host {}`.",
                host.name_and_port, host.name
            );
            return Err(refuse(StatusCode::MISDIRECTED_REQUEST, &why));
        }
        Ok(host)
    }

    fn is_ours(&self, host: &Host, local: SocketAddr) -> bool {
        if self.allowed.contains(&host.name) || self.allowed.contains(&host.name_and_port) {
            return true;
        }
        let is_loopback_name = host.name == "localhost" || host.name.ends_with(".localhost");
        // A name can be made to resolve to us; an address of ours in digits can only mean us.
        let is_our_address = host.ip.is_some_and(|it| it.is_loopback() || it == local.ip().to_canonical());
        host.port == self.port && (is_loopback_name || is_our_address)
    }

    fn origin(&self, visitor: &Visitor<'_>, host: &Host) -> Result<(), Refusal> {
        let mut values = visitor.headers.get_all(ORIGIN).iter();
        let Some(value) = values.next() else { return Ok(()) };
        let (Ok(origin), None) = (value.to_str(), values.next()) else {
            return Err(refuse(StatusCode::BAD_REQUEST, "The origin cannot be read."));
        };
        let origin = origin.to_ascii_lowercase();
        // Behind a name that was allowed there may be a proxy that speaks TLS.
        let is_proxied = self.allowed.contains(&host.name) || self.allowed.contains(&host.name_and_port);
        let rest =
            origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://").filter(|_| is_proxied));
        match rest == Some(host.name_and_port.as_str()) {
            true => Ok(()),
            false => Err(refuse(StatusCode::FORBIDDEN, "Pages of other origins may not ask the preview.")),
        }
    }
}

/// Browsers say what a request is for (Fetch Metadata). Another port of this machine is the same site, and still a
/// stranger.
fn context(visitor: &Visitor<'_>) -> Result<(), Refusal> {
    let value = |name: &HeaderName| visitor.headers.get(name).map(HeaderValue::as_bytes);
    let is_own = matches!(value(&FETCH_SITE), None | Some(b"none" | b"same-origin"));
    let is_visit = *visitor.method != Method::POST
        && value(&FETCH_MODE) == Some(b"navigate")
        && value(&FETCH_DEST) == Some(b"document");
    match is_own || is_visit {
        true => Ok(()),
        false => Err(refuse(
            StatusCode::FORBIDDEN,
            "Pages of other sites may lead here, and load nothing from here.",
        )),
    }
}

fn refuse(status: StatusCode, why: &str) -> Refusal {
    Refusal { status, why: why.to_owned() }
}

/// A host as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Host {
    /// In lower case, without port: `localhost`, `127.0.0.1`, `[::1]`.
    name: String,
    /// The name when it is an address in digits.
    ip: Option<IpAddr>,
    port: u16,
    /// As it was sent, in lower case.
    name_and_port: String,
}

impl Host {
    /// Reads `name`, `name:port`, `1.2.3.4:port` or `[::1]:port` (RFC 3986, §3.2.2 and §3.2.3).
    fn read(text: &str) -> Option<Host> {
        let text = text.to_ascii_lowercase();
        let name_end = match text.starts_with('[') {
            true => text.find(']')? + 1,
            false => text.find(':').unwrap_or(text.len()),
        };
        let (name, rest) = text.split_at(name_end);
        let port = match rest {
            "" => 80,
            _ => {
                rest.strip_prefix(':').filter(|it| it.bytes().all(|it| it.is_ascii_digit()))?.parse().ok()?
            }
        };
        let ip = match name.strip_prefix('[') {
            Some(inner) => Some(IpAddr::V6(inner.strip_suffix(']')?.parse().ok()?)),
            None => name.parse().ok(),
        };
        let is_plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.' | b'_');
        if ip.is_none() && (name.is_empty() || !name.bytes().all(is_plain)) {
            return None;
        }
        Some(Host { name: name.to_owned(), ip, port, name_and_port: text.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<String, u16> {
        let guard = Guard { port: 4321, allowed: vec!["desk.example".to_owned()] };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let visitor = Visitor {
            method: &method.parse().unwrap(),
            uri: &uri.parse().unwrap(),
            headers: &map,
            local: "192.0.2.7:4321".parse().unwrap(),
            takes_post: uri == "/post",
        };
        guard.admit(&visitor).map_err(|it| it.status.as_u16())
    }

    #[test]
    fn only_our_own_names_are_answered_for() {
        for (host, expected) in [
            ("localhost:4321", 200),
            ("LOCALHOST:4321", 200),
            ("a.localhost:4321", 200),
            ("127.0.0.1:4321", 200),
            ("127.9.9.9:4321", 200),
            ("[::1]:4321", 200),
            ("192.0.2.7:4321", 200),
            ("desk.example", 200),
            ("desk.example:8443", 200),
            ("localhost", 421),
            ("localhost:80", 421),
            ("localhost.:4321", 421),
            ("evil.example:4321", 421),
            ("localhost.evil.example:4321", 421),
            ("evillocalhost:4321", 421),
            ("192.0.2.8:4321", 421),
            ("0.0.0.0:4321", 421),
            ("[::2]:4321", 421),
            ("", 400),
            (":4321", 400),
            ("localhost:", 400),
            ("localhost:x", 400),
            ("localhost:99999999", 400),
            ("localhost:+1", 400),
            ("[::1", 400),
            ("[zz]:4321", 400),
            ("[::1]4321", 400),
            ("user@localhost:4321", 400),
            ("local host:4321", 400),
            ("localhost/x", 400),
        ] {
            let status = admit("GET", "/", &[("host", host)]).map_or_else(|it| it, |_| 200);
            assert_eq!(status, expected, "{host}");
        }
        assert_eq!(admit("GET", "/", &[]), Err(400));
        assert_eq!(admit("GET", "/", &[("host", "localhost:4321"), ("host", "localhost:4321")]), Err(400));
        assert_eq!(
            admit("GET", "http://localhost:4321/", &[("host", "localhost:4321")]).unwrap(),
            "localhost:4321"
        );
        assert_eq!(admit("GET", "http://evil.example/", &[("host", "localhost:4321")]), Err(421));
    }

    #[test]
    fn other_methods_origins_and_contexts_are_refused_in_this_order() {
        let ours = ("host", "localhost:4321");
        for (method, uri, more, expected) in [
            ("POST", "/", &[][..], 405),
            ("OPTIONS", "/", &[], 405),
            ("POST", "/post", &[], 200),
            ("PUT", "/post", &[], 405),
            ("HEAD", "/", &[("origin", "http://localhost:4321")], 200),
            ("GET", "/", &[("origin", "http://LOCALHOST:4321")], 200),
            ("GET", "/", &[("origin", "https://localhost:4321")], 403),
            ("GET", "/", &[("origin", "http://localhost:3000")], 403),
            ("GET", "/", &[("origin", "http://127.0.0.1:4321")], 403),
            ("GET", "/", &[("origin", "null")], 403),
            ("GET", "/", &[("origin", "%")], 403),
            ("POST", "/", &[("origin", "http://evil.example")], 405),
            ("GET", "/", &[("sec-fetch-site", "none")], 200),
            ("GET", "/", &[("sec-fetch-site", "same-origin")], 200),
            ("GET", "/", &[("sec-fetch-site", "same-site")], 403),
            ("GET", "/", &[("sec-fetch-site", "cross-site")], 403),
            ("GET", "/", &[("sec-fetch-site", "SAME-ORIGIN")], 403),
            (
                "GET",
                "/",
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", "document"),
                ],
                200,
            ),
            (
                "GET",
                "/",
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", "iframe"),
                ],
                403,
            ),
            (
                "POST",
                "/post",
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", "document"),
                ],
                403,
            ),
        ] {
            let headers: Vec<_> = [ours].iter().chain(more).copied().collect();
            let status = admit(method, uri, &headers).map_or_else(|it| it, |_| 200);
            assert_eq!(status, expected, "{method} {uri} {more:?}");
        }
        let proxied = [("host", "desk.example"), ("origin", "https://desk.example")];
        assert!(admit("GET", "/", &proxied).is_ok());
    }
}
