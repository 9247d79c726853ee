use super::*;

fn rule(on: &str) -> Rule {
    Rule::own(on, &[])
}

#[test]
fn a_rule_fits_the_addresses_that_its_pattern_names() {
    for (on, address, expected) in [
        ("/*", "/", true),
        ("/*", "/a/b.css", true),
        ("/a/*", "/a/", true),
        ("/a/*", "/a", false),
        ("/*.json", "/a/index.json", true),
        ("/*.json", "/.json", true),
        ("/a*a", "/a", false),
        ("/a", "/a", true),
        ("/a", "/a/", false),
    ] {
        assert_eq!(rule(on).fits(address), expected, "{on} {address}");
    }
}

#[test]
fn a_rule_covers_another_when_it_fits_all_that_the_other_does() {
    for (on, other, expected) in [
        ("/*", "/a/*.json", true),
        ("/a/*", "/a/b/*", true),
        ("/a/*", "/a/b", true),
        ("/a/b", "/a/*", false),
        ("/*.json", "/a/*.json", true),
        ("/*.json", "/a/*", false),
    ] {
        assert_eq!(rule(on).covers(&rule(other)), expected, "{on} {other}");
    }
}

#[test]
fn a_store_keeps_the_fields_of_each_file_with_it() {
    let site = crate::model::Site {
        hosting: crate::model::Hosting {
            headers: vec![crate::model::HeaderRule {
                on: "/a/*".to_owned(),
                fields: vec![
                    ("cache-control".to_owned(), Some("no-store".to_owned())),
                    ("Referrer-Policy".to_owned(), None),
                ],
            }],
            ..Default::default()
        },
        ..Default::default()
    };
    let rules = Rules::of(&Plan::default(), &site, None);
    let of = |path: &str, name: &str| {
        let fields = rules.headers(&OutPath::new(path).unwrap());
        let found: Vec<&(String, String)> =
            fields.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name)).collect();
        assert!(found.len() < 2, "{path}: {fields:?}");
        found.first().map(|(_, value)| value.clone())
    };
    let forever = Some("public, max-age=31536000, immutable");
    assert_eq!(of("assets/x.0011aaff.json", "Cache-Control").as_deref(), forever);
    assert_eq!(of("assets/x.json", "Cache-Control"), of("feed.xml", "Cache-Control"));
    assert_eq!(of("index.html", "Content-Type").as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(of("index.html", "Referrer-Policy").as_deref(), Some("strict-origin-when-cross-origin"));
    assert_eq!(of("index.html", "Content-Security-Policy").as_deref(), Some("frame-ancestors 'self'"));
    assert_eq!(of("a/index.html", "Cache-Control").as_deref(), Some("no-store"));
    assert_eq!(of("a/index.html", "Referrer-Policy"), None);
    assert_eq!(of("a/index.json", "Access-Control-Allow-Origin").as_deref(), Some("*"));
}
