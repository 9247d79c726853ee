//! `rejoinder verify`: holds quotations against a copy of a source that somebody has themselves, and not ours.
//!
//! For readers who do not take our word: the site's lock says which digest each quotation has and how it stood in our copy;
//! this repeats the comparison with theirs. Writes nothing.

use std::fs;

use serde::Serialize;

use super::args::{Format, VerifyArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::project::Project;
use crate::diag::{Exit, Failure};
use crate::engine::{self, Discard};
use crate::extract;
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Wording};
use crate::quote::{Class, RULES, SourceText, marked};
use crate::text::{Sha256, nearest_few};
use crate::verify::{self, Comparison, Copy, Lock, QuoteUse, State};

/// The whole report.
#[derive(Serialize)]
struct Verified {
    schema: &'static str,
    rules: &'static str,
    file: String,
    /// The digest of the file, and of the text in it.
    sha256: String,
    text_sha256: String,
    /// How many hold, and of how many.
    hold: usize,
    of: usize,
    quotations: Vec<Quotation>,
}

/// One quotation held against the file.
#[derive(Serialize)]
struct Quotation {
    statement: String,
    source: String,
    wording: Wording,
    class: &'static str,
    holds: bool,
    notes: Vec<String>,
    /// Whether the words are those of the record, and whether the record says the same class; absent without a record.
    as_recorded: Option<bool>,
    recorded_class: Option<String>,
    recorded_on: Option<String>,
    /// Whether the text is the one that the record was made with.
    same_text: Option<bool>,
    /// The most similar passage, when the words were not found.
    nearest: Option<String>,
    difference: Option<String>,
}

pub(super) fn run(args: &VerifyArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let shown = args.against.display().to_string();
    let bytes =
        fs::read(&args.against).map_err(|error| Failure::machine(format!("cannot read {shown}"), &error))?;
    let extracted = extract::extract(&shown, &bytes, &extract::Options::default()).map_err(|problem| {
        Failure::new(Exit::Problems, format!("{shown} cannot be compared with: {}", problem.message))
            .help(problem.help)
    })?;
    let project = Project::open(&args.site, context)?;
    let options = engine::BuildOptions { stop_before_rendering: true, ..build::options(&args.site, context) };
    let built = engine::build(&*project.files, &options, &Discard)?;
    let (Some(graph), Some(site)) = (&built.graph, &built.site) else {
        return Err(Failure::new(Exit::Usage, "the settings cannot be read")
            .help("`rejoinder check` says what is wrong with them"));
    };
    let copy = Copy {
        text: SourceText::new(&extracted.text),
        digest: Sha256::of(extracted.text.as_bytes()),
        saved: Some(Sha256::of(&bytes)),
    };
    let lock = lock_of(&built.comparisons);
    let groups = wanted(graph, &args.ids, &copy, &lock)?;
    let states = groups
        .iter()
        .map(|(_, uses)| verify::compare(graph, uses, Some(&copy), site.house_style, &site.language));
    let states = states.collect();
    let comparisons = verify::join(groups, states, &lock);
    let quotations: Vec<Quotation> = comparisons.iter().map(|it| quotation(it, &copy)).collect();
    let report = Verified {
        schema: "rejoinder.verify/1",
        rules: RULES,
        file: shown,
        sha256: Sha256::of(&bytes).hex(),
        text_sha256: copy.digest.hex(),
        hold: quotations.iter().filter(|it| it.holds).count(),
        of: quotations.len(),
        quotations,
    };
    let text = match context.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&report).expect("strings and numbers are JSON");
            format!("{text}\n")
        }
        _ => table(&report),
    };
    console.result(&text)?;
    Ok(if report.hold == report.of { Exit::Done } else { Exit::Problems })
}

/// The records that quotations have now.
fn lock_of(comparisons: &[Comparison]) -> Lock {
    let mut lock = Lock::default();
    for it in comparisons {
        if let Some(record) = &it.record {
            lock.insert(it.subject.key.clone(), (**record).clone());
        }
    }
    lock
}

