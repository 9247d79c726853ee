//! Records: one thing an author wrote down, of one kind, with an id.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Actor, Correction, Event, Figure, Kind, Page, ProseFacts, Reaction, RefSite, Section, Source, Story, Term,
};
use crate::text::Fingerprint;

/// A reference as the author wrote it: an id, still to be resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ref(pub String);

impl Ref {
    /// The id without a `kind:` before it.
    pub fn bare(&self) -> &str {
        self.0.split_once(':').filter(|(word, _)| Kind::parse(word).is_ok()).map_or(&self.0, |(_, id)| id)
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a record was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The file, relative to the project: `content/actors/_actors.yaml`.
    pub file: Arc<str>,
    /// The entry's number, from 0, when the file is a YAML list.
    pub entry: Option<usize>,
}

impl Origin {
    /// The path of one of the record's fields inside its file: `sources[0].ref`, or `[3].made_by` in a list.
    pub fn field(&self, path: &str) -> String {
        match self.entry {
            Some(entry) if path.is_empty() => format!("[{entry}]"),
            Some(entry) => format!("[{entry}].{path}"),
            None => path.to_owned(),
        }
    }
}

/// A free value below `extra:`, as YAML and JSON know it. Scalars are kept as the author typed them.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub enum Extra {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Text, a number or a date, as typed.
    Text(String),
    /// A list.
    List(Vec<Extra>),
    /// A mapping, in the author's order.
    Map(Vec<(String, Extra)>),
}

/// A problem that an author knows of and lets stand. Readers see it, with the reason, on the site's page of checks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Acceptance {
    /// The problem's code: `attr-unnamed-origin`.
    pub code: String,
    /// Why it stands, for readers.
    pub why: String,
}

/// What every record can have besides its kind's own fields.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
pub struct Meta {
    /// Other addresses that lead here: site-relative, such as `/old/place/`. (`aliases:`; in a term, those that
    /// start with `/`.)
    pub redirects: Vec<String>,
    /// Not for readers yet: left out unless drafts are asked for.
    pub draft: bool,
    /// One sentence for search engines and previews.
    pub description: Option<String>,
    /// The template to use instead of the kind's own: `letter.html`.
    pub template: Option<String>,
    /// BCP 47 language tag, when it is not the site's.
    pub lang: Option<String>,
    /// Problems anywhere in the record that are let stand (`accept:`).
    pub accept: Vec<Acceptance>,
    /// Free values for templates.
    pub extra: BTreeMap<String, Extra>,
}

/// One thing an author wrote down.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Record {
    /// Its id: unique within its kind (for a reaction or a correction: within its story).
    pub id: Arc<str>,
    /// Where it was written.
    pub origin: Origin,
    /// Fields that every kind has.
    pub meta: Meta,
    /// Fields of its own kind.
    pub data: Data,
    /// What other pages may learn of the prose below the front matter.
    pub prose: ProseFacts,
}

/// The fields of one kind.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "records live behind Arc, one allocation each")]
pub enum Data {
    /// An explainer.
    Story(Story),
    /// Something that happened.
    Event(Event),
    /// Who speaks, or is spoken about.
    Actor(Actor),
    /// How an actor reacted.
    Reaction(Reaction),
    /// A citation.
    Source(Source),
    /// A word explained.
    Term(Term),
    /// An exact number.
    Figure(Figure),
    /// A repaired mistake.
    Correction(Correction),
    /// A plain page.
    Page(Page),
    /// A directory of pages.
    Section(Section),
}

impl Record {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match &self.data {
            Data::Story(_) => Kind::Story,
            Data::Event(_) => Kind::Event,
            Data::Actor(_) => Kind::Actor,
            Data::Reaction(_) => Kind::Reaction,
            Data::Source(_) => Kind::Source,
            Data::Term(_) => Kind::Term,
            Data::Figure(_) => Kind::Figure,
            Data::Correction(_) => Kind::Correction,
            Data::Page(_) => Kind::Page,
            Data::Section(_) => Kind::Section,
        }
    }

    /// The digest of all it says, wherever in its file that stands: see [`Facts::digest`].
    pub fn digest(&self) -> Fingerprint {
        Fingerprint::of_value(self)
    }

    /// Calls `visit` with every reference in the record's fields, in the author's order.
    pub fn each_ref<'a>(&'a self, visit: &mut dyn FnMut(RefSite<'a>)) {
        super::refs::each_ref(&self.data, visit);
    }
}

/// All that any *other* page may learn of one file: the firewall behind which its prose can change
/// without anybody else noticing.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
pub struct Facts {
    /// The file's records: one for Markdown, any number for a YAML list, none for a broken file.
    pub records: Vec<Arc<Record>>,
    /// Records that are there but cannot be read: references to them are not reported as well.
    pub broken: Vec<(Kind, Arc<str>)>,
}

impl Facts {
    /// The digest of all the file's records say, and of what is broken in it. It is the same after words have only moved:
    /// the file and the entry a record was written in count, byte places do not, because no page shows them.
    ///
    /// Facts with equal digests are told apart by nothing but a diagnostic's place.
    pub fn digest(&self) -> Fingerprint {
        Fingerprint::of_value(self)
    }
}
