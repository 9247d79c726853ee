//! The sitemap: every page worth finding.

use super::desk::Desk;
use super::{Model, View};
use crate::graph::Graph;
use crate::model::Site;
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "sitemap", template: None, routes, compose };

/// Every address worth finding. The engine fills in the addresses, which only the plan knows.
#[derive(Clone, Debug, Default)]
pub struct Sitemap {
    /// Site-absolute addresses of pages, sorted.
    pub pages: Vec<String>,
}

/// A sitemap needs absolute addresses (sitemaps.org, protocol, `<loc>`), so a site without `base_url` has none.
fn routes(_: &Graph, site: &Site) -> Vec<Wanted> {
    site.base_url.iter().map(|_| Wanted::at("/sitemap.xml", VIEW.name)).collect()
}

fn compose(_: &Desk<'_>, _: &Route) -> Model {
    Model::Sitemap(Sitemap::default())
}
