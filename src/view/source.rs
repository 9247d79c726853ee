//! One source: what it is, whether we saw it, and everything taken from it.

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld, words};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "source", template: Some("source.html"), routes, compose };

/// Variables of `source.html`.
#[derive(Debug, Serialize)]
pub struct SourcePage {
    /// What every page has.
    pub page: Frame,
    /// The source.
    pub source: SourceView,
    /// More about it, in our words.
    pub prose: ProseView,
    /// Statements taken from it.
    pub statements: Vec<SourcedStatement>,
    /// Statements that others relay from it.
    pub origin_of: Vec<StatementLink>,
    /// Other things that rest on it: actions, claims, silences, figures, events, terms.
    pub others: Vec<Backlink>,
    /// Sources it passes on.
    pub relays: Vec<Link>,
    /// Sources that pass it on.
    pub relayed_by: Vec<Link>,
    /// What else points here.
    pub backlinks: Vec<Backlink>,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
}

/// A source in full.
#[derive(Debug, Serialize)]
pub struct SourceView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// CSL item type.
    pub type_id: String,
    /// The same for readers: `News article`.
    pub source_type: String,
    /// Who wrote or said it.
    pub authors: Vec<Link>,
    /// Who published it.
    pub publisher: Option<Link>,
    /// When.
    pub published: Option<Date>,
    /// How the date is known; may be empty.
    pub date_basis: String,
    /// When we looked.
    pub accessed: Option<Date>,
    /// Its address elsewhere.
    pub url: Option<String>,
    /// The platforms it appeared on.
    pub channels: Vec<Link>,
    /// BCP 47 tag; may be empty.
    pub lang: String,
    /// Archived copies, newest last.
    pub archives: Vec<ArchiveView>,
    /// How it can be reached; may be empty.
    pub access: String,
    /// Rights; may be empty.
    pub rights: String,
    /// Who made the transcript; may be empty.
    pub transcript: String,
    /// Whether we saw it ourselves.
    pub seen: bool,
    /// Whether a private copy is kept, against which quotations are compared.
    pub snapshot: bool,
    /// What it is and how far to trust it; may be empty.
    pub note: String,
}

/// An archived copy.
#[derive(Debug, Serialize)]
pub struct ArchiveView {
    /// Its address.
    pub url: String,
    /// When it was made.
    pub at: Option<Date>,
    /// By which archive; may be empty.
    pub by: String,
}

/// A statement with the way it uses this source.
#[derive(Debug, Serialize)]
pub struct SourcedStatement {
    /// The statement.
    pub statement: StatementBrief,
    /// `primary`, `secondary`, `pickup`, or empty.
    pub role: &'static str,
    /// Whom this source names as its own origin.
    pub via: Option<SourceRef>,
    /// The words as it prints them, when they differ; may be empty.
    pub as_printed: String,
    /// Page, time or fragment; may be empty.
    pub locator: String,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    graph.of_kind(Kind::Source).map(|id| Wanted::about(graph, VIEW.name, id)).collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a source's route has its source");
    let Data::Source(data) = &desk.lens.node(id).record().data else {
        unreachable!("because routes() asks for sources only")
    };
    let link = desk.source(id);
    let description = description(desk, id, &link, &data.source_type);
    let mut page = desk.frame(route, "source", link.title.clone(), &description);
    page.crumbs.push(desk.place("Sources", "/sources/"));
    page.section = "/sources/".to_owned();
    let archives: Vec<String> = data.archive.iter().map(|it| it.url.clone()).collect();
    let json_ld = json_ld::source_page(desk, &link, &data.source_type, &archives);
    let (cited, other): (Vec<_>, Vec<_>) = desk
        .lens
        .origins(id, Relation::Cites)
        .into_iter()
        .partition(|it| desk.lens.node(*it).kind == Kind::Statement);
    let statements = cited.into_iter().filter_map(|it| {
        let uses = &desk.lens.node(it).statement()?.sources;
        let resolved = desk.lens.source_uses(it, uses);
        let (used, _, via) = resolved.into_iter().find(|(_, source, _)| *source == Some(id))?;
        Some(SourcedStatement {
            statement: desk.brief(it)?,
            role: words::role(used.role),
            via: via.map(|via| desk.source_ref(via)),
            as_printed: used.as_printed.clone().unwrap_or_default(),
            locator: used.locator.clone().unwrap_or_default(),
        })
    });
    let (relayed, relayed_other): (Vec<_>, Vec<_>) = desk
        .lens
        .origins(id, Relation::OriginatesIn)
        .into_iter()
        .partition(|it| desk.lens.node(*it).kind == Kind::Statement);
    let rests = |relation: Relation, ids: Vec<NodeId>| {
        let links = ids.into_iter().map(move |it| Backlink {
            relation: relation.inverse(),
            from: desk.link(it),
            sentence: String::new(),
        });
        links.collect::<Vec<_>>()
    };
    let mut others = rests(Relation::Cites, other);
    others.extend(rests(Relation::OriginatesIn, relayed_other));
    let model = SourcePage {
        source: source_view(desk, id, data),
        prose: desk.prose(id),
        statements: statements.collect(),
        origin_of: relayed.into_iter().filter_map(|id| desk.statement_link(id)).collect(),
        others,
        relays: desk.target_links(id, Relation::Relays),
        relayed_by: desk.links(desk.lens.origins(id, Relation::Relays)),
        backlinks: desk.backlinks(id, &[Relation::ContestedBy]),
        corrections: desk.corrections([id]),
        page,
    };
    Model::page(json_ld, model)
}

/// What it is, whose, of when, and how much rests on it. Its title stands beside this wherever it is read.
fn description(desk: &Desk<'_>, id: NodeId, link: &SourceLink, source_type: &str) -> String {
    let published = link.published.as_ref().map(|date| date.text.clone());
    let parts = [Some(words::source_type(source_type)), Some(link.publisher.clone()), published];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    let cited = desk.lens.origins(id, Relation::Cites).into_iter();
    let rests = match cited.filter(|it| desk.lens.node(*it).kind == Kind::Statement).count() {
        0 => String::new(),
        1 => " One statement here rests on it.".to_owned(),
        n => format!(" {n} statements here rest on it."),
    };
    format!("{}.{rests}", parts.join(", "))
}

fn source_view(desk: &Desk<'_>, id: NodeId, data: &crate::model::Source) -> SourceView {
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    SourceView {
        id: desk.lens.node(id).short_key().to_owned(),
        title: data.title.clone(),
        type_id: data.source_type.clone(),
        source_type: words::source_type(&data.source_type),
        authors: desk.target_links(id, Relation::AuthoredBy),
        publisher: desk.lens.target(id, Relation::PublishedBy).map(|id| desk.link(id)),
        published: data.published.as_ref().map(|it| desk.date(it)),
        date_basis: text(&data.date_basis),
        accessed: data.accessed.as_ref().map(|it| desk.date(it)),
        url: data.url.clone(),
        channels: data.channel.iter().map(|it| desk.platform_link(it)).collect(),
        lang: text(&data.lang),
        archives: data
            .archive
            .iter()
            .map(|it| ArchiveView {
                url: it.url.clone(),
                at: it.at.as_ref().map(|at| desk.date(at)),
                by: text(&it.by),
            })
            .collect(),
        access: text(&data.access),
        rights: text(&data.rights),
        transcript: text(&data.transcript),
        seen: data.seen,
        snapshot: data.snapshot.is_some(),
        note: text(&data.note),
    }
}
