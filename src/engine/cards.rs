//! Share cards: which page has which, where it stands, and the bytes it becomes.
//!
//! A page names its card by an address that follows from what the card shows, from the fonts and from how it is drawn. So a
//! page is finished before anything is drawn, and whoever has the file of that name need not draw it: the output of the last
//! build, or a [`Shelf`]. What is drawn is drawn where its page was made, on all threads.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::blueprint::{Blueprint, Broken};
use super::shelf::{Progress, Shelf};
use crate::card;
use crate::graph::NodeId;
use crate::plan::{self, Route};
use crate::text::{Fingerprint, OutPath, percent_encode_path};
use crate::theme::{ShareCard, unprintable};
use crate::view::{self, Card, Desk, Model};

/// Where cards stand in the output, and nothing else does.
const DIRECTORY: &str = "assets/cards/";

/// How many digits of its key a card's name has.
const DIGITS: usize = 16;

/// Counts pages with cards as they are done.
pub(super) struct Count<'p> {
    progress: Option<&'p Progress>,
    done: AtomicUsize,
    of: usize,
}

impl<'p> Count<'p> {
    pub(super) fn new(blueprint: &Blueprint, progress: Option<&'p Progress>) -> Count<'p> {
        let routes = blueprint.plan.routes();
        let of = progress.map_or(0, |_| routes.iter().filter(|it| blueprint.has_card(it)).count());
        Count { progress, done: AtomicUsize::new(0), of }
    }

    /// One more is done, if this route has a card.
    pub(super) fn one(&self, blueprint: &Blueprint, route: &Route) {
        if let Some(progress) = self.progress
            && blueprint.has_card(route)
        {
            let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
            progress.tell("Cards", done, self.of);
        }
    }
}

/// A card that can be drawn, and may have been.
pub(super) struct Proof {
    /// Where it goes.
    pub(super) path: OutPath,
    /// What it is called on a shelf.
    pub(super) name: String,
    key: Fingerprint,
    svg: String,
    template: &'static str,
    page: String,
}

/// What became of a page's card.
#[derive(Default)]
pub(super) struct Shared {
    /// What the page's head names.
    pub(super) share_card: Option<ShareCard>,
    /// The page's own card.
    pub(super) proof: Option<Proof>,
    /// The characters because of which it has none.
    pub(super) lacking: BTreeSet<char>,
}

/// The names by which a shelf knows the cards of an edition.
pub fn shelf_names<'p>(paths: impl Iterator<Item = &'p OutPath>) -> BTreeSet<String> {
    let named = paths.filter_map(|it| {
        let name = it.as_str().strip_prefix(DIRECTORY)?.strip_suffix(".png")?;
        Some(name.rsplit_once('.')?.1.to_owned())
    });
    named.collect()
}

/// The path of the page whose card stands at a path; `None` when no card can stand there.
pub(super) fn page_of(path: &str) -> Option<String> {
    let (page, digits) = path.strip_prefix(DIRECTORY)?.strip_suffix(".png")?.rsplit_once('.')?;
    (digits.len() == DIGITS).then(|| format!("{page}/index.html"))
}

impl Blueprint {
    /// Whether this site has share cards.
    fn makes_cards(&self) -> bool {
        self.site.share_cards != Some(false) && self.site.base_url.is_some() && self.theme.press().is_some()
    }

    /// Whether a route's page has a card of its own, if it can be drawn.
    pub(super) fn has_card(&self, route: &Route) -> bool {
        let template = view::card_template(route.view).filter(|_| route.number == 1);
        template.is_some_and(|it| self.makes_cards() && self.theme.has(it))
    }

    /// All that a route's card depends on besides what it shows; `None` when it has none.
    pub(super) fn card_fingerprint(&self, route: &Route) -> Option<Fingerprint> {
        let own = view::card_template(route.view).filter(|_| self.has_card(route))?;
        // Where it cannot be made, that of the story is shown.
        let parts = [own, "cards/story.svg"].map(|it| self.theme.card_fingerprint(it));
        Some(Fingerprint::of_parts(parts.iter().flatten().map(|it| it.bytes().as_slice())))
    }

