//! `rejoinder check --published`: holds what is live against what was built, byte for byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, Format};
use super::console::Console;
use super::context::Context;
use super::project::Project;
use crate::delivery;
use crate::diag::{Exit, Failure};
use crate::edition::headers::sibling_of;
use crate::publish::published::{Difference, LiveDir, compare, unknown};
use crate::publish::{File, Release};

/// How many differences people are shown unless they ask for more.
const SHOWN: usize = 20;

pub(super) fn run(
    live: &str,
    args: &CheckArgs,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let Some(site) = &project.settings else {
        return Err(Failure::new(Exit::Usage, format!("`{}` has errors", context.config))
            .help("`rejoinder check` shows them"));
    };
    let output = match context.root == Path::new(".") {
        true => PathBuf::from(&site.output),
        false => context.root.join(&site.output),
    };
    let files = delivery::delivered(&output)?.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("nothing was built in `{}` to compare with", output.display()))
            .help("build what was published, from the same commit")
    })?;
    let files = files.into_iter().map(|(path, size, fingerprint)| File::new(path, size, fingerprint));
    let release = Release { files: files.collect(), ..Release::default() };
    let is_address = live.starts_with("https://") || live.starts_with("http://");
    let mut n_files = release.files.len();
    let differences = match is_address {
        true => {
            let mut differences = at_address(&release, live, &output)?;
            // Not every place is sent compressed siblings; where there are some, they are what was built.
            let is_lacking =
                |it: &Difference| matches!(it, Difference::Missing(path) if sibling_of(path).is_some());
            let n_all = differences.len();
            differences.retain(|it| !is_lacking(it));
            n_files -= n_all - differences.len();
            differences
        }
        false => {
            let dir = Path::new(live);
            if !dir.is_dir() {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("there is no directory `{}`", live.escape_debug()),
                )
                .help("`--published` takes the address of the site, or the directory that is served"));
            }
            let mut differences = compare(&release, &BTreeMap::new(), &LiveDir(dir))?;
            differences.extend(unknown(&release, dir)?);
            differences
        }
    };
    tell(n_files, live, &differences, context, console)
}

#[cfg(not(feature = "external"))]
fn at_address(_: &Release, _: &str, _: &Path) -> Result<Vec<Difference>, Failure> {
    super::external::need(false).map(|()| Vec::new())
}

#[cfg(feature = "external")]
fn at_address(release: &Release, live: &str, output: &Path) -> Result<Vec<Difference>, Failure> {
    use crate::external::fetch::Site;
    use crate::publish::published::redirects;

    let redirects = redirects(release, output);
    // Rules for hosts are read by them, and not handed on.
    let is_served = |it: &&File| !matches!(it.path.as_str(), "_headers" | "_redirects");
    let files = release.files.iter().filter(is_served).cloned().collect();
    compare(&Release { files, ..release.clone() }, &redirects, &Site::new(live))
}

fn tell(
    n_files: usize,
    live: &str,
    differences: &[Difference],
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if context.format == Format::Json {
        let list = |wanted: fn(&Difference) -> Option<&String>| -> Vec<&String> {
            differences.iter().filter_map(wanted).collect()
        };
        let document = serde_json::json!({
            "schema": "rejoinder.published/1",
            "live": live,
            "files": n_files,
            "missing": list(|it| if let Difference::Missing(path) = it { Some(path) } else { None }),
            "other": list(|it| if let Difference::Other(path) = it { Some(path) } else { None }),
            "unknown": list(|it| if let Difference::Unknown(path) = it { Some(path) } else { None }),
        });
        let text =
            serde_json::to_string_pretty(&document).expect("the shape has text keys and whole numbers only");
        console.result(&format!("{text}\n"))?;
    } else {
        let shown = if context.verbose > 0 { differences.len() } else { SHOWN };
        let mut out: String = differences.iter().take(shown).map(|it| format!("  {it}\n")).collect();
        if differences.len() > shown {
            out.push_str(&format!("  and {} more; `--verbose` lists them\n", differences.len() - shown));
        }
        console.result(&out)?;
        if context.is_chatty() {
            console.say(&match differences.len() {
                0 => format!("All {n_files} files at {live} are what was built, byte for byte.\n"),
                1 => format!("1 file at {live} is not what was built.\n"),
                n => format!("{n} files at {live} are not what was built.\n"),
            });
        }
    }
    Ok(if differences.is_empty() { Exit::Done } else { Exit::Problems })
}
