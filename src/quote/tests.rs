//! First words of all, as a reader of the rules would try them; the vectors are in `tests/vectors/quotes`.

use super::*;

#[track_caller]
fn check(quote: &str, source: &str, class: Class, notes: &str) {
    let found = find(quote, &SourceText::new(source), &Options { is_post: true, ..Options::default() });
    assert_eq!(
        (found.class, Note::write_all(&found.notes).as_str()),
        (class, notes),
        "{quote:?} in {source:?}"
    );
}

#[test]
fn classes_best_first() {
    let source = "He wrote it down. We built a small engine, and it never runs hot.";
    check("a small engine", source, Class::Exact, "context(side=after risky=never)");
    check("We built a small engine, and it never runs hot.", source, Class::Exact, "");
    check(
        "we built a small engine",
        source,
        Class::Edge,
        "edge(what=first-letter) context(side=after risky=never)",
    );
    check(
        "We built a small engine and it never runs hot",
        source,
        Class::Words,
        "edge(what=closing-dropped) punctuation(places=1)",
    );
    check("We built a small engine ... runs hot.", source, Class::Editorial, "gap(words=3 risky=never)");
    check(
        "We built a [tiny] engine, and it never runs hot.",
        source,
        Class::Editorial,
        "bracket(how=replacement words=1 replaced=1)",
    );
    check("We built a large engine", source, Class::Mismatch, "");
    check("", source, Class::Mismatch, "empty");
    check("a", "", Class::NoText, "");
}

#[test]
fn a_hyphen_that_extraction_could_not_place_is_read_both_ways() {
    let source = "The shop of its co-\u{ad}owners is small, says the ANNOUNCE-\u{ad}MENT of today.";
    for quote in ["of its co-owners is small", "of its coowners is small", "says the ANNOUNCEMENT of"] {
        check(quote, source, Class::Typographic, "hyphenation(words=1)");
    }
    check("of its co owners is small", source, Class::Mismatch, "");
}
