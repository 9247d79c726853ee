//! What other pages may learn of a text: whom it mentions, which headings it has, how it begins.
//!
//! Plain text of prose (a summary, a sentence) may hold links without words of their own: `[[nvidia]]`. Only the graph
//! knows what their targets are called, so such a link stands there as its target between [`NAME_OPENS`] and
//! [`NAME_CLOSES`], and whoever prints the text puts the name in.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::text::Span;

/// Stands before the target of a link without words.
pub const NAME_OPENS: char = '\u{E000}';
/// Stands behind it.
pub const NAME_CLOSES: char = '\u{E001}';

/// Facts about one text.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
pub struct ProseFacts {
    /// Every internal link, in reading order.
    pub mentions: Vec<Mention>,
    /// Every heading, in reading order, with its final id.
    pub anchors: Vec<Anchor>,
    /// Every file the text shows or links to, in reading order.
    pub assets: Vec<AssetUse>,
    /// Every link and picture with a complete web address, in reading order.
    pub outward: Vec<OutwardLink>,
    /// The first paragraph, or what stands before `<!-- more -->`, as plain text; empty when there is no prose.
    pub summary: String,
    /// Whether there is any prose at all.
    pub present: bool,
}

/// One internal link of a text.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Mention {
    /// Whom it names.
    pub target: Target,
    /// A heading of the target: what stands behind `#`.
    pub anchor: Option<String>,
    /// The sentence it stands in, as plain text, at most about 240 characters.
    pub sentence: String,
    /// Where in the file the link stands.
    pub span: Span,
}

/// A file that a text shows or links to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssetUse {
    /// The path as written, decoded, without what follows `?` or `#`: `chart.png`, or an address of this site: `/map.png`.
    pub path: String,
    /// Whether it is shown as an image, and not linked to.
    pub shown: bool,
    /// Where in the file the path stands.
    pub span: Span,
}

/// A link of a text that leaves the site.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OutwardLink {
    /// The address as written, decoded: `https://example.org/a#b`.
    pub url: String,
    /// Where in the file the address stands.
    pub span: Span,
}

/// Whom an internal link names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// `[[id]]` or `[[kind:id]]`. The kind's word is still unchecked.
    Id {
        /// The word before the colon, if there is one.
        kind: Option<String>,
        /// The id.
        id: String,
    },
    /// `[text](@/path.md)`: a content file, relative to `content/`.
    File(String),
    /// `[text](#heading)`: this very page.
    SamePage,
}

impl Target {
    /// The target as authors write it: `nvidia`, `actor:r1`, `@/about.md`.
    pub fn written(&self) -> String {
        match self {
            Target::Id { kind: Some(kind), id } => format!("{kind}:{id}"),
            Target::Id { kind: None, id } => id.clone(),
            Target::File(path) => format!("@/{path}"),
            Target::SamePage => String::new(),
        }
    }

    /// The kind an `[[kind:id]]` link names, when the word is a kind's name.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Target::Id { kind: Some(word), .. } => Kind::parse(word).ok(),
            Target::Id { kind: None, .. } | Target::File(_) | Target::SamePage => None,
        }
    }
}

/// A heading that can be linked to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Anchor {
    /// Its id in the page.
    pub id: String,
    /// Its words.
    pub text: String,
    /// 1 to 6, as written.
    pub level: u8,
}
