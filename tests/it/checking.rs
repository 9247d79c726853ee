//! `check` as a process: what it mends, what it shows of a site, and that it says what `build` says.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli::{expect, rejoinder, run};
use crate::world::{repository, tree, write_tree};

/// A site of one story below the root of a repository.
struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    fn new() -> Project {
        let project = Project { dir: tempfile::tempdir().unwrap() };
        write_tree(&project.site(), &tree(&repository("tests/cases/minimal.site")));
        project
    }

    fn site(&self) -> std::path::PathBuf {
        self.dir.path().join("docs/site")
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.site().join(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.site().join(path)).unwrap()
    }

    fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no `{from}`");
        self.write(path, &text.replacen(from, to, 1));
    }

    fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ada Example", "-c", "user.email=ada@example.org"]).args(args);
        command
            .current_dir(self.dir.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null");
        let ran = command.output().expect("these tests need git");
        assert!(ran.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "x"]);
    }

    /// `check` in the site's directory, with git at hand.
    fn check(&self, args: &[&str]) -> std::process::Output {
        let path = std::env::var("PATH").unwrap();
        let mut command = rejoinder(&self.site());
        command.arg("check").args(args).env("PATH", path).env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let ran = self.check(&[args, &["--format", "json"]].concat());
        serde_json::from_slice(&ran.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&ran.stdout)))
    }
}

const REACTION: &str = "content/tale/reactions/ada.md";

#[test]
fn fixes_that_are_safe_are_applied_and_the_rest_is_told() {
    let project = Project::new();
    // The missing actor hides the misspelt reference, which a second round finds.
    project.replace(REACTION, "actor: ada", "actr: ada");
    project.replace(REACTION, "to: gazette", "to: gazete");
    project.write("content/about.md", "---\r\ntitle: About\r\ndraft: no\r\n---\r\nOn [[adda]].\r\n");
    expect(
        &project.check(&["--fix"]),
        1,
        "",
        "\
fixed[wrong-type]: `draft` wants `true` or `false`, not `no`
 --> content/about.md:3: Write `false`
fixed[unknown-key]: A reaction has no key `actr`
 --> content/tale/reactions/ada.md:2: Write `actor`
fixed[ref-unresolved]: no actor is called `gazete`
 --> content/tale/reactions/ada.md:8: write `gazette`

error[ref-unresolved]: nothing is called `adda`
 --> content/about.md:5:4
  |
5 | On [[adda]].
  |    ^^^^^^^^ not found
  |
  = help: did you mean `ada` (Ada Example)?
  = more: rejoinder explain ref-unresolved

Fixed 3 problems in 2 files.
Checked 8 files, 2 actors, 1 reaction, 1 event. 1 error in 1 file.
",
    );
    assert_eq!(
        project.read("content/about.md"),
        "---\r\ntitle: About\r\ndraft: false\r\n---\r\nOn [[adda]].\r\n"
    );
    let original = std::fs::read_to_string(repository("tests/cases/minimal.site").join(REACTION)).unwrap();
    assert_eq!(project.read(REACTION), original);
}

#[test]
fn what_was_fixed_is_in_the_report_for_programs() {
    let project = Project::new();
    project.replace(REACTION, "to: gazette", "to: gazete");
    let before = project.json(&[]);
    assert_eq!(before["diagnostics"][0]["fix"]["safety"], "safe");
    assert_eq!(before["fixed"], serde_json::json!([]));
    let after = project.json(&["--fix"]);
    let expected = serde_json::json!([{
        "code": "ref-unresolved",
        "message": "no actor is called `gazete`",
        "title": "write `gazette`",
        "file": REACTION,
        "line": 8,
    }]);
    assert_eq!((&after["fixed"], &after["exit"]), (&expected, &0.into()));
}

