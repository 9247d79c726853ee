//! Share cards: what they show and weigh, which pages name which, and that none is drawn twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use rejoinder::card::{FontFile, Press, Unprintable};
use rejoinder::engine::{BuildOptions, Ledger, Look, Session, Shelf};
use rejoinder::input::MemoryFiles;

use crate::edits::{Project, small};
use crate::world::{Cards, Site, THEMES, build_on, repository, shown};

/// What a card may weigh.
const MOST_BYTES: usize = 60_000;

fn options(jobs: usize, cards: &Arc<Cards>) -> BuildOptions {
    let shelf: Arc<dyn Shelf> = Arc::<Cards>::clone(cards);
    BuildOptions {
        program: "test".to_owned(),
        jobs: Some(jobs),
        card_shelf: Some(shelf),
        ..BuildOptions::default()
    }
}

fn files(project: &Project) -> MemoryFiles {
    MemoryFiles::from_pairs(project.iter().map(|(path, bytes)| (path.clone(), bytes.clone())))
}

fn clean(project: &Project) -> Site {
    build_on(&files(project), &options(2, &Arc::default()), &Ledger::default(), &BTreeMap::new()).unwrap()
}

/// The small site with share cards, and these changes of texts.
fn project(changes: &[(&str, &str, &str)]) -> Project {
    let mut project = small();
    for (path, from, to) in changes {
        let text = String::from_utf8(project[*path].clone()).unwrap();
        assert!(text.contains(from), "{path} holds `{from}`");
        project.insert((*path).to_owned(), text.replace(from, to).into_bytes());
    }
    project
}

fn cards_of(site: &Site) -> BTreeMap<&String, &Vec<u8>> {
    site.files.iter().filter(|(path, _)| path.starts_with("assets/cards/")).collect()
}

/// The address that a page's head names, without what the site's own begins with.
fn named<'s>(site: &'s Site, url: &str) -> Option<&'s str> {
    let head = site.at(url).unwrap_or_else(|| panic!("no page {url}"));
    let address = head.split("property=\"og:image\" content=\"").nth(1)?.split('"').next()?;
    Some(address.strip_prefix("https://small.example/site/").expect("an absolute address"))
}

#[test]
fn every_story_actor_and_statement_names_its_card_and_others_none() {
    let site = clean(&project(&[]));
    let cards = cards_of(&site);
    let pages = ["/tale/", "/actors/ada/", "/tale/ada/hello/", "/tale/weavers/no/"];
    for url in pages {
        let path = named(&site, url).unwrap_or_else(|| panic!("{url} names no card"));
        let bytes = cards.get(&path.to_owned()).unwrap_or_else(|| panic!("{url}: {path} is not there"));
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "{url}");
        // IHDR: width and height.
        assert_eq!(bytes[16..24], [0, 0, 4, 176, 0, 0, 2, 118], "{url}");
        let head = site.at(url).unwrap();
        for meta in [
            "property=\"og:image:type\" content=\"image/png\"",
            "property=\"og:image:width\" content=\"1200\"",
            "property=\"og:image:height\" content=\"630\"",
            "name=\"twitter:card\" content=\"summary_large_image\"",
        ] {
            assert!(head.contains(meta), "{url}: {meta}");
        }
    }
    let hello = site.at("/tale/ada/hello/").unwrap();
    let alt = hello.split("og:image:alt\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(alt.starts_with('“') && alt.contains("Ada"), "{alt}");
    for url in ["/", "/actors/", "/about/", "/tale/timeline/"] {
        assert_eq!(named(&site, url), None, "{url}");
        assert!(site.at(url).unwrap().contains("name=\"twitter:card\" content=\"summary\""), "{url}");
    }
    let with_card = site.files.values().filter(|it| String::from_utf8_lossy(it).contains("og:image\""));
    assert_eq!(with_card.count(), cards.len(), "each card is named by one page");
}

#[test]
fn a_card_has_the_same_bytes_on_one_thread_and_on_four() {
    let project = project(&[]);
    let of = |jobs| {
        build_on(&files(&project), &options(jobs, &Arc::default()), &Ledger::default(), &BTreeMap::new())
            .unwrap()
    };
    let (one, four) = (of(1), of(4));
    assert!(cards_of(&one).len() > 5);
    assert!(one.files == four.files);
}

