//! Whatever comes in, a document comes out; and the words that come out are the words that were typed.

use proptest::prelude::*;

use super::*;
use crate::model::Extra;

/// Pieces that YAML, the fences and our own scanner care about.
pub(super) fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "---",
            "\n",
            "\r\n",
            "\r",
            ": ",
            ":",
            "- ",
            "  ",
            "\t",
            "#",
            " #",
            "'",
            "\"",
            "\\",
            "\\u00",
            "[",
            "]",
            "{",
            "}",
            ",",
            "|",
            ">-\n",
            "&a ",
            "*a",
            "!x ",
            "@",
            "%",
            "`",
            "<<: ",
            "?",
            "\u{A0}",
            "\u{202E}",
            "\u{2028}",
            "\u{FEFF}",
            "é",
            "中",
            "\0",
            "title",
            "statements",
            "id",
            "quote",
            "sources",
            "kind: reaction",
            "extra",
            "~",
            "1.10",
        ])
        .prop_map(str::to_owned),
        "[ -~\n]{0,6}",
    ]
}

/// A text tree: what could stand below `extra:`.
fn tree() -> impl Strategy<Value = Extra> {
    let leaf = "[ -~é中]{1,12}".prop_map(Extra::Text);
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Extra::List),
            proptest::collection::vec(inner, 1..4).prop_map(|items| {
                Extra::Map(items.into_iter().enumerate().map(|(idx, it)| (format!("k{idx}"), it)).collect())
            }),
        ]
    })
}

/// Writes a tree as an author would, with plain text wherever YAML leaves it alone.
fn write(tree: &Extra, indent: usize, out: &mut String) {
    match tree {
        Extra::Text(text) => {
            let starts_well = text.starts_with(|c: char| c.is_alphanumeric());
            let plain =
                starts_well && !text.ends_with([' ', ':']) && !text.contains(": ") && !text.contains(" #");
            let typed = matches!(
                text.as_str(),
                "true" | "false" | "True" | "False" | "TRUE" | "FALSE" | "null" | "Null" | "NULL"
            );
            if plain && !typed {
                out.push_str(text);
            } else {
                out.push_str(&super::super::words::quoted(text));
            }
            out.push('\n');
        }
        Extra::List(items) => {
            out.push('\n');
            for item in items {
                out.push_str(&format!("{}- ", " ".repeat(indent)));
                write(item, indent + 2, out);
            }
        }
        Extra::Map(entries) => {
            out.push('\n');
            for (key, item) in entries {
                out.push_str(&format!("{}{key}: ", " ".repeat(indent)));
                write(item, indent + 2, out);
            }
        }
        Extra::Null | Extra::Bool(_) => unreachable!("because trees hold text only"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_document(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for path in ["content/a.md", "content/actors/_a.yaml"] {
            document_of(path, &bytes);
            read_site(&Input::new("site.yaml", bytes.as_slice()));
        }
    }

    #[test]
    fn any_pieces_give_a_document_and_every_place_fits(pieces in proptest::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        for text in [text.clone(), format!("---\n{text}\n---\n")] {
            for path in ["content/a.md", "content/reactions/_a.yaml", "content/reactions/a.md"] {
                let document = document_of(path, &text);
                for problem in document.report.diagnostics() {
                    if let At::Span(span) = &problem.place.as_ref().expect("placed").at {
                        prop_assert!(document.text.get(span.range()).is_some(), "{:?} {:?}", problem, text);
                    }
                }
            }
            read_theme(&Input::new("theme.yaml", text.as_bytes()));
            for path in ["a", "[0].a[1]", "statements[0].sources[1].ref", "[", "]..[x]", ""] {
                if let Some(span) = locate(&text, path, text.len() % 2 == 0) {
                    prop_assert!(text.get(span.range()).is_some());
                }
            }
        }
    }

    #[test]
    fn the_words_that_come_out_are_the_words_that_were_typed(tree in tree()) {
        let mut yaml = "---\nextra:\n  tree: ".to_owned();
        write(&tree, 4, &mut yaml);
        yaml.push_str("---\n");
        let document = document_of("content/a.md", &yaml);
        prop_assert_eq!(told(&document.report, &yaml), Vec::<String>::new(), "{}", yaml);
        prop_assert_eq!(&document.facts.records[0].meta.extra["tree"], &tree, "{}", yaml);
    }

    #[test]
    fn a_quotation_comes_out_as_typed_or_is_reported(typed in "[ -~é\u{A0}]{1,30}") {
        let yaml = format!("---\ntitle: {typed}\n---\n");
        let document = document_of("content/a.md", &yaml);
        if document.report.diagnostics().is_empty() {
            let crate::model::Data::Page(page) = &document.facts.records[0].data else { panic!("a page") };
            let typed = typed.trim_matches(' ');
            let unquoted = typed.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).map(|it| it.replace("''", "'"));
            let double = typed.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
            let double = double.map(|it| it.replace("\\\"", "\"").replace("\\\\", "\\"));
            let wanted = unquoted.or(double).unwrap_or_else(|| typed.to_owned());
            // Nothing but a comment stands there: the title then comes from the file's name.
            if !typed.is_empty() && !typed.starts_with('#') {
                prop_assert_eq!(&page.title, &wanted);
            }
        }
    }

    #[test]
    fn a_folded_quotation_comes_out_as_typed_or_is_reported(first in "[a-zé][ -~é]{0,12}", second in "[ -~é]{1,12}") {
        let yaml = format!("---\nweight: 1\ntitle: {first}\n   {second}\ntoc: true\n---\n");
        let document = document_of("content/a.md", &yaml);
        if document.report.diagnostics().is_empty() {
            let crate::model::Data::Page(page) = &document.facts.records[0].data else { panic!("a page") };
            let wanted = format!("{} {}", first.trim_matches(' '), second.trim_matches(' '));
            prop_assert_eq!(&page.title, wanted.trim_end());
            prop_assert!(page.toc);
        }
    }
}
