//! `rejoinder why`: what a page was made of, and why it was made the last time. All from the ledger of the last build.

use serde::Serialize;

use super::args::{Format, WhyArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::memory::Memory;
use super::project::Project;
use crate::diag::{Exit, Failure};
use crate::engine::{BuildOptions, Ledger, Why};
use crate::model::Site;
use crate::text::{OutPath, nearest_few, percent_decode};

/// The answer for programs.
#[derive(Serialize)]
struct Answer<'w> {
    schema: &'static str,
    url: &'w str,
    /// Why it was made the last time, in words; absent for what is taken over as it is.
    because: Option<&'w str>,
    template: Option<&'w str>,
    /// What it read, in words.
    reads: &'w [String],
    /// Its files in the output.
    files: &'w [String],
}

pub(super) fn run(args: &WhyArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let memory = Memory::open(context, false);
    let options = BuildOptions { program: memory.program, ..build::options(&args.site, context) };
    let ledger = &memory.ledger;
    let old = |message: &str| {
        let help = "run `rejoinder build` first; with `--explain-dirty` it says what it makes and why";
        Failure::new(Exit::Usage, message).help(help)
    };
    if ledger.is_empty() {
        return Err(old("nothing is remembered of a build of this site"));
    }
    if !ledger.is_of(&options) {
        return Err(old("the last build was made by another program or with other options"));
    }
    if !ledger.is_up_to_date(&*project.files)? {
        return Err(old("files have changed since the last build"));
    }
    let base_url = options.base_url.as_deref();
    let base_url = base_url.or(project.settings.as_ref().and_then(|it| it.base_url.as_deref()));
    let path = path_of(&args.url, base_url, project.settings.as_ref());
    let why = find(ledger, &path).ok_or_else(|| unknown(ledger, &path))?;
    let text = match context.format {
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&answer(&why)).expect("words are JSON")),
        _ => told(&why),
    };
    console.result(&text)?;
    Ok(Exit::Done)
}

/// The site's own part of an address, of a file of the output, or of what the browser shows of `serve`, without a leading slash.
fn path_of(typed: &str, base_url: Option<&str>, settings: Option<&Site>) -> String {
    let typed = typed.trim().split(['?', '#']).next().unwrap_or("");
    let typed = percent_decode(typed).map_or_else(|| typed.to_owned(), std::borrow::Cow::into_owned);
    let base_url = base_url.map(|it| it.trim_end_matches('/'));
    let below = |outer: &str| {
        let rest = typed.strip_prefix(outer)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/').to_owned())
    };
    let output = settings.map_or("", |it| it.output.trim_matches('/'));
    let own = base_url.filter(|it| !it.is_empty()).and_then(below);
    let own = own.or_else(|| below(output).filter(|_| !output.is_empty()));
    own.or_else(|| of_preview(&typed))
        .unwrap_or_else(|| typed.trim_start_matches("./").trim_start_matches('/').to_owned())
}

/// The path of an address on this machine.
fn of_preview(typed: &str) -> Option<String> {
    let (host, path) = typed.strip_prefix("http://")?.split_once('/')?;
    let is_here = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(|port| port.is_empty() || port.starts_with(':')));
    is_here.then(|| path.trim_start_matches('/').to_owned())
}

/// What is remembered of a path, or of the directory that it names without its slash.
fn find(ledger: &Ledger, path: &str) -> Option<Why> {
    let at = |url: &str| ledger.why(&OutPath::of_url(url).ok()?);
    at(path).or_else(|| at(&format!("{path}/")))
}

fn unknown(ledger: &Ledger, path: &str) -> Failure {
    let failure = Failure::new(Exit::Problems, format!("the site has no `/{path}`"));
    let known: Vec<String> = ledger.addresses().collect();
    let wanted = format!("/{path}");
    let near = nearest_few(&wanted, known.iter().map(String::as_str), 3);
    let near: Vec<String> = near.iter().map(|it| format!("`{it}`")).collect();
    match near.as_slice() {
        [] => failure.help("give an address as `/actors/ada/`, or a file of the output"),
        [one] => failure.help(format!("did you mean {one}?")),
        many => failure.help(format!("did you mean one of {}?", many.join(", "))),
    }
}

fn answer(why: &Why) -> Answer<'_> {
    Answer {
        schema: "rejoinder.why/1",
        url: &why.url,
        because: Some(why.because.as_str()).filter(|it| !it.is_empty()),
        template: why.template.as_deref(),
        reads: &why.reads,
        files: &why.files,
    }
}

fn told(why: &Why) -> String {
    let mut out = format!("{}\n", why.url);
    if why.because.is_empty() {
        out.push_str("  A redirect, or a file that is taken over as it is: it reads no record.\n");
        return out;
    }
    out.push_str(&format!("  Made the last time because {}.\n", why.because));
    if let Some(template) = &why.template {
        out.push_str(&format!("  Template: {template}\n"));
    }
    out.push_str(&format!("  Files: {}\n", why.files.join(", ")));
    out.push_str("  It read:\n");
    for it in &why.reads {
        out.push_str(&format!("    {it}\n"));
    }
    out
}
