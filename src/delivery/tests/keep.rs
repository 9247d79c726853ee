//! Keeping what the output has, without its bytes.

use super::*;
use crate::edition::{Discard, Sink};

fn path(text: &str) -> OutPath {
    OutPath::new(text).unwrap()
}

fn keep(sink: &dyn Sink, at: &str, bytes: &str) -> Result<bool, Failure> {
    sink.keep(&path(at), &Fingerprint::of(bytes.as_bytes()), bytes.len() as u64)
}

/// Waits until what was written just now counts as written long ago.
fn let_the_clock_tick() {
    std::thread::sleep(Duration::from_millis(60));
}

const SITE: Site<'_> = &[("a.html", "first"), ("b/index.html", "22"), ("c.html", "c")];

fn delivered_long_ago() -> Project {
    let project = Project::new();
    project.deliver(SITE).unwrap();
    let_the_clock_tick();
    // The hints of the first delivery do not trust files that were written in their very moment.
    project.deliver(SITE).unwrap();
    project
}

#[test]
fn a_site_that_is_kept_is_not_touched() {
    let project = delivered_long_ago();
    let before = touches(&project.output());
    let hints = touches(&project.state());
    let stage = project.stage(StageOptions::default()).unwrap();
    for (at, bytes) in SITE {
        assert!(keep(&stage, at, bytes).unwrap(), "{at}");
    }
    let delivered = stage.commit().unwrap();
    assert_eq!((delivered.unchanged, delivered.written, delivered.swapped), (3, 0, false));
    assert_eq!(delivered.bytes_total, 8);
    assert_eq!(before, touches(&project.output()));
    let name = Path::new(hints::NAME);
    assert_eq!(hints[name], touches(&project.state())[name], "and nothing had to be noted again");
    assert_eq!(project.litter(), [""; 0]);
}

#[test]
fn a_file_of_the_new_site_can_be_read_back() {
    let project = delivered_long_ago();
    let stage = project.stage(StageOptions::default()).unwrap();
    assert!(keep(&stage, "a.html", "first").unwrap());
    stage.put_bytes(&path("c.html"), b"new").unwrap();
    assert_eq!(stage.read(&path("a.html")).unwrap(), b"first");
    assert_eq!(stage.read(&path("c.html")).unwrap(), b"new");
    assert_eq!(stage.read(&path("b/index.html")).unwrap_err().exit, Exit::Bug, "it is of the old site");
    fs::write(project.output().join("a.html"), "FIRST").unwrap();
    assert_eq!(stage.read(&path("a.html")).unwrap_err().exit, Exit::Machine, "it was changed meanwhile");
}

#[test]
fn what_is_kept_is_not_read_when_it_looks_as_we_left_it() {
    let project = delivered_long_ago();
    fs::write(project.output().join("a.html"), "FIRST").unwrap();
    let is_kept = || keep(&project.stage(StageOptions::default()).unwrap(), "a.html", "first").unwrap();
    assert!(!is_kept(), "it looks changed, and is");
    // Hints that lie are believed, so it was not read.
    let_the_clock_tick();
    let manifest = fs::read(project.output().join(manifest::NAME)).unwrap();
    let look = |(path, _): &(&str, &str)| {
        let meta = fs::symlink_metadata(project.output().join(path)).unwrap();
        hints::Look::at(&tree::Stat::of(&meta), i64::MAX)
    };
    let files = SITE.iter().map(look).collect();
    hints::Hints { files, ..hints::Hints::default() }.write(&project.state(), &manifest);
    assert!(is_kept());
}

