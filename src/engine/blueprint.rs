//! All that is known before the first page is made.

use std::sync::Arc;

use super::cards::Proof;
use super::content::Content;
use super::keys::Value;
use crate::diag::{Diagnostic, Place};
use crate::edition::Rendered;
use crate::format;
use crate::graph::{Audit, Graph, Lens, NodeId, Trace};
use crate::model::Site;
use crate::plan::{Plan, Route};
use crate::theme::Theme;
use crate::view::search_index::Record;
use crate::view::{self, Desk, Model};

/// Everything that pages are made of. Immutable and cheap to clone; a page is a function of it and of its route.
#[derive(Clone)]
pub(super) struct Blueprint {
    /// The settings.
    pub(super) site: Arc<Site>,
    /// Documents, and files to copy.
    pub(super) content: Arc<Content>,
    /// All records, linked.
    pub(super) graph: Arc<Graph>,
    /// Every address.
    pub(super) plan: Arc<Plan>,
    /// The theme, which knows what every page is told of the site.
    pub(super) theme: Arc<Theme>,
    /// What checks found.
    pub(super) audit: Arc<Audit>,
    /// A digest of the settings and of what every page is told of the site.
    pub(super) settings: Value,
}

/// What a route became.
pub(super) struct Composed {
    /// Its files, but for its card.
    pub(super) files: Vec<Rendered>,
    /// Its card, not yet drawn.
    pub(super) proof: Option<Proof>,
    /// Characters because of which it has none of its own.
    pub(super) lacking: Box<str>,
    /// What was read to make them.
    pub(super) trace: Trace,
}

/// Why a page could not be made.
pub(super) type Broken = Box<Diagnostic>;

impl Blueprint {
    /// Makes one route's files: a page with its JSON twin and its card, a feed, a list. Says what was read to make them.
    ///
    /// # Errors
    /// A diagnostic that points into a template.
    pub(super) fn make(&self, route: &Route) -> Result<Composed, Broken> {
        let view = view::by_name(route.view).expect("routes are asked for by views");
        let lens = Lens::new(&self.graph, &*self.content, &self.audit);
        let part = self.plan.part(route);
        let desk = Desk::new(lens, &self.graph, &self.site, &*self.content, part);
        let mut model = (view.compose)(&desk, route);
        if let Model::Sitemap(sitemap) = &mut model {
            desk.lens.note_addresses();
            let pages = self.plan.routes().iter().filter(|it| it.url.ends_with('/'));
            sitemap.pages = pages.map(|it| it.url.clone()).collect();
        }
        let own = self.own_node(route);
        let template = own.and_then(|id| self.own_template(id));
        let shared = self.shared(&desk, route, &model)?;
        let share_card = shared.share_card.as_ref();
        let rendered = format::render(view, route, &model, template, (&self.theme, &self.site), share_card);
        let files = rendered.map_err(|mut diagnostic| {
            // What no template file can be blamed for, the field that asks for the template is.
            if let (None, Some(id), Some(_)) = (&diagnostic.place, own, template) {
                let node = self.graph.node(id);
                diagnostic.place = Some(Place::field(&node.record().origin.file, node.field("template")));
            }
            diagnostic
        })?;
        let lacking = String::from_iter(shared.lacking).into();
        Ok(Composed { files, proof: shared.proof, lacking, trace: desk.lens.trace() })
    }

    /// Composes the index's records, and says what was read for them.
    pub(super) fn records(&self, route: &Route) -> (Vec<Record>, Trace) {
        let view = view::by_name(route.view).expect("routes are asked for by views");
        let lens = Lens::new(&self.graph, &*self.content, &self.audit);
        let desk = Desk::new(lens, &self.graph, &self.site, &*self.content, None);
        let Model::Index(records) = (view.compose)(&desk, route) else {
            unreachable!("because the route of the index is meant")
        };
        (records, desk.lens.trace())
    }

    /// The files that hosts read.
    pub(super) fn host_files(&self) -> Vec<Rendered> {
        format::hosts::files(&self.plan, &self.site, &self.theme)
    }

    /// The record whose own page a route is, or one of its own pages.
    fn own_node(&self, route: &Route) -> Option<NodeId> {
        route.subject.filter(|id| {
            self.graph.node(*id).reaction.is_none()
                && route.first_url() == crate::plan::address(&self.graph, *id)
        })
    }

    fn own_template(&self, id: NodeId) -> Option<&str> {
        self.graph.node(id).record().meta.template.as_deref()
    }

    /// The template a route is rendered with; `None` for what is no page.
    pub(super) fn template_of(&self, route: &Route) -> Option<&str> {
        let of_view = view::by_name(route.view).and_then(|it| it.template)?;
        Some(self.own_node(route).and_then(|id| self.own_template(id)).unwrap_or(of_view))
    }

    /// What a route shows of lists, and how many pages these have; `None` for what is no list.
    pub(super) fn listed(&self, route: &Route) -> Option<Value> {
        let part = self.plan.part(route)?;
        let names = |ids: &[NodeId]| {
            ids.iter().map(|id| self.graph.node(*id)).map(|it| (it.kind, &it.key)).collect::<Vec<_>>()
        };
        Some(Value::of(&(part.total(), part.shown().map(names).collect::<Vec<_>>())))
    }

    /// All that a route's files depend on besides what it lists and reads of the graph, but for the template's text.
    pub(super) fn recipe(&self, route: &Route) -> Value {
        let subject = route.subject.map(|id| self.graph.node(id)).map(|it| (it.kind, &it.key));
        let card = self.card_fingerprint(route);
        Value::of(&(&route.url, route.view, subject, route.number, self.template_of(route), card))
    }
}
