//! What readers get.

use super::{Site, html, html_with_raw};
use crate::document::prose::{Heading, ProseOptions, to_html};

/// Asserts the whole HTML of each text.
fn check(cases: &[(&str, &str)]) {
    for (typed, seen) in cases {
        assert_eq!(html(typed).trim_end(), *seen, "for {typed:?}");
    }
}

#[test]
fn wikilinks_lead_to_records() {
    check(&[
        ("[[nvidia]] fell", "<p><a class=\"link link-actor\" href=\"/actors/nvidia/\">Nvidia</a> fell</p>"),
        (
            "([[ nvidia | the *chip* maker ]])",
            "<p>(<a class=\"link link-actor\" href=\"/actors/nvidia/\">the <em>chip</em> maker </a>)</p>",
        ),
        (
            "[[actor:nvidia#Its past|so]]",
            "<p><a class=\"link link-actor\" href=\"/actors/nvidia/#Its%20past\">so</a></p>",
        ),
        ("[[é]]", "<p><a class=\"link link-term\" href=\"/terms/%C3%A9/\">Été</a></p>"),
        (
            "[[nobody]] [[nobody|N]]",
            "<p><span class=\"unresolved\">nobody</span> <span class=\"unresolved\">N</span></p>",
        ),
        ("[[#a b|up]]", "<p><a class=\"link\" href=\"/here/#a%20b\">up</a></p>"),
        (
            "**[[nvidia]]** and *[[nvidia|N]]*",
            "<p><strong><a class=\"link link-actor\" href=\"/actors/nvidia/\">Nvidia</a></strong> and <em><a class=\"link link-actor\" href=\"/actors/nvidia/\">N</a></em></p>",
        ),
        ("[[[nvidia]]]", "<p>[<a class=\"link link-actor\" href=\"/actors/nvidia/\">Nvidia</a>]</p>"),
    ]);
}

#[test]
fn what_only_looks_like_a_wikilink_stays_markdown() {
    check(&[
        (
            "[[note]]\n\n[note]: https://example.org/",
            "<p>[<a class=\"external\" href=\"https://example.org/\" rel=\"noopener noreferrer\">note</a>]</p>",
        ),
        (
            "[[1]](https://example.org/)",
            "<p><a class=\"external\" href=\"https://example.org/\" rel=\"noopener noreferrer\">[1]</a></p>",
        ),
        ("\\[[nvidia]] [[]] [[ ]] [nvidia]", "<p>[[nvidia]] [[]] [[ ]] [nvidia]</p>"),
        ("`[[nvidia]]` ![[nvidia]]", "<p><code>[[nvidia]]</code> ![[nvidia]]</p>"),
        (
            "[[nvidia]](see below)",
            "<p><a class=\"link link-actor\" href=\"/actors/nvidia/\">Nvidia</a>(see below)</p>",
        ),
    ]);
}

#[test]
fn wikilinks_survive_table_cells() {
    let cells = "| a | b |\n|:--|--:|\n| [[nvidia|N]] | [[nvidia\\|M]] |\n| `x` | [[nvidia|_so_]] |";
    let html = html(cells);
    let link = |words: &str| format!("<a class=\"link link-actor\" href=\"/actors/nvidia/\">{words}</a>");
    let row = |a: &str, b: &str| {
        format!("<tr><td class=\"align-left\">{a}</td><td class=\"align-right\">{b}</td></tr>\n")
    };
    let expected = format!(
        "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\" class=\"align-left\">a</th>\
         <th scope=\"col\" class=\"align-right\">b</th></tr></thead>\n<tbody>\n{}{}</tbody></table></div>\n",
        row(&link("N"), &link("M")),
        row("<code>x</code>", &link("<em>so</em>"))
    );
    assert_eq!(html, expected);
}

#[test]
fn pipes_hidden_from_the_parser_come_back_in_code() {
    let html = html("| a [[x|y]] `[[x|y]]` |\n\n    | [[x|y]] |\n");
    assert!(html.contains("<code>[[x|y]]</code>") && html.contains("<code>| [[x|y]] |\n</code>"), "{html}");
}

