//! What can be wrong with a theme, and how Tera's errors become diagnostics.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::span_of;
use crate::card::{self, Unprintable};
use crate::diag::{Code, Diagnostic, Level, Place};
use crate::model::{Extra, Setting, SettingKind};
use crate::text::{LineIndex, OutPathProblem, Span, misspelt, nearest_few};

/// Every code of this module.
pub static CODES: &[&Code] = &[
    &TEMPLATE,
    &UNKNOWN_THEME,
    &THEME_TOO_NEW,
    &THEME_FILE,
    &UNKNOWN_SETTING,
    &BAD_SETTING,
    &THEME_UNESCAPED,
    &THEME_PAGE,
    &SHARE_CARD,
    &SHARE_CARD_LACKING,
    &NO_SHARE_CARDS,
];

static TEMPLATE: Code = Code {
    name: "template",
    level: Level::Error,
    manual: "# template

A template cannot be read, or cannot be rendered for some page. A value that is not there is an error, not an empty
string: a page that silently lost a speaker's name would be worse than no page.

What each template gets is listed in `docs/theming.md`. For a value that may be absent write
`{% if statement.date %}…{% endif %}` or `page?.extra?.note or \"\"`.",
};

static UNKNOWN_THEME: Code = Code {
    name: "unknown-theme",
    level: Level::Error,
    manual: "# unknown-theme

`theme:` in `site.yaml`, or `extends:` in a `theme.yaml`, names a theme that is neither a directory of `themes/` with a
`theme.yaml` in it nor built in.",
};

static THEME_TOO_NEW: Code = Code {
    name: "theme-too-new",
    level: Level::Error,
    manual: "# theme-too-new

The theme was written for a newer version of Rejoinder: its `api:` is higher than this program's. Update the program, or
take an older release of the theme.",
};

static THEME_FILE: Code = Code {
    name: "theme-file",
    level: Level::Error,
    manual: "# theme-file

A file of a theme cannot be used: it is a symbolic link or a special file, is not UTF-8 text where a template is wanted, or
has a name that not every host can carry. Links are not followed, so that a theme cannot publish files from outside.",
};

static UNKNOWN_SETTING: Code = Code {
    name: "unknown-setting",
    level: Level::Error,
    manual: "# unknown-setting

`settings:` in `site.yaml` gives a value for something the theme does not declare. Its `theme.yaml` lists what it takes.",
};

static BAD_SETTING: Code = Code {
    name: "bad-setting",
    level: Level::Error,
    manual: "# bad-setting

A value under `settings:` in `site.yaml` is not of the sort the theme declares.",
};

static THEME_UNESCAPED: Code = Code {
    name: "theme-unescaped",
    level: Level::Error,
    manual: "# theme-unescaped

A template prints a text as HTML: `rejoinder theme check` gave it a name with `<`, `&` and `\"` in it, and they arrived in
the page as they are. A name or a quotation could then break the page, or run a script in it.

Take `| safe` away. Only `prose.html`, `prose.summary`, `intro.html` and `intro.summary` are finished HTML. Write attributes in quotation
marks: `title=\"{{ actor.name }}\"`.",
};

static THEME_PAGE: Code = Code {
    name: "theme-page",
    level: Level::Warning,
    manual: "# theme-page

A page that `rejoinder theme check` made lacks something that readers, screen readers or search engines go by, or asks another
site for something: a language (`<html lang>`), a `<title>`, a `<main>`, exactly one `<h1>`, and a viewport for phones. A
picture, script or style sheet of another site tells that site who reads yours.",
};

static SHARE_CARD: Code = Code {
    name: "share-card",
    level: Level::Error,
    manual: "# share-card

What a template below `cards/` wrote cannot become a share card. It has to be an SVG of 1200 × 630, and all its text has to be
set in a `font-family` that a `@font-face` of the theme's style sheets declares: fonts of the machine are never used, so that a
card looks the same wherever it was made.

`docs/theming.md` says what these templates get. `share_cards: false` in `site.yaml` turns cards off.",
};

static SHARE_CARD_LACKING: Code = Code {
    name: "share-card-lacking",
    level: Level::Note,
    manual: "# share-card-lacking

Some share cards are not made, because the theme's fonts lack characters of their texts: letters of another script, say, or
emoji. A card with boxes in it would be worse than none. A statement's page then shows the card of its story, if that can be
made, and other pages show none.

Add a font that has them to a theme of your own, with a `@font-face` of the same family. `share_cards: false` in `site.yaml`
turns cards off.",
};

