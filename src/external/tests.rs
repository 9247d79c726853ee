//! Asking, against a host of our own on 127.0.0.1.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::{Policy, Question, Verified, verify};
use crate::diag::{Exit, Failure};
use crate::edition::Discard;
use crate::engine::{self, BuildOptions, Built};
use crate::input::MemoryFiles;
use crate::links::{Entry, Held, Links, Status};
use crate::text::Day;

const TODAY: Day = Day { year: 2026, month: 3, day: 9 };

/// A host that answers as `answer` says, and remembers what it was asked.
struct Host {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

type Answering = fn(path: &str, n_before: usize, stream: &mut TcpStream) -> std::io::Result<()>;

impl Host {
    fn start(answer: Answering) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let heard = Arc::clone(&heard);
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let head: Vec<String> = BufReader::new(stream.try_clone().unwrap())
                        .lines()
                        .map_while(Result::ok)
                        .take_while(|line| !line.is_empty())
                        .collect();
                    let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else { return };
                    let n_before = {
                        let mut heard = heard.lock().unwrap();
                        heard.push(head.join("\n"));
                        heard.iter().filter(|it| it.split(' ').nth(1) == Some(path)).count() - 1
                    };
                    // Whoever asks may hang up when it has read enough.
                    let _ = answer(path, n_before, &mut stream);
                });
            }
        });
        Host { port, requests }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn asked(&self, path: &str) -> usize {
        let start = format!("GET {path} ");
        self.requests.lock().unwrap().iter().filter(|it| it.starts_with(&start)).count()
    }
}

fn reply(stream: &mut TcpStream, status: &str, headers: &str, body: &str) -> std::io::Result<()> {
    let n = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {n}\r\nConnection: close\r\n{headers}\r\n{body}")
}

/// A host with every kind of trouble.
fn troubled(path: &str, n_before: usize, stream: &mut TcpStream) -> std::io::Result<()> {
    let to =
        |stream: &mut TcpStream, to: &str| reply(stream, "302 Found", &format!("Location: {to}\r\n"), "");
    match path.split('?').next().unwrap_or("") {
        "/ok" | "/chain/0" => reply(stream, "200 OK", "Content-Type: text/html\r\n", "<p>Hello to the loom."),
        "/missing" => reply(stream, "404 Not Found", "", "no"),
        "/gone" => reply(stream, "410 Gone", "", "no"),
        "/closed" => reply(stream, "403 Forbidden", "", "no"),
        "/broken" => reply(stream, "500 Internal Server Error", "", "no"),
        "/flaky" if n_before == 0 => reply(stream, "503 Service Unavailable", "Retry-After: 0\r\n", "no"),
        "/flaky" => reply(stream, "200 OK", "", "yes"),
        "/busy" => reply(stream, "429 Too Many Requests", "Retry-After: 0\r\n", "no"),
        "/loop" => to(stream, "/loop"),
        "/circle/a" => to(stream, "b"),
        "/circle/b" => to(stream, "c"),
        "/circle/c" => to(stream, "d"),
        "/circle/d" => to(stream, "e"),
        "/circle/e" => to(stream, "f"),
        "/circle/f" => to(stream, "a"),
        "/nowhere" => reply(stream, "302 Found", "", ""),
        "/mail" => to(stream, "mailto:a@example.org"),
        "/metadata" => to(stream, "http://169.254.169.254/latest/"),
        "/slow" => {
            thread::sleep(Duration::from_secs(3));
            reply(stream, "200 OK", "", "late")
        }
        "/huge" => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[b'a'; 8192])?;
            }
        }
        "/noise" => stream.write_all(b"220 mail.example ESMTP\r\n"),
        path => match path.strip_prefix("/chain/").and_then(|it| it.parse::<u32>().ok()) {
            Some(n) => to(stream, &format!("/chain/{}", n - 1)),
            None => reply(stream, "404 Not Found", "", "no"),
        },
    }
}

