//! The search: what can be found, the list that needs no script, and that an index costs nothing where nothing has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rejoinder::engine::{BuildOptions, Ledger, Look, Session};
use rejoinder::input::{Files, MemoryFiles};
use rejoinder::view::search_index::Record;
use scraper::{Html, Selector};

use crate::world::{self, Site, repository, tree};

/// An index that can be read: one file for each record, and one that is asked for first.
fn plainly(records: &[Record]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let entry = ("pagefind-entry.json".to_owned(), format!("{} records", records.len()).into_bytes());
    let one = |(at, it): (usize, &Record)| (format!("fragment/{at:04}"), format!("{it:#?}").into_bytes());
    Ok(records.iter().enumerate().map(one).chain([entry]).collect())
}

fn options() -> BuildOptions {
    let program = "test".to_owned();
    BuildOptions { program, indexer: Some(plainly), jobs: Some(2), ..BuildOptions::default() }
}

/// A small site.
fn project() -> MemoryFiles {
    let mut files = MemoryFiles::new();
    for (path, bytes) in tree(&repository("tests/cases/minimal.site")) {
        files.insert(path, bytes);
    }
    files
}

fn edit(files: &mut MemoryFiles, path: &str, from: &str, to: &str) {
    let text = files.read(path).unwrap().unwrap();
    let text = String::from_utf8(text.bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{path} holds `{from}`:\n{text}");
    files.insert(path, text.replace(from, to));
}

fn index(site: &Site) -> BTreeMap<&String, &Vec<u8>> {
    site.files.iter().filter(|(path, _)| path.starts_with("pagefind/")).collect()
}

/// The records of a site's index, as text.
fn records(site: &Site) -> Vec<&str> {
    let files = index(site).into_iter().filter(|(path, _)| path.contains("/fragment/"));
    files.map(|(_, bytes)| std::str::from_utf8(bytes).unwrap()).collect()
}

fn build(files: &MemoryFiles, before: Option<&Site>) -> Site {
    let ledger = before.map_or_else(Ledger::default, |it| {
        Ledger::from_bytes(it.built.ledger.as_ref().expect("a sound build is remembered").to_bytes())
    });
    let there = before.map(|it| it.files.clone()).unwrap_or_default();
    let site = world::build_on(files, &options(), &ledger, &there).unwrap();
    assert!(!site.built.report.has_errors(), "{}", site.report());
    site
}

fn example(options: &BuildOptions, settings: &str) -> Site {
    let text = std::fs::read_to_string(repository("site.yaml")).unwrap();
    let mut files = MemoryFiles::from_pairs([("site.yaml", format!("{text}\n{settings}\n"))]);
    for (path, bytes) in tree(&repository("content")) {
        files.insert(format!("content/{path}"), bytes);
    }
    let site = world::build(&files, options).unwrap();
    assert!(!site.built.report.has_errors(), "{}", site.report());
    site
}

/// The pages that can be found, by address: all of these kinds.
fn findable(site: &Site) -> BTreeMap<String, serde_json::Value> {
    let kinds = ["story", "statement", "actor", "source", "term"];
    let twins = site.files.iter().filter(|(path, _)| path.ends_with("index.json"));
    let pages = twins.map(|(_, bytes)| serde_json::from_slice::<serde_json::Value>(bytes).unwrap());
    let wanted = pages.filter(|it| kinds.contains(&it["page"]["kind"].as_str().unwrap()));
    // An actor may have several.
    let wanted = wanted.filter(|it| !it["page"]["url"].as_str().unwrap().contains("/page/"));
    wanted.map(|it| (it["page"]["url"].as_str().unwrap().to_owned(), it)).collect()
}

#[test]
fn everything_on_the_record_can_be_found() {
    let site = example(&options(), "");
    let all = records(&site).join("\n");
    let pages = findable(&site);
    assert!(pages.len() > 90, "the example has all its pages");
    let mut seen = BTreeSet::new();
    for line in all.lines().filter(|line| line.trim_start().starts_with("url: ")) {
        let url = line.trim().trim_start_matches("url: ").trim_matches(|c| c == '"' || c == ',').to_owned();
        assert!(pages.contains_key(&url), "{url} is no page to be found");
        assert!(seen.insert(url.clone()), "{url} is found twice");
    }
    let missing: Vec<&String> = pages.keys().filter(|url| !seen.contains(*url)).collect();
    assert!(missing.is_empty(), "nobody finds {missing:?}");
    assert!(all.contains("stances: [\n"), "stances are among the facets");
    // Each statement by its own words, not only by a page that holds them.
    for (url, page) in pages.iter().filter(|(_, it)| it["page"]["kind"] == "statement") {
        let words = format!("{:?}", page["statement"]["words"].as_str().unwrap());
        let words = words.trim_matches('"');
        let own = records(&site).into_iter().find(|it| it.contains(&format!("url: {url:?},"))).unwrap();
        assert!(own.contains(words), "{url} is not found by `{words}`:\n{own}");
        assert!(own.contains("kind: \"Statements\""), "{own}");
    }
}

#[test]
fn a_statement_is_told_by_speaker_and_source() {
    let site = build(&project(), None);
    let all = records(&site);
    let of = |kind: &str| {
        let kind = format!("kind: \"{kind}\"");
        all.iter().filter(|it| it.contains(&kind)).copied().collect::<Vec<_>>()
    };
    let counts = ["Statements", "Actors", "Stories", "Sources", "Terms"].map(|kind| of(kind).len());
    assert_eq!(counts, [1, 2, 1, 1, 1]);
    let statement = of("Statements")[0];
    for part in ["\"Ada Example\"", "\"The article\""] {
        assert!(statement.contains(part), "{part}:\n{statement}");
    }
    // What somebody said stands between the marks of its language; an account of it does not.
    assert!(statement.contains("text: \"“"), "{statement}");
    assert!(of("Terms")[0].contains("A machine that weaves."));
}

#[test]
fn the_list_is_whole_without_script_and_over_several_pages() {
    for settings in ["", "paginate: 5", "paginate: 0"] {
        let settings = if settings.is_empty() { String::new() } else { settings.to_owned() };
        let site = example(&BuildOptions::default(), &settings);
        let link = Selector::parse(".finds a").unwrap();
        let kinds = Selector::parse(".kinds a").unwrap();
        let mut listed: BTreeMap<String, String> = BTreeMap::new();
        let pages: Vec<&String> =
            site.files.keys().filter(|it| it.starts_with("search/") && it.ends_with(".html")).collect();
        let many = settings == "paginate: 5";
        assert_eq!(pages.len() > 1, many, "{settings}: {pages:?}");
        for path in &pages {
            let page = Html::parse_document(site.text(path).unwrap());
            assert_eq!(
                page.select(&Selector::parse("script[src*=search], [data-search]").unwrap()).count(),
                0
            );
            let url = format!("/{}", path.trim_end_matches("index.html"));
            for it in page.select(&link) {
                let words = it.text().collect::<String>();
                let before = listed.insert(resolved(&url, it.attr("href").unwrap()), words);
                assert!(before.is_none(), "{settings}: listed twice: {before:?}");
            }
            // Where a kind is said to begin, it does.
            for it in page.select(&kinds) {
                let target = resolved(&url, it.attr("href").unwrap());
                let (page, id) = target.split_once('#').expect("a place on a page");
                let html = site.at(page).unwrap_or_else(|| panic!("{settings}: {page} is there"));
                assert!(html.contains(&format!("<h2 id=\"{id}\">")), "{settings}: {target}");
            }
        }
        for (url, page) in findable(&site) {
            let words = listed.get(&url).unwrap_or_else(|| panic!("{settings}: {url} is not listed"));
            if let Some(said) = page["statement"]["words"].as_str() {
                assert!(words.contains(said), "{settings}: {url} is listed as `{words}`");
            }
        }
        assert_eq!(listed.len(), findable(&site).len());
    }
}

/// A relative address of a page, as a site-absolute one without `index.html`.
fn resolved(page: &str, href: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').filter(|it| !it.is_empty()).collect();
    if let Some(id) = href.strip_prefix('#') {
        return format!("{page}#{id}");
    }
    for part in href.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => (),
            it => parts.push(it),
        }
    }
    let joined = format!("/{}", parts.join("/"));
    match joined.split_once("index.html") {
        Some((page, rest)) => format!("{page}{rest}"),
        None => joined,
    }
}

