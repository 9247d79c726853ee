//! Buckets: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage, through the crate `object_store`.
//!
//! That crate makes, signs and reads requests. Its HTTP is ours (`wire`), which keeps what it throws away: the status
//! of an answer and `Retry-After`. Its own retries are off, since the [driver](super::driver) tries again. It is
//! asynchronous; nothing here is: `wire` answers at once, so a call is one wait, on the caller's thread,
//! and there is no runtime.
//!
//! **Credentials** come from the environment, as `object_store` reads it, or from a profile of AWS's files. They go into
//! signatures and nowhere else: what is told of a failed request is put together here (`wire::Heard`) from the status
//! and the host's code, never from addresses, headers or the crate's own words.
//!
//! **Where a store does not compare** ([`Bucket::compares`]) the record is put after a look at what is there. The first of
//! a run, which holds our claim, is looked at again a moment later: so the claim is the lock. Of two who begin within that
//! moment the later wins, and the earlier sees it before it sends anything.

mod amazon;
mod profile;
mod wait;
mod wire;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::path::Path as Key;
use object_store::{
    Attribute, Attributes, Error, GetOptions, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions,
    PutResult, UpdateVersion,
};

use super::plan::Listed;
use super::record::{DIR, RECORD};
use super::release::Headers;
use super::store::{Store, StoreError, Tag, Trouble};
use crate::diag::{Exit, Failure};
use crate::model::{Bucket as Place, Cloud};
use amazon::Amazon;
use wire::{Heard, Wire};

pub use amazon::CloudFront;
pub use wire::Limits;

/// A bucket, or what is below a prefix of one.
pub struct Bucket {
    store: Box<dyn Both>,
    /// The same, where it is one of S3.
    amazon: Option<Amazon>,
    name: String,
    /// With `/` at its end, or empty.
    prefix: String,
    wire: Arc<Wire>,
    /// Whether the store compares before it writes. For S3 and those that speak like it not known before the first write.
    compares: Mutex<Option<bool>>,
    /// Whether it may be a store that speaks like S3 and does not compare.
    may_not: bool,
    /// Whether this run already put a record that stayed.
    has_claimed: AtomicBool,
}

/// What all three clouds' clients can do.
trait Both: ObjectStore + PaginatedListStore {}

impl<T: ObjectStore + PaginatedListStore> Both for T {}

impl Bucket {
    /// Opens a bucket with the credentials of the environment. `env` looks a variable up; `home` is where profiles lie.
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// [`Exit::Usage`] when settings or credentials make no sense.
    pub fn open(
        place: &Place,
        env: &dyn Fn(&str) -> Option<String>,
        limits: Limits,
    ) -> Result<Bucket, Failure> {
        let name = place.to_string();
        let endpoint = place.endpoint.as_deref();
        // No request of ours leaves unencrypted, but to an endpoint that was written down so.
        let is_plain = |it: &str| it.starts_with("http://");
        let variables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_ENDPOINT"];
        let allow_plain = match endpoint {
            Some(endpoint) => is_plain(endpoint),
            None => variables.iter().any(|it| env(it).is_some_and(|it| is_plain(&it))),
        };
        let wire = Arc::new(Wire::new(limits, allow_plain));
        let (options, retry, connector) = wire.client();
        let mut amazon = None;
        let store: Result<Box<dyn Both>, Error> = match place.cloud {
            Cloud::S3 => {
                let mut builder = amazon::builder(&name, env, &wire)?;
                if let Some(region) = &place.region {
                    builder = builder.with_region(region);
                }
                if let Some(endpoint) = endpoint {
                    builder = builder.with_endpoint(endpoint).with_virtual_hosted_style_request(false);
                }
                let builder = builder.with_bucket_name(&place.bucket);
                builder.clone().build().map(|it| {
                    amazon = Some(Amazon::new(&it, &builder));
                    Box::new(it) as Box<dyn Both>
                })
            }
            Cloud::Google => {
                let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(&place.bucket);
                if let Some(endpoint) = endpoint {
                    builder = builder.with_base_url(endpoint);
                }
                let builder = builder.with_client_options(options).with_retry(retry);
                builder.with_http_connector(connector).build().map(|it| Box::new(it) as Box<dyn Both>)
            }
            Cloud::Azure => {
                let mut builder = MicrosoftAzureBuilder::from_env().with_container_name(&place.bucket);
                if let Some(account) = &place.account {
                    builder = builder.with_account(account);
                }
                if let Some(endpoint) = endpoint {
                    builder = builder.with_endpoint(endpoint.to_owned());
                }
                let builder = builder.with_client_options(options).with_retry(retry);
                builder.with_http_connector(connector).build().map(|it| Box::new(it) as Box<dyn Both>)
            }
        };
        let store = store.map_err(|it| unusable(&name, what_is_missing(&it)))?;
        let prefix = place.prefix.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
        let may_not = place.cloud == Cloud::S3;
        let compares = Mutex::new(if may_not { None } else { Some(true) });
        let has_claimed = AtomicBool::new(false);
        Ok(Bucket { store, amazon, name, prefix, wire, compares, may_not, has_claimed })
    }

