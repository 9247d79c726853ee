//! Clients that mean harm, or are badly written. Whatever comes, the next honest request is answered.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rejoinder::preview::{Limits, Options};

use super::client::{Answer, Fake, Running};
use crate::world::say;

const WORDS: &str = "an honest page";

fn running(limits: Limits) -> Running {
    let running = Running::new(Options { limits, ..Options::default() });
    let large = "x".repeat(16 << 20);
    running.publish(Fake::new(&[("index.html", WORDS), ("robots.txt", WORDS), ("large.bin", &large)]));
    running
}

fn is_alive(running: &Running, after: &str) {
    let answer = running.get("/robots.txt");
    assert_eq!((answer.status, answer.text()), (200, WORDS), "after {after}");
}

#[test]
fn bytes_that_are_no_honest_request_are_refused() {
    let running = running(Limits::default());
    let port = running.port();
    let host = format!("Host: localhost:{port}\r\n");
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\n{host}Connection: close\r\n\r\n").into_bytes();
    let with = |lines: &str| format!("GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n").into_bytes();
    // 0 stands for a connection that is closed without a word.
    let table: Vec<(&str, Vec<u8>, &[u16])> = vec![
        ("a path upwards", get("/../../etc/passwd"), &[404]),
        ("an encoded path upwards", get("/%2e%2e%2f%2e%2e%2fetc/passwd"), &[404]),
        ("a path encoded twice", get("/%252e%252e%252fetc/passwd"), &[404]),
        ("a back-slash", get("/..%5c..%5cetc%5cpasswd"), &[404]),
        ("a back-slash as it is", get("/..\\..\\etc\\passwd"), &[400, 404]),
        ("a NUL", get("/.%00"), &[404]),
        ("a NUL as it is", get("/a\0b"), &[400]),
        ("two slashes", get("//etc/passwd"), &[404]),
        ("a sibling", get("/../_site-leak/x"), &[404]),
        ("a bad per cent sign", get("/%"), &[400]),
        ("bytes that are no text", get("/%ff%fe"), &[400]),
        ("a whole foreign address", get("http://evil.example/"), &[421]),
        ("a whole address of ours", get(&format!("http://localhost:{port}/robots.txt")), &[200]),
        ("a file's address", get("file:///etc/passwd"), &[400, 421]),
        ("no path", get(""), &[400]),
        ("an asterisk", get("*"), &[400]),
        ("a tunnel", format!("CONNECT localhost:{port} HTTP/1.1\r\n{host}\r\n").into_bytes(), &[405]),
        ("no host", with(""), &[400]),
        ("two hosts", with(&format!("{host}{host}")), &[400]),
        ("an empty host", with("Host:\r\n"), &[400]),
        ("a malformed host", with("Host: [::1\r\n"), &[400]),
        ("a host with bytes", b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n".to_vec(), &[400]),
        ("a foreign host", with("Host: evil.example\r\n"), &[421]),
        ("a name that resolves to us", with(&format!("Host: evil.example:{port}\r\n")), &[421]),
        ("a foreign origin", with(&format!("{host}Origin: http://evil.example\r\n")), &[403]),
        ("no origin at all", with(&format!("{host}Origin: null\r\n")), &[403]),
        (
            "an origin with bytes",
            {
                let mut bytes = format!("GET / HTTP/1.1\r\n{host}Origin: ").into_bytes();
                bytes.extend_from_slice(b"\xff\r\nConnection: close\r\n\r\n");
                bytes
            },
            &[400],
        ),
        ("another port of this machine", with(&format!("{host}Sec-Fetch-Site: same-site\r\n")), &[403]),
        (
            "an image on a foreign page",
            with(&format!("{host}Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: image\r\n")),
            &[403],
        ),
        ("a web socket", with(&format!("{host}Upgrade: websocket\r\nSec-WebSocket-Key: x\r\n")), &[200]),
        ("HTTP/0.9", b"GET /\r\n".to_vec(), &[400, 0]),
        ("HTTP/3.0", format!("GET / HTTP/3.0\r\n{host}\r\n").into_bytes(), &[400, 505]),
        ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[400, 405, 505, 0]),
        ("junk", vec![0xff; 4096], &[400, 0]),
        ("nothing", Vec::new(), &[0]),
        ("a header without a colon", with(&format!("{host}junk\r\n")), &[400]),
        ("a folded header", with(&format!("{host}X: a\r\n  b\r\n")), &[400]),
        ("a megabyte of header", with(&format!("{host}X: {}\r\n", "a".repeat(1 << 20))), &[431, 0]),
        ("a thousand headers", with(&format!("{host}{}", "X: a\r\n".repeat(1000))), &[431]),
        ("a long address", get(&format!("/{}", "a".repeat(12_000))), &[404, 414]),
        ("a longer address", get(&format!("/{}", "a".repeat(100_000))), &[414, 431, 0]),
        ("two lengths", with(&format!("{host}Content-Length: 1\r\nContent-Length: 2\r\n")), &[400]),
        (
            "a length and chunks",
            format!(
                "GET / HTTP/1.1\r\n{host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            )
            .into_bytes(),
            &[400, 413],
        ),
        ("a bad length", with(&format!("{host}Content-Length: -1\r\n")), &[400]),
        ("a body", format!("GET / HTTP/1.1\r\n{host}Content-Length: 3\r\n\r\nabc").into_bytes(), &[413]),
        ("a form", format!("POST / HTTP/1.1\r\n{host}Content-Length: 3\r\n\r\na=b").into_bytes(), &[405]),
        (
            "bad chunks",
            format!("GET / HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nzz\r\n").into_bytes(),
            &[413],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, expected) in table {
        let status = Answer::read(&running.send(&bytes)).map_or(0, |it| it.status);
        if !expected.contains(&status) {
            wrong.push(format!("{name}: {status}, not {expected:?}"));
        }
        is_alive(&running, name);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_hundred_megabytes_are_not_read() {
    let running = running(Limits::default());
    let mut stream = running.connect();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: localhost:{}\r\nContent-Length: 104857600\r\n\r\n",
        running.port()
    )
    .unwrap();
    let chunk = vec![b'x'; 1 << 20];
    let sent = (0..100).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 100, "the server closed after {sent} MiB");
    is_alive(&running, "a large body");
}

#[test]
fn requests_in_a_row_are_answered_up_to_the_first_bad_one() {
    let running = running(Limits::default());
    let one = format!("GET /robots.txt HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", running.port());
    let mut stream = running.connect();
    stream.write_all(format!("{one}{one}\0junk\r\n\r\n{one}").as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    is_alive(&running, "pipelined junk");
}

/// Small numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len())]
    }
}

/// An honest request with a few twists.
fn twisted(dice: &mut Dice, port: u16) -> Vec<u8> {
    const PATHS: &[&str] = &[
        "/",
        "/robots.txt",
        "/..",
        "/%2e%2e/",
        "/%2F",
        "//",
        "/a",
        "\\",
        "%00",
        "%5c",
        "etc/passwd",
        "?x",
        "#y",
        "*",
        "é",
        "http://evil.example/",
        "%c3%a9",
    ];
    const LINES: &[&str] = &[
        "Host: evil.example",
        "Host: [::1]:PORT",
        "Origin: http://localhost:PORT",
        "Origin: null",
        "Origin: http://[",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Mode: navigate",
        "Range: bytes=0-",
        "Content-Length: 2",
        "Transfer-Encoding: chunked",
        "If-None-Match: *",
        "Connection: keep-alive",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "X: \u{0}",
        ":",
        " folded",
    ];
    const METHODS: &[&str] = &["HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "get", "", "\u{1}"];
    const VERSIONS: &[&str] = &["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "", "x"];
    let (mut method, mut target, mut version) = ("GET", "/robots.txt".to_owned(), "HTTP/1.1");
    let mut lines = vec![format!("Host: localhost:{port}")];
    let mut n_bytes = 0;
    for _ in 0..dice.below(4) {
        match dice.below(8) {
            0 => method = dice.pick(METHODS),
            1 => version = dice.pick(VERSIONS),
            2 => lines[0] = dice.pick(LINES).replace("PORT", &port.to_string()),
            3 => n_bytes += 1,
            4 | 5 => target = (0..1 + dice.below(4)).map(|_| dice.pick(PATHS)).collect(),
            _ => lines.push(dice.pick(LINES).replace("PORT", &port.to_string())),
        }
    }
    let mut bytes = format!("{method} {target} {version}\r\n{}\r\n\r\n", lines.join("\r\n")).into_bytes();
    for _ in 0..n_bytes {
        let at = dice.below(bytes.len());
        bytes[at] = u8::try_from(dice.below(256)).unwrap();
    }
    bytes
}

/// `REQUESTS=100000 cargo test --test it random_requests` is the long run.
#[test]
fn random_requests_get_nothing_that_is_not_theirs() {
    const STATUSES: &[u16] = &[200, 302, 304, 400, 403, 404, 405, 413, 414, 421, 431, 505];
    let n: usize = std::env::var("REQUESTS").ok().and_then(|it| it.parse().ok()).unwrap_or(1_500);
    let running = running(Limits { patience: Duration::from_secs(5), ..Limits::default() });
    let mut dice = Dice(7);
    let mut statuses = std::collections::BTreeMap::new();
    let start = Instant::now();
    for _ in 0..n {
        let bytes = twisted(&mut dice, running.port());
        let answer = Answer::read(&running.send_within(&bytes, Duration::from_millis(60)));
        let status = answer.as_ref().map_or(0, |it| it.status);
        *statuses.entry(status).or_insert(0_usize) += 1;
        let Some(answer) = answer else { continue };
        let shown = String::from_utf8_lossy(&bytes);
        assert!(STATUSES.contains(&status), "{status} for {shown}");
        if status == 200 {
            let body = String::from_utf8_lossy(&answer.body);
            assert!(body.is_empty() || body == WORDS, "{body:.200} for {shown}");
            assert!(!shown.contains("\nHost: evil.example\r"), "{shown}");
            assert!(!shown.contains("\nOrigin: null\r"), "{shown}");
        }
        assert!(answer.header("access-control-allow-origin").is_empty());
    }
    is_alive(&running, "random requests");
    for status in [200, 400, 404, 405, 421] {
        assert!(statuses.get(&status).is_some_and(|it| *it > n / 200), "all sorts are met: {statuses:?}");
    }
    say(&format!("{n} random requests in {:.1} s: {statuses:?}", start.elapsed().as_secs_f64()));
}

#[test]
fn clients_that_only_hold_on_are_let_go() {
    let patience = Duration::from_millis(400);
    let running = running(Limits { patience, ..Limits::default() });
    let host = format!("Host: localhost:{}", running.port());
    for (what, bytes) in [
        ("says nothing", String::new()),
        ("never ends its header", format!("GET / HTTP/1.1\r\n{host}\r\nX: ")),
        ("never sends its body", format!("GET / HTTP/1.1\r\n{host}\r\nContent-Length: 5\r\n\r\n")),
        ("asks nothing more", format!("GET /robots.txt HTTP/1.1\r\n{host}\r\n\r\n")),
    ] {
        let mut stream = running.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        let start = Instant::now();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(start.elapsed() < Duration::from_secs(10), "a client that {what} is let go");
    }
    // One that takes nothing of its answer.
    let mut stream = running.connect();
    write!(stream, "GET /large.bin HTTP/1.1\r\n{host}\r\n\r\n").unwrap();
    let mut taken = vec![0];
    stream.read_exact(&mut taken).expect("the answer begins");
    std::thread::sleep(patience * 5);
    let _ = stream.read_to_end(&mut taken);
    assert!(taken.len() < 16 << 20, "it was cut off: {}", taken.len());
    is_alive(&running, "slow clients");
}

#[test]
fn two_thousand_idle_connections_keep_nobody_out() {
    // Both ends are ours here, and every end is a descriptor.
    let most = rlimit().unwrap_or(1024).min(2_600).saturating_sub(300);
    let n_idle = most.saturating_sub(Limits::default().connections).clamp(100, 2_000);
    let running = running(Limits::default());
    let mut idle: Vec<TcpStream> = Vec::new();
    let mut took = Vec::new();
    for idx in 0..n_idle {
        let mut stream = running.connect();
        // Every other one has begun a header.
        if idx % 2 == 0 {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHo");
        }
        idle.push(stream);
        if idx % 8 == 0 {
            let start = Instant::now();
            is_alive(&running, "idle connections");
            took.push(start.elapsed());
        }
    }
    took.sort();
    let (median, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    say(&format!("{n_idle} idle connections: a request takes {median:?}, p99 {p99:?}"));
    // 50 ms is the aim on a machine of its own; this one may be shared.
    assert!(median < Duration::from_millis(50) && p99 < Duration::from_secs(1), "{median:?} {p99:?}");
}

/// How many descriptors this process may have, where the system says so.
fn rlimit() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|it| it.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

#[test]
fn a_server_that_ends_leaves_its_port() {
    let running = running(Limits::default());
    let port = running.port();
    let mut streams: Vec<TcpStream> = (0..5).map(|_| running.connect()).collect();
    let start = Instant::now();
    drop(running);
    assert!(start.elapsed() < Duration::from_secs(1));
    let mut rest = Vec::new();
    assert!(streams[0].read_to_end(&mut rest).is_ok_and(|n| n == 0) || rest.is_empty());
    std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
}
