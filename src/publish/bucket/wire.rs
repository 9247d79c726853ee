//! HTTP for `object_store`: one request at a time on the calling thread, with limits on time, and a memory of how the
//! host answered.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt as _;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use object_store::{ClientOptions, RetryConfig};
use ureq::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use ureq::http::{HeaderMap, Method, Request, Response};
use ureq::{Agent, Body, Error, Timeout};

use crate::publish::store::{StoreError, Trouble};

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the host takes or sends the next bytes.
    pub silence: Duration,
    /// One request, with its body and that of its answer.
    pub whole: Duration,
    /// How long a record is left alone before we look whether it is still ours, where the store does not compare.
    pub settle: Duration,
    /// How many requests are under way at once, at most. Fewer for a while when the host says that it is too much.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            whole: Duration::from_secs(600),
            settle: Duration::from_secs(3),
            at_once: 16,
        }
    }
}

/// Answers are short, but for those to a question for bytes; what goes on is no answer of a store.
const MOST_OF_AN_ANSWER: u64 = 64 * 1024;

/// Where machines in clouds find credentials. They are asked without encryption, and are next door or nowhere.
const METADATA_HOSTS: [&str; 3] = ["169.254.169.254", "169.254.170.2", "metadata.google.internal"];

/// How the last request of a thread ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// The host answered.
    Answer {
        /// The status.
        status: u16,
        /// The host's own word for what is wrong: `AccessDenied`.
        code: String,
        /// How long it asks us to wait.
        wait: Option<Duration>,
    },
    /// It did not.
    Silence {
        /// What happened.
        what: &'static str,
        /// Whether it may be otherwise in a moment.
        again: bool,
    },
    /// No credentials are in the environment, and this machine has none of its own.
    NoCredentials,
    /// The host said that all is well.
    Fine,
}

impl Heard {
    /// The status, if there is one.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Heard::Answer { status, .. } => Some(*status),
            Heard::Silence { .. } | Heard::NoCredentials | Heard::Fine => None,
        }
    }

    fn code(&self) -> &str {
        match self {
            Heard::Answer { code, .. } => code,
            Heard::Silence { .. } | Heard::NoCredentials | Heard::Fine => "",
        }
    }

    /// Whether there is no file of that name, in a bucket that there is.
    pub(super) fn is_no_object(&self) -> bool {
        self.status() == Some(404) && !self.is_no_bucket()
    }

    /// Whether there is no such bucket.
    pub(super) fn is_no_bucket(&self) -> bool {
        self.status() == Some(404) && matches!(self.code(), "NoSuchBucket" | "ContainerNotFound")
    }

    /// Whether the host does not know requests of this kind at all.
    pub(super) fn is_unheard_of(&self) -> bool {
        matches!(self.status(), Some(400 | 405 | 501))
    }

    /// The error for people.
    pub(super) fn told(&self) -> StoreError {
        match self {
            Heard::Answer { status, code, wait } => {
                let code = if code.is_empty() { String::new() } else { format!(" ({code})") };
                let hint = match self.is_no_bucket() {
                    true => "; we do not make buckets",
                    false => hint(self.code()),
                };
                let error =
                    StoreError::of_status(*status, *wait, format!("the host answered {status}{code}{hint}"));
                match self.code() {
                    // CloudFront says so with 400.
                    "TooManyInvalidationsInProgress" => {
                        StoreError { trouble: Trouble::Again(*wait), ..error }
                    }
                    _ => error,
                }
            }
            Heard::Silence { what, again } => {
                let trouble = if *again { Trouble::Again(None) } else { Trouble::Final };
                StoreError::new(trouble, *what)
            }
            Heard::NoCredentials => StoreError::new(
                Trouble::Final,
                "there are no credentials in the environment, and this machine has none of its own",
            ),
            Heard::Fine => StoreError::new(Trouble::Final, "the host's answer is not that of a store"),
        }
    }
}

/// What some codes mean for somebody who has not set up many buckets.
fn hint(code: &str) -> &'static str {
    match code {
        "SignatureDoesNotMatch" | "InvalidAccessKeyId" => {
            "; the key and its secret do not belong together there"
        }
        "RequestTimeTooSkewed" => "; the clock of this machine is wrong",
        "AuthorizationHeaderMalformed" | "PermanentRedirect" => "; the bucket is in another region",
        "ExpiredToken" => "; the credentials are too old",
        _ => "",
    }
}

