//! Our own bugs: a panic becomes a report file and exit code 70.
//!
//! The file says where the program was and never what it was reading: text between quotation marks or backticks,
//! where Rust puts the values that surprised it, is left out.

use std::backtrace::Backtrace;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diag::{Exit, Failure, human_failure};

/// What is known of a panic.
#[derive(Clone, Debug, Default)]
pub(super) struct Crash {
    message: String,
    /// File, line and column of our source.
    at: String,
    backtrace: String,
}

/// Runs something and catches the first panic in any thread that carries its panic here.
///
/// Replaces the process's panic hook while it runs.
pub(super) fn catch<T>(run: impl FnOnce() -> T) -> Result<T, Crash> {
    let first: Arc<Mutex<Option<Crash>>> = Arc::default();
    let seen = Arc::clone(&first);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.is_none() {
            *seen = Some(Crash::of(info, &Backtrace::force_capture()));
        }
    }));
    let ended = panic::catch_unwind(AssertUnwindSafe(run));
    panic::set_hook(before);
    ended.map_err(|_| first.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default())
}

impl Crash {
    fn of(info: &PanicHookInfo<'_>, backtrace: &Backtrace) -> Crash {
        Crash {
            message: without_values(info.payload_as_str().unwrap_or("")),
            at: info.location().map(ToString::to_string).unwrap_or_default(),
            backtrace: backtrace.to_string(),
        }
    }

    /// Writes the report file and says where it is.
    pub(super) fn tell(&self) -> String {
        let failure = Failure::new(Exit::Bug, format!("a bug in rejoinder stopped it, at {}", self.at));
        let failure = match self.write() {
            Ok(path) => failure.help(format!(
                "please report it with `{}`, which says where the program was and holds no text of your site",
                path.display()
            )),
            Err(error) => Failure { cause: format!("no report file could be written: {error}"), ..failure },
        };
        human_failure(&failure, false)
    }

    fn write(&self) -> std::io::Result<PathBuf> {
        let path = std::env::temp_dir().join(format!("rejoinder-crash-{}.txt", std::process::id()));
        // The directory is everybody's: a new file only, never somebody's link, and for the user's eyes.
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(self.text().as_bytes())?;
        Ok(path)
    }

    fn text(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        let Crash { message, at, backtrace } = self;
        format!("version: {version}\nsystem: {os} {arch}\nmessage: {message}\nat: {at}\n\n{backtrace}\n")
    }
}

/// A panic's message without quoted values, on one line.
fn without_values(message: &str) -> String {
    let mut out = String::new();
    let mut rest = message.chars();
    while let Some(c) = rest.next() {
        match c {
            '`' | '"' => {
                out.extend([c, '…', c]);
                skip_quoted(&mut rest, c);
            }
            // One quoted character; any other apostrophe is a word's own.
            '\'' if rest.clone().nth(1) == Some('\'') => {
                out.push_str("'…'");
                rest.nth(1);
            }
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn skip_quoted(rest: &mut std::str::Chars<'_>, quote: char) {
    while let Some(c) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            c if c == quote => return,
            _ => (),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_report_says_where_and_never_what() {
        let message =
            "byte index 2 is not a char boundary; it is inside 'é' (bytes 1..3) of `the author's words`";
        let crash = Crash {
            message: without_values(message),
            at: "src/x.rs:1:2".into(),
            backtrace: "0: main".into(),
        };
        let text = crash.text();
        assert!(!text.contains("author") && text.contains("byte index 2"), "{text}");
        assert!(
            text.contains(env!("CARGO_PKG_VERSION"))
                && text.contains("src/x.rs:1:2")
                && text.contains("0: main")
        );
        assert_eq!(without_values(r#"can't: Err("a \" b"), 'é', `c"#), r#"can't: Err("…"), '…', `…`"#);
    }
}