    fn key(&self, key: &str) -> Result<Key, StoreError> {
        Key::parse(format!("{}{key}", self.prefix))
            .map_err(|_| StoreError::new(Trouble::Final, "no object can have this name"))
    }

    /// Makes one request, and says in our words why it failed.
    fn ask<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, Failed> {
        let (result, heard) = Wire::listen(|| wait::finish(request));
        result.map_err(|error| match heard {
            Some(heard) => Failed { error: heard.told(), heard },
            None => {
                Failed { error: StoreError::new(Trouble::Final, what_is_missing(&error)), heard: Heard::Fine }
            }
        })
    }

    /// A request on a file, where nobody else's can be in the way for long.
    fn on_file<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, StoreError> {
        self.ask(request).map_err(|it| in_the_way(it.error))
    }

    async fn write(
        &self,
        key: &Key,
        bytes: Vec<u8>,
        headers: &Headers,
        mode: PutMode,
    ) -> Result<PutResult, Error> {
        let mut attributes = Attributes::new();
        for (name, value) in headers.named() {
            let attribute = match name {
                "Content-Type" => Attribute::ContentType,
                "Cache-Control" => Attribute::CacheControl,
                "Content-Disposition" => Attribute::ContentDisposition,
                "Content-Language" => Attribute::ContentLanguage,
                // Where a page leads is told by `amazon`, and kept nowhere else.
                _ => continue,
            };
            attributes.insert(attribute, value.to_owned().into());
        }
        self.store.put_opts(key, bytes.into(), PutOptions { mode, attributes, ..PutOptions::default() }).await
    }

    fn read(&self, key: &Key) -> Result<Option<(Vec<u8>, Tag)>, StoreError> {
        let read = async {
            let found = self.store.get_opts(key, GetOptions::default()).await?;
            let tag = tag(found.meta.e_tag.clone(), found.meta.version.clone());
            Ok((found.bytes().await?.to_vec(), tag))
        };
        match self.ask(read) {
            Ok(found) => Ok(Some(found)),
            Err(failed) if failed.heard.is_no_object() => Ok(None),
            Err(failed) => Err(failed.error),
        }
    }

    /// Puts the record if it is still the one we know, as far as the store itself compares.
    fn write_record(&self, bytes: Vec<u8>, mode: PutMode) -> Result<Tag, Failed> {
        let key = self.key(RECORD).map_err(|error| Failed { error, heard: Heard::Fine })?;
        let put = self.ask(self.write(&key, bytes, &Headers::of(RECORD), mode));
        put.map(|it| tag(it.e_tag, it.version)).map_err(|failed| match failed.heard.is_no_object() {
            // In the place of the version that we know there is none.
            true => Failed { error: StoreError { trouble: Trouble::Conflict, ..failed.error }, ..failed },
            false => failed,
        })
    }