#[test]
fn a_card_is_drawn_once() {
    let before = project(&[]);
    let drawn: Arc<Cards> = Arc::default();
    let first = build_on(&files(&before), &options(2, &drawn), &Ledger::default(), &BTreeMap::new()).unwrap();
    let n_cards = cards_of(&first).len();
    let take = || std::mem::take(&mut *drawn.0.lock().unwrap());
    assert_eq!(take().len(), n_cards);
    let ledger = Ledger::from_bytes(first.built.ledger.as_ref().unwrap().to_bytes());

    // Nothing changed: nothing is drawn, although nothing is on the shelf.
    let again = build_on(&files(&before), &options(2, &drawn), &ledger, &first.files).unwrap();
    assert!(take().is_empty() && again.files == first.files && again.built.made.is_empty());

    // Other words: their card alone.
    let path = "content/tale/reactions/ada.md";
    let words = String::from_utf8(before[path].clone()).unwrap();
    let words = words.split("quote: ").nth(1).unwrap().lines().next().unwrap();
    let after = project(&[(path, words, "Something else altogether")]);
    let edited = build_on(&files(&after), &options(2, &drawn), &ledger, &first.files).unwrap();
    assert_eq!(take().len(), 1, "{:?}", edited.built.made);
    assert!(edited.files == clean(&after).files);

    // All pages anew, with what is on the shelf: nothing is drawn.
    let shelf: Arc<Cards> = Arc::default();
    for (path, bytes) in cards_of(&first) {
        let name = path.trim_end_matches(".png").rsplit_once('.').unwrap().1;
        shelf.put(name, bytes);
    }
    let n_before = shelf.0.lock().unwrap().len();
    let whole = build_on(&files(&before), &options(2, &shelf), &Ledger::default(), &BTreeMap::new()).unwrap();
    assert!(whole.files == first.files);
    assert_eq!(shelf.0.lock().unwrap().len(), n_before);
}

#[test]
fn words_in_letters_that_the_fonts_lack_have_the_card_of_their_story() {
    let path = "content/tale/reactions/ada.md";
    let text = String::from_utf8(small()[path].clone()).unwrap();
    let words = text.split("quote: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let before = project(&[(path, &words, "織機にこんにちは 🧵")]);
    let site = clean(&before);
    let url = "/tale/ada/hello/";
    assert_eq!(named(&site, url), named(&site, "/tale/"));
    assert!(!cards_of(&site).keys().any(|it| it.contains("/ada/hello.")));
    let report = site.report();
    assert_eq!(report.matches("note[share-card-lacking]").count(), 1, "{report}");
    assert!(
        report.contains("the theme's fonts lack こ (U+3053)") && report.contains("`/tale/ada/hello/`"),
        "{report}"
    );

    // A build that makes none of these pages says the same.
    let ledger = Ledger::from_bytes(site.built.ledger.as_ref().unwrap().to_bytes());
    let after =
        project(&[(path, &words, "織機にこんにちは 🧵"), ("content/about.md", "title: ", "title: More ")]);
    let next = build_on(&files(&after), &options(2, &Arc::default()), &ledger, &site.files).unwrap();
    assert!(!next.built.made.iter().any(|it| it.url == url), "{:?}", next.built.made);
    assert_eq!(next.report(), clean(&after).report());
    assert!(next.files == clean(&after).files);
}

#[test]
fn letters_of_the_extension_files_are_drawn() {
    let path = "content/tale/reactions/ada.md";
    let text = String::from_utf8(small()[path].clone()).unwrap();
    let words = text.split("quote: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let site = clean(&project(&[(path, &words, "Où est l’œuvre, garçon ?")]));
    assert!(named(&site, "/tale/ada/hello/").unwrap().contains("/ada/hello."));
    assert!(!site.report().contains("share-card"), "{}", site.report());
}

/// The heaviest that a card can be: as much small text as there is room for, of letters that differ.
#[test]
fn no_card_weighs_more_than_sixty_kilobytes() {
    let path = "content/tale/reactions/ada.md";
    let text = String::from_utf8(small()[path].clone()).unwrap();
    let words = text.split("quote: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let long: Vec<String> =
        (0..400_u32).map(|n| format!("{:x}{}", n.wrapping_mul(2_654_435_761), "&@§ÆŒß%")).collect();
    let title = "Another story with a headline that is as long as headlines must never be but sometimes are "
        .repeat(4);
    for theme in THEMES {
        let mut project = project(&[
            (path, &words, &long.join(" ").replace('&', "and")),
            ("site.yaml", "title: Small", &format!("title: Small\ntheme: {theme}")),
        ]);
        let story = String::from_utf8(project["content/tale/story.md"].clone()).unwrap();
        let old = story.split("title: ").nth(1).unwrap().lines().next().unwrap().to_owned();
        project
            .insert("content/tale/story.md".to_owned(), story.replacen(&old, title.trim(), 1).into_bytes());
        let site = clean(&project);
        let cards = cards_of(&site);
        assert!(cards.keys().any(|it| it.contains("/ada/hello.")), "{}", site.report());
        for (path, bytes) in cards {
            assert!(bytes.len() <= MOST_BYTES, "{theme}: {path} weighs {} bytes", bytes.len());
        }
    }
}

#[test]
fn the_preview_gives_a_card_when_somebody_asks_and_draws_none_before() {
    let project = project(&[]);
    let drawn: Arc<Cards> = Arc::default();
    let mut session = Session::new(Arc::new(files(&project)), options(2, &drawn));
    let generation = session.update(Look::Everywhere).unwrap().unwrap().generation.unwrap();
    let settled = session.task().unwrap().run(&|| false).unwrap().unwrap();
    assert!(!settled.report.has_errors());
    let page = generation.file("tale/index.html").unwrap().unwrap();
    assert!(String::from_utf8_lossy(&page).contains("og:image"));
    assert!(drawn.0.lock().unwrap().is_empty());
    let built = clean(&project);
    let path = named(&built, "/tale/").unwrap();
    assert!(generation.has(path));
    assert!(*generation.file(path).unwrap().unwrap() == *built.files[path]);
    assert_eq!(drawn.0.lock().unwrap().len(), 1);
    assert!(!generation.has("assets/cards/tale.0123456789abcdef.png"));
    assert!(generation.file("assets/cards/tale.0123456789abcdef.png").is_none());
}

#[test]
fn cards_that_were_asked_for_and_cannot_be_made_are_told_with_the_reason() {
    let base_url = "base_url: https://small.example/site/\n";
    let without_address = project(&[("site.yaml", base_url, "share_cards: true\n")]);
    let report = clean(&without_address).report();
    assert!(report.contains("warning[no-share-cards]") && report.contains("has no `base_url`"), "{report}");
    let plain = project(&[("site.yaml", base_url, &format!("{base_url}share_cards: true\ntheme: base\n"))]);
    let site = clean(&plain);
    assert!(site.report().contains("the theme has no templates below `cards/`"), "{}", site.report());
    assert!(cards_of(&site).is_empty());
    let off = project(&[("site.yaml", base_url, &format!("{base_url}share_cards: false\n"))]);
    let site = clean(&off);
    assert!(cards_of(&site).is_empty() && named(&site, "/tale/").is_none());
    assert!(!site.report().contains("share-card"));
}

#[test]
fn a_template_whose_text_would_be_lost_is_an_error_in_that_template() {
    let mut project = project(&[]);
    let mut with = |svg: &str| {
        project.insert("templates/cards/actor.svg".to_owned(), svg.as_bytes().to_vec());
        clean(&project).report()
    };
    let svg = |inner: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\">{inner}</svg>")
    };
    let report = with(&svg("<text font-family=\"Nowhere\" y=\"90\">{{ card.text }}</text>"));
    assert!(report.contains("error[share-card]") && report.contains("sets text in `Nowhere`"), "{report}");
    assert!(
        report.contains("the theme's style sheets declare Rec")
            && report.contains("templates/cards/actor.svg")
    );
    let report = with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"315\"></svg>");
    assert!(report.contains("is 600 × 315 large"), "{report}");
    let report = with("<svg>");
    assert!(report.contains("error[share-card]") && report.contains("is no SVG"), "{report}");
    let report = with(&svg("<text>{{ card.nothing }}</text>"));
    assert!(report.contains("error[template]"), "{report}");
}

