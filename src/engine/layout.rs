//! From files to all that pages are made of but the findings of checks: settings, documents, graph, theme, addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::blueprint::Blueprint;
use super::content::{self, Content};
use super::keys::Value;
use super::laps::Laps;
use super::parallel::{both, do_all, map_in_order};
use super::seen::Recorder;
use super::{BuildOptions, codes, images, site};
use crate::diag::{Exit, Failure, Place, Report, Sources};
use crate::document;
use crate::format::hosts;
use crate::graph::{self, Audit, Graph, LinkOptions};
use crate::input::{Files, Stamp};
use crate::model::{Facts, Hosting, Kind, Search, Site};
use crate::plan::{self, Plan, Wanted};
use crate::text::OutPath;
use crate::theme::Theme;
use crate::view::{self, VIEWS, search};

/// Everything that follows from the files without anything being checked. Cheap to clone.
#[derive(Clone)]
pub(super) struct Layout {
    pub(super) site: Arc<Site>,
    pub(super) content: Arc<Content>,
    pub(super) graph: Arc<Graph>,
    /// `None` when it cannot be used at all.
    pub(super) theme: Option<Arc<Theme>>,
    pub(super) plan: Arc<Plan>,
    /// A digest of the settings and of what every page is told of the site.
    settings: Value,
    /// Whether some document has an error of its own.
    is_misread: bool,
    /// Whether some record is marked as a draft.
    pub(super) has_drafts: bool,
    /// The same for layouts that differ in nothing but prose and where it stands.
    pub(super) meaning: Arc<()>,
    /// The text of the configuration.
    config: (Arc<str>, Arc<str>),
    reports: Reports,
}

/// What each stage found.
#[derive(Clone, Default)]
struct Reports {
    settings: Arc<Report>,
    listing: Arc<Report>,
    link: Arc<Report>,
    theme: Arc<Report>,
    menu: Arc<Report>,
    plan: Arc<Report>,
}

/// What came of the settings: a layout, or what is wrong with them.
pub(super) type Laid = Result<Layout, (Report, Sources)>;

/// What was there before.
pub(super) struct Before<'b> {
    /// A layout of the same project. Documents that it knows, and whose files are what they were, are not read again.
    pub(super) layout: Option<&'b Layout>,
    /// What is known of images.
    pub(super) images: images::Before<'b>,
}

/// Reads, links and plans everything.
///
/// # Errors
/// When a file cannot be read, or there is no configuration.
pub(super) fn lay_out(
    files: &Recorder<'_>,
    options: &BuildOptions,
    before: &Before<'_>,
    laps: &mut Laps,
) -> Result<Laid, Failure> {
    let (site, config, settings) = read_site(files, options)?;
    let Some(site) = site else {
        let mut sources = Sources::default();
        sources.insert(config.0, config.1);
        return Ok(Err((settings, sources)));
    };
    let mut listing = Report::new();
    // Other settings may read the same bytes differently.
    let known = before.layout.filter(|it| it.site.raw_html == site.raw_html).map(|it| &*it.content);
    let mut content = content::read(files, &site, known, &mut listing)?;
    laps.lap("read");

    // A theme knows nothing of what it will show.
    let (theme, (graph, mut link)) =
        both(|| Theme::load(files, &site, &options.config), || link(&content, &site, options));
    let (theme, theme_report) = theme?;
    content.images = Arc::new(images::read(files, &graph, &content, &before.images)?);
    images::problems(&graph, &content, &mut link);
    laps.lap("link");

    let (theme, settings_value, menu) = dress(theme, &graph, &site, options);
    let (plan, plan_report) = draw(&graph, (&site, &options.config), &content, theme.as_deref());
    laps.lap("plan");
    let documents = || content.documents.iter();
    let is_misread = documents().any(|it| it.report.has_errors());
    let has_drafts = documents().any(|it| it.facts.records.iter().any(|record| record.meta.draft));
    Ok(Ok(Layout {
        is_misread,
        has_drafts,
        site: Arc::new(site),
        content: Arc::new(content),
        graph: Arc::new(graph),
        theme,
        plan: Arc::new(plan),
        settings: settings_value,
        meaning: Arc::default(),
        config,
        reports: Reports {
            settings: Arc::new(settings),
            listing: Arc::new(listing),
            link: Arc::new(link),
            theme: Arc::new(theme_report),
            menu: Arc::new(menu),
            plan: Arc::new(plan_report),
        },
    }))
}

