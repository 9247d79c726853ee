//! Header fields of the site's list, in a bucket: what goes with each file, and what is said of the rest.

use std::path::Path;

use super::cycle::{expect, run, site_with};
use super::moto::Moto;
use super::proxy::{Proxy, When};

/// Puts another list of header fields into the settings, and builds.
fn list(moto: &Moto, dir: &Path, headers: &str) {
    let text = std::fs::read_to_string(dir.join("site.yaml")).unwrap();
    let kept = text.split("headers:").next().unwrap();
    std::fs::write(dir.join("site.yaml"), format!("{kept}headers:\n{headers}")).unwrap();
    expect(&run(moto, dir, &["build"]), 0, &[]);
}

#[test]
fn another_list_of_header_fields_reaches_the_files_it_is_about_and_no_others() {
    let Some(moto) = Moto::start(false) else { return };
    let proxy = Proxy::start(moto.port);
    let dir = site_with(proxy.port, "site", "region: us-east-1, website: true");
    let about = "---\ntitle: About\naliases: [/old/]\n---\nWords.\n";
    std::fs::write(dir.path().join("content/about.md"), about).unwrap();
    let publish = |args: &[&str]| run(&moto, dir.path(), &[&["publish"], args].concat());
    let field = |path: &str, name: &str| {
        let answer = moto.get(&format!("site/{path}")).unwrap();
        answer.headers.get(name).cloned()
    };
    let (page, data) = ("public, max-age=0, must-revalidate", "public, max-age=60");
    let first = "  /*.json: { Cache-Control: 'public, max-age=60' }\n  /*: { X-Robots-Tag: noindex }\n";
    list(&moto, dir.path(), first);
    let plan = publish(&["--plan"]);
    let said = String::from_utf8_lossy(&plan.stdout).into_owned();
    for name in ["Content-Security-Policy", "Referrer-Policy", "X-Robots-Tag", "Access-Control-Allow-Origin"]
    {
        assert_eq!(said.matches(name).count(), 1, "{name}, once:\n{said}");
    }
    assert!(said.contains("docs/publishing.md#header-fields-of-a-bucket"), "{said}");
    let plan = publish(&["--plan", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert!(plan["unserved"]["fields"].as_array().unwrap().contains(&"X-Robots-Tag".into()), "{plan:#}");
    let sent = plan["operations"].as_array().unwrap().iter().find(|it| it["path"] == "index.json").unwrap();
    assert_eq!(sent["headers"]["cache"], data);
    expect(&publish(&["--yes"]), 0, &["Published r1"]);
    assert_eq!(field("index.json", "cache-control").as_deref(), Some(data));
    assert_eq!(field("index.html", "cache-control").as_deref(), Some(page));
    assert_eq!(field("index.html", "x-robots-tag"), None);

    // A second publish believes the record, and sees by it that the list is another. The page at the old address goes with
    // its redirect.
    let second = "  /*.json: { Cache-Control: 'public, max-age=60' }\n  /index.json: { Cache-Control: false }\n  /old/: { Content-Language: de }\n  \
                  /about/: { Cache-Control: no-store, Content-Disposition: 'inline; filename=\"about.html\"', Content-Language: en }\n";
    list(&moto, dir.path(), second);
    let plan = publish(&["--plan"]);
    expect(&plan, 0, &["h headers", "(Cache-Control, Content-Disposition, Content-Language)"]);
    proxy.set(When::Never);
    expect(&publish(&["--yes"]), 0, &["Published r2"]);
    assert!(
        proxy
            .seen()
            .iter()
            .all(|(method, path)| method != "GET" || !path.trim_end_matches('/').ends_with("ours")),
        "nothing was listed: {:?}",
        proxy.seen()
    );
    let written: Vec<String> =
        proxy.seen().into_iter().filter(|(it, _)| it == "PUT").map(|it| it.1).collect();
    for path in ["about/index.html", "index.json", "old/index.html"] {
        assert!(written.iter().any(|it| it.ends_with(&format!("/site/{path}"))), "{path}: {written:?}");
    }
    assert!(
        written.iter().all(|it| !it.ends_with("/site/index.html")),
        "it has the fields it had: {written:?}"
    );
    assert_eq!(field("about/index.html", "cache-control").as_deref(), Some("no-store"));
    let disposition = field("about/index.html", "content-disposition");
    assert_eq!(disposition.as_deref(), Some("inline; filename=\"about.html\""));
    assert_eq!(field("about/index.html", "content-language").as_deref(), Some("en"));
    assert_eq!(field("about/index.html", "content-type").as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(field("old/index.html", "content-language").as_deref(), Some("de"));
    let location = field("old/index.html", "x-amz-website-redirect-location");
    assert_eq!(location.as_deref(), Some("/site/about/"));
    assert_eq!(field("index.json", "cache-control"), None);
    let bytes = moto.get("site/about/index.html").unwrap().body;
    assert!(bytes == std::fs::read(dir.path().join("public/about/index.html")).unwrap());

    expect(&publish(&["--yes"]), 0, &["Nothing to publish: r2"]);
    // Brought back, a release has the fields it had.
    expect(&publish(&["--rollback", "--yes"]), 0, &["r1 again"]);
    assert_eq!(field("index.json", "cache-control").as_deref(), Some(data));
    assert_eq!(field("about/index.html", "content-disposition"), None);
}
