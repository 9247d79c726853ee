//! What stands between two words, in the quotation and in the source: the same, or what differs.

use super::house::{self, HouseRule};
use super::note::NoteKind;
use super::pattern::ellipsis;
use super::tokens::{Shape, Text, is_currency};

/// How two gaps compare that have the same words on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Between {
    /// Whether they differ at all.
    pub(super) differs: bool,
    /// Whether they differ in punctuation.
    pub(super) punctuation: bool,
    /// Whether only one of them holds a paragraph break.
    pub(super) paragraph: bool,
    /// Whether the source has square brackets that the quotation has not.
    pub(super) source_bracket: bool,
    /// Whether a hyphen of the source stands at the end of a line.
    pub(super) line_end: bool,
    /// Whether the source asks there and the quotation does not.
    pub(super) drops_question: bool,
    /// What a house style changed.
    pub(super) house: Option<HouseRule>,
}

/// Compares the gap before a word of the quotation with the one before a word of the source; the words before them are
/// known to be the same. The flags say whether there is a house style, and whether square brackets of the quotation are
/// looked at elsewhere. The error says what must not differ.
pub(super) fn between(
    quote: &Text,
    quote_idx: usize,
    source: &Text,
    source_idx: usize,
    (house_style, is_bracket): (bool, bool),
) -> Result<Between, NoteKind> {
    if quote.raw_gap(quote_idx) == source.raw_gap(source_idx) {
        return Ok(Between::default());
    }
    let (ours, theirs) = (quote.gap(quote_idx), source.gap(source_idx));
    let mut found = Between { differs: true, ..Between::default() };
    if ours == theirs {
        return Ok(found);
    }
    let only_house = |rule: HouseRule| match house_style {
        true => Ok(Between { differs: true, house: Some(rule), ..Between::default() }),
        false => Err(NoteKind::HouseOnly { rule }),
    };
    if ours == "-" && is_line_end(source, source_idx) {
        found.line_end = true;
        return Ok(found);
    }
    if is_compound(quote, quote_idx) || is_compound(source, source_idx) {
        if ours == "-" && theirs == "-" {
            return Ok(found);
        }
        return match (ours, theirs) {
            ("-", " ") | (" ", "-" | "- ") => only_house(HouseRule::Compound),
            _ => Err(NoteKind::HouseOnly { rule: HouseRule::Compound }),
        };
    }
    if ellipsis(ours).is_some() && ellipsis(theirs).is_none() {
        return Err(NoteKind::EmptyGap);
    }
    if adds_question(ours, theirs) {
        return Err(NoteKind::AddedQuestion);
    }
    let (before, before_there) = (quote.word(quote_idx - 1), source.word(source_idx - 1));
    let bare = |gap: &'_ str| gap.strip_prefix('.').unwrap_or(gap).to_owned();
    if bare(ours) == bare(theirs) {
        if before == before_there && house::is_title(before) {
            return only_house(HouseRule::Abbreviation);
        }
        if house::is_dotted(before) != house::is_dotted(before_there) {
            // The last stop of `U.S.`, where the whole word is already under the rule.
            return Ok(found);
        }
    }
    let is_one_number = |text: &Text, idx: usize| text.gap(idx) == " " && is_spaced_number(text, idx);
    if has_sign(source, source_idx) != has_sign(quote, quote_idx)
        || is_one_number(source, source_idx) != is_one_number(quote, quote_idx)
    {
        return Err(NoteKind::OtherSign);
    }
    if ellipsis(theirs).is_some() && ellipsis(ours).is_none() {
        return Err(NoteKind::DroppedEllipsis);
    }
    found.drops_question = adds_question(theirs, ours);
    found.paragraph = ours.contains('\n') != theirs.contains('\n');
    let brackets = |gap: &str| gap.matches(['[', ']']).count();
    found.source_bracket = brackets(theirs) > brackets(ours);
    let ignores_brackets = found.source_bracket || is_bracket && brackets(ours) > brackets(theirs);
    let after_digit = before.ends_with(char::is_numeric);
    let reduced = |gap: &str| -> String {
        let chars = gap.chars().enumerate().filter_map(|(at, c)| match c {
            '\n' => Some(' '),
            '[' | ']' if ignores_brackets => None,
            // Behind a digit a mark may mean feet or inches.
            '\'' if !(after_digit && at == 0) => Some('"'),
            c => Some(c),
        });
        chars.collect()
    };
    found.punctuation = reduced(&unspaced(ours)) != reduced(&unspaced(theirs));
    Ok(found)
}

