//! What every page knows of the site.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Level, Place, Report};
use crate::graph::{Graph, Scope};
use crate::model::{Kind, Search, Site};
use crate::plan;
use crate::theme::Theme;
use crate::view::cards::{Link, SearchView, SiteView};
use crate::view::{extra_map, extra_value};

/// Every code of this module.
pub(super) static CODES: &[&Code] = &[&BAD_MENU];

static BAD_MENU: Code = Code {
    name: "bad-menu",
    level: Level::Error,
    manual: "# bad-menu

An entry of `menu:` in `site.yaml` leads nowhere. An entry is an address of this site, an absolute address, or a link by id:

```yaml
menu:
  - { label: Actors, to: /actors/ }
  - { label: The story, to: \"[[story:deepseek-r1]]\" }
```",
};

/// Composes `site` for templates, with the menu's links resolved.
pub(super) fn view(graph: &Graph, site: &Site, theme: &Theme, report: &mut Report, config: &str) -> SiteView {
    let publisher = site.publisher.as_ref().map(|id| match graph.find(Kind::Actor, id) {
        Some(actor) => Link {
            name: graph.node(actor).name.clone(),
            url: Some(plan::address(graph, actor)),
            kind: "actor",
        },
        None => Link { name: id.clone(), url: None, kind: "" },
    });
    SiteView {
        title: site.title.clone(),
        description: site.description.clone().unwrap_or_default(),
        language: site.language.clone(),
        base_url: site.base_url.clone(),
        menu: menu(graph, site, report, config),
        publisher,
        feed: Link { name: site.title.clone(), url: Some("/feed.xml".to_owned()), kind: "" },
        search: (site.search != Search::Off).then(|| SearchView {
            url: crate::view::search::URL.to_owned(),
            index: site.search == Search::Index,
        }),
        corrections: graph.of_kind(Kind::Correction).count(),
        settings: serde_json::Value::Object(
            theme.settings().iter().map(|(key, value)| (key.clone(), extra_value(value))).collect(),
        ),
        extra: extra_map(&site.extra),
        assets: theme.asset_urls().clone(),
    }
}

/// The site's menu; without one, every story when there are few, and the lists.
fn menu(graph: &Graph, site: &Site, report: &mut Report, config: &str) -> Vec<Link> {
    let link = |name: &str, url: String| Link { name: name.to_owned(), url: Some(url), kind: "" };
    if site.menu.is_empty() {
        let stories: Vec<Link> = graph
            .of_kind(Kind::Story)
            .take(2)
            .map(|id| link(&graph.node(id).name, plan::address(graph, id)))
            .collect();
        let only = if stories.len() == 1 { stories } else { Vec::new() };
        let lists = [
            (Kind::Actor, "Actors", "/actors/"),
            (Kind::Term, "Terms", "/terms/"),
            (Kind::Source, "Sources", "/sources/"),
        ];
        let lists = lists.into_iter().filter(|(kind, ..)| graph.of_kind(*kind).next().is_some());
        let only = only.into_iter().map(|it| Link { name: "Story".to_owned(), ..it });
        return only.chain(lists.map(|(_, name, url)| link(name, url.to_owned()))).collect();
    }
    let file: Arc<str> = config.into();
    let mut items = Vec::new();
    for (idx, item) in site.menu.iter().enumerate() {
        let url = match item.to.strip_prefix("[[").and_then(|it| it.strip_suffix("]]")) {
            Some(id) => graph.resolve(id, &[], Scope::default()).ok().map(|id| plan::address(graph, id)),
            None if item.to.starts_with('/')
                || crate::text::check_url(&item.to).is_ok() && item.to.contains(':') =>
            {
                Some(item.to.clone())
            }
            None => None,
        };
        match url {
            Some(url) => items.push(link(&item.label, url)),
            None => report.add(
                Diagnostic::new(
                    &BAD_MENU,
                    Place::field(&file, format!("menu[{idx}].to")),
                    format!("the menu entry `{}` leads nowhere", item.label),
                )
                .label("neither an address nor a known id")
                .help("write an address such as `/actors/`, or `\"[[story:id]]\"`"),
            ),
        }
    }
    items
}
