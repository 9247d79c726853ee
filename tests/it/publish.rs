//! `publish` as a process, to real counterparts on this machine: a directory, a bare repository of git, a command, and, where
//! slow tests run, an sshd on loopback.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::cli::{minimal, rejoinder, run};
use crate::world::{runs_slow_tests, say, tree};

/// A site in a directory that has room for targets beside it.
struct World {
    dir: tempfile::TempDir,
}

impl World {
    fn new(targets: &str) -> World {
        let world = World { dir: tempfile::tempdir().unwrap() };
        let site = minimal();
        crate::world::write_tree(&world.site(), &tree(site.path()));
        world.settings(targets);
        world.build();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn site(&self) -> PathBuf {
        self.path("site")
    }

    fn settings(&self, targets: &str) {
        let text = format!("title: Test\nlevels: {{ quote-unverified: allow }}\npublish:\n{targets}");
        fs::write(self.site().join("site.yaml"), text).unwrap();
    }

    fn build(&self) {
        let ran = run(&self.site(), &["build", "--quiet"]);
        assert!(ran.status.success(), "{}", said(&ran));
    }

    fn page(&self, name: &str, words: &str) {
        let text = format!("---\ntitle: {name}\n---\n{words}\n");
        fs::write(self.site().join(format!("content/{name}.md")), text).unwrap();
        self.build();
    }

    /// Everything that was built, without the manifest.
    fn built(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = tree(&self.site().join("public"));
        files.remove(".rejoinder.json");
        files
    }

    fn publish(&self, args: &[&str]) -> Output {
        rejoinder(&self.site()).env("PATH", path()).arg("publish").args(args).output().unwrap()
    }

    fn publishes(&self, args: &[&str]) -> String {
        let ran = self.publish(args);
        assert_eq!(ran.status.code(), Some(0), "{args:?}: {}", said(&ran));
        said(&ran)
    }

    fn refuses(&self, args: &[&str], words: &str) {
        let ran = self.publish(args);
        assert_eq!(ran.status.code(), Some(5), "{args:?}: {}", said(&ran));
        assert!(said(&ran).contains(words), "{args:?}: {}", said(&ran));
    }
}

fn path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

fn said(ran: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
}

/// A directory's files without ours, and without old assets.
fn live(dir: &Path, built: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let files = tree(dir).into_iter().filter(|(path, _)| !path.starts_with(".rejoinder/"));
    files.filter(|(path, _)| built.contains_key(path) || !path.starts_with("assets/")).collect()
}

fn git(dir: &Path, args: &[&str]) -> String {
    let ran = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@a.example"])
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{args:?}: {}", said(&ran));
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}

/// Publishes, changes, publishes again, publishes unchanged, brings back. `look` reads what is live.
fn tour(world: &World, target: &str, look: &dyn Fn() -> BTreeMap<String, Vec<u8>>) {
    let yes = [target, "--yes"];
    let plan = world.publishes(&[target, "--plan"]);
    assert!(plan.contains("nothing yet") && plan.contains("Nothing was sent."), "{plan}");
    assert!(look().is_empty());
    assert!(world.publishes(&yes).contains("Published r1 "));
    let first = world.built();
    let same = |built: &BTreeMap<String, Vec<u8>>| {
        let mut files = look();
        files.retain(|path, _| path != ".nojekyll");
        files.retain(|path, _| built.contains_key(path) || !path.starts_with("assets/"));
        assert_eq!(files.keys().collect::<Vec<_>>(), built.keys().collect::<Vec<_>>());
        assert!(files == *built, "some bytes differ");
    };
    same(&first);
    assert!(world.publishes(&yes).contains("Nothing to publish: r1 "));
    world.page("news", "Something new.");
    let second = world.built();
    let document = world.publish(&[target, "--plan", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&document.stdout).unwrap();
    assert_eq!(
        (&document["schema"], &document["live"]["release"]),
        (&"rejoinder.plan/1".into(), &"r1".into())
    );
    let sent = document["operations"].as_array().unwrap().iter().filter(|it| it["action"] == "send");
    let sent: Vec<&str> = sent.map(|it| it["path"].as_str().unwrap()).collect();
    assert!(sent.contains(&"news/index.html") && sent.len() < second.len() / 2, "{sent:?}");
    same(&first);
    assert!(world.publishes(&yes).contains("Published r2 "));
    same(&second);
    assert!(world.publishes(&yes).contains("Nothing to publish: r2 "));
    let status = world.publishes(&[target, "--status"]);
    assert!(status.contains("Live      r2") && status.contains("Earlier   r1"), "{status}");
    let back = world.publishes(&[target, "--yes", "--rollback", "r1"]);
    assert!(back.contains("Published r3, which is r1 again,"), "{back}");
    same(&first);
    assert!(world.publishes(&[target, "--yes", "--rollback"]).contains("r2 again"));
    same(&second);
    world.refuses(&[target, "--yes", "--rollback", "r99"], "does not keep that release");
}

#[test]
fn a_directory_with_releases_goes_forth_and_back() {
    let world = World::new("  - { name: live, to: dir, path: ../live }\n");
    let current = world.path("live/current");
    tour(&world, "live", &|| live(&current, &world.built_or_empty(&current)));
    assert!(fs::symlink_metadata(&current).unwrap().is_symlink());
    let ran = run(&world.site(), &["check", "--published", current.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
}

#[test]
fn words_that_were_taken_back_go_from_a_disk_with_what_is_kept() {
    const WORDS: &str = "Words that were never said.";
    for layout in ["releases", "plain"] {
        let world = World::new(&format!("  - {{ name: live, to: dir, path: ../live, layout: {layout} }}\n"));
        // All that is beside the project, wherever a layout keeps it.
        let found = || {
            let mut files = tree(world.dir.path());
            files.retain(|path, bytes| {
                !path.starts_with("site/") && bytes.windows(WORDS.len()).any(|it| it == WORDS.as_bytes())
            });
            files
        };
        world.page("news", WORDS);
        world.publishes(&["live", "--yes"]);
        assert!(!found().is_empty());
        world.page("news", "Other words.");
        world.publishes(&["live", "--yes"]);
        assert!(!found().is_empty(), "{layout}: kept for a rollback");
        world.publishes(&["live", "--yes", "--prune"]);
        assert_eq!(found().into_keys().collect::<Vec<_>>(), Vec::<String>::new(), "{layout}");
    }
}

impl World {
    /// What was built, if anything is live: what is compared may be nothing at all.
    fn built_or_empty(&self, dir: &Path) -> BTreeMap<String, Vec<u8>> {
        if dir.exists() { self.built() } else { BTreeMap::new() }
    }
}

#[test]
fn a_plain_directory_is_exchanged_whole_and_keeps_what_is_not_ours() {
    let world = World::new("  - { name: live, to: dir, path: ../live, layout: plain }\n");
    let place = world.path("live");
    tour(&world, "live", &|| live(&place, &world.built_or_empty(&place)));
    fs::create_dir_all(place.join("uploads")).unwrap();
    fs::write(place.join("uploads/photo.jpg"), "theirs").unwrap();
    fs::write(place.join("CNAME"), "a.example").unwrap();
    world.page("more", "And more.");
    world.publishes(&["live", "--yes"]);
    assert_eq!(fs::read_to_string(place.join("uploads/photo.jpg")).unwrap(), "theirs");
    assert_eq!(fs::read_to_string(place.join("CNAME")).unwrap(), "a.example");
    // What is changed by hand is seen, and put right.
    fs::write(place.join("index.html"), "defaced").unwrap();
    let check = || run(&world.site(), &["check", "--published", place.to_str().unwrap()]);
    let ran = check();
    assert_eq!(ran.status.code(), Some(1));
    let words = said(&ran);
    assert!(
        words.contains("`index.html` has other bytes") && words.contains("`uploads/photo.jpg` was not built"),
        "{words}"
    );
    world.publishes(&["live", "--yes"]);
    assert!(!said(&check()).contains("index.html"));
}

#[test]
fn a_cache_in_front_of_a_directory_is_told_when_the_release_is_live() {
    for layout in ["releases", "plain"] {
        let script = "cat > told.json; test ! -e broken";
        let world = World::new(&format!(
            "  - {{ name: live, to: dir, path: ../live, layout: {layout}, url: \"http://127.0.0.1:9/site/\", cdn: {{ command: [sh, -c, '{script}'] }} }}\n"
        ));
        let place = if layout == "plain" { world.path("live") } else { world.path("live/current") };
        let told = || -> Option<serde_json::Value> {
            let text = fs::read(world.site().join("told.json")).ok()?;
            fs::remove_file(world.site().join("told.json")).unwrap();
            Some(serde_json::from_slice(&text).unwrap())
        };
        let yes = ["live", "--yes", "--no-verify"];
        world.publishes(&yes);
        assert_eq!(told(), None);
        world.page("about", "First words.");
        world.publishes(&yes);
        told();
        world.page("about", "Second words.");
        fs::write(world.site().join("broken"), "").unwrap();
        for _ in 0..2 {
            let ran = world.publish(&yes);
            assert_eq!(ran.status.code(), Some(6), "{layout}: {}", said(&ran));
            assert!(said(&ran).contains("cannot tell `sh`"), "{}", said(&ran));
            // It is live all the same.
            assert_eq!(live(&place, &world.built()), world.built());
            assert!(told().unwrap()["addresses"].as_array().unwrap().contains(&"/site/about/".into()));
        }
        fs::remove_file(world.site().join("broken")).unwrap();
        let plan = world.publishes(&["live", "--plan"]);
        assert!(plan.contains("Cache "), "{plan}");
        assert!(world.publishes(&yes).contains("Published r3"));
        assert_eq!(told().unwrap()["release"], "r3");
        assert!(world.publishes(&yes).contains("Nothing to publish: r3"));
        assert_eq!(told(), None);
        assert!(world.publishes(&[&yes[..], &["--rollback"]].concat()).contains("r2 again"));
        assert!(told().is_some());
        assert!(!place.join(".rejoinder/record").exists());
    }
}

#[test]
fn a_branch_of_git_gets_one_commit_a_release_and_is_never_forced() {
    let world = World::new("  - { name: pages, to: git, remote: ../site.git }\n");
    git(world.dir.path(), &["init", "--quiet", "--bare", "site.git"]);
    let bare = world.path("site.git");
    let checkout = || {
        let to = tempfile::tempdir().unwrap();
        let mut ran = Command::new("git")
            .args(["--git-dir", bare.to_str().unwrap(), "archive", "gh-pages"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let tar = Command::new("tar")
            .args(["-x", "-C"])
            .arg(to.path())
            .stdin(ran.stdout.take().unwrap())
            .stderr(Stdio::null())
            .status();
        ran.wait().unwrap();
        match tar.unwrap().success() {
            true => live(to.path(), &world.built()),
            false => BTreeMap::new(),
        }
    };
    tour(&world, "pages", &checkout);
    assert_eq!(git(&bare, &["rev-list", "--count", "gh-pages"]), "4");
    // Somebody else writes to the branch: what they wrote stays.
    git(world.dir.path(), &["clone", "--quiet", "--branch", "gh-pages", "site.git", "theirs"]);
    let theirs = world.path("theirs");
    fs::write(theirs.join("CNAME"), "a.example").unwrap();
    git(&theirs, &["add", "-A"]);
    git(&theirs, &["commit", "--quiet", "-m", "A name"]);
    git(&theirs, &["push", "--quiet"]);
    world.page("more", "And more.");
    world.publishes(&["pages", "--yes"]);
    assert_eq!(git(&bare, &["show", "gh-pages:CNAME"]), "a.example");
    assert_eq!(git(&bare, &["show", "gh-pages:.nojekyll"]), "");
    // And what is pushed between our look and our push is not run over: a hook of the remote is that somebody.
    world.page("again", "And again.");
    let hook =
        format!("#!/bin/sh\ngit --git-dir={0} update-ref refs/heads/gh-pages gh-pages~1\n", bare.display());
    fs::write(bare.join("hooks/pre-receive"), hook).unwrap();
    let mut mode = fs::metadata(bare.join("hooks/pre-receive")).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
    fs::set_permissions(bare.join("hooks/pre-receive"), mode).unwrap();
    let before = git(&bare, &["rev-parse", "gh-pages~1"]);
    let ran = world.publish(&["pages", "--yes"]);
    assert!(!ran.status.success(), "{}", said(&ran));
    let now = git(&bare, &["rev-parse", "gh-pages"]);
    assert!(now == before || git(&bare, &["rev-parse", "gh-pages~1"]) == before, "{}", said(&ran));
}

#[test]
fn branches_with_sources_or_other_sites_are_refused() {
    let world = World::new("  - { name: pages, to: git, remote: ../site.git, branch: main }\n");
    git(world.dir.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "site.git"]);
    git(world.dir.path(), &["clone", "--quiet", "site.git", "theirs"]);
    let theirs = world.path("theirs");
    let commit = |file: &str| {
        fs::write(theirs.join(file), "theirs").unwrap();
        git(&theirs, &["add", "-A"]);
        git(&theirs, &["commit", "--quiet", "-m", file]);
        git(&theirs, &["push", "--quiet", "origin", "HEAD:main"]);
    };
    commit("index.html");
    world.refuses(&["pages", "--yes"], "no release of ours");
    commit("site.yaml");
    world.refuses(&["pages", "--yes", "--adopt"], "it is a project of its own");
}

#[test]
fn only_what_a_build_would_write_now_is_published() {
    let world = World::new("  - { name: live, to: dir, path: ../live }\n");
    let index = world.site().join("public/index.html");
    let good = fs::read(&index).unwrap();
    fs::write(&index, "by hand").unwrap();
    world.refuses(&["--yes"], "`index.html` is not what was built");
    fs::write(&index, good).unwrap();
    fs::write(world.site().join("content/later.md"), "---\ntitle: Later\n---\nNot built yet.\n").unwrap();
    world.refuses(&["--yes"], "is not what the sources say now");
    fs::write(world.site().join("content/later.md"), "---\ntitle: Later\ndraft: true\n---\nNot ready.\n")
        .unwrap();
    let ran = run(&world.site(), &["build", "--quiet", "--drafts"]);
    assert!(ran.status.success());
    world.refuses(&["--yes"], "was built with drafts");
    world.refuses(&["--yes", "--drafts"], "drafts are not published");
    fs::write(world.site().join("content/later.md"), "---\ntitle: [\n").unwrap();
    world.refuses(&["--yes"], "the sources have errors");
    assert!(!world.path("live").exists());
    fs::remove_file(world.site().join("content/later.md")).unwrap();
    world.build();
    let ran = world.publish(&[]);
    assert_eq!(ran.status.code(), Some(2), "nobody can be asked: {}", said(&ran));
    assert!(!world.path("live").exists());
    fs::remove_dir_all(world.site().join("public")).unwrap();
    world.refuses(&["--yes"], "nothing was built");
}

#[test]
fn two_who_publish_at_once_do_not_undo_each_other() {
    let world = World::new("  - { name: live, to: dir, path: ../live }\n");
    world.publishes(&["--yes"]);
    // The lock of the place is held by somebody.
    let lock = world.path("live/releases/lock");
    let mut holder =
        Command::new("flock").arg("--no-fork").arg(&lock).args(["sleep", "600"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    world.page("news", "New.");
    world.refuses(&["--yes"], "somebody is publishing");
    holder.kill().unwrap();
    holder.wait().unwrap();
    world.publishes(&["--yes"]);
}

#[test]
fn a_command_gets_the_plan_and_no_secret_is_repeated() {
    let script = r#"cat > got.json; cmp -s got.json "$REJOINDER_PLAN" || exit 9; echo "$REJOINDER_RELEASE $REJOINDER_PUBLIC" > got.txt; test -z "$FAIL" || { echo "cannot log in with $HOST_TOKEN" >&2; exit 1; }"#;
    let world = World::new(&format!("  - {{ name: host, to: exec, command: [sh, -c, '{script}'] }}\n"));
    let publish = |fail: &str, args: &[&str]| {
        let mut command = rejoinder(&world.site());
        command.env("PATH", path()).env("HOST_TOKEN", "canary-5f3a91").env("FAIL", fail);
        command.arg("publish").args(args).output().unwrap()
    };
    let mut all = String::new();
    let failed = publish("yes", &["--yes"]);
    assert_eq!(failed.status.code(), Some(6), "{}", said(&failed));
    assert!(said(&failed).contains("cannot log in with …"), "{}", said(&failed));
    all.push_str(&said(&failed));
    let done = publish("", &["--yes", "-v"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    all.push_str(&said(&done));
    let got: serde_json::Value =
        serde_json::from_slice(&fs::read(world.site().join("got.json")).unwrap()).unwrap();
    assert_eq!(got["release"]["name"], "r1");
    assert!(fs::read_to_string(world.site().join("got.txt")).unwrap().starts_with("r1 /"));
    for args in
        [&["--yes"][..], &["--plan"], &["--plan", "--format", "json"], &["--status", "--format", "json"]]
    {
        let ran = publish("", args);
        assert_eq!(ran.status.code(), Some(0), "{args:?}: {}", said(&ran));
        all.push_str(&said(&ran));
    }
    assert!(all.contains("Nothing to publish"), "{all}");
    assert!(!all.contains("canary-5f3a91"), "{all}");
    let state = tree(&world.site().join(".rejoinder"));
    let files = state.iter().filter(|(_, bytes)| bytes.windows(13).any(|it| it == b"canary-5f3a91"));
    assert_eq!(files.map(|it| it.0).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// What a hostile or careless value may not touch: names, bytes and links of everything but the project's own memory.
fn picture(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(dir_here) = waiting.pop() {
        for entry in fs::read_dir(&dir_here).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            if name.starts_with("site/.rejoinder") {
                continue;
            }
            let meta = fs::symlink_metadata(&path).unwrap();
            if meta.is_symlink() {
                found.insert(name, fs::read_link(&path).unwrap().display().to_string().into_bytes());
            } else if meta.is_dir() {
                found.insert(name, Vec::new());
                waiting.push(path);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn hostile_targets_touch_nothing() {
    let world = World::new("  - { name: live, to: dir, path: ../live }\n");
    for dir in ["site/static", "site/themes", "home", "other/.git", "full", "site/.git", "home/site"] {
        fs::create_dir_all(world.path(dir)).unwrap();
    }
    for file in ["full/thesis.txt", "file", "home/letter.txt", "other/Cargo.toml"] {
        fs::write(world.path(file), "theirs").unwrap();
    }
    symlink("../site/content", world.path("site/to-content")).unwrap();
    symlink("../full", world.path("site/to-full")).unwrap();
    symlink("nowhere", world.path("site/to-nowhere")).unwrap();
    symlink("loop", world.path("site/loop")).unwrap();
    let absolute = |name: &str| world.path(name).display().to_string();
    let quoted = |it: &str| serde_json::Value::from(it).to_string();
    let dirs = [
        ".",
        "./",
        "..",
        "../",
        "../..",
        "./.",
        "public",
        "public/..",
        "public/x",
        "../site",
        "content",
        "content/",
        "content/a",
        "./public/../content",
        "themes",
        "static",
        "static/x",
        ".git",
        ".git/hooks",
        ".rejoinder",
        ".rejoinder/x",
        "site.yaml",
        "site.yaml/x",
        "../file",
        "../full",
        "../other",
        "../home",
        "to-content",
        "to-content/x",
        "to-full",
        "to-nowhere",
        "loop",
        "-rf",
        "--help",
        "/",
        "/etc",
        "/proc",
        "/dev/null",
        "nul\u{0}byte",
        "line\nbreak",
        "~",
        "",
    ];
    let mut targets: Vec<String> = dirs
        .iter()
        .flat_map(|it| {
            ["releases", "plain"].map(|layout| format!("to: dir, layout: {layout}, path: {}", quoted(it)))
        })
        .collect();
    targets.extend(
        ["home", "site", "full", "site/content"]
            .map(|it| format!("to: dir, path: {}", quoted(&absolute(it)))),
    );
    for remote in [
        "--upload-pack=touch x",
        "-oProxyCommand=touch x",
        "ext::sh -c 'touch x'",
        "fd::17",
        "https://ada:secret@127.0.0.1:9/x.git",
        "javascript://x",
        "file:///nonexistent/x.git",
        "../nothing.git",
        "../full",
        "../file",
        "nobody",
        "",
        "a\nb",
        "ssh://-oProxyCommand=x/y",
    ] {
        targets.push(format!("to: git, remote: {}", quoted(remote)));
    }
    for branch in
        ["-f", "HEAD", "../x", "a..b", "refs/heads/x", "x.lock", "a b", "", "a\u{7f}", "@{-1}", "x:y", "+x"]
    {
        targets.push(format!("to: git, remote: ../full, branch: {}", quoted(branch)));
    }
    for host in [
        "-oProxyCommand=touch x",
        "a b",
        "a;b",
        "$(touch x)",
        "`x`",
        "a@-b",
        "-l@x",
        "",
        "a\nb",
        "a'b",
        "x@y@z",
    ] {
        targets.push(format!("to: ssh, path: /srv/x, host: {}", quoted(host)));
    }
    for path in ["x", "~/x", "/", "/a/../b", "/a//b", "/a'b", "/a;b", "/$(x)", "/a b", "/-rf", "/a\nb", ""] {
        targets.push(format!("to: ssh, host: 127.0.0.1, port: 9, path: {}", quoted(path)));
    }
    let n = targets.len();
    assert!(n >= 100, "{n}");
    for target in targets {
        // A home is what the environment says.
        world.settings(&format!("  - {{ name: live, {target} }}\n"));
        let before = picture(world.dir.path());
        let ran = rejoinder(&world.site())
            .env("PATH", path())
            .env("HOME", world.path("home"))
            .args(["publish", "--yes"])
            .output()
            .unwrap();
        let code = ran.status.code().unwrap();
        // `~` and `-rf` are names of directories like any other where a file system reads them, and both are refused or
        // made as such inside the project; nothing else is.
        assert!(matches!(code, 2..=6), "{target}: {code} {}", said(&ran));
        assert_eq!(picture(world.dir.path()), before, "{target}");
        assert!(!said(&ran).contains("secret"), "{target}: {}", said(&ran));
    }
}

/// An sshd of our own on loopback, with its own keys; ended with the value.
struct Sshd {
    process: std::process::Child,
    port: u16,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Sshd {
    fn start(dir: &Path) -> Sshd {
        let key = |name: &str| {
            let path = dir.join(name);
            let made =
                Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&path).status();
            assert!(made.unwrap().success());
            path
        };
        let (host_key, user_key) = (key("host_key"), key("user_key"));
        fs::copy(user_key.with_extension("pub"), dir.join("authorized_keys")).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n",
            host_key.display(),
            dir.join("authorized_keys").display()
        );
        fs::write(dir.join("sshd_config"), config).unwrap();
        fs::create_dir_all("/run/sshd").ok();
        let log = dir.join("sshd.log");
        let process = Command::new("/usr/sbin/sshd")
            .args(["-D", "-f"])
            .arg(dir.join("sshd_config"))
            .arg("-E")
            .arg(&log)
            .spawn()
            .unwrap();
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        // What a user's own configuration would say, for an `ssh` that has no home here.
        let ssh = format!(
            "#!/bin/sh\nexec /usr/bin/ssh -F none -i {} -o UserKnownHostsFile={} -o StrictHostKeyChecking=accept-new \"$@\"\n",
            user_key.display(),
            dir.join("known_hosts").display()
        );
        fs::create_dir_all(dir.join("bin")).unwrap();
        fs::write(dir.join("bin/ssh"), ssh).unwrap();
        Command::new("chmod").arg("+x").arg(dir.join("bin/ssh")).status().unwrap();
        Sshd { process, port }
    }
}

#[test]
fn a_host_behind_ssh_goes_forth_and_back() {
    if !runs_slow_tests("publishing to an sshd on loopback") {
        return;
    }
    if !Path::new("/usr/sbin/sshd").exists() {
        panic!("there is no sshd: install openssh-server, as .ci/test does");
    }
    let keys = tempfile::tempdir().unwrap();
    let sshd = Sshd::start(keys.path());
    let world = World::new("");
    let place = world.path("srv/live");
    let settings = |more: &str| {
        let (port, path) = (sshd.port, place.display());
        world.settings(&format!(
            "  - {{ name: live, to: ssh, host: 127.0.0.1, port: {port}, path: {path}{more} }}\n"
        ));
        world.build();
    };
    settings("");
    let path = format!("{}:{}", keys.path().join("bin").display(), path());
    let publish = |args: &[&str]| {
        let ran = rejoinder(&world.site()).env("PATH", &path).arg("publish").args(args).output().unwrap();
        (ran.status.code(), said(&ran))
    };
    let current = place.join("current");
    let same = |built: &BTreeMap<String, Vec<u8>>| {
        assert!(live(&current, built) == *built, "what is live is not what was built");
    };
    let (code, words) = publish(&["--yes"]);
    assert!(code == Some(0) && words.contains("Published r1 "), "{words}");
    let first = world.built();
    same(&first);
    let (_, words) = publish(&["--yes"]);
    assert!(words.contains("Nothing to publish: r1 "), "{words}");
    fs::write(current.join("CNAME"), "theirs").unwrap();
    world.page("news", "New.");
    let (code, words) = publish(&["--yes"]);
    assert!(code == Some(0) && words.contains("Published r2 "), "{words}");
    assert_eq!(fs::read_to_string(current.join("CNAME")).unwrap(), "theirs");
    fs::remove_file(current.join("CNAME")).unwrap();
    same(&world.built());
    // The release before is as it was, although it shares files with this one.
    let old = tree(&place.join("releases/r1"));
    assert!(first.iter().all(|(path, bytes)| old.get(path) == Some(bytes)));
    let (code, words) = publish(&["--yes", "--rollback"]);
    assert!(code == Some(0) && words.contains("r1 again"), "{words}");
    same(&first);
    let ran = run(&world.site(), &["check", "--published", current.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(1), "the page of r2 is missing: {}", said(&ran));
    // Somebody holds the lock.
    fs::create_dir(place.join("releases/lock")).unwrap();
    fs::write(place.join("releases/lock/owner"), "somebody").unwrap();
    let (code, words) = publish(&["--yes"]);
    assert!(code == Some(5) && words.contains("somebody is publishing"), "{words}");
    same(&first);
    fs::remove_dir_all(place.join("releases/lock")).unwrap();
    // A cache in front that does not listen at first.
    settings(", cdn: { command: [sh, -c, 'cat > told.json; test ! -e broken'] }");
    fs::write(world.site().join("broken"), "").unwrap();
    world.page("news", "Of a cache.");
    for _ in 0..2 {
        let (code, words) = publish(&["--yes"]);
        assert!(code == Some(6) && words.contains("cannot tell `sh`"), "{words}");
        same(&world.built());
    }
    fs::remove_file(world.site().join("broken")).unwrap();
    let (code, words) = publish(&["--yes"]);
    assert!(code == Some(0) && words.contains("Published r4"), "{words}");
    assert!(fs::read_to_string(world.site().join("told.json")).unwrap().contains("\"r4\""));
    let (_, words) = publish(&["--yes"]);
    assert!(words.contains("Nothing to publish: r4"), "{words}");
    // Only so many stay.
    for n in 0..7 {
        world.page("news", &format!("New {n}."));
        let (code, words) = publish(&["--yes"]);
        assert_eq!(code, Some(0), "{words}");
    }
    let releases = fs::read_dir(place.join("releases")).unwrap().count();
    assert_eq!(releases, 6, "the live one and five before");
    say("published to an sshd on loopback");
}
