//! # figure-unit
//!
//! A number stands in a unit that is not its own. These slips are the commonest with numbers, and each changes the meaning
//! completely:
//!
//! | reported | because |
//! | --- | --- |
//! | `measure: change in percentage points`, `unit: percent`, or the reverse | from 10% to 12% is two points, or twenty percent |
//! | the same value for one measure, once in percent and once in percentage points | one of them is wrong |
//! | `value: 593 billion`, `unit: million USD` | the magnitude stands twice |
//! | a value in `also_reported` a hundred times as large or as small | billion for million |
//! | a conversion between two of the larger currencies a hundred times as large or as small | the same |
//! | `measure: fall in share price`, `value: -17` | a fall of minus 17 is a rise |
//! | a conversion with another sign than its value | |
//!
//! **Bad**: `measure: drop of market value`, `value: -593 billion`
//!
//! **Good**: `measure: market value change`, `value: -593 billion`; or `measure: drop of market value`, `value: 593 billion`

use std::collections::BTreeMap;

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, Node, NodeId};
use crate::model::{Data, Figure, Kind, Relation};
use crate::quote::words;
use crate::text::{Decimal, Edtf, Magnitude};

pub(super) static CODE: Code =
    Code { name: "figure-unit", level: Level::Warning, manual: include_str!("figure_unit.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

/// Words that already say which way it went.
const FALLS: [&str; 14] = [
    "fall",
    "falls",
    "drop",
    "drops",
    "decline",
    "declines",
    "decrease",
    "decreases",
    "loss",
    "losses",
    "plunge",
    "slump",
    "reduction",
    "shrinkage",
];
/// Beside one of these, a word such as "loss" says nothing: "profit or loss".
const RISES: [&str; 8] = ["rise", "profit", "gain", "gains", "increase", "growth", "change", "balance"];

/// Currencies of which one is worth less than a hundred of any other.
const NEAR_CURRENCIES: [&str; 20] = [
    "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD", "CNY", "HKD", "SEK", "NOK", "DKK", "PLN", "BRL",
    "AED", "SAR", "ILS", "MYR", "QAR",
];

const MAGNITUDES: [&str; 9] =
    ["thousand", "million", "millions", "mn", "billion", "billions", "bn", "trillion", "tn"];

fn run(graph: &Graph, report: &mut Report) {
    let mut rates: BTreeMap<(NodeId, Vec<String>, &str), (&Node, &Figure)> = BTreeMap::new();
    for id in graph.of_kind(Kind::Figure) {
        let node = graph.node(id);
        let Data::Figure(figure) = &node.record().data else { continue };
        one(node, figure, report);
        let of = graph.targets(id, Relation::FigureOf).next();
        if let Some(of) = of.filter(|_| Rate::of(&figure.unit).is_some()) {
            let on = figure.on.as_ref().map_or("", Edtf::raw);
            let (other, known) = *rates.entry((of, words(&figure.measure), on)).or_insert((node, figure));
            if Rate::of(&known.unit) != Rate::of(&figure.unit) && known.value == figure.value {
                let message = "two figures give one number in percent and in percentage points";
                report.add(
                    told(node, "unit", message)
                        .label(figure.unit.clone())
                        .also(other.place("unit"), known.unit.clone())
                        .help("find out which it is, and delete the other"),
                );
            }
        }
    }
}

fn told(node: &Node, path: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&CODE, node.place(path), message)
}

/// The two units that are taken for each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rate {
    Percent,
    Points,
}

impl Rate {
    fn of(unit: &str) -> Option<Rate> {
        match words(unit).join(" ").as_str() {
            "percent" | "per cent" | "pct" | "%" => Some(Rate::Percent),
            "percentage point" | "percentage points" | "pp" => Some(Rate::Points),
            _ => None,
        }
    }

