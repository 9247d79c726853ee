//! Replacing one directory of the output.

use super::*;

/// What lies there, all but our list of it, which follows the exchange by one call.
fn pages(root: &Path) -> Picture {
    let mut picture = picture(root);
    picture.remove(Path::new(manifest::NAME));
    picture
}

fn inode(project: &Project, path: &str) -> u64 {
    fs::symlink_metadata(project.output().join(path)).unwrap().ino()
}

const BASE: Site<'_> = &[
    ("index.html", "home"),
    ("feed.xml", "feed"),
    ("r/index.html", "list"),
    ("r/a/index.html", "a"),
    ("r/a/index.json", "a"),
    ("r/a/s/1/index.html", "a1"),
    ("r/a/s/2/index.html", "a2"),
    ("r/b/index.html", "b"),
    ("r/b/x", "a file"),
    ("t/only/index.html", "only"),
];

/// The same site with some files other, some new and some gone.
fn but<'a>(changes: &[(&'a str, &'a str)], gone: &[&str]) -> Vec<(&'a str, &'a str)> {
    let is_other = |path: &str| gone.contains(&path) || changes.iter().any(|(it, _)| *it == path);
    BASE.iter().filter(|(path, _)| !is_other(path)).chain(changes).copied().collect()
}

/// A project with that site, and files of somebody else's inside its directories.
fn with_base() -> Project {
    let project = Project::new();
    project.deliver(BASE).unwrap();
    project.put_by_hand("notes.txt", "mine");
    project.put_by_hand("r/a/notes.txt", "mine too");
    project.put_by_hand("r/a/mine/deep/notes.txt", "and this");
    fs::create_dir(project.output().join("r/a/empty")).unwrap();
    fs::set_permissions(project.output().join("r/a/mine"), fs::Permissions::from_mode(0o750)).unwrap();
    symlink("notes.txt", project.output().join("r/a/link")).unwrap();
    project
}

/// Changes, and the directory that is replaced for them (`""` for the whole output).
fn cases() -> Vec<(Vec<(&'static str, &'static str)>, &'static str)> {
    vec![
        (but(&[("r/a/index.html", "A")], &[]), "r/a"),
        (but(&[("r/a/index.html", "A"), ("r/a/index.json", "A")], &[]), "r/a"),
        (but(&[("r/a/s/1/index.html", "A1")], &[]), "r/a/s/1"),
        (but(&[("r/a/s/1/index.html", "A1"), ("r/a/s/2/index.html", "A2")], &[]), "r/a/s"),
        (but(&[("r/b/index.html", "B"), ("r/a/s/2/index.html", "A2")], &[]), "r"),
        (but(&[("r/a/s/3/index.html", "a3")], &[]), "r/a/s"),
        (but(&[("r/c/d/e/index.html", "c")], &[]), "r"),
        (but(&[], &["r/a/s/1/index.html"]), "r/a/s"),
        (but(&[], &["r/a/s/1/index.html", "r/a/s/2/index.html"]), "r/a"),
        (but(&[], &["r/a/index.html", "r/a/index.json"]), "r/a"),
        (but(&[("r/b/x/index.html", "now a directory")], &["r/b/x"]), "r/b"),
        (but(&[("t/only", "now a file")], &["t/only/index.html"]), "t"),
        (but(&[], &["t/only/index.html"]), ""),
        (but(&[("new/index.html", "new")], &[]), ""),
        (but(&[("r/a/index.html", "A"), ("feed.xml", "FEED")], &[]), ""),
    ]
}

