//! Delivery, tried out on real directories.
//!
//! # Killing the real program
//!
//! `a_killed_delivery_leaves_one_of_the_two_sites` kills a copy of this test program. The same against the binary,
//! with everything else that a build does, in a project with two states of `content/` (`a`, `b`) that differ in
//! every page, in some pages only one of them has, and with a `public/notes.txt` that is ours to keep:
//!
//! ```sh
//! for state in a b; do use $state; rejoinder build -q; hash public > want.$state; done
//! for i in $(seq 10000); do
//!     use "$( ((i % 2)) && echo a || echo b )"
//!     setsid rejoinder build -q & pid=$!
//!     sleep "0.0$((RANDOM % 100))"; kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
//!     hash public | grep -qxFf want.a -f want.b || { echo "round $i: a mix"; exit 1; }
//!     ((i % 10)) || { rejoinder build -q && [ -z "$(ls -d .public.* 2>/dev/null)" ] || exit 1; }
//! done
//! # hash() { (cd "$1" && find . -printf '%P %y %m %l\n' | sort; find . -type f -print0 | sort -z | xargs -0 b3sum) | b3sum; }
//! ```
//!
//! And without chance, for each N until the build ends by itself (one run for each call, and error for error):
//!
//! ```sh
//! strace -f -qq -e trace=none -e inject=CALL:signal=SIGKILL:when=N rejoinder build -q   # CALL: openat write mkdir
//! strace -f -qq -e trace=none -e inject=CALL:error=ENOSPC:when=N+ rejoinder build -q    # linkat rename renameat2
//!                                                     # unlink rmdir fsync syncfs fchmod; EIO EACCES EINTR too
//! ```
//!
//! `kill::once` is a delivery alone, for the same treatment: set `REJOINDER_TEST_ONCE` to a directory.
//!
//! Simulated power loss is not covered here: it needs a file system that drops what was not synced.

mod crash;
mod keep;
mod kill;
mod measure;
mod part;
mod refuse;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::dir::Step;
use super::leftover::MARK;
use super::manifest::{self, Manifest, ManifestProblem};
use super::*;
use crate::diag::{Exit, Failure};
use crate::text::{Fingerprint, OutPath};

impl Stage {
    /// Puts bytes with their fingerprint, as the engine does.
    fn put_bytes(&self, path: &OutPath, bytes: &[u8]) -> Result<(), Failure> {
        self.put(path, bytes, &Fingerprint::of(bytes))
    }
}

type Site<'a> = &'a [(&'a str, &'a str)];

/// Every path below a directory with its kind, mode and contents: what a mix of two sites cannot share.
type Picture = BTreeMap<PathBuf, String>;

struct Project {
    temp: tempfile::TempDir,
}

impl Project {
    fn new() -> Project {
        let temp = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(temp.path()).unwrap();
        for dir in ["project/content", "project/themes/verbatim", "outside", "home"] {
            fs::create_dir_all(root.join(dir)).unwrap();
        }
        fs::write(root.join("project/content/a.md"), "a").unwrap();
        fs::write(root.join("project/site.yaml"), "title: A").unwrap();
        fs::write(root.join("outside/keep.txt"), "keep").unwrap();
        Project { temp }
    }

    fn world(&self) -> PathBuf {
        fs::canonicalize(self.temp.path()).unwrap()
    }

    fn root(&self) -> PathBuf {
        self.world().join("project")
    }

    fn output(&self) -> PathBuf {
        self.root().join("public")
    }

    fn state(&self) -> PathBuf {
        self.root().join(".rejoinder")
    }

    fn check(&self, output: &str) -> Result<PathBuf, Failure> {
        check_output(
            &self.root(),
            Path::new(output),
            &[PathBuf::from("notes")],
            Some(&self.world().join("home")),
        )
    }

    fn stage(&self, options: StageOptions) -> Result<Stage, Failure> {
        Stage::open(&self.output(), &self.state(), options)
    }

    fn deliver(&self, site: Site<'_>) -> Result<Delivered, Failure> {
        self.deliver_with(site, StageOptions { durable: false, ..StageOptions::default() })
    }

    fn deliver_with(&self, site: Site<'_>, options: StageOptions) -> Result<Delivered, Failure> {
        let stage = self.stage(options)?;
        for (path, bytes) in site {
            stage.put_bytes(&OutPath::new(path).unwrap(), bytes.as_bytes())?;
        }
        stage.commit()
    }

