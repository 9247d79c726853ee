//! Smart punctuation, and the quotations it keeps away from.
//!
//! A quotation is never changed, and when in doubt a text stays as typed. So quotation marks are never exchanged,
//! and from the mark that opens a quotation to the one that closes it nothing is. Outside, `...` becomes `…`, `--`
//! and `---` become `–` and `—`, and the straight apostrophe inside or behind a word becomes `’`.
//!
//! A quotation ends with its block at the latest (paragraph, heading, list item, table cell). The mark that closes
//! `'…'` or `‘…’` cannot be told from an apostrophe (`the dogs' view`), so one that opens protects the rest of its block.
//! Blockquotes are the caller's to know. What the author escaped (`\'`, `\--`) stays as typed.

use std::borrow::Cow;

use crate::text::ByteSet;

/// Which quotations are open in one block.
#[derive(Debug, Default)]
pub(super) struct Quotations {
    /// For each open mark, the marks that would close it; innermost last.
    open: Vec<&'static str>,
    /// Between a straight double mark and the next.
    straight: bool,
    /// Behind an opening `'` or `‘`.
    single: bool,
    /// The character before, as readers see it.
    before: Option<char>,
}

impl Quotations {
    /// Forgets everything: a new block begins.
    pub(super) fn start_block(&mut self) {
        self.open.clear();
        self.straight = false;
        self.single = false;
        self.before = None;
    }

    /// Whether the words here are somebody's.
    pub(super) fn is_open(&self) -> bool {
        self.straight || self.single || !self.open.is_empty()
    }

    /// Notes that something other than text stood here, such as a line end or code.
    pub(super) fn pass(&mut self, looks_like: char) {
        self.before = Some(looks_like);
    }

    /// Sets one stretch of text. `typed` says which bytes stand as the author escaped them, `quoted` that all of
    /// it stands in a blockquote. Calls `quoted_char` with the place of each character beyond ASCII that belongs to a quotation.
    pub(super) fn set<'t>(
        &mut self,
        text: &'t str,
        quoted: bool,
        typed: &dyn Fn(usize) -> bool,
        quoted_char: &mut dyn FnMut(usize, char),
    ) -> Cow<'t, str> {
        let mut out = String::new();
        let mut copied = 0;
        let mut at = 0;
        while at < text.len() {
            // Most of what there is; for nothing below.
            let n_plain = IS_PLAIN.run(&text.as_bytes()[at..]);
            if n_plain > 0 {
                at += n_plain;
                self.before = Some(char::from(text.as_bytes()[at - 1]));
            }
            let Some(c) = text[at..].chars().next() else { break };
            if !c.is_ascii() && (quoted || self.is_open()) {
                quoted_char(at, c);
            }
            let mut end = at + c.len_utf8();
            let rest = &text[at..];
            let next = rest[c.len_utf8()..].chars().next();
            let was_free = !quoted && !self.is_open();
            let set = match c {
                '\'' => self.apostrophe(next, typed(at)),
                '"' => {
                    self.straight = !self.straight;
                    None
                }
                '-' | '.' => {
                    let run = rest.bytes().take_while(|byte| *byte == c as u8).count();
                    end = at + run;
                    let any_typed = (at..end).any(typed);
                    match (c, run) {
                        _ if any_typed => None,
                        ('-', 2) => Some(("–", 2)),
                        ('-', 3) => Some(("—", 3)),
                        ('.', 3) => Some(("…", 3)),
                        _ => None,
                    }
                }
                _ => {
                    self.paired_mark(c, next);
                    None
                }
            };
            if let (Some((replacement, len)), true) = (set, was_free) {
                out.push_str(&text[copied..at]);
                out.push_str(replacement);
                copied = at + len;
            }
            self.before = Some(c);
            at = end;
        }
        match copied {
            0 => Cow::Borrowed(text),
            _ => Cow::Owned(out + &text[copied..]),
        }
    }

    /// Decides what a straight single mark is.
    fn apostrophe(&mut self, next: Option<char>, typed: bool) -> Option<(&'static str, usize)> {
        let behind_a_word = self.before.is_some_and(char::is_alphanumeric);
        if behind_a_word {
            return (!typed).then_some(("’", 1));
        }
        // Without a next character, more of the block may follow: `'*so*'`.
        if next.is_none_or(|c| !c.is_whitespace()) {
            self.single = true;
        }
        None
    }

    /// Opens or closes a quotation when `c` is a typographic quotation mark.
    fn paired_mark(&mut self, c: char, next: Option<char>) {
        let inside_a_word = c == '’'
            && self.before.is_some_and(char::is_alphanumeric)
            && next.is_some_and(char::is_alphanumeric);
        if c.is_ascii() || inside_a_word {
            return;
        }
        if self.open.last().is_some_and(|closers| closers.contains(c)) {
            self.open.pop();
            return;
        }
        // Which marks open differs by language: »so« and «so», „so“ and “so”, and ”so” in Swedish and Finnish.
        let closers = match c {
            '“' | '‟' => "”",
            '„' | '”' => "“”",
            '«' => "»",
            '»' => "«»",
            '‹' => "›",
            '›' => "‹›",
            '‘' | '‛' => {
                self.single = true;
                return;
            }
            '‚' => "‘’",
            '「' => "」",
            '『' => "』",
            _ => return,
        };
        self.open.push(closers);
    }
}

