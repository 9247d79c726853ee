//! What holds for the quote matcher whatever the words are: no changed word passes, no change of typography fails.
//!
//! `QUOTE_MUTATIONS=1000000 cargo test --release --test it quote_properties` tries that many of each kind. The ordinary
//! run tries a few thousand.
//!
//! # What a mutation is
//!
//! One word of a quotation is inserted, deleted, replaced, swapped with another, or negated. Some of these changes leave
//! a true quotation: deleting the first word, or one of two equal neighbours, or inserting before an edge the very word
//! that stands there in the source; deleting the word beside an ellipsis only widens the gap; a word that gets between
//! round brackets is then an addition of the editors, which rule 6 allows with a warning. Those are no mutations.
//! [`Said::could_say`] decides it, and knows nothing of the matcher: it goes through the words of the source by brute
//! force, as one would with a finger.

use rejoinder::quote::{Change, Class, Match, Note, Options, SourceText, diff, find, nearest};

use crate::generator::Chance;

fn often() -> usize {
    std::env::var("QUOTE_MUTATIONS").ok().and_then(|it| it.parse().ok()).unwrap_or(4_000)
}

fn one_of<'t>(chance: &mut Chance, list: &[&'t str]) -> &'t str {
    list[chance.below(list.len())]
}

const WORDS: &[&str] = &[
    "we",
    "they",
    "the",
    "a",
    "is",
    "are",
    "not",
    "no",
    "never",
    "will",
    "can",
    "could",
    "may",
    "mill",
    "river",
    "town",
    "corn",
    "bridge",
    "council",
    "harbour",
    "of",
    "in",
    "to",
    "and",
    "or",
    "for",
    "with",
    "on",
    "by",
    "it",
    "it's",
    "don't",
    "we'll",
    "l'année",
    "café",
    "naïve",
    "über",
    "state-owned",
    "non-violent",
    "well-known",
    "twenty-five",
    "COVID-19",
    "US",
    "NATO",
    "1,000",
    "3.5",
    "17",
    "5%",
    "$30",
    "-4",
    "10-12",
    "Mr",
    "Roe",
    "AT&T",
    "only",
    "if",
    "unless",
    "grows",
    "grow",
    "growing",
    "sells",
    "sold",
    "open",
    "closed",
    "quickly",
    "better",
    "best",
    "worse",
    "more",
    "less",
    "all",
    "some",
    "most",
    "years",
    "year",
    "people",
    "farmers",
    "bakers",
    "workers",
    "money",
    "crowns",
    "safe",
    "unsafe",
    "war",
    "toward",
    "ward",
    "new",
    "old",
    "first",
    "second",
    "last",
    "next",
    "today",
    "tomorrow",
    "мельница",
    "работает",
    "한국",
];

/// Words that no source holds, some of them nearly words of one.
const FOREIGN: &[&str] = &[
    "penguin",
    "proprietry",
    "brige",
    "millls",
    "towns",
    "rivers",
    "nor",
    "hardly",
    "isn't",
    "won't",
    "café's",
    "cafe",
    "naive",
    "18",
    "6%",
    "€30",
    "+4",
    "4",
    "1000",
    "3,5",
    "state",
    "violent",
    "covid",
    "NATO's",
    "legitimately",
    "mel",
    "zebra",
    "quietly",
    "ninety",
    "€",
    "%",
    "👍",
    "日本",
];

/// What stands between words that belong together.
const GAPS: &[&str] =
    &[", ", "; ", ": ", " — ", "—", " - ", " – ", " (", ") ", " “", "” ", " ‘", "’ ", "  ", "\u{a0}", "\n"];

const ENDS: &[&str] = &[". ", "! ", "? ", "; ", ".\n"];

/// A text as words and what stands before each.
#[derive(Clone, Debug, Default)]
struct Said {
    words: Vec<String>,
    gaps: Vec<String>,
    /// The paragraph of each word.
    paragraphs: Vec<usize>,
}

