//! Watching real directories by the system's real announcements: every way in which programs save files, storms that
//! overrun the system's queue, and directories that come and go.
//!
//! A [`Reader`] knows of the disk only what it was hinted at, so one missed change leaves it different for good: the
//! safety scan is off. `WATCH_SAVES=100` saves a hundred times in each way and holds the result to the letter. Three
//! saves, on a machine that may be busy, are allowed one round too many, and one more for each time that a save lasted
//! as long as the watcher waits at most: what is told then is what the watcher promises, and not a mistake.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rejoinder::input::scan::Watched;
use rejoinder::input::watch::{Hints, Options, Watcher};
use rejoinder::text::Fingerprint;
use rustix::process::{Pid, Signal, kill_process};

use crate::world::{say, tree, write_tree};

/// Nothing takes this long unless it was missed.
const LONG: Duration = Duration::from_secs(10);
const NEVER: Duration = Duration::from_secs(3_600);

fn saves() -> Option<usize> {
    std::env::var("WATCH_SAVES").ok().map(|it| it.parse().expect("WATCH_SAVES is a number"))
}

fn watched() -> Watched {
    Watched::new(&["content", "static", "themes/plain"], &["site.yaml"])
}

fn listening() -> Options {
    Options { idle: NEVER, ..Options::default() }
}

fn polling() -> Options {
    Options { poll: true, poll_every: Duration::from_millis(50), ..Options::default() }
}

/// What of a project counts, as it is on disk.
fn disk(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for part in ["content", "static", "themes/plain"] {
        files
            .extend(tree(&dir.join(part)).into_iter().map(|(path, bytes)| (format!("{part}/{path}"), bytes)));
    }
    files.extend(fs::read(dir.join("site.yaml")).ok().map(|bytes| ("site.yaml".to_owned(), bytes)));
    files
}

fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let files = ["site.yaml", "content/a.md", "content/tale/b.md", "content/tale/deep/c.md", "static/x.css"];
    write_tree(dir.path(), &files.map(|path| (path.to_owned(), b"old\n".to_vec())).into());
    dir
}

/// Somebody who keeps a copy of the project by reading what hints name, and nothing else.
struct Reader {
    watcher: Watcher,
    dir: PathBuf,
    copy: BTreeMap<String, Vec<u8>>,
    rounds: usize,
    halves: usize,
    notices: Vec<String>,
}

impl Reader {
    fn new(dir: &Path, options: Options) -> Reader {
        let watcher = Watcher::new(dir, watched(), options);
        let copy = disk(dir);
        Reader { watcher, dir: dir.to_owned(), copy, rounds: 0, halves: 0, notices: Vec::new() }
    }

    /// Waits for one round at most and reads what it names.
    fn follow(&mut self, timeout: Duration) -> Hints {
        let hints = self.watcher.wait(timeout);
        self.rounds += usize::from(!hints.is_empty());
        self.notices.extend(hints.notices.iter().cloned());
        if hints.everything {
            self.copy = disk(&self.dir);
        }
        for path in &hints.paths {
            match fs::read(self.dir.join(&**path)) {
                Ok(bytes) => {
                    self.halves += usize::from(bytes.is_empty());
                    self.copy.insert(path.to_string(), bytes);
                }
                Err(_) => drop(self.copy.remove(&**path)),
            }
        }
        hints
    }

    /// Does something on another thread, and follows until nothing is left to follow. Returns how long it took to do.
    fn during(&mut self, what: &str, save: impl FnOnce() + Send) -> Duration {
        std::thread::scope(|scope| {
            let saving = scope.spawn(|| {
                let start = Instant::now();
                save();
                start.elapsed()
            });
            while !saving.is_finished() {
                self.follow(Duration::from_millis(10));
            }
            let took = saving.join().unwrap();
            self.catch_up(what);
            took
        })
    }

