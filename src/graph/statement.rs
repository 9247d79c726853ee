//! What a statement leaves out and its reaction and primary source supply.

use super::{Graph, NodeId, Standing};
use crate::model::{Channel, ChannelType, Data, Source, SourceRole, Statement};
use crate::text::Edtf;

/// A statement with everything filled in.
#[derive(Clone, Debug)]
pub struct StatementFacts {
    /// Who spoke.
    pub speaker: NodeId,
    /// Where; of an unknown type when nothing says.
    pub channel: Channel,
    /// Whether the statement or a source says where. Otherwise it is reported (`attr-missing`).
    pub has_channel: bool,
    /// When. Absent only where that is reported (`attr-missing`).
    pub date: Option<Edtf>,
    /// Both grades.
    pub standing: Standing,
}

/// Fills in what a statement leaves to its primary source; `None` for what nobody supplies.
pub(super) fn channel_and_date(
    graph: &Graph,
    id: NodeId,
    sources: &[Option<NodeId>],
) -> (Option<Channel>, Option<Edtf>) {
    let statement = graph.node(id).statement().expect("the caller hands over statements only");
    let primary = primary_source(graph, statement, sources);
    let channel = statement.channel.clone().or_else(|| primary.and_then(channel_of));
    let date = statement.date.clone().or_else(|| primary.and_then(|source| source.published.clone()));
    (channel, date)
}

/// Where something was said when nothing says so.
pub(super) const NOWHERE: Channel =
    Channel { channel_type: ChannelType::Unknown, on: Vec::new(), at: None, to: None, url: None };

/// The source that is the occasion itself: the one marked primary, else the only one that can be.
fn primary_source<'g>(
    graph: &'g Graph,
    statement: &Statement,
    sources: &[Option<NodeId>],
) -> Option<&'g Source> {
    let mut of_occasion = None;
    for (it, id) in statement.sources.iter().zip(sources) {
        let Data::Source(source) = &graph.node((*id)?).record.data else { continue };
        if it.role == Some(SourceRole::Primary) {
            return Some(source);
        }
        if it.role.is_none() && it.via.is_none() && channel_of(source).is_some() {
            of_occasion = of_occasion.or(Some(source));
        }
    }
    of_occasion
}

/// The channel that a source of this CSL type is. An article about somebody's words is none.
fn channel_of(source: &Source) -> Option<Channel> {
    let channel_type = match source.source_type.as_str() {
        "post" | "post-weblog" => ChannelType::Post,
        "speech" => ChannelType::Speech,
        "interview" | "broadcast" => ChannelType::Interview,
        "hearing" => ChannelType::Hearing,
        "personal_communication" => ChannelType::Letter,
        "regulation" | "legal_case" | "legislation" => ChannelType::Filing,
        _ => return None,
    };
    Some(Channel {
        channel_type,
        on: source.channel.clone(),
        at: None,
        to: source.publisher.clone().filter(|_| channel_type == ChannelType::Interview),
        url: source.url.clone(),
    })
}
