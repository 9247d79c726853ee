//! How far a build is, on the terminal.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::console::Console;
use super::context::Context;
use crate::engine::Progress;
use crate::text::grouped;

/// For how long nothing is said, in milliseconds: most builds are over by then.
const QUIET: u64 = 1_500;

/// How often something is said, in milliseconds.
const EVERY: u64 = 100;

/// Says on the terminal how far a build is, if somebody reads along; and says so no more when it is dropped.
pub(super) struct Counter {
    shown: Arc<AtomicU64>,
    is_shown: bool,
}

impl Counter {
    /// A counter, and who has to be told.
    pub(super) fn new(context: &Context, console: &Console<'_>) -> (Counter, Option<Progress>) {
        let is_shown = console.stderr_is_terminal && context.is_chatty();
        let shown = Arc::new(AtomicU64::new(0));
        let (started, last) = (Instant::now(), Arc::clone(&shown));
        let tell = move |what: &'static str, done: usize, of: usize| {
            let now = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            let before = last.load(Ordering::Relaxed);
            let is_due = now >= QUIET && now - before.min(now) >= EVERY;
            if is_due && last.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                let line = line(what, done, of);
                // A terminal that takes no more has nobody who reads along.
                let _ = write!(std::io::stderr(), "\r\u{1b}[K{line}");
            }
        };
        (Counter { shown, is_shown }, is_shown.then(|| Progress::new(tell)))
    }

    /// Takes away what was said.
    pub(super) fn clear(&self, console: &mut Console<'_>) {
        if self.is_shown && self.shown.swap(0, Ordering::Relaxed) > 0 {
            console.say("\r\u{1b}[K");
        }
    }
}

/// `Cards 1,234 of 10,000`; for cards, which take long and no page needs, also how to be rid of them.
fn line(what: &str, done: usize, of: usize) -> String {
    let setting = match what {
        "Cards" => " (`share_cards: false` in site.yaml turns them off)",
        _ => "",
    };
    format!("{what} {} of {}{setting}", grouped(&done.to_string()), grouped(&of.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_is_is_said_with_how_to_be_rid_of_it() {
        let cards = "Cards 1,234 of 10,000 (`share_cards: false` in site.yaml turns them off)";
        assert_eq!(line("Cards", 1234, 10_000), cards);
        assert_eq!(line("Images", 3, 100), "Images 3 of 100");
    }
}
