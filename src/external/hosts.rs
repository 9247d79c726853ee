//! Asks many addresses politely: several hosts side by side, and one request at a time to each.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::Wanted;
use super::ask::{Asked, Asker, Reached, ask};
use crate::links::host;

/// The longest that a host can make us wait before a second try.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Asks for every address. Those of a host that wants to be left alone are missing from the answer.
pub(super) fn ask_all<'u>(
    asker: &Asker<'_>,
    due: &[(&'u str, &Wanted)],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> BTreeMap<&'u str, Asked> {
    let mut hosts: BTreeMap<&str, Vec<(&'u str, &Wanted)>> = BTreeMap::new();
    for (url, wanted) in due {
        hosts.entry(host(url)).or_default().push((url, wanted));
    }
    let hosts: Vec<_> = hosts.into_values().collect();
    let (next, n_done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let answers = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..asker.policy.workers.clamp(1, hosts.len().max(1)) {
            scope.spawn(|| {
                while let Some(addresses) = hosts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    ask_host(asker, addresses, &mut |url, asked| {
                        let mut answers = answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        answers.extend(asked.map(|it| (url, it)));
                        progress(n_done.fetch_add(1, Ordering::Relaxed) + 1, due.len());
                    });
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Asks for the addresses of one host, one after the other. `done` gets every address, without an answer when the host
/// was left alone.
fn ask_host<'u>(
    asker: &Asker<'_>,
    addresses: &[(&'u str, &Wanted)],
    done: &mut dyn FnMut(&'u str, Option<Asked>),
) {
    let mut without_host: Option<Asked> = None;
    let mut is_too_busy = false;
    for (idx, (url, wanted)) in addresses.iter().enumerate() {
        if is_too_busy {
            done(url, None);
            continue;
        }
        // Where nobody answers for one address, nobody will for the next.
        if let Some(same) = &without_host {
            done(url, Some(same.clone()));
            continue;
        }
        if idx > 0 {
            thread::sleep(asker.policy.pause);
        }
        let mut asked = ask(asker, url, wanted);
        if asked.is_worth_a_second_try() {
            thread::sleep(asked.wait.unwrap_or(asker.policy.before_retry).min(LONGEST_WAIT));
            asked = ask(asker, url, wanted);
        }
        is_too_busy = asked.is_too_busy();
        if matches!(asked.reached, Reached::NoHost | Reached::Nobody) {
            without_host = Some(asked.clone());
        }
        done(url, Some(asked));
    }
}
