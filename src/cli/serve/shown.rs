//! The engine's generations as the preview shows them.

use std::sync::Arc;

use crate::diag::{Report, Sources};
use crate::engine::{self, Unmade};
use crate::preview::{Generation, Problems};

/// One state of the site, with an older one for the pages that cannot be made of it.
pub(super) struct Shown {
    now: Arc<engine::Generation>,
    /// The last state that was sound.
    sound: Option<Arc<engine::Generation>>,
}

impl Shown {
    /// A state, and what stands in for its broken pages.
    pub(super) fn generation(
        now: Arc<engine::Generation>,
        sound: Option<Arc<engine::Generation>>,
    ) -> Arc<dyn Generation> {
        Arc::new(Shown { now, sound })
    }
}

impl Generation for Shown {
    fn has(&self, path: &str) -> bool {
        self.now.has(path)
    }

    fn file(&self, path: &str) -> Option<Result<Arc<[u8]>, Arc<Problems>>> {
        Some(self.now.file(path)?.or_else(|unmade| {
            // What is wrong is told of the state as a whole; below it stands what was there before.
            let before = self.sound.as_ref().and_then(|it| it.file(path));
            before.and_then(Result::ok).ok_or_else(|| Arc::new(problems(&unmade)))
        }))
    }

    fn source(&self, path: &str) -> Option<String> {
        self.now.source(path)
    }
}

fn problems(unmade: &Unmade) -> Problems {
    match unmade {
        Unmade::Broken(diagnostic) => {
            let mut report = Report::new();
            report.add((**diagnostic).clone());
            Problems::of(&report, &Sources::default())
        }
        Unmade::Failed(failure) => Problems::of_failure(failure),
    }
}
