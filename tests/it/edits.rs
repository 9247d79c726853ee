//! Random edits of projects: what authors, designers and version control do to files.

use std::collections::BTreeMap;

use crate::generator::{self, Chance, Shape};
use crate::images;
use crate::world::{repository, tree};

/// A project's files.
pub(crate) type Project = BTreeMap<String, Vec<u8>>;

/// One of some items, if there are any.
fn pick<'t, T>(chance: &mut Chance, items: &'t [T]) -> Option<&'t T> {
    (!items.is_empty()).then(|| chance.pick(items))
}

/// The small test site, with every kind of record, and with share cards where the program makes them.
pub(crate) fn small() -> Project {
    let files = tree(&repository("tests/sites/small"));
    let mut files: Project = files
        .into_iter()
        .filter(|(path, _)| !path.starts_with("expected/") && path != "report.txt")
        .collect();
    let settings = String::from_utf8_lossy(&files["site.yaml"]).replace("share_cards: false\n", "");
    files.insert("site.yaml".to_owned(), settings.into_bytes());
    files
}

/// The worked example, without its lock: words may be edited here. Without share cards, whose drawing would take more time than
/// all else: the small site has them.
pub(crate) fn example() -> Project {
    let mut files: Project = tree(&repository("content"))
        .into_iter()
        .map(|(path, bytes)| (format!("content/{path}"), bytes))
        .collect();
    let mut settings = std::fs::read(repository("site.yaml")).unwrap();
    settings.extend(b"share_cards: false\n");
    files.insert("site.yaml".to_owned(), settings);
    files
}

/// A generated site, with lists that go on on other pages.
pub(crate) fn generated(pages: usize, seed: u64) -> Project {
    let made = generator::generate(&Shape { pages, seed });
    let mut files: Project = made.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    files.entry("site.yaml".to_owned()).or_default().extend(b"paginate: 3\n");
    files
}

/// Makes one edit, and says which.
pub(crate) fn edit(project: &mut Project, chance: &mut Chance) -> String {
    loop {
        let told = match chance.below(24) {
            0..=3 => body(project, chance),
            4..=8 => field(project, chance),
            9 => list_entry(project, chance),
            10 => delete(project, chance),
            11 => add(project, chance),
            12 => rename(project, chance),
            13 => draft(project, chance),
            14..=15 => template(project, chance),
            16 => asset(project, chance),
            17 => config(project, chance),
            18 => copied(project, chance),
            19 => touch(project, chance),
            20 => id(project, chance),
            21..=22 => image(project, chance),
            _ => move_words(project, chance),
        };
        if let Some(told) = told {
            return told;
        }
    }
}

fn texts(project: &Project, ending: &str) -> Vec<String> {
    project.keys().filter(|it| it.starts_with("content/") && it.ends_with(ending)).cloned().collect()
}

fn text(project: &Project, path: &str) -> String {
    String::from_utf8_lossy(&project[path]).into_owned()
}

/// A sentence more, a link more, or a paragraph less below the front matter.
fn body(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path = pick(chance, &texts(project, ".md"))?.clone();
    let old = text(project, &path);
    let new = match chance.below(4) {
        0 => {
            let ids = ids(project);
            format!("{old}\nA sentence about [[{}]] more.\n", pick(chance, &ids)?)
        }
        1 => {
            let end = old.trim_end().rfind("\n\n").filter(|at| old[..*at].matches("---").count() >= 2)?;
            format!("{}\n", &old[..end])
        }
        2 => format!("{old}\n## A heading {}\n\nWords.\n", chance.below(100)),
        _ => format!("{old}\nA sentence more, number {}.\n", chance.below(1000)),
    };
    project.insert(path.clone(), new.into_bytes());
    Some(format!("the prose of {path}"))
}

/// Another image, or one that is shown in a text more, or linked to. Now and then its end is missing.
fn image(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let name = format!("loom-{}.png", chance.below(3));
    let path = format!("content/{name}");
    if chance.below(2) == 0 || !project.contains_key(&path) {
        let mut bytes = images::png(40 + chance.below(30) as u32, 8);
        if chance.below(8) == 0 {
            bytes.truncate(60);
        }
        project.insert(path.clone(), bytes);
        return Some(format!("the image {path}"));
    }
    let text_path = pick(chance, &texts(project, ".md"))?.clone();
    let mark = if chance.below(4) == 0 { "[A loom.]" } else { "![A loom.]" };
    let new = format!("{}\n{mark}(/{name})\n", text(project, &text_path));
    project.insert(text_path.clone(), new.into_bytes());
    Some(format!("{name} is shown in {text_path}"))
}

