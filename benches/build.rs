//! The full cold build against the least it could cost: reading the same sources and writing the same files.
//!
//! ```text
//! cargo bench --bench build                                  1,000 and 10,000 pages
//! cargo bench --bench build -- --pages 1000,10000,100000     and a large one
//! cargo bench --bench build -- --json figures.jsonl          every measurement as a line of JSON
//! ```
//!
//! Each measurement is a process of its own (this program runs itself), so that its peak memory is its own. Builds and
//! floors alternate, so that a busy machine slows both. Without `--bench`, which `cargo bench` passes, it runs once on
//! a tiny site, so that tests keep it alive. See `docs/performance.md` for the method and what was measured.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures disk and clock")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]

mod generator;

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use generator::Shape;
use rejoinder::diag::Level;
use rejoinder::engine::{self, BuildOptions};
use rejoinder::input::DiskFiles;
use rejoinder::publish::{Stage, StageOptions, check_output};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["measure", "build", project, output, durable] => {
            println!("{}", build(Path::new(project), output, *durable == "durable")?);
            Ok(())
        }
        ["measure", "floor", project, built, fresh, threads] => {
            println!("{}", floor(Path::new(project), Path::new(built), Path::new(fresh), threads.parse()?)?);
            Ok(())
        }
        _ => compare(&Options::read(&args)?),
    }
}

struct Options {
    pages: Vec<usize>,
    rounds: Option<usize>,
    json: Option<PathBuf>,
}

impl Options {
    fn read(args: &[&str]) -> Outcome<Options> {
        let value_of = |name: &str| args.iter().position(|it| *it == name).and_then(|at| args.get(at + 1));
        let pages = match value_of("--pages") {
            Some(list) => list.split(',').map(str::parse).collect::<Result<_, _>>()?,
            None if args.contains(&"--bench") => vec![1_000, 10_000],
            None => vec![50],
        };
        let is_tiny = pages == [50];
        let rounds = value_of("--rounds").map(|it| it.parse()).transpose()?.or(is_tiny.then_some(1));
        Ok(Options { pages, rounds, json: value_of("--json").map(PathBuf::from) })
    }

    /// Fewer rounds for sites that take longer: their noise is smaller, too.
    fn rounds(&self, pages: usize) -> usize {
        self.rounds.unwrap_or(match pages {
            0..5_000 => 9,
            5_000..50_000 => 5,
            _ => 2,
        })
    }
}

/// What was measured for one size.
struct Figures {
    pages: usize,
    builds: Vec<Value>,
    durable: Vec<Value>,
    floors: Vec<Value>,
}

/// Measures every size, and prints the table.
fn compare(options: &Options) -> Outcome<()> {
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut lines = Vec::new();
    let mut all = Vec::new();
    for pages in &options.pages {
        let figures = measure(*pages, options.rounds(*pages), scratch.path(), &mut lines)?;
        print(&figures);
        all.push(figures);
    }
    for pair in all.windows(2) {
        let [small, large] = pair else { unreachable!("because windows(2) gives pairs") };
        let growth = best(&large.builds, "ms") / best(&small.builds, "ms");
        let more = large.pages as f64 / small.pages as f64;
        println!(
            "growth    t({})/t({}) = {growth:.2} for {more:.2} times the pages",
            large.pages, small.pages
        );
        lines.push(json!({ "growth": growth, "pages": [small.pages, large.pages] }));
    }
    if let Some(path) = &options.json {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
    }
    // All at the end: on some file systems, creating is slow for a while after much was deleted.
    scratch.close()?;
    Ok(())
}

/// Alternates builds and floors over one generated site.
fn measure(pages: usize, rounds: usize, scratch: &Path, lines: &mut Vec<Value>) -> Outcome<Figures> {
    let project = scratch.join(format!("site-{pages}"));
    for (path, text) in generator::generate(&Shape { pages, seed: 1 }) {
        let place = project.join(path);
        fs::create_dir_all(place.parent().expect("every file of a site lies in a directory"))?;
        fs::write(place, text)?;
    }
    let mut figures = Figures { pages: 0, builds: Vec::new(), durable: Vec::new(), floors: Vec::new() };
    for round in 0..rounds {
        let built = run(&["measure", "build", show(&project), &format!("built-{round}"), "fast"])?;
        let durable = run(&["measure", "build", show(&project), &format!("synced-{round}"), "durable"])?;
        let of_floor = |threads: &str| {
            let fresh = project.join(format!("floor-{round}-{threads}"));
            let built = project.join(format!("built-{round}"));
            run(&["measure", "floor", show(&project), show(&built), show(&fresh), threads])
        };
        let floors = [of_floor("1")?, of_floor("2")?];
        figures.pages = number(&built, "pages") as usize;
        lines.extend([&built, &durable].into_iter().chain(&floors).cloned());
        figures.builds.push(built);
        figures.durable.push(durable);
        figures.floors.extend(floors);
    }
    Ok(figures)
}

