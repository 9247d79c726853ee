//! Lists in pages: what stands on which, and at which address.

use std::sync::Arc;

use super::Wanted;
use crate::graph::NodeId;

/// What one page of a list shows.
///
/// A page may hold several lists, such as what an actor said and what others said about them. They are turned together: its
/// second page goes on with each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Each list in full, in order; shared by all its pages.
    lists: Arc<[Vec<NodeId>]>,
    /// How many things of each list a page shows; 0 means all.
    at_once: usize,
    /// The page's number, from 1.
    number: usize,
}

impl Part {
    /// What this page shows of one of its lists, by the list's place among them.
    pub fn of(&self, list: usize) -> &[NodeId] {
        let ids = self.all_of(list);
        if self.at_once == 0 {
            return ids;
        }
        ids.chunks(self.at_once).nth(self.number - 1).unwrap_or(&[])
    }

    /// One of its lists in full, by the list's place among them.
    pub fn all_of(&self, list: usize) -> &[NodeId] {
        self.lists.get(list).map_or(&[][..], Vec::as_slice)
    }

    /// Everything this page shows, list by list.
    pub fn shown(&self) -> impl Iterator<Item = &[NodeId]> {
        (0..self.lists.len()).map(|list| self.of(list))
    }

    /// How many pages there are; an empty list has one.
    pub fn total(&self) -> usize {
        let longest = self.lists.iter().map(Vec::len).max().unwrap_or(0);
        if self.at_once == 0 { 1 } else { longest.div_ceil(self.at_once).max(1) }
    }
}

/// The address of a page of a list: `/actors/`, `/actors/page/2/`.
pub fn numbered(first: &str, number: usize) -> String {
    if number == 1 { first.to_owned() } else { format!("{first}page/{number}/") }
}

impl Wanted {
    /// Every page of a list, `self` being the first. `at_once` says how many things a page shows; 0 means all.
    pub fn in_pages(self, lists: Vec<Vec<NodeId>>, at_once: usize) -> Vec<Wanted> {
        let first = Part { lists: lists.into(), at_once, number: 1 };
        let page = |number| Wanted {
            url: numbered(&self.url, number),
            number,
            part: Some(Part { number, ..first.clone() }),
            ..self.clone()
        };
        (1..=first.total()).map(page).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(lengths: &[usize], at_once: usize) -> Vec<(String, Vec<usize>)> {
        let list = |length: &usize| vec![NodeId::default(); *length];
        let wanted = Wanted::at("/actors/", "actors").in_pages(lengths.iter().map(list).collect(), at_once);
        let shown = |it: &Wanted| it.part.as_ref().unwrap().shown().map(<[NodeId]>::len).collect();
        wanted.iter().map(|it| (it.url.clone(), shown(it))).collect()
    }

    #[test]
    fn a_list_takes_as_many_pages_as_it_needs() {
        assert_eq!(pages(&[0], 2), [("/actors/".to_owned(), vec![0])]);
        assert_eq!(pages(&[2], 2), [("/actors/".to_owned(), vec![2])]);
        assert_eq!(
            pages(&[5], 2),
            [
                ("/actors/".to_owned(), vec![2]),
                ("/actors/page/2/".to_owned(), vec![2]),
                ("/actors/page/3/".to_owned(), vec![1]),
            ]
        );
        assert_eq!(pages(&[5], 0), [("/actors/".to_owned(), vec![5])]);
    }

    #[test]
    fn lists_of_one_page_are_turned_together() {
        assert_eq!(
            pages(&[3, 1, 0], 2),
            [("/actors/".to_owned(), vec![2, 1, 0]), ("/actors/page/2/".to_owned(), vec![1, 0, 0])]
        );
    }
}
