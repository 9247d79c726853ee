//! The server: listens, lets requests through the guard, and hands them to whoever answers.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::watch;
use tokio::time;

use super::answer::{Ask, Place, Setup, answer, locate, plain, respond};
use super::body::Body;
use super::connections::{Connection, Connections};
use super::events;
use super::guard::{Guard, Visitor};
use super::host::HostRules;
use super::hub::Hub;
use super::io::{Clock, Socket, first};
use super::listen::{self, Listen};
use super::problems::Problems;
use crate::diag::Failure;
use crate::edition::headers;
use crate::text::percent_decode;

/// What runs in every tab.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("client/tab.js"),
    include_str!("client/styles.js"),
    include_str!("client/morph.js"),
    include_str!("client/overlay.js"),
    include_str!("client/chip.js"),
    "start();\n})();\n"
);

/// How the preview runs.
#[derive(Default)]
pub struct Options {
    /// Where it listens.
    pub listen: Listen,
    /// Names it answers for besides those of the loopback interface; each perhaps with a port.
    pub allowed_hosts: Vec<String>,
    /// Which host's rules it follows.
    pub host: HostRules,
    /// The path of the site's address: `/` or, say, `/after-r1/`.
    pub base: String,
    /// Whether pages get the script that follows changes.
    pub reload: bool,
    /// Opens a file of the project in the author's editor. Without it nobody is offered to.
    pub editor: Option<Editor>,
    /// Called on Ctrl-C, and when the system or the terminal asks the program to end. With it, these no longer end the
    /// process by themselves.
    pub on_signal: Option<Box<dyn Fn() + Send + Sync>>,
    /// How much clients may ask for.
    pub limits: Limits,
}

/// Opens a place in the author's editor; an error is a sentence.
pub type Editor = Box<dyn Fn(&Spot) -> Result<(), String> + Send + Sync>;

/// A place in a file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Relative to the project, with `/`.
    pub file: String,
    /// From 1; 0 for the file as a whole.
    pub line: usize,
    /// From 1; 0 for the line as a whole.
    pub column: usize,
}

/// How much clients may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time. One more takes the place of the oldest that asks for nothing.
    pub connections: usize,
    /// How long a header may take to arrive, a connection may ask for nothing, and a client may take nothing of its answer.
    pub patience: Duration,
    /// Bytes of a header.
    pub header: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { connections: 512, patience: Duration::from_secs(30), header: 16 << 10 }
    }
}

