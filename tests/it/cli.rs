//! The program as a process: complete stdout, stderr and exit code. A handful only; what a build says about content is shown by
//! cases, which cost a hundredth.

use std::path::Path;
use std::process::{Command, Output};

use crate::diff::diff;
use crate::world::{repository, runs_slow_tests, say, tree, write_tree};

/// The program, in a directory, with nothing of this process's environment that could change what it says.
pub(crate) fn rejoinder(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rejoinder"));
    command.current_dir(dir).env_clear().env("HOME", "/nonexistent").stdin(std::process::Stdio::null());
    // 1 February 2025: the day after the stories of our test sites end.
    command.env("SOURCE_DATE_EPOCH", "1738368000");
    command
}

pub(crate) fn run(dir: &Path, args: &[&str]) -> Output {
    rejoinder(dir).args(args).output().unwrap()
}

/// Compares everything a run says. Durations are written as `N`.
pub(crate) fn expect(ran: &Output, exit: i32, stdout: &str, stderr: &str) {
    let text = |bytes: &[u8]| without_durations(std::str::from_utf8(bytes).unwrap());
    let (out, err) = (text(&ran.stdout), text(&ran.stderr));
    let wrong = format!("{}{}", diff(stdout, &out), diff(stderr, &err));
    assert!(wrong.is_empty(), "\n{wrong}\nstdout:\n{out}\nstderr:\n{err}");
    assert_eq!(ran.status.code(), Some(exit));
}

/// `12 ms` as `N ms` with one space before it, `0.05 s` as `N s`.
fn without_durations(text: &str) -> String {
    let line = |line: &str| {
        let Some(start) =
            [" ms", " s."].iter().find_map(|unit| line.ends_with(unit).then(|| line.len() - unit.len()))
        else {
            return line.to_owned();
        };
        let number = line[..start].rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
        format!("{} N{}", line[..number].trim_end(), &line[start..])
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

pub(crate) fn minimal() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write_tree(dir.path(), &tree(&repository("tests/cases/minimal.site")));
    dir
}

#[test]
fn a_new_site_builds_at_once_and_can_be_explained() {
    let dir = tempfile::tempdir().unwrap();
    let init = run(dir.path(), &["init", "site", "--title", "Ours"]);
    assert_eq!((init.status.code(), init.stdout.len()), (Some(0), 0));
    let site = dir.path().join("site");
    let check = run(&site, &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stderr));
    let build = run(&site, &["build", "--quiet"]);
    expect(&build, 0, "", "");
    let page = std::fs::read_to_string(site.join("public/index.html")).unwrap();
    assert!(page.contains("<title>Ours</title>"), "{page}");
    let explain = run(&site, &["explain", "ref-unresolved"]);
    assert_eq!(explain.status.code(), Some(0));
    assert!(String::from_utf8(explain.stdout).unwrap().contains("ref-unresolved"));
}

#[test]
fn the_worked_example_comes_with_the_program() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["init", "--template", "example"]).status.code(), Some(0));
    let build = run(dir.path(), &["build"]);
    assert_eq!(build.status.code(), Some(0), "{}", String::from_utf8_lossy(&build.stderr));
    assert!(dir.path().join("public/deepseek-r1/index.html").is_file());
}

#[test]
fn a_build_counts_what_it_did() {
    let dir = minimal();
    let first = run(dir.path(), &["build"]);
    let said = String::from_utf8(first.stderr.clone()).unwrap();
    let shape: Vec<&str> = said.lines().map(|line| line.split_whitespace().next().unwrap_or("")).collect();
    let rows = ["Read", "Checked", "Rendered", "Indexed", "Wrote", "", "Built"];
    let is_there = |row: &&str| *row != "Indexed" || cfg!(feature = "search");
    assert_eq!(shape, rows.into_iter().filter(is_there).collect::<Vec<_>>(), "{said}");
    expect(
        &run(dir.path(), &["build"]),
        0,
        "",
        &without_durations(&said)
            .lines()
            .filter(|line| !line.trim_start().starts_with("Indexed"))
            .map(|line| match line.trim_start().starts_with("Wrote") {
                true => format!(
                    "  Wrote     nothing new; {} N ms\n",
                    line.split("; ").nth(1).unwrap().trim_end_matches(" N ms")
                ),
                false => format!("{}\n", line.replace("18 pages", "18 pages (0 made, 18 reused)")),
            })
            .collect::<String>(),
    );
}

#[test]
fn a_word_that_is_no_option_is_a_usage_error() {
    let dir = minimal();
    expect(
        &run(dir.path(), &["build", "--ouput", "x"]),
        2,
        "",
        "\
error: unexpected argument '--ouput' found

  tip: a similar argument exists: '--output'

Usage: rejoinder build --output <DIR>

For more information, try '--help'.
",
    );
}

