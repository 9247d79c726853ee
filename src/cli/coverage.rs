//! `rejoinder coverage`: how many quotations were compared with their sources, story by story.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::{Format, SiteArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::project::Project;
use crate::diag::{Exit, Failure};
use crate::engine::{self, Built, Discard};
use crate::graph::{Graph, NodeId};
use crate::model::{Form, Kind, Relation};
use crate::quote::{Class, RULES};
use crate::verify;

/// The whole report.
#[derive(Serialize)]
struct Coverage {
    schema: &'static str,
    rules: &'static str,
    stories: Vec<OfStory>,
    total: OfStory,
}

/// One story, or all of them.
#[derive(Default, Serialize)]
struct OfStory {
    /// Its id; empty for the total.
    story: String,
    quotations: usize,
    /// How many were found in a saved copy of a source, now or as recorded.
    verified: usize,
    /// How many of them rest on one source alone.
    single_source: usize,
    /// Quotations by class.
    classes: BTreeMap<&'static str, usize>,
    /// Those that rest on one source alone, and those that were never compared.
    alone: Vec<String>,
    unverified: Vec<String>,
}

pub(super) fn run(args: &SiteArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let project = Project::open(args, context)?;
    let options = engine::BuildOptions { stop_before_rendering: true, ..build::options(args, context) };
    let built = engine::build(&*project.files, &options, &Discard)?;
    let Some(graph) = &built.graph else {
        return Err(Failure::new(Exit::Usage, "the settings cannot be read")
            .help("`rejoinder check` says what is wrong with them"));
    };
    let coverage = coverage(graph, &built);
    let text = match context.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&coverage).expect("counts and names are JSON");
            format!("{text}\n")
        }
        _ => table(&coverage),
    };
    console.result(&text)?;
    Ok(Exit::Done)
}

fn coverage(graph: &Graph, built: &Built) -> Coverage {
    let mut stories: BTreeMap<String, OfStory> = BTreeMap::new();
    let mut total = OfStory::default();
    for id in graph.of_kind(Kind::Statement) {
        let node = graph.node(id);
        if node.statement().is_none_or(|it| it.form != Form::Quote) {
            continue;
        }
        let story = node.story.map_or_else(String::new, |it| graph.node(it).key.to_string());
        let class = verify::best(built.audit.of(id)).map_or(Class::NoText, |it| it.class);
        let of_story =
            stories.entry(story.clone()).or_insert_with(|| OfStory { story, ..OfStory::default() });
        for it in [of_story, &mut total] {
            count(it, graph, id, class);
        }
    }
    Coverage { schema: "rejoinder.coverage/1", rules: RULES, stories: stories.into_values().collect(), total }
}

fn count(it: &mut OfStory, graph: &Graph, id: NodeId, class: Class) {
    let key = graph.node(id).key.to_string();
    it.quotations += 1;
    *it.classes.entry(class.name()).or_default() += 1;
    let mut cited: Vec<NodeId> = graph.targets(id, Relation::Cites).collect();
    cited.sort_unstable();
    cited.dedup();
    if cited.len() == 1 {
        it.single_source += 1;
        it.alone.push(key.clone());
    }
    match class.passes() {
        true => it.verified += 1,
        false => it.unverified.push(key),
    }
}

fn table(coverage: &Coverage) -> String {
    let name = |it: &OfStory| if it.story.is_empty() { "all".to_owned() } else { it.story.clone() };
    let rows: Vec<&OfStory> = match coverage.stories.len() {
        0 | 1 => vec![&coverage.total],
        _ => coverage.stories.iter().chain([&coverage.total]).collect(),
    };
    let width = rows.iter().map(|it| name(it).chars().count()).max().unwrap_or(0);
    let mut out = format!("Quotations found in a saved copy of a source, rules {RULES}\n\n");
    for it in rows {
        let percent = (100 * it.verified + it.quotations / 2) / it.quotations.max(1);
        out.push_str(&format!(
            "  {:width$}  {} of {} ({percent} percent); {} on one source alone\n",
            name(it),
            it.verified,
            it.quotations,
            it.single_source
        ));
        for (class, n) in &it.classes {
            out.push_str(&format!("  {:width$}    {class:12} {n:>6}\n", ""));
        }
    }
    let lists =
        [("Not verified", &coverage.total.unverified), ("On one source alone", &coverage.total.alone)];
    for (title, keys) in lists.into_iter().filter(|(_, keys)| !keys.is_empty()) {
        out.push_str(&format!("\n{title}\n"));
        keys.iter().for_each(|key| out.push_str(&format!("  {key}\n")));
    }
    out
}
