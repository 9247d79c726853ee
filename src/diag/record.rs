//! The shapes that reports for programs share: one problem, and what is said of the run as a whole.
//!
//! They are a contract: a field may come, but `schema` changes when one changes its meaning or goes.

use serde::Serialize;

use super::human::n_files;
use super::located::{Located, Locator};
use super::visible::acts;
use super::{Diagnostic, Edit, Exit, Failure, Fingerprinted, LeftOut, Level, Place, Report, Sources};

/// What the report says of the run as a whole.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The subcommand: `build`.
    pub command: &'a str,
    /// How the run ended.
    pub exit: Exit,
    /// What stopped it, if it was not the content.
    pub failure: Option<&'a Failure>,
    /// What it wrote.
    pub outputs: Vec<Output>,
    /// How many problems it found and was told not to show.
    pub hidden: Hidden,
    /// What it mended.
    pub mended: Mended,
}

impl<'a> Envelope<'a> {
    /// A run that wrote, hid and mended nothing.
    pub fn new(command: &'a str, exit: Exit) -> Envelope<'a> {
        Envelope {
            command,
            exit,
            failure: None,
            outputs: Vec::new(),
            hidden: Hidden::default(),
            mended: Mended::default(),
        }
    }
}

/// One thing a run wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Output {
    /// The output directory, as the user named it.
    pub path: String,
    /// Files that were new or changed.
    pub written: usize,
    /// Files that stayed as they were.
    pub unchanged: usize,
    /// Files that are gone because nothing makes them any more.
    pub removed: usize,
    /// How many of the written and removed files are pages.
    pub pages_changed: usize,
    /// Bytes of all files together.
    pub bytes: u64,
    /// Files that are not ours and were left alone.
    pub kept: Vec<String>,
}

/// Problems that were found and are not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// In files that nobody asked for.
    pub elsewhere: LeftOut,
    /// Known from a baseline.
    pub baseline: LeftOut,
}

/// What a run mended, and what it would not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// Problems that an edit removed.
    pub fixed: Vec<FixedProblem>,
    /// Files that were not edited though a problem in them has a safe fix.
    pub left_alone: Vec<LeftAlone>,
}

/// One problem that an edit removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixedProblem {
    /// The kind of problem.
    pub code: String,
    /// What was wrong.
    pub message: String,
    /// What was done: "Write `actor`".
    pub title: String,
    /// The file that was edited.
    pub file: String,
    /// The line as it was numbered before the edit.
    pub line: usize,
}

/// One file that was not edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftAlone {
    /// The file.
    pub file: String,
    /// Why.
    pub why: String,
}

/// The run as a whole.
#[derive(Serialize)]
pub(super) struct JsonRun<'a> {
    /// `rejoinder.report/1`.
    schema: &'static str,
    /// The subcommand.
    command: &'a str,
    /// Whether `exit` is 0.
    ok: bool,
    /// The program's exit code.
    exit: u8,
    /// How many problems are shown.
    counts: JsonCounts,
    /// How many problems are not shown.
    hidden: Hidden,
}

/// What stands behind the problems.
#[derive(Serialize)]
pub(super) struct JsonEnd<'a> {
    #[serde(flatten)]
    mended: &'a Mended,
    /// What stopped the run, or `null`.
    failure: Option<JsonFailure<'a>>,
    /// What was written.
    outputs: &'a [Output],
}

#[derive(Serialize)]
struct JsonCounts {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Files that have a problem.
    files: usize,
}

#[derive(Serialize)]
struct JsonFailure<'a> {
    message: &'a str,
    cause: &'a str,
    help: &'a str,
}

/// The run as it is said before the problems.
pub(super) fn run<'a>(envelope: &Envelope<'a>, report: &Report) -> JsonRun<'a> {
    JsonRun {
        schema: "rejoinder.report/1",
        command: envelope.command,
        ok: envelope.exit == Exit::Done,
        exit: envelope.exit.code(),
        counts: JsonCounts {
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            notes: report.count(Level::Note),
            files: n_files(report),
        },
        hidden: envelope.hidden,
    }
}

