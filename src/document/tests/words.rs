//! An author's words are never changed in silence.

use super::*;

const PAGE: &str = "content/about.md";

/// The description of a page whose `description:` is written so.
fn description(written: &str) -> String {
    let text = format!("---\ntitle: T\ndescription: {written}\nweight: 1\n---\n");
    the_record(PAGE, &text).meta.description.clone().expect("a description")
}

#[test]
fn text_is_kept_as_typed() {
    for typed in [
        "1.10",
        "NO",
        "yes",
        "on",
        "0123",
        "1e3",
        "12:30",
        "true",
        "0x1F",
        "2025-01-27",
        "Q&A",
        "a #b",
        "C#",
        "50%",
        "a:b",
        "é — “x”",
        "#",
    ] {
        if typed.starts_with('#') || typed.contains(" #") {
            continue;
        }
        assert_eq!(description(typed), typed);
    }
    assert_eq!(description("'a # b''s'"), "a # b's");
    assert_eq!(description("\"a # \\\"b\\\" \\\\ c\""), "a # \"b\" \\ c");
    assert_eq!(description(">-\n  a # b\n  *c* &d\n"), "a # b *c* &d");
    assert_eq!(description("|-\n  a: b\n  - c # d"), "a: b\n- c # d");
    assert_eq!(description("one\n  *two* &three"), "one *two* &three");
    assert_eq!(description("'null'"), "null");
}

#[test]
fn what_yaml_would_change_is_told_and_the_fix_keeps_every_word() {
    for (typed, code, wanted) in [
        ("We are #1 in chips", "yaml-cuts-text 3:14", "We are #1 in chips"),
        ("one two\n  three # four's", "yaml-cuts-text 3:14", "one two three # four's"),
        ("one two\n  # three", "yaml-cuts-text 3:14", "one two # three"),
        ("\"Big\"#1", "yaml-cuts-text 3:14", "\"Big\"#1"),
        ("&Co. agrees", "yaml-changes-text 3:14", "&Co. agrees"),
        ("*really* no", "yaml-changes-text 3:14", "*really* no"),
        ("!wow", "yaml-changes-text 3:14", "!wow"),
        ("@name says 'hi'", "yaml-changes-text 3:14", "@name says 'hi'"),
        ("`code`", "yaml-changes-text 3:14", "`code`"),
        ("%off", "yaml-changes-text 3:14", "%off"),
        ("[laughs]", "yaml-changes-text 3:14", "[laughs]"),
        ("{x}", "yaml-changes-text 3:14", "{x}"),
        ("null", "yaml-changes-text 3:14", "null"),
        ("\"a\\nb \\\"c\\\"\"", "yaml-changes-text 3:14", "a\\nb \"c\""),
        ("\"na\\u00efve\"", "yaml-changes-text 3:14", "naïve"),
        ("\"it's \\x41\"", "yaml-changes-text 3:14", "it's A"),
    ] {
        let text = format!("---\ntitle: T\ndescription: {typed}\n---\n");
        let problems = problems_of(PAGE, &text);
        assert!(problems.len() == 1 && problems[0].starts_with(code), "{typed}: {problems:?}");
        let repaired = fixed(&text, &the_problem(PAGE, &text));
        assert_eq!(the_record(PAGE, &repaired).meta.description.as_deref(), Some(wanted), "{repaired}");
    }
}

#[test]
fn what_would_be_lost_is_shown() {
    let problem = the_problem(PAGE, "---\ntitle: We are #1 in chips\n---\n");
    assert_eq!(problem.message, "YAML would cut `#1 in chips` from `title`, as a comment");
    assert_eq!(problem.label, "only `We are` would be left");
    let problem = the_problem(PAGE, "---\ntitle: \"a\\tb\"\n---\n");
    assert_eq!(problem.message, "YAML would turn `\\t` in `title` into a tab");
}

#[test]
fn comments_behind_what_is_no_text_are_fine() {
    let text = "---\n# above\nactor: a  # who\nto: e # what\nstance: praises # a word\nstatements: # list\n  # between\n  - id: s # id\n    \
        quote: it works\n    # below a text, at the level of its key\n    date: 2025-01-27 # said so\n    partial: true # yes\n    sources: [p] # one\n---\n";
    check("content/reactions/a.md", text, &[]);
}

#[test]
fn text_in_brackets_is_checked_too() {
    let list = |text: &str| format!("- {{ id: t, name: {text}, def: d }}\n");
    let path = "content/terms/_t.yaml";
    check(path, list("'a # b'"), &[]);
    check(path, list("*a"), &["yaml-changes-text 1:18 *a"]);
    check(path, list("[a]"), &["yaml-changes-text 1:18 ["]);
    check(path, "- { id: t, name: a # b\n  , def: d }\n", &["yaml-cuts-text 1:18 a # b"]);
    check(
        path,
        "- id: t\n  name: T\n  def: d\n  aliases: [a, \"b\\nc\"]\n",
        &["yaml-changes-text 4:16 \"b\\nc\""],
    );
}

#[test]
fn a_no_break_space_behind_a_colon_is_told() {
    check(PAGE, "---\ntitle:\u{A0}Hello\n---\n", &["yaml-changes-text 2:7 \u{A0}"]);
    let problem = the_problem(PAGE, "---\nextra:\n  a:\u{202F}b\n---\n");
    assert!(problem.message.starts_with("A no-break space stands between `a` and"), "{}", problem.message);
    let typed = "«\u{A0}oui\u{A0}»:\u{A0}dit-il";
    assert_eq!(description(typed), typed);
}

#[test]
fn characters_that_turn_the_direction_are_told_in_any_text() {
    check(PAGE, "---\ntitle: a\u{202E}b\n---\n", &["bidi-control 2:9 \u{202E}"]);
    check("content/terms/_t.yaml", "- { id: a, name: b, def: >-\n  }\n", &["yaml-syntax 1:26 >-"]);
    let block = problems_of(PAGE, "---\ntitle: >-\n  a\u{2066}b\n---\n");
    assert!(block[0].starts_with("bidi-control 2:8"), "{block:?}");
}
