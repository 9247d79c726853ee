//! Prose from the outside: what an author types, what readers and editors get.

mod commonmark;
mod facts;
mod html;
mod properties;
mod running;

use std::sync::Arc;

use super::{LinkTarget, Links, ProseOptions, read, to_html};
use crate::diag::{At, Diagnostic};
use crate::image::{Shown, Size};
use crate::model::{Kind, ProseFacts, Target};
use crate::text::Span;

/// A site with two actors, one file, the headings of this page, and one picture.
struct Site;

impl Links for Site {
    fn link(&self, target: &Target, anchor: Option<&str>) -> Option<LinkTarget> {
        let (url, name, kind) = match target {
            Target::Id { id, .. } if id == "nvidia" => ("/actors/nvidia/", "Nvidia", Some(Kind::Actor)),
            Target::Id { id, .. } if id == "é" => ("/terms/é/", "Été", Some(Kind::Term)),
            Target::File(path) if path == "r1/story.md" => ("/r1/", "R1", Some(Kind::Story)),
            Target::SamePage => ("/here/", "Here", None),
            Target::Id { .. } | Target::File(_) => return None,
        };
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        Some(LinkTarget { url: format!("{url}{anchor}"), name: name.to_owned(), kind })
    }

    fn asset(&self, path: &str) -> Option<String> {
        (path == "a chart.png").then(|| "/r1/a chart.png".to_owned())
    }

    fn image(&self, path: &str) -> Option<Shown> {
        let size = Some(Size { width: 1000, height: 500 });
        match path {
            "photo.jpg" => Some(Shown {
                src: "/assets/images/photo-480.1a.jpg".to_owned(),
                size,
                webp: vec![
                    ("/assets/images/photo-480.2b.webp".to_owned(), 480),
                    ("/assets/images/photo-1000.3c.webp".to_owned(), 1000),
                ],
            }),
            "/été map.png" => Some(Shown { src: path.to_owned(), size, webp: Vec::new() }),
            _ => None,
        }
    }
}

fn html(body: &str) -> String {
    to_html(body, ProseOptions::default(), &Site).html
}

fn html_with_raw(body: &str) -> String {
    to_html(body, ProseOptions { raw_html: true }, &Site).html
}

/// Facts and problems of a body that stands behind front matter.
fn read_with(body: &str, options: ProseOptions) -> (ProseFacts, Vec<Diagnostic>, String) {
    let front = "---\ntitle: é\n---\n";
    let text = format!("{front}{body}");
    let span = Span::new(front.len(), text.len());
    let prose = read(&Arc::from("content/r1/story.md"), &text, span, options);
    (prose.facts, prose.report.diagnostics().to_vec(), text)
}

/// The problems of a body: the code, and the words it points at.
fn problems(body: &str) -> Vec<(&'static str, String)> {
    problems_with(body, ProseOptions::default())
}

fn problems_with(body: &str, options: ProseOptions) -> Vec<(&'static str, String)> {
    let (_, diagnostics, text) = read_with(body, options);
    let place = |diagnostic: &Diagnostic| match diagnostic.place.as_ref().map(|place| place.at.clone()) {
        Some(At::Span(span)) => span.of(&text).to_owned(),
        other => panic!("{other:?}"),
    };
    diagnostics.iter().map(|diagnostic| (diagnostic.code.name, place(diagnostic))).collect()
}
