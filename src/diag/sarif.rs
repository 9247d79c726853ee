//! The report as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), which code scanning reads.
//!
//! Section numbers are those of the specification with errata 01. Lines and columns count from 1, an end column is the
//! first one behind the region (§3.30.8).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::located::{Located, Locator};
use super::record::safe_json;
use super::{At, Code, Diagnostic, Exit, Failure, Fingerprinted, Label, Place, Repository, Sources};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name under which our fingerprint stands. Its number grows when fingerprints are made of something else
/// (§3.27.17).
const FINGERPRINT: &str = "rejoinder/v1";

/// What addresses are relative to. GitHub and Visual Studio know this name.
const ROOT: &str = "%SRCROOT%";

/// GitHub shows the first so many results of a run and leaves the others out.
const MOST_SHOWN: usize = 5_000;

/// Renders one log with one run, ending with a line break.
pub fn sarif(
    report: &Fingerprinted,
    exit: Exit,
    failure: Option<&Failure>,
    sources: &Sources,
    repository: &Repository,
) -> String {
    let writer = Writer { locator: Locator::new(sources), sources, repository };
    let mut codes: BTreeMap<&str, &'static Code> = BTreeMap::new();
    for it in report.report().diagnostics() {
        codes.insert(it.code.name, it.code);
    }
    let names: Vec<&str> = codes.keys().copied().collect();
    let results: Vec<Value> =
        report.iter().map(|(it, fingerprint)| writer.result(it, fingerprint, &names)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Rejoinder",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.into_values().map(rule).collect::<Vec<_>>(),
            } },
            "invocations": [invocation(exit, failure, results.len())],
            "originalUriBaseIds": { ROOT: { "description": { "text": "The root of the repository." } } },
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&log).expect("the shape has text keys and finite numbers only");
    format!("{}\n", safe_json(&text))
}

/// How the run went (§3.20). Problems of the content are results; only what stopped the run is a notification.
fn invocation(exit: Exit, failure: Option<&Failure>, n_results: usize) -> Value {
    let notice = |level: &str, text: &str| json!([{ "level": level, "message": { "text": text } }]);
    let mut it = json!({ "executionSuccessful": failure.is_none(), "exitCode": exit.code() });
    if let Some(failure) = failure {
        let mut text = failure.to_string();
        if !failure.help.is_empty() {
            text = format!("{text}\n{}", failure.help);
        }
        let of_usage = failure.exit == Exit::Usage;
        let kind = if of_usage { "toolConfigurationNotifications" } else { "toolExecutionNotifications" };
        it[kind] = notice("error", &text);
    } else if n_results > MOST_SHOWN {
        let text = format!("There are {n_results} problems; GitHub shows {MOST_SHOWN} of them.");
        it["toolExecutionNotifications"] = notice("warning", &text);
    }
    it
}

/// One kind of problem (§3.49), with its manual page.
fn rule(code: &'static Code) -> Value {
    let manual = code.manual_page();
    let short = code.first_sentence();
    json!({
        "id": code.name,
        "shortDescription": { "text": short },
        "fullDescription": { "text": short },
        "help": { "text": manual, "markdown": manual },
        "defaultConfiguration": { "level": code.level.name() },
    })
}

struct Writer<'a> {
    locator: Locator<'a>,
    sources: &'a Sources,
    repository: &'a Repository,
}

impl Writer<'_> {
    /// One problem (§3.27). `names` are the rules' in their order.
    fn result(&self, it: &Diagnostic, fingerprint: &str, names: &[&str]) -> Value {
        let mut result = json!({
            "ruleId": it.code.name,
            "ruleIndex": names.binary_search(&it.code.name).map_or(-1, |idx| i64::try_from(idx).unwrap_or(-1)),
            "level": it.level.name(),
            "message": { "text": plain(&words(it)) },
            "locations": [{ "physicalLocation": self.place(it.place.as_ref()) }],
            "partialFingerprints": { FINGERPRINT: fingerprint },
        });
        if !it.labels.is_empty() {
            let numbered = it.labels.iter().enumerate();
            result["relatedLocations"] = numbered.map(|(idx, label)| self.related(idx + 1, label)).collect();
        }
        if let Some(fix) = self.fix(it) {
            result["fixes"] = json!([fix]);
        }
        result
    }

    fn related(&self, id: usize, label: &Label) -> Value {
        let place = self.place(Some(&label.place));
        json!({ "id": id, "message": { "text": plain(&label.text) }, "physicalLocation": place })
    }

    /// What would remove the problem (§3.55); `None` when its place is a whole file.
    fn fix(&self, it: &Diagnostic) -> Option<Value> {
        let (fix, place, edit) = (it.fix.as_ref()?, it.place.as_ref()?, it.edit(self.sources)?);
        let located =
            self.locator.locate(&Place { file: Arc::clone(&place.file), at: At::Span(edit.span) })?;
        let replacement =
            json!({ "deletedRegion": region(&located), "insertedContent": { "text": edit.text } });
        Some(json!({
            "description": { "text": plain(&fix.title) },
            "artifactChanges": [{
                "artifactLocation": self.artifact(Some(place)),
                "replacements": [replacement],
            }],
        }))
    }

    /// Code scanning takes no result without a place, so what concerns no file stands in the configuration.
    fn place(&self, place: Option<&Place>) -> Value {
        let mut it = json!({ "artifactLocation": self.artifact(place) });
        if let Some(located) = place.and_then(|place| self.locator.locate(place)) {
            it["region"] = region(&located);
        }
        it
    }

    fn artifact(&self, place: Option<&Place>) -> Value {
        let file = place.map_or(&*self.repository.config, |place| &*place.file);
        json!({ "uri": Repository::uri(&self.repository.path(file)), "uriBaseId": ROOT })
    }
}

