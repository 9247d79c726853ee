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

/// What lies below `.rejoinder/` of a published site, and is nobody's to read.
const KEPT: &str = "kept for a rollback";

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
        let fields: BTreeMap<String, String> =
            fields.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let body = &bytes[at + 4..];
        let is_chunked = fields.get("transfer-encoding").is_some_and(|it| it == "chunked");
        (status, fields, if is_chunked { joined(body) } else { body.to_vec() })
    }
}

/// A body that came in chunks, each behind its length in hexadecimal digits (RFC 9112, §7.1).
fn joined(mut body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let end = body.windows(2).position(|it| it == b"\r\n").expect("a chunk has a length");
        let size = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        bytes.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 2 + size + 2..];
        if size == 0 {
            return bytes;
        }
    }
}

/// What both servers have to do with the site.
fn conforms(server: &Server, dir: &Path, passes_query_on: bool) -> Vec<String> {
    let public = dir.join("public");
    let files = tree(&public);
    for path in ["release.json", "kept/0011"] {
        let path = public.join(".rejoinder").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, KEPT).unwrap();
    }
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
    // What publishing keeps there, however it is asked for.
    for asked in [
        "/.rejoinder",
        "/.rejoinder/",
        "/.rejoinder/release.json",
        "/.rejoinder/kept/0011",
        "//.rejoinder/release.json",
        "/%2erejoinder/release.json",
        "/.rejoinder%2frelease.json",
        "/./.rejoinder/release.json",
        "/actors/../.rejoinder/release.json",
        "/.rejoinder//release.json",
        "/.rejoinder/release.json?a=b",
    ] {
        let (got, _, body) = server.get(asked, "");
        let is_secret = body.windows(KEPT.len()).any(|it| it == KEPT.as_bytes());
        if is_secret || got != 404 {
            wrong.push(format!("{asked}: {got}, not 404"));
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

/// Where Debian and Ubuntu put the module that sends `.br` files.
const BROTLI: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/// nginx, told by us, over the site that was built in a directory. With the module for `.br` files, the line that is a comment in what
/// we print is none.
fn nginx(root: &Path, with_brotli: bool) -> Server {
    assert!(has("nginx"), "this test needs nginx: .ci/test installs it");
    let (conf, port) = (config(root, "nginx"), free_port());
    let at = |name: &str| root.join(name).display().to_string();
    let mut modules = String::new();
    if with_brotli {
        modules = format!("load_module {BROTLI};\n");
        let told = std::fs::read_to_string(&conf).unwrap();
        assert_eq!(told.matches("# brotli_static on;").count(), 1);
        std::fs::write(&conf, told.replace("# brotli_static on;", "brotli_static on;")).unwrap();
    }
    let main = format!(
        "{modules}daemon off; master_process off; pid {}; error_log {};\nevents {{}}\nhttp {{\n access_log off;\n \
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
    let wrong = conforms(&nginx(dir.path(), false), dir.path(), true);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Caddy, told by us, over the site that was built in a directory. `None`, aloud, where it is not installed.
fn caddy(root: &Path, what: &str) -> Option<Server> {
    if !has("caddy") {
        say(&format!("skipped: {what} (caddy is not installed here)"));
        return None;
    }
    let (conf, port) = (config(root, "caddy"), free_port());
    let main = format!(
        "{{\n\tadmin off\n\tauto_https off\n}}\nhttp://127.0.0.1:{port} {{\n\troot * {}\n\timport {}\n}}\n",
        root.join("public").display(),
        conf.display()
    );
    std::fs::write(root.join("Caddyfile"), main).unwrap();
    let mut caddy = Command::new("caddy");
    caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(root.join("Caddyfile")).env("HOME", root);
    Some(Server::start(&mut caddy, port))
}

#[test]
fn caddy_does_what_it_is_told() {
    if !runs_slow_tests("the site behind Caddy") {
        return;
    }
    let dir = site("netlify");
    let Some(server) = caddy(dir.path(), "the site behind Caddy") else { return };
    let wrong = conforms(&server, dir.path(), false);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The site in a directory `gadgets` of the server's root, with what publishing keeps in it and, of earlier releases, beside it.
fn below_the_root() -> tempfile::TempDir {
    let dir = minimal();
    let settings = format!("{}base_url: https://example.org/gadgets/\n", SETTINGS.replace("HOST", "netlify"));
    std::fs::write(dir.path().join("site.yaml"), settings).unwrap();
    let built = run(dir.path(), &["build", "--quiet"]);
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    let (public, aside) = (dir.path().join("public"), dir.path().join("aside"));
    std::fs::rename(&public, &aside).unwrap();
    std::fs::create_dir(&public).unwrap();
    std::fs::rename(&aside, public.join("gadgets")).unwrap();
    for place in ["gadgets/.rejoinder/kept", ".gadgets.rejoinder/r1/about"] {
        let place = public.join(place);
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("index.html"), KEPT).unwrap();
    }
    dir
}

/// What is wrong with what a server shows of that.
fn shows_what_is_kept(server: &Server) -> Vec<String> {
    let asked = [
        ("/gadgets/actors/ada/", 200),
        ("/gadgets/.rejoinder/kept/index.html", 404),
        ("/gadgets/.rejoinder/kept/", 404),
        ("/.gadgets.rejoinder/r1/about/index.html", 404),
        ("/.gadgets.rejoinder/r1/about/", 404),
        ("/.gadgets.rejoinder", 404),
        ("//.gadgets.rejoinder/r1/about/", 404),
        ("/.gadgets%2erejoinder/r1/about/", 404),
    ];
    let got = asked.iter().map(|(asked, status)| (asked, *status, server.get(asked, "")));
    let is_wrong = |(_, status, (got, _, body)): &(&&str, u16, (u16, _, Vec<u8>))| {
        got != status || body.windows(KEPT.len()).any(|it| it == KEPT.as_bytes())
    };
    got.filter(is_wrong).map(|(asked, status, (got, ..))| format!("{asked}: {got}, not {status}")).collect()
}

#[test]
fn nginx_shows_nothing_that_is_kept_beside_a_site_below_its_root() {
    if !runs_slow_tests("a site below the root of nginx") {
        return;
    }
    let dir = below_the_root();
    assert_eq!(shows_what_is_kept(&nginx(dir.path(), false)), [""; 0]);
}

#[test]
fn caddy_shows_nothing_that_is_kept_beside_a_site_below_its_root() {
    if !runs_slow_tests("a site below the root of Caddy") {
        return;
    }
    let dir = below_the_root();
    let Some(server) = caddy(dir.path(), "a site below the root of Caddy") else { return };
    assert_eq!(shows_what_is_kept(&server), [""; 0]);
}

/// The site with compressed siblings.
#[cfg(feature = "precompress")]
fn compressed() -> tempfile::TempDir {
    let dir = site("netlify");
    let built = run(dir.path(), &["build", "--quiet", "--precompress", "br,gz"]);
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    dir
}

/// Asks for files in every way that readers can take them. `sends` are the encodings that the server has siblings for, the one it
/// likes best first.
#[cfg(feature = "precompress")]
fn sends_siblings(server: &Server, dir: &Path, sends: &[&str]) -> Vec<String> {
    let files = tree(&dir.join("public"));
    let css = files.keys().find(|it| it.ends_with(".css")).expect("the theme has a style sheet");
    let font = files.keys().find(|it| it.ends_with(".woff2")).expect("the theme has a font");
    let html = "text/html; charset=utf-8";
    let mut wrong = Vec::new();
    for (asked, file, status, kind) in [
        ("/".to_owned(), "index.html", 200, html),
        ("/actors/ada/".to_owned(), "actors/ada/index.html", 200, html),
        (
            "/actors/ada/index.json".to_owned(),
            "actors/ada/index.json",
            200,
            "application/json; charset=utf-8",
        ),
        (format!("/{css}"), css.as_str(), 200, "text/css; charset=utf-8"),
        // It is compressed as it is, and has no sibling.
        (format!("/{font}"), font.as_str(), 200, "font/woff2"),
        ("/nowhere/".to_owned(), "404.html", 404, html),
    ] {
        let mut tags = BTreeMap::new();
        for takes in ["br", "gzip", "gzip, deflate, br", "br;q=0, gzip", "identity", ""] {
            let more = match takes {
                "" => "Connection: close\r\n".to_owned(),
                _ => format!("Accept-Encoding: {takes}\r\nConnection: close\r\n"),
            };
            let (got, fields, body) = server.ask(&asked, "1.1", &more);
            let field = |name: &str| fields.get(name).map_or("", String::as_str);
            let mut expect = |what: &str, is_so: bool| {
                if !is_so {
                    wrong.push(format!("{asked} for `{takes}`: {what}: {got} {fields:?}"));
                }
            };
            let is_taken = |it: &&&str| takes.contains(**it) && !takes.contains(&format!("{it};q=0"));
            let sibling = |it: &str| files.get(&format!("{file}.{}", if it == "gzip" { "gz" } else { it }));
            let wanted = sends.iter().filter(is_taken).find(|it| sibling(it).is_some());
            // The page for lost addresses: some servers send it as it is.
            let encoding = field("content-encoding");
            let is_plain_page = status == 404 && encoding.is_empty();
            expect("status", got == status);
            expect("type", field("content-type") == kind);
            expect("encoding", is_plain_page || encoding == wanted.copied().unwrap_or(""));
            expect("bytes", unpacked(encoding, &body) == files[file]);
            if let Some(sent) = sibling(encoding).filter(|_| !encoding.is_empty()) {
                expect("the very sibling", body == *sent);
                // Whoever keeps it has to ask again for readers that take less.
                expect("varies", field("vary").to_ascii_lowercase().contains("accept-encoding"));
            }
            if status == 200 {
                expect("policy", field("x-content-type-options") == "nosniff");
                let tag = field("etag").to_owned();
                expect("tag", tag.len() > 2);
                // The same tag for other bytes would let a cache mix them.
                let before = tags.insert(tag.clone(), encoding.to_owned());
                expect("a tag of its own", before.is_none_or(|it| it == encoding));
                let again = format!("{more}If-None-Match: {tag}\r\n");
                expect("304 for the same", server.ask(&asked, "1.1", &again).0 == 304);
            }
        }
    }
    wrong
}

/// The bytes as a browser would show them.
#[cfg(feature = "precompress")]
fn unpacked(encoding: &str, body: &[u8]) -> Vec<u8> {
    match encoding {
        "" => body.to_vec(),
        "gzip" => crate::precompress::unpacked("a.gz", body),
        _ => crate::precompress::unpacked(&format!("a.{encoding}"), body),
    }
}

#[cfg(feature = "precompress")]
#[test]
fn nginx_sends_what_was_compressed_in_advance_to_those_who_take_it() {
    if !runs_slow_tests("compressed siblings behind nginx") {
        return;
    }
    let dir = compressed();
    let has_brotli = Path::new(BROTLI).exists();
    if !has_brotli {
        say("skipped: `.br` siblings behind nginx (libnginx-mod-http-brotli-static is not installed here)");
    }
    // The module prefers Brotli wherever both would do.
    let sends: &[&str] = if has_brotli { &["br", "gzip"] } else { &["gzip"] };
    let server = nginx(dir.path(), has_brotli);
    let mut wrong = sends_siblings(&server, dir.path(), sends);
    wrong.extend(conforms(&server, dir.path(), true));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[cfg(feature = "precompress")]
#[test]
fn caddy_sends_what_was_compressed_in_advance_to_those_who_take_it() {
    if !runs_slow_tests("compressed siblings behind Caddy") {
        return;
    }
    let dir = compressed();
    let Some(server) = caddy(dir.path(), "compressed siblings behind Caddy") else { return };
    let mut wrong = sends_siblings(&server, dir.path(), &["br", "gzip"]);
    wrong.extend(conforms(&server, dir.path(), false));
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
