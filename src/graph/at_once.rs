//! Work on many things in parts, of which whoever has threads can do several at once.

use std::sync::OnceLock;

/// Does a number of things, which are numbered from 0, several at once if it can. All are done when it returns.
pub type AtOnce<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) + Sync));

/// Does something with every `size` items, and gives what came of each part, in order.
pub fn in_parts<T: Sync, R: Send + Sync>(
    items: &[T],
    size: usize,
    at_once: AtOnce<'_>,
    act: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    let parts: Vec<(&[T], OnceLock<R>)> = items.chunks(size).map(|part| (part, OnceLock::new())).collect();
    at_once(parts.len(), &|at| {
        let (part, done) = &parts[at];
        done.get_or_init(|| act(part));
    });
    let done = parts.into_iter().map(|(_, done)| done.into_inner().expect("everything is done by now"));
    done.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_each_part_stands_in_order_whoever_did_it_when() {
        let backwards: AtOnce<'_> = &|many, act| (0..many).rev().for_each(act);
        let sums = in_parts(&[1, 2, 3, 4, 5], 2, backwards, |part| part.iter().sum::<u32>());
        assert_eq!(sums, [3, 7, 5]);
        assert!(in_parts(&[0; 0], 2, backwards, <[i32]>::len).is_empty());
    }
}
