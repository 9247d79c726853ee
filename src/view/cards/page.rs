//! What every page is framed by: addresses, dates, prose, and what points at it.

use std::collections::BTreeMap;

use serde::Serialize;

/// What every page has: `page` in templates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Frame {
    /// The page's address: `/actors/nvidia/`.
    pub url: String,
    /// What kind of page: `home`, `story`, `reaction`, `actor`, `statement`, `timeline`, `compare`, `map`, `terms`,
    /// `term`, `sources`, `source`, `event`, `actors`, `corrections`, `page`, `section`, `search` or `not-found`.
    pub kind: &'static str,
    /// For `<title>`, without the site's name.
    pub title: String,
    /// One sentence for search engines and previews.
    pub description: String,
    /// BCP 47 language tag of the page.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Absolute address; `null` when the site has no `base_url`.
    pub canonical: Option<String>,
    /// The JSON twin's address; `null` when the page has none.
    pub json: Option<String>,
    /// The feed that follows this page; `null` when it has none.
    pub feed: Option<Link>,
    /// The way here from the home page, the page itself left out.
    pub crumbs: Vec<Link>,
    /// The menu entry to mark as current: its address; empty when none.
    pub section: String,
    /// The author's free values (`extra:`).
    pub extra: serde_json::Value,
}

/// A name that leads somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it leads to, in words.
    pub name: String,
    /// Where it leads; `null` for a plain name.
    pub url: Option<String>,
    /// What it leads to: `actor`, `term`, `event` …; empty for other addresses.
    pub kind: &'static str,
}

/// A date with as much as is known and no more.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Date {
    /// In full: `between 28 and 30 January 2025`.
    pub text: String,
    /// For tight places: `28–30 Jan 2025`.
    pub short: String,
    /// For the `datetime` attribute; `null` when no machine form would be honest.
    pub machine: Option<String>,
    /// As the author wrote it (EDTF).
    pub edtf: String,
    /// Whether the author marked it uncertain or approximate, or gave a range.
    pub vague: bool,
}

/// Why something else points here.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Backlink {
    /// The relation, read from here: `used in`.
    pub relation: &'static str,
    /// What points here.
    pub from: Link,
    /// The sentence that names this page; empty for a relation of fields.
    pub sentence: String,
}

/// A published mistake and its repair.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CorrectionView {
    /// Fragment id on the corrections page.
    pub anchor: String,
    /// Where it stands.
    pub url: String,
    /// What was wrong.
    pub on: Link,
    /// The field; may be empty.
    pub field: String,
    /// When it was repaired.
    pub date: Date,
    /// `correction`, `clarification`, `update` or `retraction`.
    #[serde(rename = "type")]
    pub correction_type: &'static str,
    /// What stood there; may be empty.
    pub was: String,
    /// What stands there now; may be empty.
    pub now: String,
    /// Why.
    pub why: String,
    /// Who or what noticed; may be empty.
    pub found_by: String,
}

/// Prose as HTML: print with `| safe`, it is escaped already.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProseView {
    /// The whole text; empty when there is none.
    pub html: String,
    /// How it begins.
    pub summary: String,
    /// Its headings.
    pub contents: Vec<ContentsEntry>,
}

/// A heading of a table of contents.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ContentsEntry {
    /// 1 to 6, as written.
    pub level: u8,
    /// Its address: `#what-is-only-reported`.
    pub url: String,
    /// Its words.
    pub text: String,
}

/// One page of a list that is spread over several.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pager {
    /// This page's number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub total: usize,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// What readers search with.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SearchView {
    /// The list of everything: `/search/`.
    pub url: String,
    /// Whether there is an index that script can ask.
    pub index: bool,
}

/// What every page of the site knows: `site` in templates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SiteView {
    /// The site's name.
    pub title: String,
    /// One sentence; may be empty.
    pub description: String,
    /// BCP 47 language tag.
    pub language: String,
    /// Absolute address with a trailing slash; `null` when there is none.
    pub base_url: Option<String>,
    /// The menu.
    pub menu: Vec<Link>,
    /// Who answers for the site.
    pub publisher: Option<Link>,
    /// The site's feed.
    pub feed: Link,
    /// What readers search with; `null` when the site has no search.
    pub search: Option<SearchView>,
    /// How many corrections were made.
    pub corrections: usize,
    /// The theme's settings with the site's values.
    pub settings: serde_json::Value,
    /// The author's free values.
    pub extra: serde_json::Value,
    /// Addresses of the theme's assets by their plain names: `assets["verbatim.css"]` is fingerprinted.
    pub assets: BTreeMap<String, String>,
}