fn policy() -> Policy {
    Policy {
        allow_private: true,
        timeout: Duration::from_millis(1500),
        pause: Duration::ZERO,
        before_retry: Duration::from_millis(10),
        ..Policy::default()
    }
}

/// A site whose one page links to these addresses.
fn site_of(urls: &[String]) -> Built {
    let links: String = urls.iter().map(|url| format!("- <{url}>\n")).collect();
    site(&[("content/about.md", format!("---\ntitle: About\n---\n{links}"))])
}

fn site(files: &[(&str, String)]) -> Built {
    let mut memory = MemoryFiles::new();
    memory.insert("site.yaml", b"title: Test\nbase_url: https://ours.example/\n".to_vec());
    for (path, text) in files {
        memory.insert(*path, text.clone().into_bytes());
    }
    let built =
        engine::build(&memory, &BuildOptions { jobs: Some(1), ..BuildOptions::default() }, &Discard).unwrap();
    assert!(!built.report.has_errors(), "{:?}", built.report.diagnostics());
    built
}

fn ask_with(built: &Built, old: &Links, policy: &Policy) -> Result<Verified, Failure> {
    let (graph, site) = (built.graph.as_ref().unwrap(), built.site.as_ref().unwrap());
    verify(&Question { graph, site, old, is_whole: true, today: TODAY }, policy, &|_, _| ())
}

fn ask(urls: &[String], policy: &Policy) -> Verified {
    ask_with(&site_of(urls), &Links::default(), policy).unwrap()
}

/// What one path of the troubled host answers: status, code, reason.
fn answer_of(verified: &Verified, url: &str) -> (Status, Option<u16>, Option<String>) {
    let entry: &Entry = verified.links.get(url).unwrap_or_else(|| panic!("{url} was asked"));
    (entry.answer.status, entry.answer.code, entry.answer.why.clone())
}

#[test]
fn answers_are_told_apart() {
    let host = Host::start(troubled);
    let check = |path: &str, status, code: Option<u16>, why: Option<&str>| {
        // A host of its own for each: one that is busy would be left alone.
        let verified = ask(&[host.url(path)], &policy());
        assert_eq!(
            answer_of(&verified, &host.url(path)),
            (status, code, why.map(str::to_owned)),
            "for {path}"
        );
        let again = path.contains("flaky") || status == Status::Unknown && why != Some("redirects");
        assert_eq!(
            host.asked(path),
            1 + usize::from(again),
            "{path} is asked again only when nothing is known"
        );
    };
    check("/ok", Status::Ok, Some(200), None);
    check("/missing", Status::Dead, Some(404), None);
    check("/gone", Status::Dead, Some(410), None);
    check("/closed", Status::Refused, Some(403), None);
    check("/broken", Status::Unknown, Some(500), Some("server"));
    check("/busy", Status::Unknown, Some(429), Some("busy"));
    check("/flaky?", Status::Ok, Some(200), None);
    check("/loop", Status::Unknown, Some(302), Some("redirects"));
    check("/circle/a", Status::Unknown, None, Some("redirects"));
    check("/nowhere", Status::Unknown, Some(302), Some("redirects"));
    check("/slow", Status::Unknown, None, Some("timeout"));
    check("/noise", Status::Unknown, None, Some("no-connection"));
}

#[test]
fn five_redirects_are_followed_and_the_end_is_remembered() {
    let host = Host::start(troubled);
    let verified = ask(&[host.url("/chain/5"), host.url("/chain/6")], &policy());
    let five = &verified.links.entries[&host.url("/chain/5")].answer;
    assert_eq!((five.status, five.to.clone()), (Status::Redirected, Some(host.url("/chain/0"))));
    let (status, _, why) = answer_of(&verified, &host.url("/chain/6"));
    assert_eq!((status, why.as_deref()), (Status::Unknown, Some("redirects")));
}