#[test]
fn only_what_changed_is_shown_and_errors_elsewhere_do_not_fail() {
    let project = Project::new();
    project.git(&["init", "--quiet", "--initial-branch", "main"]);
    project.write("content/old.md", "---\ntitle: Old\n---\n[[nobody-here]]\n");
    project.commit();
    let elsewhere = "1 problem (1 error) in another file is not shown.";
    expect(
        &project.check(&["--changed"]),
        0,
        "",
        &format!("Checked 8 files, 2 actors, 1 reaction, 1 event. No problems. {elsewhere}\n"),
    );
    // Untracked, staged, and changed in the tree alike, with a name outside ASCII.
    project.write("content/é.md", "---\ntitle: New\n---\n[[nobody-there]]\n");
    let shown = "content/é.md:4:1: error[ref-unresolved] nothing is called `nobody-there`\n";
    let concise = ["--changed", "--format", "concise"];
    expect(&project.check(&concise), 1, shown, &format!("{elsewhere}\n"));
    project.git(&["add", "--all"]);
    expect(&project.check(&concise), 1, shown, &format!("{elsewhere}\n"));
    project.commit();
    expect(&project.check(&concise), 0, "", "2 problems (2 errors) in other files are not shown.\n");
    expect(&project.check(&["--changed=HEAD~1", "--format", "concise"]), 1, shown, &format!("{elsewhere}\n"));
    project.write("content/é.md", "---\ntitle: New\n---\n\n[[nobody-there]]\n");
    expect(&project.check(&concise), 1, &shown.replace(":4:", ":5:"), &format!("{elsewhere}\n"));
    let json = project.json(&["--changed"]);
    assert_eq!(json["hidden"]["elsewhere"], serde_json::json!({ "problems": 1, "errors": 1 }));
}

#[test]
fn a_branch_is_compared_with_where_it_left_its_upstream() {
    let project = Project::new();
    project.git(&["init", "--quiet", "--initial-branch", "main"]);
    project.commit();
    project.git(&["checkout", "--quiet", "-b", "work", "--track", "main"]);
    project.write("content/mine.md", "---\ntitle: Mine\n---\n[[nobody-mine]]\n");
    project.commit();
    // What came to the upstream since is not ours.
    project.git(&["checkout", "--quiet", "main"]);
    project.write("content/theirs.md", "---\ntitle: Theirs\n---\n[[nobody-theirs]]\n");
    project.commit();
    project.git(&["checkout", "--quiet", "work"]);
    let shown = "content/mine.md:4:1: error[ref-unresolved] nothing is called `nobody-mine`\n";
    expect(&project.check(&["--changed", "--format", "concise"]), 1, shown, "");
    expect(&project.check(&["--changed=main", "--format", "concise"]), 1, shown, "");
}

#[test]
fn changes_need_a_repository_a_commit_and_git() {
    let project = Project::new();
    let ran = project.check(&["--changed"]);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2));
    assert!(said.contains("error: `--changed` needs a git repository, and `.` is in none"), "{said}");
    project.git(&["init", "--quiet"]);
    project.write("content/new.md", "---\ntitle: New\n---\n[[nobody-here]]\n");
    assert_eq!(project.json(&["--changed"])["counts"]["errors"], 1, "before the first commit all is new");
    project.commit();
    let ran = project.check(&["--changed=no-such-branch"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("git knows no commit `no-such-branch`"));
    let empty = tempfile::tempdir().unwrap();
    let ran =
        rejoinder(&project.site()).args(["check", "--changed"]).env("PATH", empty.path()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2));
    assert!(said.contains("`--changed` asks `git`, and there is no such program here"), "{said}");
}

#[test]
fn paths_are_found_from_the_working_directory_or_the_project() {
    let project = Project::new();
    project.write("content/a.md", "---\ntitle: A\n---\n[[nobody-here]]\n");
    project.write("content/terms/b.md", "---\nname: B\ndef: d\n---\n[[nobody-there]]\n");
    let shown = |dir: &Path, args: &[&str]| {
        let ran = rejoinder(dir).args(["check", "--format=json"]).args(args).output().unwrap();
        let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
        let files = report["diagnostics"].as_array().unwrap().iter().filter(|it| it["severity"] == "error");
        (
            ran.status.code().unwrap(),
            files.map(|it| it["file"].as_str().unwrap().to_owned()).collect::<Vec<_>>(),
        )
    };
    let site = project.site();
    let (a, b) = ("content/a.md".to_owned(), "content/terms/b.md".to_owned());
    assert_eq!(shown(&site, &[]), (1, vec![a.clone(), b.clone()]));
    assert_eq!(shown(&site, &["content/a.md"]), (1, vec![a.clone()]));
    assert_eq!(shown(&site, &["content/terms/"]), (1, vec![b.clone()]));
    assert_eq!(shown(&site, &["./content/terms", "site.yaml"]), (1, vec![b.clone()]));
    assert_eq!(shown(&site, &["content/actors"]), (0, vec![]));
    assert_eq!(
        shown(project.dir.path(), &["-C", "docs/site", "docs/site/content/a.md"]),
        (1, vec![a.clone()])
    );
    assert_eq!(shown(project.dir.path(), &["-C", "docs/site", "content/a.md"]), (1, vec![a]));
    assert_eq!(shown(&site, &["content/none.md"]).0, 2);
    assert_eq!(shown(&site, &["/etc"]).0, 2);
}

