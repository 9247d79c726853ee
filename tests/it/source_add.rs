//! `source add`, as a process: what it writes, what it leaves alone, what it refuses.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::cli::rejoinder;
use crate::diff::diff;
use crate::world::{repository, say, tree, write_tree};

const PAGE: &str = "<!DOCTYPE html><html><!-- saved from url=(0030)https://gazette.example/gadget --><title>Gadget</title><body>\
    <nav>Home</nav><p>Ada Example wrote: “Finally one that opens with a screwdriver.”</p></body></html>\n";

const SOURCES: &str = "\
# What it rests on.
- { id: ada-post, kind: source, type: post, title: 'Post, by Ada', author: ada } # the post
- id: gazette   # an outlet
  kind: source
  type: article-newspaper
  title: \"Gadget: what they say\"
  url: https://gazette.example/gadget
  note: >-
    Folded

    text.

# The end.
";

/// The minimal site, with sources in a list.
fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write_tree(dir.path(), &tree(&repository("tests/cases/minimal.site")));
    std::fs::write(dir.path().join("content/sources/more.yaml"), SOURCES).unwrap();
    std::fs::write(dir.path().join("page.html"), PAGE).unwrap();
    dir
}

/// Runs on 10 March 2025.
fn run(dir: &Path, args: &[&str]) -> Output {
    let mut command = rejoinder(dir);
    command.env("SOURCE_DATE_EPOCH", "1741608000").args(["source", "add"]).args(args).output().unwrap()
}

fn expect(ran: &Output, exit: i32, stderr: &str) {
    let err = String::from_utf8_lossy(&ran.stderr);
    let wrong = diff(stderr, &err);
    assert!(wrong.is_empty(), "\n{wrong}\nstderr:\n{err}");
    assert_eq!((ran.status.code(), ran.stdout.len()), (Some(exit), 0));
}

/// What a run changed, by path: the lines that are new. Files that are gone are an error.
fn changed(before: &BTreeMap<String, Vec<u8>>, dir: &Path) -> Vec<(String, Vec<String>)> {
    let after = tree(dir);
    assert!(before.keys().all(|it| after.contains_key(it)), "nothing is deleted");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let changed = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes));
    let lines = changed.map(|(path, bytes)| {
        let old = before.get(path).map(|it| text(it)).unwrap_or_default();
        let old: Vec<&str> = old.lines().collect();
        let new = text(bytes);
        (path.clone(), new.lines().filter(|it| !old.contains(it)).map(str::to_owned).collect())
    });
    lines.collect()
}

/// `sha256sum` of the page, and of its text.
const DIGESTS: &str = "sha256: PAGE, text_sha256: TEXT";

fn digests(words: &str, bytes: &[u8], text: &[u8]) -> String {
    let hex = |bytes| rejoinder::text::Sha256::of(bytes).hex();
    words.replace("DIGESTS", DIGESTS).replace("PAGE", &hex(bytes)).replace("TEXT", &hex(text))
}

#[test]
fn a_copy_is_kept_and_recorded_and_hidden_from_git() {
    let dir = project();
    let before = tree(dir.path());
    let told = "\
Kept 10 words of `page.html` in snapshots/gazette.txt.
Recorded accessed, archive, snapshot in content/sources/more.yaml.
Added /snapshots/ to .gitignore, so that git leaves the copies alone.
";
    let archive = "https://web.archive.org/web/20250305081500/https://gazette.example/gadget";
    expect(&run(dir.path(), &["page.html", "gazette", "--archive", archive]), 0, told);
    let text = "Ada Example wrote: “Finally one that opens with a screwdriver.”\n";
    let snapshot = digests(
        "  snapshot: { file: snapshots/gazette.txt, DIGESTS, private: true }",
        PAGE.as_bytes(),
        text.as_bytes(),
    );
    let lines = |lines: &[&str]| lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let copy = format!("  archive: [{{ url: {archive}, at: 2025-03-05, by: Internet Archive }}]");
    let expected = [
        (".gitignore".to_owned(), lines(&["/snapshots/"])),
        ("content/sources/more.yaml".to_owned(), lines(&["  accessed: 2025-03-10", &copy, &snapshot])),
        ("snapshots/gazette.txt".to_owned(), lines(&[text.trim_end()])),
    ];
    assert_eq!(changed(&before, dir.path()), expected);
    let now = std::fs::read_to_string(dir.path().join("content/sources/more.yaml")).unwrap();
    let added = format!("    text.\n  accessed: 2025-03-10\n{copy}\n{snapshot}\n");
    assert_eq!(now, SOURCES.replace("    text.\n", &added), "everything else stays");

    // Once more: nothing to do, nothing touched.
    let before = tree(dir.path());
    let told = "snapshots/gazette.txt holds these 10 words already: unchanged.\n";
    expect(&run(dir.path(), &["page.html", "gazette"]), 0, told);
    assert!(changed(&before, dir.path()).is_empty());
    // The same words in another file are the same copy; one that is missing is put back.
    std::fs::write(dir.path().join("saved.txt"), format!("\u{FEFF}{text}")).unwrap();
    std::fs::remove_file(dir.path().join("snapshots/gazette.txt")).unwrap();
    let ran = run(dir.path(), &["saved.txt", "source:gazette"]);
    expect(&ran, 0, "Kept 10 words of `saved.txt` in snapshots/gazette.txt.\n");
    std::fs::remove_file(dir.path().join("saved.txt")).unwrap();
    assert!(changed(&before, dir.path()).is_empty());

    // The project builds, and the copy is not published.
    let build = rejoinder(dir.path()).args(["build", "-q"]).output().unwrap();
    assert_eq!(build.status.code(), Some(0), "{}", String::from_utf8_lossy(&build.stderr));
    let public = tree(&dir.path().join("public"));
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("opens with a screwdriver");
    assert!(public.values().all(|it| !holds(it)));
}

