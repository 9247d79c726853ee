//! Hash tables whose hash is quick. The only module that names foldhash.
//!
//! The standard library's hash withstands whoever chooses keys so that they collide. Names of files, addresses and ids come from
//! the project's own authors, and a build looks up millions. Iterated, these tables have no order, as the standard library's.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

/// A map. Made with `default()`, for `new()` is of the standard library's hash alone.
pub type QuickMap<K, V> = HashMap<K, V, RandomState>;

/// A set.
pub type QuickSet<K> = HashSet<K, RandomState>;
