//! Which words are compared with which source, and what comes of it.

use super::lock::{Lock, Record, RecordKey};
use crate::graph::{Basis, Graph, NodeId, Verification};
use crate::model::{ChannelType, Data, Form, Kind, SourceUse, Statement, Wording};
use crate::quote::{self, Class, Match, Nearest, SourceText};
use crate::text::Sha256;

/// The words of one statement and one source that should hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteUse {
    /// The statement.
    pub statement: NodeId,
    /// The number of the source use, from 0.
    pub use_idx: usize,
    /// The source.
    pub source: NodeId,
    /// Which words.
    pub wording: Wording,
    /// What it is recorded under.
    pub key: RecordKey,
    /// The digest of the words.
    pub digest: Sha256,
    /// The digest of the words that the statement prints, where other words are compared.
    pub printed: Option<Sha256>,
    /// In whose mouth the words are: an actor's id; empty only in a site with errors.
    pub speaker: String,
}

impl QuoteUse {
    /// The words.
    pub fn words<'g>(&self, graph: &'g Graph) -> &'g str {
        let statement = statement_of(graph, self.statement);
        match self.wording {
            Wording::Quote => &statement.words,
            Wording::Original => statement.original.as_ref().map_or("", |it| &it.text),
            Wording::AsPrinted => statement.sources[self.use_idx].as_printed.as_deref().unwrap_or_default(),
        }
    }

    /// The path of the words in their file.
    pub fn field(&self, graph: &Graph) -> String {
        let node = graph.node(self.statement);
        match self.wording {
            Wording::Quote => node.field("quote"),
            Wording::Original => node.field("original.text"),
            Wording::AsPrinted => node.field(&format!("sources[{}].as_printed", self.use_idx)),
        }
    }

    /// The source use it is about.
    pub fn source_use<'g>(&self, graph: &'g Graph) -> &'g SourceUse {
        &statement_of(graph, self.statement).sources[self.use_idx]
    }

    fn lang(&self, graph: &Graph, site_lang: &str) -> String {
        let node = graph.node(self.statement);
        let statement = statement_of(graph, self.statement);
        let of_story = || match &graph.node(node.story?).record().data {
            Data::Story(story) => story.lang.clone(),
            _ => None,
        };
        let own = match self.wording {
            Wording::Original => statement.original.as_ref().map(|it| it.lang.clone()),
            Wording::Quote | Wording::AsPrinted => statement.lang.clone(),
        };
        own.or_else(|| node.record().meta.lang.clone())
            .or_else(of_story)
            .unwrap_or_else(|| site_lang.to_owned())
    }
}

fn statement_of(graph: &Graph, id: NodeId) -> &Statement {
    graph.node(id).statement().expect("quotations are made of statements")
}

/// Every quotation with each of its sources, by source. What a source prints differently (`as_printed`) is compared with
/// that source in the place of the statement's own words, and the original in the place of a translation.
pub fn uses_by_source(graph: &Graph) -> Vec<(NodeId, Vec<QuoteUse>)> {
    let mut uses: Vec<QuoteUse> = Vec::new();
    for id in graph.of_kind(Kind::Statement) {
        let Some(statement) = graph.node(id).statement().filter(|it| it.form == Form::Quote) else {
            continue;
        };
        let speaker =
            graph.statement_facts(id).map_or_else(String::new, |it| graph.node(it.speaker).key.to_string());
        let mut seen: Vec<(NodeId, Wording)> = Vec::new();
        for (use_idx, (it, source, _)) in graph.source_uses(id, &statement.sources).into_iter().enumerate() {
            let Some(source) = source else { continue };
            let (wording, words) = match (&it.as_printed, &statement.original) {
                (Some(printed), _) => (Wording::AsPrinted, printed),
                (None, Some(original)) => (Wording::Original, &original.text),
                (None, None) => (Wording::Quote, &statement.words),
            };
            let nth = seen.iter().filter(|it| **it == (source, wording)).count();
            seen.push((source, wording));
            let key = RecordKey {
                statement: graph.node(id).key.to_string(),
                source: graph.node(source).key.to_string(),
                wording,
                nth,
            };
            uses.push(QuoteUse {
                statement: id,
                use_idx,
                source,
                wording,
                key,
                digest: Sha256::of(words.as_bytes()),
                printed: (wording != Wording::Quote).then(|| Sha256::of(statement.words.as_bytes())),
                speaker: speaker.clone(),
            });
        }
    }
    uses.sort_by_key(|it| (it.source, it.statement, it.use_idx));
    let mut groups: Vec<(NodeId, Vec<QuoteUse>)> = Vec::new();
    for it in uses {
        match groups.last_mut() {
            Some((source, uses)) if *source == it.source => uses.push(it),
            _ => groups.push((it.source, vec![it])),
        }
    }
    groups
}

