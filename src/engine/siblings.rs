//! Compressed siblings: beside each file that becomes smaller, one for each way in which it is compressed in advance.
//!
//! In: an edition that is known to be sound, and whoever can compress. Out: files like `index.html.br`, handed to the same sink.
//! They are made of finished files, so nothing that plans, makes or checks pages knows of them, and turning them on or off
//! makes no page again.
//!
//! Compressing as well as can be takes longer than all else in a build, so nothing is compressed twice: what a file's bytes
//! became is kept on a [`Shelf`] under their digest, and with it a table that says of each digest what the sibling's is.
//! With the table, a build that changes nothing asks the sink to keep siblings and reads none of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::parallel::{map_in_order, with_threads};
use super::shelf::{Progress, Shelf};
use crate::diag::Failure;
use crate::edition::headers::is_compressible;
use crate::edition::{Edition, Entry, PageFacts, Sink};
use crate::model::Encoding;
use crate::text::{Fingerprint, OutPath, pack, unpack};

/// Whoever compresses: the same bytes always become the same bytes.
#[derive(Clone, Copy)]
pub struct Compressor {
    /// Compresses some bytes.
    pub compress: fn(Encoding, &[u8]) -> Vec<u8>,
    /// Changes whenever the same bytes become others: a part of what siblings are called on a shelf.
    pub revision: &'static str,
}

/// What is asked for, and with what it is done.
pub struct Siblings<'a> {
    /// Which ones, each once.
    pub encodings: &'a [Encoding],
    /// Who makes them.
    pub compressor: Compressor,
    /// Where they are kept from one build to the next.
    pub shelf: Option<&'a dyn Shelf>,
    /// How many threads; all cores when absent.
    pub jobs: Option<usize>,
    /// Who is told how far it is.
    pub progress: Option<&'a Progress>,
    /// The bytes of a file of the edition.
    pub read: &'a (dyn Fn(&OutPath) -> Result<Vec<u8>, Failure> + Sync),
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precompressed {
    /// Every sibling.
    pub files: Vec<(OutPath, Entry)>,
    /// How many of these were compressed now.
    pub made: usize,
    /// What is needed of a shelf, when that is something else than what was needed the last time.
    pub names: Option<BTreeSet<String>>,
}

/// The digest and size of a sibling; `None` when it would not be smaller, so that there is none.
type Sibling = Option<(Fingerprint, u64)>;

/// What became of files, by half of the digest of their bytes.
type Table = BTreeMap<[u8; 16], Sibling>;

/// A file of the edition, and where its sibling goes.
struct Wanted<'e> {
    path: &'e OutPath,
    entry: &'e Entry,
    sibling: OutPath,
}

