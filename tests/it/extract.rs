//! Saved copies: what is extracted from the files in `tests/extract`, and that nothing at all makes extraction panic.

use proptest::prelude::*;
use rejoinder::extract::{Extracted, Options, ProblemKind, extract};

use crate::diff::diff;
use crate::world::{is_update, repository, say, tree};

/// What an expectation holds: what the file says of itself, then its words; or why there are none.
fn shown(name: &str, bytes: &[u8], options: &Options) -> String {
    let it = match extract(name, bytes, options) {
        Ok(it) => it,
        Err(problem) => return format!("{:?}: {problem}\nhelp: {}\n", problem.kind, problem.help),
    };
    let mut out = format!("{:?}\n", it.media);
    let said = [("title", &it.title), ("canonical", &it.canonical), ("saved", &it.saved)];
    for (key, value) in said.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?))) {
        out.push_str(&format!("{key}: {value}\n"));
    }
    for copy in &it.archives {
        let of = |it: &Option<String>| it.clone().unwrap_or_default();
        out.push_str(&format!("archive: {} {} {}\n", copy.url, of(&copy.at), of(&copy.by)));
    }
    if it.truncated {
        out.push_str("truncated\n");
    }
    format!("{out}---\n{}", it.text.replace('\u{AD}', "<shy>"))
}

#[test]
fn saved_copies_give_their_words() {
    let dir = repository("tests/extract");
    let files = tree(&dir);
    let mut wrong = String::new();
    let mut n_files = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| !name.ends_with(".out") && !name.ends_with(".md")) {
        n_files += 1;
        if name.ends_with(".pdf") && !cfg!(feature = "pdf") {
            say(&format!("skipped: {name} (built without the feature `pdf`)"));
            continue;
        }
        let now = shown(name, bytes, &Options::default());
        let expected = files.get(&format!("{name}.out")).map(|it| String::from_utf8(it.clone()).unwrap());
        if is_update() {
            std::fs::write(dir.join(format!("{name}.out")), &now).unwrap();
        } else if expected.as_deref() != Some(&now) {
            wrong.push_str(&format!("{name}:\n{}\n", diff(&expected.unwrap_or_default(), &now)));
        }
    }
    assert!(n_files > 15, "tests/extract holds the saved copies");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
#[cfg(not(feature = "pdf"))]
fn a_program_that_reads_no_pdf_says_so() {
    let problem = extract("a.pdf", b"%PDF-1.7", &Options::default()).unwrap_err();
    assert_eq!((problem.kind, problem.message.contains("built without")), (ProblemKind::Unreadable, true));
}

#[test]
fn captions_are_kept_when_asked_for() {
    let page = std::fs::read(repository("tests/extract/article.html")).unwrap();
    let words = |figcaptions| extract("a.html", &page, &Options { figcaptions }).unwrap().text;
    assert!(words(true).contains("\n\nAda Example with a gadget. Picture: Example\n\n"));
    assert!(!words(false).contains("Picture"));
}

#[test]
fn what_is_too_large_or_too_deep_is_refused_in_words() {
    let large = vec![b'a'; rejoinder::extract::MOST_BYTES + 1];
    let problem = extract("a.txt", &large, &Options::default()).unwrap_err();
    assert_eq!((problem.kind, problem.message.contains("8 MiB")), (ProblemKind::TooLarge, true));
    let fonts: String = (0..20_000).map(|n| format!("<p><font id={n}>")).collect();
    for piece in ["<div>".repeat(100_000), "<b>".repeat(100_000), "<svg>".repeat(100_000), fonts] {
        let page = format!("<html>{piece}words");
        match extract("a.html", page.as_bytes(), &Options::default()) {
            Ok(it) => panic!("{}: {it:?}", &piece[..20]),
            Err(problem) => assert!(problem.message.contains("nests elements deeper"), "{problem}"),
        }
    }
    let fine = format!("<html>{}words", "<div>".repeat(1_000));
    assert!(extract("a.html", fine.as_bytes(), &Options::default()).is_ok());
}

/// The promises that every text keeps; and it is a text that comes out of itself unchanged.
fn keeps_its_promises(it: &Extracted) {
    let text = it.text.as_str();
    assert!(text.ends_with('\n') && !text.trim().is_empty());
    assert!(
        !text.contains("\n\n\n") && !text.contains(" \n") && !text.contains("\n ") && !text.contains("  ")
    );
    for paragraph in text.trim_end_matches('\n').split("\n\n") {
        assert!(!paragraph.contains('\n') && !paragraph.is_empty(), "{paragraph:?}");
    }
    let again = extract("again.txt", text.as_bytes(), &Options::default());
    // Words that look like the start of a page are read as one, whatever the file is called.
    if text.starts_with(['<', '{']) || text.contains("%PDF-") {
        return;
    }
    let again = again.unwrap();
    assert_eq!((again.text.as_str(), again.truncated), (text, it.truncated));
}

#[test]
fn a_text_that_was_extracted_stays_as_it_is() {
    for (name, bytes) in tree(&repository("tests/extract")) {
        if let Ok(it) = extract(&name, &bytes, &Options::default()) {
            keeps_its_promises(&it);
        }
    }
}

/// Pieces of pages and texts that mean something to a reader.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "<p>",
        "</p>",
        "<div hidden>",
        "</div>",
        "<br>",
        "<pre>",
        "</pre>",
        "<sup>",
        "1",
        "</sup>",
        "<table>",
        "<td>",
        "<q>",
        "<script>",
        "</script>",
        "<template>",
        "</template>",
        "<!--",
        "-->",
        "&nbsp;",
        "&#0;",
        "\u{AD}",
        "-\n",
        "- ",
        "…",
        "Show more",
        "Read more",
        "https://t.co/a",
        "word",
        "Word ",
        "\n",
        "\n\n",
        "\r",
        "\t",
        "<svg>",
        "<a>",
        "</a>",
        "<b>",
        "<html>",
        "<body>",
        "<select>",
        "<option>",
        "\u{FEFF}",
        "\u{2029}",
        "一",
        "e\u{301}",
        "ﬁ",
        "[…]",
        ".",
        "more",
        "<img alt=🔧>",
    ];
    let piece = prop_oneof![
        6 => proptest::sample::select(known.to_vec()).prop_map(|it| it.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|it| vec![it]),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_give_a_tidy_text_or_a_problem(bytes in pieces(), name in "a\\.(html|txt|pdf)") {
        if let Ok(it) = extract(&name, &bytes, &Options::default()) {
            keeps_its_promises(&it);
        }
    }
}

/// A PDF with some bytes changed, cut or doubled.
fn broken_pdf() -> impl Strategy<Value = Vec<u8>> {
    let files = tree(&repository("tests/extract"));
    let whole: Vec<Vec<u8>> =
        files.into_iter().filter(|(name, _)| name.ends_with(".pdf")).map(|it| it.1).collect();
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12);
    (proptest::sample::select(whole), edits).prop_map(|(mut bytes, edits)| {
        for (at, byte, edit) in edits {
            let at = at.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                _ => bytes[at] = b"0123456789<>[]()/ "[usize::from(byte) % 18],
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_pdf_gives_a_tidy_text_or_a_problem(bytes in broken_pdf()) {
        if let Ok(it) = extract("a.pdf", &bytes, &Options::default()) {
            keeps_its_promises(&it);
        }
    }
}