/// Runs one measurement in a process of its own.
fn run(args: &[&str]) -> Outcome<Value> {
    let output = Command::new(std::env::current_exe()?).args(args).output()?;
    if !output.status.success() {
        return Err(format!("{args:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A full build as the command line does it, from the disk to the disk.
fn build(project: &Path, output: &str, durable: bool) -> Outcome<Value> {
    let start = Instant::now();
    let files = DiskFiles::new(project.to_owned());
    let place = check_output(project, Path::new(output), &[], None)?;
    let state = project.join(format!(".state-{output}"));
    let stage = Stage::open(&place, &state, StageOptions { durable })?;
    let options = BuildOptions { clock: since_the_epoch, ..BuildOptions::default() };
    let built = engine::build(&files, &options, &stage)?;
    let errors: Vec<&str> = built
        .report
        .diagnostics()
        .iter()
        .filter(|it| it.level == Level::Error)
        .map(|it| it.message.as_str())
        .collect();
    if !errors.is_empty() {
        let few = &errors[..errors.len().min(10)];
        return Err(format!("the generated site has {} errors: {few:#?}", errors.len()).into());
    }
    let delivering = Instant::now();
    let delivered = stage.commit()?;
    let deliver = delivering.elapsed();
    let total = start.elapsed();
    let phases = built.timings.iter().map(|(name, took)| (*name, *took)).chain([("deliver", deliver)]);
    Ok(json!({
        "what": if durable { "build, synced" } else { "build" },
        "pages": built.counts.pages,
        "ms": milliseconds(total),
        "phases": phases.map(|(name, took)| (name.to_owned(), json!(milliseconds(took)))).collect::<serde_json::Map<_, _>>(),
        "processor_ms": processor_ms()?,
        "peak_kib": peak_kib()?,
        "files": delivered.written,
        "bytes": delivered.bytes_total,
        "warnings": built.report.diagnostics().len(),
    }))
}

/// The least it could cost: reads the sources with two threads and writes the built files into a fresh directory.
fn floor(project: &Path, built: &Path, fresh: &Path, threads: usize) -> Outcome<Value> {
    let (mut sources, mut outputs) = (Vec::new(), Vec::new());
    files_below(&project.join("content"), &mut sources)?;
    files_below(built, &mut outputs)?;
    let mut dirs = Vec::new();
    let mut bytes = Vec::with_capacity(outputs.len());
    for path in &outputs {
        let place = fresh.join(path.strip_prefix(built)?);
        dirs.extend(place.parent().map(Path::to_owned));
        bytes.push((place, fs::read(path)?));
    }
    dirs.sort();
    dirs.dedup();

    let start = Instant::now();
    in_threads(2, &sources, |path| fs::read(path).map(|text| drop(std::hint::black_box(text))))?;
    for dir in &dirs {
        fs::create_dir_all(dir)?;
    }
    in_threads(threads, &bytes, |(place, bytes)| fs::write(place, bytes))?;
    let total = start.elapsed();
    Ok(json!({ "what": "floor", "threads": threads, "ms": milliseconds(total), "files": bytes.len() }))
}

/// Does something with each item, every thread with a share of its own.
fn in_threads<T: Sync>(
    threads: usize,
    items: &[T],
    act: impl Fn(&T) -> std::io::Result<()> + Sync,
) -> std::io::Result<()> {
    let share = items.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let act = &act;
        let started: Vec<_> =
            items.chunks(share).map(|items| scope.spawn(move || items.iter().try_for_each(act))).collect();
        started.into_iter().try_for_each(|it| it.join().expect("reading and writing do not panic"))
    })
}

fn files_below(dir: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => files_below(&entry.path(), found)?,
            false => found.push(entry.path()),
        }
    }
    Ok(())
}

fn print(figures: &Figures) {
    let Figures { pages, builds, durable, floors } = figures;
    let (build, floor) = (best(builds, "ms"), best(floors, "ms"));
    let per_page = |all: f64| all / *pages as f64;
    println!("\n{pages} pages, {} files, {:.1} MB", builds[0]["files"], number(&builds[0], "bytes") / 1e6);
    println!("build     {build:.0} ms best, {:.0} ms median of {}", median(builds, "ms"), builds.len());
    println!("floor     {floor:.0} ms best, {:.0} ms median", median(floors, "ms"));
    println!(
        "ratio     {:.2} best, {:.2} median",
        build / floor,
        median(builds, "ms") / median(floors, "ms")
    );
    println!("speed     {:.0} pages per second", *pages as f64 / build * 1000.0);
    println!("processor {:.3} ms a page", per_page(best(builds, "processor_ms")));
    let peak = best(builds, "peak_kib");
    println!("memory    {:.1} MiB at most, {:.1} KiB a page", peak / 1024.0, per_page(peak));
    println!(
        "synced    {:.0} ms best: the same with every file on the disk before the swap",
        best(durable, "ms")
    );
    let fastest = builds.iter().min_by(|a, b| number(a, "ms").total_cmp(&number(b, "ms")));
    let phases = fastest.and_then(|it| it["phases"].as_object()).into_iter().flatten();
    let phases: Vec<String> =
        phases.map(|(name, ms)| format!("{name} {:.0}", ms.as_f64().unwrap_or(0.0))).collect();
    println!("phases    {} (ms, of the best)", phases.join(", "));
}

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_default()
}

fn best(of: &[Value], key: &str) -> f64 {
    of.iter().map(|it| number(it, key)).fold(f64::INFINITY, f64::min)
}

fn median(of: &[Value], key: &str) -> f64 {
    let mut all: Vec<f64> = of.iter().map(|it| number(it, key)).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

fn since_the_epoch() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// The most memory this process ever had (`VmHWM`, see proc(5)).
fn peak_kib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Processor time of all threads so far, from ticks of 10 ms (proc(5)).
fn processor_ms() -> Outcome<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name may hold spaces; what follows it does not.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    Ok(ticks * 10)
}

fn show(path: &Path) -> &str {
    path.to_str().expect("the scratch directory's name is text")
}
