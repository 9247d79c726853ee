//! `site.yaml` and `theme.yaml`.

use super::context::{At, Context};
use super::decode;
use super::fields::Fields;
use super::hosting;
use super::node::Node;
use super::problems::fields as problems;
use super::publish;
use super::rules;
use super::tree;
use super::value::{Value, extra};
use crate::diag::{Diagnostic, Report};
use crate::input::Input;
use crate::model::{
    Encoding, External, Extra, LinkStyle, MenuItem, Search, Setting, SettingKind, Site, ThemeInfo,
};
use crate::text::{Span, check_url};

const LINKS: [(&str, LinkStyle); 2] = [("portable", LinkStyle::Portable), ("clean", LinkStyle::Clean)];

/// Reads `site.yaml`. The site is there whenever its required keys are.
pub fn read_site(input: &Input) -> (Option<Site>, Report) {
    read(input, "site", site)
}

/// Reads a theme's `theme.yaml`.
pub fn read_theme(input: &Input) -> (Option<ThemeInfo>, Report) {
    read(input, "theme", theme)
}

/// Reads one map of settings.
fn read<T>(
    input: &Input,
    noun: &'static str,
    read: fn(&mut Fields<'_, '_>) -> Option<T>,
) -> (Option<T>, Report) {
    let (text, problem) = decode::decode(&input.path, &input.bytes);
    let whole = Span::new(0, text.len());
    let mut context = Context::new(&input.path, &text, 0, Span::at(0));
    let odd = decode::odd_characters(&input.path, &text, whole);
    let readable = problem.is_none() && odd.is_empty();
    problem.into_iter().chain(odd).for_each(|it| context.add(it));
    let root = if readable { tree::tree(&mut context) } else { None };
    let value = root.and_then(|root| {
        let entries = match &root {
            Node::Map(entries) => entries.as_slice(),
            Node::Null(_) => &[],
            Node::Scalar(_) | Node::List(_) => {
                Value { node: &root, at: &At::ROOT }.wrong(&mut context, "`key: value` lines");
                return None;
            }
        };
        let mut fields = Fields::new(&mut context, &At::ROOT, entries, noun);
        let value = read(&mut fields);
        fields.finish();
        value
    });
    (value, context.finish())
}

fn site(fields: &mut Fields<'_, '_>) -> Option<Site> {
    let defaults = Site::default();
    let title = fields.text("title");
    let title = fields.need("title", title);
    let description = fields.text("description");
    let base_url = fields.one("base_url", base_url);
    let language = fields.label("language").unwrap_or(defaults.language);
    let theme = fields.label("theme").unwrap_or(defaults.theme);
    let output = fields.label("output").unwrap_or(defaults.output);
    let snapshots = fields.label("snapshots").unwrap_or(defaults.snapshots);
    let menu = fields.one("menu", menu).unwrap_or_default();
    let publisher = fields.text("publisher");
    let raw_html = fields.truth("raw_html", defaults.raw_html);
    let links = fields.word("links", &LINKS).unwrap_or(defaults.links);
    let feed_entries = fields.whole("feed_entries", defaults.feed_entries);
    let paginate = fields.whole("paginate", defaults.paginate);
    let share_cards = fields.has("share_cards").then(|| fields.truth("share_cards", true));
    let search = if fields.truth("search", true) { Search::List } else { Search::Off };
    let external = fields.one("external", external).unwrap_or_default();
    let publish = publish::targets(fields);
    let hosting = hosting::hosting(fields);
    let encodings = Encoding::ALL.map(|it| (it.name(), it));
    let mut precompress = fields.many("precompress", |context, value| value.word(context, &encodings));
    precompress.sort_unstable();
    precompress.dedup();
    let levels = rules::levels(fields);
    let house_style = fields.truth("house_style", defaults.house_style);
    let stale_after = fields.whole("stale_after", defaults.stale_after);
    let quote_limit = fields.whole("quote_limit", defaults.quote_limit);
    let settings = fields.extras("settings");
    let extra = fields.extras("extra");
    Some(Site {
        title: title?,
        description,
        base_url,
        language,
        theme,
        output,
        snapshots,
        menu,
        publisher,
        raw_html,
        links,
        feed_entries,
        paginate,
        share_cards,
        search,
        external,
        publish,
        hosting,
        precompress,
        levels,
        house_style,
        stale_after,
        quote_limit,
        settings,
        extra,
    })
}

/// A complete address that other addresses are put behind: with a slash at its end, without `?` and `#`.
fn base_url<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<String> {
    let mut url = value.url(context)?;
    if url.contains(['?', '#']) {
        let message = "`base_url` cannot hold `?` or `#`, because pages' addresses are put behind it";
        let diagnostic = Diagnostic::new(&problems::BAD_URL, context.value(value.node, value.at), message);
        context.add(diagnostic.help("Write the address of the site's home page alone"));
        return None;
    }
    if !url.ends_with('/') {
        url.push('/');
    }
    Some(url)
}

