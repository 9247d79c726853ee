//! What a run looks at: little where the record can be believed, everything where it cannot or is told to.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::model::*;
use crate::publish::plan::{Action, Operation, Plan};
use crate::publish::refusal::Refusal;
use crate::publish::release::Headers;

/// What was asked since there had been so many requests, without what comes behind the word.
fn asked(store: &Model<'_>, from: usize) -> BTreeMap<String, usize> {
    let world = store.world.lock().unwrap();
    let words = world.done[from..].iter().map(|it| it.split(' ').next().unwrap().to_owned());
    words.fold(BTreeMap::new(), |mut counts, word| {
        *counts.entry(word).or_default() += 1;
        counts
    })
}

fn n_done(store: &Model<'_>) -> usize {
    store.world.lock().unwrap().done.len()
}

fn write(store: &Model<'_>, path: &str, text: &str) {
    let file = (text.as_bytes().to_vec(), Headers::of(path));
    store.world.lock().unwrap().files.insert(path.to_owned(), file);
}

fn remove(store: &Model<'_>, path: &str) {
    store.world.lock().unwrap().files.remove(path).unwrap();
}

fn looking(look: Looks) -> Publisher<'static> {
    Publisher { look, ..Publisher::new("me") }
}

/// A site of many pages, some with other words.
fn large(n: usize, changed: &[usize]) -> Site {
    let pages: Vec<(String, &str)> = (0..n)
        .map(|it| (format!("part{}/p{it}", it % 30), if changed.contains(&it) { "new" } else { "old" }))
        .collect();
    Site::new(&pages.iter().map(|(name, word)| (name.as_str(), *word)).collect::<Vec<_>>(), "body {}")
}

#[test]
fn of_a_large_site_only_what_changes_is_asked_for() {
    let store = with_site(&large(5000, &[]));
    let me = looking(Looks::AsUsual);
    let before = n_done(&store);
    assert_eq!(me.publish(&large(5000, &[]), &store).unwrap(), 0);
    assert_eq!(asked(&store, before), [("read".to_owned(), 1)].into());

    let before = n_done(&store);
    let changed: Vec<usize> = (0..10).map(|it| it * 400).collect();
    me.publish(&large(5000, &changed), &store).unwrap();
    // Ten pages and their data, which was the same for all. The claim and the release are recorded, and that the cache was told.
    let expected = [("copy", 11), ("invalidate", 1), ("look", 20), ("put", 21), ("read", 1), ("swap", 3)];
    assert_eq!(asked(&store, before), expected.map(|(word, n)| (word.to_owned(), n)).into());

    // More than listing it all costs.
    let before = n_done(&store);
    me.publish(&large(5000, &[]), &store).unwrap();
    let changed: Vec<usize> = (0..200).collect();
    assert!(!asked(&store, before).contains_key("list"));
    let before = n_done(&store);
    me.publish(&large(5000, &changed), &store).unwrap();
    let counts = asked(&store, before);
    assert_eq!((counts.get("list"), counts.get("look")), (Some(&1), None));
}

#[test]
fn a_file_that_others_changed_is_replaced_and_not_kept_for_ours() {
    let (old, new) = two_editions(8);
    for look in [Looks::AtChanges, Looks::AtAll] {
        let store = with_site(&old);
        let me = looking(look);
        let path = "part1/p1/index.html";
        assert_ne!(old.0[path], new.0[path]);
        write(&store, path, "theirs");
        let (plan, seen) = me.plan(&new, &store).unwrap();
        assert_eq!(plan.refusals, []);
        let kept =
            |it: &Operation| matches!(&it.action, Action::Keep { path: kept, .. } if kept.as_str() == path);
        assert!(!plan.operations.iter().any(kept), "{look:?}");
        assert!(plan.sends().any(|(file, is_new)| file.path.as_str() == path && !is_new));
        me.execute(&plan, &seen, &new, &store).unwrap();
        assert_eq!(store.files()[path], new.0[path]);
    }
}

#[test]
fn somebody_elses_file_in_the_place_of_a_new_one_is_seen() {
    let (old, new) = two_editions(8);
    let path = new.0.keys().find(|it| it.ends_with(".html") && !old.0.contains_key(*it)).unwrap();
    let store = with_site(&old);
    write(&store, path, "theirs");
    let mut me = looking(Looks::AtChanges);
    let (plan, _) = me.plan(&new, &store).unwrap();
    assert_eq!(plan.refusals, [Refusal::Overwrite { paths: vec![path.clone()] }]);
    assert_eq!(store.files()[path], b"theirs");
    me.options.adopt = true;
    me.publish(&new, &store).unwrap();
    assert_eq!(store.files()[path], new.0[path]);
}

