//! `check --fix`: applies the fixes that can mean only one thing.
//!
//! In: a report and the texts it points into. Out: files that are edited, all edits of a file at once, and what was done.
//! Three locks keep others' words as they are: an edit that touches a quotation is refused whatever its fix says; the
//! quotations of the edited text must be those of the text before; and a file is written only if it still holds the
//! text that was checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::rewrite;
use crate::diag::{Diagnostic, Edit, Failure, FixedProblem, LeftAlone, Mended, Report, Sources};
use crate::document::quoted;
use crate::input::Files;
use crate::text::{LineIndex, Span};

/// What stands at the start of some files and is no part of their text.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Applies the safe fixes of a report, adds them to `mended`, and counts them. Fixes that overlap wait for another
/// round.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn apply(
    files: &dyn Files,
    root: &Path,
    report: &Report,
    sources: &Sources,
    mended: &mut Mended,
) -> Result<usize, Failure> {
    mended.left_alone.clear();
    let mut n_fixed = 0;
    for (file, edits) in safe_edits(report, sources) {
        let Some(text) = sources.text(file) else { continue };
        let (new, done) = edited(file, text, &edits);
        if done.is_empty() {
            continue;
        }
        if let Err(why) = write(files, root, file, text, &new)? {
            mended.left_alone.push(LeftAlone { file: file.to_owned(), why });
            continue;
        }
        let index = LineIndex::new(text);
        n_fixed += done.len();
        mended.fixed.extend(done.into_iter().map(|(it, edit)| FixedProblem {
            code: it.code.name.to_owned(),
            message: it.message.clone(),
            title: it.fix.as_ref().map(|fix| fix.title.clone()).unwrap_or_default(),
            file: file.to_owned(),
            line: index.position(text, edit.span.start).line,
        }));
    }
    Ok(n_fixed)
}

/// How many problems [`apply`] would remove.
pub(super) fn count(report: &Report, sources: &Sources) -> usize {
    let files = safe_edits(report, sources).into_iter();
    let done =
        files.map(|(file, edits)| sources.text(file).map_or(0, |text| edited(file, text, &edits).1.len()));
    done.sum()
}

/// `Fixed 3 problems in 2 files.`; empty when there was nothing to fix.
pub(super) fn summary(mended: &Mended) -> String {
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let files: BTreeSet<&str> = mended.fixed.iter().map(|it| it.file.as_str()).collect();
    match mended.fixed.len() {
        0 => String::new(),
        n => format!("Fixed {} in {}.", count(n, "problem"), count(files.len(), "file")),
    }
}

type SafeEdit<'a> = (&'a Diagnostic, Edit<'a>);

/// The safe edits of a report, by file and place.
fn safe_edits<'a>(report: &'a Report, sources: &Sources) -> BTreeMap<&'a str, Vec<SafeEdit<'a>>> {
    let mut files: BTreeMap<&str, Vec<SafeEdit<'a>>> = BTreeMap::new();
    for it in report.diagnostics() {
        if let Some(edit) = it.edit(sources).filter(|edit| edit.is_safe) {
            files.entry(edit.file).or_default().push((it, edit));
        }
    }
    files.values_mut().for_each(|edits| edits.sort_by_key(|(_, edit)| edit.span));
    files
}

/// A text after those edits that may be done together, and the edits.
fn edited<'a>(file: &str, text: &str, edits: &[SafeEdit<'a>]) -> (String, Vec<SafeEdit<'a>>) {
    let before = quoted(file, text);
    let mut new = String::with_capacity(text.len());
    let mut done: Vec<SafeEdit<'a>> = Vec::new();
    let mut at = 0;
    for (it, edit) in edits {
        let is_first = done.is_empty();
        let overlaps = edit.span.start < at || !is_first && edit.span.start == at;
        if overlaps || before.spans.iter().any(|words| touch(*words, edit.span)) {
            continue;
        }
        new.push_str(&text[at..edit.span.start]);
        new.push_str(edit.text);
        at = edit.span.end;
        done.push((it, *edit));
    }
    new.push_str(&text[at..]);
    // A key that is spelt right now may make words a quotation; none may be lost or changed.
    let mut after = quoted(file, &new).words.into_iter();
    if before.words.iter().all(|words| after.any(|it| it == *words)) {
        (new, done)
    } else {
        (text.to_owned(), Vec::new())
    }
}

