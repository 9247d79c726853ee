//! Share cards between builds: finished ones on disk, in `.rejoinder/cards/`, and how far a build is with them.

#![allow(clippy::disallowed_methods, reason = "the command line is where files of our own are kept")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use super::console::Console;
use super::context::Context;
use crate::engine::{Progress, Shelf};
use crate::text::Fingerprint;

/// How many bytes of digest stand before a card.
const DIGEST: usize = 32;

/// Cards by name, each a file with a digest of its bytes before them. A torn or foreign file is as if it were not there.
#[derive(Debug)]
pub(super) struct Cards {
    dir: PathBuf,
    reads: bool,
    /// Makes the name of each file that is being written another one.
    count: AtomicUsize,
}

impl Cards {
    /// The cards of a project; with `no_cache` nothing is taken from there.
    pub(super) fn of(context: &Context, no_cache: bool) -> Arc<Cards> {
        Arc::new(Cards { dir: dir(context), reads: !no_cache, count: AtomicUsize::new(0) })
    }

    /// Removes every card but these.
    pub(super) fn prune(&self, used: &BTreeSet<String>) {
        for (name, path) in files(&self.dir) {
            if !used.contains(&name) || path.extension().is_none_or(|it| it != "card") {
                // It takes some room for longer; the next build tries again.
                let _ = fs::remove_file(path);
            }
        }
    }
}

impl Shelf for Cards {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.dir.join(format!("{name}.card"))).ok().filter(|_| self.reads)?;
        let card = bytes.split_off(DIGEST.min(bytes.len()));
        (Fingerprint::of(&card).bytes().as_slice() == bytes).then_some(card)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let beside = self.dir.join(format!("{name}.new-{}-{number}", std::process::id()));
        let write = || {
            let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
            file.write_all(Fingerprint::of(bytes).bytes())?;
            file.write_all(bytes)?;
            fs::rename(&beside, self.dir.join(format!("{name}.card")))
        };
        // Kept only to save time: a disk that takes no more costs that time.
        if fs::create_dir_all(&self.dir).and_then(|()| write()).is_err() {
            let _ = fs::remove_file(&beside);
        }
    }
}

fn dir(context: &Context) -> PathBuf {
    context.root.join(".rejoinder/cards")
}

/// Files in a directory that have names as we give them, each with the name of its card.
fn files(dir: &PathBuf) -> Vec<(String, PathBuf)> {
    let there = fs::read_dir(dir).into_iter().flatten().flatten();
    let ours = there.filter_map(|it| {
        let file = it.file_name().into_string().ok()?;
        let (name, ending) = file.split_once('.')?;
        let is_name = name.len() == 16 && name.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        (is_name && (ending == "card" || ending.starts_with("new-"))).then(|| (name.to_owned(), it.path()))
    });
    ours.collect()
}

/// Every file of ours in there.
pub(super) fn all(context: &Context) -> Vec<PathBuf> {
    files(&dir(context)).into_iter().map(|(_, path)| path).collect()
}

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

/// `Cards 1,234 of 10,000`, and how to be rid of them.
fn line(what: &str, done: usize, of: usize) -> String {
    format!("{what} {} of {} (`share_cards: false` in site.yaml turns them off)", grouped(done), grouped(of))
}

fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cards(dir: &tempfile::TempDir, reads: bool) -> Cards {
        Cards { dir: dir.path().join("cards"), reads, count: AtomicUsize::new(0) }
    }

    #[test]
    fn a_card_is_found_again_and_a_torn_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = cards(&dir, true);
        let name = "0123456789abcdef";
        assert_eq!(shelf.get(name), None);
        shelf.put(name, b"picture");
        assert_eq!(shelf.get(name).as_deref(), Some(b"picture".as_slice()));
        assert_eq!(cards(&dir, false).get(name), None);
        let path = shelf.dir.join(format!("{name}.card"));
        let bytes = fs::read(&path).unwrap();
        for torn in [0, 10, bytes.len() - 1] {
            fs::write(&path, &bytes[..torn]).unwrap();
            assert_eq!(shelf.get(name), None, "{torn} bytes");
        }
    }

    #[test]
    fn only_files_of_ours_that_nobody_uses_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = cards(&dir, true);
        for name in ["0123456789abcdef", "fedcba9876543210"] {
            shelf.put(name, b"picture");
        }
        let foreign = ["notes.txt", "0123.card", "0123456789abcdef.png", "0123456789ABCDEF.card"];
        for name in foreign {
            fs::write(shelf.dir.join(name), "mine").unwrap();
        }
        fs::write(shelf.dir.join("0123456789abcdef.new-1-2"), "torn").unwrap();
        shelf.prune(&BTreeSet::from(["fedcba9876543210".to_owned()]));
        let mut left: Vec<String> = fs::read_dir(&shelf.dir)
            .unwrap()
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut wanted: Vec<String> = foreign.map(str::to_owned).to_vec();
        wanted.push("fedcba9876543210.card".to_owned());
        wanted.sort();
        assert_eq!(left, wanted);
    }

    #[test]
    fn how_far_it_is_is_said_with_how_to_be_rid_of_it() {
        assert_eq!(
            line("Cards", 1234, 10_000),
            "Cards 1,234 of 10,000 (`share_cards: false` in site.yaml turns them off)"
        );
    }
}
