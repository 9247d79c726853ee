//! The document of a plan, held against its schema: every kind of plan that there is, one after another at one target.

use std::collections::{BTreeMap, BTreeSet};

use rejoinder::publish::document::PlanDocument;
use rejoinder::publish::plan::{Action, Listed, Remote};
use rejoinder::publish::record::{kept_key, release_key};
use rejoinder::publish::{File, Options, Plan, Release, draw};
use rejoinder::text::{Fingerprint, OutPath};
use serde_json::Value;

use crate::schema;
use crate::world::{repository, runs_slow_tests};

/// A site of these files, each a path and its words.
fn site(files: &[(&str, &str)]) -> Release {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let file = |(path, words): (&&str, &&str)| {
        File::new(OutPath::new(path).unwrap(), words.len() as u64, Fingerprint::of(words.as_bytes()))
    };
    let files = files.iter().map(file).collect();
    Release {
        title: "Test".to_owned(),
        base_url: "https://a.example/".to_owned(),
        files,
        ..Release::default()
    }
}

/// A target after a plan was carried out.
fn after(plan: &Plan, before: &Remote) -> Remote {
    let mut listing = before.listing.clone();
    for it in &plan.operations {
        match &it.action {
            Action::Send { file, .. } => {
                let listed =
                    Listed { size: file.size, fingerprint: Some(file.fingerprint), ..Listed::default() };
                listing.insert(file.path.to_string(), listed);
            }
            Action::Keep { path, fingerprint } => {
                let kept = before.listing[path.as_str()].clone();
                listing.insert(kept_key(fingerprint), kept);
            }
            Action::KeepList { release } => {
                drop(listing.insert(release_key(release.number), Listed::default()));
            }
            Action::Delete { path, .. } => drop(listing.remove(path.as_str())),
            Action::Forget { key } => drop(listing.remove(key)),
            Action::SetHeaders { .. }
            | Action::SwapRecord
            | Action::Invalidate { .. }
            | Action::SettleRecord => (),
        }
    }
    Remote { record: Some(plan.settled.clone()), listing }
}

/// Documents of plans, by what is special of each.
fn documents() -> Vec<(&'static str, Value)> {
    let mut documents = Vec::new();
    let unserved = ["Content-Security-Policy".to_owned()];
    let mut note = |name: &'static str, plan: &Plan| {
        for fields in [&[], &unserved[..]] {
            let document = PlanDocument::new("live", "s3://ours", plan).without_fields(fields);
            documents.push((name, serde_json::from_str(&document.to_json()).unwrap()));
        }
    };
    let options = |now: i64| Options { now: now * 86_400, cdn: true, ..Options::default() };
    let home = ("index.html", "home");
    let first = draw(
        &site(&[home, ("a/index.html", "1"), ("assets/a.00112233.css", "1")]),
        &Remote::default(),
        &options(0),
    );
    note("the first release", &first);
    let mut remote = after(&first, &Remote::default());
    note("nothing", &draw(&first.release, &remote, &options(1)));

    let second = site(&[home, ("b/index.html", "2"), ("feed.xml", "2"), ("assets/a.00112233.css", "1")]);
    let plan = draw(&second, &remote, &options(1));
    note("pages that come and go", &plan);
    // Ended by somebody before the cache was told.
    let unfinished = Remote { record: Some(plan.record.clone()), ..after(&plan, &remote) };
    note("what is left to do", &draw(&second, &unfinished, &options(1)));
    remote = after(&plan, &remote);

    let mut other = second.clone();
    other.files[2].headers.cache_control = "no-store".to_owned();
    other.files[2].headers.disposition = Some("inline".to_owned());
    other.files[2].headers.language = Some("de".to_owned());
    note("headers alone", &draw(&other, &remote, &options(1)));
    let back = Options { restores: Some(1), ..options(1) };
    note("a release brought back", &draw(&first.release, &remote, &back));
    let claimed = Remote { record: plan.claimed.clone(), ..remote.clone() };
    note("under way", &draw(&site(&[home]), &claimed, &Options { claimant: "me".to_owned(), ..options(1) }));
    let theirs = Remote { record: None, listing: [("a.txt".to_owned(), Listed::default())].into() };
    note("somebody else's", &draw(&second, &theirs, &options(1)));
    for day in 2..30 {
        let words = day.to_string();
        let plan = draw(&site(&[home, ("b/index.html", &words)]), &remote, &options(day));
        note("day by day", &plan);
        remote = after(&plan, &remote);
    }
    note("pruned", &draw(&site(&[home]), &remote, &Options { prune: true, ..options(30) }));
    documents
}

fn plan_schema() -> Value {
    serde_json::from_slice(&std::fs::read(repository("tests/schemas/plan-1.json")).unwrap()).unwrap()
}

#[test]
fn plans_keep_to_their_schema() {
    let schema = plan_schema();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (name, document) in documents() {
        assert_eq!(schema::problems(&schema, &document), Vec::<String>::new(), "{name}: {document:#}");
        for it in document["operations"].as_array().unwrap() {
            seen.insert(it["action"].as_str().unwrap().to_owned());
        }
    }
    let all = schema["definitions"].as_object().unwrap().keys().filter(|it| *it != "fields");
    assert_eq!(seen, all.cloned().collect(), "each kind of operation came");
}

#[test]
fn the_schema_of_plans_would_notice() {
    let schema = plan_schema();
    let (_, good) = documents().swap_remove(5);
    let swaps: [(&str, Value); 10] = [
        ("/schema", "rejoinder.plan/2".into()),
        ("/live/published", "yesterday".into()),
        ("/release/pages", (-1).into()),
        ("/refusals", Value::Null),
        ("/unserved/fields", Vec::<String>::new().into()),
        ("/operations/0/action", "explode".into()),
        ("/operations/0/phase", "settle".into()),
        ("/operations/3/headers", Value::Null),
        ("/operations/3/new", "yes".into()),
        ("/operations/3/from", "elsewhere".into()),
    ];
    for (pointer, value) in swaps {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is not in {good:#}")) = value;
        assert!(!schema::problems(&schema, &bad).is_empty(), "{pointer}");
    }
    let mut more = good.clone();
    more["more"] = 1.into();
    assert!(!schema::problems(&schema, &more).is_empty());
}

#[test]
fn plans_keep_to_their_schema_for_others_too() {
    if !runs_slow_tests("plans in Python's jsonschema") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for (idx, (_, document)) in documents().iter().enumerate() {
        std::fs::write(dir.path().join(format!("{idx}.json")), document.to_string()).unwrap();
    }
    schema::check_with_python("plan-1.json", dir.path());
}
