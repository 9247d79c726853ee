//! Requests to Amazon that `object_store` knows no word for: signed by it, and sent by us.

use std::sync::Arc;
use std::time::Duration;

use object_store::Error;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, AwsAuthorizer, AwsCredentialProvider};
use object_store::path::Path as Key;
use object_store::signer::Signer as _;
use ureq::http::header::{CONTENT_TYPE, ETAG};
use ureq::http::{Method, Request};

use super::wire::{Heard, Wire};
use super::{plain, profile, unusable, wait, what_is_missing};
use crate::diag::Failure;
use crate::publish::cache::{Cache, on_host};
use crate::publish::release::{Headers, Release};
use crate::publish::store::{StoreError, Trouble};
use crate::text::{Fingerprint, escape_html};

/// The region of CloudFront, which has but one.
const CLOUDFRONT_REGION: &str = "us-east-1";

/// A client of S3, with the credentials of the environment or of a profile. `name` is for people.
///
/// # Errors
/// When the profile cannot be used.
pub(super) fn builder(
    name: &str,
    env: &dyn Fn(&str) -> Option<String>,
    wire: &Arc<Wire>,
) -> Result<AmazonS3Builder, Failure> {
    let mut builder = AmazonS3Builder::from_env();
    if let Some(known) = profile::read(env).map_err(|why| unusable(name, &why))? {
        builder = builder.with_access_key_id(known.key_id).with_secret_access_key(known.secret);
        if let Some(token) = known.token {
            builder = builder.with_token(token);
        }
        if let Some(region) = known.region.filter(|_| env("AWS_REGION").is_none()) {
            builder = builder.with_region(region);
        }
    }
    let (options, retry, connector) = wire.client();
    let builder = builder.with_client_options(options).with_retry(retry);
    // One request for each file, which every store knows, and which says what became of it.
    Ok(builder.with_disable_bulk_delete(true).with_http_connector(connector))
}

/// A bucket of S3, for what its client cannot ask.
pub(super) struct Amazon {
    store: AmazonS3,
    region: String,
}

impl Amazon {
    /// The bucket of a client, and the region that its builder names.
    pub(super) fn new(store: &AmazonS3, builder: &AmazonS3Builder) -> Amazon {
        let region = builder.get_config_value(&AmazonS3ConfigKey::Region);
        Amazon { store: store.clone(), region: region.unwrap_or_else(|| "us-east-1".to_owned()) }
    }

    /// Puts the page at an old address together with where it leads, for S3 as a website to redirect by itself
    /// ("Configuring a webpage redirect" in Amazon's guide). Returns what the store calls the bytes.
    ///
    /// # Errors
    /// When the store does not take it.
    pub(super) fn put_redirect(
        &self,
        key: &Key,
        bytes: &[u8],
        headers: &Headers,
        location: &str,
        wire: &Wire,
    ) -> Result<Option<String>, StoreError> {
        signed(wire, self.store.credentials(), ("s3", &self.region), bytes, || {
            // How its addresses are made is the client's business; what it signs with them is not needed.
            let mut address = wait::finish(self.store.signed_url(Method::PUT, key, Duration::from_secs(60)))?;
            address.set_query(None);
            let request = Request::put(address.as_str()).header("x-amz-website-redirect-location", location);
            let fields = headers.named().filter(|(name, _)| *name != "Location");
            Ok(fields.fold(request, |request, (name, value)| request.header(name, value)))
        })
    }
}

/// Amazon CloudFront, told which addresses of a distribution are old.
pub struct CloudFront {
    distribution: String,
    root: String,
    address: String,
    credentials: AwsCredentialProvider,
    wire: Arc<Wire>,
}

impl CloudFront {
    /// The distribution of this id, with the credentials of the environment. `root` is where the site begins on its host.
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// [`Exit::Usage`](crate::diag::Exit::Usage) when credentials make no sense.
    pub fn open(
        distribution: &str,
        root: &str,
        env: &dyn Fn(&str) -> Option<String>,
        limits: super::Limits,
    ) -> Result<CloudFront, Failure> {
        let name = format!("CloudFront {distribution}");
        let endpoint = ["AWS_ENDPOINT_URL_CLOUDFRONT", "AWS_ENDPOINT_URL"].into_iter().find_map(env);
        let endpoint = endpoint.unwrap_or_else(|| "https://cloudfront.amazonaws.com".to_owned());
        let allow_plain = endpoint.starts_with("http://");
        let wire = Arc::new(Wire::new(limits, allow_plain));
        // Its credentials are wanted, and no bucket is asked.
        let builder = builder(&name, env, &wire)?.with_bucket_name(distribution);
        let store = builder.build().map_err(|it| unusable(&name, what_is_missing(&it)))?;
        let endpoint = endpoint.trim_end_matches('/');
        Ok(CloudFront {
            distribution: distribution.to_owned(),
            root: root.to_owned(),
            address: format!("{endpoint}/2020-05-31/distribution/{distribution}/invalidation"),
            credentials: Arc::clone(store.credentials()),
            wire,
        })
    }
}

