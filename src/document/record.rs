//! Records: which kind an entry is, what its id is, and the fields every kind has.
//!
//! In: the tree of a front matter or of a list. Out: [`Record`]s, and in the report all that is wrong with them.

use std::sync::Arc;

use super::context::{At, Context};
use super::fields::Fields;
use super::ids::{bad_id, id_problem};
use super::node::{Entry, Node};
use super::problems::fields as problems;
use super::sentences::{capital, listed, needs, with_article};
use super::value::Value;
use super::{actor, reaction, rules, small, source, story};
use crate::diag::{Diagnostic, Place};
use crate::model::{Data, Kind, Meta, Origin, ProseFacts, Record};
use crate::text::{misspelt, nearest};

/// What the file's path says of its records.
struct Path<'p> {
    /// Directories below `content/`.
    dirs: Vec<&'p str>,
    /// The file's name without its ending.
    stem: &'p str,
}

impl<'p> Path<'p> {
    fn of(file: &'p str) -> Path<'p> {
        let below = file.strip_prefix("content/").unwrap_or(file);
        let mut parts: Vec<&str> = below.split('/').collect();
        let name = parts.pop().unwrap_or(below);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Path { dirs: parts, stem }
    }

    fn kind_of_directory(&self) -> Option<Kind> {
        let named = |dir: &&str| Kind::RECORDS.into_iter().find(|kind| kind.directory() == Some(*dir));
        self.dirs.iter().rev().find_map(named)
    }

    /// The kind of a Markdown file that does not say it.
    fn kind(&self) -> Kind {
        match self.stem {
            "_index" => Kind::Section,
            _ => self.kind_of_directory().unwrap_or(if self.stem == "story" {
                Kind::Story
            } else {
                Kind::Page
            }),
        }
    }

    fn id(&self, kind: Kind) -> String {
        let below = |stem: Option<&str>| {
            let parts: Vec<&str> = self.dirs.iter().copied().chain(stem).collect();
            parts.join("/")
        };
        match (kind, self.stem, self.dirs.last()) {
            (Kind::Section, "_index", None) => "home".to_owned(),
            (Kind::Section, "_index", Some(_)) => below(None),
            (Kind::Story, "story" | "index", Some(dir)) => (*dir).to_owned(),
            (Kind::Page | Kind::Section, ..) => below(Some(self.stem)),
            _ => self.stem.to_owned(),
        }
    }

    /// A title for a page without one: the file's name with spaces, first letter upper.
    fn title(&self) -> String {
        let name = match (self.stem, self.dirs.last()) {
            ("_index" | "index", Some(dir)) => *dir,
            ("_index" | "index", None) => "home",
            (stem, _) => stem,
        };
        capital(&name.replace(['-', '_'], " "))
    }
}

/// What a Markdown file would hold if it could be read: the kind and id that follow from its path.
pub(super) fn meant(file: &str) -> (Kind, Arc<str>) {
    let path = Path::of(file);
    let kind = path.kind();
    (kind, path.id(kind).into())
}

/// The record of a Markdown file.
pub(super) fn of_file<'t>(context: &mut Context<'t>, root: &Node<'t>, prose: ProseFacts) -> Option<Record> {
    let file = Arc::clone(&context.file);
    let path = Path::of(&file);
    let entries = match root {
        Node::Map(entries) => entries.as_slice(),
        Node::Null(_) => &[],
        Node::Scalar(_) | Node::List(_) => {
            let message = format!("The front matter is {}, not `key: value` lines", root.shape());
            let diagnostic = Diagnostic::new(&problems::WRONG_TYPE, context.value(root, &At::ROOT), message);
            context.add(diagnostic.help("Write one `key: value` per line, with a space behind the colon"));
            return None;
        }
    };
    let kind = kind(context, &At::ROOT, entries, Some(path.kind()))?;
    if entries.is_empty()
        && let Some(keys) = needs(kind.name())
    {
        let message = format!("This {} has no front matter; it needs {keys}", kind.name());
        let diagnostic = Diagnostic::new(&problems::MISSING_KEY, context.at(&At::ROOT), message);
        context.add(diagnostic.help("Start the file with `---`, the keys, and `---` again"));
        return None;
    }
    let title = prose.anchors.first().map(|it| it.text.clone()).filter(|it| !it.is_empty());
    let title = title.unwrap_or_else(|| path.title());
    record(context, &At::ROOT, entries, Wanted { kind, id: Some(path.id(kind)), title, entry: None }, prose)
}

