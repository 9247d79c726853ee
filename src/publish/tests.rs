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
//! `once` below is a delivery alone, for the same treatment: set `REJOINDER_TEST_ONCE` to a directory.
//!
//! Simulated power loss is not covered here: it needs a file system that drops what was not synced.

mod keep;
mod part;

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
    let expected =
        Delivered { written: 3, bytes_written: 10, bytes_total: 10, swapped: true, ..Delivered::default() };
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
fn hostile_outputs_are_refused_before_anything_is_written() {
    let project = Project::new();
    let root = project.root();
    let world = project.world();
    for dir in [
        "static",
        "src",
        ".git",
        "notes",
        "other/.git",
        "rust",
        "node",
        "site2",
        "full",
        "with-content/content",
    ] {
        fs::create_dir_all(root.join(dir)).unwrap();
    }
    for file in
        ["rust/Cargo.toml", "node/package.json", "site2/site.yaml", "full/thesis.doc", "file", "other/CNAME"]
    {
        fs::write(root.join(file), "x").unwrap();
    }
    fs::create_dir_all(root.join("empty")).unwrap();
    fs::create_dir_all(root.join("damaged")).unwrap();
    fs::write(root.join("damaged/.rejoinder.json"), "{\"rejoinder\": 1, \"files\": [").unwrap();
    symlink("content", root.join("to-content")).unwrap();
    symlink("empty", root.join("to-empty")).unwrap();
    symlink("nowhere", root.join("to-nowhere")).unwrap();
    symlink("..", root.join("up")).unwrap();
    symlink("loop", root.join("loop")).unwrap();
    symlink(world.join("outside"), root.join("damaged/out")).unwrap();
    let home = world.join("home");
    let long = "x".repeat(250);
    let absolute = |path: &Path| path.to_str().unwrap().to_owned();
    let texts = [
        "",
        ".",
        "./",
        "..",
        "../",
        "../..",
        "./.",
        "public/..",
        "./public/../content",
        "public/../../project",
        "content",
        "content/",
        "content/.",
        "./content",
        "content//",
        "content/public",
        "content/a/b/c",
        "content/a.md",
        "Content/../content",
        "themes",
        "themes/verbatim",
        "themes/new",
        "templates",
        "templates/out",
        "static",
        "static/public",
        "src",
        "src/gen",
        ".git",
        ".git/hooks",
        ".rejoinder",
        ".rejoinder/out",
        "notes",
        "notes/x",
        "other",
        "rust",
        "node",
        "site2",
        "full",
        "with-content",
        "file",
        "file/",
        "file/below",
        "damaged",
        "to-content",
        "to-content/",
        "to-content/x",
        "to-empty",
        "to-nowhere",
        "up",
        "up/project",
        "up/project/content",
        "up/home",
        "loop",
        "loop/x",
        "site.yaml",
        "nul\0byte",
        "/",
        "//",
        "/.",
        "/..",
        "/etc",
        "/usr/bin",
        "/proc",
    ];
    let places =
        [&root, &home, &world, &root.join("content"), &world.join("outside"), &world.join("home/../project")];
    let all =
        texts.iter().map(|text| (*text).to_owned()).chain(places.map(|path| absolute(path))).chain([long]);
    let before = (picture(&world), touches(&world));
    let mut n = 0;
    for output in all {
        let failure = project.check(&output).expect_err(&output);
        let is_machine = matches!(output.as_str(), "loop/x");
        assert_eq!(
            failure.exit,
            if is_machine { Exit::Machine } else { Exit::Refused },
            "{output}: {failure}"
        );
        assert!(is_machine || !failure.help.is_empty(), "{output}: {failure}");
        n += 1;
    }
    assert!(n >= 60, "{n}");
    for fine in
        ["public", "public/", "./public", "content/../public", "empty", "up/outside/new", "a/b/c", "content2"]
    {
        assert!(project.check(fine).is_ok(), "{fine}: {:?}", project.check(fine));
    }
    assert!(before == (picture(&world), touches(&world)), "nothing was touched");
}

#[test]
fn refusals_say_exactly_why() {
    let project = Project::new();
    fs::create_dir_all(project.root().join("full")).unwrap();
    fs::write(project.root().join("full/thesis.doc"), "x").unwrap();
    let check = |output: &str, expected: &str| {
        assert_eq!(project.check(output).unwrap_err().to_string(), expected);
    };
    check(".", "`.` cannot be the output: it is the project itself");
    check("..", "`..` cannot be the output: it contains the project");
    check("/", "`/` cannot be the output: it is the root of the file system");
    check(
        "content/out",
        "`content/out` cannot be the output: it lies in `content`, which the site is made from",
    );
    check("../home", "`../home` cannot be the output: it is your home directory, or contains it");
    check("full", "`full` cannot be the output: it holds `thesis.doc`, which we did not write");
    check("site.yaml", "`site.yaml` cannot be the output: it is a file");
}

