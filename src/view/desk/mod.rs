//! The desk a view composes at: the lens it reads through, and the cards every view can ask for.

mod figures;
mod prose;
mod record;
mod sources;
mod speech;
mod verification;

use std::cell::RefCell;

use super::cards::*;
use super::words;
use crate::graph::{Graph, Lens, NodeId};
use crate::image::Shown;
use crate::model::{Data, Extra, Form, Kind, Relation, Site};
use crate::plan::{Part, Route, address, anchor_of, numbered};
use crate::text::Edtf;

pub(super) use sources::standing;
pub(super) use speech::length_of;
pub(super) use verification::word_diff;

/// The project's files that are published: by their paths (`content/r1/chart.png`), or from the root of the site (`map.png`).
pub trait Assets: Sync {
    /// Where a file is published.
    fn url(&self, path: &str) -> Option<String>;

    /// What pages show of an image.
    fn image(&self, path: &str) -> Option<Shown>;
}

/// Reading and composing for one route.
pub struct Desk<'a> {
    /// The recorded way to the graph.
    pub lens: Lens<'a>,
    /// The site's settings.
    pub site: &'a Site,
    /// Only for addresses, which are fixed by a node's key, but for what [`Desk::url`] notes.
    graph: &'a Graph,
    /// Files beside texts.
    assets: &'a dyn Assets,
    /// What the page shows of lists.
    part: Option<&'a Part>,
    /// The sources this page has named so far; their place is their number. `None` while the page numbers nothing.
    numbered: RefCell<Option<Vec<NodeId>>>,
}

