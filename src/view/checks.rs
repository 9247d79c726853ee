//! What was checked, what was found, and what is let stand: how far the site can be trusted, by its own account.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cards::*;
use super::desk::Desk;
use super::{Model, View, json_ld, words};
use crate::graph::{Finding, Graph, NodeId};
use crate::model::{Form, Kind, Relation, Site, Wording};
use crate::plan::{Route, Wanted};
use crate::quote::{Class, RULES};

pub(super) const VIEW: View = View { name: "checks", template: Some("checks.html"), routes, compose };

/// How many findings the page lists one by one.
const MOST_FINDINGS: usize = 200;

/// How many speakers and sources it lists.
const MOST_ROWS: usize = 12;

/// Variables of `checks.html`.
#[derive(Debug, Serialize)]
pub struct ChecksPage {
    /// What every page has.
    pub page: Frame,
    /// The rules quotations are compared by: `qm/1`.
    pub rules: &'static str,
    /// How many quotations the site prints.
    pub quotations: usize,
    /// How many of them were found in a saved copy of a source.
    pub verified: usize,
    /// How many statements are paraphrases, which cannot be compared.
    pub paraphrases: usize,
    /// Quotations by how their words stand, the best first; classes without any are left out.
    pub classes: Vec<ClassCount>,
    /// How many statements rest on one source alone.
    pub single_source: usize,
    /// How many statements there are.
    pub statements: usize,
    /// The sources most statements rest on, the most used first.
    pub sources: Vec<SourceShare>,
    /// Who has how many of the words, most first.
    pub speakers: Vec<SpeakerShare>,
    /// How many statements rest on an origin nobody names, or on an anonymous speaker.
    pub unnamed: usize,
    /// What is open, at most the first 200.
    pub open: Vec<FindingView>,
    /// How many are open and not listed.
    pub open_more: usize,
    /// What is let stand, at most the first 200.
    pub accepted: Vec<FindingView>,
    /// How many are let stand and not listed.
    pub accepted_more: usize,
    /// What was looked for.
    pub checks: Vec<CheckView>,
}

/// How many quotations stand in one way.
#[derive(Debug, Serialize)]
pub struct ClassCount {
    /// The class: `typographic`.
    pub class: &'static str,
    /// The class in a sentence.
    pub sentence: &'static str,
    /// How many.
    pub count: usize,
}

/// How much rests on one source.
#[derive(Debug, Serialize)]
pub struct SourceShare {
    /// The source.
    pub source: SourceRef,
    /// How many statements cite it.
    pub statements: usize,
    /// How many of them cite nothing else.
    pub alone: usize,
}

/// How much of what is printed one speaker said.
#[derive(Debug, Serialize)]
pub struct SpeakerShare {
    /// The speaker.
    pub speaker: Link,
    /// How many statements.
    pub statements: usize,
    /// How many words of them.
    pub words: usize,
    /// Of all words that are printed as said, in whole percent.
    pub percent: usize,
}

/// Something a check found.
#[derive(Debug, Serialize)]
pub struct FindingView {
    /// The problem's code.
    pub code: &'static str,
    /// `warning` or `note`; of what is let stand, perhaps `error`.
    pub level: &'static str,
    /// One sentence.
    pub message: String,
    /// What it is about: everything of which the same is found.
    pub subjects: Vec<Link>,
    /// Why it is let stand; empty for what is open.
    pub why: String,
}

/// One check.
#[derive(Debug, Serialize)]
pub struct CheckView {
    /// The code of what it finds.
    pub code: &'static str,
    /// `error`, `warning`, `note`, or `allowed`.
    pub level: &'static str,
    /// What it finds, in a sentence.
    pub finds: String,
    /// How often it is found and open.
    pub open: usize,
}

fn routes(_: &Graph, _: &Site) -> Vec<Wanted> {
    vec![Wanted::at("/checks/", VIEW.name)]
}

fn compose(desk: &Desk<'_>, route: &Route) -> Model {
    let audit = desk.lens.audit();
    let description = "Which rules the words on this site are held to, and what is open.".to_owned();
    let mut page = desk.frame(route, "checks", "Methods and checks".to_owned(), &description);
    page.section = route.url.clone();
    let json_ld = json_ld::collection(desk, &page);
    let statements: Vec<NodeId> = desk.lens.all(Kind::Statement);
    let is_quote = |id: &NodeId| desk.lens.node(*id).statement().is_some_and(|it| it.form == Form::Quote);
    let quotations: Vec<NodeId> = statements.iter().copied().filter(is_quote).collect();
    let classes: Vec<Class> = quotations.iter().map(|id| class_of(desk, *id)).collect();
    let counts = |findings: &[Finding]| {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        findings.iter().for_each(|it| *counts.entry(it.code).or_default() += 1);
        counts
    };
    let open = counts(&audit.open);
    let checks = audit.checks.iter().map(|it| CheckView {
        code: it.code,
        level: it.level.map_or("allowed", crate::diag::Level::name),
        finds: words::for_readers(&it.finds),
        open: open.get(it.code).copied().unwrap_or_default(),
    });
    let (sources, single_source) = sources(desk, &statements);
    let model = ChecksPage {
        rules: RULES,
        quotations: quotations.len(),
        verified: classes.iter().filter(|it| it.passes()).count(),
        paraphrases: statements.len() - quotations.len(),
        classes: class_counts(&classes),
        single_source,
        statements: statements.len(),
        sources,
        speakers: speakers(desk, &statements),
        unnamed: statements.iter().filter(|id| rests_on_nobody(desk, **id)).count(),
        open: findings(desk, &audit.open),
        open_more: audit.open.len().saturating_sub(MOST_FINDINGS),
        accepted: findings(desk, &audit.accepted),
        accepted_more: audit.accepted.len().saturating_sub(MOST_FINDINGS),
        checks: checks.collect(),
        page,
    };
    Model::page(json_ld, model)
}

