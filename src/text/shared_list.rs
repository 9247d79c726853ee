//! A long list of which copies are cheap: an edit of one file must not cost a copy of everything.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many items a copy keeps beside those that it shares, before it stores all of them anew.
const MOST_BESIDE: usize = 256;

/// Items by number. A copy shares them; those that it replaces it keeps beside.
#[derive(Clone, Debug)]
pub struct SharedList<T> {
    shared: Arc<Vec<T>>,
    /// Those that stand for the shared ones of the same number.
    beside: Arc<BTreeMap<usize, T>>,
}

impl<T> Default for SharedList<T> {
    fn default() -> SharedList<T> {
        SharedList { shared: Arc::default(), beside: Arc::default() }
    }
}

impl<T: Clone> SharedList<T> {
    /// A list of these items.
    pub fn new(items: Vec<T>) -> SharedList<T> {
        SharedList { shared: Arc::new(items), beside: Arc::default() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shared.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.shared.is_empty()
    }

    /// The item with this number, from 0. There must be one.
    pub fn get(&self, idx: usize) -> &T {
        let shared = &self.shared[idx];
        if self.beside.is_empty() {
            return shared;
        }
        self.beside.get(&idx).unwrap_or(shared)
    }

    /// All of them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        (0..self.len()).map(|idx| self.get(idx))
    }

    /// How many come before the first of which `is_before` is false, in a list that is sorted by that. It is asked about items
    /// that others replaced, too: let it look at nothing that replacing changes.
    pub fn partition_point(&self, is_before: impl Fn(&T) -> bool) -> usize {
        self.shared.partition_point(is_before)
    }

    /// The number of the item that `compare` finds equal, in a list that is sorted by that. As with
    /// [`partition_point`](SharedList::partition_point), it is asked about items that others replaced, too.
    pub fn find_by(&self, compare: impl Fn(&T) -> Ordering) -> Option<usize> {
        self.shared.binary_search_by(compare).ok()
    }

    /// Changes every item. Costs a copy if somebody shares them.
    pub fn for_each(&mut self, mut change: impl FnMut(usize, &mut T)) {
        self.gather();
        let items = Arc::make_mut(&mut self.shared);
        items.iter_mut().enumerate().for_each(|(idx, item)| change(idx, item));
    }

    /// Puts another item in the place of one.
    pub fn replace(&mut self, idx: usize, item: T) {
        Arc::make_mut(&mut self.beside).insert(idx, item);
        if self.beside.len() > MOST_BESIDE {
            self.gather();
        }
    }

    /// Stores all items in one place.
    fn gather(&mut self) {
        let beside = std::mem::take(&mut self.beside);
        if beside.is_empty() {
            return;
        }
        let items = Arc::make_mut(&mut self.shared);
        for (idx, item) in beside.iter() {
            items[*idx] = item.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_what_it_was_given_and_the_first_keeps_what_it_had() {
        let first = SharedList::new((0..1_000).collect::<Vec<u32>>());
        let mut copy = first.clone();
        for idx in 0..300 {
            copy.replace(idx, 5_000);
            assert_eq!(*copy.get(idx), 5_000);
        }
        assert!(first.iter().copied().eq(0..1_000));
        let expected = std::iter::repeat_n(5_000, 300).chain(300..1_000);
        assert!(copy.iter().copied().eq(expected));
        copy.for_each(|idx, item| *item = idx as u32);
        assert!(copy.iter().eq(first.iter()));
    }
}