#[test]
fn what_is_gone_elsewhere_is_put_right_by_who_looks_at_everything() {
    let site = two_editions(8).0;
    let store = with_site(&site);
    for path in ["part1/p1/index.html", "feed.xml"] {
        remove(&store, path);
    }
    write(&store, "index.html", "defaced");
    assert_eq!(looking(Looks::AtChanges).publish(&site, &store).unwrap(), 0);
    assert_eq!(store.files()["index.html"], b"defaced");
    looking(Looks::AtAll).publish(&site, &store).unwrap();
    let files = store.files();
    assert!(site.0.iter().all(|(path, bytes)| files.get(path) == Some(bytes)));
    assert_eq!(looking(Looks::AtAll).publish(&site, &store).unwrap(), 0);
}

#[test]
fn an_old_asset_that_is_asked_for_again_has_to_be_there() {
    let (first, second) = (Site::new(&[("a", "1")], "body {}"), Site::new(&[("a", "2")], "body { top: 0 }"));
    let store = with_site(&first);
    let me = looking(Looks::AtChanges);
    me.publish(&second, &store).unwrap();
    let sheet = first.0.keys().find(|it| it.starts_with("assets/")).unwrap();
    remove(&store, sheet);
    me.publish(&first, &store).unwrap();
    assert_eq!(store.files()[sheet], first.0[sheet]);
    // So do bytes that are kept for an earlier release already.
    let record = store.record_now().unwrap();
    for it in &record.kept {
        remove(&store, &crate::publish::record::kept_key(&it.fingerprint));
    }
    me.publish(&second, &store).unwrap();
    for it in store.record_now().unwrap().kept.iter().filter(|it| it.last == 3) {
        assert!(store.files().contains_key(&crate::publish::record::kept_key(&it.fingerprint)));
    }
}

#[test]
fn who_finds_a_run_that_broke_off_looks_at_everything() {
    let (old, new) = two_editions(12);
    let store = with_site(&old);
    let me = looking(Looks::AtChanges);
    for n_before in [5, 10, 20] {
        let (plan, seen) = me.plan(&new, &store).unwrap();
        let from = store.world.lock().unwrap().n_requests + n_before;
        store.world.lock().unwrap().when = Some(When { from, n: usize::MAX, fault: Fault::Refused(403) });
        me.execute(&plan, &seen, &new, &store).unwrap_err();
        store.world.lock().unwrap().when = None;
        let before = n_done(&store);
        let seen = me.plan(&new, &store).unwrap().1;
        assert!(asked(&store, before).contains_key("list"));
        assert!(seen.remote.record.unwrap().claim.is_some());
        me.publish(&old, &store).unwrap();
    }
}

/// What others do to a file.
#[derive(Clone, Copy, Debug)]
enum Meddling {
    Changed,
    Removed,
    Made,
}

/// The operations on files, each as a word.
fn on_files(plan: &Plan) -> Vec<(String, String)> {
    let on = |it: &Operation| {
        let path = match &it.action {
            Action::Send { file, .. } | Action::SetHeaders { file, .. } => file.path.as_str(),
            Action::Keep { path, .. } | Action::Delete { path, .. } => path.as_str(),
            Action::KeepList { .. }
            | Action::SwapRecord
            | Action::Invalidate { .. }
            | Action::Forget { .. }
            | Action::SettleRecord => return None,
        };
        Some((path.to_owned(), format!("{it:?}")))
    };
    plan.operations.iter().filter_map(on).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 150 } else { 2000 }))]

    /// Whatever others did, who looks at what changes does with each file what who looks at everything does, and leaves out
    /// only files that others meddled with and that do not change.
    #[test]
    fn to_look_at_what_changes_is_enough(
        n_pages in 3_usize..10,
        meddling in prop::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![Just(Meddling::Changed), Just(Meddling::Removed), Just(Meddling::Made)]),
            0..6,
        ),
    ) {
        let (old, new) = two_editions(n_pages * 2);
        let store = with_site(&old);
        let mut meddled = Vec::new();
        for (idx, what) in meddling {
            let files = store.files();
            let site: Vec<&String> = match what {
                Meddling::Made => new.0.keys().filter(|it| !files.contains_key(*it)).collect(),
                Meddling::Changed | Meddling::Removed => old.0.keys().filter(|it| files.contains_key(*it)).collect(),
            };
            let Some(path) = (!site.is_empty()).then(|| (*idx.get(&site)).clone()) else { continue };
            match what {
                Meddling::Removed => remove(&store, &path),
                Meddling::Changed | Meddling::Made => write(&store, &path, "theirs"),
            }
            meddled.push(path);
        }
        let quick = looking(Looks::AtChanges).plan(&new, &store).unwrap().0;
        let whole = looking(Looks::AtAll).plan(&new, &store).unwrap().0;
        prop_assert_eq!(&quick.refusals, &whole.refusals);
        prop_assert_eq!(quick.n_deletions, whole.n_deletions);
        let (quick, whole) = (on_files(&quick), on_files(&whole));
        for it in &quick {
            prop_assert!(whole.contains(it), "only who looks at what changes: {:?}", it);
        }
        for it in &whole {
            prop_assert!(quick.contains(it) || meddled.contains(&it.0), "only who looks at everything: {:?}", it);
        }
    }
}
