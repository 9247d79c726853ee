//! The time axis: gaps to scale up to a cap, and days where something is known to the day with room for it.

use std::collections::BTreeSet;

use super::measure::{fitted, width};
use super::svg::{SMALL, px};
use crate::text::Day;

/// From one day up to another, which is not in it, as days since 1970. One side may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) from: Option<i64>,
    pub(super) until: Option<i64>,
}

impl Span {
    /// Its day, if it is one.
    pub(super) fn day(self) -> Option<i64> {
        let (from, until) = (self.from?, self.until?);
        (until - from == 1).then_some(from)
    }
}

/// Days on a line.
pub(super) struct Axis {
    pub(super) left: i32,
    pub(super) right: i32,
    /// Each day at which a span begins or ends, with its place.
    stops: Vec<(i64, i32)>,
    /// Gaps that are drawn shorter than they are: their middle, and how many days they last.
    pub(super) cuts: Vec<(i32, i64)>,
}

/// A gap is cut to so many times the usual one.
const CAP: i64 = 3;
/// The room that a day with something on it has at least, if there is enough for all.
const DAY: i32 = 14;

impl Axis {
    /// Lays an axis for some spans between two places. Without any, it has no stops.
    pub(super) fn new(spans: &[Span], left: i32, right: i32) -> Axis {
        let days: BTreeSet<i64> = spans.iter().filter_map(|it| it.day()).collect();
        let bounds: BTreeSet<i64> = spans.iter().flat_map(|it| [it.from, it.until]).flatten().collect();
        let bounds: Vec<i64> = bounds.into_iter().collect();
        let gaps: Vec<(i64, bool)> =
            bounds.windows(2).map(|pair| (pair[1] - pair[0], days.contains(&pair[0]))).collect();
        let mut usual: Vec<i64> = gaps.iter().filter(|(_, is_day)| !is_day).map(|(days, _)| *days).collect();
        usual.sort_unstable();
        let cap = usual.get(usual.len() / 2).map_or(1, |it| it * CAP);
        // A cut has to be worth its mark.
        let drawn = |days: i64| if days > cap + cap / 2 { cap } else { days };

        let n_days = px(days.len());
        let room = right - left;
        let each = if n_days == 0 { 0 } else { (room * 3 / 5 / n_days).min(DAY) };
        let shared = i64::from(room - each * n_days);
        let total = gaps.iter().map(|(days, _)| drawn(*days)).sum::<i64>().max(1);
        let mut axis = Axis { left, right, stops: Vec::new(), cuts: Vec::new() };
        let (mut n_before, mut weight) = (0, 0);
        let x = |n_before: i32, weight: i64| {
            let share = i32::try_from(shared * weight / total).unwrap_or(0);
            left + n_before * each + share
        };
        if let Some(first) = bounds.first() {
            axis.stops.push((*first, left));
        }
        for ((days, is_day), end) in gaps.iter().zip(bounds.iter().skip(1)) {
            let before = x(n_before, weight);
            n_before += i32::from(*is_day);
            weight += drawn(*days);
            let after = x(n_before, weight);
            axis.stops.push((*end, after));
            if drawn(*days) < *days {
                axis.cuts.push(((before + after) / 2, *days));
            }
        }
        axis
    }

    /// The place where a day begins; it must be the bound of a span.
    pub(super) fn at(&self, day: i64) -> i32 {
        let idx = self.stops.partition_point(|(it, _)| *it < day).min(self.stops.len().saturating_sub(1));
        self.stops.get(idx).map_or(self.left, |(_, x)| *x)
    }

    /// Where a span lies. An open side reaches to the end of the axis.
    pub(super) fn across(&self, span: Span) -> (i32, i32) {
        (span.from.map_or(self.left, |it| self.at(it)), span.until.map_or(self.right, |it| self.at(it)))
    }