    fn catch_up(&mut self, what: &str) {
        let disk = disk(&self.dir);
        let end = Instant::now() + LONG;
        while self.copy != disk {
            self.follow(Duration::from_millis(10));
            if Instant::now() > end {
                let differs = |path: &&String| self.copy.get(*path) != disk.get(*path);
                let paths: Vec<&String> = disk.keys().chain(self.copy.keys()).filter(differs).collect();
                panic!("{what}: {} files missed, such as {:?}", paths.len(), paths.first());
            }
        }
        while !self.follow(Duration::from_millis(60)).is_empty() {}
    }

    /// Saves a number of times, each time with another text, and counts.
    fn saves(&mut self, what: &str, save: impl Fn(&Path, &str) + Sync) {
        let n = saves().unwrap_or(3);
        (self.rounds, self.halves) = (0, 0);
        let dir = self.dir.clone();
        let mut overlong = 0;
        for idx in 0..n {
            let took = self.during(what, || save(&dir, &format!("text {idx}\n{}", "and more\n".repeat(300))));
            overlong += took.div_duration_f64(Options::default().longest) as usize;
        }
        let allowed = if saves().is_some() { n * 12 / 10 } else { n + 1 + overlong };
        if saves().is_some() {
            say(&format!("watch: {what}: {n} saves, {} rounds, {} halves", self.rounds, self.halves));
        }
        assert!(self.rounds >= n.min(1), "{what}: nothing was seen");
        assert!(self.rounds <= allowed, "{what}: {} rounds for {n} saves", self.rounds);
        assert!(self.halves <= allowed - n, "{what}: {} files were seen half written", self.halves);
        assert_eq!(self.notices, [""; 0], "{what}");
    }
}

