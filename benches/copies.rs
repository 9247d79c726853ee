//! What it costs to hold every quotation of a site against saved copies of its sources, beside the rest of a build.
//!
//! ```text
//! cargo bench --bench copies                          about 10,000 quotations, 500 copies of 20 KB
//! cargo bench --bench copies -- --quotations 1000     fewer
//! ```
//!
//! The site is the one of `benches/generator.rs`; each story's post and report get a copy that holds the words taken from
//! them among filler. Files are in memory, and finished pages are thrown away, so that no disk is measured. Without
//! `--bench`, which `cargo bench` passes, it runs once on a tiny site, so that tests keep it alive.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures the clock")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod generator;

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant, SystemTime};

use generator::Shape;
use rejoinder::diag::Level;
use rejoinder::engine::{self, BuildOptions, Built, Discard};
use rejoinder::input::MemoryFiles;
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How large a copy is, in bytes.
const COPY: usize = 20_000;

/// Pages for each quotation, in the generator's sites.
const PAGES_PER_QUOTATION: f64 = 1.75;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = args.iter().any(|it| it == "--bench");
    let wanted = args.iter().position(|it| it == "--quotations").and_then(|at| args.get(at + 1));
    let quotations: usize = match wanted {
        Some(number) => number.parse()?,
        None if is_bench => 10_000,
        None => 40,
    };
    let pages = (quotations as f64 * PAGES_PER_QUOTATION) as usize;
    let mut site: BTreeMap<String, String> =
        generator::generate(&Shape { pages, seed: 11 }).into_iter().collect();
    let without = best_of(3, &site)?;
    let (copies, bytes) = add_copies(&mut site, &without.built);
    let with = best_of(3, &site)?;
    let compared = with.built.comparisons.iter().filter(|it| it.class().passes()).count();
    let errors: Vec<&str> = with
        .built
        .report
        .diagnostics()
        .iter()
        .filter(|it| it.level == Level::Error)
        .map(|it| it.message.as_str())
        .collect();
    if !errors.is_empty() {
        return Err(format!("{} errors: {:?}", errors.len(), &errors[..errors.len().min(5)]).into());
    }
    let compare = with.compare.as_secs_f64() * 1e3;
    let total = with.total.as_secs_f64() * 1e3;
    println!("quotations held against copies   {compared:>8}");
    println!("copies                           {copies:>8}   {:.1} MB", bytes as f64 / 1e6);
    println!("pages                            {:>8}", with.built.counts.pages);
    println!(
        "comparing                        {compare:>8.0} ms   {:.1} % of the build",
        100.0 * compare / total
    );
    println!("the build, copies and all        {total:>8.0} ms");
    println!("the build without copies         {:>8.0} ms", without.total.as_secs_f64() * 1e3);
    println!(
        "{}",
        json!({
            "what": "copies", "quotations": compared, "copies": copies, "copy_bytes": bytes,
            "pages": with.built.counts.pages, "compare_ms": compare, "build_ms": total,
            "build_without_ms": without.total.as_secs_f64() * 1e3,
        })
    );
    Ok(())
}

struct Measured {
    built: Built,
    total: Duration,
    compare: Duration,
}

/// The quickest of some builds.
fn best_of(rounds: usize, site: &BTreeMap<String, String>) -> Outcome<Measured> {
    let mut files = MemoryFiles::new();
    site.iter().for_each(|(path, text)| files.insert(path, text.as_bytes().to_vec()));
    let mut best: Option<Measured> = None;
    for _ in 0..rounds {
        let start = Instant::now();
        let options = BuildOptions { clock: since_the_epoch, ..BuildOptions::default() };
        let built = engine::build(&files, &options, &Discard)?;
        let total = start.elapsed();
        let compare = built.timings.iter().filter(|(name, _)| *name == "compare").map(|(_, it)| *it).sum();
        if best.as_ref().is_none_or(|best| total < best.total) {
            best = Some(Measured { built, total, compare });
        }
    }
    best.ok_or_else(|| "no round".into())
}

/// Gives each story's post and report a copy that holds what is quoted from them. Gives how many, and their bytes.
fn add_copies(site: &mut BTreeMap<String, String>, built: &Built) -> (usize, usize) {
    let Some(graph) = &built.graph else { return (0, 0) };
    let mut words: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for it in &built.comparisons {
        let source = it.subject.key.source.as_str();
        if source.ends_with("-post") || source.ends_with("-report") {
            words.entry(source).or_default().push(it.subject.words(graph));
        }
    }
    let mut bytes = 0;
    let mut numbers = 0_u64;
    for (source, words) in &words {
        let mut text = String::new();
        let filler = COPY.saturating_sub(words.iter().map(|it| it.len()).sum()) / words.len().max(1);
        for quotation in words {
            text.push_str(&format!("The report goes on: “{quotation},” it says. "));
            let start = text.len();
            while text.len() - start < filler {
                // Words that no quotation has, each another, so that nothing is found by accident.
                numbers += 1;
                text.push_str(&format!("filler{numbers} about the matter, "));
            }
            text.push_str("and so on.\n\n");
        }
        bytes += text.len();
        site.insert(format!("snapshots/{source}.txt"), text);
    }
    for text in site.iter_mut().filter(|(path, _)| path.ends_with("/sources.yaml")).map(|(_, text)| text) {
        for source in words.keys() {
            let entry = format!("id: {source},");
            if text.contains(&entry) {
                *text =
                    text.replace(&entry, &format!("{entry} snapshot: {{ file: snapshots/{source}.txt }},"));
            }
        }
    }
    (words.len(), bytes)
}

fn since_the_epoch() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
