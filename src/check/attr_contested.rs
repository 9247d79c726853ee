//! # attr-contested
//!
//! The site's own records contradict a field of a statement, and the statement does not say that it is contested. The page
//! would print one version as if there were no other.
//!
//! What counts is what is recorded, field by field:
//!
//! | field | contradicted when |
//! | --- | --- |
//! | `speaker` | a post, a blog or a letter with `role: primary` is by somebody else: neither the speaker, nor their house, nor whom they speak for |
//! | `date` | two sources with `role: primary` were published at times that cannot both be right |
//! | `channel` | the post that is `role: primary`, or the speaker's own post named by `via`, appeared on other platforms than the statement names |
//! | `quote` | a source with `role: primary` has other words in `as_printed` |
//!
//! **Bad**
//!
//! ```yaml
//! - id: hello
//!   speaker: ada-example
//!   quote: Hello
//!   sources: [{ ref: post-by-ben, role: primary }]
//! ```
//!
//! **Good**: the right source, `role: secondary`, or
//!
//! ```yaml
//!   contested: [{ field: speaker, by: post-by-ben, note: The words stand in a post by Ben. }]
//! ```
//!
//! A statement whose `speaker` or words are contested is printed as unconfirmed.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Graph, NodeId, StatementFacts, is_by};
use crate::model::{Data, Form, Kind, Relation, Source, SourceRole, SourceUse, Statement};
use crate::quote::{self, Options, SourceText};

pub(super) static CODE: Code =
    Code { name: "attr-contested", level: Level::Error, manual: include_str!("attr_contested.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        let Some((statement, facts)) = node.statement().zip(graph.statement_facts(id)) else { continue };
        let contradicted = Contradicted { graph, id, statement, facts };
        for (idx, (it, source_id, via)) in graph.source_uses(id, &statement.sources).iter().enumerate() {
            if it.role == Some(SourceRole::Primary)
                && let Some((source_id, source)) = source(graph, *source_id)
            {
                report.add_some(contradicted.speaker(idx, source_id, source));
                report.add_some(contradicted.words(idx, it));
                report.add_some(contradicted.channel(idx, "ref", source));
            }
            if let Some((_, source)) =
                source(graph, *via).filter(|(it, _)| is_by(graph, *it, Some(facts.speaker)))
            {
                report.add_some(contradicted.channel(idx, "via", source));
            }
        }
        report.add_some(contradicted.date());
    }
}

fn source(graph: &Graph, id: Option<NodeId>) -> Option<(NodeId, &Source)> {
    match &graph.node(id?).record().data {
        Data::Source(source) => Some((id?, source)),
        _ => None,
    }
}

/// A statement that may be contradicted.
struct Contradicted<'g> {
    graph: &'g Graph,
    id: NodeId,
    statement: &'g Statement,
    facts: &'g StatementFacts,
}

impl Contradicted<'_> {
    fn is_contested(&self, fields: &[&str]) -> bool {
        self.statement.contested.iter().any(|it| fields.contains(&it.field.as_str()))
    }

    fn told(&self, path: &str, message: &str, label: String, field: &str) -> Diagnostic {
        Diagnostic::new(&CODE, self.graph.node(self.id).place(path), message).label(label).help(format!(
            "correct the statement or the source, or write `contested: [{{ field: {field}, by: … }}]`"
        ))
    }

    fn speaker(&self, idx: usize, source_id: NodeId, source: &Source) -> Option<Diagnostic> {
        let one_voice =
            ["post", "post-weblog", "personal_communication"].contains(&source.source_type.as_str());
        let graph = self.graph;
        let mut allowed = graph.targets(self.id, Relation::SaidFor).chain([self.facts.speaker]);
        let author = graph.targets(source_id, Relation::AuthoredBy).next().filter(|_| one_voice)?;
        if allowed.any(|it| is_by(graph, source_id, Some(it))) || self.is_contested(&["speaker"]) {
            return None;
        }
        let speaker = &graph.node(self.facts.speaker).name;
        let label = format!("by {}", graph.node(author).name);
        let message =
            format!("these words are given to {speaker}, and their primary source is by somebody else");
        Some(self.told(&format!("sources[{idx}].ref"), &message, label, "speaker"))
    }

    fn words(&self, idx: usize, it: &SourceUse) -> Option<Diagnostic> {
        let printed = it.as_printed.as_ref().filter(|_| self.statement.form == Form::Quote)?;
        let original = self.statement.original.as_ref().map_or(&self.statement.words, |it| &it.text);
        let options = Options { is_post: true, ..Options::default() };
        let is_there = quote::find(original, &SourceText::new(printed), &options).class.passes();
        if is_there || self.is_contested(&["quote"]) {
            return None;
        }
        let message = "the primary source of this quotation has other words";
        let label = "not the words of `quote`".to_owned();
        Some(self.told(&format!("sources[{idx}].as_printed"), message, label, "quote"))
    }

    fn channel(&self, idx: usize, field: &str, source: &Source) -> Option<Diagnostic> {
        let on = &self.statement.channel.as_ref()?.on;
        let is_elsewhere =
            !on.is_empty() && !source.channel.is_empty() && !source.channel.iter().any(|it| on.contains(it));
        if source.source_type != "post" || !is_elsewhere || self.is_contested(&["channel", "channel.on"]) {
            return None;
        }
        let message = "the post these words come from appeared on another platform than the statement says";
        let label = format!("appeared on {}", source.channel.join(", "));
        let told = self.told(&format!("sources[{idx}].{field}"), message, label, "channel");
        Some(told.also(self.graph.node(self.id).place("channel.on"), "said here"))
    }

    /// Of several primary sources, the first that cannot be as old as an earlier one.
    fn date(&self) -> Option<Diagnostic> {
        if self.is_contested(&["date"]) {
            return None;
        }
        let graph = self.graph;
        let uses = graph.source_uses(self.id, &self.statement.sources);
        let primary = uses.iter().enumerate().filter(|(_, (it, ..))| it.role == Some(SourceRole::Primary));
        let mut dated = primary.filter_map(|(idx, (_, id, _))| {
            let (_, source) = source(graph, *id)?;
            Some((idx, source.published.as_ref()?))
        });
        let (first, earliest) = dated.next()?;
        let (other, date) = dated.find(|(_, it)| it.surely_before(earliest) || earliest.surely_before(it))?;
        let message = "two primary sources of this statement are dated differently";
        let told = self.told(&format!("sources[{other}].ref"), message, date.display(), "date");
        Some(told.also(graph.node(self.id).place(&format!("sources[{first}].ref")), earliest.display()))
    }
}
