//! A theme tried without a site's content: every template with made-up view models.
//!
//! In: the project's files, of which only settings and themes are read. Out: what is wrong with the theme. Each template is
//! rendered with everything a page can have, with nothing that can be absent, and with each such field absent alone: what a
//! theme's author would otherwise learn from the first record that lacks it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{BuildOptions, layout, map_in_order};
use crate::diag::{Diagnostic, Failure, Report, Sources};
use crate::input::Files;
use crate::theme::{Finished, Theme, odd_page, unescaped, unprintable};
use crate::view::{CARD_TEMPLATES, extra_map, sample};

/// What a look at a theme came to.
#[derive(Debug, Default)]
pub struct ThemeChecked {
    /// What is wrong.
    pub report: Report,
    /// The texts that it points into.
    pub sources: Sources,
    /// How many templates were tried.
    pub templates: usize,
    /// How many pages were made up for them.
    pub pages: usize,
}

/// Tries a theme: the one with this name, or the one of the site's settings.
///
/// # Errors
/// When a file cannot be read, or there is no configuration.
pub fn check_theme(
    files: &dyn Files,
    options: &BuildOptions,
    name: Option<&str>,
) -> Result<ThemeChecked, Failure> {
    let (site, (config, text), mut report) = layout::read_site(files, options)?;
    let mut sources = Sources::default();
    sources.insert(config, text);
    let Some(mut site) = site else { return Ok(ThemeChecked { report, sources, ..ThemeChecked::default() }) };
    if let Some(name) = name.filter(|name| *name != site.theme) {
        name.clone_into(&mut site.theme);
        // They are meant for the other one.
        site.settings.clear();
    }
    let (theme, found) = Theme::load(files, &site, &options.config)?;
    report.extend(found);
    let Some(mut theme) = theme else {
        return Ok(ThemeChecked { report, sources, ..ThemeChecked::default() });
    };
    for (file, text) in theme.texts() {
        sources.insert(std::sync::Arc::clone(file), std::sync::Arc::clone(text));
    }
    let mut checked = ThemeChecked { report, sources, templates: 0, pages: 0 };
    if checked.report.has_errors() {
        return Ok(checked);
    }
    let templates: Vec<&str> = sample::templates().collect();
    checked.templates = templates.len();
    let mut found = Vec::new();
    for fill in [sample::Fill::Everything, sample::Fill::Nothing] {
        theme.set_site(&site_view(&theme, fill));
        found.extend(map_in_order(&templates, |template| Found::of(&theme, template, fill)));
    }
    theme.set_site(&site_view(&theme, sample::Fill::Everything));
    found.extend(map_in_order(&templates, |template| Found::with_each_absent(&theme, template)));
    let cards: Vec<&str> =
        CARD_TEMPLATES.into_iter().filter(|it| theme.press().is_some() && theme.has(it)).collect();
    checked.templates += cards.len();
    found.extend(map_in_order(&cards, |template| Found::of_card(&theme, template)));
    // One mistake shows with nothing and with that field absent, and is told once.
    let mut told: BTreeSet<(Option<String>, String)> = BTreeSet::new();
    for Found { pages, problems } in found {
        checked.pages += pages;
        for it in problems {
            let key = (it.place.as_ref().map(|place| format!("{place:?}")), it.message.clone());
            if told.insert(key) {
                checked.report.add(it);
            }
        }
    }
    Ok(checked)
}

/// What every page is told of the site: made up, but for what is the theme's own.
fn site_view(theme: &Theme, fill: sample::Fill<'_>) -> Value {
    let mut site = sample::site(fill);
    site["settings"] = extra_map(theme.settings());
    site["assets"] = json!(theme.asset_urls());
    site
}

/// What came of a template.
#[derive(Default)]
struct Found {
    pages: usize,
    problems: Vec<Diagnostic>,
}

