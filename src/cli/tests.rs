//! The program as a whole, from arguments to streams and exit code, without a process.

use std::fs;
use std::io::{self, Write};

use super::args::{Color, Format, Template};
use super::*;

struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

fn run_in(env: &[(&str, &str)], args: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let lookup = |wanted: &str| env.iter().find(|(name, _)| *name == wanted).map(|(_, it)| (*it).to_owned());
    let mut console = Console {
        stdout: Box::new(&mut out),
        stderr: Box::new(&mut err),
        env: &lookup,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        width: 100,
    };
    let args: Vec<OsString> = ["rejoinder"].iter().chain(args).map(OsString::from).collect();
    let exit = dispatch(&args, &mut console);
    drop(console);
    Ran { exit, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn run(args: &[&str]) -> Ran {
    run_in(&[], args)
}

fn parse(args: &[&str]) -> Cli {
    Cli::try_parse_from(["rejoinder"].iter().chain(args)).unwrap()
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn global_options_stand_before_or_after_the_verb() {
    for args in [
        ["-C", "site", "--config", "a.yaml", "--format=json", "--color", "never", "-vv", "build"],
        ["build", "-C", "site", "--config", "a.yaml", "--format=json", "--color", "never", "-vv"],
    ] {
        let globals = parse(&args).globals;
        assert_eq!(globals.root.as_deref(), Some("site".as_ref()));
        assert_eq!(globals.config.as_deref(), Some("a.yaml"));
        assert_eq!((globals.format, globals.color), (Some(Format::Json), Some(Color::Never)));
        assert_eq!((globals.quiet, globals.verbose), (false, 2));
    }
}

#[test]
fn each_verb_takes_its_options() {
    let args =
        ["build", "-o", "out", "--base-url", "https://a.example/", "--drafts", "--strict", "--jobs", "2"];
    let Some(Command::Build(build)) = parse(&args).command else { panic!("not build") };
    assert_eq!(build.output.as_deref(), Some("out".as_ref()));
    assert_eq!(build.site.base_url.as_deref(), Some("https://a.example/"));
    assert!(build.site.drafts && build.limit.strict);
    assert_eq!(build.site.jobs.map(usize::from), Some(2));
    assert_eq!(build.limit.max_warnings(), Some(0));
    let check = ["check", "a.md", "b", "--changed", "--max-warnings", "3", "--baseline", "known.json"];
    let Some(Command::Check(check)) = parse(&check).command else { panic!("not check") };
    assert_eq!((check.paths.len(), check.changed, check.limit.max_warnings()), (2, Some(None), Some(3)));
    let Some(Command::Check(check)) = parse(&["check", "--changed=main", "a.md"]).command else {
        panic!("not check")
    };
    assert_eq!((check.paths.len(), check.changed), (1, Some(Some("main".to_owned()))));
    let serve =
        ["serve", "-p", "80", "--host", "::", "--allow-host", "a", "--allow-host", "b:1", "-O", "--as", "s3"];
    let Some(Command::Serve(serve)) = parse(&serve).command else { panic!("not serve") };
    assert_eq!((serve.port, serve.allow_host.len(), serve.open), (Some(80), 2, true));
    assert_eq!(serve.host_rules, Some(super::args::As::S3));
    let Some(Command::Init(init)) = parse(&["init", "d", "--template", "example"]).command else {
        panic!("not init")
    };
    assert_eq!((init.dir.to_str(), init.template), (Some("d"), Template::Example));
}

#[test]
fn a_wrong_word_is_a_usage_error_with_the_nearest_right_one() {
    for (args, near) in [
        (&["biuld"][..], "build"),
        (&["build", "--ouput", "x"], "--output"),
        (&["check", "-o", "x"], "-o"),
        (&["build", "--jobs", "0"], "--jobs"),
        (&["-q", "-v", "build"], "--verbose"),
        (&["explain"], "<CODE>"),
        (&["check", "--update-baseline"], "--baseline"),
        (&["check", "--baseline", "x", "--update-baseline", "--changed"], "--changed"),
        (&["build", "--fix"], "--fix"),
        (&["check", "--format", "jsno"], "json"),
    ] {
        let ran = run(args);
        assert_eq!((ran.exit, ran.out.as_str()), (Exit::Usage, ""), "{args:?}");
        assert!(ran.err.contains(near), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains('\u{1b}'));
    }
    assert!(run(&["--color=always", "biuld"]).err.contains('\u{1b}'));
    let ran = run(&["check", "--format=json", "--fixx"]);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.exit, ran.err.as_str(), &document["command"]), (Exit::Usage, "", &"check".into()));
    assert!(document["failure"]["message"].as_str().unwrap().contains("--fixx"), "{document}");
}

#[test]
fn help_and_version_are_results() {
    let bare = run(&[]);
    assert_eq!((bare.exit, bare.err.as_str()), (Exit::Done, ""));
    assert!((8..=14).contains(&bare.out.lines().count()));
    assert_eq!(bare.out.lines().filter(|line| line.starts_with("  rejoinder ")).count(), 5);
    assert!(run(&["--help"]).out.contains("Exit codes:"));
    assert_eq!(run(&["--version"]).out, format!("rejoinder {}\n", env!("CARGO_PKG_VERSION")));
    assert!(run(&["completions", "bash"]).out.contains("_rejoinder"));
}

#[test]
fn the_environment_stands_for_options_and_is_checked_like_them() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_str().unwrap();
    let ran = run_in(&[("REJOINDER_ROOT", root), ("REJOINDER_FORMAT", "json")], &["check"]);
    assert_eq!(ran.exit, Exit::Usage, "there is no site.yaml");
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["exit"], 2);
    assert!(document["failure"]["message"].as_str().unwrap().contains("site.yaml"));
    let ran = run_in(&[("REJOINDER_FORMAT", "jsno")], &["check"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("`jsno`") && ran.err.contains("`concise`"), "{}", ran.err);
}