    fn put_by_hand(&self, path: &str, text: &str) {
        let path = self.output().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Hidden siblings of the output.
    fn litter(&self) -> Vec<String> {
        let names =
            fs::read_dir(self.root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(".public")).collect()
    }
}

fn picture(root: &Path) -> Picture {
    let tree = tree::walk(root).unwrap();
    let paths = tree.files.into_iter().map(|leaf| leaf.path).chain(tree.dirs);
    let describe = |path: PathBuf| {
        let place = root.join(&path);
        let meta = fs::symlink_metadata(&place).unwrap();
        let mode = meta.mode();
        let holds = match meta.file_type() {
            kind if kind.is_symlink() => format!("link {}", fs::read_link(&place).unwrap().display()),
            kind if kind.is_dir() => "directory".to_owned(),
            kind if kind.is_file() => fs::read_to_string(&place).unwrap(),
            _ => "special".to_owned(),
        };
        (path, format!("{mode:o} {holds}"))
    };
    paths.map(describe).collect()
}

/// Inode and times of every file and directory: what changes as soon as anything is touched.
fn touches(root: &Path) -> BTreeMap<PathBuf, (u64, i64, i64, i64, i64)> {
    let tree = tree::walk(root).unwrap();
    let paths = tree.files.into_iter().map(|leaf| leaf.path).chain(tree.dirs).chain([PathBuf::new()]);
    let stat = |path: PathBuf| {
        let meta = fs::symlink_metadata(root.join(&path)).unwrap();
        (path, (meta.ino(), meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec()))
    };
    paths.map(stat).collect()
}

fn read(project: &Project, path: &str) -> String {
    fs::read_to_string(project.output().join(path)).unwrap()
}

#[test]
fn a_first_build_makes_the_output() {
    let project = Project::new();
    let site = [("index.html", "home"), ("actors/nvidia/index.html", "nvidia"), ("ünï/x y.css", "")];
    let delivered = project.deliver_with(&site, StageOptions::default()).unwrap();
    let expected = Delivered {
        written: 3,
        pages_changed: 2,
        bytes_written: 10,
        bytes_total: 10,
        swapped: true,
        ..Delivered::default()
    };
    assert_eq!(delivered, expected);
    assert_eq!(read(&project, "actors/nvidia/index.html"), "nvidia");
    let mode = |path: &str| fs::metadata(project.output().join(path)).unwrap().mode() & 0o7777;
    assert_eq!((mode("index.html"), mode("actors"), mode("")), (0o644, 0o755, 0o755));
    assert_eq!(mode(manifest::NAME), 0o644);
    assert_eq!(project.litter(), [""; 0]);
}

#[test]
fn a_rebuild_writes_only_what_changed_and_removes_only_what_is_gone() {
    let project = Project::new();
    project
        .deliver(&[("a.html", "1"), ("b/index.html", "22"), ("gone/index.html", "x"), ("c", "file")])
        .unwrap();
    let before = touches(&project.output());
    let delivered = project
        .deliver(&[
            ("a.html", "1"),
            ("b/index.html", "23"),
            ("new/index.html", "n"),
            ("c/index.html", "now a directory"),
        ])
        .unwrap();
    assert_eq!((delivered.written, delivered.unchanged, delivered.removed), (3, 1, 2));
    assert_eq!((delivered.bytes_written, delivered.bytes_total, delivered.swapped), (18, 19, true));
    assert_eq!(before[Path::new("a.html")].0, touches(&project.output())[Path::new("a.html")].0, "shared");
    assert!(!project.output().join("gone").exists(), "with the directory it had");
    assert_eq!(read(&project, "b/index.html"), "23");
    assert_eq!((project.litter(), delivered.leftover), (vec![], vec![]));
}

#[test]
fn a_build_that_changes_nothing_touches_nothing() {
    let project = Project::new();
    let site = [("a.html", "1"), ("b/index.html", "22")];
    project.deliver(&site).unwrap();
    project.put_by_hand("notes.txt", "mine");
    let before = touches(&project.output());
    // With hints, without them, with those of another site, and with damaged ones.
    let another = Project::new();
    another.deliver(&[("a.html", "1"), ("b/index.html", "other")]).unwrap();
    let of_another = fs::read(another.state().join(hints::NAME)).unwrap();
    let mut damaged = fs::read(project.state().join(hints::NAME)).unwrap();
    damaged[140] ^= 1;
    for hints in [None, Some(vec![]), Some(of_another), Some(damaged.clone()), Some(damaged[..90].to_vec())] {
        let place = project.state().join(hints::NAME);
        match hints {
            None => (),
            Some(bytes) if bytes.is_empty() => fs::remove_file(&place).unwrap(),
            Some(bytes) => fs::write(&place, bytes).unwrap(),
        }
        let delivered = project.deliver(&site).unwrap();
        assert_eq!((delivered.unchanged, delivered.written, delivered.swapped), (2, 0, false));
        assert_eq!(delivered.kept, ["notes.txt"]);
        assert_eq!(before, touches(&project.output()));
        assert_eq!(project.litter(), [""; 0]);
    }
}

#[test]
fn a_page_that_somebody_changed_is_written_again() {
    let project = Project::new();
    let site = [("a.html", "first"), ("b.html", "b"), ("c.html", "c"), ("d/e.html", "e")];
    project.deliver(&site).unwrap();
    std::thread::sleep(Duration::from_millis(60));
    assert!(!project.deliver(&site).unwrap().swapped, "and the hints are trusted by now");
    // Same size, and the old time put back: the time of change gives it away.
    let place = project.output().join("a.html");
    let time = fs::metadata(&place).unwrap().modified().unwrap();
    fs::write(&place, "other").unwrap();
    fs::File::options().write(true).open(&place).unwrap().set_modified(time).unwrap();
    fs::set_permissions(project.output().join("b.html"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::remove_file(project.output().join("c.html")).unwrap();
    fs::remove_dir_all(project.output().join("d")).unwrap();
    assert_eq!(project.deliver(&site).unwrap().written, 4);
    assert_eq!(read(&project, "a.html"), "first");
    assert!(!project.deliver(&site).unwrap().swapped);
}

#[test]
fn files_we_did_not_write_are_kept_and_named() {
    let project = Project::new();
    for name in [".gitignore", "CNAME", "README.md"] {
        project.put_by_hand(name, name);
    }
    assert!(project.check("public").is_ok());
    let delivered = project.deliver(&[("index.html", "1"), ("a/index.html", "a")]).unwrap();
    assert_eq!(delivered.kept, ["CNAME", "README.md"]);
    project.put_by_hand("a/notes.txt", "mine");
    project.put_by_hand("deep/er/x", "x");
    fs::set_permissions(project.output().join("deep/er/x"), fs::Permissions::from_mode(0o751)).unwrap();
    fs::set_permissions(project.output().join("deep"), fs::Permissions::from_mode(0o700)).unwrap();
    fs::create_dir(project.output().join("empty")).unwrap();
    symlink("../../outside", project.output().join("link")).unwrap();
    symlink("nowhere", project.output().join("dangling")).unwrap();
    use std::os::unix::ffi::OsStrExt;
    fs::write(project.output().join(std::ffi::OsStr::from_bytes(b"odd\xff\n")), "odd").unwrap();
    let before = picture(&project.output());
    let delivered = project.deliver(&[("index.html", "2")]).unwrap();
    let names =
        ["CNAME", "README.md", "a/notes.txt", "dangling", "deep/er/x", "empty/", "link", "odd\\xff\\n"];
    assert_eq!(delivered.kept, names);
    let mut expected = before;
    expected.remove(Path::new("a/index.html"));
    let mut after = picture(&project.output());
    for ours in ["index.html", manifest::NAME] {
        expected.remove(Path::new(ours));
        after.remove(Path::new(ours));
    }
    assert_eq!(after, expected);
    assert_eq!(picture(&project.world().join("outside")).len(), 1, "links are not followed");
    assert_eq!(project.litter(), [""; 0]);
}

#[test]
fn a_file_of_somebodys_is_never_hidden_by_a_page() {
    let mine = [("about.html", "about.html"), ("dir", "dir/index.html"), ("page/x", "page")];
    for (theirs, ours) in mine {
        let project = Project::new();
        project.deliver(&[("index.html", "1")]).unwrap();
        project.put_by_hand(theirs, "mine");
        let before = touches(&project.output());
        let failure = project.deliver(&[("index.html", "2"), (ours, "new")]).unwrap_err();
        assert_eq!(failure.exit, Exit::Refused);
        assert!(failure.message.contains(theirs) && failure.help.contains("move it"), "{failure}");
        assert_eq!((before, project.litter()), (touches(&project.output()), vec![]));
    }
    let project = Project::new();
    project.deliver(&[("a/index.html", "1")]).unwrap();
    // A link where a page of ours was is not ours, and neither it nor what it leads to is read or removed.
    fs::remove_dir_all(project.output().join("a")).unwrap();
    symlink(project.world().join("outside"), project.output().join("a")).unwrap();
    assert_eq!(project.deliver(&[("a/index.html", "1")]).unwrap_err().exit, Exit::Refused);
    assert_eq!(project.deliver(&[("b/index.html", "1")]).unwrap().kept, ["a"]);
    assert_eq!(fs::read_dir(project.world().join("outside")).unwrap().count(), 1);
}

#[test]
fn a_manifest_that_cannot_be_trusted_stops_everything() {
    let listed =
        "\"size\": 1, \"blake3\": \"af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262\"}";
    let one = |path: &str| format!("{{\"rejoinder\": 1, \"files\": [\n{{\"path\": \"{path}\", {listed}\n]}}");
    assert!(Manifest::parse(one("a/b.html").as_bytes()).is_ok());
    for hostile in
        ["../x", "/etc/passwd", "a/../../x", "a//b", "", ".", "con", "a\\\\b", ".rejoinder.json", "e\u{301}"]
    {
        let problem = Manifest::parse(one(hostile).as_bytes()).unwrap_err();
        assert!(matches!(problem, ManifestProblem::Hostile(_)), "{hostile}: {problem}");
    }
    let version = b"{\"rejoinder\": 2, \"pages\": {}}";
    assert_eq!(Manifest::parse(version).unwrap_err(), ManifestProblem::Version(2));
    let project = Project::new();
    project.deliver(&[("a.html", "1"), ("b.html", "2")]).unwrap();
    let place = project.output().join(manifest::NAME);
    let whole = fs::read(&place).unwrap();
    // Every truncation, and a flipped bit in every byte: trusted only if it says the same or is still well formed.
    for len in 0..whole.len() - 2 {
        assert!(Manifest::parse(&whole[..len]).is_err(), "{len}");
    }
    for idx in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[idx] ^= 1 << (idx % 7);
        let read = Manifest::parse(&bytes);
        if let Ok(manifest) = &read {
            assert!(manifest.paths().all(|path| OutPath::new(path).is_ok()));
        }
        // A space more, and it is not as we write it; what it says is the same.
        bytes.push(b' ');
        assert_eq!(Manifest::parse(&bytes), read, "{idx}");
    }
    for bytes in [&b""[..], &whole[..whole.len() / 2], version, b"[]", b"\xff", one("../x").as_bytes()] {
        fs::write(&place, bytes).unwrap();
        let before = touches(&project.output());
        assert_eq!(project.check("public").unwrap_err().exit, Exit::Refused);
        assert_eq!(project.deliver(&[("a.html", "3")]).unwrap_err().exit, Exit::Refused);
        assert_eq!(before, touches(&project.output()));
    }
    fs::remove_file(&place).unwrap();
    symlink(project.world().join("outside/keep.txt"), &place).unwrap();
    assert_eq!(project.deliver(&[("a.html", "3")]).unwrap_err().exit, Exit::Refused);
}

#[test]
fn the_manifest_is_the_same_on_every_machine() {
    let (one, two) = (Project::new(), Project::new());
    one.deliver(&[("b.html", "2"), ("a \"quoted\".html".replace('"', "'").as_str(), "1")]).unwrap();
    two.deliver(&[("b.html", "old")]).unwrap();
    two.deliver(&[("a 'quoted'.html", "1"), ("b.html", "2")]).unwrap();
    let bytes = read(&one, manifest::NAME);
    assert_eq!(bytes, read(&two, manifest::NAME));
    assert_eq!(bytes.lines().count(), 4, "one file a line:\n{bytes}");
    assert_eq!(Manifest::parse(bytes.as_bytes()).unwrap().to_bytes(), bytes.as_bytes());
}

#[test]
fn mistakes_of_ours_are_told_from_the_worlds() {
    let project = Project::new();
    let put = |stage: &Stage, path: &str| stage.put_bytes(&OutPath::new(path).unwrap(), b"x");
    let stage = project.stage(StageOptions::default()).unwrap();
    put(&stage, "a").unwrap();
    assert_eq!(put(&stage, "a").unwrap_err().exit, Exit::Bug);
    assert_eq!(put(&stage, "a/b").unwrap_err().exit, Exit::Bug);
    assert_eq!(stage.commit().unwrap_err().exit, Exit::Bug, "a file that was not written is missed");
    let stage = project.stage(StageOptions::default()).unwrap();
    assert_eq!(put(&stage, manifest::NAME).unwrap_err().exit, Exit::Refused);
    assert_eq!(put(&stage, MARK).unwrap_err().exit, Exit::Refused);
    drop(stage);
    assert!(!project.output().exists());
    assert_eq!(project.litter(), [""; 0]);
}

#[test]
fn many_threads_may_put_at_once() {
    let project = Project::new();
    let path = |n: usize| OutPath::new(&format!("{}/{}/index.html", n % 7, n)).unwrap();
    for round in 0..2 {
        let stage = project.stage(StageOptions { durable: false, ..StageOptions::default() }).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let stage = &stage;
                scope.spawn(move || {
                    for n in (thread..400).step_by(8) {
                        stage
                            .put_bytes(
                                &path(n),
                                format!("{n} {}", if n % 2 == 0 { 0 } else { round }).as_bytes(),
                            )
                            .unwrap();
                    }
                });
            }
        });
        let delivered = stage.commit().unwrap();
        assert_eq!((delivered.written, delivered.unchanged), if round == 0 { (400, 0) } else { (200, 200) });
    }
}