#[test]
fn an_output_of_ours_stays_one_whatever_else_lies_in_it() {
    let project = Project::new();
    project.deliver(&[("index.html", "1")]).unwrap();
    for name in [".git/config", "content/x", "package.json"] {
        project.put_by_hand(name, "mine");
    }
    assert!(project.check("public").is_ok());
    assert_eq!(project.deliver(&[("index.html", "2")]).unwrap().kept.len(), 3);
    assert_eq!(read(&project, ".git/config"), "mine");
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
        if let Ok(manifest) = Manifest::parse(&bytes) {
            assert!(manifest.paths().all(|path| OutPath::new(path).is_ok()));
        }
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

/// A project with the old site and some files of somebody else's in it.
fn with_old_site() -> Project {
    let project = Project::new();
    project.deliver(OLD).unwrap();
    project.put_by_hand("notes.txt", "mine");
    project.put_by_hand("gone/notes.txt", "mine too");
    symlink("notes.txt", project.output().join("link")).unwrap();
    fs::create_dir(project.output().join("empty")).unwrap();
    project
}

#[test]
fn a_crash_at_any_step_leaves_one_of_the_two_sites() {
    let (old, new, next) = {
        let project = with_old_site();
        let old = picture(&project.output());
        project.deliver(NEW).unwrap();
        let new = picture(&project.output());
        project.deliver(NEXT).unwrap();
        (old, new, picture(&project.output()))
    };
    let steps = [
        Step::Write,
        Step::Link,
        Step::Keep,
        Step::WriteManifest,
        Step::Sync,
        Step::Unmark,
        Step::Swap,
        Step::BringIn,
        Step::SyncParent,
        Step::Retire,
        Step::WriteHints,
    ];
    let mut n_crashes = 0;
    for (step, set_aside) in steps.into_iter().flat_map(|step| [(step, false), (step, true)]) {
        for nth in 0.. {
            let project = with_old_site();
            let options = StageOptions { durable: nth == 0, set_aside, crash_at: Some((step, nth)) };
            let result = project.deliver_with(NEW, options);
            let is_crash = result.as_ref().is_err_and(|failure| failure.exit == Exit::Bug);
            if !is_crash {
                assert!(result.is_ok(), "{step:?} {nth}: {result:?}");
                break;
            }
            n_crashes += 1;
            let context = format!("{step:?}, {nth}, set aside: {set_aside}");
            if step == Step::BringIn {
                assert!(!project.output().exists(), "the one moment that recovery is for");
            } else {
                let now = picture(&project.output());
                assert!(now == old || now == new, "{context}: {now:#?}");
            }
            if nth % 2 == 0 {
                assert_eq!(recover(&project.output(), &project.state()).unwrap(), [""; 0], "{context}");
                let now = picture(&project.output());
                assert!(now == old || now == new, "{context}, recovered: {now:#?}");
                assert_eq!(project.litter(), [""; 0], "{context}");
            }
            let delivered = project.deliver(NEXT).unwrap();
            assert_eq!(picture(&project.output()), next, "{context}");
            assert_eq!((project.litter(), delivered.leftover), (vec![], vec![]), "{context}");
        }
    }
    assert!(n_crashes >= 40, "{n_crashes}");
}

#[test]
fn a_crash_of_the_first_build_leaves_no_site() {
    for step in [Step::Write, Step::WriteManifest, Step::Unmark, Step::Sync, Step::Swap] {
        for has_harmless in [false, true] {
            let project = Project::new();
            if has_harmless {
                project.put_by_hand(".gitignore", "*");
            }
            let before = picture(&project.root());
            let options = StageOptions { crash_at: Some((step, 0)), ..StageOptions::default() };
            assert!(project.deliver_with(NEW, options).is_err());
            recover(&project.output(), &project.state()).unwrap();
            fs::remove_dir_all(project.state()).unwrap();
            assert_eq!(before, picture(&project.root()), "{step:?}");
            project.deliver(NEW).unwrap();
        }
    }
}

#[test]
fn where_nothing_can_be_exchanged_the_output_is_set_aside() {
    let project = with_old_site();
    let options = StageOptions { set_aside: true, ..StageOptions::default() };
    let delivered = project.deliver_with(NEW, options).unwrap();
    assert_eq!(delivered.kept, ["empty/", "gone/notes.txt", "link", "notes.txt"]);
    let one = picture(&project.output());
    let project = with_old_site();
    project.deliver(NEW).unwrap();
    assert_eq!(one, picture(&project.output()));
}

#[test]
fn a_file_that_appears_during_the_build_is_put_back() {
    let project = with_old_site();
    let stage = project.stage(StageOptions::default()).unwrap();
    for (path, bytes) in NEW {
        stage.put_bytes(&OutPath::new(path).unwrap(), bytes.as_bytes()).unwrap();
    }
    project.put_by_hand("late/notes.txt", "late");
    project.put_by_hand("more/index.html", "mine, and in the way");
    let delivered = stage.commit().unwrap();
    assert!(delivered.kept.contains(&"late/notes.txt".to_owned()));
    assert_eq!(read(&project, "late/notes.txt"), "late");
    assert_eq!(read(&project, "more/index.html"), "new");
    assert_eq!(delivered.leftover.len(), 1, "{:?}", delivered.leftover);
    let [litter] = &project.litter()[..] else { panic!("one tree stays") };
    let place = project.root().join(litter).join("more/index.html");
    assert_eq!(
        fs::read_to_string(&place).unwrap(),
        "mine, and in the way",
        "and so on for as long as it takes"
    );
    assert_eq!(project.deliver(NEXT).unwrap().leftover.len(), 1);
    // The site has no such page any more, so now it can go back.
    let delivered = project.deliver(NEXT).unwrap();
    assert!(delivered.kept.contains(&"more/index.html".to_owned()));
    assert_eq!((delivered.leftover, project.litter()), (vec![], vec![]));
}

#[test]
fn a_file_that_changes_during_the_build_stops_it() {
    for remove in [false, true] {
        let project = with_old_site();
        let stage = project.stage(StageOptions::default()).unwrap();
        for (path, bytes) in NEW {
            stage.put_bytes(&OutPath::new(path).unwrap(), bytes.as_bytes()).unwrap();
        }
        match remove {
            true => fs::remove_file(project.output().join("same.html")).unwrap(),
            false => project.put_by_hand("same.html", "edited"),
        }
        let before = picture(&project.output());
        assert_eq!(stage.commit().unwrap_err().exit, Exit::Machine);
        assert_eq!(
            (before, vec![""; 0]),
            (picture(&project.output()), project.litter().iter().map(|_| "").collect())
        );
    }
}

#[test]
fn an_edit_in_place_cannot_reach_from_one_site_to_the_other() {
    let project = with_old_site();
    let held = fs::File::open(project.output().join("same.html")).unwrap();
    project.deliver(NEW).unwrap();
    // The unchanged page is one file under one name again: the old name went with the old tree.
    assert_eq!(held.metadata().unwrap().nlink(), 1);
    assert_eq!(fs::metadata(project.output().join("notes.txt")).unwrap().nlink(), 1);
}

#[test]
fn directories_of_others_beside_the_output_are_left_alone() {
    let project = with_old_site();
    for name in [
        ".public.stage-mine",
        ".public.old-photos",
        ".public.stage-1",
        ".public.stage-1-2-3",
        "public.old-1-2",
    ] {
        fs::create_dir(project.root().join(name)).unwrap();
        fs::write(project.root().join(name).join("x"), "x").unwrap();
    }
    symlink(project.world().join("outside"), project.root().join(".public.stage-1-1")).unwrap();
    let litter = project.litter().len();
    project.deliver(NEW).unwrap();
    assert_eq!(project.litter().len(), litter);
    assert_eq!(picture(&project.world().join("outside")).len(), 1);
}

#[test]
fn a_stage_that_died_before_it_was_marked_leaves_nothing() {
    let project = with_old_site();
    let before = picture(&project.output());
    fs::create_dir(project.root().join(".public.stage-1-0")).unwrap();
    fs::create_dir(project.root().join(".public.stage-1-1")).unwrap();
    fs::write(project.root().join(".public.stage-1-1/.rejoinder-stage-1-1"), "").unwrap();
    fs::write(project.root().join(".public.stage-1-1/half a page.html"), "<htm").unwrap();
    assert_eq!(recover(&project.output(), &project.state()).unwrap(), [""; 0]);
    assert_eq!((before, vec![]), (picture(&project.output()), project.litter()));
}

/// Delivers two sites in turn until it is killed. Run by the next test, in a process of its own.
#[test]
#[ignore = "runs for ever; the next test starts and kills it"]
fn victim() {
    let Some(root) = std::env::var_os("REJOINDER_TEST_VICTIM").map(PathBuf::from) else { return };
    for turn in 0.. {
        let options = StageOptions { durable: turn % 8 == 0, set_aside: false, crash_at: None };
        let stage = Stage::open(&root.join("public"), &root.join(".rejoinder"), options).unwrap();
        let is_part = std::env::var_os("REJOINDER_TEST_PART").is_some();
        for (path, text) in if is_part { victim_part(turn % 2) } else { victim_site(turn % 2) } {
            stage.put_bytes(&OutPath::new(&path).unwrap(), text.as_bytes()).unwrap();
        }
        stage.commit().unwrap();
    }
}

/// Delivers one site once, for system calls to be made to fail from outside (see the top of this file).
#[test]
#[ignore = "started from outside, with a directory to work in"]
fn once() {
    let Some(root) = std::env::var_os("REJOINDER_TEST_ONCE").map(PathBuf::from) else { return };
    let which = usize::from(std::env::var_os("REJOINDER_TEST_WHICH").is_some_and(|which| which == "1"));
    let set_aside = std::env::var_os("REJOINDER_TEST_ASIDE").is_some();
    let deliver = || {
        let options = StageOptions { durable: true, set_aside, crash_at: None };
        let stage = Stage::open(&root.join("public"), &root.join(".rejoinder"), options)?;
        let is_part = std::env::var_os("REJOINDER_TEST_PART").is_some();
        let site = if is_part { victim_part(which) } else { victim_site(which) };
        for (path, text) in site.into_iter().step_by(if is_part { 1 } else { 3 }) {
            stage.put_bytes(&OutPath::new(&path).unwrap(), text.as_bytes())?;
        }
        stage.commit()
    };
    let delivered: Result<Delivered, Failure> = deliver();
    assert!(delivered.is_ok(), "delivery failed: {delivered:?}");
}

fn victim_site(which: usize) -> BTreeMap<String, String> {
    let pages = (0..40).map(|n| match n % 4 {
        0 => (format!("same/{n}/index.html"), "same".repeat(500)),
        1 => (format!("only-{which}/{n}.html"), format!("{n}")),
        _ => (format!("pages/{n}/index.html"), format!("{which} {n} ").repeat(900)),
    });
    pages.collect()
}

/// Two sites that differ in one directory.
fn victim_part(which: usize) -> BTreeMap<String, String> {
    let mut site = victim_site(0);
    for n in 0..6 {
        site.insert(format!("part/{n}/index.html"), "same".to_owned());
        site.insert(format!("part/{n}/only-{which}"), which.to_string());
        site.insert(format!("part/{n}/index.json"), format!("{which} {n} ").repeat(900));
    }
    site
}

#[test]
fn a_killed_delivery_leaves_one_of_the_two_sites() {
    kill(false, &victim_site);
}

#[test]
fn a_killed_delivery_of_a_part_leaves_one_of_the_two_sites() {
    kill(true, &victim_part);
}

fn kill(is_part: bool, victim_site: &dyn Fn(usize) -> BTreeMap<String, String>) {
    let project = Project::new();
    let mut pictures = Vec::new();
    for which in 0..2 {
        let site = victim_site(which);
        let site: Vec<(&str, &str)> =
            site.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        project.deliver(&site).unwrap();
        project.put_by_hand("notes.txt", "mine");
        pictures.push(picture(&project.output()));
    }
    let n_rounds = std::env::var("REJOINDER_TEST_KILLS").map_or(40, |n| n.parse().unwrap());
    let mut seen = [0, 0];
    for round in 0..n_rounds {
        let mut victim = std::process::Command::new(std::env::current_exe().unwrap());
        if is_part {
            victim.env("REJOINDER_TEST_PART", "");
        }
        let mut victim = victim
            .args(["--exact", "publish::tests::victim", "--ignored"])
            .env("REJOINDER_TEST_VICTIM", project.root())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(4_000 + round * 7_919 % 60_000));
        victim.kill().unwrap();
        victim.wait().unwrap();
        let mut now = picture(&project.output());
        if is_part && !pictures.contains(&now) {
            // Between the exchange and the list, which the next start brings in.
            recover(&project.output(), &project.state()).unwrap();
            let before = std::mem::replace(&mut now, picture(&project.output()));
            let list = Path::new(manifest::NAME);
            let is_list = before.iter().zip(&now).all(|(was, is)| was == is || was.0 == list);
            assert!(is_list, "round {round}: more than the list was mended");
        }
        let which = pictures.iter().position(|site| *site == now);
        let names = || now.keys().collect::<Vec<_>>();
        seen[which.unwrap_or_else(|| panic!("round {round}: neither site, but {:?}", names()))] += 1;
    }
    // On a busy machine a few rounds may all end before the first swap.
    assert!(n_rounds < 200 || (seen[0] > 0 && seen[1] > 0), "{seen:?}");
    let delivered = project.deliver(NEXT).unwrap();
    assert_eq!(
        (delivered.kept, delivered.leftover, project.litter()),
        (vec!["notes.txt".to_owned()], vec![], vec![])
    );
}

