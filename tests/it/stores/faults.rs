//! Every request of a publish goes wrong in turn: cut before the server hears of it, after, and within its answer, 500,
//! 403, 429 with `Retry-After`, no answer at all; once, and from there on.
//!
//! After each run the bucket is looked at past the proxy. It has to be the old site, the new one, or files of both, where
//! every page that somebody can come to has all it asks for; and nothing is deleted before all is sent. Then the same command runs again, without
//! faults, and the bucket has to be the new site. `FAULTS=all` tries every request with every fault both ways, which takes
//! half an hour. With `SLOW_TESTS` each request has one fault, by turns; else every seventeenth.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rejoinder::diag::Exit;
use rejoinder::publish::Store;
use rejoinder::publish::bucket::{Bucket, Limits};

use super::moto::{self, Moto};
use super::proxy::{FAULTS, Fault, Proxy, Seen, When};
use super::shelf::{self, etag};
use super::site::{NoPause, Publisher, Version, links};
use crate::world::{runs_slow_tests, say};

/// What stands in the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Old,
    New,
    /// The old site and files that nothing links to yet, or no longer.
    OldAndMore,
    /// The new site and files that nothing links to.
    NewAndMore,
    /// Pages of both, each with all it asks for.
    Both,
}

/// Judges what stands there.
///
/// # Errors
/// Says what is wrong for a reader.
fn judge(bucket: &Bucket, old: &Version, new: &Version) -> Result<State, String> {
    let listing = bucket.list().map_err(|it| it.message)?;
    let etags = |version: &Version| -> BTreeMap<String, String> {
        version.files.iter().map(|(path, bytes)| (path.clone(), etag(bytes))).collect()
    };
    let (old_etags, new_etags) = (etags(old), etags(new));
    let site = || listing.iter().filter(|(path, _)| !path.starts_with(".rejoinder/"));
    let there = |path: &str, known: &BTreeMap<String, String>| {
        known.get(path).is_some_and(|it| listing.get(path).and_then(|it| it.etag.as_ref()) == Some(it))
    };
    let is_whole = |known: &BTreeMap<String, String>| known.keys().all(|it| there(it, known));
    // Who comes by the front door, by an address that both releases have, or goes on from there. To a page that is new
    // nobody leads before all that are new are there, and to one that goes nobody when the first of them goes.
    let both = old.files.keys().filter(|it| it.ends_with(".html") && new.files.contains_key(*it));
    let mut waiting: Vec<String> = both.cloned().collect();
    let mut reached: BTreeSet<String> = waiting.iter().cloned().collect();
    let bytes_at = |path: &str| match (there(path, &old_etags), there(path, &new_etags)) {
        (true, _) => Some(&old.files[path]),
        (_, true) => Some(&new.files[path]),
        (false, false) => None,
    };
    for path in site().map(|(path, _)| path) {
        // An asset may be that of a release before.
        if bytes_at(path).is_none() && !path.starts_with("assets/") {
            return Err(format!("{path} is of neither release"));
        }
    }
    while let Some(path) = waiting.pop() {
        let Some(bytes) = bytes_at(&path) else { return Err(format!("{path} is not there")) };
        for link in links(&path, bytes) {
            if !listing.contains_key(&link) {
                return Err(format!("{path} asks for {link}, which is not there"));
            }
            if link.ends_with(".html") && reached.insert(link.clone()) {
                waiting.push(link);
            }
        }
    }
    let is_more = |known: &BTreeMap<String, String>| {
        site().any(|(path, _)| !known.contains_key(path) && !path.starts_with("assets/"))
    };
    Ok(match (is_whole(&old_etags), is_whole(&new_etags)) {
        (true, true) => return Err("both sites are there at once".to_owned()),
        (true, false) if is_more(&old_etags) => State::OldAndMore,
        (true, false) => State::Old,
        (false, true) if is_more(&new_etags) => State::NewAndMore,
        (false, true) => State::New,
        (false, false) => State::Both,
    })
}

/// Whether something of the site was deleted before all of it was sent.
fn deletes_too_early(seen: &[Seen]) -> bool {
    let is_site = |path: &str| !path.contains("/.rejoinder/");
    let first = seen.iter().position(|(method, path)| method == "DELETE" && is_site(path));
    first.is_some_and(|at| seen[at..].iter().any(|(method, path)| method == "PUT" && is_site(path)))
}

#[test]
fn whatever_goes_wrong_readers_see_the_old_site_or_the_new_one() {
    let is_all = std::env::var("FAULTS").is_ok_and(|it| it == "all");
    let is_slow = is_all || runs_slow_tests("faults at every request of a publish");
    let step = if is_slow { 1 } else { 17 };
    go_wrong(shelf::start(), &|at, idx, _| is_all || idx == at % FAULTS.len() && at.is_multiple_of(step));
}

#[test]
fn it_is_the_same_with_a_server_that_others_wrote() {
    let Some(moto) = Moto::start(false) else { return };
    // Starting costs more than the runs.
    if runs_slow_tests("faults in front of moto") {
        go_wrong(moto.port, &|at, idx, is_once| {
            !is_once && at.is_multiple_of(12) && idx == at / 12 % FAULTS.len()
        });
    }
}

