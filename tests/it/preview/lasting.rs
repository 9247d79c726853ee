//! `rejoinder serve` over a long time, through mistakes and through everything else that happens to a project.
//!
//! The slow ones run with SLOW_TESTS. `BREAKS=500` and `SOAK=20000` set how many mistakes are made and mended and how many edits
//! the soak makes (28 and 300 by default). `PROGRAM=target/release/rejoinder` tries that program instead; then the two seconds
//! that an author may wait for word of a mistake are two seconds.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::process::{Serving, program};
use crate::cli::{minimal, rejoinder};
use crate::generator::{self, Shape};
use crate::world::{repository, runs_slow_tests, say, tree, write_tree};

/// How long anything may take that has no limit of its own.
const LONG: Duration = Duration::from_secs(120);

/// How long an author may wait for word of a mistake. A program that is not optimised, on a busy machine, takes longer.
fn patience() -> Duration {
    Duration::from_secs(if std::env::var_os("PROGRAM").is_some() { 2 } else { 30 })
}

fn count(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |it| it.parse().expect("a number"))
}

/// The worked example, on disk.
fn example() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let content = tree(&repository("content"));
    let mut files: BTreeMap<_, _> =
        content.into_iter().map(|(path, it)| (format!("content/{path}"), it)).collect();
    for name in ["site.yaml", "quotes.lock"] {
        files.insert(name.to_owned(), std::fs::read(repository(name)).unwrap());
    }
    write_tree(dir.path(), &files);
    dir
}

/// What a tab hears.
struct Tab(Receiver<Value>);

impl Tab {
    /// Opens a page, and listens as its script would.
    fn open(serving: &Serving, page: &str) -> Tab {
        let answer = serving.until(page, "/_rejoinder/");
        let start = answer.text().find("/_rejoinder/").unwrap();
        let own = &answer.text()[start..start + "/_rejoinder/".len() + 33];
        let mut stream = TcpStream::connect(("127.0.0.1", serving.port)).unwrap();
        let request = format!(
            "GET {own}events?page={page}&seen=0 HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
            serving.port
        );
        stream.write_all(request.as_bytes()).unwrap();
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let Some(message) = line.strip_prefix("data: ") else { continue };
                let message = serde_json::from_str(message).expect("a message is JSON");
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        Tab(receive)
    }

    /// Waits for a message like this.
    fn until(&self, limit: Duration, what: &str, is_it: impl Fn(&Value) -> bool) -> (Value, Duration) {
        let start = Instant::now();
        let mut last = Value::Null;
        loop {
            let left = limit.saturating_sub(start.elapsed());
            match self.0.recv_timeout(left) {
                Ok(message) if is_it(&message) => return (message, start.elapsed()),
                Ok(message) => last = message,
                Err(_) => panic!("{what}: not told within {limit:?}; the last word was {last}"),
            }
        }
    }
}

/// A way to break the example: a file, its new bytes (`None` to delete it), the file and the code that are told.
type Mistake = (&'static str, Change, &'static str, &'static str);

/// From the bytes a file has, empty when there is none, to those it gets.
type Change = fn(&[u8]) -> Option<Vec<u8>>;

fn with(bytes: &[u8], more: &[u8]) -> Option<Vec<u8>> {
    Some([bytes, more].concat())
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "the example has {from}");
    Some(text.replacen(from, to, 1).into_bytes())
}

fn base_template() -> String {
    std::fs::read_to_string(repository("themes/base/templates/base.html")).unwrap()
}

const ABOUT: &str = "content/about.md";
const BASE: &str = "templates/base.html";
const NADELLA: &str = "content/deepseek-r1/reactions/satya-nadella.md";

