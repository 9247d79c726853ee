//! `rejoinder theme new`: writes a theme that can be used at once. Never overwrites anything.

use include_dir::{Dir, include_dir};

use super::args::ThemeNewArgs;
use super::console::Console;
use super::context::Context;
use super::init;
use crate::diag::{Exit, Failure};
use crate::theme;

/// A theme in three files and a few words; where it says `NAME`, the theme's name belongs.
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/theme_starter");

pub(super) fn run(
    args: &ThemeNewArgs,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let name = &args.name;
    check(name)?;
    let place = context.root.join("themes").join(name);
    // Also a link that leads nowhere is there.
    if place.symlink_metadata().is_ok() {
        let message = format!("`themes/{name}` is there already");
        return Err(Failure::new(Exit::Refused, message).help("choose another name; nothing was written"));
    }
    let next =
        [format!("write `theme: {name}` into {}", context.config), format!("rejoinder theme check {name}")];
    init::write_and_tell("theme new", &place, &seeds(name), &next, context, console)
}

/// A name becomes part of addresses, of paths and of YAML, and means itself in all of them.
fn check(name: &str) -> Result<(), Failure> {
    let wrong = |why: String, help: &str| Err(Failure::new(Exit::Usage, why).help(help));
    if theme::built_in_names().any(|it| it == name) {
        return wrong(
            format!("`{name}` is a theme that comes with Rejoinder"),
            "choose another name; `extends:` in your theme can name this one",
        );
    }
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_plain) && name.len() <= 60
    {
        true => Ok(()),
        false => wrong(
            format!("`{name}` cannot be the name of a theme"),
            "use up to 60 small letters, digits and hyphens, and a letter first, such as `paper-2`",
        ),
    }
}

/// The files of a theme of this name, by path.
fn seeds(name: &str) -> Vec<init::Seed> {
    let mut seeds = Vec::new();
    init::collect(&STARTER, "", &mut seeds);
    for (path, bytes) in &mut seeds {
        *path = path.replace("NAME", name);
        *bytes = String::from_utf8_lossy(bytes).replace("NAME", name).into_bytes();
    }
    seeds.sort();
    seeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{self, BuildOptions};
    use crate::input::MemoryFiles;

    #[test]
    fn a_new_theme_is_without_fault() {
        let mut files = MemoryFiles::from_pairs([("site.yaml", "title: T\ntheme: paper-2\n")]);
        for (path, bytes) in seeds("paper-2") {
            assert!(!String::from_utf8_lossy(&bytes).contains("NAME"), "{path}");
            files.insert(format!("themes/paper-2/{path}"), bytes);
        }
        let checked = engine::check_theme(&files, &BuildOptions::default(), Some("paper-2")).unwrap();
        assert_eq!(checked.report.diagnostics(), []);
        assert!(checked.pages > 50, "{} pages", checked.pages);
    }

    #[test]
    fn names_mean_themselves_everywhere() {
        for name in ["paper", "paper-2", "a"] {
            assert!(check(name).is_ok(), "{name}");
        }
        let long = "a".repeat(61);
        for name in
            ["", "Paper", "2nd", "-a", "a b", "a/b", "..", "a.b", "été", "con\n", "verbatim", "base", &long]
        {
            assert_eq!(check(name).unwrap_err().exit, Exit::Usage, "{name:?}");
        }
    }
}
