//! `check --external`: asks for the addresses that the site leads to, between two looks at the site.

use super::args::ExternalArgs;
use super::console::Console;
use super::context::Context;
#[cfg(feature = "external")]
use super::{project, rewrite};
use crate::diag::{Exit, Failure};
use crate::engine::Built;
use crate::input::Files;

/// Refuses when the program cannot ask, because it was built without the cargo feature `external`.
///
/// # Errors
/// Says how to get one that can.
pub(super) fn need(is_built_in: bool) -> Result<(), Failure> {
    if is_built_in {
        return Ok(());
    }
    Err(Failure::new(Exit::Usage, "this Rejoinder was built without `check --external`")
        .help("build one that has it: `cargo build --release --features external`"))
}

/// Asks nobody: there is nothing to ask with.
///
/// # Errors
/// Always; see [`need`].
#[cfg(not(feature = "external"))]
pub(super) fn ask(
    _: &ExternalArgs,
    _: &dyn Files,
    _: &Built,
    _: &Context,
    _: &mut Console<'_>,
) -> Result<String, Failure> {
    need(false).map(|()| String::new())
}

/// Asks, and writes `links.lock`. Returns a line for people that says how it went, with its line end.
///
/// # Errors
/// When no host answers at all, or `links.lock` cannot be read or written.
#[cfg(feature = "external")]
pub(super) fn ask(
    args: &ExternalArgs,
    files: &dyn Files,
    built: &Built,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<String, Failure> {
    use crate::external::{self, Policy, Question};
    use crate::links;

    let is_unreadable = |code: &str| links::CODES.iter().any(|it| it.name == code);
    let (Some(graph), Some(site)) = (&built.graph, &built.site) else { return Ok(String::new()) };
    if built.report.diagnostics().iter().any(|it| is_unreadable(it.code.name)) {
        return Ok("No address was asked, because `links.lock` cannot be read.\n".to_owned());
    }
    let old = files.read(links::LOCK)?.map(|input| links::read(&input).0).unwrap_or_default();
    let defaults = Policy::default();
    let policy = Policy {
        allow_private: site.external.allow_private,
        max_age: args.max_age.unwrap_or(defaults.max_age),
        recheck: args.recheck,
        ..defaults
    };
    // A site with errors may lack records, and what is known of their addresses stays.
    let question = Question {
        graph,
        site,
        old: &old,
        is_whole: !built.report.has_errors(),
        today: project::today(console),
    };
    let shows_progress = console.stderr_is_terminal && context.is_chatty();
    let progress = |n_done: usize, n: usize| {
        if shows_progress {
            use std::io::Write as _;
            // A terminal that takes no more has nobody who reads along.
            let _ = write!(std::io::stderr(), "\r{n_done} of {n} addresses asked");
        }
    };
    let verified = external::verify(&question, &policy, &progress);
    if shows_progress {
        console.say("\r\u{1b}[K");
    }
    let verified = verified?;
    let path = context.root.join(links::LOCK);
    let text = verified.links.write();
    // A file that says just that already stays as it is.
    if std::fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
        rewrite::replace(&path, text.as_bytes())?;
    }
    Ok(told(&verified, context))
}

/// What came of asking, for people.
#[cfg(feature = "external")]
fn told(verified: &crate::external::Verified, context: &Context) -> String {
    /// How many reasons are told unless more is asked for.
    const SHOWN: usize = 5;
    let count = |n: usize| format!("{n} address{}", if n == 1 { "" } else { "es" });
    let unknown = &verified.unknown;
    let mut out = String::new();
    let shown = if context.verbose > 0 { unknown.len() } else { SHOWN };
    for (url, why) in unknown.iter().take(shown) {
        out.push_str(&format!("Not known: {url}: {why}.\n"));
    }
    if unknown.len() > shown {
        out.push_str(&format!("Not known: {} more; `--verbose` lists them.\n", unknown.len() - shown));
    }
    let rest = verified.addresses - verified.asked;
    out.push_str(&format!("Asked {} of {}", verified.asked, count(verified.addresses)));
    out.push_str(match rest {
        0 => ".\n",
        _ => "; what is known of the others is new enough, or their host wants to be left alone.\n",
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_cannot_ask_says_how_to_get_one_that_can() {
        let failure = need(false).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.help.contains("--features external"));
        assert!(need(true).is_ok());
    }
}
