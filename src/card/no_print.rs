//! What stands in for drawing in a program that was built without the feature `cards`.

use super::{Fonts, Unprintable};

/// Says that cards are not made here.
pub(super) fn print(_: &str, _: &Fonts) -> Result<Vec<u8>, Unprintable> {
    Err(Unprintable::NotBuilt)
}
