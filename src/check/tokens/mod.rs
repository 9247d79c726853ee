//! Words of quotations as checks of the whole site compare them: which words, in which order, and nothing else.
//!
//! Coarser than the comparison of a quotation with its source: here two texts are the same if nobody who hears them read
//! out could tell them apart.

/// The words of a text: small letters and digits, with apostrophes inside words. A character of a script without spaces is
/// a word of its own.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().filter(|it| !is_invisible(*it)).peekable();
    while let Some(c) = chars.next() {
        let joins = matches!(c, '\'' | '’' | 'ʼ')
            && !word.is_empty()
            && chars.peek().is_some_and(|it| it.is_alphanumeric());
        if c.is_alphanumeric() && !is_without_spaces(c) {
            word.extend(c.to_lowercase());
        } else if joins {
            word.push('\'');
        } else {
            tokens.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            tokens.extend(is_without_spaces(c).then(|| c.to_string()));
        }
    }
    tokens.extend((!word.is_empty()).then_some(word));
    tokens
}

/// Whether a quotation gives words of a longer text as they stand: parts of it between ellipses and brackets, in order.
pub(super) fn gives_words_of(quote: &str, whole: &str) -> bool {
    let whole = tokens(whole);
    let mut rest = whole.as_slice();
    for part in literal_parts(quote) {
        let part = tokens(part);
        if part.is_empty() {
            continue;
        }
        match rest.windows(part.len()).position(|it| it == part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// The parts of a quotation that are the speaker's, without ellipses and what stands in square brackets.
fn literal_parts(quote: &str) -> Vec<&str> {
    let outside = quote.split('[').enumerate().map(|(idx, it)| match it.split_once(']') {
        Some((_, after)) if idx > 0 => after,
        Some(_) | None => it,
    });
    outside.flat_map(|it| it.split('…')).flat_map(|it| it.split("...")).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Han, kana, Thai, Lao, Burmese, Khmer: written without spaces.
fn is_without_spaces(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_and_marks_are_not() {
        assert_eq!(tokens("It’s “LEGIT”, now…"), ["it's", "legit", "now"]);
        assert_eq!(tokens("rock 'n' roll"), ["rock", "n", "roll"]);
        assert_eq!(tokens("zero\u{200b}width"), ["zerowidth"]);
        assert_eq!(tokens("国王说"), ["国", "王", "说"]);
        assert_eq!(tokens(" — "), [""; 0]);
    }

    #[test]
    fn a_quotation_gives_words_of_a_text_in_its_order() {
        let whole = "We know that companies, and others, are constantly trying.";
        for quote in ["companies and others", "we know [that] companies", "We know ... constantly trying", ""]
        {
            assert!(gives_words_of(quote, whole), "{quote}");
        }
        for quote in ["companies or others", "constantly … we know", "know companies", "othe"] {
            assert!(!gives_words_of(quote, whole), "{quote}");
        }
    }
}