const MISTAKES: &[Mistake] = &[
    (ABOUT, |_| Some(b"---\ntitle: [\n---\n".to_vec()), ABOUT, "yaml-syntax"),
    (ABOUT, |it| with(it, b"\n[[actor:nobody-at-all]]\n"), ABOUT, "ref-unresolved"),
    (ABOUT, |it| with(it, b"\xff\xfe\n"), ABOUT, "not-utf8"),
    (ABOUT, |_| Some(b"---\ntitle: A\nunknown: key\n---\n".to_vec()), ABOUT, "unknown-key"),
    (ABOUT, |it| with(it, b"\n![A picture](missing.png)\n"), ABOUT, "missing-asset"),
    ("content/actors/nvidia.md", |_| None, "content/actors/_actors.yaml", "ref-type"),
    (
        "content/actors/again.yaml",
        |_| Some(b"- { id: nvidia, type: organisation, name: Again }\n".to_vec()),
        "content/actors/nvidia.md",
        "duplicate-id",
    ),
    ("site.yaml", |_| Some(b"title: [\n".to_vec()), "site.yaml", "yaml-syntax"),
    ("site.yaml", |it| replaced(it, "theme: verbatim", "theme: nowhere"), "site.yaml", "unknown-theme"),
    (NADELLA, |it| replaced(it, "skyrocket", "skyrockets"), NADELLA, "quote-edited"),
    ("quotes.lock", |_| Some(b"no json\n".to_vec()), "quotes.lock", "lock-unreadable"),
    (BASE, |_| Some(b"{% if %}\n".to_vec()), BASE, "template"),
    (
        BASE,
        |_| Some(base_template().replace("<main", "{{ nothing.here }}<main").into_bytes()),
        BASE,
        "template",
    ),
    (BASE, |_| Some(base_template().replace("{% endblock", "{% endblok").into_bytes()), BASE, "template"),
];

#[test]
fn every_mistake_is_told_and_forgotten_once_it_is_mended() {
    if !runs_slow_tests("mistakes made and mended") {
        return;
    }
    let dir = example();
    let serving = Serving::start(dir.path(), &["--port", "0"]).unheard();
    let tab = Tab::open(&serving, "/");
    let (sound, _) = tab.until(LONG, "the start", |it| it["n_errors"] == 0 && it["page"] != "");
    let (mut told, mut mended) = (Vec::new(), Vec::new());
    for (round, (file, change, at, code)) in MISTAKES.iter().cycle().take(count("BREAKS", 28)).enumerate() {
        let what = format!("round {round}, {code} in {file}");
        let path = dir.path().join(file);
        let before = std::fs::read(&path).ok();
        match change(before.as_deref().unwrap_or_default()) {
            Some(bytes) => {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, bytes).unwrap();
            }
            None => std::fs::remove_file(&path).unwrap(),
        }
        let is_told = |it: &Value| {
            let mut errors = it["errors"].as_array().into_iter().flatten();
            errors.any(|it| it["file"] == *at && it["code"] == *code)
        };
        told.push(tab.until(patience(), &what, is_told).1);
        match before {
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let is_sound = |it: &Value| it["n_errors"] == 0 && it["errors"] == Value::Array(Vec::new());
        let (now, took) = tab.until(patience(), &what, is_sound);
        assert_eq!(now["page"], sound["page"], "{what}: the page is what it was");
        mended.push(took);
    }
    for (name, times) in [("told", &mut told), ("mended", &mut mended)] {
        times.sort();
        let last = times.len() - 1;
        say(&format!(
            "{} mistakes {name}: median {:?}, at most {:?}",
            last + 1,
            times[last / 2],
            times[last]
        ));
    }
}

#[cfg(target_os = "linux")]
fn resident_kib(serving: &Serving) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", serving.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(target_os = "linux")]
fn descriptors(serving: &Serving) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", serving.child.id())).unwrap().count()
}

