//! YAML that cannot be read, and fields that cannot be used.

use super::*;

const PAGE: &str = "content/about.md";
const ACTOR: &str = "content/actors/a.md";

/// One line of front matter in a page.
fn page(line: &str) -> String {
    format!("---\ntitle: T\n{line}\n---\n")
}

#[test]
fn the_usual_slips_are_told_in_the_authors_words() {
    for (line, wanted, words) in [
        (
            "description: Musk: \"hot\" take",
            "yaml-syntax 3:14 Musk: \"hot\" take",
            "holds a colon and a space",
        ),
        ("description: \"Big\" news", "yaml-syntax 3:14 \"Big\" news", "goes on behind its closing quote"),
        ("description: [laughs] no", "yaml-syntax 3:14 [laughs] no", "starts with `[`"),
        ("description: \"open", "yaml-syntax 3:14 \"open", "opened with `\"` and never closed"),
        ("description: 'it's", "yaml-syntax 3:14 'it's", "goes on behind"),
        ("description: \"C:\\path\"", "yaml-syntax 3:14 \"C:\\path\"", "none that YAML knows"),
        ("extra: { a: b", "yaml-syntax 3:8 {", "not closed with `}`"),
        ("extra: @sama", "yaml-syntax 3:8 @sama", "cannot start with `@`"),
        ("  description: x", "yaml-syntax 3:3 description: x", "does not fit"),
        ("extra: - a", "yaml-syntax 3:8 -", "starts on the same line"),
        (
            "description: a # b\n  c",
            "yaml-cuts-text 3:14 a # b\n  c",
            "A comment ends the text of `description`",
        ),
        (
            "description: a # b\n  c\ntoc: true",
            "yaml-cuts-text 3:14 a # b\n  c",
            "A comment ends the text of `description`",
        ),
        ("just words", "yaml-syntax 3:1 just words", "no `key: value`"),
    ] {
        let text = page(line);
        check(PAGE, &text, &[wanted]);
        let problem = the_problem(PAGE, &text);
        assert!(problem.message.contains(words), "{line}: {}", problem.message);
        assert!(
            (problem.fix.is_some() || !problem.help.is_empty()) && !problem.message.contains("expected"),
            "{line}"
        );
    }
}

#[test]
fn fixes_of_syntax_repair_the_file() {
    for line in [
        "description: Musk: \"hot\" take's",
        "description: \"Big\" news",
        "description: [laughs] no",
        "description: \"C:\\path\"",
    ] {
        let text = page(line);
        let repaired = fixed(&text, &the_problem(PAGE, &text));
        let record = the_record(PAGE, &repaired);
        let typed = line.strip_prefix("description: ").unwrap();
        let wanted = if typed.contains("C:") { typed.trim_matches('"') } else { typed };
        assert_eq!(record.meta.description.as_deref(), Some(wanted));
    }
}

#[test]
fn tabs_are_pointed_at() {
    check(PAGE, "---\nextra:\n\ta: b\n---\n", &["yaml-tab 3:1 \t"]);
    check(PAGE, "---\nextra:\n  a: b\n \tc: d\n---\n", &["yaml-tab 4:2 \t"]);
    check("content/terms/_t.yaml", "- id: a\n\tname: b\n", &["yaml-tab 2:1 \t"]);
    check(PAGE, "---\ntitle:\tfine\n---\n", &[]);
}

#[test]
fn unknown_keys_come_with_the_key_that_was_meant() {
    let text = "---\ntype: person\nnmae: A\n---\n";
    check(ACTOR, text, &["missing-key 1:1 ---", "unknown-key 3:1 nmae"]);
    let problem = document_of(ACTOR, text).report.diagnostics()[1].clone();
    assert_eq!(
        (problem.label.as_str(), problem.fix.unwrap().replacement.as_str()),
        ("did you mean `name`?", "name")
    );
    check(
        ACTOR,
        "---\ntype: person\nname: A\nmade-by: b\nextra: { anything: [1] }\n---\n",
        &["unknown-key 4:1 made-by"],
    );
    let roles = "---\ntype: person\nname: A\nroles:\n  - { at: x, title: T, till: 2024 }\n  - at: y\n---\n";
    check(ACTOR, roles, &["unknown-key 5:24 till", "missing-key 6:5 at"]);
}

#[test]
fn a_key_that_stands_twice_is_shown_with_both_places() {
    let text = "---\ntype: person\nname: A\nroles:\n  - { at: x, title: T, at: y }\nname: B\n---\n";
    check(ACTOR, text, &["duplicate-key 5:24 at", "duplicate-key 6:1 name"]);
    let problem = document_of(ACTOR, text).report.diagnostics()[1].clone();
    let At::Span(first) = problem.labels[0].place.at else { panic!("a span") };
    assert_eq!((first.start, first.of(text)), (text.find("name: A").unwrap(), "name"));
    check(
        "content/terms/_t.yaml",
        "- id: a\n  name: x\n  def: y\n  extra: { b: { c: 1, c: 2 } }\n",
        &["duplicate-key 4:23 c"],
    );
    let many: String = (0..60).map(|n| format!("  k{n}: x\n")).collect();
    check(PAGE, format!("---\nextra:\n{many}  k7: y\n---\n"), &["duplicate-key 63:3 k7"]);
}

