//! The desk a view composes at: the lens it reads through, and the cards every view can ask for.

use std::cell::RefCell;

use super::cards::*;
use super::words;
use crate::document::prose::{self, LinkTarget, Links, ProseOptions};
use crate::graph::{Attribution, Citations, Graph, Lens, NodeId, Standing};
use crate::model::{
    Channel, Data, Extra, Form, Kind, Mention, NAME_CLOSES, NAME_OPENS, Relation, Scope, Site, SourceUse,
    Stance, StanceMark, Target,
};
use crate::plan::{Route, address, anchor_of};
use crate::text::Edtf;

/// Reading and composing for one route.
pub struct Desk<'a> {
    /// The recorded way to the graph.
    pub lens: Lens<'a>,
    /// The site's settings.
    pub site: &'a Site,
    /// Only for addresses, which are fixed by a node's key.
    graph: &'a Graph,
    /// Says where a file beside a text is published.
    assets: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The sources this page has named so far; their place is their number. `None` while the page numbers nothing.
    numbered: RefCell<Option<Vec<NodeId>>>,
}

impl<'a> Desk<'a> {
    /// A clean desk. `assets` maps a content file (`content/r1/chart.png`) to its address.
    pub fn new(
        lens: Lens<'a>,
        graph: &'a Graph,
        site: &'a Site,
        assets: &'a (dyn Fn(&str) -> Option<String> + Sync),
    ) -> Desk<'a> {
        lens.note_site();
        Desk { lens, site, graph, assets, numbered: RefCell::default() }
    }

    /// From here on, sources get numbers in the order the page names them.
    pub fn number_sources(&self) {
        *self.numbered.borrow_mut() = Some(Vec::new());
    }

    /// The sources numbered so far, in that order.
    pub fn numbered_sources(&self) -> Vec<SourceRow> {
        let ids = self.numbered.borrow().clone().unwrap_or_default();
        ids.into_iter().map(|id| self.source_row(id)).collect()
    }

    /// The site-absolute address of a node.
    pub fn url(&self, id: NodeId) -> String {
        address(self.graph, id)
    }

    /// The fragment id of a node.
    pub fn anchor(&self, id: NodeId) -> String {
        anchor_of(self.graph, id)
    }

    /// An address with the site's own in front, when it has one.
    pub fn absolute(&self, url: &str) -> String {
        match &self.site.base_url {
            Some(base) => format!("{base}{}", url.trim_start_matches('/')),
            None => url.to_owned(),
        }
    }

    /// A node's name and address.
    pub fn link(&self, id: NodeId) -> Link {
        let node = self.lens.node(id);
        let name = match node.kind {
            Kind::Statement => {
                let words = node.statement().map_or("", |it| it.words.as_str());
                let words = words::shortened(words, 60);
                match node.statement().map(|it| it.form) {
                    Some(Form::Quote) => format!("{}: “{words}”", node.name),
                    _ => format!("{}: {words}", node.name),
                }
            }
            _ => node.name.clone(),
        };
        Link { name, url: Some(self.url(id)), kind: node.kind.name() }
    }

    /// Names and addresses, in the order given.
    pub fn links(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<Link> {
        ids.into_iter().map(|id| self.link(id)).collect()
    }

    /// Where the edges of a relation lead, as links.
    pub fn target_links(&self, id: NodeId, relation: Relation) -> Vec<Link> {
        self.links(self.lens.targets(id, relation))
    }

    /// A date in all its forms.
    pub fn date(&self, date: &Edtf) -> Date {
        Date {
            text: date.display(),
            short: date.display_short(),
            machine: date.machine(),
            edtf: date.raw().to_owned(),
            vague: date.is_range() || date.is_uncertain() || date.is_approximate(),
        }
    }

    /// An actor with office and stakes.
    pub fn actor(&self, id: NodeId) -> ActorLink {
        let node = self.lens.node(id);
        let Data::Actor(actor) = &node.record().data else {
            return ActorLink { name: node.name.clone(), url: self.url(id), ..ActorLink::default() };
        };
        let offices: Vec<String> = actor
            .roles
            .iter()
            .zip(self.lens.targets(id, Relation::HoldsOffice))
            .filter(|(role, _)| role.to.is_none())
            .map(|(role, house)| format!("{}, {}", self.lens.node(house).name, role.title))
            .collect();
        let role = match (actor.actor_type, offices.last()) {
            (crate::model::ActorType::Unnamed, _) => String::new(),
            (_, Some(office)) => office.clone(),
            (_, None) => actor.described_as.clone().unwrap_or_default(),
        };
        ActorLink {
            id: node.short_key().to_owned(),
            name: node.name.clone(),
            url: self.url(id),
            actor_type: words::actor_type(actor.actor_type),
            role,
            stakes: actor.stakes.clone(),
        }
    }

    /// A citation as others name it. Gets a number when the page numbers its sources.
    pub fn source(&self, id: NodeId) -> SourceLink {
        let node = self.lens.node(id);
        let number = self.number(id);
        let Data::Source(source) = &node.record().data else { return SourceLink::default() };
        SourceLink {
            id: node.short_key().to_owned(),
            title: source.title.clone(),
            url: self.url(id),
            publisher: self.publisher_of(id),
            published: source.published.as_ref().map(|it| self.date(it)),
            external: source.url.clone(),
            archived: source.archive.last().map(|it| it.url.clone()),
            seen: source.seen,
            number,
        }
    }

    /// The number of a source on this page, from 1; 0 when the page numbers none.
    fn number(&self, source: NodeId) -> usize {
        let mut numbered = self.numbered.borrow_mut();
        let Some(ids) = numbered.as_mut() else { return 0 };
        let at = ids.iter().position(|it| *it == source).unwrap_or_else(|| {
            ids.push(source);
            ids.len() - 1
        });
        at + 1
    }

    /// Who published a source, or else who wrote it.
    fn publisher_of(&self, source: NodeId) -> String {
        if let Some(publisher) = self.lens.target(source, Relation::PublishedBy) {
            return self.lens.node(publisher).name.clone();
        }
        let authors = self.lens.targets(source, Relation::AuthoredBy);
        words::and_list(&authors.iter().map(|it| self.lens.node(*it).name.clone()).collect::<Vec<_>>())
    }

    /// How a source is called inside a sentence.
    fn source_name(&self, source: NodeId) -> String {
        let publisher = self.publisher_of(source);
        if publisher.is_empty() { self.lens.node(source).name.clone() } else { publisher }
    }

    /// A source in a list of sources.
    pub fn source_row(&self, id: NodeId) -> SourceRow {
        let node = self.lens.node(id);
        let link = self.source(id);
        let Data::Source(source) = &node.record().data else { return SourceRow::default() };
        let Citations { uses, primary } = self.lens.citations(id);
        let grade = if crate::graph::is_unnamed_source(source) {
            "unconfirmed"
        } else if source.seen {
            "seen"
        } else {
            "reported"
        };
        SourceRow {
            source: link,
            source_type: words::source_type(&source.source_type),
            access: source.access.clone().unwrap_or_default(),
            transcript: source.transcript.clone().unwrap_or_default(),
            uses,
            grade,
            primary,
        }
    }

    /// Source uses with their chains in words.
    pub fn uses(&self, id: NodeId, uses: &[SourceUse]) -> Vec<SourceUseView> {
        let speaker = self.lens.target(id, Relation::SaidBy);
        let resolved = self.graph.source_uses(id, uses);
        resolved
            .iter()
            .filter_map(|(it, source, via)| {
                let source_id = (*source)?;
                let own = via.is_some_and(|via| crate::graph::is_by(self.graph, via, speaker));
                let chain = words::capitalised(&self.chain(it, source_id, *via, own));
                Some(SourceUseView {
                    source: self.source(source_id),
                    role: words::role(it.role),
                    via: via.map(|via| self.source(via)),
                    says: it.says.clone(),
                    as_printed: it.as_printed.clone(),
                    locator: it.locator.clone(),
                    own,
                    chain,
                })
            })
            .collect()
    }

    /// The way the words came to us, from the origin to what we read.
    fn chain(&self, it: &SourceUse, source: NodeId, via: Option<NodeId>, own: bool) -> String {
        let name = self.source_name(source);
        let Data::Source(read) = &self.lens.node(source).record().data else { return name };
        match via {
            Some(via) => {
                let Data::Source(origin) = &self.lens.node(via).record().data else { return name };
                if crate::graph::is_unnamed_source(origin) {
                    return format!("relayed by {name} from an origin it does not name");
                }
                if own {
                    return format!("printed by {name} from: {}", origin.title);
                }
                format!("reported by {}, relayed by {name}", self.source_name(via))
            }
            None if crate::graph::is_unnamed_source(read) => "from an origin nobody names".to_owned(),
            None if it.role == Some(crate::model::SourceRole::Primary) && read.seen => {
                format!("seen at the source: {}", read.title)
            }
            None if it.role == Some(crate::model::SourceRole::Primary) => {
                format!("{}, which we have not seen ourselves", read.title)
            }
            None => format!("printed by {name}"),
        }
    }

    /// Both grades in words.
    pub fn evidence(&self, standing: Standing, form: Option<Form>, uses: &[SourceUseView]) -> Evidence {
        let best = standing.best.and_then(|best| uses.get(best));
        // A source without a publisher is known by its title: "Quoted in …".
        let by = best.map_or_else(String::new, |it| match it.source.publisher.as_str() {
            "" => format!("in {}", it.source.title),
            publisher => format!("by {publisher}"),
        });
        let name = by.split_once(' ').map_or("", |(_, name)| name).to_owned();
        let origin = best
            .filter(|it| !it.own)
            .and_then(|it| it.via.as_ref())
            .map(|via| if via.publisher.is_empty() { via.title.clone() } else { via.publisher.clone() });
        let grade = words::grade(standing.grade);
        let label = match (grade, &origin) {
            ("seen", _) => "Seen at the source".to_owned(),
            ("quoted", _) => format!("Quoted {by}"),
            ("reported", Some(origin)) => format!("Reported by {origin}, relayed {by}"),
            ("reported", None) if form == Some(Form::Paraphrase) => format!("Reported {by}, not quoted"),
            ("reported", None) => format!("Reported {by}"),
            _ if standing.attribution == Attribution::Anonymous => "Unconfirmed: anonymous".to_owned(),
            _ => format!("Unconfirmed: {name} does not name its origin"),
        };
        let sentence = match standing.attribution {
            Attribution::Firsthand => "We hold or saw the words where they were said.".to_owned(),
            Attribution::Relayed => match best {
                Some(best) => format!("{}.", best.chain),
                None => String::new(),
            },
            Attribution::RelayedUnnamed => {
                format!(
                    "{name} passes this on without naming where it comes from, so nobody else can check it yet."
                )
            }
            Attribution::Anonymous => {
                "The speaker is not named, and speaks for nobody who could be asked.".to_owned()
            }
        };
        Evidence { grade, label, attribution: words::attribution(standing.attribution), sentence }
    }

    /// A channel in words.
    pub fn channel(&self, channel: &Channel, at: Option<NodeId>, to: Option<NodeId>) -> ChannelView {
        let (key, word) = words::channel(channel.channel_type);
        let platforms: Vec<String> = channel.on.iter().map(|id| self.platform(id)).collect();
        let at = at.map(|id| self.link(id));
        let to = to.map(|id| self.link(id));
        let mut label = word.to_owned();
        if !platforms.is_empty() {
            label = format!("{word} on {}", words::and_list(&platforms));
        }
        match (key, &to) {
            ("interview", Some(to)) => label = format!("{label} with {}", to.name),
            (_, Some(to)) => label = format!("{label} to {}", to.name),
            (_, None) => (),
        }
        if let Some(at) = &at {
            label = if key == "call" { at.name.clone() } else { format!("{label}, {}", at.name) };
        }
        ChannelView { channel_type: key, label, url: channel.url.clone(), at, to }
    }

    /// A platform's name: its actor's, if there is one.
    pub fn platform(&self, id: &str) -> String {
        self.lens
            .find(Kind::Actor, id)
            .map_or_else(|| words::platform_name(id), |actor| self.lens.node(actor).name.clone())
    }

    /// A platform's name, leading to its actor, if there is one.
    pub fn platform_link(&self, id: &str) -> Link {
        match self.lens.find(Kind::Actor, id) {
            Some(actor) => self.link(actor),
            None => Link { name: words::platform_name(id), url: None, kind: "" },
        }
    }

    /// The language and direction of a story's own words, or of a statement inside it.
    pub fn lang_of(&self, id: NodeId) -> (String, &'static str) {
        let node = self.lens.node(id);
        let own = node.statement().and_then(|it| it.lang.clone()).or_else(|| node.record().meta.lang.clone());
        let of_story = || {
            let story = if node.kind == Kind::Story { Some(id) } else { node.story }?;
            match &self.lens.node(story).record().data {
                Data::Story(story) => story.lang.clone(),
                _ => None,
            }
        };
        let lang = own.or_else(of_story).unwrap_or_else(|| self.site.language.clone());
        let dir = words::direction(&lang);
        (lang, dir)
    }

    /// The scale's entry for a stance word.
    fn stance_entry(&self, story: Option<NodeId>, word: &str) -> Stance {
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
            mark: words::mark(entry.mark),
            target: target.map(|id| self.link(id)),
        })
    }

    /// The first of these that the reaction's event is about: who took part in it, or what it concerns.
    fn subject_among(&self, reaction: NodeId, about: &[NodeId]) -> Option<NodeId> {
        let event = self.lens.target(reaction, Relation::ReactsTo)?;
        let mut subjects = self.lens.targets(event, Relation::Involves);
        subjects.extend(self.lens.targets(event, Relation::Concerns));
        about.iter().copied().find(|it| subjects.contains(it))
    }

    /// Whether the stance of a reaction is also that of one of its statements: it is, when the speaker is the actor
    /// or speaks for it. A prompt by somebody else has no stance.
    fn shares_stance(&self, statement: NodeId, speaker: NodeId, reaction: NodeId) -> bool {
        let Some(actor) = self.lens.target(reaction, Relation::ReactionOf) else { return false };
        speaker == actor
            || self.lens.targets(statement, Relation::SaidFor).contains(&actor)
            || self.lens.targets(speaker, Relation::HoldsOffice).contains(&actor)
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

    /// Numbers the sources of a statement whose card is not on the page, but which the page tells of.
    pub fn number_sources_of(&self, statement: NodeId) {
        let Some(data) = self.lens.node(statement).statement() else { return };
        for (_, source, via) in self.graph.source_uses(statement, &data.sources) {
            for id in source.into_iter().chain(via.filter(|_| source.is_some())) {
                self.number(id);
            }
        }
        for id in self.lens.targets(statement, Relation::ContestedBy) {
            self.number(id);
        }
    }

    /// A statement's card.
    pub fn statement(&self, id: NodeId) -> Option<StatementCard> {
        let node = self.lens.node(id);
        let (statement, facts) = (node.statement()?, self.lens.statement_facts(id)?);
        let reaction = node.reaction?;
        let about = self.lens.targets(id, Relation::About);
        let (lang, dir) = self.lang_of(id);
        let uses = self.uses(id, &statement.sources);
        let at = self.lens.target(id, Relation::SaidAt);
        let to = self.lens.target(id, Relation::Told);
        let stance = self.stance_of_statement(id);
        Some(StatementCard {
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
            length: length(&statement.words),
            partial: statement.partial,
            date: facts.date.as_ref().map(|it| self.date(it)),
            channel: self.channel(&facts.channel, at, to),
            mark: stance.as_ref().map_or("", |it| it.mark),
            stance: self.shown(id, stance),
            evidence: self.evidence(facts.standing, Some(statement.form), &uses),
            sources: uses,
            prompt: self.lens.target(id, Relation::RepliesTo).and_then(|id| self.prompt(id)),
            about: self.links(about),
            terms: self.target_links(id, Relation::UsesTerm),
            alleges: statement.alleges.as_ref().map(|it| Allegation {
                about: self.target_links(id, Relation::AllegesAgainst),
                status: words::claim_status(it.status),
                hedge: it.hedge.clone().unwrap_or_default(),
            }),
            contested: statement
                .contested
                .iter()
                .zip(self.lens.targets(id, Relation::ContestedBy))
                .map(|(it, by)| ContestedView {
                    field: it.field.replace('_', " "),
                    by: self.source(by),
                    note: it.note.clone().unwrap_or_default(),
                })
                .collect(),
            reaction: self.link(reaction),
            story: node.story.map(|story| self.link(story)).unwrap_or_default(),
            later: node.is_later(),
        })
    }

    /// Cards of statements, in the order given.
    pub fn statements(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<StatementCard> {
        ids.into_iter().filter_map(|id| self.statement(id)).collect()
    }

    fn prompt(&self, id: NodeId) -> Option<Prompt> {
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
            speaker: self.lens.node(facts.speaker).name.clone(),
            form: words::form(statement.form),
            words: words::shortened(&statement.words, 120),
            lang,
            dir,
            date: facts.date.as_ref().map(|it| self.date(it)),
        })
    }

    /// An action's card.
    pub fn action(&self, id: NodeId) -> Option<ActionCard> {
        let node = self.lens.node(id);
        let action = node.action()?;
        let uses = self.uses(id, &action.sources);
        let standing = self.graph.standing_of(id, &action.sources, None);
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
            evidence: self.evidence(standing, None, &uses),
            sources: uses,
            reaction: self.link(node.reaction?),
        })
    }

    /// A claim's card.
    pub fn claim(&self, id: NodeId) -> Option<ClaimCard> {
        let node = self.lens.node(id);
        let claim = node.claim()?;
        let uses = self.uses(id, &claim.sources);
        let standing = self.graph.standing_of(id, &claim.sources, None);
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
            evidence: self.evidence(standing, None, &uses),
            sources: uses,
            reaction: self.link(node.reaction?),
        })
    }

    /// A silence's card.
    pub fn silence(&self, id: NodeId) -> Option<SilenceCard> {
        let node = self.lens.node(id);
        let silence = node.silence()?;
        let (state, said) = words::silence(silence.state);
        let scope_key = if silence.scope == Scope::Public { "public" } else { "channel" };
        let scope = match &silence.scope {
            Scope::Public if state == "not-commented" => " publicly".to_owned(),
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
                let what = said.strip_prefix("Has not commented").map_or(said, |_| "Did not comment");
                format!("{what}{scope}{since}.")
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
            sources: self.uses(id, &silence.sources),
            reaction: self.link(node.reaction?),
        })
    }

    fn asked_by(&self, id: NodeId) -> Vec<Option<String>> {
        let mut named = self.lens.targets(id, Relation::AskedBy).into_iter();
        let asked = self.lens.node(id).silence().map_or(&[][..], |it| &it.asked);
        asked
            .iter()
            .map(|it| it.by.as_ref().and_then(|_| named.next()).map(|id| self.lens.node(id).name.clone()))
            .collect()
    }

    /// A figure with everything that keeps it honest.
    pub fn figure(&self, id: NodeId) -> Option<FigureView> {
        let node = self.lens.node(id);
        let Data::Figure(figure) = &node.record().data else { return None };
        let mut converters = self.lens.targets(id, Relation::ConvertedBy).into_iter();
        let conversions = figure.conversions.iter().map(|it| ConversionView {
            text: it.value.display_with_unit(&it.unit),
            by: it
                .by
                .as_ref()
                .and_then(|_| converters.next())
                .map_or_else(String::new, |id| self.lens.node(id).name.clone()),
            rate_date: it.rate_date.as_ref().map(|it| self.date(it)),
        });
        Some(FigureView {
            id: node.short_key().to_owned(),
            anchor: self.anchor(id),
            url: self.url(id),
            of: self.lens.target(id, Relation::FigureOf).map(|id| self.link(id)).unwrap_or_default(),
            measure: figure.measure.clone(),
            text: format!("{}{}", words::bound(figure.bound), figure.value.display_with_unit(&figure.unit)),
            plain: figure.value.plain(),
            unit: figure.unit.clone(),
            on: figure.on.as_ref().map(|it| self.date(it)),
            parts: figure
                .parts
                .iter()
                .map(|it| FigurePartView { label: it.label.clone(), text: it.value.display() })
                .collect(),
            conversions: conversions.collect(),
            also_reported: figure.also_reported.iter().map(|it| it.display_with_unit(&figure.unit)).collect(),
            sources: self.uses(id, &figure.sources),
        })
    }

    /// Cards of figures, in the order given.
    pub fn figures(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<FigureView> {
        ids.into_iter().filter_map(|id| self.figure(id)).collect()
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

    /// How a record's prose begins, as plain text; empty when it has none.
    pub fn summary(&self, id: NodeId) -> String {
        self.named(id, &self.lens.node(id).record().prose.summary)
    }

    /// Plain text of a record's prose with the names of links that have no words of their own.
    fn named(&self, id: NodeId, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(NAME_OPENS) {
            out.push_str(before);
            let Some((target, after)) = after.split_once(NAME_CLOSES) else {
                rest = after;
                break;
            };
            let mentions = &self.lens.node(id).record().prose.mentions;
            let at = mentions.iter().position(|it| it.target.written() == target);
            let to = at.and_then(|at| *self.lens.mentions(id).get(at)?);
            out.push_str(&to.map_or_else(|| target.to_owned(), |to| self.link(to).name));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// A record's prose as HTML.
    pub fn prose(&self, id: NodeId) -> ProseView {
        let body = self.lens.body(id);
        if body.trim().is_empty() {
            return ProseView::default();
        }
        let links = ProseLinks { desk: self, id };
        let html = prose::to_html(body, ProseOptions { raw_html: self.site.raw_html }, &links);
        let entry =
            |it: prose::Heading| ContentsEntry { level: it.level, url: format!("#{}", it.id), text: it.text };
        ProseView {
            html: html.html,
            summary: html.summary,
            contents: html.contents.into_iter().map(entry).collect(),
        }
    }

    /// What every page has. `subject` gives language, free values and breadcrumbs.
    pub fn frame(&self, route: &Route, kind: &'static str, title: String, description: &str) -> Frame {
        let node = route.subject.map(|id| self.lens.node(id));
        let (lang, dir) = match route.subject {
            Some(id) => self.lang_of(id),
            None => (self.site.language.clone(), words::direction(&self.site.language)),
        };
        let meta = node.filter(|node| node.reaction.is_none()).map(|node| &node.record().meta);
        Frame {
            url: route.url.clone(),
            kind,
            title,
            description: meta
                .and_then(|it| it.description.clone())
                .unwrap_or_else(|| words::shortened(description, 200)),
            lang,
            dir,
            canonical: self.site.base_url.as_ref().map(|_| self.absolute(&route.url)),
            json: route.url.ends_with('/').then(|| format!("{}index.json", route.url)),
            feed: None,
            crumbs: vec![Link { name: self.site.title.clone(), url: Some("/".to_owned()), kind: "" }],
            section: String::new(),
            json_ld: serde_json::Value::Null,
            extra: meta.map_or(serde_json::Value::Null, |it| extra_map(&it.extra)),
        }
    }

    /// The section a page stands in, if its directory has an `_index.md`.
    pub fn section_of(&self, page: NodeId) -> Option<NodeId> {
        let (dir, _) = self.lens.node(page).key.rsplit_once('/')?;
        self.lens.find(Kind::Section, dir)
    }

    /// A list that is not spread over several pages.
    pub fn one_page(&self) -> Pager {
        Pager { number: 1, total: 1, previous: None, next: None }
    }

    /// A page of this site by its address.
    pub fn place(&self, name: &str, url: &str) -> Link {
        Link { name: name.to_owned(), url: Some(url.to_owned()), kind: "" }
    }
}

/// The size class of a quotation: short words are printed very large.
fn length(words: &str) -> &'static str {
    match words.chars().count() {
        0..14 => "xs",
        14..60 => "s",
        60..120 => "m",
        _ => "l",
    }
}

/// Free values as JSON.
pub fn extra_map<'e>(extra: impl IntoIterator<Item = (&'e String, &'e Extra)>) -> serde_json::Value {
    serde_json::Value::Object(
        extra.into_iter().map(|(key, value)| (key.clone(), extra_value(value))).collect(),
    )
}

/// A free value as JSON: text stays as typed.
pub fn extra_value(value: &Extra) -> serde_json::Value {
    match value {
        Extra::Null => serde_json::Value::Null,
        Extra::Bool(it) => (*it).into(),
        Extra::Text(it) => it.clone().into(),
        Extra::List(items) => items.iter().map(extra_value).collect(),
        Extra::Map(entries) => extra_map(entries.iter().map(|(key, value)| (key, value))),
    }
}

/// Links of one record's prose, resolved by the graph beforehand.
struct ProseLinks<'d, 'a> {
    desk: &'d Desk<'a>,
    id: NodeId,
}

impl Links for ProseLinks<'_, '_> {
    fn link(&self, target: &Target, anchor: Option<&str>) -> Option<LinkTarget> {
        let desk = self.desk;
        if *target == Target::SamePage {
            let anchor = anchor?;
            return Some(LinkTarget { url: format!("#{anchor}"), name: anchor.to_owned(), kind: None });
        }
        let mentions = &desk.lens.node(self.id).record().prose.mentions;
        let same = |it: &Mention| it.target == *target;
        let at = mentions.iter().position(same)?;
        let id = (*desk.lens.mentions(self.id).get(at)?)?;
        let link = desk.link(id);
        let mut url = link.url?;
        if let Some(anchor) = anchor {
            url = format!("{}#{anchor}", url.split('#').next().unwrap_or(&url));
        }
        Some(LinkTarget { url, name: link.name, kind: Some(desk.lens.node(id).kind) })
    }

    fn asset(&self, path: &str) -> Option<String> {
        let file = &self.desk.lens.node(self.id).record().origin.file;
        (self.desk.assets)(&crate::text::join_path(file, path)?)
    }
}
