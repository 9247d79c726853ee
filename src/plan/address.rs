//! Where each thing stands: lower-case directories with a trailing slash, or a fragment of one.

use super::numbered;
use crate::graph::{Graph, NodeId};
use crate::model::{Data, Kind, Relation};

/// The site-absolute address of a node: `/actors/nvidia/`, `/deepseek-r1/nvidia/advance/`,
/// `/actors/meta/#figure-meta-war-rooms`.
pub fn address(graph: &Graph, id: NodeId) -> String {
    let node = graph.node(id);
    match node.kind {
        // Joined and not formatted: pages ask for dozens of addresses each, and this asks for memory once.
        Kind::Story | Kind::Reaction => ["/", &node.key, "/"].concat(),
        Kind::Event => ["/events/", &node.key, "/"].concat(),
        Kind::Actor => ["/actors/", &node.key, "/"].concat(),
        Kind::Source => ["/sources/", &node.key, "/"].concat(),
        Kind::Term => ["/terms/", &node.key, "/"].concat(),
        Kind::Statement => match node.reaction {
            Some(reaction) => ["/", &graph.node(reaction).key, "/", node.last_key(), "/"].concat(),
            None => format!("/{}/", node.key),
        },
        Kind::Action | Kind::Claim | Kind::Silence => match node.reaction {
            Some(reaction) => ["/", &graph.node(reaction).key, "/#", &anchor_of(graph, id)].concat(),
            None => "/".to_owned(),
        },
        Kind::Figure => match graph.targets(id, Relation::FigureOf).next() {
            Some(actor) => [&address(graph, actor), "#", &anchor_of(graph, id)].concat(),
            None => "/".to_owned(),
        },
        Kind::Correction => {
            [&numbered("/corrections/", graph.page_of_correction(id)), "#", &anchor_of(graph, id)].concat()
        }
        Kind::Page => page_address(&node.key, &node.record().data),
        Kind::Section if &*node.key == "home" => "/".to_owned(),
        Kind::Section => format!("/{}/", node.key.to_lowercase()),
    }
}

fn page_address(key: &str, data: &Data) -> String {
    let (dir, stem) = key.rsplit_once('/').map_or(("", key), |(dir, stem)| (dir, stem));
    let last = match data {
        Data::Page(page) => page.slug.as_deref().unwrap_or(stem),
        _ => stem,
    };
    let slash = if dir.is_empty() { "" } else { "/" };
    format!("/{}{slash}{}/", dir.to_lowercase(), last.to_lowercase())
}

/// The fragment id of a node on pages that list it: `deepseek-r1:nvidia.advance`, `figure-meta-war-rooms`.
pub fn anchor_of(graph: &Graph, id: NodeId) -> String {
    let node = graph.node(id);
    // Ids hold no colon, so two nodes never share an anchor, not even from two stories.
    let dashed = node.key.replace('/', ":");
    match node.kind {
        Kind::Statement | Kind::Reaction => dashed,
        kind => [kind.name(), "-", &dashed].concat(),
    }
}
