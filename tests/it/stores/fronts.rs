//! What stands between a bucket and readers: a cache that is told what changed, and S3 as a website, which redirects.

use std::path::Path;
use std::process::Output;

use super::cycle::{expect, run, site_with};
use super::moto::Moto;
use super::proxy::{Fault, Proxy, When};
use crate::cli::rejoinder;

/// Writes a page of other words, which no other page repeats, and builds.
fn change(moto: &Moto, dir: &Path, words: &str) {
    let page = format!("---\ntitle: About\naliases: [/old place/]\n---\n{words}\n");
    std::fs::write(dir.join("content/about.md"), page).unwrap();
    expect(&run(moto, dir, &["build"]), 0, &[]);
}

#[test]
fn cloudfront_is_told_of_exact_addresses_and_again_where_that_failed() {
    let Some(moto) = Moto::start(false) else { return };
    let proxy = Proxy::start(moto.port);
    let distribution = moto.distribution.clone();
    let dir = site_with(moto.port, "sites/one", &format!("cdn: {{ cloudfront: {distribution} }}"));
    let publish = || -> Output {
        let mut command = rejoinder(dir.path());
        command.env("AWS_ACCESS_KEY_ID", &moto.key.0).env("AWS_SECRET_ACCESS_KEY", &moto.key.1);
        command.env("AWS_ENDPOINT_URL_CLOUDFRONT", format!("http://127.0.0.1:{}", proxy.port));
        command.args(["publish", "--yes"]).output().unwrap()
    };
    change(&moto, dir.path(), "First words.");
    // Of what is new no cache holds anything.
    expect(&publish(), 0, &["Published r1"]);
    assert_eq!(moto.invalidations(), Vec::<Vec<String>>::new());

    change(&moto, dir.path(), "Second words.");
    proxy.set(When::Once(0, Fault::Status(500, None)));
    expect(&publish(), 0, &["Published r2", "Telling the cache"]);
    let told = moto.invalidations();
    assert_eq!(told.len(), 1, "{told:?}");
    for address in ["/sites/one/about/", "/sites/one/about/index.html"] {
        assert!(told[0].contains(&address.to_owned()), "{told:?}");
    }
    assert!(told[0].iter().all(|it| it.starts_with("/sites/one/") && !it.contains("/assets/")), "{told:?}");
    assert_eq!(proxy.seen().len(), 2, "once more after 500");

    // It does not listen: the release is live, and the next run tells it, though nothing else has changed.
    change(&moto, dir.path(), "Third words.");
    proxy.set(When::From(0, Fault::Status(403, None)));
    let name = format!("cannot tell `CloudFront {distribution}`");
    expect(&publish(), 6, &[&name, "403", "run the same command again"]);
    let live = moto.get("sites/one/about/index.html").unwrap().body;
    assert!(String::from_utf8(live).unwrap().contains("Third words."));
    assert_eq!(moto.invalidations().len(), 1);
    expect(&publish(), 6, &[&name]);
    proxy.set(When::Never);
    expect(&publish(), 0, &["Published r3"]);
    let told = moto.invalidations();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains(&"/sites/one/about/".to_owned()));
    expect(&publish(), 0, &["Nothing to publish"]);
    assert_eq!(moto.invalidations().len(), 2);
}

#[test]
fn what_cloudfront_is_told_is_signed() {
    let Some(moto) = Moto::start(true) else { return };
    let dir = site_with(moto.port, "site", &format!("cdn: {{ cloudfront: {} }}", moto.distribution));
    let publish = |secret: &str, prefix: &str| -> Output {
        let mut command = rejoinder(dir.path());
        command.env("AWS_ACCESS_KEY_ID", &moto.key.0).env("AWS_SECRET_ACCESS_KEY", secret);
        command.env("AWS_ENDPOINT_URL_CLOUDFRONT", format!("http://127.0.0.1:{}{prefix}", moto.port));
        command.args(["publish", "--yes"]).output().unwrap()
    };
    for words in ["First words.", "Second words."] {
        change(&moto, dir.path(), words);
        expect(&publish(&moto.key.1, ""), 0, &["Published r"]);
    }
    // Another distribution is none of this account.
    let settings = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
    std::fs::write(dir.path().join("site.yaml"), settings.replace(&moto.distribution, "E1NOBODYS")).unwrap();
    change(&moto, dir.path(), "Third words.");
    expect(&publish(&moto.key.1, ""), 6, &["cannot tell `CloudFront E1NOBODYS`", "404 (NoSuchDistribution)"]);
}

