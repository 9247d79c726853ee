//! What every picture promises, held against a handful, dozens and hundreds of names, and against random ones.

use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::measure::width;
use super::*;
use crate::model::StanceMark;

/// The room a label takes at most: left, top, right, bottom.
#[derive(Clone, Debug)]
struct LabelBox {
    text: String,
    sides: [i32; 4],
}

fn number(node: Node<'_, '_>, name: &str) -> i32 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// The box of each label, by the widths the picture was made with.
fn label_boxes(svg: &Document<'_>) -> Vec<LabelBox> {
    let labels = svg.descendants().filter(|it| it.has_tag_name("text"));
    labels
        .map(|label| {
            let size = label.ancestors().find_map(|it| it.attribute("font-size")).unwrap().parse().unwrap();
            let text = label.text().unwrap_or("").to_owned();
            let (x, y, wide) = (number(label, "x"), number(label, "y"), width(&text, size));
            let left = match label.attribute("text-anchor") {
                None => x,
                Some("middle") => x - wide / 2,
                Some("end") => x - wide,
                Some(other) => panic!("what is the anchor {other}?"),
            };
            LabelBox { text, sides: [left, y - size * 4 / 5, left + wide, y + size / 5] }
        })
        .collect()
}

/// Everything that holds for all pictures. Gives back the addresses it leads to.
fn check(picture: &Picture) -> Vec<String> {
    let svg = Document::parse(&picture.svg).expect("a picture is well-formed XML");
    let root = svg.root_element();
    assert_eq!(root.attribute("direction"), Some("ltr"), "a page that runs right to left swaps no anchors");
    let elements: Vec<Node<'_, '_>> = svg.descendants().filter(Node::is_element).collect();
    for element in &elements {
        for attribute in element.attributes() {
            assert!(!matches!(attribute.name(), "id" | "style"), "{} in {}", attribute.name(), picture.svg);
            assert!(!attribute.name().starts_with("on"));
        }
        assert!(!element.has_tag_name("style") && !element.has_tag_name("script"));
    }
    let mut inside = root.children().filter(Node::is_element);
    assert!(inside.next().unwrap().has_tag_name("title"));
    assert!(inside.next().unwrap().has_tag_name("desc"));
    let links: Vec<Node<'_, '_>> = elements.iter().copied().filter(|it| it.has_tag_name("a")).collect();
    let role = if links.is_empty() { "img" } else { "group" };
    assert_eq!(root.attribute("role"), Some(role), "what is inside an image cannot be reached");
    for link in &links {
        assert!(link.children().any(|it| it.has_tag_name("title")), "a link says where it leads, in full");
    }

    let (wide, high) = (number(root, "width"), number(root, "height"));
    let boxes = label_boxes(&svg);
    for (idx, one) in boxes.iter().enumerate() {
        let [left, top, right, bottom] = one.sides;
        assert!(
            left >= 0 && top >= 0 && right <= wide && bottom <= high,
            "`{}` at {:?} leaves {wide} × {high}",
            one.text,
            one.sides
        );
        for other in &boxes[..idx] {
            let [l, t, r, b] = other.sides;
            let apart = right <= l || r <= left || bottom <= t || b <= top;
            assert!(apart, "`{}` lies on `{}`", one.text, other.text);
        }
    }
    links.iter().map(|it| it.attribute("href").unwrap().to_owned()).collect()
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), url: Some(format!("/actors/{}/", crate::text::slug(text))) }
}

const SURNAMES: [&str; 8] = [
    "Example",
    "Brandt",
    "von Muster-Beispiel",
    "O’Placeholder",
    "Łuczak-Öztürk",
    "WWWWWWWWWWMMMM of the Northern Weavers’ and Spinners’ Guild",
    "مثال",
    "例子",
];

fn actor(number: usize, n_houses: usize) -> Actor {
    let text = format!("Person {number} {}", SURNAMES[number % SURNAMES.len()]);
    let house = (!number.is_multiple_of(5)).then(|| name(&format!("House {}", number % n_houses)));
    Actor { name: name(&text), house }
}

