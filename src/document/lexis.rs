//! YAML read as tokens, far enough to see what must not reach the YAML library: anchors, aliases, tags, merge
//! keys, reserved first characters, no-break spaces that fuse a key with its value, and brackets too deep.
//!
//! In: a YAML text. Out: [`Finding`]s. Knows where a value can start (outside quotes, comments, block scalars and
//! the later lines of a plain text), and nothing of what values mean.

use super::extent::{double_quoted_end, line_rest, single_quoted_end};
use super::node::DEPTH_LIMIT;
use crate::text::Span;

/// Something that must not reach the YAML library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding<'t> {
    /// What.
    pub(super) what: What,
    /// Where it starts and how far it reaches: for a value, to where the author's text seems to end.
    pub(super) span: Span,
    /// The key whose value it is part of.
    pub(super) key: &'t str,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// `&name`.
    Anchor,
    /// `*name`.
    Alias,
    /// `!name`.
    Tag,
    /// A value starts with `@`, a back-quote or `%`.
    Reserved,
    /// `<<:`.
    Merge,
    /// `key:` and its value with a no-break space between them.
    Fused(char),
    /// A tab indents a line.
    Tab,
    /// More brackets inside each other than we allow.
    TooDeep,
}

const MOST_FINDINGS: usize = 100;

/// Whether a text may hold a finding at all: one cheap look at each byte, so that nearly every file is spared
/// the scan.
pub(super) fn is_suspicious(yaml: &str) -> bool {
    let bytes = yaml.as_bytes();
    let mut depth = 0usize;
    let mut deepest = 0usize;
    let mut dashes = 0usize;
    let mut before = b'\n';
    for (idx, byte) in bytes.iter().enumerate() {
        match byte {
            b'&' | b'*' | b'!' | b'@' | b'`' | b'%'
                if matches!(before, b' ' | b'\t' | b'\n' | b'\r' | b'[' | b'{' | b',') =>
            {
                return true;
            }
            b'<' if bytes[idx..].starts_with(b"<<") => return true,
            0xC2 if bytes[idx..].starts_with("\u{A0}".as_bytes()) && matches!(before, b':' | b'-') => {
                return true;
            }
            0xE2 if bytes[idx..].starts_with("\u{202F}".as_bytes()) && matches!(before, b':' | b'-') => {
                return true;
            }
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' | b'?' => {
                dashes += 1;
                deepest = deepest.max(dashes);
            }
            b' ' => (),
            _ => dashes = 0,
        }
        before = *byte;
    }
    deepest > DEPTH_LIMIT
}

/// Scans a YAML text.
pub(super) fn scan(yaml: &str) -> Vec<Finding<'_>> {
    let mut scan = Scan {
        yaml,
        at: 0,
        flow: 0,
        dashes: 0,
        fresh: true,
        key: "",
        key_column: 0,
        scalar: Span::at(0),
        line_start: 0,
        seen: 0,
        found: Vec::new(),
    };
    scan.indentation();
    // Nobody reads the hundredth finding, and each costs a look along its line.
    while scan.at < yaml.len() && scan.found.len() < MOST_FINDINGS {
        scan.token();
    }
    scan.found
}

struct Scan<'t> {
    yaml: &'t str,
    at: usize,
    /// How many brackets are open.
    flow: usize,
    /// How many dashes this line starts with.
    dashes: usize,
    /// Whether a value or a key can start here.
    fresh: bool,
    /// The last key.
    key: &'t str,
    /// The column, from 0, of the last key or dash: what belongs to it is indented more.
    key_column: usize,
    /// The last scalar, which a colon makes a key.
    scalar: Span,
    /// Where the line of `seen` starts, and how far lines were looked for.
    line_start: usize,
    seen: usize,
    found: Vec<Finding<'t>>,
}

