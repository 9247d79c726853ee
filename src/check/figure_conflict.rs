//! # figure-conflict
//!
//! Two numbers for one thing cannot both be right. Looked at are
//!
//! - two figures `of` one actor, with one `measure`, `unit` and day (`on`), and different values;
//! - parts that do not add up to the whole;
//! - two conversions of one figure into one unit at one day's rate.
//!
//! Numbers are compared exactly, and as far as they are known. 17 and 16.97 agree, because 17 stands for everything from 16.5
//! to 17.5, unless it says `precision: exact`. `about` gives a tenth to either side, `more-than` and the like a whole side. Parts
//! must add up to the digit, unless the figure says `precision: rounded` or has a `bound`.
//!
//! **Bad**
//!
//! ```yaml
//! - { id: fall, of: nvidia, measure: market value change, value: -593 billion, unit: USD, on: 2025-01-27, … }
//! - { id: fall-2, of: nvidia, measure: market value change, value: -589 billion, unit: USD, on: 2025-01-27, … }
//! ```
//!
//! **Good**: one figure that says what others report.
//!
//! ```yaml
//! - { id: fall, …, value: -593 billion, also_reported: [-589 billion], … }
//! ```

use std::collections::BTreeMap;

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, Node, NodeId};
use crate::model::{Bound, Data, Figure, Kind, Relation};
use crate::text::{Decimal, Edtf};

pub(super) static CODE: Code =
    Code { name: "figure-conflict", level: Level::Warning, manual: include_str!("figure_conflict.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    let mut first: BTreeMap<(NodeId, String, String, &str), (&Node, &Figure)> = BTreeMap::new();
    for id in graph.of_kind(Kind::Figure) {
        let node = graph.node(id);
        let Data::Figure(figure) = &node.record().data else { continue };
        report.add_some(parts(node, figure));
        conversions(node, figure, report);
        let Some(of) = graph.targets(id, Relation::FigureOf).next() else { continue };
        let plain = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let on = figure.on.as_ref().map_or("", Edtf::raw);
        let key = (of, plain(&figure.measure), plain(&figure.unit), on);
        let (other, known) = first.entry(key).or_insert((node, figure));
        if !agree(known, figure) {
            report.add(
                Diagnostic::new(
                    &CODE,
                    node.place("value"),
                    "two figures give different numbers for one thing",
                )
                .label(figure.value.display_with_unit(&figure.unit))
                .also(other.place("value"), known.value.display_with_unit(&known.unit))
                .help("keep one figure, and write the other number in its `also_reported:`"),
            );
        }
    }
}

/// From where to where a number may lie, both included.
#[derive(Clone, Copy)]
struct Extent {
    low: i128,
    high: i128,
}

const OPEN: Extent = Extent { low: i128::MIN, high: i128::MAX };

impl Extent {
    /// `None` when the number is too long to calculate with.
    fn of(value: &Decimal, is_exact: bool, bound: Option<Bound>, unit: i32) -> Option<Extent> {
        let size = value.in_units_of(unit)?;
        let half = if is_exact { 0 } else { half_step(value, unit)? };
        let about = size.abs() / 10;
        let bound = bound.or(match value.qualifier() {
            Some("about") => Some(Bound::About),
            Some("over" | "more than") => Some(Bound::MoreThan),
            Some("under" | "less than") => Some(Bound::LessThan),
            _ => None,
        });
        let near = Extent { low: size.checked_sub(half)?, high: size.checked_add(half)? };
        Some(match bound {
            None => near,
            Some(Bound::About) => {
                Extent { low: near.low.checked_sub(about)?, high: near.high.checked_add(about)? }
            }
            // "More than" a loss may mean either side.
            Some(_) if size < 0 => OPEN,
            Some(Bound::MoreThan | Bound::AtLeast) => Extent { high: i128::MAX, ..near },
            Some(Bound::LessThan | Bound::AtMost) => Extent { low: i128::MIN, ..near },
        })
    }

    fn meets(self, other: Extent) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// Half of the last digit that was typed.
fn half_step(value: &Decimal, unit: i32) -> Option<i128> {
    let zeros = u32::try_from(value.last_digit().checked_sub(1)?.checked_sub(unit)?).ok()?;
    10_i128.checked_pow(zeros)?.checked_mul(5)
}

/// A unit in which all these numbers, and halves of their last digits, are whole.
fn common_unit<'a>(values: impl Iterator<Item = &'a Decimal>) -> i32 {
    values.map(Decimal::last_digit).min().unwrap_or(0).saturating_sub(1)
}

fn is_exact(figure: &Figure) -> bool {
    figure.precision.as_deref() == Some("exact")
}

fn agree(one: &Figure, other: &Figure) -> bool {
    let unit = common_unit([&one.value, &other.value].into_iter());
    let extent = |it: &Figure| Extent::of(&it.value, is_exact(it), it.bound, unit);
    let Some((a, b)) = extent(one).zip(extent(other)) else { return true };
    let reports = |it: &Figure, value: &Decimal| it.also_reported.iter().any(|it| it.same_value(value));
    a.meets(b) || reports(one, &other.value) || reports(other, &one.value)
}

fn parts(node: &Node, figure: &Figure) -> Option<Diagnostic> {
    let values = || figure.parts.iter().map(|it| &it.value).chain([&figure.value]);
    if figure.parts.is_empty() || figure.bound.is_some() || values().any(|it| it.qualifier().is_some()) {
        return None;
    }
    let unit = common_unit(values());
    let add = |sum: Option<i128>, next: Option<i128>| sum?.checked_add(next?);
    let sum = figure.parts.iter().map(|it| it.value.in_units_of(unit)).fold(Some(0), add)?;
    let tolerance = match figure.precision.as_deref() {
        Some("rounded") => values().map(|it| half_step(it, unit)).fold(Some(0), add)?,
        _ => 0,
    };
    let off = sum.checked_sub(figure.value.in_units_of(unit)?)?;
    (off.abs() > tolerance).then(|| {
        Diagnostic::new(&CODE, node.place("parts"), "the parts of this figure do not add up to it")
            .label("the parts")
            .also(node.place("value"), "the whole")
            .help("correct a number, add the part that is missing, or write `precision: rounded`")
    })
}

fn conversions(node: &Node, figure: &Figure, report: &mut Report) {
    let mut first: BTreeMap<(&str, Option<&str>), &Decimal> = BTreeMap::new();
    for (idx, it) in figure.conversions.iter().enumerate() {
        let rate_date = it.rate_date.as_ref().map(Edtf::raw);
        let known = *first.entry((it.unit.trim(), rate_date)).or_insert(&it.value);
        let unit = common_unit([known, &it.value].into_iter());
        let extent = |value| Extent::of(value, false, None, unit);
        if extent(known).zip(extent(&it.value)).is_some_and(|(a, b)| !a.meets(b)) {
            let message = format!("this figure has two conversions into {}", it.unit);
            report.add(
                Diagnostic::new(&CODE, node.place(&format!("conversions[{idx}].value")), message)
                    .label(format!("and one is {}", known.display_with_unit(&it.unit)))
                    .help("keep one, or give each the day of its rate"),
            );
        }
    }
}