#[test]
fn no_page_claims_an_index_that_is_not_there() {
    let with = build(&project(), None);
    let html = with.at("/").unwrap();
    assert!(
        html.contains(" data-search data-module=\"assets/search.")
            && html.contains("script-src 'self' 'wasm-unsafe-eval'")
    );
    assert!(html.contains("href=\"search/index.html\""));
    let without = world::build(&project(), &BuildOptions::default()).unwrap();
    let html = without.at("/").unwrap();
    assert!(!html.contains("data-search") && !html.contains("wasm-unsafe-eval"), "{html}");
    assert!(html.contains("href=\"search/index.html\""), "the list is there all the same");
    assert!(index(&without).is_empty());
    let mut files = project();
    let settings = String::from_utf8(files.read("site.yaml").unwrap().unwrap().bytes.to_vec()).unwrap();
    files.insert("site.yaml", format!("{settings}search: false\n"));
    let off = build(&files, None);
    assert!(index(&off).is_empty() && off.at("/search/").is_none());
    for (path, bytes) in off.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8_lossy(bytes);
        assert!(!html.contains("search/") && !html.contains("wasm-unsafe-eval"), "{path}");
    }
    let mut files = project();
    files.insert("site.yaml", format!("{settings}settings: {{ script: false }}\n"));
    let plain = build(&files, None);
    for (path, bytes) in plain.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8_lossy(bytes);
        assert!(!html.contains("data-search") && !html.contains("data-seek"), "{path}");
        assert!(!html.contains("script-src"), "{path}");
    }
}