/// A preview that runs. Dropped, it ends: within a second no connection and no port is left.
pub struct Server {
    port: u16,
    moved: bool,
    base: String,
    end: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// Everything that a connection needs.
struct State {
    hub: Arc<Hub>,
    setup: Arc<Setup>,
    guard: Guard,
    limits: Limits,
    editor: Option<Editor>,
    streams: Arc<AtomicUsize>,
}

impl Server {
    /// Listens, and answers from a thread of its own with what the hub holds.
    ///
    /// # Errors
    /// When it cannot listen there, or the system gives no thread or no random bytes.
    pub fn start(hub: Arc<Hub>, options: Options) -> Result<Server, Failure> {
        let Options { listen, allowed_hosts, host, base, reload, editor, on_signal, limits } = options;
        let bound = listen::bind(listen)?;
        let base = percent_decode(base.trim_matches('/')).unwrap_or_default().into_owned();
        let base = if base.is_empty() { base } else { format!("{base}/") };
        let setup = Arc::new(Setup { host, base: base.clone(), token: token()?, reload });
        let allowed = allowed_hosts.into_iter().map(|it| it.to_ascii_lowercase()).collect();
        let guard = Guard { port: bound.port, allowed };
        let state = Arc::new(State { hub, setup, guard, limits, editor, streams: Arc::default() });
        let cannot = |error: std::io::Error| Failure::machine("cannot start the preview", &error);
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(8)
            .build()
            .map_err(cannot)?;
        let listeners = {
            // Registered before this returns, so that an address that was told is one that answers.
            let _inside = runtime.enter();
            let listeners = bound.listeners.into_iter().map(TcpListener::from_std);
            listeners.collect::<Result<Vec<_>, _>>().map_err(cannot)?
        };
        let (end, ended) = watch::channel(false);
        let run = move || {
            runtime.block_on(run(state, listeners, on_signal, ended));
            // A page that is being made right now is nobody's any more.
            runtime.shutdown_timeout(Duration::from_millis(200));
        };
        let thread = std::thread::Builder::new().name("preview".to_owned()).spawn(run).map_err(cannot)?;
        Ok(Server { port: bound.port, moved: bound.moved, base, end, thread: Some(thread) })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether the port that is usual was taken, so that this is another one.
    pub fn has_moved(&self) -> bool {
        self.moved
    }

    /// Where to look: `http://localhost:4321/`.
    pub fn url(&self) -> String {
        let parts: Vec<String> = self.base.split('/').map(crate::text::percent_encode_path).collect();
        format!("http://localhost:{}/{}", self.port, parts.join("/"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // If it panicked, it has ended too.
            let _ = thread.join();
        }
    }
}

/// 128 bits that nobody can guess, in hexadecimal.
fn token() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::machine("the system gives no random bytes", &error))?;
    Ok(bytes.iter().map(|it| format!("{it:02x}")).collect())
}

async fn run(
    state: Arc<State>,
    listeners: Vec<TcpListener>,
    on_signal: Option<Box<dyn Fn() + Send + Sync>>,
    mut ended: watch::Receiver<bool>,
) {
    let connections = Connections::new(state.limits.connections);
    for listener in listeners {
        tokio::spawn(accept(Arc::clone(&state), listener, Arc::clone(&connections)));
    }
    if let Some(on_signal) = on_signal {
        tokio::spawn(heed(on_signal));
    }
    // Also when the sender is gone.
    let _ = ended.wait_for(|it| *it).await;
}

/// Waits for the signals that ask a program to end.
async fn heed(on_signal: Box<dyn Fn() + Send + Sync>) {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else { return };
    loop {
        first([
            pin!(async { interrupt.recv().await }),
            pin!(async { terminate.recv().await }),
            pin!(async { hangup.recv().await }),
        ])
        .await;
        on_signal();
    }
}

async fn accept(state: Arc<State>, listener: TcpListener, connections: Arc<Connections>) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without a seat it is closed at once.
                if let Some(seat) = connections.seat() {
                    let state = Arc::clone(&state);
                    tokio::spawn(async move { talk(&state, stream, peer, &seat.connection).await });
                }
            }
            // Out of descriptors, or a client that left in between: others may leave, too.
            Err(_) => time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Answers one connection until it ends or has to.
async fn talk(state: &Arc<State>, stream: TcpStream, peer: SocketAddr, connection: &Arc<Connection>) {
    let Ok(local) = stream.local_addr() else { return };
    // Small answers wait for nothing.
    let _ = stream.set_nodelay(true);
    let link = Link { peer: peer.ip().to_canonical(), local };
    let service = service_fn(|request: Request<Incoming>| {
        let (state, busy) = (Arc::clone(state), connection.busy());
        async move {
            let mut response = reply(&state, link, request).await;
            finish(response.headers_mut());
            response.body_mut().busy = Some(busy);
            Ok::<_, Infallible>(response)
        }
    });
    let talking = http1::Builder::new()
        .timer(Clock)
        .header_read_timeout(state.limits.patience)
        .max_header_size(state.limits.header)
        .serve_connection(Socket::new(stream, state.limits.patience), service);
    // What a client did wrong is its own affair.
    first([pin!(async { drop(talking.await) }), pin!(connection.end.notified())]).await;
}

/// Both ends of a connection.
#[derive(Clone, Copy)]
struct Link {
    peer: IpAddr,
    local: SocketAddr,
}

