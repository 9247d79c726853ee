//! The least a build could cost: reading its sources with two threads and writing the built files into a fresh
//! directory.

use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Outcome;
use crate::process::{files_below, milliseconds};

/// Measures the floor of a built project; `threads` write.
pub(crate) fn floor(project: &Path, built: &Path, fresh: &Path, threads: usize) -> Outcome<Value> {
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
