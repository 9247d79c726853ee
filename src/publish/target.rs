//! Targets: what all places to publish to have in common.

use super::driver::{self, Pace, Run};
use super::look::{self, Look, Observed};
use super::plan::{Plan, Remote};
use super::record::Record;
use super::release::Release;
use super::store::{Store, Tag};
use crate::diag::Failure;

/// A place to publish to.
pub trait Target {
    /// What people call it, without credentials.
    fn name(&self) -> String;

    /// Whether files change one by one under readers' eyes, rather than all in one step.
    fn in_place(&self) -> bool;

    /// How many earlier releases can be brought back, unless the author says otherwise.
    fn keep(&self) -> u32;

    /// Whether compressed siblings are sent. They are of use where a server chooses among the files of a directory.
    fn takes_siblings(&self) -> bool {
        true
    }

    /// Whether each file is kept with header fields of its own, as [`super::fields`] gives them. Elsewhere a server has them.
    fn keeps_fields(&self) -> bool {
        false
    }

    /// What people should know before they publish there; empty when there is nothing.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// What is there.
    ///
    /// # Errors
    /// When it cannot be asked, or what is there cannot be trusted.
    fn observe(&self, pace: &dyn Pace) -> Result<Observed, Failure>;

    /// What it says of itself; `None` before anything was published there.
    ///
    /// # Errors
    /// As [`Target::observe`].
    fn record(&self, pace: &dyn Pace) -> Result<Option<Record>, Failure> {
        Ok(self.observe(pace)?.remote.record)
    }

    /// Looks at as much of it as a plan needs, and draws the plan.
    ///
    /// # Errors
    /// As [`Target::observe`].
    fn plan(&self, look: &Look<'_>, draw: &dyn Fn(&Remote) -> Plan) -> Result<(Plan, Observed), Failure> {
        let observed = self.observe(look.pace)?;
        Ok((draw(&observed.remote), observed))
    }

    /// The files of an earlier release.
    ///
    /// # Errors
    /// When it is not kept any longer.
    fn earlier(&self, number: u32, pace: &dyn Pace) -> Result<Release, Failure>;

    /// Carries a plan out that was made for this version of the record.
    ///
    /// # Errors
    /// When somebody else published since; when the target fails. Readers then see the old site, the new one, or pages of
    /// both, each with all it asks for.
    fn carry_out(&self, plan: &Plan, tag: Option<&Tag>, run: &Run<'_>) -> Result<Record, Failure>;
}

/// A store as a target.
pub struct InStore<S>(pub S);

impl<S: Store> Target for InStore<S> {
    fn name(&self) -> String {
        self.0.name()
    }

    fn in_place(&self) -> bool {
        true
    }

    fn keep(&self) -> u32 {
        3
    }

    /// A store answers with the one file that was asked for, whatever the reader could take.
    fn takes_siblings(&self) -> bool {
        false
    }

    fn keeps_fields(&self) -> bool {
        true
    }

    fn warnings(&self) -> Vec<String> {
        if self.0.compares() {
            return Vec::new();
        }
        let name = self.0.name();
        vec![format!("`{name}` cannot tell when two publish at once; let one machine alone publish there")]
    }

    fn observe(&self, pace: &dyn Pace) -> Result<Observed, Failure> {
        look::observe(&self.0, pace)
    }

    fn record(&self, pace: &dyn Pace) -> Result<Option<Record>, Failure> {
        Ok(look::record(&self.0, pace)?.map(|(record, _)| record))
    }

    fn plan(&self, look: &Look<'_>, draw: &dyn Fn(&Remote) -> Plan) -> Result<(Plan, Observed), Failure> {
        look::plan(&self.0, look, draw)
    }

    fn earlier(&self, number: u32, pace: &dyn Pace) -> Result<Release, Failure> {
        look::earlier(&self.0, pace, number)
    }

    fn carry_out(&self, plan: &Plan, tag: Option<&Tag>, run: &Run<'_>) -> Result<Record, Failure> {
        driver::execute(plan, tag, &self.0, run)
    }
}
