//! Tells a program that writes the same bytes over and over from an author.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::text::Fingerprint;

/// So many rounds in a row that changed nothing are no author.
const ROUNDS: u32 = 10;
/// An author who saves an unchanged file again takes longer.
const SOON: Duration = Duration::from_secs(2);

/// Counts rounds that were caused by files whose bytes had not changed.
#[derive(Debug, Default)]
pub struct Loops {
    known: BTreeMap<Arc<str>, Option<Fingerprint>>,
    last: Option<Duration>,
    repeats: u32,
}

impl Loops {
    /// Takes note of a round: the time on any clock that only goes forward, and the files that caused it with their
    /// digests, `None` for one that is gone. Gives the file to name, and a reason to pause, after ten rounds in
    /// quick succession that brought nothing new.
    pub fn round(&mut self, at: Duration, files: &[(Arc<str>, Option<Fingerprint>)]) -> Option<Arc<str>> {
        let is_soon = self.last.is_some_and(|last| at.saturating_sub(last) < SOON);
        let brings_nothing = files.iter().all(|(path, digest)| self.known.get(path) == Some(digest));
        self.repeats = if is_soon && brings_nothing { self.repeats + 1 } else { 0 };
        self.last = Some(at);
        if !is_soon {
            self.known.clear();
        }
        self.known.extend(files.iter().cloned());
        files.first().filter(|_| self.repeats >= ROUNDS).map(|(path, _)| Arc::clone(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(rounds: impl Iterator<Item = (u64, Option<&'static str>)>) -> Option<(usize, Arc<str>)> {
        let mut loops = Loops::default();
        rounds.enumerate().find_map(|(idx, (ms, text))| {
            let digest = text.map(|it| Fingerprint::of(it.as_bytes()));
            Some((idx, loops.round(Duration::from_millis(ms), &[("static/app.css".into(), digest)])?))
        })
    }

    #[test]
    fn ten_quick_rounds_with_the_same_bytes_name_the_file() {
        assert_eq!(run((0..50).map(|n| (n * 300, Some("same")))), Some((10, "static/app.css".into())));
        assert_eq!(run((0..50).map(|n| (n * 300, None))), Some((10, "static/app.css".into())));
    }

    #[test]
    fn an_author_is_never_stopped() {
        assert_eq!(run((0..50).map(|n| (n * 2_000, Some("same")))), None);
        assert_eq!(run((0..50).map(|n| (n * 10, Some(["a", "b"][usize::try_from(n % 2).unwrap()])))), None);
        // Eight saves in a row, then a pause, and again.
        assert_eq!(run((0..50).map(|n| (n / 8 * 80_000 + n % 8, Some("same")))), None);
    }
}