impl Said {
    fn invent(chance: &mut Chance) -> Said {
        let mut said = Said::default();
        for paragraph in 0..1 + chance.below(3) {
            for sentence in 0..1 + chance.below(4) {
                for word in 0..4 + chance.below(12) {
                    let gap = match (paragraph, sentence, word) {
                        (0, 0, 0) => "",
                        (_, 0, 0) => "\n\n",
                        (_, _, 0) => one_of(chance, ENDS),
                        _ if chance.one_in(6) => one_of(chance, GAPS),
                        _ => " ",
                    };
                    let mut text = one_of(chance, WORDS).to_owned();
                    if word == 0 {
                        let first: String = text.chars().take(1).collect();
                        text = first.to_uppercase() + &text[first.len()..];
                    }
                    said.gaps.push(gap.to_owned());
                    said.words.push(text);
                    said.paragraphs.push(paragraph);
                }
            }
        }
        said
    }

    fn text(&self) -> String {
        self.gaps.iter().zip(&self.words).flat_map(|(gap, word)| [gap.as_str(), word.as_str()]).collect()
    }

    /// A run of words of one paragraph.
    fn cut(&self, chance: &mut Chance) -> Said {
        let start = chance.below(self.words.len());
        let most = self.paragraphs[start..].iter().take_while(|it| **it == self.paragraphs[start]).count();
        let end = start + 1 + chance.below(most.min(18));
        let mut cut = Said {
            words: self.words[start..end].to_vec(),
            gaps: self.gaps[start..end].to_vec(),
            paragraphs: self.paragraphs[start..end].to_vec(),
        };
        cut.gaps[0] = String::new();
        cut
    }

    /// Whether the words of this source, gone through with a finger, give these items.
    fn could_say(&self, items: &[Item]) -> bool {
        // Brackets at the ends stand for nothing that is written: what counts is between them.
        let is_word = |it: &Item| matches!(it, Item::Word(_));
        let Some(first) = items.iter().position(is_word) else { return false };
        let last = items.iter().rposition(is_word).unwrap_or(first);
        (0..self.words.len()).any(|start| self.goes_on(&items[first..=last], start))
    }

    fn goes_on(&self, items: &[Item], at: usize) -> bool {
        let Some((item, rest)) = items.split_first() else { return true };
        let reach = |least: usize, most: usize| at + least..=(at + most).min(self.words.len());
        match item {
            Item::Word(word) => {
                self.words.get(at).is_some_and(|it| same(it, word)) && self.goes_on(rest, at + 1)
            }
            Item::Gap => reach(1, 60).any(|end| self.goes_on(rest, end)),
            Item::Round(words) => {
                self.goes_on(rest, at)
                    || self.goes_on(&words.iter().cloned().map(Item::Word).collect::<Vec<_>>(), at)
                        && self.goes_on(rest, at + words.len())
            }
            Item::Bracket(words) => {
                reach(0, 6).any(|end| self.goes_on(rest, end))
                    || self.goes_on(&words.iter().cloned().map(Item::Word).collect::<Vec<_>>(), at)
                        && self.goes_on(rest, at + words.len())
            }
        }
    }
}

/// House-style pairs among the words.
const PAIRS: &[(&str, &str)] =
    &[("harbour", "harbor"), ("well-known", "well known"), ("state-owned", "state owned"), ("mr.", "mr")];

fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    a == b || PAIRS.contains(&(a.as_str(), b.as_str())) || PAIRS.contains(&(b.as_str(), a.as_str()))
}

/// One item of a quotation.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Word(String),
    Gap,
    Bracket(Vec<String>),
    /// Words in round brackets, which the source has or has not (rule 6).
    Round(Vec<String>),
}

/// The items of a quotation: its words, and the outermost pairs of round brackets.
fn items(said: &Said) -> Vec<Item> {
    let mut open = Vec::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (idx, gap) in said.gaps.iter().enumerate() {
        for c in gap.chars() {
            match c {
                '(' => open.push(idx),
                ')' => {
                    if let Some(start) = open.pop().filter(|it| *it < idx) {
                        pairs.retain(|(inner, _)| *inner < start);
                        pairs.push((start, idx));
                    }
                }
                _ => (),
            }
        }
    }
    let mut items = Vec::new();
    let mut at = 0;
    while at < said.words.len() {
        match pairs.iter().find(|(start, _)| *start == at) {
            Some((start, end)) => {
                items.push(Item::Round(said.words[*start..*end].to_vec()));
                at = *end;
            }
            None => {
                items.push(Item::Word(said.words[at].clone()));
                at += 1;
            }
        }
    }
    items
}

