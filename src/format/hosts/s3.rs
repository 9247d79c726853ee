//! What the website of an S3 bucket is told: its documents, and redirects of all below an address.
//!
//! Redirects of single addresses are no part of it: they are kept with the page at the old address, as
//! `x-amz-website-redirect-location` (Amazon S3 User Guide, "Configuring a webpage redirect").

use serde_json::{Value, json};

use super::Rules;
use crate::plan::Sweep;

/// Writes what `aws s3api put-bucket-website --website-configuration` takes.
pub fn s3(rules: &Rules) -> String {
    let base = rules.base.trim_start_matches('/');
    let key = |path: &str| match base {
        "" => path.trim_start_matches('/').to_owned(),
        _ => format!("{base}/{}", path.trim_start_matches('/')),
    };
    let mut website = json!({
        "IndexDocument": { "Suffix": "index.html" },
        "ErrorDocument": { "Key": key("404.html") },
    });
    let sweeps: Vec<Value> = rules.sweeps.iter().map(|it| sweep(it, &key)).collect();
    if !sweeps.is_empty() {
        website["RoutingRules"] = sweeps.into();
    }
    format!("{website:#}\n")
}

fn sweep(sweep: &Sweep, key: &dyn Fn(&str) -> String) -> Value {
    let mut redirect = json!({ "HttpRedirectCode": sweep.status.to_string() });
    let path = match sweep.to.split_once("://") {
        Some((protocol, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            redirect["Protocol"] = protocol.into();
            redirect["HostName"] = host.into();
            path.to_owned()
        }
        None => key(&sweep.to),
    };
    match path.strip_suffix(":splat") {
        Some(prefix) => redirect["ReplaceKeyPrefixWith"] = prefix.into(),
        None => redirect["ReplaceKeyWith"] = path.into(),
    }
    json!({ "Condition": { "KeyPrefixEquals": key(&sweep.below) }, "Redirect": redirect })
}
