//! `check --external` as a process. How answers are judged is tested beside the code, in `src/external/tests.rs`; both
//! need the cargo feature `external`, and say so when it is missing.

use crate::cli::{expect, minimal, run};

#[cfg(not(feature = "external"))]
#[test]
fn a_program_without_the_network_says_how_to_get_it() {
    crate::world::say("skipped: asking for links that leave the site (cargo test --features external)");
    let dir = minimal();
    expect(
        &run(dir.path(), &["check", "--external"]),
        2,
        "",
        "\
error: this Rejoinder was built without `check --external`
 |
 = help: build one that has it: `cargo build --release --features external`
",
    );
    assert!(!dir.path().join("links.lock").exists());
}

#[test]
fn options_for_asking_want_something_to_ask() {
    let dir = minimal();
    for option in [&["--recheck"][..], &["--max-age", "3"]] {
        let ran = run(dir.path(), &[&["check"], option].concat());
        assert_eq!(ran.status.code(), Some(2), "{option:?}");
    }
}

#[cfg(feature = "external")]
mod asking {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::world::tree;

    /// A host where only `/there` is, and how often it was asked.
    fn start() -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let n_asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&n_asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let first = lines.next().unwrap().unwrap();
                while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
                count.fetch_add(1, Ordering::SeqCst);
                let status = if first.contains(" /there ") { "200 OK" } else { "404 Not Found" };
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .unwrap();
            }
        });
        (port, n_asked)
    }

    /// The minimal site with a page that links to two addresses, and with none of its own.
    fn site(allow_private: bool, first: &str, second: &str) -> tempfile::TempDir {
        let dir = minimal();
        let write = |path: &str, text: String| std::fs::write(dir.path().join(path), text).unwrap();
        write("site.yaml", format!("title: Test\nexternal: {{ allow_private: {allow_private} }}\n"));
        write(
            "content/sources/article.md",
            "---\ntype: article-newspaper\ntitle: The article\npublisher: gazette\npublished: 2025-01-22\n---\n".to_owned(),
        );
        write(
            "content/about.md",
            format!("---\ntitle: About\n---\nSee [one]({first}) and [two]({second}).\n"),
        );
        dir
    }

    fn lock(dir: &Path) -> String {
        let text = std::fs::read_to_string(dir.join("links.lock")).unwrap();
        let days = |word: &str| ["checked=", "since="].iter().any(|it| word.starts_with(it));
        let line = |line: &str| line.split(' ').filter(|word| !days(word)).collect::<Vec<_>>().join(" ");
        text.lines().map(|it| line(it) + "\n").collect()
    }

    #[test]
    fn a_dead_link_is_told_at_the_authors_line_and_remembered() {
        let (port, n_asked) = start();
        let (there, gone) =
            (format!("http://127.0.0.1:{port}/there"), format!("http://127.0.0.1:{port}/gone"));
        let dir = site(true, &there, &gone);
        let before = tree(dir.path());
        let ran = run(dir.path(), &["check", "--external"]);
        let said = String::from_utf8(ran.stderr.clone()).unwrap();
        assert_eq!(ran.status.code(), Some(0), "{said}");
        assert!(
            said.contains(
                "warning[link-rot]: this link is dead: its host answers 404\n --> content/about.md:4:"
            ),
            "{said}"
        );
        assert!(said.contains("\nAsked 2 of 2 addresses.\nChecked "), "{said}");
        let known =
            format!("rejoinder links 1\n{gone} dead code=404 as=prose\n{there} ok code=200 as=prose\n");
        assert_eq!(lock(dir.path()), known);
        let mut after = tree(dir.path());
        after.remove("links.lock");
        assert!(before == after, "nothing else is written: {:?}", after.keys());

        let again = run(dir.path(), &["check", "--external", "--strict", "--format", "concise"]);
        assert_eq!(again.status.code(), Some(1));
        assert!(String::from_utf8(again.stdout).unwrap().contains("warning[link-rot]"));
        assert_eq!(n_asked.load(Ordering::SeqCst), 2, "what is known is not asked again");
        for verb in ["check", "build"] {
            let plain = run(dir.path(), &[verb]);
            let said = String::from_utf8(plain.stderr).unwrap();
            assert!(plain.status.success() && !said.contains("link-rot"), "{verb} does not look: {said}");
        }
        assert_eq!(n_asked.load(Ordering::SeqCst), 2, "a build asks nobody");
        run(dir.path(), &["check", "--external", "--recheck"]);
        assert_eq!(n_asked.load(Ordering::SeqCst), 4);
    }

    #[test]
    fn a_private_address_is_not_asked() {
        let (port, n_asked) = start();
        let dir = site(false, &format!("http://127.0.0.1:{port}/there"), "http://10.0.0.1/");
        let ran = run(dir.path(), &["check", "--external", "--format", "concise"]);
        let said = String::from_utf8(ran.stdout).unwrap();
        assert_eq!(said.matches("leads into a private network").count(), 2, "{said}");
        assert_eq!(n_asked.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_network_that_is_down_is_told_once_and_nothing_is_lost() {
        let dir = site(false, "http://nobody.invalid/", "http://nowhere.invalid/");
        let known = "rejoinder links 1\nhttp://nobody.invalid/ ok checked=2025-01-01 code=200 as=prose\n";
        std::fs::write(dir.path().join("links.lock"), known).unwrap();
        expect(
            &run(dir.path(), &["check", "--external"]),
            6,
            "",
            "\
error: no host can be reached: 2 addresses were asked
 |
 = help: is this machine online? `links.lock` is as it was. Proxies are not used; `rejoinder check` alone needs no network
",
        );
        assert_eq!(std::fs::read_to_string(dir.path().join("links.lock")).unwrap(), known);
    }

    #[test]
    fn a_list_that_cannot_be_read_is_kept_and_nobody_is_asked() {
        let (port, n_asked) = start();
        let dir = site(true, &format!("http://127.0.0.1:{port}/there"), "https://example.org/");
        let broken = "rejoinder links 1\n<<<<<<< ours\n";
        std::fs::write(dir.path().join("links.lock"), broken).unwrap();
        let ran = run(dir.path(), &["check", "--external"]);
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(1), "{said}");
        assert!(
            said.contains("error[links-lock-unreadable]") && said.contains("No address was asked"),
            "{said}"
        );
        assert_eq!(std::fs::read_to_string(dir.path().join("links.lock")).unwrap(), broken);
        assert_eq!(n_asked.load(Ordering::SeqCst), 0);
    }
}
