//! The reference of `docs/theming.md`: every variable a template gets, read from the view models' own source text.
//!
//! In: `src/view/**/*.rs`. Out: Markdown between `<!-- reference -->` and `<!-- /reference -->`. Reads as much Rust as
//! plain structs need: doc comments, `#[serde(rename = "…")]`, names and types. `src/view/models.json` says the same to
//! the program, which makes up view models from it (`rejoinder theme check`).

use std::collections::BTreeMap;

use crate::diff::diff;
use crate::world::{is_update, repository, tree};

/// A serialised struct of the view layer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) name: String,
    /// The file below `src/view`: `cards/page.rs`.
    pub(crate) file: String,
    pub(crate) docs: String,
    pub(crate) fields: Vec<Field>,
}

/// One field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) rust_type: String,
    pub(crate) docs: String,
}

/// Every `pub struct` with `Serialize` below `src/view`, by file and in the order of each file.
pub(crate) fn shapes() -> Vec<Shape> {
    let files = tree(&repository("src/view"));
    let texts = files.into_iter().filter(|(path, _)| path.ends_with(".rs"));
    texts.flat_map(|(path, bytes)| structs(&path, &String::from_utf8(bytes).unwrap())).collect()
}

fn structs(file: &str, text: &str) -> Vec<Shape> {
    let mut found: Vec<Shape> = Vec::new();
    let (mut docs, mut rename, mut serialised) = (String::new(), None, false);
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            docs.push_str(words);
            continue;
        }
        if line.starts_with("#[derive") {
            serialised = line.contains("Serialize");
            continue;
        }
        if let Some(rest) = line.strip_prefix("#[serde(rename = \"") {
            rename = rest.split('"').next().map(str::to_owned);
            continue;
        }
        if line.starts_with("#[") {
            continue;
        }
        let taken = docs.trim().to_owned();
        docs.clear();
        if let Some(rest) = line.strip_prefix("pub struct ").filter(|_| serialised) {
            let name = rest.trim_end_matches([' ', '{', '}', ';']).to_owned();
            found.push(Shape { name, file: file.to_owned(), docs: taken, fields: Vec::new() });
            inside = rest.ends_with('{');
        } else if let Some((name, rust_type)) =
            line.strip_prefix("pub ").and_then(|it| it.split_once(": ")).filter(|_| inside)
        {
            let field = Field {
                name: rename.take().unwrap_or_else(|| name.to_owned()),
                rust_type: rust_type.trim_end_matches(',').to_owned(),
                docs: taken,
            };
            found.last_mut().expect("a field stands in a struct").fields.push(field);
        } else if line == "}" {
            inside = false;
        }
        serialised = false;
    }
    found
}

/// The reference as Markdown.
fn reference(shapes: &[Shape]) -> String {
    let by_name: BTreeMap<&str, &Shape> = shapes.iter().map(|it| (it.name.as_str(), it)).collect();
    let pages = pages(shapes);
    let mut out = String::from(
        "### Variables of each template\n\nBesides these, every template has `site` ([SiteView](#siteview)).\n",
    );
    for (template, shape) in &pages {
        out.push_str(&format!("\n#### `{template}`\n\n"));
        fields(shape, &by_name, &mut out);
    }
    out.push_str("\n### The parts they are made of\n");
    let is_page = |shape: &Shape| pages.iter().any(|(_, page)| page.name == shape.name);
    let mut parts: Vec<&&Shape> =
        by_name.values().filter(|it| !is_page(it) && !NO_TEMPLATE.contains(&it.name.as_str())).collect();
    parts.sort_by_key(|it| it.name.to_lowercase());
    for shape in parts {
        out.push_str(&format!("\n#### {}\n\n{}\n\n", shape.name, shape.docs));
        fields(shape, &by_name, &mut out);
    }
    out
}

/// Shapes that no template sees: feeds and sitemaps are written by the program.
const NO_TEMPLATE: &[&str] = &["Feed", "FeedEntry", "Sitemap"];

/// Templates with their view models, in the order of the registry.
fn pages(shapes: &[Shape]) -> Vec<(String, &Shape)> {
    let registry = std::fs::read_to_string(repository("src/view/mod.rs")).unwrap();
    let list = registry.split("pub static VIEWS").nth(1).unwrap().split("];").next().unwrap();
    let order: Vec<&str> =
        list.lines().filter_map(|line| line.trim().split_once("::").map(|(module, _)| module)).collect();
    let template = |shape: &Shape| {
        let words = shape.docs.strip_prefix("Variables of `")?;
        Some(words.split('`').next()?.to_owned())
    };
    let mut found: Vec<(usize, String, &Shape)> = shapes
        .iter()
        .filter_map(|shape| {
            let module = shape.file.trim_end_matches(".rs");
            let at = order.iter().position(|it| *it == module).unwrap_or(order.len());
            Some((at, template(shape)?, shape))
        })
        .collect();
    found.sort_by_key(|(at, ..)| *at);
    found.into_iter().map(|(_, template, shape)| (template, shape)).collect()
}

