//! What linking can find wrong: codes and the sentences that go with them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::link::Absent;
use super::{Graph, Node, NotFound};
use crate::diag::{Code, Diagnostic, Level, Place};
use crate::model::{Kind, Mention, Record, RefSite, Target};
use crate::text::{misspelt, nearest_few};

/// Every code of this module.
pub static CODES: &[&Code] = &[
    &REF_UNRESOLVED,
    &UNKNOWN_KIND,
    &REF_TYPE,
    &REF_AMBIGUOUS,
    &DRAFT_REFERENCE,
    &DUPLICATE_ID,
    &REACTION_WITHOUT_STORY,
];

static REF_UNRESOLVED: Code = Code {
    name: "ref-unresolved",
    level: Level::Error,
    manual: "# ref-unresolved

A field or a link names something that no file defines: an actor, an event, a source, a term, a statement or another record.

A reference that leads nowhere would leave a reader with a name and nothing behind it, so nothing is published until it
resolves.

Check the spelling against the id: the file's name without `.md`, or the `id:` of an entry in a list. If it is missing, write
a file for it. Inside a reaction a statement is known by its own id; from elsewhere by `reaction.statement`:

```yaml
replies_to: benioff              # same reaction
on: sam-altman.invigorating      # another one
```",
};

static UNKNOWN_KIND: Code = Code {
    name: "unknown-kind",
    level: Level::Error,
    manual: "# unknown-kind

A link such as `[[kind:id]]` starts with a word that names no kind.

Kinds are `story`, `event`, `actor`, `reaction`, `statement`, `action`, `claim`, `silence`, `source`, `term`,
`figure`, `correction`, `page` and `section`. If the colon belongs to the text, write `[[id|text: with colon]]`.",
};

static REF_TYPE: Code = Code {
    name: "ref-type",
    level: Level::Error,
    manual: "# ref-type

The id exists, but as another kind of thing than this field can hold: a term where an actor is wanted.

```yaml
speaker: distillation     # wrong: a term cannot speak
speaker: sam-altman       # right
```",
};

static REF_AMBIGUOUS: Code = Code {
    name: "ref-ambiguous",
    level: Level::Error,
    manual: "# ref-ambiguous

Several things have this id, and nothing says which one is meant. Name the kind before it:

```markdown
[[r1]]          an actor and an event are called r1
[[actor:r1]]    right
```

A reaction gives way to every other kind, because it usually has its actor's id: `[[nvidia]]` is the actor,
`[[reaction:nvidia]]` the reaction.",
};

static DRAFT_REFERENCE: Code = Code {
    name: "draft-reference",
    level: Level::Error,
    manual: "# draft-reference

Something public names a draft. A reader who follows the link would find nothing.

Publish the draft (remove `draft: true`), or take the reference out. `--drafts` builds with both.",
};

static DUPLICATE_ID: Code = Code {
    name: "duplicate-id",
    level: Level::Error,
    manual: "# duplicate-id

Two records of one kind, or two parts of one reaction, have the same id. Every reference to it would be a guess,
and both would claim the same address.

Rename one of them: the file, or its `id:`.",
};

static REACTION_WITHOUT_STORY: Code = Code {
    name: "reaction-without-story",
    level: Level::Error,
    manual: "# reaction-without-story

A reaction belongs to a story, because its address starts with it. The story is found by directory
(`content/my-story/story.md` and `content/my-story/reactions/…`), else by `story:`, else by the one story whose
`event:` is the event reacted to. Here none of the three says.",
};

/// "an actor, an event or a term".
fn one_of(kinds: &[Kind]) -> String {
    match kinds {
        [] => "anything".to_owned(),
        [one] => one.with_article(),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|kind| kind.with_article()).collect();
            format!("{} or {}", most.join(", "), last.with_article())
        }
    }
}

pub(super) fn unresolved(
    graph: &Graph,
    record: &Record,
    site: &RefSite<'_>,
    why: &NotFound,
    absent: &Absent<'_>,
) -> Option<Diagnostic> {
    let place = Place::field(&record.origin.file, record.origin.field(&site.path.to_string()));
    not_found(graph, place, site.reference.as_str(), site.relation.targets(), why, absent, false)
}

