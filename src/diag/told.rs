//! A report in a form that can be kept, and read back by the program that kept it.

use serde::{Deserialize, Serialize};

use super::{At, Code, Diagnostic, Fix, Label, Level, Place, Report};

/// Diagnostics in their order, with their codes by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Told(Vec<Problem>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Problem {
    code: String,
    level: Level,
    message: String,
    place: Option<Place>,
    label: String,
    labels: Vec<Label>,
    help: Vec<String>,
    notes: Vec<String>,
    fix: Option<Fix>,
    page: Option<String>,
    trace: Vec<String>,
}

impl Told {
    /// Takes down a report.
    pub fn of(report: &Report) -> Told {
        Told(report.diagnostics().iter().map(Problem::of).collect())
    }

    /// The report again, in its order; `None` when one of its codes is not among these.
    pub fn report(&self, codes: &[&'static Code]) -> Option<Report> {
        let mut report = Report::new();
        for problem in &self.0 {
            report.add(problem.diagnostic(codes)?);
        }
        Some(report)
    }

    /// Whether a problem points to a place in a file that ends behind this byte.
    pub fn reaches(&self, file: &str, from: usize) -> bool {
        self.places().any(|it| {
            &*it.file == file
                && match &it.at {
                    At::Span(span) => span.end > from,
                    At::File => false,
                    // Nobody knows where that is.
                    At::Field(_) | At::Key(_) => true,
                }
        })
    }

    /// Whether one of the problems is one of these.
    pub fn names_any(&self, codes: &[&'static Code]) -> bool {
        self.0.iter().any(|it| codes.iter().any(|code| code.name == it.code))
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        self.0.iter().flat_map(|it| it.place.iter().chain(it.labels.iter().map(|label| &label.place)))
    }

    /// Every file that a problem names, perhaps more than once.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.places().map(|place| &*place.file)
    }
}

impl Problem {
    fn of(diagnostic: &Diagnostic) -> Problem {
        let Diagnostic { code, level, message, place, label, labels, help, notes, fix, page, trace } =
            diagnostic.clone();
        let code = code.name.to_owned();
        Problem { code, level, message, place, label, labels, help, notes, fix, page, trace }
    }

    fn diagnostic(&self, codes: &[&'static Code]) -> Option<Diagnostic> {
        let Problem { code, level, message, place, label, labels, help, notes, fix, page, trace } =
            self.clone();
        let code = codes.iter().copied().find(|it| it.name == code)?;
        Some(Diagnostic { code, level, message, place, label, labels, help, notes, fix, page, trace })
    }
}
