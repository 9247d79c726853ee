//! Checks: one file per problem that only the whole site can show.
//!
//! In: the linked graph, compared quotations, the running text of a file, the finished edition, or what is known of
//! addresses outside. Out: diagnostics. A check's module doc is its manual page. A check never changes anything, and does not know other checks.

mod attr_anonymous;
mod attr_circular;
mod attr_contested;
mod attr_missing;
mod attr_role;
mod attr_secondhand;
mod attr_unnamed_origin;
mod broken_link;
mod claim_as_fact;
mod claim_no_answer;
mod conversion_without_rate_date;
mod correction_missing;
mod date_conflict;
mod date_future;
mod date_precision;
mod date_relative;
mod figure_conflict;
mod figure_in_prose;
mod figure_unit;
mod lang_back_translation;
mod lang_missing;
mod lang_stale;
mod link_drift;
mod link_no_archive;
mod link_rot;
mod lock_outdated;
mod notes;
mod quote_boundary;
mod quote_bracket;
mod quote_context;
mod quote_duplicate;
mod quote_edited;
mod quote_ellipsis;
mod quote_length;
mod quote_mismatch;
mod quote_prose;
mod quote_unverified;
mod quote_weak;
mod ref_orphan;
mod reply_circle;
mod running;
mod silence_broken;
mod silence_unasked;
mod silence_unrecorded;
mod stale_asof;
mod stance_outside_scale;
mod term_first_use;
mod term_undefined;

use crate::diag::{Code, Report};
use crate::document::Document;
use crate::edition::Edition;
use crate::graph::{AtOnce, Graph};
use crate::links::Links;
use crate::model::Site;
use crate::text::Day;
use crate::verify::{Comparison, Lock};

pub use running::{ProseIndex, ProseSite};

/// When a check can run.
pub enum Run {
    /// As soon as all facts are linked.
    OnGraph(fn(&Graph, &mut Report)),
    /// When quotations have been held against their sources.
    OnQuotes(fn(&Quotes<'_>, &mut Report)),
    /// The same, with the site's settings.
    OnSite(fn(&Graph, &Site, &mut Report)),
    /// The same, on a certain day: for what becomes wrong without anybody's doing. No page may show what it finds, or
    /// the pages of a site would depend on the day they are built.
    OnDay(fn(&Graph, &Site, Day, &mut Report)),
    /// As soon as all facts are linked, once for each file of the site: for what only running text shows.
    OnProse(fn(&ProseSite<'_>, &mut Report)),
    /// When the edition is complete.
    OnEdition(fn(&Edition, &Graph, AtOnce<'_>, &mut Report)),
    /// When somebody asked for addresses outside: with `check --external`, and never in a build.
    OnLinks(fn(&Graph, &Links, &mut Report)),
}

/// Quotations and what is known of them.
pub struct Quotes<'a> {
    /// What they are part of.
    pub graph: &'a Graph,
    /// One for each quotation and source, by statement.
    pub comparisons: &'a [Comparison],
    /// The lock.
    pub lock: &'a Lock,
    /// The lock as it was when the site was last released, if that is asked about.
    pub released: Option<&'a Lock>,
}

/// One check.
pub struct Check {
    /// What it finds.
    pub code: &'static Code,
    /// When and how it looks.
    pub run: Run,
}

/// Codes whose level no site can change, and that nobody can accept.
pub const FIRM: &[&str] = &["quote-edited"];

/// Every check, in the order of the documentation.
pub static CHECKS: &[Check] = &[
    quote_mismatch::CHECK,
    quote_edited::CHECK,
    quote_unverified::CHECK,
    quote_ellipsis::CHECK,
    quote_bracket::CHECK,
    quote_context::CHECK,
    quote_boundary::CHECK,
    quote_weak::CHECK,
    lock_outdated::CHECK,
    correction_missing::CHECK,
    attr_missing::CHECK,
    attr_role::CHECK,
    attr_secondhand::CHECK,
    attr_unnamed_origin::CHECK,
    attr_anonymous::CHECK,
    attr_circular::CHECK,
    attr_contested::CHECK,
    quote_duplicate::CHECK,
    quote_length::CHECK,
    quote_prose::CHECK,
    claim_as_fact::CHECK,
    claim_no_answer::CHECK,
    silence_broken::CHECK,
    silence_unasked::CHECK,
    silence_unrecorded::CHECK,
    date_conflict::CHECK,
    date_future::CHECK,
    date_precision::CHECK,
    date_relative::CHECK,
    stale_asof::CHECK,
    reply_circle::CHECK,
    stance_outside_scale::CHECK,
    figure_conflict::CHECK,
    figure_unit::CHECK,
    figure_in_prose::CHECK,
    conversion_without_rate_date::CHECK,
    lang_back_translation::CHECK,
    lang_stale::CHECK,
    lang_missing::CHECK,
    term_undefined::CHECK,
    term_first_use::CHECK,
    ref_orphan::CHECK,
    broken_link::CHECK,
    link_no_archive::CHECK,
    link_rot::CHECK,
    link_drift::CHECK,
];

/// Runs one check, if it is one of the graph that does not ask for the day. Checks do not depend on one another, so the
/// caller may do several at once.
pub fn graph(check: &Check, graph: &Graph, site: &Site) -> Report {
    let mut report = Report::new();
    match check.run {
        Run::OnGraph(run) => run(graph, &mut report),
        Run::OnSite(run) => run(graph, site, &mut report),
        Run::OnDay(_) | Run::OnQuotes(_) | Run::OnProse(_) | Run::OnEdition(_) | Run::OnLinks(_) => (),
    }
    report
}

/// Runs every check that asks what day it is.
pub fn on_day(graph: &Graph, site: &Site, today: Day) -> Report {
    let mut report = Report::new();
    for check in CHECKS {
        if let Run::OnDay(run) = check.run {
            run(graph, site, today, &mut report);
        }
    }
    report
}

/// Runs one check, if it is one of quotations. As with [`graph`], the caller may do several at once.
pub fn quotes(check: &Check, quotes: &Quotes<'_>) -> Report {
    let mut report = Report::new();
    if let Run::OnQuotes(run) = check.run {
        run(quotes, &mut report);
    }
    report
}

/// Runs every check of running text over one file. Files do not depend on one another, so the caller may do several at
/// once.
pub fn prose(document: &Document, index: &ProseIndex<'_>) -> Report {
    let mut report = Report::new();
    let Some(site) = ProseSite::new(document, index) else { return report };
    for check in CHECKS {
        if let Run::OnProse(run) = check.run {
            run(&site, &mut report);
        }
    }
    report
}

/// Runs every check of the edition. A check may hand out what it does to `at_once` in parts; what it finds does not depend
/// on that.
pub fn edition(edition: &Edition, graph: &Graph, at_once: AtOnce<'_>) -> Report {
    let mut report = Report::new();
    for check in CHECKS {
        if let Run::OnEdition(run) = check.run {
            run(edition, graph, at_once, &mut report);
        }
    }
    report
}

/// What checks of the edition find.
pub fn edition_codes() -> Vec<&'static Code> {
    let of_edition = CHECKS.iter().filter(|check| matches!(check.run, Run::OnEdition(_)));
    of_edition.map(|check| check.code).collect()
}

/// Runs every check of addresses outside.
pub fn links(graph: &Graph, links: &Links) -> Report {
    let mut report = Report::new();
    for check in CHECKS {
        if let Run::OnLinks(run) = check.run {
            run(graph, links, &mut report);
        }
    }
    report
}