pub(super) fn unresolved_mention(
    graph: &Graph,
    record: &Record,
    mention: &Mention,
    why: &NotFound,
    absent: &Absent<'_>,
) -> Option<Diagnostic> {
    let place = Place::span(&record.origin.file, mention.span);
    match &mention.target {
        Target::File(path) => {
            let files =
                graph.nodes().filter_map(|(_, node)| node.record.origin.file.strip_prefix("content/"));
            let near = nearest_few(path, files, 3);
            let told = Diagnostic::new(&REF_UNRESOLVED, place, format!("no content file is called `{path}`"))
                .label("not found below content/");
            if near.is_empty() {
                return Some(told.help("correct the path, or write the file"));
            }
            Some(did_you_mean(told, &near.iter().map(|near| format!("@/{near}")).collect::<Vec<_>>()))
        }
        Target::Id { kind, id } => {
            let kinds: Vec<Kind> =
                kind.as_deref().and_then(|word| Kind::parse(word).ok()).into_iter().collect();
            not_found(graph, place, id, &kinds, why, absent, true)
        }
        Target::SamePage => Some(Diagnostic::new(&REF_UNRESOLVED, place, "this link leads nowhere")),
    }
}

fn not_found(
    graph: &Graph,
    place: Place,
    written: &str,
    kinds: &[Kind],
    why: &NotFound,
    absent: &Absent<'_>,
    in_prose: bool,
) -> Option<Diagnostic> {
    let id =
        written.split_once(':').filter(|(word, _)| Kind::parse(word).is_ok()).map_or(written, |(_, id)| id);
    let gone = |set| matches!(why, NotFound::Unknown | NotFound::OtherKind(_)) && is_among(set, kinds, id);
    if gone(&absent.broken) {
        return None;
    }
    Some(match why {
        _ if gone(&absent.drafts) => {
            Diagnostic::new(&DRAFT_REFERENCE, place, format!("`{id}` is a draft, and this is public"))
                .label("leads to a draft")
                .help("remove `draft: true` there, or build with `--drafts`")
        }
        NotFound::Unknown => {
            let what = if kinds.is_empty() {
                "nothing".to_owned()
            } else {
                format!("no {}", without_article(kinds))
            };
            // Parts of the reaction the reference stands in are known by their own ids there.
            let file = Arc::clone(&place.file);
            let known = || graph.known_ids(kinds).chain(graph.known_parts(kinds, &file));
            let near = nearest_few(id, known(), 3);
            let told = Diagnostic::new(&REF_UNRESOLVED, place, format!("{what} is called `{id}`"))
                .label("not found");
            let told = match near.first() {
                Some(first) if !in_prose => {
                    let is_sure = id == written && misspelt(id, known()) == Some(first);
                    told.fix(format!("write `{first}`"), (*first).to_owned()).safe_if(is_sure, written)
                }
                _ => told,
            };
            if near.is_empty() {
                return Some(told.help(where_to_write(kinds, id)));
            }
            did_you_mean(told, &near.iter().map(|near| named(graph, kinds, near)).collect::<Vec<_>>())
        }
        NotFound::OtherKind(others) => {
            let other = graph.node(others[0]);
            Diagnostic::new(
                &REF_TYPE,
                place,
                format!("`{id}` is {}, and this wants {}", other.kind.with_article(), one_of(kinds)),
            )
            .label(format!("{} goes here", one_of(kinds)))
            .also(Place::file(&other.record.origin.file), format!("the {} is here", other.kind))
        }
        NotFound::Ambiguous(found) => {
            let mut told =
                Diagnostic::new(&REF_AMBIGUOUS, place, format!("several things are called `{id}`"))
                    .label("which one?");
            let shared_kind = found.iter().all(|it| graph.node(*it).kind == graph.node(found[0]).kind);
            for it in found {
                let node = graph.node(*it);
                let exact = if shared_kind { node.key.to_string() } else { format!("{}:{id}", node.kind) };
                let exact = if in_prose { format!("[[{exact}]]") } else { exact };
                told = told
                    .help(format!("write `{exact}` for the {} in {}", node.kind, node.record.origin.file));
            }
            told
        }
    })
}

/// Whether a set holds this id as one of these kinds; a part of a reaction counts as its reaction.
/// What to do about an id that is like no other.
fn where_to_write(kinds: &[Kind], id: &str) -> String {
    match kinds {
        [Kind::Statement | Kind::Action | Kind::Claim] => {
            "correct the id; what stands in another reaction is called `reaction.id`".to_owned()
        }
        [Kind::Reaction] => "correct the id, or write the reaction".to_owned(),
        [one] => match one.directory() {
            Some(directory) => format!("correct the id, or write `content/{directory}/{id}.md`"),
            None => "correct the id, or write the record it names".to_owned(),
        },
        _ => "correct the id, or write the record it names".to_owned(),
    }
}

