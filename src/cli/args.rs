//! What can be typed. Parsing touches nothing but the words; [`super::context`] finds out what they mean here.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::Encoding;

/// What the bare program prints: enough to start.
pub(super) const SHORT_HELP: &str = "\
Rejoinder makes sites about reactions: who said what about it, where, to whom, on whose word.

Usage: rejoinder COMMAND [OPTIONS]

  rejoinder init my-site      start a site that builds at once
  rejoinder check             look for mistakes and write nothing
  rejoinder serve             show the site while you write
  rejoinder build             write the site to public/
  rejoinder publish --plan    say what would go where readers are

Commands: init, build, check, publish, serve, source, verify, coverage, refs, why, host-config, clean, explain, completions, man
`rejoinder --help` lists the options, `rejoinder build --help` those of one command.
";

const EXIT_CODES: &str = "\
Exit codes:
   0  done; there may be warnings
   1  the content has errors, or more warnings than --strict or --max-warnings allow; nothing was written
   2  wrong usage or configuration
   3  this machine: cannot read or write, disk full
   4  refused for safety: an output that is not ours
   5  publishing refused for safety; what is live is as it was
   6  the network or a host failed; run it again
  70  a bug of ours; a report file was written

Environment:
  REJOINDER_ROOT, _CONFIG, _FORMAT, _COLOR  stand for the options, which win over them
  NO_COLOR, CLICOLOR, CLICOLOR_FORCE        are honoured";

/// A static site generator for reaction explainers
#[derive(Debug, Parser)]
#[command(name = "rejoinder", version, after_long_help = EXIT_CODES)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options of every command, before or after its name.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub(super) struct Globals {
    /// The project's directory [default: the working directory]
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
    /// The configuration, relative to the project's directory [default: site.yaml]
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(super) config: Option<String>,
    /// How to report; all but `human` print their report on stdout [default: human]
    #[arg(long, global = true)]
    pub(super) format: Option<Format>,
    /// When to use colours [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    pub(super) color: Option<Color>,
    /// Say nothing unless something is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more: warnings of a build in full, every problem however many
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

/// How to report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Excerpts with carets
    #[default]
    Human,
    /// One line per problem: file:line:col: severity[code] message
    Concise,
    /// One JSON document
    Json,
    /// One JSON object per line, the run as a whole last
    Jsonl,
    /// GitHub Actions annotations, and the whole table in the step's summary
    Github,
    /// A GitLab code quality report
    Gitlab,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal that wants them
    #[default]
    Auto,
    /// Even into a file
    Always,
    /// Not at all
    Never,
}

/// One verb.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Start a site that builds at once; never overwrites a file
    Init(InitArgs),
    /// Write the site, all or nothing
    Build(BuildArgs),
    /// Write the site into an empty directory, remembering nothing: the second build of `--verify-reproducible`
    #[command(hide = true)]
    BuildApart(BuildApartArgs),
    /// Do all that `build` does, and write nothing
    Check(CheckArgs),
    /// Bring the built site to where readers are: first a plan, then in an order that breaks no page
    Publish(PublishArgs),
    /// Show the site in a browser while you write, and write nothing
    Serve(ServeArgs),
    /// Keep private copies of sources, which quotations are compared with
    Source(SourceArgs),
    /// Hold quotations against a copy of a source that you have yourself
    Verify(VerifyArgs),
    /// Say how many quotations were compared with their sources, by story
    Coverage(SiteArgs),
    /// Say who refers to something: by which relation, and where
    Refs(RefsArgs),
    /// Say what a page was made of, and why it was made the last time
    Why(WhyArgs),
    /// Print what a server of your own has to be told: header fields, redirects, media types
    HostConfig(HostConfigArgs),
    /// Remove what is remembered between builds
    Clean(CleanArgs),
    /// Start a theme, or try one
    Theme(ThemeArgs),
    /// Say what a diagnostic code means
    Explain(ExplainArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Write manual pages
    Man(ManArgs),
}

