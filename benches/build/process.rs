//! What a process says of itself, and files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Outcome;

pub(crate) fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

/// The most memory this process ever had (`VmHWM`, see proc(5)).
pub(crate) fn peak_kib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Processor time of all threads so far.
pub(crate) fn processor_ms() -> Outcome<u64> {
    ticks_ms(11)
}

/// Processor time of all processes that this one started and waited for.
pub(crate) fn waited_for_ms() -> Outcome<u64> {
    ticks_ms(13)
}

/// User's and kernel's time, which stand beside each other, from ticks of 10 ms (proc(5)).
fn ticks_ms(first: usize) -> Outcome<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name may hold spaces; what follows it does not.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks: u64 = fields[first].parse::<u64>()? + fields[first + 1].parse::<u64>()?;
    Ok(ticks * 10)
}

/// Writes a file, with the directories above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    fs::create_dir_all(path.parent().ok_or("a file lies in a directory")?)?;
    Ok(fs::write(path, bytes)?)
}

pub(crate) fn files_below(dir: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => files_below(&entry.path(), found)?,
            false => found.push(entry.path()),
        }
    }
    Ok(())
}