/// A source's text as somebody saved it.
pub struct Copy {
    /// The text, folded and indexed.
    pub text: SourceText,
    /// Its digest.
    pub digest: Sha256,
    /// The digest of the page it was taken from, if the source's record gives it.
    pub saved: Option<Sha256>,
}

/// What is known of a quotation in a source.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The source's text was at hand.
    Compared {
        /// What was found.
        found: Box<Match>,
        /// The most similar passage, when the words were not found.
        nearest: Option<Box<Nearest>>,
        /// The digest of the text.
        text: Sha256,
        /// The digest of the page it was taken from.
        saved: Option<Sha256>,
    },
    /// It was not.
    NoCopy {
        /// Whether the story allows a house style, so that a record of that class stands.
        house_style: bool,
    },
}

/// What of a record is not so any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The words that are compared.
    Words,
    /// The words that the statement prints, where others are compared.
    Printed,
    /// Who said them.
    Speaker,
}

/// One quotation held against one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Which words, which source.
    pub subject: QuoteUse,
    /// What was found.
    pub state: State,
    /// What the lock says.
    pub record: Option<Box<Record>>,
}

impl Comparison {
    /// What was edited since the words were recorded; `None` without a record, or when nothing was.
    pub fn edited(&self) -> Option<Edited> {
        let record = self.record.as_ref()?;
        if record.digest != self.subject.digest {
            return Some(Edited::Words);
        }
        if record.printed != self.subject.printed {
            return Some(Edited::Printed);
        }
        (record.speaker != self.subject.speaker).then_some(Edited::Speaker)
    }

    /// Whether the words, and who said them, are as recorded; `None` without a record.
    pub fn is_as_recorded(&self) -> Option<bool> {
        self.record.as_ref().map(|_| self.edited().is_none())
    }

    /// The record, where it speaks for the words because no copy is at hand.
    fn standing_record(&self) -> Option<&Record> {
        self.record
            .as_deref()
            .filter(|_| matches!(self.state, State::NoCopy { .. }) && self.edited().is_none())
    }

    /// How the words stand, as far as that is known.
    pub fn class(&self) -> Class {
        match (&self.state, self.standing_record()) {
            (State::Compared { found, .. }, _) => found.class,
            (State::NoCopy { house_style }, Some(record)) => match Class::parse(&record.class) {
                // What passed by a house style does not pass where none is allowed any more.
                Some(Class::HouseStyle) if !house_style => Class::Mismatch,
                class => class.unwrap_or(Class::NoText),
            },
            (State::NoCopy { .. }, None) => Class::NoText,
        }
    }

    /// What the comparison noted, as far as that is known.
    pub fn notes(&self) -> Vec<quote::Note> {
        match (&self.state, self.standing_record()) {
            (State::Compared { found, .. }, _) => found.notes.clone(),
            (State::NoCopy { .. }, Some(record)) => {
                record.notes.iter().filter_map(|it| quote::Note::parse(it)).collect()
            }
            (State::NoCopy { .. }, None) => Vec::new(),
        }
    }
}

