//! Where a text quotes: stretches between quotation marks of any language.

use std::ops::Range;

/// One quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// With its marks.
    pub outer: Range<usize>,
    /// The words between them.
    pub inner: Range<usize>,
    /// Whether it is closed in this block.
    pub closed: bool,
}

/// Whether a character can open or close a quotation.
pub(super) fn is_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '「'
            | '」'
            | '『'
            | '』'
    )
}

/// The outermost quotations of a block, in order. One that is never closed goes on to the end.
pub(super) fn find(text: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((start, c)) = text[from..].char_indices().find(|(_, c)| is_mark(*c)) {
        let start = from + start;
        let inside = start + c.len_utf8();
        from = inside;
        let (before, next) = (text[..start].chars().next_back(), text[inside..].chars().next());
        let Some(closers) = closers(c, before, next) else { continue };
        let single = matches!(c, '\'' | '‘' | '‛' | '‚');
        let end =
            if single { single_end(text, inside, closers) } else { double_end(text, inside, c, closers) };
        match end {
            Some(end) => {
                let after = end + text[end..].chars().next().map_or(0, char::len_utf8);
                found.push(Quoted { outer: start..after, inner: inside..end, closed: true });
                from = after;
            }
            // An apostrophe that opens nothing.
            None if single => (),
            None => {
                found.push(Quoted { outer: start..text.len(), inner: inside..text.len(), closed: false });
                from = text.len();
            }
        }
    }
    found
}

/// The marks that close what `c` opens here; `None` when it opens nothing.
fn closers(c: char, before: Option<char>, next: Option<char>) -> Option<&'static str> {
    let starts_word =
        before.is_none_or(|it| !it.is_alphanumeric()) && next.is_some_and(|it| !it.is_whitespace());
    // Which marks open differs by language: »so« and «so», „so“ and “so”, and ”so” in Swedish and Finnish.
    match c {
        '"' => (before.is_none_or(|it| !it.is_alphanumeric())).then_some("\""),
        '\'' => starts_word.then_some("'’"),
        '“' | '‟' => Some("”"),
        '„' => Some("“”"),
        '”' => starts_word.then_some("”"),
        '«' => Some("»"),
        '»' => Some("«»"),
        '‹' => Some("›"),
        '›' => Some("‹›"),
        '‘' | '‛' => starts_word.then_some("’"),
        '‚' => starts_word.then_some("‘’"),
        '「' => Some("」"),
        '『' => Some("』"),
        _ => None,
    }
}

/// Where a double mark is closed, past quotations of the same marks inside.
fn double_end(text: &str, from: usize, open: char, closers: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text[from..].char_indices() {
        if closers.contains(c) {
            match depth {
                0 => return Some(from + at),
                _ => depth -= 1,
            }
        } else if c == open {
            depth += 1;
        }
    }
    None
}

/// Where a single mark is closed. An apostrophe inside a word closes nothing, and one behind an `s` only if no other mark
/// does (`‘the dogs’ view’`) before the next quotation opens.
fn single_end(text: &str, from: usize, closers: &str) -> Option<usize> {
    let mut behind_s = None;
    for (at, c) in text[from..].char_indices().filter(|(_, c)| closers.contains(*c) || matches!(c, '‘' | '‚'))
    {
        let at = from + at;
        let before = text[from..at].chars().next_back()?;
        let next = text[at + c.len_utf8()..].chars().next();
        let opens = !before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric);
        if opens && behind_s.is_some() {
            break;
        }
        if before.is_whitespace() || next.is_some_and(char::is_alphanumeric) || !closers.contains(c) {
            continue;
        }
        match before {
            's' => behind_s = behind_s.or(Some(at)),
            _ => return Some(at),
        }
    }
    behind_s
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|it| &text[it.inner]).collect()
    }

    #[test]
    fn quotations_of_many_languages_are_found() {
        for (text, words) in [
            ("He said “so it is” and «non» and „doch“.", &["so it is", "non", "doch"][..]),
            ("»so« ›so‹ 「そう」 \"so\" ”så”", &["so", "so", "そう", "so", "så"]),
            ("“outer “inner” outer” x", &["outer “inner” outer"]),
            ("It’s the dogs’ view; don't, '90s and '80s", &[]),
            ("He said ‘it’s the dogs’ view’ then", &["it’s the dogs’ view"]),
            ("a 'so-called' plan", &["so-called"]),
            ("In 'The Loom of Leeds' the weavers' guild said 'no'.", &["The Loom of Leeds", "no"]),
            ("a 5\" disk", &[]),
            ("“never closed", &["never closed"]),
        ] {
            assert_eq!(quoted(text), words, "{text}");
        }
        assert!(!find("“never closed")[0].closed);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_quotations_in_order(text in "[a-z “”\"'‘’«»„é]{0,40}") {
            let mut end = 0;
            for it in find(&text) {
                proptest::prop_assert!(end <= it.outer.start && it.outer.start < it.inner.start && it.inner.end <= it.outer.end);
                proptest::prop_assert!(text.get(it.inner.clone()).is_some());
                end = it.outer.end;
            }
        }
    }
}
