//! Diagnostics: one record for every problem we can point at, and its renderings.
//!
//! In: what a stage found. Out: text for a terminal, an editor, a program or a CI system, one file for each. An author's mistake is a
//! [`Diagnostic`], never an `Err`; the world's failure (a disk, a port, a flag) is a [`Failure`].
//! Knows nothing of what is being checked.

mod baseline;
mod concise;
mod edit;
mod failure;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod jsonl;
mod located;
mod record;
mod report;
mod repository;
mod sarif;
mod step_summary;
mod told;
mod visible;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::Span;

pub use baseline::{Known, baseline, read_baseline};
pub use concise::concise;
pub use edit::Edit;
pub use failure::{Exit, Failure};
pub use fingerprint::{Fingerprinted, LeftOut};
pub use github::{github, github_failure};
pub use gitlab::gitlab;
pub use human::{HumanOptions, human, human_failure, summary};
pub use json::json;
pub use jsonl::jsonl;
#[cfg(feature = "serve")]
pub(crate) use located::Locator;
pub use record::{Envelope, FixedProblem, Hidden, LeftAlone, Mended, Output};
pub use report::{FieldPath, FileFields, Report, Sources};
pub use repository::Repository;
pub use sarif::sarif;
pub use step_summary::step_summary;
pub use told::Told;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// The site cannot be built as it stands.
    Error,
    /// The site is built; an editor should look.
    Warning,
    /// Worth knowing.
    Note,
}

impl Level {
    /// Every level, the worst first.
    pub const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Note];

    /// `error`, `warning` or `note`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// One kind of problem. Its name is the problem, read as "allow …".
///
/// A code is declared as a `static` beside the code that finds the problem, and listed in its module's `CODES`.
#[derive(Debug)]
pub struct Code {
    /// Kebab-case, unique, never reused: `ref-unresolved`.
    pub name: &'static str,
    /// The level it has unless the site says otherwise.
    pub level: Level,
    /// The manual page in Markdown that `rejoinder explain CODE` prints: what it means, why it matters, a bad and
    /// a good example. A check rib gives its own source text instead: its module doc is the page.
    pub manual: &'static str,
}

impl PartialEq for Code {
    /// Names are unique.
    fn eq(&self, other: &Code) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

impl Code {
    /// The manual page as Markdown. Source text is reduced to its leading `//!` lines.
    pub fn manual_page(&self) -> String {
        if !self.manual.starts_with("//!") {
            return self.manual.trim().to_owned();
        }
        let doc = self.manual.lines().take_while(|line| line.starts_with("//!"));
        let lines: Vec<&str> = doc.map(|line| line[3..].strip_prefix(' ').unwrap_or(&line[3..])).collect();
        lines.join("\n").trim().to_owned()
    }
}

impl Code {
    /// What the manual page begins with, below its title: what the problem is.
    pub fn first_sentence(&self) -> String {
        let manual = self.manual_page();
        let lines = manual.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
        let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        let paragraph = paragraph.join(" ");
        let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
        paragraph[..end].to_owned()
    }
}

/// Where a problem is: a file of the project, and a place inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Path relative to the project, with `/`.
    pub file: Arc<str>,
    /// Where inside the file.
    pub at: At,
}

/// A place inside a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum At {
    /// The file as a whole.
    File,
    /// A byte range of the file's text.
    Span(Span),
    /// The value of a front matter field, named by its path such as `statements[0].sources[1].ref`.
    /// The engine turns it into a span before anybody sees it (`document::locate`).
    Field(String),
    /// The key of a front matter field, named as for [`At::Field`].
    Key(String),
}

impl Place {
    /// The whole file.
    pub fn file(file: &Arc<str>) -> Place {
        Place { file: Arc::clone(file), at: At::File }
    }

    /// A byte range of the file.
    pub fn span(file: &Arc<str>, span: Span) -> Place {
        Place { file: Arc::clone(file), at: At::Span(span) }
    }

    /// The value of a front matter field.
    pub fn field(file: &Arc<str>, path: impl Into<String>) -> Place {
        Place { file: Arc::clone(file), at: At::Field(path.into()) }
    }

    /// The key of a front matter field.
    pub fn key(file: &Arc<str>, path: impl Into<String>) -> Place {
        Place { file: Arc::clone(file), at: At::Key(path.into()) }
    }
}

/// A second place that explains the first, with its own words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What the reader should see there.
    pub text: String,
}

/// A change that would remove the problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, as a command to the author: "Write `actor`".
    pub title: String,
    /// The replacement for the diagnostic's own place.
    pub replacement: String,
    /// Who may apply it.
    pub safety: Safety,
}

/// Who may apply a [`Fix`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Safety {
    /// `check --fix` may: it can mean nothing else, and changes no words that readers see.
    Safe {
        /// What the author typed at the place, without quotes around it. If anything else stands there, the place is
        /// not what it seems, and nobody may.
        typed: String,
    },
    /// Only a person, after a look.
    Review,
}

/// One problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: &'static Code,
    /// How much it matters here.
    pub level: Level,
    /// One sentence about the author's file, in their words.
    pub message: String,
    /// Where it is. Absent only when no file is concerned.
    pub place: Option<Place>,
    /// What to say under the caret; may be empty.
    pub label: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What to do, one action each.
    pub help: Vec<String>,
    /// Why it matters, when that is not plain.
    pub notes: Vec<String>,
    /// A change that would remove the problem.
    pub fix: Option<Fix>,
    /// The address of the page being made, such as `/actors/nvidia/`.
    pub page: Option<String>,
    /// How the page led here: templates from the outermost, or records.
    pub trace: Vec<String>,
}

impl Diagnostic {
    /// Starts a diagnostic at its code's own level.
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic { place: Some(place), ..Diagnostic::unplaced(code, message) }
    }

    /// Starts a diagnostic that concerns no file of the project.
    pub fn unplaced(code: &'static Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            level: code.level,
            message: message.into(),
            place: None,
            label: String::new(),
            labels: Vec::new(),
            help: Vec::new(),
            notes: Vec::new(),
            fix: None,
            page: None,
            trace: Vec::new(),
        }
    }

    /// Says something under the caret.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.label = text.into();
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// Adds one thing to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    /// Adds a change that would remove the problem, for a person to look at.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, replacement: impl Into<String>) -> Diagnostic {
        let (title, replacement) = (title.into(), replacement.into());
        self.fix = Some(Fix { title, replacement, safety: Safety::Review });
        self
    }

    /// Says, if `is_sure`, that `check --fix` may apply the fix where `typed` is what stands at its place.
    #[must_use]
    pub fn safe_if(mut self, is_sure: bool, typed: impl Into<String>) -> Diagnostic {
        if let Some(fix) = self.fix.as_mut().filter(|_| is_sure) {
            fix.safety = Safety::Safe { typed: typed.into() };
        }
        self
    }

    /// Names the page that was being made.
    #[must_use]
    pub fn page(mut self, url: impl Into<String>) -> Diagnostic {
        self.page = Some(url.into());
        self
    }
}
