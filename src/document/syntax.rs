//! YAML's syntax errors in the author's words.
//!
//! In: the YAML text and serde_yaml's error. Out: one diagnostic at the place the author has to change, with the
//! usual slip named. The library's own words come last, as a note.

use super::context::Context;
use super::extent::line_rest;
use super::front_matter::is_keyish;
use super::lexis::{Finding, What};
use super::node;
use super::problems::yaml;
use super::words::{self, quoted};
use crate::diag::{Code, Diagnostic};
use crate::text::{LineIndex, Span};

/// The error as a diagnostic.
pub(super) fn explain(context: &Context<'_>, error: &serde_yaml::Error, found: &[Finding<'_>]) -> Diagnostic {
    let raw = error.to_string();
    let at = error.location().map_or(0, |it| it.index()).min(context.yaml.len());
    let slip = Slip { context, at: boundary(context.yaml, at), raw: &raw };
    if let Some(finding) = found.iter().find(|it| it.what == What::Tab && it.span.start <= at + 1) {
        return words::tab(Diagnostic::new(&yaml::YAML_TAB, context.span(finding.span), words::TAB));
    }
    slip.explain()
}

struct Slip<'c, 't> {
    context: &'c Context<'t>,
    at: usize,
    raw: &'c str,
}

impl<'t> Slip<'_, 't> {
    fn explain(&self) -> Diagnostic {
        let says = |part: &str| self.raw.contains(part);
        if says(node::TOO_DEEP) || says("recursion limit") {
            return words::too_deep(self.at_span(&yaml::YAML_TOO_DEEP, self.here(), words::TOO_DEEP));
        }
        if says(node::TAG_MET) || says("tag handle") {
            let diagnostic =
                self.at_span(&yaml::YAML_TAG, self.here(), "Here stands a YAML tag, and tags are not read");
            return diagnostic.help("Write the value itself; if it is text, put it in quotes");
        }
        if says("more than one document") || says("<document start>") || says("document indicator") {
            return self.several();
        }
        if says("found character that cannot start any token") && self.byte() == Some(b'\t') {
            return words::tab(self.at_span(&yaml::YAML_TAB, self.here(), words::TAB));
        }
        if says("tab character") {
            let line = self.line_span(self.at);
            let tab = line
                .of(self.yaml())
                .find('\t')
                .map_or(self.here(), |idx| Span::new(line.start + idx, line.start + idx + 1));
            return words::tab(self.at_span(&yaml::YAML_TAB, tab, words::TAB));
        }
        self.slip()
            .unwrap_or_else(|| self.unknown())
            .note(format!("The YAML reader says: {}", without_places(self.raw)))
    }

    /// The slips authors make, most telling first.
    fn slip(&self) -> Option<Diagnostic> {
        let says = |part: &str| self.raw.contains(part);
        if says("mapping values are not allowed") {
            return Some(self.colon_in_text().unwrap_or_else(|| self.indentation()));
        }
        if says("unexpected end of stream") || says("quoted scalar") && says("found unexpected") {
            return Some(self.open_quote());
        }
        if says("escape character") || says("hexadecimal number") || says("character escape code") {
            return Some(self.escape());
        }
        if says("cannot start any token") {
            let c = self.yaml()[self.at..].chars().next().unwrap_or(' ');
            let message = format!("A value cannot start with `{c}`, which YAML reserves");
            let quoted = quoted(line_rest(self.yaml(), self.at).trim_end());
            let diagnostic = self.at_span(&yaml::YAML_SYNTAX, self.to_line_end(self.at), &message);
            return Some(diagnostic.fix("Put it in quotes", quoted));
        }
        if says("did not find expected ',' or") {
            return Some(self.open_bracket());
        }
        if says("block sequence entries are not allowed") {
            let message = "A list starts on the same line as its key";
            let diagnostic = self.at_span(&yaml::YAML_SYNTAX, self.here(), message);
            return Some(
                diagnostic.help("Put each `- ` on a line of its own below the key, or write `[one, two]`"),
            );
        }
        if says("did not find expected '-' indicator") {
            let diagnostic = self.at_span(
                &yaml::YAML_SYNTAX,
                self.here(),
                "This line stands among list entries but does not start with `- `",
            );
            return Some(diagnostic.help("Start it with `- `, or indent it like the entry it belongs to"));
        }
        if says("could not find expected ':'") {
            return Some(self.behind_comment().unwrap_or_else(|| self.no_colon()));
        }
        if says("did not find expected key") {
            return Some(
                self.behind_value().or_else(|| self.behind_comment()).unwrap_or_else(|| self.indentation()),
            );
        }
        if says("invalid type") {
            let diagnostic = self.at_span(
                &yaml::YAML_SYNTAX,
                self.here(),
                "A key must be a plain word, not a list or a map",
            );
            return Some(diagnostic.help("If this is text, put it in quotes"));
        }
        None
    }

    fn yaml(&self) -> &'t str {
        self.context.yaml
    }

    fn byte(&self) -> Option<u8> {
        self.yaml().as_bytes().get(self.at).copied()
    }

    fn here(&self) -> Span {
        let len = self.yaml()[self.at..]
            .chars()
            .next()
            .filter(|c| !matches!(c, '\n' | '\r'))
            .map_or(0, char::len_utf8);
        Span::new(self.at, self.at + len)
    }

    fn at_span(&self, code: &'static Code, span: Span, message: &str) -> Diagnostic {
        let end = boundary(self.yaml(), span.end);
        Diagnostic::new(code, self.context.span(Span::new(span.start.min(end), end)), message)
    }

    fn line_span(&self, at: usize) -> Span {
        let start = self.yaml()[..at].rfind(['\n', '\r']).map_or(0, |idx| idx + 1);
        Span::new(start, start + line_rest(self.yaml(), start).len())
    }

    fn to_line_end(&self, start: usize) -> Span {
        Span::new(start, start + line_rest(self.yaml(), start).trim_end().len())
    }

    /// The words of the line without its indentation and dashes, where they start.
    fn line_words(&self, at: usize) -> Span {
        let line = self.line_span(at);
        let words = line.of(self.yaml());
        let start = line.end - words.trim_start_matches([' ', '-']).len();
        Span::new(start, start + self.yaml()[start..line.end].trim_end().len())
    }

    /// The key and the value of the line, when it has both.
    fn key_and_value(&self, at: usize) -> Option<(&'t str, Span)> {
        let words = self.line_words(at);
        let (key, _) = words.of(self.yaml()).split_once(':').filter(|_| is_keyish(words.of(self.yaml())))?;
        let rest = &self.yaml()[words.start + key.len() + 1..words.end];
        let start = words.end - rest.trim_start().len();
        (start < words.end).then(|| (key, Span::new(start, words.end)))
    }

    /// The place the error's context names, such as where a quotation was opened.
    fn context_start(&self) -> Option<usize> {
        let (_, context) = self.raw.split_once(", while ")?;
        let Some((_, place)) = context.rsplit_once(" at line ") else {
            // Without a place of its own the context starts with the text, or where the error is.
            let starts = self.yaml().starts_with(['"', '\'', '[', '{']);
            return Some(if starts { 0 } else { self.at });
        };
        let (line, column) = place.split_once(" column ")?;
        let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
        let index = LineIndex::new(self.yaml());
        let start = index.line_start(line);
        let offset = self.yaml()[start..].char_indices().nth(column.checked_sub(1)?).map(|(idx, _)| idx)?;
        Some(start + offset)
    }

    fn quote_it(&self, value: Span, message: &str) -> Diagnostic {
        let quoted = quoted(value.of(self.yaml()));
        let diagnostic = self.at_span(&yaml::YAML_SYNTAX, value, message);
        diagnostic.fix("Put the text in quotes", quoted)
    }

    /// `title: Musk: "hot" take`.
    fn colon_in_text(&self) -> Option<Diagnostic> {
        let (key, value) = self.key_and_value(self.at)?;
        if self.at <= value.start {
            return None;
        }
        let message =
            format!("The text of `{key}` holds a colon and a space, which YAML reads as another key");
        Some(self.quote_it(value, &message))
    }

    /// `title: "Big" news`, `quote: [laughs] no`.
    fn behind_value(&self) -> Option<Diagnostic> {
        let (key, value) = self.key_and_value(self.at)?;
        if self.at <= value.start {
            return None;
        }
        let first = value.of(self.yaml()).chars().next()?;
        let message = match first {
            '"' | '\'' => format!("`{key}` goes on behind its closing quote"),
            '[' | '{' => format!(
                "`{key}` starts with `{first}`, which YAML reads as a list or a map, and goes on behind it"
            ),
            _ => return None,
        };
        Some(self.quote_it(value, &message))
    }

    /// A text of several lines that a comment ended before its last one.
    fn behind_comment(&self) -> Option<Diagnostic> {
        let is_key = self.raw.contains("simple key");
        let line = self.line_span(self.context_start().filter(|_| is_key).unwrap_or(self.at));
        let above = self.yaml()[..line.start].trim_end();
        let (key, value) = self.key_and_value(above.len())?;
        let comment = value.of(self.yaml()).find(" #").map(|idx| value.start + idx + 1)?;
        let column = |at: usize| self.line_words(at).start - self.line_span(at).start;
        let is_deeper = column(line.start) > column(above.len());
        if !is_deeper || value.of(self.yaml()).starts_with(['"', '\'', '[', '{', '|', '>']) {
            return None;
        }
        let whole = Span::new(value.start, self.to_line_end(line.start).end);
        let cut = Span::new(comment, value.end);
        let message = format!("A comment ends the text of `{key}`, so its next line cannot be read");
        let diagnostic = self.at_span(&yaml::YAML_CUTS_TEXT, whole, &message);
        let diagnostic = diagnostic.also(self.context.span(cut), "YAML takes this for a comment");
        let diagnostic = diagnostic.help("If it is a comment, put it on a line of its own above the field");
        Some(
            diagnostic
                .fix("If it belongs to the text, put the text in quotes", quoted(whole.of(self.yaml()))),
        )
    }

    fn indentation(&self) -> Diagnostic {
        let words = self.line_words(self.at);
        let message = "This line does not fit the lines above it";
        let diagnostic = self.at_span(&yaml::YAML_SYNTAX, words, message);
        let diagnostic = diagnostic
            .label("indented more or less than its neighbours, or behind a value that was not finished");
        diagnostic.help("Indent keys of one record by the same number of spaces")
    }

    fn open_quote(&self) -> Diagnostic {
        let start = self.context_start().unwrap_or(self.at);
        let quote = if self.yaml().as_bytes().get(start) == Some(&b'"') { "\"" } else { "'" };
        let message = format!("This text is opened with `{quote}` and never closed");
        let diagnostic = self.at_span(&yaml::YAML_SYNTAX, self.to_line_end(start), &message);
        let diagnostic = diagnostic.help(format!("Close it with `{quote}`"));
        match quote {
            "'" => diagnostic.help("Inside single quotes an apostrophe is written twice: `'it''s'`"),
            _ => diagnostic
                .help("Inside double quotes a quote is written `\\\"`; or put the whole in single quotes"),
        }
    }

    fn escape(&self) -> Diagnostic {
        let start = self.context_start().unwrap_or(self.at);
        let end = super::extent::double_quoted_end(self.yaml(), start);
        let typed = &self.yaml()[start..end];
        let inner = typed.trim_matches('"');
        let message = "A back-slash in double quotes starts an escape, and this is none that YAML knows";
        let diagnostic = self.at_span(&yaml::YAML_SYNTAX, Span::new(start, end), message);
        let quoted = quoted(inner);
        diagnostic.fix("In single quotes a back-slash stays what it is", quoted)
    }

    fn open_bracket(&self) -> Diagnostic {
        let start = self.context_start().unwrap_or(self.at);
        let (open, close) =
            if self.yaml().as_bytes().get(start) == Some(&b'{') { ('{', '}') } else { ('[', ']') };
        let message =
            format!("What is opened with `{open}` is not closed with `{close}`, or a comma is missing in it");
        let diagnostic = self.at_span(&yaml::YAML_SYNTAX, Span::new(start, start + 1), &message);
        let place = self.context.span(self.here());
        let diagnostic =
            diagnostic.also(place, "YAML is lost here").help(format!("Add `{close}`, or the comma"));
        diagnostic.help("If this is text that starts with a bracket, put it in quotes")
    }

    fn no_colon(&self) -> Diagnostic {
        let start = self.context_start().unwrap_or(self.at);
        let words = self.line_words(start);
        let diagnostic = self.at_span(&yaml::YAML_SYNTAX, words, "This line is no `key: value`");
        let diagnostic = diagnostic
            .help("If it goes on with the text above, indent it, and mind that a comment ends a text");
        diagnostic.help("A key is followed by a colon and a space")
    }

    fn several(&self) -> Diagnostic {
        let is_mark = |line: &str| matches!(line.trim_end(), "---" | "...") || line.starts_with("--- ");
        let mut start = 0;
        let mut seen = false;
        let mut mark = self.here();
        for line in self.yaml().split_inclusive(['\n', '\r']) {
            let words = line.trim_end();
            if is_mark(words) && seen {
                mark = Span::new(start, start + 3);
                break;
            }
            seen |= !words.is_empty() && !words.starts_with('#');
            start += line.len();
        }
        let diagnostic = self.at_span(
            &yaml::YAML_SEVERAL_DOCUMENTS,
            mark,
            "Another YAML document starts here, and only one is read",
        );
        diagnostic.help("Delete this line; in a list, start each record with `- `")
    }

    fn unknown(&self) -> Diagnostic {
        let diagnostic = self.at_span(&yaml::YAML_SYNTAX, self.here(), "YAML cannot be read from here on");
        diagnostic.help(
            "Look for an odd character, an open quote or bracket, or a line that is indented differently",
        )
    }
}

/// The library's words without its places, which count from the front matter's first line.
fn without_places(raw: &str) -> String {
    let mut parts = raw.split(" at line ");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        // `12 column 3, while …`
        let behind = part.split_once(" column ").map_or("", |(_, it)| it);
        out.push_str(behind.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

/// The nearest start of a character at or before a byte.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
