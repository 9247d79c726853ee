//! `rejoinder init`: writes a site that builds at once. Never overwrites anything.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::args::{Format, InitArgs, Template};
use super::console::Console;
use super::context::Context;
use crate::diag::{Envelope, Exit, Failure, Fingerprinted, Output, Sources, json, jsonl};

/// One of everything, invented, to be replaced.
static BLANK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/starter");
/// The worked example's content: this project's own.
static EXAMPLE_CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");
/// The worked example's settings.
const EXAMPLE_SITE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/site.yaml"));
/// The records of its quotations.
const EXAMPLE_LOCK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/quotes.lock"));

/// What a build makes is not worth keeping under version control, and saved copies of sources are not ours to pass on.
const GITIGNORE: &str = "/public/\n/.rejoinder/\n/snapshots/\n.*.rejoinder-*\n";

/// A file to write: its path with `/`, and its bytes.
pub(super) type Seed = (String, Vec<u8>);

/// What became of the files of a template.
#[derive(Debug, Default, PartialEq, Eq)]
struct Written {
    new: Vec<String>,
    /// Files that were there already and were left alone.
    skipped: Vec<String>,
    bytes: u64,
}

pub(super) fn run(args: &InitArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let dir = context.root.join(&args.dir);
    let dir = if context.root == Path::new(".") { args.dir.as_path() } else { dir.as_path() };
    let change_dir = (dir != Path::new(".")).then(|| format!("cd {}", dir.display()));
    let then = ["rejoinder build", "open public/index.html in a browser"].map(str::to_owned);
    let next: Vec<String> = change_dir.into_iter().chain(then).collect();
    write_and_tell("init", dir, &seeds(args)?, &next, context, console)
}

/// Writes every file that is not there yet, and says so, and what to do next.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write_and_tell(
    command: &'static str,
    dir: &Path,
    seeds: &[Seed],
    next: &[String],
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let written = write(dir, seeds)?;
    if context.is_chatty() {
        console.say(&told(dir, &written, next));
    }
    let render = match context.format {
        Format::Json => json,
        Format::Jsonl => jsonl,
        // There is nothing to say of files that are as they should be.
        Format::Human | Format::Concise | Format::Github | Format::Gitlab | Format::Sarif => {
            return Ok(Exit::Done);
        }
    };
    let output = Output {
        path: dir.display().to_string(),
        written: written.new.len(),
        unchanged: 0,
        removed: 0,
        pages_changed: 0,
        bytes: written.bytes,
        kept: written.skipped,
    };
    let envelope = Envelope { outputs: vec![output], ..Envelope::new(command, Exit::Done) };
    console.result(&render(&envelope, &Fingerprinted::default(), &Sources::default()))?;
    Ok(Exit::Done)
}

/// The files of the template with the user's own words in `site.yaml`.
fn seeds(args: &InitArgs) -> Result<Vec<Seed>, Failure> {
    let mut seeds = Vec::new();
    match args.template {
        Template::Blank => collect(&BLANK, "", &mut seeds),
        Template::Example => {
            seeds.push(("site.yaml".to_owned(), EXAMPLE_SITE.as_bytes().to_owned()));
            seeds.push(("quotes.lock".to_owned(), EXAMPLE_LOCK.as_bytes().to_owned()));
            collect(&EXAMPLE_CONTENT, "content/", &mut seeds);
        }
    }
    let own_words = [("title", &args.title), ("language", &args.lang), ("theme", &args.theme)];
    for (path, bytes) in &mut seeds {
        if path != "site.yaml" {
            continue;
        }
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for (key, value) in own_words {
            if let Some(value) = value {
                text = with_setting(&text, key, value)?;
            }
        }
        *bytes = text.into_bytes();
    }
    seeds.push((".gitignore".to_owned(), GITIGNORE.as_bytes().to_owned()));
    seeds.sort();
    Ok(seeds)
}

pub(super) fn collect(dir: &Dir<'_>, prefix: &str, seeds: &mut Vec<Seed>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, prefix, seeds),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                seeds.push((format!("{prefix}{path}"), file.contents().to_owned()));
            }
        }
    }
}

/// A configuration whose top-level `key` has this value: its line is replaced, or one is added in front.
/// Single quotes are the one way to write a text in YAML that changes nothing in it.
fn with_setting(text: &str, key: &str, value: &str) -> Result<String, Failure> {
    if value.trim().is_empty() || value.chars().any(char::is_control) {
        let flag = if key == "language" { "lang" } else { key };
        return Err(Failure::new(Exit::Usage, format!("`--{flag}` needs some words on one line")));
    }
    let line = format!("{key}: '{}'", value.replace('\'', "''"));
    let is_this = |it: &str| it.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    let lines: Vec<&str> = text.lines().map(|it| if is_this(it) { line.as_str() } else { it }).collect();
    let added = if lines.contains(&line.as_str()) { String::new() } else { format!("{line}\n") };
    Ok(format!("{added}{}\n", lines.join("\n")))
}

