//! The passage of a source that is most like a quotation: a suggestion for people, never a reason for a class.

use super::diff::{Change, diff};
use super::source::SourceText;
use super::tokens::Text;
use crate::text::Span;

/// A passage that resembles a quotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Where it stands in the source as it was given.
    pub span: Span,
    /// Its words.
    pub passage: String,
    /// How alike both are, from 0 to 1: the letters of the words they share, twice, by the letters of both.
    pub ratio: f64,
    /// From the quotation to the passage.
    pub diff: Vec<Change>,
}

/// Finds the passage that is most like a quotation.
///
/// None when no passage shares more than a quarter of its words with it. The same for the same texts on any machine. Of a
/// long quotation the first 400 words are looked for.
pub fn nearest(quote: &str, source: &SourceText) -> Option<Nearest> {
    const LEAST: f64 = 0.25;
    const MOST_WORDS: usize = 400;
    let whole = Text::new(quote);
    let quote_text = match whole.words.get(MOST_WORDS) {
        Some(_) => Text::new(&whole.original[..whole.range(MOST_WORDS).start]),
        None => whole,
    };
    let windows = windows(&quote_text, source);
    let best = windows
        .into_iter()
        .filter_map(|window| align(&quote_text, &source.text, window))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.start.cmp(&a.1.start)))?;
    let (ratio, words) = best;
    if ratio < LEAST {
        return None;
    }
    let span = Span::new(source.text.range(words.start).start, source.text.range(words.end - 1).end);
    let passage = span.of(source.text()).to_owned();
    let diff = diff(quote_text.original.trim(), &passage);
    Some(Nearest { span, passage, ratio, diff })
}

type Words = std::ops::Range<usize>;

/// Places that share the most rare words with the quotation, best first.
fn windows(quote: &Text, source: &SourceText) -> Vec<Words> {
    /// Places of a word that are looked at: words that stand everywhere say nothing about where.
    const MOST_PLACES: usize = 400;
    const MOST_WINDOWS: usize = 6;
    let length = quote.len() + quote.len() / 2 + 6;
    let mut marks: Vec<(usize, f64, usize)> = Vec::new();
    let mut frequent = Vec::new();
    for (idx, word) in quote.words.iter().enumerate() {
        let places: Vec<usize> = source.places(word.key).take(MOST_PLACES).collect();
        let weight = 1.0 / (1.0 + places.len() as f64).ln_1p();
        let list = if places.len() < MOST_PLACES { &mut marks } else { &mut frequent };
        list.extend(places.into_iter().map(|place| (place, weight, idx)));
    }
    if marks.is_empty() {
        // There is nothing but words that stand everywhere: the first places are as good as any.
        marks = frequent;
    }
    marks.sort_by_key(|(place, _, idx)| (*place, *idx));
    let mut scored: Vec<(f64, usize)> = Vec::new();
    let (mut from, mut score) = (0, 0.0);
    for to in 0..marks.len() {
        score += marks[to].1;
        while marks[to].0 - marks[from].0 > length {
            score -= marks[from].1;
            from += 1;
        }
        scored.push((score, marks[from].0));
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut windows: Vec<Words> = Vec::new();
    for (_, start) in scored {
        if windows.len() == MOST_WINDOWS {
            break;
        }
        let window = start.saturating_sub(quote.len() / 2 + 3)..source.text.len().min(start + length + 3);
        if !windows.iter().any(|it| it.start.abs_diff(window.start) <= length / 4) {
            windows.push(window);
        }
    }
    windows
}

/// The part of a window that is most like the quotation, with the ratio.
fn align(quote: &Text, source: &Text, window: Words) -> Option<(f64, Words)> {
    let (rows, columns) = (quote.len(), window.len());
    if rows == 0 || columns == 0 {
        return None;
    }
    let alike: Vec<f64> = (0..rows)
        .flat_map(|i| window.clone().map(move |j| (i, j)))
        .map(|(i, j)| likeness(quote.word(i), source.word(j)))
        .collect();
    // For each cell the best score, and where in the window its passage starts. The passage may start anywhere.
    const SKIP: f64 = 0.35;
    let width = columns + 1;
    let mut table = vec![(0.0_f64, 0_usize); (rows + 1) * width];
    for (j, cell) in table.iter_mut().take(width).enumerate() {
        *cell = (0.0, j);
    }
    for i in 1..=rows {
        table[i * width] = (-SKIP * i as f64, 0);
        for j in 1..=columns {
            let (up, left, across) =
                (table[(i - 1) * width + j], table[i * width + j - 1], table[(i - 1) * width + j - 1]);
            let pair = alike[(i - 1) * columns + j - 1];
            let mut best = (across.0 + 2.0 * pair - SKIP, across.1);
            for other in [(up.0 - SKIP, up.1), (left.0 - SKIP, left.1)] {
                if other.0 > best.0 {
                    best = other;
                }
            }
            table[i * width + j] = best;
        }
    }
    let last = &table[rows * width..];
    let end = (1..=columns).max_by(|a, b| last[*a].0.total_cmp(&last[*b].0).then(b.cmp(a)))?;
    let start = last[end].1;
    if start >= end {
        return None;
    }
    let words = window.start + start..window.start + end;
    Some((ratio(quote, source, &words), words))
}

/// How alike two words are: 1 for the same, less for the same beginning, 0 for two others.
fn likeness(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a.to_lowercase().eq(b.to_lowercase())).count();
    let longest = a.chars().count().max(b.chars().count());
    match same {
        it if it == longest => 0.98,
        it if it >= 3 => it as f64 / longest as f64,
        _ => 0.0,
    }
}

