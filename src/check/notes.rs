//! What comparisons note of quotations that pass: shared by the checks that make a finding of a note.

use super::Quotes;
use crate::model::Wording;
use crate::quote::Note;
use crate::verify::Comparison;

/// Calls `found` with every note that makes a finding of this code. Of several sources that hold the words of a statement
/// the one with the best class speaks, and a wording that only one source has (`as_printed`) is that source's own affair.
pub(super) fn each(quotes: &Quotes<'_>, code: &str, mut found: impl FnMut(&Comparison, &Note)) {
    let of_one_statement = |a: &Comparison, b: &Comparison| a.subject.statement == b.subject.statement;
    for of_statement in quotes.comparisons.chunk_by(of_one_statement) {
        let own = of_statement.iter().filter(|it| it.subject.wording != Wording::AsPrinted);
        let Some(best) = own.filter(|it| it.class().passes()).min_by_key(|it| it.class()) else { continue };
        for note in best.notes() {
            if note.kind.finding() == Some(code) {
                found(best, &note);
            }
        }
    }
}