#[test]
fn only_the_directory_that_differs_is_replaced() {
    for (site, dir) in cases() {
        let project = with_base();
        let dirs = ["", "r", "r/a", "r/a/s", "r/a/s/1", "r/b", "t"];
        let before = dirs.map(|dir| inode(&project, dir));
        let other = touches(&project.output());
        let delivered = project.deliver_with(&site, StageOptions::default()).unwrap();
        assert!(delivered.swapped);
        for (at, inode_before) in dirs.into_iter().zip(before) {
            let place = project.output().join(at);
            let is_replaced = !place.exists() || inode(&project, at) != inode_before;
            let is_within = dir.is_empty() || Path::new(at).starts_with(dir);
            assert!(
                is_replaced == is_within || !place.exists(),
                "{at} was replaced: {is_replaced}, when {dir:?} was to be"
            );
        }
        // Not even the times of other files changed.
        let now = touches(&project.output());
        let is_apart = |path: &Path| !path.starts_with(dir) && path != Path::new(manifest::NAME);
        for (path, touch) in other.iter().filter(|(path, _)| path.extension().is_some() && is_apart(path)) {
            assert_eq!(Some(touch), now.get(path), "{}", path.display());
        }
        assert_eq!((project.litter(), delivered.leftover), (vec![], vec![]), "{dir}");
        assert_eq!(
            delivered.kept,
            ["notes.txt", "r/a/empty/", "r/a/link", "r/a/mine/deep/notes.txt", "r/a/notes.txt"]
        );
        assert!(!project.deliver(&site).unwrap().swapped, "{dir}: and the next build finds it so");
    }
}

#[test]
fn replacing_a_part_gives_what_replacing_the_whole_gives() {
    for (site, dir) in cases() {
        let project = with_base();
        project.deliver(&site).unwrap();
        let whole = with_base();
        // Where nothing can be exchanged, only the whole can be replaced.
        let options = StageOptions { set_aside: true, ..StageOptions::default() };
        let delivered = whole.deliver_with(&site, options).unwrap();
        assert_eq!(picture(&project.output()), picture(&whole.output()), "{dir}");
        assert_eq!((whole.litter(), delivered.leftover), (vec![], vec![]), "{dir}");
        let fresh = Project::new();
        fresh.deliver(&site).unwrap();
        assert_eq!(read(&project, manifest::NAME), read(&fresh, manifest::NAME), "{dir}");
    }
}

#[test]
fn a_crash_at_any_step_of_a_part_leaves_one_of_the_two_sites() {
    let steps = [
        Step::Write,
        Step::Link,
        Step::Keep,
        Step::WriteManifest,
        Step::Sync,
        Step::Unmark,
        Step::SwapPart,
        Step::BringList,
        Step::SyncParent,
        Step::Retire,
        Step::WriteHints,
    ];
    let mut n_crashes = 0;
    // Enough to have changed, new and gone pages, new and gone directories, and files of others beside them.
    for (case, (site, dir)) in cases().into_iter().enumerate().filter(|(at, _)| [1, 4, 6, 8, 10].contains(at))
    {
        let old = picture(&with_base().output());
        let project = with_base();
        project.deliver(&site).unwrap();
        let new = picture(&project.output());
        for step in steps {
            for nth in 0.. {
                let project = with_base();
                let options = StageOptions {
                    durable: nth == 1,
                    crash_at: Some((step, nth)),
                    ..StageOptions::default()
                };
                let result = project.deliver_with(&site, options);
                if !result.as_ref().is_err_and(|failure| failure.exit == Exit::Bug) {
                    assert!(result.is_ok(), "{step:?} {nth}: {result:?}");
                    break;
                }
                n_crashes += 1;
                let context = format!("{step:?}, {nth}, case {case}, {dir}");
                let now = picture(&project.output());
                let between = step == Step::BringList && pages(&project.output()) != pages_of(&old);
                assert!(now == old || now == new || between, "{context}: {now:#?}");
                if between {
                    assert_eq!(pages(&project.output()), pages_of(&new), "{context}");
                }
                if nth % 2 == 0 {
                    assert_eq!(recover(&project.output(), &project.state()).unwrap(), [""; 0], "{context}");
                    let recovered = picture(&project.output());
                    assert!(recovered == old || recovered == new, "{context}, recovered: {recovered:#?}");
                    assert_eq!(pages_of(&recovered), pages_of(&now), "{context}: no other site");
                    assert_eq!(project.litter(), [""; 0], "{context}");
                }
                let delivered = project.deliver(&site).unwrap();
                assert_eq!(picture(&project.output()), new, "{context}");
                assert_eq!((project.litter(), delivered.leftover), (vec![], vec![]), "{context}");
            }
        }
    }
    assert!(n_crashes >= 60, "{n_crashes}");
}

