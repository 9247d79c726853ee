//! Each kind: its smallest form, its shorthands, its defaults.

use super::*;
use crate::model::{
    Actor, ChannelType, ClaimStatus, Data, Extra, Form, Kind, Reaction, Ref, Scope, Snapshot, Source,
    SourceRole, StanceMark, StoryStatus,
};
use crate::text::Sha256;

fn actor(text: &str) -> Actor {
    match &the_record("content/actors/a.md", text).data {
        Data::Actor(actor) => actor.clone(),
        other => panic!("{other:?}"),
    }
}

fn reaction(parts: &str) -> Reaction {
    match &the_record("content/reactions/a.md", &format!("---\nactor: a\nto: e\n{parts}\n---\n")).data {
        Data::Reaction(reaction) => reaction.clone(),
        other => panic!("{other:?}"),
    }
}

fn source(lines: &str) -> Source {
    match &the_record("content/sources/a.md", &format!("---\ntype: post\ntitle: T\n{lines}\n---\n")).data {
        Data::Source(source) => source.clone(),
        other => panic!("{other:?}"),
    }
}

fn refs(ids: &[&str]) -> Vec<Ref> {
    ids.iter().map(|it| Ref((*it).to_owned())).collect()
}

#[test]
fn kinds_and_ids_follow_from_the_path() {
    for (path, text, kind, id) in [
        ("content/actors/a.md", "---\ntype: person\nname: A\n---\n", Kind::Actor, "a"),
        ("content/x/actors/y/a.md", "---\ntype: person\nname: A\nid: b\n---\n", Kind::Actor, "b"),
        ("content/x.md", "---\nkind: actor\ntype: person\nname: A\n---\n", Kind::Actor, "x"),
        ("content/r1/story.md", "---\ntitle: T\nevent: e\nas_of: 2025-01-30\n---\n", Kind::Story, "r1"),
        (
            "content/r1/index.md",
            "---\nkind: story\ntitle: T\nevent: e\nas_of: 2025-01-30\n---\n",
            Kind::Story,
            "r1",
        ),
        ("content/stories/r2.md", "---\ntitle: T\nevent: e\nas_of: 2025-01-30\n---\n", Kind::Story, "r2"),
        ("content/notes/how/we-work.md", "", Kind::Page, "notes/how/we-work"),
        ("content/notes/_index.md", "", Kind::Section, "notes"),
        ("content/_index.md", "", Kind::Section, "home"),
        ("content/actors/_index.md", "", Kind::Section, "actors"),
    ] {
        let record = the_record(path, text);
        assert_eq!((record.kind(), record.id.as_ref()), (kind, id), "{path}");
    }
    let list = document_of(
        "content/x/_all.yml",
        "- { kind: term, id: a, name: A, def: b }\n- { kind: actor, id: a, type: person, name: A }\n",
    );
    let kinds: Vec<Kind> = list.facts.records.iter().map(|it| it.kind()).collect();
    assert_eq!(kinds, [Kind::Term, Kind::Actor]);
    assert_eq!(list.facts.records[1].origin.field("name"), "[1].name");
}

