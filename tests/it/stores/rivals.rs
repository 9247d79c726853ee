//! Two publish at once.

use std::sync::Barrier;
use std::time::Duration;

use rejoinder::diag::Exit;
use rejoinder::publish::Store;
use rejoinder::publish::bucket::Limits;

use super::moto::Moto;
use super::proxy::{Conditions, Proxy};
use super::site::{NoPause, Publisher, Version};

#[test]
fn of_two_who_publish_at_once_one_wins_and_nothing_is_lost() {
    let Some(moto) = Moto::start(false) else { return };
    compete(&moto, moto.port, Limits::default(), 10);
}

#[test]
fn a_store_that_does_not_compare_is_told_of_and_still_safe() {
    let Some(moto) = Moto::start(false) else { return };
    for (conditions, prefix) in [(Conditions::Ignored, "one"), (Conditions::Refused, "two")] {
        let proxy = Proxy::with(moto.port, conditions);
        let bucket = moto.bucket(proxy.port, Some(prefix), BRIEF);
        let dir = tempfile::tempdir().unwrap();
        for number in 0..3 {
            let publisher = Publisher {
                name: "one",
                journal: &dir.path().join("journal"),
                at_once: 4,
                pace: &NoPause::default(),
                now: 1_800_000_000 + number as i64,
            };
            let version = Version::new(number);
            publisher.publish(&version, &bucket).unwrap();
            assert!(!bucket.compares(), "{conditions:?}");
            let listing = bucket.list().unwrap();
            assert!(version.files.keys().all(|it| listing.contains_key(it)), "{conditions:?}");
            assert!(!listing.contains_key(".rejoinder/probe"), "{conditions:?}: what it tried is gone");
        }
    }
    let bucket = moto.bucket(moto.port, Some("three"), BRIEF);
    let headers = rejoinder::publish::Headers::of("a");
    bucket.put("a", Vec::new(), &headers).unwrap();
    bucket.swap_record(b"1".to_vec(), None).unwrap();
    assert!(bucket.compares(), "this one does");
    let proxy = Proxy::with(moto.port, Conditions::Ignored);
    compete(&moto, proxy.port, BRIEF, 4);
}

/// A pause that is long beside a request on this machine, and short for a test.
const BRIEF: Limits = Limits {
    connect: Duration::from_secs(10),
    silence: Duration::from_secs(30),
    whole: Duration::from_secs(60),
    settle: Duration::from_millis(1500),
    at_once: 16,
};

fn compete(moto: &Moto, port: u16, limits: Limits, n_rounds: usize) {
    let dir = tempfile::tempdir().unwrap();
    let names = ["one", "two"];
    let journals = names.map(|it| dir.path().join(it));
    let pace = NoPause::default();
    let publisher = |idx: usize, now: i64| Publisher {
        name: names[idx],
        journal: &journals[idx],
        at_once: 4,
        pace: &pace,
        now: 1_800_000_000 + now,
    };
    let bucket = || moto.bucket(port, Some("site"), limits);
    publisher(0, 0).publish(&Version::new(0), &bucket()).unwrap();
    for round in 1..=n_rounds {
        let versions = [Version::new(2 * round), Version::new(2 * round + 1)];
        let now = round as i64 * 3600;
        // Both have looked, and both believe that they may.
        let barrier = Barrier::new(2);
        let ended: Vec<_> = std::thread::scope(|scope| {
            let (versions, barrier, publisher, bucket) = (&versions, &barrier, &publisher, &bucket);
            let threads: Vec<_> = (0..2)
                .map(|idx| {
                    scope.spawn(move || {
                        let (publisher, bucket, version) = (publisher(idx, now), bucket(), &versions[idx]);
                        let (plan, observed) = publisher.plan(version, &bucket).unwrap();
                        assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
                        barrier.wait();
                        publisher.carry_out(&plan, &observed, version, &bucket)
                    })
                })
                .collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let winners: Vec<usize> = (0..2).filter(|it| ended[*it].is_ok()).collect();
        assert_eq!(winners.len(), 1, "round {round}: one wins");
        let (winner, loser) = (winners[0], 1 - winners[0]);
        let failure = ended[loser].as_ref().unwrap_err();
        assert_eq!(failure.exit, Exit::NotPublished, "{failure}");
        let store = bucket();
        for (path, bytes) in &versions[winner].files {
            assert!(store.get(path).unwrap().as_ref() == Some(bytes), "round {round}: {path}");
        }
        // Nothing of the other's is left, and they can publish now.
        let mine = |path: &str| versions[winner].files.contains_key(path) || path.starts_with("assets/");
        let listing = store.list().unwrap();
        let others: Vec<&String> =
            listing.keys().filter(|it| !it.starts_with(".rejoinder/") && !mine(it)).collect();
        assert!(others.is_empty(), "round {round}: {others:?}");
        publisher(loser, now + 60).publish(&versions[loser], &bucket()).unwrap();
    }
}
