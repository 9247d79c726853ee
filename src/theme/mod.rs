//! Themes: Tera templates and assets in layers. The only module that knows Tera.
//!
//! In: the theme's files, the site's own `templates/`, and later one view model at a time. Out: HTML, and assets with
//! fingerprinted names. Lookup order: the site's `templates/`, the theme, what it extends, and `base` at last.
//! A template gets a view model and `site`, and reaches neither files, environment, clock nor network.

mod assets;
mod closure;
mod faces;
mod filters;
mod fit;
mod layers;
mod model;
mod policy;
mod problems;
mod sheets;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use tera::{Map, Tera, Value};

use crate::card::{self, Press};
use crate::diag::{Diagnostic, Failure, Place, Report};
use crate::input::Files;
use crate::model::{Extra, Setting, SettingKind, Site};
use crate::picture::Pictures;
use crate::text::{Fingerprint, OutPath, Span};

pub use filters::quoted;
pub use layers::built_in_names;
pub use model::{Variables, ViewModel};
pub use problems::{CODES, card_lacks, no_cards, odd_page, unescaped, unprintable};

/// The version of the contract between view models and themes.
pub const API: u32 = 1;

/// A page may not be larger than this: a template that loops without end would fill the disk.
const MOST_OUTPUT: usize = 8 << 20;

/// What is finished before a template sees it, and no part of the page's data.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'p> {
    /// Text that is safe inside a `<script>`; may be empty.
    pub json_ld: &'p str,
    /// SVG.
    pub pictures: &'p Pictures,
    /// The page's share card, if it has one.
    pub share_card: Option<&'p ShareCard>,
}

/// The share card of a page, as its head names it: `share_card` in templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareCard {
    /// Its absolute address.
    pub url: String,
    /// What it shows, in words.
    pub alt: String,
}

/// A theme with all its layers, ready to render.
pub struct Theme {
    tera: Tera,
    /// Template files by Tera's name for them.
    files: BTreeMap<String, Arc<str>>,
    /// Texts of template files, for excerpts.
    texts: Vec<(Arc<str>, Arc<str>)>,
    assets: Vec<(OutPath, Arc<[u8]>)>,
    /// The files that `assets` were made from.
    asset_files: Vec<(Arc<str>, Arc<[u8]>)>,
    asset_urls: BTreeMap<String, String>,
    settings: BTreeMap<String, Extra>,
    /// A digest of all that a page made with a template can contain of the theme, by the template's name.
    closures: BTreeMap<String, Fingerprint>,
    /// Makes share cards; absent when the theme has no fonts for them.
    press: Option<Arc<Press>>,
    /// The policies that its pages hold.
    policies: policy::Policies,
}