fn run(dir: &Path, program: &str, args: &[&str]) {
    let ran = Command::new(program).args(args).current_dir(dir).output();
    let ran = ran.unwrap_or_else(|error| panic!("{program} is needed here: {error}"));
    assert!(ran.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn git(dir: &Path, args: &[&str]) {
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=one"];
    run(dir, "git", &[&who[..], &["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"], args].concat());
}

fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

type Save = fn(&Path, &str);

/// How programs save `content/a.md`.
const SAVES: &[(&str, Save)] = &[
    ("in place", |dir, text| fs::write(dir.join("content/a.md"), text).unwrap()),
    ("truncate, pause, write", |dir, text| {
        let mut file = File::create(dir.join("content/a.md")).unwrap();
        pause(25);
        file.write_all(text.as_bytes()).unwrap();
    }),
    ("temporary file, renamed over", |dir, text| {
        let temporary = dir.join("content/a.md.Xy12Qz");
        let mut file = File::create(&temporary).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.sync_all().unwrap();
        drop(file);
        fs::rename(temporary, dir.join("content/a.md")).unwrap();
    }),
    ("vim, backup by renaming", |dir, text| {
        let (file, backup) = (dir.join("content/a.md"), dir.join("content/a.md~"));
        // vim tries whether it may create files here.
        fs::write(dir.join("content/4913"), "").unwrap();
        fs::remove_file(dir.join("content/4913")).unwrap();
        fs::write(dir.join("content/.a.md.swp"), "b0VIM").unwrap();
        fs::rename(&file, &backup).unwrap();
        let mut new = File::create(&file).unwrap();
        new.write_all(text.as_bytes()).unwrap();
        new.sync_all().unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(backup).unwrap();
        fs::remove_file(dir.join("content/.a.md.swp")).unwrap();
    }),
    ("vim, backupcopy=yes", |dir, text| {
        let (file, backup) = (dir.join("content/a.md"), dir.join("content/a.md~"));
        fs::copy(&file, &backup).unwrap();
        let mut new = File::create(&file).unwrap();
        new.write_all(text.as_bytes()).unwrap();
        new.sync_all().unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(backup).unwrap();
    }),
    ("sed -i", |dir, text| {
        let line = text.lines().next().unwrap();
        run(dir, "sed", &["-i", &format!("1s/.*/{line}/"), "content/a.md"]);
    }),
    ("VS Code", |dir, text| {
        let mut file = File::create(dir.join("content/a.md")).unwrap();
        let (first, second) = text.as_bytes().split_at(text.len() / 2);
        file.write_all(first).unwrap();
        file.write_all(second).unwrap();
    }),
    ("JetBrains", |dir, text| {
        let path = |ending: &str| dir.join(format!("content/a.md{ending}"));
        fs::write(path("___jb_tmp___"), text).unwrap();
        fs::rename(path(""), path("___jb_old___")).unwrap();
        fs::rename(path("___jb_tmp___"), path("")).unwrap();
        fs::remove_file(path("___jb_old___")).unwrap();
    }),
    ("a directory renamed", |dir, _| {
        let (one, other) = (dir.join("content/tale"), dir.join("content/story"));
        let (from, to) = if one.exists() { (one, other) } else { (other, one) };
        fs::rename(from, to).unwrap();
    }),
    ("a directory deleted and made anew", |dir, text| {
        let tale = dir.join("static/tale");
        if tale.exists() {
            fs::remove_dir_all(&tale).unwrap();
        }
        fs::create_dir_all(tale.join("deep/er")).unwrap();
        for name in ["b.css", "deep/c.css", "deep/er/d.css"] {
            fs::write(tale.join(name), text).unwrap();
        }
    }),
];

fn every_way_to_save(options: Options) {
    let dir = project();
    let mut reader = Reader::new(dir.path(), options);
    for (what, save) in SAVES {
        reader.saves(what, save);
        // What was moved about is still watched.
        reader.saves(&format!("{what}, then others"), |dir, text| {
            fs::write(dir.join("content/a.md"), text).unwrap();
        });
    }
    assert_eq!(reader.watcher.is_polling(), options.poll);
}

#[test]
fn every_way_to_save_is_seen_once() {
    every_way_to_save(listening());
}

#[test]
fn every_way_to_save_is_seen_when_polling() {
    every_way_to_save(polling());
}

#[test]
fn a_project_behind_a_link_is_watched() {
    let dir = project();
    let link = tempfile::tempdir().unwrap();
    symlink(dir.path(), link.path().join("site")).unwrap();
    let mut reader = Reader::new(&link.path().join("site"), listening());
    reader.saves("through the link", |dir, text| fs::write(dir.join("site.yaml"), text).unwrap());
    let real = dir.path().to_owned();
    reader.saves("past the link", |_, text| fs::write(real.join("content/tale/b.md"), text).unwrap());
    let temporary = real.join("site.yaml.new");
    reader.saves("a single file replaced", |dir, text| {
        fs::write(&temporary, text).unwrap();
        fs::rename(&temporary, dir.join("site.yaml")).unwrap();
    });
}

fn checkouts(options: Options) {
    let dir = project();
    git(dir.path(), &["init", "-q"]);
    let files = |text: &str| -> BTreeMap<String, Vec<u8>> {
        let path = |n: usize| format!("content/many/{}/{n}.md", n % 20);
        (0..1_000).map(|n| (path(n), format!("{text} {n}\n").into_bytes())).collect()
    };
    for branch in ["one", "two"] {
        git(dir.path(), &["checkout", "-q", "-B", branch]);
        write_tree(dir.path(), &files(branch));
        fs::write(dir.path().join(format!("content/many/only-{branch}.md")), "only").unwrap();
        let _ = fs::remove_file(dir.path().join("content/many/only-one.md")).map_err(|_| ());
        git(dir.path(), &["add", "."]);
        git(dir.path(), &["commit", "-q", "-m", branch]);
    }
    let mut reader = Reader::new(dir.path(), options);
    assert_eq!(reader.copy["content/many/7/7.md"], b"two 7\n");
    reader.saves("git checkout of 1,000 files", |dir, _| git(dir, &["checkout", "-q", "@{-1}"]));
}

#[test]
fn a_checkout_of_a_thousand_files_is_one_change() {
    checkouts(listening());
}

#[test]
fn a_checkout_is_seen_when_polling() {
    checkouts(polling());
}

#[test]
fn new_directories_are_seen_with_what_was_put_into_them_at_once() {
    let dir = project();
    let mut reader = Reader::new(dir.path(), listening());
    for idx in 0..saves().unwrap_or(10) {
        let root = dir.path().join(format!("content/new-{idx}"));
        reader.during("nested", || {
            let deep = root.join("a/b/c/d");
            fs::create_dir_all(&deep).unwrap();
            for dir in deep.ancestors().take_while(|it| it.starts_with(&root)) {
                fs::write(dir.join("x.md"), "new").unwrap();
            }
        });
        // It must be watched by now, also where it came ready-made or was moved.
        let moved = dir.path().join(format!("static/moved-{idx}"));
        reader.during("moved", || fs::rename(root.join("a"), &moved).unwrap());
        reader.during("inside of what was moved", || fs::write(moved.join("b/c/y.md"), "y").unwrap());
        reader.during("moved into a new one", || {
            let home = root.join("home");
            fs::create_dir(&home).unwrap();
            fs::rename(&moved, home.join("again")).unwrap();
        });
        reader.during("there", || fs::write(root.join("home/again/b/c/d/z.md"), "z").unwrap());
    }
    assert!(reader.notices.is_empty());
}

#[test]
fn what_does_not_exist_yet_is_noticed_when_it_comes() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = Reader::new(dir.path(), listening());
    let at = |path: &str| dir.path().join(path);
    let write = |path: &str| {
        fs::create_dir_all(at(path).parent().unwrap()).unwrap();
        fs::write(at(path), "new").unwrap();
    };
    for path in ["site.yaml", "content/a/b.md", "themes/plain/x/base.html", "static/x"] {
        reader.during(path, || write(path));
        reader.during(path, || fs::write(at(path), "again").unwrap());
    }
    reader.during("themes away", || fs::rename(at("themes"), at("old")).unwrap());
    reader.during("themes back", || fs::rename(at("old"), at("themes")).unwrap());
    reader.during("within", || write("themes/plain/x/base.html"));
    // Only what counts wakes anybody.
    reader.rounds = 0;
    reader.during("elsewhere", || {
        for path in ["public/index.html", ".rejoinder/ledger", ".git/index", "themes/other/x", "notes.md"] {
            write(path);
        }
        for junk in
            ["content/a/.b.md.swp", "content/a/b.md~", "content/a/#b.md#", "static/x.tmp", "static/.#x"]
        {
            write(junk);
            fs::remove_file(at(junk)).unwrap();
        }
    });
    assert_eq!(reader.rounds, 0);
    reader.watcher.set_watched(Watched::new(&["content", "themes/other"], &["site.yaml"]));
    fs::write(at("themes/other/x"), "other").unwrap();
    fs::write(at("content/a/b.md"), "more").unwrap();
    let mut told: Vec<String> = Vec::new();
    let end = Instant::now() + LONG;
    while told.len() < 2 && Instant::now() < end {
        told.extend(reader.watcher.wait(Duration::from_millis(10)).paths.iter().map(ToString::to_string));
    }
    told.sort();
    assert_eq!(told, ["content/a/b.md", "themes/other/x"]);
}

#[test]
fn a_project_that_is_deleted_and_made_anew_is_found_again() {
    for options in [listening(), polling()] {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("site");
        let make = |text: &str| write_tree(&dir, &[("content/a.md".to_owned(), text.into())].into());
        make("one");
        let mut reader = Reader::new(&dir, options);
        fs::remove_dir_all(&dir).unwrap();
        let end = Instant::now() + LONG;
        while reader.notices.is_empty() && Instant::now() < end {
            reader.follow(Duration::from_millis(10));
        }
        assert!(reader.notices.remove(0).contains("is gone"), "{:?}", reader.notices);
        assert!(reader.copy.is_empty());
        reader.during("made anew", || make("two"));
        reader.during("changed there", || make("three"));
        // Another directory in its place, with nothing in between to be seen.
        let other = outer.path().join("other");
        write_tree(&other, &[("content/b.md".to_owned(), b"b".to_vec())].into());
        reader.during("exchanged", || {
            fs::rename(&dir, outer.path().join("old")).unwrap();
            fs::rename(&other, &dir).unwrap();
        });
        reader.during("changed in the other", || make("four"));
    }
}

#[test]
fn a_change_that_no_event_announces_is_found_and_the_second_leads_to_polling() {
    let dir = project();
    let outside = tempfile::tempdir_in(dir.path()).unwrap();
    // Who writes through another name of a file is heard in that name's directory only.
    let other = outside.path().join("a.md");
    fs::hard_link(dir.path().join("content/a.md"), &other).unwrap();
    let options =
        Options { idle: Duration::from_millis(100), poll_every: Duration::from_millis(50), ..listening() };
    let mut reader = Reader::new(dir.path(), options);
    reader.during("first", || fs::write(&other, "first").unwrap());
    assert!(!reader.watcher.is_polling() && reader.notices.is_empty());
    reader.during("second", || fs::write(&other, "second").unwrap());
    assert!(reader.watcher.is_polling());
    assert!(reader.notices[0].contains("without this system announcing it"), "{:?}", reader.notices);
    reader.during("third", || fs::write(&other, "third").unwrap());
}

#[test]
fn somebody_else_can_end_the_wait() {
    let dir = project();
    let mut watcher = Watcher::new(dir.path(), watched(), listening());
    let waker = watcher.waker();
    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| waker.wake());
        assert!(watcher.wait(NEVER).is_empty());
    });
    // Also while somebody is in the middle of many changes.
    fs::create_dir(dir.path().join(".git")).unwrap();
    let mut watcher = Watcher::new(dir.path(), watched(), listening());
    fs::write(dir.path().join(".git/index.lock"), "").unwrap();
    fs::write(dir.path().join("content/a.md"), "").unwrap();
    let waker = watcher.waker();
    std::thread::scope(|scope| {
        scope.spawn(|| waker.wake());
        assert!(watcher.wait(NEVER).is_empty());
    });
    fs::remove_file(dir.path().join(".git/index.lock")).unwrap();
    assert_eq!(watcher.wait(LONG).paths.len(), 1, "what was announced before is not forgotten");
    assert!(start.elapsed() < LONG);
    assert!(watcher.wait(Duration::ZERO).is_empty());
}