#[test]
fn records_in_any_style_are_changed_without_touching_the_rest() {
    let dir = project();
    let path = dir.path().join("content/sources/more.yaml");
    std::fs::write(&path, SOURCES.replace('\n', "\r\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let ran = run(dir.path(), &["page.html", "ada-post", "--accessed", "2025-03", "-q"]);
    expect(&ran, 0, "");
    let now = std::fs::read_to_string(&path).unwrap();
    let text = std::fs::read(dir.path().join("snapshots/ada-post.txt")).unwrap();
    let added = digests(
        ", accessed: 2025-03, snapshot: { file: snapshots/ada-post.txt, DIGESTS, private: true } }",
        PAGE.as_bytes(),
        &text,
    );
    assert_eq!(
        now,
        SOURCES.replace(", author: ada }", &format!(", author: ada{added}")).replace('\n', "\r\n")
    );
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);

    let page = dir.path().join("content/sources/paper.md");
    std::fs::write(&page, "---\ntype: report\ntitle: A\nrelays:\n- gazette\n---\nProse: stays.\n").unwrap();
    let paper = if cfg!(feature = "pdf") { "ligatures.pdf" } else { "wrapped.txt" };
    std::fs::copy(repository("tests/extract").join(paper), dir.path().join(paper)).unwrap();
    let ran = run(dir.path(), &[paper, "paper", "--archive", "https://archive.example/1"]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let now = std::fs::read_to_string(&page).unwrap();
    let start = "---\ntype: report\ntitle: A\nrelays:\n- gazette\naccessed: 2025-03-10\narchive: [https://archive.example/1]\nsnapshot: { file: snapshots/paper.txt, ";
    assert!(now.starts_with(start) && now.ends_with(", private: true }\n---\nProse: stays.\n"), "{now}");
}

#[test]
fn another_copy_takes_the_place_of_one_only_when_asked_to() {
    let dir = project();
    assert_eq!(run(dir.path(), &["page.html", "gazette"]).status.code(), Some(0));
    std::fs::write(dir.path().join("page.html"), PAGE.replace("Finally", "At last")).unwrap();
    let before = tree(dir.path());
    let told = "\
error: `gazette` already has a copy, `snapshots/gazette.txt`, with other words
 |
 = help: `--replace` puts this one in its place; quotations are then compared with this one
";
    expect(&run(dir.path(), &["page.html", "gazette"]), 4, told);
    assert!(changed(&before, dir.path()).is_empty());
    let ran = run(dir.path(), &["page.html", "gazette", "--replace"]);
    expect(
        &ran,
        0,
        "Kept 11 words of `page.html` in snapshots/gazette.txt.\nRecorded snapshot in content/sources/more.yaml.\n",
    );
    let changed = changed(&before, dir.path());
    assert_eq!(changed.len(), 2);
    assert!(changed[1].1[0].contains("At last one"));
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let dir = project();
    let before = tree(dir.path());
    let told = "\
Would keep 10 words of `page.html` in snapshots/ada-post.txt.
Would record accessed, snapshot in content/sources/more.yaml.
Would add /snapshots/ to .gitignore, so that git leaves the copies alone.
The record has no `url:`; the page gives https://gazette.example/gadget.
";
    expect(&run(dir.path(), &["page.html", "ada-post", "--dry-run"]), 0, told);
    assert!(changed(&before, dir.path()).is_empty());
}

#[test]
fn mistakes_are_told_and_nothing_is_written() {
    let dir = project();
    std::fs::write(dir.path().join("app.html"), "<html><div id=app></div><script>x</script>").unwrap();
    let before = tree(dir.path());
    for (args, exit, parts) in [
        (&["https://gazette.example/gadget", "gazette"][..], 2, &["nothing is fetched", "save the page"][..]),
        (&["page.html", "gazete"], 2, &["no source is called `gazete`", "did you mean `gazette`?"]),
        (&["page.html", "ada"], 2, &["no source is called `ada`"]),
        (&["nothing.html", "gazette"], 3, &["cannot read `nothing.html`"]),
        (&["app.html", "gazette"], 1, &["there is no text in `app.html`", "save the page again"]),
        (&["page.html", "gazette", "--accessed", "yesterday"], 2, &["`--accessed yesterday`"]),
        (&["page.html", "gazette", "--archive", "archive.example/1"], 2, &["`--archive archive.example/1`"]),
        (&["page.html", "gazette", "--snapshots", "nowhere"], 2, &["no directory `nowhere`"]),
    ] {
        let ran = run(dir.path(), args);
        let err = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(exit), "{args:?}: {err}");
        assert!(parts.iter().all(|it| err.contains(it)) && err.contains("error: "), "{args:?}: {err}");
    }
    assert!(changed(&before, dir.path()).is_empty());
}

#[test]
fn a_directory_that_is_published_takes_no_copies() {
    for (place, exit) in [
        ("content/copies", 4),
        ("static", 4),
        ("Static/x", 4),
        ("themes/a/assets", 4),
        ("public/copies", 4),
        (".git", 4),
        ("../x", 2),
        ("", 2),
    ] {
        let dir = project();
        let site = dir.path().join("site.yaml");
        let text = std::fs::read_to_string(&site).unwrap();
        std::fs::write(&site, format!("{text}output: ./out/../public/\nsnapshots: '{place}'\n")).unwrap();
        let before = tree(dir.path());
        let ran = run(dir.path(), &["page.html", "gazette"]);
        let err = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(exit), "{place}: {err}");
        assert!(changed(&before, dir.path()).is_empty());
    }
    // A link that leads into what is published is no way around.
    let dir = project();
    std::fs::create_dir_all(dir.path().join("static")).unwrap();
    std::os::unix::fs::symlink("static", dir.path().join("snapshots")).unwrap();
    assert_eq!(run(dir.path(), &["page.html", "gazette"]).status.code(), Some(4));
    assert_eq!(run(dir.path(), &["page.html", "gazette", "--snapshots", "static"]).status.code(), Some(4));
}