/// How records of this site are linked.
pub(super) fn link_options(site: &Site, options: &BuildOptions) -> LinkOptions {
    LinkOptions { drafts: options.drafts, corrections_at_once: site.paginate }
}

fn link(content: &Content, site: &Site, options: &BuildOptions) -> (Graph, Report) {
    let link_options = link_options(site, options);
    let facts: Vec<&Facts> = content.documents.iter().map(|it| &it.facts).collect();
    let (graph, mut report) = graph::link(&facts, link_options, &do_all);
    content::missing_assets(&graph, content, &mut report);
    (graph, report)
}

/// Tells the theme what every page is told of the site.
pub(super) fn dress(
    theme: Option<Theme>,
    graph: &Graph,
    site: &Site,
    options: &BuildOptions,
) -> (Option<Arc<Theme>>, Value, Report) {
    let mut report = Report::new();
    let Some(mut theme) = theme else { return (None, Value::of(&0), report) };
    let view = site::view(graph, site, &theme, &mut report, &options.config);
    theme.set_site(&view);
    (Some(Arc::new(theme)), settings_of(site, &view), report)
}

fn settings_of(site: &Site, view: &crate::view::cards::SiteView) -> Value {
    let shown = serde_json::to_string(view).expect("a view model is plain data");
    // What hosts are told, where the site is published, and what lies beside its files, is on no page.
    let site =
        Site { hosting: Hosting::default(), publish: Vec::new(), precompress: Vec::new(), ..site.clone() };
    Value::of(&(format!("{site:?}"), shown))
}

/// Draws the plan that the views want.
pub(super) fn draw(
    graph: &Graph,
    (site, config): (&Site, &str),
    content: &Content,
    theme: Option<&Theme>,
) -> (Plan, Report) {
    let wanted = map_in_order(VIEWS, |view| (view.routes)(graph, site)).into_iter().flatten().collect();
    let assets: Vec<OutPath> =
        theme.into_iter().flat_map(Theme::assets).map(|(path, _)| path.clone()).collect();
    let hosting = (&site.hosting, config);
    let images: Vec<(OutPath, Arc<str>)> =
        content.images.files().map(|(path, file, _)| (path.clone(), Arc::clone(file))).collect();
    let copied = (*content.copied).clone();
    let (plan, mut report) = plan::draw(graph, wanted, copied, &assets, &images, hosting);
    if !site.hosting.hosts.is_empty() {
        report.extend(hosts::limits(&hosts::Rules::of(&plan, site, theme), site, config));
    }
    (plan, report)
}

/// Views whose lists are in the order of names or titles, by the kind of what they list; besides the search, which lists
/// several.
const LISTED_BY_NAME: [(Kind, &str); 4] =
    [(Kind::Actor, "actors"), (Kind::Term, "terms"), (Kind::Source, "sources"), (Kind::Page, "section")];

/// What other words of some records mean for the lists they stand in.
enum Relisted {
    /// Nothing.
    Same,
    /// Another order.
    New(Plan),
    /// More than that.
    Unknown,
}

/// Puts lists by name in the order of their names now. Words change no other order, and no list's length.
fn relisted(layout: &Layout, changed: &[content::Reworded]) -> Relisted {
    let is_concerned = |kind: Kind| changed.iter().any(|(_, new)| new.kind() == kind);
    let views = LISTED_BY_NAME.iter().filter(|it| is_concerned(it.0));
    let views = views.filter_map(|(_, name)| view::by_name(name));
    let mut wanted: Vec<Wanted> = views.flat_map(|view| (view.routes)(&layout.graph, &layout.site)).collect();
    let kinds: Vec<Kind> = search::KINDS.iter().map(|it| it.0).filter(|kind| is_concerned(*kind)).collect();
    // Everything stands in this list: of most, the place is known.
    if let (false, Some(before)) = (kinds.is_empty(), layout.plan.part_of(search::URL)) {
        wanted.extend(search::with_other_names(&layout.graph, &layout.site, before, &kinds));
    }
    if wanted.is_empty() {
        return Relisted::Same;
    }
    layout.plan.with_lists(wanted).map_or(Relisted::Unknown, Relisted::New)
}

