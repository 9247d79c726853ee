//! A proxy between us and the server that counts requests and lets some of them go wrong.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The connection is cut before the server hears of it.
    CutBefore,
    /// The server does it, and the connection is cut before anybody hears of that.
    CutAfter,
    /// The server does it, and half of its answer arrives.
    CutWithin,
    /// An answer with this status, and a wish to wait that long.
    Status(u16, Option<u64>),
    /// No answer, for longer than we wait.
    Stall,
}

/// All of them.
pub(super) const FAULTS: [Fault; 7] = [
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::CutWithin,
    Fault::Status(500, None),
    Fault::Status(403, None),
    Fault::Status(429, Some(7)),
    Fault::Stall,
];

/// Which requests go wrong.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    Never,
    /// This one, by its number.
    Once(usize, Fault),
    /// This one and all that follow.
    From(usize, Fault),
}

/// A request that came: its method and its path, without what stands behind `?`.
pub(super) type Seen = (String, String);

/// What becomes of `If-Match` and `If-None-Match`, which some servers do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conditions {
    Kept,
    /// As if they had not been written.
    Ignored,
    /// Such requests are answered with 501.
    Refused,
}

#[derive(Debug)]
struct State {
    when: When,
    seen: Vec<Seen>,
}

pub(super) struct Proxy {
    pub(super) port: u16,
    state: Arc<Mutex<State>>,
}

impl Proxy {
    /// A proxy in front of a port. It goes on until the process ends.
    pub(super) fn start(to: u16) -> Proxy {
        Proxy::with(to, Conditions::Kept)
    }

    /// A proxy that makes a server of another kind out of the one behind it.
    pub(super) fn with(to: u16, conditions: Conditions) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { when: When::Never, seen: Vec::new() }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || drop(serve(client, to, conditions, &state)));
            }
        });
        Proxy { port, state }
    }

    /// From now on. Counts from 0 again.
    pub(super) fn set(&self, when: When) {
        *self.state.lock().unwrap() = State { when, seen: Vec::new() };
    }

    /// What came since.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }
}

/// Serves one connection, which is one request.
fn serve(
    mut client: TcpStream,
    to: u16,
    conditions: Conditions,
    state: &Mutex<State>,
) -> std::io::Result<()> {
    let Some(Request { bytes: request, seen, is_conditional }) = read(&client, conditions)? else {
        return Ok(());
    };
    let fault = {
        let mut state = state.lock().unwrap();
        let number = state.seen.len();
        state.seen.push(seen);
        match state.when {
            When::Once(at, fault) if at == number => Some(fault),
            When::From(at, fault) if at <= number => Some(fault),
            When::Never | When::Once(..) | When::From(..) => {
                Some(Fault::Status(501, None)).filter(|_| is_conditional && conditions == Conditions::Refused)
            }
        }
    };
    let forward = || -> std::io::Result<Vec<u8>> {
        let mut server = TcpStream::connect(("127.0.0.1", to))?;
        server.write_all(&request)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        Ok(answer)
    };
    match fault {
        None => client.write_all(&forward()?)?,
        Some(Fault::CutBefore) => (),
        Some(Fault::CutAfter) => drop(forward()?),
        Some(Fault::CutWithin) => {
            let answer = forward()?;
            client.write_all(&answer[..answer.len() / 2])?;
        }
        Some(Fault::Status(status, wait)) => {
            let wait = wait.map(|it| format!("Retry-After: {it}\r\n")).unwrap_or_default();
            write!(client, "HTTP/1.1 {status} No\r\n{wait}Content-Length: 0\r\nConnection: close\r\n\r\n")?;
        }
        Some(Fault::Stall) => {
            // Until the other side has had enough.
            client.set_read_timeout(Some(Duration::from_secs(20)))?;
            let _ = client.read(&mut [0]);
        }
    }
    client.shutdown(Shutdown::Both)
}

pub(super) struct Request {
    pub(super) bytes: Vec<u8>,
    seen: Seen,
    is_conditional: bool,
}

/// Reads a request whole; `None` when nobody asks after all.
pub(super) fn read(client: &TcpStream, conditions: Conditions) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::new(client);
    let mut bytes = Vec::new();
    let mut length = 0;
    let mut is_conditional = false;
    loop {
        let start = bytes.len();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&bytes[start..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length is a number");
        }
        if line.starts_with("if-match:") || line.starts_with("if-none-match:") {
            is_conditional = true;
            if conditions == Conditions::Ignored {
                bytes.truncate(start);
            }
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let first = String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().to_owned();
    let mut words = first.split(' ').map(str::to_owned);
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let start = bytes.len();
    bytes.resize(start + length, 0);
    reader.read_exact(&mut bytes[start..])?;
    Ok(Some(Request { bytes, seen: (method, path), is_conditional }))
}
