//! Files that are no text, too large, or fenced wrongly.

use super::*;

const PAGE: &str = "content/about.md";

#[test]
fn bytes_that_are_no_text_are_named_by_line_column_and_byte() {
    let problem = document_of(PAGE, b"---\ntitle: na\xEFve\n---\n").report.diagnostics()[0].clone();
    assert_eq!(problem.message, "Byte 0xEF at line 2, column 10 (byte 13) is not UTF-8");
    check(PAGE, b"---\ntitle: na\xEFve\n---\n", &["not-utf8 2:10 \u{FFFD}"]);
    check(PAGE, b"\xFF\xFE-\0-\0", &["not-utf8 file"]);
    check(PAGE, b"\xFE\xFF\0-\0-", &["not-utf8 file"]);
    check(PAGE, b"Hi\n\xFF", &["not-utf8 2:1 \u{FFFD}"]);
    check(PAGE, "Hi\nthere\0 you", &["control-character 2:6 \0"]);
    check(PAGE, "---\ntitle: a\u{1}b\nnope: 1\n---\n", &["control-character 2:9 \u{1}"]);
    check(
        PAGE,
        "---\ntitle: a\u{FFFD}b\n---\nb\u{7F}c",
        &["control-character 2:9 \u{FFFD}", "control-character 4:2 \u{7F}"],
    );
    check(PAGE, "---\ntitle: a\u{2028}b\n---\nb\u{2028}c", &["control-character 2:9 \u{2028}"]);
    check("content/terms/_t.yaml", "- id: a\u{85}\n", &["control-character 1:8 \u{85}"]);
}

#[test]
fn line_ends_and_a_byte_order_mark_make_no_difference() {
    let lf =
        "---\nid: a-page\ntitle: >-\n  Two\n  lines\ndescription: |\n  one\n  two\n---\n# Body\n\nText\n";
    let wanted = the_record(PAGE, lf);
    for other in [lf.replace('\n', "\r\n"), lf.replace('\n', "\r"), format!("\u{FEFF}{lf}")] {
        let record = the_record(PAGE, &other);
        assert_eq!((&record.meta, &record.data, &record.id), (&wanted.meta, &wanted.data, &wanted.id));
    }
    let list = "- id: a\n  name: A\n  def: >-\n    b\n    c\n- id: b\n  name: B\n  def: d\n";
    let wanted = document_of("content/terms/_t.yaml", list).gist.facts.records;
    assert_eq!(wanted.len(), 2);
    for other in [list.replace('\n', "\r\n"), list.replace('\n', "\r"), format!("\u{FEFF}{list}")] {
        assert_eq!(document_of("content/terms/_t.yaml", &other).facts.records, wanted);
    }
    check(PAGE, "\u{FEFF}---\r\ntitle: a\r\nnope: b\r\n---\r\n", &["unknown-key 3:1 nope"]);
    check(
        "content/terms/_t.yaml",
        "\u{FEFF}- nope: b\n  id: a\n  name: x\n  def: y\n",
        &["unknown-key 1:3 nope"],
    );
}