#[test]
fn names_that_only_a_listing_can_judge_are_told() {
    let dir = project();
    let mut reader = Reader::new(dir.path(), listening());
    fs::write(dir.path().join("content/e\u{301}.md"), "x").unwrap();
    let hints = reader.follow(LONG);
    assert_eq!(hints.paths.iter().map(|it| &**it).collect::<Vec<_>>(), ["content/é.md"]);
    fs::create_dir(dir.path().join("content/nul")).unwrap();
    assert!(!reader.follow(LONG).is_empty());
    fs::write(dir.path().join("content/nul/x.md"), "x").unwrap();
    assert!(!reader.follow(LONG).is_empty());
}

// ---- With another process ----

/// Not a test but the program that the tests below start: follows a project and prints what it knows.
#[test]
fn the_other_process() {
    let Some(dir) = std::env::var_os("WATCH_CHILD") else { return };
    let options = if std::env::var_os("WATCH_CHILD_QUICK").is_some() { polling() } else { listening() };
    let mut reader = Reader::new(Path::new(&dir), Options { poll: false, ..options });
    let mut everything = false;
    println!("ready {}", digest(&reader.copy));
    loop {
        let hints = reader.follow(Duration::from_millis(100));
        everything |= hints.everything;
        let polls = reader.watcher.is_polling();
        let notice = reader.notices.last().map_or("", String::as_str);
        println!("knows {} everything={everything} polls={polls} {notice}", digest(&reader.copy));
    }
}

