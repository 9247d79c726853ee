//! From saving a file to the new text at its address, in the real program: what an author waits for.
//!
//! ```text
//! cargo bench --bench serve                                  1,000 and 10,000 pages
//! cargo bench --bench serve -- --pages 1000,100000           other sizes
//! cargo bench --bench serve -- --json figures.jsonl          every kind of edit as a line of JSON
//! cargo bench --bench serve -- --hugo path/to/hugo           the same beside `hugo server`; also when it is on PATH
//! cargo bench --bench serve -- --edits 50 --rest 1000        more edits, and a longer pause between them, in milliseconds
//! cargo bench --bench serve -- --scratch /dev/shm            where the sites are made
//! ```
//!
//! A file is truncated and written, as many editors do; then one connection that is kept alive asks for the address again
//! and again, with a pause of half a millisecond, until the new text is there. The time runs from just before the write.
//! Between edits the bench rests, so that what a program does in the background after an edit is part of the picture only
//! as far as it takes longer than an author's pause. Without `--bench`, which `cargo bench` passes, it runs twice on a tiny
//! site, so that tests keep it alive. See `docs/performance.md`.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures disk and clock")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]

mod client;
mod edits;
#[path = "../generator.rs"]
mod generator;
#[path = "../build/hugo.rs"]
#[allow(dead_code, reason = "the other benchmark builds with it")]
mod hugo;
#[path = "../build/process.rs"]
#[allow(dead_code, reason = "the other benchmark asks about itself")]
mod process;
mod program;

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use client::Tab;
use edits::Edit;
use generator::Shape;
use program::Program;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How long an edit may take; an edit of a large site by a slow program on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

struct Options {
    pages: Vec<usize>,
    edits: usize,
    rest: Duration,
    json: Option<PathBuf>,
    scratch: PathBuf,
    hugo: Option<PathBuf>,
}

impl Options {
    fn read(args: &[String]) -> Outcome<Options> {
        let value_of = |name: &str| args.iter().position(|it| it == name).and_then(|at| args.get(at + 1));
        let is_bench = args.iter().any(|it| it == "--bench");
        let pages = match value_of("--pages") {
            Some(list) => list.split(',').map(str::parse).collect::<Result<_, _>>()?,
            None if is_bench => vec![1_000, 10_000],
            None => vec![50],
        };
        let number = |name: &str, usual: usize| value_of(name).map_or(Ok(usual), |it| it.parse());
        Ok(Options {
            pages,
            edits: number("--edits", if is_bench { 20 } else { 2 })?,
            rest: Duration::from_millis(number("--rest", if is_bench { 500 } else { 0 })? as u64),
            json: value_of("--json").map(PathBuf::from),
            scratch: value_of("--scratch").map_or(env!("CARGO_TARGET_TMPDIR"), |it| it).into(),
            hugo: hugo::find(value_of("--hugo").map(String::as_str))?,
        })
    }
}

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let options = Options::read(&args)?;
    let scratch = tempfile::tempdir_in(&options.scratch)?;
    if options.hugo.is_none() {
        println!(
            "There is no `hugo` on PATH and none was named with `--hugo`, so nothing is compared with it."
        );
    }
    let mut lines = Vec::new();
    for pages in &options.pages {
        lines.extend(measure(*pages, &options, scratch.path())?);
    }
    if let Some(path) = &options.json {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
    }
    scratch.close()?;
    Ok(())
}

