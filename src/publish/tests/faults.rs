//! Every request fails once, and from there on for ever, in every way; readers and the next run are held against that.

use super::model::*;
use crate::diag::Exit;

const WAYS: [Fault; 6] = [
    Fault::Refused(500),
    Fault::Refused(429),
    Fault::Refused(403),
    Fault::Lost(502),
    Fault::Lost(504),
    Fault::Stalled,
];

/// A world as it stood after the first edition was published.
fn world_of(store: &Model<'_>) -> World {
    let world = store.world.lock().unwrap();
    World { files: world.files.clone(), ..World::default() }
}

/// What all tests here ask of every moment from a request on: what came before it is what came without a fault.
fn watch<'a>(old: &'a Site, new: &'a Site, from: usize) -> impl Fn(&World) + Sync + 'a {
    move |world: &World| {
        let is_reading = world.done.last().is_some_and(|it| {
            ["list", "look", "read"].iter().any(|word| it.starts_with(word)) || it.contains(".rejoinder/")
        });
        if world.n_requests < from || is_reading {
            return;
        }
        let wrong = broken(world, &[old, new]);
        assert!(wrong.is_empty(), "after {:?}: {wrong:?}", world.done.last());
        for (path, bytes) in foreign() {
            assert_eq!(world.files.get(&path).map(|it| &it.0), Some(&bytes), "{path}");
        }
        // Nothing of the site goes before all that is new has come.
        if world.done.last().is_some_and(|it| it.starts_with("delete")) {
            let missing =
                new.0.iter().filter(|(path, bytes)| world.files.get(*path).map(|it| &it.0) != Some(*bytes));
            assert_eq!(missing.count(), 0, "{:?}", world.done.last());
        }
    }
}

#[test]
fn whatever_request_fails_readers_find_every_page_and_the_next_run_ends_it() {
    let n_operations = go_wrong(48, Looks::AtAll);
    assert!(n_operations >= 100, "{n_operations}");
}

#[test]
fn it_is_the_same_where_only_what_changes_is_looked_at() {
    go_wrong(12, Looks::AtChanges);
}

/// Lets every request fail in turn, of a run that looks as it is told. The number of its operations.
fn go_wrong(n_pages: usize, look: Looks) -> usize {
    let (old, new) = two_editions(n_pages);
    let first = with_site(&old);
    let (n_operations, n_requests, expected) = {
        let store = Model::watched(world_of(&first), watch(&old, &new, 0));
        let n = Publisher { look, ..Publisher::new("me") }.publish(&new, &store).unwrap();
        let n_requests = store.world.lock().unwrap().n_requests;
        (n, n_requests, store.files())
    };
    let mut n_runs = 0;
    for fault in WAYS {
        for (n, at) in [1, usize::MAX].iter().flat_map(|n| (0..n_requests).map(move |at| (*n, at))) {
            n_runs += 1;
            let dir = tempfile::tempdir().unwrap();
            let journal = dir.path().join("journal");
            let publisher = Publisher { journal: Some(&journal), look, ..Publisher::new("me") };
            let when = When { from: at, n, fault };
            let store = Model::watched(World { when: Some(when), ..world_of(&first) }, watch(&old, &new, at));
            let ended = publisher.publish(&new, &store);
            let is_passing = !matches!(fault, Fault::Refused(403));
            match ended {
                // A request that fails once in passing is tried again.
                Ok(_) => assert!(n == 1 && is_passing, "{when:?}"),
                Err(failure) => {
                    assert_eq!(failure.exit, Exit::Remote, "{when:?}: {failure}");
                    assert!(n > 1 || !is_passing, "{when:?}: {failure}");
                    store.world.lock().unwrap().when = None;
                    publisher.publish(&new, &store).unwrap_or_else(|it| panic!("{when:?}: {it}"));
                }
            }
            let files = store.files();
            let differs = files.iter().filter(|(path, it)| expected.get(*path) != Some(*it));
            let differs: Vec<&String> = differs.map(|it| it.0).collect();
            assert!(differs.is_empty() && files.len() == expected.len(), "{when:?}: {differs:?}");
            assert_eq!(publisher.publish(&new, &store).unwrap(), 0, "{when:?}");
        }
    }
    println!("{n_runs} runs of {n_operations} operations and {n_requests} requests");
    n_operations
}

