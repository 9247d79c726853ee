//! Properties: what holds for every site, tried on many.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

use proptest::prelude::*;
use rejoinder::cli::{self, Console};
use rejoinder::diag::{Exit, Level};
use rejoinder::document::{self, Gist, ReadOptions};
use rejoinder::engine::BuildOptions;
use rejoinder::input::{DiskFiles, Files, Input, Listed, MemoryFiles, Stamp};
use rejoinder::text::{Day, Sha256};
use scraper::{Html, Selector};

use crate::generator::{self, Shape};
use crate::world::{self, Site, build, repository, tree, write_tree};

/// How often each property is tried. More when `PROPTEST_CASES` says so.
fn often(cases: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok());
    ProptestConfig { cases: wanted.unwrap_or(cases), failure_persistence: None, ..ProptestConfig::default() }
}

/// A small clean site in memory.
fn small() -> MemoryFiles {
    let files = tree(&repository("tests/sites/small"));
    let is_input = |path: &str| !path.starts_with("expected/") && path != "report.txt";
    MemoryFiles::from_pairs(files.into_iter().filter(|(path, _)| is_input(path)))
}

fn with_jobs(jobs: usize) -> BuildOptions {
    BuildOptions { jobs: Some(jobs), ..BuildOptions::default() }
}

/// Text made of what matters to YAML, to Markdown and to us, with some of everything else.
fn hostile_text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "---\n",
        "\n",
        "\r\n",
        "\t",
        "  ",
        "- ",
        ": ",
        "key: ",
        "id: ",
        "kind: actor\n",
        "name: ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a ",
        "*a",
        "!t ",
        "<<: ",
        "|",
        ">-\n",
        "#",
        " #",
        "\"",
        "'",
        "\\",
        "`",
        "```",
        "[[",
        "]]",
        "|x",
        "[^1]",
        "[^1]: ",
        "![](",
        ")",
        "](",
        "https://",
        "javascript:",
        "@/",
        "> ",
        "[!note]",
        "<b>",
        "<!--",
        "-->",
        "<script>",
        "| a |\n|---|",
        "# ",
        "{#x}",
        "*",
        "_",
        "~~",
        "$",
        "&amp;",
        "&#106;",
        "\u{202e}",
        "\u{feff}",
        "\u{e000}",
        "\u{e001}",
        "\u{0}",
        "é",
        "日本",
        "🎉",
        "2025-01-27",
        "2025-13",
        "1.10",
        "null",
        "statements:\n",
        "sources: [{ ref: ",
    ]);
    let piece =
        prop_oneof![8 => words.prop_map(str::to_owned), 1 => any::<char>().prop_map(|c| c.to_string())];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Front matter that is likely to be read as a record.
fn record_like() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec![
        "kind",
        "id",
        "type",
        "name",
        "title",
        "actor",
        "to",
        "date",
        "statements",
        "sources",
        "silences",
        "aliases",
        "event",
        "as_of",
        "scale",
        "draft",
        "extra",
        "on",
        "why",
        "of",
        "value",
        "unit",
        "template",
        "slug",
        "published",
        "relays",
        "roles",
        "alleges",
        "replies_to",
        "claims",
        "later",
        "measure",
        "parts",
        "conversions",
        "translations",
        "date_basis",
    ]);
    let values = prop_oneof![
        2 => prop::sample::select(vec![
            "ada", "gazette", "2025-01-20", "2025-01/2025-02", "article", "story", "reaction", "page", "true", "[a, b]",
            "[{ ref: article }]", "[{ ref: article, via: post, role: secondary }, post]", "[article, post]", "2025-01-20?", "../2025-01-30",
            "[{ id: a, quote: We said so twice, date: 2025-01, channel: post, replies_to: a, sources: [{ ref: post, via: post }] }]",
            "[{ id: b, about: [ada, weavers], says: No, sources: [{ ref: reports }] }]", "[{ at: gazette, title: t, from: 2025, to: 2024 }]",
            "[{ lang: en, text: x, digest: y }]", "[{ label: a, value: 1.5 }]", "[{ value: -1 billion, unit: EUR }]", "Monday 28 January",
            "{ about: ada }", "9999999999999999999999999999999999999999", "percent", "{ a: b }", "'x'", "-593 billion", "/old/", "", "launch", "ada.hello", "\"[[ada]]\"",
        ]).prop_map(str::to_owned),
        1 => hostile_text().prop_map(|it| it.replace('\n', " ")),
    ];
    let lines = prop::collection::vec((keys, values), 0..8);
    (lines, hostile_text()).prop_map(|(lines, body)| {
        let lines: String = lines.into_iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
        format!("---\n{lines}---\n{body}")
    })
}

