//! Cards of statements: who spoke, where, with what stance, in answer to what.

use super::super::cards::*;
use super::super::words;
use super::Desk;
use crate::graph::NodeId;
use crate::model::{Channel, Data, Kind, Relation, Stance, StanceMark};

impl Desk<'_> {
    /// A channel in words.
    pub fn channel(&self, channel: &Channel, at: Option<NodeId>, to: Option<NodeId>) -> ChannelView {
        let (key, word) = words::channel(channel.channel_type);
        let platforms: Vec<String> = channel.on.iter().map(|id| self.platform(id)).collect();
        let at = at.map(|id| self.link(id));
        let to = to.map(|id| self.link(id));
        let mut label = word.to_owned();
        if !platforms.is_empty() {
            label = [word, " on ", &words::and_list(&platforms)].concat();
        }
        match (key, &to) {
            ("interview", Some(to)) => label = [&label, " with ", &to.name].concat(),
            (_, Some(to)) => label = [&label, " to ", &to.name].concat(),
            (_, None) => (),
        }
        if let Some(at) = &at {
            label = if key == "call" { at.name.clone() } else { [&label, ", ", &at.name].concat() };
        }
        ChannelView { channel_type: key, label, url: channel.url.clone(), at, to }
    }

    /// A platform's name: its actor's, if there is one.
    pub fn platform(&self, id: &str) -> String {
        self.lens
            .find(Kind::Actor, id)
            .map_or_else(|| words::platform_name(id), |actor| self.lens.name(actor).to_owned())
    }

    /// A platform's name, leading to its actor, if there is one.
    pub fn platform_link(&self, id: &str) -> Link {
        match self.lens.find(Kind::Actor, id) {
            Some(actor) => self.link(actor),
            None => Link { name: words::platform_name(id), url: None, kind: "" },
        }
    }

    /// The language and direction of a statement's words; of anything else, those of its page.
    pub fn lang_of(&self, id: NodeId) -> (String, &'static str) {
        match self.lens.node(id).statement().and_then(|it| it.lang.clone()) {
            Some(lang) => {
                let dir = words::direction(&lang);
                (lang, dir)
            }
            None => self.page_lang_of(id),
        }
    }

    /// The language and direction of the page about something, whatever language is quoted on it.
    pub fn page_lang_of(&self, id: NodeId) -> (String, &'static str) {
        let node = self.lens.node(id);
        let of_story = || {
            let story = if node.kind == Kind::Story { Some(id) } else { node.story }?;
            match &self.lens.node(story).record().data {
                Data::Story(story) => story.lang.clone(),
                _ => None,
            }
        };
        let own = node.record().meta.lang.clone();
        let lang = own.or_else(of_story).unwrap_or_else(|| self.site.language.clone());
        let dir = words::direction(&lang);
        (lang, dir)
    }

    /// The scale's entry for a stance word.
    pub(super) fn stance_entry(&self, story: Option<NodeId>, word: &str) -> Stance {
        let of_story = story.and_then(|story| match &self.lens.node(story).record().data {
            Data::Story(story) => story.scale.stances.iter().find(|it| it.id == word).cloned(),
            _ => None,
        });
        of_story.unwrap_or_else(|| Stance {
            id: word.to_owned(),
            label: word.replace('-', " "),
            verb: word.replace('-', " "),
            mark: StanceMark::Other,
        })
    }

    /// A reaction's stance, towards whom it is shown.
    pub fn stance(&self, reaction: NodeId, target: Option<NodeId>) -> Option<StanceView> {
        let node = self.lens.node(reaction);
        let Data::Reaction(data) = &node.record().data else { return None };
        let entry = self.stance_entry(node.story, data.stance.as_deref()?);
        Some(StanceView {
            id: entry.id,
            label: entry.label,
            verb: entry.verb,
            mark: entry.mark.name(),
            target: target.map(|id| self.link(id)),
        })
    }

    /// The first of these that the reaction's event is about: who took part in it, or what it concerns.
    pub(super) fn subject_among(&self, reaction: NodeId, about: &[NodeId]) -> Option<NodeId> {
        let event = self.lens.target(reaction, Relation::ReactsTo)?;
        let mut subjects = self.lens.targets(event, Relation::Involves);
        subjects.extend(self.lens.targets(event, Relation::Concerns));
        about.iter().copied().find(|it| subjects.contains(it))
    }

    /// Whether the stance of a reaction is also that of one of its statements: it is, when the speaker is the actor
    /// or speaks for it. A prompt by somebody else has no stance, nor have an employee's private words.
    pub fn shares_stance(&self, statement: NodeId, speaker: NodeId, reaction: NodeId) -> bool {
        let Some(actor) = self.lens.target(reaction, Relation::ReactionOf) else { return false };
        speaker == actor || self.lens.targets(statement, Relation::SaidFor).contains(&actor)
    }

    /// The stance of a statement: its reaction's, when it shares that.
    pub fn stance_of_statement(&self, id: NodeId) -> Option<StanceView> {
        let reaction = self.lens.node(id).reaction?;
        let speaker = self.lens.statement_facts(id)?.speaker;
        if !self.shares_stance(id, speaker, reaction) {
            return None;
        }
        self.stance(reaction, self.subject_among(reaction, &self.lens.targets(id, Relation::About)))
    }

    /// The stance as it is printed beside a statement: only towards somebody, and not beside what was said later.
    pub fn shown(&self, statement: NodeId, stance: Option<StanceView>) -> Option<StanceView> {
        stance.filter(|it| it.target.is_some() && !self.lens.node(statement).is_later())
    }

    /// A statement in full.
    pub fn statement_view(&self, id: NodeId) -> Option<StatementView> {
        let node = self.lens.node(id);
        let (statement, facts) = (node.statement()?, self.lens.statement_facts(id)?);
        let reaction = node.reaction?;
        let (lang, dir) = self.lang_of(id);
        let resolved = self.lens.source_uses(id, &statement.sources);
        let at = self.lens.target(id, Relation::SaidAt);
        let to = self.lens.target(id, Relation::Told);
        let stakes = match &self.lens.node(facts.speaker).record().data {
            Data::Actor(actor) => actor.stakes.clone(),
            _ => Vec::new(),
        };
        Some(StatementView {
            id: node.short_key().to_owned(),
            anchor: self.anchor(id),
            url: self.url(id),
            speaker: self.actor(facts.speaker),
            on_behalf_of: self.lens.target(id, Relation::SaidFor).map(|id| self.link(id)),
            capacity: words::capacity(statement.capacity),
            form: words::form(statement.form),
            words: statement.words.clone(),
            lang,
            dir,
            length: length_of(&statement.words),
            partial: statement.partial,
            date: facts.date.as_ref().map(|it| self.date(it)),
            channel: self.channel(&facts.channel, at, to),
            stance: self.shown(id, self.stance_of_statement(id)),
            evidence: self.evidence(facts.standing, Some(statement.form), &resolved, Some(facts.speaker)),
            sources: self.use_views(&resolved, Some(facts.speaker)),
            prompt: self.lens.target(id, Relation::RepliesTo).and_then(|id| self.prompt(id)),
            stakes,
            about: self.links(self.lens.targets(id, Relation::About)),
            terms: self.target_links(id, Relation::UsesTerm),
            alleges: self.allegation_in(id),
            contested: self.contested(id),
            reaction: self.link(reaction),
            story: node.story.map(|story| self.link(story)).unwrap_or_default(),
            later: node.is_later(),
        })
    }

    /// A statement's card, for the record.
    pub fn statement(&self, id: NodeId) -> Option<StatementCard> {
        let node = self.lens.node(id);
        let (statement, facts) = (node.statement()?, self.lens.statement_facts(id)?);
        let (lang, dir) = self.lang_of(id);
        let resolved = self.lens.source_uses(id, &statement.sources);
        let stance = self.stance_of_statement(id);
        Some(StatementCard {
            id: node.short_key().to_owned(),
            anchor: self.anchor(id),
            url: self.url(id),
            speaker: self.actor(facts.speaker),
            on_behalf_of: self.lens.target(id, Relation::SaidFor).map(|id| self.link(id)),
            form: words::form(statement.form),
            words: statement.words.clone(),
            lang,
            dir,
            length: length_of(&statement.words),
            partial: statement.partial,
            date: facts.date.as_ref().map(|it| self.date(it)),
            channel: self.channel_label(id),
            mark: stance.as_ref().map_or("", |it| it.mark),
            stance: self.shown(id, stance),
            evidence: self.evidence_brief(
                facts.standing,
                Some(statement.form),
                &resolved,
                Some(facts.speaker),
            ),
            sources: self.source_refs(&resolved),
            prompt: self.lens.target(id, Relation::RepliesTo).and_then(|id| self.prompt(id)),
            alleges: self.allegation_in(id),
            contested: self.contested(id),
            later: node.is_later(),
        })
    }

    /// A statement as lists about something else show it.
    pub fn brief(&self, id: NodeId) -> Option<StatementBrief> {
        let (statement, facts) = (self.lens.node(id).statement()?, self.lens.statement_facts(id)?);
        let (lang, dir) = self.lang_of(id);
        Some(StatementBrief {
            url: self.url(id),
            speaker: self.actor(facts.speaker),
            on_behalf_of: self.lens.target(id, Relation::SaidFor).map(|id| self.link(id)),
            form: words::form(statement.form),
            words: statement.words.clone(),
            lang,
            dir,
            length: length_of(&statement.words),
            date: facts.date.as_ref().map(|it| self.date(it)),
            evidence: self.evidence_of_statement(id)?,
        })
    }

    /// How we know a statement, in a few words.
    pub fn evidence_of_statement(&self, id: NodeId) -> Option<EvidenceBrief> {
        let (statement, facts) = (self.lens.node(id).statement()?, self.lens.statement_facts(id)?);
        let resolved = self.lens.source_uses(id, &statement.sources);
        Some(self.evidence_brief(facts.standing, Some(statement.form), &resolved, Some(facts.speaker)))
    }

    /// Where a statement was made, in words; empty for what is no statement.
    pub fn channel_label(&self, id: NodeId) -> String {
        let Some(facts) = self.lens.statement_facts(id) else { return String::new() };
        let at = self.lens.target(id, Relation::SaidAt);
        self.channel(&facts.channel, at, self.lens.target(id, Relation::Told)).label
    }

    fn allegation_in(&self, id: NodeId) -> Option<Allegation> {
        let it = self.lens.node(id).statement()?.alleges.as_ref()?;
        Some(Allegation {
            about: self.target_links(id, Relation::AllegesAgainst),
            status: words::claim_status(it.status),
            hedge: it.hedge.clone().unwrap_or_default(),
        })
    }

    fn contested(&self, id: NodeId) -> Vec<ContestedView> {
        let Some(statement) = self.lens.node(id).statement() else { return Vec::new() };
        if statement.contested.is_empty() {
            return Vec::new();
        }
        let by = self.lens.targets(id, Relation::ContestedBy);
        let views = statement.contested.iter().zip(by).map(|(it, by)| ContestedView {
            field: it.field.replace('_', " "),
            by: self.source_ref(by),
            note: it.note.clone().unwrap_or_default(),
        });
        views.collect()
    }

    /// Briefs of statements, in the order given.
    pub fn briefs(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<StatementBrief> {
        ids.into_iter().filter_map(|id| self.brief(id)).collect()
    }

    /// Cards of statements, in the order given.
    pub fn statements(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<StatementCard> {
        ids.into_iter().filter_map(|id| self.statement(id)).collect()
    }

    pub(super) fn prompt(&self, id: NodeId) -> Option<Prompt> {
        let node = self.lens.node(id);
        let (statement, facts) = (node.statement()?, self.lens.statement_facts(id)?);
        let (lang, dir) = self.lang_of(id);
        Some(Prompt {
            speaker: self.actor(facts.speaker),
            form: words::form(statement.form),
            words: statement.words.clone(),
            lang,
            dir,
            url: self.url(id),
        })
    }

    /// A statement as others name it.
    pub fn statement_link(&self, id: NodeId) -> Option<StatementLink> {
        let node = self.lens.node(id);
        let (statement, facts) = (node.statement()?, self.lens.statement_facts(id)?);
        let (lang, dir) = self.lang_of(id);
        Some(StatementLink {
            url: self.url(id),
            speaker: self.lens.name(facts.speaker).to_owned(),
            form: words::form(statement.form),
            words: words::shortened(&statement.words, 120),
            lang,
            dir,
            date: facts.date.as_ref().map(|it| self.date(it)),
        })
    }
}

/// The size class of a text: short words are printed very large.
pub(in crate::view) fn length_of(words: &str) -> &'static str {
    match words.chars().count() {
        0..14 => "xs",
        14..60 => "s",
        60..120 => "m",
        _ => "l",
    }
}
