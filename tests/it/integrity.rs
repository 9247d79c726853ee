//! What the project promises of quotations, on the worked example and on a careful copy of a round-up.

use std::collections::BTreeMap;

use rejoinder::diag::{At, Level};
use rejoinder::engine::{BuildOptions, Built};
use rejoinder::input::{DiskFiles, MemoryFiles};
use rejoinder::model::{Form, Wording};
use rejoinder::quote::Class;

use crate::world::{self, repository, tree};

fn example() -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(&repository("content"))
        .into_iter()
        .map(|(path, bytes)| (format!("content/{path}"), bytes))
        .collect::<BTreeMap<_, _>>();
    for name in ["site.yaml", "quotes.lock"] {
        files.insert(name.to_owned(), std::fs::read(repository(name)).unwrap());
    }
    files
}

fn check(files: &BTreeMap<String, Vec<u8>>) -> Built {
    let mut memory = MemoryFiles::new();
    files.iter().for_each(|(path, bytes)| memory.insert(path, bytes.clone()));
    let options = BuildOptions { stop_before_rendering: true, ..BuildOptions::default() };
    world::build(&memory, &options).unwrap().built
}

/// Errors as `code file:line:column`.
fn errors(built: &Built) -> Vec<String> {
    let errors = built.report.diagnostics().iter().filter(|it| it.level == Level::Error);
    errors
        .map(|it| {
            let place = it.place.as_ref().unwrap();
            let At::Span(span) = place.at else { return format!("{} {}", it.code.name, place.file) };
            let before = &built.sources.text(&place.file).unwrap()[..span.start];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            format!("{} {}:{line}:{column}", it.code.name, place.file)
        })
        .collect()
}

#[test]
fn a_clone_without_copies_passes_by_the_lock_and_no_word_of_it_can_change() {
    let files = example();
    let built = check(&files);
    assert_eq!(errors(&built), [""; 0]);
    let graph = built.graph.as_ref().unwrap();
    assert!(
        built.comparisons.iter().all(|it| it.is_as_recorded() == Some(true)),
        "every quotation has a record"
    );
    let mut n_edited = 0;
    let quotes = built.comparisons.iter().filter(|it| it.subject.wording == Wording::Quote);
    let mut seen = Vec::new();
    for it in quotes {
        if seen.contains(&it.subject.statement) {
            continue;
        }
        seen.push(it.subject.statement);
        let file = graph.node(it.subject.statement).record().origin.file.to_string();
        let text = String::from_utf8(files[&file].clone()).unwrap();
        let words = it.subject.words(graph);
        let at = text.find(&format!("quote: {words}")).map(|at| at + 7);
        let at = at.or_else(|| text.find(&format!("quote: \"{words}\"")).map(|at| at + 7)).unwrap();
        let (line, column) = {
            let before = &text[..at];
            (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap().chars().count() + 1)
        };
        // One letter of the last word.
        let end = at + text[at..].find('\n').unwrap();
        let letter = text[..end].rfind(char::is_alphabetic).unwrap();
        let mut edited = files.clone();
        let changed = format!("{}q{}", &text[..letter], &text[letter + 1..]);
        edited.insert(file.clone(), changed.into_bytes());
        let wrong = errors(&check(&edited));
        assert!(
            !wrong.is_empty() && wrong.iter().all(|it| *it == format!("quote-edited {file}:{line}:{column}")),
            "{words}: {wrong:?}"
        );
        n_edited += 1;
    }
    assert!(n_edited > 10, "only {n_edited} quotations");
}

