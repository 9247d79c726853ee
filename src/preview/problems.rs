//! What is wrong, in the words of the terminal, as tabs get it.

use serde::Serialize;

use crate::diag::{Failure, HumanOptions, Level, Locator, Report, Sources, human, human_failure, summary};
use crate::text::Fingerprint;

/// Columns of the text in the overlay.
const WIDTH: usize = 96;

/// How many problems tabs get; the rest is counted.
const MOST: usize = 50;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// The code, such as `ref-unresolved`; empty when the machine failed.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// The file it is in, relative to the project.
    pub file: Option<String>,
    /// The line in it, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The column in it, from 1; 0 for the file as a whole.
    pub column: usize,
    /// The address of the page that was being made.
    pub page: Option<String>,
    /// All of it, as the terminal shows it, without colours.
    pub text: String,
}

/// Everything that is wrong with one state of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// The first fifty errors, in the report's order.
    pub errors: Vec<Problem>,
    /// How many errors there are.
    pub n_errors: usize,
    /// How many warnings there are.
    pub n_warnings: usize,
    /// The counts as a sentence.
    pub summary: String,
    /// Differs whenever the errors do.
    pub id: String,
}

impl Problems {
    /// What a settled report says, each error in the words of [`human`].
    pub fn of(report: &Report, sources: &Sources) -> Problems {
        let locator = Locator::new(sources);
        let options = HumanOptions { width: WIDTH, ..HumanOptions::default() };
        let errors = report.diagnostics().iter().filter(|it| it.level == Level::Error).take(MOST);
        let errors = errors.map(|it| {
            let mut alone = Report::new();
            alone.add(it.clone());
            let place = it.place.as_ref();
            let located = place.and_then(|place| locator.locate(place));
            Problem {
                level: it.level.name(),
                code: it.code.name.to_owned(),
                message: it.message.clone(),
                file: place.map(|place| place.file.to_string()),
                line: located.as_ref().map_or(0, |it| it.start.line),
                column: located.as_ref().map_or(0, |it| it.start.column),
                page: it.page.clone(),
                text: human(&alone, sources, &options).trim_end().to_owned(),
            }
        });
        let errors: Vec<Problem> = errors.collect();
        Problems {
            n_errors: report.count(Level::Error),
            n_warnings: report.count(Level::Warning),
            summary: summary(report),
            id: id(&errors),
            errors,
        }
    }

    /// What a failure of the machine says: a file that cannot be read, for example.
    pub fn of_failure(failure: &Failure) -> Problems {
        let errors = vec![Problem {
            level: "error",
            code: String::new(),
            message: failure.to_string(),
            file: None,
            line: 0,
            column: 0,
            page: None,
            text: human_failure(failure, false).trim_end().to_owned(),
        }];
        Problems { n_errors: 1, n_warnings: 0, summary: "1 error.".to_owned(), id: id(&errors), errors }
    }

    /// Whether anything is broken.
    pub fn has_errors(&self) -> bool {
        self.n_errors > 0
    }

    /// All errors as the terminal shows them, for pages without script.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self.errors.iter().map(|it| it.text.as_str()).collect();
        let more = self.n_errors.saturating_sub(self.errors.len());
        let more = if more > 0 { format!("\n\n… and {more} more.") } else { String::new() };
        format!("{}{more}\n\n{}\n", texts.join("\n\n"), self.summary)
    }
}

fn id(errors: &[Problem]) -> String {
    Fingerprint::of_parts(errors.iter().map(|it| it.text.as_bytes())).short()
}
