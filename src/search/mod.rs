//! The index that readers search, by Pagefind.
//!
//! In: the records that a site wants found ([`Record`]). Out: the files of an index, which a browser reads in pieces: a few KB
//! for a word, and as much for each result. Stands outside the pure middle, because Pagefind starts threads and asks for the
//! working directory; the engine gets it as a function ([`Indexer`](crate::engine::Indexer)).
//!
//! The same records give the same files: Pagefind sorts what it writes, and records come in an order. A language that Pagefind has
//! no stemmer for is searched by whole words and their beginnings. Words that are not parted by spaces (Chinese, Japanese, Thai) are
//! not taken apart: that would need Pagefind's `extended` feature, and with it 113 more crates.

use std::collections::BTreeMap;

use pagefind::api::{PagefindIndex, SyntheticFile};
use pagefind::options::PagefindServiceConfig;

use crate::view::search_index::Record;

/// How many files the texts of all results take at most, for each language. With more results, several share one.
const MOST_FRAGMENTS: u32 = 1000;

/// What Pagefind writes beside its index, and no page of ours uses: interfaces, and marks on the page that a result leads to.
const UNUSED: [&str; 4] = ["pagefind-component-", "pagefind-highlight", "pagefind-modular-", "pagefind-ui."];

/// What reads words of languages without a stemmer of their own.
const PLAIN_READER: &str = "wasm.unknown.pagefind";

/// Makes an index: names of files, each with its bytes, by name.
///
/// # Errors
/// When Pagefind cannot, in words.
pub fn index(records: &[Record]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let made = runtime.block_on(make(records)).map_err(|error| format!("{error:#}"))?;
    let named = made.into_iter().map(|it| {
        let name = it.filename.to_str().map(|name| name.replace('\\', "/"));
        let name = name.ok_or_else(|| format!("{} is no name for a file", it.filename.display()))?;
        Ok((name, it.contents))
    });
    let mut files = named.collect::<Result<Vec<(String, Vec<u8>)>, String>>()?;
    files.retain(|(name, _)| !UNUSED.iter().any(|it| name.starts_with(it)));
    // For a language with its own reader the plain one would never be asked for.
    if !files.iter().any(|(name, bytes)| name == "pagefind-entry.json" && wants_plain_reader(bytes)) {
        files.retain(|(name, _)| name != PLAIN_READER);
    }
    files.sort();
    Ok(files)
}

/// Whether some language has no reader of its own.
fn wants_plain_reader(entry: &[u8]) -> bool {
    let entry: serde_json::Value = serde_json::from_slice(entry).unwrap_or_default();
    let languages = entry.get("languages").and_then(serde_json::Value::as_object);
    languages.is_none_or(|all| all.values().any(|it| it.get("wasm").is_none_or(serde_json::Value::is_null)))
}

async fn make(records: &[Record]) -> Result<Vec<SyntheticFile>, Box<dyn std::error::Error + Send + Sync>> {
    let options = PagefindServiceConfig::builder().keep_index_url(true).max_fragments(MOST_FRAGMENTS).build();
    let mut index = PagefindIndex::new(Some(options))?;
    for it in records {
        let text = |it: &str| it.to_owned();
        let lang = it.text_lang.as_deref().unwrap_or_default();
        let meta = [("title", &*it.title), ("note", &it.note), ("lang", lang)];
        let meta: BTreeMap<String, String> = meta
            .into_iter()
            .filter(|(_, it)| !it.is_empty())
            .map(|(name, it)| (text(name), text(it)))
            .collect();
        let kind = vec![it.kind.to_owned()];
        let filters =
            [("kind", &kind), ("actor", &it.actors), ("stance", &it.stances), ("source", &it.sources)];
        let filters: BTreeMap<String, Vec<String>> = filters
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(name, values)| (text(name), values.clone()))
            .collect();
        index
            .add_custom_record(
                it.url.clone(),
                it.text.clone(),
                it.lang.clone(),
                Some(meta),
                Some(filters),
                None,
            )
            .await?;
    }
    Ok(index.get_files().await?)
}

#[cfg(test)]
mod tests;
