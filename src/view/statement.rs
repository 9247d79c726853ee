//! A statement's permanent page: the words, who, when, where, on whose word, and what answers them.

use serde::Serialize;

use super::cards::*;
use super::citation::Citation;
use super::desk::{Desk, word_diff};
use super::{Model, View, json_ld, share, words};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation, Site};
use crate::plan::{Route, Wanted};

pub(super) const VIEW: View = View { name: "statement", template: Some("statement.html"), routes, compose };

/// Variables of `statement.html`.
#[derive(Debug, Serialize)]
pub struct StatementPage {
    /// What every page has.
    pub page: Frame,
    /// The statement.
    pub statement: StatementView,
    /// One sentence about the reaction it belongs to; may be empty.
    pub context: String,
    /// How the date is known; may be empty.
    pub date_basis: String,
    /// The original, when the words are a translation.
    pub original: Option<OriginalView>,
    /// Translations of the words.
    pub translations: Vec<TranslationView>,
    /// What it answers, oldest first.
    pub thread: Vec<StatementBrief>,
    /// What answers it.
    pub replies: Vec<StatementBrief>,
    /// What it agrees with.
    pub endorses: Option<StatementLink>,
    /// What agrees with it.
    pub endorsed_by: Vec<StatementLink>,
    /// Claims it supports.
    pub supports: Vec<ClaimCard>,
    /// Silences it ended.
    pub silence_ended: Vec<SilenceCard>,
    /// Whom it mentions besides.
    pub mentions: Vec<Link>,
    /// Figures it gives.
    pub figures: Vec<FigureView>,
    /// How the words stand in each source that should hold them, the best first; empty for a paraphrase.
    pub verifications: Vec<VerificationView>,
    /// The words as other sources print them.
    pub variants: Vec<VariantView>,
    /// Other statements about the same thing.
    pub also_about: Vec<AlsoAbout>,
    /// How to cite it, as plain text.
    pub cite: String,
    /// The same as an entry of a `.bib` file.
    pub cite_bibtex: String,
    /// The same as an item of CSL-JSON.
    pub cite_csl: String,
    /// Repaired mistakes.
    pub corrections: Vec<CorrectionView>,
    /// What else points here.
    pub backlinks: Vec<Backlink>,
    /// The statement before, in its reaction.
    pub previous: Option<Link>,
    /// The statement after.
    pub next: Option<Link>,
}

/// Words in their original language.
#[derive(Debug, Serialize)]
pub struct OriginalView {
    /// BCP 47 tag.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The words.
    pub text: String,
}

/// A translation of the words.
#[derive(Debug, Serialize)]
pub struct TranslationView {
    /// BCP 47 tag.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The words.
    pub text: String,
    /// Who translated, and how, in words; may be empty.
    pub note: String,
    /// The first words of the part that is translated; empty for the whole.
    pub of: String,
}

/// The words as one source prints them.
#[derive(Debug, Serialize)]
pub struct VariantView {
    /// The source.
    pub source: SourceRef,
    /// Its words.
    pub text: String,
    /// What they have and the statement's words have not, and the other way round.
    pub diff: Vec<DiffPart>,
    /// Whether the source is known to print them so; absent for a paraphrase.
    pub verification: Option<VerificationView>,
}

/// Other statements about one thing.
#[derive(Debug, Serialize)]
pub struct AlsoAbout {
    /// The thing.
    pub target: Link,
    /// Up to three statements, nearest in the record first.
    pub statements: Vec<StatementBrief>,
}

