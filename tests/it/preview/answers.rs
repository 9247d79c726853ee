//! What stands at an address, and what every answer carries.

use std::sync::Arc;

use rejoinder::preview::{Options, Problems, Publication};

use super::client::{Fake, Running, problems};

fn site() -> Fake {
    let mut site = Fake::new(&[
        ("index.html", "<body>home</body>"),
        ("a/index.html", "<body>a</body>"),
        ("caf\u{e9}/index.html", "<body>coffee</body>"),
        ("404.html", "<body>lost</body>"),
        ("a/data.json", "{}"),
        ("feed.xml", "<feed/>"),
        ("robots.txt", "words"),
        ("main.css", "a{}"),
        ("icon.svg", "<svg/>"),
        ("font.woff2", "font"),
        ("LICENSE", "words"),
        ("a+b.txt", "plus"),
        ("%2e%2e.txt", "per cent"),
    ]);
    let text = "error: <script>alert(1)</script>";
    site.broken.insert("broken/index.html".to_owned(), Arc::new(problems("content/b.md", 3, text)));
    site
}

#[test]
fn every_address_is_answered_as_hosts_do() {
    let running = Running::with(site());
    let html = "text/html; charset=utf-8";
    for (path, status, kind, says) in [
        ("/", 200, html, "home"),
        ("/index.html", 200, html, "home"),
        ("/?x=1", 200, html, "home"),
        ("/a/", 200, html, ">a"),
        ("/a/index.html", 200, html, ">a"),
        ("/caf%C3%A9/", 200, html, "coffee"),
        ("/caf%c3%a9/", 200, html, "coffee"),
        ("/a/data.json", 200, "application/json; charset=utf-8", "{}"),
        ("/feed.xml", 200, "application/xml; charset=utf-8", "<feed/>"),
        ("/robots.txt", 200, "text/plain; charset=utf-8", "words"),
        ("/main.css", 200, "text/css; charset=utf-8", "a{}"),
        ("/icon.svg", 200, "image/svg+xml; charset=utf-8", "<svg/>"),
        ("/font.woff2", 200, "font/woff2", "font"),
        ("/LICENSE", 200, "application/octet-stream", "words"),
        ("/a+b.txt", 200, "text/plain; charset=utf-8", "plus"),
        ("/a%2Bb.txt", 200, "text/plain; charset=utf-8", "plus"),
        ("/%252e%252e.txt", 200, "text/plain; charset=utf-8", "per cent"),
        ("/A/", 404, html, "lost"),
        ("/b", 404, html, "lost"),
        ("/main.css/", 404, html, "lost"),
        ("//", 404, html, "lost"),
        ("/404.html", 200, html, "lost"),
        ("/broken/", 500, html, "error: &lt;script&gt;alert(1)&lt;/script&gt;"),
        ("/%zz", 400, "text/plain; charset=utf-8", "cannot be read"),
    ] {
        let answer = running.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (status, kind), "{path}");
        assert!(answer.text().contains(says), "{path}: {}", answer.text());
        let has_script = answer.text().contains("/preview.js\"");
        assert_eq!(has_script, kind == html, "{path}: only pages get the script");
    }
    for (path, to) in [("/a", "/a/"), ("/caf%C3%A9", "/caf%C3%A9/"), ("/a?x=1", "/a/?x=1")] {
        let answer = running.get(path);
        assert_eq!((answer.status, answer.header("location")), (302, to), "{path}");
    }
}

#[test]
fn what_comes_before_the_first_good_state_says_so() {
    let running = Running::new(Options { reload: true, ..Options::default() });
    let early = running.get("/any/");
    assert_eq!((early.status, early.header("retry-after")), (503, "1"));
    running.hub.fail(problems("site.yaml", 2, "error: it is <b>broken</b>"));
    for path in ["/", "/any/", "/x.css"] {
        let answer = running.get(path);
        assert_eq!(answer.status, 500, "{path}");
        assert!(answer.text().contains("error: it is &lt;b&gt;broken&lt;/b&gt;"), "{}", answer.text());
        assert!(answer.text().contains("/preview.js\""));
    }
    running.publish(site());
    assert_eq!(running.get("/").status, 200);
    running.hub.fail(problems("site.yaml", 2, "error: again"));
    assert!(running.get("/").text().contains("home"), "the last good state stays");
}

#[test]
fn a_site_without_a_page_for_lost_addresses_follows_all_the_same() {
    let running = Running::with(Fake::new(&[("index.html", "home")]));
    let answer = running.get("/no/");
    assert_eq!((answer.status, answer.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(
        answer.text().contains("data-page=\"") && !answer.text().contains("data-page=\"\""),
        "{}",
        answer.text()
    );
}

#[test]
fn head_ranges_and_conditions() {
    let running = Running::with(site());
    let get = running.get("/robots.txt");
    let head = running.ask("HEAD", "/robots.txt", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), "5");
    assert_eq!(head.header("etag"), get.header("etag"));
    let part = running.ask("GET", "/robots.txt", &["Range: bytes=0-1"]);
    assert_eq!((part.status, part.text()), (200, "words"));
    for path in ["/robots.txt", "/"] {
        let tag = running.get(path).header("etag").to_owned();
        let line = format!("If-None-Match: \"x\", {tag}");
        let same = running.ask("GET", path, &[&line]);
        assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, tag.as_str()), "{path}");
        let other = running.ask("GET", path, &["If-None-Match: \"0\""]);
        assert_eq!(other.status, 200, "{path}");
    }
    running.publish(Fake::new(&[("robots.txt", "other")]));
    assert_ne!(running.get("/robots.txt").header("etag"), get.header("etag"));
}

