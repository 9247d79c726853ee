//! Opens the browser.

use std::process::{Command, Stdio};

use super::super::console::Console;

/// Opens an address with what the user or the system has for it; if there is nothing, says so.
pub(super) fn open(url: &str, console: &mut Console<'_>) {
    let chosen = (console.env)("BROWSER");
    let system = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let tried = chosen.as_deref().into_iter().chain([system]);
    let opens = |program: &str| {
        let mut command = Command::new(program);
        command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut child) = command.spawn() else { return false };
        // Whoever has started something waits for its end, so that no trace of it stays.
        std::thread::spawn(move || child.wait());
        true
    };
    if !tried.into_iter().any(opens) {
        console.say(&format!("  No browser is known here (BROWSER, {system}): open {url} yourself.\n"));
    }
}
