//! The short way of a build: when nothing has changed, or nothing but words that no other page shows.
//!
//! In: a ledger of the very same program, options and day, and the files that have other bytes now. Out: the few pages that
//! print those words, and an addition to the ledger. What other pages may learn of a file is its facts, so where those are as
//! they were, every record, edge, address and finding is too, and so is every page that does not print the prose itself. All
//! of that is compared here, not assumed; with any doubt there is no short way, and the build goes the ordinary one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::blueprint::{Blueprint, Composed};
use super::content::{self, Content};
use super::images::Images;
use super::known::Line;
use super::layout;
use super::memory::{Addition, Head, Ledger, Remembered, Rest};
use super::parallel::{both, do_all, map_in_order};
use super::seen::Recorder;
use super::{BuildOptions, Made, keys, render};
use crate::check;
use crate::diag::{Failure, Told};
use crate::document::{self, Document, Gist, Outline};
use crate::edition::{Edition, Entry, Rendered, Sink};
use crate::graph::{self, Audit, Graph, Key, LinkOptions};
use crate::input::Files;
use crate::model::{Facts, Site};
use crate::text::{Fingerprint, OutPath};
use crate::theme::Theme;

/// How many documents and pages may differ. With more of them the ordinary way is no longer.
const MOST: usize = 100;

/// What the short way came to.
#[derive(Default)]
pub(super) struct Outcome {
    /// What was made.
    pub(super) made: Vec<Made>,
    /// What the next build can use, if it is another than before.
    pub(super) ledger: Option<Ledger>,
}

/// Keeps every file of the output; says of each, in their order, whether the target has it.
///
/// # Errors
/// When the target cannot be looked at.
pub(super) fn keep_all(head: &Head, sink: &dyn Sink) -> Result<Vec<bool>, Failure> {
    let kept = map_in_order(&head.files, |(path, fingerprint, size)| sink.keep(path, fingerprint, *size));
    kept.into_iter().collect()
}

/// A document that was read again.
struct Reread<'k> {
    line: &'k Line,
    old: Gist,
    new: Arc<Document>,
}

/// A page that was made again, with its place in the ledger.
struct Remade {
    at: usize,
    route: Remembered,
    files: Vec<Rendered>,
    /// Its share card, which is as it was.
    card: Option<(OutPath, Entry)>,
}

/// Pages that were made again, and keys, by their place in the ledger, that stand for something else now.
type Remake = (Vec<Remade>, Vec<(u32, keys::Value)>);

/// Makes the pages again that print the words of some documents. `None` when these differ in more than words, or when
/// anything else makes it doubtful that this is all.
///
/// # Errors
/// When a file cannot be read, the target cannot store one, or a page makes the program itself fail.
pub(super) fn reword(
    files: &dyn Files,
    options: &BuildOptions,
    ledger: &Ledger,
    changed: &[&str],
    sink: &dyn Sink,
) -> Result<Option<Outcome>, Failure> {
    if changed.len() > MOST || !ledger.can_grow() || !changed.iter().all(|it| content::is_document(it)) {
        return Ok(None);
    }
    let recorder = Recorder::new(files);
    let (Some(site), ..) = layout::read_site(&recorder, options)? else { return Ok(None) };
    let Some(reread) = read_again(&recorder, &site, ledger, changed)? else { return Ok(None) };
    // From here on the site has the files it had, whichever way is gone.
    let remake = || remake(&recorder, options, site, ledger, &reread);
    let (kept, remade) = both(|| keep_all(&ledger.head, sink), remake);
    let (kept, Some((remade, keys))) = (kept?, remade?) else { return Ok(None) };

    let mut addition = Addition { keys, ..Addition::default() };
    let mut made = Vec::new();
    let mut put = BTreeSet::new();
    for Remade { at, mut route, files, card } in remade {
        route.files = Vec::with_capacity(files.len());
        for file in &files {
            let entry = render::entry_of(&file.bytes, file.facts.clone());
            addition.files.push((file.path.clone(), entry.fingerprint, entry.size));
            route.files.push((file.path.clone(), entry));
            put.insert(file.path.clone());
        }
        route.files.extend(card);
        made.push((files, Made { url: route.url.clone(), why: route.why.to_string() }));
        addition.routes.push((at as u32, route));
    }
    let is_there = |((path, ..), kept): (&(_, Fingerprint, u64), &bool)| *kept || put.contains(path);
    if !ledger.head.files.iter().zip(&kept).all(is_there) {
        return Ok(None);
    }
    let seen = recorder.seen();
    if !seen.agrees_but_for(&ledger.head.seen, changed) {
        return Ok(None);
    }
    for it in &reread {
        let Some(seeing) = seen.seeing(&it.new.path) else { return Ok(None) };
        addition.seen.push((it.line.path.clone(), seeing));
        // What checks found in it is what they found before.
        let line = Line::of(&it.new, it.line.findings.clone());
        addition.known.push((line, it.new.gist.store()));
    }
    let Some(next) = ledger.with(addition) else { return Ok(None) };
    for file in made.iter().flat_map(|(files, _)| files) {
        sink.put(&file.path, &file.bytes, &Fingerprint::of(&file.bytes))?;
    }
    let made = made.into_iter().map(|(_, made)| made).collect();
    Ok(Some(Outcome { made, ledger: Some(next) }))
}

