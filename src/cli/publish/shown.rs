//! What people are told: the plan in their nouns, how far it is, what came of it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::pace::{self, OwnPace};
use crate::cli::args::Format;
use crate::cli::console::Console;
use crate::cli::context::Context;
use crate::diag::{Exit, Failure, human_failure};
use crate::edition::headers::sibling_of;
use crate::model::PublishTarget;
use crate::publish::document::PlanDocument;
use crate::publish::fields::UNSERVED_HELP;
use crate::publish::plan::{Action, Phase, Why};
use crate::publish::record::Record;
use crate::publish::{Options, Plan, Target};
use crate::text::{OutPath, counted, in_bytes};

/// A plan, and where it leads.
pub(super) struct Shown<'a> {
    pub(super) place: &'a PublishTarget,
    pub(super) target: &'a dyn Target,
    pub(super) plan: &'a Plan,
    pub(super) options: &'a Options,
    /// Header fields of the site's list that the target does not send.
    pub(super) unserved: &'a [String],
}

impl Shown<'_> {
    /// The plan alone, in the format that was asked for. A plan that would be refused says so, and fails.
    pub(super) fn plan_only(&self, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
        match context.format {
            Format::Json => console.result(&self.json())?,
            _ => console.result(&self.in_words())?,
        }
        if !self.plan.refusals.is_empty() {
            self.all_refusals(context, console);
            return match context.format {
                // The document has them.
                Format::Json => Ok(Exit::NotPublished),
                _ => Err(self.plan.refusals[0].failure()),
            };
        }
        if context.is_chatty() {
            console.say(&match self.plan.is_nothing() {
                true => "What is live is what is built.\n".to_owned(),
                false => {
                    format!("Nothing was sent. `rejoinder publish {}` does this.\n", self.place.name)
                }
            });
        }
        Ok(Exit::Done)
    }

    fn json(&self) -> String {
        let place = self.target.name();
        PlanDocument::new(&self.place.name, &place, self.plan).without_fields(self.unserved).to_json()
    }

    /// The plan in words, line by line.
    pub(super) fn in_words(&self) -> String {
        let Plan { release, operations, live, n_deletions, .. } = self.plan;
        let mut out = String::new();
        let url = self.place.url.as_ref().map(|it| format!(" → {it}")).unwrap_or_default();
        let mut row = |sign: &str, what: &str, rest: &str| {
            let head = if sign.is_empty() { what.to_owned() } else { format!("{sign} {what}") };
            out.push_str(format!("  {head:<9} {rest}").trim_end());
            out.push('\n');
        };
        row("", "Target", &format!("{}  {}{url}", self.place.name, self.target.name()));
        row(
            "",
            "Live",
            &match live {
                Some((name, published)) => format!("{name}, {}", ago(self.options.now - published)),
                None => "nothing yet".to_owned(),
            },
        );
        let local = match self.options.restores {
            Some(number) => format!("r{number} again: {}", pages(release.n_pages())),
            None => format!("{}, {}", pages(release.n_pages()), counted(release.files.len(), "file")),
        };
        row("", "Release", &local);
        let added: Vec<&OutPath> =
            self.plan.sends().filter(|(_, is_new)| *is_new).map(|(file, _)| &file.path).collect();
        let changed: Vec<&OutPath> =
            self.plan.sends().filter(|(_, is_new)| !is_new).map(|(file, _)| &file.path).collect();
        let headers = operations.iter().filter_map(|it| match &it.action {
            Action::SetHeaders { file, was } => Some(file.headers.changed_from(was)),
            _ => None,
        });
        let headers: Vec<BTreeSet<&str>> = headers.map(Iterator::collect).collect();
        let deleted = |wanted: &[Why]| -> Vec<&OutPath> {
            let paths = operations.iter().filter_map(|it| match &it.action {
                Action::Delete { path, why } if wanted.contains(why) => Some(path),
                _ => None,
            });
            paths.collect()
        };
        let bytes: u64 = self.plan.sends().map(|(file, _)| file.size).sum();
        row("+", "add", &format!("{}{}", nouns(&added), examples(&added)));
        row("~", "change", &format!("{}{}", nouns(&changed), examples(&changed)));
        if !headers.is_empty() {
            let names: BTreeSet<&str> = headers.iter().flatten().copied().collect();
            let names: Vec<&str> = names.into_iter().collect();
            row("h", "headers", &format!("{}  ({})", counted(headers.len(), "file"), names.join(", ")));
        }
        let gone = deleted(&[Why::Gone]);
        row("-", "delete", &format!("{}{}", nouns(&gone), examples(&gone)));
        let old = deleted(&[Why::Retired, Why::Leftover]);
        if !old.is_empty() {
            row("-", "tidy", &format!("{} that nothing asks for", counted(old.len(), "file")));
        }
        let stays = self.plan.record.retired.len();
        if stays > 0 {
            row("", "Stays", &format!("{} of earlier releases", counted(stays, "asset")));
        }
        row("", "To send", &in_bytes(bytes));
        let addresses = operations.iter().find_map(|it| match &it.action {
            Action::Invalidate { addresses } => Some(addresses),
            _ => None,
        });
        if let Some(addresses) = addresses {
            let all = addresses.iter().any(|it| it == "/*");
            row(
                "",
                "Cache",
                &if all { "all addresses".to_owned() } else { counted(addresses.len(), "address") },
            );
        }
        if !self.unserved.is_empty() {
            row("", "Not sent", &format!("{}: a bucket has no place for them", self.unserved.join(", ")));
            row("", "", UNSERVED_HELP);
        }
        debug_assert!(*n_deletions <= gone.len(), "what is counted is deleted");
        out
    }

    /// Every refusal but the first, which is the failure of the run.
    pub(super) fn all_refusals(&self, context: &Context, console: &mut Console<'_>) {
        if context.format == Format::Human {
            for refusal in self.plan.refusals.iter().skip(1).rev() {
                console.say(&human_failure(&refusal.failure(), context.color));
            }
        }
    }

    pub(super) fn nothing(&self, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
        if context.format == Format::Json {
            console.result(&self.json())?;
        }
        if context.is_chatty() {
            console.say(&format!(
                "Nothing to publish: {} at {} is what is built.\n",
                self.plan.release.name(),
                self.target.name()
            ));
        }
        Ok(Exit::Done)
    }

    pub(super) fn done(
        &self,
        record: &Record,
        took: Duration,
        context: &Context,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        if context.format == Format::Json {
            console.result(&self.json())?;
        }
        if context.is_chatty() {
            let what = match record.live.restores {
                Some(number) => format!("{}, which is r{number} again,", record.live.name()),
                None => record.live.name(),
            };
            let mut text =
                format!("Published {what} to {} in {:.1} s.", self.target.name(), took.as_secs_f64());
            if let Some(url) = &self.place.url {
                text.push_str(&format!(" {url}"));
            }
            text.push('\n');
            if let Some(earlier) = record.earlier.last() {
                text.push_str(&format!(
                    "To undo: rejoinder publish {} --rollback r{}\n",
                    self.place.name, earlier.number
                ));
            }
            console.say(&text);
        }
        Ok(Exit::Done)
    }
}