    fn known(&self) -> Option<bool> {
        *self.compares.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn know(&self, compares: bool) -> bool {
        *self.compares.lock().unwrap_or_else(PoisonError::into_inner) = Some(compares);
        compares
    }

    /// Whether the store compares, found out by writing something that it must refuse. Once in each run, before the first
    /// write.
    fn find_out(&self) -> Result<bool, StoreError> {
        if let Some(known) = self.known() {
            return Ok(known);
        }
        let key = self.key(&format!("{DIR}/probe"))?;
        let nothing = UpdateVersion { e_tag: Some(NOBODYS.to_owned()), version: None };
        match self.ask(self.write(&key, Vec::new(), &Headers::of(RECORD), PutMode::Update(nothing))) {
            // It took what it had to refuse.
            Ok(_) => {
                self.on_file(self.store.delete(&key))?;
                Ok(self.know(false))
            }
            Err(Failed { heard, .. }) if heard.is_unheard_of() => Ok(self.know(false)),
            Err(Failed { heard, error }) => {
                match heard.is_no_object() || error.trouble == Trouble::Conflict {
                    true => Ok(self.know(true)),
                    false => Err(error),
                }
            }
        }
    }

    /// The first record of all.
    fn create_record(&self, bytes: &[u8]) -> Result<Tag, StoreError> {
        match self.write_record(bytes.to_vec(), PutMode::Create) {
            Ok(tag) if !self.may_not => Ok(tag),
            Ok(tag) => match self.write_record(bytes.to_vec(), PutMode::Create) {
                // A store that compares with a version may still not compare with nothing. The same bytes harm nobody.
                Ok(_) => {
                    self.know(false);
                    self.settled(bytes)
                }
                Err(Failed { error, .. }) if error.trouble == Trouble::Conflict => Ok(tag),
                Err(Failed { error, .. }) => Err(error),
            },
            Err(Failed { heard, .. }) if self.may_not && heard.is_unheard_of() => {
                self.know(false);
                self.swap_blindly(bytes, None)
            }
            Err(Failed { error, .. }) => Err(error),
        }
    }

    /// A swap by a store that does not compare; see the module's doc.
    fn swap_blindly(&self, bytes: &[u8], expected: Option<&Tag>) -> Result<Tag, StoreError> {
        match self.record()? {
            // The answer to an earlier try was lost.
            Some((there, _)) if there == bytes => (),
            there if there.as_ref().map(|(_, tag)| tag) != expected => {
                return Err(StoreError::new(Trouble::Conflict, "the record is another by now"));
            }
            Some(_) | None => {
                self.write_record(bytes.to_vec(), PutMode::Overwrite).map_err(|it| it.error)?;
            }
        }
        self.settled(bytes)
    }

    /// The tag of a record that we put, if it is still there after a while.
    fn settled(&self, bytes: &[u8]) -> Result<Tag, StoreError> {
        if !self.has_claimed.load(Ordering::SeqCst) {
            std::thread::sleep(self.wire.limits().settle);
        }
        match self.record()? {
            Some((there, tag)) if there == bytes => {
                self.has_claimed.store(true, Ordering::SeqCst);
                Ok(tag)
            }
            Some(_) | None => Err(StoreError::new(Trouble::Conflict, "the record is another by now")),
        }
    }
}

/// The ETag of no bytes that we write: no digest is all zeros.
const NOBODYS: &str = "\"00000000000000000000000000000000\"";

/// A request that failed: for people, and as it was heard.
struct Failed {
    error: StoreError,
    heard: Heard,
}

impl Store for Bucket {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn compares(&self) -> bool {
        self.known().unwrap_or(true)
    }

    fn list(&self) -> Result<BTreeMap<String, Listed>, StoreError> {
        let mut listing = BTreeMap::new();
        let prefix = Some(self.prefix.as_str()).filter(|it| !it.is_empty());
        let mut page_token = None;
        loop {
            let options = PaginatedListOptions { page_token, ..PaginatedListOptions::default() };
            let page = self.ask(self.store.list_paginated(prefix, options)).map_err(|it| it.error)?;
            for object in page.result.objects {
                let key = object.location.as_ref();
                // Names that end with a slash are what some consoles show as directories.
                if let Some(key) = key.strip_prefix(&self.prefix).filter(|it| !it.is_empty()) {
                    let etag = object.e_tag.as_deref().map(plain);
                    listing.insert(key.to_owned(), Listed { size: object.size, etag, fingerprint: None });
                }
            }
            page_token = page.page_token;
            if page_token.is_none() {
                return Ok(listing);
            }
        }
    }