impl Found {
    /// Makes one page, and looks at it.
    fn of(theme: &Theme, template: &str, fill: sample::Fill<'_>) -> Found {
        let with = match fill {
            sample::Fill::Everything => "everything a page can have".to_owned(),
            sample::Fill::Nothing => "nothing that can be absent".to_owned(),
            sample::Fill::AllBut(absent) => format!("everything but `{absent}`"),
        };
        let Some(model) = sample::variables(template, fill) else { return Found::default() };
        let json_ld = if fill == sample::Fill::Nothing { "" } else { "{}" };
        let share_card = (fill != sample::Fill::Nothing).then(sample::share_card);
        let finished =
            Finished { json_ld, pictures: &sample::pictures(fill), share_card: share_card.as_ref() };
        let problems = match theme.render(template, "/sample/", &model, finished) {
            Ok(html) if fill == sample::Fill::Everything => look(theme, template, &html),
            Ok(_) => Vec::new(),
            Err(broken) => {
                let mut broken = *broken;
                broken.page = None;
                vec![broken.note(format!("found in a made-up page of `{template}` with {with}"))]
            }
        };
        Found { pages: 1, problems }
    }

    /// Makes share cards with everything, with nothing, and without each field that can be absent. Two of them are drawn.
    fn of_card(theme: &Theme, template: &str) -> Found {
        let mut all = Found::default();
        let absences = sample::card_absences();
        let each = absences.iter().map(|it| sample::Fill::AllBut(it));
        for fill in [sample::Fill::Everything, sample::Fill::Nothing].into_iter().chain(each) {
            all.pages += 1;
            let svg = match theme.card(template, "/sample/", &sample::card(fill)) {
                Ok(svg) => svg,
                Err(broken) => {
                    let mut broken = *broken;
                    broken.page = None;
                    all.problems.push(broken.note(format!("found in a made-up share card of `{template}`")));
                    continue;
                }
            };
            let file = theme.file_of(template);
            if sample::UNESCAPED.iter().any(|it| svg.contains(it)) {
                all.problems.push(unescaped(file, template));
            }
            let is_drawn = !matches!(fill, sample::Fill::AllBut(_));
            let press = theme.press().expect("cards are tried where there is one");
            if let Some(Err(why)) = is_drawn.then(|| press.print(&svg)) {
                all.problems.push(unprintable(file, template, "a made-up page", &why));
            }
        }
        all
    }

    /// Makes a page for each field that can be absent.
    fn with_each_absent(theme: &Theme, template: &str) -> Found {
        let mut all = Found::default();
        for absent in sample::absences(template) {
            let found = Found::of(theme, template, sample::Fill::AllBut(&absent));
            all.pages += found.pages;
            all.problems.extend(found.problems);
        }
        all
    }
}

/// What is wrong with a page that was made.
fn look(theme: &Theme, template: &str, html: &str) -> Vec<Diagnostic> {
    let file = theme.file_of(template);
    let mut problems = Vec::new();
    if sample::UNESCAPED.iter().any(|it| html.contains(it)) {
        problems.push(unescaped(file, template));
    }
    let opens = |name: &str| {
        let tags = html.match_indices(name).filter(|(at, _)| {
            html[at + name.len()..].starts_with(|c: char| c == '>' || c.is_ascii_whitespace())
        });
        tags.count()
    };
    let of_tag = |name: &str| html.find(name).map(|at| html[at..].split('>').next().unwrap_or(""));
    let mut odd = |what: &str, help: &str| problems.push(odd_page(file, template, what, help));
    if !of_tag("<html").is_some_and(|it| it.contains(" lang=")) {
        odd("does not say its language", "write `<html lang=\"{{ page.lang }}\" dir=\"{{ page.dir }}\">`");
    }
    if opens("<title") == 0 {
        odd("has no title", "write `<title>{{ page.title }} · {{ site.title }}</title>`");
    }
    match opens("<h1") {
        1 => (),
        0 => odd("has no heading of the first level", "print `page.title` in an `<h1>`"),
        n => odd(&format!("has {n} headings of the first level"), "keep one `<h1>`"),
    }
    if opens("<main") != 1 {
        odd("has no `<main>`, or more than one", "put what belongs to this page alone into one `<main>`");
    }
    if !html.contains("name=\"viewport\"") {
        odd(
            "is laid out for a desk on a phone",
            "write `<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">`",
        );
    }
    if ["src=\"http", "src=\"//"].iter().any(|it| html.contains(it)) {
        odd("asks another site for a file", "put the file below `static/` of the theme");
    }
    problems
}