fn is_among(set: &BTreeSet<(Kind, &str)>, kinds: &[Kind], id: &str) -> bool {
    let last = id.split('.').next().unwrap_or(id);
    let kinds = if kinds.is_empty() { &Kind::ALL[..] } else { kinds };
    kinds.iter().any(|kind| match kind {
        Kind::Statement | Kind::Action | Kind::Claim | Kind::Silence => set.contains(&(Kind::Reaction, last)),
        kind => set.contains(&(*kind, id)),
    })
}

fn without_article(kinds: &[Kind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    match names.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        names => names.concat(),
    }
}

/// "`yann-lecun` (Yann LeCun)".
fn named(graph: &Graph, kinds: &[Kind], id: &str) -> String {
    let kinds = if kinds.is_empty() { &Kind::ALL[..] } else { kinds };
    let record = kinds.iter().find_map(|kind| graph.find(*kind, id)).map(|id| &graph.node(id).record);
    match record.map(|record| &record.data) {
        Some(crate::model::Data::Actor(actor)) => format!("{id}` ({})`", actor.name),
        _ => id.to_owned(),
    }
}

fn did_you_mean(told: Diagnostic, near: &[String]) -> Diagnostic {
    let quoted: Vec<String> = near
        .iter()
        .map(|near| match near.split_once("` (") {
            Some((id, name)) => format!("`{id}` ({}", name.trim_end_matches('`')),
            None => format!("`{near}`"),
        })
        .collect();
    match quoted.as_slice() {
        [] => told,
        [one] => told.help(format!("did you mean {one}?")),
        many => told.help(format!("did you mean one of {}?", many.join(", "))),
    }
}

pub(super) fn unknown_kind(record: &Record, mention: &Mention, word: &str) -> Diagnostic {
    let near = nearest_few(word, Kind::ALL.map(Kind::name), 1);
    let told = Diagnostic::new(
        &UNKNOWN_KIND,
        Place::span(&record.origin.file, mention.span),
        format!("`{word}` is no kind of thing"),
    )
    .label("kinds are story, event, actor, reaction, statement, source, term, figure …");
    if near.is_empty() {
        return told.help(format!("if the colon belongs to the text, write `[[id|{word}: …]]`"));
    }
    did_you_mean(told, &near.iter().map(|near| (*near).to_owned()).collect::<Vec<_>>())
}

/// Why an id that somebody typed, perhaps behind a kind, means nothing. It stands in no file.
pub(super) fn not_meant(graph: &Graph, typed: &str, kind: Option<Kind>, why: &NotFound) -> Diagnostic {
    let absent = Absent { drafts: BTreeSet::new(), broken: BTreeSet::new() };
    let kinds: Vec<Kind> = kind.into_iter().collect();
    let told = not_found(graph, Place::file(&Arc::from("")), typed, &kinds, why, &absent, false);
    let told = told.expect("nothing is absent, so there is something to say");
    Diagnostic { place: None, label: String::new(), fix: None, ..told }
}

/// A word before the colon of a typed id that names no kind.
pub(super) fn unknown_kind_typed(typed: &str) -> Diagnostic {
    let word = typed.split(':').next().unwrap_or(typed);
    let told = Diagnostic::unplaced(&UNKNOWN_KIND, format!("`{word}` is no kind of thing"));
    match nearest_few(word, Kind::ALL.map(Kind::name), 1).first() {
        Some(near) => told.help(format!("did you mean `{near}`?")),
        None => told.help(format!("kinds are {}", Kind::ALL.map(Kind::name).join(", "))),
    }
}

pub(super) fn duplicate_id(record: &Record, first: &Record) -> Diagnostic {
    let kind = record.kind();
    let place = |record: &Record| Place::field(&record.origin.file, record.origin.field("id"));
    Diagnostic::new(&DUPLICATE_ID, place(record), format!("two {}s are called `{}`", kind, record.id))
        .label("the second one")
        .also(place(first), "the first one")
        .help("give one of them another `id:`")
}

pub(super) fn duplicate_part(node: &Node, id: &str, first: &str) -> Diagnostic {
    let file = &node.record.origin.file;
    Diagnostic::new(
        &DUPLICATE_ID,
        Place::field(file, node.field("id")),
        format!("this reaction has two {}s called `{id}`", node.kind),
    )
    .label("the second one")
    .also(Place::field(file, first), "the first one")
    .help("give one of them another `id:`")
}

pub(super) fn reaction_without_story(record: &Arc<Record>) -> Diagnostic {
    Diagnostic::new(
        &REACTION_WITHOUT_STORY,
        Place::field(&record.origin.file, record.origin.field("to")),
        "this reaction belongs to no story",
    )
    .label("no story, or more than one, tells of this event")
    .help("move the file below the story's directory, or name it with `story:`")
}
