//! Quotations held against saved copies of their sources: reads the copies and the lock, compares, and says what is wrong
//! with the files themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::parallel::map_in_order;
use crate::diag::{Code, Diagnostic, Failure, Level, Place, Report, Sources};
use crate::extract;
use crate::graph::{Audit, Graph, NodeId, Verification};
use crate::input::Files;
use crate::model::{Data, Site};
use crate::quote::SourceText;
use crate::text::Sha256;
use crate::verify::{self, Comparison, Copy, LOCK_FILE, Lock, Signature};

/// Every code of this module.
pub(super) static CODES: &[&Code] = &[&SNAPSHOT_CHANGED, &SNAPSHOT_UNREADABLE];

static SNAPSHOT_CHANGED: Code = Code {
    name: "snapshot-changed",
    level: Level::Error,
    manual: "# snapshot-changed

The saved copy of a source is not the one its record names: `sha256:` or `text_sha256:` below `snapshot:` is the digest of
another text. Whatever is compared with it would be compared with something nobody vouched for.

Put the old copy back, or save the source again with `rejoinder source add FILE ID --replace`, which records what it stores.",
};

static SNAPSHOT_UNREADABLE: Code = Code {
    name: "snapshot-unreadable",
    level: Level::Error,
    manual: "# snapshot-unreadable

The saved copy of a source holds no text that could be read. A copy without words never counts as one that holds a
quotation.

Save the source again as a web page, as plain text, or as a PDF with a text layer: `rejoinder source add FILE ID --replace`.",
};

/// Every quotation with what is known of it.
pub(super) struct Quotes {
    pub(super) comparisons: Vec<Comparison>,
    /// The lock as it stands, or as it should be when that was asked for.
    pub(super) lock: Lock,
    /// The text of the lock file that should be written; `None` when it stands as it should, or nobody asked.
    pub(super) rewritten: Option<String>,
}

impl Quotes {
    /// What pages may say of it.
    pub(super) fn audit(&self) -> Audit {
        let mut quotations: BTreeMap<NodeId, Vec<Verification>> = BTreeMap::new();
        for it in &self.comparisons {
            let of_statement = quotations.entry(it.subject.statement).or_default();
            // Most have one or two, and room for four is what a list takes at first.
            of_statement.reserve_exact(1);
            of_statement.push(it.into());
        }
        Audit { quotations, ..Audit::default() }
    }
}

/// Reads and compares.
///
/// # Errors
/// When the lock or a copy is there and cannot be read.
pub(super) fn all(
    files: &dyn Files,
    site: &Site,
    graph: &Graph,
    update: Option<&Signature>,
    sources: &mut Sources,
    report: &mut Report,
) -> Result<Quotes, Failure> {
    let written = files.read(LOCK_FILE)?;
    let text: Arc<str> =
        written.as_ref().map_or_else(|| Arc::from(""), |it| String::from_utf8_lossy(&it.bytes).into());
    let file: Arc<str> = Arc::from(LOCK_FILE);
    let (lock, problems) = Lock::parse(&file, &text);
    sources.insert(file, Arc::clone(&text));

    let groups = verify::uses_by_source(graph);
    let compared = map_in_order(&groups, |(source, uses)| {
        let (copy, problem) = copy(files, graph, *source)?;
        let states = verify::compare(graph, uses, copy.as_ref(), site.house_style, &site.language);
        Ok((states, problem))
    });
    let mut states = Vec::with_capacity(groups.len());
    for group in compared {
        let (of_source, problem) = group?;
        states.push(of_source);
        report.add_some(problem);
    }
    let comparisons = verify::join(groups, states, &lock);
    // A file that holds what cannot be read is not written anew: a record would be lost, and with it what it holds fast.
    let loses = problems.iter().any(|it| it.loses);
    let Some(signature) = update.filter(|_| !loses) else {
        problems.into_iter().for_each(|it| report.add(it.diagnostic));
        return Ok(Quotes { comparisons, lock, rewritten: None });
    };
    let lock = verify::updated(&lock, &comparisons, signature);
    let comparisons = comparisons.into_iter().map(|it| {
        let record = lock.get(&it.subject.key, &it.subject.digest).cloned().map(Box::new);
        Comparison { record, ..it }
    });
    let comparisons = comparisons.collect();
    let rendered = lock.render();
    let is_new = *rendered != *text && !(lock.is_empty() && written.is_none());
    Ok(Quotes { comparisons, lock, rewritten: is_new.then_some(rendered) })
}

/// The lock of an earlier release. What cannot be read in it is told without a place, because the file is not here.
pub(super) fn released(text: &str, report: &mut Report) -> Lock {
    let (lock, problems) = Lock::parse(&Arc::from(LOCK_FILE), text);
    for it in problems {
        let message = format!("in the released `{LOCK_FILE}`: {}", it.diagnostic.message);
        report.add(Diagnostic { place: None, message, ..it.diagnostic });
    }
    lock
}

/// The copy of a source, if its record names one and it is here.
fn copy(
    files: &dyn Files,
    graph: &Graph,
    source: NodeId,
) -> Result<(Option<Copy>, Option<Diagnostic>), Failure> {
    let record = graph.node(source).record();
    let Data::Source(data) = &record.data else { return Ok((None, None)) };
    let Some(snapshot) = &data.snapshot else { return Ok((None, None)) };
    let Some(input) = files.read(&snapshot.file)? else { return Ok((None, None)) };
    let place =
        |field: &str| Place::field(&record.origin.file, record.origin.field(&format!("snapshot.{field}")));
    let digest = Sha256::of(&input.bytes);
    let known = [snapshot.sha256, snapshot.text_sha256];
    if known.iter().any(Option::is_some) && !known.contains(&Some(digest)) {
        let field = if snapshot.text_sha256.is_some() { "text_sha256" } else { "sha256" };
        let message = format!("`{}` is not the copy that this record names", snapshot.file);
        let told = Diagnostic::new(&SNAPSHOT_CHANGED, place(field), message)
            .label("the digest of another text")
            .note(format!("the file’s digest is {digest}"))
            .help(format!(
                "put the old copy back, or run `rejoinder source add FILE {} --replace`",
                graph.node(source).short_key()
            ));
        return Ok((None, Some(told)));
    }
    match extract::extract(&snapshot.file, &input.bytes, &extract::Options::default()) {
        Ok(extracted) => {
            let text_digest = Sha256::of(extracted.text.as_bytes());
            let text = SourceText::new(&extracted.text);
            Ok((Some(Copy { text, digest: text_digest, saved: snapshot.sha256 }), None))
        }
        Err(problem) => {
            let told = Diagnostic::new(
                &SNAPSHOT_UNREADABLE,
                place("file"),
                format!("the saved copy `{}` cannot be read: {}", snapshot.file, problem.message),
            );
            Ok((None, Some(told.help(problem.help))))
        }
    }
}
