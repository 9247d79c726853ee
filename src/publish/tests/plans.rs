//! Plans for made-up sites and stores: what they promise holds for all of them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::model::*;
use crate::edition::headers::Class;
use crate::publish::document::PlanDocument;
use crate::publish::plan::{Action, Options, Phase, draw};
use crate::publish::refusal::Refusal;
use crate::publish::release::Headers;

/// Some pages out of a dozen, each with one of three words, and one of three styles.
fn any_site() -> impl Strategy<Value = Site> {
    const NAMES: [&str; 12] = ["a", "b", "c", "a/x", "a/y", "b/x", "b/x/deep", "d", "e", "f/g", "f/h", "z"];
    const WORDS: [&str; 3] = ["red", "green", "blue"];
    (prop::collection::vec(0_usize..4, NAMES.len()), 0_usize..3).prop_map(|(words, style)| {
        let pages = NAMES.iter().zip(words).filter(|(_, word)| *word < 3);
        let pages: Vec<(&str, &str)> = pages.map(|(name, word)| (*name, WORDS[word])).collect();
        match pages.is_empty() {
            true => Site::new(&[("a", "red")], WORDS[style]),
            false => Site::new(&pages, WORDS[style]),
        }
    })
}

/// Lets anything be deleted: what is tested here is not the limits.
fn publish(site: &Site, store: &Model<'_>, now: i64, prune: bool) -> usize {
    let mut me = Publisher::new("me");
    me.options = Options { now, prune, ..me.options };
    let (plan, _) = me.plan(site, store).unwrap();
    me.options.allow_delete = Some(plan.n_deletions);
    me.publish(site, store).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 150 } else { 2000 }))]

    /// After each operation of each plan, every page that can be reached has all it leads to; at the end the new site is
    /// there, all of it, with its headers; what is not ours is as it was; and the next plan is empty.
    #[test]
    fn sites_follow_one_another_without_a_broken_moment(
        sites in prop::collection::vec((any_site(), 0_i64..20, any::<bool>()), 2..6),
    ) {
        let store = Model::new();
        for (path, bytes) in foreign() {
            store.world.lock().unwrap().files.insert(path, (bytes, Headers::of("a.txt")));
        }
        let mut world = std::mem::take(&mut *store.world.lock().unwrap());
        let mut now = 0;
        for (idx, (site, days, prune)) in sites.iter().enumerate() {
            now += days * 24 * 3600;
            let known: Vec<&Site> = sites[idx.saturating_sub(1)..=idx].iter().map(|it| &it.0).collect();
            let store = Model::watched(world, |world: &World| {
                let wrong = broken(world, &known);
                assert!(wrong.is_empty(), "after {:?}: {wrong:?}", world.done.last());
            });
            publish(site, &store, now, *prune);
            prop_assert_eq!(publish(site, &store, now, false), 0);
            let files = store.files();
            for (path, bytes) in site.0.iter().chain(&foreign()) {
                prop_assert_eq!(files.get(path), Some(bytes));
            }
            let record = store.record_now().unwrap();
            let retired: Vec<&str> = record.retired.iter().map(|it| it.file.path.as_str()).collect();
            for path in files.keys().filter(|it| !it.starts_with(".rejoinder/")) {
                let is_known = site.0.contains_key(path) || foreign().contains_key(path);
                prop_assert!(is_known || retired.contains(&path.as_str()), "{} stays", path);
            }
            let taken = std::mem::take(&mut *store.world.lock().unwrap());
            for file in &record.live.files {
                prop_assert_eq!(&taken.files[file.path.as_str()].1, &file.headers);
            }
            world = taken;
        }
    }

    /// The order of phases is that of the operations, and deletions are last.
    #[test]
    fn plans_are_in_order_and_always_the_same(old in any_site(), new in any_site()) {
        let store = with_site(&old);
        let (plan, observed) = Publisher::new("me").plan(&new, &store).unwrap();
        let phases: Vec<Phase> = plan.operations.iter().map(|it| it.phase).collect();
        prop_assert!(phases.is_sorted());
        let again = draw(&new.release(), &observed.remote, &Publisher::new("me").options);
        prop_assert_eq!(&plan.operations, &again.operations);
        prop_assert_eq!(plan.record.to_bytes(), again.record.to_bytes());
        for operation in &plan.operations {
            if let Action::Delete { path, .. } = &operation.action {
                prop_assert!(Class::of(path.as_str()) != Class::Immutable);
                prop_assert!(!foreign().contains_key(path.as_str()));
            }
        }
    }
}

