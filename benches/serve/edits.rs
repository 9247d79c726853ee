//! The edits an author waits for, in our project and in the Hugo site made from it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Outcome;
use crate::process;

/// Whether a page shows the edit.
pub(crate) type Marker = Box<dyn Fn(&str) -> bool>;

/// The file's new bytes for the edit of this number, given what the page was, and how the page shows it.
type Make = Box<dyn Fn(usize, &str) -> Outcome<(String, Marker)>>;

/// One kind of edit.
pub(crate) struct Edit {
    /// What the table calls it.
    pub(crate) name: &'static str,
    pub(crate) file: PathBuf,
    /// Where it is looked for.
    pub(crate) address: String,
    pub(crate) make: Make,
    /// Whether a tab has to hear of it: what is copied is read from the disk, so that a new text at its address proves nothing.
    pub(crate) is_told: bool,
}

const BODY: &str = "body, on its page";
const TITLE: &str = "title, in the list on the home page";
const BASE: &str = "base template, on one page";
const COPIED: &str = "style sheet in `static/`, until a tab is told";

fn has(text: String) -> Marker {
    Box::new(move |page| page.contains(&text))
}

/// An edit that puts a text with its number where `frame` says.
fn of_text(
    name: &'static str,
    file: PathBuf,
    address: &str,
    frame: impl Fn(&str) -> String + 'static,
) -> Edit {
    let make = move |number: usize, _: &str| {
        // Other edits of the same page are not mistaken for it.
        let text = format!("{name} {number}").replace([',', '`'], "");
        Ok((frame(&text), has(text)))
    };
    Edit { name, file, address: address.to_owned(), make: Box::new(make), is_told: false }
}

/// Gives the project a base template, a style sheet and a theme of its own to edit.
pub(crate) fn prepare(project: &Path) -> Outcome<()> {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes");
    let read = |name: &str| fs::read(built_in.join(name));
    process::write(&project.join("templates/base.html"), &read("base/templates/base.html")?)?;
    process::write(&project.join("static/site.css"), b"p { color: black }\n")?;
    process::write(&project.join("themes/house/theme.yaml"), b"name: house\napi: 1\nextends: verbatim\n")?;
    process::write(
        &project.join("themes/house/static/verbatim.css"),
        &read("verbatim/static/verbatim.css")?,
    )?;
    let config = project.join("site.yaml");
    let settings = fs::read_to_string(&config)?;
    Ok(fs::write(config, format!("{settings}theme: house\n"))?)
}

/// The story that the home page names first, by date: its list may not hold all.
fn newest_story(project: &Path) -> Outcome<String> {
    let mut newest = None;
    for entry in fs::read_dir(project.join("content"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let Some(number) = name.strip_prefix("story-").and_then(|it| it.parse::<usize>().ok()) else {
            continue;
        };
        // As the generator dates them; of those with the same date the lowest.
        let key = (2015 + number % 10, 1 + number % 12, std::cmp::Reverse(number));
        newest = newest.max(Some((key, name)));
    }
    Ok(newest.ok_or("there are stories")?.1)
}

/// The first reaction of the first story: its file, and its address.
fn reaction(project: &Path) -> Outcome<(PathBuf, String)> {
    let mut files = Vec::new();
    process::files_below(&project.join("content/story-0/reactions"), &mut files)?;
    files.sort();
    let file = files.into_iter().next().ok_or("every story has reactions")?;
    let name = file.file_stem().and_then(|it| it.to_str()).ok_or("names are text")?.to_owned();
    Ok((file, format!("/story-0/{name}/")))
}

/// Another title in front matter or in the JSON that stands for it.
fn with_title(text: &str, start: &str, end: &str) -> impl Fn(&str) -> String + use<> {
    let (text, start, end) = (text.to_owned(), start.to_owned(), end.to_owned());
    move |title: &str| {
        let mut is_first = true;
        let lines = text.lines().map(|line| match line.starts_with(&start) && is_first {
            true => {
                is_first = false;
                format!("{start}\"{title}\"{end}")
            }
            false => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }
}

/// The edits of our project.
pub(crate) fn of_ours(project: &Path) -> Outcome<Vec<Edit>> {
    let (file, page) = reaction(project)?;
    let text = fs::read_to_string(&file)?;
    let story = project.join("content").join(newest_story(project)?).join("story.md");
    let story_text = fs::read_to_string(&story)?;
    let base = project.join("templates/base.html");
    let base_text = fs::read_to_string(&base)?;
    let sheet = project.join("themes/house/static/verbatim.css");
    let sheet_text = fs::read_to_string(&sheet)?;
    let style = move |number: usize, before: &str| {
        let before = sheet_of(before).to_owned();
        let marker = move |page: &str| !sheet_of(page).is_empty() && sheet_of(page) != before;
        // A rule, because comments are not published.
        Ok((format!("{sheet_text}\n.edit-{number} {{ color: red }}\n"), Box::new(marker) as Marker))
    };
    Ok(vec![
        of_text(BODY, file, &page, move |it| format!("{text}\n{it}.\n")),
        of_text(TITLE, story, "/", with_title(&story_text, "title: ", "")),
        of_text(BASE, base, &page, move |it| base_text.replace("Skip to the content", it)),
        Edit {
            is_told: true,
            ..of_text(COPIED, project.join("static/site.css"), "/site.css", |it| format!("/* {it} */\n"))
        },
        Edit {
            name: "style sheet of the theme, on one page",
            file: sheet,
            address: page,
            make: Box::new(style),
            is_told: false,
        },
    ])
}

/// The fingerprinted name of the theme's style sheet.
fn sheet_of(page: &str) -> &str {
    let Some((_, rest)) = page.split_once("assets/verbatim.") else { return "" };
    rest.split_once(".css").map_or("", |(name, _)| name)
}

/// The same edits in the Hugo site.
pub(crate) fn of_hugo(project: &Path, site: &Path) -> Outcome<Vec<Edit>> {
    let (_, page) = reaction(project)?;
    let story = format!("/{}/", newest_story(project)?);
    let (mut reaction, mut newest) = (None, None);
    let mut files = Vec::new();
    process::files_below(&site.join("content"), &mut files)?;
    for file in files {
        let text = fs::read_to_string(&file)?;
        let mut front = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        let url = front.next().ok_or("every file has front matter")??["url"].clone();
        match url.as_str() {
            Some(url) if url == page => reaction = Some((file, text)),
            Some(url) if url == story => newest = Some((file, text)),
            _ => (),
        }
    }
    let (file, text) = reaction.ok_or("every page is exported")?;
    let (story, story_text) = newest.ok_or("every story is exported")?;
    let base = site.join("layouts/baseof.html");
    let base_text = fs::read_to_string(&base)?;
    Ok(vec![
        of_text(BODY, file, &page, move |it| format!("{text}\n{it}.\n")),
        of_text(TITLE, story, "/", with_title(&story_text, "  \"title\": ", ",")),
        of_text(BASE, base, &page, move |it| base_text.replace("Skip to the content", it)),
    ])
}
