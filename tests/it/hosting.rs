//! What hosts are told is what they do: the preview as a host, and real servers on 127.0.0.1.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{minimal, rejoinder, run};
use crate::world::{runs_slow_tests, say, tree};

/// The settings of the site that is served.
const SETTINGS: &str = "\
title: Test
hosts: [HOST]
headers:
  /actors/: { X-Page: 'exactly \"this\"' }
  /sources/*: { X-Robots-Tag: noindex, Permissions-Policy: false }
redirects:
  - { from: /old/, to: '[[actor:ada]]' }
  - { from: /gone.html, to: 'https://elsewhere.example/a?b=c', status: 302 }
  - { from: /blog/*, to: '/:splat', status: 308 }
  - { from: /news/*, to: /actors/, status: 307 }
levels: { host-limit: allow }
";

/// That site, built into `public/` for one host.
pub(crate) fn site(host: &str) -> tempfile::TempDir {
    let dir = minimal();
    std::fs::write(dir.path().join("site.yaml"), SETTINGS.replace("HOST", host)).unwrap();
    let built = run(dir.path(), &["build", "--quiet"]);
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    dir
}

/// A server that ends with the test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Server {
    fn start(command: &mut Command, port: u16) -> Server {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Server { child, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(server.child.try_wait().unwrap().is_none(), "the server ended at once");
            assert!(started.elapsed() < Duration::from_secs(20), "the server does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Status, header fields by name in lower case, and body.
    fn get(&self, path: &str, more: &str) -> (u16, BTreeMap<String, String>, Vec<u8>) {
        self.ask(path, "1.0", more)
    }

    /// The same in a version of HTTP; in one that keeps connections, `more` closes this one.
    fn ask(&self, path: &str, version: &str, more: &str) -> (u16, BTreeMap<String, String>, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/{version}\r\nHost: 127.0.0.1\r\n{more}\r\n").unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let at = bytes.windows(4).position(|it| it == b"\r\n\r\n").expect("a head ends");
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let fields = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let fields = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        (status, fields, bytes[at + 4..].to_vec())
    }
}

/// What both servers have to do with the site.
fn conforms(server: &Server, dir: &Path, passes_query_on: bool) -> Vec<String> {
    let public = dir.join("public");
    let files = tree(&public);
    let hashed = files.keys().find(|it| it.ends_with(".css")).expect("the theme has a style sheet");
    let (page, data) =
        ("public, max-age=0, must-revalidate", "public, max-age=300, stale-while-revalidate=3600");
    let forever = "public, max-age=31536000, immutable";
    let html = "text/html; charset=utf-8";
    let mut wrong = Vec::new();
    #[rustfmt::skip]
    let shown = [
        // asked,               file,                   status, type,                              kept,       more
        ("/".to_owned(),        "index.html",           200, html,                                 page,       &[] as &[(&str, &str)]),
        ("/actors/".to_owned(), "actors/index.html",    200, html,                                 page,       &[("x-page", "exactly \"this\"")]),
        ("/actors/ada/".to_owned(), "actors/ada/index.html", 200, html,                            page,       &[("x-page", "")]),
        ("/sources/".to_owned(), "sources/index.html",  200, html,                                 page,       &[("x-robots-tag", "noindex"), ("permissions-policy", "")]),
        ("/index.json".to_owned(), "index.json",        200, "application/json; charset=utf-8",    data,       &[("access-control-allow-origin", "*")]),
        ("/robots.txt".to_owned(), "robots.txt",        200, "text/plain; charset=utf-8",          data,       &[("access-control-allow-origin", "")]),
        (format!("/{hashed}"),  hashed,                 200, "text/css; charset=utf-8",            forever,    &[]),
        ("/assets/OFL.txt".to_owned(), "assets/OFL.txt", 200, "text/plain; charset=utf-8",         data,       &[]),
        ("/no/such/page/".to_owned(), "404.html",       404, html,                                 "no-cache", &[]),
        ("/404.html".to_owned(), "404.html",            200, html,                                 "no-cache", &[]),
    ];
    for (asked, file, status, kind, kept, more) in shown {
        let (got, fields, body) = server.get(&asked, "");
        let field = |name: &str| fields.get(name).map_or("", String::as_str);
        let mut expect = |what: &str, got: &str, wanted: &str| {
            if got != wanted {
                wrong.push(format!("{asked} {what}: `{got}`, not `{wanted}`"));
            }
        };
        expect("status", &got.to_string(), &status.to_string());
        expect("type", field("content-type"), kind);
        expect("kept", field("cache-control"), kept);
        expect("sniffed", field("x-content-type-options"), "nosniff");
        expect("bytes", if body == files[file] { "same" } else { "others" }, "same");
        more.iter().for_each(|(name, value)| expect(name, field(name), value));
        if !field("content-security-policy").ends_with("; frame-ancestors 'self'") {
            expect("policy", field("content-security-policy"), "that of the pages, and frame-ancestors");
        }
    }
    let query = if passes_query_on { "?a=b" } else { "" };
    for (asked, status, location) in [
        ("/old/", 301, "/actors/ada/".to_owned()),
        ("/old", 301, "/actors/ada/".to_owned()),
        ("/old/?a=b", 301, format!("/actors/ada/{query}")),
        ("/gone.html", 302, "https://elsewhere.example/a?b=c".to_owned()),
        ("/blog/actors/?a=b", 308, "/actors/?a=b".to_owned()),
        ("/blog/x%0d%0aSet-Cookie:y/%C3%A4", 308, "/x%0d%0aSet-Cookie:y/%C3%A4".to_owned()),
        ("/blog//evil.example/", 308, "/evil.example/".to_owned()),
        ("/blog/\\evil.example/", 308, "/evil.example/".to_owned()),
        ("/news/2020/", 307, "/actors/".to_owned()),
    ] {
        let (got, fields, _) = server.get(asked, "");
        let to = fields.get("location").map_or("", String::as_str);
        if (got, to) != (status, location.as_str()) || fields.contains_key("set-cookie") {
            wrong.push(format!("{asked}: {got} {to}, not {status} {location}"));
        }
    }
    wrong
}

fn has(program: &str) -> bool {
    let found = Command::new(program).arg(if program == "nginx" { "-v" } else { "version" }).output();
    found.is_ok_and(|it| it.status.success())
}

fn config(dir: &Path, server: &str) -> std::path::PathBuf {
    let printed = run(dir, &["host-config", server]);
    assert_eq!(printed.status.code(), Some(0), "{}", String::from_utf8_lossy(&printed.stderr));
    let path = dir.join(format!("{server}.conf"));
    std::fs::write(&path, printed.stdout).unwrap();
    path
}

/// nginx, told by us, over the site that was built in a directory.
fn nginx(root: &Path) -> Server {
    assert!(has("nginx"), "this test needs nginx: .ci/test installs it");
    let (conf, port) = (config(root, "nginx"), free_port());
    let at = |name: &str| root.join(name).display().to_string();
    let main = format!(
        "daemon off; master_process off; pid {}; error_log {};\nevents {{}}\nhttp {{\n access_log off;\n \
         client_body_temp_path {}; proxy_temp_path {}; fastcgi_temp_path {}; uwsgi_temp_path {}; scgi_temp_path {};\n \
         server {{ listen 127.0.0.1:{port}; root {}; include {}; }}\n}}\n",
        at("pid"),
        at("errors"),
        at("t1"),
        at("t2"),
        at("t3"),
        at("t4"),
        at("t5"),
        at("public"),
        conf.display()
    );
    std::fs::write(root.join("main.conf"), main).unwrap();
    let mut nginx = Command::new("nginx");
    nginx.arg("-e").arg(at("errors")).arg("-p").arg(root).arg("-c").arg(at("main.conf"));
    let tried =
        Command::new("nginx").args(["-t", "-q", "-p"]).arg(root).arg("-c").arg(at("main.conf")).output();
    let tried = tried.unwrap();
    assert!(tried.status.success() && tried.stderr.is_empty(), "{}", String::from_utf8_lossy(&tried.stderr));
    Server::start(&mut nginx, port)
}

#[test]
fn nginx_does_what_it_is_told() {
    if !runs_slow_tests("the site behind nginx") {
        return;
    }
    let dir = site("netlify");
    let wrong = conforms(&nginx(dir.path()), dir.path(), true);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[cfg(feature = "precompress")]
#[test]
fn nginx_sends_what_was_compressed_in_advance_to_those_who_take_it() {
    if !runs_slow_tests("compressed siblings behind nginx") {
        return;
    }
    let dir = site("netlify");
    let built = run(dir.path(), &["build", "--quiet", "--precompress", "br,gz"]);
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    let server = nginx(dir.path());
    let files = tree(&dir.path().join("public"));
    let css = files.keys().find(|it| it.ends_with(".css")).expect("the theme has a style sheet");
    for (asked, file, status, kind) in [
        ("/", "index.html", 200, "text/html; charset=utf-8"),
        ("/actors/ada/index.json", "actors/ada/index.json", 200, "application/json; charset=utf-8"),
        (&format!("/{css}"), css, 200, "text/css; charset=utf-8"),
        ("/nowhere/", "404.html", 404, "text/html; charset=utf-8"),
    ] {
        for (takes, encoding, bytes) in
            [("gzip", Some("gzip"), &files[&format!("{file}.gz")]), ("identity", None, &files[file])]
        {
            let more = format!("Accept-Encoding: {takes}\r\nConnection: close\r\n");
            let (got, fields, body) = server.ask(asked, "1.1", &more);
            assert_eq!(got, status, "{asked}");
            assert_eq!(fields.get("content-encoding").map(String::as_str), encoding, "{asked}");
            assert_eq!(fields["content-type"], kind, "{asked}");
            assert_eq!(fields["vary"], "Accept-Encoding", "{asked}");
            assert!(body == *bytes, "{asked}: other bytes for `{takes}`");
        }
    }
    let wrong = conforms(&server, dir.path(), true);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn caddy_does_what_it_is_told() {
    if !runs_slow_tests("the site behind Caddy") {
        return;
    }
    if !has("caddy") {
        say("skipped: the site behind Caddy (caddy is not installed here)");
        return;
    }
    let dir = site("netlify");
    let (root, port) = (dir.path(), free_port());
    let conf = config(root, "caddy");
    let main = format!(
        "{{\n\tadmin off\n\tauto_https off\n}}\nhttp://127.0.0.1:{port} {{\n\troot * {}\n\timport {}\n}}\n",
        root.join("public").display(),
        conf.display()
    );
    std::fs::write(root.join("Caddyfile"), main).unwrap();
    let mut caddy = Command::new("caddy");
    caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(root.join("Caddyfile")).env("HOME", root);
    let server = Server::start(&mut caddy, port);
    let wrong = conforms(&server, root, false);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_bucket_is_told_its_documents() {
    let dir = site("netlify");
    let printed = run(dir.path(), &["host-config", "s3", "--base-url", "https://example.org/deep/"]);
    let told: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(told["IndexDocument"]["Suffix"], "index.html");
    assert_eq!(told["ErrorDocument"]["Key"], "deep/404.html");
    assert_eq!(told["RoutingRules"][0]["Condition"]["KeyPrefixEquals"], "deep/blog/");
    assert_eq!(told["RoutingRules"][0]["Redirect"]["ReplaceKeyPrefixWith"], "deep/");
    assert_eq!(told["RoutingRules"][1]["Redirect"]["ReplaceKeyWith"], "deep/actors/");
}

#[test]
fn a_broken_site_tells_nobody_anything() {
    let dir = minimal();
    std::fs::write(dir.path().join("site.yaml"), "title: Test\nredirects: { from: /a, to: /no/ }\n").unwrap();
    let ran = rejoinder(dir.path()).args(["host-config", "nginx"]).output().unwrap();
    assert_eq!((ran.status.code(), ran.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8(ran.stderr).unwrap().contains("redirect-nowhere"));
}