async fn reply(state: &Arc<State>, link: Link, request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let (script, stream, editor) =
        (state.setup.own("preview.js"), state.setup.own("events"), state.setup.own("editor"));
    let visitor = Visitor {
        method: &parts.method,
        uri: &parts.uri,
        headers: &parts.headers,
        local: link.local,
        takes_post: path == editor,
    };
    let host = match state.guard.admit(&visitor) {
        Ok(host) => host,
        Err(refusal) => {
            let mut response = plain(refusal.status.as_u16(), &refusal.why);
            if refusal.status == hyper::StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            return unread(response, &body);
        }
    };
    if !body.is_end_stream() {
        return unread(plain(413, "The preview takes no bodies."), &body);
    }
    let query = parts.uri.query().unwrap_or("");
    let is_post = parts.method == Method::POST;
    if path == script {
        let mut response = respond(200, Body::bytes(SCRIPT));
        response.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static(headers::media_type("preview.js").unwrap_or(headers::BYTES)),
        );
        return response;
    }
    if path == stream {
        let Some((ask, seen)) = events::tab(query, &host) else { return plain(400, "Which page?") };
        let (hub, setup) = (Arc::clone(&state.hub), Arc::clone(&state.setup));
        let body = match parts.method == Method::HEAD {
            true => Body::bytes(""),
            false => events::open(events::Stream { hub, setup, ask, seen }, &state.streams),
        };
        let mut response = respond(200, body);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        return response;
    }
    if path == editor {
        return match is_post {
            true => edit(state, link, query.to_owned(), host).await,
            false => plain(405, "This is asked with POST."),
        };
    }
    let if_none_match = parts.headers.get(IF_NONE_MATCH).and_then(|it| it.to_str().ok()).map(str::to_owned);
    let query = parts.uri.query().map(str::to_owned);
    let ask = Ask { path: path.to_owned(), query, host, if_none_match };
    let (shown, setup) = (state.hub.shown(), Arc::clone(&state.setup));
    blocking(move || answer(&shown, &setup, &ask)).await
}

/// Makes an answer on a thread that may take its time.
async fn blocking(make: impl FnOnce() -> Response<Body> + Send + 'static) -> Response<Body> {
    let made = tokio::task::spawn_blocking(make).await;
    made.unwrap_or_else(|_| plain(500, "Making this page went wrong; the terminal says how."))
}

/// An answer to a request whose body nobody reads: the connection ends with it.
fn unread(mut response: Response<Body>, body: &Incoming) -> Response<Body> {
    if !body.is_end_stream() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What every answer carries: nothing is kept, nothing is guessed, nothing is for other origins.
fn finish(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// Opens a place in the author's editor. A tab names a problem that it was told of, or its own page; which file that is, only
/// we say, so that no path comes in from outside.
async fn edit(state: &Arc<State>, link: Link, query: String, host: String) -> Response<Body> {
    if !link.peer.is_loopback() {
        return plain(403, "Only a browser on this machine may open the editor.");
    }
    let state = Arc::clone(state);
    blocking(move || {
        let Some(editor) = &state.editor else {
            return plain(404, "No editor is known: set VISUAL or EDITOR.");
        };
        let Some(spot) = spot(&state, &query, &host) else {
            return plain(409, "This is no longer so.");
        };
        match editor(&spot) {
            Ok(()) => respond(204, Body::bytes("")),
            Err(why) => plain(500, &why),
        }
    })
    .await
}

/// The place that `problem=ID&number=N` or `source` means for the page in `page=…`.
fn spot(state: &State, query: &str, host: &str) -> Option<Spot> {
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let (ask, _) = events::tab(query, host)?;
    let shown = state.hub.shown();
    let page = || {
        let layer = shown.layer(ask.wants_drafts())?;
        match locate(layer, &state.setup, &ask) {
            Place::File { path, .. } => Some((layer, path)),
            Place::Moved { .. } | Place::Not { .. } => None,
        }
    };
    let Some(id) = value("problem") else {
        let (layer, path) = page()?;
        return Some(Spot { file: layer.generation.source(&path)?, line: 0, column: 0 });
    };
    let number: usize = value("number")?.parse().ok()?;
    let in_problems = |problems: &Problems| {
        let problem = problems.errors.get(number).filter(|_| problems.id == id)?;
        Some(Spot { file: problem.file.clone()?, line: problem.line, column: problem.column })
    };
    in_problems(&shown.problems).or_else(|| {
        let (layer, path) = page()?;
        in_problems(layer.generation.file(&path)?.err().as_deref()?)
    })
}