/// The quotations that were asked for: of these sources and statements, or of the sources whose recorded text this is.
fn wanted(
    graph: &Graph,
    ids: &[String],
    copy: &Copy,
    lock: &Lock,
) -> Result<Vec<(NodeId, Vec<QuoteUse>)>, Failure> {
    let all = verify::uses_by_source(graph);
    if ids.is_empty() {
        let recorded =
            |it: &QuoteUse| lock.get(&it.key, &it.digest).and_then(|record| record.text) == Some(copy.digest);
        let named = |source: NodeId| match &graph.node(source).record().data {
            Data::Source(source) => source.snapshot.as_ref().is_some_and(|it| {
                it.text_sha256 == Some(copy.digest) || it.sha256.is_some() && it.sha256 == copy.saved
            }),
            _ => false,
        };
        let found: Vec<_> = all
            .iter()
            .filter(|(source, uses)| named(*source) || uses.iter().any(recorded))
            .cloned()
            .collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let sources: Vec<String> =
            all.iter().map(|(source, _)| format!("`{}`", graph.node(*source).short_key())).collect();
        return Err(Failure::new(Exit::Usage, "this file is not the copy that any source was recorded with")
            .help(format!("say which source it is a copy of, behind the file: {}", sources.join(", "))));
    }
    for id in ids {
        let is_known = graph.find(Kind::Source, id).is_some() || !statements(graph, id).is_empty();
        if !is_known {
            let known = graph.of_kind(Kind::Source).map(|it| graph.node(it).short_key());
            let near = nearest_few(id, known, 1);
            let failure = Failure::new(Exit::Usage, format!("no source and no statement is called `{id}`"));
            return Err(match near.first() {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("name a source by its id, or a statement as `reaction.statement`"),
            });
        }
    }
    let mut groups = Vec::new();
    for (source, uses) in all {
        let all_of_it = ids.iter().any(|id| graph.find(Kind::Source, id) == Some(source));
        let uses: Vec<QuoteUse> = uses
            .into_iter()
            .filter(|it| all_of_it || ids.iter().any(|id| statements(graph, id).contains(&it.statement)))
            .collect();
        if !uses.is_empty() {
            groups.push((source, uses));
        }
    }
    if groups.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "nothing there is a quotation, so there is nothing to compare",
        )
        .help("paraphrases are told in other words than the source’s"));
    }
    Ok(groups)
}

/// The statements that an id may mean: `ada.hello`, or `tale/ada.hello`.
fn statements(graph: &Graph, id: &str) -> Vec<NodeId> {
    let is_it = |it: &NodeId| *graph.node(*it).key == *id || graph.node(*it).short_key() == id;
    graph.of_kind(Kind::Statement).filter(is_it).collect()
}

fn quotation(it: &Comparison, copy: &Copy) -> Quotation {
    let (class, notes, nearest) = match &it.state {
        State::Compared { found, nearest, .. } => (found.class, found.notes.as_slice(), nearest.as_deref()),
        State::NoCopy { .. } => (Class::NoText, [].as_slice(), None),
    };
    Quotation {
        statement: it.subject.key.statement.clone(),
        source: it.subject.key.source.clone(),
        wording: it.subject.wording,
        class: class.name(),
        holds: class.passes(),
        notes: notes.iter().map(crate::quote::Note::sentence).collect(),
        as_recorded: it.is_as_recorded(),
        recorded_class: it.record.as_ref().map(|it| it.class.clone()),
        recorded_on: it.record.as_ref().map(|it| it.on.clone()),
        same_text: it.record.as_ref().and_then(|it| it.text).map(|text| text == copy.digest),
        nearest: nearest.map(|it| it.passage.clone()),
        difference: nearest.map(|it| marked(&it.diff)),
    }
}

fn table(report: &Verified) -> String {
    let mut out =
        format!("{}, rules {}\n  text sha256 {}\n\n", report.file, report.rules, report.text_sha256);
    let width = report.quotations.iter().map(|it| it.statement.chars().count()).max().unwrap_or(0);
    for it in &report.quotations {
        let wording = match it.wording {
            Wording::Quote => "",
            Wording::Original => " (the original)",
            Wording::AsPrinted => " (as printed there)",
        };
        let record = match (&it.as_recorded, &it.recorded_class, &it.recorded_on) {
            (Some(true), Some(class), Some(on)) if class == it.class => format!("as recorded on {on}"),
            (Some(true), Some(class), Some(on)) => format!("recorded as {class} on {on}"),
            (Some(false), ..) => "other words than those recorded".to_owned(),
            _ => "no record".to_owned(),
        };
        out.push_str(&format!(
            "  {:12} {:width$}  {}{wording}; {record}\n",
            it.class, it.statement, it.source
        ));
        for note in &it.notes {
            out.push_str(&format!("  {:12}   {note}\n", ""));
        }
        if let Some(difference) = &it.difference {
            out.push_str(&format!("  {:12}   nearest: {difference}\n", ""));
        }
    }
    out.push_str(&format!("\n{} of {} hold.\n", report.hold, report.of));
    out
}