/// The best class that a quotation's own words have in any source.
fn class_of(desk: &Desk<'_>, id: NodeId) -> Class {
    let own = desk.lens.verifications(id).iter().filter(|it| it.wording != Wording::AsPrinted);
    own.map(|it| it.class).min().unwrap_or(Class::NoText)
}

fn class_counts(classes: &[Class]) -> Vec<ClassCount> {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    classes.iter().for_each(|class| *counts.entry(*class).or_default() += 1);
    let count =
        |(class, count): (Class, usize)| ClassCount { class: class.name(), sentence: sentence(class), count };
    counts.into_iter().map(count).collect()
}

/// What a class says of a quotation as a whole: without a copy nothing was found out.
fn sentence(class: Class) -> &'static str {
    match class {
        Class::NoText => "Not compared: no saved copy of a source that should print them is held.",
        class => class.words(),
    }
}

fn rests_on_nobody(desk: &Desk<'_>, id: NodeId) -> bool {
    use crate::graph::Attribution;
    desk.lens.statement_facts(id).is_some_and(|facts| {
        matches!(facts.standing.attribution, Attribution::RelayedUnnamed | Attribution::Anonymous)
    })
}

/// What statements rest on, and how many of them on one source alone.
fn sources(desk: &Desk<'_>, statements: &[NodeId]) -> (Vec<SourceShare>, usize) {
    let mut shares: BTreeMap<NodeId, (usize, usize)> = BTreeMap::new();
    let mut single = 0;
    for id in statements {
        let mut cited = desk.lens.targets(*id, Relation::Cites);
        cited.sort_unstable();
        cited.dedup();
        let is_alone = cited.len() == 1;
        single += usize::from(is_alone);
        for source in cited {
            let (uses, alone) = shares.entry(source).or_default();
            *uses += 1;
            *alone += usize::from(is_alone);
        }
    }
    let mut shares: Vec<(NodeId, (usize, usize))> = shares.into_iter().collect();
    shares.sort_by_key(|(source, (uses, _))| (std::cmp::Reverse(*uses), *source));
    let rows = shares.into_iter().take(MOST_ROWS).map(|(source, (statements, alone))| SourceShare {
        source: desk.source_ref(source),
        statements,
        alone,
    });
    (rows.collect(), single)
}

/// Who has how many of the words.
fn speakers(desk: &Desk<'_>, statements: &[NodeId]) -> Vec<SpeakerShare> {
    let mut shares: BTreeMap<NodeId, (usize, usize)> = BTreeMap::new();
    for id in statements {
        let said = desk.lens.node(*id).statement().map_or(0, |it| it.words.split_whitespace().count());
        if let Some(facts) = desk.lens.statement_facts(*id) {
            let (n, words) = shares.entry(facts.speaker).or_default();
            *n += 1;
            *words += said;
        }
    }
    let all: usize = shares.values().map(|(_, words)| words).sum();
    let mut shares: Vec<(NodeId, (usize, usize))> = shares.into_iter().collect();
    shares.sort_by_key(|(speaker, (_, words))| (std::cmp::Reverse(*words), *speaker));
    let row = |(speaker, (statements, words)): (NodeId, (usize, usize))| SpeakerShare {
        speaker: desk.link(speaker),
        statements,
        words,
        percent: (100 * words + all / 2) / all.max(1),
    };
    shares.into_iter().take(MOST_ROWS).map(row).collect()
}

/// Findings as rows: what is found of several things is one row.
fn findings(desk: &Desk<'_>, findings: &[Finding]) -> Vec<FindingView> {
    let mut rows: Vec<FindingView> = Vec::new();
    for it in findings.iter().take(MOST_FINDINGS) {
        let message = words::for_readers(&it.message);
        let subject = it.subject.map(|id| desk.link(id));
        let same =
            |row: &&mut FindingView| (row.code, &row.message, &row.why) == (it.code, &message, &it.why);
        match rows.iter_mut().find(same) {
            Some(row) => row.subjects.extend(subject),
            None => rows.push(FindingView {
                code: it.code,
                level: it.level.name(),
                message,
                subjects: subject.into_iter().collect(),
                why: it.why.clone(),
            }),
        }
    }
    rows
}
