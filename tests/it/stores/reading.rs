//! A reader who follows every link while others publish, again and again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use rejoinder::publish::bucket::Limits;

use super::moto::Moto;
use super::site::{NoPause, Publisher, Version, links};
use crate::world::{runs_slow_tests, say};

/// What one walk through the site met.
#[derive(Default)]
struct Met {
    pages: usize,
    links: usize,
    /// Links of a page that was read before it changed: on the page as it is now they are gone.
    outdated: usize,
    broken: Vec<String>,
}

fn walk(moto: &Moto, met: &mut Met) {
    let mut known = BTreeSet::from(["index.html".to_owned()]);
    let mut waiting = vec!["index.html".to_owned()];
    while let Some(page) = waiting.pop() {
        // It was there a moment ago, when somebody linked to it.
        let Some(answer) = moto.get(&page) else { continue };
        assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
        met.pages += 1;
        for link in links(&page, &answer.body) {
            met.links += 1;
            if moto.get(&link).is_some() {
                if link.ends_with(".html") && known.insert(link.clone()) {
                    waiting.push(link);
                }
                continue;
            }
            let is_page = link.ends_with(".html");
            let now = moto.get(&page);
            let still = now.is_some_and(|it| links(&page, &it.body).contains(&link));
            match is_page && !still {
                true => met.outdated += 1,
                false => met.broken.push(format!("{page} asks for {link}")),
            }
        }
    }
}

#[test]
fn a_reader_meets_no_broken_link_while_others_publish() {
    let Some(moto) = Moto::start(false) else { return };
    let n_publishes = if runs_slow_tests("a reader during forty publishes") { 40 } else { 6 };
    let dir = tempfile::tempdir().unwrap();
    let bucket = moto.bucket(moto.port, None, Limits::default());
    let publish = |number: usize| {
        let publisher = Publisher {
            name: "one",
            journal: &dir.path().join("journal"),
            at_once: 4,
            pace: &NoPause::default(),
            now: 1_800_000_000 + number as i64 * 3600,
        };
        publisher.publish(&Version::new(number), &bucket).unwrap();
    };
    publish(0);
    let is_done = AtomicBool::new(false);
    let mut met = Met::default();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                walk(&moto, &mut met);
            }
        });
        for number in 1..=n_publishes {
            publish(number);
        }
        is_done.store(true, Ordering::SeqCst);
        reader.join().unwrap();
    });
    say(&format!(
        "a reader during {n_publishes} publishes: {} pages, {} links, {} outdated, {} broken",
        met.pages,
        met.links,
        met.outdated,
        met.broken.len()
    ));
    assert!(met.pages > 3 * n_publishes, "the reader read: {} pages", met.pages);
    assert!(met.broken.is_empty(), "{}", met.broken.join("\n"));
}
