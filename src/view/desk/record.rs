//! Cards of everything else a story records: deeds, claims, silences, figures, events, terms, lists.

use super::super::cards::*;
use super::super::words;
use super::Desk;
use crate::graph::NodeId;
use crate::model::{Data, Kind, Relation, Scope};

impl Desk<'_> {
    /// An action's card.
    pub fn action(&self, id: NodeId) -> Option<ActionCard> {
        let node = self.lens.node(id);
        let action = node.action()?;
        let uses = self.lens.source_uses(id, &action.sources);
        let standing = self.lens.standing_of(id, &action.sources);
        Some(ActionCard {
            id: node.short_key().to_owned(),
            anchor: self.anchor(id),
            url: self.url(id),
            did: action.did.clone(),
            by: self.actor(self.lens.target(id, Relation::DoneBy)?),
            date: action.date.as_ref().map(|it| self.date(it)),
            about: self.target_links(id, Relation::About),
            figures: self
                .lens
                .targets(id, Relation::Gives)
                .into_iter()
                .filter_map(|id| self.figure(id))
                .collect(),
            evidence: self.evidence_brief(standing, None, &uses, None),
            sources: self.source_refs(&uses),
        })
    }

    /// A claim's card.
    pub fn claim(&self, id: NodeId) -> Option<ClaimCard> {
        let node = self.lens.node(id);
        let claim = node.claim()?;
        let uses = self.lens.source_uses(id, &claim.sources);
        let standing = self.lens.standing_of(id, &claim.sources);
        Some(ClaimCard {
            id: node.short_key().to_owned(),
            anchor: self.anchor(id),
            url: self.url(id),
            says: claim.says.clone(),
            by: self.actor(self.lens.target(id, Relation::AllegedBy)?),
            allegation: Allegation {
                about: self.target_links(id, Relation::AllegesAgainst),
                status: words::claim_status(claim.status),
                hedge: claim.hedge.clone().unwrap_or_default(),
            },
            terms: self.target_links(id, Relation::UsesTerm),
            supported_by: self.links(self.lens.origins(id, Relation::Supports)),
            evidence: self.evidence_brief(standing, None, &uses, None),
            sources: self.source_refs(&uses),
        })
    }

    /// A silence's card.
    pub fn silence(&self, id: NodeId) -> Option<SilenceCard> {
        let node = self.lens.node(id);
        let silence = node.silence()?;
        let (state, said) = words::silence(silence.state);
        let scope_key = if silence.scope == Scope::Public { "public" } else { "channel" };
        let scope = match &silence.scope {
            Scope::Public if state == "not-commented" || silence.ended_by.is_some() => " publicly".to_owned(),
            Scope::Public => String::new(),
            Scope::Channel { channel, kind } => {
                let what =
                    kind.as_ref().map_or_else(String::new, |kind| format!(" in {}", kind.replace('-', " ")));
                format!("{what} on {}", self.platform(channel))
            }
        };
        let ended_by = self.lens.target(id, Relation::EndedBy).and_then(|id| self.statement_link(id));
        let sentence = match &ended_by {
            Some(ended) => {
                let since =
                    ended.date.as_ref().map_or_else(String::new, |date| format!(" until {}", date.text));
                format!("Did not comment{scope}{since}.")
            }
            None => format!("{said}{scope}."),
        };
        let asked = silence.asked.iter().zip(self.asked_by(id)).map(|(it, by)| {
            let by = by.map_or_else(|| "Asked".to_owned(), |by| format!("Asked by {by}"));
            let at = it.at.as_ref().map_or_else(String::new, |at| format!(" on {}", at.display()));
            let via = it.via.as_ref().map_or_else(String::new, |via| format!(" by {via}"));
            let until = it
                .deadline
                .as_ref()
                .map_or_else(String::new, |it| format!(", with an answer wanted by {}", it.display()));
            format!("{by}{at}{via}{until}.")
        });
        Some(SilenceCard {
            anchor: self.anchor(id),
            url: self.url(id),
            actor: self.actor(self.lens.target(id, Relation::SilenceOf)?),
            state,
            scope: scope_key,
            sentence,
            as_of: self.date(&silence.as_of),
            checked: silence.checked.clone().unwrap_or_default(),
            asked: asked.collect(),
            ended_by,
            sources: self.source_refs(&self.lens.source_uses(id, &silence.sources)),
        })
    }

    pub(super) fn asked_by(&self, id: NodeId) -> Vec<Option<String>> {
        let mut named = self.lens.targets(id, Relation::AskedBy).into_iter();
        let asked = self.lens.node(id).silence().map_or(&[][..], |it| &it.asked);
        asked
            .iter()
            .map(|it| it.by.as_ref().and_then(|_| named.next()).map(|id| self.lens.name(id).to_owned()))
            .collect()
    }

    /// A reaction's card.
    pub fn reaction(&self, id: NodeId) -> Option<ReactionCard> {
        let node = self.lens.node(id);
        let Data::Reaction(reaction) = &node.record().data else { return None };
        let themes = node.story.and_then(|story| match &self.lens.node(story).record().data {
            Data::Story(story) => Some(&story.scale.themes),
            _ => None,
        });
        let label_of = |word: &String| {
            let known = themes.and_then(|themes| themes.iter().find(|it| it.id == *word));
            known.map_or_else(|| word.replace('-', " "), |it| it.label.clone())
        };
        Some(ReactionCard {
            id: node.short_key().to_owned(),
            url: self.url(id),
            actor: self.actor(self.lens.target(id, Relation::ReactionOf)?),
            stance: self.stance(id, None),
            themes: reaction.themes.iter().map(label_of).collect(),
            summary: reaction.summary.clone().unwrap_or_default(),
            story: node.story.map(|story| self.link(story)).unwrap_or_default(),
            to: self.lens.target(id, Relation::ReactsTo).map(|id| self.link(id)).unwrap_or_default(),
            statements: reaction.statements.len() + reaction.later.len(),
        })
    }

    /// A story's card.
    pub fn story(&self, id: NodeId) -> Option<StoryCard> {
        let node = self.lens.node(id);
        let Data::Story(story) = &node.record().data else { return None };
        let reactions = self.lens.reactions_of(id);
        let mut sources = std::collections::BTreeSet::new();
        let mut statements = 0;
        let mut silences = 0;
        for reaction in &reactions {
            silences += self.lens.parts(*reaction, Kind::Silence).len();
            for part in self.lens.parts(*reaction, Kind::Statement) {
                statements += 1;
                sources.extend(self.lens.targets(part, Relation::Cites));
            }
        }
        Some(StoryCard {
            id: node.short_key().to_owned(),
            url: self.url(id),
            title: story.title.clone(),
            question: story.question.clone().unwrap_or_default(),
            summary: self.summary(id),
            as_of: self.date(&story.as_of),
            status: words::story_status(story.status),
            reactions: reactions.len(),
            statements,
            silences,
            sources: sources.len(),
        })
    }

    /// An event with everybody in it.
    pub fn event(&self, id: NodeId) -> Option<EventView> {
        let node = self.lens.node(id);
        let Data::Event(event) = &node.record().data else { return None };
        let actors = event.actors.iter().zip(self.lens.targets(id, Relation::Involves)).map(|(it, actor)| {
            ParticipantView { actor: self.actor(actor), role: it.role.clone().unwrap_or_default() }
        });
        Some(EventView {
            id: node.short_key().to_owned(),
            title: event.title.clone(),
            url: self.url(id),
            date: self.date(&event.date),
            place: event.place.clone().unwrap_or_default(),
            actors: actors.collect(),
            concerns: self.target_links(id, Relation::Concerns),
            led_to: self.target_links(id, Relation::LedTo),
            caused_by: self.links(self.lens.origins(id, Relation::LedTo)),
            figures: self.figures(self.lens.targets(id, Relation::Gives)),
            sources: self.uses(id, &event.sources),
        })
    }

    /// A term as lists show it.
    pub fn term(&self, id: NodeId) -> Option<TermCard> {
        let node = self.lens.node(id);
        let Data::Term(term) = &node.record().data else { return None };
        Some(TermCard {
            id: node.short_key().to_owned(),
            name: term.name.clone(),
            url: self.url(id),
            definition: term.definition.clone().unwrap_or_default(),
            expands_to: term.expands_to.clone().unwrap_or_default(),
            uses: self.lens.origins(id, Relation::UsesTerm).len(),
        })
    }

    /// Everything that points here by these relations or, for prose, names it. Things that stand on the page
    /// anyway are the caller's to leave out.
    pub fn backlinks(&self, id: NodeId, relations: &[Relation]) -> Vec<Backlink> {
        let wanted = |relation| relation == Relation::Names || relations.contains(&relation);
        let edges = self.lens.incoming(id).iter().filter(|edge| wanted(edge.relation) && edge.from != id);
        edges
            .map(|edge| Backlink {
                relation: edge.relation.inverse(),
                from: self.link(edge.from),
                sentence: self.lens.sentence(edge).map_or_else(String::new, |it| self.named(edge.from, it)),
            })
            .collect()
    }

    /// Corrections of a node, newest first.
    pub fn corrections(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<CorrectionView> {
        let mut found: Vec<NodeId> =
            ids.into_iter().flat_map(|id| self.lens.origins(id, Relation::Corrects)).collect();
        found.sort_by(|a, b| self.lens.date_of(*b).cmp(&self.lens.date_of(*a)).then(a.cmp(b)));
        found.dedup();
        found.into_iter().filter_map(|id| self.correction(id)).collect()
    }

    /// A correction.
    pub fn correction(&self, id: NodeId) -> Option<CorrectionView> {
        let node = self.lens.node(id);
        let Data::Correction(correction) = &node.record().data else { return None };
        Some(CorrectionView {
            anchor: self.anchor(id),
            url: self.url(id),
            on: self.lens.target(id, Relation::Corrects).map(|id| self.link(id)).unwrap_or_default(),
            field: correction.field.clone().unwrap_or_default(),
            date: self.date(&correction.date),
            correction_type: words::correction_type(correction.correction_type),
            was: correction.was.clone().unwrap_or_default(),
            now: correction.now.clone().unwrap_or_default(),
            why: correction.why.clone(),
            found_by: correction.found_by.clone().unwrap_or_default(),
        })
    }
}
