//! Two columns of names with lines between them, put in an order in which few lines cross.
//!
//! Sweeps by barycentre (Sugiyama, Tagawa, Toda 1981): each name goes to the mean place of those it is joined to, on one
//! side and then the other, and the best order seen is kept. Then neighbours change places as long as that helps. Ties
//! depend on the order before and on nothing else.

/// How often both sides are swept. With two dozen names the order settles after three or four.
const SWEEPS: usize = 8;
/// How often neighbours are looked through at the end.
const SWITCHES: usize = 8;

/// The order of both columns, from top to bottom, for lines between `(left, right)`.
pub(super) fn untangled(n_left: usize, n_right: usize, lines: &[(usize, usize)]) -> (Vec<usize>, Vec<usize>) {
    let mut sides = Sides {
        of_left: neighbours(n_left, lines.iter().copied()),
        of_right: neighbours(n_right, lines.iter().map(|(left, right)| (*right, *left))),
        left: (0..n_left).collect(),
        right: (0..n_right).collect(),
    };
    let mut best = (sides.crossings(), sides.left.clone(), sides.right.clone());
    let mut keep_better = |sides: &Sides| {
        let now = sides.crossings();
        if now < best.0 {
            best = (now, sides.left.clone(), sides.right.clone());
        }
    };
    for sweep in 0..SWEEPS {
        // Names with one mean stay as they are in one sweep and change places in the next: either may be better.
        let turns_ties = sweep % 2 == 1;
        sort_by_mean(&mut sides.right, &sides.of_right, &places(&sides.left), turns_ties);
        keep_better(&sides);
        sort_by_mean(&mut sides.left, &sides.of_left, &places(&sides.right), turns_ties);
        keep_better(&sides);
    }
    (sides.left, sides.right) = (best.1, best.2);
    for _ in 0..SWITCHES {
        let on_the_right = switch(&mut sides.right, &sides.of_right, &places(&sides.left));
        let on_the_left = switch(&mut sides.left, &sides.of_left, &places(&sides.right));
        if !on_the_right && !on_the_left {
            break;
        }
    }
    (sides.left, sides.right)
}

struct Sides {
    of_left: Vec<Vec<usize>>,
    of_right: Vec<Vec<usize>>,
    left: Vec<usize>,
    right: Vec<usize>,
}

impl Sides {
    /// How many pairs of lines cross: the inversions among right ends, counted with a tree of sums (Fenwick 1994).
    fn crossings(&self) -> usize {
        let place = places(&self.right);
        let mut tree = vec![0_usize; self.right.len() + 1];
        let (mut n_before, mut found) = (0, 0);
        for node in &self.left {
            let ends: Vec<usize> = self.of_left[*node].iter().map(|it| place[*it]).collect();
            for end in &ends {
                let mut not_after = 0;
                let mut idx = end + 1;
                while idx > 0 {
                    not_after += tree[idx];
                    idx &= idx - 1;
                }
                found += n_before - not_after;
            }
            for end in &ends {
                let mut idx = end + 1;
                while idx < tree.len() {
                    tree[idx] += 1;
                    idx += idx & idx.wrapping_neg();
                }
            }
            n_before += ends.len();
        }
        found
    }
}

/// Whom each name of one side is joined to.
fn neighbours(count: usize, lines: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); count];
    lines.for_each(|(from, to)| found[from].push(to));
    found
}

/// The place of each name in an order.
fn places(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, node)| places[*node] = place);
    places
}

/// Sorts one side by the mean place of neighbours. Fractions are compared crosswise, so that nothing is rounded.
fn sort_by_mean(order: &mut [usize], of: &[Vec<usize>], places: &[usize], turns_ties: bool) {
    if turns_ties {
        order.reverse();
    }
    let sum = |node: usize| of[node].iter().map(|it| places[*it]).sum::<usize>();
    // A name without lines goes to the top.
    let count = |node: usize| of[node].len().max(1);
    order.sort_by(|a, b| (sum(*a) * count(*b)).cmp(&(sum(*b) * count(*a))));
}

/// Exchanges neighbours where fewer lines cross afterwards; says whether it did.
fn switch(order: &mut [usize], of: &[Vec<usize>], places: &[usize]) -> bool {
    let crossings = |upper: usize, lower: usize| -> usize {
        let before = |end: &usize| of[lower].iter().filter(|it| places[**it] < places[*end]).count();
        of[upper].iter().map(before).sum()
    };
    let mut changed = false;
    for idx in 1..order.len() {
        let (upper, lower) = (order[idx - 1], order[idx]);
        if crossings(lower, upper) < crossings(upper, lower) {
            order.swap(idx - 1, idx);
            changed = true;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn crossings_of(left: &[usize], right: &[usize], lines: &[(usize, usize)]) -> usize {
        let (l, r) = (places(left), places(right));
        let cross = |a: &(usize, usize), b: &(usize, usize)| l[a.0] < l[b.0] && r[a.1] > r[b.1];
        lines.iter().map(|a| lines.iter().filter(|b| cross(a, b)).count()).sum()
    }

    #[test]
    fn what_can_be_drawn_without_a_crossing_is() {
        let lines = [(0, 2), (1, 1), (2, 0), (3, 2), (3, 3)];
        let (left, right) = untangled(4, 4, &lines);
        assert_eq!(crossings_of(&left, &right, &lines), 0);
    }

    proptest! {
        #[test]
        fn an_order_holds_everybody_once_and_is_no_worse_than_the_first(
            lines in prop::collection::vec((0..9_usize, 0..7_usize), 0..40),
        ) {
            let (left, right) = untangled(9, 7, &lines);
            let sorted = |order: &[usize]| {
                let mut order = order.to_vec();
                order.sort_unstable();
                order
            };
            prop_assert_eq!(sorted(&left), (0..9).collect::<Vec<_>>());
            prop_assert_eq!(sorted(&right), (0..7).collect::<Vec<_>>());
            let first = crossings_of(&(0..9).collect::<Vec<_>>(), &(0..7).collect::<Vec<_>>(), &lines);
            prop_assert!(crossings_of(&left, &right, &lines) <= first);
            prop_assert_eq!(untangled(9, 7, &lines), (left, right));
        }
    }
}
