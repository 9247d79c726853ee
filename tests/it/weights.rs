//! What pages weigh on the wire, for each of our themes on the worked example, against what we allow ourselves: readers on a
//! phone pay for every byte before they see a word.

use std::collections::BTreeSet;

use rejoinder::engine::BuildOptions;
use rejoinder::input::MemoryFiles;
use scraper::{Html, Selector};

use crate::world::{self, Site, THEMES, repository, settings_with_theme, tree};

/// Bytes after brotli, at its best.
const MOST_HTML: usize = 12 << 10;
const MOST_CSS: usize = 5 << 10;
/// The sheet that comes with pictures, on the pages that have some.
const MOST_PICTURE_CSS: usize = 1 << 10;
/// The sheet of the search, on the page that lists everything.
const MOST_SEARCH_CSS: usize = 1 << 10;
/// The script of the search, which is fetched when somebody asks for it.
const MOST_SEARCH_SCRIPT: usize = 2 << 10;
const MOST_FONTS: usize = 28 << 10;
/// All that has to come before a page stands as it should: HTML, style sheet, fonts, icon.
const MOST_IN_ALL: usize = 48 << 10;
/// All that a page runs, in itself and in files. It is optional, and comes after everything else.
const MOST_SCRIPT: usize = 4 << 10;

