//! # link-rot
//!
//! An address that the site leads to is dead: its host said so (404 or 410), there is no such host, or it leads into a
//! private network, where no reader can follow. Only `rejoinder check --external` looks, and it remembers in `links.lock`
//! what it found.
//!
//! ```yaml
//! url: https://gazette.example/old-article     # warned: the host answers 404
//! ```
//!
//! Look for the page's new address. If there is none, keep the address, which is what the page was known by, and give
//! readers a copy: `archive: [{ url: …, at: … }]`. A link in a text can point to the copy itself.
//!
//! A host that is too slow, too busy (429) or broken (500) says nothing about the page, and is not reported here; nor is
//! one that shows pages to readers and not to programs (401, 403).

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::Graph;
use crate::links::{Entry, Links, Outward, Role, Status, outward};
use crate::model::Data;

pub(super) static CODE: Code =
    Code { name: "link-rot", level: Level::Warning, manual: include_str!("link_rot.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnLinks(run) };

fn run(graph: &Graph, links: &Links, report: &mut Report) {
    for it in outward(graph) {
        let Some(entry) = links.get(&it.url) else { continue };
        match entry.answer.status {
            Status::Dead => report.add(dead(graph, &it, entry)),
            Status::Private => report.add(private(&it, entry)),
            Status::Ok | Status::Redirected | Status::Refused | Status::Unknown => (),
        }
    }
}

fn dead(graph: &Graph, it: &Outward, entry: &Entry) -> Diagnostic {
    let answer = match entry.answer.code {
        Some(code) => format!("its host answers {code}"),
        None => "there is no such host".to_owned(),
    };
    let told = Diagnostic::new(&CODE, it.place.clone(), format!("{} is dead: {answer}", what(it.role)));
    let told = told.label(format!("asked on {}", entry.checked.display()));
    let told = match entry.since < entry.checked {
        true => told.note(format!("it was first found dead on {}", entry.since.display())),
        false => told,
    };
    let has_copy =
        matches!(&graph.node(it.record).record().data, Data::Source(source) if !source.archive.is_empty());
    told.help(match it.role {
        Role::Source if has_copy => "look for the page's new address; readers still have the archive copy",
        Role::Source => {
            "look for the page's new address, or give readers a copy: `archive: [{ url: …, at: … }]`"
        }
        Role::Archive => "save the page again, or name a copy in another archive",
        Role::Channel | Role::SameAs => "look for the page's new address, or take this one out",
        Role::Prose => "link to the page's new address, or to a copy in an archive",
    })
}

fn private(it: &Outward, entry: &Entry) -> Diagnostic {
    let message = format!("{} leads into a private network, where no reader can follow", what(it.role));
    Diagnostic::new(&CODE, it.place.clone(), message)
        .label(format!("looked up on {}", entry.checked.display()))
        .note("it was not asked")
        .help("name an address that everybody can reach; a site for an intranet sets `external: { allow_private: true }`")
}

fn what(role: Role) -> &'static str {
    match role {
        Role::Source => "the address of this source",
        Role::Archive => "this archive copy",
        Role::Channel => "the address of this channel",
        Role::SameAs => "this address",
        Role::Prose => "this link",
    }
}
