//! How long each phase takes.

use std::time::Duration;

/// A stop watch with a clock from outside: the engine has none of its own.
pub(super) struct Laps {
    clock: fn() -> Duration,
    start: Duration,
    timings: Vec<(&'static str, Duration)>,
}

impl Laps {
    /// Starts.
    pub(super) fn new(clock: fn() -> Duration) -> Laps {
        Laps { clock, start: clock(), timings: Vec::new() }
    }

    /// Ends a phase. One that comes in parts is one phase.
    pub(super) fn lap(&mut self, phase: &'static str) {
        let now = (self.clock)();
        let took = now.saturating_sub(self.start);
        match self.timings.iter_mut().find(|(name, _)| *name == phase) {
            Some((_, all)) => *all += took,
            None => self.timings.push((phase, took)),
        }
        self.start = now;
    }

    /// Every phase with its time, in the order in which they first ended.
    pub(super) fn timings(self) -> Vec<(&'static str, Duration)> {
        self.timings
    }
}