/// A word that was not there: any of the list, a foreign one, or a near miss.
fn other_word(chance: &mut Chance, word: &str) -> String {
    match chance.below(4) {
        0 => one_of(chance, WORDS).to_owned(),
        1 => one_of(chance, FOREIGN).to_owned(),
        2 => {
            let mut letters: Vec<char> = word.chars().collect();
            let at = chance.below(letters.len());
            // A sign stays one: `-4` with a letter would be `-a`, which is the word `a` behind a dash.
            letters[at] = match letters[at] {
                it if it.is_alphabetic() => char::from(b'a' + chance.below(26) as u8),
                it if it.is_numeric() => char::from(b'0' + chance.below(10) as u8),
                it => it,
            };
            letters.into_iter().collect()
        }
        _ => match chance.below(3) {
            0 => format!("{word}s"),
            1 => format!("un{word}"),
            _ => format!("{word}'s"),
        },
    }
}

/// Changes one word; none when there is nothing to change.
fn mutate(chance: &mut Chance, said: &Said) -> Option<Said> {
    let mut mutant = said.clone();
    let n_words = said.words.len();
    let at = chance.below(n_words);
    let mut insert = |at: usize, word: String| {
        mutant.words.insert(at, word);
        // The gap of the first word is empty.
        mutant.gaps.insert(at.max(1), " ".to_owned());
        mutant.paragraphs.insert(at, 0);
    };
    match chance.below(6) {
        0 => {
            let word = other_word(chance, &said.words[at]);
            insert(chance.below(n_words + 1), word);
        }
        1 => insert(at + 1, one_of(chance, &["not", "never", "no", "hardly"]).to_owned()),
        2 if n_words > 1 => {
            mutant.words.remove(at);
            mutant.gaps.remove(at.max(1));
            mutant.paragraphs.remove(at);
        }
        3 if n_words > 1 => {
            let other = chance.below(n_words);
            mutant.words.swap(at, other);
        }
        4 => {
            let negated: &[(&str, &str)] = &[
                ("is", "isn't"),
                ("will", "won't"),
                ("can", "can't"),
                ("safe", "unsafe"),
                ("never", "always"),
                ("not", "now"),
            ];
            let (_, other) = negated.iter().find(|(word, _)| *word == said.words[at])?;
            mutant.words[at] = (*other).to_owned();
        }
        _ => mutant.words[at] = other_word(chance, &said.words[at]),
    }
    Some(mutant)
}

fn post() -> Options<'static> {
    Options { is_post: true, ..Options::default() }
}

#[test]
fn no_changed_word_passes() {
    let mut chance = Chance(1);
    let (mut n_mutants, mut n_true) = (0, 0);
    while n_mutants < often() {
        let said = Said::invent(&mut chance);
        let text = said.text();
        let source = SourceText::new(&text);
        for _ in 0..12 {
            let quoted = said.cut(&mut chance);
            let original = quoted.text();
            let found = find(&original, &source, &post());
            assert!(found.class <= Class::Edge, "{original:?} is {} in {text:?}", found.class);
            for _ in 0..4 {
                let Some(mutant) = mutate(&mut chance, &quoted) else { continue };
                if said.could_say(&items(&mutant)) {
                    n_true += 1;
                    continue;
                }
                let changed = mutant.text();
                let found = find(&changed, &source, &post());
                assert!(!found.class.passes(), "{changed:?} is {} in {text:?}", found.class);
                n_mutants += 1;
            }
        }
    }
    println!("{n_mutants} mutants refused; {n_true} changes left a true quotation");
    assert!(n_true < n_mutants, "most changes are mutations");
}

/// A quotation with gaps, brackets and house style, and the items it is made of.
struct Edited {
    items: Vec<(String, Item)>,
}

impl Edited {
    fn text(&self) -> String {
        let text = |it: &Item| match it {
            Item::Word(word) => word.clone(),
            Item::Gap => "...".to_owned(),
            Item::Bracket(words) => format!("[{}]", words.join(" ")),
            Item::Round(words) => format!("({})", words.join(" ")),
        };
        self.items.iter().flat_map(|(gap, item)| [gap.clone(), text(item)]).collect()
    }

    fn items(&self) -> Vec<Item> {
        self.items.iter().map(|(_, item)| item.clone()).collect()
    }