fn pages_of(picture: &Picture) -> Picture {
    let mut pages = picture.clone();
    pages.remove(Path::new(manifest::NAME));
    pages
}

/// Crashes with the directory exchanged and the list not yet.
fn crashed_between() -> (Project, Vec<(&'static str, &'static str)>) {
    let project = with_base();
    let site = but(&[("r/a/s/3/index.html", "a3")], &["r/a/s/1/index.html"]);
    let options = StageOptions { crash_at: Some((Step::BringList, 0)), ..StageOptions::default() };
    assert!(project.deliver_with(&site, options).is_err());
    (project, site)
}

#[test]
fn an_interrupted_recovery_is_taken_up_again() {
    let (project, site) = crashed_between();
    let [stage] = &project.litter()[..] else { panic!("one stage stays") };
    let stage = project.root().join(stage);
    // Killed after the list was brought in, with half of the old directory gone.
    let (list, _) = leftover::find_list(&stage).unwrap().unwrap();
    fs::rename(list, project.output().join(manifest::NAME)).unwrap();
    fs::remove_file(stage.join("r/a/s/2/index.html")).unwrap();
    assert_eq!(recover(&project.output(), &project.state()).unwrap(), [""; 0]);
    assert_eq!(project.litter(), [""; 0]);
    assert!(!project.deliver(&site).unwrap().swapped);
}

#[test]
fn a_copy_of_an_unfinished_delivery_is_left_for_a_person() {
    let (project, _) = crashed_between();
    let [stage] = &project.litter()[..] else { panic!("one stage stays") };
    let stage = project.root().join(stage);
    let (list, inode) = leftover::find_list(&stage).unwrap().unwrap();
    // In a copy, directories have other inodes.
    fs::rename(&list, stage.join(leftover::list_of(&stage, inode + 1_000_000))).unwrap();
    let before = (picture(&project.output()), picture(&stage));
    let left = recover(&project.output(), &project.state()).unwrap();
    assert!(left[0].contains("copy of an unfinished delivery"), "{left:?}");
    assert_eq!(before, (picture(&project.output()), picture(&stage)), "nothing was guessed");
}

#[test]
fn a_file_that_appears_in_the_part_during_the_build_is_put_back() {
    let project = with_base();
    let stage = project.stage(StageOptions::default()).unwrap();
    for (path, bytes) in but(&[("r/a/new/index.html", "n")], &["r/a/s/1/index.html"]) {
        stage.put_bytes(&OutPath::new(path).unwrap(), bytes.as_bytes()).unwrap();
    }
    project.put_by_hand("r/a/late.txt", "late");
    project.put_by_hand("r/a/new/index.html", "mine, and in the way");
    let delivered = stage.commit().unwrap();
    assert_eq!(read(&project, "r/a/late.txt"), "late");
    assert_eq!(read(&project, "r/a/new/index.html"), "n");
    assert!(delivered.kept.contains(&"r/a/late.txt".to_owned()));
    assert_eq!(delivered.leftover.len(), 1, "{:?}", delivered.leftover);
    let [litter] = &project.litter()[..] else { panic!("one tree stays") };
    let place = project.root().join(litter).join("r/a/new/index.html");
    assert_eq!(fs::read_to_string(place).unwrap(), "mine, and in the way");
}

#[test]
fn a_directory_that_becomes_a_link_during_the_build_stops_it() {
    let project = with_base();
    let stage = project.stage(StageOptions::default()).unwrap();
    for (path, bytes) in but(&[("r/a/index.html", "A")], &[]) {
        stage.put_bytes(&OutPath::new(path).unwrap(), bytes.as_bytes()).unwrap();
    }
    fs::rename(project.output().join("r"), project.world().join("outside/r")).unwrap();
    symlink(project.world().join("outside/r"), project.output().join("r")).unwrap();
    let before = picture(&project.world().join("outside"));
    assert_eq!(stage.commit().unwrap_err().exit, Exit::Machine);
    assert_eq!(before, picture(&project.world().join("outside")));
    assert_eq!(project.litter(), [""; 0]);
}