/// The settings with the options' changes, the configuration's name and text, and what is wrong with it.
pub(super) type Settings = (Option<Site>, (Arc<str>, Arc<str>), Report);

/// Reads the settings.
///
/// # Errors
/// When there is no configuration, or it cannot be read, or the options' `base_url` is no address.
pub(super) fn read_site(files: &dyn Files, options: &BuildOptions) -> Result<Settings, Failure> {
    let Some(input) = files.read(&options.config)? else {
        let message = format!("there is no `{}` here", options.config);
        return Err(Failure::new(Exit::Usage, message).help("`rejoinder init` starts a site"));
    };
    let text: Arc<str> = String::from_utf8_lossy(&input.bytes).as_ref().into();
    let (mut site, mut report) = document::read_site(&input);
    if let (Some(site), Some(base_url)) = (&mut site, &options.base_url) {
        site.base_url = Some(crate::text::site_address(base_url).map_err(|why| {
            Failure::new(Exit::Usage, format!("`--base-url {base_url}` is no absolute address: {why}"))
                .help("write one such as https://example.org/reactions/")
        })?);
    }
    if let Some(site) = site.as_mut().filter(|it| it.search == Search::List && options.indexer.is_some()) {
        site.search = Search::Index;
    }
    if let Some(site) = &site {
        unknown_levels(site, options, &mut report);
    }
    Ok((site, (input.path, text), report))
}

/// `levels:` may only name codes that exist.
fn unknown_levels(site: &Site, options: &BuildOptions, report: &mut Report) {
    let codes = codes();
    let file: Arc<str> = options.config.as_str().into();
    for name in site.levels.keys().filter(|name| !codes.iter().any(|code| code.name == name.as_str())) {
        let place = Place::key(&file, format!("levels.{name}"));
        report.add(content::unknown_code(name, &codes, place, |known| !site.levels.contains_key(known)));
    }
}

impl Layout {
    /// All that was found so far, at its codes' own levels, with places as they were noted.
    pub(super) fn report(&self) -> Report {
        let mut all = Report::new();
        let Reports { settings, listing, link, theme, menu, plan } = &self.reports;
        for report in [settings, listing, link, theme, menu, plan] {
            all.extend((**report).clone());
        }
        for document in self.content.documents.iter() {
            all.extend(document.report.clone());
        }
        all
    }

    /// Whether something so far keeps the site from being shown.
    pub(super) fn has_errors(&self) -> bool {
        let Reports { settings, listing, link, theme, menu, plan } = &self.reports;
        [settings, listing, link, theme, menu, plan].iter().any(|report| report.has_errors())
            || self.is_misread
    }

    /// The texts that reports point into.
    pub(super) fn add_sources(&self, sources: &mut Sources) {
        sources.insert(Arc::clone(&self.config.0), Arc::clone(&self.config.1));
        for document in self.content.documents.iter() {
            sources.insert(Arc::clone(&document.path), Arc::clone(&document.text));
        }
        for (file, text) in self.theme.iter().flat_map(|it| it.texts()) {
            sources.insert(Arc::clone(file), Arc::clone(text));
        }
    }

    /// What pages are made of, with these findings; `None` without a theme.
    pub(super) fn blueprint(&self, audit: Arc<Audit>) -> Option<Blueprint> {
        Some(Blueprint {
            site: Arc::clone(&self.site),
            content: Arc::clone(&self.content),
            graph: Arc::clone(&self.graph),
            plan: Arc::clone(&self.plan),
            theme: Arc::clone(self.theme.as_ref()?),
            audit,
            settings: self.settings,
        })
    }

    /// Drops the words of all documents, if nobody else holds them: they are read by checks alone, and rendering has a use for
    /// the memory.
    pub(super) fn forget_words(&mut self) {
        let Some(content) = Arc::get_mut(&mut self.content) else { return };
        content.documents.for_each(|_, document| {
            if let Some(document) = Arc::get_mut(document) {
                document.running = Vec::new();
            }
        });
    }