/// Fills the disk that `REJOINDER_TEST_SMALL_DISK` names, for example
/// `unshare -m sh -c 'mount -t tmpfs -o size=2m none /mnt && … cargo test --lib full_disk -- --ignored'`.
#[test]
#[ignore = "needs a small disk"]
fn a_full_disk_leaves_the_old_site() {
    let Some(disk) = std::env::var_os("REJOINDER_TEST_SMALL_DISK").map(PathBuf::from) else { return };
    let (output, state) = (disk.join("public"), disk.join(".rejoinder"));
    let deliver = |n: usize, text: &str| {
        let stage = Stage::open(&output, &state, StageOptions::default())?;
        for n in 0..n {
            stage.put_bytes(
                &OutPath::new(&format!("{n}/index.html")).unwrap(),
                text.repeat(2_000).as_bytes(),
            )?;
        }
        stage.commit()
    };
    deliver(20, "old ").unwrap();
    let before = picture(&output);
    let failure = deliver(2_000, "new ").unwrap_err();
    println!("{failure}\nhelp: {}", failure.help);
    assert_eq!(failure.exit, Exit::Machine);
    assert!(failure.message.contains("the disk is full"));
    assert_eq!(before, picture(&output));
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 2, "no stage stays");
    deliver(10, "new ").unwrap();
}

