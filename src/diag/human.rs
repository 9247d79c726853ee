//! The report for a person at a terminal: excerpts with carets, in the look of rustc.
//!
//! The only module that names annotate-snippets.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level as Heading, Origin, Renderer, Snippet,
};

use super::located::{Located, Locator, line_of};
use super::visible::{visible, visible_excerpt, visible_line};
use super::{Diagnostic, Failure, Fix, Level, Report, Sources};

/// How the report for a person looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HumanOptions {
    /// Whether to send ANSI colours.
    pub color: bool,
    /// Columns of the terminal; longer source lines are cut around the caret.
    pub width: usize,
    /// How many problems to show before counting the rest.
    pub max: usize,
    /// How talkative: from 1 on, `max` does not apply.
    pub verbose: u8,
}

impl Default for HumanOptions {
    fn default() -> HumanOptions {
        HumanOptions { color: false, width: 100, max: 100, verbose: 0 }
    }
}

/// Renders a settled report for a person, a blank line after each problem. Empty when there is nothing to say.
pub fn human(report: &Report, sources: &Sources, options: &HumanOptions) -> String {
    let locator = Locator::new(sources);
    let plain = if options.color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let renderer = plain.term_width(options.width.max(40));
    let max = if options.verbose > 0 { usize::MAX } else { options.max };
    let mut explained = BTreeSet::new();
    let mut out = String::new();
    for diagnostic in report.diagnostics().iter().take(max) {
        let first_of_code = explained.insert(diagnostic.code.name);
        let group = group(diagnostic, &locator, options.width, first_of_code);
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    let n_more = report.diagnostics().len().saturating_sub(max);
    if n_more > 0 {
        let _ = writeln!(out, "… and {n_more} more; `--format concise` lists every one.\n");
    }
    out
}

/// Renders what stopped the program, for a person.
pub fn human_failure(failure: &Failure, color: bool) -> String {
    let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let title = Heading::ERROR.primary_title(visible(&failure.message).into_owned());
    let parts = [(Heading::NOTE, &failure.cause), (Heading::HELP, &failure.help)];
    let said = parts.into_iter().filter(|(_, text)| !text.is_empty());
    let group = title.elements(said.map(|(level, text)| level.message(visible(text).into_owned())));
    format!("{}\n", renderer.render(&[group]))
}

/// The whole report in one sentence: `3 errors and 2 warnings in 4 files.`
pub fn summary(report: &Report) -> String {
    let counted = |level: Level| {
        let n = report.count(level);
        let plural = if n == 1 { "" } else { "s" };
        (n > 0).then(|| format!("{n} {}{plural}", level.name()))
    };
    let counts: Vec<String> =
        [Level::Error, Level::Warning, Level::Note].into_iter().filter_map(counted).collect();
    let counts = match counts.as_slice() {
        [] => return "No problems.".to_owned(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {}", rest.concat()),
    };
    match n_files(report) {
        0 => format!("{counts}."),
        1 => format!("{counts} in 1 file."),
        n => format!("{counts} in {n} files."),
    }
}

/// How many files the report points into.
pub(super) fn n_files(report: &Report) -> usize {
    let places = report.diagnostics().iter().filter_map(|it| it.place.as_ref());
    places.map(|place| &place.file).collect::<BTreeSet<_>>().len()
}

fn group<'a>(diagnostic: &Diagnostic, locator: &Locator<'_>, width: usize, first_of_code: bool) -> Group<'a> {
    let heading = match diagnostic.level {
        Level::Error => Heading::ERROR,
        Level::Warning => Heading::WARNING,
        Level::Note => Heading::NOTE,
    };
    let title = heading.primary_title(visible(&diagnostic.message).into_owned()).id(diagnostic.code.name);
    let (mut elements, homeless) = excerpts(diagnostic, locator, width);
    let message =
        |level: Heading<'static>, text: &str| Element::from(level.message(visible(text).into_owned()));
    elements.extend(homeless.iter().map(|text| message(Heading::NOTE, text)));
    elements.extend(diagnostic.notes.iter().map(|text| message(Heading::NOTE, text)));
    if let Some(making) = making(diagnostic) {
        elements.push(message(Heading::NOTE.no_name(), &making));
    }
    elements.extend(diagnostic.help.iter().map(|text| message(Heading::HELP, text)));
    if let Some(fix) = diagnostic.fix.as_ref().filter(|fix| !is_named(diagnostic, fix)) {
        elements.push(message(Heading::HELP, &fix_in_words(fix)));
    }
    if first_of_code {
        elements.push(message(
            Heading::HELP.with_name("more"),
            &format!("rejoinder explain {}", diagnostic.code.name),
        ));
    }
    title.elements(elements)
}

