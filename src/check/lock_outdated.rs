//! # lock-outdated
//!
//! `quotes.lock` does not say what a comparison says today: a quotation is new and has no record, a copy of a source has
//! changed, or a record is of a quotation that is gone.
//!
//! Where there is no copy, such as in a pull request, only the lock can vouch for a quotation. `rejoinder check --update-lock`
//! brings it up to date; commit the file with the change. A site without `quotes.lock` is not told.

use super::{Check, Quotes, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::quote::{Class, RULES};
use crate::verify::{Comparison, LOCK_FILE, State, leftover};

pub(super) static CODE: Code =
    Code { name: "lock-outdated", level: Level::Warning, manual: include_str!("lock_outdated.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnQuotes(run) };

fn run(quotes: &Quotes<'_>, report: &mut Report) {
    if quotes.lock.is_empty() {
        return;
    }
    let graph = quotes.graph;
    for it in quotes.comparisons {
        if let Some(why) = outdated(it) {
            let node = graph.node(it.subject.statement);
            let place = Place::field(&node.record().origin.file, it.subject.field(graph));
            let source = graph.node(it.subject.source).short_key();
            report.add(
                Diagnostic::new(
                    &CODE,
                    place,
                    format!("`quotes.lock` is behind: {}", why.replace("{}", source)),
                )
                .help("run `rejoinder check --update-lock`, and commit the file"),
            );
        }
    }
    let file: std::sync::Arc<str> = std::sync::Arc::from(LOCK_FILE);
    for key in leftover(quotes.lock, quotes.comparisons) {
        let message =
            format!("`quotes.lock` holds a quotation that is gone: `{}` in `{}`", key.statement, key.source);
        report.add(
            Diagnostic::new(&CODE, Place::file(&file), message)
                .help("run `rejoinder check --update-lock`, and commit the file"),
        );
    }
}

/// What the record does not say, if it is not what `quote-edited` and `quote-mismatch` tell of. `{}` stands for the source.
fn outdated(it: &Comparison) -> Option<String> {
    let Some(record) = &it.record else {
        return Some("it has no record of these words in `{}`".to_owned());
    };
    if record.rules != RULES {
        return Some(format!("its record for `{{}}` is of the rules `{}`", record.rules));
    }
    let State::Compared { found, text, .. } = &it.state else { return None };
    if it.edited().is_some() || found.class == Class::Mismatch && record.class == Class::Mismatch.name() {
        return None;
    }
    if record.class != found.class.name() {
        return Some(format!(
            "it says `{}`, and in `{{}}` the words are `{}`",
            record.class,
            found.class.name()
        ));
    }
    if record.text != Some(*text) {
        return Some("the saved copy of `{}` is another than the recorded one".to_owned());
    }
    let notes: Vec<String> = found.notes.iter().map(ToString::to_string).collect();
    (notes != record.notes).then(|| "the comparison with `{}` notes other things now".to_owned())
}