/// Time of the processor for this process so far, in milliseconds (proc(5)): on a busy machine seconds say little.
fn processor_ms() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let of_task = |task: std::io::Result<fs::DirEntry>| {
        let text = fs::read_to_string(task.unwrap().path().join("schedstat")).unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
    };
    tasks.map(of_task).sum()
}

/// What delivery costs, beside merely writing the same files.
#[test]
#[ignore = "a measurement, not a test"]
fn measure() {
    const N: usize = 10_000;
    let path = |n: usize| OutPath::new(&format!("{}/{n}/index.html", n / 100)).unwrap();
    let page = |n: usize, edition: usize| format!("{n} {edition} ").repeat(3_000)[..8_192].to_owned();
    let plain = Project::new();
    let start = Instant::now();
    for n in 0..N {
        let place = plain.output().join(path(n).as_str());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, page(n, 0)).unwrap();
    }
    println!("merely writing: {:?}", start.elapsed());
    for durable in [false, true] {
        let project = Project::new();
        let deliver = |what: &str, keep: bool, edition: &dyn Fn(usize) -> usize| {
            rustix::fs::sync();
            let pages: Vec<(OutPath, String)> = (0..N).map(|n| (path(n), page(n, edition(n)))).collect();
            let digests: Vec<Fingerprint> =
                pages.iter().map(|(_, page)| Fingerprint::of(page.as_bytes())).collect();
            let (start, cpu) = (Instant::now(), processor_ms());
            let stage = project.stage(StageOptions { durable, ..StageOptions::default() }).unwrap();
            let (opened, cpu_opened) = (start.elapsed(), processor_ms());
            for ((path, page), digest) in pages.iter().zip(&digests) {
                if !keep || !stage.keep(path, digest, page.len() as u64).unwrap() {
                    stage.put_bytes(path, page.as_bytes()).unwrap();
                }
            }
            let (put, cpu_put) = (start.elapsed() - opened, processor_ms());
            let delivered = stage.commit().unwrap();
            let commit = start.elapsed() - opened - put;
            let cpus = [cpu_opened - cpu, cpu_put - cpu_opened, processor_ms() - cpu_put];
            println!(
                "durable {durable}, {what}: {:?} (open {opened:?}, put {put:?}, commit {commit:?}; processor \
                 {:.1?} ms; {} written)",
                start.elapsed(),
                cpus,
                delivered.written
            );
        };
        deliver("first build", false, &|_| 0);
        deliver("nothing changed", true, &|_| 0);
        deliver("nothing changed, hints old enough", true, &|_| 0);
        deliver("one page changed", true, &|n| usize::from(n == 5_000));
        deliver("nothing changed after that", true, &|n| usize::from(n == 5_000));
        deliver("two pages far apart changed", true, &|n| {
            if n % 9_000 == 1 { 3 } else { usize::from(n == 5_000) }
        });
        deliver("every page changed", false, &|_| 2);
    }
}