#[test]
fn links_and_pictures_lead_where_they_may() {
    check(&[
        ("[a](@/r1/story.md#top)", "<p><a class=\"link link-story\" href=\"/r1/#top\">a</a></p>"),
        ("[a](@/no.md)", "<p><span class=\"unresolved\">a</span></p>"),
        ("[a](#b)", "<p><a class=\"link\" href=\"/here/#b\">a</a></p>"),
        ("[a](/x/?b=\"1\" 't')", "<p><a href=\"/x/?b=%221%22\" title=\"t\">a</a></p>"),
        ("[a](/x/ \"t<\")", "<p><a href=\"/x/\" title=\"t&lt;\">a</a></p>"),
        (
            "![A chart](a%20chart.png#x)",
            "<p><img src=\"/r1/a%20chart.png#x\" alt=\"A chart\" loading=\"lazy\" decoding=\"async\"></p>",
        ),
        ("[a](<a chart.png>)", "<p><a class=\"asset\" href=\"/r1/a%20chart.png\">a</a></p>"),
        ("![gone](no.png)", "<p><span class=\"unresolved\">gone</span></p>"),
        ("[x](javascript:alert(1)) [y](a.md)", "<p>x y</p>"),
        ("![z](&#106;avascript:x)", "<p>z</p>"),
        ("<a@b.example>", "<p><a href=\"mailto:a@b.example\">a@b.example</a></p>"),
        (
            "![a *b* ![c](d) `e`](a%20chart.png)",
            "<p><img src=\"/r1/a%20chart.png\" alt=\"a b c e\" loading=\"lazy\" decoding=\"async\"></p>",
        ),
    ]);
}

#[test]
fn images_say_how_large_they_are_and_offer_sizes() {
    let photo = "<picture><source type=\"image/webp\" srcset=\"/assets/images/photo-480.2b.webp 480w, \
                 /assets/images/photo-1000.3c.webp 1000w\" sizes=\"(min-width: 44em) 42rem, 100vw\">\
                 <img src=\"/assets/images/photo-480.1a.jpg\" alt=\"A &quot;lab&quot;\" width=\"1000\" height=\"500\" \
                 loading=\"lazy\" decoding=\"async\"";
    let map = "<img src=\"/%C3%A9t%C3%A9%20map.png?v=2#x\" alt=\"A map\" width=\"1000\" height=\"500\" loading=\"lazy\" \
               decoding=\"async\">";
    check(&[
        ("![A \"lab\"](photo.jpg)", &format!("<p>{photo}></picture></p>")),
        (
            "![A \"lab\"](photo.jpg \"At night, *by* <Ada>\")",
            &format!(
                "<figure>{photo}></picture><figcaption>At night, *by* &lt;Ada&gt;</figcaption></figure>"
            ),
        ),
        ("So: ![A \"lab\"](photo.jpg \"t\")", &format!("<p>So: {photo} title=\"t\"></picture></p>")),
        ("![A map](</été map.png?v=2#x>)", &format!("<p>{map}</p>")),
        (
            "> ![A map](</été map.png?v=2#x> 'By hand')",
            &format!("<blockquote>\n<figure>{map}<figcaption>By hand</figcaption></figure>\n</blockquote>"),
        ),
    ]);
}

#[test]
fn bare_addresses_become_links_and_stay_as_typed() {
    let link =
        |url: &str| format!("<a class=\"external\" href=\"{url}\" rel=\"noopener noreferrer\">{url}</a>");
    let url = link("https://example.org/a_b_(c)--d");
    check(&[
        ("(https://example.org/a_b_(c)--d).", &format!("<p>({url}).</p>")),
        (
            "`https://a.example` [https://a.example](/x/)",
            "<p><code>https://a.example</code> <a href=\"/x/\">https://a.example</a></p>",
        ),
        ("<https://example.org/--x>", &format!("<p>{}</p>", link("https://example.org/--x"))),
        (
            "https://a.example/?a=1&amp;b=2",
            "<p><a class=\"external\" href=\"https://a.example/?a=1&amp;b=2\" rel=\"noopener noreferrer\">https://a.example/?a=1&amp;b=2</a></p>",
        ),
    ]);
}

