//! Deliveries that end at some step, and what the next one makes of it.

use super::*;

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
