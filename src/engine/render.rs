//! Rendering every route of a plan, in parallel, and handing each file on as soon as it exists.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::content::Content;
use super::parallel::map_in_order;
use crate::diag::{Diagnostic, Exit, Failure, Place, Report};
use crate::edition::{Edition, Entry, PageFacts, Rendered, Sink};
use crate::format;
use crate::graph::{Audit, Graph, Lens, Trace};
use crate::input::Files;
use crate::model::Site;
use crate::plan::{Plan, Route};
use crate::text::{Fingerprint, OutPath};
use crate::theme::Theme;
use crate::view::{self, Desk, Model};

/// Everything rendering needs.
pub(super) struct Job<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) graph: &'a Graph,
    pub(super) plan: &'a Plan,
    pub(super) theme: &'a Theme,
    pub(super) content: &'a Content,
    pub(super) site: &'a Site,
    pub(super) audit: &'a Audit,
    /// Whether to keep what each route read.
    pub(super) reads: bool,
}

/// What one route came to: its files, and what it read.
type Finished = Result<Result<(Vec<(OutPath, Entry)>, Trace), Box<Diagnostic>>, Failure>;

/// The edition, what each address read of the graph (empty unless asked for), and what is wrong.
type Outcome = (Edition, BTreeMap<String, Trace>, Report);

/// Renders everything into `sink`. A page whose template fails is left out and reported.
///
/// # Errors
/// When the sink cannot store a file, a copied file cannot be read, or a page makes the program itself fail.
pub(super) fn all(job: &Job<'_>, sink: &dyn Sink) -> Result<Outcome, Failure> {
    let mut edition = Edition::default();
    let mut reads = BTreeMap::new();
    let mut report = Report::new();
    let finished = map_in_order(job.plan.routes(), |route| one(job, route, sink));
    for (route, finished) in job.plan.routes().iter().zip(finished) {
        match finished? {
            Ok((files, trace)) => {
                files.into_iter().for_each(|(path, entry)| edition.insert(path, entry));
                if job.reads {
                    reads.insert(route.url.clone(), trace);
                }
            }
            Err(diagnostic) => report.add(*diagnostic),
        }
    }
    let redirects = job.plan.redirects().iter().map(|it| format::redirect(it, job.site));
    for rendered in redirects {
        let (path, entry) = hand_on(rendered, sink)?;
        edition.insert(path, entry);
    }
    for (path, bytes) in job.theme.assets() {
        sink.put(path, bytes)?;
        edition.insert(path.clone(), entry_of(bytes, PageFacts::default()));
    }
    let copies = map_in_order(job.plan.copied(), |copied| -> Result<Option<(OutPath, Entry)>, Failure> {
        let Some(input) = job.files.read(&copied.from)? else { return Ok(None) };
        sink.put(&copied.path, &input.bytes)?;
        let entry = Entry {
            fingerprint: input.fingerprint,
            size: input.bytes.len() as u64,
            facts: PageFacts::default(),
        };
        Ok(Some((copied.path.clone(), entry)))
    });
    for copied in copies {
        if let Some((path, entry)) = copied? {
            edition.insert(path, entry);
        }
    }
    Ok((edition, reads, report))
}

fn one(job: &Job<'_>, route: &Route, sink: &dyn Sink) -> Finished {
    // One broken page must not take the others' problems with it.
    let rendered = catch_unwind(AssertUnwindSafe(|| compose(job, route)));
    match rendered {
        Ok(Ok((files, trace))) => {
            let files = files.into_iter().map(|it| hand_on(it, sink)).collect::<Result<Vec<_>, Failure>>()?;
            Ok(Ok((files, trace)))
        }
        Ok(Err(diagnostic)) => Ok(Err(diagnostic)),
        Err(panic) => {
            let said = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            Err(Failure {
                cause: said.unwrap_or("no message").to_owned(),
                ..Failure::new(Exit::Bug, format!("Rejoinder itself failed while making {}", route.url))
            })
        }
    }
}

fn compose(job: &Job<'_>, route: &Route) -> Result<(Vec<Rendered>, Trace), Box<Diagnostic>> {
    let view = view::by_name(route.view).expect("routes are asked for by views");
    let asset_url = |path: &str| job.content.asset_url(path);
    let desk = Desk::new(Lens::new(job.graph, job.content, job.audit), job.graph, job.site, &asset_url);
    let mut model = (view.compose)(&desk, route);
    if let Model::Sitemap(sitemap) = &mut model {
        desk.lens.note_addresses();
        let pages = job.plan.routes().iter().filter(|it| it.url.ends_with('/'));
        sitemap.pages = pages.map(|it| it.url.clone()).collect();
    }
    let own = route.subject.map(|id| job.graph.node(id)).filter(|node| {
        node.reaction.is_none()
            && route.url == crate::plan::address(job.graph, route.subject.expect("just seen"))
    });
    let template = own.and_then(|node| node.record().meta.template.as_deref());
    let rendered = format::render(view, route, &model, template, job.theme, job.site);
    let rendered = rendered.map_err(|mut diagnostic| {
        // What no template file can be blamed for, the field that asks for the template is.
        if let (None, Some(node), Some(_)) = (&diagnostic.place, own, template) {
            diagnostic.place = Some(Place::field(&node.record().origin.file, node.field("template")));
        }
        diagnostic
    })?;
    Ok((rendered, desk.lens.trace()))
}

fn hand_on(rendered: Rendered, sink: &dyn Sink) -> Result<(OutPath, Entry), Failure> {
    sink.put(&rendered.path, &rendered.bytes)?;
    let entry = entry_of(&rendered.bytes, rendered.facts);
    Ok((rendered.path, entry))
}

fn entry_of(bytes: &[u8], facts: PageFacts) -> Entry {
    Entry { fingerprint: Fingerprint::of(bytes), size: bytes.len() as u64, facts }
}
