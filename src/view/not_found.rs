//! The page for addresses that lead nowhere.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View};
use crate::graph::Graph;
use crate::model::{Kind, Search, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "not-found", template: Some("not-found.html"), routes, compose };

/// Variables of `not-found.html`. Its addresses are absolute or site-absolute, because nobody knows where it is shown.
#[derive(Debug, Serialize)]
pub struct NotFoundPage {
    /// What every page has.
    pub page: Frame,
    /// Stories to go to.
    pub stories: Vec<Link>,
    /// Lists to go to: the search, and one for each kind.
    pub places: Vec<Link>,
}

fn routes(_: &Graph, _: &Site) -> Vec<Wanted> {
    vec![Wanted::at("/404.html", VIEW.name)]
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let mut page = desk.frame(route, "not-found", "Page not found".to_owned(), "This address leads nowhere.");
    page.canonical = None;
    let lists = [
        (Kind::Actor, "Actors", "/actors/"),
        (Kind::Term, "Terms", "/terms/"),
        (Kind::Source, "Sources", "/sources/"),
    ];
    let places = lists
        .into_iter()
        .filter(|(kind, ..)| desk.lens.count(*kind) > 0)
        .map(|(_, name, url)| desk.place(name, url));
    let search = (desk.site.search != Search::Off).then(|| desk.place("Search", "/search/"));
    let places = std::iter::once(desk.place("Home", "/")).chain(search).chain(places).collect();
    let stories = desk.links(desk.lens.all(Kind::Story).into_iter().take(12));
    Model::page(String::new(), NotFoundPage { page, stories, places })
}