#[test]
fn a_redirect_is_judged_as_the_first_address_was() {
    let host = Host::start(troubled);
    let verified = ask(&[host.url("/metadata"), host.url("/mail"), host.url("/ok")], &policy());
    assert_eq!(answer_of(&verified, &host.url("/metadata")).0, Status::Private);
    assert_eq!(answer_of(&verified, &host.url("/mail")).0, Status::Unknown);
    assert_eq!(host.asked("/mailto:a@example.org"), 0);
}

#[test]
fn this_machine_and_private_networks_are_not_asked_unless_a_site_wants_it() {
    let host = Host::start(troubled);
    let urls: Vec<String> = ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
        .iter()
        .map(|name| format!("http://{name}:{}/ok", host.port))
        .chain(["http://10.0.0.1/".to_owned(), "http://169.254.169.254/".to_owned()])
        .collect();
    let verified = ask(&urls, &Policy { allow_private: false, ..policy() });
    for url in &urls {
        let (status, ..) = answer_of(&verified, url);
        assert_ne!(status, Status::Ok, "{url}");
        if !url.contains("0x7f") && !url.contains("2130706433") {
            assert_eq!(status, Status::Private, "{url}");
        }
    }
    assert_eq!(host.requests.lock().unwrap().len(), 0, "nothing was sent");
}

#[test]
fn a_request_says_who_asks_and_nothing_else() {
    let host = Host::start(troubled);
    ask(&[host.url("/ok?a=é#secret"), format!("http://user:pass@127.0.0.1:{}/ok", host.port)], &policy());
    let requests = host.requests.lock().unwrap().clone();
    assert_eq!(requests.len(), 1, "an address with a user's name is not asked: {requests:?}");
    let head = requests[0].to_lowercase();
    assert!(head.starts_with("get /ok?a=%c3%a9 http/1.1"), "{head}");
    let names: Vec<&str> = head.lines().skip(1).filter_map(|line| line.split(':').next()).collect();
    for name in names {
        assert!(["host", "user-agent", "accept", "accept-encoding", "connection"].contains(&name), "{head}");
    }
}

#[test]
fn a_host_that_is_too_busy_is_left_alone() {
    let host = Host::start(troubled);
    let urls: Vec<String> = ["/busy", "/ok", "/missing"].iter().map(|path| host.url(path)).collect();
    let verified = ask(&urls, &policy());
    assert_eq!((host.asked("/ok"), host.asked("/missing")), (0, 0));
    assert_eq!((verified.addresses, verified.asked, verified.links.entries.len()), (3, 1, 1));
}

#[test]
fn nothing_is_lost_when_no_host_answers() {
    let urls = ["http://nobody.invalid/".to_owned(), "http://nowhere.invalid/a".to_owned()];
    let failure = ask_with(&site_of(&urls), &Links::default(), &policy()).unwrap_err();
    assert_eq!(failure.exit, Exit::Remote);
    assert!(failure.message.contains("2 addresses"), "{failure}");
}

#[test]
fn what_nothing_is_known_of_keeps_what_was_known_before() {
    let host = Host::start(troubled);
    let built = site_of(&[host.url("/broken"), host.url("/ok"), "https://ours.example/x".to_owned()]);
    let old = format!(
        "rejoinder links 1\n{} dead checked=2026-01-01 since=2025-12-01 code=404 as=source\n\
         {} ok checked=2026-01-01 since=2025-12-01 code=200 as=prose\n\
         https://forgotten.example/ ok checked=2026-03-08 since=2026-03-08 code=200 as=prose\n",
        host.url("/broken"),
        host.url("/ok"),
    );
    let old = crate::links::read(&crate::input::Input::new("links.lock", old.into_bytes())).0;
    let verified = ask_with(&built, &old, &policy()).unwrap();
    assert_eq!(
        verified.links.write(),
        format!(
            "rejoinder links 1\n{} dead checked=2026-01-01 since=2025-12-01 code=404 as=prose\n\
             {} ok checked=2026-03-09 since=2025-12-01 code=200 as=prose\n",
            host.url("/broken"),
            host.url("/ok"),
        ),
        "the day is that of the answer; an address of the site itself and one it no longer names are not there"
    );
    assert_eq!(verified.unknown.len(), 1);
}

