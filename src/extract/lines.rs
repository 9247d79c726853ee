//! Lines that a page or a width broke, joined again.
//!
//! In: lines. Out: one line. The one hard question is whether a hyphen at a line's end belongs to the word: only the
//! rest of the text can tell. What it does not tell stays open; see the documentation of [`super`].

use std::collections::BTreeSet;

use super::paragraphs::SOFT_HYPHEN;

/// The words of a text, to look up whether it writes `cooperate` or `co-operate`.
#[derive(Default)]
pub(super) struct Words(BTreeSet<String>);

impl Words {
    /// Gathers the words that stand inside lines. What a line's end broke is no word.
    pub(super) fn of<'t>(lines: impl Iterator<Item = &'t str>) -> Words {
        let mut words = Words::default();
        let mut is_rest = false;
        for line in lines {
            let ends_open = broken_end(line).is_some();
            let pieces: Vec<&str> = line.split(|c: char| !is_word(c)).collect();
            let n_pieces = pieces.len();
            for (idx, piece) in pieces.into_iter().enumerate() {
                let is_part = idx == 0 && is_rest || idx + 1 == n_pieces && ends_open;
                let word = piece.trim_matches('-');
                if !is_part && !word.is_empty() {
                    words.0.insert(word.to_lowercase());
                }
            }
            is_rest = ends_open;
        }
        words
    }

    fn has(&self, word: &str) -> bool {
        self.0.contains(&word.to_lowercase())
    }
}

/// Part of a word; a hyphen may stand inside one.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '\u{2010}' | '\'' | '’')
}

/// A line that ends in a letter and a hyphen: the line before the hyphen, and the hyphen.
fn broken_end(line: &str) -> Option<(&str, char)> {
    let hyphen = line.chars().next_back().filter(|it| matches!(*it, '-' | '\u{2010}' | SOFT_HYPHEN))?;
    let before = &line[..line.len() - hyphen.len_utf8()];
    before.ends_with(char::is_alphanumeric).then_some((before, hyphen))
}

/// Whether a line ends in a hyphen that may be the line's.
pub(super) fn ends_open(line: &str) -> bool {
    broken_end(line).is_some()
}

/// Joins lines to one.
pub(super) fn join(lines: &[impl AsRef<str>], words: &Words) -> String {
    if let [line] = lines {
        return line.as_ref().trim().to_owned();
    }
    let mut out = String::new();
    for line in lines.iter().map(|it| it.as_ref().trim()).filter(|it| !it.is_empty()) {
        append(&mut out, line, words);
    }
    out
}

fn append(out: &mut String, line: &str, words: &Words) {
    let (Some(last), Some(first)) = (out.chars().next_back(), line.chars().next()) else {
        out.push_str(line);
        return;
    };
    let Some((before, hyphen)) = broken_end(out).filter(|_| first.is_alphanumeric()) else {
        // Chinese and Japanese have no blanks, and a dash that touches its word has none on the other side.
        let is_closed =
            is_cjk(last) && is_cjk(first) || last == '—' && !out.trim_end_matches('—').ends_with(' ');
        out.push_str(if is_closed { "" } else { " " });
        out.push_str(line);
        return;
    };
    let start: String =
        before.chars().rev().take_while(|c| is_word(*c)).collect::<Vec<_>>().into_iter().rev().collect();
    let end: String = line.chars().take_while(|c| is_word(*c)).collect();
    let joined = words.has(&format!("{start}{end}"));
    let hyphenated = words.has(&format!("{start}-{end}"));
    // `COVID-` `19`, `Anglo-` `Saxon`: no line breaks a word there.
    let is_own = !first.is_alphabetic() || first.is_uppercase() && before.ends_with(char::is_lowercase);
    let mark: &[char] = match (joined, hyphenated) {
        _ if hyphen == SOFT_HYPHEN => &[],
        (true, false) => &[],
        (false, true) => &['-'],
        _ if is_own => &['-'],
        (true, true) | (false, false) => &['-', SOFT_HYPHEN],
    };
    out.truncate(before.len());
    out.extend(mark);
    out.push_str(line);
}

/// Scripts that are written without blanks between words.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        join(&lines, &Words::of(lines.iter().copied()))
    }

    #[test]
    fn a_hyphen_at_a_lines_end_goes_only_when_the_text_has_the_joined_word() {
        for (text, expected) in [
            ("an announce-\nment, an Announcement", "an announcement, an Announcement"),
            ("a well-\nknown, well-known thing", "a well-known, well-known thing"),
            ("we co-\noperate", "we co-\u{AD}operate"),
            ("we co-\noperate; co-operate and cooperate", "we co-\u{AD}operate; co-operate and cooperate"),
            ("a soft\u{AD}\nware", "a software"),
            ("of COVID-\n19", "of COVID-19"),
            ("the Anglo-\nSaxon", "the Anglo-Saxon"),
            ("ANNOUNCE-\nMENT", "ANNOUNCE-\u{AD}MENT"),
            ("one -\ntwo", "one - two"),
            ("one—\ntwo", "one—two"),
            ("one —\ntwo", "one — two"),
            ("一二\n三四", "一二三四"),
            ("a\n\n b ", "a b"),
            // The broken word's own parts prove nothing.
            ("re-\nform re-\nform", "re-\u{AD}form re-\u{AD}form"),
        ] {
            assert_eq!(joined(text), expected, "{text:?}");
        }
    }
}
