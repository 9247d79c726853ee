//! YAML must never change an author's words in silence.
//!
//! Two looks: before parsing, at what `lexis` found ([`report`]); and at each text field while it is decoded
//! ([`text`]): a comment that cuts it, an escape that alters it, a bracket or `null` that makes it something else.

use super::context::Context;
use super::extent::line_rest;
use super::lexis::{Finding, What};
use super::node::{self, Node};
use super::problems::{bytes, fields, yaml};
use super::value::Value;
use crate::diag::{Code, Diagnostic};
use crate::text::Span;

/// The keys whose values are prose or names: where they start oddly, the author meant text.
const TEXT_KEYS: [&str; 40] = [
    "quote",
    "says",
    "did",
    "title",
    "name",
    "sort",
    "names",
    "def",
    "expands_to",
    "summary",
    "note",
    "methods",
    "described_as",
    "as_printed",
    "as_written",
    "why",
    "was",
    "now",
    "stakes",
    "question",
    "label",
    "description",
    "place",
    "role",
    "measure",
    "checked",
    "text",
    "prefix",
    "handle",
    "disputed",
    "hedge",
    "found_by",
    "locator",
    "date_basis",
    "rights",
    "aliases",
    "kind_of",
    "publisher",
    "of",
    "help",
];

/// Reports what must not reach the YAML library. Returns whether there was anything; tabs are left to `syntax`.
pub(super) fn report(context: &mut Context<'_>, found: &[Finding<'_>]) -> bool {
    let before = found.iter().filter(|it| it.what != What::Tab);
    let mut any = false;
    for finding in before {
        any = true;
        let diagnostic = told(context, finding);
        context.add(diagnostic);
    }
    any
}

fn told(context: &Context<'_>, finding: &Finding<'_>) -> Diagnostic {
    let key = finding.key;
    let typed = finding.span.of(context.yaml);
    let first = typed.chars().next().unwrap_or(' ');
    let at =
        |code: &'static Code, message: String| Diagnostic::new(code, context.span(finding.span), message);
    let is_text = TEXT_KEYS.contains(&key);
    let quoted = quoted(typed);
    let means = match finding.what {
        What::Merge => {
            let diagnostic = at(&yaml::YAML_MERGE, "The merge key `<<` is not read".to_owned());
            return diagnostic.help("Write the fields out where they are used");
        }
        What::TooDeep => return too_deep(at(&yaml::YAML_TOO_DEEP, TOO_DEEP.to_owned())),
        What::Fused(_) => {
            let message = format!(
                "A no-break space stands between `{key}` and its value, so YAML reads both as one text"
            );
            let diagnostic = at(&yaml::YAML_CHANGES_TEXT, message).label("this is no ordinary space");
            return diagnostic.fix("Write an ordinary space", " ");
        }
        What::Tab => return tab(at(&yaml::YAML_TAB, TAB.to_owned())),
        What::Anchor => "the name of a value (an anchor)",
        What::Alias => "the repetition of a named value (an alias)",
        What::Tag => "a tag",
        What::Reserved => "a reserved character",
    };
    if is_text {
        let message = format!("`{key}` starts with `{first}`, which YAML reads as {means}, not as text");
        let diagnostic = at(&yaml::YAML_CHANGES_TEXT, message).label("these words would be lost or changed");
        return diagnostic.fix("Put the text in quotes", quoted);
    }
    match finding.what {
        What::Tag => {
            let diagnostic = at(&yaml::YAML_TAG, format!("`{typed}` is a YAML tag, and tags are not read"));
            diagnostic
                .help("Write the value itself, without the tag")
                .fix("If it is text, put it in quotes", quoted)
        }
        What::Reserved => {
            let message = format!("A value cannot start with `{first}`, which YAML reserves");
            let diagnostic = at(&yaml::YAML_SYNTAX, message);
            diagnostic.fix("Put it in quotes", quoted)
        }
        _ => {
            let message = format!("`{typed}` is {means}, and front matter has none");
            let diagnostic = at(&yaml::YAML_ANCHOR, message);
            diagnostic.help("Write the value where it is used; if this is text, put it in quotes")
        }
    }
}

pub(super) const TOO_DEEP: &str = "Lists and maps stand inside each other more than 64 levels deep";
pub(super) const TAB: &str = "A tab indents this line, and YAML allows only spaces";

/// Adds what to do.
pub(super) fn too_deep(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help("Remove the brackets or dashes that are too many")
}

/// Adds what to do.
pub(super) fn tab(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.label("here is the tab").fix("Write two spaces in its place", "  ")
}