/// Compares every quotation of one source with its text, or says that there is none.
pub fn compare(
    graph: &Graph,
    uses: &[QuoteUse],
    copy: Option<&Copy>,
    house_style: bool,
    site_lang: &str,
) -> Vec<State> {
    let state = |it: &QuoteUse| {
        let house_style = story_allows_house_style(graph, it.statement).unwrap_or(house_style);
        let Some(copy) = copy else { return State::NoCopy { house_style } };
        let words = it.words(graph);
        let lang = it.lang(graph, site_lang);
        let options = quote::Options {
            lang: &lang,
            house_style,
            locator: it.source_use(graph).locator.as_deref(),
            is_post: is_own_post(graph, it),
        };
        let found = Box::new(quote::find(words, &copy.text, &options));
        let is_lost = matches!(found.class, Class::Mismatch);
        let nearest = is_lost.then(|| quote::nearest(words, &copy.text)).flatten().map(Box::new);
        State::Compared { found, nearest, text: copy.digest, saved: copy.saved }
    };
    uses.iter().map(state).collect()
}

fn story_allows_house_style(graph: &Graph, statement: NodeId) -> Option<bool> {
    match &graph.node(graph.node(statement).story?).record().data {
        Data::Story(story) => story.house_style,
        _ => None,
    }
}

/// Whether a source is the very post that was quoted, so that few words are enough to find.
fn is_own_post(graph: &Graph, it: &QuoteUse) -> bool {
    let speaker = graph.statement_facts(it.statement).map(|facts| facts.speaker);
    let is_post = graph
        .statement_facts(it.statement)
        .is_some_and(|facts| matches!(facts.channel.channel_type, ChannelType::Post | ChannelType::Reply));
    is_post && crate::graph::is_by(graph, it.source, speaker)
}

/// Puts what was found beside what is recorded, by statement.
pub fn join(groups: Vec<(NodeId, Vec<QuoteUse>)>, states: Vec<Vec<State>>, lock: &Lock) -> Vec<Comparison> {
    let uses = groups.into_iter().flat_map(|(_, uses)| uses).zip(states.into_iter().flatten());
    let joined = uses.map(|(subject, state)| {
        let record = lock.get(&subject.key, &subject.digest).cloned().map(Box::new);
        Comparison { subject, state, record }
    });
    let mut joined: Vec<Comparison> = joined.collect();
    joined.shrink_to_fit();
    joined.sort_by_key(|it| (it.subject.statement, it.subject.use_idx));
    joined
}

impl From<&Comparison> for Verification {
    fn from(it: &Comparison) -> Verification {
        let class = it.class();
        let recorded = match it.state {
            State::Compared { .. } => {
                it.record.as_deref().filter(|record| it.edited().is_none() && record.class == class.name())
            }
            State::NoCopy { .. } => it.standing_record(),
        };
        let basis = match (&it.state, class) {
            (State::Compared { .. }, _) => Basis::Copy,
            (State::NoCopy { .. }, Class::NoText | Class::NoSource) => Basis::Nothing,
            (State::NoCopy { .. }, _) => Basis::Record,
        };
        Verification {
            use_idx: it.subject.use_idx,
            wording: it.subject.wording,
            class,
            notes: it.notes(),
            rules: recorded.map_or_else(|| quote::RULES.to_owned(), |it| it.rules.clone()),
            basis,
            on: recorded.map_or_else(String::new, |it| it.on.clone()),
            by: recorded.map_or_else(String::new, |it| it.by.clone()),
        }
    }
}

/// The best class that the statement's own words have in any source.
pub fn best(verifications: &[Verification]) -> Option<&Verification> {
    verifications.iter().filter(|it| it.wording != Wording::AsPrinted).min_by_key(|it| it.class)
}