/// How `check --external` may ask.
fn external<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<External> {
    value.map(context, "external check", |fields| {
        Some(External { allow_private: fields.truth("allow_private", false) })
    })
}

/// A list of `{ label, to }` or of `Label: /to/`, or one map of the latter.
fn menu<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<Vec<MenuItem>> {
    let one;
    let items = match value.node {
        Node::List(items) => items.as_slice(),
        Node::Map(_) => {
            one = [value.node.clone()];
            &one
        }
        Node::Null(_) | Node::Scalar(_) => {
            value.wrong(context, "a list such as `- Actors: /actors/`");
            return None;
        }
    };
    let mut menu = Vec::new();
    for (idx, node) in items.iter().enumerate() {
        let at = if matches!(value.node, Node::List(_)) { value.at.index(idx) } else { *value.at };
        let Node::Map(entries) = node else {
            Value { node, at: &at }.wrong(context, "`label` and `to`, or `Label: /address/`");
            continue;
        };
        if entries.iter().any(|it| it.key == "label" || it.key == "to") {
            menu.extend(Value { node, at: &at }.map(context, "menu item", |fields| {
                let label = fields.text("label");
                let label = fields.need("label", label);
                let to = fields.one("to", menu_target);
                let to = fields.need("to", to);
                Some(MenuItem { label: label?, to: to? })
            }));
            continue;
        }
        for entry in entries {
            let at = at.key(&entry.key);
            let to = menu_target(context, Value { node: &entry.value, at: &at });
            menu.extend(to.map(|to| MenuItem { label: entry.key.clone().into_owned(), to }));
        }
    }
    Some(menu)
}

/// `/actors/`, `[[kind:id]]`, or a complete address.
fn menu_target<'t>(context: &mut Context<'t>, value: Value<'_, 't>) -> Option<String> {
    let wanted = "an address such as `/actors/`, or `'[[id]]'` in quotes";
    let to = value.plain(context, wanted)?;
    let fits = to.starts_with('/') && !to.starts_with("//")
        || to.starts_with("[[") && to.ends_with("]]")
        || to.contains("://") && check_url(&to).is_ok();
    if fits && check_url(&to).is_ok() {
        return Some(to);
    }
    let message = format!("`{}` cannot be a menu's target", to.escape_debug());
    let diagnostic = Diagnostic::new(&problems::BAD_URL, context.value(value.node, value.at), message);
    context.add(diagnostic.help("Write `/actors/`, `'[[kind:id]]'` or a complete `https://` address"));
    None
}

fn theme(fields: &mut Fields<'_, '_>) -> Option<ThemeInfo> {
    let name = fields.text("name");
    let name = fields.need("name", name);
    if !fields.has("api") {
        fields.missing("api");
    }
    let api = fields.whole("api", 0);
    let extends = fields.label("extends");
    let description = fields.text("description").unwrap_or_default();
    let settings = fields.one("settings", |context, value| {
        let Node::Map(entries) = value.node else {
            value.wrong(context, "a map of settings");
            return None;
        };
        let mut settings = Vec::new();
        for entry in entries {
            let at = value.at.key(&entry.key);
            let value = Value { node: &entry.value, at: &at };
            settings.extend(value.map(context, "setting", |fields| setting(fields, &entry.key)));
        }
        Some(settings)
    });
    Some(ThemeInfo { name: name?, description, api, extends, settings: settings.unwrap_or_default() })
}

fn setting(fields: &mut Fields<'_, '_>, name: &str) -> Option<Setting> {
    let types = [("text", "text"), ("bool", "bool"), ("one-of", "one-of")];
    let written = fields.word("type", &types);
    let written = fields.need("type", written);
    let values = fields.texts("values");
    let default = fields.one("default", |context, value| Some(extra(context, value.node)));
    let help = fields.text("help").unwrap_or_default();
    let kind = match written? {
        "text" => SettingKind::Text,
        "bool" => SettingKind::Bool,
        _ => {
            if values.is_empty() {
                fields.missing("values");
            }
            SettingKind::OneOf(values)
        }
    };
    let default = default.unwrap_or(match &kind {
        SettingKind::Text => Extra::Text(String::new()),
        SettingKind::Bool => Extra::Bool(false),
        SettingKind::OneOf(values) => values.first().map_or(Extra::Null, |it| Extra::Text(it.clone())),
    });
    Some(Setting { name: name.to_owned(), kind, default, help })
}
