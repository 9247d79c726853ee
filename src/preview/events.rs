//! What open tabs are told, as server-sent events (HTML Standard, §9.2).
//!
//! Each message is the whole state of one tab's page, so that a tab that missed some needs only the next. A tab closes its
//! stream while nobody looks at it. Browsers open six connections to one origin; so that windows side by side cannot use
//! them up, only the first four streams stay open, and the others get one message and come back a second later.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::body::Bytes;
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::time;

use super::answer::{Ask, Place, Setup, locate};
use super::body::Body;
use super::hub::{Hub, Shown};
use super::io::first;
use super::page::Digests;
use super::problems::{Problem, Problems};
use crate::text::{percent_decode, percent_encode_path};

/// How many streams stay open.
const STREAMS: usize = 4;

/// How often a silent stream says that it is there, so that one whose tab is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// One tab's stream.
pub(super) struct Stream {
    pub(super) hub: Arc<Hub>,
    pub(super) setup: Arc<Setup>,
    /// The tab's address, as a request for it.
    pub(super) ask: Ask,
    /// The state that the tab knows.
    pub(super) seen: u64,
}

/// The whole state, for one tab.
#[derive(Serialize)]
struct Message<'s> {
    /// Which state of everything this is.
    revision: u64,
    /// The digest of what stands at the tab's address; empty when it cannot be made.
    page: String,
    /// The digest of its body.
    body: String,
    /// Addresses of assets that changed under their names, with the state in which they did.
    assets: BTreeMap<String, u64>,
    /// What is wrong.
    errors: &'s [Problem],
    /// How many errors there are; there may be more than are told.
    n_errors: usize,
    n_warnings: usize,
    /// Differs whenever the errors do.
    problems: &'s str,
    /// The counts as a sentence.
    summary: &'s str,
    /// Whether there is a layer with drafts.
    drafts: bool,
    /// The file the page is written in.
    source: Option<String>,
}

/// Reads which address a tab looks at and what it knows, from `page=…&seen=…`.
pub(super) fn tab(query: &str, host: &str) -> Option<(Ask, u64)> {
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let page = percent_decode(value("page")?)?.into_owned();
    let (path, query) =
        page.split_once('?').map_or((page.as_str(), None), |(path, it)| (path, Some(it.to_owned())));
    let ask = Ask { path: path.to_owned(), query, host: host.to_owned(), if_none_match: None };
    Some((ask, value("seen").and_then(|it| it.parse().ok()).unwrap_or(0)))
}

/// Starts a stream. `streams` counts those that are open.
pub(super) fn open(stream: Stream, streams: &Arc<AtomicUsize>) -> Body {
    let (send, receive) = mpsc::channel(4);
    let open = Open::new(streams);
    tokio::spawn(async move {
        // A closed stream is a tab that left.
        let _ = tell(stream, open, send).await;
    });
    Body::events(receive)
}

async fn tell(stream: Stream, open: Option<Open>, send: mpsc::Sender<Bytes>) -> Result<(), Closed> {
    let stream = Arc::new(stream);
    let mut news = stream.hub.listen();
    let retry = if open.is_some() { 300 } else { 1000 };
    send.send(Bytes::from(format!("retry: {retry}\n\n"))).await.map_err(|_| Closed)?;
    // Counted until the stream ends.
    let mut _look = None;
    loop {
        let shown = Arc::clone(&news.borrow_and_update());
        let (text, path) = {
            let (stream, shown) = (Arc::clone(&stream), Arc::clone(&shown));
            let made = tokio::task::spawn_blocking(move || message(&shown, &stream)).await;
            made.map_err(|_| Closed)?
        };
        // Before the message, so that whoever hears of one state is already counted for the next.
        _look = path.map(|path| stream.hub.look(&path));
        send.send(text).await.map_err(|_| Closed)?;
        if open.is_none() {
            return Ok(());
        }
        wait(&mut news, &send).await?;
    }
}

/// Waits for the next state, and says now and then that the stream is alive.
async fn wait(news: &mut watch::Receiver<Arc<Shown>>, send: &mpsc::Sender<Bytes>) -> Result<(), Closed> {
    enum Woken {
        News(bool),
        Left,
        Silence,
    }
    loop {
        let woken = first([
            pin!(async { Woken::News(news.changed().await.is_ok()) }),
            pin!(async {
                send.closed().await;
                Woken::Left
            }),
            pin!(async {
                time::sleep(HEARTBEAT).await;
                Woken::Silence
            }),
        ])
        .await;
        match woken {
            Woken::News(true) => return Ok(()),
            Woken::News(false) | Woken::Left => return Err(Closed),
            Woken::Silence => send.send(Bytes::from_static(b":\n\n")).await.map_err(|_| Closed)?,
        }
    }
}

/// The message for one tab, and the file it looks at.
fn message(shown: &Shown, stream: &Stream) -> (Bytes, Option<String>) {
    let Stream { setup, ask, seen, .. } = stream;
    let layer = shown.layer(ask.wants_drafts());
    let mut digests = Digests::default();
    let mut of_page = None;
    let mut path = None;
    let mut source = None;
    match layer.map(|layer| (layer, locate(layer, setup, ask))) {
        Some((layer, Place::File { path: file, status })) => {
            match layer.generation.file(&file) {
                Some(Ok(bytes)) => digests = Digests::of(&file, status, &bytes),
                Some(Err(problems)) => of_page = Some(problems),
                None => (),
            }
            source = layer.generation.source(&file);
            path = Some(file);
        }
        // Nothing a tab could show in place: it loads the address anew.
        Some((_, Place::Moved { location, status })) => {
            digests = Digests::of(&location, status, b"");
        }
        Some((_, Place::Not { status, why })) => digests = Digests::of("", status, why.as_bytes()),
        None => (),
    }
    let problems: &Problems = match &of_page {
        Some(problems) if !shown.problems.has_errors() => problems,
        Some(_) | None => &shown.problems,
    };
    let assets = shown.assets.iter().filter(|(_, revision)| *revision > seen);
    let message = Message {
        revision: shown.revision,
        page: digests.page,
        body: digests.body,
        assets: assets.map(|(path, revision)| (address(setup, path), *revision)).collect(),
        errors: &problems.errors,
        n_errors: problems.n_errors,
        n_warnings: problems.n_warnings,
        problems: &problems.id,
        summary: &problems.summary,
        drafts: shown.drafts.is_some(),
        source,
    };
    let json = serde_json::to_string(&message).expect("the shape has text keys and finite numbers only");
    (Bytes::from(format!("data: {json}\n\n")), path)
}

/// The address of an output file.
fn address(setup: &Setup, path: &str) -> String {
    let path = format!("{}{path}", setup.base);
    path.split('/').map(|part| format!("/{}", percent_encode_path(part))).collect()
}

/// The tab is gone, or the server ends.
struct Closed;

/// One of the streams that stay open.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(streams: &Arc<AtomicUsize>) -> Option<Open> {
        let take = |n: usize| (n < STREAMS).then_some(n + 1);
        streams.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok()?;
        Some(Open(Arc::clone(streams)))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