proptest! {
    #![proptest_config(often(256))]

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), name in 0_usize..4) {
        let path = ["content/a.md", "content/actors/a.md", "content/actors/_a.yaml", "content/a.yml"][name];
        let _ = document::read(&Input::new(path, bytes.as_slice()), &ReadOptions::default());
    }

    #[test]
    fn no_text_makes_reading_panic(text in prop_oneof![hostile_text(), record_like()], name in 0_usize..4) {
        let path = ["content/a.md", "content/actors/a.md", "content/actors/_a.yaml", "content/r/reactions/a.md"][name];
        let _ = document::read(&Input::new(path, text.as_bytes()), &ReadOptions::default());
        let _ = document::read_site(&Input::new("site.yaml", text.as_bytes()));
        let _ = document::read_theme(&Input::new("themes/x/theme.yaml", text.as_bytes()));
    }
}

proptest! {
    #![proptest_config(often(24))]

    /// Whatever stands in one file, the build ends, and every problem in a text has a place in it.
    #[test]
    fn no_file_makes_a_build_panic(
        text in prop_oneof![hostile_text(), record_like()],
        at in prop::sample::select(vec![
            "content/about.md", "content/actors/ada.md", "content/tale/reactions/ada.md", "content/tale/story.md",
            "content/sources/_sources.yaml", "content/new/_index.md", "site.yaml", "templates/page.html",
            "themes/verbatim/theme.yaml",
        ]),
    ) {
        let mut files = small();
        files.insert(at, text.into_bytes());
        let today = Some(Day { year: 2025, month: 3, day: 1 });
        match build(&files, &BuildOptions { today, ..with_jobs(1) }) {
            Ok(site) => {
                let _ = site.report();
                if !site.built.report.has_errors() {
                    every_link_resolves(&site);
                }
            }
            Err(failure) => prop_assert_eq!(failure.exit, Exit::Usage, "{}", failure),
        }
    }
}

/// Files that list themselves in another order than they are sorted in.
struct Shuffled(MemoryFiles, u64);

impl Files for Shuffled {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, rejoinder::diag::Failure> {
        let mut listed = self.0.list(dir)?;
        let mut state = self.1 | 1;
        for idx in (1..listed.len()).rev() {
            // xorshift: any order will do, as long as the seed decides it.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            listed.swap(idx, usize::try_from(state % (idx as u64 + 1)).unwrap());
        }
        Ok(listed)
    }

