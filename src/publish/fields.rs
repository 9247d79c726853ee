//! Header fields of the site's list in a store: what goes with each file, and what a store has no place for.
//!
//! In: a release, and the rules that `headers:` of `site.yaml` adds to those of every site. Out: the release with its files'
//! headers, and the names of all other fields, once each. An object has places for the fields that say what its bytes are
//! and how long they may be kept; a policy for what pages may do is sent by whatever stands in front of the store.

use super::release::{Headers, Release};
use crate::format::hosts::Rules;

/// Where it is written who can send the fields that a store has no place for.
pub const UNSERVED_HELP: &str = "docs/publishing.md#header-fields-of-a-bucket says who can send them";

/// Gives each file the fields of the list that go with it. Returns the names of those that cannot, as they are written, in the
/// order in which readers would get them.
pub fn give(release: &mut Release, rules: &Rules) -> Vec<String> {
    let mut unserved: Vec<String> = Vec::new();
    for file in &mut release.files {
        let headers = &mut file.headers;
        // What the list says is all there is to say: `false` leaves a field out.
        *headers =
            Headers { cache_control: String::new(), disposition: None, language: None, ..headers.clone() };
        for (name, value) in rules.headers(&file.path) {
            match name.to_ascii_lowercase().as_str() {
                "content-type" => headers.content_type = value,
                "cache-control" => headers.cache_control = value,
                "content-disposition" => headers.disposition = Some(value),
                "content-language" => headers.language = Some(value),
                _ if unserved.iter().any(|it| it.eq_ignore_ascii_case(&name)) => (),
                _ => unserved.push(name),
            }
        }
    }
    unserved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HeaderRule, Hosting, Site};
    use crate::publish::release::File;
    use crate::text::{Fingerprint, OutPath};

    fn rule(on: &str, fields: &[(&str, Option<&str>)]) -> HeaderRule {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)));
        HeaderRule { on: on.to_owned(), fields: fields.collect() }
    }

    fn given(paths: &[&str], headers: Vec<HeaderRule>) -> (Vec<Headers>, Vec<String>) {
        let site = Site { hosting: Hosting { headers, ..Hosting::default() }, ..Site::default() };
        let file = |path: &&str| File::new(OutPath::new(path).unwrap(), 0, Fingerprint::of(b""));
        let mut release = Release { files: paths.iter().map(file).collect(), ..Release::default() };
        let unserved = give(&mut release, &Rules::of_settings(&site));
        (release.files.into_iter().map(|it| it.headers).collect(), unserved)
    }

    #[test]
    fn without_a_list_files_have_the_headers_of_the_table() {
        const PATHS: [&str; 7] = [
            "404.html",
            "a/index.html",
            "assets/LICENSE.txt",
            "assets/a.00112233.css",
            "data/a.json",
            "feed.xml",
            "unknown.ending",
        ];
        let (headers, unserved) = given(&PATHS, Vec::new());
        assert_eq!(headers, PATHS.map(Headers::of));
        let own =
            ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"];
        assert_eq!(unserved, [&own[..], &["Access-Control-Allow-Origin"]].concat());
    }

    #[test]
    fn what_an_object_can_carry_comes_from_the_list_and_all_else_is_named_once() {
        let rules = vec![
            rule("/a/*", &[("cache-control", Some("no-store")), ("X-Robots-Tag", Some("noindex"))]),
            rule(
                "/a/x.pdf",
                &[("Content-Disposition", Some("attachment")), ("CONTENT-LANGUAGE", Some("de"))],
            ),
            rule(
                "/b/*",
                &[("Cache-Control", None), ("x-robots-tag", Some("none")), ("Referrer-Policy", None)],
            ),
            rule("/nobody/*", &[("X-Nobody", Some("asks"))]),
        ];
        let (headers, unserved) = given(&["a/index.html", "a/x.pdf", "b/index.html"], rules);
        let fields: Vec<Vec<(&str, &str)>> = headers.iter().map(|it| it.named().collect()).collect();
        let html = ("Content-Type", "text/html; charset=utf-8");
        assert_eq!(fields[0], [html, ("Cache-Control", "no-store")]);
        let pdf = [
            ("Content-Type", "application/pdf"),
            ("Cache-Control", "no-store"),
            ("Content-Disposition", "attachment"),
            ("Content-Language", "de"),
        ];
        assert_eq!(fields[1], pdf);
        assert_eq!(fields[2], [html]);
        let robots = unserved.iter().filter(|it| it.eq_ignore_ascii_case("x-robots-tag"));
        assert_eq!(robots.collect::<Vec<_>>(), ["X-Robots-Tag"], "{unserved:?}");
        assert!(unserved.iter().all(|it| it != "X-Nobody"), "{unserved:?}");
    }

    #[test]
    fn fields_that_are_others_are_named_whether_they_came_or_went() {
        let before = Headers::of("a.html");
        let after =
            Headers { cache_control: String::new(), language: Some("de".to_owned()), ..before.clone() };
        let names = |new: &Headers, old: &Headers| new.changed_from(old).collect::<Vec<_>>();
        assert_eq!(names(&after, &before), ["Content-Language", "Cache-Control"]);
        assert_eq!(names(&before, &after), ["Cache-Control", "Content-Language"]);
        assert!(names(&before, &before).is_empty());
        let moved = Headers { language: Some("fr".to_owned()), ..after.clone() };
        assert_eq!(names(&moved, &after), ["Content-Language"]);
    }
}
