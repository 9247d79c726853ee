//! What a site, a story or a record says of checks: the levels of problems, and problems that are let stand.

use std::collections::BTreeMap;

use super::fields::Fields;
use super::node::Node;
use super::value::Value;
use crate::diag::Level;
use crate::model::Acceptance;

const LEVELS: [(&str, Option<Level>); 4] = [
    ("error", Some(Level::Error)),
    ("warning", Some(Level::Warning)),
    ("note", Some(Level::Note)),
    ("allow", None),
];

/// `levels:`, a map from codes to levels; `None` means allowed.
pub(super) fn levels(fields: &mut Fields<'_, '_>) -> BTreeMap<String, Option<Level>> {
    let levels = fields.one("levels", |context, value| {
        let Node::Map(entries) = value.node else {
            value.wrong(context, "a map such as `{ ref-orphan: allow }`");
            return None;
        };
        let mut levels = BTreeMap::new();
        for entry in entries {
            let at = value.at.key(&entry.key);
            if let Some(level) = (Value { node: &entry.value, at: &at }).word(context, &LEVELS) {
                levels.insert(entry.key.clone().into_owned(), level);
            }
        }
        Some(levels)
    });
    levels.unwrap_or_default()
}

/// `accept:`, one or several of `{ code, why }`.
pub(super) fn acceptances(fields: &mut Fields<'_, '_>) -> Vec<Acceptance> {
    fields.maps("accept", "accepted problem", |fields| {
        let code = fields.label("code");
        let code = fields.need("code", code);
        let why = fields.text("why");
        let why = fields.need("why", why);
        Some(Acceptance { code: code?, why: why? })
    })
}
