//! What runs in CI jobs, run here as it stands: the scripts of the action, with GitHub's environment made up.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use crate::world::{repository, runs_slow_tests, tree, write_tree};

/// A job's directory, with what GitHub gives a job.
struct Job {
    dir: tempfile::TempDir,
}

impl Job {
    fn new() -> Job {
        let dir = tempfile::tempdir().unwrap();
        for name in ["temp", "site"] {
            std::fs::create_dir(dir.path().join(name)).unwrap();
        }
        Job { dir }
    }

    fn at(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    /// A clean checkout of the worked example.
    fn check_out(&self, site: &str) {
        for part in ["content", "themes"] {
            write_tree(&self.at(site).join(part), &tree(&repository(part)));
        }
        for file in ["site.yaml", "quotes.lock"] {
            std::fs::copy(repository(file), self.at(site).join(file)).unwrap();
        }
    }

    /// Runs a step's line as the runner does, and gives what it put out for the next steps.
    fn step(&self, line: &str, site: &str, env: &[(&str, &str)]) -> (Output, BTreeMap<String, String>) {
        let outputs = self.at("outputs");
        let _ = std::fs::remove_file(&outputs);
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", line]);
        command.env_clear().current_dir(self.at(site));
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.at("temp/rejoinder-bin").display());
        command.env("PATH", path).env("HOME", self.at("temp")).env("SOURCE_DATE_EPOCH", "1738368000");
        command.env("GITHUB_ACTION_PATH", repository("")).env("RUNNER_TEMP", self.at("temp"));
        command.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", self.at("summary"));
        command.env("GITHUB_PATH", self.at("path")).env("GITHUB_WORKSPACE", self.at(site));
        let ran = command.envs(env.iter().copied()).output().unwrap();
        let text = std::fs::read_to_string(&outputs).unwrap_or_default();
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        (ran, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

fn said(ran: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
}

/// The `run:` lines of the action whose text names a script, without YAML's quotes.
fn line_of(script: &str) -> String {
    let text = std::fs::read_to_string(repository("action.yml")).unwrap();
    let line = text.lines().find(|it| it.contains("run: ") && it.contains(script));
    let line = line.expect("the action runs the script").trim().trim_start_matches("run: ");
    line.trim_matches('\'').to_owned()
}

/// Makes a release of the program that is tested, where `RELEASES` can point.
fn release(job: &Job) -> String {
    let dist = job.at("releases/v0.1.0");
    // As small as a released program: what is tested has much beside it that only a debugger reads.
    let program = job.at("temp/rejoinder");
    let stripped =
        Command::new("strip").arg(env!("CARGO_BIN_EXE_rejoinder")).arg("-o").arg(&program).status();
    assert!(stripped.unwrap().success(), "strip comes with the linker that Rust needs");
    std::fs::create_dir_all(&dist).unwrap();
    let made = Command::new("bash")
        .arg(repository("ci/archive.sh"))
        .env("PROGRAM", &program)
        .env("DIST", &dist)
        .env("TARGET", "test-target")
        .env("TAG", "v0.1.0")
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", said(&made));
    let sums =
        Command::new("bash").current_dir(&dist).args(["-c", "sha256sum -- *.tar.gz > SHA256SUMS"]).output();
    assert!(sums.unwrap().status.success());
    format!("file://{}", job.at("releases").display())
}

fn copy(from: &Path, to: &Path) {
    write_tree(to, &tree(from));
}

#[test]
fn the_actions_steps_install_build_and_take_over_what_is_cached() {
    if !runs_slow_tests("the steps of the action, twice") {
        return;
    }
    let job = Job::new();
    let releases = release(&job);
    let install = line_of("ci/install.sh");
    let env = [("RELEASES", releases.as_str()), ("TARGET", "test-target")];
    let (ran, installed) = job.step(&install, "site", &env);
    assert!(ran.status.success(), "{}", said(&ran));
    assert!(installed["program"].starts_with("0.1.0-"), "{installed:?}");
    assert!(std::fs::read_to_string(job.at("path")).unwrap().ends_with("rejoinder-bin\n"));

    let run = line_of("ci/run.sh");
    job.check_out("site");
    let (ran, first) = job.step(&run, "site", &[]);
    assert!(ran.status.success(), "{}", said(&ran));
    assert!(said(&ran).contains("::warning file=content/"), "annotations: {}", said(&ran));
    assert!(first["pages-changed"].parse::<usize>().unwrap() > 100, "{first:?}");
    assert!(first["digest"].len() == 64 && first["public"] == "public/", "{first:?}");
    let summary = std::fs::read_to_string(job.at("summary")).unwrap();
    assert!(summary.contains(" pages changed (") && summary.contains("<table>"), "{summary}");

    // The next job: another runner installs the same release, checks out anew, and gets the cache.
    std::fs::remove_dir_all(job.at("temp/rejoinder-bin")).unwrap();
    let (_, again) = job.step(&install, "site", &env);
    assert_eq!(again, installed, "the same program has the same name");
    std::fs::create_dir(job.at("next")).unwrap();
    job.check_out("next");
    for cached in [".rejoinder", "public"] {
        copy(&job.at("site").join(cached), &job.at("next").join(cached));
    }
    let (ran, second) = job.step(&run, "next", &[("ARGS", "--explain-dirty")]);
    assert!(said(&ran).contains("Nothing had to be made."), "{}", said(&ran));
    assert_eq!((second["pages-changed"].as_str(), &second["digest"]), ("0", &first["digest"]));

    // Without annotations the same words stand in the log; strict, the job fails with its own status.
    let (ran, third) =
        job.step(&run, "next", &[("ANNOTATIONS", "false"), ("STRICT", "true"), ("COMMAND", "check")]);
    assert_eq!(ran.status.code(), Some(1), "{}", said(&ran));
    assert!(!said(&ran).contains("::warning") && said(&ran).contains("warning: "), "{}", said(&ran));
    assert!(third["warnings"] != "0" && !third.contains_key("digest"), "{third:?}");
}

/// What stands in a tar file: kind, permissions and path of each entry, in order.
fn entries(tar: &[u8]) -> Vec<(char, u32, String)> {
    let text = |bytes: &[u8]| {
        let end = bytes.iter().position(|it| *it == 0).unwrap_or(bytes.len());
        String::from_utf8(bytes[..end].to_vec()).unwrap()
    };
    let octal = |bytes: &[u8]| u64::from_str_radix(text(bytes).trim(), 8).unwrap();
    let (mut entries, mut at, mut long) = (Vec::new(), 0, None);
    while tar[at] != 0 {
        let head = &tar[at..at + 512];
        let size = usize::try_from(octal(&head[124..136])).unwrap();
        let body = &tar[at + 512..at + 512 + size];
        match head[156] as char {
            // A name of over 100 bytes stands in front of its entry.
            'L' => long = Some(text(body)),
            kind => {
                let name = long.take().unwrap_or_else(|| text(&head[..100]));
                entries.push((kind, u32::try_from(octal(&head[100..108])).unwrap(), name));
            }
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    entries
}

#[test]
fn the_site_is_one_that_github_pages_takes() {
    use std::os::unix::fs::PermissionsExt as _;
    if !runs_slow_tests("the artifact for GitHub Pages") {
        return;
    }
    let job = Job::new();
    job.check_out("site");
    // A runner whose files nobody else may read; Pages refuses those.
    let build = format!("umask 077; {} build --quiet", env!("CARGO_BIN_EXE_rejoinder"));
    let (ran, _) = job.step(&build, "site", &[]);
    assert!(ran.status.success(), "{}", said(&ran));
    let public = job.at("site/public");
    let mode = std::fs::metadata(public.join("index.html")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    // Somebody links what is the same into the next site, as a cache or a staging place may.
    std::fs::hard_link(public.join("index.html"), public.join("same.html")).unwrap();

    // What actions/upload-pages-artifact does with `path` on Linux before it uploads the file (its action.yml); from v4 on, without
    // `include-hidden-files` what begins with a dot stays out.
    let pack = |more: &str| {
        let line = format!(
            "tar --dereference {more} --directory \"$INPUT_PATH\" -cf \"$RUNNER_TEMP/artifact.tar\" \
             --exclude=.git --exclude=.github ."
        );
        let (ran, _) = job.step(&line, "site", &[("INPUT_PATH", public.to_str().unwrap())]);
        assert!(ran.status.success() && said(&ran).is_empty(), "{}", said(&ran));
        std::fs::read(job.at("temp/artifact.tar")).unwrap()
    };
    let tar = pack("--hard-dereference");
    assert!((tar.len() as u64) < 1 << 30, "Pages promises no more than 1 GB, and refuses 10");
    let packed = entries(&tar);
    for (kind, mode, path) in &packed {
        let wanted = match kind {
            '0' => 0o444,
            '5' => 0o555,
            _ => panic!("{path} is neither a file nor a directory but `{kind}`"),
        };
        assert_eq!(mode & wanted, wanted, "{path} can be read by all: {mode:o}");
    }
    let files: std::collections::BTreeSet<&str> =
        packed.iter().filter(|it| it.0 == '0').map(|it| it.2.trim_start_matches("./")).collect();
    let built = tree(&public);
    assert_eq!(files, built.keys().map(String::as_str).collect(), "all that was built, and nothing else");
    assert!(files.contains(".rejoinder.json"), "hidden files belong to the site");
    let action = std::fs::read_to_string(repository("action.yml")).unwrap();
    let uploads: Vec<&str> = action.split("uses: actions/upload-").skip(1).collect();
    assert_eq!(uploads.len(), 2);
    assert!(uploads.iter().all(|it| it.contains("include-hidden-files: true")), "{action}");
    // The option is what keeps links out: without it there would be one.
    let links = entries(&pack("")).into_iter().filter(|it| it.0 == '1');
    assert_eq!(links.count(), 1);
}

#[test]
fn an_archive_that_is_not_what_its_checksum_says_is_not_installed() {
    if !runs_slow_tests("a tampered release") {
        return;
    }
    let job = Job::new();
    let releases = release(&job);
    let archive = job.at("releases/v0.1.0/rejoinder-0.1.0-test-target.tar.gz");
    let mut bytes = std::fs::read(&archive).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&archive, bytes).unwrap();
    let env = [("RELEASES", releases.as_str()), ("TARGET", "test-target")];
    let (ran, _) = job.step(&line_of("ci/install.sh"), "site", &env);
    assert_eq!(ran.status.code(), Some(3), "{}", said(&ran));
    assert!(!job.at("temp/rejoinder-bin/rejoinder").exists());
    // An archive that the list does not name is no better.
    std::fs::write(job.at("releases/v0.1.0/SHA256SUMS"), "").unwrap();
    let (ran, _) = job.step(&line_of("ci/install.sh"), "site", &env);
    assert_eq!(ran.status.code(), Some(3), "{}", said(&ran));
    for (name, value) in [("VERSION", "../../etc"), ("RELEASES", "")] {
        let env: Vec<(&str, &str)> =
            env.into_iter().filter(|it| it.0 != name).chain([(name, value)]).collect();
        let (ran, _) = job.step(&line_of("ci/install.sh"), "site", &env);
        assert_eq!(ran.status.code(), Some(2), "{name}: {}", said(&ran));
    }
}