    /// Edits a quotation: sound by construction.
    fn make(chance: &mut Chance, said: &Said) -> Edited {
        let mut items: Vec<(String, Item)> = Vec::new();
        let mut at = 0;
        let n_words = said.words.len();
        // Words of the speaker since the last edit: a part has three, so that most of the quotation is literal.
        let mut n_literal = 0;
        while at < n_words {
            let left = n_words - at;
            let gap = |gap: &str| if gap.is_empty() { String::new() } else { " ".to_owned() };
            let before = gap(&said.gaps[at]);
            if n_literal >= 3 && left > 6 && chance.one_in(3) {
                match chance.below(4) {
                    0 | 1 => {
                        items.push((before, Item::Gap));
                        at += 1 + chance.below((left - 4).min(20));
                    }
                    2 => {
                        items.push((before, Item::Bracket(vec!["somebody".to_owned()])));
                        at += chance.below(3);
                    }
                    _ => {
                        let word = said.words[at].clone();
                        items.push((before, Item::Bracket(vec![word])));
                        at += 1;
                    }
                }
                n_literal = 0;
                // The words behind an edit begin without what stood before them.
                items.push((" ".to_owned(), Item::Word(said.words[at].clone())));
                at += 1;
                n_literal += 1;
                continue;
            }
            let word = said.words[at].clone();
            let pair = PAIRS.iter().find(|(a, _)| *a == word.to_lowercase());
            let word = match pair {
                Some((_, other)) if chance.one_in(2) => (*other).to_owned(),
                _ => word,
            };
            items.push((said.gaps[at].clone(), Item::Word(word)));
            n_literal += 1;
            at += 1;
        }
        Edited { items }
    }

    /// Changes one word of the speaker.
    fn mutate(&self, chance: &mut Chance) -> Edited {
        let is_word = |idx: &usize| matches!(self.items[*idx].1, Item::Word(_));
        let words: Vec<usize> = (0..self.items.len()).filter(is_word).collect();
        let at = words[chance.below(words.len())];
        let mut items = self.items.clone();
        let Item::Word(word) = &self.items[at].1 else { unreachable!("because only words are chosen") };
        match chance.below(5) {
            0 => items.insert(at + 1, (" ".to_owned(), Item::Word(other_word(chance, word)))),
            1 => items.insert(
                at + 1,
                (" ".to_owned(), Item::Word(one_of(chance, &["not", "never", "no"]).to_owned())),
            ),
            2 if words.len() > 1 => {
                items.remove(at);
                if let Some(first) = items.first_mut() {
                    first.0 = String::new();
                }
            }
            3 => {
                let other = words[chance.below(words.len())];
                let word = items[at].1.clone();
                items[at].1 = items[other].1.clone();
                items[other].1 = word;
            }
            _ => items[at].1 = Item::Word(other_word(chance, word)),
        }
        Edited { items }
    }
}

#[test]
fn no_changed_word_passes_between_gaps_and_brackets() {
    let mut chance = Chance(2);
    let (mut n_mutants, mut n_true, mut n_edited) = (0, 0, 0);
    let options = Options { house_style: true, ..post() };
    while n_mutants < often() {
        // Without marks: which of them an edit may cut through is for the vectors.
        let mut said = Said::invent(&mut chance);
        for gap in &mut said.gaps {
            *gap = gap
                .replace(['“', '”', '‘', '’', '(', ')', '?', '—'], "")
                .replace(" - ", " ")
                .replace(" – ", " ");
            if gap.is_empty() {
                gap.push(' ');
            }
        }
        said.gaps[0] = String::new();
        let text = said.text();
        let source = SourceText::new(&text);
        for _ in 0..12 {
            let quoted = said.cut(&mut chance);
            let edited = Edited::make(&mut chance, &quoted);
            let original = edited.text();
            n_edited += usize::from(edited.items.iter().any(|(_, it)| !matches!(it, Item::Word(_))));
            let found = find(&original, &source, &options);
            assert!(
                found.class.passes(),
                "{original:?} is {} ({}) in {text:?}",
                found.class,
                Note::write_all(&found.notes)
            );
            let dressed = dress(&mut chance, &original, false);
            let again = find(&dressed, &source, &options);
            let most = found.class.max(Class::Typographic);
            assert!(again.class <= most, "{dressed:?} is {} in {text:?}", again.class);
            for _ in 0..6 {
                let mutant = edited.mutate(&mut chance);
                if said.could_say(&mutant.items()) {
                    n_true += 1;
                    continue;
                }
                let changed = mutant.text();
                let found = find(&changed, &source, &options);
                assert!(!found.class.passes(), "{changed:?} is {} in {text:?}", found.class);
                n_mutants += 1;
            }
        }
    }
    println!(
        "{n_mutants} mutants of edited quotations refused; {n_true} changes left a true one; {n_edited} were edited"
    );
}

