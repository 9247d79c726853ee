//! # correction-missing
//!
//! A quotation was published with other words than it has now, or is gone, and no correction says so. Readers who quoted the
//! old words cannot learn that they were wrong.
//!
//! It is asked for with `rejoinder check --released TAG`, before a release: `quotes.lock` at that commit or tag says which
//! words were published. Record what changed:
//!
//! ```yaml
//! kind: correction
//! on: ada.hello
//! date: 2025-02-01
//! type: correction
//! was: the words that stood there
//! now: the words that stand there now
//! why: We had taken them from a report, and have now seen the post.
//! ```
//!
//! A quotation that is gone needs a correction of type `retraction` in its story. One correction from the day of the release
//! or later is enough.

use super::{Check, Quotes, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{CorrectionType, Data, Kind, Relation, Wording};
use crate::text::Edtf;
use crate::verify::{LOCK_FILE, RecordKey};

pub(super) static CODE: Code =
    Code { name: "correction-missing", level: Level::Error, manual: include_str!("correction_missing.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    let Some(released) = quotes.released else { return };
    let graph = quotes.graph;
    let mut told: Vec<&str> = Vec::new();
    // What one source prints differently is that source's affair, not what the site said.
    for (key, record) in released.records().filter(|(key, _)| key.wording != Wording::AsPrinted) {
        if told.contains(&key.statement.as_str()) {
            continue;
        }
        let day = Edtf::parse(&record.on).ok();
        let of_statement =
            || quotes.comparisons.iter().filter(|it| it.subject.key.statement == key.statement);
        let now = of_statement().find(|it| it.subject.wording == key.wording);
        match (graph.find(Kind::Statement, &key.statement), now) {
            (Some(_), Some(now)) if now.subject.digest == record.digest => continue,
            (Some(id), Some(now)) if !is_corrected(graph, id, day.as_ref()) => {
                let node = graph.node(id);
                let place = Place::field(&node.record().origin.file, now.subject.field(graph));
                report.add(changed(place, &record.on, node.short_key()));
            }
            // A quotation that became a paraphrase is no quotation any more.
            (Some(id), None) if !is_corrected(graph, id, day.as_ref()) => {
                let node = graph.node(id);
                let place = Place::field(&node.record().origin.file, node.field("id"));
                report.add(changed(place, &record.on, node.short_key()));
            }
            (None, _) if !is_retracted(graph, key, day.as_ref()) => report.add(gone(key, &record.on)),
            _ => continue,
        }
        told.push(&key.statement);
    }
}

fn is_corrected(graph: &Graph, statement: NodeId, since: Option<&Edtf>) -> bool {
    graph.origins(statement, Relation::Corrects).any(|it| is_since(graph, it, since))
}

fn is_retracted(graph: &Graph, key: &RecordKey, since: Option<&Edtf>) -> bool {
    let story = key.statement.split('/').next().unwrap_or_default();
    let of_story = graph
        .of_kind(Kind::Correction)
        .filter(|id| graph.node(*id).story.is_some_and(|it| &*graph.node(it).key == story));
    of_story.into_iter().any(|id| {
        let retracts = match &graph.node(id).record().data {
            Data::Correction(it) => it.correction_type == CorrectionType::Retraction,
            _ => false,
        };
        retracts && is_since(graph, id, since)
    })
}

fn is_since(graph: &Graph, correction: NodeId, since: Option<&Edtf>) -> bool {
    let date = graph.date_of(correction);
    since.zip(date).is_none_or(|(since, date)| !date.definitely_before(since))
}

fn changed(place: Place, on: &str, id: &str) -> Diagnostic {
    Diagnostic::new(&CODE, place, "these words were published otherwise, and no correction says so")
        .label(format!("other than those recorded on {on}"))
        .help(format!("write a correction with `on: {id}`, or put the words back"))
}

fn gone(key: &RecordKey, on: &str) -> Diagnostic {
    let file: std::sync::Arc<str> = std::sync::Arc::from(LOCK_FILE);
    let message = format!(
        "the quotation `{}`, recorded on {on}, was published and is gone, and no correction says so",
        key.statement
    );
    Diagnostic::new(&CODE, Place::file(&file), message)
        .help("write a correction of type `retraction` in its story")
}