/// Reads what changed. `None` when what others may learn of it changed, or when a problem may stand elsewhere now.
fn read_again<'l>(
    files: &dyn Files,
    site: &Site,
    ledger: &'l Ledger,
    changed: &[&str],
) -> Result<Option<Vec<Reread<'l>>>, Failure> {
    let options = content::read_options(site);
    let mut reread = Vec::with_capacity(changed.len());
    for path in changed {
        let (Some((line, old)), Some(input)) = (ledger.known().get(path), files.read(path)?) else {
            return Ok(None);
        };
        let new = document::read(&input, &options);
        let same_words_for_others = new.report == old.report
            && new.body.start == old.body.start
            && Line::of(&new, Told::default()).front == line.front
            && new.facts.digest() == old.facts.digest();
        // Where links in it have moved, what is told of them has too.
        let same_places = new.facts == old.facts;
        let is_told = || line.findings != Told::default() || ledger.head.told.reaches(path, new.body.start);
        if !same_words_for_others || (!same_places && is_told()) {
            return Ok(None);
        }
        reread.push(Reread { line, old, new: Arc::new(new) });
    }
    Ok(Some(reread))
}

/// Makes every page that prints words of these documents, and says which keys stand for something else now.
fn remake(
    recorder: &Recorder<'_>,
    options: &BuildOptions,
    site: Site,
    ledger: &Ledger,
    reread: &[Reread<'_>],
) -> Result<Option<Remake>, Failure> {
    let (rest, linked) =
        both(|| ledger.rest(), || link(layout::link_options(&site, options), ledger, reread));
    let (Some((mut documents, graph)), (Some(theme), _)) =
        (linked, Theme::load(recorder, &site, &options.config)?)
    else {
        return Ok(None);
    };
    if rest.nodes.len() != graph.nodes().count() {
        return Ok(None);
    }
    let index = check::ProseIndex::new(&graph, &site);
    let found = map_in_order(reread, |it| Told::of(&check::prose(&it.new, &index)) == it.line.findings);
    if found.contains(&false) {
        return Ok(None);
    }
    drop(index);
    let listed = || ledger.head.seen.stamps();
    let images = Arc::new(Images::of(rest.images.clone()));
    let content = Content::of_gists(documents.clone(), listed(), Arc::clone(&images));
    let keys = changed_keys(rest, &graph, &content, reread);
    let dirty = dirty(ledger, rest, &keys);
    if dirty.len() > MOST || !read_texts(recorder, rest, &graph, &dirty, &mut documents)? {
        return Ok(None);
    }
    let (theme, settings, _) = layout::dress(Some(theme), &graph, &site, options);
    let (Some(theme), true) = (theme, rest.settings == Some(settings)) else { return Ok(None) };
    let content = Content::of_gists(documents, listed(), images);
    let (plan, _) = layout::draw(&graph, (&site, &options.config), &content, Some(&theme));
    let blueprint = Blueprint {
        site: Arc::new(site),
        content: Arc::new(content),
        graph: Arc::new(graph),
        plan: Arc::new(plan),
        theme,
        audit: Arc::new(Audit { quotations: rest.quotations.clone(), ..Audit::default() }),
        settings,
    };
    let made = map_in_order(&dirty, |(at, why)| make(&blueprint, rest, *at, why));
    let Some(remade) = made.into_iter().collect::<Result<Option<Vec<Remade>>, Failure>>()? else {
        return Ok(None);
    };
    if blueprint.content.was_missed() || !leads_nowhere_new(ledger, rest, &blueprint.graph, &remade) {
        return Ok(None);
    }
    Ok(Some((remade, keys)))
}

/// All documents with those that were read again, and their graph.
fn link(options: LinkOptions, ledger: &Ledger, reread: &[Reread<'_>]) -> Option<(Vec<Arc<Document>>, Graph)> {
    let unread: Arc<str> = Arc::from("");
    let of_gist = |gist| {
        Arc::new(Document {
            gist,
            text: Arc::clone(&unread),
            running: Vec::new(),
            outline: Outline::default(),
        })
    };
    let mut documents: Vec<Arc<Document>> = ledger.known().gists()?.into_iter().map(of_gist).collect();
    for it in reread {
        let at = documents.binary_search_by(|old| old.path.cmp(&it.old.path)).ok()?;
        documents[at] = Arc::clone(&it.new);
    }
    let facts: Vec<&Facts> = documents.iter().map(|it| &it.facts).collect();
    let (graph, _) = graph::link(&facts, options, &do_all);
    Some((documents, graph))
}

/// Keys, by their place in the ledger, that stand for the prose of these documents and differ.
fn changed_keys(
    rest: &Rest,
    graph: &Graph,
    content: &Content,
    reread: &[Reread<'_>],
) -> Vec<(u32, keys::Value)> {
    let mut changed = Vec::new();
    for (at, (key, old)) in rest.keys.iter().enumerate() {
        let Key::Body(id) = key else { continue };
        let file = &graph.node(*id).record().origin.file;
        if reread.iter().any(|it| it.new.path == *file) {
            let new = keys::body(graph, content, *id);
            if new != *old {
                changed.push((at as u32, new));
            }
        }
    }
    changed
}

/// The routes that read one of these keys, by their place in the ledger, each with the reason in words.
fn dirty(ledger: &Ledger, rest: &Rest, keys: &[(u32, keys::Value)]) -> Vec<(usize, String)> {
    let changed: BTreeSet<u32> = keys.iter().map(|(at, _)| *at).collect();
    let why = |route: &Remembered| {
        let at = route.reads.iter().find(|at| changed.contains(at))?;
        let words = keys::in_words(rest.keys.get(at as usize)?.0, &|id| ledger.name(id));
        Some(format!("{words} changed"))
    };
    rest.routes.iter().enumerate().filter_map(|(at, route)| Some((at, why(route)?))).collect()
}

/// Reads the texts that these routes printed the last time. `false` when one is not what it was.
fn read_texts(
    files: &dyn Files,
    rest: &Rest,
    graph: &Graph,
    dirty: &[(usize, String)],
    documents: &mut [Arc<Document>],
) -> Result<bool, Failure> {
    let keys = dirty.iter().flat_map(|(at, _)| rest.routes[*at].reads.iter());
    for at in keys.collect::<BTreeSet<u32>>() {
        let Some((Key::Body(id), _)) = rest.keys.get(at as usize) else { continue };
        let file = &graph.node(*id).record().origin.file;
        let Ok(at) = documents.binary_search_by(|it| it.path.cmp(file)) else { return Ok(false) };
        if documents[at].text.len() >= documents[at].body.end {
            continue;
        }
        let Some(input) = files.read(file)?.filter(|it| it.fingerprint == documents[at].fingerprint) else {
            return Ok(false);
        };
        let text = document::text_of(&input).into();
        documents[at] = Arc::new(Document { text, outline: Outline::default(), ..(*documents[at]).clone() });
    }
    Ok(true)
}

/// Makes one route again. `None` when it reads anything else than the last time, or cannot be made.
fn make(blueprint: &Blueprint, rest: &Rest, at: usize, why: &str) -> Result<Option<Remade>, Failure> {
    let old = &rest.routes[at];
    let Some((path, _)) = old.files.first() else { return Ok(None) };
    let routes = blueprint.plan.routes();
    let Ok(found) = routes.binary_search_by(|it| it.path.cmp(path)) else { return Ok(None) };
    let route = &routes[found];
    let Ok(composed) = render::guarded(blueprint, route)? else { return Ok(None) };
    let Composed { files, proof, lacking, trace } = composed;
    // A card of that name shows what it showed.
    let card = proof.and_then(|it| old.files.iter().find(|(path, _)| *path == it.path));
    let paths = files.iter().map(|it| &it.path).chain(card.map(|(path, _)| path));
    let mut reads: Vec<Key> = old.reads.iter().filter_map(|at| Some(rest.keys.get(at as usize)?.0)).collect();
    reads.sort_unstable();
    // What the whole site says of itself is not at hand here.
    let is_whole = |key: &Key| matches!(key, Key::Audit | Key::Addresses);
    let same = blueprint.recipe(route) == old.recipe
        && blueprint.listed(route) == old.listed
        && reads == trace.keys()
        && !reads.iter().any(is_whole)
        && lacking == old.lacking
        && paths.eq(old.files.iter().map(|(path, _)| path));
    let card = card.cloned();
    let route = Remembered { why: why.into(), ..old.clone() };
    Ok(same.then_some(Remade { at, route, files, card }))
}

/// Whether every link still leads somewhere: because pages offer and link what they did, or because they were looked through.
fn leads_nowhere_new(ledger: &Ledger, rest: &Rest, graph: &Graph, remade: &[Remade]) -> bool {
    let is_same = |it: &Remade| {
        let old = it.route.files.iter().take(it.files.len());
        it.files.iter().map(|it| &it.facts).eq(old.map(|(_, entry)| &entry.facts))
    };
    if remade.iter().all(is_same) {
        return true;
    }
    if ledger.head.told.names_any(&check::edition_codes()) {
        return false;
    }
    let mut edition = Edition::default();
    for (path, entry) in rest.routes.iter().flat_map(|it| &it.files).chain(&rest.others) {
        edition.insert(path.clone(), entry.clone());
    }
    for file in remade.iter().flat_map(|it| &it.files) {
        let entry = Entry { fingerprint: Fingerprint::of(&[]), size: 0, facts: file.facts.clone() };
        edition.insert(file.path.clone(), entry);
    }
    check::edition(&edition, graph, &do_all).diagnostics().is_empty()
}