#[cfg(target_os = "linux")]
#[test]
fn many_edits_cost_no_memory_and_no_descriptors() {
    if !runs_slow_tests("a soak of edits") {
        return;
    }
    let edits = count("SOAK", 300);
    let dir = example();
    let serving = Serving::start(dir.path(), &["--port", "0"]).unheard();
    let _tab = Tab::open(&serving, "/about/");
    let path = dir.path().join(ABOUT);
    let text = std::fs::read_to_string(&path).unwrap();
    let (mut memory, mut open) = (Vec::new(), Vec::new());
    for edit in 0..edits {
        std::fs::write(&path, format!("{text}\nEdit {edit} of the soak.\n")).unwrap();
        serving.until_soon("/about/", &format!("Edit {edit} of the soak."));
        if edit % 50 == 0 {
            // Long enough for checks and pages, which are otherwise given up for the next edit.
            std::thread::sleep(Duration::from_millis(400));
        }
        if edit % (edits / 100).max(1) == 0 {
            memory.push(resident_kib(&serving));
            open.push(descriptors(&serving));
        }
    }
    let tenth = memory.len() / 10;
    // A third to warm up; of both ends the mean, because what an allocator holds goes up and down.
    let mean = |of: &[u64]| of.iter().sum::<u64>() as f64 / of.len() as f64;
    let (warm, end) = (mean(&memory[3 * tenth..5 * tenth]), mean(&memory[memory.len() - 2 * tenth..]));
    let drift = end / warm - 1.0;
    // Connections of this test, and files that are being read, come and go. What leaks stays.
    let fewest = |of: &[usize]| *of.iter().min().unwrap();
    let (few, few_at_end) = (fewest(&open[3 * tenth..5 * tenth]), fewest(&open[open.len() - 2 * tenth..]));
    let most = *open.iter().max().unwrap();
    say(&format!(
        "{edits} edits: {warm:.0} KiB when warm, {end:.0} at the end, {:+.1} %, most {}; {few} descriptors, {few_at_end} at the end, most {most}",
        drift * 100.0,
        memory.iter().max().unwrap()
    ));
    assert!(drift < 0.1, "memory grows: {memory:?}");
    assert!(few_at_end <= few && most <= few + 16, "descriptors: {open:?}");
}