impl<'a> Desk<'a> {
    /// A clean desk. `part` is what the page shows of lists, if it is a page of some.
    pub fn new(
        lens: Lens<'a>,
        graph: &'a Graph,
        site: &'a Site,
        assets: &'a dyn Assets,
        part: Option<&'a Part>,
    ) -> Desk<'a> {
        lens.note_site();
        Desk { lens, site, graph, assets, part, numbered: RefCell::default() }
    }

    /// The site-absolute address of a node.
    pub fn url(&self, id: NodeId) -> String {
        match self.graph.node(id).kind {
            // A figure stands on its actor's page, and a plain page may name its own address.
            Kind::Figure => drop(self.lens.target(id, Relation::FigureOf)),
            Kind::Page => drop(self.lens.node(id)),
            Kind::Correction => self.lens.note_address(id),
            _ => (),
        }
        address(self.graph, id)
    }

    /// The fragment id of a node.
    pub fn anchor(&self, id: NodeId) -> String {
        anchor_of(self.graph, id)
    }

    /// An address with the site's own in front, when it has one.
    pub fn absolute(&self, url: &str) -> String {
        match &self.site.base_url {
            Some(base) => [base, url.trim_start_matches('/')].concat(),
            None => url.to_owned(),
        }
    }

    /// A node's name and address.
    pub fn link(&self, id: NodeId) -> Link {
        let kind = self.lens.kind(id);
        let own = self.lens.name(id);
        let name = match kind {
            Kind::Statement => {
                let statement = self.lens.node(id).statement();
                let words = words::shortened(statement.map_or("", |it| it.words.as_str()), 60);
                match statement.map(|it| it.form) {
                    Some(Form::Quote) => [own, ": “", &words, "”"].concat(),
                    _ => [own, ": ", &words].concat(),
                }
            }
            // An allegation is never printed as if it were a fact, nor a silence as if it were a speaker.
            Kind::Claim => match self.lens.target(id, Relation::AllegedBy) {
                Some(by) => format!("{} alleges: {own}", self.lens.name(by)),
                None => own.to_owned(),
            },
            Kind::Silence => format!("No comment from {own}"),
            _ => own.to_owned(),
        };
        Link { name, url: Some(self.url(id)), kind: kind.name() }
    }

    /// Names and addresses, in the order given.
    pub fn links(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<Link> {
        ids.into_iter().map(|id| self.link(id)).collect()
    }

    /// Where the edges of a relation lead, as links.
    pub fn target_links(&self, id: NodeId, relation: Relation) -> Vec<Link> {
        let mut seen = std::collections::BTreeSet::new();
        self.links(self.lens.targets(id, relation).into_iter().filter(|it| seen.insert(*it)))
    }

    /// A date in all its forms.
    pub fn date(&self, date: &Edtf) -> Date {
        Date {
            text: date.display(),
            short: date.display_short(),
            machine: date.machine(),
            edtf: date.raw().to_owned(),
            vague: date.is_range() || date.is_uncertain() || date.is_approximate(),
        }
    }

    /// An actor with office and stakes.
    pub fn actor(&self, id: NodeId) -> ActorLink {
        let node = self.lens.node(id);
        let Data::Actor(actor) = &node.record().data else {
            return ActorLink { name: node.name.clone(), url: self.url(id), ..ActorLink::default() };
        };
        let office = || {
            let mut offices = actor.roles.iter().zip(self.lens.targets(id, Relation::HoldsOffice));
            let (role, house) = offices.rfind(|(role, _)| role.to.is_none())?;
            Some([self.lens.name(house), ", ", &role.title].concat())
        };
        let role = match actor.actor_type {
            crate::model::ActorType::Unnamed => String::new(),
            _ => office().or_else(|| actor.described_as.clone()).unwrap_or_default(),
        };
        ActorLink {
            id: node.short_key().to_owned(),
            name: node.name.clone(),
            url: self.url(id),
            actor_type: words::actor_type(actor.actor_type),
            role,
        }
    }

    /// What every page has. `subject` gives language, free values and breadcrumbs.
    pub fn frame(&self, route: &Route, kind: &'static str, title: String, description: &str) -> Frame {
        let node = route.subject.map(|id| self.lens.node(id));
        let (lang, dir) = match route.subject {
            Some(id) => self.page_lang_of(id),
            None => (self.site.language.clone(), words::direction(&self.site.language)),
        };
        let meta = node.filter(|node| node.reaction.is_none()).map(|node| &node.record().meta);
        Frame {
            url: route.url.clone(),
            kind,
            title,
            description: meta
                .and_then(|it| it.description.clone())
                .unwrap_or_else(|| words::shortened(description, 200)),
            lang,
            dir,
            canonical: self.site.base_url.as_ref().map(|_| self.absolute(&route.url)),
            json: route.url.ends_with('/').then(|| [&route.url, "index.json"].concat()),
            feed: None,
            crumbs: vec![Link { name: self.site.title.clone(), url: Some("/".to_owned()), kind: "" }],
            section: String::new(),
            extra: meta.map_or(serde_json::Value::Null, |it| extra_map(&it.extra)),
        }
    }

    /// The section a page stands in, if its directory has an `_index.md`.
    pub fn section_of(&self, page: NodeId) -> Option<NodeId> {
        let (dir, _) = self.lens.node(page).key.rsplit_once('/')?;
        self.lens.find(Kind::Section, dir)
    }

    /// What this page shows of a list, by the list's place among those that the view asked for.
    pub fn listed(&self, list: usize) -> &'a [NodeId] {
        self.part.map_or(&[], |it| it.of(list))
    }

    /// Where this page stands among the pages of its list.
    pub fn pager(&self, route: &Route) -> Pager {
        let (number, total) = (route.number, self.part.map_or(1, Part::total));
        let url = |number| numbered(route.first_url(), number);
        Pager {
            number,
            total,
            previous: (number > 1).then(|| url(number - 1)),
            next: (number < total).then(|| url(number + 1)),
        }
    }

    /// Tells a page of a list from the first, which leads to it.
    pub fn number_page(&self, page: &mut Frame, route: &Route) {
        if route.number > 1 {
            page.crumbs.push(self.place(&page.title, route.first_url()));
            page.title = format!("{}, page {}", page.title, route.number);
        }
    }

    /// A page of this site by its address.
    pub fn place(&self, name: &str, url: &str) -> Link {
        Link { name: name.to_owned(), url: Some(url.to_owned()), kind: "" }
    }
}

/// Free values as JSON.
pub fn extra_map<'e>(extra: impl IntoIterator<Item = (&'e String, &'e Extra)>) -> serde_json::Value {
    serde_json::Value::Object(
        extra.into_iter().map(|(key, value)| (key.clone(), extra_value(value))).collect(),
    )
}

/// A free value as JSON: text stays as typed.
pub fn extra_value(value: &Extra) -> serde_json::Value {
    match value {
        Extra::Null => serde_json::Value::Null,
        Extra::Bool(it) => (*it).into(),
        Extra::Text(it) => it.clone().into(),
        Extra::List(items) => items.iter().map(extra_value).collect(),
        Extra::Map(entries) => extra_map(entries.iter().map(|(key, value)| (key, value))),
    }
}