#[test]
fn a_baseline_holds_what_is_known() {
    let project = Project::new();
    project.write("content/terms/bolt.md", "---\nname: Bolt\ndef: d\n---\n");
    project.write("content/old.md", "---\ntitle: Old\n---\n[[nobody-here]]\n");
    let missing = project.check(&["--baseline", "known.json"]);
    expect(
        &missing,
        2,
        "",
        "error: there is no baseline `known.json`\n |\n = help: `--update-baseline` writes it\n",
    );
    let counted = "Checked 9 files, 2 actors, 1 reaction, 1 event.";
    let ran = project.check(&["--baseline", "known.json", "--update-baseline"]);
    expect(&ran, 0, "", &format!("{counted} No problems. Wrote 2 problems to `known.json`.\n"));
    let known: Value = serde_json::from_str(&project.read("known.json")).unwrap();
    assert_eq!(known["schema"], "rejoinder.baseline/1");
    assert_eq!(known["problems"][0]["file"], "content/old.md");
    assert_eq!(project.read("known.json").lines().count(), 7, "one line for each problem");
    // It moves, and another one comes.
    project.write("content/old.md", "---\ntitle: Old\n---\nNew.\n\n[[nobody-here]]\n\n[[nobody-new]]\n");
    let ran = project.check(&["--baseline", "known.json", "--format", "concise"]);
    let shown = "content/old.md:8:1: error[ref-unresolved] nothing is called `nobody-new`\n";
    expect(&ran, 1, shown, "2 problems are known from `known.json`.\n");
    project.write("content/old.md", "---\ntitle: Old\n---\n");
    let gone = "1 problem in `known.json` is gone; `--update-baseline` takes it out.";
    let known = "1 problem is known from `known.json`.";
    let ran = project.check(&["--baseline", "known.json"]);
    expect(&ran, 0, "", &format!("{counted} No problems. {known} {gone}\n"));
    assert_eq!(project.json(&["--baseline", "known.json"])["hidden"]["baseline"]["problems"], 1);
    project.write("known.json", "[]");
    assert_eq!(project.check(&["--baseline", "known.json"]).status.code(), Some(2));
}

#[test]
fn warnings_fail_when_there_are_more_than_allowed() {
    let project = Project::new();
    project.write("site.yaml", "title: Test\nlevels: { quote-unverified: allow, ref-orphan: warning }\n");
    for name in ["bolt", "nut"] {
        project.write(&format!("content/terms/{name}.md"), &format!("---\nname: {name}\ndef: d\n---\n"));
    }
    let code = |args: &[&str]| project.check(&[args, &["-q"]].concat()).status.code();
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--max-warnings", "2"]), Some(0));
    assert_eq!(code(&["--max-warnings", "1"]), Some(1));
    assert_eq!(code(&["--max-warnings", "2", "--strict"]), Some(1));
    assert_eq!(
        code(&["--max-warnings", "1", "content/terms/nut.md"]),
        Some(0),
        "what is hidden does not count"
    );
    let build = run(&project.site(), &["build", "--max-warnings", "1"]);
    let said = String::from_utf8_lossy(&build.stderr);
    assert_eq!(build.status.code(), Some(1));
    let last = "2 warnings in 2 files. With --max-warnings 1, that is too many. Nothing was written.";
    assert_eq!(said.lines().last(), Some(last));
    assert!(!project.site().join("public").exists());
}