fn git(dir: &Path, args: &[&str]) {
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
    let ran = Command::new("git").current_dir(dir).args(who).args(args).output().unwrap();
    assert!(ran.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn after_a_checkout_of_a_thousand_files_the_preview_is_a_clean_build() {
    if !runs_slow_tests("a checkout under serve") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let site = |pages, seed| -> BTreeMap<String, Vec<u8>> {
        generator::generate(&Shape { pages, seed })
            .into_iter()
            .map(|(path, it)| (path, it.into_bytes()))
            .collect()
    };
    let project = dir.path().join("project");
    write_tree(&project, &site(1_000, 1));
    git(&project, &["init", "--quiet", "--initial-branch=one"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "--message=One"]);
    git(&project, &["checkout", "--quiet", "-b", "two"]);
    std::fs::remove_dir_all(project.join("content")).unwrap();
    write_tree(&project, &site(4_000, 2));
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "--message=Two"]);
    git(&project, &["checkout", "--quiet", "one"]);
    let changed =
        Command::new("git").current_dir(&project).args(["diff", "--name-only", "one", "two"]).output();
    let n_changed = String::from_utf8(changed.unwrap().stdout).unwrap().lines().count();
    assert!(n_changed >= 1_000, "{n_changed} files differ");

    let serving = Serving::start(&project, &["--port", "0", "--no-reload"]).unheard();
    serving.until("/", "<main");
    for branch in ["two", "one"] {
        git(&project, &["checkout", "--quiet", branch]);
        let start = Instant::now();
        let out = dir.path().join(branch);
        let ran = program(&project).args(["build", "--quiet", "--output"]).arg(&out).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let clean = tree(&out);
        let is_page = |path: &&String| !path.starts_with('_') && !path.starts_with('.');
        loop {
            let mut differ = clean
                .iter()
                .filter(|(path, bytes)| is_page(path) && serving.get(&format!("/{path}")).body != **bytes);
            let Some((first, _)) = differ.next() else { break };
            assert!(
                start.elapsed() < LONG,
                "after a checkout of {branch}, {first} is not what a build makes"
            );
            std::thread::sleep(Duration::from_millis(200));
        }
        say(&format!("checkout of {n_changed} files: {} files are as built", clean.len()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn killed_in_the_middle_it_has_written_nothing() {
    use std::os::unix::fs::MetadataExt;
    let dir = minimal();
    let built = rejoinder(dir.path()).args(["build", "--quiet"]).output().unwrap();
    assert!(built.status.success());
    let stamps = || -> BTreeMap<String, (u64, i64, i64)> {
        let entries = walkdir::WalkDir::new(dir.path()).into_iter().map(Result::unwrap);
        let entries = entries.map(|it| (it.path().display().to_string(), it.metadata().unwrap()));
        // Looking at a file changes nothing of this.
        entries
            .map(|(path, it)| {
                (path, (it.ino(), it.mtime_nsec() + it.mtime() * 1_000_000_000, it.ctime_nsec()))
            })
            .collect()
    };
    let (bytes, before) = (tree(dir.path()), stamps());
    assert!(bytes.contains_key("public/index.html"));
    for moment in [0, 5, 20, 60, 200] {
        let mut serving = Serving::start(dir.path(), &["--port", "0"]);
        std::thread::sleep(Duration::from_millis(moment));
        // SIGKILL.
        serving.child.kill().unwrap();
        serving.child.wait().unwrap();
        assert_eq!(stamps(), before, "killed after {moment} ms");
    }
    assert_eq!(tree(dir.path()), bytes);
}

#[test]
fn a_project_that_is_deleted_and_made_again_is_served_again() {
    let dir = tempfile::tempdir().unwrap();
    let project = dir.path().join("project");
    let files = tree(&repository("tests/cases/minimal.site"));
    write_tree(&project, &files);
    // The program is started in the directory, and knows it as `.`.
    let serving = Serving::start(&project, &["--port", "0"]).unheard();
    serving.until("/", "<main");
    std::fs::remove_dir_all(&project).unwrap();
    std::thread::sleep(Duration::from_millis(400));
    write_tree(&project, &files);
    std::fs::write(project.join("content/new.md"), "---\ntitle: New\n---\nWritten into the new directory.\n")
        .unwrap();
    serving.until("/new/", "Written into the new directory.");
}

#[test]
fn tabs_hear_of_pictures_beside_texts_that_keep_their_name() {
    let dir = minimal();
    let (beside, below) = (dir.path().join("content/tale/map.svg"), dir.path().join("static/plan.svg"));
    let picture =
        |colour: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><rect fill=\"{colour}\"/></svg>");
    std::fs::create_dir_all(below.parent().unwrap()).unwrap();
    std::fs::write(&beside, picture("red")).unwrap();
    std::fs::write(&below, picture("red")).unwrap();
    let serving = Serving::start(dir.path(), &["--port", "0"]).unheard();
    let tab = Tab::open(&serving, "/");
    for (file, address) in [(&beside, "/tale/map.svg"), (&below, "/plan.svg")] {
        std::fs::write(file, picture("blue")).unwrap();
        tab.until(LONG, address, |it| it["assets"][address].is_u64());
        assert!(serving.get(address).text().contains("blue"));
    }
    std::fs::write(dir.path().join("content/tale/story.md"), "---\ntitle: Another tale\n---\n").unwrap();
    let (last, _) = tab.until(LONG, "a text", |it| it["n_errors"] == 0 || it["n_errors"] != 0);
    assert_eq!(last["assets"].as_object().unwrap().len(), 2, "a text is no asset: {last}");
}

#[test]
fn a_file_written_again_and_again_is_named() {
    let dir = minimal();
    let file = dir.path().join("static/app.css");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "a {}").unwrap();
    let mut serving = Serving::start(dir.path(), &["--port", "0"]);
    serving.until("/", "<main");
    let again = file.clone();
    let (end, ended) = mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        while ended.recv_timeout(Duration::from_millis(120)).is_err() {
            std::fs::write(&again, "a {}").unwrap();
        }
    });
    serving.says("`static/app.css` is written again and again");
    // Whatever an author does meanwhile is seen at once.
    std::fs::write(dir.path().join("content/new.md"), "---\ntitle: New\n---\nMeanwhile.\n").unwrap();
    serving.until("/new/", "Meanwhile.");
    end.send(()).unwrap();
    writer.join().unwrap();
    std::fs::write(&file, "b {}").unwrap();
    serving.until("/app.css", "b {}");
}

#[test]
fn copies_kept_elsewhere_are_watched() {
    let dir = crate::integrity::project();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("article.txt");
    std::fs::rename(dir.path().join("snapshots/article.txt"), &copy).unwrap();
    let serving =
        Serving::start(dir.path(), &["--port", "0", "--snapshots", elsewhere.path().to_str().unwrap()])
            .unheard();
    let tab = Tab::open(&serving, "/");
    tab.until(LONG, "the start", |it| it["n_errors"] == 0 && it["page"] != "");
    let words = std::fs::read(&copy).unwrap();
    std::fs::write(&copy, "She said something else and left.\n").unwrap();
    tab.until(LONG, "another copy", |it| it["errors"][0]["code"] == "quote-mismatch");
    std::fs::write(&copy, words).unwrap();
    tab.until(LONG, "the copy again", |it| it["n_errors"] == 0);
}
