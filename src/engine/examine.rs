//! Everything that is checked before a page is made, and what pages may say of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::judge::Judge;
use super::laps::Laps;
use super::layout::Layout;
use super::parallel::map_in_order;
use super::quotes::{self, Quotes};
use super::{BuildOptions, checks, codes, secrets};
use crate::check;
use crate::diag::{Failure, Report, Sources, Told};
use crate::document::Document;
use crate::graph::{Audit, Graph};
use crate::input::Files;
use crate::links;

/// What was found.
pub(super) struct Examined {
    /// Quotations held against their sources.
    pub(super) quotes: Quotes,
    /// What pages may say of it.
    pub(super) audit: Arc<Audit>,
    /// All problems so far, those of the layout included, with the levels they have here.
    pub(super) report: Report,
    /// Texts that reports point into, besides those of the layout.
    pub(super) sources: Sources,
    /// What can be used again while it stays true.
    kept: Kept,
}

/// Findings with what they follow from.
struct Kept {
    meaning: Arc<()>,
    on_graph: Report,
    /// What each document's running text shows, in the order of documents.
    on_prose: Vec<(Arc<Document>, Report)>,
}

/// What there is to go by besides the layout.
pub(super) struct Look<'a> {
    pub(super) options: &'a BuildOptions,
    pub(super) judge: &'a Judge<'a>,
    /// What was found the last time.
    pub(super) before: Option<&'a Examined>,
    /// Whether to give up.
    pub(super) is_over: &'a (dyn Fn() -> bool + Sync),
}

/// Runs every check that needs no finished page. What was found before and what cannot have changed is not looked for again.
/// `None` when it was given up.
///
/// # Errors
/// When the lock, a saved copy or a file that is published cannot be read.
pub(super) fn examine(
    files: &dyn Files,
    layout: &Layout,
    look: &Look<'_>,
    laps: &mut Laps,
) -> Result<Option<Examined>, Failure> {
    let Look { options, judge, before, is_over } = *look;
    let (site, graph) = (&layout.site, &layout.graph);
    let mut report = layout.report();
    let mut sources = Sources::default();
    let quotes = quotes::all(files, site, graph, options.update_lock.as_ref(), &mut sources, &mut report)?;
    laps.lap("compare");
    if is_over() {
        return Ok(None);
    }
    secrets::public_copies(
        files,
        site,
        &options.config,
        &layout.content,
        layout.theme.as_deref(),
        &mut report,
    )?;
    let same = before.map(|it| &it.kept).filter(|kept| Arc::ptr_eq(&kept.meaning, &layout.meaning));
    // A place in a text of old may lie elsewhere in the new one.
    let same_graph = same.filter(|kept| !kept.on_graph.points_into(&kept.reread(layout)));
    let search = || {
        let found = map_in_order(check::CHECKS, |check| match is_over() {
            true => Report::new(),
            false => check::graph(check, graph, site),
        });
        let mut all = Report::new();
        found.into_iter().for_each(|it| all.extend(it));
        all
    };
    let on_graph = same_graph.map_or_else(search, |kept| kept.on_graph.clone());
    report.extend(on_graph.clone());
    let released = options.released_lock.as_deref().map(|text| quotes::released(text, &mut report));
    let compared = check::Quotes {
        graph,
        comparisons: &quotes.comparisons,
        lock: &quotes.lock,
        released: released.as_ref(),
    };
    map_in_order(check::CHECKS, |check| check::quotes(check, &compared))
        .into_iter()
        .for_each(|it| report.extend(it));
    ask_links(files, options, graph, &mut sources, &mut report)?;
    let index = check::ProseIndex::new(graph, site);
    let known = |document: &Arc<Document>| {
        let on_prose = &same?.on_prose;
        let at = on_prose.binary_search_by(|(it, _)| it.path.cmp(&document.path)).ok()?;
        Some(&on_prose[at]).filter(|(it, _)| Arc::ptr_eq(it, document)).map(|(_, report)| report.clone())
    };
    let documents: Vec<&Arc<Document>> = layout.content.documents.iter().collect();
    let on_prose = map_in_order(&documents, |document| {
        let search = || if is_over() { Report::new() } else { check::prose(document, &index) };
        (Arc::clone(*document), known(document).unwrap_or_else(search))
    });
    // What was left out above must not be taken for nothing found.
    if is_over() {
        return Ok(None);
    }
    on_prose.iter().for_each(|(_, found)| report.extend(found.clone()));

    let mut audit = quotes.audit();
    audit.accepted = judge.settle(&mut report);
    judge.report_unused(&codes(), &mut report);
    judge.settle(&mut report);
    audit.open = judge.open(&report);
    audit.checks = checks(site);
    laps.lap("examine");
    let kept = Kept { meaning: Arc::clone(&layout.meaning), on_graph, on_prose };
    Ok(Some(Examined { quotes, audit: Arc::new(audit), report, sources, kept }))
}

impl Examined {
    /// What was found in the prose of each document, by path.
    pub(super) fn findings(&self) -> Vec<Told> {
        self.kept.on_prose.iter().map(|(_, found)| Told::of(found)).collect()
    }

    /// Lets go of what only another look could use again.
    pub(super) fn forget(&mut self) {
        self.kept.on_prose = Vec::new();
        self.kept.on_graph = Report::new();
    }
}

impl Kept {
    /// The documents that have been read again since.
    fn reread<'l>(&self, layout: &'l Layout) -> BTreeSet<&'l str> {
        let documents = layout.content.documents.iter();
        let old = documents.zip(self.on_prose.iter()).filter(|(new, (old, _))| !Arc::ptr_eq(new, old));
        old.map(|(new, _)| &*new.path).collect()
    }
}

/// Looks at what is known of addresses outside, when that was asked for.
fn ask_links(
    files: &dyn Files,
    options: &BuildOptions,
    graph: &Graph,
    sources: &mut Sources,
    report: &mut Report,
) -> Result<(), Failure> {
    let Some(input) = options.links.then(|| files.read(links::LOCK)).transpose()?.flatten() else {
        return Ok(());
    };
    sources.insert(Arc::clone(&input.path), String::from_utf8_lossy(&input.bytes).as_ref().into());
    let (known, found) = links::read(&input);
    report.extend(found);
    report.extend(check::links(graph, &known));
    Ok(())
}
