//! What the typed words mean here: flags, then environment, then defaults.

use std::path::PathBuf;
use std::time::SystemTime;

use clap::ValueEnum;

use super::args::{Color, Format, Globals};
use super::console::Console;
use crate::diag::{Exit, Failure, HumanOptions};
use crate::text::Day;

/// The global options, resolved.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// The project's directory.
    pub(super) root: PathBuf,
    /// The configuration, relative to the project's directory.
    pub(super) config: String,
    pub(super) format: Format,
    /// Whether stderr gets colours.
    pub(super) color: bool,
    pub(super) quiet: bool,
    pub(super) verbose: u8,
    pub(super) width: usize,
    /// The day, in UTC.
    pub(super) today: Day,
}

impl Context {
    /// Resolves the global options.
    ///
    /// # Errors
    /// When an environment variable has a value that its option would not take.
    pub(super) fn new(globals: &Globals, console: &Console<'_>) -> Result<Context, Failure> {
        let env = console.env;
        let format = globals.format.map_or_else(|| from_env("REJOINDER_FORMAT", env), |it| Ok(Some(it)))?;
        let color = globals.color.map_or_else(|| from_env("REJOINDER_COLOR", env), |it| Ok(Some(it)))?;
        let root = globals.root.clone().or_else(|| env("REJOINDER_ROOT").map(PathBuf::from));
        let config = globals.config.clone().or_else(|| env("REJOINDER_CONFIG"));
        Ok(Context {
            root: root.unwrap_or_else(|| PathBuf::from(".")),
            config: config.as_deref().unwrap_or("site.yaml").trim_start_matches("./").to_owned(),
            format: format.unwrap_or_default(),
            color: wants_color(color, env, console.stderr_is_terminal),
            quiet: globals.quiet,
            verbose: globals.verbose,
            width: console.width,
            today: today(env)?,
        })
    }

    /// The context of arguments that could not be understood, of which only the format is known; `None` for a format
    /// that people read.
    pub(super) fn of_format(format: Format, console: &Console<'_>) -> Option<Context> {
        let is_for_people = matches!(format, Format::Human | Format::Concise);
        let globals = Globals { format: Some(format), ..Globals::default() };
        Context::new(&globals, console).ok().filter(|_| !is_for_people)
    }

    /// How reports for people look.
    pub(super) fn human(&self) -> HumanOptions {
        let defaults = HumanOptions::default();
        HumanOptions { color: self.color, width: self.width, verbose: self.verbose, ..defaults }
    }

    /// Whether the user wants to read about things that went well.
    pub(super) fn is_chatty(&self) -> bool {
        self.format == Format::Human && !self.quiet
    }
}

fn from_env<T: ValueEnum>(name: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Option<T>, Failure> {
    let Some(value) = env(name) else { return Ok(None) };
    let Ok(known) = T::from_str(&value, false) else {
        let values: Vec<String> = T::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|it| format!("`{}`", it.get_name()))
            .collect();
        let failure =
            Failure::new(Exit::Usage, format!("the environment variable {name} cannot be `{value}`"));
        return Err(failure.help(format!("it may be {}", values.join(", "))));
    };
    Ok(Some(known))
}

/// The day in UTC: SOURCE_DATE_EPOCH (<https://reproducible-builds.org/specs/source-date-epoch/>), else the clock.
fn today(env: &dyn Fn(&str) -> Option<String>) -> Result<Day, Failure> {
    let seconds = match env("SOURCE_DATE_EPOCH") {
        None => SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs(),
        Some(value) => value.parse().map_err(|_| {
            let message = format!("the environment variable SOURCE_DATE_EPOCH cannot be `{value}`");
            Failure::new(Exit::Usage, message).help("it is a whole number of seconds since 1970")
        })?,
    };
    Ok(Day::of_ordinal(i64::try_from(seconds / 86_400).unwrap_or(i64::MAX)))
}

/// Whether to send colours. What was typed wins; then <https://no-color.org>; then CLICOLOR_FORCE and CLICOLOR
/// (<https://bixense.com/clicolors/>); then whether a person reads along on a terminal that knows colours.
pub(super) fn wants_color(
    typed: Option<Color>,
    env: &dyn Fn(&str) -> Option<String>,
    is_terminal: bool,
) -> bool {
    match typed.unwrap_or_default() {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if env("NO_COLOR").is_some() => false,
        Color::Auto if env("CLICOLOR_FORCE").is_some_and(|it| it != "0") => true,
        Color::Auto if env("CLICOLOR").is_some_and(|it| it == "0") => false,
        Color::Auto => is_terminal && env("TERM").is_none_or(|it| it != "dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_flag_then_the_environment_then_the_terminal() {
        type Variables = &'static [(&'static str, &'static str)];
        let cases: [(&str, Option<Color>, Variables, bool, bool); 10] = [
            ("a terminal", None, &[], true, true),
            ("a file", None, &[], false, false),
            ("a dumb terminal", None, &[("TERM", "dumb")], true, false),
            ("NO_COLOR", None, &[("NO_COLOR", "1")], true, false),
            ("CLICOLOR_FORCE", None, &[("CLICOLOR_FORCE", "1")], false, true),
            ("CLICOLOR_FORCE off", None, &[("CLICOLOR_FORCE", "0")], false, false),
            ("CLICOLOR off", None, &[("CLICOLOR", "0")], true, false),
            ("NO_COLOR wins", None, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true, false),
            ("always wins", Some(Color::Always), &[("NO_COLOR", "1")], false, true),
            ("never wins", Some(Color::Never), &[("CLICOLOR_FORCE", "1")], true, false),
        ];
        for (name, typed, variables, is_terminal, expected) in cases {
            let env = |wanted: &str| {
                variables.iter().find(|(name, _)| *name == wanted).map(|(_, it)| (*it).to_owned())
            };
            assert_eq!(wants_color(typed, &env, is_terminal), expected, "{name}");
        }
    }
}
