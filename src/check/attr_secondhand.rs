//! # attr-secondhand
//!
//! Every source of a statement, an action or an allegation is one step away from it: an outlet that passes on what another
//! outlet reports, or a document that nobody here saw. The page says so ("Reported by The Information, relayed by Euronews
//! Next"); this note says which facts a nearer source would help most.
//!
//! ```yaml
//! sources: [{ ref: euronews-r1, via: the-information }]                            # noted
//! sources: [{ ref: euronews-r1, via: the-information }, the-information]           # we read the report itself: fine
//! sources: [{ ref: euronews-r1, via: sama-post }]                                  # the speaker's own post: fine
//! ```
//!
//! An outlet that has it from the speaker's own post or speech (or from whoever acts, or alleges) is not counted: no other
//! outlet stands between.
//! What rests on an unnamed origin alone is `attr-unnamed-origin` instead.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Report};
use crate::graph::{Attribution, Graph, is_by};
use crate::model::{Kind, Relation, SourceRole};

pub(super) static CODE: Code =
    Code { name: "attr-secondhand", level: Level::Note, manual: include_str!("attr_secondhand.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    let subjects = [
        (Kind::Statement, Relation::SaidBy),
        (Kind::Action, Relation::DoneBy),
        (Kind::Claim, Relation::AllegedBy),
    ];
    for (kind, relation) in subjects {
        for id in graph.of_kind(kind) {
            let node = graph.node(id);
            let standing = match kind {
                Kind::Statement => graph.statement_facts(id).map(|it| it.standing),
                _ => Some(graph.standing_of(id, node.sources(), None)),
            };
            let standing = standing.filter(|it| it.second_hand && it.attribution == Attribution::Relayed);
            let Some(best) = standing.and_then(|it| it.best) else { continue };
            // Whoever acts or alleges may have said so themselves.
            let subject = graph.targets(id, relation).next();
            let uses = graph.source_uses(id, node.sources());
            if uses.iter().any(|(.., via)| via.is_some_and(|via| is_by(graph, via, subject))) {
                continue;
            }
            let it = &node.sources()[best];
            let (field, label) = match (&it.via, it.role) {
                (Some(_), _) => ("via", "known only from those who pass it on"),
                (None, Some(SourceRole::Pickup)) => ("role", "a copy of somebody else's account"),
                (None, _) => ("ref", "marked as the occasion itself, and not seen"),
            };
            let message = format!("every source of this {kind} has it from somebody else");
            report.add(
                Diagnostic::new(&CODE, node.place(&format!("sources[{best}].{field}")), message)
                    .label(label)
                    .help("add what they have it from, if it can be read"),
            );
        }
    }
}
