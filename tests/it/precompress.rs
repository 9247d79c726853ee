//! `build --precompress`, in the real program: what lies beside the files of a site, and that nothing else notices.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{minimal, rejoinder, run};
use crate::world::{runs_slow_tests, say, tree};

type Files = BTreeMap<String, Vec<u8>>;

fn said(ran: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
}

/// Builds, and says what was said.
fn build(dir: &Path, args: &[&str]) -> String {
    let ran = rejoinder(dir).arg("build").args(args).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{args:?}: {}", said(&ran));
    said(&ran)
}

/// The line of what was said that is about siblings, without the time.
fn row(said: &str) -> String {
    let line = said.lines().find(|it| it.trim_start().starts_with("Siblings")).expect("siblings are counted");
    line.split(')').next().unwrap().trim().to_owned() + ")"
}

/// What was built, without the manifest.
fn built(dir: &Path) -> Files {
    let mut files = tree(&dir.join("public"));
    files.remove(".rejoinder.json");
    files
}

fn is_sibling(path: &str) -> bool {
    path.ends_with(".br") || path.ends_with(".gz")
}

/// What can be read of a sibling by programs that are not ours.
pub(crate) fn unpacked(path: &str, bytes: &[u8]) -> Vec<u8> {
    if path.ends_with(".br") {
        let mut out = Vec::new();
        brotli::BrotliDecompress(&mut &*bytes, &mut out).unwrap();
        return out;
    }
    let mut gzip =
        Command::new("gzip").arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    gzip.stdin.take().unwrap().write_all(bytes).unwrap();
    let ran = gzip.wait_with_output().unwrap();
    assert!(ran.status.success(), "{path}: gzip takes it");
    ran.stdout
}

/// What makes a file the same file: nobody wrote it again.
fn touches(dir: &Path) -> BTreeMap<String, (u64, i64, i64)> {
    let public = dir.join("public");
    let looks = tree(&public).into_keys().map(|path| {
        let meta = fs::metadata(public.join(&path)).unwrap();
        (path, (meta.ino(), meta.mtime(), meta.mtime_nsec()))
    });
    looks.collect()
}

fn write(dir: &Path, path: &str, text: &str) {
    fs::write(dir.join(path), text).unwrap();
}

fn note(dir: &Path, words: &str) {
    write(dir, "content/note.md", &format!("---\ntitle: Note\n---\n\nThe first sentence. {words}\n"));
}

/// Which files differ, by path.
fn changed(old: &Files, new: &Files) -> Vec<String> {
    let paths: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    paths.into_iter().filter(|it| old.get(*it) != new.get(*it)).cloned().collect()
}

#[test]
fn siblings_hold_what_they_stand_beside_and_are_the_same_everywhere() {
    let dir = minimal();
    fs::create_dir(dir.path().join("static")).unwrap();
    write(dir.path(), "static/tiny.txt", "x");
    build(dir.path(), &["--precompress", "br,gz"]);
    let files = built(dir.path());
    let manifest = fs::read_to_string(dir.path().join("public/.rejoinder.json")).unwrap();
    let mut n = BTreeMap::from([("br", 0), ("gz", 0)]);
    for (path, bytes) in files.iter().filter(|(path, _)| is_sibling(path)) {
        let (plain, ending) = path.rsplit_once('.').unwrap();
        assert!(unpacked(path, bytes) == files[plain], "{path} holds other bytes than {plain}");
        assert!(bytes.len() < files[plain].len(), "{path} is not smaller");
        assert!(manifest.contains(&format!("\"{path}\"")), "the manifest names {path}");
        *n.get_mut(ending).unwrap() += 1;
    }
    // Everything that may become much smaller has one of each kind, and nothing else has.
    for (path, bytes) in files.iter().filter(|(path, _)| !is_sibling(path)) {
        let ending = path.rsplit_once('.').map_or("", |(_, it)| it);
        let is_text = ["html", "css", "js", "json", "xml", "svg", "txt"].contains(&ending);
        for (it, n) in [("br", 12), ("gz", 60)] {
            let has = files.contains_key(&format!("{path}.{it}"));
            assert!(has || !is_text || bytes.len() < n * 4, "{path} has no .{it}");
            assert!(!has || is_text, "{path} has .{it}");
        }
    }
    assert!(n["br"] > 30 && n["gz"] > 30, "{n:?}");
    assert!(!files.contains_key("tiny.txt.br") && !files.contains_key("tiny.txt.gz"));
    // Elsewhere, on another number of threads, with nothing remembered.
    let other = minimal();
    fs::create_dir(other.path().join("static")).unwrap();
    write(other.path(), "static/tiny.txt", "x");
    build(other.path(), &["--precompress=gz,br", "--jobs", "1", "--no-cache"]);
    assert_eq!(changed(&files, &built(other.path())), [""; 0]);
}