fn digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let text: Vec<String> =
        files.iter().map(|(path, bytes)| format!("{path} {}\n", Fingerprint::of(bytes).hex())).collect();
    Fingerprint::of(text.concat().as_bytes()).hex()
}

/// A process that is ended with the test.
struct Other(Child, BufReader<std::process::ChildStdout>);

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

impl Other {
    fn start(mut command: Command, dir: &Path) -> Other {
        command.env("WATCH_CHILD", dir).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut other = Other(child, out);
        other.read_until(|line| line.starts_with("ready"));
        other
    }

    fn read_until(&mut self, is_it: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + LONG;
        let mut last = String::new();
        loop {
            let mut line = String::new();
            let read = self.1.read_line(&mut line).unwrap();
            assert!(read > 0 && Instant::now() < end, "the other process never said it; last: {last}");
            // The harness of tests prints the name of a test before what it prints.
            let line = line.trim_end().rsplit("... ").next().unwrap_or_default().to_owned();
            if is_it(&line) {
                return line;
            }
            last = line;
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }
}

/// This very binary, running `the_other_process`.
fn ourselves() -> Vec<String> {
    let exe = std::env::current_exe().unwrap().to_str().expect("targets have plain names").to_owned();
    [exe.as_str(), "--exact", "watch::the_other_process", "--nocapture"].map(str::to_owned).into()
}

#[test]
fn a_storm_that_overruns_the_queue_ends_with_the_truth() {
    let dir = project();
    let words = ourselves();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    let mut other = Other::start(command, dir.path());
    other.signal(Signal::STOP);
    // An event each for creating, opening and closing: more than the 16,384 that fit.
    for n in 0..6_000 {
        let path = dir.path().join(format!("content/tale/{n}.md"));
        File::create(&path).unwrap();
        fs::remove_file(path).unwrap();
    }
    fs::create_dir_all(dir.path().join("content/late/deep")).unwrap();
    fs::write(dir.path().join("content/late/deep/x.md"), "late").unwrap();
    fs::rename(dir.path().join("content/tale"), dir.path().join("content/story")).unwrap();
    fs::write(dir.path().join("static/x.css"), "edited").unwrap();
    other.signal(Signal::CONT);
    let start = Instant::now();
    let truth = format!("knows {} everything=true", digest(&disk(dir.path())));
    other.read_until(|line| line.starts_with(&truth));
    let took = start.elapsed();
    if saves().is_some() {
        say(&format!("watch: storm: {} ms until the truth was known", took.as_millis()));
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
    // What came during the storm is watched now, without another look at everything.
    for path in ["content/late/deep/x.md", "content/story/deep/c.md"] {
        fs::write(dir.path().join(path), "after the storm").unwrap();
        let truth = format!("knows {}", digest(&disk(dir.path())));
        other.read_until(|line| line.starts_with(&truth));
    }
}

#[test]
fn a_limit_of_the_system_leads_to_polling_with_a_sentence() {
    let limits = [
        ("max_inotify_watches", "4", "max_user_watches"),
        ("max_inotify_instances", "0", "max_user_instances"),
    ];
    for (limit, value, told) in limits {
        let dir = project();
        // A user namespace has limits of its own, so nobody else notices.
        let mut command = Command::new("unshare");
        let script = format!("echo {value} > /proc/sys/user/{limit} && exec \"$@\"");
        command.args(["--user", "--map-root-user", "sh", "-c", &script, "sh"]).args(ourselves());
        command.env("WATCH_CHILD_QUICK", "1");
        let mut other = Other::start(command, dir.path());
        let said = other.read_until(|line| line.contains("polls=true"));
        assert!(said.contains(&format!("`sudo sysctl fs.inotify.{told}=")), "{said}");
        fs::write(dir.path().join("content/tale/deep/c.md"), "seen all the same").unwrap();
        let truth = format!("knows {}", digest(&disk(dir.path())));
        other.read_until(|line| line.starts_with(&truth));
    }
}
