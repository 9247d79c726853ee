//! Replacing the whole output: the swap, and what follows it. See the protocol in [the module above](super).

use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::Delivered;
use super::dir::{Stage, Step, changed_meanwhile};
use super::leftover;
use super::manifest::Manifest;
use super::tree::{self, failed, identity, look, show};
use crate::diag::{Exit, Failure};

impl Stage {
    /// The one step that readers see, and what follows it.
    pub(super) fn swap(&mut self, delivered: &mut Delivered) -> Result<(), Failure> {
        self.reach(Step::Swap)?;
        self.check_identity()?;
        let old_place = match self.old.identity {
            None => self.bring_in().map(|()| None)?,
            Some(_) => Some(self.exchange()?),
        };
        self.is_over();
        delivered.swapped = true;
        self.reach(Step::SyncParent)?;
        if let Some(parent) = self.output.parent().filter(|_| self.is_durable()) {
            tree::sync_one(parent).map_err(|failure| {
                failure.help(
                    "the new site is in place, but might not survive a power cut; build again to be sure",
                )
            })?;
        }
        match old_place {
            Some(old_place) => self.take_apart(&old_place, &self.old.manifest, delivered),
            None => Ok(()),
        }
    }

    /// Nobody may have put another directory in the place of the output.
    pub(super) fn check_identity(&self) -> Result<(), Failure> {
        let now = look(&self.output)?.map(|meta| identity(&meta));
        if now == self.old.identity { Ok(()) } else { Err(changed_meanwhile(&self.output)) }
    }

    /// Removes what was replaced, and says what came of it.
    pub(super) fn take_apart(
        &self,
        old_place: &Path,
        manifest: &Manifest,
        delivered: &mut Delivered,
    ) -> Result<(), Failure> {
        let mut before_each = || self.reach(Step::Retire);
        match leftover::retire(old_place, &self.output, manifest, &mut before_each) {
            Ok(retired) => {
                delivered.kept.extend(retired.put_back.iter().map(|path| show(path)));
                delivered.kept.sort();
                delivered.leftover.extend(retired.left);
            }
            // The site is delivered; what could not be tidied is tried again next time.
            Err(failure) if failure.exit == Exit::Machine => {
                delivered.leftover.push(format!("{}: {failure}", show(old_place)));
            }
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    fn bring_in(&self) -> Result<(), Failure> {
        tree::rename_to_free(&self.dir, &self.output)
            .map_err(|e| failed("move the new site to", &self.output, &e))
    }

    /// Swaps stage and output; says where the old tree is now.
    fn exchange(&self) -> Result<PathBuf, Failure> {
        let result = match self.never_exchange() {
            true => Err(tree::no_exchange()),
            false => tree::exchange(&self.dir, &self.output),
        };
        match result {
            Ok(()) => return Ok(self.dir.clone()),
            Err(e) if tree::cannot_flag(&e) => (),
            Err(e) => return Err(failed("replace", &self.output, &e)),
        }
        let [stage_prefix, old_prefix] = leftover::prefixes(&self.output);
        let stage_name = self.dir.file_name().unwrap_or_default().to_string_lossy();
        let id = stage_name.strip_prefix(&stage_prefix).unwrap_or("0-0");
        let aside = self.output.with_file_name(format!("{old_prefix}{id}"));
        tree::rename_to_free(&self.output, &aside).map_err(|e| match Errno::from_io_error(&e) {
            Some(Errno::BUSY | Errno::XDEV) => failed("replace", &self.output, &e).help(
                "it is a mount point or a layer of a container image; choose a directory made inside it",
            ),
            _ => failed("set aside", &self.output, &e),
        })?;
        self.reach(Step::BringIn)?;
        if let Err(failure) = self.bring_in() {
            return Err(match tree::rename_to_free(&aside, &self.output) {
                Ok(()) => failure,
                Err(_) => failure
                    .help(format!("the old site is in `{}`; the next build puts it back", show(&aside))),
            });
        }
        Ok(aside)
    }
}
