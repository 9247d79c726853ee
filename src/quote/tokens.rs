//! Words and what stands between them (rule 8).
//!
//! A text becomes words, each with the *gap* before it: spaces and punctuation. Words follow UAX 29, with three
//! differences. Scripts that write no spaces give one word for each grapheme. Marks that change a meaning are words of
//! their own: `$`, `%`, `+`, a minus before a digit. `per cent` is one word, so that a house style can change it.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::fold::{Folded, fold};
use super::house;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Letters and digits.
    Word,
    /// A grapheme of a script without spaces between words.
    Unspaced,
    /// A mark that belongs to the word it touches: `$`, `%`, `-` before a digit.
    Bound,
    /// Any other mark that is not punctuation: `@`, an emoji.
    Loose,
}

/// One word: where its text and its gap stand in the folded text, and where it stands in the original.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    text: (u32, u32),
    gap: (u32, u32),
    origin: (u32, u32),
    /// Equal for words that are equal without regard to case and house style.
    pub(super) key: u32,
    /// Number of the paragraph.
    pub(super) paragraph: u32,
    pub(super) shape: Shape,
    /// Whether it is two parts of a line that ended with a hyphen.
    pub(super) broken: bool,
    /// For a broken word that may be a compound: the length of its first part. Else 0.
    pub(super) split: u16,
}

/// A text as words.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) original: Box<str>,
    folded: Box<str>,
    /// Where the text behind the last word stands in `folded`.
    tail: (u32, u32),
    pub(super) words: Vec<Word>,
}

impl Text {
    /// Folds a text and divides it into words.
    pub(super) fn new(original: &str) -> Text {
        // Offsets are kept in 32 bits; of a longer text only the beginning is read.
        let mut end = original.len().min(u32::MAX as usize / 4);
        while !original.is_char_boundary(end) {
            end -= 1;
        }
        let original = &original[..end];
        let folded = fold(original);
        let mut reader =
            Reader { folded: &folded, words: Vec::with_capacity(end / 5), paragraph: 0, gap: 0, cursor: 0 };
        reader.read();
        let Reader { words, gap, .. } = reader;
        let tail = (gap, folded.text.len() as u32);
        Text { original: original.into(), folded: folded.text.into(), tail, words }
    }

    /// The number of words.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The folded text of a word.
    pub(super) fn word(&self, idx: usize) -> &str {
        let (start, end) = self.words[idx].text;
        &self.folded[start as usize..end as usize]
    }

    /// The word as it was written.
    pub(super) fn raw(&self, idx: usize) -> &str {
        &self.original[self.range(idx)]
    }

    /// Where the word was written.
    pub(super) fn range(&self, idx: usize) -> Range<usize> {
        let (start, end) = self.words[idx].origin;
        start as usize..end as usize
    }

    /// The folded text before a word; behind the last word for the number of words.
    pub(super) fn gap(&self, idx: usize) -> &str {
        let (start, end) = self.words.get(idx).map_or(self.tail, |it| it.gap);
        &self.folded[start as usize..end as usize]
    }

    /// The same as it was written.
    pub(super) fn raw_gap(&self, idx: usize) -> &str {
        let start = if idx == 0 { 0 } else { self.words[idx - 1].origin.1 as usize };
        let end = self.words.get(idx).map_or(self.original.len(), |it| it.origin.0 as usize);
        self.original.get(start..end).unwrap_or("")
    }

    /// Makes one word of each given word and its neighbour, which a hyphen at the end of a line divides. The flag says
    /// whether it may also be read as a compound. The numbers ascend.
    pub(super) fn join(&mut self, pairs: &[(usize, bool)]) {
        if pairs.is_empty() {
            return;
        }
        // The new texts stand behind the folded text.
        let mut folded = std::mem::take(&mut self.folded).into_string();
        let mut words: Vec<Word> = Vec::with_capacity(self.words.len());
        let mut pairs = pairs.iter().peekable();
        for (idx, word) in self.words.iter().enumerate() {
            let pair = pairs.next_if(|(first, _)| *first + 1 == idx);
            match (pair, words.last_mut()) {
                (Some((_, may_split)), Some(first)) => {
                    let start = folded.len();
                    folded.extend_from_within(first.text.0 as usize..first.text.1 as usize);
                    let middle = folded.len();
                    folded.extend_from_within(word.text.0 as usize..word.text.1 as usize);
                    // A word over three lines is rare enough to be read in one way only.
                    first.split = if *may_split && !first.broken { (middle - start) as u16 } else { 0 };
                    first.text = (start as u32, folded.len() as u32);
                    first.origin.1 = word.origin.1;
                    first.key = house::key(&folded[start..]);
                    first.broken = true;
                }
                _ => words.push(*word),
            }
        }
        self.words = words;
        self.folded = folded.into();
    }
}

