//! What open tabs hear, and what they may ask for.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rejoinder::preview::{Options, Problems, Publication, Spot};
use serde_json::Value;

use super::client::{Fake, Running, problems};

/// An open stream.
struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(running: &Running, page: &str) -> Stream {
        let path = running.own(&format!("events?page={page}&seen=0"));
        let mut stream = running.connect();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", running.port()).unwrap();
        Stream(BufReader::new(stream))
    }

    /// The next message; `None` when the server ends the stream.
    fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        while self.0.read_line(&mut line).unwrap_or(0) > 0 {
            if let Some(json) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(json).unwrap());
            }
            // The end of a chunked body.
            if line == "0\r\n" {
                return None;
            }
            line.clear();
        }
        None
    }
}

fn page(words: &str) -> Fake {
    Fake::new(&[("index.html", words), ("a/index.html", "a")])
}

/// Waits until something is so: what a server learns from a closed connection it learns a little later.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_tab_hears_of_each_state_and_whether_its_page_changed() {
    let running = Running::with(page("<head></head><body>one"));
    let mut stream = Stream::open(&running, "/");
    let mut other = Stream::open(&running, "%2Fa%2F");
    let first = stream.next().unwrap();
    let shown = running.get("/");
    for (name, key) in [("page", "data-page"), ("body", "data-body")] {
        let told = format!("{key}=\"{}\"", first[name].as_str().unwrap());
        assert!(shown.text().contains(&told), "{told} in {}", shown.text());
    }
    assert_eq!(first["source"], "content/_page.md");
    let first_of_other = other.next().unwrap();

    running.publish(page("<head></head><body>two"));
    let second = stream.next().unwrap();
    assert!(second["revision"].as_u64() > first["revision"].as_u64());
    assert!(second["page"] != first["page"] && second["body"] != first["body"]);
    assert_eq!(other.next().unwrap()["page"], first_of_other["page"], "the other page is what it was");

    running.publish(page("<head>new style</head><body>two"));
    let third = stream.next().unwrap();
    assert!(third["page"] != second["page"] && third["body"] == second["body"]);

    running.hub.fail(problems("content/a.md", 4, "error: <b>"));
    let failed = stream.next().unwrap();
    assert_eq!(failed["page"], third["page"], "the last good page stays");
    assert_eq!((&failed["errors"][0]["text"], &failed["n_errors"]), (&"error: <b>".into(), &1.into()));

    running.publish(page("<head>new style</head><body>two"));
    let mended = stream.next().unwrap();
    assert_eq!((&mended["page"], &mended["n_errors"]), (&third["page"], &0.into()));

    running.publish(Fake::new(&[("a/index.html", "a")]));
    assert_ne!(stream.next().unwrap()["page"], third["page"], "a page that is gone is a change");
}

#[test]
fn a_page_that_cannot_be_made_is_told_only_to_its_tabs() {
    let running = Running::with(page("one"));
    let (mut stream, mut other) = (Stream::open(&running, "/"), Stream::open(&running, "/a/"));
    stream.next();
    other.next();
    let mut site = page("one");
    site.broken.insert("index.html".to_owned(), Arc::new(problems("themes/x.html", 1, "error: x")));
    running.publish(site);
    let told = stream.next().unwrap();
    assert_eq!((&told["page"], &told["errors"][0]["file"]), (&"".into(), &"themes/x.html".into()));
    assert_eq!(other.next().unwrap()["n_errors"], 0);
}

#[test]
fn assets_that_changed_under_their_names_are_told_until_they_are_known() {
    let running = Running::with(page("one"));
    let mut stream = Stream::open(&running, "/");
    assert_eq!(stream.next().unwrap()["assets"], serde_json::json!({}));
    running.hub.publish(Publication {
        site: Arc::new(page("one")),
        drafts: None,
        assets: vec!["styles/main \u{e9}.css".to_owned()],
        problems: Problems { n_warnings: 2, ..Problems::default() },
    });
    let told = stream.next().unwrap();
    assert_eq!(told["assets"], serde_json::json!({ "/styles/main%20%C3%A9.css": 2 }));
    assert_eq!(told["n_warnings"], 2);
    let late = Stream::open(&running, "/").next().unwrap();
    assert_eq!(late["assets"], told["assets"], "a tab that was hidden in between hears of it");
}

#[test]
fn pages_that_tabs_show_are_known_until_they_close() {
    let running = Running::with(page("one"));
    assert!(running.hub.open_pages().is_empty());
    let mut first = Stream::open(&running, "/");
    let mut second = Stream::open(&running, "/a/?x=1");
    let mut third = Stream::open(&running, "/a/");
    [&mut first, &mut second, &mut third].into_iter().for_each(|it| drop(it.next()));
    assert_eq!(running.hub.open_pages(), ["a/index.html", "index.html"]);
    drop(second);
    drop(first);
    eventually("a closed tab is forgotten", || running.hub.open_pages() == ["a/index.html"]);
    drop(third);
    eventually("all are", || running.hub.open_pages().is_empty());
}

