//! Formats: one file per kind of output. A format turns a view's [`Model`] into [`Rendered`] files.
//!
//! In: a model, a route, and the theme for pages. Out: bytes with what checks need to know of them. Knows nothing of
//! the graph or of disk.

mod atom;
pub mod hosts;
pub mod html;
mod json;
mod redirect;
mod sitemap;
mod xml;

use crate::diag::Diagnostic;
use crate::edition::{PageFacts, Rendered};
use crate::model::Site;
use crate::plan::Route;
use crate::theme::{ShareCard, Theme};
use crate::view::{Model, View};

pub use redirect::{leads_to, redirect};

/// Renders one route's model into the files it becomes: a page and its JSON twin, a feed, a sitemap, a text. `share_card` is
/// the card that the page's head names.
///
/// # Errors
/// A diagnostic that points into a template.
pub fn render(
    view: &View,
    route: &Route,
    model: &Model,
    template: Option<&str>,
    (theme, site): (&Theme, &Site),
    share_card: Option<&ShareCard>,
) -> Result<Vec<Rendered>, Box<Diagnostic>> {
    let plain = |bytes: String| {
        vec![Rendered { path: route.path.clone(), bytes: bytes.into_bytes(), facts: PageFacts::default() }]
    };
    match model {
        Model::Page(page) => {
            let template = template.or(view.template).expect("a view that composes pages names a template");
            let html = theme.render(template, &route.url, &*page.model, page.finished(share_card))?;
            let mut files = vec![finished(route, &html, site)];
            files.extend(json::twin(route, page));
            Ok(files)
        }
        Model::Feed(feed) => Ok(plain(atom::write(feed, site))),
        Model::Sitemap(sitemap) => Ok(plain(sitemap::write(sitemap, site))),
        Model::Text(text) => Ok(plain(text.clone())),
        // It becomes many files at once, made by whom the engine was given for it.
        Model::Index(_) => Ok(Vec::new()),
    }
}

/// A page with its addresses made relative, and what checks need to know of it.
fn finished(route: &Route, html: &str, site: &Site) -> Rendered {
    // Only a directory is always shown at its own address.
    let finished = match route.url.ends_with('/') {
        true => html::finish(&route.url, html, site.links),
        false => html::finish_rooted(&route.url, html, &root_path(site)),
    };
    let facts = PageFacts { anchors: finished.anchors, links: finished.links };
    Rendered { path: route.path.clone(), bytes: finished.html.into_bytes(), facts }
}

/// The path at which the site lives: that of its `base_url`, else `/`.
fn root_path(site: &Site) -> String {
    let base = site.base_url.as_deref().unwrap_or("/");
    let path = base.split_once("://").map_or(base, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    path.to_owned()
}
