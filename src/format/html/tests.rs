//! Pages in, pages out.

use proptest::prelude::*;
use scraper::{Html, Node};

use super::*;

fn clean(html: &str) -> String {
    finish("/r1/meta/", html, LinkStyle::Clean).html
}

#[test]
fn site_absolute_addresses_become_relative() {
    for (template, page) in [
        ("<a href=\"/r1/\">x</a>", "<a href=\"../\">x</a>"),
        (
            "<A HREF='/actors/nvidia/#a&amp;b' title=\"/r1/\">",
            "<A HREF='../../actors/nvidia/#a&amp;b' title=\"/r1/\">",
        ),
        ("<img alt='a>b' src=/a.png class=x>", "<img alt='a>b' src=../../a.png class=x>"),
        ("<img src=/a.png>", "<img src=../../a.png>"),
        (
            "<img srcset=\"/a.png 1x, /b.png 2x, c.png 3x\" src=\"/a.png\">",
            "<img srcset=\"../../a.png 1x, ../../b.png 2x, c.png 3x\" src=\"../../a.png\">",
        ),
        ("<video poster='/a.jpg'></video>", "<video poster='../../a.jpg'></video>"),
        ("<a href=/s/ data-module=\"/a.js\">", "<a href=../../s/ data-module=\"../../a.js\">"),
        ("<a href='/x/?a=1&amp;b=2#c'>", "<a href='../../x/?a=1&amp;b=2#c'>"),
        ("<a href=\"/it&#39;s/\">", "<a href=\"../../it&#39;s/\">"),
        (
            "<link data-absolute rel=canonical href=\"/r1/\"><a href=\"/r1/\">",
            "<link rel=canonical href=\"/r1/\"><a href=\"../\">",
        ),
        ("<a href='/r1/' DATA-ABSOLUTE='x'>", "<a href='/r1/'>"),
    ] {
        assert_eq!(clean(template), page);
    }
    let portable = finish("/", "<a href=\"/r1/#x\">", LinkStyle::Portable);
    assert_eq!(portable.html, "<a href=\"r1/index.html#x\">");
}

#[test]
fn everything_else_stays_byte_for_byte() {
    for same in [
        "<!-- <a href=\"/x/\"> --><script>\"<a href='/x/'>\"</script><style>a{b:url(/x)}</style>",
        "<title><a href=\"/x/\"></title><textarea><img src=/x></textarea>",
        "<a href=\"https://example.org/\" data-href=\"/x/\"><q cite=\"/x/\"><form action=\"/x/\">",
        "<a href=\"//example.org/x\"><a href=\"#x\"><a href=\"x/\"><a href><a href=\"\">",
        "text with href=\"/x/\" and < a href=\"/x/\">",
        "</a href=\"/x/\"><a href=\"/x/",
    ] {
        assert_eq!(clean(same), same);
    }
}

#[test]
fn a_page_says_what_it_offers_and_where_it_leads() {
    let page = "<h2 id=\"a&amp;b\"><a name=c id='d' href='/x/#%C3%A9'></a><meta name=e><img src='y.png' srcset='/z.png 2x'>\
                <a href='https://example.org/?a&amp;b'></a><a href='#f'></a><a href='mailto:a@b'></a>";
    let page = finish("/r1/", page, LinkStyle::Clean);
    assert_eq!(page.anchors.to_vec(), ["a&b", "c", "d"]);
    assert_eq!(page.links.to_vec(), ["/r1/#f", "/r1/y.png", "/x/#é", "/z.png"]);
}

/// HTML made of the pieces that could lead a scanner astray.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<a href=\"/x/\">",
        "<a href='/y/?q=\"1\"#z'>",
        "<img src=/z.png>",
        "<a data-module=/m.js>",
        "<img alt=\"a>b\" src = '/w.png' >",
        "</a>",
        "<p>",
        "</p>",
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<!",
        "<?x",
        ">",
        "<",
        "\"",
        "'",
        "=",
        "/",
        " ",
        "text",
        "&amp;",
        "<b href=/v/ href=/u/>",
        "<br/>",
        "<i/src=/t/>",
        "<q src",
        "<u src=>",
        "<script>",
        "</script>",
        "<style>",
        "</style >",
        "</STYLE",
        "<textarea>",
        "</textarea>",
        "é",
        "<video poster=\"/s/\">",
        "</video>",
        "</p src=\"/r/\">",
    ]);
    prop::collection::vec(pieces, 0..25).prop_map(|pieces| pieces.concat())
}

/// Every `href`, `src`, `poster` and `data-module` a browser's parser sees, in order.
fn seen(html: &str) -> Vec<(String, String)> {
    let document = Html::parse_fragment(html);
    let elements = document.tree.values().filter_map(Node::as_element);
    let mut seen: Vec<(String, String)> = elements
        .flat_map(|element| {
            ["href", "src", "poster", "data-module"].map(|name| (element.name(), name, element.attr(name)))
        })
        .filter_map(|(element, name, value)| Some((format!("{element} {name}"), value?.to_owned())))
        .collect();
    seen.sort();
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn without_site_absolute_addresses_nothing_changes(html in soup()) {
        // Slashes are left to end tags alone.
        let html = html.replace("</", "<\0").replace('/', "|").replace("<\0", "</");
        prop_assert_eq!(clean(&html), html);
    }

    #[test]
    fn a_browser_sees_the_same_page_with_relative_addresses(html in soup()) {
        let mut expected: Vec<(String, String)> = seen(&html)
            .into_iter()
            .map(|(name, value)| match Reader::new("/r1/meta/", LinkStyle::Clean).read(&value) {
                Address::Internal { relative: Some(relative), .. } => (name, relative),
                Address::Internal { .. } | Address::Other => (name, value),
            })
            .collect();
        expected.sort();
        prop_assert_eq!(seen(&clean(&html)), expected, "{}", html);
    }
}