#[test]
fn a_directory_without_a_site_is_a_usage_error() {
    let dir = tempfile::tempdir().unwrap();
    expect(
        &run(dir.path(), &["build"]),
        2,
        "",
        "\
error: there is no `site.yaml` in `.`
 |
 = help: `rejoinder init` starts a site here; `--root DIR` names a project elsewhere
",
    );
}

#[test]
fn broken_content_is_shown_whole_and_nothing_is_written() {
    let dir = minimal();
    std::fs::write(
        dir.path().join("content/about.md"),
        "---\ntitle: About\n---\nOn [[adda]] and the [[loom]].\n",
    )
    .unwrap();
    let expected = "\
error[ref-unresolved]: nothing is called `adda`
 --> content/about.md:4:4
  |
4 | On [[adda]] and the [[loom]].
  |    ^^^^^^^^ not found
  |
  = help: did you mean `ada` (Ada Example)?
  = more: rejoinder explain ref-unresolved

1 error in 1 file. Nothing was written.
";
    expect(&run(dir.path(), &["build"]), 1, "", expected);
    assert!(!dir.path().join("public").exists());
    let concise = run(dir.path(), &["check", "--format", "concise"]);
    expect(&concise, 1, "content/about.md:4:4: error[ref-unresolved] nothing is called `adda`\n", "");
    let github = run(dir.path(), &["check", "--format", "github"]);
    expect(
        &github,
        1,
        "::error file=content/about.md,line=4,endLine=4,col=4,endColumn=12,title=ref-unresolved::nothing is called \
         `adda`%0Anot found%0Adid you mean `ada` (Ada Example)?\n",
        "",
    );
}

#[test]
fn the_report_for_programs_is_one_document() {
    let dir = minimal();
    let ran = run(dir.path(), &["build", "--format", "json"]);
    assert_eq!((ran.status.code(), ran.stderr.len()), (Some(0), 0));
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["schema"], "rejoinder.report/1");
    assert_eq!((report["ok"].as_bool(), report["exit"].as_u64()), (Some(true), Some(0)));
    assert_eq!(report["outputs"][0]["path"], "public/");
}

#[test]
fn outputs_that_hold_what_is_not_ours_are_refused() {
    let dir = minimal();
    let before = tree(dir.path());
    for output in [".", "..", "content", "content/out", "/", "site.yaml"] {
        let ran = run(dir.path(), &["build", "-o", output]);
        assert_eq!(ran.status.code(), Some(4), "{output}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(String::from_utf8_lossy(&ran.stderr).contains("= help: "), "{output}");
    }
    std::fs::create_dir_all(dir.path().join("notes/.git")).unwrap();
    std::fs::write(dir.path().join("notes/mine.txt"), "mine").unwrap();
    assert_eq!(run(dir.path(), &["build", "-o", "notes"]).status.code(), Some(4));
    std::fs::remove_dir_all(dir.path().join("notes")).unwrap();
    let after = tree(dir.path());
    assert!(
        before == after,
        "left: {:?}",
        after.keys().filter(|it| !before.contains_key(*it)).collect::<Vec<_>>()
    );
}

#[test]
fn foreign_files_in_the_output_are_kept_and_named() {
    let dir = minimal();
    assert_eq!(run(dir.path(), &["build"]).status.code(), Some(0));
    std::fs::write(dir.path().join("public/CNAME"), "example.org\n").unwrap();
    std::fs::remove_file(dir.path().join("content/terms/loom.md")).unwrap();
    let reaction = dir.path().join("content/tale/reactions/ada.md");
    let text = std::fs::read_to_string(&reaction).unwrap().replace("    terms: [loom]\n", "");
    std::fs::write(&reaction, text).unwrap();
    let ran = run(dir.path(), &["build"]);
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("Kept      1 file that we did not write: CNAME"), "{said}");
    assert!(dir.path().join("public/CNAME").is_file() && !dir.path().join("public/terms").exists());
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let dir = minimal();
    let sealed = dir.path().join("sealed");
    std::fs::create_dir(&sealed).unwrap();
    let mut permissions = std::fs::metadata(&sealed).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&sealed, permissions).unwrap();
    if std::fs::write(sealed.join("probe"), "").is_ok() {
        say("skipped: an output that cannot be written (root writes everywhere)");
        return;
    }
    let ran = run(dir.path(), &["build", "-o", "sealed/public"]);
    assert_eq!(ran.status.code(), Some(3), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("sealed"));
}

