//! Asks for the addresses that the site leads to. The only module that uses the network; `check --external` calls it,
//! and nothing else does.
//!
//! In: the linked graph, what was known before, and a [`Policy`]. Out: what is known now, as [`Links`], and how it went.
//! Writes nothing. A build cannot reach this module: it stands below the engine, and is only
//! there with the cargo feature `external`.
//!
//! # What is asked, and how
//!
//! Each address once, with GET, without cookies, credentials, referrer or proxy, and without the part behind `#`. At most
//! [`Policy::workers`] hosts at a time, one request at a time to each, with a pause in between. A host that is too busy
//! (429) is left alone for the rest of the run. What gives no clear answer is asked once more.
//!
//! Names are resolved by us, and only addresses that may be asked are handed to the connection (`guard.rs`), for every
//! redirect anew: a name that resolves to a private address after it was looked at, and a redirect into a private
//! network, both end there.
//!
//! # Why no link checker library
//!
//! lychee-lib 0.24.2 was tried. With `exclude_all_private` it still asked `http://NAME/` where NAME resolves to
//! 127.0.0.1, and followed a redirect from there to `http://127.0.0.1/`: it looks at the address as written, and neither
//! at what a name resolves to nor at redirects, and it has no place to put such a look. It gives back no page text, so
//! that drift would need a second client. It brings 317 crates (239 s of processor time to build here, against 22 s
//! and 26 crates for ureq with rustls). So the HTTP is ureq's, and the policy is ours, in the files of this module.

#![allow(
    clippy::disallowed_methods,
    reason = "the network, its waiting threads and the file `links.lock` are this module's business"
)]

mod ask;
pub mod fetch;
mod guard;
mod hosts;
mod page;
mod redirect;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::diag::{Exit, Failure};
use crate::graph::Graph;
use crate::links::{Answer, Entry, Held, Links, Role, Status, host, mark, outward, quoted};
use crate::model::Site;
use crate::text::Day;
use crate::verify::QuoteUse;
use ask::{Asked, Asker, Reached};

/// How to ask.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether private networks and this machine may be asked. Addresses that are link-local (where clouds keep
    /// credentials), unspecified or multicast never are.
    pub allow_private: bool,
    /// How long one address may take, with its redirects and its text.
    pub timeout: Duration,
    /// How many redirects are followed.
    pub max_redirects: u32,
    /// How much of a page is read.
    pub max_bytes: u64,
    /// How many hosts are asked at a time.
    pub workers: usize,
    /// How long to wait between two requests to one host.
    pub pause: Duration,
    /// How long to wait before asking again what gave no clear answer; a host's `Retry-After` up to 10 s counts instead.
    pub before_retry: Duration,
    /// For how many days an answer counts.
    pub max_age: u32,
    /// Whether to ask for everything, however new the answer is.
    pub recheck: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            allow_private: false,
            timeout: Duration::from_secs(10),
            max_redirects: 5,
            max_bytes: 1024 * 1024,
            workers: 8,
            pause: Duration::from_millis(500),
            before_retry: Duration::from_secs(2),
            max_age: 7,
            recheck: false,
        }
    }
}

/// What to ask for, and what is known already.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The site's records.
    pub graph: &'a Graph,
    /// Its settings.
    pub site: &'a Site,
    /// What was known before.
    pub old: &'a Links,
    /// Whether all records are there: only then is what the site no longer names forgotten.
    pub is_whole: bool,
    /// Today.
    pub today: Day,
}

/// What came of asking.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// What is known now.
    pub links: Links,
    /// How many addresses there are.
    pub addresses: usize,
    /// How many of them were asked.
    pub asked: usize,
    /// Those that gave no answer that says anything, each with the reason. What was known of them before still counts.
    pub unknown: Vec<(String, String)>,
}

/// One address and what the site wants of it.
#[derive(Clone, Debug, Default)]
struct Wanted {
    roles: BTreeSet<Role>,
    quotes: Vec<QuoteUse>,
}