#[test]
fn missing_keys_are_told_one_by_one_at_the_start() {
    check(
        "content/reactions/a.md",
        "---\nsummary: x\n---\n",
        &["missing-key 1:1 ---", "missing-key 1:1 ---"],
    );
    let document = document_of("content/reactions/a.md", "---\nsummary: x\n---\n");
    let messages: Vec<&str> = document.report.diagnostics().iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["This reaction has no `actor`", "This reaction has no `to`"]);
    assert_eq!(document.report.diagnostics()[0].help, ["A reaction needs `actor` and `to`"]);
    assert!(document.facts.records.is_empty());
    check(ACTOR, "---\ntype: person\nname:\n---\n", &["missing-key 3:1 name"]);
    check(
        "content/terms/_t.yaml",
        "- id: a\n  name: A\n  def: x\n- name: B\n  def: y\n",
        &["missing-key 4:3 name"],
    );
    check("content/_x.yaml", "- id: a\n- { id: b }\n", &["missing-key 1:3 id", "missing-key 2:3 {"]);
}

#[test]
fn values_of_the_wrong_shape_are_told() {
    let with = |line: &str| format!("---\ntype: person\nname: A\n{line}\n---\n");
    check(ACTOR, with("made_by: [a, b]"), &["wrong-type 4:10 ["]);
    check(ACTOR, with("made_by:\n  - a"), &["wrong-type 5:3 -"]);
    check(ACTOR, with("same_as: { a: b }"), &["wrong-type 4:10 {"]);
    check(ACTOR, with("names: [a]"), &["wrong-type 4:8 ["]);
    check(ACTOR, with("draft: yes"), &["wrong-type 4:8 yes"]);
    check(ACTOR, with("roles: x"), &["wrong-type 4:8 x"]);
    check(ACTOR, with("extra: x"), &["wrong-type 4:8 x"]);
    check(ACTOR, with("sort: \"\""), &["wrong-type 4:7 \"\""]);
    check(PAGE, "---\ntitle: A\nweight: high\n---\n", &["wrong-type 3:9 high"]);
    check(PAGE, "---\n- a\n- b\n---\n", &["wrong-type 1:1 ---"]);
    check("content/terms/_t.yaml", "id: a\nname: b\n", &["not-a-list 1:1"]);
    check("content/terms/_t.yaml", "- a\n- id: b\n  name: c\n  def: d\n", &["wrong-type 1:3 a"]);
    let message = the_problem(ACTOR, &with("made_by: [a, b]")).message;
    assert_eq!(message, "`made_by` wants an id, not a list");
}

#[test]
fn words_that_are_not_on_the_list_are_told_with_the_list() {
    let problem = the_problem(ACTOR, "---\ntype: preson\nname: A\n---\n");
    assert_eq!(problem.message, "`type` cannot be `preson`");
    assert_eq!(problem.fix.unwrap().replacement, "person");
    assert!(problem.help[0].contains("`outlet`, `unnamed` or `group`"));
    check(ACTOR, "---\nkind: acter\n---\n", &["unknown-value 2:7 acter"]);
    check(ACTOR, "---\nkind: statement\n---\n", &["unknown-value 2:7 statement"]);
    check(
        "content/sources/a.md",
        "---\ntype: post\ntitle: A\naccess: closed\n---\n",
        &["unknown-value 4:9 closed"],
    );
}

#[test]
fn ids_dates_numbers_and_addresses_are_checked() {
    let with = |line: &str| format!("---\ntype: post\ntitle: A\n{line}\n---\n");
    let path = "content/sources/a.md";
    check(path, with("id: A b"), &["bad-id 4:5 A b"]);
    check(path, with("id: a/b"), &["bad-id 4:5 a/b"]);
    check(path, with("id: ünï-中国_1.2"), &[]);
    check("content/sources/A b.md", with("lang: en"), &["bad-id file"]);
    check(path, with("published: 2025-13-45"), &["bad-date 4:12 2025-13-45"]);
    check(path, with("published: '2025-01-30?'  # said so"), &[]);
    check(path, with("url: www.example.org"), &["bad-url 4:6 www.example.org"]);
    check(path, with("url: javascript:x"), &["bad-url 4:6 javascript:x"]);
    check(path, with("url: https://example.org/a#b  # fine"), &[]);
    check(path, with("archive: [https://example.org/a, { url: x }]"), &["bad-url 4:41 x"]);
    check(
        path,
        with("aliases: [/old/, old, /../x, 'https://x.example']"),
        &["bad-alias 4:18 old", "bad-alias 4:23 /../x", "bad-alias 4:30 'https://x.example'"],
    );
    let figure = "- { id: f, of: a, measure: m, value: lots, unit: USD, sources: s }\n";
    check("content/figures/_f.yaml", figure, &["bad-number 1:38 lots"]);
}

#[test]
fn the_flood_of_problems_of_one_file_is_cut_off() {
    let text: String = (0..2_000).map(|n| format!("- {{ id: k{n}, name: x, def: y, nope: z }}\n")).collect();
    let problems = problems_of("content/terms/_t.yaml", &text);
    assert_eq!(problems.len(), 101);
    assert_eq!(problems[100], "too-many-problems file");
    assert_eq!(problems[99], "unknown-key 100:31 nope");
}