thread_local! {
    /// How the last request of this thread ended. A request is made, sent and answered on one thread.
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

/// What speaks HTTP, for all requests to one bucket.
#[derive(Debug)]
pub(super) struct Wire {
    agent: Agent,
    /// For hosts that either answer at once or are not there.
    nearby: Agent,
    limits: Limits,
    allow_plain: bool,
    gate: Gate,
}

impl Wire {
    pub(super) fn new(limits: Limits, allow_plain: bool) -> Wire {
        let brief = Duration::from_secs(1);
        let nearby = Limits { connect: brief, silence: brief, whole: 2 * brief, ..limits };
        Wire {
            agent: agent(&limits),
            nearby: agent(&nearby),
            limits,
            allow_plain,
            gate: Gate::new(limits.at_once),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What a client of a cloud is made with, so that it speaks over this and leaves trying again to the driver, which knows how long
    /// the host asks us to wait.
    pub(super) fn client(self: &Arc<Wire>) -> (ClientOptions, RetryConfig, Connector) {
        let options = ClientOptions::new().with_allow_http(self.allow_plain);
        let retry_timeout = self.limits.whole;
        let retry = RetryConfig { max_retries: 0, retry_timeout, ..RetryConfig::default() };
        (options, retry, Connector(Arc::clone(self)))
    }

    /// Runs what makes requests on this thread, and says how the last of them ended; `None` when there was none.
    pub(super) fn listen<T>(run: impl FnOnce() -> T) -> (T, Option<Heard>) {
        HEARD.set(None);
        let value = run();
        (value, HEARD.take())
    }

    /// Sends a request with this body, on this thread.
    pub(super) fn send(&self, request: HttpRequest, body: &[u8]) -> Result<HttpResponse, HttpError> {
        let (mut parts, _) = request.into_parts();
        let is_nearby = parts.uri.host().is_some_and(|it| METADATA_HOSTS.contains(&it));
        let is_encrypted = parts.uri.scheme_str() == Some("https");
        if !is_encrypted && !is_nearby && !self.allow_plain {
            return Err(silence("it would be asked without encryption, which nobody wished for", false));
        }
        let agent = if is_nearby { &self.nearby } else { &self.agent };
        let is_write = matches!(parts.method, Method::PUT | Method::POST);
        let _place = self.gate.enter();
        let sent = if is_write {
            parts.headers.insert(CONTENT_LENGTH, body.len().into());
            agent.run(Request::from_parts(parts, body))
        } else {
            agent.run(Request::from_parts(parts, ()))
        };
        match sent {
            Ok(response) => self.answered(response, is_write, is_nearby),
            Err(error) => Err(failed(&error, is_nearby)),
        }
    }

    fn answered(
        &self,
        response: Response<Body>,
        is_write: bool,
        is_nearby: bool,
    ) -> Result<HttpResponse, HttpError> {
        let (parts, mut body) = response.into_parts();
        let status = parts.status.as_u16();
        let is_error = !parts.status.is_success();
        let limit = if is_error || is_write { MOST_OF_AN_ANSWER } else { u64::MAX };
        let bytes = match body.with_config().limit(limit).read_to_vec() {
            Ok(bytes) => bytes,
            Err(_) if is_error => Vec::new(),
            Err(error) => return Err(failed(&error, is_nearby)),
        };
        let code = if is_error || is_write { code(&bytes) } else { String::new() };
        if matches!(status, 429 | 503) {
            self.gate.narrow();
        } else if !is_error {
            self.gate.widen();
        }
        HEARD.set(Some(match is_error {
            true if is_nearby => Heard::NoCredentials,
            true => Heard::Answer { status, code, wait: wait(&parts.headers) },
            false if code.is_empty() => Heard::Fine,
            // S3 begins some answers before it knows how they end.
            false => Heard::Answer { status: 500, code, wait: None },
        }));
        Ok(HttpResponse::from_parts(parts, bytes.into()))
    }
}

fn agent(limits: &Limits) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        // A signature holds for one host: where that redirects to, it is worth nothing, or too much.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(limits.whole))
        .timeout_resolve(Some(limits.connect))
        .timeout_connect(Some(limits.connect))
        .timeout_recv_response(Some(limits.silence))
        .timeout_per_read(Some(limits.silence))
        .timeout_per_write(Some(limits.silence))
        .max_idle_connections(limits.at_once)
        .max_idle_connections_per_host(limits.at_once)
        .user_agent(concat!("rejoinder/", env!("CARGO_PKG_VERSION")));
    config.build().new_agent()
}

/// `Retry-After` in seconds. Where it is a date, our own pause has to do: stores send none.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// The host's own word for what is wrong: `<Code>` of S3, Google and Azure, `"error"` of those that give tokens. A word and
/// nothing else, since the rest of such answers may quote what we sent.
fn code(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let behind = |start: &str, end: char| Some(text.split_once(start)?.1.split_once(end)?.0.to_owned());
    let code = behind("<Code>", '<').or_else(|| behind("\"error\":\"", '"')).unwrap_or_default();
    let is_word = code.len() <= 64 && code.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if is_word { code } else { String::new() }
}

fn silence(what: &'static str, again: bool) -> HttpError {
    HEARD.set(Some(Heard::Silence { what, again }));
    // What kind it is makes no difference: nothing is tried again in there.
    HttpError::new(HttpErrorKind::Unknown, std::io::Error::other(what))
}

fn failed(error: &Error, is_nearby: bool) -> HttpError {
    if is_nearby {
        HEARD.set(Some(Heard::NoCredentials));
        return HttpError::new(HttpErrorKind::Unknown, std::io::Error::other("no such host"));
    }
    match error {
        Error::HostNotFound => silence("there is no host of that name, or this machine is offline", false),
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            silence("no connection came about in time", true)
        }
        Error::Timeout(_) => silence("the host did not answer in time", true),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => {
            silence("the host's certificate or encryption is not one we trust", false)
        }
        Error::BadUri(_) | Error::Http(_) => silence("its address makes no sense", false),
        Error::InvalidProxyUrl => silence("the proxy in the environment makes no sense", false),
        Error::Io(cause) if cause.kind() == ErrorKind::ConnectionRefused => {
            silence("the host does not take connections", true)
        }
        _ => silence("the connection was cut", true),
    }
}

/// What the crate gets its clients from.
#[derive(Debug)]
pub(super) struct Connector(pub(super) Arc<Wire>);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Client(Arc::clone(&self.0))))
    }
}

