//! Conformance with hosts: one row for each host and case. `docs/preview.md` names where the rules come from.

use rejoinder::preview::{HostRules, Options};

use super::client::{Fake, Running};

use HostRules::{Cloudflare, GithubPages, Netlify, Plain, S3};

fn running(host: HostRules, base: &str, more: &[(&str, &str)]) -> Running {
    let files = [
        ("index.html", "home"),
        ("file.html", "file"),
        ("folder/index.html", "folder"),
        ("both.html", "both page"),
        ("both/index.html", "both folder"),
        ("data.json", "{}"),
        ("404.html", "lost"),
        ("folder/404.html", "lost in folder"),
    ];
    let running = Running::new(Options { host, base: base.to_owned(), ..Options::default() });
    running.publish(Fake::new(&[&files[..], more].concat()));
    running
}

/// `200 words`, or `301 /to/`.
fn outcome(running: &Running, path: &str) -> String {
    let answer = running.get(path);
    let location = answer.header("location");
    format!("{} {}", answer.status, if location.is_empty() { answer.text() } else { location })
}

#[test]
fn slashes_and_endings_are_each_hosts_own() {
    #[rustfmt::skip]
    let table = [
        // address,             Plain,               GitHub Pages,        Netlify,             Cloudflare,            S3
        ("/",                  ["200 home",         "200 home",          "200 home",          "200 home",            "200 home"]),
        ("/index.html",        ["200 home",         "200 home",          "200 home",          "308 /",               "200 home"]),
        ("/file",              ["404 lost",         "200 file",          "200 file",          "200 file",            "404 lost"]),
        ("/file/",             ["404 lost",         "404 lost",          "301 /file",         "308 /file",           "404 lost"]),
        ("/file.html",         ["200 file",         "200 file",          "200 file",          "308 /file",           "200 file"]),
        ("/folder",            ["302 /folder/",     "301 /folder/",      "301 /folder/",      "308 /folder/",        "302 /folder/"]),
        ("/folder?a=b",        ["302 /folder/?a=b", "301 /folder/?a=b",  "301 /folder/?a=b",  "308 /folder/?a=b",    "302 /folder/?a=b"]),
        ("/folder/",           ["200 folder",       "200 folder",        "200 folder",        "200 folder",          "200 folder"]),
        ("/folder/index.html", ["200 folder",       "200 folder",        "200 folder",        "308 /folder/",        "200 folder"]),
        ("/folder/index",      ["404 lost",         "200 folder",        "200 folder",        "308 /folder/",        "404 lost"]),
        ("/both",              ["302 /both/",       "200 both page",     "200 both page",     "200 both page",       "302 /both/"]),
        ("/both/",             ["200 both folder",  "200 both folder",   "301 /both",         "200 both folder",     "200 both folder"]),
        ("/both.html",         ["200 both page",    "200 both page",     "200 both page",     "308 /both",           "200 both page"]),
        ("/both/index.html",   ["200 both folder",  "200 both folder",   "200 both folder",   "308 /both/",          "200 both folder"]),
        ("/data.json",         ["200 {}",           "200 {}",            "200 {}",            "200 {}",              "200 {}"]),
        ("/data.json/",        ["404 lost",         "404 lost",          "404 lost",          "404 lost",            "404 lost"]),
        ("/Folder/",           ["404 lost",         "404 lost",          "404 lost",          "404 lost",            "404 lost"]),
        ("/no",                ["404 lost",         "404 lost",          "404 lost",          "404 lost",            "404 lost"]),
        ("/folder/no",         ["404 lost",         "404 lost",          "404 lost",          "404 lost in folder",  "404 lost"]),
        ("/folder/no/deeper/", ["404 lost",         "404 lost",          "404 lost",          "404 lost in folder",  "404 lost"]),
    ];
    let mut wrong = Vec::new();
    for (idx, host) in [Plain, GithubPages, Netlify, Cloudflare, S3].into_iter().enumerate() {
        let running = running(host, "/", &[]);
        for (path, expected) in &table {
            let got = outcome(&running, path);
            if got != expected[idx] {
                wrong.push(format!("{host:?} {path}: {got}, not {}", expected[idx]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_site_without_a_page_for_lost_addresses() {
    let site = Fake::new(&[("index.html", "home")]);
    for (host, expected) in [(Plain, 404), (GithubPages, 404), (Netlify, 404), (Cloudflare, 200), (S3, 404)] {
        let running = Running::new(Options { host, ..Options::default() });
        running.publish(site.clone());
        let answer = running.get("/no");
        assert_eq!(answer.status, expected, "{host:?}");
        assert_eq!(answer.text() == "home", expected == 200, "{host:?}: one page for every address");
    }
}

#[test]
fn a_site_below_a_path_is_found_there() {
    let strict = running(GithubPages, "/repo/", &[]);
    for (path, expected) in [
        ("/repo/", "200 home"),
        ("/repo/folder", "301 /repo/folder/"),
        ("/repo/no", "404 lost"),
        ("/repo", "302 /repo/"),
        ("/", "302 /repo/"),
        ("/folder/", "404 The site is below /repo/, as `base_url` says.\n"),
    ] {
        assert_eq!(outcome(&strict, path), expected, "{path}");
    }
    assert!(strict.server.url().ends_with("/repo/"));
    let plain = running(Plain, "/repo/", &[("repo/own.txt", "a real directory")]);
    for (path, expected) in [
        ("/", "200 home"),
        ("/folder/", "200 folder"),
        ("/repo/folder/", "200 folder"),
        ("/repo/folder", "302 /repo/folder/"),
        ("/repo/own.txt", "200 a real directory"),
        ("/repo/no", "404 lost"),
        ("/no", "404 lost"),
    ] {
        assert_eq!(outcome(&plain, path), expected, "{path}");
    }
}

const REDIRECTS: &str = "\
# comment
/old            /folder/
/gone/          /folder/      302   # and why
/data.json      /folder/      307
/data.json?     /never
/force          /folder/      301!
/news/*         /blog/:splat
/by/:who/:what  /x/:what/:who 301
/shown/*        /folder/      200
/lost/*         /404.html     404
/search id=:id  /item/:id     301
/kind a=b       /ab           301
/land           /de/          302   Country=de
/out            https://other.example/a?b=c  301
/proxy/*        https://other.example/:splat 200
https://old.example/* /x
not a rule
/half
";

#[test]
fn redirects_are_read_by_hosts_that_read_them() {
    #[rustfmt::skip]
    let table = [
        // address,            Netlify,                           Cloudflare
        ("/old",              ["301 /folder/",                   "302 /folder/"]),
        ("/old/",             ["301 /folder/",                   "404 lost"]),
        ("/old?a=1",          ["301 /folder/?a=1",               "302 /folder/?a=1"]),
        ("/gone",             ["302 /folder/",                   "404 lost"]),
        ("/gone/",            ["302 /folder/",                   "302 /folder/"]),
        // Netlify shows the file that is there; Cloudflare redirects all the same.
        ("/data.json",        ["200 {}",                         "307 /folder/"]),
        ("/force",            ["301 /folder/",                   "404 lost"]),
        ("/news/a/b",         ["301 /blog/a/b",                  "302 /blog/a/b"]),
        ("/news",             ["301 /blog/",                     "404 lost"]),
        ("/newspaper",        ["404 lost",                       "404 lost"]),
        ("/by/ada/notes",     ["301 /x/notes/ada",               "301 /x/notes/ada"]),
        ("/by/ada",           ["404 lost",                       "404 lost"]),
        ("/shown/x",          ["200 folder",                     "200 folder"]),
        ("/lost/x",           ["404 lost",                       "404 lost"]),
        ("/search?id=7",      ["301 /item/7?id=7",               "404 lost"]),
        ("/search",           ["404 lost",                       "404 lost"]),
        ("/kind?a=b",         ["301 /ab?a=b",                    "404 lost"]),
        ("/kind?a=c",         ["404 lost",                       "404 lost"]),
        ("/land",             ["404 lost",                       "404 lost"]),
        ("/out?x=y",          ["301 https://other.example/a?b=c", "301 https://other.example/a?b=c"]),
        ("/half",             ["404 lost",                       "404 lost"]),
        ("/_redirects",       ["404 lost",                       "404 lost"]),
        ("/_headers",         ["404 lost",                       "404 lost"]),
    ];
    let files = [("_redirects", REDIRECTS), ("_headers", "/*\n  X-A: b\n")];
    let mut wrong = Vec::new();
    for (idx, host) in [Netlify, Cloudflare].into_iter().enumerate() {
        let running = running(host, "/", &files);
        for (path, expected) in &table {
            let got = outcome(&running, path);
            if got != expected[idx] {
                wrong.push(format!("{host:?} {path}: {got}, not {}", expected[idx]));
            }
        }
        let proxied = running.get("/proxy/a");
        assert_eq!(proxied.status, 502, "{host:?}");
        assert!(proxied.text().contains("https://other.example/a"), "{}", proxied.text());
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    for host in [Plain, GithubPages, S3] {
        let running = running(host, "/", &files);
        assert_eq!(outcome(&running, "/old"), "404 lost", "{host:?}");
        assert_eq!(outcome(&running, "/_headers"), "200 /*\n  X-A: b\n", "{host:?}: a file like any other");
        assert_eq!(running.get("/").header("x-a"), "", "{host:?}");
    }
}

#[test]
fn headers_are_set_but_for_those_that_guard_the_preview() {
    let rules = "\
# comment
/*
  X-Frame-Options: DENY
  X-List: one
  Access-Control-Allow-Origin: *
  Cache-Control: public, max-age=31536000
  Strict-Transport-Security: max-age=1
  Content-Length: 3
  Bad Name: x
/folder/*
  X-List: two
  ! X-Frame-Options
/by/:who
  X-Who: yes
https://other.example/*
  X-Other: yes
";
    for host in [Netlify, Cloudflare] {
        let running =
            running(host, "/", &[("_headers", rules), ("by/ada/index.html", "ada"), ("by/bo.txt", "bo")]);
        let home = running.get("/");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-list", "one"),
            ("access-control-allow-origin", ""),
            ("cache-control", "no-store"),
            ("strict-transport-security", ""),
            ("content-length", "4"),
            ("x-who", ""),
            ("x-other", ""),
        ] {
            assert_eq!(home.header(name), value, "{host:?} {name}");
        }
        let folder = running.get("/folder/");
        assert_eq!((folder.header("x-list"), folder.header("x-frame-options")), ("one, two", ""), "{host:?}");
        assert_eq!(running.get("/by/bo.txt").header("x-who"), "yes", "{host:?}");
    }
}

#[test]
fn a_policy_of_the_host_lets_the_script_in() {
    let rules = "/*\n  Content-Security-Policy: default-src 'none'\n";
    let running = Running::new(Options { host: Netlify, reload: true, ..Options::default() });
    running.publish(Fake::new(&[("index.html", "home"), ("a.txt", "a"), ("_headers", rules)]));
    let policy = running.get("/").header("content-security-policy").to_owned();
    let script = format!("script-src-elem http://localhost:{}{}", running.port(), running.own("preview.js"));
    assert_eq!(policy, format!("default-src 'none'; {script}; connect-src 'self'"));
    assert_eq!(running.get("/a.txt").header("content-security-policy"), "default-src 'none'");
}

#[test]
fn what_a_build_tells_a_host_is_what_it_does() {
    for (host, name, old) in [
        (Netlify, "netlify", "301 /actors/ada/"),
        (Cloudflare, "cloudflare", "301 /actors/ada/"),
        (GithubPages, "github-pages", "200"),
    ] {
        let dir = crate::hosting::site(name);
        let running = Running::new(Options { host, ..Options::default() });
        running.publish(Fake { files: crate::world::tree(&dir.path().join("public")), ..Fake::default() });
        assert!(outcome(&running, "/old/").starts_with(old), "{name}: {}", outcome(&running, "/old/"));
        assert_eq!(running.get("/_redirects").status, 404, "{name}");
        if host == GithubPages {
            let page = running.get("/old/");
            assert!(page.text().contains("url=../actors/ada/index.html"), "{}", page.text());
            continue;
        }
        for (path, expected) in [
            ("/gone.html", "302 https://elsewhere.example/a?b=c"),
            ("/blog/feed.xml", "308 /feed.xml"),
            ("/blog/feed.xml?a=b", "308 /feed.xml?a=b"),
            ("/news/2020/", "307 /actors/"),
        ] {
            assert_eq!(outcome(&running, path), expected, "{name} {path}");
        }
        let page = running.get("/actors/");
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with("; frame-ancestors 'self'"), "{name}: {policy}");
        assert_eq!(page.header("x-page"), "exactly \"this\"", "{name}");
        assert_eq!(running.get("/sources/").header("x-robots-tag"), "noindex", "{name}");
    }
}
