//! What can be asked of a site: `why` a page was made, who `refs` to something; and `clean`, which forgets.

use std::fs;
use std::path::Path;

use crate::cli::{expect, minimal, run};

fn asked(dir: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let ran = run(dir, args);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

fn build(dir: &Path) {
    assert_eq!(run(dir, &["build", "--quiet"]).status.code(), Some(0));
}

fn edit(dir: &Path, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(dir.join(path)).unwrap();
    assert!(text.contains(from), "{path} has no {from}");
    fs::write(dir.join(path), text.replacen(from, to, 1)).unwrap();
}

#[test]
fn why_tells_what_a_page_was_made_of() {
    let dir = minimal();
    build(dir.path());
    edit(dir.path(), "content/terms/loom.md", "weaves.", "weaves cloth.");
    build(dir.path());
    let expected = "\
/terms/
  Made the last time because the record of term `loom` changed.
  Template: terms.html
  Files: terms/index.html, terms/index.json
  It read:
    the record of term `loom`
    “used in” of term `loom`
    the settings of the site
    which records it lists, and in what order
";
    for typed in [
        "/terms/",
        "/terms",
        "terms/index.html",
        "terms/index.json",
        "public/terms/index.html",
        "http://localhost:4321/terms/?drafts=1#loom",
        "http://127.0.0.1/terms",
    ] {
        let (exit, out, err) = asked(dir.path(), &["why", typed]);
        assert_eq!((exit, &*out, &*err), (Some(0), expected, ""), "{typed}");
    }
    let (_, out, _) = asked(dir.path(), &["why", "/terms/", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["schema"], "rejoinder.why/1");
    assert_eq!(answer["because"], "the record of term `loom` changed");
    assert_eq!(answer["reads"][0], "the record of term `loom`");
    // A page that was taken over still says why it was made when it was.
    let (_, out, _) = asked(dir.path(), &["why", "/corrections/"]);
    assert!(out.contains("Made the last time because nothing is remembered of it."), "{out}");
}

#[test]
fn why_knows_the_site_by_its_address_on_the_web() {
    let dir = minimal();
    edit(dir.path(), "site.yaml", "title: Test", "title: Test\nbase_url: https://site.example/sub/");
    build(dir.path());
    let (exit, out, err) = asked(dir.path(), &["why", "https://site.example/sub/actors/ada/"]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(out.starts_with("/actors/ada/\n"), "{out}");
    let (_, out, _) = asked(dir.path(), &["why", "https://site.example/sub"]);
    assert!(out.starts_with("/\n"), "{out}");
    assert_eq!(asked(dir.path(), &["why", "https://other.example/actors/ada/"]).0, Some(1));
}

#[test]
fn why_says_of_a_copied_file_that_it_is_one() {
    let dir = minimal();
    fs::write(dir.path().join("content/plan.txt"), "A plan.\n").unwrap();
    build(dir.path());
    let told = "/plan.txt\n  A redirect, or a file that is taken over as it is: it reads no record.\n";
    expect(&run(dir.path(), &["why", "/plan.txt"]), 0, told, "");
    let (_, out, _) = asked(dir.path(), &["why", "/plan.txt", "--format", "json"]);
    assert!(out.contains("\"because\": null"), "{out}");
}

#[test]
fn why_tells_the_nearest_address() {
    let dir = minimal();
    build(dir.path());
    let told =
        "error: the site has no `/terms/lom/`\n |\n = help: did you mean one of `/terms/loom/`, `/terms/`?\n";
    expect(&run(dir.path(), &["why", "/terms/lom/"]), 1, "", told);
}

#[test]
fn why_does_not_speak_of_a_build_that_is_out_of_date() {
    let dir = minimal();
    let help =
        " |\n = help: run `rejoinder build` first; with `--explain-dirty` it says what it makes and why\n";
    let expect_old = |args: &[&str], words: &str| {
        expect(&run(dir.path(), args), 2, "", &format!("error: {words}\n{help}"));
    };
    expect_old(&["why", "/"], "nothing is remembered of a build of this site");
    build(dir.path());
    expect_old(&["why", "/", "--drafts"], "the last build was made by another program or with other options");
    edit(dir.path(), "content/terms/loom.md", "weaves.", "weaves cloth.");
    expect_old(&["why", "/"], "files have changed since the last build");
}

#[test]
fn refs_lists_who_refers_to_something_and_where() {
    let dir = minimal();
    fs::write(
        dir.path().join("content/notes.md"),
        "---\ntitle: Notes\n---\nBoth [[ada|Ada]] and, once more,\n[[ada]] saw it.\n",
    )
    .unwrap();
    let expected = "\
content/notes.md:4:6               page `notes`                names
content/notes.md:5:1               page `notes`                names
content/tale/reactions/ada.md:2:8  reaction `tale/ada`         reaction of
content/tale/reactions/ada.md:5:5  statement `tale/ada.hello`  said by (follows from where it stands)
4 references to actor `ada`, content/actors/ada.md
";
    for id in ["ada", "actor:ada", "[[ada]]", "[[actor:ada|Ada]]"] {
        expect(&run(dir.path(), &["refs", id]), 0, expected, "");
    }
    expect(
        &run(dir.path(), &["refs", "tale/ada.hello"]),
        0,
        "Nothing refers to statement `tale/ada.hello`.\n",
        "",
    );
    let (_, out, _) = asked(dir.path(), &["refs", "loom", "--format", "json"]);
    let refs: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(refs["schema"], "rejoinder.refs/1");
    let only = &refs["references"][0];
    assert_eq!((&only["line"], &only["column"]), (&9.into(), &13.into()), "{out}");
    assert_eq!(only["from"]["id"], "tale/ada.hello");
    assert_eq!((&only["relation"], &only["written"]), (&"uses the term".into(), &true.into()));
}

/// Every field that leads to the same thing by the same relation is told, those of different parts apart.
#[test]
fn refs_names_each_place_of_several() {
    let dir = minimal();
    edit(
        dir.path(),
        "content/tale/reactions/ada.md",
        "    terms: [loom]\n    sources: [{ ref: article }]\n",
        "    terms: [loom, term:loom]\n    sources: [{ ref: article }]\n  - id: again\n    quote: The loom again\n    \
         date: 2025-01-22\n    channel: { type: interview }\n    terms:\n      - loom\n    sources: [{ ref: article }]\n",
    );
    let expected = "\
content/tale/reactions/ada.md:9:13  statement `tale/ada.hello`  uses the term
content/tale/reactions/ada.md:9:19  statement `tale/ada.hello`  uses the term
content/tale/reactions/ada.md:16:9  statement `tale/ada.again`  uses the term
3 references to term `loom`, content/terms/loom.md
";
    expect(&run(dir.path(), &["refs", "loom"]), 0, expected, "");
}

#[test]
fn refs_says_of_an_id_what_the_linker_says() {
    let dir = minimal();
    let told = |id: &str, words: &str| expect(&run(dir.path(), &["refs", id]), 1, "", words);
    told("lom", "error: nothing is called `lom`\n |\n = help: did you mean `loom`?\n");
    told("event:lanch", "error: no event is called `lanch`\n |\n = help: did you mean `launch`?\n");
    told("actr:ada", "error: `actr` is no kind of thing\n |\n = help: did you mean `actor`?\n");
    fs::write(dir.path().join("content/terms/ada.md"), "---\nname: Ada\ndef: A name.\n---\n").unwrap();
    told(
        "ada",
        "error: several things are called `ada`\n |\n = help: write `actor:ada` for the actor in content/actors/ada.md; \
         write `term:ada` for the term in content/terms/ada.md\n",
    );
    fs::write(dir.path().join("content/terms/heddle.md"), "---\nname: heddle\ndraft: true\n---\n").unwrap();
    told(
        "heddle",
        "error: nothing is called `heddle`\n |\n = help: it is a draft, or belongs to one; `--drafts` includes them\n",
    );
    assert_eq!(run(dir.path(), &["refs", "heddle", "--drafts"]).status.code(), Some(0));
}

#[test]
fn refs_says_so_when_a_broken_site_may_hide_some() {
    let dir = minimal();
    fs::write(dir.path().join("content/broken.md"), "---\ntitle: [\n---\n").unwrap();
    let (exit, out, err) = asked(dir.path(), &["refs", "loom"]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(out.contains("1 reference to term `loom`"), "{out}");
    assert_eq!(err, "The site has errors, so something may be missing here; `rejoinder check` tells them.\n");
}

#[test]
fn clean_forgets_what_was_remembered_and_nothing_else() {
    let dir = minimal();
    build(dir.path());
    let ours = dir.path().join(".rejoinder");
    fs::write(ours.join("mine.txt"), "mine").unwrap();
    fs::write(ours.join("ledger.new-1"), "half").unwrap();
    assert!(ours.join("ledger").is_file());
    let told = "Removed what was remembered; the next build makes every page again.\n";
    expect(&run(dir.path(), &["clean", "--cache"]), 0, "", told);
    assert!(!ours.join("ledger").exists() && !ours.join("ledger.new-1").exists());
    assert!(ours.join("mine.txt").is_file() && dir.path().join("public/index.html").is_file());
    expect(&run(dir.path(), &["clean", "--cache"]), 0, "", "Nothing is remembered here.\n");
    let (exit, _, said) = asked(dir.path(), &["build", "--explain-dirty"]);
    assert_eq!(exit, Some(0));
    assert!(said.contains("/terms/loom/ because nothing is remembered of it"), "{said}");
    // Without saying what, it does nothing.
    assert_eq!(run(dir.path(), &["clean"]).status.code(), Some(2));
}
