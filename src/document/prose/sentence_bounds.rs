//! Where Unicode lets sentences begin (UAX 29, "Sentence Boundaries"), fast for the letters most texts are made of.
//!
//! The tables of `unicode_segmentation` took 9 % of the processor time of reading and checking 10,000 pages. Here the rules
//! run over a class for each character that is found without a table; a text with any other character goes to that crate.
//! The test holds one against the other.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::ByteSet;

/// What the rules tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Cr,
    Lf,
    Space,
    Lower,
    Upper,
    Digit,
    FullStop,
    /// `!` and `?`.
    Stop,
    /// Quotation marks and brackets.
    Close,
    /// What a sentence goes on after.
    Continue,
    Other,
}

/// How far a text is behind the mark that may end a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Mark,
    Close,
    Space,
}

/// The mark that may end a sentence, and what came since.
#[derive(Clone, Copy)]
struct Ending {
    behind: Behind,
    full_stop: bool,
    /// Whether a letter with a case stands before the mark.
    after_letter: bool,
}

/// Where sentences start, except the first.
pub(super) fn starts(text: &str) -> Vec<usize> {
    quick(text).unwrap_or_else(|| text.split_sentence_bound_indices().skip(1).map(|(at, _)| at).collect())
}

/// `None` when some character has a class that only tables know.
fn quick(text: &str) -> Option<Vec<usize>> {
    let mut starts = Vec::new();
    let mut before: Option<Class> = None;
    let mut ending: Option<Ending> = None;
    let mut at = 0;
    while at < text.len() {
        // Far from a mark and from a line's end, characters only have to be known.
        if ending.is_none() && !matches!(before, Some(Class::Cr | Class::Lf)) {
            let n_inside = IS_INSIDE.run(&text.as_bytes()[at..]);
            if n_inside > 0 {
                at += n_inside;
                before = class(char::from(text.as_bytes()[at - 1]));
            }
        }
        let Some(c) = text[at..].chars().next() else { break };
        let class = class(c)?;
        // SB3 and SB4: lines end where they end.
        let is_start = match before {
            Some(Class::Cr) => class != Class::Lf,
            Some(Class::Lf) => true,
            _ => ending.is_some_and(|it| parts(it, class, &text[at..])),
        };
        if is_start {
            starts.push(at);
            ending = None;
        }
        ending = match (class, ending) {
            (Class::FullStop | Class::Stop, _) => Some(Ending {
                behind: Behind::Mark,
                full_stop: class == Class::FullStop,
                after_letter: matches!(before, Some(Class::Lower | Class::Upper)),
            }),
            (Class::Close, Some(it)) if it.behind != Behind::Space => {
                Some(Ending { behind: Behind::Close, ..it })
            }
            (Class::Space, Some(it)) => Some(Ending { behind: Behind::Space, ..it }),
            _ => None,
        };
        before = Some(class);
        at += c.len_utf8();
    }
    Some(starts)
}

/// ASCII that ends neither a sentence nor a line.
static IS_INSIDE: ByteSet = ByteSet::ascii().but(b".!?\n\r");

/// Whether a sentence ends behind a mark when `rest`, which starts with a character of `class`, follows: SB6 to SB11.
fn parts(ending: Ending, class: Class, rest: &str) -> bool {
    let at_mark = ending.behind == Behind::Mark;
    match class {
        Class::Digit if at_mark && ending.full_stop => false,
        Class::Upper if at_mark && ending.full_stop && ending.after_letter => false,
        Class::Continue | Class::FullStop | Class::Stop | Class::Space | Class::Cr | Class::Lf => false,
        Class::Close if ending.behind != Behind::Space => false,
        _ => !(ending.full_stop && goes_on_small(rest)),
    }
}

/// Whether the first letter is a small one, with no end of a line or sentence before it: SB8. A character without a class
/// here counts as a capital: then the text goes to the tables anyway.
fn goes_on_small(rest: &str) -> bool {
    for c in rest.chars() {
        match class(c) {
            Some(Class::Lower) => return true,
            Some(Class::Upper | Class::Cr | Class::Lf | Class::FullStop | Class::Stop) | None => {
                return false;
            }
            Some(Class::Space | Class::Digit | Class::Close | Class::Continue | Class::Other) => (),
        }
    }
    false
}

/// The class of a character of ASCII, of European letters, and of the punctuation that prose is set with.
fn class(c: char) -> Option<Class> {
    Some(match c {
        'a'..='z' => Class::Lower,
        ' ' | '\t' | '\x0B' | '\x0C' | '\u{A0}' => Class::Space,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Digit,
        '.' => Class::FullStop,
        '!' | '?' => Class::Stop,
        ',' | '-' | ':' | ';' | '–' | '—' => Class::Continue,
        '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' => {
            Class::Close
        }
        '\n' => Class::Lf,
        '\r' => Class::Cr,
        '\0'..='\x7F' | '…' | '€' | '£' | '§' | '°' | '×' | '÷' | '·' | '\u{E000}' | '\u{E001}' => {
            Class::Other
        }
        '\u{C0}'..='\u{17F}' if c.is_lowercase() => Class::Lower,
        '\u{C0}'..='\u{17F}' if c.is_uppercase() => Class::Upper,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_tables(text: &str) -> Vec<usize> {
        text.split_sentence_bound_indices().skip(1).map(|(at, _)| at).collect()
    }

    fn known() -> Vec<char> {
        ('\0'..='\u{2100}').chain(['\u{E000}', '\u{E001}']).filter(|c| class(*c).is_some()).collect()
    }

    #[test]
    fn every_known_character_has_the_class_of_the_tables() {
        let known = known();
        assert!(known.len() > 250);
        for c in known {
            for around in [
                "a. X a", "a.X", "a.X b", "a.) X b", "A.X A", "? X A", "?X", "X. A", "X.A", "a. X", "aX b",
                "!X)A",
            ] {
                let text = around.replace('X', &c.to_string());
                assert_eq!(quick(&text), Some(by_tables(&text)), "{text:?}");
            }
        }
        assert_eq!(quick("中."), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn the_rules_part_as_the_tables_do(picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..40)) {
            let known = known();
            let often: Vec<char> = "..!? aA1)“”,\n\r'é".chars().collect();
            let text: String = picks.iter().map(|(idx, is_any)| *idx.get(if *is_any { &known } else { &often })).collect();
            prop_assert_eq!(quick(&text), Some(by_tables(&text)), "{:?}", text);
        }
    }
}
