//! A small S3 server of our own: as much of it as a publish asks for, many times faster than moto, and with every step
//! whole. It checks no signature; moto does.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use md5::{Digest as _, Md5};

use super::moto::BUCKET;
use super::proxy::{Conditions, read};

type Files = BTreeMap<String, Vec<u8>>;

/// Starts a server with an empty bucket, which goes on until the process ends. Returns its port.
pub(super) fn start() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let files = Arc::new(Mutex::new(Files::new()));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = Arc::clone(&files);
            std::thread::spawn(move || drop(serve(&stream, &files)));
        }
    });
    port
}

/// The ETag that S3 gives some bytes, without quotes.
pub(super) fn etag(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

fn serve(mut stream: &TcpStream, files: &Mutex<Files>) -> std::io::Result<()> {
    let Some(request) = read(stream, Conditions::Kept)? else { return Ok(()) };
    let end = request.bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(request.bytes[..end].to_vec()).unwrap();
    let (status, headers, body) = answer(&head, &request.bytes[end + 4..], &mut files.lock().unwrap());
    let n_bytes = body.len();
    let body = if head.starts_with("HEAD ") { &[][..] } else { &body };
    let head =
        format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {n_bytes}\r\nConnection: close\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat())
}

fn answer(head: &str, sent: &[u8], files: &mut Files) -> (u16, String, Vec<u8>) {
    let mut words = head.lines().next().unwrap().split(' ');
    let (method, address) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let header = |name: &str| {
        head.lines()
            .skip(1)
            .filter_map(|it| it.split_once(':'))
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then(|| value.trim().to_owned()))
    };
    let in_bucket = |path: &str| decoded(path.trim_start_matches('/').strip_prefix(BUCKET).unwrap());
    let key = in_bucket(path).trim_start_matches('/').to_owned();
    let no = |status, code: &str| {
        (status, String::new(), format!("<Error><Code>{code}</Code></Error>").into_bytes())
    };
    let etag_header = |bytes: &[u8]| format!("ETag: \"{}\"\r\n", etag(bytes));
    match method {
        "GET" if key.is_empty() => (200, String::new(), list(query, files).into_bytes()),
        "GET" | "HEAD" => match files.get(&key) {
            None => no(404, "NoSuchKey"),
            Some(bytes) => {
                let date = "Last-Modified: Sat, 01 Feb 2025 00:00:00 GMT\r\n";
                (200, etag_header(bytes) + date, bytes.clone())
            }
        },
        "PUT" => {
            let there = files.get(&key).map(|it| format!("\"{}\"", etag(it)));
            if header("if-none-match").is_some() && there.is_some() {
                return no(412, "PreconditionFailed");
            }
            match header("if-match") {
                Some(_) if there.is_none() => return no(404, "NoSuchKey"),
                wanted if wanted.is_some() && wanted != there => return no(412, "PreconditionFailed"),
                Some(_) | None => (),
            }
            let Some(source) = header("x-amz-copy-source") else {
                files.insert(key, sent.to_vec());
                return (200, etag_header(sent), Vec::new());
            };
            let Some(bytes) = files.get(in_bucket(&source).trim_start_matches('/')).cloned() else {
                return no(404, "NoSuchKey");
            };
            let text = format!("<CopyObjectResult><ETag>{}</ETag></CopyObjectResult>", etag(&bytes));
            files.insert(key, bytes);
            (200, String::new(), text.into_bytes())
        }
        "DELETE" => {
            files.remove(&key);
            (204, String::new(), Vec::new())
        }
        _ => no(405, "MethodNotAllowed"),
    }
}

/// A page of the listing: 50 names, so that there are several.
fn list(query: &str, files: &Files) -> String {
    let value = |name: &str| {
        query
            .split('&')
            .filter_map(|it| it.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|it| decoded(it.1))
    };
    let (prefix, after) = (value("prefix").unwrap_or_default(), value("continuation-token"));
    let found: Vec<_> = files
        .iter()
        .filter(|(key, _)| key.starts_with(&prefix) && after.as_ref().is_none_or(|it| *key > it))
        .collect();
    let mut out = String::from("<ListBucketResult>");
    for (key, bytes) in found.iter().take(50) {
        let (size, etag) = (bytes.len(), etag(bytes));
        write!(out, "<Contents><Key>{key}</Key><LastModified>2025-02-01T00:00:00.000Z</LastModified><ETag>&quot;{etag}&quot;</ETag><Size>{size}</Size></Contents>").unwrap();
    }
    if found.len() > 50 {
        write!(
            out,
            "<IsTruncated>true</IsTruncated><NextContinuationToken>{}</NextContinuationToken>",
            found[49].0
        )
        .unwrap();
    }
    out + "</ListBucketResult>"
}

/// An address without its `%`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        match (first, more) {
            (b'%', [a, b, more @ ..]) => {
                let digits = [*a, *b];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                rest = more;
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