/// A letter more in the value of some field: a title, a name, a date, a quotation.
fn field(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path =
        pick(chance, &project.keys().filter(|it| it.starts_with("content/")).cloned().collect::<Vec<_>>())?
            .clone();
    let old = text(project, &path);
    let keys = [
        "name:",
        "title:",
        "summary:",
        "measure:",
        "def:",
        "note:",
        "says:",
        "quote:",
        "described_as:",
        "place:",
        "question:",
        "did:",
        "why:",
        "date:",
        "published:",
        "weight:",
        "stakes:",
        "seen:",
        "as_of:",
        "description:",
    ];
    let mut lines: Vec<String> = old.lines().map(str::to_owned).collect();
    let found: Vec<usize> =
        (0..lines.len()).filter(|at| keys.iter().any(|key| lines[*at].contains(key))).collect();
    let at = *pick(chance, &found)?;
    let line = lines[at].clone();
    let is_date = ["date:", "published:", "as_of:"].iter().any(|key| line.contains(key));
    lines[at] = match (is_date, line.contains("seen: ")) {
        (true, _) => {
            let digit = line.rfind(|c: char| c.is_ascii_digit())?;
            format!("{}{}{}", &line[..digit], 1 + chance.below(8), &line[digit + 1..])
        }
        (_, true) => match line.contains("seen: false") {
            true => line.replace("seen: false", "seen: true"),
            false => line.replace("seen: true", "seen: false"),
        },
        // What is sorted by its name stands elsewhere then.
        (false, false) if chance.below(3) == 0 && (line.contains("name: ") || line.contains("title: ")) => {
            let start = line.find(": ")? + 2;
            let start = start + usize::from(line[start..].starts_with(['"', '\'']));
            format!("{}{}{}", &line[..start], ["A", "M", "Z"][chance.below(3)], &line[start..])
        }
        (false, false) => {
            let letter = line.rfind(|c: char| c.is_ascii_lowercase())?;
            format!("{}z{}", &line[..=letter], &line[letter + 1..])
        }
    };
    project.insert(path.clone(), format!("{}\n", lines.join("\n")).into_bytes());
    Some(format!("line {} of {path}", at + 1))
}

/// One record less in a list.
fn list_entry(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path = pick(chance, &texts(project, ".yaml"))?.clone();
    let old = text(project, &path);
    let starts: Vec<usize> = old
        .match_indices("- {")
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || old[..*at].ends_with('\n'))
        .collect();
    if starts.len() < 2 {
        return None;
    }
    let which = chance.below(starts.len());
    let end = starts.get(which + 1).copied().unwrap_or(old.len());
    let new = format!("{}{}", &old[..starts[which]], &old[end..]);
    project.insert(path.clone(), new.into_bytes());
    Some(format!("entry {which} of {path} deleted"))
}

fn delete(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let files = texts(project, ".md");
    if files.len() < 8 {
        return None;
    }
    let path = pick(chance, &files)?.clone();
    project.remove(&path);
    Some(format!("{path} deleted"))
}

fn add(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let number = chance.below(100_000);
    let ids = ids(project);
    let (path, text) = match chance.below(4) {
        0 => (
            format!("content/terms/new-{number}.md"),
            format!(
                "---\nname: new word {number}\ndef: A word that is new.\n---\n\nSee [[{}]].\n",
                pick(chance, &ids)?
            ),
        ),
        1 => (
            format!("content/actors/new-{number}.md"),
            format!("---\nname: New {number}\ntype: organisation\n---\n\nIt is new.\n"),
        ),
        2 => (
            format!("content/new-{number}.md"),
            format!("---\ntitle: New page {number}\n---\n\nIt names [[{}]].\n", pick(chance, &ids)?),
        ),
        _ => (
            format!("content/actors/list-{number}.yaml"),
            format!("- {{ id: list-{number}, type: outlet, name: List {number} }}\n"),
        ),
    };
    project.insert(path.clone(), text.into_bytes());
    Some(format!("{path} added"))
}

/// The file gets another name, and so its record another id.
fn rename(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path = pick(chance, &texts(project, ".md"))?.clone();
    let bytes = project.remove(&path)?;
    let new = format!("{}-{}.md", path.trim_end_matches(".md"), chance.below(10));
    project.insert(new.clone(), bytes);
    Some(format!("{path} renamed to {new}"))
}

fn draft(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path = pick(chance, &texts(project, ".md"))?.clone();
    let old = text(project, &path);
    let new = match old.contains("\ndraft: true\n") {
        true => old.replacen("draft: true\n", "", 1),
        false => old.strip_prefix("---\n").map(|rest| format!("---\ndraft: true\n{rest}"))?,
    };
    project.insert(path.clone(), new.into_bytes());
    Some(format!("draft mark of {path}"))
}