/// One place of a diagnostic that has lines to show.
struct Mark {
    file: String,
    located: Located,
    kind: AnnotationKind,
    text: String,
}

/// The excerpts, the diagnostic's own file first; and the words that have no line to stand under.
fn excerpts<'a>(
    diagnostic: &Diagnostic,
    locator: &Locator<'_>,
    width: usize,
) -> (Vec<Element<'a>>, Vec<String>) {
    let mut elements = Vec::new();
    let mut homeless = Vec::new();
    let mut marks: Vec<Mark> = Vec::new();
    if let Some(place) = &diagnostic.place {
        let file = visible_line(&place.file).into_owned();
        match locator.locate(place) {
            Some(located) => {
                marks.push(Mark {
                    file,
                    located,
                    kind: AnnotationKind::Primary,
                    text: diagnostic.label.clone(),
                });
            }
            None => {
                elements.push(Origin::path(file).into());
                homeless.extend((!diagnostic.label.is_empty()).then(|| diagnostic.label.clone()));
            }
        }
    }
    for label in &diagnostic.labels {
        let file = visible_line(&label.place.file).into_owned();
        match locator.locate(&label.place) {
            Some(located) => {
                marks.push(Mark { file, located, kind: AnnotationKind::Context, text: label.text.clone() });
            }
            None => homeless.push(format!("{file}: {}", label.text)),
        }
    }
    let mut files: Vec<&str> = Vec::new();
    for mark in &marks {
        if !files.contains(&mark.file.as_str()) {
            files.push(&mark.file);
        }
    }
    for file in files {
        let here: Vec<&Mark> = marks.iter().filter(|mark| mark.file == file).collect();
        elements.push(snippet(file, &here, width).into());
    }
    (elements, homeless)
}

/// The excerpt of one file. The text given to the renderer has the file's line numbers and columns, but holds
/// only the lines near a mark, so that a problem in a large file costs little.
fn snippet<'a>(file: &str, marks: &[&Mark], width: usize) -> Snippet<'a, Annotation<'a>> {
    // Lines this near to a mark may be shown by the renderer.
    const NEAR: usize = 2;
    let near = |line: usize| marks.iter().any(|mark| mark.located.start.line.abs_diff(line) <= NEAR);
    let lines = || marks.iter().map(|mark| mark.located.start.line);
    let first = lines().min().unwrap_or(1);
    let last = lines().max().unwrap_or(1);
    let mut text = String::new();
    let mut annotations = Vec::new();
    for line_number in first..=last {
        let start_of_line = text.len();
        let mut line = Cow::Borrowed("");
        if let Some(any) = marks.first().filter(|_| near(line_number)) {
            line = visible_excerpt(line_of(&any.located.text, &any.located.index, line_number));
        }
        let mut shown = line.chars().count().min(width);
        for mark in marks.iter().filter(|mark| mark.located.start.line == line_number) {
            let (from, to) = columns(&mark.located, &line, width);
            shown = shown.max(to + width);
            let byte = |column: usize| start_of_line + byte_of_column(&line, column);
            let text = (!mark.text.is_empty()).then(|| visible_line(&mark.text).into_owned());
            annotations.push(mark.kind.span(byte(from)..byte(to)).label(text));
        }
        // What stands far to the right of every mark cannot be shown: it is left out here, which moves no column.
        text.push_str(&line[..byte_of_column(&line, shown)]);
        text.push('\n');
    }
    Snippet::source(text).line_start(first).path(file.to_owned()).annotations(annotations)
}

/// The columns (from 0) a mark underlines: on its first line only, and not more than half the terminal,
/// because the caret shows where to look and the words before and after show what is there.
fn columns(located: &Located, line: &str, width: usize) -> (usize, usize) {
    let from = located.start.column - 1;
    let end_of_line = line.trim_end().chars().count().max(from);
    let to = if located.end.line == located.start.line { located.end.column - 1 } else { end_of_line };
    (from, to.min(from + width / 2))
}

fn byte_of_column(line: &str, column: usize) -> usize {
    line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte)
}

