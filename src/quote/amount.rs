//! Amounts that go on in words: `5 million`, `minus 5`. A quotation that cuts one says another amount (rule 8).

use super::note::Side;
use super::risky::RiskyWords;
use super::tokens::Text;

/// What a cut before the word with this number takes from an amount; none when it cuts none. The side is that of the
/// quoted words on which something is cut off.
pub(super) fn cut(list: &RiskyWords, text: &Text, idx: usize, side: Side) -> Option<String> {
    if idx == 0 || idx >= text.len() || text.words[idx].paragraph != text.words[idx - 1].paragraph {
        return None;
    }
    let gap = text.gap(idx);
    let word = |at: usize| text.word(at).to_lowercase();
    let in_digits = |at: usize| text.word(at).contains(char::is_numeric);
    let is_number = |at: usize| in_digits(at) || list.is_number(&word(at));
    let is_sign = |at: usize| list.is_sign(&word(at));
    let (before, after) = (idx - 1, idx);
    if gap == " - " && in_digits(after) && !text.raw_gap(idx).contains(['–', '—', '―']) {
        // Whether it is a minus or a dash, nobody can know.
        return Some("-".to_owned());
    }
    if gap != " " && gap != "-" {
        return None;
    }
    let goes_on = is_number(before) && (list.is_unit(&word(after)) || list.is_number(&word(after)));
    let is_led = is_number(after) && (is_sign(before) || list.is_number(&word(before)));
    // `half a million`, cut before or behind the article.
    let is_article = |at: usize| at < text.len() && list.is_article(&word(at));
    let half_before = is_sign(before) && is_article(after) && idx + 1 < text.len() && is_number(idx + 1);
    let half_behind = is_article(before) && is_number(after) && before > 0 && is_sign(before - 1);
    if half_behind {
        return Some(word(if side == Side::Before { before - 1 } else { after }));
    }
    let cut_off = if side == Side::Before { before } else { after };
    let is_listed = |at: usize| {
        let it = word(at);
        is_sign(at) || list.is_unit(&it) || list.is_number(&it)
    };
    if half_before {
        return Some(word(if side == Side::Before { before } else { idx + 1 }));
    }
    // What is only digits is not of the list: notes hold no other words of the source.
    (goes_on || is_led).then(|| if is_listed(cut_off) { word(cut_off) } else { "…".to_owned() })
}