    fn read(&self, path: &str) -> Result<Option<Input>, rejoinder::diag::Failure> {
        self.0.read(path)
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, rejoinder::diag::Failure> {
        self.0.stamp(path)
    }

    fn now(&self) -> i64 {
        self.0.now()
    }
}

#[test]
fn neither_the_order_of_files_nor_the_number_of_threads_changes_a_byte() {
    let plain = build(&small(), &with_jobs(1)).unwrap();
    for seed in [7, 1_000_003, 0xdead_beef] {
        let shuffled = build(&Shuffled(small(), seed), &with_jobs(2)).unwrap();
        assert_eq!(plain.built.edition, shuffled.built.edition);
        assert_eq!(plain.files, shuffled.files);
        assert_eq!(plain.report(), shuffled.report());
    }
}

#[test]
fn every_link_of_a_clean_site_resolves() {
    let made = generator::generate(&Shape { pages: 80, seed: 7 });
    let made = MemoryFiles::from_pairs(made);
    for files in [&small() as &dyn Files, &DiskFiles::new(repository("")), &made] {
        let site = build(files, &BuildOptions::default()).unwrap();
        assert_eq!(site.built.report.count(Level::Error), 0, "{}", site.report());
        assert!(every_link_resolves(&site) > 100);
    }
}

#[test]
fn what_is_stored_of_a_file_comes_back_whole() {
    let made = MemoryFiles::from_pairs(generator::generate(&Shape { pages: 80, seed: 7 }));
    let sites = ["tests/sites/small", "tests/sites/broken", "tests/sites/faithful-copy", ""];
    let on_disk = sites.map(|it| DiskFiles::new(repository(it)));
    let (mut n_files, mut n_problems) = (0, 0);
    for files in on_disk.iter().map(|it| it as &dyn Files).chain([&made as &dyn Files]) {
        for listed in files
            .list("content")
            .unwrap()
            .iter()
            .filter(|it| it.path.ends_with(".md") || it.path.ends_with(".yaml"))
        {
            let input = files.read(&listed.path).unwrap().unwrap();
            let document = document::read(&input, &ReadOptions::default());
            assert_eq!(Gist::restore(&document.store()), Some(document.gist.clone()), "{}", listed.path);
            n_files += 1;
            n_problems += document.report.diagnostics().len();
        }
    }
    assert!(n_files > 100 && n_problems > 20, "{n_files} files with {n_problems} problems");
}

/// Base64 of the SHA-256 of a text, as policies name scripts (Content Security Policy Level 3, §2.3.1).
fn digest(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hex = Sha256::of(text.as_bytes()).hex();
    let bits: String = hex.chars().map(|c| format!("{:04b}", c.to_digit(16).unwrap())).collect();
    let six = |at: usize| format!("{:0<6}", &bits[at..(at + 6).min(bits.len())]);
    let letter = |at| char::from(LETTERS[usize::from_str_radix(&six(at), 2).unwrap()]);
    format!("'sha256-{}='", (0..bits.len()).step_by(6).map(letter).collect::<String>())
}

/// The directives of a page's policy, by name.
fn policy(page: &Html) -> BTreeMap<String, Vec<String>> {
    let meta = Selector::parse("meta[http-equiv=Content-Security-Policy]").unwrap();
    let policies: Vec<_> = page.select(&meta).collect();
    assert_eq!(policies.len(), 1);
    let directives = policies[0].attr("content").unwrap().split("; ").map(|it| {
        let mut words = it.split(' ').map(str::to_owned);
        (words.next().unwrap(), words.collect())
    });
    directives.collect()
}

#[test]
fn pages_run_one_line_and_one_file_that_their_policy_names() {
    let site = build(&DiskFiles::new(repository("")), &BuildOptions::default()).unwrap();
    let scripts = Selector::parse("script").unwrap();
    let any = Selector::parse("*").unwrap();
    let moved = Selector::parse("meta[http-equiv=refresh]").unwrap();
    let (_, program) = site
        .files
        .iter()
        .find(|(path, _)| path.starts_with("assets/rejoinder."))
        .expect("the optional script");
    let program = std::str::from_utf8(program).unwrap();
    let rules = program.split_once("textContent: '").unwrap().1.split_once('\'').unwrap().0;
    serde_json::from_str::<serde_json::Value>(rules).unwrap();
    let mut n_data = 0;
    for (path, _) in site.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = Html::parse_document(site.text(path).unwrap());
        if page.select(&moved).next().is_some() {
            assert!(page.select(&scripts).next().is_none(), "{path}");
            continue;
        }
        let mut named = vec![digest(rules)];
        let mut files = 0;
        for script in page.select(&scripts) {
            let text: String = script.text().collect();
            if script.attr("type") == Some("application/ld+json") {
                let data: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(data["@context"], "https://schema.org", "{path}");
                n_data += 1;
                continue;
            }
            assert_eq!(script.attr("type"), None, "{path}");
            match script.attr("src") {
                Some(src) => {
                    assert!(
                        src.contains("assets/rejoinder.") && script.attr("defer").is_some(),
                        "{path}: {src}"
                    );
                    files += 1;
                }
                None => named.push(digest(&text)),
            }
        }
        assert_eq!((files, named.len()), (1, 2), "{path}");
        let policy = policy(&page);
        let mut allowed = policy["script-src"].clone();
        assert_eq!(allowed.remove(0), "'self'", "{path}");
        allowed.sort();
        named.sort();
        assert_eq!(allowed, named, "{path}: digests in the policy, and of what the page runs");
        assert_eq!(policy["default-src"], ["'none'"], "{path}");
        for (name, sources) in &policy {
            let is_narrow = |it: &String| *it == "'self'" || *it == "'none'" || it.starts_with("'sha256-");
            assert!(sources.iter().all(is_narrow), "{path}: {name} {sources:?}");
        }
        for element in page.select(&any) {
            let handler =
                element.value().attrs().find(|(name, _)| name.starts_with("on") || *name == "style");
            assert!(handler.is_none(), "{path}: {handler:?}");
        }
    }
    assert!(n_data > 100);
}