/// Lets requests go wrong in front of a server. `takes` says which: the number of the request, that of the fault, and
/// whether that happens once.
fn go_wrong(port: u16, takes: &dyn Fn(usize, usize, bool) -> bool) {
    let proxy = Proxy::start(port);
    let key = ("test".to_owned(), "secret".to_owned());
    let bucket_at = |port: u16, limits: Limits| moto::bucket(port, &key, Some("site"), limits);
    // Who stalls is given up soon, and nobody else, however busy this machine is.
    let limits = |when: When| match when {
        When::Once(_, Fault::Stall) | When::From(_, Fault::Stall) => {
            Limits { silence: Duration::from_millis(400), ..Limits::default() }
        }
        _ => Limits::default(),
    };
    let dir = tempfile::tempdir().unwrap();
    let pace = NoPause::default();
    let direct = bucket_at(port, Limits::default());
    let publish = |number: usize, version: &Version, bucket: &Bucket| {
        let publisher = Publisher {
            name: "one",
            journal: &dir.path().join("journal"),
            at_once: 4,
            pace: &pace,
            // A day for each release, so that old assets go after a while.
            now: 1_800_000_000 + number as i64 * 86_400,
        };
        publisher.publish(version, bucket)
    };
    // Until releases and assets grow too old, and all kinds of operations come.
    let n_warm = 16;
    for number in 0..n_warm {
        publish(number, &Version::new(number), &direct).unwrap();
    }
    let mut number = n_warm;

    // How many requests there are.
    let bucket = bucket_at(proxy.port, Limits::default());
    let new = Version::new(number);
    publish(number, &new, &bucket).unwrap();
    let n_requests = proxy.seen().len();
    let n_operations = proxy.seen().iter().filter(|(method, _)| method != "GET" && method != "HEAD").count();
    assert!(n_operations >= 100, "{n_operations} operations");
    let mut old = new;

    let mut cases: Vec<When> = Vec::new();
    for at in 0..n_requests {
        for (idx, fault) in FAULTS.into_iter().enumerate() {
            cases.extend(Some(When::From(at, fault)).filter(|_| takes(at, idx, false)));
            cases.extend(Some(When::Once(at, fault)).filter(|_| takes(at, idx, true)));
        }
    }
    let mut states: BTreeMap<(bool, State), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut n_runs = 0;
    for when in &cases {
        number += 1;
        let new = Version::new(number);
        let bucket = bucket_at(proxy.port, limits(*when));
        proxy.set(*when);
        pace.0.lock().unwrap().clear();
        let ended = publish(number, &new, &bucket);
        let seen = proxy.seen();
        proxy.set(When::Never);
        let mut note = |what: String| {
            say(&format!("faults: {when:?} of {n_requests}: {what}"));
            wrong.push(format!("{when:?} of {n_requests}: {what}"));
        };
        if deletes_too_early(&seen) {
            note("something was deleted before all was sent".to_owned());
        }
        if let Err(failure) = &ended
            && failure.exit != Exit::Remote
        {
            note(format!("exit {}: {failure}", failure.exit.code()));
        }
        // A single fault that may pass is passed over.
        if let (When::Once(_, fault), Err(failure)) = (when, &ended)
            && *fault != Fault::Status(403, None)
        {
            note(format!("it gave up: {failure}"));
        }
        if let When::Once(_, Fault::Status(429, _)) = when
            && seen.len() > n_requests
            && !pace.0.lock().unwrap().iter().any(|it| *it >= Duration::from_secs(7))
        {
            note("it did not wait as long as the host asked".to_owned());
        }
        match judge(&direct, &old, &new) {
            Ok(state) => {
                *states.entry((ended.is_ok(), state)).or_default() += 1;
                if ended.is_ok() && state != State::New {
                    note(format!("it says that it is done, and there is {state:?}"));
                }
            }
            Err(why) => note(why),
        }
        // The same again, on another day, as somebody would.
        let again = publish(number, &new, &bucket_at(proxy.port, Limits::default()));
        if let Err(failure) = again {
            note(format!("running again: {failure}"));
        }
        if deletes_too_early(&proxy.seen()) {
            note("running again, something was deleted before all was sent".to_owned());
        }
        match judge(&direct, &old, &new) {
            Ok(State::New) => (),
            other => note(format!("after running again: {other:?}")),
        }
        assert!(wrong.len() <= 20, "{} violations; first: {}", wrong.len(), wrong.join("\n"));
        n_runs += 1;
        if n_runs % 100 == 0 {
            say(&format!("faults: {n_runs} of {} runs, {} violations; {states:?}", cases.len(), wrong.len()));
        }
        old = new;
    }
    say(&format!(
        "faults: {n_runs} runs over {n_requests} requests ({n_operations} that write), {} violations; {states:?}",
        wrong.len()
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (path, bytes) in &old.files {
        let there = direct.get(path).unwrap();
        assert!(there.as_ref() == Some(bytes), "{path} is not what was sent");
    }
}
