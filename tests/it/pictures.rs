//! Pictures on the pages of whole sites: they lead nowhere that the page's own text does not, and stay out of its data.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rejoinder::engine::BuildOptions;
use rejoinder::input::MemoryFiles;
use scraper::{ElementRef, Html, Selector};

use crate::world::{self, Site, repository, tree};

fn site(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Site {
    let site = world::build(&MemoryFiles::from_pairs(files), &BuildOptions::default()).unwrap();
    assert_eq!(site.built.report.count(rejoinder::diag::Level::Error), 0, "{}", site.report());
    site
}

/// A story in which many speak, three of four for one of ten houses, about each other and a few things.
fn crowd(n_actors: usize, language: &str) -> Site {
    let mut actors = "- { id: gazette, kind: actor, type: outlet, name: The Gazette }\n".to_owned();
    for number in 0..10 {
        writeln!(actors, "- {{ id: house-{number}, kind: actor, type: organisation, name: House {number} }}")
            .unwrap();
        writeln!(actors, "- {{ id: thing-{number}, kind: actor, type: product, name: Thing {number} }}")
            .unwrap();
    }
    let mut files = Vec::new();
    for number in 0..n_actors {
        let house = number * 7 % 10;
        let roles = if number % 4 == 0 {
            String::new()
        } else {
            format!(", roles: [{{ at: house-{house}, title: clerk }}]")
        };
        writeln!(actors, "- {{ id: p{number}, kind: actor, type: person, name: \"Person {number} of the Long Name\"{roles} }}").unwrap();
        let date =
            ["2025-01", "2025-01-20/2025-01-24", "2025-01-28", "2025-01-22~", "2025-02-03"][number % 5];
        let about =
            if number % 3 == 0 { format!("p{}", number / 2) } else { format!("thing-{}", number % 4) };
        let text = format!(
            "---\nactor: p{number}\nto: launch\nstance: {}\nsummary: Spoke.\nstatements:\n  - id: words\n    quote: These are words {number}\n    \
             date: {date}\n    date_basis: The report.\n    channel: {{ type: post, on: x }}\n    about: [{about}]\n    \
             sources: [{{ ref: report, role: secondary }}]\n---\nSpoke.\n",
            ["welcomes", "disputes", "accuses"][number % 3]
        );
        files.push((format!("content/tale/reactions/r{number}.md"), text));
    }
    files.extend([
        ("site.yaml".to_owned(), format!("title: Test\nlanguage: {language}\n")),
        ("content/actors.yaml".to_owned(), actors),
        (
            "content/sources.yaml".to_owned(),
            "- { id: report, kind: source, type: article-newspaper, title: The report, publisher: gazette, published: 2025-03-01, accessed: 2025-03-02, url: \"https://gazette.example/a\" }\n".to_owned(),
        ),
        (
            "content/tale/events/launch.md".to_owned(),
            "---\ntitle: The launch\ndate: 2025-01-20\nconcerns: [thing-1]\nsources: [{ ref: report }]\n---\nShown.\n".to_owned(),
        ),
        (
            "content/tale/story.md".to_owned(),
            "---\nkind: story\ntitle: A tale\nquestion: Who said what?\nevent: launch\nas_of: 2025-03-03\nstatus: closed\nscale:\n  stance: [welcomes, disputes, accuses]\nbyline: [gazette]\nmethods: Read.\n---\nIt began.\n".to_owned(),
        ),
    ]);
    site(files.into_iter().map(|(path, text)| (path, text.into_bytes())))
}

fn every(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

fn is_in_picture(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|it| it.value().name() == "svg")
}

/// Checks every page with a picture; says how many there were.
fn check(site: &Site) -> usize {
    let mut n_pictures = 0;
    for (path, bytes) in &site.files {
        let text = String::from_utf8_lossy(bytes);
        if path.ends_with(".json") {
            assert!(!text.contains("<svg"), "{path} holds a picture");
        }
        if !path.ends_with(".html") || !text.contains("class=\"pic ") {
            continue;
        }
        let page = Html::parse_document(&text);
        let ids: BTreeSet<&str> =
            page.select(&every("[id]")).filter_map(|it| it.value().attr("id")).collect();
        let (inside, outside): (Vec<ElementRef<'_>>, Vec<ElementRef<'_>>) =
            page.select(&every("a[href]")).partition(|it| is_in_picture(*it));
        let listed: BTreeSet<&str> = outside.iter().filter_map(|it| it.value().attr("href")).collect();
        for link in inside {
            let href = link.value().attr("href").unwrap();
            match href.split_once('#') {
                // On the page itself, or on the timeline, which the check for broken links has looked at.
                Some(("", fragment)) => assert!(ids.contains(fragment), "{path}: {href}"),
                Some((page, _)) => assert!(page.contains("timeline/"), "{path}: {href}"),
                None => assert!(listed.contains(href), "{path}: no list leads to {href}"),
            }
        }
        for picture in page.select(&every("svg.pic")) {
            n_pictures += 1;
            assert_eq!(picture.value().attr("direction"), Some("ltr"), "{path}");
            assert_eq!(picture.select(&every("[id], [style], style, script")).count(), 0, "{path}");
        }
    }
    n_pictures
}

#[test]
fn whatever_a_picture_leads_to_stands_in_a_list_beside_it() {
    let small = tree(&repository("tests/sites/small"));
    assert!(check(&site(small.into_iter().filter(|(path, _)| !path.starts_with("expected/")))) >= 5);
    // Story: split, map, timeline; the map's page; the timeline's page.
    for n_actors in [6, 40, 200] {
        assert_eq!(check(&crowd(n_actors, "en")), 5, "{n_actors} actors");
    }
    assert_eq!(check(&crowd(6, "ar")), 5, "a site that runs right to left");
}

#[test]
fn what_is_drawn_together_is_named() {
    let few = crowd(6, "en");
    assert!(!few.at("/tale/map/").unwrap().contains("Drawn together"));
    let many = crowd(200, "en");
    for url in ["/tale/", "/tale/map/", "/tale/timeline/"] {
        let page = Html::parse_document(many.at(url).unwrap());
        let groups: Vec<ElementRef<'_>> = page.select(&every(".folded li")).collect();
        assert!((10..=48).contains(&groups.len()), "{url}: {}", groups.len());
        for group in groups {
            let first = group.select(&every("b")).next().unwrap().text().collect::<String>();
            let n_said: usize =
                first.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
            // `House 3 (15)` and `50 others`.
            let n_said =
                first.rsplit_once(" (").map_or(n_said, |(_, it)| it.trim_end_matches(')').parse().unwrap());
            let n_named = group.text().collect::<String>().split(", ").count();
            assert_eq!(n_said, n_named, "{url}: {first}");
        }
    }
}