#[test]
fn every_page_of_every_theme_is_light() {
    let mut wrong = Vec::new();
    for theme in THEMES {
        let site = example(theme);
        let mut pages: Vec<&String> = site.files.keys().filter(|path| path.ends_with(".html")).collect();
        pages.sort_by_key(|path| std::cmp::Reverse(site.files[*path].len()));
        // The largest two dozen: the rest have the same style sheet and less of everything else.
        assert!(pages.len() > 100, "the example has all its pages");
        for path in pages.into_iter().take(24) {
            let weight = weigh(&site, path);
            let total = weight.html
                + weight.css
                + weight.picture_css
                + weight.search_css
                + weight.fonts
                + weight.icon
                + weight.script;
            let limits = [
                ("HTML", weight.html, MOST_HTML),
                ("the theme's style sheet", weight.css, MOST_CSS),
                ("the pictures' style sheet", weight.picture_css, MOST_PICTURE_CSS),
                ("the search's style sheet", weight.search_css, MOST_SEARCH_CSS),
                ("fonts", weight.fonts, MOST_FONTS),
                ("script", weight.script, MOST_SCRIPT),
                ("all", total, MOST_IN_ALL),
            ];
            for (what, bytes, most) in limits {
                if bytes > most {
                    wrong.push(format!("{theme}: {path}: {what}: {bytes} bytes, {most} allowed"));
                }
            }
            assert!(weight.html > 500 && weight.css > 2000 && weight.fonts > 8000, "{path} is dressed");
            assert!(weight.script > 1000 && weight.awaited == 0, "{path} waits for no script");
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_script_of_the_search_is_light() {
    let script = std::fs::read(repository("themes/base/static/search.js")).unwrap();
    let bytes = brotli(&script);
    assert!(bytes <= MOST_SEARCH_SCRIPT, "{bytes} bytes, {MOST_SEARCH_SCRIPT} allowed");
}

fn example(theme: &str) -> Site {
    let mut files = MemoryFiles::from_pairs([("site.yaml", settings_with_theme(theme))]);
    for (path, bytes) in tree(&repository("content")) {
        files.insert(format!("content/{path}"), bytes);
    }
    let site = world::build(&files, &BuildOptions::default()).unwrap();
    assert!(!site.built.report.has_errors(), "{}", site.report());
    site
}

/// What a browser without anything in its cache loads for one page, compressed as a server would.
struct Weight {
    html: usize,
    css: usize,
    picture_css: usize,
    search_css: usize,
    fonts: usize,
    icon: usize,
    /// Scripts in files, and what stands in the page.
    script: usize,
    /// Scripts in files for which a browser would wait.
    awaited: usize,
}

fn weigh(site: &Site, path: &str) -> Weight {
    let html = site.text(path).unwrap();
    let page = Html::parse_document(html);
    let links = |selector: &str| {
        let selector = Selector::parse(selector).unwrap();
        let found: Vec<String> = page.select(&selector).map(|it| file(it.attr("href").unwrap())).collect();
        found
    };
    let sheets = links("link[rel=stylesheet]");
    let mut fonts: BTreeSet<String> = links("link[rel=preload][as=font]").into_iter().collect();
    let text: BTreeSet<char> = page
        .select(&Selector::parse("body").unwrap())
        .flat_map(|it| it.text())
        .flat_map(str::chars)
        .collect();
    for sheet in &sheets {
        fonts.extend(needed_for(site.text(sheet).unwrap(), &text));
    }
    let scripts = Selector::parse("script:not([type='application/ld+json'])").unwrap();
    let (inside, files): (Vec<_>, Vec<_>) = page.select(&scripts).partition(|it| it.attr("src").is_none());
    let in_files = files.iter().map(|it| brotli(&site.files[&file(it.attr("src").unwrap())]));
    let in_page = inside.iter().map(|it| it.text().collect::<String>().len());
    let size = |names: &mut dyn Iterator<Item = &String>, of: fn(&[u8]) -> usize| -> usize {
        names.map(|name| of(&site.files[name])).sum()
    };
    Weight {
        html: brotli(html.as_bytes()),
        css: size(
            &mut sheets.iter().filter(|it| !it.contains("/pictures.") && !it.contains("/search.")),
            brotli,
        ),
        search_css: size(&mut sheets.iter().filter(|it| it.contains("/search.")), brotli),
        picture_css: size(&mut sheets.iter().filter(|it| it.contains("/pictures.")), brotli),
        // Fonts are compressed already.
        fonts: size(&mut fonts.iter(), <[u8]>::len),
        icon: size(&mut links("link[rel=icon]").iter(), brotli),
        script: in_files.chain(in_page).sum(),
        awaited: files.iter().filter(|it| it.attr("defer").is_none()).count(),
    }
}

/// `../assets/a.css` as the path of the file: `assets/a.css`.
fn file(href: &str) -> String {
    href[href.find("assets/").expect("themes link to their own files")..].to_owned()
}

/// The fonts of a style sheet that are there for certain letters, when the page has one of them.
fn needed_for(css: &str, text: &BTreeSet<char>) -> Vec<String> {
    let faces = css.split("@font-face{").skip(1).map(|face| &face[..face.find('}').unwrap()]);
    let wanted = faces.filter(|face| {
        let ranges = face.split_once("unicode-range:").map(|(_, after)| after.split(';').next().unwrap());
        ranges
            .is_some_and(|ranges| ranges.split(',').any(|range| text.range(letters(range)).next().is_some()))
    });
    wanted
        .map(|face| format!("assets/{}", face.split_once("url(").unwrap().1.split(')').next().unwrap()))
        .collect()
}

/// `U+A1-A2` as letters.
fn letters(range: &str) -> std::ops::RangeInclusive<char> {
    let range = range.trim().strip_prefix("U+").unwrap();
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let letter = |hex| char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap();
    letter(first)..=letter(last)
}

fn brotli(bytes: &[u8]) -> usize {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &brotli::enc::BrotliEncoderParams::default()).unwrap();
    out.len()
}

#[test]
fn fonts_for_other_letters_count_where_they_are_used() {
    let css = "@font-face{font-family:A;src:url(a.woff2)}@font-face{font-family:A;src:url(b.woff2);unicode-range:U+E9,U+100-17F}";
    let of = |text: &str| needed_for(css, &text.chars().collect());
    assert_eq!(of("plain"), Vec::<String>::new());
    assert_eq!(of("é"), ["assets/b.woff2"]);
    assert_eq!(of("ż"), ["assets/b.woff2"]);
}