#[test]
fn an_edit_changes_the_siblings_of_what_it_changes_and_nothing_is_compressed_twice() {
    let dir = minimal();
    let root = dir.path();
    note(root, "And a second one.");
    let args = ["--precompress", "br,gz"];
    let first = row(&build(root, &args));
    let before = built(root);
    let n = before.keys().filter(|it| is_sibling(it)).count();
    assert_eq!(first, format!("Siblings  {n} files as .br and .gz ({n} made, 0 reused)"));
    let n_kept = fs::read_dir(root.join(".rejoinder/compressed")).unwrap().count();

    // At once again: nothing is written.
    let looks = touches(root);
    let again = build(root, &args);
    assert!(again.contains("  Wrote     nothing new; "), "{again}");
    assert_eq!(row(&again), format!("Siblings  {n} files as .br and .gz (0 made, {n} reused)"));
    assert_eq!(touches(root), looks);

    // Another sentence: the page, its data, and what lies beside these.
    note(root, "And quite another one.");
    let told = build(root, &args);
    let after = built(root);
    let changed_files = changed(&before, &after);
    let plain: Vec<&String> = changed_files.iter().filter(|it| !is_sibling(it)).collect();
    assert!(plain.iter().any(|it| *it == "note/index.html") && plain.len() < 4, "{plain:?}");
    let all = |it: &&String| [(*it).clone(), format!("{it}.br"), format!("{it}.gz")];
    assert_eq!(changed_files, plain.iter().flat_map(all).collect::<Vec<_>>());
    let made = 2 * plain.len();
    assert_eq!(row(&told), format!("Siblings  {n} files as .br and .gz ({made} made, {} reused)", n - made));
    // What the old words had become is not kept any longer.
    assert_eq!(fs::read_dir(root.join(".rejoinder/compressed")).unwrap().count(), n_kept);

    // A build that knows nothing but the shelf, and one without its table.
    for remembered in [root.join("public"), root.join(".rejoinder/ledger")] {
        if remembered.is_dir() { fs::remove_dir_all(remembered) } else { fs::remove_file(remembered) }
            .unwrap();
        assert_eq!(
            row(&build(root, &args)),
            format!("Siblings  {n} files as .br and .gz (0 made, {n} reused)")
        );
        assert_eq!(changed(&after, &built(root)), [""; 0]);
    }
    let cleaned = run(root, &["clean", "--cache"]);
    assert!(cleaned.status.success());
    assert_eq!(fs::read_dir(root.join(".rejoinder/compressed")).unwrap().count(), 0);
}