#[test]
fn a_site_can_do_without_script() {
    let mut files = small();
    let settings = String::from_utf8(tree(&repository("tests/sites/small"))["site.yaml"].clone()).unwrap();
    let settings = settings.replace("base_url:", "settings: { script: false }\nbase_url:");
    files.insert("site.yaml", settings);
    let site = build(&files, &BuildOptions::default()).unwrap();
    let scripts = Selector::parse("script:not([type='application/ld+json'])").unwrap();
    let moved = Selector::parse("meta[http-equiv=refresh]").unwrap();
    let mut n_pages = 0;
    for (path, _) in site.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = Html::parse_document(site.text(path).unwrap());
        assert!(page.select(&scripts).next().is_none(), "{path}");
        if page.select(&moved).next().is_none() {
            let policy = policy(&page);
            assert!(!policy.contains_key("script-src") && !policy.contains_key("connect-src"), "{path}");
            n_pages += 1;
        }
    }
    assert!(n_pages > 20);
}

/// Follows every address of every page by the rules of URLs, without our own code for links. Returns how many.
fn every_link_resolves(site: &Site) -> usize {
    let (with_href, with_src) = (Selector::parse("[href]").unwrap(), Selector::parse("[src]").unwrap());
    let any_id = Selector::parse("[id]").unwrap();
    let pages: BTreeMap<&String, Html> = site
        .files
        .keys()
        .filter(|path| path.ends_with(".html"))
        .map(|path| (path, Html::parse_document(site.text(path).unwrap())))
        .collect();
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, page)| (path.as_str(), page.select(&any_id).filter_map(|it| it.value().id()).collect()))
        .collect();
    let mut n_links = 0;
    for (path, page) in pages.iter().filter(|(path, _)| **path != "404.html") {
        let hrefs = page.select(&with_href).filter_map(|it| it.attr("href"));
        let addresses = hrefs.chain(page.select(&with_src).filter_map(|it| it.attr("src")));
        for address in addresses
            .filter(|it| !it.contains("://") && !it.starts_with("mailto:") && !it.starts_with("tel:"))
        {
            n_links += 1;
            assert!(!address.starts_with('/'), "{path}: {address} is not relative");
            let (file, fragment) = address.split_once('#').unwrap_or((address, ""));
            // From disk nobody adds `index.html`.
            assert!(!file.ends_with('/'), "{path}: {address} names no file");
            let target = if file.is_empty() { (*path).clone() } else { joined(path, file) };
            let found = site.files.get(&target);
            assert!(found.is_some(), "{path}: {address} leads to {target}, which is not there");
            if !fragment.is_empty() && fragment != "top" {
                let has_it = ids[target.as_str()].contains(decoded(fragment).as_str());
                assert!(has_it, "{path}: {address}: no such id");
            }
        }
    }
    n_links
}

