//! Views: one file per page kind. A view says which routes it wants and composes each into a view model.
//!
//! In: a [`Lens`](crate::graph::Lens) on the graph, and one [`Route`]. Out: a [`Model`], the theme's contract, documented field by field.
//! A view reads nothing except through the lens. Knows nothing of HTML, Tera or files.

pub mod actor;
pub mod actors;
pub mod cards;
pub mod checks;
mod citation;
pub mod compare;
pub mod corrections;
mod desk;
mod drawn;
pub mod event;
pub mod feed;
pub mod home;
mod json_ld;
mod lines;
pub mod map;
mod matrix;
mod moments;
pub mod not_found;
pub mod page;
pub mod reaction;
pub mod robots;
pub mod sample;
pub mod search;
pub mod search_index;
pub mod section;
mod share;
pub mod sitemap;
pub mod source;
pub mod sources;
pub mod statement;
pub mod story;
pub mod term;
pub mod terms;
pub mod timeline;
mod words;

use serde::Serialize;

use crate::graph::Graph;
use crate::model::Site;
use crate::picture::Pictures;
use crate::plan::{Route, Wanted};
use crate::theme::{Finished, ShareCard, ViewModel};

pub use desk::{Assets, Desk, extra_map, extra_value};
pub use share::{CARD_TEMPLATES, Card, card_template};

/// A recipe of pages.
pub struct View {
    /// Its name, as routes know it.
    pub name: &'static str,
    /// The template it is rendered with; `None` for what is no page.
    pub template: Option<&'static str>,
    /// The routes it wants.
    pub routes: fn(&Graph, &Site) -> Vec<Wanted>,
    /// Composes one route.
    pub compose: fn(&Desk<'_>, &Route) -> Model,
}

/// What a view composed.
pub enum Model {
    /// A page for people, and for its JSON twin.
    Page(Box<Page>),
    /// A list of entries that grows at the top.
    Feed(feed::Feed),
    /// Every address worth finding.
    Sitemap(sitemap::Sitemap),
    /// Plain text.
    Text(String),
    /// Everything that can be found, for whoever makes the index of the search.
    Index(Vec<search_index::Record>),
}

/// A page's view model.
pub struct Page {
    /// The variables of the template.
    pub model: Box<dyn ViewModel>,
    /// Schema.org data of the page as text that is safe inside a `<script>`; may be empty.
    pub json_ld: String,
    /// Its pictures. They show what the model says, so they are no part of the page's data.
    pub pictures: Pictures,
    /// Its share card, if pages of this kind have one.
    pub card: Option<Card>,
}

impl Page {
    /// What is finished before the template sees it; `share_card` is what became of the page's card.
    pub fn finished<'p>(&'p self, share_card: Option<&'p ShareCard>) -> Finished<'p> {
        Finished { json_ld: &self.json_ld, pictures: &self.pictures, share_card }
    }
}

impl Model {
    /// Wraps a page's view model.
    pub fn page(json_ld: String, model: impl Serialize + Send + 'static) -> Model {
        Model::with_pictures(json_ld, Pictures::default(), model)
    }

    /// The same for a page with pictures.
    pub fn with_pictures(
        json_ld: String,
        pictures: Pictures,
        model: impl Serialize + Send + 'static,
    ) -> Model {
        Model::Page(Box::new(Page { model: Box::new(model), json_ld, pictures, card: None }))
    }

    /// The same page with a share card.
    pub fn with_card(mut self, card: impl Into<Option<Card>>) -> Model {
        if let Model::Page(page) = &mut self {
            page.card = card.into();
        }
        self
    }
}

/// Every view. Its order is the order of the documentation.
pub static VIEWS: &[View] = &[
    home::VIEW,
    story::VIEW,
    reaction::VIEW,
    statement::VIEW,
    timeline::VIEW,
    compare::VIEW,
    map::VIEW,
    actors::VIEW,
    actor::VIEW,
    terms::VIEW,
    term::VIEW,
    sources::VIEW,
    source::VIEW,
    event::VIEW,
    corrections::VIEW,
    checks::VIEW,
    page::VIEW,
    section::VIEW,
    search::VIEW,
    not_found::VIEW,
    feed::SITE,
    feed::STORY,
    feed::ACTOR,
    sitemap::VIEW,
    robots::VIEW,
    search_index::VIEW,
];

/// The view with this name.
pub fn by_name(name: &str) -> Option<&'static View> {
    VIEWS.iter().find(|view| view.name == name)
}
