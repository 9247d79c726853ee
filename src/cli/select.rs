//! Which problems `check` shows: those of some files, and those that no baseline knows.
//!
//! The whole site is checked whatever is asked for; here problems are only left out, and counted.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::args::CheckArgs;
use super::changed::changed_files;
use super::context::Context;
use super::rewrite;
use crate::diag::{self, Diagnostic, Exit, Failure, Fingerprinted, Hidden, Known};
use crate::text::nfc;

/// What to show.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Files, and directories ending with `/`, relative to the project; everything when `None`.
    paths: Option<Vec<String>>,
    /// Files that changed; everything when `None`.
    changed: Option<BTreeSet<String>>,
    baseline: Option<Baseline>,
}

/// A report without what is not to be shown.
#[derive(Debug, Default)]
pub(super) struct Selected {
    pub(super) report: Fingerprinted,
    pub(super) hidden: Hidden,
    /// Sentences about what is hidden.
    pub(super) remarks: Vec<String>,
}

impl Selection {
    /// Finds out what the arguments mean here.
    ///
    /// # Errors
    /// When a path is not in the project, git cannot say what changed, or the baseline cannot be read.
    pub(super) fn new(args: &CheckArgs, context: &Context) -> Result<Selection, Failure> {
        let paths: Result<Vec<String>, Failure> =
            args.paths.iter().map(|path| below(&context.root, path)).collect();
        let changed = args.changed.as_ref().map(|it| changed_files(&context.root, it.as_deref()));
        let baseline = args.baseline.as_ref().map(|path| Baseline::load(path, args.update_baseline));
        Ok(Selection {
            paths: Some(paths?).filter(|paths| !paths.is_empty()),
            changed: changed.transpose()?,
            baseline: baseline.transpose()?,
        })
    }

    /// Leaves out and counts what is not to be shown.
    pub(super) fn apply(&self, mut report: Fingerprinted) -> Selected {
        let mut hidden = Hidden::default();
        let mut remarks = Vec::new();
        let all: BTreeSet<String> = report.iter().map(|(_, print)| print.to_owned()).collect();
        // With errors, the later checks did not run, and what they know of only seems to be gone.
        let is_complete = !report.report().has_errors();
        hidden.elsewhere = report.retain(|it, _| self.is_asked_for(it));
        if let Some(baseline) = &self.baseline {
            hidden.baseline = report.retain(|_, print| !baseline.knows(print));
            let stale = baseline.known.iter().filter(|it| !all.contains(&it.fingerprint)).count();
            remarks.extend(baseline.told(hidden.baseline.problems, if is_complete { stale } else { 0 }));
        }
        let errors = match hidden.elsewhere.errors {
            0 => String::new(),
            1 => " (1 error)".to_owned(),
            n => format!(" ({n} errors)"),
        };
        match hidden.elsewhere.problems {
            0 => (),
            1 => remarks.push(format!("1 problem{errors} in another file is not shown.")),
            n => remarks.push(format!("{n} problems{errors} in other files are not shown.")),
        }
        Selected { report, hidden, remarks }
    }

    /// Writes a report as the baseline, after which all of it is known.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn update_baseline(&self, report: &Fingerprinted) -> Result<Selected, Failure> {
        let Some(baseline) = &self.baseline else { return Ok(self.apply(report.clone())) };
        rewrite::replace(&baseline.path, diag::baseline(report).as_bytes())?;
        let n = report.report().diagnostics().len();
        let mut rest = report.clone();
        let hidden = Hidden { baseline: rest.retain(|_, _| false), ..Hidden::default() };
        let problems = if n == 1 { "1 problem" } else { &format!("{n} problems") };
        let remarks = vec![format!("Wrote {problems} to `{}`.", baseline.path.display())];
        Ok(Selected { report: rest, hidden, remarks })
    }

    /// Whether a problem, or a place that explains it, is in the files asked for.
    fn is_asked_for(&self, it: &Diagnostic) -> bool {
        if self.paths.is_none() && self.changed.is_none() {
            return true;
        }
        let is_in = |file: &str| {
            let is_named = |path: &String| match path.strip_suffix('/') {
                Some("") => true,
                Some(_) => file.starts_with(path.as_str()),
                None => file == path,
            };
            self.paths.as_ref().is_none_or(|paths| paths.iter().any(is_named))
                && self.changed.as_ref().is_none_or(|changed| changed.contains(file))
        };
        let labels = it.labels.iter().map(|label| &label.place);
        it.place.iter().chain(labels).any(|place| is_in(&place.file))
    }
}

/// A path as typed, from the working directory or else from the project, as a path of the project. Ends with `/` for
/// a directory.
fn below(root: &Path, typed: &Path) -> Result<String, Failure> {
    let found = [typed.to_owned(), root.join(typed)].into_iter().find_map(|path| path.canonicalize().ok());
    let Some(path) = found else {
        return Err(Failure::new(Exit::Usage, format!("there is no `{}`", typed.display())));
    };
    let root_path = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let Ok(inside) = path.strip_prefix(&root_path) else {
        let message = format!("`{}` is not in the project `{}`", typed.display(), root.display());
        return Err(Failure::new(Exit::Usage, message).help("`--root DIR` names another project"));
    };
    let inside = nfc(inside.to_string_lossy().into_owned());
    Ok(if path.is_dir() { format!("{inside}/") } else { inside })
}

