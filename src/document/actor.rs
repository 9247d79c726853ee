//! Actors, and maps of names that other kinds share with them.

use super::fields::Fields;
use crate::model::{Account, Actor, ActorType, Role};

const TYPES: [(&str, ActorType); 6] = [
    ("person", ActorType::Person),
    ("organisation", ActorType::Organisation),
    ("product", ActorType::Product),
    ("outlet", ActorType::Outlet),
    ("unnamed", ActorType::Unnamed),
    ("group", ActorType::Group),
];

/// Decodes an actor.
pub(super) fn actor(fields: &mut Fields<'_, '_>) -> Option<Actor> {
    let actor_type = fields.word("type", &TYPES);
    let actor_type = fields.need("type", actor_type);
    let name = fields.text("name");
    let name = fields.need("name", name);
    let sort = fields.text("sort");
    let names = fields.text_by_key("names");
    let described_as = fields.text("described_as");
    let roles = fields.maps("roles", "role", role);
    let made_by = fields.reference("made_by");
    let part_of = fields.reference("part_of");
    let owned_by = fields.reference("owned_by");
    let accounts = fields.maps("accounts", "account", account);
    let same_as = fields.urls("same_as");
    let stakes = fields.texts("stakes");
    Some(Actor {
        actor_type: actor_type?,
        name: name?,
        sort,
        names,
        described_as,
        roles,
        made_by,
        part_of,
        owned_by,
        accounts,
        same_as,
        stakes,
    })
}

fn role(fields: &mut Fields<'_, '_>) -> Option<Role> {
    let at = fields.reference("at");
    let at = fields.need("at", at);
    let title = fields.text("title");
    let title = fields.need("title", title);
    let from = fields.date("from");
    let to = fields.date("to");
    let source = fields.reference("source");
    Some(Role { at: at?, title: title?, from, to, source })
}

fn account(fields: &mut Fields<'_, '_>) -> Option<Account> {
    let on = fields.label("on");
    let on = fields.need("on", on);
    let handle = fields.text("handle");
    let handle = fields.need("handle", handle);
    Some(Account { on: on?, handle: handle? })
}