#[test]
fn headers_alone_are_a_difference() {
    let site = two_editions(4).0;
    let store = with_site(&site);
    let mut me = Publisher::new("me");
    let observed = crate::publish::look::observe(&store, &Paused::default()).unwrap();
    let mut release = site.release();
    let home = release.files.iter_mut().find(|it| it.path.as_str() == "index.html").unwrap();
    home.headers.cache_control = "no-store".to_owned();
    let plan = draw(&release, &observed.remote, &me.options);
    let kinds: Vec<Phase> = plan.operations.iter().map(|it| it.phase).collect();
    assert_eq!(kinds, [Phase::Keep, Phase::Entries, Phase::Record, Phase::Cache, Phase::Settle]);
    assert!(
        matches!(&plan.operations[1].action, Action::SetHeaders { file, .. } if file.path.as_str() == "index.html")
    );
    me.execute(&plan, &observed, &site, &store).unwrap();
    assert_eq!(store.world.lock().unwrap().files["index.html"].1.cache_control, "no-store");
    me.options.now += 1;
    let observed = crate::publish::look::observe(&store, &Paused::default()).unwrap();
    assert!(draw(&release, &observed.remote, &me.options).is_nothing());
}

#[test]
fn what_somebody_changed_or_deleted_there_is_sent_again() {
    let site = two_editions(4).0;
    let store = with_site(&site);
    {
        let mut world = store.world.lock().unwrap();
        world.files.remove("part0/p0/index.html");
        let (bytes, _) = world.files.get_mut("index.html").unwrap();
        // As long as it was.
        bytes[0] ^= 1;
    }
    let me = Publisher { look: Looks::AtAll, ..Publisher::new("me") };
    let (plan, _) = me.plan(&site, &store).unwrap();
    let sent: Vec<(&str, bool)> = plan.sends().map(|(file, is_new)| (file.path.as_str(), is_new)).collect();
    assert_eq!(sent, [("part0/p0/index.html", true), ("index.html", false)]);
    me.publish(&site, &store).unwrap();
    assert_eq!(store.files()["index.html"], site.0["index.html"]);
}

#[test]
fn caches_are_told_of_each_page_or_of_all() {
    let told = |n: usize| {
        let pages: Vec<String> = (0..n).map(|it| format!("p{it}")).collect();
        let site =
            |word| Site::new(&pages.iter().map(|it| (it.as_str(), word)).collect::<Vec<_>>(), "body {}");
        let store = with_site(&site("old"));
        let (plan, _) = Publisher::new("me").plan(&site("new"), &store).unwrap();
        plan.operations.into_iter().find_map(|it| match it.action {
            Action::Invalidate { addresses } => Some(addresses),
            _ => None,
        })
    };
    assert_eq!(told(1).unwrap(), ["/p0/", "/p0/index.html", "/p0/index.json"]);
    assert_eq!(told(5).unwrap().len(), 15);
    assert_eq!(told(6).unwrap(), ["/*"]);
}

/// What is refused, in order.
fn refusals(site: &Site, files: &BTreeMap<String, Vec<u8>>, options: &Options) -> Vec<Refusal> {
    let store = Model::new();
    for (path, bytes) in files {
        store.world.lock().unwrap().files.insert(path.clone(), (bytes.clone(), Headers::of(path)));
    }
    let observed = crate::publish::look::observe(&store, &Paused::default()).unwrap();
    draw(&site.release(), &observed.remote, options).refusals
}