/// Whether two spans share a byte or a border: words can be added at a border too.
fn touch(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// Writes a file that still holds the text that was checked; else says why it is left alone.
fn write(
    files: &dyn Files,
    root: &Path,
    file: &str,
    text: &str,
    new: &str,
) -> Result<Result<(), String>, Failure> {
    let input = match files.read(file) {
        Ok(Some(input)) => input,
        Ok(None) => return Ok(Err("it is gone".to_owned())),
        Err(failure) => return Ok(Err(failure.to_string())),
    };
    let there = std::str::from_utf8(&input.bytes).unwrap_or_default();
    let mark = match there.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) if rest == text => BYTE_ORDER_MARK,
        Some(_) | None if there == text => "",
        Some(_) | None => return Ok(Err("it changed while it was checked".to_owned())),
    };
    let path = root.join(file);
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.permissions().readonly() => {
            return Ok(Err("it is write-protected".to_owned()));
        }
        Ok(metadata) if metadata.is_file() => (),
        // The project speaks of it in normal form C; the disk has its name in another.
        Ok(_) | Err(_) => return Ok(Err("its name has an unusual Unicode form".to_owned())),
    }
    rewrite::replace(&path, format!("{mark}{new}").as_bytes()).map(Ok)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Level, Place};
    use crate::input::DiskFiles;

    static BAD: Code = Code { name: "bad", level: Level::Error, manual: "" };

    /// A report with one safe fix for each pair: the words at a place, and what to write.
    fn report(file: &str, text: &str, fixes: &[(&str, &str)]) -> (Report, Sources) {
        let file: Arc<str> = Arc::from(file);
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from(text));
        let mut report = Report::new();
        for (words, replacement) in fixes {
            let start = text.find(words).expect("the test names words of its text");
            let place = Place::span(&file, Span::new(start, start + words.len()));
            report
                .add(Diagnostic::new(&BAD, place, "bad").fix("Write it", *replacement).safe_if(true, *words));
        }
        (report, sources)
    }

    fn after(file: &str, text: &str, fixes: &[(&str, &str)]) -> String {
        let (report, sources) = report(file, text, fixes);
        let all = safe_edits(&report, &sources);
        edited(file, text, &all[file]).0
    }

    const STATEMENT: &str = "\
---
actr: ada
statements:
  - id: a
    quote: \"I said so\"
    original: { lang: fr, text: je disais }
    translations: [{ lang: de, text: ich sagte }]
    sources: [{ ref: b, as_printed: he said }]
  - id: b
    says: >-
      that it was
      so
---
Ada spoke:

> so it was
";

    #[test]
    fn keys_and_ids_are_edited_and_words_are_not() {
        let fixed = after("a.md", STATEMENT, &[("actr", "actor"), ("id: b", "id: c")]);
        assert_eq!(fixed, STATEMENT.replace("actr", "actor").replace("id: b", "id: c"));
        for words in [
            "I said",
            "said so",
            "\"I said so\"",
            "disais",
            "ich sagte",
            "he said",
            ">-",
            "was\n",
            "so\n---",
            "it was\n      so",
            "> so",
            "so it was",
            "quote: \"I",
            " \"I said so\"",
        ] {
            assert_eq!(after("a.md", STATEMENT, &[(words, "x")]), STATEMENT, "{words}");
        }
    }

    #[test]
    fn a_refused_edit_does_not_stop_the_others() {
        let fixed = after("a.md", STATEMENT, &[("I said", "We said"), ("actr", "actor")]);
        assert_eq!(fixed, STATEMENT.replace("actr", "actor"));
    }

    #[test]
    fn edits_after_which_a_quotation_is_another_are_refused() {
        // A comment mark behind the key would end the words, which the edit does not touch.
        let text = "- id: x\n  says: one\n  name: two\n";
        assert_eq!(after("a.yaml", text, &[("says", "note")]), text, "the words are no quotation any more");
        assert_eq!(after("a.yaml", text, &[("x", "'")]), text, "nothing behind it can be read");
        assert_eq!(after("a.yaml", text, &[("name", "quote")]), text.replace("name", "quote"));
    }

    #[test]
    fn edits_that_overlap_wait() {
        assert_eq!(after("a.yaml", "- ab: c\n", &[("ab", "x"), ("b", "y")]), "- x: c\n");
        assert_eq!(after("a.yaml", "- ab: c\n", &[("ab", "x"), ("ab", "x")]), "- x: c\n");
    }

    #[test]
    fn a_file_keeps_its_mark_its_line_ends_and_its_mode() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.yaml");
        let text = "- nmae: x\r\n- b: y\r\n";
        fs::write(&path, format!("\u{feff}{text}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let (report, sources) = report("a.yaml", text, &[("nmae", "name")]);
        let files = DiskFiles::new(dir.path().to_owned());
        let mut mended = Mended::default();
        assert_eq!(apply(&files, dir.path(), &report, &sources, &mut mended).unwrap(), 1);
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}- name: x\r\n- b: y\r\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
        assert_eq!(summary(&mended), "Fixed 1 problem in 1 file.");
    }

    #[test]
    fn a_file_that_is_not_what_was_checked_is_left_alone() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let dir = tempfile::tempdir().unwrap();
        let text = "- nmae: x\n";
        let (report, sources) = report("a.yaml", text, &[("nmae", "name")]);
        let path = dir.path().join("a.yaml");
        let files = DiskFiles::new(dir.path().to_owned());
        let why = || {
            let mut mended = Mended::default();
            assert_eq!(apply(&files, dir.path(), &report, &sources, &mut mended).unwrap(), 0);
            mended.left_alone[0].why.clone()
        };
        assert_eq!(why(), "it is gone");
        fs::write(&path, "- nmae: y\n").unwrap();
        assert_eq!(why(), "it changed while it was checked");
        assert_eq!(fs::read_to_string(&path).unwrap(), "- nmae: y\n");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert_eq!(why(), "it is write-protected");
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("b"), text).unwrap();
        fs::remove_file(&path).unwrap();
        symlink(elsewhere.path().join("b"), &path).unwrap();
        assert!(why().contains("symbolic link"));
        assert_eq!(fs::read_to_string(elsewhere.path().join("b")).unwrap(), text);
    }
}