/// Measures one size: ours, then Hugo.
fn measure(pages: usize, options: &Options, scratch: &Path) -> Outcome<Vec<Value>> {
    let project = scratch.join(format!("site-{pages}"));
    for (path, text) in generator::generate(&Shape { pages, seed: 1 }) {
        process::write(&project.join(path), text.as_bytes())?;
    }
    edits::prepare(&project)?;
    let ours = run(Program::ours(&project)?, "rejoinder", &edits::of_ours(&project)?, pages, options)?;
    print(&ours);
    let Some(hugo) = &options.hugo else { return Ok(ours) };
    let built = scratch.join(format!("built-{pages}"));
    let build = Command::new(env!("CARGO_BIN_EXE_rejoinder"))
        .arg("--root")
        .arg(&project)
        .args(["build", "--output"])
        .arg(&built)
        .output()?;
    if !build.status.success() {
        return Err(format!("rejoinder build: {}", String::from_utf8_lossy(&build.stderr)).into());
    }
    let site = scratch.join(format!("hugo-{pages}"));
    hugo::export(&project, &built, &site)?;
    let theirs = run(Program::hugo(hugo, &site)?, "hugo", &edits::of_hugo(&project, &site)?, pages, options)?;
    print(&theirs);
    println!("hugo / rejoinder, {pages} pages, median of {}:", options.edits);
    let mut lines = ours;
    for line in &theirs {
        let same = lines.iter().find(|it| it["edit"] == line["edit"] && it["what"] == line["what"]);
        let Some(ratio) = same.and_then(|it| Some(line["median_ms"].as_f64()? / it["median_ms"].as_f64()?))
        else {
            continue;
        };
        println!("  {:40} {ratio:>8.1}", line["edit"].as_str().unwrap_or_default());
    }
    lines.extend(theirs);
    Ok(lines)
}

/// Starts a program, edits, and asks.
fn run(
    mut program: Program,
    name: &str,
    edits: &[Edit],
    pages: usize,
    options: &Options,
) -> Outcome<Vec<Value>> {
    let mut client = program.first_answer(PATIENCE)?;
    let mut lines = vec![json!({
        "what": "start", "program": name, "pages": pages, "first_page_ms": process::milliseconds(program.started.elapsed()),
    })];
    program.settle(PATIENCE)?;
    lines[0]["settled_ms"] = json!(process::milliseconds(program.started.elapsed()));
    lines[0]["rss_kib"] = json!(program.memory("VmRSS")?);
    for edit in edits {
        let mut times = Vec::new();
        let since = program.said();
        let mut tab = edit.is_told.then(|| Tab::open(&mut client, "/")).transpose()?;
        for number in 0..options.edits {
            let address = edit.address.as_str();
            let before = client.get(address)?;
            let (bytes, marker) = (edit.make)(number, &before)?;
            let start = Instant::now();
            fs::write(&edit.file, bytes)?;
            match &mut tab {
                Some(tab) => tab.until_changed(address, PATIENCE)?,
                None => {
                    while !marker(&client.get(address)?) {
                        if start.elapsed() > PATIENCE {
                            return Err(format!("{name}: {} is never seen at {address}", edit.name).into());
                        }
                        std::thread::sleep(Duration::from_micros(500));
                    }
                }
            }
            times.push(process::milliseconds(start.elapsed()));
            std::thread::sleep(options.rest);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
        lines.push(json!({
            "what": "edit", "program": name, "pages": pages, "edit": edit.name, "edits": times.len(),
            "median_ms": at(0.5), "p95_ms": at(0.95), "best_ms": at(0.0),
            "parts": program.parts(since),
        }));
        program.settle(PATIENCE)?;
    }
    lines.push(json!({
        "what": "memory", "program": name, "pages": pages,
        "rss_kib": program.memory("VmRSS")?, "peak_kib": program.memory("VmHWM")?,
    }));
    Ok(lines)
}

fn print(lines: &[Value]) {
    let (start, memory) = (&lines[0], &lines[lines.len() - 1]);
    println!(
        "\n{}, {} pages: first page after {} ms, settled after {} ms; {} KiB resident then, {} at the end, {} at most",
        start["program"].as_str().unwrap_or_default(),
        start["pages"],
        start["first_page_ms"],
        start["settled_ms"],
        start["rss_kib"],
        memory["rss_kib"],
        memory["peak_kib"],
    );
    println!("{:42} {:>9} {:>9} {:>9}   median of what the program says, ms", "", "best ms", "median", "p95");
    for line in lines.iter().filter(|it| it["what"] == "edit") {
        let number = |key: &str| line[key].as_f64().unwrap_or_default();
        println!(
            "{:42} {:>9.1} {:>9.1} {:>9.1}   {}",
            line["edit"].as_str().unwrap_or_default(),
            number("best_ms"),
            number("median_ms"),
            number("p95_ms"),
            shown(&line["parts"])
        );
    }
}

fn shown(parts: &Value) -> String {
    let parts = parts.as_object().into_iter().flatten();
    parts.map(|(name, ms)| format!("{name} {ms}")).collect::<Vec<_>>().join(", ")
}