/// Collects words from a folded text.
struct Reader<'f> {
    folded: &'f Folded,
    words: Vec<Word>,
    paragraph: u32,
    /// Where the gap before the next word starts.
    gap: u32,
    /// The place in the pieces of the folded text.
    cursor: usize,
}

impl Reader<'_> {
    /// White space always divides words, so each stretch without it is read alone.
    fn read(&mut self) {
        let folded = self.folded;
        let text = folded.text.as_str();
        let mut start = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte == b' ' || byte == b'\n' {
                self.chunk(start, &text[start..at]);
                self.paragraph += u32::from(byte == b'\n');
                start = at + 1;
            }
        }
        self.chunk(start, &text[start..]);
    }

    fn chunk(&mut self, start: usize, chunk: &str) {
        if chunk.is_ascii() {
            let bytes = chunk.as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                let end = ascii_word(bytes, at);
                if end > at {
                    self.push(start + at..start + end, Shape::Word);
                    at = end;
                } else {
                    self.mark(start + at, bytes[at] as char);
                    at += 1;
                }
            }
            return;
        }
        for (at, segment) in chunk.split_word_bound_indices() {
            let at = start + at;
            if !segment.contains(char::is_alphanumeric) {
                for (idx, c) in segment.char_indices() {
                    self.mark(at + idx, c);
                }
            } else if segment.contains(is_unspaced) {
                for (idx, grapheme) in segment.grapheme_indices(true) {
                    let range = at + idx..at + idx + grapheme.len();
                    match grapheme.chars().next() {
                        Some(c) if is_unspaced(c) => self.push(range, Shape::Unspaced),
                        _ if grapheme.contains(char::is_alphanumeric) => self.push(range, Shape::Word),
                        c => self.mark(range.start, c.unwrap_or(' ')),
                    }
                }
            } else {
                self.push(at..at + segment.len(), Shape::Word);
            }
        }
    }

    /// Takes a character that is no part of a word: a word of its own when it can change a meaning.
    fn mark(&mut self, at: usize, c: char) {
        let text = self.folded.text.as_str();
        let end = at + c.len_utf8();
        let before = text[..at].chars().next_back();
        let mut after = text[end..].chars();
        let next = after.next();
        let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
        let in_word = before.is_some_and(char::is_alphanumeric);
        let mut starts_number = || {
            is_digit(next) || next.is_some_and(|it| it == '.' || is_currency(it)) && is_digit(after.next())
        };
        let shape = match c {
            // A range or a minus. Between letter and digit (`COVID-19`) it is a hyphen.
            '-' if is_digit(before) && is_digit(next) || !in_word && starts_number() => Shape::Bound,
            '.' if !in_word && before != Some('.') && is_digit(next) => Shape::Bound,
            ':' if is_digit(before) && is_digit(next) => Shape::Bound,
            _ if is_punctuation(c) => return,
            _ if is_bound(c) => Shape::Bound,
            _ => Shape::Loose,
        };
        self.push(at..end, shape);
    }

    fn push(&mut self, range: Range<usize>, shape: Shape) {
        let text = self.folded.text.as_str();
        let origin = self.folded.original(&range, &mut self.cursor);
        let (start, end) = (range.start as u32, range.end as u32);
        if text[range.clone()].eq_ignore_ascii_case("cent")
            && let Some(per) = self.words.last_mut()
            && text[per.text.0 as usize..range.start].eq_ignore_ascii_case("per ")
        {
            per.text.1 = end;
            per.origin.1 = origin.end as u32;
            per.key = house::key("per cent");
            self.gap = end;
            return;
        }
        self.words.push(Word {
            text: (start, end),
            gap: (self.gap, start),
            origin: (origin.start as u32, origin.end as u32),
            key: house::key(&text[range]),
            paragraph: self.paragraph,
            shape,
            broken: false,
            split: 0,
        });
        self.gap = end;
    }
}

/// Where the word ends that starts there, by the rules of UAX 29 for ASCII; the same place when none does.
fn ascii_word(bytes: &[u8], at: usize) -> usize {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut end = at;
    while end < bytes.len() {
        if is_part(bytes[end]) {
            end += 1;
            continue;
        }
        let (Some(before), Some(after)) = (end.checked_sub(1).filter(|it| *it >= at), bytes.get(end + 1))
        else {
            break;
        };
        let before = bytes[before];
        let joins = match bytes[end] {
            b':' => before.is_ascii_alphabetic() && after.is_ascii_alphabetic(),
            b'.' | b'\'' => {
                before.is_ascii_alphabetic() && after.is_ascii_alphabetic()
                    || before.is_ascii_digit() && after.is_ascii_digit()
            }
            b',' | b';' => before.is_ascii_digit() && after.is_ascii_digit(),
            _ => false,
        };
        if !joins {
            break;
        }
        end += 1;
    }
    // A lone underscore is a mark.
    if bytes[at..end].iter().any(u8::is_ascii_alphanumeric) { end } else { at }
}