impl Siblings<'_> {
    /// Keeps, fetches or makes every sibling.
    ///
    /// A file stays without one where that would not be smaller, or where the site itself has something at its address.
    ///
    /// # Errors
    /// When a file cannot be read back, or the sink cannot store one.
    pub fn make(&self, edition: &Edition, sink: &dyn Sink) -> Result<Precompressed, Failure> {
        with_threads(self.jobs, || self.make_here(edition, sink))?
    }

    fn make_here(&self, edition: &Edition, sink: &dyn Sink) -> Result<Precompressed, Failure> {
        let paths: Vec<&str> = edition.files().map(|(path, _)| path.as_str()).collect();
        let of = |encoding: &Encoding| -> (Encoding, Vec<Wanted<'_>>) {
            (*encoding, edition.files().filter_map(|file| wanted(file, *encoding, &paths)).collect())
        };
        let wanted: Vec<(Encoding, Vec<Wanted<'_>>)> = self.encodings.iter().map(of).collect();
        let count = Count { done: AtomicUsize::new(0), of: wanted.iter().map(|(_, it)| it.len()).sum() };
        let mut all = Precompressed::default();
        let mut names = BTreeSet::new();
        let mut is_other = false;
        for (encoding, wanted) in wanted {
            let own = self.name(encoding, None);
            let stored = self.shelf.and_then(|it| it.get(&own));
            let known: Table = stored.and_then(|it| unpack(&it)).unwrap_or_default();
            let done = map_in_order(&wanted, |it| {
                let one = self.one(it, encoding, &known, sink);
                count.one(self.progress);
                one
            });
            let mut table = Table::new();
            for (it, done) in wanted.into_iter().zip(done) {
                let (sibling, is_made) = done?;
                table.insert(it.entry.fingerprint.half(), sibling);
                names.insert(self.name(encoding, Some(&it.entry.fingerprint)));
                let Some((fingerprint, size)) = sibling else { continue };
                all.made += usize::from(is_made);
                all.files.push((it.sibling, Entry { fingerprint, size, facts: PageFacts::default() }));
            }
            if table != known {
                is_other = true;
                self.shelf.iter().for_each(|it| it.put(&own, &pack(&table)));
            }
            names.insert(own);
        }
        all.files.sort_by(|a, b| a.0.cmp(&b.0));
        all.names = is_other.then_some(names);
        Ok(all)
    }

    /// One sibling, and whether it was compressed now.
    fn one(
        &self,
        it: &Wanted<'_>,
        encoding: Encoding,
        known: &Table,
        sink: &dyn Sink,
    ) -> Result<(Sibling, bool), Failure> {
        match known.get(&it.entry.fingerprint.half()) {
            Some(None) => return Ok((None, false)),
            Some(Some((fingerprint, size))) if sink.keep(&it.sibling, fingerprint, *size)? => {
                return Ok((Some((*fingerprint, *size)), false));
            }
            Some(Some(_)) | None => (),
        }
        let name = self.name(encoding, Some(&it.entry.fingerprint));
        let kept = self.shelf.and_then(|it| it.get(&name));
        let is_made = kept.is_none();
        let bytes = match kept {
            Some(bytes) => bytes,
            None => {
                let plain = (self.read)(it.path)?;
                let mut bytes = (self.compressor.compress)(encoding, &plain);
                // No file at all is written on the shelf as an empty one, which no compressed file is.
                if bytes.len() >= plain.len() {
                    bytes.clear();
                }
                self.shelf.iter().for_each(|it| it.put(&name, &bytes));
                bytes
            }
        };
        if bytes.is_empty() {
            return Ok((None, is_made));
        }
        let fingerprint = Fingerprint::of(&bytes);
        sink.put(&it.sibling, &bytes, &fingerprint)?;
        Ok((Some((fingerprint, bytes.len() as u64)), is_made))
    }

    /// What the sibling of some bytes is called on a shelf, or the table.
    fn name(&self, encoding: Encoding, of: Option<&Fingerprint>) -> String {
        let bytes = of.map_or(&[][..], |it| it.bytes());
        let parts = [self.compressor.revision.as_bytes(), encoding.name().as_bytes(), bytes];
        Fingerprint::of_parts(parts).hex()
    }
}

/// A file that may have a sibling; `paths` are all of the site, sorted.
fn wanted<'e>(
    (path, entry): (&'e OutPath, &'e Entry),
    encoding: Encoding,
    paths: &[&str],
) -> Option<Wanted<'e>> {
    if entry.size == 0 || !is_compressible(path.as_str()) {
        return None;
    }
    // A name that is too long for that has none.
    let sibling = OutPath::new(&format!("{path}.{}", encoding.name())).ok()?;
    let below = format!("{sibling}/");
    let at = paths.partition_point(|it| *it < below.as_str());
    let is_directory = paths.get(at).is_some_and(|it| it.starts_with(&below));
    let is_taken = is_directory || paths.binary_search(&sibling.as_str()).is_ok();
    (!is_taken).then_some(Wanted { path, entry, sibling })
}

/// Counts files as they are done.
struct Count {
    done: AtomicUsize,
    of: usize,
}

impl Count {
    fn one(&self, progress: Option<&Progress>) {
        let done = self.done.fetch_add(1, Relaxed) + 1;
        if let Some(progress) = progress {
            progress.tell("Compressed", done, self.of);
        }
    }
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compressor {}", self.revision)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Files by name.
    #[derive(Debug, Default)]
    struct Kept(Mutex<BTreeMap<String, Vec<u8>>>);

    impl Shelf for Kept {
        fn get(&self, name: &str) -> Option<Vec<u8>> {
            self.0.lock().unwrap().get(name).cloned()
        }

        fn put(&self, name: &str, bytes: &[u8]) {
            self.0.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
        }
    }

    impl Sink for Kept {
        fn put(&self, path: &OutPath, bytes: &[u8], fingerprint: &Fingerprint) -> Result<(), Failure> {
            assert_eq!(*fingerprint, Fingerprint::of(bytes));
            Shelf::put(self, path.as_str(), bytes);
            Ok(())
        }

        fn keep(&self, path: &OutPath, fingerprint: &Fingerprint, size: u64) -> Result<bool, Failure> {
            let kept = Shelf::get(self, path.as_str());
            Ok(kept.is_some_and(|it| Fingerprint::of(&it) == *fingerprint && it.len() as u64 == size))
        }
    }

    /// Every second byte, behind the name of the encoding: smaller from six bytes on.
    fn halve(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
        encoding.name().bytes().chain(bytes.iter().step_by(2).copied()).collect()
    }

    type Files<'f> = &'f [(&'f str, &'f str)];