/// Dresses a text differently, by what rule 2 calls the same.
///
/// In a source a hyphen stays one: whether a word is a compound, or a dash stands between two, says where a quotation may
/// begin.
fn dress(chance: &mut Chance, text: &str, source: bool) -> String {
    let mut out = String::new();
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '“' | '”' | '"' => {
                out.push_str(one_of(
                    chance,
                    &["“", "”", "\"", "«", "»", "„", "‟", "‹", "›", "「", "』", "″"],
                ));
            }
            '‘' | '’' | '\'' => out.push_str(one_of(chance, &["‘", "’", "'", "ʼ", "‛", "`", "′"])),
            '-' if source => out.push_str(one_of(chance, &["-", "‐", "‑"])),
            '–' if source => out.push_str(one_of(chance, &["–", "‒", "−"])),
            '—' if source => out.push_str(one_of(chance, &["—", "―"])),
            '-' | '–' | '—' => out.push_str(one_of(chance, &["-", "‐", "‑", "‒", "–", "—", "―", "−"])),
            '…' => out.push_str(one_of(chance, &["…", "..."])),
            '\n' if chars.peek() == Some(&'\n') || before == '\n' => out.push(c),
            // Two line breaks would be a paragraph break.
            ' ' | '\u{a0}' | '\n'
                if before.is_whitespace() || chars.peek().is_some_and(|it| it.is_whitespace()) =>
            {
                out.push_str(one_of(chance, &[" ", "\u{a0}", "\u{202f}"]));
            }
            ' ' | '\u{a0}' | '\n' => {
                out.push_str(one_of(
                    chance,
                    &[" ", "\u{a0}", "\u{202f}", "\u{2009}", "\u{3000}", "\n", "\t", "  "],
                ));
            }
            'é' | 'ï' | 'ü' if chance.one_in(2) => {
                out.push_str(match c {
                    'é' => "e\u{301}",
                    'ï' => "i\u{308}",
                    _ => "u\u{308}",
                });
            }
            'a'..='z' | 'A'..='Z' | '0'..='9' if chance.one_in(12) => {
                out.extend(char::from_u32(c as u32 + 0xfee0));
            }
            c => out.push(c),
        }
        // A soft hyphen at the end of a line would join two words.
        if chars.peek().is_some_and(|it| !it.is_whitespace()) && !c.is_whitespace() && chance.one_in(8) {
            out.push_str(one_of(
                chance,
                &["\u{ad}", "\u{200b}", "\u{200d}", "\u{feff}", "\u{200e}", "\u{202c}", "\u{2060}"],
            ));
        }
        before = c;
    }
    out
}

#[test]
fn no_change_of_typography_fails() {
    let mut chance = Chance(3);
    let mut n_tried = 0;
    while n_tried < often() {
        let said = Said::invent(&mut chance);
        let text = said.text();
        let source = SourceText::new(&text);
        for _ in 0..10 {
            let quoted = said.cut(&mut chance).text();
            let before = find(&quoted, &source, &post());
            for _ in 0..5 {
                let dressed = dress(&mut chance, &quoted, false);
                let found = find(&dressed, &source, &post());
                let most = before.class.max(Class::Typographic);
                assert!(found.class <= most, "{dressed:?} is {} in {text:?}", found.class);
                n_tried += 1;
            }
        }
        // And the other way round: the source is dressed.
        let dressed = SourceText::new(&dress(&mut chance, &text, true));
        for _ in 0..5 {
            let quoted = said.cut(&mut chance).text();
            let before = find(&quoted, &source, &post());
            let found = find(&quoted, &dressed, &post());
            let most = before.class.max(Class::Typographic);
            assert!(found.class <= most, "{quoted:?} is {} in {:?}", found.class, dressed.text());
            n_tried += 1;
        }
    }
    println!("{n_tried} changes of typography passed");
}

