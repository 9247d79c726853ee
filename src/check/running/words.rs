//! A text cut into words.

use std::ops::Range;

use super::quoted::{self, Quoted};

/// A text, its words and its quotations.
pub struct Text<'a> {
    /// The text.
    pub shown: &'a str,
    /// Its words, without those of code and addresses.
    pub words: Vec<Word>,
    /// Its outermost quotations.
    pub quotations: Vec<Quoted>,
    /// All words in small letters, one behind the other.
    small: String,
}

/// One word of a text.
pub struct Word {
    /// Where it stands.
    pub at: Range<usize>,
    small: Range<usize>,
    /// Whether only spaces part it from the word before.
    joined: bool,
}

impl<'a> Text<'a> {
    /// Cuts a text into words: runs of letters and digits with apostrophes, hyphens, points and commas only inside, and
    /// the sign `%`. `opaque` is left out.
    pub fn new(shown: &'a str, opaque: &[Range<usize>]) -> Text<'a> {
        let mut text = Text {
            shown,
            // A word and its space are about six letters.
            words: Vec::with_capacity(shown.len() / 6 + 1),
            quotations: Vec::new(),
            small: String::with_capacity(shown.len()),
        };
        let mut start = None;
        let mut end_before = 0;
        let mut has_marks = false;
        let mut at = 0;
        while at < shown.len() {
            // Most of what there is.
            let n_plain = shown.as_bytes()[at..].iter().take_while(|it| it.is_ascii_alphanumeric()).count();
            if n_plain > 0 {
                start.get_or_insert(at);
                at += n_plain;
            }
            let mut chars = shown[at..].chars();
            let Some(c) = chars.next() else { break };
            let end = at + c.len_utf8();
            let belongs = c != ' ' && {
                has_marks |= quoted::is_mark(c);
                c.is_alphanumeric()
                    || start.is_some()
                        && (is_mark_of_letter(c) || goes_on(c, shown[..at].chars().next_back(), chars.next()))
            };
            if belongs {
                start.get_or_insert(at);
            } else {
                if let Some(start) = start.take() {
                    end_before = text.add(start..at, end_before, opaque);
                }
                if c == '%' {
                    end_before = text.add(at..end, end_before, opaque);
                }
            }
            at = end;
        }
        if let Some(start) = start {
            text.add(start..shown.len(), end_before, opaque);
        }
        if has_marks {
            text.quotations = quoted::find(shown);
        }
        text
    }

    fn add(&mut self, at: Range<usize>, end_before: usize, opaque: &[Range<usize>]) -> usize {
        if opaque.iter().any(|it| it.start <= at.start && at.start < it.end) {
            return end_before;
        }
        let between = &self.shown[end_before..at.start];
        let joined = between == " " || between.chars().all(char::is_whitespace);
        let small = self.small.len();
        let word = &self.shown[at.clone()];
        if word.is_ascii() {
            self.small.push_str(word);
            self.small[small..].make_ascii_lowercase();
        } else {
            for c in word.chars() {
                match c {
                    '’' | 'ʼ' => self.small.push('\''),
                    _ if c.is_ascii() => self.small.push(c.to_ascii_lowercase()),
                    _ => self.small.extend(c.to_lowercase()),
                }
            }
        }
        let end = at.end;
        self.words.push(Word { at, small: small..self.small.len(), joined });
        end
    }

    /// A word in small letters, with a straight apostrophe.
    pub fn small(&self, word: usize) -> &str {
        self.words.get(word).map_or("", |it| &self.small[it.small.clone()])
    }

    /// A word as it stands.
    pub fn word(&self, word: usize) -> &'a str {
        self.words.get(word).map_or("", |it| &self.shown[it.at.clone()])
    }

    /// Whether only spaces stand between a word and the one before it.
    pub fn is_joined(&self, word: usize) -> bool {
        word > 0 && self.words.get(word).is_some_and(|it| it.joined)
    }

    /// Whether a word may have its capital only because a sentence, or the text, begins with it.
    pub fn starts_sentence(&self, word: usize) -> bool {
        let before = self.words.get(word).map_or("", |it| self.shown[..it.at.start].trim_end());
        let opened = before.trim_end_matches(['“', '"', '„', '«', '(', '[', '‘', '\'', '*', ' ', '\u{a0}']);
        opened.is_empty() || opened.ends_with(['.', '!', '?', ':', '…', '–', '—'])
    }

    /// The words, by number, that stand in a part of the text.
    pub fn words_in(&self, part: &Range<usize>) -> Range<usize> {
        let start = self.words.partition_point(|it| it.at.start < part.start);
        start..self.words.partition_point(|it| it.at.start < part.end).max(start)
    }

    /// Where some words, by number, stand.
    pub fn span(&self, words: Range<usize>) -> Range<usize> {
        match (self.words.get(words.start), self.words.get(words.end.max(1) - 1)) {
            (Some(first), Some(last)) => first.at.start..last.at.end,
            _ => 0..0,
        }
    }

    /// Whether a part of the text stands between quotation marks.
    pub fn is_quoted(&self, part: &Range<usize>) -> bool {
        self.quotations.iter().any(|it| it.outer.start < part.end && part.start < it.outer.end)
    }
}

/// Whether a character belongs to the word around it.
fn goes_on(c: char, before: Option<char>, next: Option<char>) -> bool {
    let both = |is: fn(char) -> bool| before.is_some_and(is) && next.is_some_and(is);
    match c {
        '\'' | '’' | 'ʼ' | '-' | '‑' => both(char::is_alphanumeric),
        '.' | ',' => both(|it| it.is_ascii_digit()),
        _ => false,
    }
}

/// Marks that combine with the letter before them.
fn is_mark_of_letter(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{AD}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_what_stands_inside_them() {
        let shown = "It’s 17.5% of U.S. avant-hier, (AGI) — 1,000 code.";
        let code = shown.find("code").expect("it is there");
        let text = Text::new(shown, std::slice::from_ref(&(code..code + 4)));
        let words: Vec<&str> = (0..text.words.len()).map(|it| text.small(it)).collect();
        assert_eq!(words, ["it's", "17.5", "%", "of", "u", "s", "avant-hier", "agi", "1,000"]);
        assert!(text.is_joined(1) && text.is_joined(2) && !text.is_joined(7));
        assert_eq!(text.span(0..2), 0.."It’s 17.5".len());
    }
}