/// What is live, and what can be brought back.
pub(super) fn status(
    place: &PublishTarget,
    target: &dyn Target,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let record = target.record(&OwnPace)?;
    let now = pace::now();
    let live = record.as_ref().map(|it| &it.live).filter(|it| it.number > 0);
    if context.format == Format::Json {
        let earlier = record.iter().flat_map(|it| &it.earlier).map(|it| {
            serde_json::json!({ "release": format!("r{}", it.number), "published": it.published, "pages": it.pages })
        });
        let document = serde_json::json!({
            "schema": "rejoinder.status/1",
            "target": place.name,
            "place": target.name(),
            "live": live.map(|it| serde_json::json!({
                "release": it.name(),
                "published": it.published,
                "pages": it.n_pages(),
                "files": it.files.len(),
                "title": it.title,
                "base_url": it.base_url,
                "restores": it.restores,
            })),
            "earlier": earlier.collect::<Vec<_>>(),
            "retired": record.as_ref().map_or(0, |it| it.retired.len()),
            "under_way": record.as_ref().is_some_and(|it| it.claim.is_some()),
        });
        let text =
            serde_json::to_string_pretty(&document).expect("the shape has text keys and whole numbers only");
        console.result(&format!("{text}\n"))?;
        return Ok(Exit::Done);
    }
    let mut out = format!("  Target    {}  {}\n", place.name, target.name());
    match live {
        None => out.push_str("  Live      nothing yet\n"),
        Some(live) => {
            let again = live.restores.map(|it| format!(" (r{it} again)")).unwrap_or_default();
            out.push_str(&format!(
                "  Live      {}{again}, {}, {}\n",
                live.name(),
                ago(now - live.published),
                pages(live.n_pages())
            ));
        }
    }
    for it in record.iter().flat_map(|it| it.earlier.iter().rev()) {
        out.push_str(&format!(
            "  Earlier   r{}, {}, {}\n",
            it.number,
            ago(now - it.published),
            pages(it.pages)
        ));
    }
    if let Some(claim) = record.as_ref().and_then(|it| it.claim.as_ref()) {
        out.push_str(&format!(
            "  Under way since {}: it ended too early, or goes on\n",
            ago(now - claim.since)
        ));
    }
    console.result(&out)?;
    Ok(Exit::Done)
}

