//! `check --published` with an address, and the glance after `publish`: against a server on loopback that shows what was built, or
//! something else. Needs the cargo feature `external`, and says so when it is missing.

#[cfg(not(feature = "external"))]
#[test]
fn a_program_without_the_network_compares_directories_alone() {
    use crate::cli::{minimal, run};
    crate::world::say("skipped: comparing what is live at an address (cargo test --features external)");
    let dir = minimal();
    run(dir.path(), &["build", "--quiet"]);
    let ran = run(dir.path(), &["check", "--published", "http://127.0.0.1:9/"]);
    assert_eq!(ran.status.code(), Some(2));
}

#[cfg(feature = "external")]
mod over_http {
    use std::collections::BTreeMap;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::path::Path;
    use std::process::Output;
    use std::sync::{Arc, Mutex};

    use crate::cli::{minimal, run};
    use crate::world::tree;

    /// What a server shows at an address: a status, where that leads, and bytes.
    type Page = (u16, Option<String>, Vec<u8>);

    #[derive(Default)]
    struct World {
        pages: BTreeMap<String, Page>,
        asked: Vec<String>,
    }

    /// A server on loopback, which goes on until the process ends.
    struct Server {
        port: u16,
        world: Arc<Mutex<World>>,
    }

    impl Server {
        fn start() -> Server {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let world: Arc<Mutex<World>> = Arc::default();
            let shared = Arc::clone(&world);
            std::thread::spawn(move || {
                for mut stream in listener.incoming().flatten() {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let Some(Ok(first)) = lines.next() else { continue };
                    while lines.next().is_some_and(|line| line.is_ok_and(|it| !it.is_empty())) {}
                    let address = first.split(' ').nth(1).unwrap().to_owned();
                    let mut world = shared.lock().unwrap();
                    let page = world.pages.get(&address).cloned();
                    world.asked.push(address);
                    let (status, to, bytes) = page.unwrap_or((404, None, b"Not here".to_vec()));
                    let to = to.map(|it| format!("Location: {it}\r\n")).unwrap_or_default();
                    let n = bytes.len();
                    let head = format!(
                        "HTTP/1.1 {status} X\r\n{to}Content-Length: {n}\r\nConnection: close\r\n\r\n"
                    );
                    // Who asked may have gone.
                    let _ = stream.write_all(&[head.as_bytes(), &bytes].concat());
                }
            });
            Server { port, world }
        }

        fn url(&self, base: &str) -> String {
            format!("http://127.0.0.1:{}{base}/", self.port)
        }

        /// Shows all files of a directory below a path of the host, directories by their index.
        fn show(&self, base: &str, dir: &Path) {
            let address = |path: &str| {
                let path = path.strip_suffix("index.html").unwrap_or(path);
                let parts: Vec<String> = path.split('/').map(rejoinder::text::percent_encode_path).collect();
                format!("{base}/{}", parts.join("/"))
            };
            let files = tree(dir).into_iter().map(|(path, bytes)| (address(&path), (200, None, bytes)));
            self.world.lock().unwrap().pages = files.collect();
        }

        fn put(&self, address: &str, page: Page) {
            self.world.lock().unwrap().pages.insert(address.to_owned(), page);
        }

        fn page(&self, address: &str) -> Page {
            self.world.lock().unwrap().pages[address].clone()
        }
    }

    fn said(ran: &Output) -> String {
        format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
    }

    #[track_caller]
    fn expect(ran: &Output, exit: i32, words: &[&str]) {
        let said = said(ran);
        assert_eq!(ran.status.code(), Some(exit), "{said}");
        for word in words {
            assert!(said.contains(word), "{word:?} is not in:\n{said}");
        }
    }

    /// A site that was built, with a page in a directory of two words, and one that has moved.
    fn built(more: &str) -> tempfile::TempDir {
        let dir = minimal();
        let settings = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
        std::fs::write(dir.path().join("site.yaml"), settings + more).unwrap();
        let page = "---\ntitle: Loom\naliases: [/old place/]\n---\nWords.\n";
        std::fs::write(dir.path().join("content/loom.md"), page).unwrap();
        expect(&run(dir.path(), &["build", "--quiet"]), 0, &[]);
        dir
    }

