//! `rejoinder serve`: shows the site while it is being written.
//!
//! One loop: something happens (a file, a key, a signal), the site is made anew, and the [`Hub`] gets it. What stands in the
//! output directory is not touched.

mod browser;
mod editor;
mod made;
mod terminal;
mod watch;

use std::net::{IpAddr, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use clap::ValueEnum;

use super::args::{As, ServeArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::project::Project;
use crate::diag::{Exit, Failure, human, human_failure, summary};
use crate::engine::BuildOptions;
use crate::preview::{HostRules, Hub, Listen, Options, Problems, Publication, Server};
use made::{Made, Snapshot, generation};
use terminal::Terminal;

/// How often the loop looks whether anybody still reads what it says.
const TICK: Duration = Duration::from_millis(400);

/// How long the loop has to end by itself after a signal; a site being made is not waited for.
const GRACE: Duration = Duration::from_millis(400);

/// Something that happened.
enum Event {
    /// Files of the project are new, changed or gone.
    Changed(Vec<String>),
    /// A key was pressed.
    Key(u8),
    /// The system or the terminal asks us to end.
    Stop,
}

pub(super) fn run(args: &ServeArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let (send, events) = mpsc::channel();
    let terminal = Terminal::take(&send);
    let hub = Arc::new(Hub::default());
    let server =
        Server::start(Arc::clone(&hub), options(args, &project, context, console, &send, &terminal))?;
    let mut serving = Serving {
        project,
        options: build::options(&args.site, context),
        hub,
        snapshot: None,
        made_at: None,
        url: server.url(),
    };
    greet(args, &server, context, console);
    // Before the first look at the files, so that no change falls between.
    watch::start(&context.root, &serving.project, args.poll, send)?;
    serving.make(&[], context, console);
    if args.open {
        browser::open(&serving.url, console);
    }
    serving.follow(&events, terminal.has_keys(), context, console);
    drop(server);
    drop(terminal);
    Ok(Exit::Done)
}

fn options(
    args: &ServeArgs,
    project: &Project,
    context: &Context,
    console: &Console<'_>,
    send: &Sender<Event>,
    terminal: &Terminal,
) -> Options {
    let configured = project.settings.as_ref().and_then(|it| it.base_url.as_deref());
    let base_url = args.site.base_url.as_deref().or(configured);
    let (send, restore) = (send.clone(), terminal.restorer());
    let on_signal = move || {
        let _ = send.send(Event::Stop);
        let restore = restore.clone();
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            restore.restore();
            std::process::exit(i32::from(Exit::Done.code()));
        });
    };
    Options {
        listen: Listen { port: args.port, address: args.host },
        allowed_hosts: args.allow_host.clone(),
        host: host_rules(args.host_rules),
        base: base_url.map(path_of).unwrap_or_default().to_owned(),
        reload: !args.no_reload,
        editor: editor::of(&context.root, console.env),
        on_signal: Some(Box::new(on_signal)),
        ..Options::default()
    }
}

fn host_rules(name: Option<As>) -> HostRules {
    match name {
        None => HostRules::Plain,
        Some(As::GithubPages) => HostRules::GithubPages,
        Some(As::Netlify) => HostRules::Netlify,
        Some(As::Cloudflare) => HostRules::Cloudflare,
        Some(As::S3) => HostRules::S3,
    }
}

/// The path of an absolute address.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// Says where to look, and what is unusual about it.
fn greet(args: &ServeArgs, server: &Server, context: &Context, console: &mut Console<'_>) {
    let like = args.host_rules.as_ref().and_then(ValueEnum::to_possible_value);
    let like = like.map(|it| format!("   as: {}", it.get_name())).unwrap_or_default();
    if !context.quiet {
        console.say(&format!("  Serving {}{like}\n", server.url()));
    }
    if server.has_moved() {
        console.say(&format!("  Port 4321 is taken; this is {}.\n", server.port()));
    }
    if let Some(address) = args.host.filter(|it| !it.is_loopback()) {
        let near = if address.is_unspecified() { lan_address() } else { Some(address) };
        let where_to = match near {
            Some(IpAddr::V6(it)) => format!(" at http://[{it}]:{}/", server.port()),
            Some(IpAddr::V4(it)) => format!(" at http://{it}:{}/", server.port()),
            None => String::new(),
        };
        console
            .say(&format!("  warning: everybody in this network can read the site{where_to}, drafts too.\n"));
    }
}