/// How far it is: a line that changes on a terminal, a line for each phase elsewhere.
pub(super) struct Progress {
    n: usize,
    n_bytes: u64,
    is_live: bool,
    is_silent: bool,
    started: Instant,
    state: Mutex<(Option<Phase>, u64, Instant)>,
}

impl Progress {
    pub(super) fn new(plan: &Plan, context: &Context, console: &Console<'_>) -> Progress {
        let now = Instant::now();
        Progress {
            n: plan.operations.len(),
            n_bytes: plan.sends().map(|(file, _)| file.size).sum(),
            is_live: console.stderr_is_terminal,
            is_silent: !context.is_chatty(),
            started: now,
            state: Mutex::new((None, 0, now)),
        }
    }

    /// Told after each operation.
    pub(super) fn tell(&self, phase: Phase, n_done: usize, n_bytes: u64) {
        if self.is_silent {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.1 += n_bytes;
        // A terminal that takes no more has nobody who reads along.
        let mut to = std::io::stderr();
        if self.is_live {
            let now = Instant::now();
            if n_done < self.n && now.duration_since(state.2) < Duration::from_millis(100) {
                return;
            }
            state.2 = now;
            const WIDTH: usize = 24;
            let full = WIDTH * n_done.min(self.n) / self.n.max(1);
            let bar = format!("{}{}", "█".repeat(full), "░".repeat(WIDTH - full));
            let took = self.started.elapsed().as_secs();
            let _ = write!(
                to,
                "\r  {bar}  {n_done}/{} steps  {} of {}  {took} s\u{1b}[K",
                self.n,
                in_bytes(state.1),
                in_bytes(self.n_bytes)
            );
        } else if state.0 != Some(phase) {
            state.0 = Some(phase);
            let _ = writeln!(to, "  {}", words(phase));
        }
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        if self.is_live && !self.is_silent {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}

fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::Keep => "Keeping what is replaced",
        Phase::Assets => "Sending assets",
        Phase::Data => "Sending data",
        Phase::NewPages => "Sending new pages",
        Phase::LeftPages => "Sending pages that were half sent",
        Phase::Pages => "Sending changed pages",
        Phase::Entries => "Sending feeds, the home page and the sitemap",
        Phase::Record => "Recording the release",
        Phase::Cache => "Telling the cache",
        Phase::Delete => "Deleting",
        Phase::Settle => "Recording what was deleted",
    }
}

/// Files in an author's nouns: `2 pages, 1 style`. The data beside a page goes without saying.
fn nouns(paths: &[&OutPath]) -> String {
    const NOUNS: [&str; 9] =
        ["page", "style", "script", "font", "picture", "feed", "data file", "file", "compressed file"];
    let twins: BTreeSet<OutPath> = paths.iter().filter_map(|it| it.data_twin()).collect();
    let mut counts = [0; NOUNS.len()];
    for path in paths.iter().filter(|it| !twins.contains(**it)) {
        let ending = path.as_str().rsplit_once('.').map_or("", |(_, ending)| ending);
        let noun = match ending {
            _ if sibling_of(path.as_str()).is_some() => 8,
            "html" => 0,
            "css" => 1,
            "js" => 2,
            "woff2" | "woff" | "ttf" | "otf" => 3,
            "svg" | "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" => 4,
            "xml" | "atom" | "rss" => 5,
            "json" | "jsonld" | "csv" => 6,
            _ => 7,
        };
        counts[noun] += 1;
    }
    let words = NOUNS.iter().zip(counts).filter(|(_, n)| *n > 0).map(|(noun, n)| counted(n, noun));
    let words: Vec<String> = words.collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// The first few pages, as readers address them.
fn examples(paths: &[&OutPath]) -> String {
    const SHOWN: usize = 3;
    let all: Vec<String> =
        paths.iter().filter(|it| it.as_str().ends_with(".html")).map(|it| it.url()).collect();
    match all.len() {
        0 => String::new(),
        n if n <= SHOWN => format!("  ({})", all.join(", ")),
        _ => format!("  ({}, …)", all[..SHOWN].join(", ")),
    }
}

fn pages(n: usize) -> String {
    counted(n, "page")
}

/// A time that has gone by.
fn ago(seconds: i64) -> String {
    let n = |unit: i64| usize::try_from(seconds / unit).unwrap_or(0);
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => format!("{} ago", counted(n(60), "minute")),
        3_600..172_800 => format!("{} ago", counted(n(3_600), "hour")),
        _ => format!("{} ago", counted(n(86_400), "day")),
    }
}