#[derive(Debug)]
struct Client(Arc<Wire>);

impl HttpService for Client {
    fn call<'a, 'r>(
        &'a self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'r>>
    where
        'a: 'r,
        Self: 'r,
    {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            // It lies in memory: this waits for nothing.
            let bytes = body.collect().await?.to_bytes();
            self.0.send(HttpRequest::from_parts(parts, Vec::new().into()), &bytes)
        })
    }
}

/// How many may ask at once: half as many after each answer that it is too much, and slowly more again.
#[derive(Debug)]
struct Gate {
    most: f64,
    state: Mutex<Open>,
    left: Condvar,
}

#[derive(Debug)]
struct Open {
    /// How many may, at least one. Parts count towards the next whole.
    limit: f64,
    inside: usize,
}

impl Gate {
    fn new(most: usize) -> Gate {
        let most = most.max(1) as f64;
        Gate { most, state: Mutex::new(Open { limit: most, inside: 0 }), left: Condvar::new() }
    }

    fn enter(&self) -> Place<'_> {
        let mut state = lock(&self.state);
        while state.inside as f64 + 1.0 > state.limit {
            state = self.left.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.inside += 1;
        Place(self)
    }

    fn narrow(&self) {
        let mut state = lock(&self.state);
        state.limit = (state.limit / 2.0).max(1.0);
    }

    fn widen(&self) {
        let mut state = lock(&self.state);
        state.limit = (state.limit + 1.0 / state.limit).min(self.most);
    }
}

/// A place inside, left when it goes.
struct Place<'a>(&'a Gate);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).inside -= 1;
        // More than one may have room since it became wider.
        self.0.left.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_error_only_a_word_is_told() {
        let cases = [
            (
                "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>",
                "AccessDenied",
            ),
            ("{\"error\":\"invalid_grant\",\"error_description\":\"x\"}", "invalid_grant"),
            ("<Error><Code>AKIA EXAMPLE</Code></Error>", ""),
            ("<Code>", ""),
            ("", ""),
        ];
        for (answer, expected) in cases {
            assert_eq!(code(answer.as_bytes()), expected, "{answer}");
        }
        assert_eq!(code(format!("<Code>{}</Code>", "a".repeat(65)).as_bytes()), "");
    }

    #[test]
    fn fewer_ask_at_once_after_it_was_too_much() {
        let gate = Gate::new(16);
        gate.narrow();
        gate.narrow();
        assert_eq!(lock(&gate.state).limit, 4.0);
        for _ in 0..6 {
            gate.narrow();
        }
        assert_eq!(lock(&gate.state).limit, 1.0, "one may always ask");
        let place = gate.enter();
        assert_eq!(lock(&gate.state).inside, 1);
        drop(place);
        assert_eq!(lock(&gate.state).inside, 0);
        for _ in 0..1000 {
            gate.widen();
        }
        assert_eq!(lock(&gate.state).limit, 16.0);
    }

    #[test]
    fn a_wait_is_read_in_seconds() {
        let headers = |value: &str| HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        assert_eq!(wait(&headers(" 7 ")), Some(Duration::from_secs(7)));
        assert_eq!(wait(&headers("Wed, 21 Oct 2015 07:28:00 GMT")), None);
        assert_eq!(wait(&headers("-1")), None);
        assert_eq!(wait(&HeaderMap::new()), None);
    }
}
