//! The edits after which a build is measured: each changes a site as an author would.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::process;

/// One kind of edit.
pub(crate) struct Edit {
    /// What the table calls the build after it.
    pub(crate) name: &'static str,
    /// Edits the project; another number is another edit.
    pub(crate) make: fn(&Path, usize) -> Outcome<()>,
}

/// In the order of how much they change.
pub(crate) const EDITS: &[Edit] = &[
    Edit { name: "body edited", make: body },
    Edit { name: "title edited", make: title },
    Edit { name: "base template edited", make: base_template },
];

/// A sentence more at the end of a reaction's text.
fn body(project: &Path, number: usize) -> Outcome<()> {
    let mut reactions: Vec<PathBuf> = Vec::new();
    process::files_below(&project.join("content/story-0/reactions"), &mut reactions)?;
    reactions.sort();
    let file = reactions.first().ok_or("every story has reactions")?;
    let text = fs::read_to_string(file)?;
    Ok(fs::write(file, format!("{text}A sentence more, number {number}.\n"))?)
}

/// Another title for a story: on its own pages, on those of its reactions and statements, in lists.
fn title(project: &Path, number: usize) -> Outcome<()> {
    let file = project.join("content/story-0/story.md");
    let text = fs::read_to_string(&file)?;
    let edited: Vec<String> = text
        .lines()
        .map(|line| match line.strip_prefix("title: ") {
            Some(_) => format!("title: \"Another title, number {number}\""),
            None => line.to_owned(),
        })
        .collect();
    Ok(fs::write(&file, format!("{}\n", edited.join("\n")))?)
}

/// Another word in the template that every page is made with.
fn base_template(project: &Path, number: usize) -> Outcome<()> {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/base/templates/base.html");
    let text = fs::read_to_string(theme)?;
    let edited = text.replace("Skip to the content", &format!("Skip to the content, number {number}"));
    if edited == text {
        return Err("the base template has no such words any more".into());
    }
    process::write(&project.join("templates/base.html"), edited.as_bytes())
}
