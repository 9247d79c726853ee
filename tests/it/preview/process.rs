//! `rejoinder serve` as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::Answer;
use crate::cli::{minimal, rejoinder};
#[cfg(target_os = "linux")]
use crate::world::runs_slow_tests;
use crate::world::{repository, tree};

/// The program of this build, or that which PROGRAM names.
pub(super) fn program(dir: &std::path::Path) -> Command {
    let Some(program) = std::env::var_os("PROGRAM") else { return rejoinder(dir) };
    let mut command = Command::new(repository("").join(program));
    command.current_dir(dir).env_clear().env("SOURCE_DATE_EPOCH", "1738368000").stdin(Stdio::null());
    command
}

/// A serving process and the port it told.
pub(super) struct Serving {
    pub(super) child: Child,
    pub(super) port: u16,
    /// `None` once nobody wants to hear it.
    said: Option<BufReader<std::process::ChildStderr>>,
}

impl Serving {
    pub(super) fn start(dir: &std::path::Path, args: &[&str]) -> Serving {
        let mut command = program(dir);
        command.arg("serve").args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let port = line
            .split("localhost:")
            .nth(1)
            .and_then(|it| it.split('/').next())
            .unwrap_or_else(|| panic!("{line}"));
        let port = port.parse().unwrap();
        Serving { child, port, said: Some(said) }
    }

