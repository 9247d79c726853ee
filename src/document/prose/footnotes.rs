//! Footnotes: which definition counts, and in which order readers meet them.

use std::collections::BTreeMap;

use super::nodes::{Node, Prose, What, fold_label};
use super::problems::Found;

/// Settles which definition counts for each label and notices those that never will be printed.
pub(super) fn settle(prose: &mut Prose<'_>) {
    for (idx, footnote) in prose.footnotes.iter().enumerate() {
        let label = fold_label(&footnote.label);
        match prose.footnote_of.get(&label) {
            Some(first) => {
                let found = Found::FootnoteTwice {
                    label: footnote.label.clone(),
                    first: prose.footnotes[*first].span,
                };
                prose.found.push((found, footnote.span));
            }
            None => {
                prose.footnote_of.insert(label, idx);
            }
        }
    }
    let used = numbers(prose);
    for idx in prose.footnote_of.values() {
        let footnote = &prose.footnotes[*idx];
        if !used.contains_key(idx) {
            prose.found.push((Found::FootnoteUnused { label: footnote.label.clone() }, footnote.span));
        }
    }
}

/// The number of each definition that readers can reach, in the order of first reference. Footnotes may refer to
/// others, which follow.
pub(super) fn numbers(prose: &Prose<'_>) -> BTreeMap<usize, usize> {
    let mut order = Vec::new();
    let mut numbers = BTreeMap::new();
    let mut visit = |nodes: &[Node<'_>], order: &mut Vec<usize>| {
        for node in nodes {
            if let What::FootnoteRef(label) = &node.what
                && let Some(idx) = prose.footnote_of.get(label)
                && !numbers.contains_key(idx)
            {
                order.push(*idx);
                numbers.insert(*idx, order.len());
            }
        }
    };
    visit(&prose.nodes, &mut order);
    let mut next = 0;
    while let Some(idx) = order.get(next).copied() {
        visit(&prose.footnotes[idx].nodes, &mut order);
        next += 1;
    }
    numbers
}