fn making(diagnostic: &Diagnostic) -> Option<String> {
    let mut lines = Vec::new();
    if let Some(page) = &diagnostic.page {
        lines.push(format!("while making {}", visible_line(page)));
    }
    lines.extend(diagnostic.trace.iter().map(|step| visible_line(step).into_owned()));
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Whether the help of a problem asks "did you mean …?" with a fix's replacement already.
fn is_named(diagnostic: &Diagnostic, fix: &Fix) -> bool {
    let quoted = format!("`{}`", fix.replacement);
    diagnostic.help.iter().any(|it| it.starts_with("did you mean") && it.contains(&quoted))
}

/// `write …` in the words of the fix; the replacement follows when the words do not name it.
fn fix_in_words(fix: &Fix) -> String {
    let mut letters = fix.title.chars();
    let title: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    let replacement = fix.replacement.trim_end_matches('\n');
    match replacement.is_empty() || title.contains(replacement) {
        true => title,
        false if replacement.contains('\n') => format!("{title}:\n{replacement}"),
        false => format!("{title}: write `{replacement}`"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Place};
    use crate::text::Span;

    static UNKNOWN: Code = Code { name: "unknown-actor", level: Level::Error, manual: "" };
    static BARE: Code = Code { name: "actor-without-type", level: Level::Warning, manual: "" };

    fn show(texts: &[(&str, &str)], diagnostics: Vec<Diagnostic>) -> String {
        show_with(&HumanOptions::default(), texts, diagnostics)
    }

    fn show_with(options: &HumanOptions, texts: &[(&str, &str)], diagnostics: Vec<Diagnostic>) -> String {
        let mut sources = Sources::default();
        texts.iter().for_each(|(file, text)| sources.insert(Arc::from(*file), Arc::from(*text)));
        let mut report = Report::new();
        diagnostics.into_iter().for_each(|it| report.add(it));
        human(&report, &sources, options)
    }

    /// The place of `words` in `text`.
    fn at(file: &str, text: &str, words: &str) -> Place {
        let start = text.find(words).expect("the test names words of its text");
        Place::span(&Arc::from(file), Span::new(start, start + words.len()))
    }

    const LECUN: &str = "---\nkind: reaction\n\nactor: yann-le-cun\nto: r1-release\n---\n";

    #[test]
    fn a_problem_shows_its_line_what_to_do_and_where_to_read_more() {
        let place = at("content/x.md", LECUN, "yann-le-cun");
        let it = Diagnostic::new(&UNKNOWN, place, "no actor is called `yann-le-cun`")
            .label("not found in content/actors/")
            .help("did you mean `yann-lecun`? (Yann LeCun)")
            .note("a reaction belongs to exactly one actor")
            .fix("Write `yann-lecun`", "yann-lecun")
            .page("/r1/yann-lecun/");
        let it = Diagnostic { trace: vec!["from content/x.md".into(), "through base.html:9".into()], ..it };
        let expected = "\
error[unknown-actor]: no actor is called `yann-le-cun`
 --> content/x.md:4:8
  |
4 | actor: yann-le-cun
  |        ^^^^^^^^^^^ not found in content/actors/
  |
  = note: a reaction belongs to exactly one actor
  = while making /r1/yann-lecun/
    from content/x.md
    through base.html:9
  = help: did you mean `yann-lecun`? (Yann LeCun)
  = more: rejoinder explain unknown-actor

";
        assert_eq!(show(&[("content/x.md", LECUN)], vec![it]), expected);
    }

    #[test]
    fn second_places_stand_in_their_own_files_and_words_without_a_line_become_notes() {
        let list = "- id: a\n- id: b\n";
        let it = Diagnostic::new(&UNKNOWN, at("a.md", LECUN, "to:"), "this key stands here twice")
            .label("second")
            .also(at("a.md", LECUN, "kind"), "first")
            .also(at("b.yaml", list, "b"), "also here")
            .also(Place::file(&Arc::from("c.md")), "and somewhere here");
        let expected = "\
error[unknown-actor]: this key stands here twice
 --> a.md:5:1
  |
2 | kind: reaction
  | ---- first
...
5 | to: r1-release
  | ^^^ second
  |
 ::: b.yaml:2:7
  |
2 | - id: b
  |       - also here
  |
  = note: c.md: and somewhere here
  = more: rejoinder explain unknown-actor

";
        assert_eq!(show(&[("a.md", LECUN), ("b.yaml", list)], vec![it]), expected);
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret_and_a_long_span_is_underlined_in_part() {
        let text = format!("{}needle {}\n", "words before ".repeat(30), "and words after ".repeat(9_000));
        let long = Diagnostic::new(&BARE, at("l.md", &text, "needle"), "a long line").label("here it is");
        let span =
            Diagnostic::new(&BARE, at("l.md", &text, &text[100..5000]), "a long span").label("from here");
        let options = HumanOptions { width: 60, ..HumanOptions::default() };
        let expected = "\
warning[actor-without-type]: a long line
 --> l.md:1:391
  |
1 | ...re words before needle and words after and words a...
  |                    ^^^^^^ here it is
  |
  = more: rejoinder explain actor-without-type

warning[actor-without-type]: a long span
 --> l.md:1:101
  |
1 | ...s before words before words before words before wo...
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ from here

";
        assert_eq!(show_with(&options, &[("l.md", &text)], vec![long, span]), expected);
    }

    #[test]
    fn every_odd_place_still_says_what_is_wrong() {
        let cases = vec![
            Diagnostic::new(&BARE, Place::file(&Arc::from("z.md")), "a whole file").label("too large"),
            Diagnostic::new(&BARE, Place::span(&Arc::from("gone.md"), Span::new(1, 2)), "a text nobody kept"),
            Diagnostic::unplaced(&BARE, "no file at all"),
            Diagnostic::new(&BARE, at("a.md", LECUN, "actor: yann-le-cun\nto: r1"), "several lines")
                .label("from here"),
            Diagnostic::new(&BARE, Place::span(&Arc::from("a.md"), Span::at(8)), "an empty span")
                .label("here"),
            Diagnostic::new(&BARE, Place::span(&Arc::from("a.md"), Span::at(900)), "behind the end"),
        ];
        let expected = "\
warning[actor-without-type]: a whole file
--> z.md
 = note: too large
 = more: rejoinder explain actor-without-type

warning[actor-without-type]: a text nobody kept
--> gone.md

warning[actor-without-type]: no file at all

warning[actor-without-type]: several lines
 --> a.md:4:1
  |
4 | actor: yann-le-cun
  | ^^^^^^^^^^^^^^^^^^ from here

warning[actor-without-type]: an empty span
 --> a.md:2:5
  |
2 | kind: reaction
  |     ^ here

warning[actor-without-type]: behind the end
 --> a.md:7:1
  |
7 |
  | ^

";
        assert_eq!(show(&[("a.md", LECUN)], cases), expected);
    }

    #[test]
    fn content_cannot_steer_the_terminal_and_columns_stay_true() {
        let text = "\u{1b}[31m\t\u{202e}日本 word";
        let it =
            Diagnostic::new(&BARE, at("e\u{1b}.md", text, "word"), "it says `\u{9b}2J`").label("a\u{7}b");
        let expected = "\
warning[actor-without-type]: it says `\\u{9b}2J`
 --> e\\u{1b}.md:1:11
  |
1 | ␛[31m    \u{fffd}日本 word
  |                ^^^^ a\\u{7}b
  |
  = more: rejoinder explain actor-without-type

";
        assert_eq!(show(&[("e\u{1b}.md", text)], vec![it]), expected);
    }

    #[test]
    fn the_rest_is_counted_unless_more_is_asked_for() {
        let many = || (0..5).map(|n| Diagnostic::unplaced(&BARE, format!("number {n}"))).collect::<Vec<_>>();
        let options = HumanOptions { max: 2, ..HumanOptions::default() };
        let expected = "\
warning[actor-without-type]: number 0
 |
 = more: rejoinder explain actor-without-type

warning[actor-without-type]: number 1

… and 3 more; `--format concise` lists every one.

";
        assert_eq!(show_with(&options, &[], many()), expected);
        let all = HumanOptions { verbose: 1, ..options };
        assert!(show_with(&all, &[], many()).contains("number 4"));
    }

    #[test]
    fn colours_are_sent_only_when_asked_for() {
        let it = || vec![Diagnostic::unplaced(&UNKNOWN, "red")];
        assert!(!show(&[], it()).contains('\u{1b}'));
        assert!(
            show_with(&HumanOptions { color: true, ..HumanOptions::default() }, &[], it())
                .contains("\u{1b}[")
        );
    }

    #[test]
    fn a_failure_says_what_why_and_what_to_do() {
        let failure = Failure::machine("cannot write `public/a\u{1b}`", &"disk full").help("free some space");
        let expected = "\
error: cannot write `public/a\\u{1b}`
 |
 = note: disk full
 = help: free some space
";
        assert_eq!(human_failure(&failure, false), expected);
        assert_eq!(human_failure(&Failure::new(crate::diag::Exit::Usage, "no"), false), "error: no\n");
    }

    #[test]
    fn the_summary_counts_in_words() {
        let mut report = Report::new();
        assert_eq!(summary(&report), "No problems.");
        report.add(Diagnostic::unplaced(&UNKNOWN, "a"));
        assert_eq!(summary(&report), "1 error.");
        report.add(Diagnostic::new(&UNKNOWN, Place::file(&Arc::from("a.md")), "b"));
        report.add(Diagnostic::new(&BARE, Place::file(&Arc::from("a.md")), "c"));
        assert_eq!(summary(&report), "2 errors and 1 warning in 1 file.");
        report.add(Diagnostic::new(&BARE, Place::file(&Arc::from("b.md")), "c"));
        report.add(Diagnostic { level: Level::Note, ..Diagnostic::unplaced(&BARE, "d") });
        assert_eq!(summary(&report), "2 errors, 2 warnings and 1 note in 2 files.");
    }
}
