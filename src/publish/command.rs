//! Other programs: run with a deadline, with words instead of a shell, and with what they say kept for people.

#![allow(clippy::disallowed_methods, reason = "a deadline needs a clock")]

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::diag::{Exit, Failure};

/// What a program did.
pub(super) struct Ran {
    pub(super) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
}

impl Ran {
    /// Its output as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim_end().to_owned()
    }

    /// What it said last that tells why it failed: a few lines, without passwords in addresses.
    pub(super) fn why(&self) -> String {
        const SHOWN: usize = 6;
        let lines: Vec<&str> = self.stderr.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
        without_passwords(&lines[lines.len().saturating_sub(SHOWN)..].join("; "))
    }
}

/// Feeds a program its input.
pub(super) type Feed<'a> = dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'a;

/// Runs a program. `feed` writes its standard input; `most` is how long it may take.
///
/// # Errors
/// When it cannot be started ([`Exit::Machine`]) or does not end in time ([`Exit::Remote`]). That it ends badly is for the
/// caller to judge; so is what becomes of a feed that the program did not read to its end.
pub(super) fn run(
    command: &mut Command,
    feed: Option<Box<Feed<'_>>>,
    most: Duration,
) -> Result<Ran, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let stdin = if feed.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::new(Exit::Machine, format!("there is no program `{}` here", name.escape_debug()))
                .help("install it, or name its place in PATH")
        }
        _ => Failure::machine(format!("cannot run `{}`", name.escape_debug()), &error),
    })?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let deadline = Instant::now() + most;
    let (waited, stdout, stderr) = thread::scope(|scope| {
        let out = scope.spawn(|| read(stdout));
        let err = scope.spawn(|| read(stderr));
        if let (Some(feed), Some(mut stdin)) = (feed, stdin) {
            scope.spawn(move || {
                let mut buffered = io::BufWriter::with_capacity(1 << 16, &mut stdin);
                // A program that reads no further says why itself.
                let _ = feed(&mut buffered).and_then(|()| buffered.flush());
            });
        }
        let waited = wait(&mut child, deadline);
        (waited, out.join().unwrap_or_default(), err.join().unwrap_or_default())
    });
    match waited {
        Ok(Some(status)) => Ok(Ran { status, stdout, stderr: String::from_utf8_lossy(&stderr).into_owned() }),
        Ok(None) => {
            let message = format!("`{name}` did not end within {} minutes", most.as_secs().div_ceil(60));
            Err(Failure::new(Exit::Remote, message)
                .help("see whether the host answers, and run the same command again"))
        }
        Err(error) => Err(Failure::machine(format!("cannot wait for `{name}`"), &error)),
    }
}

fn read(from: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        let _ = from.read_to_end(&mut bytes);
    }
    bytes
}

/// Waits until a program ends; ends it itself at the deadline, and gives `None`.
fn wait(child: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// A text without what stands between `://` and `@`.
pub(super) fn without_passwords(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, behind) = rest.split_at(at + 3);
        out.push_str(before);
        let end = behind.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(behind.len());
        match behind[..end].rfind('@') {
            Some(user) => {
                out.push('…');
                rest = &behind[user..];
            }
            None => rest = behind,
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let ran = run(Command::new("sleep").arg("600"), None, Duration::from_millis(50));
        assert_eq!(ran.err().map(|it| it.exit), Some(Exit::Remote));
    }

    #[test]
    fn what_is_fed_comes_back_however_much() {
        let text = "words ".repeat(100_000);
        let feed = text.clone();
        let ran = run(
            &mut Command::new("cat"),
            Some(Box::new(move |to| to.write_all(feed.as_bytes()))),
            Duration::from_secs(60),
        );
        assert_eq!(String::from_utf8(ran.unwrap().stdout).unwrap(), text);
    }

    #[test]
    fn passwords_in_addresses_are_not_repeated() {
        let text = "cannot read https://ada:secret@host.example/x.git and ssh://git@host/y";
        assert_eq!(without_passwords(text), "cannot read https://…@host.example/x.git and ssh://…@host/y");
        assert_eq!(without_passwords("no address: a@b"), "no address: a@b");
    }
}
