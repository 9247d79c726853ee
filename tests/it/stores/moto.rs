//! The S3 server: moto, started for one test and ended with it.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rejoinder::model;
use rejoinder::publish::bucket::{Bucket, Limits};

use crate::world::{runs_slow_tests, say};

/// The bucket that there is.
pub(super) const BUCKET: &str = "ours";

pub(super) struct Moto {
    child: Child,
    pub(super) port: u16,
    /// Key and secret of somebody who may do anything.
    pub(super) key: (String, String),
    /// A distribution of CloudFront.
    pub(super) distribution: String,
}

/// An answer: status, headers in small letters, body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

impl Moto {
    /// Starts the server with one bucket. `checks` says whether signatures are verified; where they are not, everybody may
    /// read. `None`, aloud, when the server is not installed; with `SLOW_TESTS` it has to be.
    pub(super) fn start(checks: bool) -> Option<Moto> {
        let program = std::env::var("MOTO").unwrap_or_else(|_| "moto_server".to_owned());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(&program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if checks {
            // The user, what they may do, their key, the bucket and the distribution.
            command.env("INITIAL_NO_AUTH_ACTION_COUNT", "5");
        }
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                assert!(!runs_slow_tests("publishing to a bucket"), "`{program}` does not start: {error}");
                say("skipped: publishing to a bucket (MOTO=…/moto_server, from PyPI: moto[server])");
                return None;
            }
        };
        let key = ("test".to_owned(), "secret".to_owned());
        let mut moto = Moto { child, port, key, distribution: String::new() };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(60), "`{program}` does not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
        if checks {
            moto.key = moto.make_key();
        }
        let access = if checks { "" } else { "x-amz-acl: public-read\r\n" };
        let made = moto.ask("PUT", &format!("/{BUCKET}"), &format!("{}{access}", unsigned("s3")), b"");
        assert_eq!(made.status, 200, "{}", String::from_utf8_lossy(&made.body));
        moto.distribution = moto.make_distribution();
        Some(moto)
    }

    fn make_distribution(&self) -> String {
        let body = "<DistributionConfig><CallerReference>x</CallerReference><Comment>x</Comment><Enabled>true</Enabled>\
            <Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>a.example</DomainName></Origin></Items></Origins>\
            <DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>\
            </DefaultCacheBehavior></DistributionConfig>";
        let answer = self.ask("POST", "/2020-05-31/distribution", &unsigned("cloudfront"), body.as_bytes());
        let text = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 201, "{text}");
        between(&text, "Id").next().unwrap().to_owned()
    }

    /// The addresses that CloudFront was told of, each time.
    pub(super) fn invalidations(&self) -> Vec<Vec<String>> {
        let address = format!("/2020-05-31/distribution/{}/invalidation", self.distribution);
        let ask = |address: &str| {
            let answer = self.ask("GET", address, &unsigned("cloudfront"), b"");
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            String::from_utf8(answer.body).unwrap()
        };
        let all = ask(&address);
        let ids = between(&all, "Id").map(|id| ask(&format!("{address}/{id}")));
        ids.map(|it| between(&it, "Path").map(str::to_owned).collect()).collect()
    }

    fn make_key(&self) -> (String, String) {
        let policy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
        let mut last = String::new();
        for action in [
            "CreateUser".to_owned(),
            format!("PutUserPolicy&PolicyName=all&PolicyDocument={policy}"),
            "CreateAccessKey".to_owned(),
        ] {
            let body = format!("Version=2010-05-08&UserName=publisher&Action={action}");
            let headers = format!("{}content-type: application/x-www-form-urlencoded\r\n", unsigned("iam"));
            let answer = self.ask("POST", "/", &headers, body.as_bytes());
            last = String::from_utf8(answer.body).unwrap();
            assert_eq!(answer.status, 200, "{last}");
        }
        let value = |tag: &str| between(&last, tag).next().unwrap().to_owned();
        (value("AccessKeyId"), value("SecretAccessKey"))
    }

    /// A request without a signature.
    pub(super) fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        ask(self.port, method, path, headers, body)
    }

    /// What anybody gets of a file; `None` for 404.
    pub(super) fn get(&self, path: &str) -> Option<Answer> {
        let answer = self.ask("GET", &format!("/{BUCKET}/{path}"), "", b"");
        match answer.status {
            200 => Some(answer),
            404 => None,
            status => panic!("{path} answers {status}: {}", String::from_utf8_lossy(&answer.body)),
        }
    }

    /// The bucket by way of a port: its own, or a proxy's.
    pub(super) fn bucket(&self, port: u16, prefix: Option<&str>, limits: Limits) -> Bucket {
        bucket(port, &self.key, prefix, limits)
    }
}

/// The bucket at a port.
pub(super) fn bucket(port: u16, key: &(String, String), prefix: Option<&str>, limits: Limits) -> Bucket {
    let place = model::Bucket {
        cloud: model::Cloud::S3,
        bucket: BUCKET.to_owned(),
        prefix: prefix.map(str::to_owned),
        endpoint: Some(format!("http://127.0.0.1:{port}")),
        region: Some("us-east-1".to_owned()),
        account: None,
        website: None,
    };
    // The crate itself looks into this process's environment, which tests must not change: so, a profile.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("credentials");
    let (key, secret) = key;
    std::fs::write(
        &file,
        format!("[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"),
    )
    .unwrap();
    let env = |name: &str| {
        Some(file.to_str().unwrap().to_owned()).filter(|_| name == "AWS_SHARED_CREDENTIALS_FILE")
    };
    Bucket::open(&place, &env, limits).unwrap()
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The texts of all elements of a name.
fn between<'t>(text: &'t str, tag: &str) -> impl Iterator<Item = &'t str> {
    let start = format!("<{tag}>");
    let rests: Vec<&str> = text.split(start.as_str()).skip(1).collect();
    rests.into_iter().map(|it| it.split_once('<').unwrap().0)
}

/// A header that names a service of Amazon, by which moto tells them apart.
fn unsigned(service: &str) -> String {
    format!(
        "Authorization: AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0\r\n"
    )
}

/// One request over a connection of its own.
pub(super) fn ask(port: u16, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|it| it.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: bytes[end + 4..].to_vec() }
}
