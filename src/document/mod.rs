//! One [`Input`] understood alone: typed front matter with positions, and prose.
//!
//! In: bytes. Out: a [`Document`] with its [`Facts`] and every problem that can be seen without another file.
//! Total: whatever the bytes are, a document comes out. The only module that knows YAML and Markdown.
//! Knows nothing of other documents, addresses or templates.

pub mod prose;

use std::sync::Arc;

use crate::diag::Report;
use crate::model::Facts;
use crate::text::{Fingerprint, Span};

/// One input understood alone.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, relative to the project.
    pub path: Arc<str>,
    /// The whole text, decoded; empty when it is not UTF-8.
    pub text: Arc<str>,
    /// All that other pages may learn of it.
    pub facts: Facts,
    /// Where the prose stands in `text`; empty for a YAML list.
    pub body: Span,
    /// The digest of the prose.
    pub body_fingerprint: Fingerprint,
    /// What is wrong with it.
    pub report: Report,
}