/// The records of a list.
pub(super) fn of_list<'t>(context: &mut Context<'t>, root: &Node<'t>) -> Vec<Arc<Record>> {
    let file = Arc::clone(&context.file);
    let path = Path::of(&file);
    let items = match root {
        Node::List(items) => items,
        Node::Null(_) => return Vec::new(),
        Node::Scalar(_) | Node::Map(_) => {
            let message = format!("This file is {}, not a list of records", root.shape());
            let diagnostic = Diagnostic::new(&problems::NOT_A_LIST, context.at(&At::ROOT), message);
            let diagnostic =
                diagnostic.help("Start each record with `- ` and indent its other keys by two spaces");
            context.add(diagnostic.help("Data that is no record belongs outside `content/`"));
            return Vec::new();
        }
    };
    let mut records = Vec::with_capacity(items.len());
    for (idx, item) in items.iter().enumerate() {
        let at = At::ROOT;
        let at = at.index(idx);
        let Node::Map(entries) = item else {
            Value { node: item, at: &at }.wrong(context, "a record with `id` and its other keys");
            continue;
        };
        let Some(kind) = kind(context, &at, entries, path.kind_of_directory()) else { continue };
        let title = entries.iter().find(|it| it.key == "id").map_or(String::new(), |it| match &it.value {
            Node::Scalar(id) => capital(&id.replace('-', " ")),
            _ => String::new(),
        });
        let wanted = Wanted { kind, id: None, title, entry: Some(idx) };
        records.extend(record(context, &at, entries, wanted, ProseFacts::default()).map(Arc::new));
    }
    records
}

/// What is known of a record before its fields are read.
struct Wanted {
    kind: Kind,
    /// The id it has unless it says otherwise.
    id: Option<String>,
    /// The title it has unless it says otherwise.
    title: String,
    entry: Option<usize>,
}

/// The kind: as written, else as the path says.
fn kind<'t>(
    context: &mut Context<'t>,
    at: &At<'_>,
    entries: &[Entry<'t>],
    default: Option<Kind>,
) -> Option<Kind> {
    let written = entries.iter().find(|it| it.key == "kind" && it.value != Node::Null(""));
    let Some(entry) = written else {
        if default.is_none() {
            let message = "This record does not say what it is: it has no `kind`";
            let diagnostic = Diagnostic::new(&problems::MISSING_KEY, context.at(at), message);
            context.add(
                diagnostic
                    .label("`kind` is missing")
                    .help("Add `kind: actor` or another kind, or move the file into `actors/` or such"),
            );
        }
        return default;
    };
    let at = at.key("kind");
    let value = Value { node: &entry.value, at: &at };
    let typed = value.plain(context, "a single word")?;
    let parsed = Kind::parse(&typed).ok();
    if let Some(kind) = parsed.filter(|it| Kind::RECORDS.contains(it)) {
        return Some(kind);
    }
    let place = context.value(value.node, &at);
    let names: Vec<&str> = Kind::RECORDS.iter().map(|it| it.name()).collect();
    let diagnostic = match parsed {
        Some(part) => {
            let message =
                format!("{} is part of a reaction and has no file of its own", capital(&part.with_article()));
            let list =
                if part == Kind::Silence { "silences".to_owned() } else { format!("{}s", part.name()) };
            let diagnostic = Diagnostic::new(&problems::UNKNOWN_VALUE, place, message);
            diagnostic.help(format!("Write it below `{list}:` of a reaction"))
        }
        None => {
            let message = format!("There is no kind `{typed}`");
            let diagnostic = Diagnostic::new(&problems::UNKNOWN_VALUE, place, message);
            let diagnostic = match nearest(&typed, names.iter().copied()) {
                Some(near) => {
                    let is_sure = misspelt(&typed, names.iter().copied()) == Some(near);
                    let diagnostic = diagnostic.label(format!("did you mean `{near}`?"));
                    diagnostic.fix(format!("Write `{near}`"), near).safe_if(is_sure, typed.as_str())
                }
                None => diagnostic,
            };
            diagnostic.help(format!("The kinds are {}", listed(&names, "and")))
        }
    };
    context.add(diagnostic);
    None
}

