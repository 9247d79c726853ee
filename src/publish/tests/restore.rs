//! Earlier releases come back byte for byte, and old assets stay as long as they have to.

use super::model::*;
use crate::diag::Failure;
use crate::publish::driver::Bytes;
use crate::publish::look::earlier;
use crate::publish::plan::draw;
use crate::publish::refusal::Refusal;
use crate::publish::release::File;

struct Nothing;

impl Bytes for Nothing {
    fn bytes(&self, file: &File) -> Result<Vec<u8>, Failure> {
        panic!("{} is to come from what the store keeps", file.path)
    }
}

fn bring_back(number: u32, store: &Model<'_>) {
    let mut me = Publisher::new("me");
    me.options.restores = Some(number);
    let release = earlier(store, &Paused::default(), number).unwrap();
    let observed = crate::publish::look::observe(store, &Paused::default()).unwrap();
    let mut plan = draw(&release, &observed.remote, &me.options);
    if !plan.refusals.is_empty() {
        me.options.allow_delete = Some(plan.n_deletions);
        plan = draw(&release, &observed.remote, &me.options);
    }
    assert_eq!(plan.refusals, []);
    me.execute(&plan, &observed, &Nothing, store).unwrap();
}

#[test]
fn each_release_that_is_kept_can_be_brought_back_byte_for_byte() {
    let (first, second) = two_editions(24);
    let third = Site::new(&[("part0/p0", "third"), ("part1/p1", "old")], "body { color: red }");
    let store = with_site(&first);
    let mut me = Publisher::new("me");
    me.publish(&second, &store).unwrap();
    let (plan, _) = me.plan(&third, &store).unwrap();
    assert!(matches!(plan.refusals[0], Refusal::Deletions { .. }), "{:?}", plan.refusals);
    me.options.allow_delete = Some(plan.n_deletions);
    me.publish(&third, &store).unwrap();
    let sites = [&first, &second, &third];
    for (number, idx) in [(1, 0), (3, 2), (2, 1), (4, 0)] {
        bring_back(number, &store);
        let record = store.record_now().unwrap();
        assert_eq!((record.live.restores, record.claim), (Some(number), None));
        let files = readable(&store);
        for (path, bytes) in &sites[idx].0 {
            assert_eq!(files.get(path), Some(bytes), "{path} of r{number}");
        }
        let more: Vec<&String> = files.keys().filter(|it| !sites[idx].0.contains_key(*it)).collect();
        let allowed = |it: &&String| it.starts_with("assets/") || foreign().contains_key(*it);
        assert!(more.iter().all(allowed), "{more:?}");
    }
}

#[test]
fn what_no_release_needs_is_forgotten_and_prune_forgets_all() {
    let store = Model::new();
    let mut me = Publisher::new("me");
    for round in 0..9 {
        let word = format!("word {round}");
        me.publish(&Site::new(&[("a", &word), ("b", "same")], "body {}"), &store).unwrap();
        let record = store.record_now().unwrap();
        assert_eq!(record.earlier.len(), usize::min(round, 3));
        let kept = store.files().keys().filter(|it| it.starts_with(".rejoinder/kept/")).count();
        assert_eq!(kept, record.kept.len(), "{round}");
        // Page and data of each earlier release.
        assert_eq!(kept, 2 * usize::min(round, 3));
        let lists = store.files().keys().filter(|it| it.starts_with(".rejoinder/releases/")).count();
        assert_eq!(lists, record.earlier.len());
    }
    me.options.prune = true;
    me.publish(&Site::new(&[("a", "word 8"), ("b", "same")], "body {}"), &store).unwrap();
    assert_eq!(ours(&store), [".rejoinder/release.json"]);
}

fn ours(store: &Model<'_>) -> Vec<String> {
    store.files().into_keys().filter(|it| it.starts_with(".rejoinder/")).collect()
}

#[test]
fn forgetting_that_breaks_off_is_ended_by_the_next_run() {
    let (first, second) = two_editions(12);
    let ends = |n_before: usize| -> bool {
        let store = with_site(&first);
        let mut me = Publisher::new("me");
        me.publish(&second, &store).unwrap();
        me.options.prune = true;
        let (plan, seen) = me.plan(&second, &store).unwrap();
        let from = store.world.lock().unwrap().n_requests + n_before;
        store.world.lock().unwrap().when = Some(When { from, n: 1, fault: Fault::Refused(403) });
        let is_done = me.execute(&plan, &seen, &second, &store).is_ok();
        store.world.lock().unwrap().when = None;
        // What was retracted is not to stay because nothing else has changed.
        me.options.prune = false;
        me.publish(&second, &store).unwrap();
        if n_before > 1 {
            assert_eq!(ours(&store), [".rejoinder/release.json"], "{n_before}");
        }
        assert_eq!(me.publish(&second, &store).unwrap(), 0);
        is_done
    };
    let n_runs = (0..).take_while(|it| !ends(*it)).count();
    assert!(n_runs > 10, "{n_runs}");
}

#[test]
fn old_assets_stay_for_three_releases_and_fourteen_days() {
    const DAY: i64 = 24 * 3600;
    let sheet = |site: &Site| site.0.keys().find(|it| it.starts_with("assets/")).unwrap().clone();
    let first = Site::new(&[("a", "0")], "body {}");
    let old_sheet = sheet(&first);
    // Whether the old sheet is there after so many releases and days.
    let is_there = |n_releases: usize, days: i64| {
        let store = with_site(&first);
        let mut me = Publisher::new("me");
        let start = me.options.now;
        me.publish(&Site::new(&[("a", "1")], "body { top: 0 }"), &store).unwrap();
        for round in 0..n_releases {
            me.options.now = start + days * DAY;
            me.publish(&Site::new(&[("a", &format!("then {round}"))], "body { top: 0 }"), &store).unwrap();
        }
        store.files().contains_key(&old_sheet)
    };
    assert!(is_there(0, 0));
    assert!(is_there(9, 13), "three releases, but not long enough");
    assert!(is_there(2, 99), "long enough, but two releases");
    assert!(!is_there(3, 14));
    // And an asset that comes back is no old one any longer.
    let store = with_site(&first);
    let me = Publisher::new("me");
    me.publish(&Site::new(&[("a", "1")], "body { top: 0 }"), &store).unwrap();
    me.publish(&first, &store).unwrap();
    let retired = store.record_now().unwrap().retired;
    assert_eq!(retired.len(), 1);
    assert_ne!(retired[0].file.path.as_str(), old_sheet);
}
