//! Slow: the same bytes whatever the machine, and all or nothing whatever the moment. Runs the real program.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::cli::rejoinder;
use crate::world::{repository, runs_slow_tests, say, tree, write_tree};

/// The project of the worked example, without what is built or hidden.
fn example() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for part in ["content", "themes", "static", "templates"] {
        files.extend(
            tree(&repository(part)).into_iter().map(|(path, bytes)| (format!("{part}/{path}"), bytes)),
        );
    }
    files.insert("site.yaml".to_owned(), std::fs::read(repository("site.yaml")).unwrap());
    files
}

#[test]
fn machine_locale_zone_threads_place_and_order_change_no_byte() {
    if !runs_slow_tests("identical trees from different surroundings") {
        return;
    }
    let files = example();
    let surroundings = [
        ("a", "UTC", "C", "1", false),
        ("a/much/longer/path with spaces", "Asia/Tokyo", "tr_TR.UTF-8", "2", true),
        ("ü", "America/St_Johns", "de_DE.UTF-8", "4", true),
    ];
    let mut trees = Vec::new();
    for (place, zone, locale, jobs, backwards) in surroundings {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join(place);
        // The order in which files are made is the order in which many file systems list them.
        let mut paths: Vec<&String> = files.keys().collect();
        if backwards {
            paths.reverse();
        }
        for path in paths {
            write_tree(&root, &BTreeMap::from([(path.clone(), files[path].clone())]));
        }
        let ran = rejoinder(&root)
            .args(["build", "--jobs", jobs])
            .env("TZ", zone)
            .env("LANG", locale)
            .env("LC_ALL", locale)
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        trees.push(published(&root));
    }
    assert!(trees[0].len() > 200);
    for (idx, other) in trees.iter().enumerate().skip(1) {
        let differs: Vec<&String> = trees[0]
            .iter()
            .filter(|(path, bytes)| other.get(*path) != Some(bytes))
            .map(|(path, _)| path)
            .collect();
        assert!(
            differs.is_empty() && other.len() == trees[0].len(),
            "{:?}: {differs:?}",
            surroundings[idx].0
        );
    }
}

#[test]
fn a_site_is_built_twice_and_compared() {
    let dir = crate::cli::minimal();
    let ran = crate::cli::run(dir.path(), &["build", "--verify-reproducible"]);
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{said}");
    assert!(said.starts_with("Built twice: ") && said.ends_with(" files, all the same.\n"), "{said}");
    let left: Vec<String> = tree(dir.path()).into_keys().filter(|it| !it.starts_with("content/")).collect();
    assert_eq!(left, ["site.yaml"], "nothing is written");
}

#[test]
fn two_builds_that_differ_are_told_with_the_first_byte() {
    let dir = crate::cli::minimal();
    let path = dir.path().join("content/note.md");
    let version = |word: &str| format!("---\ntitle: Note\n---\n\nThis says {word}.\n");
    std::fs::write(&path, version("one")).unwrap();
    // Somebody saves the file again and again, so that soon the second build reads other words than the first.
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let said = std::thread::scope(|scope| {
        scope.spawn(|| {
            let new = dir.path().join("content/.new");
            for word in ["two", "one"].iter().cycle() {
                if is_over.load(std::sync::atomic::Ordering::Relaxed) {
                    return;
                }
                std::fs::write(&new, version(word)).unwrap();
                std::fs::rename(&new, &path).unwrap();
                std::thread::sleep(Duration::from_millis(3));
            }
        });
        let tried = (0..40).find_map(|_| {
            let ran = crate::cli::run(dir.path(), &["build", "--verify-reproducible"]);
            (ran.status.code() == Some(1)).then(|| String::from_utf8(ran.stderr).unwrap())
        });
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        tried.expect("a difference is found within 40 times")
    });
    let first = said.lines().next().unwrap();
    assert!(first.starts_with("error[not-reproducible]: two builds of `note/index."), "{said}");
    assert!(said.contains("the first has  …") && said.contains("This says ▸"), "{said}");
}

/// What readers get: everything but the manifest's own bookkeeping is there, and so is that.
fn published(root: &Path) -> BTreeMap<String, Vec<u8>> {
    tree(&root.join("public"))
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one() {
    if !runs_slow_tests("100 builds killed at random moments") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("project");
    write_tree(&root, &example());
    let versions: Vec<BTreeMap<String, Vec<u8>>> = ["One.", "Two."]
        .iter()
        .map(|words| {
            edit(&root, words);
            let ran = rejoinder(&root).args(["build", "--quiet"]).output().unwrap();
            assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
            published(&root)
        })
        .collect();
    assert!(versions[0] != versions[1]);
    let started = Instant::now();
    edit(&root, "One.");
    assert!(rejoinder(&root).args(["build", "--quiet"]).status().unwrap().success());
    let mut whole = started.elapsed();
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    let (mut n_old, mut n_new, mut round) = (0, 0, 0);
    while n_old + n_new < 100 {
        round += 1;
        assert!(round < 400, "builds end before they can be killed");
        edit(&root, if round % 2 == 0 { "Two." } else { "One." });
        let mut build = rejoinder(&root).args(["build", "--quiet"]).spawn().unwrap();
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        // Most of the moments fall into the second half, where files are written and swapped.
        let share = if round % 4 == 0 { chance % 1000 } else { 500 + chance % 500 };
        std::thread::sleep(whole.mul_f64(share as f64 / 1000.0));
        let finished = build.try_wait().unwrap().is_some();
        build.kill().unwrap();
        build.wait().unwrap();
        if finished {
            // The machine has become quicker, or less busy.
            whole = whole.mul_f64(0.97);
        }
        let now = published(&root);
        match versions.iter().position(|it| *it == now) {
            Some(_) if finished => (),
            Some(version) if version == (round + 1) % 2 => n_new += 1,
            Some(_) => n_old += 1,
            None => panic!("round {round}: public/ is neither the old site nor the new one"),
        }
    }
    assert!(rejoinder(&root).args(["build", "--quiet"]).status().unwrap().success());
    assert!(versions.contains(&published(&root)));
    let names = |dir: &Path| -> Vec<String> {
        std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    };
    let left: Vec<String> = names(&root).into_iter().filter(|it| it.starts_with(".public")).collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    say(&format!(
        "100 builds killed within {:.1} s each ({round} started): {n_old} left the old site, {n_new} the new one",
        whole.as_secs_f64()
    ));
}

/// Makes the site the version with these words, on pages that many others show.
fn edit(root: &Path, words: &str) {
    let path = root.join("content/about.md");
    let text = String::from_utf8(std::fs::read(repository("content/about.md")).unwrap()).unwrap();
    std::fs::write(path, format!("{text}\n\n{words}\n")).unwrap();
    let site = std::fs::read_to_string(repository("site.yaml")).unwrap();
    let description = format!("description: {words} ");
    std::fs::write(root.join("site.yaml"), site.replacen("description: ", &description, 1)).unwrap();
    // A clock of seconds must not make two versions look the same.
    std::thread::sleep(Duration::from_millis(5));
}
