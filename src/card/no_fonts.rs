//! What stands in for fonts in a program that was built without the feature `cards`.

use super::{Face, FontFile};

/// No fonts.
#[derive(Debug)]
pub struct Fonts;

impl Fonts {
    /// Reads nothing.
    pub(super) fn load(_: &[FontFile]) -> Fonts {
        Fonts
    }

    /// Nothing is known.
    pub(super) fn is_known(&self, _: &str) -> bool {
        false
    }

    /// Nothing is there.
    pub(super) fn has(&self, _: &str, _: char) -> bool {
        false
    }

    /// Nothing can be measured.
    pub fn advance(&self, _: Face<'_>, _: char) -> Option<f32> {
        None
    }
}