#[test]
fn one_delivery_at_a_time() {
    let project = Project::new();
    project.deliver(&[("a.html", "1")]).unwrap();
    let first = project.stage(StageOptions::default()).unwrap();
    let failure = project.deliver(&[("a.html", "2")]).unwrap_err();
    assert_eq!(failure.exit, Exit::Machine);
    assert!(failure.message.contains(&format!("process {}", std::process::id())), "{failure}");
    // Another project with the same output does not take the stage from under it.
    recover(&project.output(), &project.world().join("outside/.rejoinder")).unwrap();
    assert_eq!(project.litter().len(), 1);
    first.put_bytes(&OutPath::new("a.html").unwrap(), b"3").unwrap();
    first.commit().unwrap();
    assert_eq!(read(&project, "a.html"), "3");
    // A lock file without a living holder means nothing, whatever it says.
    for text in ["1\n", "999999999\n", "rubbish", ""] {
        fs::write(project.state().join("output.lock"), text).unwrap();
        project.deliver(&[("a.html", text)]).unwrap();
    }
}

#[test]
fn a_planted_link_in_the_state_directory_is_not_followed() {
    let project = Project::new();
    let victim = project.world().join("outside/keep.txt");
    fs::create_dir(project.state()).unwrap();
    for end in ["", ".new"] {
        symlink(&victim, project.state().join(format!("{}{end}", hints::NAME))).unwrap();
    }
    project.deliver(&[("a.html", "1")]).unwrap();
    fs::remove_file(project.state().join("output.lock")).unwrap();
    symlink(&victim, project.state().join("output.lock")).unwrap();
    assert_eq!(project.deliver(&[("a.html", "2")]).unwrap_err().exit, Exit::Refused);
    fs::remove_dir_all(project.state()).unwrap();
    symlink(project.world().join("outside"), project.state()).unwrap();
    assert_eq!(project.deliver(&[("a.html", "2")]).unwrap_err().exit, Exit::Refused);
    assert_eq!(fs::read_to_string(victim).unwrap(), "keep");
}

const OLD: Site<'_> =
    &[("index.html", "old"), ("same.html", "same"), ("gone/index.html", "old"), ("x/y.html", "old")];
const NEW: Site<'_> =
    &[("index.html", "new"), ("same.html", "same"), ("more/index.html", "new"), ("x/y.html", "new!")];
const NEXT: Site<'_> = &[("index.html", "next"), ("same.html", "same")];
