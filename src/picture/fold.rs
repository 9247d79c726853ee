//! Keeping pictures readable: above two dozen, names are drawn together by organisation, and what is left as one.

use std::collections::BTreeMap;

use super::{Actor, Grouped, Name};

/// The most names that one side of a picture holds.
pub const MOST: usize = 24;

/// Which names are drawn, and where everybody went.
pub(super) struct Folded {
    /// What is drawn, in the order of the first of each.
    pub(super) shown: Vec<Name>,
    /// For each actor, its place among `shown`.
    pub(super) place: Vec<usize>,
    /// What is drawn as one.
    pub(super) grouped: Vec<Grouped>,
}

/// Folds actors until at most [`MOST`] names are left; up to that many stay as they are.
///
/// Each comes with a weight. Those of one organisation go together first, with the organisation itself; if that is not
/// enough, the lightest go together as others. Equal weights keep the order they came in.
pub(super) fn fold(actors: &[(Actor, usize)]) -> Folded {
    if actors.len() <= MOST {
        let shown = actors.iter().map(|(actor, _)| actor.name.clone()).collect();
        return Folded { shown, place: (0..actors.len()).collect(), grouped: Vec::new() };
    }
    // Organisations in the order of their first member; an actor without one stands for itself.
    let mut idx_of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut houses: Vec<House<'_>> = Vec::new();
    for (idx, (actor, weight)) in actors.iter().enumerate() {
        let name = actor.house.as_ref().unwrap_or(&actor.name);
        let at = *idx_of.entry(name.key()).or_insert(houses.len());
        if at == houses.len() {
            houses.push(House { name, weight: 0, members: Vec::new() });
        }
        houses[at].weight += weight;
        houses[at].members.push(idx);
    }
    let mut by_weight: Vec<usize> = (0..houses.len()).collect();
    by_weight.sort_by_key(|idx| std::cmp::Reverse(houses[*idx].weight));
    let n_kept = if houses.len() <= MOST { houses.len() } else { MOST - 1 };
    let mut is_kept = vec![false; houses.len()];
    by_weight[..n_kept].iter().for_each(|idx| is_kept[*idx] = true);

    let mut folded = Folded { shown: Vec::new(), place: vec![0; actors.len()], grouped: Vec::new() };
    let name_of = |idx: &usize| actors[*idx].0.name.clone();
    let mut others: Vec<usize> = Vec::new();
    for (house, _) in houses.iter().zip(&is_kept).filter(|(_, is_kept)| **is_kept) {
        house.members.iter().for_each(|idx| folded.place[*idx] = folded.shown.len());
        if let [one] = house.members[..] {
            folded.shown.push(name_of(&one));
            continue;
        }
        let name =
            Name { text: format!("{} ({})", house.name.text, house.members.len()), ..house.name.clone() };
        folded.shown.push(name.clone());
        folded.grouped.push(Grouped { name, members: house.members.iter().map(name_of).collect() });
    }
    for (house, _) in houses.iter().zip(&is_kept).filter(|(_, is_kept)| !**is_kept) {
        others.extend(&house.members);
    }
    if !others.is_empty() {
        others.sort_unstable();
        others.iter().for_each(|idx| folded.place[*idx] = folded.shown.len());
        let name = Name { text: format!("{} others", others.len()), url: None };
        folded.shown.push(name.clone());
        folded.grouped.push(Grouped { name, members: others.iter().map(name_of).collect() });
    }
    folded
}

struct House<'a> {
    name: &'a Name,
    weight: usize,
    members: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(number: usize, house: Option<usize>) -> (Actor, usize) {
        let name = |text: String| Name { url: Some(format!("/actors/{text}/")), text };
        let house = house.map(|it| name(format!("house-{it}")));
        (Actor { name: name(format!("actor-{number}")), house }, 1 + number % 3)
    }

    #[test]
    fn two_dozen_stay_and_one_more_goes_by_organisation() {
        let some: Vec<_> = (0..24).map(|it| actor(it, Some(it / 2))).collect();
        assert_eq!(fold(&some).shown.len(), 24);
        assert!(fold(&some).grouped.is_empty());
        let more: Vec<_> = (0..25).map(|it| actor(it, Some(it / 2))).collect();
        let folded = fold(&more);
        assert_eq!(folded.shown.len(), 13);
        assert_eq!(folded.shown[0].text, "house-0 (2)");
        assert_eq!(folded.shown[12].text, "actor-24", "one alone keeps its name");
        assert_eq!(folded.grouped.len(), 12);
    }

    #[test]
    fn who_has_no_organisation_may_end_among_the_others() {
        let many: Vec<_> = (0..60).map(|it| actor(it, None)).collect();
        let folded = fold(&many);
        assert_eq!(folded.shown.len(), MOST);
        assert_eq!(folded.shown[MOST - 1], Name { text: "37 others".to_owned(), url: None });
        let members: usize = folded.grouped.iter().map(|it| it.members.len()).sum();
        assert_eq!(members, 37);
        assert!(folded.place.iter().all(|it| *it < MOST));
    }
}