impl Theme {
    /// Loads a theme; `config` is the file that names it. It comes with a report of everything wrong with it; without a theme when it cannot be used at all.
    ///
    /// # Errors
    /// When a file of it cannot be read.
    pub fn load(files: &dyn Files, site: &Site, config: &str) -> Result<(Option<Theme>, Report), Failure> {
        let mut report = Report::new();
        let Some(layers) = layers::load(files, site, config, &mut report)? else { return Ok((None, report)) };
        let mut tera = Tera::new();
        filters::register(&mut tera);
        let press = Press::new(faces::declared(&layers)).map(Arc::new);
        fit::register(&mut tera, press.clone());
        // Whatever a template is called, what it prints is escaped.
        tera.autoescape_on([""]);
        let mut theme = Theme {
            tera: Tera::new(),
            files: BTreeMap::new(),
            texts: Vec::new(),
            assets: Vec::new(),
            asset_files: Vec::new(),
            asset_urls: BTreeMap::new(),
            settings: settings(&layers, site, config, &mut report),
            closures: BTreeMap::new(),
            press,
            policies: policy::of(&layers),
        };
        let mut templates: Vec<(String, Arc<str>)> = Vec::new();
        for (idx, layer) in layers.iter().enumerate() {
            for (name, file, text) in &layer.templates {
                let is_nearest =
                    layers[..idx].iter().all(|it| it.templates.iter().all(|(own, ..)| own != name));
                let key = if is_nearest && is_found_as_it_is(name, text) {
                    name.clone()
                } else {
                    format!("{idx}/{name}")
                };
                theme.files.insert(key.clone(), Arc::clone(file));
                // A built-in theme is shown at the path of one that lies over it: what an author can look at is that one.
                if theme.texts.iter().all(|(shown, _)| shown != file) {
                    theme.texts.push((Arc::clone(file), Arc::clone(text)));
                }
                templates.push((key, Arc::clone(text)));
            }
        }
        let prefixes: Vec<String> = (0..layers.len()).map(|idx| format!("{idx}/")).collect();
        if let Err(error) = tera.set_fallback_prefixes(prefixes) {
            report.add(problems::of_tera(&error, &theme.files, None));
            return Ok((None, report));
        }
        if let Err(error) =
            tera.add_raw_templates(templates.iter().map(|(name, text)| (name.as_str(), &**text)))
        {
            problems::of_loading(&error, &theme.files, &theme.texts)
                .into_iter()
                .for_each(|it| report.add(it));
            let broken = Theme { tera, ..theme };
            return Ok((Some(broken), report));
        }
        theme.tera = tera;
        if site.share_cards == Some(true)
            && let Some((why, help)) = theme.why_no_cards(site)
        {
            report.add(problems::no_cards(config, why, help));
        }
        theme.closures = closure::fingerprints(&templates);
        theme.asset_files = layers.iter().flat_map(|layer| layer.assets.values().cloned()).collect();
        (theme.assets, theme.asset_urls) = assets::collect(&layers, &mut report);
        Ok((Some(theme), report))
    }

    /// Texts of template files, by path, for excerpts in diagnostics.
    pub fn texts(&self) -> &[(Arc<str>, Arc<str>)] {
        &self.texts
    }

    /// Files to publish, with fingerprinted names below `/assets/`.
    pub fn assets(&self) -> &[(OutPath, Arc<[u8]>)] {
        &self.assets
    }

    /// The files below `static/` of every layer, with their bytes as they are.
    pub fn asset_files(&self) -> &[(Arc<str>, Arc<[u8]>)] {
        &self.asset_files
    }

    /// Addresses of assets by their plain names.
    pub fn asset_urls(&self) -> &BTreeMap<String, String> {
        &self.asset_urls
    }

    /// The theme's settings with the site's values.
    pub fn settings(&self) -> &BTreeMap<String, Extra> {
        &self.settings
    }

    /// The content security policy that the theme's pages hold, if they all hold the same one. Where it depends on the site's
    /// settings, the templates that hold it are asked, once [`Theme::set_site`] has told them these.
    pub fn policy(&self) -> Option<String> {
        let policy::Policies { templates, written } = &self.policies;
        if written.is_some() {
            return written.clone();
        }
        // A template that wants a page to speak of has no policy that all pages share.
        let made = templates.iter().map(|name| self.tera.render(name, &tera::Context::new()));
        let made: Vec<String> = made.collect::<Result<_, _>>().ok()?;
        policy::only(made.iter().map(String::as_str))
    }

    /// Sets what every page knows: `site` in templates. Shared by all renders without copying.
    pub fn set_site(&mut self, site: &impl serde::Serialize) {
        self.tera.global_context().insert("site", site);
    }

    /// Whether some layer has this template.
    pub fn has(&self, template: &str) -> bool {
        self.tera.contains_template(template)
    }

    /// The digest of a template with all it extends, includes and calls; `None` when no layer has it.
    pub fn fingerprint(&self, template: &str) -> Option<Fingerprint> {
        self.closures.get(template).copied()
    }

    /// Every template's name with the digest of all it is made of, by name.
    pub fn fingerprints(&self) -> &BTreeMap<String, Fingerprint> {
        &self.closures
    }

