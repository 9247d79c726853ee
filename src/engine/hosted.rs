//! What hosts are told of a site, without a page being made.

use super::laps::Laps;
use super::seen::{Recorder, Seen};
use super::{BuildOptions, images, layout};
use crate::diag::{Failure, Report, Sources};
use crate::format::hosts::Rules;
use crate::input::Files;

/// What hosts are told, and what was found on the way.
pub struct Hosted {
    /// Header fields and redirects; absent when the site has errors.
    pub rules: Option<Rules>,
    /// What is wrong with the site so far.
    pub report: Report,
    /// The texts the report points into.
    pub sources: Sources,
}

/// Reads, links and plans the site, and collects what hosts are told of it.
///
/// # Errors
/// When a file cannot be read. An author's mistake is never an error here.
pub fn hosted(files: &dyn Files, options: &BuildOptions) -> Result<Hosted, Failure> {
    let laid = super::parallel::with_threads(options.jobs, || {
        let recorder = Recorder::new(files);
        let images = images::Before { seen: &Seen::default(), known: &|_| None };
        let before = layout::Before { layout: None, images };
        layout::lay_out(&recorder, options, &before, &mut Laps::new(options.clock))
    })??;
    let layout = match laid {
        Ok(layout) => layout,
        Err((report, sources)) => return Ok(Hosted { rules: None, report, sources }),
    };
    let mut report = layout.report();
    let mut sources = Sources::default();
    layout.add_sources(&mut sources);
    super::place(&mut report, &sources, &layout.content);
    let rules = Rules::of(&layout.plan, &layout.site, layout.theme.as_deref());
    Ok(Hosted { rules: Some(rules).filter(|_| !report.has_errors()), report, sources })
}