#[test]
fn every_answer_keeps_other_origins_out() {
    let running = Running::with(site());
    let (script, events, editor) =
        (running.own("preview.js"), running.own("events?page=/"), running.own("editor"));
    for (method, path, headers, status) in [
        ("GET", "/", &[][..], 200),
        ("GET", "/a", &[], 302),
        ("GET", "/no", &[], 404),
        ("GET", "/broken/", &[], 500),
        ("GET", "/%zz", &[], 400),
        ("POST", "/", &[], 405),
        ("GET", "/", &["Origin: http://evil.example"], 403),
        ("GET", "/", &["Sec-Fetch-Site: same-site"], 403),
        ("GET", &script, &[], 200),
        ("HEAD", &events, &[], 200),
        ("POST", &editor, &[], 404),
        ("GET", &editor, &[], 405),
        ("GET", "/_rejoinder/00000000000000000000000000000000/preview.js", &[], 404),
    ] {
        let answer = running.ask(method, path, headers);
        assert_eq!(answer.status, status, "{method} {path} {headers:?}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            ("access-control-allow-origin", ""),
        ] {
            assert_eq!(answer.header(name), value, "{method} {path}");
        }
    }
    assert_eq!(running.ask("POST", "/", &[]).header("allow"), "GET, HEAD");
    let foreign = running.ask_as("GET", "/", &["Host: evil.example", "Connection: close"]);
    assert_eq!(foreign.status, 421);
    assert!(foreign.text().contains("--allow-host evil.example"), "{}", foreign.text());
    assert_eq!(foreign.header("cache-control"), "no-store");
}

#[test]
fn without_reload_pages_are_as_they_are_built() {
    let running = Running::new(Options::default());
    running.publish(site());
    assert_eq!(running.get("/").text(), "<body>home</body>");
}

#[test]
fn both_loopback_addresses_answer() {
    use std::io::{Read, Write};
    let running = Running::with(site());
    let Ok(mut stream) = std::net::TcpStream::connect(("::1", running.port())) else {
        crate::world::say("skipped: ::1 (this machine has no IPv6)");
        return;
    };
    write!(stream, "GET /robots.txt HTTP/1.1\r\nHost: [::1]:{}\r\nConnection: close\r\n\r\n", running.port())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("words"), "{answer}");
}

#[test]
fn a_tab_may_see_drafts_and_others_do_not() {
    let running = Running::new(Options { reload: true, ..Options::default() });
    let drafts = Fake::new(&[("index.html", "with drafts"), ("draft/index.html", "a draft")]);
    running.hub.publish(Publication {
        site: Arc::new(site()),
        drafts: Some(Arc::new(drafts)),
        assets: Vec::new(),
        problems: Problems::default(),
    });
    for (path, status, says) in [
        ("/", 200, "home"),
        ("/?__drafts=1", 200, "with drafts"),
        ("/?x&__drafts=1", 200, "with drafts"),
        ("/?__drafts=0", 200, "home"),
        ("/draft/", 404, "lost"),
        ("/draft/?__drafts=1", 200, "a draft"),
    ] {
        let answer = running.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().contains(says), "{path}: {}", answer.text());
    }
    assert_eq!(running.get("/draft?__drafts=1").header("location"), "/draft/?__drafts=1");
}

#[test]
fn an_answer_is_of_one_state_even_while_states_change() {
    let running = Running::with(Fake::new(&[("index.html", "<body>state 0"), ("404.html", "lost")]));
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut n = 0;
                    while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                        let answer = running.get("/");
                        assert_eq!(answer.status, 200, "{}", answer.text());
                        let of = |prefix: &str| {
                            let start = answer.text().find(prefix).unwrap() + prefix.len();
                            answer.text()[start..]
                                .split(|c: char| !c.is_ascii_digit())
                                .next()
                                .unwrap()
                                .to_owned()
                        };
                        let (page, told): (u64, u64) =
                            (of("state ").parse().unwrap(), of("data-revision=\"").parse().unwrap());
                        assert_eq!(page + 1, told, "the script and the page are of one state");
                        n += 1;
                    }
                    n
                })
            })
            .collect();
        for number in 1..=300 {
            running.publish(Fake::new(&[("index.html", &format!("<body>state {number}"))]));
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        let n: usize = asking.into_iter().map(|it| it.join().unwrap()).sum();
        assert!(n > 10, "{n}");
    });
}
