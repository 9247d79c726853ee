//! Where the front matter ends and the prose begins.
//!
//! In: a Markdown file's text. Out: the span between the two `---` lines and the span behind them, or what is
//! wrong with the fences. Does not read YAML.

use crate::text::{Span, seek};

/// A Markdown file, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// The YAML between the fences; `None` when the file has no front matter.
    pub(super) yaml: Option<Span>,
    /// The prose.
    pub(super) body: Span,
    /// The opening fence, or the file's first byte.
    pub(super) fence: Span,
    /// What is wrong; the YAML is then not worth reading.
    pub(super) problem: Option<FenceProblem>,
}

/// What can be wrong with the fences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FenceProblem {
    /// No second `---`. The last line that looks like a key has this number.
    NotClosed { last_key_line: usize, after: Span },
    /// `---js`, `+++`, a JSON object: something we do not read. The text names it.
    NotYaml { language: String, fence: Span },
    /// A second YAML document starts behind the first.
    Several { second: Span },
}

/// Takes a Markdown file apart. The text has no byte order mark.
pub(super) fn split(text: &str) -> Split {
    let whole = Split { yaml: None, body: Span::new(0, text.len()), fence: Span::at(0), problem: None };
    let Some(open) = opening(text) else {
        let problem = foreign(text).map(|(language, fence)| FenceProblem::NotYaml { language, fence });
        let body = if problem.is_some() { Span::at(text.len()) } else { whole.body };
        return Split { problem, body, ..whole };
    };
    let fence = open.words;
    if let Some(line) = lines(text, open.end).find(|line| is_fence(line.words.of(text))) {
        let yaml = Span::new(open.end, line.start);
        let body = Span::new(line.end, text.len());
        let problem = second_document(text, line.end).then_some(FenceProblem::Several { second: line.words });
        return Split { yaml: Some(yaml), body, fence, problem };
    }
    let keys = lines(text, open.end).take_while(|line| line.number < 2_000);
    let last_key = keys.filter(|line| is_keyish(line.words.of(text))).last().unwrap_or(open);
    let problem = FenceProblem::NotClosed { last_key_line: last_key.number, after: last_key.words };
    Split { yaml: None, body: Span::at(text.len()), fence, problem: Some(problem) }
}

/// The YAML part of any content file, for `locate`: all of a list, the front matter of a Markdown file.
pub(super) fn yaml_part(text: &str, is_list: bool) -> Span {
    let mark = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let whole = Span::new(mark, text.len());
    if is_list {
        return whole;
    }
    match split(&text[mark..]).yaml {
        Some(yaml) => yaml.shifted(mark),
        None => whole,
    }
}

/// The fence line that ends where the YAML starts.
pub(super) fn fence_before(text: &str, yaml_start: usize) -> Span {
    let before = text.get(..yaml_start).unwrap_or("").trim_end_matches(['\n', '\r']);
    let start = before.rfind(['\n', '\r']).map_or(0, |idx| idx + 1);
    match before[start..].find("---") {
        Some(idx) => Span::new(start + idx, start + idx + 3),
        None => Span::at(yaml_start),
    }
}

/// One line of a text.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where it starts.
    pub(super) start: usize,
    /// Its words, without line end.
    pub(super) words: Span,
    /// Where the next one starts.
    pub(super) end: usize,
    /// Its number, from 1 at the start of the text given.
    pub(super) number: usize,
}