#[test]
fn the_faithful_copy_fails_with_its_six_misquotations_and_no_other() {
    let files = DiskFiles::new(repository("tests/sites/faithful-copy"));
    let built = world::build(&files, &BuildOptions::default()).unwrap().built;
    let graph = built.graph.as_ref().unwrap();
    let of = |wanted: fn(Class) -> bool| {
        let found = built.comparisons.iter().filter(|it| wanted(it.class()));
        found.map(|it| it.subject.words(graph)).collect::<Vec<_>>()
    };
    let wrong = [
        "very heavily in AI",
        "legitimately invigorating to have a new competitor,",
        "More compute is more important now than ever to succeed,",
        "As AI becomes more efficient and accessible, its adoption will soar, transforming it into an indispensable commodity",
        "at play again",
        "open source models are surpassing propriety ones",
    ];
    let mut found = of(|class| class == Class::Mismatch);
    found.sort_by_key(|it| wrong.iter().position(|wrong| wrong == it));
    assert_eq!(found, wrong);
    assert_eq!(of(Class::passes).len(), 8);
    let n_quotes = graph.nodes().filter(|(_, it)| it.statement().is_some_and(|it| it.form == Form::Quote));
    assert_eq!(n_quotes.count(), 14);
    let codes: Vec<&str> = built
        .report
        .diagnostics()
        .iter()
        .filter(|it| it.level == Level::Error)
        .map(|it| it.code.name)
        .collect();
    assert_eq!(codes, ["quote-mismatch"; 6]);
}

/// A project on disk: one source with a copy, and one quotation from it.
pub(crate) fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut files = tree(&repository("tests/cases/minimal.site"));
    files.insert("site.yaml".to_owned(), b"title: Test\npublisher: gazette\n".to_vec());
    files.insert(
        "content/sources/article.md".to_owned(),
        b"---\ntype: article-newspaper\ntitle: The article\npublisher: gazette\npublished: 2025-01-22\nsnapshot: { file: snapshots/article.txt }\n---\n"
            .to_vec(),
    );
    let reaction = String::from_utf8(files["content/tale/reactions/ada.md"].clone()).unwrap();
    let reaction = reaction.replace("quote: Hello to the loom", "quote: Hello to the loom and all who weave");
    files.insert("content/tale/reactions/ada.md".to_owned(), reaction.into_bytes());
    files.insert("snapshots/article.txt".to_owned(), COPY.to_vec());
    world::write_tree(dir.path(), &files);
    dir
}

const COPY: &[u8] = "She began with “hello to the loom and all who weave” and left.\n".as_bytes();

fn run(dir: &std::path::Path, args: &[&str]) -> (Option<i32>, String, String) {
    let ran = crate::cli::rejoinder(dir).env("SOURCE_DATE_EPOCH", "1738368000").args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

#[test]
fn a_lock_is_written_once_and_vouches_where_the_copy_is_not() {
    let dir = project();
    let root = dir.path();
    let (exit, _, said) = run(root, &["check", "--update-lock"]);
    assert!(exit == Some(0) && said.ends_with(" Wrote quotes.lock.\n"), "{said}");
    let lock = std::fs::read_to_string(root.join("quotes.lock")).unwrap();
    assert!(
        lock.contains("\"class\":\"edge\"") && lock.contains("\"on\":\"2025-02-01\",\"by\":\"gazette\""),
        "{lock}"
    );
    let (_, _, said) = run(root, &["check", "--update-lock", "--by", "somebody else"]);
    assert!(said.ends_with(" quotes.lock stays as it is.\n"), "{said}");
    assert_eq!(std::fs::read_to_string(root.join("quotes.lock")).unwrap(), lock);

    // Where there is no copy, the record speaks; with the copies of somebody else, they do.
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::rename(root.join("snapshots/article.txt"), elsewhere.path().join("article.txt")).unwrap();
    std::fs::remove_dir(root.join("snapshots")).unwrap();
    assert_eq!(run(root, &["check", "--strict"]).0, Some(0));
    let page = root.join("content/tale/reactions/ada.md");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, text.replace("who weave", "that weave")).unwrap();
    let concise = run(root, &["check", "--format", "concise"]);
    let expected = "content/tale/reactions/ada.md:6:12: error[quote-edited] these words are not the ones that `quotes.lock` holds\n";
    assert_eq!((concise.0, concise.1.as_str()), (Some(1), expected));
    let copies = elsewhere.path().to_str().unwrap();
    let concise = run(root, &["check", "--format", "concise", "--snapshots", copies]);
    let expected = "content/tale/reactions/ada.md:6:12: error[quote-mismatch] this quotation is not in the saved copy of `article`\n";
    assert_eq!((concise.0, concise.1.as_str()), (Some(1), expected));
    assert_eq!(run(root, &["check", "--snapshots", "nowhere"]).0, Some(2));
}

