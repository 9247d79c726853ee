//! Stores: places that hold files by name, such as buckets. What a target of that kind has to be able to do.
//!
//! One request each, without retries: those, their pace and their order are the [driver](super::driver)'s.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::plan::Listed;
use super::release::Headers;

/// Which version of the record a store holds: an ETag or a generation. Only compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(pub String);

/// A place that holds files by name. Called from many threads at once. Every call ends in reasonable time: a request that
/// is not answered is [`Trouble::Again`].
///
/// Keys are paths with `/` between their parts, from the place's own top: a prefix in a bucket is the store's business.
pub trait Store: Sync {
    /// What people call it: `s3://bucket/prefix`. Without credentials.
    fn name(&self) -> String;

    /// Whether [`Store::swap_record`] really compares. Where it does not, people are warned that two publishers at once can
    /// undo each other's work.
    fn compares(&self) -> bool;

    /// Every file there is.
    ///
    /// # Errors
    /// When the store cannot be asked, or does not allow it.
    fn list(&self) -> Result<BTreeMap<String, Listed>, StoreError>;

    /// What [`Store::list`] says of one file; `None` when there is none.
    ///
    /// # Errors
    /// When the store cannot be asked, or does not allow it.
    fn look(&self, key: &str) -> Result<Option<Listed>, StoreError>;

    /// The bytes of a file; `None` when there is none.
    ///
    /// # Errors
    /// When the store cannot be asked, or does not allow it.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The bytes of the [record](super::record::RECORD), and which version that is; `None` when there is none.
    ///
    /// # Errors
    /// When the store cannot be asked, or does not allow it.
    fn record(&self) -> Result<Option<(Vec<u8>, Tag)>, StoreError>;

    /// Puts a record in the place of the version that was read, or where there was none. Returns the new version.
    ///
    /// # Errors
    /// [`Trouble::Conflict`] when another version is there by now, and it stays.
    fn swap_record(&self, bytes: Vec<u8>, expected: Option<&Tag>) -> Result<Tag, StoreError>;

    /// Puts a file, over what may be there, in one step: readers get the old bytes or the new ones. Returns what the store
    /// calls the bytes, as [`Store::list`] will.
    ///
    /// # Errors
    /// When the store does not take it.
    fn put(&self, key: &str, bytes: Vec<u8>, headers: &Headers) -> Result<Option<String>, StoreError>;

    /// Copies a file inside the store. Whatever stands at `to` is replaced.
    ///
    /// # Errors
    /// When there is none, or the store does not take it.
    fn copy(&self, from: &str, to: &str, headers: &Headers) -> Result<Option<String>, StoreError> {
        let bytes =
            self.get(from)?.ok_or_else(|| StoreError::new(Trouble::Final, "there is no such file"))?;
        self.put(to, bytes, headers)
    }

    /// Gives a file other headers.
    ///
    /// # Errors
    /// As [`Store::copy`].
    fn set_headers(&self, key: &str, headers: &Headers) -> Result<Option<String>, StoreError> {
        self.copy(key, key, headers)
    }

    /// Deletes a file. One that is not there counts as deleted.
    ///
    /// # Errors
    /// When the store cannot be asked, or does not allow it.
    fn delete(&self, key: &str) -> Result<(), StoreError>;
}

/// What to make of a request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The same request may go well in a moment: 408, 429, 5xx, a connection that was cut, no answer in time. With the time
    /// that the host asks to wait (`Retry-After`).
    Again(Option<Duration>),
    /// The record is another than was expected: 409, 412.
    Conflict,
    /// It will not go well: 401, 403, 404, a name that is no host's.
    Final,
}

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// What to make of it.
    pub trouble: Trouble,
    /// What the store said, for people: one line, without credentials.
    pub message: String,
}

impl StoreError {
    /// A request that failed, and why.
    pub fn new(trouble: Trouble, message: impl Into<String>) -> StoreError {
        StoreError { trouble, message: message.into() }
    }

    /// What to make of the status of an HTTP answer.
    pub fn of_status(status: u16, retry_after: Option<Duration>, message: impl Into<String>) -> StoreError {
        let trouble = match status {
            408 | 425 | 429 | 500..=599 => Trouble::Again(retry_after),
            409 | 412 => Trouble::Conflict,
            _ => Trouble::Final,
        };
        StoreError::new(trouble, message)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
