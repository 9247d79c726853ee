//! The same site through Hugo: its newest release is the nearest well-known program of this kind.
//!
//! Our built site is turned into a Hugo site: one content file for each page, whose front matter holds what our template
//! prints of it (the JSON twin, which is the page's view model) and whose text is the Markdown of our source. So Hugo
//! parses the same text, and prints the same sections with links to the same pages, in HTML and in JSON. What we find
//! out by linking, such as who answered a statement, stands ready in the front matter, because Hugo has nothing that
//! finds it: this spares Hugo work. The templates beside this file have the shape of ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::process::{self, milliseconds};

const CONFIG: &str = include_str!("hugo/hugo.toml");
const LAYOUTS: &[(&str, &str)] = &[
    ("baseof.html", include_str!("hugo/baseof.html")),
    ("single.html", include_str!("hugo/single.html")),
    ("home.html", include_str!("hugo/single.html")),
    ("single.json", include_str!("hugo/single.json")),
    ("home.json", include_str!("hugo/single.json")),
    ("_partials/card.html", include_str!("hugo/card.html")),
    ("_partials/names.html", include_str!("hugo/names.html")),
    ("_partials/sources.html", include_str!("hugo/sources.html")),
    ("_partials/statement.html", include_str!("hugo/statement.html")),
];

/// How many seconds a build may take.
const PATIENCE: u64 = 600;

/// The program as named, else from `PATH`; `None` when there is none.
pub(crate) fn find(named: Option<&str>) -> Outcome<Option<PathBuf>> {
    let program = PathBuf::from(named.unwrap_or("hugo"));
    match Command::new(&program).arg("version").output() {
        Ok(output) if output.status.success() => Ok(Some(program)),
        _ if named.is_none() => Ok(None),
        Ok(output) => Err(format!("`{}` says {}", program.display(), output.status).into()),
        Err(error) => Err(format!("`{}` cannot be run: {error}", program.display()).into()),
    }
}

/// Turns our project and what was built from it into a Hugo site.
pub(crate) fn export(project: &Path, built: &Path, site: &Path) -> Outcome<()> {
    process::write(&site.join("hugo.toml"), CONFIG.as_bytes())?;
    for (name, text) in LAYOUTS {
        process::write(&site.join("layouts").join(name), text.as_bytes())?;
    }
    let mut files = Vec::new();
    process::files_below(built, &mut files)?;
    files.sort();
    for (number, file) in files.iter().filter(|file| file.ends_with("index.json")).enumerate() {
        let mut twin: Map<String, Value> = serde_json::from_slice(&fs::read(file)?)?;
        let page = twin.remove("page").ok_or("every twin says what page it is of")?;
        let url = page["url"].as_str().ok_or("every page has an address")?.to_owned();
        // The text itself follows as Markdown.
        twin.remove("prose");
        let front = json!({ "title": page["title"], "url": url, "page": page, "data": twin });
        let text = source_of(project, &url).map_or(Ok(String::new()), fs::read_to_string)?;
        let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        // Hugo spreads pages over directories of its own making; ours of one story lie in one, too.
        let place = match url.as_str() {
            "/" => "content/_index.md".to_owned(),
            _ => format!("content/{}/{number}.md", url.split('/').nth(1).unwrap_or_default()),
        };
        let text = format!("{}\n\n{}", serde_json::to_string_pretty(&front)?, plain_links(body, &url));
        process::write(&site.join(place), text.as_bytes())?;
    }
    Ok(())
}

/// The source whose text a page prints, when it has one.
fn source_of(project: &Path, url: &str) -> Option<PathBuf> {
    let parts: Vec<&str> = url.split('/').filter(|part| !part.is_empty()).collect();
    let content = project.join("content");
    let candidates = match parts.as_slice() {
        [] => vec![content.join("_index.md")],
        [one] => vec![content.join(format!("{one}.md")), content.join(one).join("story.md")],
        ["events", id] => {
            let story = id.split('-').next()?.strip_prefix('s')?;
            vec![content.join(format!("story-{story}/events/{id}.md"))]
        }
        [dir, name] => vec![
            content.join(dir).join("reactions").join(format!("{name}.md")),
            content.join(dir).join(format!("{name}.md")),
        ],
        _ => Vec::new(),
    };
    candidates.into_iter().find(|path| path.is_file())
}

/// Our `[[actor:ada-brandt-12|words]]` as Markdown links that Hugo knows.
fn plain_links(body: &str, url: &str) -> String {
    let story = url.split('/').nth(1).unwrap_or_default();
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, (inside, after))) =
        rest.split_once("[[").and_then(|(before, rest)| Some((before, rest.split_once("]]")?)))
    {
        let (target, words) = inside.split_once('|').unwrap_or((inside, ""));
        let (kind, id) = target.split_once(':').unwrap_or(("actor", target));
        let to = match kind {
            "reaction" => format!("/{story}/{id}/"),
            kind => format!("/{kind}s/{id}/"),
        };
        let words = if words.is_empty() { id.replace('-', " ") } else { words.to_owned() };
        out.push_str(&format!("{before}[{words}]({to})"));
        rest = after;
    }
    out.push_str(rest);
    out.replace("(@/", "(/").replace("/story.md)", "/)")
}

/// A full build by Hugo into a directory that is not there yet, without its cache.
pub(crate) fn build(hugo: &Path, site: &Path, output: &str) -> Outcome<Value> {
    let place = site.join(output);
    let usage = site.join(format!("usage-{output}"));
    let start = Instant::now();
    // GNU time measures as we measure ourselves: the most memory, and the time of all threads. Hugo has been seen to wait for
    // ever after a mistake in a template.
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", &PATIENCE.to_string(), "/usr/bin/time"]);
    command.args(["-f", "%M %U %S", "-o"]).arg(&usage).arg(hugo);
    command.args(["build", "--quiet", "--noBuildLock", "--ignoreCache", "--source"]).arg(site);
    command.arg("--destination").arg(&place);
    let ran =
        command.output().map_err(|error| format!("`timeout` (GNU coreutils) cannot be run: {error}"))?;
    if matches!(ran.status.code(), Some(124 | 137)) {
        return Err(format!("hugo does not end within {PATIENCE} s").into());
    }
    let took = start.elapsed();
    if !ran.status.success() {
        let said = [ran.stdout, ran.stderr].concat();
        return Err(format!("hugo: {}", String::from_utf8_lossy(&said)).into());
    }
    let usage = fs::read_to_string(usage)?;
    let usage: Vec<f64> = usage.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [peak, user, system] = usage[..] else { return Err("GNU time says three numbers".into()) };
    let mut files = Vec::new();
    process::files_below(&place, &mut files)?;
    let bytes = files.iter().map(|file| fs::metadata(file).map(|it| it.len())).sum::<Result<u64, _>>()?;
    let pages = files.iter().filter(|file| file.ends_with("index.html")).count();
    Ok(json!({
        "what": "hugo",
        "pages": pages,
        "ms": milliseconds(took),
        "processor_ms": (user + system) * 1e3,
        "peak_kib": peak,
        "files": files.len(),
        "written": files.len(),
        "bytes": bytes,
    }))
}