/// The run as it is said behind the problems.
pub(super) fn end<'a>(envelope: &'a Envelope<'_>) -> JsonEnd<'a> {
    JsonEnd {
        mended: &envelope.mended,
        failure: envelope.failure.map(|failure| JsonFailure {
            message: &failure.message,
            cause: &failure.cause,
            help: &failure.help,
        }),
        outputs: &envelope.outputs,
    }
}

/// Every problem in its order.
pub(super) fn diagnostics<'a>(report: &'a Fingerprinted, sources: &Sources) -> Vec<JsonDiagnostic<'a>> {
    let locator = Locator::new(sources);
    report.iter().map(|(it, fingerprint)| diagnostic(it, fingerprint, &locator, sources)).collect()
}

/// JSON text in which no character acts on the reader's screen.
pub(super) fn safe_json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // Outside ASCII these can only stand inside a JSON string, where an escape means the same.
        if acts(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// One problem.
#[derive(Serialize)]
pub(super) struct JsonDiagnostic<'a> {
    /// The kind of problem: `unknown-actor`.
    code: &'static str,
    /// `error`, `warning` or `note`.
    severity: &'static str,
    /// One sentence.
    message: &'a str,
    /// Path relative to the project, or `null`.
    file: Option<&'a str>,
    /// Where in the file, or `null` for the file as a whole.
    span: Option<JsonSpan>,
    /// What stands under the caret; may be empty.
    label: &'a str,
    /// The address of the page being made, or `null`.
    page: Option<&'a str>,
    /// How the page led here, outermost first.
    trace: &'a [String],
    /// Other places that matter.
    related: Vec<JsonRelated<'a>>,
    /// What to do, one action each.
    help: &'a [String],
    /// Why it matters.
    notes: &'a [String],
    /// A change that would remove the problem, or `null`.
    fix: Option<JsonFix<'a>>,
    /// The same for the same problem on a moved line; unique within a run.
    fingerprint: &'a str,
    /// The address of the code's manual page, or `null` while it has none.
    url: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonSpan {
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Serialize)]
struct JsonPosition {
    line: usize,
    col: usize,
    byte: usize,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    file: &'a str,
    span: Option<JsonSpan>,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    /// `safe`: `check --fix` applies it. `review`: a person should look before it is applied.
    safety: &'static str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    file: &'a str,
    /// First byte to replace, counted behind a byte order mark.
    start: usize,
    /// One past the last byte to replace.
    end: usize,
    /// What to write there.
    text: &'a str,
}

fn diagnostic<'a>(
    it: &'a Diagnostic,
    fingerprint: &'a str,
    locator: &Locator<'_>,
    sources: &Sources,
) -> JsonDiagnostic<'a> {
    let located = it.place.as_ref().and_then(|place| locator.locate(place));
    JsonDiagnostic {
        code: it.code.name,
        severity: it.level.name(),
        message: &it.message,
        file: it.place.as_ref().map(|place| &*place.file),
        fingerprint,
        span: located.as_ref().map(span),
        label: &it.label,
        page: it.page.as_deref(),
        trace: &it.trace,
        related: it.labels.iter().map(|label| related(&label.place, &label.text, locator)).collect(),
        help: &it.help,
        notes: &it.notes,
        fix: it.fix.as_ref().map(|fix| fixed(&fix.title, it.edit(sources))),
        url: None,
    }
}

fn related<'a>(place: &'a Place, message: &'a str, locator: &Locator<'_>) -> JsonRelated<'a> {
    JsonRelated { file: &place.file, span: locator.locate(place).as_ref().map(span), message }
}

fn fixed<'a>(title: &'a str, edit: Option<Edit<'a>>) -> JsonFix<'a> {
    let is_safe = edit.is_some_and(|edit| edit.is_safe);
    let edits =
        edit.map(|Edit { file, span, text, .. }| JsonEdit { file, start: span.start, end: span.end, text });
    JsonFix { title, safety: if is_safe { "safe" } else { "review" }, edits: edits.into_iter().collect() }
}

fn span(located: &Located) -> JsonSpan {
    let position = |it: crate::text::Position| JsonPosition { line: it.line, col: it.column, byte: it.byte };
    JsonSpan { start: position(located.start), end: position(located.end) }
}