#[test]
fn what_the_output_does_not_hold_is_not_kept() {
    let project = delivered_long_ago();
    project.put_by_hand("mine.html", "mine");
    let at = |name: &str| project.output().join(name);
    let stage = project.stage(StageOptions::default()).unwrap();
    assert!(!keep(&stage, "a.html", "other").unwrap(), "other bytes");
    assert!(!stage.keep(&path("a.html"), &Fingerprint::of(b"first"), 6).unwrap(), "another size");
    assert!(!keep(&stage, "new.html", "first").unwrap(), "not there");
    assert!(!keep(&stage, "mine.html", "mine").unwrap(), "not ours");
    // Behind our back: same size and old time, another mode, a link, gone.
    let time = fs::metadata(at("a.html")).unwrap().modified().unwrap();
    fs::write(at("a.html"), "FIRST").unwrap();
    fs::File::options().write(true).open(at("a.html")).unwrap().set_modified(time).unwrap();
    assert!(!keep(&stage, "a.html", "first").unwrap());
    fs::set_permissions(at("c.html"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(!keep(&stage, "c.html", "c").unwrap());
    fs::rename(at("b/index.html"), at("b/real")).unwrap();
    symlink("real", at("b/index.html")).unwrap();
    assert!(!keep(&stage, "b/index.html", "22").unwrap());
    fs::remove_file(at("b/index.html")).unwrap();
    assert!(!keep(&stage, "b/index.html", "22").unwrap());
    // What was not kept can be put.
    for (at, bytes) in SITE {
        stage.put_bytes(&path(at), bytes.as_bytes()).unwrap();
    }
    assert_eq!(stage.commit().unwrap().written, 3);
    assert_eq!(read(&project, "a.html"), "first");
    assert_eq!(read(&project, "mine.html"), "mine");
}

#[test]
fn without_hints_the_bytes_decide() {
    let project = delivered_long_ago();
    fs::remove_file(project.state().join(hints::NAME)).unwrap();
    // Written again by somebody, with the same bytes.
    fs::write(project.output().join("c.html"), "c").unwrap();
    let stage = project.stage(StageOptions::default()).unwrap();
    for (at, bytes) in SITE {
        assert!(keep(&stage, at, bytes).unwrap(), "{at}");
    }
    assert!(!stage.commit().unwrap().swapped);
}

#[test]
fn a_kept_page_stands_beside_one_that_is_new() {
    let project = delivered_long_ago();
    let stage = project.stage(StageOptions::default()).unwrap();
    assert!(keep(&stage, "a.html", "first").unwrap());
    stage.put_bytes(&path("b/index.html"), b"23").unwrap();
    let delivered = stage.commit().unwrap();
    assert_eq!((delivered.unchanged, delivered.written, delivered.removed), (1, 1, 1));
    assert_eq!((read(&project, "a.html"), read(&project, "b/index.html")), ("first".into(), "23".into()));
    assert!(!project.output().join("c.html").exists());
}

#[test]
fn what_appears_anywhere_is_seen_whatever_is_remembered() {
    let project = delivered_long_ago();
    let stage = || project.stage(StageOptions::default()).unwrap();
    project.put_by_hand("x/deep/old.txt", "x");
    let_the_clock_tick();
    assert_eq!(project.deliver(SITE).unwrap().kept, ["x/deep/old.txt"]);
    assert!(stage().old.names.is_remembered, "all is noted");
    // A file in a directory of ours, one in somebody's, a directory in a directory, one that becomes a link.
    project.put_by_hand("b/notes.txt", "mine");
    assert!(!stage().old.names.is_remembered);
    assert_eq!(project.deliver(SITE).unwrap().kept, ["b/notes.txt", "x/deep/old.txt"]);
    project.put_by_hand("x/deep/new.txt", "x");
    fs::create_dir_all(project.output().join("x/deep/er/empty")).unwrap();
    let kept = ["b/notes.txt", "x/deep/er/empty/", "x/deep/new.txt", "x/deep/old.txt"];
    assert_eq!(project.deliver(SITE).unwrap().kept, kept);
    let_the_clock_tick();
    assert_eq!(project.deliver(SITE).unwrap().kept, kept);
    assert!(stage().old.names.is_remembered);
    fs::rename(project.output().join("x"), project.world().join("outside/x")).unwrap();
    symlink(project.world().join("outside/x"), project.output().join("x")).unwrap();
    assert_eq!(project.deliver(SITE).unwrap().kept, ["b/notes.txt", "x"]);
    fs::remove_file(project.output().join("b/index.html")).unwrap();
    assert_eq!(project.deliver(SITE).unwrap().written, 1);
    fs::remove_file(project.output().join("b/notes.txt")).unwrap();
    assert_eq!(project.deliver(&SITE[..1]).unwrap().kept, ["x"]);
    assert!(!project.output().join("b").exists());
}

#[test]
fn after_a_part_was_replaced_the_rest_is_still_remembered() {
    let project = delivered_long_ago();
    let site = [("a.html", "first"), ("b/index.html", "23"), ("c.html", "c")];
    project.put_by_hand("b/notes.txt", "mine");
    project.put_by_hand("other/notes.txt", "mine");
    let_the_clock_tick();
    project.deliver(SITE).unwrap();
    assert!(project.deliver(&site).unwrap().swapped);
    let stage = project.stage(StageOptions::default()).unwrap();
    // Whether what was replaced counts as too young to be trusted depends on how fast this machine is.
    let known: Vec<bool> = stage.old.looks.iter().map(|look| look.is_known()).collect();
    assert!(known.len() == 3 && known[0] && known[2], "{known:?}");
    let other = stage.old.names.dirs.iter().find(|(it, _)| it == Path::new("other"));
    assert!(other.expect("it is there").1.is_known());
    drop(stage);
    let_the_clock_tick();
    assert_eq!(project.deliver(&site).unwrap().kept, ["b/notes.txt", "other/notes.txt"]);
    let stage = project.stage(StageOptions::default()).unwrap();
    assert!(stage.old.names.is_remembered && stage.old.looks.iter().all(|look| look.is_known()));
}

#[test]
fn what_was_kept_may_be_put_after_all_and_what_was_put_not_again() {
    let project = delivered_long_ago();
    let stage = project.stage(StageOptions::default()).unwrap();
    assert!(keep(&stage, "a.html", "first").unwrap());
    assert!(keep(&stage, "a.html", "first").unwrap());
    stage.put_bytes(&path("a.html"), b"second").unwrap();
    assert_eq!(keep(&stage, manifest::NAME, "x").unwrap_err().exit, Exit::Refused);
    // The other files of that site are gone: nobody kept them.
    assert_eq!(stage.commit().unwrap().written, 1);
    assert_eq!(fs::read(project.output().join("a.html")).unwrap(), b"second");
    let stage = project.stage(StageOptions::default()).unwrap();
    stage.put_bytes(&path("a.html"), b"third").unwrap();
    assert_eq!(stage.put_bytes(&path("a.html"), b"third").unwrap_err().exit, Exit::Bug);
}

#[test]
fn a_sink_that_keeps_nothing_takes_all_that_is_kept() {
    assert!(keep(&Discard, "a.html", "first").unwrap());
}
