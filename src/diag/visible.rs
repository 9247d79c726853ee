//! Makes text safe to print: characters that steer a terminal or reorder text are shown, never sent.

use std::borrow::Cow;

/// Whether a character would act on the reader's screen instead of being seen on it: C0 and C1 controls,
/// bidirectional controls (Unicode Standard Annex 9, §2), invisible spaces and joints, line separators.
///
/// The zero-width joiner and non-joiner stay: emoji and Persian need them.
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text with every acting character written as an escape such as `\u{202e}`. Line breaks stay; tabs become
/// spaces.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, true)
}

/// A text as [`visible`] gives it, and on one line.
pub(crate) fn visible_line(text: &str) -> Cow<'_, str> {
    escaped(text, false)
}

fn escaped(text: &str, keep_lines: bool) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' if keep_lines => out.push('\n'),
            '\n' | '\t' => out.push(' '),
            c if acts(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A line of an excerpt with every acting character replaced by *one* visible one, so that columns stay true.
pub(crate) fn visible_excerpt(line: &str) -> Cow<'_, str> {
    if !line.chars().any(acts) {
        return Cow::Borrowed(line);
    }
    let stand_in = |c: char| match c {
        '\t' => '\t',
        // The Control Pictures block has a picture for each C0 control, in the same order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if acts(c) => '\u{fffd}',
        c => c,
    };
    Cow::Owned(line.chars().map(stand_in).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_act_on_a_terminal_are_shown_instead() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{202e}c\u{9b}d\u{7f}\te\nf"),
            r"a\u{1b}[31mb\u{202e}c\u{9b}d\u{7f} e".to_owned() + "\nf"
        );
        assert_eq!(visible_line("a\nb\r"), r"a b\u{d}");
        assert_eq!(visible_excerpt("a\u{1b}b\u{202e}c\u{85}\td"), "a␛b\u{fffd}c\u{fffd}\td");
        assert!(matches!(visible("نیم\u{200c}فاصله 👩\u{200d}🔬 é"), Cow::Borrowed(_)));
    }
}
