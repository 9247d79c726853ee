//! `rejoinder serve`: shows the site while it is being written.
//!
//! One loop: something happens (a file, a key, a signal), the site is laid out anew, and the [`Hub`] gets it at once. What takes
//! longer, checks and pages that nobody looks at, is done on another thread, and is given up when the next change comes. What
//! stands in the output directory is not touched.

mod browser;
mod editor;
mod pause;
mod shown;
mod terminal;
mod watch;

use std::collections::BTreeSet;
use std::net::{IpAddr, UdpSocket};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use clap::ValueEnum;

use super::args::{As, ServeArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::project::Project;
use super::shelf::{CARDS, DiskShelf, IMAGES};
use crate::diag::{Exit, Failure, Report, Sources, human, human_failure, summary};
use crate::engine::{self, BuildOptions, Look, Session, Settled, Update};
use crate::input::watch::Hints;
use crate::preview::{HostRules, Hub, Listen, Options, Problems, Publication, Server};
use pause::Pause;
use shown::Shown;
use terminal::Terminal;

/// How often the loop looks whether anybody still reads what it says.
const TICK: Duration = Duration::from_millis(400);

/// How long the loop has to end by itself after a signal; a site being made is not waited for.
const GRACE: Duration = Duration::from_millis(400);

/// How long the long way of a change waits, so that the pages that are looked at come first. Whoever types faster spares it.
const PAGES_FIRST: Duration = Duration::from_millis(60);

/// Something that happened.
enum Event {
    /// Files of the project may be new, changed or gone.
    Changed(Hints),
    /// The long way of a change is at its end; `None` when it was given up.
    Settled(Box<Result<Option<Settled>, Failure>>),
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
    // Before the first look at the files, so that no change falls between.
    let watching = watch::start(args, context, &project, &send);
    let options = BuildOptions {
        today: Some(context.today),
        card_shelf: Some(DiskShelf::open(context, CARDS, false)),
        image_shelf: Some(DiskShelf::open(context, IMAGES, false)),
        ..build::options(&args.site, context)
    };
    let mut serving = Serving::new(&project, options, hub, send, server.url());
    greet(args, &server, context, console);
    serving.look(Look::Everywhere, Duration::ZERO, context, console);
    if args.open {
        browser::open(&serving.url, console);
    }
    serving.follow(&events, terminal.has_keys(), context, console);
    drop(watching);
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
    session: Session,
    /// The same site with drafts, once there are any and they are not shown anyway.
    drafts: Option<Session>,
    make: Box<dyn Fn(bool) -> Session>,
    with_drafts: bool,
    hub: Arc<Hub>,
    send: Sender<Event>,
    /// The newest state, and the newest that turned out to be sound.
    generation: Option<Arc<engine::Generation>>,
    sound: Option<Arc<engine::Generation>>,
    drafted: Option<Arc<engine::Generation>>,
    /// What was last said of the site.
    problems: Problems,
    /// When the newest sound state was made.
    sound_at: Option<String>,
    /// Counts changes: a long way whose number is not the newest is given up.
    turn: Arc<AtomicU64>,
    /// Held by the long way that is under way: two at a time would take twice the memory, and be in each other's way.
    alone: Arc<Mutex<()>>,
    /// What the change under way is called, and where the time went until it was shown.
    told: Vec<String>,
    took: Took,
    pause: Pause,
    url: String,
}

/// Where the time of a change went.
#[derive(Clone, Copy, Default)]
struct Took {
    /// From the first event until we looked.
    waiting: Duration,
    /// Looking at files, reading, linking and planning.
    making: Duration,
    /// Handing it to the server.
    showing: Duration,
    /// When it was shown.
    at: Option<Instant>,
}

impl Took {
    fn until_shown(&self) -> Duration {
        self.waiting + self.making + self.showing
    }

    /// In words, for whoever wants to know what an edit costs.
    fn in_full(&self) -> String {
        let [waiting, making, showing] =
            [self.waiting, self.making, self.showing].map(|it| it.as_secs_f64() * 1e3);
        format!("waited {waiting:.1} ms, read and linked {making:.1}, shown {showing:.1}")
    }
}

impl Serving {
    fn new(
        project: &Project,
        options: BuildOptions,
        hub: Arc<Hub>,
        send: Sender<Event>,
        url: String,
    ) -> Serving {
        let (with_drafts, files) = (options.drafts, Arc::clone(&project.files));
        let make = move |drafts| Session::new(Arc::clone(&files), BuildOptions { drafts, ..options.clone() });
        Serving {
            session: make(with_drafts),
            drafts: None,
            make: Box::new(make),
            with_drafts,
            hub,
            send,
            generation: None,
            sound: None,
            drafted: None,
            problems: Problems::default(),
            sound_at: None,
            turn: Arc::default(),
            alone: Arc::default(),
            told: Vec::new(),
            took: Took::default(),
            pause: Pause::new(Arc::clone(&project.files)),
            url,
        }
    }

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
            let event = events.recv_timeout(self.pause.left().map_or(TICK, |it| it.min(TICK)));
            if let Some(hints) = self.pause.over() {
                self.look_at(&hints, context, console);
            }
            match event {
                Ok(Event::Changed(hints)) => {
                    for notice in &hints.notices {
                        console.say(&format!("  {notice}\n"));
                    }
                    if let Some(hints) = self.pause.let_pass(hints) {
                        self.look_at(&hints, context, console);
                    }
                }
                Ok(Event::Settled(settled)) => self.settle(*settled, context, console),
                Ok(Event::Key(key)) => match key {
                    b'q' => return,
                    b'o' => browser::open(&self.url, console),
                    b'r' => self.start_anew(context, console),
                    b'd' => {
                        self.with_drafts ^= true;
                        let with = if self.with_drafts { "with" } else { "without" };
                        console.say(&format!("  {with} drafts\n"));
                        self.start_anew(context, console);
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

    /// Looks where something was announced.
    fn look_at(&mut self, hints: &Hints, context: &Context, console: &mut Console<'_>) {
        if hints.is_empty() {
            return;
        }
        let paths: BTreeSet<String> = hints.paths.iter().map(ToString::to_string).collect();
        let look = if hints.everything { Look::Everywhere } else { Look::At(&paths) };
        self.tell_of_copies(&paths);
        self.look(look, hints.since, context, console);
        if let Some(file) = self.pause.round(hints) {
            console.say(&format!(
                "  `{file}` is written again and again, always with the same bytes. From now on it is looked at once in {} s.\n",
                pause::LENGTH.as_secs()
            ));
        }
    }

    /// Tells tabs of copied files with other bytes at once: they are read when they are asked for, so no new state is needed.
    fn tell_of_copies(&mut self, paths: &BTreeSet<String>) {
        let Some(now) = &self.generation else { return };
        // Copied files stand where they stand below `static/`, or beside the texts. No text is copied.
        let place = |it: &String| {
            let path = it.strip_prefix("static/").or_else(|| it.strip_prefix("content/"))?;
            now.has(path).then(|| path.to_owned())
        };
        let copies: Vec<String> = paths.iter().filter_map(place).collect();
        if !copies.is_empty() {
            self.publish(copies);
        }
    }

    /// Forgets everything and reads all files again.
    fn start_anew(&mut self, context: &Context, console: &mut Console<'_>) {
        self.session = (self.make)(self.with_drafts);
        (self.drafts, self.drafted) = (None, None);
        self.look(Look::Everywhere, Duration::ZERO, context, console);
    }

    /// Looks at the files, shows what came of it, and starts the long way.
    fn look(&mut self, look: Look<'_>, since: Duration, context: &Context, console: &mut Console<'_>) {
        let started = Instant::now();
        let update = match self.session.update(look) {
            Ok(Some(update)) => update,
            // Written, and the same as before.
            Ok(None) => return,
            Err(failure) => return self.fail(&failure, context, console),
        };
        let made = Instant::now();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) + 1;
        self.told
            .extend(update.files.iter().filter(|it| !self.told.contains(it)).cloned().collect::<Vec<_>>());
        self.show(update);
        let shown = Instant::now();
        self.took = Took { waiting: since, making: made - started, showing: shown - made, at: Some(shown) };
        if context.verbose > 0 {
            console.say(&format!("             {}\n", self.took.in_full()));
        }
        self.look_at_drafts(look);
        let Some(task) = self.session.task() else {
            if let Some((report, sources)) = self.session.unreadable() {
                self.broken(&report, &sources, context, console);
            }
            return;
        };
        let (newest, send, alone) = (Arc::clone(&self.turn), self.send.clone(), Arc::clone(&self.alone));
        // Nothing is to be seen yet: then nothing comes before it.
        let wait = self.sound.as_ref().map_or(Duration::ZERO, |_| PAGES_FIRST);
        std::thread::spawn(move || {
            std::thread::sleep(wait);
            // The one before gives up at its next look at `is_over`. If it panicked, it is over.
            let _alone = alone.lock().unwrap_or_else(PoisonError::into_inner);
            let is_over = || newest.load(Ordering::Relaxed) != turn;
            if is_over() {
                return;
            }
            step_back();
            let settled = task.run(&is_over);
            // Nobody listens when the program ends.
            let _ = send.send(Event::Settled(Box::new(settled)));
        });
    }

    /// Shows a new state, if there is one. What was wrong before stays said until it is known to be mended.
    fn show(&mut self, update: Update) {
        let Some(generation) = update.generation else { return };
        self.generation = Some(generation);
        self.publish(Vec::new());
    }

    fn publish(&self, assets: Vec<String>) {
        let Some(now) = &self.generation else { return };
        let drafts = self.drafted.as_ref().map(|it| Shown::generation(Arc::clone(it), None));
        self.hub.publish(Publication {
            site: Shown::generation(Arc::clone(now), self.sound.clone()),
            drafts,
            assets,
            problems: self.problems.clone(),
        });
    }

    /// Keeps the layer with drafts up to date, if the site has any.
    fn look_at_drafts(&mut self, look: Look<'_>) {
        if self.with_drafts || !self.session.has_drafts() {
            (self.drafts, self.drafted) = (None, None);
            return;
        }
        let look = if self.drafts.is_some() { look } else { Look::Everywhere };
        let session = self.drafts.get_or_insert_with(|| (self.make)(true));
        // What is wrong with drafts is nobody's trouble yet.
        if let Ok(Some(Update { generation: Some(generation), .. })) = session.update(look) {
            self.drafted = Some(generation);
            self.publish(Vec::new());
        }
    }

    /// The long way is at its end: says what is wrong, or that nothing is.
    fn settle(
        &mut self,
        settled: Result<Option<Settled>, Failure>,
        context: &Context,
        console: &mut Console<'_>,
    ) {
        let settled = match settled {
            // The next change is on its way.
            Ok(None) => return,
            Ok(Some(settled)) => settled,
            Err(failure) => return self.fail(&failure, context, console),
        };
        self.session.accept(&settled);
        if !self.session.is_newest(&settled) {
            return;
        }
        let Settled { report, sources, generation, changed, .. } = settled;
        if report.has_errors() {
            return self.broken(&report, &sources, context, console);
        }
        if generation.is_some() {
            self.generation = generation;
        }
        self.sound.clone_from(&self.generation);
        self.problems = Problems::of(&report, &sources);
        self.publish(Vec::new());
        let now = clock();
        let n_pages = changed.iter().filter(|it| it.as_str().ends_with(".html")).count();
        let what = match (n_pages, changed.len()) {
            (0, 0) if self.told.is_empty() => "as it was".to_owned(),
            (0, 0) => "no page depends on it".to_owned(),
            (0, 1) => "1 file".to_owned(),
            (0, n) => format!("{n} files"),
            (1, _) => "1 page".to_owned(),
            (n, _) => format!("{n} pages"),
        };
        let took = self.took.until_shown().as_millis();
        self.line(&format!("→ {what}, {took} ms"), &now, context, console);
        if let Some(at) = self.took.at.filter(|_| context.verbose > 0) {
            console
                .say(&format!("             pages and checks {:.1} ms\n", at.elapsed().as_secs_f64() * 1e3));
        }
        self.sound_at = Some(now);
    }

    /// Says what is wrong; the last sound state stays below.
    fn broken(&mut self, report: &Report, sources: &Sources, context: &Context, console: &mut Console<'_>) {
        let kept = self.sound_at.as_ref().map(|it| format!(" (shown as of {it})")).unwrap_or_default();
        self.line(&format!("✗ {}{kept}", summary(report).trim_end_matches('.')), &clock(), context, console);
        console.say(&human(report, sources, &context.human()));
        self.problems = Problems::of(report, sources);
        self.hub.fail(self.problems.clone());
    }

    /// Says what the machine refuses.
    fn fail(&mut self, failure: &Failure, context: &Context, console: &mut Console<'_>) {
        self.line("✗", &clock(), context, console);
        console.say(&human_failure(failure, context.color));
        self.problems = Problems::of_failure(failure);
        self.hub.fail(self.problems.clone());
    }

    /// One line about the change that is under way.
    fn line(&mut self, what: &str, now: &str, context: &Context, console: &mut Console<'_>) {
        let told = std::mem::take(&mut self.told);
        let why = match told.as_slice() {
            [] => String::new(),
            [one] => format!("{one} "),
            [first, rest @ ..] => format!("{first} and {} more ", rest.len()),
        };
        if !context.quiet {
            console.say(&format!("  {now}  {why}{what}\n"));
        }
    }
}

/// Lets the threads that answer browsers go before this one and those it starts.
fn step_back() {
    // Elsewhere it would be the whole process that steps back. Where it is refused, all are equal.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 5);
}

/// The time of day in UTC, because the program brings no time zones.
fn clock() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs() % 86_400;
    format!("{:02}:{:02}:{:02}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