#[test]
fn the_whole_table_goes_into_the_summary_of_a_step() {
    let project = Project::new();
    project.write("content/old.md", "---\ntitle: Old\n---\n[[nobody-here]]\n");
    let summary = project.dir.path().join("summary.md");
    std::fs::write(&summary, "Before.\n").unwrap();
    let run = |path: &Path| {
        let mut command = rejoinder(&project.site());
        command.args(["check", "--format", "github"]).env("GITHUB_STEP_SUMMARY", path);
        command.env("GITHUB_WORKSPACE", project.dir.path()).output().unwrap()
    };
    let ran = run(&summary);
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(said.starts_with("::error file=docs/site/content/old.md,line=4,"), "{said}");
    let text = std::fs::read_to_string(&summary).unwrap();
    assert!(text.starts_with("Before.\n### rejoinder check: 1 error in 1 file\n"), "{text}");
    assert!(text.contains("<td>content/old.md:4</td>"), "{text}");
    let ran = run(&project.dir.path().join("none/summary.md"));
    assert_eq!(ran.status.code(), Some(1), "what cannot be written stops nothing");
    assert!(String::from_utf8_lossy(&ran.stderr).contains("cannot add to the step's summary"));
}

#[test]
fn a_step_learns_what_a_build_changed() {
    let project = Project::new();
    let outputs = project.dir.path().join("outputs");
    let summary = project.dir.path().join("summary.md");
    let built = || {
        let mut command = rejoinder(&project.site());
        command.args(["build", "--format", "github"]).env("GITHUB_OUTPUT", &outputs);
        let ran = command.env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        let text = std::fs::read_to_string(&outputs).unwrap();
        std::fs::remove_file(&outputs).unwrap();
        text
    };
    let first = built();
    assert!(first.starts_with("errors=0\nwarnings=0\npublic=public/\nfiles-written="), "{first}");
    assert!(!first.contains("pages-changed=0\n"), "{first}");
    let second = built();
    assert!(second.ends_with("files-written=0\nfiles-removed=0\npages-changed=0\n"), "{second}");
    project.write("content/another.md", "---\ntitle: Another\n---\nWords.\n");
    assert!(!built().contains("\npages-changed=0\n"), "there is a page more");
    project.write("content/another.md", "---\ntitle: Another\n---\nOther words.\n");
    let edited = built();
    assert!(edited.contains("\npages-changed=1\n"), "no other page shows these words: {edited}");
    let said = std::fs::read_to_string(&summary).unwrap();
    assert!(said.contains("1 page changed (") && said.contains("0 pages changed (0 files"), "{said}");
}

#[test]
fn what_stops_a_run_is_told_in_every_format() {
    let empty = tempfile::tempdir().unwrap();
    let words = "there is no `site.yaml` in `.`";
    for format in ["human", "concise", "json", "jsonl", "github", "gitlab", "sarif"] {
        for verb in ["check", "build"] {
            let ran = run(empty.path(), &[verb, "--format", format]);
            let is_for_people = matches!(format, "human" | "concise");
            let said = if is_for_people { &ran.stderr } else { &ran.stdout };
            assert_eq!(ran.status.code(), Some(2), "{verb} {format}");
            assert!(String::from_utf8_lossy(said).contains(words), "{verb} {format}");
        }
    }
}

#[test]
fn check_says_what_build_says_and_writes_nothing() {
    let mut names = 0;
    for entry in std::fs::read_dir(repository("tests/sites")).unwrap() {
        let dir = tempfile::tempdir().unwrap();
        let files = tree(&entry.unwrap().path());
        write_tree(dir.path(), &files);
        let report = |args: &[&str]| {
            let ran = run(dir.path(), &[args, &["--format", "json"]].concat());
            let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
            (report["diagnostics"].clone(), report["exit"].clone(), report["counts"].clone())
        };
        let checked = report(&["check"]);
        assert!(tree(dir.path()) == files, "`check` wrote something");
        let built = report(&["build", "-o", "out"]);
        assert_eq!(checked, built);
        names += 1;
    }
    assert!(names > 1);
}
