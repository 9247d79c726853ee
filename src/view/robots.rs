//! `robots.txt`: everybody may read everything (RFC 9309), and here is the sitemap.

use super::desk::Desk;
use super::{Model, View};
use crate::graph::Graph;
use crate::model::Site;
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "robots", template: None, routes, compose };

fn routes(_: &Graph, _: &Site) -> Vec<Wanted> {
    vec![Wanted::at("/robots.txt", VIEW.name)]
}

fn compose(desk: &Desk<'_>, _: &Route) -> Model {
    let sitemap = desk
        .site
        .base_url
        .as_ref()
        .map_or_else(String::new, |base| format!("\nSitemap: {base}sitemap.xml\n"));
    Model::Text(format!("User-agent: *\nAllow: /\n{sitemap}"))
}