impl Command {
    /// The verb as typed.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Command::Init(_) => "init",
            Command::Build(_) => "build",
            Command::BuildApart(_) => "build-apart",
            Command::Check(_) => "check",
            Command::Publish(_) => "publish",
            Command::Serve(_) => "serve",
            Command::Source(_) => "source add",
            Command::Verify(_) => "verify",
            Command::Coverage(_) => "coverage",
            Command::Refs(_) => "refs",
            Command::Why(_) => "why",
            Command::HostConfig(_) => "host-config",
            Command::Clean(_) => "clean",
            Command::Theme(ThemeArgs { command: ThemeCommand::New(_) }) => "theme new",
            Command::Theme(ThemeArgs { command: ThemeCommand::Check(_) }) => "theme check",
            Command::Explain(_) => "explain",
            Command::Man(_) => "man",
            Command::Completions(_) => "completions",
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct InitArgs {
    /// Where to write; made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,
    /// What to start from
    #[arg(long, value_enum, default_value_t)]
    pub(super) template: Template,
    /// The site's name
    #[arg(long)]
    pub(super) title: Option<String>,
    /// The site's language, as a BCP 47 tag such as `en` or `pt-BR`
    #[arg(long, value_name = "TAG")]
    pub(super) lang: Option<String>,
    /// The site's theme
    #[arg(long, value_name = "NAME")]
    pub(super) theme: Option<String>,
}

/// What a new site starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Template {
    /// One of everything, short, to be replaced
    #[default]
    Blank,
    /// The worked example: how big tech reacted to DeepSeek R1
    Example,
}

/// What every command that reads the site shares.
#[derive(Args, Debug)]
pub(super) struct SiteArgs {
    /// The site's absolute address, instead of the configured one
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Include drafts
    #[arg(long)]
    pub(super) drafts: bool,
    /// Where the private copies of sources are [default: `snapshots:` in the configuration]
    #[arg(long, value_name = "DIR")]
    pub(super) snapshots: Option<PathBuf>,
    /// How many threads to use [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: Option<u16>,
}

/// How many warnings `build` and `check` let pass.
#[derive(Args, Debug)]
pub(super) struct LimitArgs {
    /// Let warnings fail too, as `--max-warnings 0` does
    #[arg(long)]
    pub(super) strict: bool,
    /// Let more than this many warnings fail
    #[arg(long, value_name = "N")]
    pub(super) max_warnings: Option<usize>,
}

impl LimitArgs {
    /// How many warnings are allowed; any number when `None`.
    pub(super) fn max_warnings(&self) -> Option<usize> {
        if self.strict { Some(0) } else { self.max_warnings }
    }
}

/// How `check` looks outside.
#[derive(Args, Debug)]
#[command(next_help_heading = "Links that leave the site")]
pub(super) struct ExternalArgs {
    /// Ask for the addresses that the site leads to, and write what they answer to links.lock
    #[arg(long)]
    pub(super) external: bool,
    /// Ask for all of them, however new the last answer is
    #[arg(long, requires = "external")]
    pub(super) recheck: bool,
    /// For how many days an answer counts [default: 7]
    #[arg(long, requires = "external", value_name = "DAYS", conflicts_with = "recheck")]
    pub(super) max_age: Option<u32>,
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Files and directories to report on [default: all]; the whole site is checked
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Apply the fixes that are safe; never changes quoted words
    #[arg(long)]
    pub(super) fix: bool,
    /// Report only on files that changed since REF, a commit [default: where the branch left its upstream, else HEAD],
    /// or are not committed
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true)]
    pub(super) changed: Option<Option<String>>,
    /// Leave out the problems that FILE knows
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the problems that there are into the baseline
    #[arg(long, requires = "baseline", conflicts_with_all = ["paths", "changed"])]
    pub(super) update_baseline: bool,
    /// Bring `quotes.lock` up to date with what was compared
    #[arg(long)]
    pub(super) update_lock: bool,
    /// Who compared, for `quotes.lock` [default: the site's publisher]
    #[arg(long, value_name = "NAME", requires = "update_lock")]
    pub(super) by: Option<String>,
    /// Compare every byte of what is live with what was built: at its address, or in the directory that is served
    #[arg(long, value_name = "URL|DIR", conflicts_with_all = ["fix", "changed", "baseline", "update_lock", "released", "external"])]
    pub(super) published: Option<String>,
    /// Ask for a correction of each quotation that changed since this commit or tag
    #[arg(long, value_name = "REF")]
    pub(super) released: Option<String>,
    #[command(flatten)]
    pub(super) limit: LimitArgs,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    #[command(flatten)]
    pub(super) external: ExternalArgs,
}