/// What in a gap may belong to the number beside it, though spaces keep it apart: a minus or a dash, or round brackets
/// around nothing but the number.
fn has_sign(text: &Text, idx: usize) -> (bool, bool, bool) {
    let gap = text.gap(idx);
    if gap == " " || idx == 0 || idx >= text.len() {
        return (false, false, false);
    }
    let is_number = |at: usize| text.word(at).starts_with(char::is_numeric);
    let is_amount = |at: usize| is_number(at) || text.words[at].shape == Shape::Bound;
    let has_dash = gap.contains('-')
        && is_amount(idx)
        && (is_number(idx - 1) || !text.raw_gap(idx).contains(['—', '―']));
    // An amount in brackets has few parts: `(−5 %)`.
    const MOST_PARTS: usize = 5;
    let opens = gap.ends_with('(') && {
        let end = (idx..text.len().min(idx + MOST_PARTS))
            .find(|it| !is_amount(*it) || text.gap(it + 1).starts_with(')'));
        end.is_some_and(is_amount)
    };
    let closes = gap.starts_with(')') && {
        let first = idx.saturating_sub(MOST_PARTS);
        let start = (first..idx).rev().find(|it| !is_amount(*it) || text.gap(*it).ends_with('('));
        start.is_some_and(is_amount)
    };
    (has_dash, opens, closes)
}

/// A gap without the spaces that French puts before some marks: that is typography.
pub(super) fn unspaced(gap: &str) -> String {
    let mut out = gap.to_owned();
    for (spaced, mark) in [(" ?", "?"), (" !", "!"), (" :", ":"), (" ;", ";")] {
        if out.contains(spaced) {
            out = out.replace(spaced, mark);
        }
    }
    out
}

/// Whether a quotation asks where the source does not.
pub(super) fn adds_question(quote: &str, source: &str) -> bool {
    const MARKS: [char; 2] = ['?', '؟'];
    quote.contains(MARKS) && !source.contains(MARKS)
}

/// Whether a hyphen makes one word of the words on both sides: without spaces, or at the end of a line. A longer dash does
/// not.
pub(super) fn is_compound(text: &Text, idx: usize) -> bool {
    idx > 0
        && idx < text.len()
        && (text.gap(idx) == "-" || is_line_end(text, idx))
        && text.raw_gap(idx).contains(HYPHENS)
        && [idx - 1, idx].iter().all(|it| text.words[*it].shape == Shape::Word)
}

const HYPHENS: [char; 4] = ['-', '\u{2010}', '\u{2011}', '\u{ff0d}'];

/// Whether a hyphen at the end of a line stands there.
fn is_line_end(text: &Text, idx: usize) -> bool {
    let raw = text.raw_gap(idx);
    text.gap(idx) == "- " && raw.starts_with(HYPHENS) && raw.contains(['\n', '\r', '\u{2028}'])
}

/// Whether a quotation may begin or end before this word: not inside a compound, and not between an amount and its sign.
pub(super) fn is_cut(text: &Text, idx: usize) -> bool {
    if idx == 0 || idx >= text.len() {
        return true;
    }
    let is_free = |it: usize| match text.words[it].shape {
        Shape::Unspaced | Shape::Loose => true,
        // A long dash between numbers is neither a range nor a minus for whoever reads it.
        Shape::Bound => matches!(text.raw(it), "—" | "―"),
        Shape::Word => false,
    };
    match text.gap(idx) {
        "" => is_free(idx - 1) || is_free(idx),
        " " => !is_spaced_amount(text, idx) && !is_spaced_number(text, idx),
        _ => !is_compound(text, idx) && !is_dashed(text, idx),
    }
}

/// Whether a short dash or a minus without spaces stands between letters: many texts print it for a hyphen.
fn is_dashed(text: &Text, idx: usize) -> bool {
    text.gap(idx) == "-"
        && text.raw_gap(idx).contains(['\u{2012}', '\u{2013}', '\u{2212}'])
        && [idx - 1, idx].iter().all(|it| text.words[*it].shape == Shape::Word)
}

/// Whether a space divides the digits of one number, as it does in most of Europe: `12 500`.
fn is_spaced_number(text: &Text, idx: usize) -> bool {
    let (before, after) = (text.word(idx - 1), text.word(idx));
    let n_digits = after.chars().take_while(|it| it.is_numeric()).count();
    let is_group = before.chars().all(char::is_numeric) && before.chars().count() <= 3;
    is_group && n_digits == 3 && !after.contains(char::is_alphabetic)
}

/// Whether a space stands between a number and its sign: `5 %`, `€ 5`. A sign that touches another number is that one's.
fn is_spaced_amount(text: &Text, idx: usize) -> bool {
    let is_number = |it: usize| text.word(it).contains(char::is_numeric);
    let is_sign = |it: usize, marks: fn(char) -> bool| {
        text.words[it].shape == Shape::Bound && text.word(it).starts_with(marks)
    };
    let touches = |it: usize| it > 0 && it < text.len() && text.gap(it).is_empty();
    let behind = is_number(idx - 1)
        && is_sign(idx, |it| "%‰°".contains(it) || is_currency(it))
        && !(touches(idx + 1) && is_number(idx + 1));
    let before = is_number(idx) && is_sign(idx - 1, is_currency) && !(touches(idx - 1) && is_number(idx - 2));
    behind || before
}
