//! The examples of the CommonMark Spec: the same tree of elements and words, but for what we do otherwise on purpose.
//!
//! Left out of the comparison: ids, classes and further attributes of ours, the link of a heading to itself, set
//! punctuation, and how addresses are percent-encoded. Heading levels are compared from the text's first one on.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Node};
use serde::Deserialize;

use crate::document::prose::{LinkTarget, Links, ProseOptions, to_html};
use crate::image::Shown;
use crate::model::Target;
use crate::text::percent_decode;

#[derive(Deserialize)]
struct Example {
    example: u32,
    markdown: String,
    html: String,
}

/// A site in which every address is somewhere, and unchanged.
struct Anywhere;

impl Links for Anywhere {
    fn link(&self, target: &Target, anchor: Option<&str>) -> Option<LinkTarget> {
        match target {
            Target::SamePage => Some(LinkTarget {
                url: format!("#{}", anchor.unwrap_or_default()),
                name: String::new(),
                kind: None,
            }),
            Target::Id { .. } | Target::File(_) => None,
        }
    }

    fn asset(&self, path: &str) -> Option<String> {
        Some(path.to_owned())
    }

    fn image(&self, _: &str) -> Option<Shown> {
        None
    }
}

/// The examples we render otherwise, by reason.
const OTHERWISE: &[(&str, &[u32])] = &[
    ("there is no seventh level of headings, and pages own the first", &[62]),
    ("a language is letters, digits and a few signs", &[144]),
    (
        "a tag that never ends, a script, and a tag inside an attribute are shown as typed",
        &[156, 157, 158, 170, 178, 616],
    ),
    ("a link names a page, not a Markdown file on disk", &[484]),
    ("two brackets are a wikilink", &[548, 590]),
    ("only web, mail and telephone addresses are linked", &[596, 598, 599, 601]),
    ("bare addresses are linked", &[602, 608, 611]),
    ("comments are left out", &[626]),
    (
        "an image with a title that stands alone is a figure",
        &[572, 573, 576, 577, 584, 585, 586, 588, 589, 591],
    ),
];

/// An HTML text as nested words: only what the comparison looks at.
fn tree(html: &str) -> String {
    let html = Html::parse_fragment(html);
    let top = html.root_element().descendants().filter_map(ElementRef::wrap).filter_map(heading_level).min();
    let mut out = String::new();
    write(&mut out, html.root_element(), top.unwrap_or(1));
    out
}

fn heading_level(element: ElementRef<'_>) -> Option<u8> {
    match element.value().name().as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

fn write(out: &mut String, element: ElementRef<'_>, top: u8) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => {
                let typed = text.replace('’', "'").replace('—', "---").replace('–', "--").replace('…', "...");
                let words: Vec<&str> = typed.split_whitespace().collect();
                out.push_str(&words.join(" "));
            }
            Node::Element(_) => {
                let child = ElementRef::wrap(child).expect("the node is an element");
                if child.attr("class") == Some("anchor") {
                    continue;
                }
                let name = heading_level(child)
                    .map_or(child.value().name().to_owned(), |level| format!("h+{}", level - top));
                out.push_str(&format!("<{name}"));
                for attribute in ["href", "src", "alt", "title", "start"] {
                    if let Some(value) = child.attr(attribute) {
                        let value =
                            percent_decode(value).map_or(value.to_owned(), std::borrow::Cow::into_owned);
                        out.push_str(&format!(" {attribute}={value:?}"));
                    }
                }
                if let Some(language) = child.attr("class").filter(|class| class.starts_with("language-")) {
                    out.push_str(&format!(" {language:?}"));
                }
                out.push('>');
                write(out, child, top);
                out.push_str(&format!("</{name}>"));
            }
            _ => (),
        }
    }
}

#[test]
fn the_examples_of_the_specification_come_out_as_they_should() {
    let examples: Vec<Example> =
        serde_json::from_str(include_str!("commonmark/spec.json")).expect("the examples are JSON");
    assert_eq!(examples.len(), 652);
    let mut otherwise: BTreeMap<u32, &str> = BTreeMap::new();
    for (reason, numbers) in OTHERWISE {
        otherwise.extend(numbers.iter().map(|number| (*number, *reason)));
    }
    let mut wrong = Vec::new();
    for Example { example, markdown, html } in examples {
        let ours = to_html(&markdown, ProseOptions { raw_html: true }, &Anywhere).html;
        if (tree(&ours) == tree(&html)) == otherwise.contains_key(&example) {
            wrong.push(format!(
                "{example}: {markdown:?}\n  reference {}\n  ours      {}\n",
                tree(&html),
                tree(&ours)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of 652:\n{}", wrong.len(), wrong.concat());
}