static NO_SHARE_CARDS: Code = Code {
    name: "no-share-cards",
    level: Level::Warning,
    manual: "# no-share-cards

`share_cards: true` in `site.yaml` asks for share cards, and none can be made: this program was built without the cargo feature
`cards`, or the site has no `base_url`, which the address of a picture in a page's head needs, or the theme has no templates
below `cards/` or no fonts for them.",
};

/// An SVG that does not become a card.
pub fn unprintable(file: Option<&Arc<str>>, template: &str, page: &str, why: &Unprintable) -> Diagnostic {
    let told = at_template(&SHARE_CARD, file, format!("the share card that `{template}` wrote {why}"));
    let told = match why {
        Unprintable::Families(_, known) if !known.is_empty() => {
            told.help(format!("the theme's style sheets declare {}", known.join(", ")))
        }
        _ => told.help("`rejoinder explain share-card` says what a card has to be"),
    };
    told.note(format!("found on {page}"))
}

/// Cards that are not made, because fonts lack characters.
pub fn card_lacks(chars: &BTreeSet<char>, pages: &[String]) -> Diagnostic {
    let n = pages.len();
    let of = match pages {
        [one] => format!("`{one}` has no share card of its own"),
        [first, ..] => format!("{n} pages have no share card of their own, `{first}` among them"),
        [] => "a page has no share card".to_owned(),
    };
    let message = format!("{of}: the theme's fonts lack {}", card::in_words(chars));
    Diagnostic::unplaced(&SHARE_CARD_LACKING, message)
        .help("add a font with these characters to a theme of your own, or let it stand")
}

/// Cards that were asked for, and why there are none. `file` is the configuration.
pub fn no_cards(config: &str, why: &str, help: &str) -> Diagnostic {
    let place = Place::field(&Arc::from(config), "share_cards");
    Diagnostic::new(&NO_SHARE_CARDS, place, format!("no share cards are made: {why}")).help(help)
}

/// A template that printed a text as HTML.
pub fn unescaped(file: Option<&Arc<str>>, template: &str) -> Diagnostic {
    let message = format!("`{template}` prints a text as if it were HTML");
    at_template(&THEME_UNESCAPED, file, message)
        .label("in this template, or in a part or component it uses")
        .help("take `| safe` away, and write attributes in quotation marks: only `prose.html` and `prose.summary` are HTML")
}

/// A page that lacks something every page should have, or has what none should.
pub fn odd_page(file: Option<&Arc<str>>, template: &str, what: &str, help: &str) -> Diagnostic {
    at_template(&THEME_PAGE, file, format!("a page of `{template}` {what}")).help(help)
}

fn at_template(code: &'static Code, file: Option<&Arc<str>>, message: String) -> Diagnostic {
    match file {
        Some(file) => Diagnostic::new(code, Place::file(file), message),
        None => Diagnostic::unplaced(code, message),
    }
}

/// A Tera error as a diagnostic that points into the template.
pub(super) fn of_tera(
    error: &tera::Error,
    files: &BTreeMap<String, Arc<str>>,
    page: Option<&str>,
) -> Diagnostic {
    let told = match span_of(error) {
        Some((name, span, message)) => {
            let (message, label) = friendly(&message);
            match files.get(&name) {
                Some(file) => Diagnostic::new(&TEMPLATE, Place::span(file, span), message).label(label),
                None => Diagnostic::unplaced(&TEMPLATE, format!("{message} (in {name})")),
            }
        }
        None => match unplaced_file(error, files) {
            Some(file) => Diagnostic::new(&TEMPLATE, Place::file(file), without_prefixes(&error.to_string())),
            None => Diagnostic::unplaced(&TEMPLATE, without_prefixes(&error.to_string())),
        },
    };
    let told = chain_notes(&error.to_string()).into_iter().fold(told, Diagnostic::note);
    match page {
        Some(page) => told.page(page).help("`docs/theming.md` lists what each template gets"),
        None => told,
    }
}

