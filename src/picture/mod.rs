//! Pictures made at build time: SVG text from plain values, the same for the same values on any machine.
//!
//! In: names, addresses, marks and days as plain structs. Out: a [`Picture`]: finished SVG, and what was drawn together
//! to keep it readable. Knows nothing of the graph, of view models, of templates or of disk.
//!
//! # What every picture promises
//!
//! It has a title and a description; text in it is escaped; addresses are site-absolute, as everywhere before the format
//! step; there are no ids, no scripts and no styles in it, so it can stand beside others under a strict policy; it is
//! drawn from left to right on every page; labels do not overlap, whatever the names (`tests.rs` holds it against random
//! ones); and it is bounded: above [`MOST`] names they are drawn together, and [`Picture::grouped`] says whom.
//!
//! What a picture shows stands beside it as a list. It is an overview, not the record.

mod axis;
mod bar;
mod fold;
mod map;
mod mark;
mod measure;
mod order;
mod split;
mod svg;
#[cfg(test)]
mod tests;
mod timeline;

pub use bar::{bar, shares_of_largest, shares_of_whole};
pub use fold::MOST;
pub use map::{Line, map};
pub use split::{Side, split};
pub use timeline::{Moment, MomentKind, When, timeline};

/// A finished picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The SVG, safe to print as it is; empty when there is nothing to draw.
    pub svg: String,
    /// What is drawn as one, because there are too many to draw each.
    pub grouped: Vec<Grouped>,
}

/// The finished pictures of one page; each empty when the page has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Who speaks about whom.
    pub map: String,
    /// What happened when.
    pub timeline: String,
    /// Who took which side.
    pub split: String,
}

/// A name that leads somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// As it is printed, if there is room.
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
}

impl Name {
    /// What tells it from others: where it leads, or its words.
    fn key(&self) -> &str {
        self.url.as_deref().unwrap_or(&self.text)
    }
}

/// Somebody in a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub name: Name,
    /// The organisation to draw it with when there are many.
    pub house: Option<Name>,
}

/// Names that are drawn as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    /// As what.
    pub name: Name,
    /// Who.
    pub members: Vec<Name>,
}

/// What a description says of names that are drawn as one.
fn said_of(grouped: &[Grouped], what: &str) -> String {
    let n_members: usize = grouped.iter().map(|it| it.members.len()).sum();
    match grouped.len() {
        0 => String::new(),
        _ => format!(" {n_members} {what} are drawn together, by organisation where one is recorded."),
    }
}