impl Cache for CloudFront {
    fn name(&self) -> String {
        format!("CloudFront {}", self.distribution)
    }

    fn tell(&self, release: &Release, addresses: &[String]) -> Result<(), StoreError> {
        let body = batch(release, addresses, &self.root);
        signed(&self.wire, &self.credentials, ("cloudfront", CLOUDFRONT_REGION), body.as_bytes(), || {
            Ok(Request::post(&self.address).header(CONTENT_TYPE, "application/xml"))
        })
        .map(drop)
    }
}

/// The body of `CreateInvalidation` (CloudFront API, 2020-05-31). Its reference is made of the release and the addresses, so
/// that the same request twice is one to CloudFront, and another is another.
fn batch(release: &Release, addresses: &[String], root: &str) -> String {
    let (number, published) = (release.number.to_string(), release.published.to_string());
    let digest = release.digest();
    let of_release = [&digest.bytes()[..], number.as_bytes(), published.as_bytes(), root.as_bytes()];
    let reference =
        Fingerprint::of_parts(of_release.into_iter().chain(addresses.iter().map(String::as_bytes))).hex();
    let paths = addresses.iter().map(|it| format!("<Path>{}</Path>", escape_html(&on_host(root, it))));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
         <Paths><Quantity>{}</Quantity><Items>{}</Items></Paths>\
         <CallerReference>rejoinder-r{number}-{}</CallerReference></InvalidationBatch>",
        addresses.len(),
        paths.collect::<String>(),
        &reference[..32]
    )
}

/// Signs a request for a service in a region, and sends it. Returns the ETag of the answer.
fn signed(
    wire: &Wire,
    credentials: &AwsCredentialProvider,
    (service, region): (&str, &str),
    body: &[u8],
    request: impl FnOnce() -> Result<ureq::http::request::Builder, Error>,
) -> Result<Option<String>, StoreError> {
    let odd = |why: &str| StoreError::new(Trouble::Final, why);
    let mut etag = None;
    let (asked, heard) = Wire::listen(|| -> Result<(), Error> {
        let Ok(mut request) = request()?.body(body.to_vec().into()) else { return Ok(()) };
        let credential = wait::finish(credentials.get_credential())?;
        AwsAuthorizer::new(&credential, service, region).try_authorize(&mut request, None)?;
        // How it failed was heard.
        if let Ok(answer) = wire.send(request, body) {
            etag = answer.headers().get(ETAG).and_then(|it| it.to_str().ok()).map(plain);
        }
        Ok(())
    });
    match (asked, heard) {
        (Ok(()), Some(Heard::Fine)) => Ok(etag),
        (Err(error), None | Some(Heard::Fine)) => Err(odd(what_is_missing(&error))),
        (Ok(()), None) => Err(odd("no request can be made of it")),
        (_, Some(heard)) => Err(heard.told()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cloudfront_is_told_is_the_same_for_the_same_release() {
        let release = Release { number: 7, published: 1_800_000_000, ..Release::default() };
        let addresses = ["/a&b/", "/ä/index.html"].map(str::to_owned);
        let told = batch(&release, &addresses, "/site/");
        assert!(told.contains("<Quantity>2</Quantity><Items><Path>/site/a&amp;b/</Path><Path>/site/%C3%A4/index.html</Path></Items>"), "{told}");
        assert!(told.contains("<CallerReference>rejoinder-r7-"), "{told}");
        assert_eq!(batch(&release, &addresses, "/site/"), told);
        let reference = |it: &str| it.split_once("<CallerReference>").unwrap().1.to_owned();
        let later = Release { published: 1_800_000_001, ..release.clone() };
        let others = [batch(&later, &addresses, "/site/"), batch(&release, &addresses[..1], "/site/")];
        assert!(others.iter().all(|it| reference(it) != reference(&told)));
    }
}
