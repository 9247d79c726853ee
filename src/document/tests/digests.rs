//! The digest of facts: the same after words have only moved, another after any of them has changed.

use proptest::prelude::*;

use super::*;
use crate::text::Fingerprint;

const PAGES: [(&str, &str, &str); 3] = [
    (
        "content/reactions/gadget/ada-example.md",
        "actor: ada-example\nto: launch\nstance: welcomes\nthemes: [price]\nsummary: She welcomes it.\n\
         statements:\n- id: welcome\n  quote: A good day for weavers.\n  date: 2025-01-27\n  channel: { type: post, on: Loom }\n  \
         about: [gadget]\n  sources:\n  - ref: the-post\n    role: primary\n\
         silences:\n- actor: ada-example\n  state: not-asked\n  scope: public\n  as_of: 2025-02-01\n  \
         sources: [the-post]\nextra: { mood: calm, parts: [one, two] }\n",
        "She had waited for [[gadget]] since May, she said; see [the page](@/about.md#why).\n\n\
         ## Afterwards\n\n![A loom](loom.png) is [elsewhere](https://example.org/loom).\n",
    ),
    (
        "content/figures/fall.md",
        "of: weavers\nmeasure: share price change\nvalue: -17 million\nunit: USD\non: 2025-01-27\n\
         sources: [the-post]\nparts:\n- label: first\n  value: 5 million\n",
        "The fall of [[weavers]], in one number.\n",
    ),
    (
        "content/stories/gadget/index.md",
        "title: The gadget\nevent: launch\nas_of: 2025-02-01\nstatus: closed\nscale:\n  stance:\n  \
         - { id: welcomes, label: is glad, verb: is glad of, mark: reframe }\n  themes:\n  - { id: price, label: the price }\n\
         levels: { thin-source: note }\n",
        "What [[ada-example]] said of it.\n",
    ),
];

fn digest(path: &str, front: &str, body: &str) -> Fingerprint {
    let document = document_of(path, format!("---\n{front}---\n{body}"));
    assert_eq!(document.facts.records.len(), 1, "{front}{:?}", document.report);
    assert_eq!(
        document.facts.records[0].digest(),
        document_of(path, format!("---\n{front}---\n{body}")).facts.records[0].digest()
    );
    document.facts.digest()
}

/// The words of a text: letters and digits only.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            (true, Some(_)) | (false, None) => (),
        }
    }
    words
}

/// The text with a letter or digit more in one word.
fn with_more(text: &str, word: &std::ops::Range<usize>) -> String {
    let digit = text[word.clone()].bytes().all(|it| it.is_ascii_digit());
    let (before, after) = text.split_at(if digit { word.start } else { word.end });
    format!("{before}{}{after}", if digit { "1" } else { "x" })
}

#[test]
fn the_pages_of_these_tests_have_no_problems() {
    for (path, front, body) in PAGES {
        check(path, format!("---\n{front}---\n{body}"), &[]);
    }
}

#[test]
fn any_other_word_of_front_matter_makes_another_digest() {
    for (path, front, body) in PAGES {
        let own = digest(path, front, body);
        for word in words(front) {
            let changed = with_more(front, &word);
            let other = document_of(path, format!("---\n{changed}---\n{body}")).gist.facts;
            assert_ne!(other.digest(), own, "{changed}");
        }
    }
}

#[test]
fn any_other_word_of_a_sentence_that_mentions_makes_another_digest() {
    for (path, front, body) in PAGES {
        let own = digest(path, front, body);
        let sentence = &body[..body.find("\n\n").unwrap_or(body.len())];
        for word in words(sentence) {
            assert_ne!(digest(path, front, &with_more(body, &word)), own, "{}", &body[word]);
        }
    }
}

#[test]
fn what_is_broken_counts() {
    let facts = document_of("content/actors/ada-example.md", "---\ntype: person\n---\n").gist.facts;
    assert_eq!((facts.records.len(), facts.broken.len()), (0, 1));
    assert_ne!(facts.digest(), Facts::default().digest());
    let (one, other) = ("content/a.yaml", "content/b.yaml");
    let list = "- { id: fall, kind: term, name: Fall }\n";
    assert_ne!(
        document_of(one, list).facts.digest(),
        document_of(other, list).facts.digest(),
        "the file counts"
    );
}

proptest! {
    #[test]
    fn words_that_only_moved_have_the_same_digest(page in 0..PAGES.len(), lines in 1..20_usize, comment in "[a-z ]{0,20}") {
        let (path, front, body) = PAGES[page];
        let own = digest(path, front, body);
        prop_assert_eq!(own, digest(path, front, &format!("{}{body}", "\n".repeat(lines))));
        prop_assert_eq!(own, digest(path, &format!("# {comment}\n{front}"), body));
    }

    #[test]
    fn prose_that_mentions_nobody_is_nobody_elses_to_know(page in 0..PAGES.len(), words in "[a-z]{1,9}( [a-z]{1,9}){0,9}") {
        let (path, front, body) = PAGES[page];
        prop_assert_eq!(digest(path, front, body), digest(path, front, &format!("{body}\n{words}\n")));
    }
}
