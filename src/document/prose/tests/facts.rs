//! What other pages and editors get.

use super::{problems, problems_with, read_with};
use crate::document::prose::ProseOptions;
use crate::model::{ProseFacts, Target};

fn facts(body: &str) -> (ProseFacts, String) {
    let (facts, _, text) = read_with(body, ProseOptions::default());
    (facts, text)
}

#[test]
fn mentions_carry_their_sentence_and_place() {
    let body = "Shares fell. Then [[nvidia|the *chip* maker]] spoke, it's said.\n\n| a |\n|-|\n| [[actor:meta#past|M]] x |\n\n- [s](@/r1/story.md) [here](#é)[^1]\n\n[^1]: See [[é]].\n";
    let (facts, text) = facts(body);
    let seen: Vec<(Target, Option<&str>, &str, &str)> = facts
        .mentions
        .iter()
        .map(|it| (it.target.clone(), it.anchor.as_deref(), it.sentence.as_str(), it.span.of(&text)))
        .collect();
    let id = |kind: Option<&str>, id: &str| Target::Id { kind: kind.map(str::to_owned), id: id.to_owned() };
    assert_eq!(
        seen,
        [
            (
                id(None, "nvidia"),
                None,
                "Then the chip maker spoke, it’s said.",
                "[[nvidia|the *chip* maker]]"
            ),
            (id(Some("actor"), "meta"), Some("past"), "M x", "[[actor:meta#past|M]]"),
            (Target::File("r1/story.md".to_owned()), None, "s here", "[s](@/r1/story.md)"),
            (Target::SamePage, Some("é"), "s here", "[here](#é)"),
            (id(None, "é"), None, "See \u{e000}é\u{e001}.", "[[é]]"),
        ]
    );
}

#[test]
fn summaries_anchors_and_assets_are_facts() {
    let (facts, text) =
        facts("# A *b*\n\nOne\n[[nvidia]]  two.\n\n![x](a%20chart.png)\n[y](notes.pdf#page=2)\n");
    assert_eq!(facts.summary, "One \u{e000}nvidia\u{e001} two.", "the graph knows its name");
    assert!(facts.present);
    let anchors: Vec<(&str, &str, u8)> =
        facts.anchors.iter().map(|it| (it.id.as_str(), it.text.as_str(), it.level)).collect();
    assert_eq!(anchors, [("a-b", "A b", 1)]);
    let assets: Vec<(&str, &str)> =
        facts.assets.iter().map(|it| (it.path.as_str(), it.span.of(&text))).collect();
    assert_eq!(assets, [("a chart.png", "a%20chart.png"), ("notes.pdf", "notes.pdf")]);
    assert!(!super::read_with(" \n<!-- more -->\n", ProseOptions::default()).0.present);
}

#[test]
fn links_that_leave_the_site_are_facts() {
    let (facts, text) = facts(
        "é [a](https://a.example/x#y) <HTTP://b.example/> https://c.example/.\n\n![p](https://d.example/p.png) [e]\n\n\
         [m](mailto:a@example.org) [t](tel:1) [h](/actors/) [[nvidia]]\n\n[e]: https://e.example/\n",
    );
    let found: Vec<(&str, &str)> =
        facts.outward.iter().map(|it| (it.url.as_str(), it.span.of(&text))).collect();
    assert_eq!(
        found,
        [
            ("https://a.example/x#y", "https://a.example/x#y"),
            ("HTTP://b.example/", "HTTP://b.example/"),
            ("https://c.example/", "https://c.example/"),
            ("https://d.example/p.png", "https://d.example/p.png"),
            ("https://e.example/", "[e]"),
        ]
    );
}

#[test]
fn problems_point_at_the_words() {
    let check = |body: &str, expected: &[(&'static str, &str)]| {
        let expected: Vec<(&'static str, String)> =
            expected.iter().map(|(code, at)| (*code, (*at).to_owned())).collect();
        assert_eq!(problems(body), expected, "for {body:?}");
    };
    check("Plain [[nvidia]], it's *so*. [x](https://example.org)", &[]);
    check("A[^gone] b\\[^x] [^ y]", &[("footnote-missing", "[^gone]")]);
    check("A[^a]\n\n[^a]: b\n\n[^A]: c\n[^d]: e", &[("footnote-twice", "[^A]"), ("footnote-unused", "[^d]")]);
    check("é [x](../events/x.md#a)", &[("markdown-file-link", "../events/x.md#a")]);
    check("é ![[nvidia]] x", &[("unsupported-embed", "![[nvidia]]")]);
    check("[x](javascript:alert(1))", &[("url-not-allowed", "javascript:alert(1)")]);
    check("[x](&#106;avascript:a)", &[("url-not-allowed", "&#106;avascript:a")]);
    check("[x]\n\n[x]: data:text/html,x", &[("url-not-allowed", "[x]")]);
    check("![x](//example.org/a.png)", &[("url-not-allowed", "//example.org/a.png")]);
    check("https://ex\u{430}mple.org/", &[("mixed-script-host", "ex\u{430}mple")]);
    check("https://a.example/\u{202e}x", &[("url-not-allowed", "https://a.example/\u{202e}x")]);
    check("> a\u{202e}b", &[("bidi-in-prose", "\u{202e}")]);
    check(
        "x \"a\u{2066}b\" [c\u{202a}](/d/) \u{202a}",
        &[("bidi-in-prose", "\u{2066}"), ("bidi-in-prose", "\u{202a}")],
    );
    check("![](a.png)", &[("no-alt-text", "![](a.png)")]);
    check("![a](https://b.example/c.png)", &[("image-elsewhere", "https://b.example/c.png")]);
    check("[![a](/b.png)](https://b.example/c.png)", &[]);
    check("a <b>c</b>\n\n<i>\nd\n</i>", &[("raw-html", "<b>")]);
    check("a <!-- b --> <!-- c -->", &[("html-comment", "<!-- b -->")]);
    check("> <div>\n> <!-- b --> x", &[("raw-html", "<div>"), ("html-comment", "<div>\n> <!-- b --> x")]);
    check("a\n\n```rust\nb\n", &[("unclosed-fence", "```rust")]);
    check("- ```\n  b\n  ```\n\n> ~~~\n> x\n> ~~~\n", &[]);
    check(
        "# A {onclick=x style=y .ok}",
        &[("attribute-not-allowed", "onclick"), ("attribute-not-allowed", "style")],
    );
    check("# A {#x}\n\n# B {#x}", &[("heading-id-twice", "# B {#x}")]);
    check(
        "| [[a|b]] | ![](c.png) |\n|-|-|\n| [[a|b]] | [x](y.md) |",
        &[("no-alt-text", "![](c.png)"), ("markdown-file-link", "y.md")],
    );
}

#[test]
fn refused_raw_html_is_an_error_where_raw_html_is_allowed() {
    let raw = ProseOptions { raw_html: true };
    assert_eq!(problems_with("<b>x</b>", raw), []);
    assert_eq!(problems_with("a <i onclick=x>b</i>", raw), [("raw-html-script", "<i onclick=x>".to_owned())]);
    assert_eq!(
        problems_with("<div>\n<script>x</script>\n</div>", raw),
        [("raw-html-script", "<script>".to_owned())]
    );
}

#[test]
fn a_file_link_offers_its_fix() {
    let (_, diagnostics, _) = read_with("[x](events/x.md)", ProseOptions::default());
    assert_eq!(diagnostics[0].fix.as_ref().map(|fix| fix.replacement.as_str()), Some("@/r1/events/x.md"));
}