fn fields(shape: &Shape, known: &BTreeMap<&str, &Shape>, out: &mut String) {
    for field in &shape.fields {
        out.push_str(&format!("- `{}`, {}: {}\n", field.name, in_words(&field.rust_type, known), field.docs));
    }
}

/// A type in the words of a theme's author.
fn in_words(rust_type: &str, known: &BTreeMap<&str, &Shape>) -> String {
    let inside = |wrapper: &str| rust_type.strip_prefix(wrapper).and_then(|it| it.strip_suffix('>'));
    if let Some(inner) = inside("Option<") {
        return format!("{} or null", in_words(inner, known));
    }
    if let Some(inner) = inside("Vec<") {
        return format!("list of {}", in_words(inner, known));
    }
    if let Some(inner) = inside("BTreeMap<String, ") {
        return format!("map of {}", in_words(inner, known));
    }
    if let Some(inner) = inside("Box<") {
        return in_words(inner, known);
    }
    match rust_type {
        "String" | "&'static str" => "text".to_owned(),
        "bool" => "true or false".to_owned(),
        "usize" | "u32" | "u8" | "i64" | "u64" => "number".to_owned(),
        "serde_json::Value" | "Value" => "anything".to_owned(),
        name => {
            let name = name.rsplit("::").next().unwrap();
            assert!(
                known.contains_key(name),
                "`{rust_type}` is no type of the view layer that the reference knows"
            );
            format!("[{name}](#{})", name.to_lowercase())
        }
    }
}

/// A type in the notation of `src/view/models.json`.
fn in_notation(rust_type: &str) -> String {
    let inside = |wrapper: &str| rust_type.strip_prefix(wrapper).and_then(|it| it.strip_suffix('>'));
    if let Some(inner) = inside("Option<") {
        return format!("{}?", in_notation(inner));
    }
    if let Some(inner) = inside("Vec<") {
        return format!("{}[]", in_notation(inner));
    }
    if let Some(inner) = inside("BTreeMap<String, ") {
        return format!("{}{{}}", in_notation(inner));
    }
    if let Some(inner) = inside("Box<") {
        return in_notation(inner);
    }
    let name = rust_type.rsplit("::").next().unwrap();
    match rust_type {
        "String" => "text",
        "&'static str" => "word",
        "bool" => "flag",
        "usize" | "u32" | "u8" | "i64" | "u64" => "number",
        "serde_json::Value" | "Value" => "any",
        _ => name,
    }
    .to_owned()
}

/// All view models as `rejoinder theme check` reads them.
fn models(shapes: &[Shape]) -> String {
    let pages: Vec<String> =
        pages(shapes).iter().map(|(template, shape)| format!("  {template:?}: {:?}", shape.name)).collect();
    let mut parts: Vec<&Shape> =
        shapes.iter().filter(|it| !NO_TEMPLATE.contains(&it.name.as_str())).collect();
    parts.sort_by_key(|it| &it.name);
    let field = |it: &Field| {
        serde_json::to_string(&[&it.name, &in_notation(&it.rust_type), &it.docs]).expect("texts are JSON")
    };
    let parts: Vec<String> = parts
        .iter()
        .map(|it| {
            let fields: Vec<String> = it.fields.iter().map(|it| format!("   {}", field(it))).collect();
            format!("  {:?}: [\n{}\n  ]", it.name, fields.join(",\n"))
        })
        .collect();
    format!(
        "{{\n \"pages\": {{\n{}\n }},\n \"models\": {{\n{}\n }}\n}}\n",
        pages.join(",\n"),
        parts.join(",\n")
    )
}

#[test]
fn themes_are_checked_with_what_the_code_says() {
    let path = repository("src/view/models.json");
    let new = models(&shapes());
    if is_update() {
        std::fs::write(&path, new).unwrap();
        return;
    }
    let words = diff(&std::fs::read_to_string(&path).unwrap(), &new);
    assert!(words.is_empty(), "\n{words}UPDATE=1 writes what the code says into src/view/models.json");
}

#[test]
fn the_theming_reference_is_what_the_code_says() {
    const START: &str = "<!-- reference -->\n";
    const END: &str = "<!-- /reference -->";
    let path = repository("docs/theming.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(START).expect("docs/theming.md has the reference's first mark");
    let (old, after) = rest.split_once(END).expect("docs/theming.md has the reference's last mark");
    let new = format!("\n{}\n", reference(&shapes()));
    if is_update() {
        std::fs::write(&path, format!("{before}{START}{new}{END}{after}")).unwrap();
        return;
    }
    let words = diff(old, &new);
    assert!(words.is_empty(), "\n{words}UPDATE=1 writes what the code says into docs/theming.md");
}