/// The problems Tera finds while templates are added, each at its place. It gives several in one text, each as
/// `error: MESSAGE` above `--> TEMPLATE:LINE:COLUMN` and an excerpt.
pub(super) fn of_loading(
    error: &tera::Error,
    files: &BTreeMap<String, Arc<str>>,
    texts: &[(Arc<str>, Arc<str>)],
) -> Vec<Diagnostic> {
    let text = error.to_string();
    let mut found = Vec::new();
    let mut message = None;
    for line in text.lines().map(str::trim) {
        if let Some(said) = line.strip_prefix("error:") {
            message = Some(said.trim().to_owned());
        } else if let (Some(at), Some(said)) = (line.strip_prefix("-->"), &message) {
            found.extend(at_line(at.trim(), said, files, texts));
            message = None;
        }
    }
    if found.is_empty() || span_of(error).is_some() { vec![of_tera(error, files, None)] } else { found }
}

/// A problem at `TEMPLATE:LINE:COLUMN`.
fn at_line(
    at: &str,
    message: &str,
    files: &BTreeMap<String, Arc<str>>,
    texts: &[(Arc<str>, Arc<str>)],
) -> Option<Diagnostic> {
    let mut parts = at.rsplitn(3, ':');
    let (column, line, name) =
        (parts.next()?.parse::<usize>().ok()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
    let file = files.get(name)?;
    let (_, text) = texts.iter().find(|(path, _)| path == file)?;
    let start = LineIndex::new(text).line_start(line);
    let rest = text.get(start..)?;
    let from = start + rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>();
    let word = text
        .get(from..)?
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '/' | '-'));
    let span = Span::new(from, from + word.map(char::len_utf8).sum::<usize>().max(1));
    let told = Diagnostic::new(&TEMPLATE, Place::span(file, span), "this template cannot be used");
    Some(told.label(message).help("`docs/theming.md` lists filters, functions and components"))
}

/// The first template file an unplaced message names.
fn unplaced_file<'f>(error: &tera::Error, files: &'f BTreeMap<String, Arc<str>>) -> Option<&'f Arc<str>> {
    let text = error.to_string();
    // Of two names at one place, the longer is meant.
    let places =
        files.iter().filter_map(|(name, file)| Some((text.find(name.as_str())?, Reverse(name.len()), file)));
    places.min_by_key(|(at, len, _)| (*at, *len)).map(|(.., file)| file)
}

/// Tera's sentence in ours, and what to say under the caret.
fn friendly(message: &str) -> (String, String) {
    let message = without_prefixes(message);
    let first = message.lines().next().unwrap_or("").trim_end_matches('.').to_owned();
    if let Some(rest) = message.split("Available fields:").nth(1) {
        return (
            "a value that this template needs is not there".to_owned(),
            format!("there are:{}", rest.trim_end_matches('.')),
        );
    }
    if let Some(rest) = message.split("Available variables:").nth(1) {
        return (
            "a value that this template needs is not there".to_owned(),
            format!("there are:{}", rest.trim_end_matches('.')),
        );
    }
    ("this template cannot be used".to_owned(), first)
}

/// Tera's names for some templates start with our layer's number: `0/base.html`.
fn without_prefixes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        if c.is_ascii_digit()
            && !before.is_alphanumeric()
            && before != '/'
            && before != '.'
            && chars.peek() == Some(&'/')
        {
            chars.next();
            before = '/';
            continue;
        }
        out.push(c);
        before = c;
    }
    out
}

/// "called from" lines of Tera's own rendering: how the page led to the place.
fn chain_notes(text: &str) -> Vec<String> {
    let called = text.lines().filter(|line| line.contains("called from") || line.contains("included from"));
    let words = called.map(|line| line.trim_start_matches([' ', '=', '-', '>']).trim());
    words.map(|line| without_prefixes(line.strip_prefix("note: ").unwrap_or(line))).collect()
}

pub(super) fn no_template(template: &str, page: &str) -> Diagnostic {
    Diagnostic::unplaced(&TEMPLATE, format!("no layer of the theme has the template `{template}`"))
        .page(page)
        .help(format!("write `templates/{template}`, or take `template:` out of the front matter"))
}

pub(super) fn not_utf8(template: &str, page: &str) -> Diagnostic {
    Diagnostic::unplaced(&TEMPLATE, format!("`{template}` made a page that is not UTF-8")).page(page)
}