/// Pieces that matter to the matcher, in any order.
fn nonsense(chance: &mut Chance) -> String {
    const PIECES: &[&str] = &[
        "a",
        "b",
        "the",
        "mill",
        " ",
        " ",
        "\n",
        "\n\n",
        "-\n",
        ".",
        "...",
        "…",
        "....",
        ". . .",
        "[",
        "]",
        "(",
        ")",
        "[...]",
        "[…] ¶",
        "[sic]",
        "[t]he",
        "\"",
        "'",
        "“",
        "”",
        "‘",
        "’",
        "«",
        "»",
        "-",
        "–",
        "—",
        "?",
        "!",
        ",",
        "$",
        "%",
        "5",
        "1,000",
        "日",
        "本",
        "ไม่",
        "e",
        "\u{301}",
        "\u{ad}",
        "\u{200d}",
        "\u{feff}",
        "👍",
        "👨\u{200d}👩",
        "U.S.",
        "per cent",
        "Ａ",
        "ﬁ",
        "İ",
        "ß",
        "\u{0}",
        "\u{2028}",
        "\r\n",
        "\u{1112}",
        "\u{1161}",
        "\u{11ab}",
        "על",
        "\u{202e}",
        "not",
        "exam-\nple",
        "\u{e31}",
        "\u{85}",
    ];
    (0..chance.below(24)).map(|_| one_of(chance, PIECES)).collect()
}

fn check_spans(found: &Match, text: &str) {
    let notes = found.notes.iter().filter_map(|it| it.at);
    for span in found.spans.iter().copied().chain(notes) {
        assert!(text.get(span.range()).is_some(), "{span:?} does not fit {text:?}");
    }
}

#[test]
fn no_text_panics_and_all_spans_fit() {
    let mut chance = Chance(4);
    for _ in 0..often() {
        let (mut quote, text) = (nonsense(&mut chance), nonsense(&mut chance));
        if chance.one_in(2) {
            // Half of them have something in common.
            let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (bounds[chance.below(bounds.len())], bounds[chance.below(bounds.len())]);
            quote = text[a.min(b)..a.max(b)].to_owned() + if chance.one_in(2) { &quote } else { "" };
        }
        let source = SourceText::new(&text);
        let house_style = chance.one_in(2);
        let found = find(&quote, &source, &Options { house_style, ..Options::default() });
        check_spans(&found, &text);
        assert_eq!(found.class.passes(), found.hits > 0, "{quote:?} in {text:?}");
        assert_eq!(found, find(&quote, &source, &Options { house_style, ..Options::default() }));
        let kinds: Vec<_> = found.notes.iter().map(|it| it.kind.clone()).collect();
        let read: Vec<_> =
            Note::read_all(&Note::write_all(&found.notes)).unwrap().into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, read, "{quote:?} in {text:?}");
        if let Some(nearest) = nearest(&quote, &source) {
            assert_eq!(nearest.span.of(&text), nearest.passage);
            assert!((0.0..=1.0).contains(&nearest.ratio), "{nearest:?}");
        }
        let (mut old, mut new) = (String::new(), String::new());
        for change in diff(&quote, &text) {
            match change {
                Change::Same(both) => {
                    old.push_str(&both);
                    new.push_str(&both);
                }
                Change::Removed(gone) => old.push_str(&gone),
                Change::Added(come) => new.push_str(&come),
            }
        }
        assert_eq!((old, new), (quote, text));
    }
}

#[test]
fn a_quotation_may_be_of_any_length() {
    let long = "corn and water ".repeat(8_000);
    let source = SourceText::new(&long);
    assert_eq!(find(&long, &source, &post()).class, Class::Exact);
    assert!(!find(&format!("{long} and oil"), &source, &post()).class.passes());
    assert!(nearest(&format!("{} and oil", &long[..6000]), &source).is_some());
    let gaps = "corn and ... water corn ".repeat(2_000);
    let found = find(&gaps, &source, &post());
    assert_eq!(
        (found.class, Note::write_all(&found.notes).as_str()),
        (Class::Mismatch, "too-many-edits(edits=2000)")
    );
    let brackets = "corn [sweet] and water [clear] ".repeat(2_000);
    assert!(!find(&brackets, &source, &post()).class.passes());
    let source = SourceText::new(&"corn [a] and [b] water ".repeat(2_000));
    find(&"corn and water ".repeat(2_000), &source, &post());
}