    /// Reads away what it says from now on: who says much would wait for a reader.
    pub(super) fn unheard(mut self) -> Serving {
        let mut said = self.said.take().expect("it is heard until now");
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        self
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port)
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Answer::read(&answer).unwrap()
    }

    /// Asks until the page says this.
    pub(super) fn until(&self, path: &str, says: &str) -> Answer {
        self.until_every(Duration::from_millis(20), path, says)
    }

    /// The same without much of a pause.
    pub(super) fn until_soon(&self, path: &str, says: &str) -> Answer {
        self.until_every(Duration::from_millis(1), path, says)
    }

    fn until_every(&self, pause: Duration, path: &str, says: &str) -> Answer {
        let start = Instant::now();
        loop {
            let answer = self.get(path);
            if answer.text().contains(says) {
                return answer;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{path} never says {says}: {}", answer.text());
            std::thread::sleep(pause);
        }
    }

    /// Reads what it says until it says this.
    pub(super) fn says(&mut self, what: &str) {
        let mut line = String::new();
        while !line.contains(what) {
            line.clear();
            assert!(self.said.as_mut().unwrap().read_line(&mut line).unwrap() > 0, "it never says {what}");
        }
    }

    fn wait(mut self, what: &str) -> (i32, String) {
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_secs(5), "{what}: it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        let took = start.elapsed();
        // A second on a machine of its own.
        assert!(took < Duration::from_secs(3), "{what}: {took:?}");
        TcpListener::bind(("127.0.0.1", self.port)).expect("the port is free again");
        let mut said = String::new();
        self.said.as_mut().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_site_is_shown_while_it_changes_and_nothing_is_written() {
    let dir = minimal();
    let mut serving = Serving::start(dir.path(), &["--port", "0"]);
    serving.until("/", "<main");
    let before = tree(dir.path());
    std::fs::write(dir.path().join("content/new.md"), "---\ntitle: A new page\n---\nFirst words.\n").unwrap();
    serving.until("/new/", "First words.");
    std::fs::write(dir.path().join("content/new.md"), "---\ntitle: A new page\nunknown: key\n---\n").unwrap();
    serving.says("✗ 1 error");
    assert!(serving.get("/new/").text().contains("First words."), "the last good page stays");
    std::fs::write(dir.path().join("content/new.md"), "---\ntitle: A new page\n---\nOther words.\n").unwrap();
    serving.until("/new/", "Other words.");
    std::fs::remove_file(dir.path().join("content/new.md")).unwrap();
    let start = Instant::now();
    while serving.get("/new/").status != 404 {
        assert!(start.elapsed() < Duration::from_secs(60), "a deleted page goes away");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(before.keys().eq(tree(dir.path()).keys()), "serve writes nothing");
}

#[test]
fn a_broken_site_still_starts() {
    let dir = minimal();
    std::fs::write(dir.path().join("content/bad.md"), "---\ntitle: Bad\nunknown: key\n---\n").unwrap();
    let serving = Serving::start(dir.path(), &["--port", "0"]);
    let answer = serving.until("/", "content/bad.md:3:1");
    assert_eq!(answer.status, 500);
    std::fs::remove_file(dir.path().join("content/bad.md")).unwrap();
    let start = Instant::now();
    while serving.get("/").status != 200 {
        assert!(start.elapsed() < Duration::from_secs(60), "it recovers");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn it_ends_when_it_is_asked_to_or_nobody_listens() {
    for signal in ["INT", "TERM", "HUP"] {
        let dir = minimal();
        let serving = Serving::start(dir.path(), &["--port", "0"]);
        serving.until("/", "<main");
        let sent =
            Command::new("kill").args(["-s", signal, &serving.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_eq!(serving.wait(signal).0, 0, "{signal}");
    }
    let dir = minimal();
    let mut serving = Serving::start(dir.path(), &["--port", "0"]);
    serving.until("/", "<main");
    drop(serving.child.stdout.take());
    assert_eq!(serving.wait("closed stdout").0, 0);
}

#[test]
fn ports_and_names() {
    let dir = minimal();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = rejoinder(dir.path()).args(["serve", "--port", &port]).output().unwrap();
    assert_eq!(ran.status.code(), Some(3));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains(&format!("cannot listen on port {port}")), "{said}");
    for args in [&["serve", "--as", "ftp"][..], &["serve", "--port", "70000"], &["serve", "--host", "here"]] {
        assert_eq!(rejoinder(dir.path()).args(args).output().unwrap().status.code(), Some(2), "{args:?}");
    }
    let serving = Serving::start(
        dir.path(),
        &[
            "--port",
            "0",
            "--as",
            "github-pages",
            "--base-url",
            "https://desk.example/repo/",
            "--host",
            "0.0.0.0",
            "--no-reload",
        ],
    );
    let page = serving.until("/repo/", "<main");
    assert!(!page.text().contains("preview.js"), "--no-reload leaves pages alone");
    assert_eq!(serving.get("/").header("location"), "/repo/");
    let (_, said) = {
        let id = serving.child.id().to_string();
        Command::new("kill").args(["-s", "INT", &id]).status().unwrap();
        serving.wait("INT")
    };
    assert!(said.contains("warning: everybody in this network can read the site"), "{said}");
}

/// `script` of util-linux is a terminal for a program.
#[cfg(target_os = "linux")]
#[test]
fn keys_are_heard_and_the_terminal_is_left_as_it_was() {
    if !runs_slow_tests("keys in a terminal") {
        return;
    }
    let dir = minimal();
    let program = env!("CARGO_BIN_EXE_rejoinder");
    let command = format!(
        "before=$(stty -g); {program} serve -p 0; test \"$before\" = \"$(stty -g)\" && echo left alone"
    );
    // Whatever does not answer ends after a minute.
    let mut child = Command::new("timeout")
        .args(["--foreground", "60", "script", "--quiet", "--command", &command, "/dev/null"])
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("timeout: {error}; coreutils have it, and util-linux script"));
    let mut keys = child.stdin.take().unwrap();
    let mut said = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut until = |what: &str| {
        let from = said.len();
        while !said[from..].contains(what) {
            assert!(lines.read_line(&mut said).unwrap() > 0, "never {what}: {said}");
        }
    };
    until("? keys");
    for (key, answer) in [("?", "r make anew"), ("r", "→ "), ("d", "with drafts"), ("q", "left alone")] {
        keys.write_all(key.as_bytes()).unwrap();
        until(answer);
    }
    assert!(child.wait().unwrap().success());
}
