//! What the checks of prose look at: one file's words, with what the whole site knows about words.
//!
//! In: a document and the graph. Out: a [`ProseSite`] for each file, made in parallel, and the [`ProseIndex`] they share.
//! Whoever finds something asks the site for its place. Knows no check.

mod glossary;
mod heard;
mod phrases;
mod printed;
mod quoted;
mod starts;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::document::Document;
use crate::document::prose::{Linked, Passage};
use crate::graph::{Graph, NodeId};
use crate::model::{Kind, Relation, Site};
use crate::text::lexicon::Lexicon;

use glossary::Glossary;
use heard::Heard;
pub(super) use phrases::{Phrases, holds_any};
pub(super) use printed::Printed;
pub(super) use quoted::Quoted;
pub(super) use words::Text;

/// What all files share.
pub struct ProseIndex<'g> {
    /// The linked graph.
    pub graph: &'g Graph,
    /// Gathered when somebody asks: few texts hold somebody's words between quotation marks.
    heard: OnceLock<Heard>,
    /// The terms, and the names that need no explanation.
    pub glossary: Glossary,
    site: &'g Site,
    speech: Vec<Speech>,
    /// The nodes written in each file.
    files: BTreeMap<&'g str, Vec<NodeId>>,
}

/// The phrases of one language, ready to be found.
pub struct Speech {
    /// The lists they come from.
    pub lexicon: &'static Lexicon,
    /// Times that only the day of writing explains.
    pub deictic: Phrases,
    /// Times that only the week explains.
    pub weekly: Phrases,
    /// What is said of those who say nothing.
    pub silences: Phrases,
}

impl<'g> ProseIndex<'g> {
    /// Gathers what the graph knows about words.
    pub fn new(graph: &'g Graph, site: &'g Site) -> ProseIndex<'g> {
        let mut files: BTreeMap<&str, Vec<NodeId>> = BTreeMap::new();
        for (id, node) in graph.nodes() {
            files.entry(&node.record().origin.file).or_default().push(id);
        }
        let lexicons = Lexicon::languages().filter_map(Lexicon::of);
        let speech = lexicons.map(|lexicon| Speech {
            lexicon,
            deictic: Phrases::new(lexicon.deictic, lexicon),
            weekly: Phrases::new(lexicon.weekly, lexicon),
            silences: Phrases::new(lexicon.silences, lexicon),
        });
        ProseIndex {
            graph,
            heard: OnceLock::new(),
            glossary: Glossary::new(graph),
            site,
            speech: speech.collect(),
            files,
        }
    }

    /// Every word that some statement holds.
    pub fn heard(&self) -> &Heard {
        self.heard.get_or_init(|| Heard::new(self.graph))
    }

    fn speech(&self, language: &str) -> Option<&Speech> {
        let lexicon = Lexicon::of(language)?;
        self.speech.iter().find(|it| it.lexicon.lang == lexicon.lang)
    }
}

/// One block of a body with its words.
pub struct Block<'a> {
    /// The block.
    pub passage: &'a Passage,
    /// Its words.
    pub text: Text<'a>,
}

impl Block<'_> {
    /// Whether a part of the text is somebody else's words: between quotation marks, or in a blockquote.
    pub fn is_quoted(&self, part: &Range<usize>) -> bool {
        self.passage.quote.is_some() || self.text.is_quoted(part)
    }

    /// The links that stand in a part of the text.
    pub fn links(&self, part: &Range<usize>) -> impl Iterator<Item = &Linked> {
        self.passage.links.iter().filter(move |it| it.words.start < part.end && part.start < it.words.end)
    }
}

/// One file as the checks of prose see it.
pub struct ProseSite<'a> {
    /// What all files share.
    pub index: &'a ProseIndex<'a>,
    /// The record that the body belongs to.
    pub page: NodeId,
    /// Every node written in the file: records and their parts.
    pub nodes: &'a [NodeId],
    /// The blocks of the body.
    pub blocks: Vec<Block<'a>>,
    /// The language of the page: its tag.
    pub language: &'a str,
    /// Its words; `None` when there are no lists for the language.
    pub speech: Option<&'a Speech>,
    document: &'a Document,
}

impl<'a> ProseSite<'a> {
    /// Prepares one file; `None` when nothing of it is part of the site.
    pub fn new(document: &'a Document, index: &'a ProseIndex<'a>) -> Option<ProseSite<'a>> {
        let nodes = index.files.get(&*document.path)?;
        let page = *nodes.iter().find(|it| index.graph.node(**it).reaction.is_none())?;
        let language = index.graph.page_language(page, index.site);
        let block = |passage: &'a Passage| Block { passage, text: Text::new(&passage.text, &passage.opaque) };
        Some(ProseSite {
            index,
            page,
            nodes,
            blocks: document.running.iter().map(block).collect(),
            language,
            speech: index.speech(language),
            document,
        })
    }

    /// The graph.
    pub fn graph(&self) -> &'a Graph {
        self.index.graph
    }

    /// What a link leads to, inside the site.
    pub fn target(&self, link: &Linked) -> Option<NodeId> {
        *self.graph().mentions(self.page).get(link.mention?)?
    }

    /// What the links in a part of a block lead to.
    pub fn targets(&self, block: &Block<'_>, part: &Range<usize>) -> Vec<NodeId> {
        block.links(part).filter_map(|it| self.target(it)).collect()
    }

    /// The place of a part of a block.
    pub fn place(&self, block: &Block<'_>, part: Range<usize>) -> Place {
        Place::span(&self.document.path, block.passage.span(&self.document.text, part))
    }

    /// The texts of front matter that readers see, of every record of the file.
    pub fn printed(&self) -> Vec<Printed<'a>> {
        self.nodes.iter().flat_map(|it| printed::of(self.graph(), *it)).collect()
    }

    /// The place of a printed text. Its field, and not the very words, so that an `accept:` of its record covers it.
    pub fn field(&self, printed: &Printed<'_>) -> Place {
        Place::field(&self.document.path, self.graph().node(printed.node).field(&printed.field))
    }

    /// The lists for the page's language. Without any, says once for the site that a check did not look.
    pub fn speech_or_say(&self, code: &'static Code, report: &mut Report) -> Option<&'a Speech> {
        if self.speech.is_none() {
            let message = format!(
                "`{}` did not look at texts in `{}`: there is no list of words for that language",
                code.name, self.language
            );
            let mut told = Diagnostic::unplaced(code, message);
            told.level = Level::Note;
            let known: Vec<&str> = Lexicon::languages().collect();
            report.add(told.note(format!("there are lists for {}", known.join(", "))));
        }
        self.speech
    }

    /// Whom the page is about: the actor itself, or the actor of the reaction.
    pub fn own_actor(&self) -> Option<NodeId> {
        let node = self.graph().node(self.page);
        match node.kind {
            Kind::Actor => Some(self.page),
            Kind::Reaction => self.graph().targets(self.page, Relation::ReactionOf).next(),
            _ => None,
        }
    }
}
