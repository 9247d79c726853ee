//! `rejoinder explain`: the manual page of a diagnostic code.

use super::args::ExplainArgs;
use super::console::Console;
use crate::diag::{Code, Exit, Failure};
use crate::engine;
use crate::text::nearest;

pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut codes: Vec<&'static Code> = engine::codes();
    codes.sort_by_key(|code| code.name);
    let text = match &args.code {
        Some(name) => page(name, &codes)?,
        None => list(&codes),
    };
    console.result(&text)?;
    Ok(Exit::Done)
}

/// The manual page of one code. Brackets and what stands before them are forgiven: `error[ref-unresolved]`.
fn page(name: &str, codes: &[&'static Code]) -> Result<String, Failure> {
    let bare = name.rsplit('[').next().unwrap_or(name).trim_end_matches([']', ':']);
    if let Some(code) = codes.iter().find(|code| code.name == bare) {
        let level = code.level.name();
        return Ok(format!(
            "{}\n\nCode: `{}`, {level} unless the site says otherwise.\n",
            code.manual_page(),
            code.name
        ));
    }
    let help = match nearest(bare, codes.iter().map(|code| code.name)) {
        Some(near) => format!("did you mean `{near}`? `rejoinder explain --list` lists them all"),
        None => "`rejoinder explain --list` lists them all".to_owned(),
    };
    Err(Failure::new(Exit::Usage, format!("there is no code `{bare}`")).help(help))
}

/// One line per code: name, level, and the first sentence of its manual page.
fn list(codes: &[&'static Code]) -> String {
    let width = codes.iter().map(|code| code.name.len()).max().unwrap_or(0);
    let line = |code: &&Code| {
        let first = code.first_sentence();
        format!("{:width$}  {:7}  {}\n", code.name, code.level.name(), first.trim_end_matches([':', '.']))
    };
    codes.iter().map(line).collect()
}