    #[test]
    fn each_file_that_is_not_what_was_built_is_named() {
        let dir = built("");
        let server = Server::start();
        for base in ["", "/sites/one"] {
            let url = server.url(base);
            let check = |url: &str| run(dir.path(), &["check", "--published", url]);
            let show = || server.show(base, &dir.path().join("public"));
            show();
            expect(&check(&url), 0, &["what was built, byte for byte"]);
            expect(&check(url.trim_end_matches('/')), 0, &["byte for byte"]);

            let (home, loom) = (format!("{base}/"), format!("{base}/loom/"));
            let (_, _, mut bytes) = server.page(&home);
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            server.put(&home, (200, None, bytes));
            server.put(&loom, (404, None, Vec::new()));
            expect(
                &check(&url),
                1,
                &["`index.html` has other bytes", "`loom/index.html` is not there", "2 files at"],
            );
            let json = run(dir.path(), &["check", "--published", &url, "--format", "json"]);
            let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
            assert_eq!(json["other"], serde_json::json!(["index.html"]));
            assert_eq!(json["missing"], serde_json::json!(["loom/index.html"]));

            // 410 is as gone as 404; a host that fails is no answer.
            show();
            server.put(&loom, (410, None, Vec::new()));
            expect(&check(&url), 1, &["`loom/index.html` is not there"]);
            server.put(&loom, (503, None, Vec::new()));
            expect(&check(&url), 6, &["its host answers 503"]);
        }
    }

    #[test]
    fn redirects_are_followed_within_the_site_and_right_where_the_page_leads() {
        let dir = built("");
        let server = Server::start();
        let (base, elsewhere) = ("/site", Server::start());
        server.show(base, &dir.path().join("public"));
        let check = || run(dir.path(), &["check", "--published", &server.url(base)]);
        // A host that shows a page below another address.
        server.put("/site/moved/", server.page("/site/loom/"));
        for to in ["/site/moved/".to_owned(), server.url("/site/moved")] {
            server.put("/site/loom/", (301, Some(to), Vec::new()));
            expect(&check(), 0, &["byte for byte"]);
        }
        server.put("/site/loom/", server.page("/site/moved/"));
        // A host that redirects by itself where a page of ours would: right if it leads to the same page.
        let old = "/site/old%20place/";
        assert!(String::from_utf8(server.page(old).2).unwrap().contains("This page has moved"));
        server.put(old, (301, Some("/site/loom/".to_owned()), Vec::new()));
        expect(&check(), 0, &["byte for byte"]);
        server.put(old, (301, Some("/site/".to_owned()), Vec::new()));
        expect(&check(), 1, &["`old place/index.html` has other bytes"]);
        // To another host nobody is followed.
        elsewhere.show("", &dir.path().join("public"));
        server.put("/site/loom/", (302, Some(elsewhere.url("")), Vec::new()));
        server.put(old, (301, Some("/site/loom/".to_owned()), Vec::new()));
        expect(&check(), 1, &["`loom/index.html` has other bytes"]);
        assert!(elsewhere.world.lock().unwrap().asked.is_empty());
        server.put("/site/loom/", (301, Some("/site/loom/".to_owned()), Vec::new()));
        expect(&check(), 6, &["it leads on more than 3 times"]);
    }

    #[test]
    fn a_host_that_is_not_there_is_a_failure_and_no_difference() {
        let dir = built("");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/");
        expect(&run(dir.path(), &["check", "--published", &url]), 6, &["cannot read `http://127.0.0.1"]);
    }

    #[test]
    fn after_publishing_it_is_said_whether_readers_see_it() {
        let server = Server::start();
        let url = server.url("");
        let dir = built(&format!("publish: {{ name: live, to: dir, path: live, url: \"{url}\" }}\n"));
        let publish = |args: &[&str]| run(dir.path(), &[&["publish", "--yes"], args].concat());
        // Nothing is shown yet: a warning, and published all the same.
        expect(
            &publish(&[]),
            0,
            &["Published r1", "warning: at http", "are not those of r1", "check --published"],
        );
        let asked = || std::mem::take(&mut server.world.lock().unwrap().asked);
        let first = asked();
        assert!(first.contains(&"/".to_owned()) && first.len() < 10, "{first:?}");
        server.show("", &dir.path().join("live/current"));
        let change = |words: &str| {
            let page = format!("---\ntitle: Loom\naliases: [/old place/]\n---\n{words}\n");
            std::fs::write(dir.path().join("content/loom.md"), page).unwrap();
            expect(&run(dir.path(), &["build", "--quiet"]), 0, &[]);
        };
        change("Other words.");
        let ran = publish(&[]);
        expect(&ran, 0, &["`/loom/`", "the record there is that of r1", "a cache may hold"]);
        asked();
        change("Again others.");
        let ran = publish(&["--no-verify"]);
        expect(&ran, 0, &["Published r3"]);
        assert!(asked().is_empty() && !said(&ran).contains("readers"), "{}", said(&ran));
        expect(&publish(&["--quiet", "--rollback", "r2"]), 0, &[]);
        assert!(asked().is_empty(), "nobody would read it");
        // What is shown is what will be there.
        change("Words again.");
        server.show("", &dir.path().join("public"));
        expect(&publish(&[]), 0, &["readers see r5"]);
    }
}
