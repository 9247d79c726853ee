//! Excerpts of finished pages: what a case compares.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Node, Selector};

/// The elements that match, as HTML: one line each, with every run of white space as one space and attributes by name.
///
/// # Errors
/// When the selector cannot be read.
pub(crate) fn html(page: &str, selector: &str) -> Result<String, String> {
    each(page, selector, |element| {
        let mut out = String::new();
        write_element(element, &mut out);
        fold(&out)
    })
}

/// The visible words of the elements that match, one line each.
///
/// # Errors
/// When the selector cannot be read.
pub(crate) fn text(page: &str, selector: &str) -> Result<String, String> {
    each(page, selector, |element| fold(&element.text().collect::<String>()))
}

fn each(page: &str, selector: &str, show: impl Fn(ElementRef<'_>) -> String) -> Result<String, String> {
    let parsed =
        Selector::parse(selector).map_err(|error| format!("`{selector}` is no selector: {error}"))?;
    let document = Html::parse_document(page);
    let found: Vec<String> = document.select(&parsed).map(show).collect();
    Ok(if found.is_empty() { "(nothing matches)".to_owned() } else { found.join("\n") })
}

fn write_element(element: ElementRef<'_>, out: &mut String) {
    let name = element.value().name();
    let attributes: BTreeMap<&str, &str> = element.value().attrs().collect();
    out.push_str(&format!("<{name}"));
    for (key, value) in attributes {
        match value {
            "" => out.push_str(&format!(" {key}")),
            _ => out.push_str(&format!(" {key}=\"{}\"", value.replace('&', "&amp;").replace('"', "&quot;"))),
        }
    }
    out.push('>');
    if ["img", "br", "hr", "input", "link", "meta", "wbr", "col"].contains(&name) {
        return;
    }
    for child in element.children() {
        match child.value() {
            Node::Text(words) if ["script", "style"].contains(&name) => out.push_str(words),
            Node::Text(words) => {
                out.push_str(&words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
            }
            Node::Element(_) => write_element(ElementRef::wrap(child).expect("just seen"), out),
            _ => (),
        }
    }
    out.push_str(&format!("</{name}>"));
}

/// Every run of HTML white space as one space. Other spaces (no-break ones) stay.
pub(crate) fn fold(text: &str) -> String {
    text.split([' ', '\n', '\t', '\r', '\u{c}']).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn excerpts_are_steady() {
    let page = "<!doctype html><p class=b id=a>One\n  &lt;two&gt; <br><b>x</b></p><p>second\u{a0} one";
    assert_eq!(
        html(page, "p").unwrap(),
        "<p class=\"b\" id=\"a\">One &lt;two&gt; <br><b>x</b></p>\n<p>second\u{a0} one</p>"
    );
    assert_eq!(text(page, "p").unwrap(), "One <two> x\nsecond\u{a0} one");
    assert_eq!(html(page, "table").unwrap(), "(nothing matches)");
    assert!(html(page, "p[").is_err());
}
