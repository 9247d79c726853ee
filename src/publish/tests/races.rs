//! Two who publish at once: one wins, the other hears so, and nothing is lost.

use super::model::*;
use crate::diag::Exit;
use crate::publish::plan::Options;

#[test]
fn of_two_who_planned_at_once_one_wins_and_the_other_changes_nothing() {
    let (old, new) = two_editions(24);
    let other = Site::new(&[("part0/p0", "theirs"), ("part1/p1", "theirs")], "body { top: 0 }");
    let n_requests = {
        let store = with_site(&old);
        let me = Publisher::new("me");
        let (plan, seen) = me.plan(&new, &store).unwrap();
        let before = store.world.lock().unwrap().n_requests;
        me.execute(&plan, &seen, &new, &store).unwrap();
        store.world.lock().unwrap().n_requests - before
    };
    // How often the one is let do what, until the other comes with a plan from before.
    for at in 0..n_requests {
        let store = with_site(&old);
        let me = Publisher::new("me");
        let mut them = Publisher::new("them");
        let (mine, seen) = me.plan(&new, &store).unwrap();
        let (theirs, _) = them.plan(&other, &store).unwrap();
        them.options.allow_delete = Some(theirs.n_deletions);
        let (theirs, seen_by_them) = them.plan(&other, &store).unwrap();
        assert!(theirs.refusals.is_empty());
        let now = store.world.lock().unwrap().n_requests;
        store.world.lock().unwrap().when =
            Some(When { from: now + at, n: usize::MAX, fault: Fault::Refused(403) });
        let mine_ended = me.execute(&mine, &seen, &new, &store);
        store.world.lock().unwrap().when = None;
        let before = store.files();
        let theirs_ended = them.execute(&theirs, &seen_by_them, &other, &store);
        if at == 0 {
            // Nothing of mine had begun.
            assert_eq!(mine_ended.unwrap_err().exit, Exit::Remote);
            theirs_ended.unwrap();
            let late = me.execute(&mine, &seen, &new, &store).unwrap_err();
            assert_eq!(late.exit, Exit::NotPublished, "{late}");
            assert_eq!(store.record_now().unwrap().live.digest(), other.release().digest());
            continue;
        }
        assert_eq!(theirs_ended.unwrap_err().exit, Exit::NotPublished, "{at}");
        assert_eq!(store.files(), before, "{at}");
        // And with a plan of now, they hear that somebody is at it, unless that has ended.
        let again = them.publish(&other, &store);
        match store.record_now().unwrap().claim {
            Some(_) => assert_eq!(again.unwrap_err().exit, Exit::NotPublished, "{at}"),
            None => assert!(at > 0, "mine was recorded"),
        }
        if store.record_now().unwrap().claim.is_some() {
            me.publish(&new, &store).unwrap();
            assert_eq!(store.record_now().unwrap().live.digest(), new.release().digest());
        }
    }
}

#[test]
fn a_claim_that_was_given_up_is_taken_over_after_a_while() {
    let (old, new) = two_editions(12);
    let store = with_site(&old);
    let me = Publisher::new("me");
    let (plan, seen) = me.plan(&new, &store).unwrap();
    let now = store.world.lock().unwrap().n_requests;
    store.world.lock().unwrap().when =
        Some(When { from: now + 4, n: usize::MAX, fault: Fault::Refused(403) });
    me.execute(&plan, &seen, &new, &store).unwrap_err();
    store.world.lock().unwrap().when = None;
    let soon = Publisher::new("them").publish(&new, &store).unwrap_err();
    assert_eq!(soon.exit, Exit::NotPublished);
    let asked = Publisher {
        options: Options { take_over: true, ..Publisher::new("them").options },
        ..Publisher::new("them")
    };
    assert!(asked.plan(&new, &store).unwrap().0.refusals.is_empty());
    let late = Publisher {
        options: Options { now: 1_000_000 + 1800, ..Publisher::new("them").options },
        ..Publisher::new("them")
    };
    late.publish(&new, &store).unwrap();
    assert_eq!(store.record_now().unwrap().live.digest(), new.release().digest());
    assert_eq!(late.publish(&new, &store).unwrap(), 0);
}
