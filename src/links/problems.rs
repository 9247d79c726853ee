//! What can be wrong with `links.lock`.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Level, Place};
use crate::text::Span;

/// Every code of this module.
pub static CODES: &[&Code] = &[&LINKS_LOCK_UNREADABLE];

static LINKS_LOCK_UNREADABLE: Code = Code {
    name: "links-lock-unreadable",
    level: Level::Error,
    manual: "# links-lock-unreadable\n\n\
        A line of `links.lock` cannot be read: somebody changed it by hand, a newer program wrote it, or two branches were merged and \
        the marks of the conflict are still there.\n\n\
        `rejoinder check --external` writes that file, one line for each address the site leads to, sorted. Nothing in it is \
        precious. After a conflict keep the lines of both sides and take the marks out: of two lines for one address the \
        newer one counts. If a line cannot be saved, delete it, and its address is asked again.\n",
};

/// A line that says nothing that is understood; `why` is a clause about it.
pub(super) fn unreadable(file: &Arc<str>, line: Span, why: &str) -> Diagnostic {
    let place = Place::span(file, line);
    Diagnostic::new(&LINKS_LOCK_UNREADABLE, place, format!("this line of `links.lock` cannot be read: {why}"))
        .help("delete the line; its address is then asked again")
}

/// A file that is in another form as a whole.
pub(super) fn other_form(file: &Arc<str>, line: Span, why: &str) -> Diagnostic {
    let place = Place::span(file, line);
    Diagnostic::new(&LINKS_LOCK_UNREADABLE, place, format!("this `links.lock` cannot be read: {why}")).help(
        "if a newer Rejoinder wrote it, use that one; else delete the file, and every address is asked again",
    )
}

/// What a merge left.
pub(super) fn conflict(file: &Arc<str>, line: Span) -> Diagnostic {
    let place = Place::span(file, line);
    Diagnostic::new(&LINKS_LOCK_UNREADABLE, place, "`links.lock` holds the mark of a merge conflict")
        .label("left by a merge")
        .help("keep the lines of both sides, and delete the marks")
}