/// The fonts of a built-in theme by one name.
fn press() -> Press {
    let names = ["stix-two-text.woff2", "stix-two-text-ext.woff2"];
    let file = |name: &str| FontFile {
        family: "Rec".to_owned(),
        is_italic: false,
        weights: (400, 700),
        name: name.to_owned(),
        bytes: std::fs::read(repository("themes/verbatim/static").join(name)).unwrap().into(),
    };
    Press::new(names.into_iter().map(file).collect()).unwrap()
}

#[test]
fn each_text_of_a_card_is_drawn_in_its_weight() {
    let press = press();
    let card = |inner: &str| {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\" font-family=\"Rec\">{inner}</svg>"
        );
        press.print(&svg)
    };
    let line = |weight: u32, text: &str| {
        format!("<text x=\"60\" y=\"300\" font-size=\"90\" font-weight=\"{weight}\">{text}</text>")
    };
    let empty = card("").unwrap();
    let drawn: Vec<Vec<u8>> = [400, 500, 700].map(|it| card(&line(it, "Hello é")).unwrap()).into();
    assert!(drawn.iter().all(|it| *it != empty), "text is drawn");
    assert!(drawn[0] != drawn[1] && drawn[1] != drawn[2], "the axis of weight is used");
    assert!(card(&line(400, "Hello")).unwrap() != drawn[0], "the letter of the second file is drawn");
    assert_eq!(card(&line(400, "字")), Err(Unprintable::Lacking(['字'].into())));
    let outside = "<image href=\"file:///etc/hostname\" width=\"1200\" height=\"630\"/>";
    assert_eq!(card(outside).unwrap(), empty, "no file is read");
}

#[test]
fn the_built_in_cards_are_tried_by_theme_check() {
    for theme in THEMES {
        let files = MemoryFiles::from_pairs([("site.yaml", "title: T\n")]);
        let checked = rejoinder::engine::check_theme(&files, &BuildOptions::default(), Some(theme)).unwrap();
        assert_eq!(shown(&checked.report, &checked.sources), "", "{theme}");
    }
}