    /// Makes siblings of files; says which were compressed, and which files nobody needed any more.
    fn make(files: Files<'_>, shelf: &Kept, sink: &Kept, encodings: &[Encoding]) -> (usize, usize) {
        let mut edition = Edition::default();
        for (path, text) in files {
            let fingerprint = Fingerprint::of(text.as_bytes());
            let entry = Entry { fingerprint, size: text.len() as u64, facts: PageFacts::default() };
            edition.insert(OutPath::new(path).unwrap(), entry);
        }
        let read = |path: &OutPath| {
            let (_, text) = files.iter().find(|(it, _)| *it == path.as_str()).unwrap();
            Ok(text.as_bytes().to_vec())
        };
        let siblings = Siblings {
            encodings,
            compressor: Compressor { compress: halve, revision: "halves" },
            shelf: Some(shelf),
            jobs: None,
            progress: None,
            read: &read,
        };
        let made = siblings.make(&edition, sink).unwrap();
        for (path, entry) in &made.files {
            assert!(sink.keep(path, &entry.fingerprint, entry.size).unwrap(), "{path}");
        }
        let dropped = made.names.map_or(0, |names| {
            let mut kept = shelf.0.lock().unwrap();
            let before = kept.len();
            kept.retain(|name, _| names.contains(name));
            before - kept.len()
        });
        (made.made, dropped)
    }

    fn names(sink: &Kept) -> Vec<String> {
        sink.0.lock().unwrap().keys().cloned().collect()
    }

    const BOTH: &[Encoding] = &Encoding::ALL;
    const LONG: &str = "a text that is long enough";

    #[test]
    fn only_what_becomes_smaller_has_siblings() {
        let (shelf, sink) = (Kept::default(), Kept::default());
        let files: Files<'_> = &[
            ("a.html", LONG),
            ("b.html", "abc"),
            ("c.woff2", LONG),
            ("d.svg", "quite another text"),
            ("e.txt", ""),
        ];
        assert_eq!(make(files, &shelf, &sink, BOTH).0, 4);
        assert_eq!(names(&sink), ["a.html.br", "a.html.gz", "d.svg.br", "d.svg.gz"]);
    }

    #[test]
    fn what_the_site_has_at_such_an_address_stays() {
        let (shelf, sink) = (Kept::default(), Kept::default());
        let files: Files<'_> = &[
            ("a.html", LONG),
            ("a.html.br", "an author's own"),
            ("b.html", LONG),
            ("b.html.br-old", "x"),
            ("b.html.br/index.html", "x"),
        ];
        assert_eq!(make(files, &shelf, &sink, &[Encoding::Brotli]).0, 0);
        assert_eq!(names(&sink), [""; 0]);
    }

    #[test]
    fn nothing_is_compressed_twice() {
        let (shelf, sink) = (Kept::default(), Kept::default());
        let old: Files<'_> = &[("a.html", LONG), ("b.html", "some other text"), ("c.html", "abc")];
        assert_eq!(make(old, &shelf, &sink, BOTH), (4, 0));
        assert_eq!(make(old, &shelf, &sink, BOTH), (0, 0));
        let n_kept = shelf.0.lock().unwrap().len();
        assert_eq!(n_kept, 2 * (3 + 1), "siblings, those that there are not, and tables");
        // One file has other words, and another's are at another address.
        let new: Files<'_> =
            &[("a.html", "quite another text"), ("b/b.html", "some other text"), ("c.html", "abc")];
        assert_eq!(make(new, &shelf, &Kept::default(), BOTH), (2, 2));
        // Without an output, and then without the table, all comes from the shelf.
        assert_eq!(make(new, &shelf, &Kept::default(), BOTH).0, 0);
        let siblings = |encoding: Encoding| {
            let parts = [&b"halves"[..], encoding.name().as_bytes(), b""];
            Fingerprint::of_parts(parts).hex()
        };
        shelf.0.lock().unwrap().retain(|name, _| !BOTH.iter().any(|it| siblings(*it) == *name));
        assert_eq!(make(new, &shelf, &Kept::default(), BOTH), (0, 0));
        // Another order of encodings, or one alone, compresses nothing either.
        assert_eq!(make(new, &shelf, &Kept::default(), &[Encoding::Gzip]).0, 0);
    }

    #[test]
    fn a_sibling_that_somebody_changed_is_put_right() {
        let (shelf, sink) = (Kept::default(), Kept::default());
        let files: Files<'_> = &[("a.html", LONG)];
        make(files, &shelf, &sink, BOTH);
        Shelf::put(&sink, "a.html.gz", b"damaged");
        assert_eq!(make(files, &shelf, &sink, BOTH), (0, 0));
        assert_eq!(Shelf::get(&sink, "a.html.gz").unwrap(), halve(Encoding::Gzip, LONG.as_bytes()));
    }
}