/// ASCII but for the marks that may be set in another way or open a quotation.
static IS_PLAIN: ByteSet = ByteSet::ascii().but(b"'\"-.");

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> String {
        Quotations::default().set(text, false, &|_| false, &mut |_, _| ()).into_owned()
    }

    #[test]
    fn punctuation_is_set_outside_quotations() {
        for (typed, seen) in [
            ("Nvidia's price -- down 17% -- fell...", "Nvidia’s price – down 17% – fell…"),
            ("a---b, ----, ...., the authors' view", "a—b, ----, ...., the authors’ view"),
            ("no change. a-b", "no change. a-b"),
        ] {
            assert_eq!(set(typed), seen);
        }
    }

    #[test]
    fn quotations_stay_as_typed() {
        for same in [
            "\"it's -- well... good\"",
            "“it's -- well... good”",
            "„it's -- so“ »it's...« «it's...» ‘it's...’ 「it's...」 ”it's...”",
            "'it's -- well... good' he said",
            "“an open one -- to the end",
            "“outer 'inner' -- still outer”",
            "“the dogs’ “inner” -- more”",
        ] {
            assert_eq!(set(same), same);
        }
        assert_eq!(set("so... \"as...\" so..."), "so… \"as...\" so…");
        assert_eq!(set("a “b...” c..."), "a “b...” c…");
    }

    #[test]
    fn what_the_author_escaped_stays() {
        let mut quotations = Quotations::default();
        let text = quotations.set("don't -- do", false, &|at| at == 3 || at == 7, &mut |_, _| ());
        assert_eq!(text, "don't -- do");
    }

    #[test]
    fn a_quotation_spans_markup_and_ends_with_its_block() {
        let mut quotations = Quotations::default();
        let mut set = |text: &str| quotations.set(text, false, &|_| false, &mut |_, _| ()).into_owned();
        assert_eq!(set("he said \"we..."), "he said \"we...");
        assert_eq!(set("won't\" -- so"), "won't\" – so");
        quotations.start_block();
        assert!(!quotations.is_open());
    }

    proptest::proptest! {
        #[test]
        fn between_double_marks_nothing_changes(before in "[a-z .'-]*", inside in "[^\"]*", after in "[a-z .-]*") {
            let text = format!("{before}\"{inside}\"{after}");
            let quoted = format!("\"{inside}\"");
            proptest::prop_assert!(set(&text).contains(&quoted));
        }
    }
}