fn region(at: &Located) -> Value {
    json!({
        "startLine": at.start.line,
        "startColumn": at.start.column,
        "endLine": at.end.line,
        "endColumn": at.end.column,
    })
}

/// All that is to be said of a problem, one thing a line.
fn words(it: &Diagnostic) -> String {
    let label = Some(&it.label).filter(|label| !label.is_empty());
    let lines = [&it.message].into_iter().chain(label).chain(&it.notes).chain(&it.help);
    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// A plain text message: `[words](place)` would be a link (§3.11.6).
fn plain(text: &str) -> String {
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Level, Report};
    use crate::text::Span;

    static BAD: Code =
        Code { name: "bad-word", level: Level::Error, manual: "# bad-word\n\nA word is bad. Why.\n\nMore." };
    static ABLE: Code = Code { name: "able", level: Level::Note, manual: "It can." };

    const TEXT: &str = "é\n日本 bad, and\nmore\n";

    fn repository() -> Repository {
        Repository { prefix: "docs/".to_owned(), config: "site.yaml".to_owned() }
    }

    fn shown(text: &str, failure: Option<&Failure>) -> Value {
        let file: Arc<str> = Arc::from("content/a b.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from(text));
        let at = text.find("bad").expect("the text says where");
        let mut report = Report::new();
        let place = Place::span(&file, Span::new(at, at + 3));
        report.add(
            Diagnostic::new(&BAD, place, "`![x](y)` is bad")
                .label("here")
                .note("it hurts")
                .help("write `good`")
                .fix("Write `good`", "good")
                .also(Place::span(&file, Span::new(at, text.len() - 3)), "in these lines")
                .also(Place::file(&file), "in this file"),
        );
        report.add(Diagnostic::unplaced(&ABLE, "nowhere"));
        let exit = failure.map_or(Exit::Problems, |it| it.exit);
        let out = sarif(&Fingerprinted::new(report, &sources), exit, failure, &sources, &repository());
        serde_json::from_str(&out).unwrap()
    }

    #[test]
    fn a_problem_has_its_region_its_labels_and_its_fix() {
        let log = shown(TEXT, None);
        let run = &log["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(run["invocations"], json!([{ "executionSuccessful": true, "exitCode": 1 }]));
        let artifact = json!({ "uri": "docs/content/a%20b.md", "uriBaseId": "%SRCROOT%" });
        let region = json!({ "startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 7 });
        let lines = json!({ "startLine": 2, "startColumn": 4, "endLine": 3, "endColumn": 3 });
        let expected = json!({
            "ruleId": "bad-word",
            "ruleIndex": 1,
            "level": "error",
            "message": { "text": "`!\\[x\\](y)` is bad\nhere\nit hurts\nwrite `good`" },
            "locations": [{ "physicalLocation": { "artifactLocation": artifact, "region": region } }],
            "partialFingerprints": run["results"][0]["partialFingerprints"],
            "relatedLocations": [
                {
                    "id": 1,
                    "message": { "text": "in these lines" },
                    "physicalLocation": { "artifactLocation": artifact, "region": lines },
                },
                {
                    "id": 2,
                    "message": { "text": "in this file" },
                    "physicalLocation": { "artifactLocation": artifact },
                },
            ],
            "fixes": [{
                "description": { "text": "Write `good`" },
                "artifactChanges": [{
                    "artifactLocation": artifact,
                    "replacements": [{ "deletedRegion": region, "insertedContent": { "text": "good" } }],
                }],
            }],
        });
        assert_eq!(run["results"][0], expected);
        let nowhere = &run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(nowhere, "docs/site.yaml");
    }

    #[test]
    fn each_code_is_a_rule_with_its_manual_page() {
        let log = shown(TEXT, None);
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        let ids: Vec<&Value> = rules.as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
        assert_eq!(ids, ["able", "bad-word"]);
        assert_eq!(rules[1]["shortDescription"]["text"], "A word is bad.");
        assert_eq!(rules[1]["help"]["markdown"], "# bad-word\n\nA word is bad. Why.\n\nMore.");
        assert_eq!(rules[0]["defaultConfiguration"]["level"], "note");
    }

    #[test]
    fn fingerprints_survive_lines_that_move() {
        let prints = |text: &str| shown(text, None)["runs"][0]["results"][0]["partialFingerprints"].clone();
        assert!(prints(TEXT)["rejoinder/v1"].is_string());
        assert_eq!(prints(TEXT), prints(&format!("\n\n{TEXT}")));
    }

    #[test]
    fn what_stopped_the_run_is_a_notification() {
        for (exit, kind) in
            [(Exit::Usage, "toolConfigurationNotifications"), (Exit::Machine, "toolExecutionNotifications")]
        {
            let failure = Failure::new(exit, "no").help("do that");
            let invocation = shown(TEXT, Some(&failure))["runs"][0]["invocations"][0].clone();
            assert_eq!(invocation["executionSuccessful"], false);
            assert_eq!(invocation[kind], json!([{ "level": "error", "message": { "text": "no\ndo that" } }]));
        }
        assert!(
            invocation(Exit::Problems, None, 5_001)["toolExecutionNotifications"][0]["message"]["text"]
                .as_str()
                .unwrap()
                .contains("5001 problems")
        );
    }
}