fn ratio(quote: &Text, source: &Text, words: &Words) -> f64 {
    let ours: Vec<&str> = (0..quote.len()).map(|it| quote.word(it)).collect();
    let theirs: Vec<&str> = words.clone().map(|it| source.word(it)).collect();
    let width = theirs.len() + 1;
    let mut shared = vec![0.0_f64; (ours.len() + 1) * width];
    for i in (0..ours.len()).rev() {
        for j in (0..theirs.len()).rev() {
            let pair = likeness(ours[i], theirs[j]);
            let length = ours[i].chars().count().min(theirs[j].chars().count()) as f64;
            let both = if pair == 1.0 { length } else { pair * length };
            shared[i * width + j] = (shared[(i + 1) * width + j + 1] + both)
                .max(shared[(i + 1) * width + j])
                .max(shared[i * width + j + 1]);
        }
    }
    let letters = |words: &[&str]| words.iter().map(|it| it.chars().count()).sum::<usize>() as f64;
    let all = letters(&ours) + letters(&theirs);
    if all == 0.0 { 0.0 } else { 2.0 * shared[0] / all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(quote: &str, source: &str, passage: &str, ratio: f64) {
        let found = nearest(quote, &SourceText::new(source)).unwrap();
        assert_eq!(found.passage, passage);
        assert!((found.ratio - ratio).abs() < 0.02, "{}", found.ratio);
        assert_eq!(found.span.of(source), passage);
    }

    #[test]
    fn the_passage_is_found_whole() {
        let source =
            "The mill is old. Our new mill grinds twice the corn with half the water. People like the bread.";
        check(
            "Our new mill grinds twice the wheat with half the water",
            source,
            "Our new mill grinds twice the corn with half the water",
            0.9,
        );
        check(
            "mill grinds the corn with half the water",
            source,
            "mill grinds twice the corn with half the water",
            0.93,
        );
        check("the bred", source, "the bread", 0.72);
    }

    #[test]
    fn nothing_is_nearest_to_what_is_not_there() {
        let source = SourceText::new("The mill is old.");
        assert_eq!(nearest("Penguins swim fast", &source), None);
        assert_eq!(nearest("", &source), None);
        assert_eq!(nearest("a", &SourceText::new("")), None);
    }
}