#[test]
fn punctuation_is_set_outside_quotations_only() {
    check(&[
        (
            "It's so -- he said \"it's *so*... -- well\" -- ok...",
            "<p>It’s so – he said \"it's <em>so</em>... -- well\" – ok…</p>",
        ),
        ("> it's -- so...\n\nit's", "<blockquote>\n<p>it's -- so...</p>\n</blockquote>\n<p>it’s</p>"),
        ("don\\'t \\-- x `a--b`'s", "<p>don't -- x <code>a--b</code>’s</p>"),
        ("\"open\n\nit's", "<p>\"open</p>\n<p>it’s</p>"),
    ]);
}

#[test]
fn callouts_have_a_kind_and_a_title() {
    check(&[
        (
            "> [!NOTE]\n> it's",
            "<aside class=\"callout callout-note\" role=\"note\">\n<p class=\"callout-title\">Note</p>\n<p>it’s</p>\n</aside>",
        ),
        (
            "> [!quote] *Yann* [[nvidia]]\n> it's\n>\n> -- so",
            "<aside class=\"callout callout-quote\" role=\"note\">\n<p class=\"callout-title\"><em>Yann</em> <a class=\"link link-actor\" href=\"/actors/nvidia/\">Nvidia</a></p>\n<blockquote>\n<p>it's</p>\n<p>-- so</p>\n</blockquote>\n</aside>",
        ),
        (
            "> [!info] T",
            "<aside class=\"callout callout-info\" role=\"note\">\n<p class=\"callout-title\">T</p>\n</aside>",
        ),
        (
            "> [!quote]",
            "<aside class=\"callout callout-quote\" role=\"note\">\n<p class=\"callout-title\">Quote</p>\n</aside>",
        ),
        (
            "> [!tip]\n> - a",
            "<aside class=\"callout callout-tip\" role=\"note\">\n<p class=\"callout-title\">Tip</p>\n<ul>\n<li>a</li>\n</ul>\n</aside>",
        ),
        ("> x\n> [!tip] y", "<blockquote>\n<p>x\n[!tip] y</p>\n</blockquote>"),
    ]);
}