    /// The card of a page, and what its head says of it.
    ///
    /// # Errors
    /// A diagnostic that points into the card's template.
    pub(super) fn shared(&self, desk: &Desk<'_>, route: &Route, model: &Model) -> Result<Shared, Broken> {
        let Model::Page(page) = model else { return Ok(Shared::default()) };
        let Some(card) = page.card.as_ref().filter(|_| self.has_card(route)) else {
            return Ok(Shared::default());
        };
        let proof = match self.proof(card, &route.path, &route.url)? {
            Ok(proof) => proof,
            Err(lacking) => {
                let share_card = card.instead.map_or(Ok(None), |story| self.card_of(desk, story, route))?;
                return Ok(Shared { share_card, proof: None, lacking });
            }
        };
        let share_card = proof.as_ref().map(|it| share_card(desk, it, card));
        Ok(Shared { share_card, proof, lacking: BTreeSet::new() })
    }

    /// What is said of a story's card on another page; `None` when it has none.
    fn card_of(&self, desk: &Desk<'_>, story: NodeId, route: &Route) -> Result<Option<ShareCard>, Broken> {
        let Some(card) = view::story::card(desk, story).filter(|it| self.theme.has(it.template)) else {
            return Ok(None);
        };
        let Ok(path) = OutPath::of_url(&plan::address(&self.graph, story)) else { return Ok(None) };
        let proof = self.proof(&card, &path, &route.url)?.ok().flatten();
        Ok(proof.map(|it| share_card(desk, &it, &card)))
    }

    /// A card as it could be drawn, or the characters that fonts lack; nothing when there is no address for it.
    fn proof(
        &self,
        card: &Card,
        page: &OutPath,
        url: &str,
    ) -> Result<Result<Option<Proof>, BTreeSet<char>>, Broken> {
        let press = self.theme.press().expect("only where there are cards");
        let svg = self.theme.card(card.template, url, &card.view)?;
        let lacking = card::lacking(&svg, press.fonts());
        if !lacking.is_empty() {
            return Ok(Err(lacking));
        }
        let key = press.key(&svg);
        let name = key.hex()[..DIGITS].to_owned();
        let stem = page.as_str().strip_suffix("/index.html").unwrap_or(page.as_str());
        let path = OutPath::new(&format!("{DIRECTORY}{stem}.{name}.png")).ok();
        Ok(Ok(path.map(|path| Proof { path, name, key, svg, template: card.template, page: url.to_owned() })))
    }

    /// Draws a card, unless it is on the shelf.
    ///
    /// # Errors
    /// A diagnostic that names the template, when what it wrote cannot be drawn.
    pub(super) fn print(&self, proof: &Proof, shelf: Option<&dyn Shelf>) -> Result<Vec<u8>, Broken> {
        if let Some(bytes) = shelf.and_then(|it| it.get(&proof.name)) {
            return Ok(bytes);
        }
        let press = self.theme.press().expect("only where there are cards");
        let bytes = press.print(&proof.svg).map_err(|why| {
            Box::new(unprintable(self.theme.file_of(proof.template), proof.template, &proof.page, &why))
        })?;
        if let Some(shelf) = shelf {
            shelf.put(&proof.name, &bytes);
        }
        Ok(bytes)
    }
}

impl Proof {
    /// What stands for its bytes where nobody wants these.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.key
    }
}

fn share_card(desk: &Desk<'_>, proof: &Proof, card: &Card) -> ShareCard {
    let encoded: Vec<String> = proof.path.as_str().split('/').map(percent_encode_path).collect();
    ShareCard { url: desk.absolute(&encoded.join("/")), alt: card.alt.clone() }
}
