//! # stance-outside-scale
//!
//! A reaction has a stance or a theme that its story's scale does not list. The comparison would have no column for it, and
//! a mistyped word would quietly become a new position.
//!
//! ```yaml
//! # story.md
//! scale:
//!   stance: [praises, disputes, accuses]
//!   themes: [cost, compute]
//!
//! # a reaction of that story
//! stance: praises        # fine
//! stance: prases         # reported
//! ```
//!
//! Correct the word, or add it to the story's `scale:`.

use super::{Check, Run};
use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind};
use crate::text::{misspelt, nearest};

pub(super) static CODE: Code = Code {
    name: "stance-outside-scale",
    level: Level::Error,
    manual: include_str!("stance_outside_scale.rs"),
};
pub(super) const CHECK: Check = Check { code: &CODE, run: Run::OnGraph(run) };

fn run(graph: &Graph, report: &mut Report) {
    for id in graph.of_kind(Kind::Reaction) {
        let node = graph.node(id);
        let Some(story) = node.story else { continue };
        let (Data::Reaction(reaction), Data::Story(data)) =
            (&node.record().data, &graph.node(story).record().data)
        else {
            continue;
        };
        let stances: Vec<&str> = data.scale.stances.iter().map(|it| it.id.as_str()).collect();
        let themes: Vec<&str> = data.scale.themes.iter().map(|it| it.id.as_str()).collect();
        if let Some(stance) = reaction.stance.as_deref().filter(|it| !stances.contains(it)) {
            report.add(told(graph, id, story, "stance", ("stance", "scale.stance"), stance, &stances));
        }
        for (idx, theme) in
            reaction.themes.iter().enumerate().filter(|(_, it)| !themes.contains(&it.as_str()))
        {
            let field = format!("themes[{idx}]");
            report.add(told(graph, id, story, "theme", (&field, "scale.themes"), theme, &themes));
        }
    }
}

fn told(
    graph: &Graph,
    reaction: NodeId,
    story: NodeId,
    what: &str,
    (field, scale): (&str, &str),
    word: &str,
    known: &[&str],
) -> Diagnostic {
    let (node, story) = (graph.node(reaction), graph.node(story));
    let place = Place::field(&node.record().origin.file, node.field(field));
    let told = Diagnostic::new(&CODE, place, format!("the story's scale has no {what} `{word}`"))
        .label("not in the scale");
    let told = match known.is_empty() {
        true => told.also(Place::file(&story.record().origin.file), "the story has no scale"),
        false => told.also(Place::key(&story.record().origin.file, story.field(scale)), "the scale is here"),
    };
    match nearest(word, known.iter().copied()) {
        Some(near) => {
            let is_sure = misspelt(word, known.iter().copied()) == Some(near);
            let told = told.help(format!("did you mean `{near}`?"));
            told.fix(format!("write `{near}`"), near).safe_if(is_sure, word)
        }
        None if known.is_empty() => told.help(format!("add `{word}` to `scale:` in the story")),
        None => told.help(format!("it has {}; write one of them, or add `{word}`", known.join(", "))),
    }
}