#[test]
fn a_run_that_goes_on_sends_only_what_is_missing() {
    let (old, new) = two_editions(48);
    let store = with_site(&old);
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("journal");
    let publisher = Publisher { journal: Some(&journal), ..Publisher::new("me") };
    let puts = |store: &Model<'_>| {
        let world = store.world.lock().unwrap();
        world.done.iter().filter(|it| it.starts_with("put") && !it.contains(".rejoinder")).count()
    };
    let before = puts(&store);
    let (plan, seen) = publisher.plan(&new, &store).unwrap();
    let n_sends = plan.sends().count();
    let from = store.world.lock().unwrap().n_requests + 58;
    store.world.lock().unwrap().when = Some(When { from, n: usize::MAX, fault: Fault::Stalled });
    publisher.execute(&plan, &seen, &new, &store).unwrap_err();
    let sent = puts(&store) - before;
    assert!(sent > 10, "{sent}");
    store.world.lock().unwrap().when = None;
    publisher.publish(&new, &store).unwrap();
    assert_eq!(puts(&store) - before, n_sends);
}

#[test]
fn what_was_left_half_done_is_no_harm_when_the_site_has_changed_since() {
    let (old, new) = two_editions(24);
    let third = {
        let pages = [("part0/p0", "third"), ("part9/new", "third"), ("part1/p22", "third")];
        Site::new(&pages, "body { color: red }")
    };
    let first = with_site(&old);
    let n_requests = {
        let store = Model::watched(world_of(&first), |_| ());
        Publisher::new("me").publish(&new, &store).unwrap();
        store.world.lock().unwrap().n_requests
    };
    let expected = {
        let store = Model::watched(world_of(&first), |_| ());
        let mut publisher = Publisher::new("me");
        publisher.options.allow_delete = Some(publisher.plan(&third, &store).unwrap().0.n_deletions);
        publisher.publish(&third, &store).unwrap();
        readable(&store)
    };
    for at in 0..n_requests {
        let watch = |world: &World| {
            let wrong = broken(world, &[&old, &new, &third]);
            assert!(wrong.is_empty(), "{at}, after {:?}: {wrong:?}", world.done.last());
        };
        let when = When { from: at, n: usize::MAX, fault: Fault::Lost(500) };
        let store = Model::watched(World { when: Some(when), ..world_of(&first) }, watch);
        let mut publisher = Publisher::new("me");
        publisher.publish(&new, &store).unwrap_err();
        store.world.lock().unwrap().when = None;
        let (plan, _) = publisher.plan(&third, &store).unwrap();
        publisher.options.allow_delete = Some(plan.n_deletions);
        publisher.publish(&third, &store).unwrap_or_else(|it| panic!("{at}: {it}"));
        let mut files = readable(&store);
        // Assets of the edition that got live or half so may stay; nothing else does.
        files.retain(|path, _| !path.starts_with("assets/") || expected.contains_key(path));
        assert_eq!(files.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{at}");
        assert_eq!(files, expected, "{at}");
    }
}

#[test]
fn many_requests_at_once_keep_the_order_of_phases() {
    let (old, new) = two_editions(48);
    let first = with_site(&old);
    for _ in 0..20 {
        let store = Model::watched(world_of(&first), watch(&old, &new, 0));
        let publisher = Publisher { at_once: 16, ..Publisher::new("me") };
        publisher.publish(&new, &store).unwrap();
        assert_eq!(publisher.publish(&new, &store).unwrap(), 0);
    }
}

#[test]
fn hosts_are_left_alone_for_as_long_as_they_ask() {
    use crate::publish::driver::again;
    use crate::publish::store::{StoreError, Trouble};
    use std::time::Duration;

    let pace = Paused::default();
    let busy = || StoreError::of_status(429, Some(Duration::from_secs(20)), "busy");
    let answer: Result<(), StoreError> = again(&pace, || Err(busy()));
    assert_eq!(answer, Err(busy()));
    assert_eq!(*pace.0.lock().unwrap(), [Duration::from_secs(20); 4]);

    let pace = Paused::default();
    let cut = || StoreError::new(Trouble::Again(None), "cut");
    let answer: Result<(), StoreError> = again(&pace, || Err(cut()));
    assert_eq!(answer, Err(cut()));
    let pauses = [375, 750, 1500, 3000].map(Duration::from_millis);
    assert_eq!(*pace.0.lock().unwrap(), pauses);

    // However long they ask, a run does not sleep for ever.
    let pace = Paused::default();
    let long = || StoreError::of_status(503, Some(Duration::from_secs(86_400)), "later");
    let answer: Result<(), StoreError> = again(&pace, || Err(long()));
    assert!(answer.is_err());
    assert_eq!(pace.0.lock().unwrap()[0], Duration::from_secs(60));
}