#[test]
fn copies_may_be_kept_outside_of_the_project() {
    let (dir, elsewhere) = (project(), tempfile::tempdir().unwrap());
    let before = tree(dir.path());
    let ran = run(dir.path(), &["page.html", "gazette", "--snapshots", elsewhere.path().to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(elsewhere.path().join("gazette.txt").is_file());
    let changed = changed(&before, dir.path());
    assert_eq!(changed.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["content/sources/more.yaml"]);
}

#[test]
fn a_record_that_cannot_be_changed_safely_is_left_to_its_author() {
    let dir = project();
    let odd = SOURCES.replace("  note: >-", "  archive:\n    url: https://archive.example/0\n  note: >-");
    std::fs::write(dir.path().join("content/sources/more.yaml"), odd).unwrap();
    let before = tree(dir.path());
    let ran = run(dir.path(), &["page.html", "gazette", "--archive", "https://archive.example/1"]);
    let err = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{err}");
    for part in
        ["its `archive` is written in a way", "accessed: 2025-03-10", "archive: [https://archive.example/1]"]
    {
        assert!(err.contains(part), "{err}");
    }
    assert!(changed(&before, dir.path()).is_empty());
}

#[test]
fn programs_get_one_document() {
    let dir = project();
    let ran = run(dir.path(), &["page.html", "gazette", "--format", "json"]);
    assert_eq!((ran.status.code(), ran.stderr.len()), (Some(0), 0));
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((report["command"].as_str(), report["exit"].as_u64()), (Some("source add"), Some(0)));
    let outputs = report["outputs"].as_array().unwrap();
    let paths: Vec<&str> = outputs.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["snapshots/gazette.txt", "content/sources/more.yaml", ".gitignore"]);
    let ran = run(dir.path(), &["page.html", "nothing", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((ran.status.code(), report["exit"].as_u64()), (Some(2), Some(2)));
}

#[test]
fn git_is_asked_and_told_about_copies_it_holds() {
    let dir = project();
    let git = |args: &[&str]| {
        let ran = Command::new("git").current_dir(dir.path()).args(args).env("HOME", dir.path()).output();
        ran.is_ok_and(|it| it.status.success())
    };
    if !git(&["init", "-q"]) {
        say("skipped: what git ignores (no git here)");
        return;
    }
    std::fs::write(dir.path().join(".gitignore"), "snap*\n").unwrap();
    assert_eq!(run(dir.path(), &["page.html", "gazette"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(dir.path().join(".gitignore")).unwrap(), "snap*\n", "ignored already");
    assert!(git(&["add", "-f", "snapshots/gazette.txt"]));
    let told = "\
snapshots/gazette.txt holds these 10 words already: unchanged.
Git holds snapshots/gazette.txt already: `git rm --cached snapshots/gazette.txt` takes it out, and its history still has it.
";
    expect(&run(dir.path(), &["page.html", "gazette"]), 0, told);
}
