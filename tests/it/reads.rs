//! What pages read: a page whose bytes change after an edit must have read something that the edit changed.
//!
//! This is the promise recorded reads stand on: whoever rebuilds only the pages that read a changed key misses none.

use std::collections::BTreeMap;

use rejoinder::engine::{self, BuildOptions, Built, Discard};
use rejoinder::graph::{Audit, Graph, Key, NodeId};
use rejoinder::input::MemoryFiles;
use rejoinder::model::Kind;

type Project = BTreeMap<String, String>;

/// The small site: every kind of record, and quick enough to build for every edit.
fn projects() -> Vec<Project> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |dir: &std::path::Path, tops: &[&str]| {
        let mut files = Project::new();
        for top in tops {
            for entry in walkdir::WalkDir::new(dir.join(top)).into_iter().flatten() {
                let path = entry.path().strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                if entry.file_type().is_file()
                    && let Ok(text) = std::fs::read_to_string(entry.path())
                {
                    files.insert(path, text);
                }
            }
        }
        files
    };
    vec![
        read(root, &["site.yaml", "content"]),
        read(&root.join("tests/sites/small"), &["site.yaml", "content"]),
    ]
}

fn build(project: &Project) -> Built {
    let mut files = MemoryFiles::new();
    for (path, text) in project {
        files.insert(path, text.as_bytes().to_vec());
    }
    let options = BuildOptions { reads: true, ..BuildOptions::default() };
    engine::build(&files, &options, &Discard).unwrap()
}

/// A node by what does not change between two builds.
fn name(graph: &Graph, id: NodeId) -> String {
    let node = graph.node(id);
    format!("{} {}", node.kind, node.key)
}

/// Everything a key stands for, as text, by the key's lasting name.
fn values(graph: &Graph, audit: &Audit, project: &Project, key: &Key) -> (String, String) {
    let edges = |edges: Vec<(NodeId, NodeId, String)>| {
        let shown =
            edges.iter().map(|(from, to, how)| format!("{} {how} {}", name(graph, *from), name(graph, *to)));
        shown.collect::<Vec<_>>().join("; ")
    };
    let all = |id: NodeId| {
        let both = graph.outgoing(id).iter().chain(graph.incoming(id));
        both.map(|it| (it.from, it.to, format!("{:?}", it.relation))).collect::<Vec<_>>()
    };
    match *key {
        Key::Card(id) => {
            let node = graph.node(id);
            let value = format!(
                "{} {:?} {:?}",
                node.name,
                node.record(),
                graph.statement_facts(id).map(|it| (&it.date, &it.channel, it.standing))
            );
            (format!("card {}", name(graph, id)), value)
        }
        Key::Name(id) => (format!("name {}", name(graph, id)), graph.node(id).name.clone()),
        Key::Summary(id) => {
            (format!("summary {}", name(graph, id)), graph.node(id).record().prose.summary.clone())
        }
        Key::Body(id) => {
            let file = project.get(&*graph.node(id).record().origin.file).cloned().unwrap_or_default();
            (format!("body {}", name(graph, id)), file)
        }
        Key::Sentences(id) => (
            format!("sentences {}", name(graph, id)),
            format!("{:?}", graph.node(id).record().prose.mentions),
        ),
        Key::Out(id, relation) => {
            let to = graph.targets(id, relation).map(|to| (id, to, String::new())).collect();
            (format!("out {} {relation:?}", name(graph, id)), edges(to))
        }
        Key::In(id, relation) => {
            let from = graph.origins(id, relation).map(|from| (from, id, String::new())).collect();
            (format!("in {} {relation:?}", name(graph, id)), edges(from))
        }
        Key::Edges(id) => (format!("edges {}", name(graph, id)), edges(all(id))),
        Key::Citations(id) => (
            format!("citations {}", name(graph, id)),
            format!("{:?} {}", graph.citations(id), edges(all(id))),
        ),
        Key::List(kind) => {
            let ids = graph.of_kind(kind).map(|id| name(graph, id));
            (format!("list {kind}"), ids.collect::<Vec<_>>().join("; "))
        }
        Key::Verification(id) => (format!("verification {}", name(graph, id)), format!("{:?}", audit.of(id))),
        Key::Addresses => {
            let nodes = graph.nodes().map(|(id, _)| rejoinder::plan::address(graph, id));
            ("addresses".to_owned(), nodes.collect::<Vec<_>>().join("; "))
        }
        Key::Address(id) => (format!("address {}", name(graph, id)), rejoinder::plan::address(graph, id)),
        Key::Audit => ("audit".to_owned(), format!("{audit:?}")),
        Key::Site => {
            // `site` in templates names the publisher and, in the menu, stories.
            let named = graph.nodes().filter(|(_, node)| matches!(node.kind, Kind::Story | Kind::Actor));
            let names: Vec<&str> = named.map(|(_, node)| node.name.as_str()).collect();
            ("site".to_owned(), format!("{} {names:?}", project["site.yaml"]))
        }
    }
}

/// Every edit of one file: a word of one line gets a letter more.
fn edits(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let editable = |line: &&str| {
        [
            "name: ",
            "title: ",
            "summary: ",
            "measure: ",
            "def: ",
            "note: ",
            "says: ",
            "quote: ",
            "described_as: ",
        ]
        .iter()
        .any(|key| line.contains(key))
    };
    let mut found = Vec::new();
    for (idx, line) in lines.iter().enumerate().filter(|(_, line)| editable(line)) {
        let Some(at) = line.rfind(|c: char| c.is_ascii_lowercase()) else { continue };
        let mut edited = lines.clone();
        let new = format!("{}z{}", &line[..=at], &line[at + 1..]);
        edited[idx] = &new;
        found.push(format!("{}\n", edited.join("\n")));
    }
    // And one of the prose.
    if text.starts_with("---") {
        found.push(format!("{text}\nA sentence more.\n"));
    }
    found
}

#[test]
fn a_page_that_changes_has_read_what_changed() {
    if !crate::world::runs_slow_tests("an edit of every file, and what pages read") {
        return;
    }
    let (mut n_edits, mut n_pages) = (0, 0);
    for project in projects() {
        let before = build(&project);
        let old = before.graph.as_ref().unwrap();
        let mut seen_per_file = 0;
        for (path, text) in project.iter().filter(|(path, _)| path.starts_with("content/")) {
            for edited in edits(text).into_iter().take(3) {
                let mut after_project = project.clone();
                after_project.insert(path.clone(), edited);
                let after = build(&after_project);
                if after.edition.is_empty() {
                    // The edit made an id out of place: not what this is about.
                    continue;
                }
                n_edits += 1;
                seen_per_file += 1;
                let new = after.graph.as_ref().unwrap();
                for changed in after.edition.since(&before.edition).written {
                    let url = changed.url();
                    let (Some(trace), Some(_)) = (before.reads.get(&url), before.edition.get(&changed))
                    else {
                        continue;
                    };
                    n_pages += 1;
                    let Some(now) = after.reads.get(&url) else { continue };
                    let now: BTreeMap<String, String> =
                        now.keys().iter().map(|key| values(new, &after.audit, &after_project, key)).collect();
                    let stale = trace.keys().iter().any(|key| {
                        let (name, value) = values(old, &before.audit, &project, key);
                        now.get(&name) != Some(&value)
                    });
                    assert!(
                        stale,
                        "{url} changed after an edit of {path}, and had read nothing that changed"
                    );
                }
            }
        }
        assert!(seen_per_file > 10, "only {seen_per_file} edits");
    }
    assert!(n_pages > 100, "only {n_pages} changed pages after {n_edits} edits");
}