    /// The file that a template comes from: of the nearest layer that has it.
    pub fn file_of(&self, template: &str) -> Option<&Arc<str>> {
        if let Some(file) = self.files.get(template) {
            return Some(file);
        }
        let own = self.files.iter().filter_map(|(key, file)| {
            let (layer, _) = key.split_once('/').filter(|(_, name)| *name == template)?;
            Some((layer.parse::<usize>().ok()?, file))
        });
        own.min_by_key(|(layer, _)| *layer).map(|(_, file)| file)
    }

    /// What makes share cards; `None` when the theme has no fonts for them, or the program cannot.
    pub fn press(&self) -> Option<&Arc<Press>> {
        self.press.as_ref()
    }

    /// Why a site that asks for share cards gets none, and what to do; `None` when it gets some.
    fn why_no_cards(&self, site: &Site) -> Option<(&'static str, &'static str)> {
        if !card::CAN_PRINT {
            return Some((
                "this program was built without the cargo feature `cards`",
                "take a release binary, or build it with `--features cards`",
            ));
        }
        if site.base_url.is_none() {
            return Some((
                "a page's head names its card by an absolute address, and the site has no `base_url`",
                "say in `site.yaml` where the site lives: `base_url: https://example.org/reactions/`",
            ));
        }
        let has_template =
            self.files.keys().any(|name| name.starts_with("cards/") || name.contains("/cards/"));
        if !has_template {
            return Some((
                "the theme has no templates below `cards/`",
                "extend `verbatim` or `switchboard`, or write some: `docs/theming.md` says how",
            ));
        }
        self.press.is_none().then_some((
            "no style sheet of the theme declares a font that is among its files",
            "cards are set in the theme's own fonts: add one with `@font-face`",
        ))
    }

    /// The digest of all that a card made with a template depends on besides what it shows; `None` when the theme makes none.
    pub fn card_fingerprint(&self, template: &str) -> Option<Fingerprint> {
        let (press, template) = (self.press.as_ref()?, self.fingerprint(template)?);
        Some(Fingerprint::of_parts([press.digest().bytes().as_slice(), template.bytes()]))
    }

    /// Writes the SVG of a share card. `page` is the address of the page whose card it is; `card` is what it shows, the
    /// variable `card` in the template.
    ///
    /// # Errors
    /// A diagnostic that points into the template.
    pub fn card(
        &self,
        template: &str,
        page: &str,
        card: &impl serde::Serialize,
    ) -> Result<String, Box<Diagnostic>> {
        let broken = |error: &tera::Error| Box::new(problems::of_tera(error, &self.files, Some(page)));
        let mut context = tera::Context::new();
        let value =
            Value::try_from_serializable(card).map_err(|error| broken(&tera::Error::message(error)))?;
        context.insert_value("card", value);
        let mut out = Bounded { bytes: Vec::with_capacity(4 << 10) };
        match self.tera.render_to(template, &context, &mut out) {
            Ok(()) => String::from_utf8(out.bytes).map_err(|_| Box::new(problems::not_utf8(template, page))),
            Err(_) if out.bytes.len() >= MOST_OUTPUT => {
                Err(Box::new(problems::too_large(template, page, MOST_OUTPUT)))
            }
            Err(error) => Err(broken(&error)),
        }
    }

    /// Renders one view model. `page` is the address, for diagnostics. `finished` holds what no template has to escape: the
    /// variables `json_ld`, `pictures` and `share_card`.
    ///
    /// # Errors
    /// A diagnostic that points into the template.
    pub fn render(
        &self,
        template: &str,
        page: &str,
        model: &dyn ViewModel,
        finished: Finished<'_>,
    ) -> Result<String, Box<Diagnostic>> {
        if !self.has(template) {
            return Err(Box::new(problems::no_template(template, page)));
        }
        let broken = |error: &tera::Error| Box::new(problems::of_tera(error, &self.files, Some(page)));
        let variables = model.variables().map_err(|error| broken(&tera::Error::message(error)))?;
        let mut context = variables.0;
        context.insert_value("json_ld", Value::safe_string(finished.json_ld));
        let pictures = finished.pictures;
        let by_name = [("map", &pictures.map), ("timeline", &pictures.timeline), ("split", &pictures.split)];
        let by_name: Map =
            by_name.into_iter().map(|(name, svg)| (name.into(), Value::safe_string(svg))).collect();
        context.insert_value("pictures", Value::from(by_name));
        context.insert_value("share_card", finished.share_card.map_or_else(Value::none, share_card));
        let mut out = Bounded { bytes: Vec::with_capacity(16 << 10) };
        match self.tera.render_to(template, &context, &mut out) {
            Ok(()) => String::from_utf8(out.bytes).map_err(|_| Box::new(problems::not_utf8(template, page))),
            Err(_) if out.bytes.len() >= MOST_OUTPUT => {
                Err(Box::new(problems::too_large(template, page, MOST_OUTPUT)))
            }
            Err(error) => Err(broken(&error)),
        }
    }
}