impl<'t> Scan<'t> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.yaml.as_bytes().get(self.at + ahead).copied()
    }

    fn blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// The column, from 0, in bytes. Asked for rising places, it looks at each byte once.
    fn column(&mut self, at: usize) -> usize {
        if at < self.seen {
            return at - self.yaml[..at].rfind(['\n', '\r']).map_or(0, |idx| idx + 1);
        }
        if let Some(idx) = self.yaml[self.seen..at].rfind(['\n', '\r']) {
            self.line_start = self.seen + idx + 1;
        }
        self.seen = at;
        at - self.line_start
    }

    fn find(&mut self, what: What, end: usize) {
        self.found.push(Finding { what, span: Span::new(self.at, end), key: self.key });
    }

    fn token(&mut self) {
        let Some(byte) = self.byte(0) else { return };
        let in_block = self.flow == 0;
        match byte {
            b' ' | b'\t' => self.at += 1,
            b'\n' | b'\r' => {
                self.at += 1;
                self.dashes = 0;
                self.fresh |= in_block;
                self.indentation();
            }
            b'#' if self.at == 0 || self.yaml.as_bytes()[self.at - 1].is_ascii_whitespace() => {
                self.at += line_rest(self.yaml, self.at).len();
            }
            b':' if self.is_colon() => self.colon(),
            b'[' | b'{' if self.fresh => self.open(),
            b']' | b'}' if !in_block => {
                self.flow -= 1;
                self.fresh = false;
                self.at += 1;
            }
            b',' if !in_block => {
                self.fresh = true;
                self.at += 1;
            }
            b'-' | b'?' if self.fresh && in_block && self.blank(1) => {
                self.key_column = self.column(self.at);
                self.dashes += 1;
                if self.dashes == DEPTH_LIMIT + 1 {
                    self.find(What::TooDeep, self.at + 1);
                }
                self.at += 1;
            }
            _ if self.fresh => self.value(byte),
            _ => self.at += self.yaml[self.at..].chars().next().map_or(1, char::len_utf8),
        }
    }

    /// At the start of a line: looks for tabs.
    fn indentation(&mut self) {
        let line = line_rest(self.yaml, self.at);
        let words = line.trim_start_matches([' ', '\t']);
        let indentation = &line[..line.len() - words.len()];
        if let Some(idx) = indentation.find('\t')
            && self.flow == 0
            && !words.is_empty()
            && !words.starts_with('#')
        {
            let start = self.at + idx;
            let key = self.key;
            self.found.push(Finding { what: What::Tab, span: Span::new(start, start + 1), key });
        }
        self.at += indentation.len();
    }

    fn is_colon(&self) -> bool {
        let flow_end = self.flow > 0 && matches!(self.byte(1), Some(b',' | b'[' | b']' | b'{' | b'}'));
        // Behind a quoted key inside brackets the colon needs no blank, as in JSON.
        let json = self.flow > 0
            && !self.fresh
            && matches!(self.yaml.as_bytes().get(self.scalar.start), Some(b'"' | b'\''));
        self.blank(1) || flow_end || json && self.scalar.end == self.at
    }

    fn colon(&mut self) {
        let key = self.scalar.of(self.yaml).trim_matches(['"', '\'']);
        if !self.fresh {
            self.key = key;
            self.key_column = self.column(self.scalar.start);
            if key == "<<" {
                let span = self.scalar;
                self.found.push(Finding { what: What::Merge, span, key });
            }
        }
        self.fresh = true;
        self.at += 1;
    }

    fn open(&mut self) {
        self.flow += 1;
        if self.flow == DEPTH_LIMIT + 1 {
            self.find(What::TooDeep, self.at + 1);
        }
        self.at += 1;
    }

    /// At the start of a key or a value that is no bracket.
    fn value(&mut self, byte: u8) {
        let start = self.at;
        match byte {
            b'"' => self.at = double_quoted_end(self.yaml, start),
            b'\'' => self.at = single_quoted_end(self.yaml, start),
            b'|' | b'>' if self.flow == 0 => return self.block_scalar(),
            b'&' => self.find(What::Anchor, self.words_end()),
            b'*' => self.find(What::Alias, self.words_end()),
            b'!' => self.find(What::Tag, self.words_end()),
            b'@' | b'`' => self.find(What::Reserved, self.words_end()),
            b'%' if self.column(start) > 0 => self.find(What::Reserved, self.words_end()),
            _ => (),
        }
        if self.at == start {
            self.plain();
        }
        self.scalar = Span::new(start, self.at);
        self.fresh = false;
    }

    /// Where the author's text seems to end: at the line's end, a comment, or in brackets at what ends a value.
    fn words_end(&self) -> usize {
        let line = line_rest(self.yaml, self.at);
        let mut end = line.find(" #").unwrap_or(line.len());
        if self.flow > 0 {
            end = line[..end].find([',', ']', '}']).unwrap_or(end);
        }
        self.at + line[..end].trim_end().len()
    }

    /// A plain scalar, with the lines that continue it.
    fn plain(&mut self) {
        self.fused();
        loop {
            let bytes = self.yaml.as_bytes();
            let mut before = b'x';
            while let Some(byte) = self.byte(0) {
                let ends = match byte {
                    b'\n' | b'\r' => true,
                    b'#' => matches!(before, b' ' | b'\t'),
                    b':' => {
                        self.blank(1)
                            || self.flow > 0 && matches!(self.byte(1), Some(b',' | b'[' | b']' | b'{' | b'}'))
                    }
                    b',' | b'[' | b']' | b'{' | b'}' => self.flow > 0,
                    _ => false,
                };
                if ends {
                    break;
                }
                before = byte;
                self.at += 1;
            }
            if !matches!(self.byte(0), Some(b'\n' | b'\r')) {
                break;
            }
            // The next line that is not blank continues the text when it is indented more than its key.
            let rest = &self.yaml[self.at..];
            let next = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            let next_at = self.yaml.len() - next.len();
            let continues = self.flow > 0 || self.column(next_at) > self.key_column;
            if next.is_empty() || next.starts_with('#') || !continues {
                break;
            }
            self.at = next_at;
            if self.flow > 0 && matches!(bytes[next_at], b',' | b']' | b'}' | b':' | b'[' | b'{') {
                break;
            }
        }
        // A key stands on one line, so what is before the colon is all of it.
        while self.at > 0 && matches!(self.yaml.as_bytes()[self.at - 1], b' ' | b'\t') {
            self.at -= 1;
        }
    }

    /// `key:<no-break space>value` and `-<no-break space>value` are one text to YAML.
    fn fused(&mut self) {
        let rest = &self.yaml[self.at..];
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let word = rest.bytes().take_while(|it| is_word(it)).count();
        let (key, offset) = match rest.as_bytes().get(word) {
            Some(b':') if word > 0 => (&rest[..word], word + 1),
            _ if word == 1 && rest.starts_with('-') => ("-", 1),
            _ => return,
        };
        if let Some(space @ ('\u{A0}' | '\u{202F}')) = rest[offset..].chars().next() {
            let start = self.at + offset;
            self.found.push(Finding {
                what: What::Fused(space),
                span: Span::new(start, start + space.len_utf8()),
                key,
            });
        }
    }

    /// Skips a block scalar: every line that is blank or indented more than its key.
    fn block_scalar(&mut self) {
        self.at += line_rest(self.yaml, self.at).len();
        while self.at < self.yaml.len() {
            let ending = if self.yaml[self.at..].starts_with("\r\n") { 2 } else { 1 };
            let line = line_rest(self.yaml, self.at + ending);
            let words = line.trim_start_matches(' ');
            if !words.trim().is_empty() && line.len() - words.len() <= self.key_column {
                return;
            }
            self.at += ending + line.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(yaml: &str) -> Vec<(What, &str, &str)> {
        scan(yaml).into_iter().map(|it| (it.what, it.key, it.span.of(yaml))).collect()
    }

    #[test]
    fn anchors_aliases_tags_and_reserved_characters_are_seen_where_a_value_starts() {
        assert_eq!(seen("quote: &Co. says no # c\n"), [(What::Anchor, "quote", "&Co. says no")]);
        assert_eq!(seen("a:\n  - b\n  - *c\n"), [(What::Alias, "a", "*c")]);
        assert_eq!(seen("a: { b: !x y, c: [@d, %e] }\n").len(), 3);
        assert_eq!(seen("a: `b`\n"), [(What::Reserved, "a", "`b`")]);
        assert_eq!(seen("quote:\n  !yes\n"), [(What::Tag, "quote", "!yes")]);
        assert_eq!(seen("a:\n  <<: *b\n").len(), 2);
        assert_eq!(seen("- &a {b: c}\n- *a\n").len(), 2);
    }

    #[test]
    fn they_are_plain_words_inside_a_text() {
        for fine in [
            "quote: Q&A, a * b & !c @d `e` %f\n",
            "quote: 'a\n  *b* &c'\nx: \"!d\n  *e\"\n",
            "quote: hello\n  *bold* and\n\n  &more !x\nnext: y\n",
            "quote: >-\n  *bold*\n\n  &x !y\n  a: *b\nnext: y # *z &z\n",
            "- a: |\n    *b*\n  c: d\n",
            "- |\n  *b*\n- d\n",
            "# *a\n\n#!b\nx: y\n",
            "a: [b *c, d\n  *e ]\n",
            "a: b:&c\n",
            "a: http://x/*y\n",
        ] {
            assert_eq!(seen(fine), [], "{fine:?}");
        }
    }

    #[test]
    fn fused_keys_tabs_and_depth_are_seen() {
        assert_eq!(seen("title:\u{A0}x\n"), [(What::Fused('\u{A0}'), "title", "\u{A0}")]);
        assert_eq!(seen("a:\n  b:\u{202F}c\n")[0].0, What::Fused('\u{202F}'));
        assert_eq!(seen("quote: il dit :\u{A0}oui\n"), []);
        assert_eq!(seen("quote: |\n  a:\u{A0}b\n"), []);
        assert_eq!(seen("a:\n\tb: c\n"), [(What::Tab, "a", "\t")]);
        assert_eq!(seen(&"[".repeat(70)).len(), 1);
        assert!(is_suspicious(&"{a: ".repeat(70)));
        assert!(!is_suspicious("a: Q&A 5*3 50% a@b [x, 'y'] {z: \"w\"}\n"));
    }
}