#[test]
fn without_the_option_siblings_go_and_pages_stay_as_they_are() {
    let dir = minimal();
    let root = dir.path();
    build(root, &["--quiet"]);
    let (plain, looks) = (built(root), touches(root));
    write(root, "site.yaml", &(fs::read_to_string(root.join("site.yaml")).unwrap() + "precompress: gz\n"));
    let told = build(root, &[]);
    assert!(told.contains("pages (0 made, "), "no page is made again: {told}");
    assert_eq!(row(&told).split(' ').nth(5), Some(".gz"), "{told}");
    let with = built(root);
    assert!(with.keys().filter(|it| is_sibling(it)).all(|it| it.ends_with(".gz")));
    assert!(changed(&plain, &with).iter().all(|it| is_sibling(it)));
    let same = |now: &BTreeMap<String, (u64, i64, i64)>| {
        let differs = |(path, look): &(&String, &(u64, i64, i64))| {
            path.as_str() != ".rejoinder.json" && now.get(*path) != Some(*look)
        };
        looks.iter().filter(differs).map(|(path, _)| path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(same(&touches(root)), [""; 0], "pages stay the files they are");
    build(root, &["--quiet", "--precompress", "none"]);
    assert_eq!(changed(&plain, &built(root)), [""; 0]);
    assert_eq!(same(&touches(root)), [""; 0]);
}

#[test]
fn a_build_with_errors_leaves_the_siblings_that_were_there() {
    let dir = minimal();
    let root = dir.path();
    build(root, &["--quiet", "--precompress", "gz"]);
    let before = built(root);
    write(root, "content/note.md", "---\ntitle: Note\n---\n\n[[nobody-knows]]\n");
    let ran = run(root, &["build", "--precompress", "br"]);
    assert_eq!(ran.status.code(), Some(1), "{}", said(&ran));
    assert_eq!(changed(&before, &built(root)), [""; 0]);
}

#[test]
fn an_authors_own_file_at_such_an_address_stays() {
    let dir = minimal();
    let root = dir.path();
    fs::create_dir(root.join("static")).unwrap();
    write(root, "static/about.txt", &"the same words ".repeat(40));
    write(root, "static/about.txt.gz", "an author's own");
    build(root, &["--quiet", "--precompress", "gz"]);
    assert_eq!(built(root)["about.txt.gz"], b"an author's own");
}

#[test]
fn what_cannot_be_asked_for_is_one_clear_error() {
    let dir = minimal();
    for (typed, words) in [
        ("br,zst", "invalid value 'zst' for '--precompress <ENCODINGS>'\n  [possible values: br, gz, none]"),
        ("none,br", "`--precompress none` asks for nothing, and for something"),
        ("", "a value is required for '--precompress <ENCODINGS>'"),
    ] {
        let ran = run(dir.path(), &["build", "--precompress", typed]);
        assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
        assert!(said(&ran).contains(words), "{}", said(&ran));
        assert_eq!(said(&ran).matches("error").count(), 1, "{}", said(&ran));
    }
    assert!(!dir.path().join("public").exists());
}

#[test]
fn both_of_two_builds_that_are_compared_have_siblings() {
    let dir = minimal();
    let count = |args: &[&str]| {
        let told = build(dir.path(), args);
        let n = told.strip_prefix("Built twice: ").and_then(|it| it.strip_suffix(" files, all the same.\n"));
        n.unwrap_or_else(|| panic!("{told}")).parse::<usize>().unwrap()
    };
    let (plain, with) =
        (count(&["--verify-reproducible"]), count(&["--verify-reproducible", "--precompress", "gz"]));
    assert!(with > plain + 30, "{plain} and {with}");
    assert!(!dir.path().join("public").exists() && !dir.path().join(".rejoinder").exists());
}

#[test]
fn siblings_are_published_with_their_pages_and_go_without_being_counted() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("site");
    crate::world::write_tree(&root, &tree(minimal().path()));
    let settings = "title: Test\nlevels: { quote-unverified: allow }\npublish: { name: live, to: dir, path: ../live, layout: plain }\n";
    write(&root, "site.yaml", settings);
    let publish = |args: &[&str]| rejoinder(&root).arg("publish").args(args).output().unwrap();
    let publishes = |args: &[&str]| {
        let ran = publish(args);
        assert_eq!(ran.status.code(), Some(0), "{args:?}: {}", said(&ran));
        said(&ran)
    };
    let refuses = |words: &str| {
        let ran = publish(&["--yes"]);
        assert_eq!(ran.status.code(), Some(5), "{}", said(&ran));
        assert!(said(&ran).contains(words), "{}", said(&ran));
    };
    let live = || {
        let mut files = tree(&dir.path().join("live"));
        files.retain(|path, _| !path.starts_with(".rejoinder/"));
        files
    };
    note(&root, "And a second one.");
    build(&root, &["--quiet", "--precompress", "gz"]);
    // The option is not asked for again: what was built says it.
    let plan = publishes(&["--plan"]);
    assert!(plan.contains(" compressed files"), "{plan}");
    publishes(&["--yes"]);
    assert_eq!(changed(&built(&root), &live()), [""; 0]);
    let place = dir.path().join("live");
    let check = || run(&root, &["check", "--published", place.to_str().unwrap()]);
    assert_eq!(check().status.code(), Some(0), "{}", said(&check()));
    fs::remove_file(place.join("index.html.gz")).unwrap();
    assert!(said(&check()).contains("`index.html.gz` is not there"), "{}", said(&check()));
    publishes(&["--yes"]);

    // An edit that is not built is told by its page, and siblings that are asked for and not built are told too.
    note(&root, "And quite another one.");
    refuses("`note/index.html` and 1 more differ");
    build(&root, &["--quiet", "--precompress", "gz"]);
    write(&root, "site.yaml", &format!("{settings}precompress: [gz, br]\n"));
    refuses(".br` and ");
    write(&root, "site.yaml", settings);
    let document = publish(&["--plan", "--format", "json"]).stdout;
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    let sent = document["operations"].as_array().unwrap().iter().filter(|it| it["action"] == "send");
    let sent: Vec<(&str, &str)> =
        sent.map(|it| (it["phase"].as_str().unwrap(), it["path"].as_str().unwrap())).collect();
    let phase = |path: &str| sent.iter().find(|(_, it)| *it == path).map(|(phase, _)| *phase);
    assert_eq!((phase("note/index.html"), phase("note/index.html.gz")), (Some("pages"), Some("pages")));
    assert_eq!(sent.iter().filter(|(_, it)| it.ends_with(".gz")).count() * 2, sent.len(), "{sent:?}");

    // Without the option they go, and nobody has to allow it.
    build(&root, &["--quiet"]);
    publishes(&["--yes"]);
    assert_eq!(changed(&built(&root), &live()), [""; 0]);
    assert!(!live().keys().any(|it| is_sibling(it)));
}

#[test]
fn a_build_killed_while_it_compresses_leaves_the_old_site_or_the_new_one() {
    if !runs_slow_tests("24 builds killed at random moments while they compress") {
        return;
    }
    let dir = minimal();
    let root = dir.path();
    let edit = |n: usize| {
        write(root, "site.yaml", &format!("title: Test {n}\nlevels: {{ quote-unverified: allow }}\n"));
        std::thread::sleep(Duration::from_millis(5));
    };
    let args = ["build", "--quiet", "--precompress", "br,gz"];
    let whole = |n: usize| {
        edit(n);
        let started = Instant::now();
        assert!(rejoinder(root).args(args).status().unwrap().success());
        (tree(&root.join("public")), started.elapsed())
    };
    let versions = [whole(0), whole(1)];
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    let (mut n_old, mut n_new) = (0, 0);
    for round in 0..24_usize {
        edit(round % 2);
        let mut build = rejoinder(root).args(args).spawn().unwrap();
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        std::thread::sleep(versions[1].1.mul_f64((chance % 1000) as f64 / 1000.0));
        build.kill().unwrap();
        build.wait().unwrap();
        match versions.iter().position(|(it, _)| *it == tree(&root.join("public"))) {
            Some(version) if version == round % 2 => n_new += 1,
            Some(_) => n_old += 1,
            None => panic!("round {round}: public/ is neither the old site nor the new one"),
        }
    }
    for (n, (version, _)) in versions.iter().enumerate() {
        assert!(whole(n).0 == *version, "what was left on the shelf is whole");
    }
    say(&format!("24 builds killed while they compressed: {n_old} left the old site, {n_new} the new one"));
}
