//! The program as a process: first publish, nothing new, a change, back again; files of others, keys that are wrong.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use rejoinder::publish::Store as _;
use rejoinder::publish::bucket::Limits;

use super::moto::{BUCKET, Moto};
use super::proxy::Proxy;
use crate::cli::{minimal, rejoinder};
use crate::world::tree;

/// A site that publishes below a prefix of the bucket.
fn site(port: u16, prefix: &str) -> tempfile::TempDir {
    site_with(port, prefix, "region: us-east-1")
}

/// The same with one more setting.
pub(super) fn site_with(port: u16, prefix: &str, more: &str) -> tempfile::TempDir {
    let dir = minimal();
    let settings = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
    let place = format!(
        "publish: {{ name: live, to: s3, bucket: {BUCKET}, prefix: {prefix}, endpoint: \"http://127.0.0.1:{port}\", {more} }}\n"
    );
    std::fs::write(dir.path().join("site.yaml"), settings + &place).unwrap();
    dir
}

pub(super) fn run(moto: &Moto, dir: &Path, args: &[&str]) -> Output {
    let mut command = rejoinder(dir);
    command.env("AWS_ACCESS_KEY_ID", &moto.key.0).env("AWS_SECRET_ACCESS_KEY", &moto.key.1);
    command.args(args).output().unwrap()
}

fn said(ran: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
}

#[track_caller]
pub(super) fn expect(ran: &Output, exit: i32, words: &[&str]) {
    let said = said(ran);
    assert_eq!(ran.status.code(), Some(exit), "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in:\n{said}");
    }
}

/// The built site as readers should get it.
fn built(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(&dir.join("public"));
    files.retain(|path, _| !path.starts_with(".rejoinder"));
    files
}

/// Compares what is live with what was built, byte for byte, and headers with the table of the documentation.
#[track_caller]
fn is_live(moto: &Moto, prefix: &str, files: &BTreeMap<String, Vec<u8>>) {
    let bucket = moto.bucket(moto.port, Some(prefix), Limits::default());
    let listing = bucket.list().unwrap();
    let live: Vec<&String> = listing.keys().filter(|it| !it.starts_with(".rejoinder/")).collect();
    assert_eq!(live, files.keys().collect::<Vec<_>>());
    for (path, bytes) in files {
        let answer = moto.get(&format!("{prefix}/{path}")).unwrap();
        assert!(answer.body == *bytes, "{path} is not what was built");
        let (kind, cache) = match path.rsplit_once('.').unwrap().1 {
            "css" => ("text/css; charset=utf-8", "public, max-age=31536000, immutable"),
            "html" if path == "404.html" => ("text/html; charset=utf-8", "no-cache"),
            "html" => ("text/html; charset=utf-8", "public, max-age=0, must-revalidate"),
            "json" => ("application/json; charset=utf-8", "public, max-age=300, stale-while-revalidate=3600"),
            _ => continue,
        };
        assert_eq!(answer.headers["content-type"], kind, "{path}");
        assert_eq!(answer.headers["cache-control"], cache, "{path}");
    }
}