#[test]
fn init_fills_a_directory_and_leaves_alone_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_str().unwrap();
    let ran = run(&["-C", root, "init", "my-site", "--title", "Ours"]);
    assert_eq!((ran.exit, ran.out.as_str()), (Exit::Done, ""), "{}", ran.err);
    assert!(
        ran.err.contains("  content/example/story.md\n") && ran.err.contains("  rejoinder build\n"),
        "{}",
        ran.err
    );
    let site = dir.path().join("my-site/site.yaml");
    assert!(fs::read_to_string(&site).unwrap().contains("title: 'Ours'\n"));
    fs::write(&site, "title: Mine\n").unwrap();
    fs::remove_file(dir.path().join("my-site/content/about.md")).unwrap();
    let ran = run(&["-C", root, "init", "my-site"]);
    assert!(ran.err.contains("Wrote 1 file to") && ran.err.contains("Left alone 8 files"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&site).unwrap(), "title: Mine\n");
    assert_eq!(run(&["-q", "-C", root, "init", "my-site"]).err, "");
}

#[test]
fn explain_prints_a_page_or_suggests_a_code() {
    let list = run(&["explain", "--list"]);
    let code = list.out.split_whitespace().next().expect("there are codes").to_owned();
    let page = run(&["explain", &format!("error[{code}]:")]);
    assert_eq!(page.exit, Exit::Done);
    assert!(page.out.contains(&format!("Code: `{code}`")), "{}", page.out);
    let wrong = run(&["explain", &format!("{code}x")]);
    assert_eq!(wrong.exit, Exit::Usage);
    assert!(wrong.err.contains(&format!("did you mean `{code}`")), "{}", wrong.err);
}

/// A stream that always fails.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure_and_a_full_disk_is_one() {
    for (kind, exit) in [(io::ErrorKind::BrokenPipe, Exit::Done), (io::ErrorKind::StorageFull, Exit::Machine)]
    {
        let mut console = Console {
            stdout: Box::new(Broken(kind)),
            stderr: Box::new(Broken(kind)),
            env: &|_| None,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            width: 100,
        };
        assert_eq!(dispatch(&["rejoinder".into(), "--version".into()], &mut console), exit);
    }
}

#[test]
fn paths_for_ci_systems_count_from_the_root_of_the_checkout() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("docs/site");
    fs::create_dir_all(&root).unwrap();
    let workspace = dir.path().to_str().unwrap();
    for variable in ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"] {
        let env = |name: &str| (name == variable).then(|| workspace.to_owned());
        let console = Console {
            stdout: Box::new(io::sink()),
            stderr: Box::new(io::sink()),
            env: &env,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            width: 100,
        };
        let prefix = |root: &std::path::Path| {
            let globals = args::Globals { root: Some(root.to_owned()), ..args::Globals::default() };
            outcome::repository(&Context::new(&globals, &console).unwrap(), &console).prefix
        };
        assert_eq!(prefix(&root), "docs/site/");
        assert_eq!(prefix(dir.path()), "");
        assert_eq!(prefix("/".as_ref()), "");
    }
}