    fn look(&self, key: &str) -> Result<Option<Listed>, StoreError> {
        let key = self.key(key)?;
        match self.ask(self.store.head(&key)) {
            Ok(object) => {
                let etag = object.e_tag.as_deref().map(plain);
                Ok(Some(Listed { size: object.size, etag, fingerprint: None }))
            }
            Err(failed) if failed.heard.is_no_object() => Ok(None),
            Err(failed) => Err(failed.error),
        }
    }

    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.read(&self.key(key)?)?.map(|(bytes, _)| bytes))
    }

    fn record(&self) -> Result<Option<(Vec<u8>, Tag)>, StoreError> {
        self.read(&self.key(RECORD)?)
    }

    fn swap_record(&self, bytes: Vec<u8>, expected: Option<&Tag>) -> Result<Tag, StoreError> {
        if !self.find_out()? {
            return self.swap_blindly(&bytes, expected);
        }
        let Some(expected) = expected else { return self.create_record(&bytes) };
        let (e_tag, version) = expected.0.split_once('\n').unwrap_or((&expected.0, ""));
        let some = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
        let version = UpdateVersion { e_tag: some(e_tag), version: some(version) };
        self.write_record(bytes, PutMode::Update(version)).map_err(|it| it.error)
    }

    fn put(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<Option<String>, StoreError> {
        let key = self.key(key)?;
        if let (Some(location), Some(amazon)) = (&headers.location, &self.amazon) {
            return amazon.put_redirect(&key, &bytes, headers, location, &self.wire).map_err(in_the_way);
        }
        let put = self.on_file(self.write(&key, bytes, headers, PutMode::Overwrite))?;
        Ok(put.e_tag.as_deref().map(plain))
    }

    fn copy(&self, from: &str, to: &str, headers: &Headers) -> Result<Option<String>, StoreError> {
        if from == to {
            // No store gives a file other headers in one request that all of them know.
            let bytes = self.get(from)?;
            let bytes = bytes.ok_or_else(|| StoreError::new(Trouble::Final, "there is no such file"))?;
            return self.put(to, bytes, headers);
        }
        // The copy keeps the headers of the original: nobody asks for it but us.
        let (from, to) = (self.key(from)?, self.key(to)?);
        self.on_file(self.store.copy(&from, &to))?;
        Ok(None)
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        let key = self.key(key)?;
        match self.ask(self.store.delete(&key)) {
            Ok(()) => Ok(()),
            Err(failed) if failed.heard.is_no_object() => Ok(()),
            Err(Failed { error, .. }) => Err(in_the_way(error)),
        }
    }
}

/// Somebody else's write of the same file at the same time is over soon: stores call that a conflict.
fn in_the_way(error: StoreError) -> StoreError {
    match error.trouble {
        Trouble::Conflict => StoreError { trouble: Trouble::Again(None), ..error },
        Trouble::Again(_) | Trouble::Final => error,
    }
}

/// Whether S3 is told with the page at an old address where that leads: at Amazon's own, which redirects by it or takes no notice,
/// and wherever the author says that it is a website. Others may refuse what they do not know.
pub fn tells_redirects(place: &Place, env: &dyn Fn(&str) -> Option<String>) -> bool {
    let elsewhere = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
    let is_amazon = place.endpoint.is_none() && elsewhere.iter().all(|it| env(it).is_none());
    place.cloud == Cloud::S3 && place.website.unwrap_or(is_amazon)
}

/// A version as one word: what the store calls the bytes, and which generation that is where it counts them.
fn tag(e_tag: Option<String>, version: Option<String>) -> Tag {
    Tag(format!("{}\n{}", e_tag.unwrap_or_default(), version.unwrap_or_default()))
}

/// An ETag without its quotes: answers have them, some listings do not.
fn plain(e_tag: &str) -> String {
    e_tag.trim_start_matches("W/").trim_matches('"').to_owned()
}

/// What is wrong when nothing was asked at all. The crate's own words may hold what was read from the environment.
fn what_is_missing(error: &Error) -> &'static str {
    let text = error.to_string();
    let is = |word: &str| text.contains(word);
    match error {
        _ if is("SecretAccessKey") => "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not",
        _ if is("AccessKeyId") => "AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not",
        _ if is("Account must be specified") => {
            "the storage account is missing: write `account:` or set AZURE_STORAGE_ACCOUNT_NAME"
        }
        Error::UnknownConfigurationKey { .. } => "a variable of the environment has a name that is not known",
        _ => "the credentials or settings in the environment cannot be used",
    }
}

fn unusable(name: &str, why: &str) -> Failure {
    Failure::new(Exit::Usage, format!("`{name}` cannot be used: {why}"))
        .help("docs/publishing.md says which variables of the environment are read for it")
}