#[derive(Args, Debug)]
pub(super) struct BuildArgs {
    /// Where to write, relative to the working directory [default: `output:` in the configuration]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Make every page again, whatever is remembered of the last build
    #[arg(long)]
    pub(super) no_cache: bool,
    /// Say of each page that is made why it is not taken over from the last build
    #[arg(long)]
    pub(super) explain_dirty: bool,
    /// Build twice, as differently as can be, compare every byte, and write nothing
    #[arg(long, conflicts_with_all = ["output", "no_cache", "explain_dirty"])]
    pub(super) verify_reproducible: bool,
    #[command(flatten)]
    pub(super) precompress: PrecompressArgs,
    #[command(flatten)]
    pub(super) limit: LimitArgs,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// What a build compresses.
#[derive(Args, Debug)]
pub(super) struct PrecompressArgs {
    /// Lay compressed siblings beside the files that become smaller, for servers that send them: `br,gz`
    /// [default: `precompress:` in the configuration]
    #[arg(long, value_name = "ENCODINGS", value_delimiter = ',')]
    pub(super) precompress: Option<Vec<Precompress>>,
}

/// A way to compress, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Precompress {
    /// Brotli
    Br,
    /// Gzip
    Gz,
    /// Nothing, whatever the configuration says
    None,
}

impl Precompress {
    /// What is meant; nothing for `none`.
    pub(super) fn encoding(self) -> Option<Encoding> {
        match self {
            Precompress::Br => Some(Encoding::Brotli),
            Precompress::Gz => Some(Encoding::Gzip),
            Precompress::None => None,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct PublishArgs {
    /// The place, by its name below `publish:` in the configuration [default: the only one]
    #[arg(value_name = "TARGET")]
    pub(super) target: Option<String>,
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    pub(super) plan: bool,
    /// Do it without asking; needed where nobody can be asked
    #[arg(short, long, conflicts_with = "plan")]
    pub(super) yes: bool,
    /// Let just this many files be deleted, as the refusal said
    #[arg(long, value_name = "N")]
    pub(super) allow_delete: Option<usize>,
    /// Delete at once what is kept of earlier releases, and old assets
    #[arg(long)]
    pub(super) prune: bool,
    /// Publish where files of others are; they stay, but for those that the site has too
    #[arg(long)]
    pub(super) adopt: bool,
    /// Publish although somebody began to and did not end
    #[arg(long)]
    pub(super) take_over: bool,
    /// Look at every file that is live, and not only at those that change: for buckets
    #[arg(long)]
    pub(super) recheck: bool,
    /// Do not look afterwards, at the place's `url:`, whether readers see the new release
    #[arg(long)]
    pub(super) no_verify: bool,
    /// Bring an earlier release back [default: the one before]
    #[arg(long, value_name = "RELEASE", num_args = 0..=1, conflicts_with_all = ["prune", "output"])]
    pub(super) rollback: Option<Option<String>>,
    /// Say what is live, and what can be brought back
    #[arg(long, conflicts_with_all = ["plan", "yes", "allow_delete", "prune", "adopt", "take_over", "recheck", "no_verify", "rollback"])]
    pub(super) status: bool,
    /// Where the site was built, relative to the working directory [default: `output:` in the configuration]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Args, Debug)]
pub(super) struct BuildApartArgs {
    /// Where to write
    pub(super) into: PathBuf,
    #[command(flatten)]
    pub(super) precompress: PrecompressArgs,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Args, Debug)]
pub(super) struct ServeArgs {
    /// The port; an error when it is taken [default: 4321, or the next that is free]
    #[arg(short, long, value_name = "N")]
    pub(super) port: Option<u16>,
    /// Listen on this address of the machine too, so that others can look: 0.0.0.0 for all
    #[arg(long, value_name = "ADDRESS")]
    pub(super) host: Option<IpAddr>,
    /// Answer for this name too; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(super) allow_host: Vec<String>,
    /// Open the browser
    #[arg(short = 'O', long)]
    pub(super) open: bool,
    /// Answer as this host would: slashes, pages for lost addresses, `_redirects`, `_headers`
    #[arg(long = "as", value_name = "HOST")]
    pub(super) host_rules: Option<As>,
    /// Look at all files again and again, where the system does not tell of changes
    #[arg(long)]
    pub(super) poll: bool,
    /// Leave pages as they are built: no reload, no overlay
    #[arg(long)]
    pub(super) no_reload: bool,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// A host whose rules `serve` can follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum As {
    /// GitHub Pages, below the path of `base_url`
    GithubPages,
    /// Netlify
    Netlify,
    /// Cloudflare Pages
    Cloudflare,
    /// The website of an Amazon S3 bucket
    S3,
}

#[derive(Args, Debug)]
pub(super) struct SourceArgs {
    #[command(subcommand)]
    pub(super) command: SourceCommand,
}

/// What can be done with sources.
#[derive(Debug, Subcommand)]
pub(super) enum SourceCommand {
    /// Keep the words of a page that you saved, where git and readers do not see them
    Add(SourceAddArgs),
}

#[derive(Args, Debug)]
pub(super) struct SourceAddArgs {
    /// The file you saved: a web page, a PDF or plain text
    pub(super) file: PathBuf,
    /// The source it is a copy of
    pub(super) id: String,
    /// The day you read it [default: the day the file says it was saved, else today]
    #[arg(long, value_name = "DATE")]
    pub(super) accessed: Option<String>,
    /// A copy in an archive; may be given several times
    #[arg(long, value_name = "URL")]
    pub(super) archive: Vec<String>,
    /// Keep the captions of pictures
    #[arg(long)]
    pub(super) figcaptions: bool,
    /// Put this copy in the place of another one
    #[arg(long)]
    pub(super) replace: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Where the private copies of sources are [default: `snapshots:` in the configuration]
    #[arg(long, value_name = "DIR")]
    pub(super) snapshots: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    /// Your copy: a saved web page, a PDF or plain text
    #[arg(long, value_name = "FILE")]
    pub(super) against: PathBuf,
    /// The sources it is a copy of, or single statements; without any, the source whose recorded copy it is
    #[arg(value_name = "ID")]
    pub(super) ids: Vec<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Args, Debug)]
pub(super) struct RefsArgs {
    /// What it is called, as in a link: ada, actor:ada, tale/ada.hello
    pub(super) id: String,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Args, Debug)]
pub(super) struct WhyArgs {
    /// Its address, or its file in the output: /actors/ada/, actors/ada/index.html
    pub(super) url: String,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Args, Debug)]
