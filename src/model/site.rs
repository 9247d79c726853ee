//! What `site.yaml` and `theme.yaml` say.

use std::collections::BTreeMap;

use super::{Encoding, Extra, Hosting, PublishTarget};
use crate::diag::Level;

/// How links between pages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkStyle {
    /// Relative, naming `index.html`, so that the output also works from disk. The default.
    Portable,
    /// Relative, naming directories; needs a server.
    Clean,
}

/// What readers search with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Search {
    /// Nothing: `search: false`.
    Off,
    /// A list of everything. The default.
    #[default]
    List,
    /// The list, and an index that pages can ask by script: what the default becomes where the program can make one.
    Index,
}

/// One entry of the site's menu.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MenuItem {
    /// What readers see.
    pub label: String,
    /// A site-relative address such as `/actors/`, `[[kind:id]]`, or an absolute one.
    pub to: String,
}

/// How `check --external` may ask for addresses outside. A build never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct External {
    /// Whether addresses of private networks and of this machine are asked: for sites of an intranet.
    pub allow_private: bool,
}

/// The site's settings, with every default filled in.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Site {
    /// The site's name.
    pub title: String,
    /// One sentence for search engines and feeds.
    pub description: Option<String>,
    /// Absolute address with a trailing slash; `None` until the site has one. Wanted only where an absolute
    /// address is required: canonical links, feeds, sitemap.
    pub base_url: Option<String>,
    /// BCP 47 language tag.
    pub language: String,
    /// Theme name: a directory of `themes/`, or an embedded theme.
    pub theme: String,
    /// Output directory, relative to the project.
    pub output: String,
    /// Directory of the private copies of sources, relative to the project. Never published.
    pub snapshots: String,
    /// The menu; empty means the theme's own.
    pub menu: Vec<MenuItem>,
    /// Who answers for the site: an actor's id, or a plain name.
    pub publisher: Option<String>,
    /// Whether raw HTML in Markdown is passed through rather than shown as text.
    pub raw_html: bool,
    /// How links between pages are written.
    pub links: LinkStyle,
    /// How many entries a feed holds.
    pub feed_entries: usize,
    /// How many things a page of a list shows; 0 means all.
    pub paginate: usize,
    /// Whether there are share cards; `None` means where they can be made.
    pub share_cards: Option<bool>,
    /// What readers search with.
    pub search: Search,
    /// How `check --external` may ask.
    pub external: External,
    /// Where `publish` may bring the site. No page knows.
    pub publish: Vec<PublishTarget>,
    /// What is asked of hosts.
    pub hosting: Hosting,
    /// How files are compressed in advance, each way once and in their order. No page knows.
    pub precompress: Vec<Encoding>,
    /// Levels of problems by code; `None` means allowed.
    pub levels: BTreeMap<String, Option<Level>>,
    /// Whether a quotation may differ from its source by the spelling rules of a house (rule 9 of [`crate::quote`]).
    pub house_style: bool,
    /// After how many days a live story's `as_of` is old; 0 means never.
    pub stale_after: u32,
    /// How many words of one source may be quoted; 0 means any number.
    pub quote_limit: usize,
    /// Values for the theme's declared settings, still unchecked.
    pub settings: BTreeMap<String, Extra>,
    /// Free values for templates.
    pub extra: BTreeMap<String, Extra>,
}

impl Default for Site {
    fn default() -> Site {
        Site {
            title: String::new(),
            description: None,
            base_url: None,
            language: "en".to_owned(),
            theme: "verbatim".to_owned(),
            output: "public".to_owned(),
            snapshots: "snapshots".to_owned(),
            menu: Vec::new(),
            publisher: None,
            raw_html: false,
            links: LinkStyle::Portable,
            feed_entries: 50,
            paginate: 50,
            share_cards: None,
            search: Search::default(),
            external: External::default(),
            publish: Vec::new(),
            hosting: Hosting::default(),
            precompress: Vec::new(),
            levels: BTreeMap::new(),
            stale_after: 30,
            quote_limit: 300,
            house_style: false,
            settings: BTreeMap::new(),
            extra: BTreeMap::new(),
        }
    }
}

/// What a theme says of itself in `theme.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct ThemeInfo {
    /// Its name.
    pub name: String,
    /// What it looks like, in a sentence; may be empty.
    pub description: String,
    /// The version of the contract with view models it was written for.
    pub api: u32,
    /// The theme it takes missing files from.
    pub extends: Option<String>,
    /// Settings a site may give it.
    pub settings: Vec<Setting>,
}

/// A setting a theme declares.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Setting {
    /// Its key below `settings:` in `site.yaml`.
    pub name: String,
    /// What values it takes.
    pub kind: SettingKind,
    /// Its value when the site gives none.
    pub default: Extra,
    /// What it does, in a sentence.
    pub help: String,
}

/// What values a setting takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SettingKind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Bool,
    /// One of these words.
    OneOf(Vec<String>),
}