#[test]
fn titles_come_from_the_key_the_first_heading_or_the_name() {
    let title = |path: &str, text: &str| match &the_record(path, text).data {
        Data::Page(page) => page.title.clone(),
        Data::Section(section) => section.title.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(title("content/about-us.md", "---\ntitle: 1.10\n---\n# Heading\n"), "1.10");
    assert_eq!(title("content/about-us.md", "# Heading\n"), "Heading");
    assert_eq!(title("content/about-us.md", "Hi\n"), "About us");
    assert_eq!(title("content/notes/_index.md", ""), "Notes");
    assert_eq!(title("content/_index.md", ""), "Home");
}

#[test]
fn fields_every_kind_has() {
    let text = "---\ntitle: T\nid: p\naliases: /old/\ndraft: true\ndescription: D\ntemplate: letter.html\nlang: fr\n\
        extra: { a: true, b: 'true', c: 1.10, d: [x, ~], e: { f: no } }\n---\n";
    let meta = the_record("content/p.md", text).meta.clone();
    assert_eq!(meta.redirects, ["/old/"]);
    assert!(meta.draft);
    assert_eq!((meta.template.as_deref(), meta.lang.as_deref()), (Some("letter.html"), Some("fr")));
    let text = |it: &str| Extra::Text(it.to_owned());
    assert_eq!(meta.extra["a"], Extra::Bool(true));
    assert_eq!(meta.extra["b"], text("true"));
    assert_eq!(meta.extra["c"], text("1.10"));
    assert_eq!(meta.extra["d"], Extra::List(vec![text("x"), Extra::Null]));
    assert_eq!(meta.extra["e"], Extra::Map(vec![("f".to_owned(), text("no"))]));
}

#[test]
fn one_value_where_a_list_may_stand_is_a_list_of_one() {
    let one = actor(
        "---\ntype: person\nname: A\nsame_as: https://a.example/\nstakes: owns it\nroles: { at: x, title: T }\n---\n",
    );
    assert_eq!(one.same_as, ["https://a.example/"]);
    assert_eq!((one.stakes.as_slice(), one.roles.len()), (["owns it".to_owned()].as_slice(), 1));
    let named = actor(
        "---\ntype: person\nname: A\nnames: { zh: 甲, fr: NO }\naccounts: [{ on: x, handle: 0123 }]\n---\n",
    );
    assert_eq!(named.names, [("zh".to_owned(), "甲".to_owned()), ("fr".to_owned(), "NO".to_owned())]);
    assert_eq!(named.accounts[0].handle, "0123");
    let source =
        source("author: b\nchannel: x\narchive: https://a.example/1\nsnapshot: a/b.txt\nlang: en\nrelays: r");
    assert_eq!((source.author, source.channel), (refs(&["b"]), vec!["x".to_owned()]));
    assert_eq!(
        (source.archive[0].url.as_str(), source.snapshot.unwrap()),
        ("https://a.example/1", snapshot("a/b.txt"))
    );
    assert!(source.seen);
}

#[test]
fn snapshots_and_copies_may_say_more() {
    let source = source(
        "snapshot: { file: a.txt, private: false }\narchive: [{ url: https://a.example/, at: 2025-01-02, by: me }]\nseen: false",
    );
    assert_eq!(source.snapshot, Some(Snapshot { private: false, ..snapshot("a.txt") }));
    assert_eq!(source.archive[0].by.as_deref(), Some("me"));
    assert!(!source.seen);
}

#[test]
fn a_snapshot_may_say_what_was_saved_and_what_was_read_in_it() {
    let hex = Sha256::of(b"page").hex().to_uppercase();
    let source = self::source(&format!("snapshot: {{ file: a.txt, sha256: {hex}, text_sha256: '{hex}' }}"));
    let saved = Some(Sha256::of(b"page"));
    assert_eq!(source.snapshot, Some(Snapshot { sha256: saved, text_sha256: saved, ..snapshot("a.txt") }));
}

fn snapshot(file: &str) -> Snapshot {
    Snapshot { file: file.to_owned(), sha256: None, text_sha256: None, private: true }
}

#[test]
fn a_statement_needs_three_lines() {
    let reaction = reaction("statements:\n  - id: s\n    quote: it works\n    sources: p");
    let statement = &reaction.statements[0];
    assert_eq!((statement.form, statement.words.as_str()), (Form::Quote, "it works"));
    assert_eq!(statement.sources[0].source, Ref("p".to_owned()));
    assert_eq!((&statement.speaker, &statement.channel, &statement.date), (&None, &None, &None));
}

#[test]
fn a_statement_in_full() {
    let reaction = reaction(
        "statements:\n- id: s\n  speaker: a\n  for: b\n  capacity: official\n  says: They did.\n  partial: true\n  lang: de\n  \
         original: { lang: fr, text: oui }\n  channel: { type: press-release, on: [x, y], at: e, to: o, url: https://x.example/ }\n  \
         date: 2025-01-27/2025-01-30\n  date_basis: inferred\n  replies_to: r.t\n  endorses: r.u\n  supports: c\n  about: d\n  \
         mentions: [f]\n  terms: g\n  figures: h\n  alleges: { about: i, status: disputed, hedge: might }\n  \
         contested: { field: date, by: j, note: k }\n  \
         translations: { lang: it, text: si, by: l, method: human, of: { prefix: o } }\n  \
         sources: [m, { ref: n, role: primary, via: o, says: p, as_printed: q, locator: r }]\nlater: { id: z, quote: q, sources: [s], channel: post }",
    );
    let statement = &reaction.statements[0];
    assert_eq!(statement.form, Form::Paraphrase);
    assert_eq!(
        (&statement.supports, &statement.about, &statement.terms),
        (&refs(&["c"]), &refs(&["d"]), &refs(&["g"]))
    );
    assert_eq!(statement.alleges.as_ref().map(|it| it.status), Some(ClaimStatus::Disputed));
    assert_eq!(statement.contested[0].field, "date");
    assert_eq!(statement.translations[0].of.as_deref(), Some("o"));
    assert_eq!((statement.sources.len(), statement.sources[1].role), (2, Some(SourceRole::Primary)));
    assert_eq!(reaction.later[0].channel.as_ref().map(|it| it.channel_type), Some(ChannelType::Post));
}

#[test]
fn quotation_and_paraphrase_exclude_each_other() {
    let with =
        |lines: &str| format!("---\nactor: a\nto: e\nstatements:\n  - id: s\n{lines}    sources: p\n---\n");
    let path = "content/reactions/a.md";
    check(path, with("    quote: x\n    says: y\n"), &["quote-and-says 7:5 says"]);
    check(path, with("    form: paraphrase\n    quote: x\n"), &["quote-and-says 7:5 quote"]);
    check(path, with("    form: quote\n    says: x\n"), &["quote-and-says 7:5 says"]);
    check(path, with("    form: paraphrase\n"), &["missing-key 5:5 id"]);
    check(path, with("    form: paraphrase\n    says: x\n"), &[]);
    // A statement without a source is one: the check `attr-missing` says what it lacks.
    check(path, with("    quote: x\n").replace("    sources: p\n", ""), &[]);
    check(path, with("    quote: x\n").replace("sources: p", "sources: []"), &[]);
    check(path, with("    quote: x\n").replace("id: s", "id: S"), &["bad-id 5:9 S"]);
}

#[test]
fn actions_claims_and_silences() {
    let reaction = reaction(
        "actions: { id: a, did: It built teams., sources: s }\nclaims: { id: c, about: d, says: It took data., sources: s }\n\
         silences:\n  - { actor: b, state: declined, scope: public, as_of: 2025-01-30, sources: s, asked: { by: d, at: 2025-01-28 } }\n  \
         - { actor: b, state: not-asked, scope: { channel: x, kind: own-posts }, as_of: 2025-01, sources: s }",
    );
    assert_eq!((reaction.actions[0].by.as_ref(), reaction.claims[0].by.as_ref()), (None, None));
    assert_eq!(reaction.claims[0].status, ClaimStatus::Alleged);
    assert_eq!((&reaction.silences[0].scope, reaction.silences[0].asked.len()), (&Scope::Public, 1));
    assert_eq!(
        reaction.silences[1].scope,
        Scope::Channel { channel: "x".to_owned(), kind: Some("own-posts".to_owned()) }
    );
}

#[test]
fn a_scale_takes_words_or_maps() {
    let text = "---\ntitle: T\nevent: e\nas_of: 2025-01-30\nscale:\n  stance: [praises, welcomes-and-competes, reframes, acts, doubts, \
        alleges, silent, shrugs, { id: no, label: 'No!', mark: dispute }]\n  themes: [open-source, { id: b, label: B }]\n---\n";
    let record = the_record("content/r1/story.md", text);
    let Data::Story(story) = &record.data else { panic!("a story") };
    assert_eq!(story.status, StoryStatus::Live);
    let marks: Vec<StanceMark> = story.scale.stances.iter().map(|it| it.mark).collect();
    use StanceMark::{Accuse, Act, Dispute, Other, Praise, Reframe, Silent};
    assert_eq!(marks, [Praise, Praise, Reframe, Act, Dispute, Accuse, Silent, Other, Dispute]);
    assert_eq!(story.scale.stances[1].label, "welcomes and competes");
    assert_eq!(
        (story.scale.stances[8].label.as_str(), story.scale.themes[0].label.as_str()),
        ("No!", "open source")
    );
}

#[test]
fn terms_figures_events_and_corrections() {
    let list = "- { id: t, name: T, def: d, aliases: [/old/, tee, 'T.'] }\n";
    let document = document_of("content/terms/_t.yaml", list);
    let Data::Term(term) = &document.facts.records[0].data else { panic!("a term") };
    assert_eq!(
        (&term.also, &document.facts.records[0].meta.redirects),
        (&vec!["tee".into(), "T.".into()], &vec!["/old/".into()])
    );
    let figure = "- { id: f, of: a, measure: m, value: -17, unit: percent, bound: at-least, sources: s, conversions: { value: 1.10, unit: EUR, rate_date: null }, also_reported: 3 }\n";
    let document = document_of("content/figures/_f.yaml", figure);
    assert_eq!(told(&document.report, figure), [""; 0]);
    let Data::Figure(figure) = &document.facts.records[0].data else { panic!("a figure") };
    assert_eq!((figure.conversions[0].rate_date.as_ref(), figure.also_reported.len()), (None, 1));
    the_record(
        "content/events/e.md",
        "---\ntitle: T\ndate: 2025-01\nactors: [a, { ref: b, role: host }]\nsources: s\n---\n",
    );
    the_record(
        "content/r1/corrections/2025-02-01-x.md",
        "---\non: a.b\ndate: 2025-02-01\ntype: update\nwhy: new\n---\n",
    );
}

#[test]
fn a_record_survives_problems_in_fields_it_can_do_without() {
    let document = document_of("content/actors/a.md", "---\ntype: person\nname: A\nroles: x\nnope: y\n---\n");
    assert_eq!((document.report.diagnostics().len(), document.facts.records.len()), (2, 1));
    let document = document_of("content/actors/a.md", "---\ntype: person\nname: [A]\n---\n");
    assert_eq!((document.report.diagnostics().len(), document.facts.records.len()), (1, 0));
}