fn routes(graph: &Graph, _: &Site) -> Vec<Wanted> {
    let statements = graph.of_kind(Kind::Statement).filter(|id| graph.statement_facts(*id).is_some());
    statements.map(|id| Wanted::about(graph, VIEW.name, id)).collect()
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let id = route.subject.expect("a statement's route has its statement");
    let node = desk.lens.node(id);
    let data = node.statement().expect("routes() asks for statements only");
    let statement = desk.statement_view(id).unwrap_or_default();
    let reaction = node.reaction.expect("a statement is part of a reaction");
    let corrections = desk.corrections([id]);
    let link = desk.link(id);
    let when = statement.date.as_ref().map_or_else(String::new, |date| [", ", &date.text].concat());
    let description =
        [&statement.speaker.name, " (", &statement.channel.label, &when, "): ", &statement.words].concat();
    let mut page = desk.frame(route, "statement", link.name.clone(), &description);
    page.crumbs.extend([statement.story.clone(), statement.reaction.clone()]);
    page.section = statement.story.url.clone().unwrap_or_default();
    let json_ld = json_ld::statement(desk, &statement, &corrections);
    let (previous, next) = neighbours(desk, reaction, id);
    let resolved = desk.lens.source_uses(id, &data.sources).into_iter().enumerate();
    let variants = resolved.filter_map(|(use_idx, (it, source, _))| {
        let text = it.as_printed.clone()?;
        Some(VariantView {
            source: desk.source_ref(source?),
            diff: word_diff(&data.words, &text),
            verification: desk.verification_of_use(id, use_idx),
            text,
        })
    });
    let context = match &desk.lens.node(reaction).record().data {
        Data::Reaction(reaction) => reaction.summary.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let parts = |relation| desk.lens.origins(id, relation);
    let citation = citation(desk, &statement, &page.title);
    let card = share::statement(desk, id, &statement);
    let (cite, cite_bibtex, cite_csl) = (cite(&statement, &citation), citation.bibtex(), citation.csl());
    let model = StatementPage {
        context,
        date_basis: data.date_basis.clone().unwrap_or_default(),
        original: data.original.as_ref().map(|it| OriginalView {
            dir: words::direction(&it.lang),
            lang: it.lang.clone(),
            text: it.text.clone(),
        }),
        translations: translations(desk, id, data),
        thread: desk.briefs(thread(desk, id)),
        replies: desk.briefs(parts(Relation::RepliesTo)),
        endorses: desk.lens.target(id, Relation::Endorses).and_then(|id| desk.statement_link(id)),
        endorsed_by: parts(Relation::Endorses).into_iter().filter_map(|id| desk.statement_link(id)).collect(),
        supports: desk
            .lens
            .targets(id, Relation::Supports)
            .into_iter()
            .filter_map(|id| desk.claim(id))
            .collect(),
        silence_ended: parts(Relation::EndedBy).into_iter().filter_map(|id| desk.silence(id)).collect(),
        mentions: desk.target_links(id, Relation::Mentions),
        figures: desk.figures(desk.lens.targets(id, Relation::Gives)),
        verifications: desk.verifications(id),
        variants: variants.collect(),
        also_about: also_about(desk, id),
        cite,
        cite_bibtex,
        cite_csl,
        backlinks: desk.backlinks(id, &[]),
        corrections,
        statement,
        previous,
        next,
        page,
    };
    Model::page(json_ld, model).with_card(card)
}

fn neighbours(desk: &Desk<'_>, reaction: NodeId, id: NodeId) -> (Option<Link>, Option<Link>) {
    let all = desk.lens.parts(reaction, Kind::Statement);
    let Some(at) = all.iter().position(|it| *it == id) else { return (None, None) };
    (at.checked_sub(1).map(|at| desk.link(all[at])), all.get(at + 1).map(|id| desk.link(*id)))
}

/// How many statements of a thread one page prints above its own.
const LONGEST_THREAD: usize = 20;

/// The nearest of the statements this one answers, oldest first. A cycle ends where it closes.
fn thread(desk: &Desk<'_>, id: NodeId) -> Vec<NodeId> {
    let mut chain = Vec::new();
    let mut at = id;
    while chain.len() < LONGEST_THREAD
        && let Some(parent) = desk.lens.target(at, Relation::RepliesTo)
    {
        if parent == id || chain.contains(&parent) {
            break;
        }
        chain.push(parent);
        at = parent;
    }
    chain.reverse();
    chain
}

fn translations(desk: &Desk<'_>, id: NodeId, data: &crate::model::Statement) -> Vec<TranslationView> {
    let mut by = desk.lens.targets(id, Relation::TranslatedBy).into_iter();
    let views = data.translations.iter().map(|it| {
        let who =
            it.by.as_ref().and_then(|_| by.next()).map(|id| format!("translated by {}", desk.lens.name(id)));
        let how = it.method.as_ref().map(|method| format!("{method} translation"));
        let note: Vec<String> = [how, who].into_iter().flatten().collect();
        TranslationView {
            dir: words::direction(&it.lang),
            lang: it.lang.clone(),
            text: it.text.clone(),
            note: words::capitalised(&note.join(", ")),
            of: it.of.clone().unwrap_or_default(),
        }
    });
    views.collect()
}

/// How many statements about a subject one page names.
const MOST_ALSO_ABOUT: usize = 3;

/// A few other statements about each of the first two subjects.
fn also_about(desk: &Desk<'_>, id: NodeId) -> Vec<AlsoAbout> {
    let story = desk.lens.node(id).story;
    let subjects = desk.lens.targets(id, Relation::About).into_iter().take(2);
    let found = subjects.filter_map(|subject| {
        // The same story first; within it, statements keep the record's order. Some actors are spoken of in hundreds of
        // statements, so we look at each once, and sort none.
        let mut nearest: Vec<(bool, NodeId)> = Vec::with_capacity(MOST_ALSO_ABOUT + 1);
        for other in desk.lens.origins(subject, Relation::About) {
            if other == id || desk.lens.kind(other) != Kind::Statement {
                continue;
            }
            let key = (desk.lens.story_of_part(other) != story, other);
            let at = nearest.partition_point(|it| *it < key);
            if at < MOST_ALSO_ABOUT && nearest.get(at) != Some(&key) {
                nearest.insert(at, key);
                nearest.truncate(MOST_ALSO_ABOUT);
            }
        }
        let statements = desk.briefs(nearest.into_iter().map(|(_, id)| id));
        (!statements.is_empty()).then(|| AlsoAbout { target: desk.link(subject), statements })
    });
    found.collect()
}

/// What every form of citing it says.
fn citation<'a>(desk: &Desk<'a>, it: &'a StatementView, title: &'a str) -> Citation<'a> {
    let quoted =
        it.sources.first().filter(|_| it.evidence.grade != "seen").map(|it| match &*it.source.publisher {
            "" => ["from ", &it.source.title].concat(),
            publisher => ["from ", publisher].concat(),
        });
    let note: Vec<String> = [Some(it.channel.label.clone()), quoted].into_iter().flatten().collect();
    Citation {
        id: &it.anchor,
        speaker: &it.speaker.name,
        title,
        note: note.join(", "),
        date: it.date.as_ref().map(|it| it.machine.as_deref().unwrap_or(&it.text)),
        site: &desk.site.title,
        url: desk.absolute(&it.url),
        lang: &it.lang,
    }
}

/// The same as one line of text.
fn cite(it: &StatementView, citation: &Citation<'_>) -> String {
    let mut parts = vec![citation.speaker.to_owned(), it.channel.label.clone()];
    parts.extend(it.date.as_ref().map(|date| date.text.clone()));
    parts.extend(
        citation.note.strip_prefix(&it.channel.label).and_then(|it| it.strip_prefix(", ")).map(str::to_owned),
    );
    [&parts.join(", "), ". ", citation.site, ": ", &it.story.name, ". ", &citation.url].concat()
}