/// A map as stories have them: most speak about few.
fn lines(n_actors: usize) -> Vec<Line> {
    let n_targets = n_actors / 3 + 2;
    let line = |number: usize, turn: usize| {
        let target = (number * (turn * 3 + 1) + turn) % n_targets;
        let to = match number % 7 {
            0 => actor((number + 3) % n_actors, 12).name,
            _ => name(&format!("Subject {}", target * target % n_targets)),
        };
        let mark = StanceMark::NAMED[(number % 12 / 2 + turn) % StanceMark::NAMED.len()].1;
        Line { from: actor(number, 12), mark, verb: format!("verb {mark:?}"), to }
    };
    (0..n_actors).flat_map(|number| (0..=number % 3).map(move |turn| line(number, turn))).collect()
}

fn moments(n_actors: usize) -> Vec<Moment> {
    let kinds =
        [MomentKind::Said, MomentKind::Said, MomentKind::Done, MomentKind::Silent, MomentKind::Corrected];
    let day = |number: i64| Some(20_000 + number);
    let one = |number: usize, turn: usize| {
        let at = i64::try_from((number * 7 + turn * 5) % 60).unwrap();
        let when = match (number + turn) % 9 {
            0 => When { earliest: day(-10), latest: day(20), is_doubtful: false },
            1 => When { earliest: None, latest: day(at), is_doubtful: false },
            2 => When { earliest: day(at), latest: None, is_doubtful: true },
            3 => When::default(),
            4 => When { earliest: day(at), latest: day(at), is_doubtful: true },
            5 => When { earliest: day(900), latest: day(900), is_doubtful: false },
            _ => When { earliest: day(at), latest: day(at), is_doubtful: false },
        };
        Moment {
            who: (!number.is_multiple_of(11)).then(|| actor(number, 12)),
            kind: if number.is_multiple_of(11) {
                MomentKind::Event
            } else {
                kinds[(number + turn) % kinds.len()]
            },
            when,
            words: if when == When::default() { String::new() } else { format!("day {at}") },
            url: format!("#t-{number}-{turn}"),
        }
    };
    let mut all: Vec<Moment> =
        (0..n_actors).flat_map(|number| (0..1 + number % 4).map(move |turn| one(number, turn))).collect();
    all.sort_by_key(|it| (it.when.earliest.or(it.when.latest).unwrap_or(i64::MAX), it.url.clone()));
    all
}

fn height(picture: &Picture) -> i32 {
    number(Document::parse(&picture.svg).unwrap().root_element(), "height")
}

#[test]
fn a_map_of_6_40_and_200_actors_stays_readable() {
    for n_actors in [6, 40, 200] {
        let lines = lines(n_actors);
        let picture = map("Who speaks about whom", &lines);
        let links = check(&picture);
        assert!(links.len() <= 2 * MOST);
        assert!(height(&picture) < 1500, "{n_actors} actors: {}", height(&picture));
        assert_eq!(picture.grouped.is_empty(), n_actors == 6);
        assert_eq!(map("Who speaks about whom", &lines), picture, "the same each time");
        // Everybody is drawn, alone or as a member.
        let members: Vec<&Name> = picture.grouped.iter().flat_map(|it| &it.members).collect();
        for line in &lines {
            let named = |name: &Name| links.contains(name.url.as_ref().unwrap()) || members.contains(&name);
            assert!(named(&line.from.name) && named(&line.to), "{line:?}");
        }
    }
}

#[test]
fn a_timeline_of_6_40_and_200_actors_stays_readable() {
    for n_actors in [6, 40, 200] {
        let moments = moments(n_actors);
        let picture = timeline("In order of time", &moments);
        let links = check(&picture);
        assert!(height(&picture) < 2300, "{n_actors} actors: {}", height(&picture));
        assert_eq!(picture.grouped.is_empty(), n_actors == 6);
        assert_eq!(timeline("In order of time", &moments), picture, "the same each time");
        let known = |link: &String| moments.iter().any(|it| *link == it.url);
        assert!(links.iter().filter(|it| it.starts_with('#')).all(known));
        let counted = |it: &Picture| it.svg.matches("href=\"#").count();
        assert!(counted(&picture) > n_actors.min(MOST));
    }
}

#[test]
fn a_date_is_drawn_no_more_exact_than_it_is_known() {
    let moment = |earliest, latest| Moment {
        who: Some(actor(1, 1)),
        kind: MomentKind::Said,
        when: When { earliest, latest, is_doubtful: false },
        words: "some time".to_owned(),
        url: "#t".to_owned(),
    };
    let drawn = |earliest, latest| timeline("t", &[moment(earliest, latest), moment(Some(90), Some(90))]).svg;
    let n_bars = |svg: &str| svg.split("pic-legend").next().unwrap().matches("pic-span").count();
    let n_tips = |svg: &str| svg.matches("pic-tip").count();
    let day = drawn(Some(80), Some(80));
    assert_eq!((n_bars(&day), n_tips(&day)), (0, 0));
    let month = drawn(Some(60), Some(88));
    assert_eq!((n_bars(&month), n_tips(&month)), (1, 0));
    let after = drawn(Some(80), None);
    assert_eq!((n_bars(&after), n_tips(&after)), (1, 1));
    let never = drawn(None, None);
    assert_eq!((n_bars(&never), n_tips(&never)), (0, 0));
    assert!(never.contains("no date"));
}