/// Decodes one text.
pub(super) fn text<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<String> {
    let words = match value.node {
        Node::Scalar(words) => words,
        Node::Null("") => {
            value.wrong(context, "text");
            return None;
        }
        Node::Null(typed) => {
            let name = value.at.name();
            let message = format!("YAML reads `{typed}` in `{name}` as nothing, not as text");
            let diagnostic = Diagnostic::new(&yaml::YAML_CHANGES_TEXT, context.at(value.at), message);
            context.add(
                diagnostic
                    .help("If nothing is meant, delete the line")
                    .fix("If it is text, put it in quotes", quoted(typed)),
            );
            return None;
        }
        Node::List(_) | Node::Map(_) => {
            not_text(context, value);
            return None;
        }
    };
    if words.trim().is_empty() {
        let name = value.at.name();
        let message = format!("`{name}` is an empty text");
        let place = context.value(value.node, value.at);
        context.add(
            Diagnostic::new(&fields::WRONG_TYPE, place, message).help("Write the text, or delete the line"),
        );
        return None;
    }
    if let Some(control) = words.chars().find(|c| is_bidi(*c)) {
        bidi(context, value, control);
    }
    let inner = node::place_in(context.yaml, words);
    match inner {
        Some(inner) if context.comments => cut(context, value, node::with_quotes(context.yaml, inner).0),
        None if context.comments || context.back_slashes => {
            if let Some(span) = context.scalar_span(words, value.at) {
                rebuilt(context, value, span);
            }
        }
        Some(_) | None => (),
    }
    Some(words.clone().into_owned())
}

/// A text that YAML rebuilt: folded lines, or quotes with something doubled or escaped in them.
fn rebuilt<'t>(context: &mut Context<'t>, value: Value<'_, 't>, span: Span) {
    match context.yaml.as_bytes().get(span.start) {
        Some(b'"') if first_escape(span.of(context.yaml)).is_some() => escapes(context, value, span),
        Some(b'|' | b'>') | None => (),
        Some(_) => cut(context, value, span),
    }
}

/// A comment behind a text that takes from it.
fn cut<'t>(context: &mut Context<'t>, value: Value<'_, 't>, span: Span) {
    let Some(lost) = lost_behind(context.yaml, span) else { return };
    let whole = Span::new(span.start, lost.end);
    let name = value.at.name();
    let message = format!("YAML would cut `{}` from `{name}`, as a comment", lost.of(context.yaml));
    let quoted = quoted(whole.of(context.yaml));
    let diagnostic = Diagnostic::new(&yaml::YAML_CUTS_TEXT, context.span(whole), message);
    let diagnostic = diagnostic.label(format!("only `{}` would be left", shortened(span.of(context.yaml))));
    let diagnostic = diagnostic.help("If it is a comment, put it on a line of its own above the field");
    context.add(diagnostic.fix("If it belongs to the text, put the text in quotes", quoted));
}

/// What a comment takes from a text that ends at the span's end: behind a plain text, on its line or indented below
/// it; behind a quoted one only where it touches the quote, because with a space between the author chose it.
fn lost_behind(yaml: &str, span: Span) -> Option<Span> {
    let rest = line_rest(yaml, span.end);
    let comment = rest.trim_start_matches([' ', '\t']);
    let start = span.end + rest.len() - comment.len();
    if matches!(yaml.as_bytes().get(span.start), Some(b'"' | b'\'')) {
        return rest.starts_with('#').then(|| Span::new(start, start + comment.trim_end().len()));
    }
    if comment.starts_with('#') && start > span.end {
        return Some(Span::new(start, start + comment.trim_end().len()));
    }
    if !comment.is_empty() {
        return None;
    }
    // A comment on the next line is suspect only where a line of the text could stand: deeper than its key.
    let line_start = yaml[..span.start].rfind(['\n', '\r']).map_or(0, |idx| idx + 1);
    let line = &yaml[line_start..span.start];
    let key_column = line.len() - line.trim_start_matches([' ', '-']).len();
    let below = yaml[span.end + rest.len()..].trim_start_matches(['\r', '\n']);
    let comment = below.split(['\n', '\r']).next().unwrap_or("");
    let words = comment.trim_start_matches(' ');
    let start = yaml.len() - below.len() + comment.len() - words.len();
    let deeper = comment.len() - words.len() > key_column && key_column < line.len();
    (deeper && words.starts_with('#')).then(|| Span::new(start, start + words.trim_end().len()))
}

/// A back-slash in double quotes that makes something else of the text.
fn escapes<'t>(context: &mut Context<'t>, value: Value<'_, 't>, span: Span) {
    let typed = span.of(context.yaml);
    let inner = typed.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(typed);
    let Some((escape, becomes)) = first_escape(inner) else { return };
    let name = value.at.name();
    let message = format!(
        "YAML would turn `{}` in `{name}` into {becomes}",
        escape.escape_debug().to_string().replace("\\\\", "\\")
    );
    let quoted = quoted(&unescaped(inner));
    let diagnostic = Diagnostic::new(&yaml::YAML_CHANGES_TEXT, context.span(span), message);
    context.add(diagnostic.fix("In single quotes a back-slash stays what it is", quoted));
}

