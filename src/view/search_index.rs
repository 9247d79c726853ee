//! What the index of a search is made of: one record for each story, statement, actor, source and term.
//!
//! Whoever makes the index gets all records at once. Nothing here knows how: an index is there only where the program can make one.

use super::desk::Desk;
use super::{Model, View};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Form, Kind, Relation, Search, Site};
use crate::plan::{Route, Wanted};
use crate::theme::quoted;

pub(super) const VIEW: View = View { name: NAME, template: None, routes, compose };

/// The name of this view, for the engine, which makes its files after all others.
pub const NAME: &str = "search-index";

/// Where all files of an index stand.
pub const DIRECTORY: &str = "pagefind/";

/// The first file that is asked for.
const ENTRY: &str = "/pagefind/pagefind-entry.json";

/// One thing that can be found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// What it is, as readers see it: `Statements`, `Actors`, `Stories`, `Sources` or `Terms`.
    pub kind: &'static str,
    /// Its page: site-absolute. No two records have the same.
    pub url: String,
    /// BCP 47 tag of the page it stands on, in lower case: readers of pages in this language find it.
    pub lang: String,
    /// The speaker of a statement; else a name or title. It is searched, too.
    pub title: String,
    /// A statement's words, in the original too; what is told of anything else, or its name once more. Never empty.
    pub text: String,
    /// The language of a statement's words, where it is not that of the page.
    pub text_lang: Option<String>,
    /// A line on it: when and where something was said, who published it.
    pub note: String,
    /// Who spoke, or the actor itself.
    pub actors: Vec<String>,
    /// The stance of a statement, where it has one.
    pub stances: Vec<String>,
    /// The sources a statement rests on, or the source itself.
    pub sources: Vec<String>,
}

/// What is recorded, by kind.
const KINDS: [(Kind, &str); 5] = [
    (Kind::Statement, "Statements"),
    (Kind::Actor, "Actors"),
    (Kind::Story, "Stories"),
    (Kind::Source, "Sources"),
    (Kind::Term, "Terms"),
];

fn routes(_: &Graph, site: &Site) -> Vec<Wanted> {
    match site.search {
        Search::Index => vec![Wanted::at(ENTRY, VIEW.name)],
        Search::Off | Search::List => Vec::new(),
    }
}

fn compose(desk: &Desk<'_>, _: &Route) -> Model {
    let of_kind = |(kind, name): (Kind, &'static str)| {
        desk.lens.all(kind).into_iter().filter_map(move |id| record(desk, id, name))
    };
    Model::Index(KINDS.into_iter().flat_map(of_kind).collect())
}

fn record(desk: &Desk<'_>, id: NodeId, kind: &'static str) -> Option<Record> {
    let node = desk.lens.node(id);
    let mut record = Record {
        kind,
        url: desk.url(id),
        lang: desk.page_lang_of(id).0.to_lowercase(),
        title: node.name.clone(),
        text: String::new(),
        text_lang: None,
        note: String::new(),
        actors: Vec::new(),
        stances: Vec::new(),
        sources: Vec::new(),
    };
    let date = desk.lens.date_of(id).map(crate::text::Edtf::display_short);
    let text = |parts: &[Option<&str>]| joined(parts, " ");
    match &node.record().data {
        Data::Story(story) => {
            record.text = text(&[story.question.as_deref(), Some(&desk.summary(id))]);
            record.note = date.map_or_else(String::new, |date| format!("as of {date}"));
        }
        Data::Actor(actor) => {
            let role = desk.actor(id).role;
            let more = actor.described_as.as_deref().filter(|it| *it != role);
            record.text = joined(&[Some(&role), more], ". ");
            record.actors = vec![node.name.clone()];
        }
        Data::Source(source) => {
            let publisher = desk.source(id).publisher;
            record.text = text(&[source.note.as_deref()]);
            record.note = joined(&[Some(&publisher), date.as_deref()], ", ");
            record.sources = vec![node.name.clone()];
        }
        Data::Term(term) => {
            let also = term.also.join(", ");
            let meaning = [term.expands_to.as_deref(), term.definition.as_deref()];
            record.text = joined(&[meaning[0], meaning[1], Some(&also)], " ");
        }
        _ => {
            let (statement, facts) = (node.statement()?, desk.lens.statement_facts(id)?);
            let original = statement.original.as_ref().map(|it| it.text.as_str());
            record.title = desk.lens.name(facts.speaker).to_owned();
            let lang = desk.lang_of(id).0;
            // A paraphrase is not to look like a quotation.
            let words = match statement.form {
                Form::Quote => quoted(&statement.words, &lang),
                Form::Paraphrase => statement.words.clone(),
            };
            record.text = text(&[Some(&words), original]);
            record.text_lang = Some(lang).filter(|it| it.to_lowercase() != record.lang);
            record.note = joined(&[date.as_deref(), Some(&desk.channel_label(id))], ", ");
            record.actors = vec![record.title.clone()];
            record.stances = desk.stance_of_statement(id).map(|it| it.label).into_iter().collect();
            record.sources = desk
                .lens
                .targets(id, Relation::Cites)
                .into_iter()
                .map(|source| desk.lens.name(source).to_owned())
                .collect();
        }
    }
    if record.text.is_empty() {
        record.text.clone_from(&record.title);
    }
    Some(record)
}

/// Those that are there and not empty, with something between them.
fn joined(parts: &[Option<&str>], between: &str) -> String {
    let there: Vec<&str> = parts.iter().flatten().copied().filter(|it| !it.is_empty()).collect();
    there.join(between)
}