#[test]
fn a_device_that_is_full_is_named() {
    if !Path::new("/dev/full").exists() {
        say("skipped: a full stdout (no /dev/full here)");
        return;
    }
    let dir = minimal();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = rejoinder(dir.path()).args(["explain", "--list"]).stdout(full).output().unwrap();
    assert_eq!(ran.status.code(), Some(3), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn links_inside_content_are_not_followed() {
    let dir = minimal();
    std::os::unix::fs::symlink("/etc/passwd", dir.path().join("content/passwd.txt")).unwrap();
    std::os::unix::fs::symlink("..", dir.path().join("content/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", dir.path().join("content/dangling.md")).unwrap();
    expect(
        &run(dir.path(), &["check", "--format", "concise"]),
        1,
        "\
content/dangling.md: error[file-not-usable] `content/dangling.md` is a symbolic link, and links are not followed
content/loop: error[file-not-usable] `content/loop` is a symbolic link, and links are not followed
content/passwd.txt: error[file-not-usable] `content/passwd.txt` is a symbolic link, and links are not followed
",
        "",
    );
}

#[test]
fn names_that_no_host_can_carry_are_told_and_pipes_are_not_opened() {
    use std::os::unix::ffi::OsStrExt as _;
    let dir = minimal();
    let write = |name: &[u8]| {
        std::fs::write(dir.path().join("content").join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    };
    write(b"bad\xffname.md");
    write(b"what?.md");
    write(b"end .md");
    write(b"line\nend.md");
    let fifo = dir.path().join("content/pipe.md");
    if !Command::new("mkfifo").arg(&fifo).status().is_ok_and(|it| it.success()) {
        say("skipped: a pipe among the content (no mkfifo here)");
    }
    let ran = run(dir.path(), &["check", "--format", "concise"]);
    assert_eq!(ran.status.code(), Some(1));
    let said = String::from_utf8(ran.stdout).unwrap();
    for part in [r"bad\xffname.md", "what?.md", r"line\u{a}end.md"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    if fifo.exists() {
        assert!(said.contains("pipe.md` is not a regular file"), "{said}");
    }
}

#[test]
fn deep_nesting_needs_no_deep_stack() {
    if !runs_slow_tests("hostile nesting with a small stack") {
        return;
    }
    let dir = minimal();
    let deep = |piece: &str, n: usize| format!("---\ntitle: Deep\n---\n{}\n", piece.repeat(n));
    std::fs::write(dir.path().join("content/a.md"), deep("> ", 5_000)).unwrap();
    std::fs::write(dir.path().join("content/b.md"), deep("- ", 5_000)).unwrap();
    std::fs::write(dir.path().join("content/c.md"), deep("[", 50_000)).unwrap();
    std::fs::write(dir.path().join("content/d.md"), deep("*a **b ", 10_000)).unwrap();
    std::fs::write(
        dir.path().join("content/e.md"),
        format!("---\ntitle: E\nextra: {}\n---\n", "{a: ".repeat(10_000)),
    )
    .unwrap();
    std::fs::write(dir.path().join("content/f.md"), deep("[^1]\n\n[^1]: x\n", 2_000)).unwrap();
    let started = std::time::Instant::now();
    let ran = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -s 256; exec {} check --format concise", env!("CARGO_BIN_EXE_rejoinder")))
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn the_day_makes_a_story_old_and_changes_no_page() {
    let dir = minimal();
    let run_on = |day: &str, args: &[&str]| {
        rejoinder(dir.path()).env("SOURCE_DATE_EPOCH", day).args(args).output().unwrap()
    };
    // 2 March 2025 and the day after: 30 and 31 days behind the story's `as_of`.
    expect(&run_on("1740873600", &["check", "--format", "concise"]), 0, "", "");
    let old =
        "content/tale/story.md:5:8: warning[stale-asof] this live story has not been looked at for long\n";
    expect(&run_on("1740960000", &["check", "--format", "concise"]), 0, old, "");
    assert_eq!(run_on("0", &["build"]).status.code(), Some(0));
    let before = tree(&dir.path().join("public"));
    assert_eq!(run_on("4000000000", &["build"]).status.code(), Some(0));
    assert!(tree(&dir.path().join("public")) == before);
    let wrong = "error: the environment variable SOURCE_DATE_EPOCH cannot be `today`\n |\n = help: it is a whole number of \
        seconds since 1970\n";
    expect(&run_on("today", &["check"]), 2, "", wrong);
}

#[cfg(not(feature = "precompress"))]
#[test]
fn a_program_that_cannot_compress_says_how_to_get_one_that_can() {
    let dir = minimal();
    let help = "\
error: this Rejoinder was built without `precompress`
 |
 = help: build one that has it: `cargo build --release --features precompress`; or build the site with `--precompress none`
";
    expect(&run(dir.path(), &["build", "--precompress", "gz"]), 2, "", help);
    let settings = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
    std::fs::write(dir.path().join("site.yaml"), settings + "precompress: gz\n").unwrap();
    expect(&run(dir.path(), &["build"]), 2, "", help);
    expect(&run(dir.path(), &["build", "--quiet", "--precompress", "none"]), 0, "", "");
}