pub(super) fn too_large(template: &str, page: &str, most: usize) -> Diagnostic {
    Diagnostic::unplaced(&TEMPLATE, format!("`{template}` made a page of more than {} MiB", most >> 20))
        .page(page)
        .help("look for a loop inside a loop, such as `range` in `range`")
}

pub(super) fn unknown_theme(
    name: &str,
    extended_by: Option<&str>,
    config: &str,
    built_in: &[&str],
) -> Diagnostic {
    let place = match extended_by {
        None => Place::field(&Arc::from(config), "theme"),
        Some(theme) => Place::field(&Arc::from(format!("themes/{theme}/theme.yaml")), "extends"),
    };
    let told = Diagnostic::new(&UNKNOWN_THEME, place, format!("no theme is called `{name}`"))
        .label(format!("looked for themes/{name}/theme.yaml, and among the built-in themes"));
    match nearest_few(name, built_in.iter().copied(), 1).first() {
        Some(near) => {
            let is_sure = misspelt(name, built_in.iter().copied()) == Some(near);
            let told = told.fix(format!("write `{near}`"), (*near).to_owned()).safe_if(is_sure, name);
            told.help(format!("did you mean `{near}`?"))
        }
        None => told.help(format!("built-in themes: {}", built_in.join(", "))),
    }
}

pub(super) fn theme_cycle(chain: &[String], name: &str) -> Diagnostic {
    let last = chain.last().map_or(name, String::as_str);
    let place = Place::field(&Arc::from(format!("themes/{last}/theme.yaml")), "extends");
    Diagnostic::new(&UNKNOWN_THEME, place, "themes extend each other in a circle")
        .label(format!("{} → {name}", chain.join(" → ")))
        .help("take out one `extends:`")
}

pub(super) fn theme_too_new(name: &str, wanted: u32, have: u32) -> Diagnostic {
    let place = Place::field(&Arc::from(format!("themes/{name}/theme.yaml")), "api");
    Diagnostic::new(
        &THEME_TOO_NEW,
        place,
        format!("the theme needs API {wanted}, and this program has API {have}"),
    )
    .help("update Rejoinder, or take an older release of the theme")
}

pub(super) fn not_a_file(path: &Arc<str>) -> Diagnostic {
    Diagnostic::new(
        &THEME_FILE,
        Place::file(path),
        format!("`{path}` is not a plain file, and links are not followed"),
    )
    .help("put the file itself there")
}

pub(super) fn not_text(path: &Arc<str>) -> Diagnostic {
    Diagnostic::new(&THEME_FILE, Place::file(path), format!("`{path}` is not UTF-8 text"))
        .help("save it as UTF-8")
}

pub(super) fn bad_asset_name(path: &Arc<str>, why: &OutPathProblem) -> Diagnostic {
    Diagnostic::new(&THEME_FILE, Place::file(path), format!("`{path}` cannot be published: {why}"))
        .help("rename the file")
}

pub(super) fn unknown_setting<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str>,
    given: &BTreeMap<String, Extra>,
    mut place: Place,
) -> Diagnostic {
    if let crate::diag::At::Field(path) = place.at {
        place.at = crate::diag::At::Key(path);
    }
    let known: Vec<&str> = known.collect();
    let told = Diagnostic::new(&UNKNOWN_SETTING, place, format!("the theme has no setting `{name}`"))
        .label("not declared by the theme");
    match nearest_few(name, known.iter().copied(), 1).first() {
        Some(near) => {
            let is_sure = !given.contains_key(*near) && misspelt(name, known.iter().copied()) == Some(near);
            let told = told.fix(format!("write `{near}`"), (*near).to_owned()).safe_if(is_sure, name);
            told.help(format!("did you mean `{near}`?"))
        }
        None if known.is_empty() => told.help("this theme has no settings"),
        None => told.help(format!("it has: {}", known.join(", "))),
    }
}

pub(super) fn bad_setting(setting: &Setting, place: Place) -> Diagnostic {
    let wanted = match &setting.kind {
        SettingKind::Text => "text".to_owned(),
        SettingKind::Bool => "`true` or `false`".to_owned(),
        SettingKind::OneOf(words) => {
            format!("one of {}", words.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "))
        }
    };
    Diagnostic::new(&BAD_SETTING, place, format!("the setting `{}` wants {wanted}", setting.name))
        .label(format!("not {wanted}"))
        .help(setting.help.clone())
}
