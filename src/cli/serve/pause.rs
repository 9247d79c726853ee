//! Another program may write a file over and over, always with the same bytes. It is not followed at its pace.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::input::Files;
use crate::input::watch::{Hints, Loops};

/// How long files that brought nothing again and again are not looked at.
pub(super) const LENGTH: Duration = Duration::from_secs(2);

/// So many files at once are a checkout or the like, and are not read a second time.
const MANY: usize = 20;

/// Tells such files from those that an author saves, and puts them off.
pub(super) struct Pause {
    files: Arc<dyn Files + Send + Sync>,
    began: Instant,
    loops: Loops,
    /// What is put off, and until when.
    now: Option<(Instant, BTreeSet<Arc<str>>)>,
    held: Hints,
    /// What was named once is not named again.
    named: BTreeSet<Arc<str>>,
}

impl Pause {
    /// Nothing is put off.
    pub(super) fn new(files: Arc<dyn Files + Send + Sync>) -> Pause {
        Pause {
            files,
            began: Instant::now(),
            loops: Loops::default(),
            now: None,
            held: Hints::default(),
            named: BTreeSet::new(),
        }
    }

    /// How long the pause goes on; `None` when there is none.
    pub(super) fn left(&self) -> Option<Duration> {
        self.now.as_ref().map(|(until, _)| until.saturating_duration_since(Instant::now()))
    }

    /// What was put off, once the pause is over.
    pub(super) fn over(&mut self) -> Option<Hints> {
        self.now.take_if(|(until, _)| *until <= Instant::now())?;
        Some(std::mem::take(&mut self.held))
    }

    /// What to look at now: nothing, if all of it is put off.
    pub(super) fn let_pass(&mut self, hints: Hints) -> Option<Hints> {
        let Some((_, noisy)) = &self.now else { return Some(hints) };
        if hints.everything || !hints.paths.is_subset(noisy) {
            return Some(hints);
        }
        self.held.paths.extend(hints.paths);
        None
    }

    /// Takes note of a look. The file to tell the author of, if a pause begins that has not been told before.
    pub(super) fn round(&mut self, hints: &Hints) -> Option<Arc<str>> {
        if hints.everything || hints.paths.len() > MANY {
            self.loops = Loops::default();
            return None;
        }
        let digest = |path: &Arc<str>| Some(self.files.read(path).ok()??.fingerprint);
        let round: Vec<_> = hints.paths.iter().map(|path| (Arc::clone(path), digest(path))).collect();
        let file = self.loops.round(self.began.elapsed(), &round)?;
        self.now = Some((Instant::now() + LENGTH, hints.paths.clone()));
        self.named.insert(Arc::clone(&file)).then_some(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::MemoryFiles;

    fn of(path: &str) -> Hints {
        Hints { paths: [Arc::from(path)].into(), ..Hints::default() }
    }

    #[test]
    fn a_file_that_brings_nothing_ten_times_is_put_off_and_others_are_not() {
        let files = MemoryFiles::from_pairs([("static/app.css", "a {}")]);
        let mut pause = Pause::new(Arc::new(files));
        let noisy = of("static/app.css");
        let named: Vec<_> = (0..20).filter_map(|_| pause.round(&noisy)).collect();
        assert_eq!(named, ["static/app.css".into()], "it is named once");
        assert!(pause.left().is_some_and(|it| it <= LENGTH));
        assert_eq!(pause.let_pass(noisy.clone()), None);
        assert_eq!(pause.let_pass(of("content/a.md")), Some(of("content/a.md")));
        assert_eq!(pause.over(), None, "the pause goes on");
        pause.now.as_mut().unwrap().0 = Instant::now();
        assert_eq!(pause.over(), Some(noisy.clone()), "what was put off is looked at in the end");
        assert_eq!(pause.let_pass(noisy.clone()), Some(noisy));
    }

    #[test]
    fn whoever_brings_something_is_followed() {
        let files = MemoryFiles::from_pairs([("static/app.css", "a {}"), ("static/b.css", "b {}")]);
        let mut pause = Pause::new(Arc::new(files));
        let both =
            Hints { paths: ["static/app.css".into(), "static/b.css".into()].into(), ..Hints::default() };
        let rounds =
            |n| if n % 8 == 0 { Hints { everything: true, ..Hints::default() } } else { both.clone() };
        for round in 0..40 {
            assert_eq!(pause.round(&rounds(round)), None);
        }
        assert!(pause.left().is_none());
    }
}
