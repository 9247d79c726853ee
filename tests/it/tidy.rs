//! Tidiness: what the project promises about its own source text. Each failure says what to do.

use std::collections::{BTreeMap, BTreeSet};

use rejoinder::check::CHECKS;
use rejoinder::diag::Code;
use rejoinder::engine;

use crate::cases;
use crate::reference;
use crate::world::{repository, tree};

/// Our source text by path below `src`, without comments: `view/actor.rs`.
fn sources() -> BTreeMap<String, String> {
    let files = tree(&repository("src")).into_iter().filter(|(path, _)| path.ends_with(".rs"));
    files.map(|(path, bytes)| (path, without_comments(&String::from_utf8(bytes).unwrap()))).collect()
}

fn without_comments(text: &str) -> String {
    let code = text.lines().map(|line| match line.trim_start() {
        it if it.starts_with("//") => "",
        _ => line.split(" // ").next().unwrap_or(""),
    });
    code.map(|line| format!("{line}\n")).collect()
}

/// The module a file belongs to: `view` for `view/actor.rs`. None for `lib.rs` and `main.rs`.
fn module(path: &str) -> Option<&str> {
    path.split_once('/').map(|(module, _)| module)
}

/// The modules in layer order, as `lib.rs` lists them.
fn layers() -> Vec<String> {
    let text = std::fs::read_to_string(repository("src/lib.rs")).unwrap();
    let names = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// Every name behind a prefix such as `crate::`: `crate::{a, b::C}` names `a` and `b`.
fn names_behind<'t>(text: &'t str, prefix: &str) -> Vec<&'t str> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        // `super::x` inside `super::super::x` is another module's.
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        if text[..at].ends_with(is_word) {
            continue;
        }
        let rest = &text[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0_usize;
                let mut start = true;
                for (idx, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && (c.is_alphabetic() || c == '_') => {
                            names.push(word(&list[idx..]));
                            start = false;
                        }
                        _ => (),
                    }
                }
            }
            None => names.push(word(rest)),
        }
    }
    names
}

fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