    /// Labels that fit beside each other above the axis: place, words, and whether they tell of a cut.
    ///
    /// The first and the last day come first, then days with much on them, then cuts, then where spans begin.
    pub(super) fn labels(&self, spans: &[Span]) -> Vec<Tick> {
        let year = |day: i64| Day::of_ordinal(day).year;
        let bounds = || spans.iter().flat_map(|it| [it.from, it.until.map(|it| it - 1)]).flatten();
        let is_one_year = bounds().map(year).min() == bounds().map(year).max();
        let days: BTreeSet<i64> = spans.iter().filter_map(|it| it.day()).collect();
        // A year that all share is said once, by the first label. Until it is known which that is, there is room for it at
        // the first day of all, and at the first that is sure to be labelled.
        let first = [bounds().min(), days.first().copied()];
        let in_words = |day: i64| words(day, !is_one_year || first.contains(&Some(day)));
        let mut wished: Vec<(usize, Tick)> = Vec::new();
        for day in &days {
            let is_end = days.first() == Some(day) || days.last() == Some(day);
            let many = spans.iter().filter(|it| it.day() == Some(*day)).count();
            let middle = (self.at(*day) + self.at(day + 1)) / 2;
            let rank = if is_end { usize::MAX } else { 2 + many };
            wished.push((
                rank,
                Tick { mark: middle, x: middle, is_cut: false, text: in_words(*day), day: Some(*day) },
            ));
        }
        let begins: BTreeSet<i64> =
            spans.iter().filter(|it| it.day().is_none()).filter_map(|it| it.from).collect();
        for day in begins.difference(&days) {
            wished.push((
                1,
                Tick {
                    mark: self.at(*day),
                    x: self.at(*day),
                    is_cut: false,
                    text: in_words(*day),
                    day: Some(*day),
                },
            ));
        }
        let ends: BTreeSet<i64> =
            spans.iter().filter(|it| it.day().is_none()).filter_map(|it| it.until).collect();
        for day in ends.iter().filter(|it| !days.contains(&(*it - 1))) {
            wished.push((
                0,
                Tick {
                    mark: self.at(*day),
                    x: self.at(*day),
                    is_cut: false,
                    text: in_words(day - 1),
                    day: Some(day - 1),
                },
            ));
        }
        for (x, days) in &self.cuts {
            wished.push((2, Tick { mark: *x, x: *x, is_cut: true, text: lasting(*days), day: None }));
        }
        // The sort is stable: equal ranks keep the order of time.
        wished.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        let mut taken: Vec<(i32, i32)> = Vec::new();
        let mut placed: Vec<Tick> = Vec::new();
        for (_, mut tick) in wished {
            tick.text = fitted(&tick.text, SMALL, self.right - self.left);
            let half = width(&tick.text, SMALL) / 2 + 1;
            let middle = tick.x.min(self.right - half).max(self.left + half);
            if tick.is_cut && middle != tick.x {
                continue;
            }
            let (from, to) = (middle - half - 4, middle + half + 4);
            if taken.iter().all(|(start, end)| to <= *start || from >= *end) {
                taken.push((from, to));
                tick.x = middle;
                placed.push(tick);
            }
        }
        placed.sort_by_key(|tick| tick.x);
        let dated = placed.iter_mut().filter_map(|tick| Some((tick.day?, &mut tick.text)));
        if is_one_year {
            dated.skip(1).for_each(|(day, text)| *text = words(day, false));
        }
        placed
    }
}

/// Words above the axis.
pub(super) struct Tick {
    /// The middle of what they tell of.
    pub(super) mark: i32,
    /// Their own middle, which may be moved so that they stay above the axis.
    pub(super) x: i32,
    /// Whether they say how long a cut gap lasts.
    pub(super) is_cut: bool,
    pub(super) text: String,
    /// The day they name.
    day: Option<i64>,
}

/// A day in few words.
fn words(day: i64, with_year: bool) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];
    let day = Day::of_ordinal(day);
    let month = MONTHS[usize::from(day.month.clamp(1, 12)) - 1];
    if with_year { format!("{} {month} {}", day.day, day.year) } else { format!("{} {month}", day.day) }
}

/// How long a gap is, in the unit that people would use.
fn lasting(days: i64) -> String {
    match days {
        ..14 => format!("{days} days"),
        14..60 => format!("{} weeks", (days + 3) / 7),
        60..730 => format!("{} months", (days + 15) / 30),
        _ => format!("{} years", (days + 182) / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: i64) -> Span {
        Span { from: Some(from), until: Some(until) }
    }

    #[test]
    fn time_runs_on_and_long_gaps_are_cut() {
        let spans = [span(0, 1), span(3, 4), span(7, 8), span(9, 10), span(1000, 1001)];
        let axis = Axis::new(&spans, 100, 700);
        let places: Vec<i32> = spans.iter().map(|it| axis.across(*it).0).collect();
        assert!(places.is_sorted());
        assert_eq!(axis.cuts.len(), 1);
        assert_eq!(axis.cuts[0].1, 990);
        assert_eq!(axis.across(span(1000, 1001)).1, 700, "the axis is used to its end");
        assert!(axis.labels(&spans).iter().any(|it| it.is_cut && it.text == "3 years"));
    }

    #[test]
    fn an_open_side_reaches_the_end() {
        let axis = Axis::new(&[span(0, 1), span(5, 6)], 100, 700);
        assert_eq!(axis.across(Span { from: None, until: Some(1) }).0, 100);
        assert_eq!(axis.across(Span { from: Some(5), until: None }).1, 700);
    }

    #[test]
    fn gaps_are_named_as_people_would() {
        assert_eq!([13, 14, 61, 800].map(lasting), ["13 days", "2 weeks", "2 months", "2 years"]);
    }
}