    /// The same site with other texts in some documents, if that is all there is to it: no record comes or goes, none leads
    /// elsewhere, and nothing gets another address. `None` when the site has to be laid out anew.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn with_texts(
        &self,
        files: &dyn Files,
        options: &BuildOptions,
        paths: &BTreeSet<&str>,
    ) -> Result<Option<Layout>, Failure> {
        let Some((content, changed)) = self.content.with_texts(files, &self.site, paths)? else {
            return Ok(None);
        };
        // A place that was noted in a text of old may lie elsewhere now.
        let Reports { listing, link, plan, .. } = &self.reports;
        if [listing, link, plan].iter().any(|report| report.points_into(paths)) {
            return Ok(None);
        }
        let Some(graph) = self.graph.with_words(&changed) else { return Ok(None) };
        // Marking something as a draft, or no longer, is more than words.
        let is_misread = self.is_misread || paths.iter().any(|path| content.has_errors(path));
        let (content, graph) = (Arc::new(content), Arc::new(graph));
        let mut next = Layout { content, graph, is_misread, ..self.clone() };
        if changed.iter().all(|(old, new)| old.digest() == new.digest()) {
            return Ok(Some(next));
        }
        next.meaning = Arc::default();
        match relisted(&next, &changed) {
            Relisted::Same => (),
            Relisted::New(plan) => next.plan = Arc::new(plan),
            Relisted::Unknown => return Ok(None),
        }
        let Some(theme) = &self.theme else { return Ok(Some(next)) };
        let mut menu = Report::new();
        let view = site::view(&next.graph, &self.site, theme, &mut menu, &options.config);
        if settings_of(&self.site, &view) != self.settings {
            return next.with_theme(files, options).map(Some);
        }
        Ok(Some(next))
    }

    /// The same site with other bytes in some files that are no texts. `None` when it has to be laid out anew.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn with_copies(
        &self,
        files: &dyn Files,
        options: &BuildOptions,
        stamps: &BTreeMap<String, Stamp>,
    ) -> Result<Option<Layout>, Failure> {
        let Some(mut content) = self.content.with_copies(stamps) else { return Ok(None) };
        let known = self.content.images.known();
        let shown: Vec<&str> =
            stamps.keys().map(String::as_str).filter(|it| known.contains_key(*it)).collect();
        if shown.is_empty() {
            return Ok(Some(Layout { content: Arc::new(content), ..self.clone() }));
        }
        let Some(images) = self.content.images.with(files, &shown)? else { return Ok(None) };
        content.images = Arc::new(images);
        // Other bytes are shown at other addresses.
        let site = (&*self.site, options.config.as_str());
        let (plan, report) = draw(&self.graph, site, &content, self.theme.as_deref());
        let reports = Reports { plan: Arc::new(report), ..self.reports.clone() };
        Ok(Some(Layout { content: Arc::new(content), plan: Arc::new(plan), reports, ..self.clone() }))
    }

    /// The same site with the theme as its files are now.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn with_theme(&self, files: &dyn Files, options: &BuildOptions) -> Result<Layout, Failure> {
        let next = self;
        let (theme, report) = Theme::load(files, &next.site, &options.config)?;
        let (theme, settings, menu) = dress(theme, &next.graph, &next.site, options);
        let assets = |theme: &Option<Arc<Theme>>| -> Vec<OutPath> {
            theme.iter().flat_map(|it| it.assets()).map(|(path, _)| path.clone()).collect()
        };
        let assets_now = assets(&theme);
        // A style sheet with other bytes has another name.
        let is_same = assets_now == assets(&next.theme)
            || next.reports.plan.diagnostics().is_empty() && next.plan.fits(&assets_now);
        let (plan, plan_report) = match is_same {
            true => (Arc::clone(&next.plan), Arc::clone(&next.reports.plan)),
            false => {
                let (plan, report) =
                    draw(&next.graph, (&next.site, &options.config), &next.content, theme.as_deref());
                (Arc::new(plan), Arc::new(report))
            }
        };
        let reports = Reports {
            theme: Arc::new(report),
            menu: Arc::new(menu),
            plan: plan_report,
            ..next.reports.clone()
        };
        Ok(Layout { theme, settings, plan, reports, ..next.clone() })
    }
}