/// Asks for every address of the site that is due. `progress` hears how many of how many are done.
///
/// # Errors
/// When no host answers at all, and nothing was learnt: [`Exit::Remote`].
pub fn verify(
    question: &Question<'_>,
    policy: &Policy,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Verified, Failure> {
    let Question { graph, site, old, is_whole, today } = *question;
    let wanted = wanted(graph, site);
    let due: Vec<(&str, &Wanted)> = wanted
        .iter()
        .filter(|(url, it)| is_due(old.get(url), it, policy, today))
        .map(|(url, it)| (url.as_str(), it))
        .collect();
    let asker = Asker { policy, agent: ask::agent(policy), graph, site };
    let mut asked = hosts::ask_all(&asker, &due, progress);
    if nobody_answered(&asked) {
        // Perhaps it is only these. Hosts that answered before tell whether the network is there.
        asked.extend(hosts::ask_all(&asker, &answered_before(&wanted, old, &asked), &|_, _| ()));
        if nobody_answered(&asked) {
            return Err(nobody_answers(due.len()));
        }
    }

    let mut verified = Verified { addresses: wanted.len(), asked: asked.len(), ..Verified::default() };
    let entries = &mut verified.links.entries;
    if !is_whole {
        entries.clone_from(&old.entries);
    }
    for (url, it) in &wanted {
        let before = old.get(url);
        let entry = match asked.get(url.as_str()) {
            Some(asked) if asked.answer.status == Status::Unknown => {
                verified.unknown.push((url.clone(), why(&asked.answer)));
                before.cloned().or_else(|| Some(entry(asked, None, today)))
            }
            Some(asked) => Some(entry(asked, before, today)),
            None => before.cloned(),
        };
        if let Some(mut entry) = entry {
            entry.roles.clone_from(&it.roles);
            entry.quotes.retain(|known, _| it.quotes.iter().any(|quote| mark(quote) == *known));
            entries.insert(url.clone(), entry);
        }
    }
    Ok(verified)
}

/// Whether somebody was asked, and the network gave no sign of itself.
fn nobody_answered(asked: &BTreeMap<&str, Asked>) -> bool {
    let any = |wanted: &[Reached]| asked.values().any(|it| wanted.contains(&it.reached));
    any(&[Reached::NoHost, Reached::Nobody]) && !any(&[Reached::Host])
}

/// A few addresses that answered when they were last asked, of hosts that are not in question.
fn answered_before<'w>(
    wanted: &'w BTreeMap<String, Wanted>,
    old: &Links,
    asked: &BTreeMap<&str, Asked>,
) -> Vec<(&'w str, &'w Wanted)> {
    const FEW: usize = 3;
    let answered = |url: &str| old.get(url).is_some_and(|it| it.answer.code.is_some());
    let in_question: BTreeSet<&str> = asked.keys().map(|url| host(url)).collect();
    let others = wanted.iter().map(|(url, it)| (url.as_str(), it));
    let mut others: Vec<_> =
        others.filter(|(url, _)| answered(url) && !in_question.contains(host(url))).collect();
    others.dedup_by_key(|(url, _)| host(url));
    others.truncate(FEW);
    others
}

/// Every address of the site once, but for those of the site itself.
fn wanted(graph: &Graph, site: &Site) -> BTreeMap<String, Wanted> {
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    let is_ours = |url: &str| site.base_url.as_deref().is_some_and(|base| url.starts_with(base));
    for it in outward(graph).into_iter().filter(|it| !is_ours(&it.url)) {
        wanted.entry(it.url).or_default().roles.insert(it.role);
    }
    for (url, quotes) in quoted(graph) {
        if let Some(it) = wanted.get_mut(&url) {
            it.quotes.extend(quotes);
        }
    }
    wanted
}

/// Whether to ask: nothing is known, or it is too old, or a quotation is new.
fn is_due(known: Option<&Entry>, wanted: &Wanted, policy: &Policy, today: Day) -> bool {
    let Some(known) = known else { return true };
    let age = today.ordinal() - known.checked.ordinal();
    policy.recheck
        || known.answer.status == Status::Unknown
        // A day that has not come yet says that somebody's clock is wrong.
        || !(0..i64::from(policy.max_age)).contains(&age)
        || wanted.quotes.iter().any(|it| !known.quotes.contains_key(&mark(it)))
}

/// What is known after a new answer.
fn entry(asked: &Asked, before: Option<&Entry>, today: Day) -> Entry {
    let Asked { answer, quotes, .. } = asked;
    let mut quotes = quotes.clone();
    // A page that shows its text only now and then does not take back what was seen in it.
    for (mark, held) in quotes.iter_mut().filter(|(_, held)| **held == Held::NoText) {
        if let Some(earlier) = before.and_then(|it| it.quotes.get(mark)) {
            *held = *earlier;
        }
    }
    let same = before.filter(|it| it.answer == *answer && it.quotes == quotes);
    let since = same.map_or(today, |it| it.since);
    Entry { answer: answer.clone(), checked: today, since, roles: BTreeSet::new(), quotes }
}

fn why(answer: &Answer) -> String {
    match (answer.why.as_deref(), answer.code) {
        (_, Some(code)) => format!("its host answers {code}"),
        (Some("timeout"), None) => "it takes too long".to_owned(),
        (Some("redirects"), None) => {
            "it redirects in a circle, too often, or to no address of the web".to_owned()
        }
        (Some("encryption"), None) => "its certificate or its encryption is not good".to_owned(),
        (Some("no-such-host"), None) => "there is no such host".to_owned(),
        (Some("address"), None) => "a request cannot hold this address".to_owned(),
        (Some("credentials"), None) => "it holds a user's name, and is not asked".to_owned(),
        (Some(_) | None, None) => "there is no connection, or what answers does not speak HTTP".to_owned(),
    }
}

fn nobody_answers(n: usize) -> Failure {
    let message = match n {
        1 => "the one host that was asked cannot be reached".to_owned(),
        _ => format!("no host can be reached: {n} addresses were asked"),
    };
    Failure::new(Exit::Remote, message).help(
        "is this machine online? `links.lock` is as it was. Proxies are not used; `rejoinder check` alone needs no network",
    )
}