#[test]
fn a_sceptic_compares_with_a_copy_of_their_own() {
    let dir = project();
    let root = dir.path();
    run(root, &["check", "--update-lock"]);
    std::fs::remove_file(root.join("snapshots/article.txt")).unwrap();
    std::fs::write(root.join("same.txt"), COPY).unwrap();
    let (exit, out, _) = run(root, &["verify", "--against", "same.txt"]);
    assert_eq!(exit, Some(0), "{out}");
    assert!(
        out.contains("edge         tale/ada.hello  article; as recorded on 2025-02-01\n")
            && out.ends_with("\n1 of 1 hold.\n"),
        "{out}"
    );
    let other = "<p>She began with “hello to all who weave” and left.</p>";
    std::fs::write(root.join("other.html"), other).unwrap();
    let (exit, out, said) = run(root, &["verify", "--against", "other.html"]);
    assert!(exit == Some(2) && out.is_empty() && said.contains("behind the file: `article`"), "{said}");
    let (exit, out, _) = run(root, &["verify", "--against", "other.html", "article"]);
    assert!(
        exit == Some(1) && out.contains("mismatch     tale/ada.hello") && out.ends_with("\n0 of 1 hold.\n"),
        "{out}"
    );
    let (exit, out, _) = run(root, &["verify", "--against", "other.html", "ada.hello", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, &report["quotations"][0]["class"]), (Some(1), &"mismatch".into()));
    assert_eq!(report["quotations"][0]["same_text"], false);
    let (exit, _, said) = run(root, &["verify", "--against", "other.html", "artical"]);
    assert!(exit == Some(2) && said.contains("did you mean `article`?"), "{said}");
    assert_eq!(run(root, &["verify", "--against", "missing.html", "article"]).0, Some(3));
    let empty = run(root, &["verify", "--against", "site.yaml.none"]);
    assert_eq!(empty.0, Some(3));
}

#[test]
fn coverage_counts_quotations_by_class() {
    let dir = project();
    let root = dir.path();
    let (exit, out, _) = run(root, &["coverage"]);
    let expected = "Quotations found in a saved copy of a source, rules qm/1\n\n  all  1 of 1 (100 percent); 1 on one source alone\n         edge              1\n\nOn one source alone\n  tale/ada.hello\n";
    assert_eq!((exit, out.as_str()), (Some(0), expected));
    std::fs::remove_file(root.join("snapshots/article.txt")).unwrap();
    let (_, out, _) = run(root, &["coverage", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&report["total"]["verified"], &report["total"]["classes"]["no-text"]),
        (&0.into(), &1.into())
    );
    assert_eq!(report["stories"][0]["unverified"][0], "tale/ada.hello");
}

#[test]
fn a_released_quotation_that_changed_needs_a_correction() {
    let dir = project();
    let root = dir.path();
    run(root, &["check", "--update-lock"]);
    assert_eq!(run(root, &["check", "--released", "v1"]).0, Some(2), "no repository");
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
        let ran =
            std::process::Command::new("git").arg("-C").arg(root).args(who).args(args).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "quotes.lock"]);
    git(&["commit", "-q", "-m", "x"]);
    git(&["tag", "v1"]);
    // git has to be found: this process's path is handed on.
    let check = || {
        let mut command = crate::cli::rejoinder(root);
        command.env("PATH", std::env::var_os("PATH").unwrap());
        let ran = command.args(["check", "--format", "concise", "--released", "v1"]).output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
    };
    assert_eq!(check(), (Some(0), String::new()));
    let page = root.join("content/tale/reactions/ada.md");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, text.replace(" and all who weave", " and all")).unwrap();
    run(root, &["check", "--update-lock"]);
    let (exit, out) = check();
    assert!(exit == Some(1) && out.contains(":6:12: error[correction-missing] "), "{out}");
}
