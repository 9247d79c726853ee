//! What is stored of a document comes back whole, or not at all.

use proptest::prelude::*;

use super::properties::piece;
use super::*;

/// A page with something of most kinds: a problem with a fix, one with a second place, mentions, anchors, assets.
const PAGE: &str = "---\nactor: ada-example\nto: launch\nstance: [welcomes\nextra: { mood: calm }\n---\n\n## Why\n\n\
    [[gadget]] ![A loom](loom.png) [elsewhere](https://example.org/)\n";

fn comes_back(document: &Document) {
    let restored = Gist::restore(&document.store());
    assert_eq!(restored.as_ref(), Some(&document.gist));
}

#[test]
fn a_number_comes_back_as_typed() {
    let page = "---\nof: weavers\nmeasure: price\nvalue: -1,000.50 million\nunit: USD\non: 2025-01-27\nsources: [post]\n---\n";
    let document = document_of("content/figures/fall.md", page);
    assert_eq!(document.facts.records.len(), 1);
    comes_back(&document);
    let restored = Gist::restore(&document.store()).expect("what was stored");
    assert_eq!(restored.facts.digest(), document.facts.digest());
    assert!(Arc::ptr_eq(&restored.facts.records[0].origin.file, &restored.path), "one name for all records");
}

#[test]
fn a_report_comes_back_with_its_fixes_and_second_places() {
    for page in [
        PAGE,
        "---\nname: Ada\ntyp: person\n---\n[x](y)\n",
        "---\nname: Ada\nname: Eve\n---\n",
        "---\ntitle: never closed\n",
        "---\ntitle: Yes\ndate: 1.2.2025\ndraft: yes\n---\n",
    ] {
        let document = document_of("content/actors/ada-example.md", page);
        assert!(!document.report.diagnostics().is_empty(), "{page}");
        comes_back(&document);
    }
}

#[test]
fn bytes_of_a_code_that_is_gone_are_refused() {
    static GONE: Code = Code { name: "gone", level: crate::diag::Level::Note, manual: "" };
    let mut document = document_of("content/about.md", "Words.\n");
    comes_back(&document);
    document.report.add(Diagnostic::unplaced(&GONE, "gone"));
    assert_eq!(Gist::restore(&document.store()), None);
}

proptest! {
    #[test]
    fn whatever_was_read_comes_back(pieces in proptest::collection::vec(piece(), 0..40), path in 0..4_usize) {
        let path = ["content/a.md", "content/actors/a.md", "content/terms/_terms.yaml", "content/s/reactions/a.md"][path];
        comes_back(&document_of(path, pieces.concat()));
        comes_back(&document_of(path, format!("---\n{}\n---\n", pieces.concat())));
    }

    #[test]
    fn other_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(Gist::restore(&bytes), None);
    }

    #[test]
    fn damaged_bytes_are_refused(at in any::<prop::sample::Index>(), bit in 0..8_u8, cut in any::<prop::sample::Index>()) {
        let bytes = document_of("content/reactions/ada-example.md", PAGE).store();
        let mut flipped = bytes.clone();
        flipped[at.index(bytes.len())] ^= 1 << bit;
        prop_assert_eq!(Gist::restore(&flipped), None);
        prop_assert_eq!(Gist::restore(&bytes[..cut.index(bytes.len())]), None);
        let longer = [bytes, vec![0]].concat();
        prop_assert_eq!(Gist::restore(&longer), None);
    }
}
