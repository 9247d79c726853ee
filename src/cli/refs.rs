//! `rejoinder refs`: who refers to something, by which relation, and where that stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::args::{Format, RefsArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::project::Project;
use crate::diag::{At, Diagnostic, Exit, Failure, FieldPath, Place, Sources};
use crate::document;
use crate::engine::{self, BuildOptions, Built, Discard};
use crate::graph::{Graph, Node, Reference};
use crate::text::{LineIndex, Span};

/// All that refers to one thing.
#[derive(Serialize)]
struct Refs<'g> {
    schema: &'static str,
    /// What was asked for.
    to: Named<'g>,
    /// By file, line and column.
    references: Vec<Found<'g>>,
}

/// Something that can be pointed to.
#[derive(Serialize)]
struct Named<'g> {
    kind: &'static str,
    /// Its whole id: `tale/ada.hello`.
    id: &'g str,
    /// What readers call it.
    name: &'g str,
    /// The file it is written in.
    file: &'g str,
}

/// One reference.
#[derive(Serialize)]
struct Found<'g> {
    file: Arc<str>,
    /// From 1.
    line: usize,
    /// From 1, in Unicode scalar values.
    column: usize,
    from: Named<'g>,
    /// In words: `said by`.
    relation: &'static str,
    /// Whether somebody wrote it, or it follows from where a thing stands.
    written: bool,
}

pub(super) fn run(args: &RefsArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let options = BuildOptions { stop_before_rendering: true, ..build::options(&args.site, context) };
    let built = engine::build(&*project.files, &options, &Discard)?;
    let Some(graph) = &built.graph else {
        return Err(Failure::new(Exit::Usage, "the settings cannot be read")
            .help("`rejoinder check` says what is wrong with them"));
    };
    let id = match graph.meant(&args.id) {
        Ok(id) => id,
        Err(told) => return Err(unknown(*told, &args.id, &project, &options)?),
    };
    let refs = Refs {
        schema: "rejoinder.refs/1",
        to: named(graph.node(id)),
        references: found(graph, &graph.references_to(id), &built.sources),
    };
    let text = match context.format {
        Format::Json => {
            format!("{}\n", serde_json::to_string_pretty(&refs).expect("places and names are JSON"))
        }
        _ => listed(&refs),
    };
    console.result(&text)?;
    if context.is_chatty() && built.report.has_errors() {
        console.say("The site has errors, so something may be missing here; `rejoinder check` tells them.\n");
    }
    Ok(Exit::Done)
}

/// Why an id means nothing, in the linker's words; or that it is a draft.
fn unknown(
    told: Diagnostic,
    typed: &str,
    project: &Project,
    options: &BuildOptions,
) -> Result<Failure, Failure> {
    let failure = Failure::new(Exit::Problems, told.message);
    if !options.drafts {
        let options = BuildOptions { drafts: true, ..options.clone() };
        let Built { graph, .. } = engine::build(&*project.files, &options, &Discard)?;
        if graph.is_some_and(|graph| graph.meant(typed).is_ok()) {
            return Ok(failure.help("it is a draft, or belongs to one; `--drafts` includes them"));
        }
    }
    Ok(failure.help(told.help.join("; ")))
}

fn named(node: &Node) -> Named<'_> {
    Named { kind: node.kind.name(), id: &node.key, name: &node.name, file: &node.record().origin.file }
}

/// References with lines and columns, in the order of files.
fn found<'g>(graph: &'g Graph, references: &[Reference], sources: &Sources) -> Vec<Found<'g>> {
    let mut by_file: BTreeMap<&Arc<str>, Vec<&Reference>> = BTreeMap::new();
    for it in references {
        by_file.entry(&it.place.file).or_default().push(it);
    }
    let mut all = Vec::with_capacity(references.len());
    for (file, references) in by_file {
        let text = sources.text(file).map_or("", |it| it);
        let index = LineIndex::new(text);
        let places: Vec<&Place> = references.iter().map(|it| &it.place).collect();
        let mut of_file: Vec<Found<'g>> = Vec::with_capacity(references.len());
        for (it, span) in references.iter().zip(spans(text, &places)) {
            let at = index.position(text, span.start);
            of_file.push(Found {
                file: Arc::clone(file),
                line: at.line,
                column: at.column,
                from: named(graph.node(it.from)),
                relation: it.relation.forward(),
                written: it.is_written,
            });
        }
        of_file.sort_by_key(|it| (it.line, it.column));
        all.extend(of_file);
    }
    all
}

/// The bytes of several places of one file; its start for what has no place of its own.
fn spans(text: &str, places: &[&Place]) -> Vec<Span> {
    let field = |place: &&Place| match &place.at {
        At::Field(path) if !path.is_empty() => Some(FieldPath { path: path.clone(), key: false }),
        At::Key(path) => Some(FieldPath { path: path.clone(), key: true }),
        At::Field(_) | At::File | At::Span(_) => None,
    };
    let fields: Vec<FieldPath> = places.iter().filter_map(field).collect();
    let mut located = document::locate_all(text, &fields).into_iter();
    let span = |place: &&Place| match (&place.at, field(place)) {
        (At::Span(span), _) => *span,
        (_, Some(_)) => located.next().flatten().unwrap_or(Span::at(0)),
        (_, None) => Span::at(0),
    };
    places.iter().map(span).collect()
}

/// One line for each reference: where, who, how.
fn listed(refs: &Refs<'_>) -> String {
    let of = |it: &Named<'_>| format!("{} `{}`", it.kind, it.id);
    let to = of(&refs.to);
    if refs.references.is_empty() {
        return format!("Nothing refers to {to}.\n");
    }
    let rows: Vec<[String; 3]> = refs
        .references
        .iter()
        .map(|it| {
            let default = if it.written { "" } else { " (follows from where it stands)" };
            let place = format!("{}:{}:{}", it.file, it.line, it.column);
            [place, of(&it.from), format!("{}{default}", it.relation)]
        })
        .collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let (places, names) = (width(0), width(1));
    let mut out = String::new();
    for [place, from, relation] in &rows {
        out.push_str(&format!("{place:places$}  {from:names$}  {relation}\n"));
    }
    let n = rows.len();
    out.push_str(&format!(
        "{n} {} to {to}, {}\n",
        if n == 1 { "reference" } else { "references" },
        refs.to.file
    ));
    out
}