/// The site's own version of a template, or of a component; or none any more.
fn template(project: &mut Project, chance: &mut Chance) -> Option<String> {
    const NAMES: &[&str] = &[
        "base.html",
        "statement.html",
        "actor.html",
        "home.html",
        "components/words.html",
        "parts/footer.html",
        "term.html",
    ];
    let name = *pick(chance, NAMES)?;
    let path = format!("templates/{name}");
    if project.contains_key(&path) && chance.below(2) == 0 {
        project.remove(&path);
        return Some(format!("{path} deleted"));
    }
    let built_in = std::fs::read_to_string(repository(&format!("themes/base/templates/{name}"))).unwrap();
    let mark = format!("<!-- {} -->", chance.below(1000));
    let new = match name {
        // Nothing may stand between components, and a child is made of blocks.
        "components/words.html" => built_in.replacen("<blockquote", &format!("{mark}<blockquote"), 1),
        "base.html" | "parts/footer.html" => format!("{built_in}{mark}"),
        _ => built_in.replacen("{% block main %}", &format!("{{% block main %}}{mark}"), 1),
    };
    project.insert(path.clone(), new.into_bytes());
    Some(format!("{path} written"))
}

/// A theme of the site's own that extends the built-in one, with a style sheet.
fn asset(project: &mut Project, chance: &mut Chance) -> Option<String> {
    project.insert("themes/own/theme.yaml".to_owned(), b"api: 1\nextends: verbatim\n".to_vec());
    let css = format!("body {{ margin: {}px }}\n", chance.below(50));
    project.insert("themes/own/static/own.css".to_owned(), css.into_bytes());
    let config = text(project, "site.yaml");
    if !config.contains("\ntheme: own") {
        let without: Vec<&str> = config.lines().filter(|line| !line.starts_with("theme:")).collect();
        project.insert("site.yaml".to_owned(), format!("{}\ntheme: own\n", without.join("\n")).into_bytes());
    }
    Some("a theme of the site's own".to_owned())
}

fn config(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let config = text(project, "site.yaml");
    let without =
        |key: &str| config.lines().filter(|line| !line.starts_with(key)).collect::<Vec<_>>().join("\n");
    let (what, new) = match chance.below(5) {
        0 => ("title", format!("{}\ntitle: Title {}\n", without("title:"), chance.below(100))),
        1 => (
            "description",
            format!("{}\ndescription: About {}.\n", without("description:"), chance.below(100)),
        ),
        2 => {
            let number = [0, 1, 4, 50][chance.below(4)];
            ("paginate", format!("{}\npaginate: {number}\n", without("paginate:")))
        }
        3 => ("links", format!("{}\nlinks: {}\n", without("links:"), ["clean", "portable"][chance.below(2)])),
        _ if config.contains("base_url:") => ("base_url", format!("{}\n", without("base_url:"))),
        _ => ("base_url", format!("{config}\nbase_url: https://example.org/a/\n")),
    };
    project.insert("site.yaml".to_owned(), new.into_bytes());
    Some(format!("{what} of site.yaml"))
}

/// A file that is copied as it is comes, changes or goes.
fn copied(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let name = ["static/copied.txt", "static/copied.css", "static/copied.svg", "content/copied.txt"];
    let path = (*chance.pick(&name)).to_owned();
    match project.contains_key(&path) && chance.below(2) == 0 {
        true => drop(project.remove(&path)),
        false => drop(project.insert(path.clone(), format!("{}\n", chance.below(1000)).into_bytes())),
    }
    Some(path)
}

/// Nothing but a write of the same bytes.
fn touch(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path = pick(chance, &project.keys().cloned().collect::<Vec<_>>())?.clone();
    Some(format!("{path} left as it is"))
}

/// A reference to somebody is changed to somebody else.
fn id(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path = pick(chance, &texts(project, ".md"))?.clone();
    let old = text(project, &path);
    let ids = ids(project);
    let at = old.find("about: [").map(|at| at + 8)?;
    let end = at + old[at..].find([',', ']'])?;
    let new = format!("{}{}{}", &old[..at], pick(chance, &ids)?, &old[end..]);
    project.insert(path.clone(), new.into_bytes());
    Some(format!("whom {path} is about"))
}

/// Everything in a page moves some lines down, and nothing else.
fn move_words(project: &mut Project, chance: &mut Chance) -> Option<String> {
    let path = pick(chance, &texts(project, ".md"))?.clone();
    let old = text(project, &path);
    let end = old.strip_prefix("---\n")?.find("\n---\n")? + 9;
    project.insert(path.clone(), format!("{}\n\n{}", &old[..end], &old[end..]).into_bytes());
    Some(format!("blank lines in {path}"))
}

/// Ids of actors that have a file of their own.
fn ids(project: &Project) -> Vec<String> {
    let files = project.keys().filter_map(|it| it.strip_prefix("content/actors/")?.strip_suffix(".md"));
    files.filter(|it| !it.contains(['/', '_'])).map(str::to_owned).collect()
}