fn record<'t>(
    context: &mut Context<'t>,
    at: &At<'_>,
    entries: &[Entry<'t>],
    wanted: Wanted,
    prose: ProseFacts,
) -> Option<Record> {
    let Wanted { kind, id, title, entry } = wanted;
    let file = Arc::clone(&context.file);
    let mut fields = Fields::new(context, at, entries, kind.name());
    fields.label("kind");
    let id = record_id(&mut fields, kind, id);
    let (redirects, also) = small::aliases(&mut fields, kind == Kind::Term);
    let draft = fields.truth("draft", false);
    let description = fields.text("description");
    let template = fields.label("template");
    let accept = rules::acceptances(&mut fields);
    let extra = fields.extras("extra");
    // Stories and sources have a language of their own under the same key.
    let lang = if matches!(kind, Kind::Story | Kind::Source) { None } else { fields.label("lang") };
    let data = data(&mut fields, kind, title, also);
    fields.finish();
    let id = id?;
    let Some(data) = data else {
        context.broken.push((kind, id.into()));
        return None;
    };
    let lang = if let Data::Story(story) = &data { story.lang.clone() } else { lang };
    let meta = Meta { redirects, draft, description, template, lang, accept, extra };
    Some(Record { id: id.into(), origin: Origin { file, entry }, meta, data, prose })
}

fn data(fields: &mut Fields<'_, '_>, kind: Kind, title: String, also: Vec<String>) -> Option<Data> {
    match kind {
        Kind::Story => story::story(fields).map(Data::Story),
        Kind::Event => story::event(fields).map(Data::Event),
        Kind::Actor => actor::actor(fields).map(Data::Actor),
        Kind::Reaction => reaction::reaction(fields).map(Data::Reaction),
        Kind::Source => source::source(fields).map(Data::Source),
        Kind::Term => small::term(fields, also).map(Data::Term),
        Kind::Figure => small::figure(fields).map(Data::Figure),
        Kind::Correction => small::correction(fields).map(Data::Correction),
        Kind::Page => small::page(fields, title).map(Data::Page),
        Kind::Section => small::section(fields, title).map(Data::Section),
        Kind::Statement | Kind::Action | Kind::Claim | Kind::Silence => {
            unreachable!("because `kind` lets only records through")
        }
    }
}

/// The id as written, else the file's name; an entry of a list must have one.
fn record_id(fields: &mut Fields<'_, '_>, kind: Kind, default: Option<String>) -> Option<String> {
    let written = fields.id("id");
    if written.is_some() || fields.has_items("id") {
        return written;
    }
    let Some(default) = default else {
        fields.missing("id");
        return None;
    };
    let path_like = matches!(kind, Kind::Page | Kind::Section);
    let mut parts = if path_like { default.split('/').collect() } else { vec![default.as_str()] };
    // Each directory and the name itself must be able to stand in an address.
    parts.retain(|it| !it.is_empty());
    let Some((part, why)) = parts.iter().find_map(|part| id_problem(part).map(|why| (*part, why))) else {
        return Some(default);
    };
    let place = Place::file(&fields.context.file);
    let diagnostic = bad_id(place, part, why);
    let noun = with_article(kind.name());
    let diagnostic = diagnostic.note(format!("The id of {noun} is its file's name unless it has an `id`"));
    // The place is the whole file, which no text can replace.
    let help = match &diagnostic.fix {
        Some(fix) => format!("Rename it to `{}`, or add an `id`", fix.replacement),
        None => "Rename the file, or add an `id`".to_owned(),
    };
    fields.context.add(Diagnostic { fix: None, ..diagnostic }.help(help));
    None
}
