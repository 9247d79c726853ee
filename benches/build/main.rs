//! What builds cost against the least they could cost: reading the same sources and writing the same files.
//!
//! ```text
//! cargo bench --bench build                                  1,000 and 10,000 pages
//! cargo bench --bench build -- --pages 1000,10000,100000     and a large site
//! cargo bench --bench build -- --json figures.jsonl          every measurement as a line of JSON
//! cargo bench --bench build -- --scratch /dev/shm            where the sites are made and built
//! cargo bench --bench build -- --hugo path/to/hugo           the same content through Hugo; also when it is on PATH
//! cargo bench --bench build --all-features -- --extras       instead: share cards, the search, images, each without and with
//! ```
//!
//! Each measurement is a process of its own (this program runs itself), so that its peak memory is its own. Everything
//! of one round alternates, so that a busy machine slows all of it. Without `--bench`, which `cargo bench` passes, it
//! runs once on a tiny site, so that tests keep it alive. See `docs/performance.md` for the method and the figures.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures disk and clock")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]

mod edits;
mod extras;
mod figures;
mod floor;
#[path = "../generator.rs"]
mod generator;
mod hugo;
mod ours;
mod process;

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use figures::{Figures, best, number};
use generator::Shape;
use serde_json::{Value, json};

/// As in the program.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["measure", "build", what, project, output, durable] => {
            println!("{}", ours::build(what, Path::new(project), output, *durable == "durable")?);
            Ok(())
        }
        ["measure", "floor", project, built, fresh, threads] => {
            let (project, built, fresh) = (Path::new(project), Path::new(built), Path::new(fresh));
            println!("{}", floor::floor(project, built, fresh, threads.parse()?)?);
            Ok(())
        }
        _ => compare(&Options::read(&args)?),
    }
}

struct Options {
    pages: Vec<usize>,
    rounds: Option<usize>,
    json: Option<PathBuf>,
    scratch: PathBuf,
    hugo: Option<PathBuf>,
    /// Cards, search and images, instead of builds and floors.
    extras: bool,
    is_tiny: bool,
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
        Ok(Options {
            extras: args.contains(&"--extras"),
            is_tiny,
            rounds: value_of("--rounds").map(|it| it.parse()).transpose()?.or(is_tiny.then_some(1)),
            pages,
            json: value_of("--json").map(PathBuf::from),
            scratch: value_of("--scratch").map_or(env!("CARGO_TARGET_TMPDIR"), |it| it).into(),
            hugo: hugo::find(value_of("--hugo").copied())?,
        })
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

/// Measures every size, and prints the table.
fn compare(options: &Options) -> Outcome<()> {
    let scratch = tempfile::tempdir_in(&options.scratch)?;
    if options.extras {
        let mut lines = Vec::new();
        for pages in &options.pages {
            lines.extend(extras::measure(&project(*pages, scratch.path())?, (4032, 3024))?);
        }
        return write(&lines, options.json.as_deref());
    }
    if options.hugo.is_none() {
        println!(
            "There is no `hugo` on PATH and none was named with `--hugo`, so nothing is compared with it."
        );
    }
    let mut lines = Vec::new();
    let mut all = Vec::new();
    for pages in &options.pages {
        let figures = measure(*pages, options, scratch.path())?;
        figures.print();
        lines.extend(figures.lines());
        all.push(figures);
    }
    for pair in all.windows(2) {
        let [small, large] = pair else { unreachable!("because windows(2) gives pairs") };
        let more = large.pages as f64 / small.pages as f64;
        let growth = |key| best(large.of("build"), key) / best(small.of("build"), key);
        println!(
            "growth    t({})/t({}) = {:.2}, of processor time {:.2}, for {more:.2} times the pages",
            large.pages,
            small.pages,
            growth("ms"),
            growth("processor_ms")
        );
        lines.push(json!({
            "what": "growth",
            "pages": [small.pages, large.pages],
            "ms": growth("ms"),
            "processor_ms": growth("processor_ms"),
        }));
    }
    if options.is_tiny {
        lines.extend(extras::measure(&project(50, &scratch.path().join("extras"))?, (640, 480))?);
    }
    write(&lines, options.json.as_deref())?;
    // All at the end: on some file systems, creating is slow for a while after much was deleted.
    scratch.close()?;
    Ok(())
}

fn write(lines: &[Value], json: Option<&Path>) -> Outcome<()> {
    let Some(path) = json else { return Ok(()) };
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
    for line in lines {
        writeln!(file, "{line}")?;
    }
    Ok(())
}

/// Writes a generated project.
fn project(pages: usize, scratch: &Path) -> Outcome<PathBuf> {
    let project = scratch.join(format!("site-{pages}"));
    for (path, text) in generator::generate(&Shape { pages, seed: 1 }) {
        process::write(&project.join(path), text.as_bytes())?;
    }
    Ok(project)
}

/// Alternates builds, edits, floors and Hugo over one generated site.
fn measure(pages: usize, options: &Options, scratch: &Path) -> Outcome<Figures> {
    let project = project(pages, scratch)?;
    let mut figures = Figures::default();
    let mut exported = None;
    for round in 0..options.rounds(pages) {
        let built = format!("built-{round}");
        let build =
            |what: &str, output: &str, how| run(&["measure", "build", what, show(&project), output, how]);
        let cold = build("build", &built, "fast")?;
        figures.pages = number(&cold, "pages") as usize;
        figures.add(cold);
        figures.add(must_write(build("nothing changed", &built, "fast")?, false)?);
        for edit in edits::EDITS {
            (edit.make)(&project, round)?;
            figures.add(must_write(build(edit.name, &built, "fast")?, true)?);
        }
        figures.add(build("build, synced", &format!("synced-{round}"), "durable")?);
        let floor_of = |threads| {
            let fresh = project.join(format!("floor-{round}-{threads}"));
            run(&["measure", "floor", show(&project), show(&project.join(&built)), show(&fresh), threads])
        };
        let (one, two) = (floor_of("1")?, floor_of("2")?);
        // Medians are of the better of each round, too.
        figures.add(if number(&one, "ms") < number(&two, "ms") { one } else { two });
        if let Some(hugo) = &options.hugo {
            let site = match &exported {
                Some(site) => site,
                None => {
                    let site = scratch.join(format!("hugo-{pages}"));
                    hugo::export(&project, &project.join(&built), &site)?;
                    exported.insert(site)
                }
            };
            figures.add(hugo::build(hugo, site, &format!("public-{round}"))?);
        }
    }
    Ok(figures)
}

/// A build after an edit has to write something, and one after none nothing: else it is not what we believe.
fn must_write(line: Value, must: bool) -> Outcome<Value> {
    match (number(&line, "written") > 0.0) == must {
        true => Ok(line),
        false => Err(format!("`{}` wrote {} files", line["what"], line["written"]).into()),
    }
}

/// Runs one measurement in a process of its own.
fn run(args: &[&str]) -> Outcome<Value> {
    let output = Command::new(std::env::current_exe()?).args(args).output()?;
    if !output.status.success() {
        return Err(format!("{args:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn show(path: &Path) -> &str {
    path.to_str().expect("the scratch directory's name is text")
}