#[test]
fn a_hostile_name_is_text_and_nothing_else() {
    let hostile = Name {
        text: "</text></svg><script>alert('x')</script>&\u{0}\u{202e}\"".to_owned(),
        url: Some("/a\"><script>/".to_owned()),
    };
    let line = Line {
        from: Actor { name: hostile.clone(), house: None },
        mark: StanceMark::Accuse,
        verb: "<b>accuses</b>".to_owned(),
        to: hostile,
    };
    let picture = map("<title>", &[line]);
    check(&picture);
    assert!(!picture.svg.contains("<script") && !picture.svg.contains("<b>"));
}

#[test]
fn nothing_to_draw_is_no_picture() {
    assert_eq!(map("t", &[]), Picture::default());
    assert_eq!(timeline("t", &[]), Picture::default());
    assert_eq!(
        split("t", &[Side { mark: StanceMark::Praise, label: "praises".to_owned(), count: 0 }]),
        Picture::default()
    );
}

#[test]
fn below_a_split_stand_all_its_words_or_none() {
    let side = |label: &str, count| Side { mark: StanceMark::Act, label: label.to_owned(), count };
    let small = |sides: &[Side]| {
        let svg = split("t", sides).svg;
        let notes = svg.split("<text").skip(1).map(|it| it.split(['>', '<']).nth(1).unwrap().to_owned());
        notes.collect::<Vec<_>>()
    };
    assert_eq!(small(&[side("acts", 2), side("acts", 1)]), ["2 acts", "1 acts"]);
    assert_eq!(small(&[side("acts", 2), side("welcomes and competes", 1)]), ["2", "1"]);
}

fn any_name() -> impl Strategy<Value = Name> {
    (".{0,30}", prop::option::of("/[a-e]/")).prop_map(|(text, url)| Name { text, url })
}

fn any_actor() -> impl Strategy<Value = Actor> {
    (any_name(), prop::option::of("[a-f]{1,2}")).prop_map(|(name, house)| Actor {
        name,
        house: house.map(|it| Name { url: Some(format!("/actors/{it}/")), text: it }),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn labels_of_any_map_lie_apart(
        lines in prop::collection::vec((any_actor(), 0..7_usize, ".{0,20}", any_name()), 1..90),
    ) {
        let lines: Vec<Line> = lines
            .into_iter()
            .map(|(from, mark, verb, to)| Line { from, mark: StanceMark::NAMED[mark].1, verb, to })
            .collect();
        check(&map("t", &lines));
    }

    #[test]
    fn labels_of_any_timeline_lie_apart(
        moments in prop::collection::vec(
            (
                prop::option::of(any_actor()),
                0..5_usize,
                prop::option::of(-800_000..800_000_i64),
                prop::option::of(prop_oneof![0..3_i64, 0..40_000_i64]),
                any::<bool>(),
            ),
            1..70,
        ),
    ) {
        let kinds = MomentKind::ALL;
        let moments: Vec<Moment> = moments
            .into_iter()
            .map(|(who, kind, earliest, lasting, is_doubtful)| Moment {
                who,
                kind: kinds[kind],
                when: When { earliest, latest: earliest.zip(lasting).map(|(a, b)| a + b), is_doubtful },
                words: "then".to_owned(),
                url: "#a".to_owned(),
            })
            .collect();
        check(&timeline("t", &moments));
    }

    #[test]
    fn labels_of_any_split_lie_apart(
        sides in prop::collection::vec((0..7_usize, ".{0,30}", prop_oneof![0..9_usize, 0..5000_usize]), 0..30),
    ) {
        let sides: Vec<Side> =
            sides.into_iter().map(|(mark, label, count)| Side { mark: StanceMark::NAMED[mark].1, label, count }).collect();
        let picture = split("t", &sides);
        if !picture.svg.is_empty() {
            check(&picture);
        }
    }
}