/// The problems that a file says are known.
#[derive(Debug)]
struct Baseline {
    path: PathBuf,
    known: Vec<Known>,
}

impl Baseline {
    /// Reads a baseline. One that is not there is an empty one if it is about to be written.
    fn load(path: &Path, may_be_new: bool) -> Result<Baseline, Failure> {
        let shown = path.display();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound && may_be_new => {
                return Ok(Baseline { path: path.to_owned(), known: Vec::new() });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let failure = Failure::new(Exit::Usage, format!("there is no baseline `{shown}`"));
                return Err(failure.help("`--update-baseline` writes it"));
            }
            Err(error) => {
                return Err(Failure::machine(format!("cannot read the baseline `{shown}`"), &error));
            }
        };
        let known = diag::read_baseline(&text).map_err(|cause| {
            let failure = Failure::new(Exit::Usage, format!("`{shown}` is no baseline"));
            Failure { cause, ..failure }.help("delete it and write it anew with `--update-baseline`")
        })?;
        Ok(Baseline { path: path.to_owned(), known })
    }

    fn knows(&self, fingerprint: &str) -> bool {
        self.known.iter().any(|it| it.fingerprint == fingerprint)
    }

    /// What to say of the problems it hides, and of those that are gone.
    fn told(&self, n_hidden: usize, n_stale: usize) -> Vec<String> {
        let name = self.path.display();
        let hidden = match n_hidden {
            0 => None,
            1 => Some(format!("1 problem is known from `{name}`.")),
            n => Some(format!("{n} problems are known from `{name}`.")),
        };
        let stale = match n_stale {
            0 => None,
            1 => Some(format!("1 problem in `{name}` is gone; `--update-baseline` takes it out.")),
            n => Some(format!("{n} problems in `{name}` are gone; `--update-baseline` takes them out.")),
        };
        hidden.into_iter().chain(stale).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, LeftOut, Level, Place, Report, Sources};

    static BAD: Code = Code { name: "bad", level: Level::Error, manual: "" };
    static ODD: Code = Code { name: "odd", level: Level::Warning, manual: "" };

    fn report(code: &'static Code) -> Fingerprinted {
        let place = |file: &str| Place::file(&Arc::from(file));
        let mut report = Report::new();
        report.add(Diagnostic::new(code, place("content/a.md"), "in a"));
        report.add(Diagnostic::new(code, place("content/b/c.md"), "in c").also(place("content/a.md"), "see"));
        report.add(Diagnostic::new(code, place("content/bc.md"), "in bc"));
        report.add(Diagnostic::unplaced(code, "nowhere"));
        Fingerprinted::new(report, &Sources::default())
    }

    fn messages(selected: &Selected) -> Vec<&str> {
        selected.report.report().diagnostics().iter().map(|it| it.message.as_str()).collect()
    }

    #[test]
    fn problems_are_shown_where_they_or_their_labels_stand() {
        for (paths, expected) in [
            (vec!["content/a.md"], vec!["in a", "in c"]),
            (vec!["content/b/"], vec!["in c"]),
            (vec!["content/b/", "content/bc.md"], vec!["in c", "in bc"]),
            (vec!["/"], vec!["in a", "in c", "in bc"]),
            (vec!["content/x.md"], vec![]),
        ] {
            let paths = Some(paths.into_iter().map(str::to_owned).collect());
            let selected = Selection { paths, ..Selection::default() }.apply(report(&BAD));
            assert_eq!(messages(&selected), expected);
            let n_hidden = 4 - expected.len();
            assert_eq!(selected.hidden.elsewhere, LeftOut { problems: n_hidden, errors: n_hidden });
        }
        assert_eq!(messages(&Selection::default().apply(report(&BAD))).len(), 4);
    }

    #[test]
    fn paths_and_changes_both_have_to_hold() {
        let selection = Selection {
            paths: Some(vec!["content/b/".to_owned()]),
            changed: Some(["content/b/c.md", "content/bc.md"].map(str::to_owned).into()),
            baseline: None,
        };
        let selected = selection.apply(report(&BAD));
        assert_eq!(messages(&selected), ["in c"]);
        assert_eq!(selected.remarks, ["3 problems (3 errors) in other files are not shown."]);
    }

    #[test]
    fn a_baseline_hides_what_it_knows_and_what_is_gone_is_said() {
        let known = |report: &Fingerprinted| diag::read_baseline(&diag::baseline(report)).unwrap();
        let all = report(&ODD);
        let mut some = known(&all);
        some.retain(|it| it.message != "in bc");
        some[0].fingerprint = "b3:gone".to_owned();
        let baseline = Baseline { path: "known.json".into(), known: some };
        let selection = Selection { baseline: Some(baseline), ..Selection::default() };
        let selected = selection.apply(all);
        assert_eq!(selected.hidden.baseline, LeftOut { problems: 2, errors: 0 });
        assert_eq!(messages(&selected).len(), 2);
        assert_eq!(
            selected.remarks,
            [
                "2 problems are known from `known.json`.",
                "1 problem in `known.json` is gone; `--update-baseline` takes it out."
            ]
        );
        // The fingerprints are of another code; with errors, nothing is said to be gone.
        assert_eq!(selection.apply(report(&BAD)).remarks, Vec::<String>::new());
    }
}
