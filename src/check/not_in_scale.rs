//! # not-in-scale
//!
//! A reaction's stance, or one of its themes, is no word of its story's scale. The comparison could not place it, and readers
//! would see a word that is explained nowhere.
//!
//! Use a word of the scale, or add this one to it:
//!
//! ```yaml
//! # story.md
//! scale:
//!   stance: [praises, disputes]
//!   themes: [cost]
//! ```
//!
//! A story without a scale takes every word.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind};
use crate::text::nearest_few;

pub(super) static CODE: Code =
    Code { name: "not-in-scale", level: Level::Error, manual: include_str!("not_in_scale.rs") };
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Reaction) {
        let node = graph.node(id);
        let (Data::Reaction(reaction), Some(story)) = (&node.record().data, node.story) else { continue };
        let Data::Story(told) = &graph.node(story).record().data else { continue };
        let stances: Vec<&str> = told.scale.stances.iter().map(|it| it.id.as_str()).collect();
        let themes: Vec<&str> = told.scale.themes.iter().map(|it| it.id.as_str()).collect();
        if let Some(stance) = &reaction.stance {
            look(graph, id, story, ("stance", "stance"), stance, &stances, report);
        }
        for (idx, theme) in reaction.themes.iter().enumerate() {
            look(graph, id, story, ("theme", &format!("themes[{idx}]")), theme, &themes, report);
        }
    }
}

/// Reports a word that the scale does not have. `(noun, field)` says what it is and where it stands.
fn look(
    graph: &Graph,
    reaction: NodeId,
    story: NodeId,
    (noun, field): (&str, &str),
    word: &str,
    scale: &[&str],
    report: &mut Report,
) {
    if scale.is_empty() || scale.contains(&word) {
        return;
    }
    let place_of = |id: NodeId, field: &str| {
        Place::field(&graph.node(id).record().origin.file, graph.node(id).field(field))
    };
    let message = format!("the story's scale has no {noun} `{word}`");
    let told = Diagnostic::new(&CODE, place_of(reaction, field), message)
        .also(place_of(story, "scale"), "the scale");
    report.add(match nearest_few(word, scale.iter().copied(), 1).first() {
        Some(near) => told.fix(format!("Write `{near}`"), (*near).to_owned()),
        None => {
            let words: Vec<String> = scale.iter().map(|it| format!("`{it}`")).collect();
            told.help(format!("use one of {}, or add it to the scale", words.join(", ")))
        }
    });
}