/// The first escape other than `\"` and `\\`, and what becomes of it.
fn first_escape(inner: &str) -> Option<(&str, String)> {
    let mut rest = inner;
    while let Some(idx) = rest.find('\\') {
        let escape = &rest[idx..];
        let letter = escape[1..].chars().next()?;
        let len = escape_len(letter);
        let whole = escape.get(..len).unwrap_or(escape);
        let becomes = match letter {
            '"' | '\\' => {
                rest = &escape[2..];
                continue;
            }
            'n' | 'N' | 'L' | 'P' => "a line end".to_owned(),
            'r' => "a carriage return".to_owned(),
            't' | '\t' => "a tab".to_owned(),
            '\n' | '\r' => "nothing, and join the two lines".to_owned(),
            '_' | ' ' => "a space".to_owned(),
            '/' => "`/`".to_owned(),
            'x' | 'u' | 'U' => match coded(whole) {
                Some(c) if !c.is_control() && !is_bidi(c) => format!("`{c}`"),
                _ => "a character nobody can see".to_owned(),
            },
            _ => "a control character".to_owned(),
        };
        return Some((whole, becomes));
    }
    None
}

/// How many bytes an escape has.
fn escape_len(letter: char) -> usize {
    match letter {
        'x' => 4,
        'u' => 6,
        'U' => 10,
        _ => 1 + letter.len_utf8(),
    }
}

/// The character of `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
fn coded(escape: &str) -> Option<char> {
    u32::from_str_radix(escape.get(2..)?, 16).ok().and_then(char::from_u32)
}

/// The text of double quotes with quotes and coded letters written plainly, and all else as typed.
fn unescaped(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(idx) = rest.find('\\') {
        out.push_str(&rest[..idx]);
        let escape = &rest[idx..];
        let Some(letter) = escape[1..].chars().next() else { break };
        let whole = escape.get(..escape_len(letter)).unwrap_or(escape);
        match (letter, coded(whole)) {
            ('"' | '\\', _) => out.push(letter),
            ('x' | 'u' | 'U', Some(c)) if !c.is_control() && !is_bidi(c) => out.push(c),
            _ => out.push_str(whole),
        }
        rest = &escape[whole.len()..];
    }
    out.push_str(rest);
    out
}

/// A list or a map where text is wanted: perhaps the text starts with a bracket.
fn not_text<'t>(context: &mut Context<'t>, value: Value<'_, 't>) {
    let span = super::locate::locate_in(context.yaml, &value.at.path(), false);
    let bracket = span.and_then(|it| context.yaml.as_bytes().get(it.start).copied());
    let (Some(span), Some(bracket @ (b'[' | b'{'))) = (span, bracket) else {
        return value.wrong(context, "text");
    };
    let name = value.at.name();
    let message = format!(
        "`{name}` starts with `{}`, which YAML reads as {}, not as text",
        char::from(bracket),
        value.node.shape()
    );
    let typed = context.rest_of_line(span.start);
    let line_start = context.yaml[..span.start].rfind(['\n', '\r']).map_or(0, |idx| idx + 1);
    // Inside other brackets nobody can say where the text was meant to end.
    let alone = !context.yaml[line_start..span.start].contains(['[', '{']);
    let place = if alone { Span::new(span.start, span.start + typed.len()) } else { span };
    let mut diagnostic = Diagnostic::new(&yaml::YAML_CHANGES_TEXT, context.span(place), message);
    if alone {
        let quoted = quoted(typed);
        diagnostic = diagnostic.fix("Put the text in quotes", quoted);
    } else {
        diagnostic = diagnostic.help("Put the text in quotes");
    }
    context.add(diagnostic);
}

fn bidi<'t>(context: &mut Context<'t>, value: Value<'_, 't>, control: char) {
    let name = value.at.name();
    let code = u32::from(control);
    let message =
        format!("`{name}` holds U+{code:04X}, which turns the direction of writing without being seen");
    let mut place = context.value(value.node, value.at);
    if let Node::Scalar(words) = value.node
        && let Some(inner) = node::place_in(context.yaml, words)
        && let Some(idx) = words.find(control)
    {
        place = context.span(Span::new(inner.start + idx, inner.start + idx + control.len_utf8()));
    }
    let diagnostic = Diagnostic::new(&bytes::BIDI_CONTROL, place, message).label("here it stands");
    context.add(diagnostic.help("Delete it: browsers find the direction from the letters"));
}

/// Whether a character turns the direction of writing (Unicode Standard Annex #9, §2).
pub(super) fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text in single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text, or its first forty characters.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((idx, _)) => format!("{}…", &text[..idx]),
        None => text.to_owned(),
    }
}
