//! Looking at a store: at all that is there, or at as much as a plan needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::belief;
use super::driver::{Pace, again, each, failed, lock, untrusted};
use super::plan::{Listed, Plan, Remote};
use super::record::{RECORD, Record, release_key};
use super::release::Release;
use super::store::{Store, Tag};
use crate::diag::{Exit, Failure};

/// What a target says of itself, and which version of the record that is.
pub struct Observed {
    /// What is there.
    pub remote: Remote,
    /// The version of the record.
    pub tag: Option<Tag>,
}

/// How a target is looked at.
pub struct Look<'a> {
    /// Time and chance.
    pub pace: &'a dyn Pace,
    /// How many requests are under way at once.
    pub at_once: usize,
    /// Whether each file is looked at, and not only those that change.
    pub at_all: bool,
}

/// Looks at everything in a store.
///
/// # Errors
/// [`Exit::Remote`] when it cannot be asked, [`Exit::NotPublished`] when its record cannot be trusted.
pub fn observe(store: &dyn Store, pace: &dyn Pace) -> Result<Observed, Failure> {
    let (record, tag) = record(store, pace)?.unzip();
    let listing = list(store, pace)?;
    Ok(Observed { remote: Remote { record, listing }, tag })
}

/// Looks at as much of a store as a plan needs, and draws the plan.
///
/// Where the last run ended well, its record is believed, but for the files that the plan touches: each of those is asked
/// for, and the plan drawn again with the answers. When listing all is less work, all is listed.
///
/// # Errors
/// As [`observe`].
pub fn plan(
    store: &dyn Store,
    look: &Look<'_>,
    draw: &dyn Fn(&Remote) -> Plan,
) -> Result<(Plan, Observed), Failure> {
    let (record, tag) = record(store, look.pace)?.unzip();
    let mut remote = Remote { record, listing: BTreeMap::new() };
    let record = remote.record.as_ref().filter(|_| !look.at_all);
    if let Some(believed) = record.and_then(belief::listing) {
        let (most, mut seen) = (belief::worth_asking(believed.len(), look.at_once), BTreeSet::new());
        remote.listing = believed;
        loop {
            let plan = draw(&remote);
            let touched = belief::touched(&plan, remote.record.as_ref());
            let unseen: Vec<String> = touched.difference(&seen).cloned().collect();
            if unseen.is_empty() {
                return Ok((plan, Observed { remote, tag }));
            }
            if seen.len() + unseen.len() > most {
                break;
            }
            for (key, found) in look_at(&unseen, store, look)? {
                match found {
                    Some(listed) => drop(remote.listing.insert(key, listed)),
                    None => drop(remote.listing.remove(&key)),
                }
            }
            seen.extend(unseen);
        }
    }
    remote.listing = list(store, look.pace)?;
    Ok((draw(&remote), Observed { remote, tag }))
}

/// Reads the record that a store has of itself.
///
/// # Errors
/// As [`observe`].
pub fn record(store: &dyn Store, pace: &dyn Pace) -> Result<Option<(Record, Tag)>, Failure> {
    let found = again(pace, || store.record()).map_err(|it| failed("read the release at", store, "", &it))?;
    let Some((bytes, tag)) = found else { return Ok(None) };
    let record = Record::parse(&bytes).map_err(|it| untrusted(&store.name(), &it))?;
    Ok(Some((record, tag)))
}

/// Reads the list of an earlier release that a store keeps.
///
/// # Errors
/// [`Exit::NotPublished`] when it is not kept or cannot be trusted, [`Exit::Remote`] when the store cannot be asked.
pub fn earlier(store: &dyn Store, pace: &dyn Pace, number: u32) -> Result<Release, Failure> {
    let key = release_key(number);
    let found = again(pace, || store.get(&key)).map_err(|it| failed("read", store, &key, &it))?;
    let bytes = found.ok_or_else(|| {
        Failure::new(Exit::NotPublished, format!("`{}` does not keep r{number}", store.name()))
            .help("`rejoinder publish --status` lists the releases that can be brought back")
    })?;
    Release::parse(&bytes).map_err(|it| untrusted(&store.name(), &it))
}

fn list(store: &dyn Store, pace: &dyn Pace) -> Result<BTreeMap<String, Listed>, Failure> {
    let mut listing = again(pace, || store.list()).map_err(|it| failed("list", store, "", &it))?;
    listing.remove(RECORD);
    Ok(listing)
}

/// Asks for each of these files.
fn look_at(
    keys: &[String],
    store: &dyn Store,
    look: &Look<'_>,
) -> Result<BTreeMap<String, Option<Listed>>, Failure> {
    let found = Mutex::new(BTreeMap::new());
    each(keys, look.at_once, |key| {
        let listed = again(look.pace, || store.look(key)).map_err(|it| failed("look at", store, key, &it))?;
        lock(&found).insert(key.clone(), listed);
        Ok(())
    })?;
    Ok(found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}