    /// What the words of a measure say it is counted in.
    fn said_by(measure: &[String]) -> Option<Rate> {
        let has = |pair: [&str; 2]| measure.windows(2).any(|it| it == pair);
        if has(["percentage", "point"]) || has(["percentage", "points"]) {
            return Some(Rate::Points);
        }
        let is_percent = |it: &String| matches!(it.as_str(), "percent" | "per cent" | "%");
        measure.iter().any(is_percent).then_some(Rate::Percent)
    }
}

fn one(node: &Node, figure: &Figure, report: &mut Report) {
    let measure = words(&figure.measure);
    let has = |words: &[&str]| measure.iter().any(|it| words.contains(&it.as_str()));
    let unit = Rate::of(&figure.unit);
    if let Some((said, unit)) = Rate::said_by(&measure).zip(unit).filter(|(said, unit)| said != unit) {
        let (said, unit) = match (said, unit) {
            (Rate::Points, _) => ("percentage points", "percent"),
            (Rate::Percent, _) => ("percent", "percentage points"),
        };
        let message = format!("this measure is in {said}, and its unit is {unit}");
        report.add(
            told(node, "unit", message)
                .label("not the unit of the measure")
                .also(node.place("measure"), "the measure")
                .help("correct the one that is wrong"),
        );
    }
    let doubled = words(&figure.unit).iter().any(|it| MAGNITUDES.contains(&it.as_str()));
    if doubled && figure.value.magnitude() != Magnitude::One {
        report.add(
            told(node, "unit", "both the value and the unit of this figure have a magnitude")
                .label("a magnitude again")
                .also(node.place("value"), "the value's")
                .help("leave it out of the unit"),
        );
    }
    if figure.value.is_negative() && has(&FALLS) && !has(&RISES) {
        report.add(
            told(node, "value", "this measure is a fall, and its value is negative")
                .label("a negative fall is a rise")
                .also(node.place("measure"), "the measure")
                .help("take the minus out, or call the measure a change"),
        );
    }
    for (idx, other) in figure.also_reported.iter().enumerate() {
        if is_far(&figure.value, other) {
            let message = "another report of this figure is a hundred times as large or as small";
            report.add(
                told(node, &format!("also_reported[{idx}]"), message)
                    .label(other.display())
                    .also(node.place("value"), figure.value.display())
                    .help("correct the magnitude (million, billion)"),
            );
        }
    }
    for (idx, it) in figure.conversions.iter().enumerate() {
        let place = format!("conversions[{idx}].value");
        let are_near = [&figure.unit, &it.unit].iter().all(|unit| NEAR_CURRENCIES.contains(&unit.trim()));
        if figure.value.is_negative() != it.value.is_negative() {
            report.add(
                told(node, &place, "this conversion has another sign than its figure")
                    .label(it.value.display())
                    .also(node.place("value"), figure.value.display())
                    .help("correct the sign"),
            );
        } else if are_near && is_far(&figure.value, &it.value) {
            let message = "this conversion is a hundred times as large or as small as its figure";
            report.add(
                told(node, &place, message)
                    .label(it.value.display_with_unit(&it.unit))
                    .also(node.place("value"), figure.value.display_with_unit(&figure.unit))
                    .help("correct the magnitude (million, billion)"),
            );
        }
        if unit.zip(Rate::of(&it.unit)).is_some_and(|(unit, other)| unit != other) {
            report.add(
                told(
                    node,
                    &format!("conversions[{idx}].unit"),
                    "percent and percentage points do not convert",
                )
                .label("another thing, not another unit")
                .help("make it a figure of its own, with a measure that says what it is"),
            );
        }
    }
}

/// Whether one number is at least a hundred times another, neither of them nothing.
fn is_far(one: &Decimal, other: &Decimal) -> bool {
    let unit = one.last_digit().min(other.last_digit());
    let size = |it: &Decimal| it.in_units_of(unit).map(i128::abs);
    let Some((a, b)) = size(one).zip(size(other)).filter(|(a, b)| *a > 0 && *b > 0) else { return false };
    a / 100 >= b || b / 100 >= a
}
