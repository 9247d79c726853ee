//! A made-up site, a server for it, and a client that sends whatever bytes it is told to.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rejoinder::preview::{Generation, Hub, Listen, Options, Problem, Problems, Publication, Server};

/// A site that is only here.
#[derive(Clone, Default)]
pub(super) struct Fake {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Pages that cannot be made.
    pub(super) broken: BTreeMap<String, Arc<Problems>>,
}

impl Fake {
    pub(super) fn new(files: &[(&str, &str)]) -> Fake {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Fake { files: files.collect(), ..Fake::default() }
    }
}

impl Generation for Fake {
    fn has(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.broken.contains_key(path)
    }

    fn file(&self, path: &str) -> Option<Result<Arc<[u8]>, Arc<Problems>>> {
        if let Some(problems) = self.broken.get(path) {
            return Some(Err(Arc::clone(problems)));
        }
        self.files.get(path).map(|bytes| Ok(Arc::from(bytes.as_slice())))
    }

    fn source(&self, path: &str) -> Option<String> {
        path.strip_suffix("index.html").map(|dir| format!("content/{dir}_page.md"))
    }
}

/// What is wrong with one file.
pub(super) fn problems(file: &str, line: usize, text: &str) -> Problems {
    let problem = Problem {
        level: "error",
        code: "some-problem".to_owned(),
        message: "something is wrong".to_owned(),
        file: Some(file.to_owned()),
        line,
        column: 1,
        page: None,
        text: text.to_owned(),
    };
    Problems {
        errors: vec![problem],
        n_errors: 1,
        n_warnings: 0,
        summary: "1 error in 1 file.".to_owned(),
        id: format!("{line}-{}", text.len()),
    }
}

/// A server and the hub it shows.
pub(super) struct Running {
    pub(super) hub: Arc<Hub>,
    pub(super) server: Server,
}

impl Running {
    pub(super) fn new(options: Options) -> Running {
        let hub = Arc::new(Hub::default());
        let listen = Listen { port: Some(0), ..options.listen };
        let server = Server::start(Arc::clone(&hub), Options { listen, ..options }).unwrap();
        Running { hub, server }
    }

    /// With a site, and pages that follow changes.
    pub(super) fn with(site: Fake) -> Running {
        let running = Running::new(Options { reload: true, ..Options::default() });
        running.publish(site);
        running
    }

    pub(super) fn publish(&self, site: Fake) {
        let (drafts, assets, problems) = (None, Vec::new(), Problems::default());
        self.hub.publish(Publication { site: Arc::new(site), drafts, assets, problems });
    }

    pub(super) fn port(&self) -> u16 {
        self.server.port()
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends bytes and reads one answer, or until the server closes.
    pub(super) fn send(&self, bytes: &[u8]) -> Vec<u8> {
        self.send_within(bytes, Duration::from_secs(2))
    }

    /// The same; after so long without an answer the client says that nothing more will come.
    pub(super) fn send_within(&self, bytes: &[u8], patience: Duration) -> Vec<u8> {
        let mut stream = self.connect();
        stream.set_read_timeout(Some(patience)).unwrap();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let mut chunk = [0; 16 << 10];
        let mut is_done = false;
        loop {
            match stream.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => answer.extend_from_slice(&chunk[..n]),
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) && !is_done =>
                {
                    is_done = true;
                    let _ = stream.shutdown(Shutdown::Write);
                }
                Err(_) => break,
            }
            if Answer::read(&answer).is_some_and(|it| it.is_whole(bytes.starts_with(b"HEAD "))) {
                break;
            }
        }
        answer
    }

    /// Sends a request with a method, an address and header lines besides the host.
    pub(super) fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let host = format!("Host: localhost:{}", self.port());
        let lines: Vec<&str> =
            [host.as_str(), "Connection: close"].into_iter().chain(headers.iter().copied()).collect();
        self.ask_as(method, path, &lines)
    }

    /// Sends a request with these header lines only.
    pub(super) fn ask_as(&self, method: &str, path: &str, lines: &[&str]) -> Answer {
        let request = format!("{method} {path} HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n"));
        let answer = self.send(request.as_bytes());
        Answer::read(&answer).unwrap_or_else(|| panic!("no answer to {method} {path} {lines:?}"))
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// The address of one of the preview's own, as pages know it.
    pub(super) fn own(&self, name: &str) -> String {
        let page = self.get("/");
        let start = page.text().find("/_rejoinder/").expect("pages hold the script");
        format!("{}{name}", &page.text()[start..start + "/_rejoinder/".len() + 33])
    }
}

/// An answer, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn read(bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let status = head.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
        Some(Answer { status, head, body: bytes[end + 4..].to_vec() })
    }

    /// The value of a header; empty when it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    fn is_whole(&self, is_head: bool) -> bool {
        let length = self.header("content-length").parse::<usize>();
        is_head || matches!(self.status, 204 | 304) || length.is_ok_and(|it| self.body.len() >= it)
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
