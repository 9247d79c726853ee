//! Hash tables whose hash is quick. The only module that names foldhash.
//!
//! The standard library's hash withstands even those who study a running program, and a build looks up millions of addresses,
//! files and ids. This one has a seed of its own for each table; whoever defeats that makes a build slow, never wrong. Iterated,
//! these tables have no order, as the standard library's.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

/// A map. Made with `default()`, for `new()` is of the standard library's hash alone.
pub type QuickMap<K, V> = HashMap<K, V, RandomState>;

/// A set.
pub type QuickSet<K> = HashSet<K, RandomState>;
