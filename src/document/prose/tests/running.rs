//! Running text: words with their places.

use super::super::{Passage, Setting, read};
use super::ProseOptions;
use crate::text::Span;
use std::sync::Arc;

/// The passages of a body that stands behind front matter, and the whole text.
fn passages(body: &str) -> (Vec<Passage>, String) {
    let front = "---\ntitle: é\n---\n";
    let text = format!("{front}{body}");
    let span = Span::new(front.len(), text.len());
    (read(&Arc::from("content/r1/story.md"), &text, span, ProseOptions::default()).running, text)
}

/// What stands in the file where some words of the first passage are.
fn typed(body: &str, words: &str) -> String {
    let (passages, text) = passages(body);
    let at = passages[0].text.find(words).unwrap_or_else(|| panic!("{words} in {}", passages[0].text));
    passages[0].span(&text, at..at + words.len()).of(&text).to_owned()
}

#[test]
fn words_are_found_in_the_file_through_markup() {
    assert_eq!(typed("It *fell* by 17.", "fell by"), "fell* by");
    assert_eq!(typed("It's -- so... R&amp;D \\*x\\* &eacute;t&eacute; end", "end"), "end");
    assert_eq!(typed("It's -- so... R&amp;D \\*x\\* &eacute;t&eacute; end", "été"), "&eacute;t&eacute;");
    assert_eq!(typed("It's -- so... R&amp;D x", "so… R&D"), "so... R&amp;D");
    assert_eq!(typed("He [said **so**](@/a.md) once", "said so once"), "said **so**](@/a.md) once");
    assert_eq!(typed("Over\ntwo lines", "Over two"), "Over\ntwo");
    assert_eq!(typed("> On\n> two lines", "On two"), "On\n> two");
    assert_eq!(typed("The [[nvidia]] fell", "Nvidia"), "[[nvidia]]");
    assert_eq!(typed("The [[nvidia|chip maker]] fell", "chip"), "chip");
}

#[test]
fn blocks_know_what_they_are() {
    let body = "# Head\n\nOne `code` two https://x.example/ end.[^n]\n\n> quoted\n>\n> more\n\n- item [[nvidia]]\n\n| a | b |\n|---|---|\n| c | [[é]] |\n\n```\nlet x;\n```\n\n> other\n\n[^n]: A note on [[nvidia|it]] and [out](https://x.example/).\n";
    let (passages, _) = passages(body);
    let seen: Vec<(&str, Setting, Option<usize>)> =
        passages.iter().map(|it| (it.text.as_str(), it.setting, it.quote)).collect();
    assert_eq!(
        seen,
        [
            ("Head", Setting::Heading, None),
            ("One code two https://x.example/ end.", Setting::Words, None),
            ("quoted", Setting::Words, Some(0)),
            ("more", Setting::Words, Some(0)),
            ("item Nvidia", Setting::Words, None),
            ("a", Setting::Cell, None),
            ("b", Setting::Cell, None),
            ("c", Setting::Cell, None),
            ("É", Setting::Cell, None),
            ("other", Setting::Words, Some(1)),
            ("A note on it and out.", Setting::Footnote, None),
        ]
    );
    let opaque: Vec<&str> = passages[1].opaque.iter().map(|it| &passages[1].text[it.clone()]).collect();
    assert_eq!(opaque, ["code", "https://x.example/"]);
    let links: Vec<(&str, Option<usize>, bool)> = passages
        .iter()
        .flat_map(|it| {
            it.links.iter().map(|link| (&it.text[link.words.clone()], link.mention, link.wordless))
        })
        .collect();
    assert_eq!(
        links,
        [("Nvidia", Some(0), true), ("É", Some(1), true), ("it", Some(2), false), ("out", None, false)]
    );
}

#[test]
fn sentences_stay_whole() {
    let sentence = |text: &str, word: &str| {
        let mut passage = Passage::default();
        passage.text.push_str(text);
        let at = text.find(word).expect("the word is there");
        text[passage.sentence(at..at + word.len())].to_owned()
    };
    assert_eq!(sentence("So. “Really?” she said. Then no.", "Really"), "“Really?” she said.");
    assert_eq!(sentence("So. “Really?” she said. Then no.", "said"), "“Really?” she said.");
    assert_eq!(sentence("Sie sprach am 29. Januar. Dann nicht.", "Januar"), "Sie sprach am 29. Januar.");
    assert_eq!(sentence("Sie sprach am 29. Januar. Dann nicht.", "Dann"), "Dann nicht.");
}

proptest::proptest! {
    #[test]
    fn every_word_has_a_place(body in "([a-z*_&;.'\\\\\" -]|\\[\\[a\\]\\]|&amp;|\n|> |…|é|--|`){0,60}", a in 0..60usize, b in 0..60usize) {
        let (passages, text) = passages(&body);
        for passage in &passages {
            let places: Vec<usize> = passage.text.char_indices().map(|(at, _)| at).chain([passage.text.len()]).collect();
            let (a, b) = (places[a % places.len()], places[b % places.len()]);
            let span = passage.span(&text, a.min(b)..a.max(b));
            proptest::prop_assert!(span.end <= text.len() && text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            let sentence = passage.sentence(a.min(b)..a.max(b));
            proptest::prop_assert!(sentence.end <= passage.text.len() && sentence.start <= sentence.end);
        }
    }
}