#[test]
fn fences_are_explained() {
    let problem = the_problem(PAGE, "---\ntitle: x\ndraft: true\n\nSome prose.\n");
    assert_eq!(problem.code.name, "front-matter-not-closed");
    assert_eq!(problem.help, ["Add `---` after line 3"]);
    check(PAGE, "---\ntitle: x\n", &["front-matter-not-closed 1:1 ---"]);
    check(PAGE, "---js\n({})\n---\n", &["front-matter-not-yaml 1:1 ---js"]);
    check(PAGE, "---toml\na = 1\n---\n", &["front-matter-not-yaml 1:1 ---toml"]);
    check(PAGE, "+++\na = 1\n+++\n", &["front-matter-not-yaml 1:1 +++"]);
    check(PAGE, "{\n  \"title\": \"x\"\n}\n", &["front-matter-not-yaml 1:1 {"]);
    check(PAGE, "---\ntitle: x\n---\ndraft: true\n---\n", &["yaml-several-documents 3:1 ---"]);
    check(PAGE, "---\ntitle: x\n...\ndraft: true\n---\n", &["yaml-several-documents 3:1 ..."]);
    check("content/terms/_t.yaml", "- id: a\n---\n- id: b\n", &["yaml-several-documents 2:1 ---"]);
    check("content/terms/_t.yaml", "---\n- id: a\n  name: A\n  def: b\n...\n", &[]);
    check(PAGE, "---\ndescription: |\n  a\n  ---\n  b\n---\nText\n", &[]);
    check(PAGE, "Only prose.\n\n---\n\nMore.\n", &[]);
    check(PAGE, "", &[]);
    check("content/actors/a.md", "", &["missing-key 1:1"]);
    check("content/actors/a.md", "---\n---\nHi\n", &["missing-key 1:1 ---"]);
    check("content/actors/a.md", "---\n# todo\n---\nHi\n", &["missing-key 1:1 ---"]);
    assert!(the_problem("content/actors/a.md", "Hi\n").message.ends_with("it needs `type` and `name`"));
}

#[test]
fn limits_are_named() {
    let options = ReadOptions { max_front_matter: 64, max_file: 1024, ..ReadOptions::default() };
    let told_of = |text: String| {
        let document = read(&Input::new(PAGE, text.into_bytes()), &options);
        let first = &document.report.diagnostics()[0];
        (first.code.name, first.message.clone())
    };
    let (code, message) = told_of(format!("---\ntitle: {}\n---\n", "x".repeat(100)));
    assert_eq!(
        (code, message.as_str()),
        ("front-matter-too-large", "The front matter is larger than 64 bytes")
    );
    let (code, message) = told_of("x".repeat(2000));
    assert_eq!(
        (code, message.as_str()),
        ("file-too-large", "This file has 2000 bytes; at most 1 KiB are read")
    );
}

#[test]
fn depth_is_limited_before_anything_can_overflow() {
    let page = |yaml: &str| format!("---\nextra: {{ a: {yaml} }}\n---\n");
    check(PAGE, page(&format!("{}{}", "[".repeat(60), "]".repeat(60))), &[]);
    check(PAGE, page(&"[".repeat(10_000)), &["yaml-too-deep 2:76 ["]);
    check(PAGE, page(&"{a: ".repeat(10_000)), &["yaml-too-deep 2:265 {"]);
    assert!(
        problems_of(PAGE, format!("---\nextra:\n  a:\n    {}x\n---\n", "- ".repeat(5_000)))[0]
            .starts_with("yaml-too-deep 4:")
    );
    assert!(problems_of("content/terms/_t.yaml", "[".repeat(1_000_000))[0].starts_with("yaml-too-deep 1:65"));
    check("content/terms/_t.yaml", "- ".repeat(100_000), &["yaml-too-deep 1:129 -"]);
}

#[test]
fn anchors_aliases_tags_and_merges_are_refused_before_they_unfold() {
    let mut laughs = "---\nextra:\n  a: &a [lol, lol]\n".to_owned();
    for (from, to) in ["ab", "bc", "cd", "de", "ef"].map(|it| it.split_at(1)) {
        laughs.push_str(&format!(
            "  {to}: &{to} [*{from}, *{from}, *{from}, *{from}, *{from}, *{from}, *{from}]\n"
        ));
    }
    laughs.push_str("---\n");
    assert!(problems_of(PAGE, &laughs).iter().all(|it| it.starts_with("yaml-anchor")));
    check(PAGE, "---\nextra: !!python/object x\n---\n", &["yaml-tag 2:8 !!python/object x"]);
    check(PAGE, "---\nextra: { a: !include /etc/passwd }\n---\n", &["yaml-tag 2:13 !include /etc/passwd"]);
    check(PAGE, "---\nextra: { <<: x }\n---\n", &["yaml-merge 2:10 <<"]);
    check(PAGE, "---\nextra: &x { a: b }\n---\n", &["yaml-anchor 2:8 &x { a: b }"]);
}