#[test]
fn an_index_is_made_again_when_and_only_when_its_records_changed() {
    let mut files = project();
    let first = build(&files, None);
    let indexed = first.built.indexed.unwrap();
    assert!(indexed.is_made && indexed.records == 6, "{indexed:?}");
    // Nothing changed: nothing is looked at.
    let same = build(&files, Some(&first));
    assert!(same.built.made.is_empty() && same.built.indexed.is_none());
    assert_eq!(same.files, first.files);
    let mut before = first;
    let edits = [
        // Prose that no record holds.
        ("content/actors/ada.md", "Ada edits.", "Ada edits and prints.", Some(false)),
        // Fields that no record holds.
        (
            "content/sources/article.md",
            "url: https://gazette.example/article",
            "url: https://gazette.example/b",
            Some(false),
        ),
        ("content/terms/loom.md", "weaves.", "weaves cloth.", Some(true)),
        ("content/sources/article.md", "title: The article", "title: Another article", Some(true)),
    ];
    for (path, from, to, is_made) in edits {
        edit(&mut files, path, from, to);
        let site = build(&files, Some(&before));
        assert_eq!(site.built.indexed.map(|it| it.is_made), is_made, "{path}: {from} -> {to}");
        let claimed = site.built.made.iter().any(|it| it.url.starts_with("/pagefind/"));
        assert_eq!(claimed, is_made == Some(true), "{path}: {:?}", site.built.made);
        let clean = build(&files, None);
        assert!(site.files == clean.files, "{path}: incremental is not clean");
        // What one build takes over, the next can.
        assert!(build(&files, Some(&site)).built.made.is_empty());
        before = site;
    }
    // A record less takes its file with it.
    let count = index(&before).len();
    let tale = "content/tale/reactions/ada.md";
    edit(&mut files, tale, "actor: ada\n", "actor: ada\ndraft: true\n");
    let site = build(&files, Some(&before));
    assert!(index(&site).len() < count);
    assert!(site.files == build(&files, None).files);
}

#[test]
fn a_file_that_is_missing_from_an_index_is_made_again() {
    let files = project();
    let mut site = build(&files, None);
    let whole = site.files.clone();
    site.files.remove("pagefind/fragment/0003");
    let again = build(&files, Some(&site));
    assert!(again.built.indexed.unwrap().is_made);
    assert!(again.files == whole);
}

#[test]
fn a_preview_makes_the_index_when_it_is_asked_for() {
    let files: Arc<dyn Files + Send + Sync> = Arc::new(project());
    let mut session = Session::new(Arc::clone(&files), options());
    let update = session.update(Look::Everywhere).unwrap().unwrap();
    let generation = update.generation.expect("the site is sound");
    let settled = session.task().unwrap().run(&|| false).unwrap().unwrap();
    assert!(
        settled.changed.iter().all(|path| !path.as_str().starts_with("pagefind/")),
        "an edit waits for no index"
    );
    let clean = build(&project(), None);
    let expected = index(&clean);
    assert!(expected.len() > 3);
    for (path, bytes) in expected {
        assert!(generation.has(path), "{path}");
        assert_eq!(&*generation.file(path).unwrap().unwrap(), bytes.as_slice(), "{path}");
    }
    assert!(!generation.has("pagefind/no-such-file") && generation.file("pagefind/no-such-file").is_none());
}

#[cfg(feature = "search")]
#[test]
fn the_real_index_is_the_same_every_time() {
    let real = BuildOptions { indexer: Some(rejoinder::search::index), ..options() };
    let one = example(&real, "");
    let other = example(&BuildOptions { jobs: Some(1), ..real }, "");
    assert!(index(&one).len() > 50);
    assert!(index(&one) == index(&other), "an index depends on threads or on the order of a hash map");
}