#[test]
fn a_site_goes_into_a_bucket_changes_there_and_comes_back() {
    let Some(moto) = Moto::start(false) else { return };
    let proxy = Proxy::start(moto.port);
    let dir = site(proxy.port, "sites/one");
    let publish = |args: &[&str]| run(&moto, dir.path(), &[&["publish"], args].concat());
    let writes = || proxy.seen().iter().filter(|(method, _)| method != "GET").count();
    expect(&run(&moto, dir.path(), &["build"]), 0, &[]);
    let first = built(dir.path());

    expect(&publish(&["--plan"]), 0, &["s3://ours/sites/one", "Nothing was sent"]);
    assert_eq!(writes(), 0, "a plan writes nothing");
    expect(&publish(&["--yes"]), 0, &["Published r1 to s3://ours/sites/one"]);
    is_live(&moto, "sites/one", &first);

    proxy.set(super::proxy::When::Never);
    expect(&publish(&["--yes"]), 0, &["Nothing to publish"]);
    let asked: Vec<String> = proxy.seen().into_iter().map(|(method, _)| method).collect();
    assert_eq!(asked, ["GET"], "the record");
    // What others did is seen by who looks at everything.
    let bucket = moto.bucket(moto.port, Some("sites/one"), Limits::default());
    bucket.delete("index.html").unwrap();
    expect(&publish(&["--yes"]), 0, &["Nothing to publish"]);
    expect(&publish(&["--yes", "--recheck"]), 0, &["Published r2"]);
    is_live(&moto, "sites/one", &first);

    let page = dir.path().join("content/about.md");
    std::fs::write(&page, "---\ntitle: About\n---\nWho we are.\n").unwrap();
    expect(&run(&moto, dir.path(), &["build"]), 0, &[]);
    let second = built(dir.path());
    assert!(first.keys().ne(second.keys()), "a page came");
    expect(&publish(&["--yes"]), 0, &["Published r3", "--rollback r2"]);
    is_live(&moto, "sites/one", &second);

    expect(&publish(&["--status"]), 0, &["r3", "r2"]);
    expect(&publish(&["--rollback", "r2", "--yes"]), 0, &["r4", "r2 again"]);
    is_live(&moto, "sites/one", &first);
    expect(&publish(&["--rollback", "r3", "--yes"]), 0, &["r3 again"]);
    is_live(&moto, "sites/one", &second);
}

#[test]
fn what_others_keep_in_a_bucket_is_left_alone() {
    let Some(moto) = Moto::start(false) else { return };
    let dir = site(moto.port, "site");
    let bucket = moto.bucket(moto.port, None, Limits::default());
    let headers = rejoinder::publish::Headers::of("a.txt");
    bucket.put("site/theirs.txt", b"theirs".to_vec(), &headers).unwrap();
    // A neighbour whose name begins like ours is none of our business.
    bucket.put("site-of-others/index.html", b"others".to_vec(), &headers).unwrap();
    expect(&run(&moto, dir.path(), &["build"]), 0, &[]);
    expect(&run(&moto, dir.path(), &["publish", "--yes"]), 5, &["theirs.txt", "no release of ours"]);
    assert_eq!(bucket.list().unwrap().len(), 2, "nothing came");
    expect(&run(&moto, dir.path(), &["publish", "--yes", "--adopt"]), 0, &["Published r1"]);
    assert_eq!(bucket.get("site/theirs.txt").unwrap().as_deref(), Some(&b"theirs"[..]));
    assert_eq!(bucket.get("site-of-others/index.html").unwrap().as_deref(), Some(&b"others"[..]));
}

#[test]
fn keys_are_checked_by_the_host_and_told_to_nobody() {
    let Some(moto) = Moto::start(true) else { return };
    let dir = site(moto.port, "site");
    let mut everything = String::new();
    let mut note = |ran: Output, exit: i32, words: &[&str]| {
        expect(&ran, exit, words);
        everything.push_str(&said(&ran));
    };
    note(run(&moto, dir.path(), &["build"]), 0, &[]);
    note(
        run(&moto, dir.path(), &["publish", "--plan", "--format", "json"]),
        0,
        &["\"place\": \"s3://ours/site\""],
    );
    note(run(&moto, dir.path(), &["publish", "--yes", "-v"]), 0, &["Published r1"]);
    note(run(&moto, dir.path(), &["publish", "--status", "--format", "json"]), 0, &["\"r1\""]);

    // Another secret, another key, and a bucket that is not there.
    let with = |variables: &[(&str, &str)], args: &[&str]| {
        let mut command = rejoinder(dir.path());
        command.envs(variables.iter().copied()).args(args).output().unwrap()
    };
    let (key, secret) = (moto.key.0.as_str(), moto.key.1.as_str());
    let wrong = format!("{}canary", &secret[..secret.len() - 6]);
    for (key, secret, code) in [
        (key, wrong.as_str(), "SignatureDoesNotMatch"),
        ("AKIACANARY0000000000", secret, "InvalidAccessKeyId"),
    ] {
        let variables = [("AWS_ACCESS_KEY_ID", key), ("AWS_SECRET_ACCESS_KEY", secret)];
        for format in ["human", "json"] {
            note(with(&variables, &["publish", "--yes", "--format", format]), 6, &["403", code]);
        }
    }
    let half = with(&[("AWS_ACCESS_KEY_ID", key)], &["publish", "--yes"]);
    note(half, 2, &["AWS_SECRET_ACCESS_KEY is not"]);

    // A profile does as well.
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    let profile = format!("[ours]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n");
    std::fs::write(home.path().join(".aws/credentials"), profile).unwrap();
    let variables = [("HOME", home.path().to_str().unwrap()), ("AWS_PROFILE", "ours")];
    note(with(&variables, &["publish", "--yes"]), 0, &["Nothing to publish"]);
    let variables = [("HOME", home.path().to_str().unwrap()), ("AWS_PROFILE", "theirs")];
    note(with(&variables, &["publish", "--yes"]), 2, &["no keys of the profile `theirs`"]);

    let text = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
    std::fs::write(dir.path().join("site.yaml"), text.replace("bucket: ours", "bucket: nobodys")).unwrap();
    note(run(&moto, dir.path(), &["publish", "--yes"]), 6, &["NoSuchBucket", "we do not make buckets"]);

    // In nothing that was said, kept here, or sent.
    let mut places = vec![("what was said".to_owned(), everything.into_bytes())];
    places.extend(tree(dir.path()));
    let bucket = moto.bucket(moto.port, None, Limits::default());
    for path in bucket.list().unwrap().into_keys() {
        places.push((format!("{path} in the bucket"), bucket.get(&path).unwrap().unwrap()));
    }
    assert!(places.iter().any(|(name, _)| name.ends_with("release.json in the bucket")));
    for (name, bytes) in places {
        let text = String::from_utf8_lossy(&bytes);
        for canary in [key, secret, &wrong, "CANARY", "canary"] {
            assert!(!text.contains(canary), "{name} holds a credential");
        }
    }
}