/// Writes every file that is not there yet.
fn write(dir: &Path, seeds: &[Seed]) -> Result<Written, Failure> {
    let mut written = Written::default();
    for (path, bytes) in seeds {
        let place = dir.join(path);
        let cannot =
            |error: &std::io::Error| Failure::machine(format!("cannot write `{}`", place.display()), error);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(|error| cannot(&error))?;
        }
        // Only a new file, in one step: whatever stands there, even a dangling link, is not ours to replace.
        match OpenOptions::new().write(true).create_new(true).open(&place) {
            Ok(mut file) => {
                file.write_all(bytes).map_err(|error| cannot(&error))?;
                written.new.push(path.clone());
                written.bytes += bytes.len() as u64;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => written.skipped.push(path.clone()),
            Err(error) => return Err(cannot(&error)),
        }
    }
    Ok(written)
}

fn told(dir: &Path, written: &Written, next: &[String]) -> String {
    let shown =
        if dir == Path::new(".") { "this directory".to_owned() } else { format!("{}/", dir.display()) };
    let files = |n: usize| if n == 1 { "1 file".to_owned() } else { format!("{n} files") };
    let list = |paths: &[String]| paths.iter().map(|path| format!("  {path}\n")).collect::<String>();
    let mut out = String::new();
    if !written.new.is_empty() {
        out.push_str(&format!("Wrote {} to {shown}\n{}", files(written.new.len()), list(&written.new)));
    }
    if !written.skipped.is_empty() {
        let n = files(written.skipped.len());
        out.push_str(&format!("Left alone {n} that stood there already\n{}", list(&written.skipped)));
    }
    out.push_str(&format!("\nNext:\n{}", list(next)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(template: Template) -> InitArgs {
        InitArgs { dir: ".".into(), template, title: None, lang: None, theme: None }
    }

    #[test]
    fn the_starter_has_one_of_everything() {
        let paths: Vec<String> =
            seeds(&args(Template::Blank)).unwrap().into_iter().map(|(path, _)| path).collect();
        let expected = [
            ".gitignore",
            "content/about.md",
            "content/actors/_actors.yaml",
            "content/example/events/the-event.md",
            "content/example/reactions/first-speaker.md",
            "content/example/story.md",
            "content/sources/_sources.yaml",
            "content/terms/_terms.yaml",
            "site.yaml",
        ];
        assert_eq!(paths, expected);
        for (path, bytes) in seeds(&args(Template::Blank)).unwrap() {
            let text = String::from_utf8(bytes).unwrap();
            // A comment behind a value looks like text that YAML cut off.
            let cut = text.lines().find(|it| it.contains(" #") && !it.trim_start().starts_with('#'));
            assert_eq!(cut, None, "{path}");
        }
    }

    #[test]
    fn the_example_is_this_projects_own_content() {
        let seeds = seeds(&args(Template::Example)).unwrap();
        assert!(seeds.iter().any(|(path, _)| path == "site.yaml"));
        assert!(seeds.iter().all(|(path, _)| !path.contains("snapshots/")), "saved articles are private");
        assert!(seeds.len() > 2);
    }

    #[test]
    fn own_words_reach_the_settings_unchanged() {
        let args = InitArgs {
            title: Some("It's #1: \"yes\"".to_owned()),
            lang: Some("no".to_owned()),
            theme: Some("plain".to_owned()),
            ..args(Template::Blank)
        };
        let seeds = seeds(&args).unwrap();
        let site = &seeds.iter().find(|(path, _)| path == "site.yaml").unwrap().1;
        let site = std::str::from_utf8(site).unwrap();
        let settings: Vec<&str> = site.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).collect();
        assert_eq!(settings, ["title: 'It''s #1: \"yes\"'", "language: 'no'", "theme: 'plain'"]);
        assert_eq!(with_setting("a: 1\n", "theme", "x").unwrap(), "theme: 'x'\na: 1\n");
        assert_eq!(with_setting("a: 1\n", "language", "x\ny").unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn a_file_that_stands_there_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let new = dir.path().join("new");
        let seeds = [("a/b.md".to_owned(), b"ours".to_vec()), ("c.md".to_owned(), b"ours".to_vec())];
        fs::create_dir_all(new.join("a")).unwrap();
        fs::write(new.join("a/b.md"), "theirs").unwrap();
        let written = write(&new, &seeds).unwrap();
        assert_eq!(written, Written { new: vec!["c.md".into()], skipped: vec!["a/b.md".into()], bytes: 4 });
        assert_eq!(fs::read_to_string(new.join("a/b.md")).unwrap(), "theirs");
        std::os::unix::fs::symlink("nowhere", new.join("link.md")).unwrap();
        let written = write(&new, &[("link.md".to_owned(), b"ours".to_vec())]).unwrap();
        assert_eq!(written.skipped, ["link.md"]);
        assert!(!new.join("nowhere").exists());
        let failure = write(&new, &[("c.md/d.md".to_owned(), Vec::new())]).unwrap_err();
        assert!(failure.exit == Exit::Machine && failure.message.contains("c.md/d.md"), "{failure}");
    }
}
