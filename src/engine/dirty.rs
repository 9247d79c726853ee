//! Which routes have to be made again, and why.

use super::blueprint::Blueprint;
use super::keys::{Value, Values, in_words, node_of, with_node};
use super::memory::{Ledger, Remembered, Rest};
use crate::graph::{Key, NodeId};
use crate::plan::Route;

/// What has changed since a ledger was written.
pub(super) struct Changes<'l> {
    ledger: &'l Ledger,
    rest: &'l Rest,
    /// Why everything has to be made, if it has.
    all: Option<&'static str>,
    /// Whether this program with these options made what is remembered.
    is_own: bool,
    /// For each remembered key, whether it has another value now.
    changed: Vec<bool>,
    /// For each remembered node, the one of its name now.
    nodes: Vec<Option<NodeId>>,
}

impl<'l> Changes<'l> {
    /// Compares every remembered key with its value now.
    pub(super) fn since(
        ledger: &'l Ledger,
        maker: &str,
        blueprint: &Blueprint,
        values: &Values<'_>,
    ) -> Changes<'l> {
        let rest = ledger.rest();
        let is_own = ledger.head.maker == maker;
        let all = match rest {
            it if it.routes.is_empty() => Some("nothing is remembered of it"),
            _ if !is_own => Some("another program or other options made it"),
            it if it.settings != Some(blueprint.settings) => Some("the settings of the site changed"),
            _ => None,
        };
        if all.is_some() {
            return Changes { ledger, rest, all, is_own, changed: Vec::new(), nodes: Vec::new() };
        }
        let nodes = rest.nodes_in(&blueprint.graph);
        let now: Vec<Option<Key>> = rest.keys.iter().map(|(key, _)| moved(*key, &nodes)).collect();
        let there: Vec<Key> = now.iter().flatten().copied().collect();
        let mut new = values.of_all(&there).into_iter();
        let differs = |(key, (_, old)): (&Option<Key>, &(Key, Value))| match key {
            Some(_) => new.next() != Some(*old),
            None => true,
        };
        let changed = now.iter().zip(&rest.keys).map(differs).collect();
        Changes { ledger, rest, all: None, is_own, changed, nodes }
    }

    /// Why a route has to be made, in words; `None` when what was made of it last time still stands.
    pub(super) fn why(
        &self,
        blueprint: &Blueprint,
        route: &Route,
        remembered: Option<&Remembered>,
    ) -> Option<String> {
        if let Some(all) = self.all {
            return Some(all.to_owned());
        }
        let Some(it) = remembered else { return Some("the address is new".to_owned()) };
        if it.recipe != blueprint.recipe(route) {
            return Some("its address is of something else now, or has another template".to_owned());
        }
        if let Some(template) = &it.template
            && self.rest.templates.get(&**template).copied() != blueprint.theme.fingerprint(template)
        {
            return Some(format!("the template `{template}`, or one it uses, changed"));
        }
        let key = it.reads.iter().find(|at| self.changed.get(*at as usize).copied().unwrap_or(true));
        let Some(key) = key else {
            let same = it.listed == blueprint.listed(route);
            return (!same).then(|| "what it lists changed, or how many pages that takes".to_owned());
        };
        let words = self.rest.keys.get(key as usize).map_or_else(
            || "something unknown".to_owned(),
            |(key, _)| in_words(*key, &|id| self.ledger.name(id)),
        );
        Some(format!("{words} changed"))
    }

    /// Whether this program with these options made what is remembered.
    pub(super) fn is_of_this_program(&self) -> bool {
        self.is_own
    }

    /// A remembered key as it is called now; `None` when its node is gone.
    pub(super) fn key_now(&self, at: u32) -> Option<Key> {
        moved(self.rest.keys.get(at as usize)?.0, &self.nodes)
    }
}

/// A key of the ledger as a key of the graph of today.
fn moved(key: Key, nodes: &[Option<NodeId>]) -> Option<Key> {
    match node_of(key) {
        None => Some(key),
        Some(id) => nodes.get(id.idx()).copied().flatten().map(|id| with_node(key, id)),
    }
}