pub(super) struct HostConfigArgs {
    /// The server
    pub(super) server: Server,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// A server with a configuration of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Server {
    /// nginx: a file to include in a `server` block
    Nginx,
    /// Caddy: a file to import in a site block
    Caddy,
    /// The website of an S3 bucket, as JSON
    S3,
}

#[derive(Args, Debug)]
pub(super) struct CleanArgs {
    /// The ledger below .rejoinder/, so that the next build makes every page again
    #[arg(long, required = true)]
    pub(super) cache: bool,
}

#[derive(Args, Debug)]
pub(super) struct ExplainArgs {
    /// The code, as it stands in brackets: ref-unresolved
    #[arg(required_unless_present = "list")]
    pub(super) code: Option<String>,
    /// List every code
    #[arg(long, conflicts_with = "code")]
    pub(super) list: bool,
}

#[derive(Args, Debug)]
pub(super) struct ThemeArgs {
    #[command(subcommand)]
    pub(super) command: ThemeCommand,
}

/// What can be done with themes.
#[derive(Debug, Subcommand)]
pub(super) enum ThemeCommand {
    /// Write a theme that can be used at once: a style sheet with all that has to be in it, and one template
    New(ThemeNewArgs),
    /// Make every page of a theme up: with all a page can have, with as little as it can, and with each thing missing alone
    Check(ThemeCheckArgs),
}

#[derive(Args, Debug)]
pub(super) struct ThemeNewArgs {
    /// What it is to be called; its files go to `themes/NAME/`
    #[arg(value_name = "NAME")]
    pub(super) name: String,
}

#[derive(Args, Debug)]
pub(super) struct ThemeCheckArgs {
    /// The theme [default: `theme:` in the configuration]
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) limit: LimitArgs,
}

#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// Where to write; made if it is not there
    pub(super) dir: PathBuf,
}

/// The `--color` or `--format` of arguments that could not be understood as a whole.
pub(super) fn as_typed<T: ValueEnum>(option: &str, args: &[OsString]) -> Option<T> {
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let joined = words.iter().find_map(|word| word.strip_prefix(option)?.strip_prefix('='));
    let apart = words.iter().position(|word| *word == option).and_then(|idx| words.get(idx + 1).copied());
    T::from_str(joined.or(apart)?, false).ok()
}