/// Letters of Chinese, Japanese, Thai, Lao, Khmer and Burmese, which put no spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' | '\u{e80}'..='\u{ecf}' | '\u{edc}'..='\u{edf}'
        | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' | '\u{17d7}'
        | '\u{3005}'..='\u{3007}' | '\u{3031}'..='\u{3035}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

pub(super) fn is_currency(c: char) -> bool {
    matches!(c, '$' | '¢' | '£' | '¤' | '¥' | '\u{20a0}'..='\u{20cf}')
}

/// A closed list. What is not on it, is not white space and is no letter or digit counts as a word.
fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '\''
            | '"'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '-'
            | '¿'
            | '¡'
            | '·'
            | '®'
            | '™'
            | '•'
            | '¶'
            | '‥'
            | '、'
            | '。'
            | '・'
            | '〈'
            | '〉'
            | '《'
            | '》'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '〝'
            | '〞'
            | '〟'
            | '،'
            | '؛'
            | '؟'
            | '۔'
            | '־'
            | '׳'
            | '״'
            | '।'
            | '॥'
            | '\u{ff61}'
            | '\u{ff64}'
            | '\u{ff65}'
    ) || c.is_whitespace()
}

/// Marks that belong to the word they touch: cutting them off would change it.
fn is_bound(c: char) -> bool {
    is_currency(c)
        || matches!(
            c,
            '%' | '‰'
                | '+'
                | '/'
                | '\\'
                | '<'
                | '>'
                | '='
                | '~'
                | '^'
                | '&'
                | '_'
                | '|'
                | '°'
                | '±'
                | '×'
                | '÷'
                | '≠'
                | '≈'
                | '≤'
                | '≥'
                | '¬'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let text = Text::new(text);
        (0..text.len()).map(|idx| text.word(idx).to_owned()).collect()
    }

    #[test]
    fn words_are_those_of_the_standard() {
        assert_eq!(words("It’s 1,000.5 U.S. e.g. x"), ["It's", "1,000.5", "U.S", "e.g", "x"]);
        assert_eq!(words("widely-available a—b"), ["widely", "available", "a", "b"]);
        assert_eq!(words("l’été naïve"), ["l'été", "naïve"]);
    }

    #[test]
    fn marks_that_change_a_meaning_are_words() {
        assert_eq!(
            words("$5 5% a+b -5 (–5) .5 10:30"),
            ["$", "5", "5", "%", "a", "+", "b", "-", "5", "-", "5", ".", "5", "10", ":", "30"]
        );
        assert_eq!(words("10–20 COVID-19 -$3"), ["10", "-", "20", "COVID", "19", "-", "$", "3"]);
        assert_eq!(words("so ... 5 - no..."), ["so", "5", "no"]);
        assert_eq!(words("👍 @ada #1"), ["👍", "@", "ada", "#", "1"]);
    }

    #[test]
    fn scripts_without_spaces_give_graphemes() {
        assert_eq!(words("日本語カナ"), ["日", "本", "語", "カ", "ナ"]);
        assert_eq!(words("ไม่ดี"), ["ไม่", "ดี"].concat().graphemes(true).collect::<Vec<_>>());
    }

    #[test]
    fn per_cent_is_one_word() {
        assert_eq!(words("17 per cent of"), ["17", "per cent", "of"]);
    }

    #[test]
    fn the_quick_way_for_ascii_is_the_standard_one() {
        let alphabet = b"aZ09_'.,;:-\"!?$%&()";
        let mut state = 1_u64;
        for _ in 0..20_000 {
            let mut chunk = String::new();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                chunk.push(alphabet[(state >> 33) as usize % alphabet.len()] as char);
            }
            let bytes = chunk.as_bytes();
            let mut own = Vec::new();
            let mut at = 0;
            while at < bytes.len() {
                let end = ascii_word(bytes, at);
                if end > at {
                    own.push((at, &chunk[at..end]));
                }
                at = end.max(at + 1);
            }
            let standard: Vec<(usize, &str)> = chunk
                .split_word_bound_indices()
                .filter(|(_, it)| it.contains(|c: char| c.is_ascii_alphanumeric()))
                .collect();
            assert_eq!(own, standard, "{chunk:?}");
        }
    }
}