/// Whether Tera may know the nearest template of a name by that name alone, without its layer's number. It is then found at
/// once, and not after a look into each layer above, each by a name that is joined for it; a page includes some five.
///
/// Components are told apart by the layers of their templates, and a name may not look as if it had a layer.
fn is_found_as_it_is(name: &str, text: &str) -> bool {
    !text.contains("endcomponent") && !name.starts_with(|first: char| first.is_ascii_digit())
}

fn share_card(it: &ShareCard) -> Value {
    let map: Map = [
        ("url".into(), Value::from(it.url.as_str())),
        ("width".into(), Value::from(u64::from(card::WIDTH))),
        ("height".into(), Value::from(u64::from(card::HEIGHT))),
        ("type".into(), Value::from("image/png")),
        ("alt".into(), Value::from(it.alt.as_str())),
    ]
    .into_iter()
    .collect();
    Value::from(map)
}

/// A buffer with a limit.
struct Bounded {
    bytes: Vec<u8>,
}

impl io::Write for Bounded {
    #[inline]
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + buf.len() > MOST_OUTPUT {
            self.bytes.resize(MOST_OUTPUT, b' ');
            return Err(io::Error::other("the page is too large"));
        }
        self.bytes.extend_from_slice(buf);
        Ok(buf.len())
    }

    #[inline]
    fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {
        self.write(buf).map(drop)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The declared settings of all layers with the site's values; the nearest declaration wins.
fn settings(
    layers: &[layers::Layer],
    site: &Site,
    config: &str,
    report: &mut Report,
) -> BTreeMap<String, Extra> {
    let mut declared: BTreeMap<&str, &Setting> = BTreeMap::new();
    for setting in layers.iter().flat_map(|layer| &layer.info.settings) {
        declared.entry(&setting.name).or_insert(setting);
    }
    let mut values: BTreeMap<String, Extra> =
        declared.iter().map(|(name, setting)| ((*name).to_owned(), setting.default.clone())).collect();
    for (name, value) in &site.settings {
        let place = Place::field(&Arc::from(config), format!("settings.{name}"));
        match declared.get(name.as_str()) {
            None => {
                report.add(problems::unknown_setting(name, declared.keys().copied(), &site.settings, place));
            }
            Some(setting) if !fits(&setting.kind, value) => report.add(problems::bad_setting(setting, place)),
            Some(_) => {
                values.insert(name.clone(), value.clone());
            }
        }
    }
    values
}

fn fits(kind: &SettingKind, value: &Extra) -> bool {
    match (kind, value) {
        (SettingKind::Text, Extra::Text(_)) | (SettingKind::Bool, Extra::Bool(_)) => true,
        (SettingKind::OneOf(words), Extra::Text(text)) => words.contains(text),
        _ => false,
    }
}

/// Tera's byte range as a span.
fn span_of(error: &tera::Error) -> Option<(String, Span, String)> {
    match error.kind() {
        tera::ErrorKind::SyntaxError(it) | tera::ErrorKind::RenderingError(it) => {
            let range = it.span().range.clone();
            Some((it.filename().to_owned(), Span::new(range.start, range.end), it.message().to_owned()))
        }
        _ => None,
    }
}
