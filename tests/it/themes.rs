//! `rejoinder theme check`: what it finds in themes that are wrong, and that it finds nothing in ours.

use rejoinder::engine::{BuildOptions, check_theme};
use rejoinder::input::MemoryFiles;

use crate::world::shown;

/// Checks the theme `paper`, which extends `verbatim` and has these templates. Says what was found.
fn check(templates: &[(&str, &str)]) -> String {
    let own = [
        ("site.yaml".to_owned(), "title: T\nlanguage: en\ntheme: paper\n"),
        ("themes/paper/theme.yaml".to_owned(), "name: paper\napi: 1\nextends: verbatim\ndescription: D.\n"),
    ];
    let templates = templates.iter().map(|(name, text)| (format!("themes/paper/templates/{name}"), *text));
    let files = MemoryFiles::from_pairs(own.into_iter().chain(templates));
    let checked = check_theme(&files, &BuildOptions::default(), None).unwrap();
    assert_eq!(
        checked.pages == 0,
        checked.report.diagnostics().iter().any(|it| it.message.contains("syntax"))
    );
    shown(&checked.report, &checked.sources)
}

#[test]
fn our_own_themes_stand_every_page() {
    for name in rejoinder::theme::built_in_names() {
        let files = MemoryFiles::from_pairs([("site.yaml", "title: T\nlanguage: en\n")]);
        let checked = check_theme(&files, &BuildOptions::default(), Some(name)).unwrap();
        assert_eq!(shown(&checked.report, &checked.sources), "", "{name}");
        assert!(checked.templates >= 19 && checked.pages > 1_000, "{name}: {checked:?}");
    }
}

#[test]
fn a_field_that_can_be_absent_is_missed_where_the_template_needs_it() {
    let term = "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1>\n{{ page.feed.name }}{% endblock main %}";
    let report = check(&[("term.html", term)]);
    assert!(report.contains("error[template]"), "{report}");
    assert!(report.contains("themes/paper/templates/term.html:2:"), "{report}");
    assert!(
        report.contains("found in a made-up page of `term.html` with nothing that can be absent"),
        "{report}"
    );
    assert_eq!(report.matches("error[").count(), 1, "{report}");
    let one = "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1>
{% if page.json %}{{ page.feed.name }}{% endif %}{% endblock main %}";
    let report = check(&[("term.html", one)]);
    assert!(report.contains("with everything but `page.feed`"), "{report}");
}

#[test]
fn text_that_is_printed_as_html_is_found_in_elements_and_attributes() {
    for printed in ["<p>{{ term.definition | safe }}</p>", "<p title=\"{{ term.definition | safe }}\">"] {
        let term = format!(
            "{{% extends \"base.html\" %}}{{% block main %}}<h1>{{{{ page.title }}}}</h1>{printed}{{% endblock main %}}"
        );
        let report = check(&[("term.html", &term)]);
        assert!(report.contains("error[theme-unescaped]"), "{printed}: {report}");
    }
}

#[test]
fn pages_that_lack_what_readers_need_are_told() {
    let bare = "<p>{{ page.title }}</p><img src=\"https://pictures.example/a.png\" alt=\"\">";
    let report = check(&[("terms.html", bare)]);
    for what in [
        "does not say its language",
        "has no title",
        "has no heading of the first level",
        "has no `<main>`",
        "is laid out for a desk on a phone",
        "asks another site for a file",
    ] {
        assert!(
            report.contains(&format!("warning[theme-page]: a page of `terms.html` {what}")),
            "{what}: {report}"
        );
    }
}

#[test]
fn a_mistake_in_a_copy_of_a_built_in_theme_is_shown_as_it_stands_there() {
    let files = MemoryFiles::from_pairs([
        ("site.yaml", "title: T\nlanguage: en\n"),
        ("themes/base/theme.yaml", "name: base\napi: 1\n"),
        ("themes/base/templates/parts/crumbs.html", "{{ page.crumbs | nmaed }}\n"),
    ]);
    let checked = check_theme(&files, &BuildOptions::default(), None).unwrap();
    let report = shown(&checked.report, &checked.sources);
    assert!(report.contains("1 | {{ page.crumbs | nmaed }}"), "{report}");
}
