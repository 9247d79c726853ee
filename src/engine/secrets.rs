//! What must not be published: files that look like secrets, and private copies of sources, wherever they lie and
//! whatever they are called.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::content::Content;
use super::parallel::map_in_order;
use crate::diag::{Code, Diagnostic, Failure, Level, Place, Report};
use crate::extract::MOST_BYTES;
use crate::input::{Files, Listed};
use crate::model::{Data, Record, Site, Snapshot};
use crate::text::{Sha256, join_path};
use crate::theme::Theme;

/// Every code of this module.
pub(super) static CODES: &[&Code] = &[&SECRET_FILE];

static SECRET_FILE: Code = Code {
    name: "secret-file",
    level: Level::Error,
    manual: "# secret-file

A file that would be published looks like a secret: `.env`, a private key (`*.pem`, `*.key`, `id_rsa`), or a private
snapshot of a source. Move it out of `content/`, `static/` and the theme.

A snapshot is known by the path in its record (`snapshot:` of a source, and `snapshots:` in `site.yaml` for all of
them), and by its bytes: a file that is the text or the page whose digest a record holds is refused under any name. If
the words are yours to publish, write `private: false` into the record.",
};

/// A file whose name is that of a secret.
pub(super) fn by_name(it: &Listed) -> Option<Diagnostic> {
    let name = it.path.rsplit('/').next().unwrap_or(&it.path);
    let endings = [".pem", ".key", ".p12", ".pfx"];
    let is_secret = name == ".env"
        || name.starts_with(".env.")
        || name.starts_with("id_rsa")
        || endings.iter().any(|it| name.ends_with(it));
    is_secret.then(|| {
        let message = format!("`{}` looks like a secret, and would be published", it.path);
        Diagnostic::new(&SECRET_FILE, Place::file(&it.path), message)
            .help("move it out of `content/` and `static/`")
    })
}

/// Reports every private copy of a source that would be published: because of where it lies, or because a file that
/// is published has its bytes. Records that are left out as drafts count: their copies are no less private.
///
/// # Errors
/// When a file that is there cannot be read.
pub(super) fn public_copies(
    files: &dyn Files,
    site: &Site,
    config: &str,
    content: &Content,
    theme: Option<&Theme>,
    report: &mut Report,
) -> Result<(), Failure> {
    if let Some(taken) = published(&normal(&site.snapshots).unwrap_or_default(), site) {
        let message = format!("copies of sources are private, and `{}` lies in `{taken}`", site.snapshots);
        let told = Diagnostic::new(&SECRET_FILE, Place::field(&config.into(), "snapshots"), message);
        report.add(told.help("name a directory that is not published; `snapshots` is the usual one"));
    }
    let mut private: BTreeMap<Sha256, &Record> = BTreeMap::new();
    let mut told_paths: BTreeSet<String> = BTreeSet::new();
    for (record, snapshot) in copies(content) {
        if let Some(path) = public_path(record, snapshot, content, site) {
            let place = Place::field(&record.origin.file, record.origin.field("snapshot"));
            let message = format!("the snapshot `{path}` is private, and would be published");
            let told = Diagnostic::new(&SECRET_FILE, place, message);
            report.add(told.help("move it to a directory that is not published, `snapshots/` for example"));
            told_paths.insert(path);
        }
        let known = [snapshot.sha256, snapshot.text_sha256];
        for digest in known.into_iter().flatten() {
            private.entry(digest).or_insert(record);
        }
        // Without digests the file itself says what its bytes are, if it is here.
        if known == [None, None]
            && let Some(input) = files.read(&snapshot.file)?
        {
            private.entry(Sha256::of(&input.bytes)).or_insert(record);
        }
    }
    if private.is_empty() {
        return Ok(());
    }
    // A copy is no larger than what is read as one.
    let assets: Vec<&Arc<str>> = content
        .assets
        .iter()
        .filter(|(path, stamp)| {
            (1..=MOST_BYTES as u64).contains(&stamp.size) && !told_paths.contains(&***path)
        })
        .map(|(path, _)| path)
        .collect();
    let digests = map_in_order(&assets, |path| {
        files.read(path).map(|it| it.map(|it| (Arc::clone(path), Sha256::of(&it.bytes))))
    });
    for digest in digests {
        let Some((path, digest)) = digest? else { continue };
        report.add_some(private.get(&digest).map(|record| by_bytes(&path, record)));
    }
    for (path, bytes) in theme.map(Theme::asset_files).unwrap_or_default() {
        report.add_some(private.get(&Sha256::of(bytes)).map(|record| by_bytes(path, record)));
    }
    Ok(())
}

/// Every private copy that a record names.
fn copies(content: &Content) -> impl Iterator<Item = (&Record, &Snapshot)> {
    let records = content.documents.iter().flat_map(|it| &it.facts.records);
    records.filter_map(|record| match &record.data {
        Data::Source(source) => {
            source.snapshot.as_ref().filter(|it| it.private).map(|it| (record.as_ref(), it))
        }
        _ => None,
    })
}

/// Where a copy would be published from. Its path is meant from the project's top; one that was meant from its record's
/// file on is found if it is there.
fn public_path(record: &Record, snapshot: &Snapshot, content: &Content, site: &Site) -> Option<String> {
    let from_top = normal(&snapshot.file).filter(|it| published(it, site).is_some());
    from_top.or_else(|| {
        let beside = join_path(&record.origin.file, &snapshot.file)?;
        content.assets.contains_key(beside.as_str()).then_some(beside)
    })
}

/// A path of the project without `.` and `..`.
fn normal(path: &str) -> Option<String> {
    join_path("site.yaml", path)
}

/// The directory whose files are published, if a path is one of them or lies in one.
fn published<'s>(path: &str, site: &'s Site) -> Option<&'s str> {
    let folded = path.to_lowercase();
    let output = site.output.as_str();
    ["content", "static", "themes", "templates", output].into_iter().find(|dir| {
        let dir = normal(dir).unwrap_or_default().to_lowercase();
        let inside = folded.strip_prefix(dir.as_str());
        !dir.is_empty() && inside.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    })
}

fn by_bytes(path: &Arc<str>, record: &Record) -> Diagnostic {
    let message =
        format!("`{path}` is the private copy of the source `{}`, and would be published", record.id);
    Diagnostic::new(&SECRET_FILE, Place::file(path), message).help(
        "delete it; if the words are yours to publish, write `private: false` into the record's `snapshot`",
    )
}