#[test]
fn a_module_imports_only_from_those_above_it() {
    let layers = layers();
    assert!(layers.len() > 10, "src/lib.rs lists the modules as `pub mod name;`");
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(own) = module(&path) else { continue };
        let Some(own_at) = layers.iter().position(|it| it == own) else {
            wrong.push(format!("src/{path}: list `{own}` in src/lib.rs, at its layer"));
            continue;
        };
        for name in names_behind(&text, "crate::") {
            match layers.iter().position(|it| it == name) {
                Some(at) if at > own_at => {
                    wrong.push(format!("src/{path}: `{own}` stands above `{name}` and cannot use it"));
                }
                Some(_) => (),
                None => wrong.push(format!("src/{path}: what is `crate::{name}`?")),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Directories of ribs, with the files that their ribs may share.
const RIBS: &[(&str, &[&str])] = &[
    (
        "view",
        &["cards", "citation", "desk", "words", "json_ld", "lines", "matrix", "moments", "drawn", "share"],
    ),
    ("picture", &["axis", "fold", "mark", "measure", "order", "svg", "tests"]),
    ("format", &["xml"]),
    ("check", &["notes", "running"]),
];

#[test]
fn ribs_do_not_import_each_other() {
    let sources = sources();
    let mut wrong = Vec::new();
    for (directory, shared) in RIBS {
        let prefix = format!("{directory}/");
        let name_of =
            |path: &str| path[prefix.len()..].trim_end_matches(".rs").split('/').next().unwrap().to_owned();
        let own: Vec<&String> = sources.keys().filter(|path| path.starts_with(&prefix)).collect();
        let ribs: BTreeSet<String> = own
            .iter()
            .map(|path| name_of(path))
            .filter(|it| it != "mod" && !shared.contains(&it.as_str()))
            .collect();
        for path in own.into_iter().filter(|path| ribs.contains(&name_of(path))) {
            let text = &sources[path];
            let depth = path[prefix.len()..].matches('/').count();
            let up = "super::".repeat(depth + 1);
            let absolute = format!("crate::{directory}::");
            let named = names_behind(text, &up).into_iter().chain(names_behind(text, &absolute));
            for name in named.filter(|name| ribs.contains(*name) && **name != name_of(path)) {
                wrong.push(format!(
                    "src/{path}: what it takes from `{name}` belongs into a file that both may use"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Each outside crate and the modules that may name it.
const OWNERS: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["diag"]),
    ("blake3", &["text"]),
    ("brotli", &["compress"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("encoding_rs", &["extract"]),
    ("fast_image_resize", &["image"]),
    ("foldhash", &["text"]),
    ("getrandom", &["preview"]),
    ("hayro_cmap", &["extract"]),
    ("hayro_syntax", &["extract"]),
    ("html5ever", &["extract"]),
    ("http_body_util", &["publish"]),
    ("hyper", &["preview"]),
    ("image_webp", &["image"]),
    ("include_dir", &["theme", "cli"]),
    ("jiff", &["text"]),
    ("jpeg_encoder", &["image"]),
    ("miniz_oxide", &["compress"]),
    ("memchr", &["text"]),
    ("mimalloc", &["main.rs"]),
    ("png", &["card", "image"]),
    ("postcard", &["text"]),
    ("notify", &["input"]),
    ("pagefind", &["search"]),
    ("object_store", &["publish"]),
    ("pulldown_cmark", &["document"]),
    ("rayon", &["engine"]),
    ("resvg", &["card"]),
    ("rustix", &["input", "delivery", "publish", "cli"]),
    ("serde_yaml", &["document"]),
    ("sha2", &["text"]),
    ("skrifa", &["card"]),
    ("strsim", &["text"]),
    ("tera", &["theme"]),
    ("tokio", &["preview", "search"]),
    ("unicode_normalization", &["text", "quote", "input", "document", "extract"]),
    ("unicode_segmentation", &["document", "text", "quote"]),
    ("ureq", &["external", "publish"]),
    ("walkdir", &["input"]),
    ("webp", &["image"]),
    ("wuff", &["card"]),
    ("zune_jpeg", &["image"]),
];

/// Crates that any module may name.
const FREE: &[&str] = &["serde", "serde_json"];

#[test]
fn each_outside_crate_has_one_owner() {
    let manifest = std::fs::read_to_string(repository("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names = dependencies
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.replace('-', "_"));
    let names: BTreeSet<String> = names.collect();
    let mut wrong = Vec::new();
    for name in names.iter().filter(|name| !FREE.contains(&name.as_str())) {
        let Some((_, owners)) = OWNERS.iter().find(|(known, _)| known == name) else {
            wrong.push(format!("Cargo.toml: say in tests/it/tidy.rs which module owns `{name}`"));
            continue;
        };
        let mut is_used = false;
        for (path, text) in sources() {
            let path_start = format!("{name}::");
            let named = text
                .match_indices(&path_start)
                .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
            let is_owner = owners.contains(&module(&path).unwrap_or(&path));
            is_used |= named;
            if named && !is_owner {
                wrong.push(format!("src/{path}: only {} may name `{name}`", owners.join(" and ")));
            }
        }
        if !is_used {
            wrong.push(format!("Cargo.toml: nothing names `{name}`"));
        }
    }
    for (name, _) in OWNERS.iter().filter(|(name, _)| !names.contains(*name)) {
        wrong.push(format!("tests/it/tidy.rs: `{name}` is no dependency any more"));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The rib files of a directory: `ref-orphan` for `check/ref_orphan.rs`.
fn rib_files(directory: &str) -> Vec<String> {
    let prefix = format!("{directory}/");
    let names = sources()
        .into_keys()
        .filter_map(|path| Some(path.strip_prefix(&prefix)?.strip_suffix(".rs")?.to_owned()));
    names.filter(|name| name != "mod" && !name.contains('/')).collect()
}

#[test]
fn every_check_is_registered_and_explained() {
    let registry = std::fs::read_to_string(repository("src/check/mod.rs")).unwrap();
    let mut wrong = Vec::new();
    let (_, shared) = RIBS.iter().find(|(directory, _)| *directory == "check").unwrap();
    for name in rib_files("check").into_iter().filter(|name| !shared.contains(&name.as_str())) {
        let lines = [format!("mod {name};"), format!("    {name}::CHECK,")];
        for line in lines.iter().filter(|line| !registry.contains(line.as_str())) {
            wrong.push(format!("src/check/mod.rs lacks this line:\n{line}"));
        }
    }
    for check in CHECKS {
        let page = check.code.manual_page();
        let title = format!("# {}\n", check.code.name);
        if !page.starts_with(&title) {
            wrong.push(format!("{}: its module doc starts with `{}`", check.code.name, title.trim()));
        }
        if page.len() < 120 {
            wrong.push(format!(
                "{}: its module doc, which is its manual page, says too little",
                check.code.name
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_view_is_registered() {
    let registry = std::fs::read_to_string(repository("src/view/mod.rs")).unwrap();
    let sources = sources();
    let views = rib_files("view")
        .into_iter()
        .filter(|name| sources[&format!("view/{name}.rs")].contains(": View = View {"));
    let missing: Vec<String> = views.filter(|name| !registry.contains(&format!("    {name}::"))).collect();
    assert!(missing.is_empty(), "src/view/mod.rs lacks in VIEWS: {}", missing.join(", "));
}

#[test]
fn every_code_has_a_name_of_its_own_and_a_manual_page() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for code in engine::codes() {
        let name = code.name;
        let kebab = name.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
        });
        if !kebab {
            wrong.push(format!("`{name}` is not written like `ref-unresolved`"));
        }
        if !seen.insert(name) {
            wrong.push(format!("`{name}` is declared twice"));
        }
        if code.manual_page().len() < 80 {
            wrong.push(format!("`{name}` has no manual page to speak of"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Codes that no file in memory can bring about, with the reason.
const WITHOUT_CASE: &[(&str, &str)] = &[
    ("alias-not-a-path", "reading refuses such an alias before there is a plan: this is the second lock"),
    ("no-share-cards", "what is said depends on cargo features; tests/it/cards.rs shows it"),
    ("share-card", "only a program with the cargo feature says it; tests/it/cards.rs shows it"),
    ("share-card-lacking", "only a program with the cargo feature says it; tests/it/cards.rs shows it"),
    ("not-reproducible", "two builds say it together, and tests/it/reproducible.rs shows it"),
    ("theme-page", "`theme check` says it, and tests/it/themes.rs shows it"),
    ("theme-unescaped", "`theme check` says it, and tests/it/themes.rs shows it"),
];

#[test]
fn every_code_has_a_case_that_shows_it() {
    let mut shown = String::new();
    for path in cases::files("") {
        shown.push_str(&std::fs::read_to_string(path).unwrap());
    }
    let has_case = |code: &Code| {
        ["error", "warning", "note"]
            .iter()
            .any(|level| shown.contains(&format!("\n{level}[{}]: ", code.name)))
    };
    let codes = engine::codes();
    let excused = |code: &Code| WITHOUT_CASE.iter().any(|(name, _)| *name == code.name);
    let missing: Vec<&str> =
        codes.iter().filter(|code| !has_case(code) && !excused(code)).map(|code| code.name).collect();
    assert!(missing.is_empty(), "no case in tests/cases shows: {}", missing.join(", "));
    let needless: Vec<&str> =
        codes.iter().filter(|code| has_case(code) && excused(code)).map(|code| code.name).collect();
    assert!(needless.is_empty(), "these have a case by now: {}", needless.join(", "));
}

#[test]
fn files_hold_one_idea_and_no_loose_ends() {
    const MOST_LINES: usize = 600;
    let mut wrong = Vec::new();
    for (path, bytes) in tree(&repository("src")).into_iter().filter(|(path, _)| path.ends_with(".rs")) {
        let text = String::from_utf8(bytes).unwrap();
        // Tests stand behind the code, or in files of their own.
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or("");
        let n_lines = code.lines().count();
        let is_test = path.contains("/tests");
        if n_lines > MOST_LINES && !is_test {
            wrong.push(format!("src/{path} has {n_lines} lines; give its second idea a file"));
        }
        for (idx, line) in text.lines().enumerate() {
            if ["TO", "FIX"].iter().zip(["DO", "ME"]).any(|(a, b)| line.contains(&format!("{a}{b}"))) {
                wrong.push(format!("src/{path}:{}: do it, or write an issue", idx + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_variable_of_a_template_is_documented() {
    let shapes = reference::shapes();
    assert!(shapes.len() > 40, "the reference finds the view models");
    let mut wrong = Vec::new();
    for shape in shapes {
        if shape.docs.is_empty() {
            wrong.push(format!("src/view/{}: `{}` says nothing about itself", shape.file, shape.name));
        }
        for field in shape.fields.iter().filter(|field| field.docs.is_empty()) {
            wrong.push(format!(
                "src/view/{}: `{}.{}` says nothing about itself",
                shape.file, shape.name, field.name
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn names_are_found_behind_their_prefix() {
    let text = "use crate::diag::{A, B};\nuse crate::{text, model::{Site, X}, view};\nlet x = crate::plan::y(super::super::z::q());";
    assert_eq!(names_behind(text, "crate::"), ["diag", "text", "model", "view", "plan"]);
    assert_eq!(names_behind(text, "super::super::"), ["z"]);
}
