//! Which target stands behind an entry of `publish:`.

use crate::cli::console::Console;
use crate::cli::context::Context;
use crate::diag::Failure;
use crate::model::{PublishPlace, PublishTarget};
use crate::publish::Target;

/// Opens a place. Nothing is asked of it yet.
///
/// # Errors
/// When it is none that can be published to from here.
pub(super) fn open(
    place: &PublishTarget,
    context: &Context,
    console: &Console<'_>,
) -> Result<Box<dyn Target>, Failure> {
    let _ = (context, console);
    match &place.to {
        PublishPlace::Dir { .. }
        | PublishPlace::Git { .. }
        | PublishPlace::Ssh { .. }
        | PublishPlace::Exec { .. } => {
            Err(Failure::new(crate::diag::Exit::Usage, "this place is not known yet"))
        }
    }
}
