//! What holds for every text.

use proptest::prelude::*;

use super::{Site, html, problems, read_with};
use crate::document::prose::{ProseOptions, to_html};

/// Text made of the characters that mean something.
fn markup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "[[",
        "]]",
        "[",
        "]",
        "(",
        ")",
        "|",
        "!",
        "^",
        "[^a]",
        "\n[^a]: ",
        "\n> ",
        "\n- ",
        "\n1. ",
        "\n\n",
        "\n",
        "    ",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "\n```\n",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<",
        ">",
        "https://a.example/x",
        "é",
        "a",
        "b c",
        "\n# ",
        "{#x}",
        "{on=y}",
        "\n|-|-|\n",
        "\\",
        "&amp;",
        "&#x202e;",
        "\"",
        "'",
        "“",
        "”",
        "--",
        "...",
        "\n: ",
        "[!note]",
        "@/a.md",
        "#h",
        "[ ] ",
        "\u{202e}",
        "\u{c}",
        "\r\n",
        "\t",
        "a.md",
        "javascript:",
        "\n[a]: /b\n",
        "<!-- more -->",
        "\0",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

/// Every element that opens, closes.
fn assert_balanced(html: &str) {
    let mut open = Vec::new();
    for tag in html.split('<').skip(1) {
        let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "{html}"),
            None if matches!(name.as_str(), "br" | "hr" | "img" | "input") => (),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} {html}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_gives_balanced_html_and_places_inside_the_file(body in markup()) {
        let page = to_html(&body, ProseOptions::default(), &Site);
        assert_balanced(&page.html);
        assert_balanced(&page.summary);
        let stand_in_leaks = page.html.contains('\u{c}') && !body.contains('\u{c}');
        prop_assert!(!stand_in_leaks);
        let (facts, diagnostics, text) = read_with(&body, ProseOptions { raw_html: true });
        for diagnostic in diagnostics {
            if let Some(crate::diag::At::Span(span)) = diagnostic.place.map(|place| place.at) {
                prop_assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
            }
        }
        let mut ids: Vec<&str> = facts.anchors.iter().map(|anchor| anchor.id.as_str()).collect();
        let n_ids = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), n_ids);
        for mention in facts.mentions {
            let words = text.get(mention.span.range());
            prop_assert!(words.is_some_and(|it| it.starts_with('[') && it.ends_with([']', ')'])), "{words:?} in {text:?}");
        }
    }

    #[test]
    fn the_words_of_a_blockquote_stay_as_typed(words in "[a-zé][a-zé'\"“” .-]{0,60}[a-z]") {
        prop_assert_eq!(html(&format!("> {words}")), format!("<blockquote>\n<p>{words}</p>\n</blockquote>\n"));
    }

    #[test]
    fn the_words_between_quotation_marks_stay_as_typed(before in "[a-z .-]{0,20}", words in "[a-zé' .-]{1,60}") {
        let html = html(&format!("So {before} “{words}” and \"{words}\""));
        let (curly, straight) = (format!("“{words}”"), format!("\"{words}\""));
        prop_assert!(html.contains(&curly) && html.contains(&straight), "{}", html);
    }

    #[test]
    fn plain_bytes_never_panic(body in any::<String>()) {
        html(&body);
        problems(&body);
    }
}

/// Nodes and bytes that a text of `n` repetitions costs must grow with `n`, not with its square.
#[test]
fn nasty_texts_grow_in_line() {
    let nasty: [(&str, &str, &str); 12] = [
        ("", "[ (](", ""),
        ("", "!-- <", ""),
        ("", "> ", "x"),
        ("", "- ", "x"),
        ("", "[[", ""),
        ("", "[[a|", ""),
        ("", "*a **a ", ""),
        ("", "![a", ""),
        ("", "A[^a] ", "\n\n[^a]: x"),
        ("", "<!-- ", ""),
        ("", "\"'“", ""),
        ("|", "a|", ""),
    ];
    for (before, part, after) in nasty {
        let size = |n: usize| {
            let body = format!("{before}{}{after}", part.repeat(n));
            html(&body).len() + problems(&body).len()
        };
        let (one, two) = (size(1_000), size(2_000));
        assert!(two <= one * 3, "{part:?}: {one} → {two}");
    }
}

#[test]
fn ten_thousand_levels_are_one_error() {
    let n = 10_000;
    let nested = [
        "> ".repeat(n) + "x",
        "- ".repeat(n) + "```\n" + &"\n".repeat(n),
        "*a _b ".repeat(n) + &"b_ a* ".repeat(n),
        (0..200).map(|level| " ".repeat(2 * level) + "- a\n").collect(),
    ];
    for body in nested {
        assert_balanced(&html(&body));
        let codes: Vec<&str> = problems(&body).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["nested-too-deep"], "{}", &body[..20]);
    }
}
