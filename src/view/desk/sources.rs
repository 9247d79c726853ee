//! Cards of sources: how they are called, numbered and chained, and how near they bring us.

use super::super::cards::*;
use super::super::words;
use super::Desk;
use crate::graph::{Attribution, Citations, NodeId, ResolvedUse, Standing};
use crate::model::{Data, Form, Relation, Source, SourceUse};

/// Whether we saw a source, know it through others, or cannot name it: `seen`, `reported` or `unconfirmed`.
pub(in crate::view) fn standing(source: &Source) -> &'static str {
    match (crate::graph::is_unnamed_source(source), source.seen) {
        (true, _) => "unconfirmed",
        (false, true) => "seen",
        (false, false) => "reported",
    }
}

/// The use that gave a fact its grades.
fn best_use<'u>(
    standing: Standing,
    uses: &[ResolvedUse<'u>],
) -> Option<(&'u SourceUse, NodeId, Option<NodeId>)> {
    let (it, source, via) = *uses.get(standing.best?)?;
    Some((it, source?, via))
}

impl Desk<'_> {
    /// From here on, sources get numbers in the order the page names them.
    pub fn number_sources(&self) {
        *self.numbered.borrow_mut() = Some(Vec::new());
    }

    /// The sources numbered so far, in that order.
    pub fn numbered_sources(&self) -> Vec<SourceRow> {
        let ids = self.numbered.borrow().clone().unwrap_or_default();
        ids.into_iter().map(|id| self.source_row(id)).collect()
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
    pub(super) fn number(&self, source: NodeId) -> usize {
        let mut numbered = self.numbered.borrow_mut();
        let Some(ids) = numbered.as_mut() else { return 0 };
        let at = ids.iter().position(|it| *it == source).unwrap_or_else(|| {
            ids.push(source);
            ids.len() - 1
        });
        at + 1
    }

    /// Who published a source, or else who wrote it.
    pub(super) fn publisher_of(&self, source: NodeId) -> String {
        if let Some(publisher) = self.lens.target(source, Relation::PublishedBy) {
            return self.lens.name(publisher).to_owned();
        }
        let authors = self.lens.targets(source, Relation::AuthoredBy);
        words::and_list(&authors.iter().map(|it| self.lens.name(*it).to_owned()).collect::<Vec<_>>())
    }

    /// How a source is called inside a sentence.
    pub(super) fn source_name(&self, source: NodeId) -> String {
        let publisher = self.publisher_of(source);
        if publisher.is_empty() { self.lens.name(source).to_owned() } else { publisher }
    }

    /// A source in a list of sources.
    pub fn source_row(&self, id: NodeId) -> SourceRow {
        let node = self.lens.node(id);
        let link = self.source(id);
        let Data::Source(source) = &node.record().data else { return SourceRow::default() };
        let Citations { uses, primary } = self.lens.citations(id);
        let grade = standing(source);
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

    /// A source named in passing. Gets a number when the page numbers its sources.
    pub fn source_ref(&self, id: NodeId) -> SourceRef {
        SourceRef {
            title: self.lens.name(id).to_owned(),
            url: self.url(id),
            publisher: self.publisher_of(id),
            number: self.number(id),
        }
    }

    /// What some uses resolve to, named in passing.
    pub(super) fn source_refs(&self, uses: &[ResolvedUse<'_>]) -> Vec<SourceRef> {
        let refs = uses.iter().filter_map(|(_, source, via)| {
            let source = self.source_ref((*source)?);
            // What a source names as its origin stands beside it in the page's list of sources.
            if let Some(via) = via {
                self.number(*via);
            }
            Some(source)
        });
        refs.collect()
    }

    /// Source uses with their chains in words.
    pub fn uses(&self, id: NodeId, uses: &[SourceUse]) -> Vec<SourceUseView> {
        let resolved = self.lens.source_uses(id, uses);
        self.use_views(&resolved, self.lens.target(id, Relation::SaidBy))
    }

    pub(super) fn use_views(&self, uses: &[ResolvedUse<'_>], speaker: Option<NodeId>) -> Vec<SourceUseView> {
        let views = uses.iter().filter_map(|(it, source, via)| {
            let source_id = (*source)?;
            Some(SourceUseView {
                source: self.source(source_id),
                role: words::role(it.role),
                via: via.map(|via| self.source_ref(via)),
                says: it.says.clone(),
                as_printed: it.as_printed.clone(),
                locator: it.locator.clone(),
                own: via.is_some_and(|via| self.is_by_speaker(via, speaker)),
                chain: words::capitalised(&self.chain(it, source_id, *via, speaker)),
            })
        });
        views.collect()
    }

    /// Whether a source is the speaker's own post, speech or document.
    fn is_by_speaker(&self, source: NodeId, speaker: Option<NodeId>) -> bool {
        self.lens.is_by(source, speaker)
    }

    /// The way the words came to us, from the origin to what we read.
    pub(super) fn chain(
        &self,
        it: &SourceUse,
        source: NodeId,
        via: Option<NodeId>,
        speaker: Option<NodeId>,
    ) -> String {
        let name = self.source_name(source);
        let Data::Source(read) = &self.lens.node(source).record().data else { return name };
        match via {
            Some(via) => {
                let Data::Source(origin) = &self.lens.node(via).record().data else { return name };
                if crate::graph::is_unnamed_source(origin) {
                    return format!("relayed by {name} from an origin it does not name");
                }
                if self.is_by_speaker(via, speaker) {
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
            None if self.is_by_speaker(source, speaker) && read.seen => {
                format!("seen at the source: {}", read.title)
            }
            None => format!("printed by {name}"),
        }
    }

    /// How we know something, in a few words.
    pub(super) fn evidence_brief(
        &self,
        standing: Standing,
        form: Option<Form>,
        uses: &[ResolvedUse<'_>],
        speaker: Option<NodeId>,
    ) -> EvidenceBrief {
        let grade = words::grade(standing.grade);
        EvidenceBrief { grade, label: self.evidence_label(standing, form, uses, speaker) }
    }

    fn evidence_label(
        &self,
        standing: Standing,
        form: Option<Form>,
        uses: &[ResolvedUse<'_>],
        speaker: Option<NodeId>,
    ) -> String {
        let grade = words::grade(standing.grade);
        if grade == "seen" {
            return "Seen at the source".to_owned();
        }
        let best = best_use(standing, uses);
        // A source without a publisher is known by its title: "Quoted in …".
        let (preposition, name) = match best {
            Some((_, source, _)) => match self.publisher_of(source) {
                none if none.is_empty() => ("in", self.lens.name(source).to_owned()),
                publisher => ("by", publisher),
            },
            None => ("", String::new()),
        };
        let origin = best
            .and_then(|(_, _, via)| via)
            .filter(|via| grade == "reported" && !self.is_by_speaker(*via, speaker))
            .map(|via| self.source_name(via));
        match (grade, &origin) {
            ("quoted", _) => ["Quoted ", preposition, " ", &name].concat(),
            ("reported", Some(origin)) => format!("Reported by {origin}, relayed {preposition} {name}"),
            ("reported", None) if form == Some(Form::Paraphrase) => {
                format!("Reported {preposition} {name}, not quoted")
            }
            ("reported", None) => ["Reported ", preposition, " ", &name].concat(),
            _ if standing.attribution == Attribution::Anonymous => "Unconfirmed: anonymous".to_owned(),
            _ if standing.attribution == Attribution::RelayedUnnamed => {
                format!("Unconfirmed: {name} does not name its origin")
            }
            _ => "Unconfirmed: another source contradicts it".to_owned(),
        }
    }

    /// Both grades in words.
    pub(super) fn evidence(
        &self,
        standing: Standing,
        form: Option<Form>,
        uses: &[ResolvedUse<'_>],
        speaker: Option<NodeId>,
    ) -> Evidence {
        let best = best_use(standing, uses);
        let sentence = match standing.attribution {
            Attribution::Firsthand => "We hold or saw the words where they were said.".to_owned(),
            Attribution::Relayed => best.map_or_else(String::new, |(it, source, via)| {
                format!("{}.", words::capitalised(&self.chain(it, source, via, speaker)))
            }),
            Attribution::RelayedUnnamed => {
                let name = best.map_or_else(String::new, |(_, source, _)| self.source_name(source));
                format!(
                    "{name} passes this on without naming where it comes from, so nobody else can check it yet."
                )
            }
            Attribution::Anonymous => {
                "The speaker is not named, and speaks for nobody who could be asked.".to_owned()
            }
        };
        Evidence {
            grade: words::grade(standing.grade),
            label: self.evidence_label(standing, form, uses, speaker),
            attribution: words::attribution(standing.attribution),
            sentence,
        }
    }

    /// Numbers the sources of a statement whose card is not on the page, but which the page tells of.
    pub fn number_sources_of(&self, statement: NodeId) {
        let Some(data) = self.lens.node(statement).statement() else { return };
        for (_, source, via) in self.lens.source_uses(statement, &data.sources) {
            for id in source.into_iter().chain(via.filter(|_| source.is_some())) {
                self.number(id);
            }
        }
        for id in self.lens.targets(statement, Relation::ContestedBy) {
            self.number(id);
        }
    }
}
