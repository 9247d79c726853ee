//! One build of ours, from the disk to the disk, as the command line does it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use rejoinder::delivery::{Stage, StageOptions, check_output};
use rejoinder::diag::Level;
use rejoinder::engine::{self, BuildOptions, Ledger};
use rejoinder::input::DiskFiles;
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::process::{milliseconds, peak_kib, processor_ms};

/// Builds a project in this process, and says what it cost.
pub(crate) fn build(what: &str, project: &Path, output: &str, durable: bool) -> Outcome<Value> {
    let start = Instant::now();
    let files = DiskFiles::new(project.to_owned());
    let place = check_output(project, Path::new(output), &[], None)?;
    // Each output has a state of its own, as if each were a project.
    let state = project.join(format!(".state-{output}"));
    let kept = state.join("ledger");
    let (stage, ledger) = engine::both(
        || Stage::open(&place, &state, StageOptions { durable }),
        || fs::File::open(&kept).map_or_else(|_| Ok(Ledger::default()), open),
    );
    let (stage, ledger) = (stage?, ledger?);
    let opened = start.elapsed();
    // The same program every time: what one process remembers, the next believes.
    let program = "bench".to_owned();
    let options = BuildOptions { clock: since_the_epoch, program, ..BuildOptions::default() };
    let mut built = engine::build_on(&files, &options, &ledger, &stage)?;
    let errors = built.report.diagnostics().iter().filter(|it| it.level == Level::Error);
    let errors: Vec<&str> = errors.map(|it| it.message.as_str()).collect();
    if !errors.is_empty() {
        let few = &errors[..errors.len().min(10)];
        return Err(format!("the generated site has {} errors: {few:#?}", errors.len()).into());
    }
    let delivering = Instant::now();
    // As the command line does, where nobody asked for more than the number of warnings.
    (built.graph, built.sources) = Default::default();
    let beside = state.join("ledger.new");
    let keep = || match &built.ledger {
        Some(ledger) if ledger.addition().is_none() => ledger.write_to(&mut fs::File::create(&beside)?),
        _ => Ok(()),
    };
    let (delivered, written) = engine::both(|| stage.commit(), keep);
    let delivered = delivered?;
    written?;
    match built.ledger.as_ref().map(Ledger::addition) {
        Some(Some((_, bytes))) => fs::OpenOptions::new().append(true).open(&kept)?.write_all(&bytes)?,
        Some(None) => fs::rename(&beside, &kept)?,
        None => (),
    }
    let deliver = delivering.elapsed();
    let (total, processor_ms, peak_kib) = (start.elapsed(), processor_ms()?, peak_kib()?);
    // Afterwards, because counting reads a ledger that grew anew.
    let keys = built.ledger.as_ref().map_or(0, |ledger| ledger.size().1);
    let phases = [("open", opened)].into_iter().chain(built.timings.iter().copied());
    let phases = phases.chain([("deliver", deliver)]);
    Ok(json!({
        "what": what,
        "pages": built.counts.pages,
        "ms": milliseconds(total),
        "phases": phases.map(|(name, took)| (name.to_owned(), json!(milliseconds(took)))).collect::<Map<_, _>>(),
        "processor_ms": processor_ms,
        "peak_kib": peak_kib,
        "files": delivered.written + delivered.unchanged,
        "written": delivered.written,
        "bytes": delivered.bytes_total,
        "made": built.made.len(),
        "keys": keys,
        "warnings": built.report.diagnostics().len(),
    }))
}

/// A ledger that is read as far as somebody looks into it.
fn open(file: fs::File) -> std::io::Result<Ledger> {
    let size = file.metadata()?.len();
    let fetch = move |at: u64, length: usize| {
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, at).ok().map(|()| bytes)
    };
    Ok(Ledger::open(size, Box::new(fetch)))
}

fn since_the_epoch() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