#[test]
fn a_place_that_makes_no_sense_is_told_at_its_line() {
    let dir = minimal();
    let settings = std::fs::read_to_string(dir.path().join("site.yaml")).unwrap();
    let cases = [
        ("to: s3, bucket: ours/site", "`bucket` cannot be"),
        ("to: s3, bucket: ../ours", "`bucket` cannot be"),
        ("to: s3, bucket: ours, prefix: a/../b", "`prefix` cannot be"),
        ("to: s3, bucket: ours, prefix: a//b", "`prefix` cannot be"),
        ("to: s3, bucket: ours, prefix: \"a?b\"", "`prefix` cannot be"),
        ("to: s3, bucket: ours, endpoint: \"https://ada:secret@host.example\"", "`endpoint` cannot be"),
        ("to: s3, bucket: ours, endpoint: \"ftp://host.example\"", "`endpoint` cannot be"),
        ("to: s3, bucket: ours, endpoint: \"https://host.example/?x=y\"", "`endpoint` cannot be"),
        ("to: s3, bucket: ours, region: \"eu west\"", "`region` cannot be"),
        ("to: azure, container: ours, account: \"a/b\"", "`account` cannot be"),
        ("to: azure, bucket: ours", "container"),
        ("to: gcs, bucket: ours, region: eu", "region"),
        ("to: gcs", "bucket"),
    ];
    for (place, words) in cases {
        std::fs::write(
            dir.path().join("site.yaml"),
            format!("{settings}publish: {{ name: live, {place} }}\n"),
        )
        .unwrap();
        let ran = rejoinder(dir.path()).args(["check"]).output().unwrap();
        let said = said(&ran);
        assert!(said.contains("site.yaml") && said.contains(words), "{place}:\n{said}");
        assert!(!said.contains("secret"), "{place}:\n{said}");
    }
}

#[cfg(feature = "precompress")]
#[test]
fn compressed_siblings_stay_at_home() {
    let Some(moto) = Moto::start(false) else { return };
    let dir = site(moto.port, "sites/beside");
    expect(&run(&moto, dir.path(), &["build", "--precompress", "gz"]), 0, &[".gz"]);
    let mut files = built(dir.path());
    let n_all = files.len();
    files.retain(|path, _| !path.ends_with(".gz"));
    assert!(files.len() * 3 < n_all * 2, "many files have siblings");
    let publish = || run(&moto, dir.path(), &["publish", "--yes"]);
    expect(&publish(), 0, &["Published r1 "]);
    is_live(&moto, "sites/beside", &files);
    expect(&publish(), 0, &["Nothing to publish: r1 "]);
}
