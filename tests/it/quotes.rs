//! The vectors of the quote matcher: `tests/vectors/quotes/*.md`, one quotation and its source each, with the class and
//! the notes that the rules of `rejoinder::quote` ask for. The README there says how they are written.
//!
//! Nothing rewrites them: an expectation is a decision about the rules.

use std::fmt::Write as _;

use rejoinder::quote::{Class, Note, Options, SourceText, find, nearest};

use crate::world::repository;

/// One quotation with what is expected of it.
struct Vector {
    place: String,
    source: String,
    options: String,
    quote: String,
    class: Class,
    notes: Vec<String>,
    spans: Option<String>,
    hits: Option<usize>,
}

/// Reads the vectors of one file.
fn read(name: &str, text: &str) -> Vec<Vector> {
    let mut vectors: Vec<Vector> = Vec::new();
    let (mut source, mut options) = (String::new(), String::new());
    for (idx, line) in text.lines().enumerate() {
        let place = format!("{name}:{}", idx + 1);
        if let Some(detail) = line.strip_prefix("    ") {
            let last = vectors.last_mut().unwrap_or_else(|| panic!("{place}: a detail of nothing"));
            if let Some(spans) = detail.strip_prefix("= ") {
                last.spans = Some(unescape(spans));
            } else if let Some(hits) = detail.strip_prefix("x ") {
                last.hits = Some(hits.parse().unwrap());
            } else {
                assert!(Note::parse(detail).is_some(), "{place}: `{detail}` is no note");
                last.notes.push(detail.to_owned());
            }
            continue;
        }
        if line.starts_with('#') {
            (source, options) = (String::new(), String::new());
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.strip_prefix(' ').unwrap_or(value);
        match key {
            "source" => source = unescape(value),
            "options" => options = value.to_owned(),
            key => {
                let Some(class) = Class::parse(key) else { continue };
                let (source, options, quote) = (source.clone(), options.clone(), unescape(value));
                let (notes, spans, hits) = (Vec::new(), None, None);
                vectors.push(Vector { place, source, options, quote, class, notes, spans, hits });
            }
        }
    }
    vectors
}

/// `\n` and `\u{ad}` as in Rust; `\e` is nothing, for a text that is empty or ends with a space.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\\') {
        out.push_str(before);
        let (c, after) = behind.split_at(1);
        rest = after;
        match c {
            "n" => out.push('\n'),
            "t" => out.push('\t'),
            "e" => (),
            "u" => {
                let (code, after) = after.strip_prefix('{').unwrap().split_once('}').unwrap();
                out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
                rest = after;
            }
            other => panic!("`\\{other}` in {text:?}"),
        }
    }
    out + rest
}

/// By default a locator is given, so that only the vectors about rule 10 speak of it.
fn options(text: &str) -> Options<'_> {
    let mut options = Options { locator: Some("page 1"), ..Options::default() };
    for word in text.split_whitespace() {
        match word.split_once('=') {
            Some(("lang", lang)) => options.lang = lang,
            None if word == "house-style" => options.house_style = true,
            None if word == "post" => options.is_post = true,
            None if word == "no-locator" => options.locator = None,
            _ => panic!("`{word}` is no option"),
        }
    }
    options
}

/// What is wrong about one vector; the empty string when nothing is.
fn judge(vector: &Vector) -> String {
    let source = SourceText::new(&vector.source);
    let found = find(&vector.quote, &source, &options(&vector.options));
    let mut notes: Vec<String> = found.notes.iter().map(Note::to_string).collect();
    let mut expected = vector.notes.clone();
    notes.sort();
    expected.sort();
    let spans: Vec<&str> = found.spans.iter().map(|it| it.of(source.text())).collect();
    let spans = spans.join(" | ");
    let is_right = found.class == vector.class
        && notes == expected
        && vector.spans.as_ref().is_none_or(|it| *it == spans)
        && vector.hits.is_none_or(|it| it == found.hits);
    let mut wrong = String::new();
    if !is_right {
        writeln!(wrong, "{}: {}", vector.place, vector.quote).unwrap();
        writeln!(wrong, "    expected {} {}", vector.class, expected.join(" ")).unwrap();
        writeln!(wrong, "    found    {} {}  = {spans}  x {}", found.class, notes.join(" "), found.hits)
            .unwrap();
    }
    wrong
}

fn vectors() -> Vec<Vector> {
    let mut files: Vec<_> = std::fs::read_dir(repository("tests/vectors/quotes"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "md") && !it.ends_with("README.md"))
        .collect();
    files.sort();
    let read_file = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        read(&name, &std::fs::read_to_string(path).unwrap())
    };
    files.iter().flat_map(read_file).collect()
}

#[test]
fn the_matcher_agrees_with_every_vector() {
    let vectors = vectors();
    let wrong: String = vectors.iter().map(judge).collect();
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(vectors.len() >= 250, "there are {} vectors", vectors.len());
}

#[test]
fn every_class_and_every_note_has_a_vector() {
    let vectors = vectors();
    // Such a quotation fills pages: the properties have one.
    const WITHOUT_VECTOR: &str = "too-many-edits";
    let shown = |name: &str| {
        name == WITHOUT_VECTOR
            || vectors.iter().any(|it| it.notes.iter().any(|note| note.split('(').next() == Some(name)))
    };
    let missing: Vec<&str> = Note::NAMES.iter().copied().filter(|name| !shown(name)).collect();
    assert!(missing.is_empty(), "no vector shows: {}", missing.join(", "));
    for class in Class::ALL.into_iter().filter(|it| *it != Class::NoSource) {
        assert!(vectors.iter().any(|it| it.class == class), "no vector shows {class}");
    }
}

#[test]
fn what_is_not_in_the_table_has_a_nearest_passage() {
    let table: Vec<Vector> = vectors().into_iter().filter(|it| it.place.starts_with("13-table")).collect();
    let mismatches = table.iter().filter(|it| it.class == Class::Mismatch);
    let ratios = mismatches.map(|it| {
        let nearest =
            nearest(&it.quote, &SourceText::new(&it.source)).unwrap_or_else(|| panic!("{}", it.quote));
        format!("{:.2} {}", nearest.ratio, nearest.passage)
    });
    let expected = [
        "0.84 legit invigorating to have a new competitor",
        "0.94 more compute is more important now than ever before to succeed",
        "0.92 open source models are surpassing proprietary ones",
        "0.93 very heavily in",
        "1.00 very heavily” in AI",
        "0.55 As AI gets more efficient and accessible, we will see its use skyrocket, turning it into a commodity",
        "0.33 paradox strikes again",
    ];
    assert_eq!(ratios.collect::<Vec<_>>(), expected);
}
