//! The terminal while the preview runs: single keys, and whether anybody still reads.

use std::io::{self, IsTerminal, Read as _};
use std::sync::mpsc::Sender;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

use super::Event;

/// The terminal, set to hand over keys as they are pressed; dropped, it is as it was.
pub(super) struct Terminal {
    before: Restorer,
}

/// What the terminal was like, if it was changed.
#[derive(Clone)]
pub(super) struct Restorer(Option<Termios>);

impl Terminal {
    /// Takes the keys, if a person sits before it and this program may read from it: one in the background would be stopped.
    pub(super) fn take(send: &Sender<Event>) -> Terminal {
        let before = keys(send).ok().flatten();
        Terminal { before: Restorer(before) }
    }

    /// Whether keys are read.
    pub(super) fn has_keys(&self) -> bool {
        self.before.0.is_some()
    }

    /// For whoever has to end the program without coming back.
    pub(super) fn restorer(&self) -> Restorer {
        self.before.clone()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.before.restore();
    }
}

impl Restorer {
    /// Makes the terminal what it was.
    pub(super) fn restore(&self) {
        if let Some(before) = &self.0 {
            // A terminal that is gone needs nothing.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

fn keys(send: &Sender<Event>) -> io::Result<Option<Termios>> {
    let stdin = io::stdin();
    if !stdin.is_terminal() || tcgetpgrp(&stdin)? != rustix::process::getpgrp() {
        return Ok(None);
    }
    let before = tcgetattr(&stdin)?;
    let mut after = before.clone();
    // Ctrl-C stays a signal.
    after.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Now, &after)?;
    let send = send.clone();
    std::thread::spawn(move || {
        let mut key = [0];
        while matches!(io::stdin().read(&mut key), Ok(1)) && send.send(Event::Key(key[0])).is_ok() {}
    });
    Ok(Some(before))
}

/// Whether what we say goes into a pipe that nobody reads any more.
pub(super) fn nobody_reads() -> bool {
    let (stdout, stderr) = (io::stdout(), io::stderr());
    let mut both = [PollFd::new(&stdout, PollFlags::empty()), PollFd::new(&stderr, PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut both, Some(&now)).is_ok() && both.iter().any(|it| it.revents().contains(PollFlags::ERR))
}
