//! Sources, and the uses of sources that other kinds hold.

use super::context::Context;
use super::fields::Fields;
use super::node::Node;
use super::problems::fields as problems;
use super::value::Value;
use crate::diag::Diagnostic;
use crate::model::{Archive, Snapshot, Source, SourceRole, SourceUse};
use crate::text::Sha256;

/// The item types of CSL 1.0.2 (its specification, appendix III), and our own `unspecified`.
const TYPES: [&str; 46] = [
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "bill",
    "book",
    "broadcast",
    "chapter",
    "classic",
    "collection",
    "dataset",
    "document",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "event",
    "figure",
    "graphic",
    "hearing",
    "interview",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "motion_picture",
    "musical_score",
    "pamphlet",
    "paper-conference",
    "patent",
    "performance",
    "periodical",
    "personal_communication",
    "post",
    "post-weblog",
    "regulation",
    "report",
    "review",
    "review-book",
    "software",
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
    "unspecified",
];

const ROLES: [(&str, SourceRole); 3] =
    [("primary", SourceRole::Primary), ("secondary", SourceRole::Secondary), ("pickup", SourceRole::Pickup)];

/// Decodes a source.
pub(super) fn source(fields: &mut Fields<'_, '_>) -> Option<Source> {
    let source_type = fields.word_of("type", &TYPES);
    let source_type = fields.need("type", source_type);
    let title = fields.text("title");
    let title = fields.need("title", title);
    let author = fields.references("author");
    let publisher = fields.reference("publisher");
    let published = fields.date("published");
    let accessed = fields.date("accessed");
    let url = fields.url("url");
    let channel = fields.labels("channel");
    let lang = fields.label("lang");
    let archive = fields.many("archive", archive);
    let snapshot = fields.one("snapshot", snapshot);
    let access = fields.word_of("access", &["open", "paywalled", "login"]);
    let rights = fields.text("rights");
    let transcript = fields.word_of("transcript", &["own", "third-party", "machine"]);
    let date_basis = fields.text("date_basis");
    let seen = fields.truth("seen", true);
    let relays = fields.references("relays");
    let note = fields.text("note");
    Some(Source {
        source_type: source_type?,
        title: title?,
        author,
        publisher,
        published,
        accessed,
        url,
        channel,
        lang,
        archive,
        snapshot,
        access,
        rights,
        transcript,
        date_basis,
        seen,
        relays,
        note,
    })
}

fn archive<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Archive> {
    if matches!(value.node, Node::Scalar(_)) {
        return value.url(context).map(|url| Archive { url, at: None, by: None });
    }
    value.map(context, "archive copy", |fields| {
        let url = fields.url("url");
        let url = fields.need("url", url);
        let at = fields.date("at");
        let by = fields.text("by");
        Some(Archive { url: url?, at, by })
    })
}

/// A path, or a map with the path and what a checker wants to know of the file.
fn snapshot<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Snapshot> {
    if matches!(value.node, Node::Scalar(_)) {
        let file = value.plain(context, "a path")?;
        return Some(Snapshot { file, sha256: None, text_sha256: None, private: true });
    }
    value.map(context, "snapshot", |fields| {
        let file = fields.label("file");
        let file = fields.need("file", file);
        let sha256 = fields.one("sha256", digest);
        let text_sha256 = fields.one("text_sha256", digest);
        let private = fields.truth("private", true);
        Some(Snapshot { file: file?, sha256, text_sha256, private })
    })
}

fn digest<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Sha256> {
    let typed = value.plain(context, "a SHA-256 digest")?;
    let digest = Sha256::from_hex(&typed);
    if digest.is_none() {
        let message = format!("`{}` is no SHA-256 digest, which has 64 hexadecimal digits", value.at.name());
        let place = context.value(value.node, value.at);
        let help = "`rejoinder source add` writes it; `sha256sum FILE` prints it";
        context.add(Diagnostic::new(&problems::WRONG_TYPE, place, message).help(help));
    }
    digest
}

/// Decodes the sources a record rests on.
pub(super) fn source_uses(fields: &mut Fields<'_, '_>) -> Vec<SourceUse> {
    fields.many("sources", |context, value| {
        if matches!(value.node, Node::Scalar(_)) {
            let source = value.reference(context, "a list of ids")?;
            return Some(SourceUse {
                source,
                role: None,
                via: None,
                says: None,
                as_printed: None,
                locator: None,
            });
        }
        value.map(context, "use of a source", |fields| {
            let source = fields.reference("ref");
            let source = fields.need("ref", source);
            let role = fields.word("role", &ROLES);
            let via = fields.reference("via");
            let says = fields.text("says");
            let as_printed = fields.text("as_printed");
            let locator = fields.text("locator");
            Some(SourceUse { source: source?, role, via, says, as_printed, locator })
        })
    })
}

/// As [`source_uses`], and at least one.
pub(super) fn needed_source_uses(fields: &mut Fields<'_, '_>) -> Option<Vec<SourceUse>> {
    let uses = source_uses(fields);
    fields.need_some("sources", uses)
}
