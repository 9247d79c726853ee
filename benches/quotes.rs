//! What it costs to compare quotations with their sources, by `rejoinder::quote` alone: one thread, nothing else.
//!
//! ```text
//! cargo bench --bench quotes                            the table
//! cargo bench --bench quotes -- --json figures.jsonl    and every measurement as a line of JSON
//! ```
//!
//! Two questions: does the time grow as the source does (500 quotations, sources from 125 KB to 4 MB), and what does a
//! large site pay (10,000 quotations, 500 sources of 20 KB, folding included). Without `--bench`, which `cargo bench`
//! passes, everything is tiny, so that tests keep it alive.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures the clock")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::io::Write as _;
use std::time::{Duration, Instant};

use rejoinder::quote::{Options, SourceText, find, nearest};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = args.iter().any(|it| it == "--bench");
    let json = args.iter().position(|it| it == "--json").and_then(|at| args.get(at + 1));
    let mut lines = growth(is_bench);
    lines.push(site(is_bench));
    if let Some(path) = json {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
    }
    Ok(())
}

/// The same quotations against sources that double.
fn growth(is_bench: bool) -> Vec<Value> {
    let (sizes, n_quotes): (&[usize], usize) = match is_bench {
        true => (&[125_000, 250_000, 500_000, 1_000_000, 2_000_000, 4_000_000], 500),
        false => (&[20_000, 40_000], 5),
    };
    println!("source KB   fold ms   find ms   mismatches ms   nearest ms   total ms   times the half");
    let mut before: Option<f64> = None;
    let mut lines = Vec::new();
    for size in sizes {
        let mut chance = Chance(7);
        let text = text(&mut chance, *size);
        let quotes = quotes(&mut chance, &text, n_quotes);
        let wrong: Vec<String> = quotes.iter().map(|it| it.replacen(' ', " penguin ", 1)).collect();
        let (source, fold) = timed(|| SourceText::new(&text));
        let ((), found) = timed(|| expect(&quotes, &source, true));
        let ((), missed) = timed(|| expect(&wrong, &source, false));
        let few = &wrong[..wrong.len().min(50)];
        let (_, near) = timed(|| few.iter().filter(|it| nearest(it, &source).is_some()).count());
        let total = fold + found + missed;
        let times = before.map_or_else(|| "-".to_owned(), |it| format!("{:.2}", ms(total) / it));
        println!(
            "{:>9} {:>9.2} {:>9.2} {:>15.2} {:>12.2} {:>10.2} {times:>16}",
            size / 1000,
            ms(fold),
            ms(found),
            ms(missed),
            ms(near),
            ms(total)
        );
        lines.push(json!({
            "what": "growth", "bytes": size, "quotations": n_quotes, "fold_ms": ms(fold), "find_ms": ms(found),
            "mismatches_ms": ms(missed), "nearest": few.len(), "nearest_ms": ms(near),
        }));
        before = Some(ms(total));
    }
    lines
}

/// All quotations of a large site.
fn site(is_bench: bool) -> Value {
    let (n_sources, size, n_quotes) = if is_bench { (500, 20_000, 10_000) } else { (4, 20_000, 8) };
    let mut chance = Chance(8);
    let texts: Vec<String> = (0..n_sources).map(|_| text(&mut chance, size)).collect();
    let each = n_quotes / n_sources;
    let all: Vec<Vec<String>> = texts.iter().map(|it| quotes(&mut chance, it, each)).collect();
    let (sources, fold) = timed(|| texts.iter().map(|it| SourceText::new(it)).collect::<Vec<_>>());
    let ((), found) =
        timed(|| sources.iter().zip(&all).for_each(|(source, quotes)| expect(quotes, source, true)));
    println!(
        "\n{n_quotes} quotations, {n_sources} sources of {} KB: fold {:.1} ms ({:.0} MB a second), find {:.1} ms ({:.2} µs each), together {:.1} ms",
        size / 1000,
        ms(fold),
        (n_sources * size) as f64 / 1e6 / fold.as_secs_f64(),
        ms(found),
        ms(found) * 1e3 / n_quotes as f64,
        ms(fold + found)
    );
    json!({
        "what": "site", "quotations": n_quotes, "sources": n_sources, "bytes": size,
        "fold_ms": ms(fold), "find_ms": ms(found),
    })
}

fn expect(quotes: &[String], source: &SourceText, passes: bool) {
    for quote in quotes {
        let found = find(quote, source, &Options::default());
        assert_eq!(found.class.passes(), passes, "{quote}: {}", found.class);
    }
}

fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = act();
    (value, start.elapsed())
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// English by its looks: common words often, rare ones rarely, curly marks, dashes, paragraphs.
fn text(chance: &mut Chance, bytes: usize) -> String {
    const COMMON: &[&str] = &[
        "the", "of", "and", "to", "a", "in", "that", "is", "it", "for", "was", "on", "with", "as", "be",
        "at", "by", "we", "this", "have", "not", "are", "but", "from", "they", "it’s", "would", "which",
        "or", "said",
    ];
    const SYLLABLES: &[&str] = &[
        "ba", "cor", "den", "fi", "gra", "hol", "in", "ju", "kel", "lo", "mar", "ne", "or", "pel", "qui",
        "ra", "sto", "ti",
    ];
    let mut text = String::with_capacity(bytes + 200);
    while text.len() < bytes {
        for _ in 0..2 + chance.below(4) {
            let speaks = chance.below(4) == 0;
            text.push_str(if speaks { "“" } else { "" });
            for word in 0..6 + chance.below(18) {
                if word > 0 {
                    text.push_str(match chance.below(60) {
                        0..3 => ", ",
                        3 => " – ",
                        4 => "—",
                        _ => " ",
                    });
                }
                if chance.below(2) == 0 {
                    text.push_str(COMMON[chance.below(COMMON.len())]);
                } else {
                    for _ in 0..2 + chance.below(2) {
                        text.push_str(SYLLABLES[chance.below(SYLLABLES.len())]);
                    }
                }
            }
            text.push_str(if speaks { ".” " } else { ". " });
        }
        text.push_str("\n\n");
    }
    text
}

/// Quotations of one text: pieces of a sentence, every fourth with an ellipsis.
fn quotes(chance: &mut Chance, text: &str, n: usize) -> Vec<String> {
    let sentences: Vec<&str> = text
        .split(['\n', '.', '“', '”'])
        .map(str::trim)
        .filter(|it| it.split(' ').count() > 12 && !it.contains(['—', '–']))
        .collect();
    let mut quotes = Vec::new();
    while quotes.len() < n {
        let words: Vec<&str> = sentences[chance.below(sentences.len())].split(' ').collect();
        let length = 8 + chance.below(words.len() - 8);
        let start = chance.below(words.len() - length + 1);
        let mut words = words[start..start + length].to_vec();
        if quotes.len() % 4 == 3 {
            words[3] = "...";
        }
        quotes.push(words.join(" "));
    }
    quotes
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}