#[test]
fn a_tab_hears_at_once() {
    let running = Running::with(page("0"));
    let mut stream = Stream::open(&running, "/");
    stream.next();
    let mut took: Vec<Duration> = (1..=100)
        .map(|n| {
            let start = Instant::now();
            running.publish(page(&n.to_string()));
            assert_eq!(stream.next().unwrap()["revision"], n + 1);
            start.elapsed()
        })
        .collect();
    took.sort();
    crate::world::say(&format!("a tab hears of a new state after {:?}, p95 {:?}", took[50], took[95]));
    assert!(took[50] < Duration::from_millis(20), "{took:?}");
}

#[test]
fn thirty_tabs_leave_connections_for_pages() {
    let running = Running::with(page("one"));
    let open = |_| {
        let mut stream = Stream::open(&running, "/");
        assert_eq!(stream.next().unwrap()["revision"], 1, "every tab hears the state");
        stream
    };
    let mut streams: Vec<Stream> = (0..30).map(open).collect();
    for (idx, stream) in streams.iter_mut().enumerate().skip(4) {
        assert!(stream.next().is_none(), "tab {idx} comes back later");
    }
    running.publish(page("two"));
    for stream in streams.iter_mut().take(4) {
        assert_eq!(stream.next().unwrap()["revision"], 2, "the first four stay");
    }
    drop(streams);
    eventually("places are given back", || {
        let mut stream = Stream::open(&running, "/");
        stream.next();
        stream.0.get_ref().set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        // One that stays says nothing more; its end would be a line.
        let mut line = String::new();
        while stream.0.read_line(&mut line).is_ok_and(|n| n > 0) {}
        !line.contains("\r\n0\r\n")
    });
}

#[test]
fn the_script_is_one_file_without_anything_that_becomes_html() {
    let running = Running::with(page("one"));
    let script = running.get(&running.own("preview.js"));
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    for forbidden in
        ["innerHTML =", "outerHTML =", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
    {
        assert!(!script.text().contains(forbidden), "{forbidden}");
    }
}

#[test]
fn the_editor_opens_only_what_we_named_ourselves() {
    let opened: Arc<Mutex<Vec<Spot>>> = Arc::default();
    let seen = Arc::clone(&opened);
    let editor = move |spot: &Spot| {
        seen.lock().unwrap().push(spot.clone());
        if spot.line == 9 { Err("It will not.".to_owned()) } else { Ok(()) }
    };
    let running =
        Running::new(Options { reload: true, editor: Some(Box::new(editor)), ..Options::default() });
    running.publish(page("one"));
    let (good, bad) = (problems("content/a.md", 4, "error"), problems("content/b.md", 9, "error"));
    running.hub.fail(good.clone());
    let path = |query: &str| running.own(&format!("editor?page=/&{query}"));
    let of_problem = format!("problem={}&number=0", good.id);
    for (method, query, headers, status) in [
        ("POST", of_problem.as_str(), &[][..], 204),
        ("POST", "source", &[], 204),
        ("POST", "problem=other&number=0", &[], 409),
        ("POST", &format!("problem={}&number=7", good.id), &[], 409),
        ("POST", &format!("problem={}&number=x", good.id), &[], 409),
        ("GET", &of_problem, &[], 405),
        ("POST", &of_problem, &["Origin: http://evil.example"], 403),
        ("POST", &of_problem, &["Sec-Fetch-Site: cross-site"], 403),
        ("POST", &of_problem, &["Content-Length: 3"], 413),
    ] {
        assert_eq!(running.ask(method, &path(query), headers).status, status, "{method} {query} {headers:?}");
    }
    running.hub.fail(bad.clone());
    let refused = running.ask("POST", &path(&format!("problem={}&number=0", bad.id)), &[]);
    assert_eq!((refused.status, refused.text()), (500, "It will not.\n"));
    let stale = running.ask("POST", &path(&of_problem), &[]);
    assert_eq!(stale.status, 409, "that problem is gone");
    assert_eq!(running.ask("POST", "/_rejoinder/0/editor?page=/&source", &[]).status, 405);
    let spot = |file: &str, line| Spot { file: file.to_owned(), line, column: usize::from(line > 0) };
    assert_eq!(
        *opened.lock().unwrap(),
        [spot("content/a.md", 4), spot("content/_page.md", 0), spot("content/b.md", 9)]
    );
}
