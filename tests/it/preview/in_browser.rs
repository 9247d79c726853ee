//! Slow: the preview's script in Chromium, once with a made-up site whose every state the browser's side asks for, once with the
//! real program and files that are edited.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rejoinder::preview::{Generation, Options, Problems, Publication};
use serde_json::Value;

use super::client::{Fake, Running, problems};
use super::process::Serving;
use crate::cli::minimal;
use crate::world::{repository, runs_slow_tests, say};

/// Runs the browser's side; `obey` does what its lines ask for.
fn drive(args: &[&str], mut obey: impl FnMut(&Value)) {
    let mut command = Command::new("node");
    command.arg(repository("tests/browser/preview.mjs")).args(args);
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.unwrap_or_else(|error| panic!("node: {error}; .ci/test installs it"));
    let mut replies = child.stdin.take().unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        match line.strip_prefix("# ") {
            Some(words) => said.push_str(&format!("{words}\n")),
            None => {
                obey(&serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}")));
                writeln!(replies, "done").unwrap();
            }
        }
    }
    let ended = child.wait().unwrap();
    assert!(ended.success(), "\n{said}");
    say(said.trim_end());
}

/// The site that a line of JSON describes.
fn site(files: &Value, broken: &Value) -> Arc<dyn Generation> {
    let files = files.as_object().unwrap().iter();
    let files: BTreeMap<String, Vec<u8>> =
        files.map(|(path, text)| (path.clone(), text.as_str().unwrap().as_bytes().to_vec())).collect();
    let broken = broken.as_object().into_iter().flatten();
    let broken = broken.map(|(path, it)| (path.clone(), Arc::new(wrong(std::slice::from_ref(it)))));
    Arc::new(Fake { files, broken: broken.collect() })
}

fn wrong(list: &[Value]) -> Problems {
    let each = list.iter().map(|it| {
        let line = usize::try_from(it["line"].as_u64().unwrap()).unwrap();
        problems(it["file"].as_str().unwrap(), line, it["text"].as_str().unwrap())
    });
    let errors: Vec<_> = each.flat_map(|it| it.errors).collect();
    Problems {
        n_errors: errors.len(),
        summary: format!("{} errors.", errors.len()),
        id: errors.iter().map(|it| format!("{}-{}.", it.line, it.text.len())).collect(),
        errors,
        ..Problems::default()
    }
}

#[test]
fn pages_change_in_place_and_errors_lie_over_them() {
    if !runs_slow_tests("the preview in Chromium") {
        return;
    }
    let running =
        Running::new(Options { reload: true, editor: Some(Box::new(|_| Ok(()))), ..Options::default() });
    drive(&["pages", &running.server.url()], |line| {
        if let Some(list) = line["fail"].as_array() {
            return running.hub.fail(wrong(list));
        }
        let assets = line["assets"].as_array().into_iter().flatten();
        running.hub.publish(Publication {
            site: site(&line["publish"], &line["broken"]),
            drafts: line.get("drafts").map(|files| site(files, &Value::Null)),
            assets: assets.map(|it| it.as_str().unwrap().to_owned()).collect(),
            problems: Problems { n_warnings: 1, ..Problems::default() },
        });
    });
}

#[test]
fn edits_of_files_reach_the_page_that_is_open() {
    if !runs_slow_tests("edits of files, in Chromium") {
        return;
    }
    let dir = minimal();
    let copy = |from: &str, to: &str| {
        let to = dir.path().join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(repository(from), to).unwrap();
    };
    copy("themes/base/templates/term.html", "templates/term.html");
    copy("themes/verbatim/static/verbatim.css", "themes/own/static/verbatim.css");
    let write = |path: &str, text: &str| std::fs::write(dir.path().join(path), text).unwrap();
    write("themes/own/theme.yaml", "name: own\napi: 1\nextends: verbatim\n");
    write("site.yaml", "title: Test\ntheme: own\nlevels: { quote-unverified: allow }\n");
    let serving = Serving::start(dir.path(), &["--port", "0"]);
    serving.until("/terms/loom/", "<main");
    let url = format!("http://localhost:{}/", serving.port);
    drive(&["files", &url, dir.path().to_str().unwrap()], |_| ());
}