/// The file a relative address leads to from a file.
fn joined(from: &str, address: &str) -> String {
    let address = decoded(address.split('?').next().unwrap());
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            "." => (),
            ".." => assert!(parts.pop().is_some(), "{from}: {address} leads out of the site"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let hex: String = bytes.by_ref().take(2).map(char::from).collect();
                out.push(u8::from_str_radix(&hex, 16).unwrap());
            }
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(often(48))]

    /// Whatever a speaker said, readers see exactly that.
    #[test]
    fn the_words_of_a_quotation_are_never_changed(words in "[a-zA-Z0-9 .,;:!?'\"`*_<>&#|\\[\\](){}\\\\/@$%^~+=–—…“”‘’«»éßøğ中文日本عربي🎉-]{1,80}") {
        let words = words.trim();
        prop_assume!(!words.is_empty());
        let mut files = MemoryFiles::from_pairs(tree(&repository("tests/cases/minimal.site")));
        let quoted = words.replace('\'', "''");
        files.insert(
            "content/tale/reactions/ada.md",
            format!(
                "---\nactor: ada\nto: launch\nstatements:\n  - id: hello\n    quote: '{quoted}'\n    date: 2025-01-21\n    \
                 channel: {{ type: interview, to: gazette }}\n    terms: [loom]\n    sources: [article]\n---\n"
            ),
        );
        let site = build(&files, &with_jobs(1)).unwrap();
        prop_assert_eq!(site.built.report.count(Level::Error), 0, "{}", site.report());
        for url in ["/tale/ada/hello/", "/tale/ada/", "/tale/"] {
            let page = Html::parse_document(site.at(url).unwrap());
            let quotes = Selector::parse("blockquote.q").unwrap();
            let shown: Vec<String> = page.select(&quotes).map(|it| it.text().collect::<String>()).collect();
            let bare = |text: &str| {
                // The theme's own marks: one character at each end.
                let mut chars = text.trim().chars();
                chars.next();
                chars.next_back();
                chars.as_str().trim().to_owned()
            };
            prop_assert!(shown.iter().any(|it| bare(it) == words), "{}: {:?} is shown as {:?}", url, words, shown);
        }
        let twin: serde_json::Value = serde_json::from_str(site.at("/tale/ada/hello/index.json").unwrap()).unwrap();
        prop_assert_eq!(twin["statement"]["words"].as_str(), Some(words));
    }
}

/// Runs the program inside this process: exit, stdout, stderr.
fn run(root: &Path, args: &[&str]) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut console = Console {
        stdout: Box::new(&mut out),
        stderr: Box::new(&mut err),
        env: &|_| None,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        width: 100,
    };
    let all = ["rejoinder", "-C", root.to_str().unwrap()].into_iter().chain(args.iter().copied());
    let exit = cli::run(all.map(OsString::from), &mut console);
    drop(console);
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn a_failed_build_leaves_the_output_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    write_tree(dir.path(), &tree(&repository("tests/cases/minimal.site")));
    assert_eq!(run(dir.path(), &["build"]).0, Exit::Done);
    let before = tree(&dir.path().join("public"));
    assert!(before.len() > 10);
    let broken = dir.path().join("content/broken.md");
    let mistakes = [
        ("---\ntitle: Never closed\n", Exit::Problems),
        ("---\ntitle: A\nautor: x\n---\n", Exit::Problems),
        ("---\ntitle: A\n---\n[[nobody]]\n", Exit::Problems),
        ("---\ntitle: A\naliases: [/tale/]\n---\n", Exit::Problems),
        ("---\ntitle: A\ntemplate: none.html\n---\n", Exit::Problems),
        ("---\ntitle: A\n---\n[x](/nowhere/)\n", Exit::Problems),
        ("---\ntitle: A\n---\n![x](nowhere.png)\n", Exit::Problems),
    ];
    for (text, exit) in mistakes {
        std::fs::write(&broken, text).unwrap();
        let (ended, _, said) = run(dir.path(), &["build"]);
        assert_eq!(ended, exit, "{text}: {said}");
        assert!(said.contains("is intact"), "{said}");
        assert!(tree(&dir.path().join("public")) == before, "{text} changed public/");
    }
    std::fs::remove_file(&broken).unwrap();
    assert_eq!(run(dir.path(), &["build"]).0, Exit::Done);
    assert!(tree(&dir.path().join("public")) == before);
    let left: Vec<String> = world::tree(dir.path()).into_keys().filter(|it| it.contains("stage")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn building_twice_writes_nothing_the_second_time() {
    let dir = tempfile::tempdir().unwrap();
    write_tree(dir.path(), &tree(&repository("tests/cases/minimal.site")));
    assert_eq!(run(dir.path(), &["build"]).0, Exit::Done);
    let (exit, out, _) = run(dir.path(), &["build", "--format", "json"]);
    assert_eq!(exit, Exit::Done);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (report["outputs"][0]["written"].as_u64(), report["outputs"][0]["removed"].as_u64()),
        (Some(0), Some(0))
    );
}