/// The lines of a text from a line's start on. A line ends with `\n`, `\r\n` or a lone `\r`.
pub(super) fn lines(text: &str, from: usize) -> impl Iterator<Item = Line> {
    let mut start = from;
    let mut number = count_lines(&text[..from]);
    std::iter::from_fn(move || {
        if start >= text.len() {
            return None;
        }
        let len = seek(text.as_bytes(), start, [b'\n', b'\r']).map_or(text.len() - start, |end| end - start);
        let ending = match text.as_bytes().get(start + len..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        number += 1;
        let line = Line { start, words: Span::new(start, start + len), end: start + len + ending, number };
        start = line.end;
        Some(line)
    })
}

/// How many line ends a text holds.
fn count_lines(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(idx, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(idx + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.count()
}

/// Whether a line is `---`, perhaps with blanks or a comment behind it.
fn is_fence(line: &str) -> bool {
    line.strip_prefix("---")
        .is_some_and(|rest| rest.trim_matches([' ', '\t']).is_empty() || rest.starts_with(" #"))
}

/// The opening fence. It may have blank lines before it when what follows looks like a key: prose may begin with a
/// rule, but nobody means one there.
fn opening(text: &str) -> Option<Line> {
    let mut before = lines(text, 0).skip_while(|line| line.words.of(text).trim().is_empty());
    let first = before.next()?;
    if !is_fence(first.words.of(text)) {
        return None;
    }
    let mut follows_key = || before.next().is_some_and(|line| is_keyish(line.words.of(text)));
    (first.start == 0 || follows_key()).then_some(first)
}

/// Front matter in another language, by its first line.
fn foreign(text: &str) -> Option<(String, Span)> {
    let first = lines(text, 0).next()?;
    let words = first.words.of(text).trim_end();
    let fence = Span::new(first.start, first.start + words.len());
    if let Some(language) = words.strip_prefix("---") {
        let language = language.trim();
        let is_word = !language.is_empty() && language.chars().all(|c| c.is_ascii_alphanumeric());
        return is_word.then(|| (language.to_owned(), fence));
    }
    if words == "+++" {
        return Some(("TOML".to_owned(), fence));
    }
    let json = words.strip_prefix('{')?.trim_start();
    (json.is_empty() && text.contains("\":") || json.starts_with('"'))
        .then(|| ("JSON".to_owned(), Span::new(0, 1)))
}

/// Whether a line looks like `key:` or `key: value`.
pub(super) fn is_keyish(line: &str) -> bool {
    let Some((key, rest)) = line.trim_start_matches([' ', '-']).split_once(':') else { return false };
    let is_word = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    is_word && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// Whether what follows the closing fence is front matter again: keys up to another `---`.
fn second_document(text: &str, from: usize) -> bool {
    let mut any_key = false;
    for line in lines(text, from).take(200) {
        let words = line.words.of(text);
        if is_fence(words) {
            return any_key;
        }
        let belongs =
            is_keyish(words) || any_key && (words.starts_with([' ', '#']) || words.starts_with("- "));
        if !belongs {
            return false;
        }
        any_key = true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(text: &str) -> (Option<&str>, &str, Option<FenceProblem>) {
        let split = split(text);
        (split.yaml.map(|it| it.of(text)), split.body.of(text), split.problem)
    }

    #[test]
    fn the_front_matter_ends_at_the_second_fence_whatever_ends_the_lines() {
        assert_eq!(taken_apart("---\na: 1\n---\nHi\n"), (Some("a: 1\n"), "Hi\n", None));
        assert_eq!(taken_apart("---\r\na: 1\r\n---\r\nHi"), (Some("a: 1\r\n"), "Hi", None));
        assert_eq!(taken_apart("---\ra: 1\r---  \rHi"), (Some("a: 1\r"), "Hi", None));
        assert_eq!(taken_apart("---\n---\n"), (Some(""), "", None));
        assert_eq!(taken_apart("\n---\na: 1\n---"), (Some("a: 1\n"), "", None));
        assert_eq!(
            taken_apart("---\na: |\n  x\n  ---\n  y\n---\n"),
            (Some("a: |\n  x\n  ---\n  y\n"), "", None)
        );
        assert_eq!(taken_apart("Just prose\n\n---\n\nmore"), (None, "Just prose\n\n---\n\nmore", None));
        assert_eq!(taken_apart(""), (None, "", None));
    }

    #[test]
    fn a_fence_that_is_not_closed_names_the_last_line_that_looks_like_a_key() {
        let text = "---\na: 1\nb_c: 2\n\nSome prose: here.\n";
        let Some(FenceProblem::NotClosed { last_key_line, after }) = split(text).problem else {
            panic!("not closed")
        };
        assert_eq!((last_key_line, after.of(text)), (3, "b_c: 2"));
    }

    #[test]
    fn other_languages_are_named() {
        for (text, wanted) in [
            ("---js\n({})\n---\n", "js"),
            ("---toml\na=1\n---\n", "toml"),
            ("+++\na=1\n+++\n", "TOML"),
            ("{\n  \"a\": 1\n}\n", "JSON"),
            ("{\"a\": 1}\n", "JSON"),
        ] {
            let Some(FenceProblem::NotYaml { language, .. }) = split(text).problem else {
                panic!("{text:?}")
            };
            assert_eq!(language, wanted);
        }
        assert_eq!(split("{{ not json }}\n").problem, None);
        assert_eq!(split("----\n").problem, None);
    }

    #[test]
    fn a_second_document_is_seen_and_a_heading_is_not() {
        assert!(matches!(
            split("---\na: 1\n---\nb: 2\nc:\n  - d\n---\nx").problem,
            Some(FenceProblem::Several { .. })
        ));
        assert_eq!(
            split("---\na: 1\n---\n\nnote: this\n---\n").problem,
            None,
            "a heading after a blank line"
        );
        assert_eq!(split("---\na: 1\n---\nHello: world\n---\n").problem, None);
    }
}
