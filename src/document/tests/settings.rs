//! `site.yaml` and `theme.yaml`.

use super::*;
use crate::diag::Level;
use crate::model::{Extra, LinkStyle, MenuItem, Setting, SettingKind, Site, ThemeInfo};

fn site(text: &str) -> (Option<Site>, Vec<String>) {
    let (site, report) = read_site(&Input::new("site.yaml", text.as_bytes()));
    (site, told(&report, text))
}

fn theme(text: &str) -> (Option<ThemeInfo>, Vec<String>) {
    let (theme, report) = read_theme(&Input::new("themes/x/theme.yaml", text.as_bytes()));
    (theme, told(&report, text))
}

#[test]
fn a_site_needs_a_title_and_may_say_more() {
    let (small, problems) = site("title: Said\n");
    assert_eq!((small, problems.len()), (Some(Site { title: "Said".to_owned(), ..Site::default() }), 0));
    let (full, problems) = site(
        "title: Said\ndescription: D\nbase_url: https://said.example/x\nlanguage: fr\ntheme: t\noutput: out\nmenu:\n  - Actors: /actors/\n  \
         - { label: Home, to: '[[page:home]]' }\npublisher: me\nraw_html: true\nlinks: clean\nfeed_entries: 10\n\
         levels: { a-code: warning, b-code: allow }\nsettings: { accent: blue }\nextra: { x: 1 }\n",
    );
    assert_eq!(problems, [""; 0]);
    let full = full.expect("a site");
    assert_eq!(full.base_url.as_deref(), Some("https://said.example/x/"));
    let item = |label: &str, to: &str| MenuItem { label: label.to_owned(), to: to.to_owned() };
    assert_eq!(full.menu, [item("Actors", "/actors/"), item("Home", "[[page:home]]")]);
    assert_eq!((full.links, full.feed_entries, full.raw_html), (LinkStyle::Clean, 10, true));
    assert_eq!((full.levels["a-code"], full.levels["b-code"]), (Some(Level::Warning), None));
    assert_eq!(full.settings["accent"], Extra::Text("blue".to_owned()));
}

#[test]
fn slips_in_site_yaml_are_told() {
    assert_eq!(site("titel: x\n").1, ["missing-key 1:1", "unknown-key 1:1 titel"]);
    assert_eq!(site("title: x\nbase_url: said.example\n").1, ["bad-url 2:11 said.example"]);
    assert_eq!(site("title: x\nbase_url: https://a.example/?q\n").1, ["bad-url 2:11 https://a.example/?q"]);
    assert_eq!(site("title: x\nmenu: [{ A: 'javascript:x' }]\n").1, ["bad-url 2:13 'javascript:x'"]);
    assert_eq!(site("title: x\nmenu: [{ label: A }]\n").1, ["missing-key 2:8 {"]);
    assert_eq!(site("title: x\nlevels: { a: loud }\n").1, ["unknown-value 2:14 loud"]);
    assert_eq!(site("title: x\nfeed_entries: -1\n").1, ["wrong-type 2:15 -1"]);
    assert_eq!(site("title: a: b\n").1, ["yaml-syntax 1:8 a: b"]);
    assert_eq!(site("- a\n").1, ["wrong-type 1:1"]);
    assert_eq!(site("").1, ["missing-key 1:1"]);
}

#[test]
fn a_theme_declares_its_settings() {
    let (info, problems) = theme(
        "name: T\napi: 1\nextends: verbatim\nsettings:\n  accent: { type: one-of, values: [blue, red], help: Colour. }\n  \
         wide: { type: bool, default: true, help: Wide. }\n",
    );
    assert_eq!(problems, [""; 0]);
    let info = info.expect("a theme");
    assert_eq!((info.api, info.extends.as_deref()), (1, Some("verbatim")));
    let kind = SettingKind::OneOf(vec!["blue".to_owned(), "red".to_owned()]);
    let default = Extra::Text("blue".to_owned());
    assert_eq!(
        info.settings[0],
        Setting { name: "accent".to_owned(), kind, default, help: "Colour.".to_owned() }
    );
    assert_eq!(info.settings[1].default, Extra::Bool(true));
    assert_eq!(theme("name: T\n").1, ["missing-key 1:1"]);
    assert_eq!(
        theme("name: T\napi: 1\nsettings: { a: { type: colour } }\n").1,
        ["unknown-value 3:24 colour"]
    );
}
