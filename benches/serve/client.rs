//! One connection that is kept alive, and no more of HTTP than two servers on this machine speak.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Outcome;

/// A connection.
pub(crate) struct Client {
    port: u16,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// Connects when it first asks.
    pub(crate) fn new(port: u16) -> Client {
        Client { port, stream: None }
    }

    /// What stands at an address, whatever the status. Connects anew if the server had closed.
    pub(crate) fn get(&mut self, address: &str) -> Outcome<String> {
        if self.stream.is_some()
            && let Ok(body) = self.try_get(address)
        {
            return Ok(body);
        }
        let stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        self.stream = Some(BufReader::new(stream));
        self.try_get(address)
    }

    fn try_get(&mut self, address: &str) -> Outcome<String> {
        let stream = self.stream.as_mut().ok_or("connected before")?;
        let request = format!("GET {address} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port);
        stream.get_mut().write_all(request.as_bytes())?;
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = line(stream)?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(number) = line.strip_prefix("content-length:") {
                length = number.trim().parse()?;
            }
            is_chunked |= line.starts_with("transfer-encoding:") && line.ends_with("chunked");
        }
        let mut body = Vec::new();
        if is_chunked {
            loop {
                let size = usize::from_str_radix(&line(stream)?, 16)?;
                take(stream, size, &mut body)?;
                line(stream)?;
                if size == 0 {
                    break;
                }
            }
        } else {
            take(stream, length, &mut body)?;
        }
        Ok(String::from_utf8_lossy(&body).into_owned())
    }
}

/// What the tabs of our preview hear.
pub(crate) struct Tab {
    messages: Receiver<Value>,
    /// The last state in which the asset changed that was waited for.
    known: u64,
}

impl Tab {
    /// Listens as the script of this page would.
    pub(crate) fn open(client: &mut Client, address: &str) -> Outcome<Tab> {
        let page = client.get(address)?;
        let start = page.find("/_rejoinder/").ok_or("the page has a script that listens")?;
        // A secret of 32 digits.
        let own = page[start..].get(.."/_rejoinder/".len() + 33).ok_or("the script has an address")?;
        let mut stream = TcpStream::connect(("127.0.0.1", client.port))?;
        let host = format!("localhost:{}", client.port);
        let request = format!("GET {own}events?page={address}&seen=0 HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let message = line.strip_prefix("data: ").and_then(|it| serde_json::from_str(it).ok());
                if message.is_some_and(|it| send.send(it).is_err()) {
                    return;
                }
            }
        });
        Ok(Tab { messages: receive, known: 0 })
    }

    /// Waits until it hears that an asset has changed again.
    pub(crate) fn until_changed(&mut self, asset: &str, patience: Duration) -> Outcome<()> {
        let end = Instant::now() + patience;
        loop {
            let message = self.messages.recv_timeout(end.saturating_duration_since(Instant::now()))?;
            match message["assets"][asset].as_u64() {
                Some(state) if state > self.known => {
                    self.known = state;
                    return Ok(());
                }
                _ => (),
            }
        }
    }
}

fn line(stream: &mut BufReader<TcpStream>) -> Outcome<String> {
    let mut line = String::new();
    match stream.read_line(&mut line)? {
        0 => Err("the connection is closed".into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

fn take(stream: &mut BufReader<TcpStream>, size: usize, body: &mut Vec<u8>) -> Outcome<()> {
    let from = body.len();
    body.resize(from + size, 0);
    Ok(stream.read_exact(&mut body[from..])?)
}