#[test]
fn places_of_others_are_refused() {
    let site = two_editions(4).0;
    let options = Publisher::new("me").options;
    let file = |path: &str| [(path.to_owned(), b"x".to_vec())].into_iter().collect::<BTreeMap<_, _>>();
    for path in ["index.html", "photos/a.jpg", "CNAME/x", "a.txt"] {
        assert_eq!(
            refusals(&site, &file(path), &options),
            [Refusal::Foreign { paths: vec![path.to_owned()] }]
        );
        assert_eq!(refusals(&site, &file(path), &Options { adopt: true, ..options.clone() }), []);
    }
    for path in ["CNAME", ".nojekyll", "README.md", ".well-known/x"] {
        assert_eq!(refusals(&site, &file(path), &options), []);
    }
    // Where the site lives already, only a file at the same place is in its way.
    let store = with_site(&site);
    let mut files = store.files();
    files.insert("mine.html".to_owned(), b"x".to_vec());
    assert_eq!(refusals(&site, &files, &options), []);
    let mut more = site;
    more.0.insert("mine.html".to_owned(), b"y".to_vec());
    assert_eq!(
        refusals(&more, &files, &options),
        [Refusal::Overwrite { paths: vec!["mine.html".to_owned()] }]
    );
}

#[test]
fn only_the_exact_number_lets_many_files_go() {
    let pages: Vec<String> = (0..40).map(|it| format!("p{it}")).collect();
    let site =
        |n: usize| Site::new(&pages[..n].iter().map(|it| (it.as_str(), "w")).collect::<Vec<_>>(), "body {}");
    let files = with_site(&site(40)).files();
    let refused = |n: usize, allow_delete| {
        refusals(&site(n), &files, &Options { allow_delete, ..Publisher::new("me").options })
    };
    // The limit is ten, or a tenth of the pages where that is more. Data goes with its page.
    assert_eq!(refused(34, None), []);
    assert_eq!(refused(33, None), [], "33 of 42 pages are four fifths");
    assert_eq!(refused(30, None), [Refusal::FewerPages { live: 42, local: 32, n: 10 }]);
    let both = [Refusal::Deletions { n: 11, pages: 42 }, Refusal::FewerPages { live: 42, local: 31, n: 11 }];
    assert_eq!(refused(29, None), both);
    assert_eq!(refused(29, Some(10)), both);
    assert_eq!(refused(29, Some(12)), both);
    assert_eq!(refused(29, Some(11)), []);
    // Another site is one, however alike.
    let mut other = site(40).release();
    other.base_url = "https://b.example/".to_owned();
    let store = with_site(&site(40));
    let observed = crate::publish::look::observe(&store, &Paused::default()).unwrap();
    let plan = draw(&other, &observed.remote, &Publisher::new("me").options);
    assert!(matches!(plan.refusals.as_slice(), [Refusal::OtherSite { n: 0, .. }]), "{:?}", plan.refusals);
}

#[test]
fn names_of_ours_are_no_names_of_a_sites_files() {
    let mut site = two_editions(4).0;
    site.0.insert(".rejoinder/release.json".to_owned(), b"{}".to_vec());
    let refused = refusals(&site, &BTreeMap::new(), &Publisher::new("me").options);
    assert_eq!(refused, [Refusal::Reserved { paths: vec![".rejoinder/release.json".to_owned()] }]);
}

#[test]
fn the_document_has_this_shape() {
    let old = Site::new(&[("a", "old"), ("b", "old")], "body {}");
    let new = Site::new(&[("a", "new"), ("c", "new")], "body {}");
    let store = with_site(&old);
    let (plan, _) = Publisher::new("me").plan(&new, &store).unwrap();
    let document = PlanDocument::new("live", "model", &plan).to_json();
    let it: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(
        (&it["schema"], &it["target"], &it["deletions"]),
        (&"rejoinder.plan/1".into(), &"live".into(), &1.into())
    );
    let steps: Vec<String> = it["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {}", it["action"].as_str().unwrap(), it["path"].as_str().unwrap_or("")))
        .collect();
    let expected = "\
keep-list 
keep a/index.html
keep a/index.json
keep b/index.html
keep feed.xml
send a/index.json
send c/index.json
send c/index.html
send a/index.html
send feed.xml
send index.html
record 
invalidate 
delete b/index.html
delete b/index.json
settle ";
    assert_eq!(steps.join("\n"), expected);
}
