//! A report in a form that can be kept between builds.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diag::{At, Code, Diagnostic, Fix, Label, Level, Place, Report, Safety};
use crate::text::Span;

/// Diagnostics in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Told(Vec<One>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct One {
    code: String,
    level: u8,
    message: String,
    place: Option<Where>,
    label: String,
    labels: Vec<(Where, String)>,
    help: Vec<String>,
    notes: Vec<String>,
    /// Title, replacement, and what was typed if `check --fix` may apply it.
    fix: Option<(String, String, Option<String>)>,
    page: Option<String>,
    trace: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Where {
    file: Box<str>,
    at: Spot,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Spot {
    File,
    Span(usize, usize),
    Field(String),
    Key(String),
}

impl Told {
    /// Takes down a report.
    pub(super) fn of(report: &Report) -> Told {
        Told(report.diagnostics().iter().map(One::of).collect())
    }

    /// The report again; `None` when it names a code that does not exist.
    pub(super) fn report(&self, codes: &[&'static Code]) -> Option<Report> {
        let mut report = Report::new();
        for it in &self.0 {
            report.add(it.diagnostic(codes)?);
        }
        report.settle();
        Some(report)
    }

    /// Every file that a diagnostic names.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|it| it.place.iter().chain(it.labels.iter().map(|(place, _)| place)))
            .map(|it| &*it.file)
    }
}

impl One {
    fn of(it: &Diagnostic) -> One {
        One {
            code: it.code.name.to_owned(),
            level: Level::ALL.iter().position(|level| *level == it.level).unwrap_or(0) as u8,
            message: it.message.clone(),
            place: it.place.as_ref().map(Where::of),
            label: it.label.clone(),
            labels: it.labels.iter().map(|label| (Where::of(&label.place), label.text.clone())).collect(),
            help: it.help.clone(),
            notes: it.notes.clone(),
            fix: it.fix.as_ref().map(|fix| {
                let typed = match &fix.safety {
                    Safety::Safe { typed } => Some(typed.clone()),
                    Safety::Review => None,
                };
                (fix.title.clone(), fix.replacement.clone(), typed)
            }),
            page: it.page.clone(),
            trace: it.trace.clone(),
        }
    }

    fn diagnostic(&self, codes: &[&'static Code]) -> Option<Diagnostic> {
        let code = codes.iter().find(|code| code.name == self.code)?;
        Some(Diagnostic {
            code,
            level: *Level::ALL.get(usize::from(self.level))?,
            message: self.message.clone(),
            place: self.place.as_ref().map(Where::place),
            label: self.label.clone(),
            labels: self
                .labels
                .iter()
                .map(|(place, text)| Label { place: place.place(), text: text.clone() })
                .collect(),
            help: self.help.clone(),
            notes: self.notes.clone(),
            fix: self.fix.clone().map(|(title, replacement, typed)| Fix {
                title,
                replacement,
                safety: typed.map_or(Safety::Review, |typed| Safety::Safe { typed }),
            }),
            page: self.page.clone(),
            trace: self.trace.clone(),
        })
    }
}

impl Where {
    fn of(place: &Place) -> Where {
        let at = match &place.at {
            At::File => Spot::File,
            At::Span(span) => Spot::Span(span.start, span.end),
            At::Field(path) => Spot::Field(path.clone()),
            At::Key(path) => Spot::Key(path.clone()),
        };
        Where { file: (*place.file).into(), at }
    }

    fn place(&self) -> Place {
        let at = match &self.at {
            Spot::File => At::File,
            Spot::Span(start, end) => At::Span(Span::new(*start, *end)),
            Spot::Field(path) => At::Field(path.clone()),
            Spot::Key(path) => At::Key(path.clone()),
        };
        Place { file: Arc::from(&*self.file), at }
    }
}