#[test]
fn a_new_answer_is_not_asked_for_again() {
    let host = Host::start(troubled);
    let built = site_of(&[host.url("/ok"), host.url("/missing")]);
    let first = ask_with(&built, &Links::default(), &policy()).unwrap();
    let second = ask_with(&built, &first.links, &policy()).unwrap();
    assert_eq!((second.asked, &second.links), (0, &first.links));
    let third = ask_with(&built, &first.links, &Policy { recheck: true, ..policy() }).unwrap();
    assert_eq!((third.asked, &third.links), (2, &first.links));
    let fourth = ask_with(&built, &first.links, &Policy { max_age: 0, ..policy() }).unwrap();
    assert_eq!(fourth.asked, 2);
}

#[test]
fn the_addresses_of_one_host_are_asked_one_after_the_other() {
    let host = Host::start(troubled);
    let urls: Vec<String> = (0..4).map(|n| host.url(&format!("/slow?{n}"))).collect();
    let policy = Policy { timeout: Duration::from_millis(100), before_retry: Duration::ZERO, ..policy() };
    let started = Instant::now();
    ask(&urls, &policy);
    assert!(started.elapsed() >= Duration::from_millis(800), "two tries each: {:?}", started.elapsed());
}

#[test]
fn hosts_are_asked_side_by_side() {
    static PRESENT: AtomicUsize = AtomicUsize::new(0);
    // Answers only when two are there at a time.
    let host = Host::start(|_, _, stream| {
        PRESENT.fetch_add(1, Ordering::SeqCst);
        let started = Instant::now();
        while PRESENT.load(Ordering::SeqCst) < 2 && started.elapsed() < Duration::from_secs(1) {
            thread::sleep(Duration::from_millis(5));
        }
        let status = if PRESENT.load(Ordering::SeqCst) < 2 { "403 Forbidden" } else { "200 OK" };
        reply(stream, status, "", "")
    });
    let urls = [host.url("/"), format!("http://localhost:{}/", host.port)];
    let verified = ask(&urls, &policy());
    for url in &urls {
        assert_eq!(answer_of(&verified, url).0, Status::Ok, "{url}");
    }
}

#[test]
fn a_host_that_is_gone_is_told_from_a_network_that_is_down() {
    let host = Host::start(troubled);
    let gone = "http://nobody.invalid/".to_owned();
    let built = site_of(&[host.url("/ok"), gone.clone()]);
    let known = format!("rejoinder links 1\n{} ok checked=2026-03-09 code=200 as=prose\n", host.url("/ok"));
    let known = crate::links::read(&crate::input::Input::new("links.lock", known.into_bytes())).0;
    // Only the host that is gone is due, and another one that answered before is asked whether the network is there.
    let verified = ask_with(&built, &known, &policy()).unwrap();
    assert_eq!((host.asked("/ok"), verified.asked), (1, 2));
    // A machine without a name server cannot know that there is no such host.
    let (status, _, why) = answer_of(&verified, &gone);
    assert!(
        matches!((status, why.as_deref()), (Status::Dead, Some("no-such-host")) | (Status::Unknown, Some(_))),
        "{status:?} {why:?}"
    );
}