#[test]
fn a_command_is_told_what_changed_and_again_where_it_failed() {
    let Some(moto) = Moto::start(false) else { return };
    let script = "cat > told.json; test ! -e broken || { echo no such zone >&2; exit 3; }";
    let dir = site_with(moto.port, "site", &format!("cdn: {{ command: [sh, -c, '{script}'] }}"));
    let publish = || {
        let mut command = rejoinder(dir.path());
        command.env("PATH", std::env::var("PATH").unwrap());
        command.env("AWS_ACCESS_KEY_ID", &moto.key.0).env("AWS_SECRET_ACCESS_KEY", &moto.key.1);
        command.args(["publish", "--yes"]).output().unwrap()
    };
    let told = || -> Option<serde_json::Value> {
        let text = std::fs::read(dir.path().join("told.json")).ok()?;
        std::fs::remove_file(dir.path().join("told.json")).unwrap();
        Some(serde_json::from_slice(&text).unwrap())
    };
    change(&moto, dir.path(), "First words.");
    expect(&publish(), 0, &["Published r1"]);
    assert_eq!(told(), None);
    change(&moto, dir.path(), "Second words.");
    std::fs::write(dir.path().join("broken"), "").unwrap();
    expect(&publish(), 6, &["cannot tell `sh`", "no such zone"]);
    let first = told().unwrap();
    std::fs::remove_file(dir.path().join("broken")).unwrap();
    expect(&publish(), 0, &["Published r2"]);
    let second = told().unwrap();
    assert_eq!(second, first, "it is told the same");
    assert_eq!(second["schema"], "rejoinder.addresses/1");
    assert_eq!((&second["target"], &second["release"]), (&"live".into(), &"r2".into()));
    assert_eq!(second["everything"], false);
    assert!(second["addresses"].as_array().unwrap().contains(&"/site/about/".into()), "{second}");
    expect(&publish(), 0, &["Nothing to publish"]);
    assert_eq!(told(), None);
}

#[test]
fn s3_as_a_website_is_told_where_old_addresses_lead() {
    const LOCATION: &str = "x-amz-website-redirect-location";
    // Where signatures are checked, files cannot be read without one.
    for checks in [false, true] {
        let Some(moto) = Moto::start(checks) else { return };
        let location = |path: &str| {
            let answer = moto.get(&format!("site/{path}")).unwrap();
            assert_eq!(answer.headers["cache-control"], "public, max-age=0, must-revalidate");
            assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
            (answer.headers.get(LOCATION).cloned(), String::from_utf8(answer.body).unwrap())
        };
        let dir = site_with(moto.port, "site", "website: true");
        let publish = |words: &[&str]| expect(&run(&moto, dir.path(), &["publish", "--yes"]), 0, words);
        change(&moto, dir.path(), "Words.");
        publish(&["Published r1"]);
        publish(&["Nothing to publish"]);
        if checks {
            continue;
        }
        let (to, page) = location("old%20place/index.html");
        assert_eq!(to.as_deref(), Some("/site/about/"));
        assert!(page.contains("This page has moved"), "it leads on without a website too: {page}");
        assert_eq!(location("about/index.html").0, None);
        // Other stores may not know it, so it goes when nobody asks for it any longer.
        let settings = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
        std::fs::write(dir.path().join("site.yaml"), settings.replace(", website: true", "")).unwrap();
        let plan = run(&moto, dir.path(), &["publish", "--plan"]);
        expect(&plan, 0, &["headers", "1 file"]);
        publish(&["Published r2"]);
        assert_eq!(location("old%20place/index.html").0, None);
    }
}

#[test]
fn caches_that_make_no_sense_are_told_at_their_line() {
    let dir = crate::cli::minimal();
    let settings = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
    let cases = [
        ("to: s3, bucket: ours, cdn: { cloudfront: \"E1/../x\" }", "`cloudfront` cannot be"),
        ("to: s3, bucket: ours, cdn: {}", "command"),
        ("to: s3, bucket: ours, cdn: { cloudfront: E1, command: [a] }", "command"),
        ("to: s3, bucket: ours, cdn: fast", "cdn"),
        ("to: s3, bucket: ours, website: perhaps", "`website` wants `true` or `false`"),
        ("to: gcs, bucket: ours, website: true", "website"),
        ("to: git, cdn: { cloudfront: E1 }", "cdn"),
    ];
    for (place, words) in cases {
        let text = format!("{settings}publish: {{ name: live, {place} }}\n");
        std::fs::write(dir.path().join("site.yaml"), text).unwrap();
        let ran = rejoinder(dir.path()).args(["check"]).output().unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(said.contains("site.yaml") && said.contains(words), "{place}:\n{said}");
    }
}
