//! # conversion-without-rate-date
//!
//! A figure is converted into another unit, and nothing says at which day's rate. €570bn is only right for one day's rate
//! of the dollar, and a reader cannot tell which.
//!
//! ```yaml
//! conversions: [{ value: -570 billion, unit: EUR, by: euronews, rate_date: null }]         # warned
//! conversions: [{ value: -570 billion, unit: EUR, by: euronews, rate_date: 2025-01-28 }]   # fine
//! ```
//!
//! If the source does not say, leave it out: the page prints "rate date not given", and this warning stays as a reminder.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::Graph;
use crate::model::{Data, Kind};

pub(super) static CODE: Code = Code {
    name: "conversion-without-rate-date",
    level: Level::Warning,
    manual: include_str!("conversion_without_rate_date.rs"),
};
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Figure) {
        let node = graph.node(id);
        let Data::Figure(figure) = &node.record().data else { continue };
        for (idx, _) in figure.conversions.iter().enumerate().filter(|(_, it)| it.rate_date.is_none()) {
            let place = Place::field(
                &node.record().origin.file,
                node.field(&format!("conversions[{idx}].rate_date")),
            );
            report.add(
                Diagnostic::new(
                    &CODE,
                    place,
                    format!("the conversion of `{}` does not say at which day's rate", node.short_key()),
                )
                .label("no rate date")
                .help("write `rate_date:` with the day, if a source gives it"),
            );
        }
    }
}