/// A site that cites a page of the host.
fn citing(host: &Host, path: &str, quotes: &[&str]) -> Built {
    let statements: String = quotes
        .iter()
        .enumerate()
        .map(|(idx, quote)| {
            format!(
                "  - {{ id: s{idx}, quote: \"{quote}\", date: 2025-01-21, channel: {{ type: post, on: x }}, sources: [page] }}\n"
            )
        })
        .collect();
    site(&[
        ("content/actors/ada.md", "---\ntype: person\nname: Ada\n---\n".to_owned()),
        (
            "content/sources/page.md",
            format!("---\ntype: webpage\ntitle: Page\nurl: {}\n---\n", host.url(path)),
        ),
        (
            "content/tale/events/launch.md",
            "---\ntitle: Launch\ndate: 2025-01-20\nsources: [page]\n---\n".to_owned(),
        ),
        (
            "content/tale/story.md",
            "---\nkind: story\ntitle: Tale\nevent: launch\nas_of: 2025-01-31\n---\n".to_owned(),
        ),
        (
            "content/tale/reactions/ada.md",
            format!("---\nactor: ada\nto: launch\nstatements:\n{statements}---\n"),
        ),
    ])
}

fn held(verified: &Verified) -> Vec<Held> {
    let mut quotes: BTreeMap<&str, Held> = BTreeMap::new();
    for entry in verified.links.entries.values() {
        quotes.extend(entry.quotes.iter().map(|(mark, it)| (mark.as_str(), *it)));
    }
    let mut held: Vec<Held> = quotes.into_values().collect();
    held.sort_by_key(|it| *it as u8);
    held
}

fn pages(path: &str, _: usize, stream: &mut TcpStream) -> std::io::Result<()> {
    const FILLER: &str = "One two three four five six seven eight nine ten. ";
    let html = |stream: &mut TcpStream, body: &str| {
        reply(stream, "200 OK", "Content-Type: text/html; charset=utf-8\r\n", body)
    };
    match path {
        "/article" => html(
            stream,
            &format!(
                "<article><h1>Looms</h1><p>“Hello to the <b>loom</b>,” she said.</p><p>{}</p></article>",
                FILLER.repeat(12)
            ),
        ),
        "/latin" => {
            let body = format!("<p>Un caf\u{e9} noir</p><p>{}</p>", FILLER.repeat(12));
            let bytes: Vec<u8> = body.chars().map(|it| it as u8).collect();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                bytes.len()
            )?;
            stream.write_all(&bytes)
        }
        "/script" => {
            html(stream, "<p>This page needs a script.</p><script>show('Hello to the loom')</script>")
        }
        "/empty" => html(stream, ""),
        "/cut" => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\nConnection: close\r\n\r\n"
            )?;
            stream.write_all(format!("<p>{}", FILLER.repeat(30)).as_bytes())
        }
        _ => troubled(path, 0, stream),
    }
}

#[test]
fn a_page_is_looked_through_for_the_words_it_is_cited_for() {
    let host = Host::start(pages);
    let check = |path: &str, quotes: &[&str], expected: &[Held]| {
        let verified = ask_with(&citing(&host, path, quotes), &Links::default(), &policy()).unwrap();
        assert_eq!(held(&verified), expected, "for {path}");
    };
    check("/article", &["Hello to the loom", "Goodbye to the loom"], &[Held::Held, Held::Gone]);
    check("/latin", &["Un café noir"], &[Held::Held]);
    // What a script would show, what never came, and what is too long say nothing.
    check("/script", &["Hello to the loom"], &[Held::NoText]);
    check("/empty", &["Hello to the loom"], &[Held::NoText]);
    check("/cut", &["Hello to the loom"], &[Held::NoText]);
    check("/huge", &["Hello to the loom"], &[Held::NoText]);
    // No page, no words.
    check("/missing", &["Hello to the loom"], &[]);
}

#[test]
fn a_new_quotation_makes_its_page_due() {
    let host = Host::start(pages);
    let first =
        ask_with(&citing(&host, "/article", &["Hello to the loom"]), &Links::default(), &policy()).unwrap();
    let same = ask_with(&citing(&host, "/article", &["Hello to the loom"]), &first.links, &policy()).unwrap();
    assert_eq!(same.asked, 0);
    let other =
        ask_with(&citing(&host, "/article", &["Goodbye to the loom"]), &first.links, &policy()).unwrap();
    assert_eq!((other.asked, held(&other)), (1, vec![Held::Gone]));
}