/// This machine's address in its network: what a packet to outside would carry. None is sent.
fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // An address for documentation (RFC 5737); any that is not in the local network does.
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|it| it.ip()).filter(|it| !it.is_unspecified())
}

/// The loop and what it knows.
struct Serving {
    project: Project,
    options: BuildOptions,
    hub: Arc<Hub>,
    /// The newest state that is whole.
    snapshot: Option<Snapshot>,
    /// When that was made.
    made_at: Option<String>,
    url: String,
}

impl Serving {
    /// Follows what happens until somebody wants it to end.
    fn follow(
        &mut self,
        events: &Receiver<Event>,
        has_keys: bool,
        context: &Context,
        console: &mut Console<'_>,
    ) {
        if has_keys && !context.quiet {
            console.say("  ? keys   q quit\n");
        }
        loop {
            match events.recv_timeout(TICK) {
                Ok(Event::Changed(paths)) => self.make(&paths, context, console),
                Ok(Event::Key(key)) => match key {
                    b'q' => return,
                    b'o' => browser::open(&self.url, console),
                    b'r' => self.make(&[], context, console),
                    b'd' => {
                        self.options.drafts ^= true;
                        let with = if self.options.drafts { "with" } else { "without" };
                        console.say(&format!("  {with} drafts\n"));
                        self.make(&[], context, console);
                    }
                    b'?' | b'h' => {
                        console.say("  o open in the browser   d drafts   r make anew   q quit\n");
                    }
                    _ => (),
                },
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if terminal::nobody_reads() => return,
                Err(RecvTimeoutError::Timeout) => (),
            }
        }
    }

    /// Makes the site anew and shows it, or what is wrong with it. `changed` says because of which files.
    fn make(&mut self, changed: &[String], context: &Context, console: &mut Console<'_>) {
        let started = Instant::now();
        let made = generation(&*self.project.files, &self.options, self.snapshot.as_ref());
        let took = started.elapsed();
        let now = clock();
        let why = match changed {
            [] => String::new(),
            [one] => format!("{one} "),
            [first, rest @ ..] => format!("{first} and {} more ", rest.len()),
        };
        let mut line = |what: &str| {
            if !context.quiet {
                console.say(&format!("  {now}  {why}{what}\n"));
            }
        };
        match made {
            Ok(Made { snapshot: Some(snapshot), report, sources }) => {
                let difference = snapshot.since(self.snapshot.as_ref());
                let words = match (difference.words, changed.is_empty()) {
                    (Some(words), _) => words,
                    (None, false) => "no page depends on it".to_owned(),
                    (None, true) => "as it was".to_owned(),
                };
                line(&format!("→ {words}, {} ms", took.as_millis()));
                self.hub.publish(Publication {
                    site: Arc::clone(&snapshot.site),
                    drafts: snapshot.drafts.clone(),
                    assets: difference.assets,
                    problems: Problems::of(&report, &sources),
                });
                self.snapshot = Some(snapshot);
                self.made_at = Some(now);
            }
            Ok(Made { snapshot: None, report, sources }) => {
                let kept = self.made_at.as_ref().map(|it| format!(" (shown as of {it})")).unwrap_or_default();
                line(&format!("✗ {}{kept}", summary(&report).trim_end_matches('.')));
                console.say(&human(&report, &sources, &context.human()));
                self.hub.fail(Problems::of(&report, &sources));
            }
            Err(failure) => {
                line("✗");
                console.say(&human_failure(&failure, context.color));
                self.hub.fail(Problems::of_failure(&failure));
            }
        }
    }
}

/// The time of day in UTC, because the program brings no time zones.
fn clock() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs() % 86_400;
    format!("{:02}:{:02}:{:02}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