#[test]
fn headings_have_ids_and_links_to_themselves() {
    let page = to_html(
        "# One {#two .c lang=en}\n## Two\n## 中国 & [[nvidia]]\n### 🎉\n> # Two\n",
        ProseOptions::default(),
        &Site,
    );
    let heading = |level: u8, attrs: &str, id: &str, words: &str, label: &str| {
        format!(
            "<h{level} {attrs}>{words} <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this section: {label}\">#</a></h{level}>\n"
        )
    };
    let name = "<a class=\"link link-actor\" href=\"/actors/nvidia/\">Nvidia</a>";
    let expected = [
        heading(2, "id=\"two\" class=\"c\" lang=\"en\"", "two", "One", "One"),
        heading(3, "id=\"two-2\"", "two-2", "Two", "Two"),
        heading(
            3,
            "id=\"中国-nvidia\"",
            "%E4%B8%AD%E5%9B%BD-nvidia",
            &format!("中国 &amp; {name}"),
            "中国 &amp; Nvidia",
        ),
        heading(4, "id=\"section\"", "section", "🎉", "🎉"),
        format!("<blockquote>\n{}</blockquote>\n", heading(2, "id=\"two-3\"", "two-3", "Two", "Two")),
    ];
    assert_eq!(page.html, expected.concat());
    let contents: Vec<(u8, &str, &str)> = page
        .contents
        .iter()
        .map(|Heading { level, id, text }| (*level, id.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        contents,
        [(1, "two", "One"), (2, "two-2", "Two"), (2, "中国-nvidia", "中国 & Nvidia"), (3, "section", "🎉")]
    );
}

#[test]
fn the_first_level_of_a_text_is_h2() {
    assert!(html("## a\n### b").starts_with("<h2 id=\"a\">"));
    assert!(html("###### a").starts_with("<h2 "));
    assert!(html("# a\n\n###### b").contains("<h6 id=\"b\">"));
}

#[test]
fn footnotes_are_numbered_in_the_order_of_first_reference() {
    let page = html("A[^z] b[^A] c[^z].\n\n[^a]: First[^late].\n[^z]: Last\n[^late]: So.\n[^no]: never\n");
    let reference = |id: &str, n: u8| {
        format!(
            "<sup class=\"footnote-ref\"><a id=\"{id}\" href=\"#fn_{n}\" role=\"doc-noteref\" aria-label=\"Footnote {n}\">{n}</a></sup>"
        )
    };
    let back = |id: &str, mark: &str, label: &str| {
        format!(
            " <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\" aria-label=\"Back to reference {label}\">↩{mark}</a>"
        )
    };
    let expected = format!(
        "<p>A{} b{} c{}.</p>\n<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n\
         <li id=\"fn_1\"><p>Last{}{}</p></li>\n<li id=\"fn_2\"><p>First{}.{}</p></li>\n<li id=\"fn_3\"><p>So.{}</p></li>\n</ol>\n</section>\n",
        reference("fnref_1", 1),
        reference("fnref_2", 2),
        reference("fnref_1_2", 1),
        back("fnref_1", "<sup>1</sup>", "1, 1 of 2"),
        back("fnref_1_2", "<sup>2</sup>", "1, 2 of 2"),
        reference("fnref_3", 3),
        back("fnref_2", "", "2"),
        back("fnref_3", "", "3"),
    );
    assert_eq!(page, expected);
}

#[test]
fn tasks_have_labels_that_end_before_the_next_block() {
    check(&[
        (
            "- [x] a *b*\n  - [ ] c\n- d",
            "<ul>\n<li><label><input type=\"checkbox\" disabled checked> a <em>b</em></label>\n<ul>\n<li><label><input type=\"checkbox\" disabled> c</label></li>\n</ul>\n</li>\n<li>d</li>\n</ul>",
        ),
        (
            "- [ ] a\n\n  b",
            "<ul>\n<li><p><label><input type=\"checkbox\" disabled> a</label></p>\n<p>b</p>\n</li>\n</ul>",
        ),
    ]);
}

#[test]
fn the_other_blocks_are_plain() {
    check(&[
        ("Term\n: It's", "<dl>\n<dt>Term</dt>\n<dd>It’s</dd>\n</dl>"),
        ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("a ~~b~~ ~c~", "<p>a <del>b</del> ~c~</p>"),
        (
            "```rust,x y\n<a> -- it's\n```",
            "<pre tabindex=\"0\"><code class=\"language-rustx\">&lt;a&gt; -- it's\n</code></pre>",
        ),
        ("    x", "<pre tabindex=\"0\"><code>x</code></pre>"),
        ("a  \nb\n\n---", "<p>a<br>\nb</p>\n<hr>"),
        (
            "| | b |\n|-|-|",
            "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr><td></td><th scope=\"col\">b</th></tr></thead>\n</table></div>",
        ),
    ]);
}

#[test]
fn raw_html_is_shown_as_typed_unless_it_is_allowed() {
    check(&[
        ("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>"),
        ("<script>\nx\n</script>", "<p>&lt;script&gt;\nx\n&lt;/script&gt;</p>"),
        ("a<!-- b -->c\n\n<!-- d -->\n\ne", "<p>ac</p>\n<p>e</p>"),
        ("<!-- never closed\n\nx", "<p>&lt;!-- never closed\n\nx</p>"),
    ]);
    assert_eq!(html_with_raw("a <b>c</b>"), "<p>a <b>c</b></p>\n");
    assert_eq!(html_with_raw("<div>\n\n*x*\n\n</div>"), "<div>\n\n<p><em>x</em></p>\n</div>\n");
    assert_eq!(html_with_raw("a <b onclick=x>c</b>"), "<p>a &lt;b onclick=x&gt;c</b></p>\n");
    assert_eq!(html_with_raw("<script>x</script>\n"), "<p>&lt;script&gt;x&lt;/script&gt;</p>\n");
}

#[test]
fn the_summary_ends_at_more_or_with_the_first_paragraph() {
    let summary = |body: &str| to_html(body, ProseOptions::default(), &Site).summary;
    assert_eq!(summary("> q\n\n# H\n\nA[^1] *b*\n\nc\n\n[^1]: x"), "<p>A <em>b</em></p>\n");
    assert_eq!(summary("# H\n\na\n\nb\n<!-- more -->\n\nc"), "<h2>H</h2>\n<p>a</p>\n<p>b</p>\n");
    assert_eq!(summary("a *b <!--more--> c* d"), "<p>a <em>b </em></p>\n");
    assert_eq!(summary("<!-- more -->\n\na"), "<p>a</p>\n");
    assert_eq!(summary("- a"), "");
    assert_eq!(html("a\n\n<!-- more -->\n\nb"), "<p>a</p>\n<p>b</p>\n");
}
